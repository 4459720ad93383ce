"""The tables of results: role profiles, gaps, and each gap taken apart by role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rolecoder.progress import blocks
from rolecoder.report.card import labels_sentence
from rolecoder.report.findings import (
    DASH,
    MINUS,
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
from rolecoder.report.panels import Exhibit, Panel, with_names

ACROSS = 3  # profiles side by side on a page
LISTED = 12  # cells that a note lists one by one


def profiles_exhibit(findings: Findings) -> Exhibit:
    """Role profiles: roles in their order of activity, a column per filled profile."""
    found = cells(findings)
    filled = [cell for cell in found if cell.filled]
    names = findings.role_names
    notes = profile_notes(findings, found)
    panels = []
    for group in blocks(filled, ACROSS):
        rows = [(name, *(_profile_text(cell, code) for cell in group)) for code, name in names.items()] + [
            ("Coded passages (documents)", *(f"{cell.n_coded:,} ({cell.n_documents:,})" for cell in group))
        ]
        head = ("Role", *(phrase(cell, findings) for cell in group))
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
        name="profiles", title="Role profiles", frame=with_names(findings.profiles, findings), panels=tuple(panels)
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
    missing: list[str] = []
    notes = [
        "n: coded passages behind the first and the second profile.",
        "Distance: Jensen-Shannon, base 2, from 0 (the same profile) to 1 (no role in common), less what chance alone "
        "adds where passages are few; as counted: the same with it.",
    ]
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
                DASH if empty else f"{row['jensen_shannon_plain']:.2f}",
                _triple(row, "total_variation", per_cent=True),
                _triple(row, "activity_shift"),
                known(row["verdict"]) or DASH,
            )
        )
        if empty:
            why = findings.in_words(known(row["note"]) or "no distance")
            missing.append(f"Not filled: {rows[-1][0]}: {why}.")
    notes += [f"Method: {str(m).rstrip('.')}." for m in dict.fromkeys(findings.gaps["method"])] + missing[:LISTED]
    if len(missing) > LISTED:
        notes.append(f"Another {counted(len(missing) - LISTED, 'gap')} not filled: gaps.csv says why of each.")
    bands = findings.study.gaps.bands
    notes.append(
        f"Bands on the distance: convergence to {bands.convergence:g}, strain to {bands.strain:g}, "
        f"conflict to {bands.conflict:g}, above it risk of rupture."
    )
    panel = Panel(
        caption="Role gaps",
        head=("Gap", "n", "Distance", "As counted", "To move", "Shift", "Reading"),
        rows=tuple(rows),
        align="prrrrrp",
        notes=tuple(notes if rows else ["The study names no dyad, or no gap was scored."]),
    )
    return Exhibit(name="gaps", title="Role gaps", frame=with_names(findings.gaps, findings), panels=(panel,))


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
        left, right = (findings.in_words(str(row.get(side, "not named"))) for side in ("left", "right"))
        panels.append(
            Panel(
                caption=f"The gap by role: {gap_title(key, findings)}",
                head=("Role", "First", "Second", "Difference", "Part of gap"),
                rows=tuple(rows),
                align="lrrrr",
                notes=(
                    f"First: {left}. Second: {right}. Shares and their difference in per cent.",
                    "Part of gap: the role's part of the squared Jensen-Shannon distance as counted, "
                    "in per cent of the whole.",
                ),
            )
        )
    if not panels:
        panels = [
            Panel(caption="The gap by role", head=("Role",), rows=(), align="l", notes=("No gap could be scored.",))
        ]
    frame = with_names(findings.gap_parts, findings)
    return Exhibit(name="gap_parts", title="The gaps by role", frame=frame, panels=tuple(panels))


def gap_title(key: tuple[object, ...], findings: Findings) -> str:
    """Name a gap: "United States and Japan, prescription - conception, 1990"."""
    prescriber, ally, comparison, period = key
    words = f"{findings.actor(str(prescriber))} and {findings.actor(str(ally))}, {comparison}"
    return words if period in WHOLE else f"{words}, {period}"


def _profile_text(cell: Cell, role: str) -> str:
    row = next((row for row in cell.rows if row["role"] == role), None)
    if row is None:
        return DASH
    return f"{estimate(row['share'], row['share_low'], row['share_high'], per_cent=True)} ({row['n_role']:,})"


def _part_row(name: str, part: dict[str, object], whole: float) -> tuple[str, ...]:
    difference = float(str(part["difference"]))
    contribution = float(str(part["contribution"]))
    shown = f"{100 * difference:+.1f}".replace("-", MINUS) if round(100 * difference, 1) else "0.0"
    return (
        name,
        share(part["share_left"]),
        share(part["share_right"]),
        shown,
        f"{100 * contribution / whole:.1f}" if whole > 0 else DASH,
    )


def _triple(row: Mapping[Any, Any], name: str, *, per_cent: bool = False) -> str:
    return estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], per_cent=per_cent)


def _gap_key(row: Mapping[Any, Any]) -> tuple[object, ...]:
    return tuple(known(row[name]) for name in ("prescriber", "ally", "comparison", "period"))
