"""The tables of the paper: for each the whole table as data, and panels of text as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rolecoder.report.card import labels_sentence, model_name, role_scores
from rolecoder.report.evidence import quotations
from rolecoder.report.findings import (
    WHOLE,
    Cell,
    Findings,
    cells,
    counted,
    estimate,
    known,
    phrase,
    share,
    sides,
)

if TYPE_CHECKING:
    import pandas as pd

ACROSS = 3  # profiles side by side on a page
LISTED = 12  # cells that a note lists one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A table as it is printed; ``align`` has a letter per column: l, r, or p for text that wraps."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    notes: tuple[str, ...] = ()
    total: bool = False  # the last row is a total


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table: its file name, everything in it as a frame, and the panels that are printed."""

    name: str
    title: str
    frame: pd.DataFrame
    panels: tuple[Panel, ...]


def exhibits(findings: Findings) -> list[Exhibit]:
    """Make every table, in the order of the report."""
    makers = (
        profiles_exhibit,
        gaps_exhibit,
        parts_exhibit,
        reliability_exhibit,
        corpus_exhibit,
        evidence_exhibit,
        dropped_exhibit,
    )
    return [make(findings) for make in makers]


def profiles_exhibit(findings: Findings) -> Exhibit:
    """Role profiles: roles in their order of activity, a column per filled profile."""
    found = cells(findings)
    filled = [cell for cell in found if cell.filled]
    names = findings.role_names
    notes = profile_notes(findings, found)
    panels = []
    for group in blocks(filled, ACROSS):
        rows = [
            (name, *(_profile_text(cell, code) for cell in group)) for code, name in names.items()
        ] + [("Coded passages (documents)", *(f"{cell.n_coded:,} ({cell.n_documents:,})" for cell in group))]
        head = ("Role", *(_heading(cell, findings) for cell in group))
        which = "; ".join(dict.fromkeys(sides(cell, findings) for cell in group))
        panels.append(
            Panel(
                caption=f"Role profiles: {which}",
                head=head,
                rows=tuple(rows),
                align="l" + "r" * len(group),
                notes=notes,
                total=True,
            )
        )
    if not panels:
        panels = [Panel(caption="Role profiles", head=("Role",), rows=(), align="l", notes=notes)]
    return Exhibit(
        name="profiles", title="Role profiles", frame=_named(findings.profiles, findings), panels=tuple(panels)
    )


def profile_notes(findings: Findings, found: Sequence[Cell]) -> tuple[str, ...]:
    """The notes below role profiles: how to read a cell, the method, the codebook, the labels, the empty cells."""
    book = findings.codebook
    level = 100 * findings.study.profiles.level
    notes = [
        f"Cells: share of the profile's codings in per cent [{level:g} % interval] (coded passages with the role).",
        "Roles run from the most active to the most passive.",
        *(f"Method: {method.rstrip('.')}." for method in dict.fromkeys(cell.method for cell in found)),
        f"Codebook: {book.name} {book.version}, after {book.source.rstrip('.')}.",
        labels_sentence(findings.model_card),
    ]
    empty = [cell for cell in found if not cell.filled]
    notes += [f"Not filled: {phrase(cell, findings)}: {cell.note or 'no share'}." for cell in empty[:LISTED]]
    if len(empty) > LISTED:
        notes.append(f"Another {counted(len(empty) - LISTED, 'profile')} not filled: profiles.csv says why of each.")
    if not any(cell.filled for cell in found):
        notes.append("No profile has enough coded passages to be filled.")
    return tuple(notes)


def gaps_exhibit(findings: Findings) -> Exhibit:
    """Role gaps: a row per dyad, comparison and period."""
    rows = []
    notes = ["Distance: Jensen-Shannon, base 2, from 0 (the same profile) to 1 (no role in common)."]
    notes += ["To move: total variation, the share of role talk that would have to move to close the gap, in per cent."]
    notes += ["Shift: mean rank of the second profile less that of the first; above 0 the first is the more active."]
    for row in findings.gaps.to_dict("records"):
        empty = known(row["jensen_shannon"]) is None
        rows.append(
            (
                f"{findings.actor(row['prescriber'])} and {findings.actor(row['ally'])}: {row['comparison']}"
                + (f", {row['period']}" if known(row["period"]) not in WHOLE else ""),
                f"{row['passages_left']:,} | {row['passages_right']:,}",
                "not filled" if empty else _triple(row, "jensen_shannon"),
                _triple(row, "total_variation", per_cent=True),
                _triple(row, "activity_shift"),
                known(row["verdict"]) or "–",
            )
        )
        if empty:
            notes.append(f"Not filled: {rows[-1][0]}: {known(row['note']) or 'no distance'}.")
    notes += [f"Method: {str(m).rstrip('.')}." for m in dict.fromkeys(findings.gaps["method"])]
    bands = findings.study.gaps.bands
    notes.append(
        f"Bands on the distance: convergence to {bands.convergence:g}, strain to {bands.strain:g}, "
        f"conflict to {bands.conflict:g}, above it risk of rupture."
    )
    panel = Panel(
        caption="Role gaps",
        head=("Gap", "n", "Distance", "To move", "Shift", "Reading"),
        rows=tuple(rows),
        align="prrrrp",
        notes=tuple(notes if rows else ["The study names no dyad, or no gap was scored."]),
    )
    return Exhibit(name="gaps", title="Role gaps", frame=_named(findings.gaps, findings), panels=(panel,))


