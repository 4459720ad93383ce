"""The tables of role profiles: shares of role talk, and prevalences."""

from __future__ import annotations

from collections.abc import Sequence

from rolecoder.errors import numbered
from rolecoder.measuring.tallies import BY_HAND
from rolecoder.report import latex
from rolecoder.report.card import labels_sentence
from rolecoder.report.findings import (
    DASH,
    Cell,
    Findings,
    cells,
    count_behind,
    estimate,
    known,
    leads,
    p_value,
    phrase,
    profile_name,
    sides,
)
from rolecoder.report.method import hand_coders, intervals, measured, order_of_roles, per, population, quantity
from rolecoder.report.panels import BETWEEN, Exhibit, Panel, with_names
from rolecoder.report.reasons import not_filled

ACROSS = 3  # profiles side by side, at most: fewer where a page of paper has no room for them
LISTED = 12  # cells that a note lists one by one


def profiles_exhibit(findings: Findings) -> Exhibit:
    """Role profiles: roles in their order of activity, a column per filled profile."""
    level = 100 * findings.study.profiles.level
    cell = (
        f"Cells: share of the profile's role talk in per cent [{level:g} % interval] (passages that the model gave the "
        "role, or that were labelled with it by hand where shares rest on labels)."
    )
    return _exhibit(findings, "profiles", "Role profiles", "share", cell)


def prevalence_exhibit(findings: Findings) -> Exhibit:
    """How much of all that is said carries each role: the level, where shares are the composition."""
    level = 100 * findings.study.profiles.level
    cell = f"Cells: prevalence {per(findings)} [{level:g} % interval] (passages behind it)."
    return _exhibit(findings, "prevalence", f"Prevalence of roles, {per(findings)}", "prevalence", cell)


def changes_exhibit(findings: Findings) -> list[Exhibit]:
    """Years in which a profile changed, a row for each; no table where none was found or sought."""
    changes, names = findings.changes, findings.role_names
    if changes is None or not len(changes):
        return []
    frame = with_names(changes, findings)
    for column in ("rises", "falls"):
        told = [names.get(role, role) for role in frame[column]]
        frame.insert(list(frame.columns).index(column) + 1, f"{column}_name", told)
    rows = [
        (
            profile_name((known(row[name]) for name in ("source", "holder", "aspect")), findings),
            f"{row['year']} [{row['year_low']}, {row['year_high']}]",
            p_value(row["p_value"]),
            f"{row['distance']:.2f}",
            f"{row['n_before']:,}{BETWEEN}{row['n_after']:,}",
            row["rises_name"],
            row["falls_name"],
            row["estimator"],
        )
        for row in frame.to_dict("records")
    ]
    level = f"{100 * findings.study.profiles.level:g} %"
    panel = Panel(
        caption="Years in which a role profile changed",
        head=("Profile", "Year", "p", "Distance", "n", "Rises most", "Falls most", "Estimator"),
        rows=tuple(rows),
        align="prrrrppp",
        notes=(
            f"Year: the first of the new profile [{level} interval]. p: how often documents in chance order differ as "
            "much at any year (permutation test). Distance: Jensen-Shannon, base 2, of the profiles before and after, "
            "as found, each up to the next change.",
            "n: documents that speak of a role, before and after. Estimator: what the test rests on.",
        ),
    )
    return [Exhibit(name="changes", title="Changes over the years", frame=frame, panels=(panel,))]


def _exhibit(findings: Findings, name: str, title: str, figure: str, cell: str) -> Exhibit:
    found = cells(findings)
    filled = [c for c in found if c.filled]
    whole, short = ((cell, *profile_notes(findings, some)) for some in (found, filled))
    panels: list[Panel] = []
    while filled:
        notes = short if panels else whole  # what is not filled is told once
        for count in range(min(ACROSS, len(filled)), 0, -1):
            panel = _panel(filled[:count], findings, title, figure, notes)
            if latex.fits(panel):
                break
        panels.append(panel)
        filled = filled[count:]
    if not panels:
        panels = [Panel(caption=title, head=("Role",), rows=(), align="l", notes=(*whole, "No profile is filled."))]
    frame = with_names(findings.profiles, findings)
    if figure == "prevalence":
        frame = frame[[c for c in frame if not str(c).startswith("share")]]
    return Exhibit(name=name, title=title, frame=frame, panels=tuple(panels))


