"""Coded passages with all that leads back to their source, and the strongest of them as quotations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rolecoder.errors import numbered
from rolecoder.report.findings import WHOLE, Cell, Findings, cells, known, phrase, profile_name

if TYPE_CHECKING:
    import pandas as pd

PER_ROLE = 3  # quotations of each profile and role in evidence.csv
PRINTED = 60  # quotations in the printed table; evidence.docx has all
COLUMNS = [
    "source", "source_name", "holder", "holder_name", "aspect", "period", "role", "role_name", "place", "by",
    "probability", "threshold", "speaker", "text", "title", "date", "page", "doc_type", "citation", "path", "start",
    "end", "passage_id", "holder_reason", "aspect_reason",
]  # fmt: skip


def joined(findings: Findings) -> pd.DataFrame:
    """Every coding, by the model or by hand, beside its passage and its document: what a quotation is made from."""
    passages = findings.passages[
        ["passage_id", "start", "end", "text", "before", "after", "speaker", "page", "doc_type", "reported"]
    ]
    documents = findings.documents[["document_id", "title", "citation", "path"]]
    return findings.given.merge(passages, on="passage_id", how="left", validate="many_to_one").merge(
        documents, on="document_id", how="left", validate="many_to_one"
    )


def quotations(findings: Findings) -> tuple[pd.DataFrame, list[tuple[str, str, str]], tuple[str, ...]]:
    """Choose the strongest passages of each profile and role.

    Returns:
        The quotations as data, of passages in some period; those of the largest roles of the filled profiles as they
        are printed (profile and role, passage, where it stands); the notes.
    """
    names = findings.role_names
    frame = joined(findings)
    decided = [name for name, label in findings.labelled.items() if not label.undecided]
    frame = frame[(frame["by"] == "hand") | ~frame["passage_id"].isin(decided)]  # the label decides
    frame = frame[frame["period"].notna()]  # what is in no period is in no profile
    frame = frame.assign(
        source_name=[findings.actor(known(actor)) for actor in frame["source"]],
        holder_name=[findings.actor(known(actor)) for actor in frame["holder"]],
        role_name=[names.get(role, role) for role in frame["role"]],
        rank=frame["role"].map({code: place for place, code in enumerate(names)}),
    )
    of = [name for name in ("holder", "source", "aspect") if name in findings.study.profiles.by]
    by = [*of, "role"]
    strongest = frame.sort_values(["by", "probability", "passage_id"], ascending=[True, False, True], kind="stable")
    strongest = strongest.groupby(by, dropna=False, sort=False).head(PER_ROLE)
    strongest = strongest.assign(place=strongest.groupby(by, dropna=False, sort=False).cumcount() + 1)
    strongest = strongest.sort_values([*of, "rank", "place"], kind="stable", na_position="last")
    chosen, largest = _chosen(strongest, findings)
    note = _note(len(strongest), len(chosen), largest, _over(findings), by_hand=bool(findings.labelled))
    return strongest[COLUMNS].reset_index(drop=True), chosen[:PRINTED], (note,)


def appendix(strongest: pd.DataFrame, findings: Findings) -> tuple[list[tuple[str, str, str]], tuple[str, ...]]:
    """Print the quotations of every profile, filled or not.

    Args:
        strongest: The quotations as data.
        findings: Of the same run.

    Returns:
        Profile and role, passage, where it stands; and the note that says what is printed.
    """
    of = [name for name in ("source", "holder", "aspect") if name in findings.study.profiles.by]
    whole = strongest[strongest[of].notna().all(axis=1)]
    rows = [{str(name): known(value) for name, value in row.items()} for row in whole.to_dict("records")]
    printed = []
    for row in rows:
        profile = profile_name((row[name] if name in of else None for name in ("source", "holder", "aspect")), findings)
        printed.append((f"{profile}{_in_period(row)}: {row['role_name']}", f"“{row['text']}”", where(row)))
    if not printed:
        return [], ("No passage of a known profile was given a role.",)
    first = "passages labelled by hand, then those" if findings.labelled else "passages"
    lacking = len(strongest) - len(printed)
    return printed, (
        f"Of every profile, filled or not, and every role in it: the {first} with the highest probability, at most "
        f"{PER_ROLE} of a role{_over(findings)}"
        + (f"; evidence.csv has {lacking:,} more, whose {' or '.join(of)} is not known." if lacking else "."),
    )


def _over(findings: Findings) -> str:
    return " over all periods" if findings.study.profiles.period != "all" else ""


def _note(kept: int, chosen: int, largest: int, over: str, *, by_hand: bool) -> str:
    if not kept:
        return "No passage was given a role."
    more = f"evidence.csv has {numbered(kept, 'quotation')}, at most {PER_ROLE} of each role in a profile{over}."
    if not chosen:
        return f"Printed are passages of filled profiles, and there are none; {more}"
    which = "The passages labelled by hand, then those" if by_hand else "The passages"
    of = "largest role" if largest == 1 else f"{largest} largest roles"
    cut = f" (the first {PRINTED} of {chosen:,})" if chosen > PRINTED else ""
    return (
        f"{which} with the highest probability, at most two of a role{over}, of the {of} of each filled profile{cut}; "
        f"{more}"
    )


def _chosen(strongest: pd.DataFrame, findings: Findings) -> tuple[list[tuple[str, str, str]], int]:
    """Quotations of so many of the largest roles that they can be printed, where that is possible; and how many."""
    whole: dict[tuple[str | None, ...], Cell] = {}
    for cell in cells(findings):
        if cell.filled:  # of several periods the one with most passages stands for all
            own = replace(cell, period=None)
            whole[own.key] = max(whole.get(own.key, own), own, key=lambda c: c.n_coded)
    best = strongest[strongest["place"] <= 2]
    of_cell = [(cell, _by_role(best[matching(best, cell)])) for cell in whole.values()]
    for largest in (5, 3, 1):
        chosen = [
            (f"{phrase(cell, findings)}{_in_period(row)}: {row['role_name']}", f"“{row['text']}”", where(row))
            for cell, rows in of_cell
            for top in cell.top[:largest]
            for row in rows.get(top["role"], [])[:2]
        ]
        if len(chosen) <= PRINTED:
            break
    return chosen, largest


def _in_period(row: dict[str, Any]) -> str:
    return "" if row["period"] in WHOLE else f", {row['period']}"


def matching(frame: pd.DataFrame, cell: Cell) -> pd.Series[bool]:
    """Mark the rows that belong to a profile; what the profiles were not asked for fits all."""
    import pandas as pd

    fits = pd.Series(True, index=frame.index)
    for name in ("source", "holder", "aspect", "period"):
        value = getattr(cell, name)
        if value is not None:
            fits &= frame[name] == value
    return fits


def _by_role(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(row["role"], []).append({str(name): known(value) for name, value in row.items()})
    return groups


def where(row: dict[str, Any]) -> str:
    """Say where a passage stands: speaker, title, date, page, probability."""
    parts = [
        row["speaker"],
        row["citation"] or row["title"] or row["path"],
        row["date"] if row["date"] and row["date"] not in str(row["citation"]) else None,
        f"p. {row['page']}" if row["page"] else None,
        "labelled by hand" if row["by"] == "hand" else f"probability {row['probability']:.2f}",
    ]
    return "; ".join(str(part) for part in parts if part)