def parts_exhibit(findings: Findings) -> Exhibit:
    """Each gap taken apart by role."""
    names = findings.role_names
    panels = []
    gaps = {_gap_key(row): row for row in findings.gaps.to_dict("records")}
    parts: dict[tuple[object, ...], dict[str, dict[str, object]]] = {}
    for part in findings.gap_parts.to_dict("records"):
        parts.setdefault(_gap_key(part), {})[str(part["role"])] = {str(k): v for k, v in part.items()}
    for key, by_role in parts.items():
        row = gaps.get(key, {})
        whole = sum(float(str(part["contribution"])) for part in by_role.values())
        rows = [_part_row(names[role], by_role[role], whole) for role in names if role in by_role]
        left, right = str(row.get("left", "first profile")), str(row.get("right", "second profile"))
        panels.append(
            Panel(
                caption=f"The gap by role: {gap_title(key, findings)}",
                head=("Role", "First", "Second", "Difference", "Part of gap"),
                rows=tuple(rows),
                align="lrrrr",
                notes=(
                    f"First: {left}. Second: {right}. Shares and their difference in per cent.",
                    "Part of gap: the role's part of the squared Jensen-Shannon distance, in per cent of the whole.",
                ),
            )
        )
    if not panels:
        panels = [
            Panel(caption="The gap by role", head=("Role",), rows=(), align="l", notes=("No gap could be scored.",))
        ]
    frame = _named(findings.gap_parts, findings)
    return Exhibit(name="gap_parts", title="The gaps by role", frame=frame, panels=tuple(panels))


def gap_title(key: tuple[object, ...], findings: Findings) -> str:
    """Name a gap: "United States and Japan, prescription - conception, 1990"."""
    prescriber, ally, comparison, period = key
    words = f"{findings.actor(str(prescriber))} and {findings.actor(str(ally))}, {comparison}"
    return words if period in WHOLE else f"{words}, {period}"


def reliability_exhibit(findings: Findings) -> Exhibit:
    """How well the model finds each role in passages that it did not learn from."""
    import pandas as pd

    names = findings.role_names
    limits = dict(zip(findings.codings["role"], findings.codings["threshold"], strict=True))
    scores = role_scores(findings.model_card, names, limits)
    rows = [
        (
            names[s.role],
            "–" if s.n is None else f"{s.n:,}",
            *(estimate(*value) for value in (s.precision, s.recall, s.f1, s.average_precision)),
            "–" if s.threshold is None else f"{s.threshold:.2f}",
        )
        for s in scores
    ]
    notes = (
        f"Model: {model_name(findings.model_card)}. Scores by cross-validation, grouped by document: each passage is "
        "scored by a model that saw no passage of its document.",
        "n: passages that carry the role by label. AP: average precision. Threshold: probability from which it is given.",
        labels_sentence(findings.model_card),
    )
    missing = [name for code, name in names.items() if code not in {s.role for s in scores}]
    if missing:
        notes = (*notes, "No scores in the model's card: " + ", ".join(missing) + ".")
    frame = pd.DataFrame(
        [
            {
                "role": s.role,
                "role_name": names[s.role],
                "n": s.n,
                **{
                    f"{what}{end}": number
                    for what in ("precision", "recall", "f1", "average_precision")
                    for end, number in zip(("", "_low", "_high"), getattr(s, what), strict=True)
                },
                "threshold": s.threshold,
            }
            for s in scores
        ],
        columns=["role", "role_name", "n"]
        + [f"{w}{e}" for w in ("precision", "recall", "f1", "average_precision") for e in ("", "_low", "_high")]
        + ["threshold"],
    )
    panel = Panel(
        caption="How well the model finds each role",
        head=("Role", "n", "Precision", "Recall", "F1", "AP", "Threshold"),
        rows=tuple(rows),
        align="lrrrrrr",
        notes=notes,
    )
    return Exhibit(name="reliability", title="Reliability of the coding", frame=frame, panels=(panel,))