def _panel(group: Sequence[Cell], findings: Findings, title: str, figure: str, notes: tuple[str, ...]) -> Panel:
    rows = [(name, *(_text(cell, code, figure) for cell in group)) for code, name in findings.role_names.items()]
    lines = {code: line for line, code in enumerate(findings.role_names)}
    linked = {
        (lines[row["role"]], column): (leads(cell, row),)
        for column, cell in enumerate(group, start=1)
        for row in cell.rows
        if row["role"] in lines
    }
    by_hand = any(cell.n_labelled for cell in group)
    coded = "Passages coded by the model" + (", labels aside" if by_hand else "")
    foot = [(coded, *(f"{cell.n_coded:,}" for cell in group))]
    foot.append((documents_head(group), *(f"{cell.n_documents:,}" for cell in group)))
    if by_hand:
        whole = population(findings)
        of = f" of the {whole}" if whole else ""
        foot.append((f"Hand-labelled passages{of}", *(f"{cell.n_labelled:,}" for cell in group)))
    foot.append(("Estimator", *(cell.estimator or DASH for cell in group)))
    which = "; ".join(dict.fromkeys(sides(cell.source, cell.holder, findings) for cell in group))
    return Panel(
        caption=f"{title}: {which}",
        head=("Role", *(phrase(cell, findings) for cell in group)),
        rows=(*rows, *foot),
        align="l" + "r" * len(group),
        notes=notes,
        foot=len(foot),
        behind=linked,
    )


def documents_head(found: Sequence[Cell]) -> str:
    """The head over documents behind profiles: labels count in those that they are to correct."""
    counting = [cell.with_labels for cell in found]
    if not any(counting):
        return "Documents coded"
    return "Documents coded or labelled" if all(counting) else "Documents coded, or labelled where labels count"


def profile_notes(findings: Findings, found: Sequence[Cell]) -> tuple[str, ...]:
    """The notes below role profiles: how to read a cell, how it was measured, the codebook, the labels, empty cells."""
    book = findings.codebook
    notes = [f"Roles run {order_of_roles(findings)}.", quantity(findings), *measured(findings)]
    notes += [intervals(findings), f"Codebook: {book.title}."]
    if any(cell.estimator in BY_HAND for cell in found):
        notes.append("A role may have a share where the model gave it to no passage: hand labels say so.")
    notes += [labels_sentence(findings.model_card), *hand_coders(findings)]
    notes += _remarks(findings, found)
    empty = [(phrase(cell, findings), cell.note) for cell in found if not cell.filled]
    notes += not_filled(empty, LISTED, "profiles.csv")
    return tuple(note for note in notes if note)


def _remarks(findings: Findings, found: Sequence[Cell]) -> list[str]:
    """What speaks against single figures: a line for each profile and remark, with the roles that it is of."""
    names = findings.role_names
    by_remark: dict[tuple[str, str], list[str]] = {}
    for cell in found:
        for row in cell.rows:
            if remark := known(row.get("remark")):
                by_remark.setdefault((phrase(cell, findings), str(remark)), []).append(names[row["role"]])
    told = [f"{which}, {', '.join(roles)}: {remark}." for (which, remark), roles in by_remark.items()]
    more = f"Another {numbered(len(told) - LISTED, 'remark')}: column remark of profiles.csv."
    return told if len(told) <= LISTED else [*told[:LISTED], more]


def _text(cell: Cell, role: str, figure: str) -> str:
    row = next((row for row in cell.rows if row["role"] == role), None)
    if row is None:
        return DASH
    interval = estimate(row[figure], row[f"{figure}_low"], row[f"{figure}_high"], per_cent=True)
    return f"{interval} ({count_behind(row):,})"