def corpus_exhibit(findings: Findings) -> Exhibit:
    """What was read: documents, words and passages by type and by state of the main speaker."""
    import pandas as pd

    passages = findings.passages
    coded = set(findings.codings["passage_id"])
    marked = passages.assign(coded=passages["passage_id"].isin(coded), placed=passages["source"].notna())
    sums = marked.groupby("document_id").agg(
        passages=("passage_id", "size"), with_speaker=("placed", "sum"), coded=("coded", "sum")
    )
    documents = findings.documents[["document_id", "doc_type", "actor"]].assign(
        words=[len(text.split()) for text in findings.documents["text"]]
    )
    joined = documents.join(sums, on="document_id").fillna({"passages": 0, "with_speaker": 0, "coded": 0})
    frame = (
        joined.groupby(["doc_type", "actor"], dropna=False, sort=True)
        .agg(
            documents=("document_id", "size"),
            **{name: (name, "sum") for name in ("words", "passages", "with_speaker", "coded")},
        )
        .reset_index()
        .astype({name: "int64" for name in ("documents", "words", "passages", "with_speaker", "coded")})
    )
    frame.insert(2, "actor_name", [findings.actor(known(actor)) for actor in frame["actor"]])
    numbers = ["documents", "words", "passages", "with_speaker", "coded"]
    rows = [
        (row["doc_type"], row["actor_name"], *(f"{row[name]:,}" for name in numbers)) for row in frame.to_dict("records")
    ]
    rows.append(("All", "", *(f"{int(frame[name].sum()):,}" for name in numbers)))
    lost = findings.dropped
    notes = (
        "State: of the main speaker, or of the office that made the record. With speaker: passages whose speaker's state "
        "is known. Coded: passages that carry at least one role.",
        f"Left out: {counted(len(lost), 'item')} with {counted(int(lost['words'].sum()), 'word')}; the table of what was "
        "left out says why.",
    )
    panel = Panel(
        caption="The corpus",
        head=("Type", "State", "Documents", "Words", "Passages", "With speaker", "Coded"),
        rows=tuple(rows),
        align="llrrrrr",
        notes=notes,
        total=True,
    )
    return Exhibit(name="corpus", title="The corpus", frame=pd.DataFrame(frame), panels=(panel,))


def evidence_exhibit(findings: Findings) -> Exhibit:
    """The strongest quotations of each role and profile, with their citations."""
    frame, printed, notes = quotations(findings)
    panel = Panel(
        caption="The strongest passages of each role",
        head=("Profile and role", "Passage", "Where"),
        rows=tuple(printed),
        align="ppp",
        notes=notes,
    )
    return Exhibit(name="evidence", title="Evidence", frame=frame, panels=(panel,))


def dropped_exhibit(findings: Findings) -> Exhibit:
    """What was left out and why, the same reasons together."""
    lost = findings.dropped
    sums = lost.groupby(["stage", "reason"], sort=True).agg(items=("row", "size"), words=("words", "sum")).reset_index()
    sums = sums.sort_values(["words", "items"], ascending=False, kind="stable")
    shown = sums.head(60).to_dict("records")
    notes = ["Words: of text lost with it; 0 where the file could not be read."]
    if len(sums) > len(shown):
        notes.append(f"Another {counted(len(sums) - len(shown), 'reason')} in dropped.csv.")
    panel = Panel(
        caption="What was left out, and why",
        head=("Stage", "Reason", "Items", "Words"),
        rows=tuple((r["stage"], r["reason"], f"{r['items']:,}", f"{r['words']:,}") for r in shown),
        align="lprr",
        notes=tuple(notes) if shown else ("Nothing was left out.",),
    )
    return Exhibit(name="dropped", title="What was left out", frame=lost, panels=(panel,))


def blocks(items: Iterable[Cell], size: int) -> list[list[Cell]]:
    """Take cells together in lists of at most ``size``."""
    rest = iter(items)
    return list(iter(lambda: list(islice(rest, size)), []))


def _profile_text(cell: Cell, role: str) -> str:
    row = next((row for row in cell.rows if row["role"] == role), None)
    if row is None:
        return "–"
    return f"{estimate(row['share'], row['share_low'], row['share_high'], per_cent=True)} ({row['n_role']:,})"


def _heading(cell: Cell, findings: Findings) -> str:
    return phrase(cell, findings)


def _part_row(name: str, part: dict[str, object], whole: float) -> tuple[str, ...]:
    difference = float(str(part["difference"]))
    contribution = float(str(part["contribution"]))
    shown = f"{100 * difference:+.1f}".replace("-", "−") if round(100 * difference, 1) else "0.0"
    return (
        name,
        share(part["share_left"]),
        share(part["share_right"]),
        shown,
        f"{100 * contribution / whole:.1f}" if whole > 0 else "–",
    )


def _triple(row: dict[object, object] | dict[str, object], name: str, *, per_cent: bool = False) -> str:
    fields = {str(key): value for key, value in row.items()}
    return estimate(fields[name], fields[f"{name}_low"], fields[f"{name}_high"], per_cent=per_cent)


def _gap_key(row: object) -> tuple[object, ...]:
    fields = dict(row)  # type: ignore[call-overload]
    return tuple(known(fields[name]) for name in ("prescriber", "ally", "comparison", "period"))


def _named(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Add the names of roles and actors beside their codes."""
    told = frame.copy()
    for column in ("source", "holder", "prescriber", "ally"):
        if column in told:
            names = [findings.actor(known(a)) if known(a) is not None else None for a in told[column]]
            told.insert(list(told.columns).index(column) + 1, f"{column}_name", names)
    if "role" in told:
        names = [findings.role_names.get(role, role) for role in told["role"]]
        told.insert(list(told.columns).index("role") + 1, "role_name", names)
    return told
