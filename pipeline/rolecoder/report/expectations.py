"""Holds what the literature expects against what was found, by a rule that the report prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rolecoder.config import Expectation
from rolecoder.report.findings import (
    WHOLE,
    Cell,
    Findings,
    basis,
    behind,
    cells,
    estimate,
    known,
    phrase,
    with_unit,
)
from rolecoder.report.gap_exhibits import gap_title
from rolecoder.report.reasons import reason
from rolecoder.study.expectation import same_comparison, split_dyad

Verdict = Literal["agrees", "agrees in part", "does not agree", "cannot be told"]
Standing = Literal["stands out", "stands back", "open"]

ABSENT = "not among the findings"
RULES = (
    "Roles. A named role stands out where the whole interval of its share lies above 1 / m, the share that each of the "
    "m roles of the codebook would have if all were alike. It stands back where the whole interval lies below 1 / m, "
    "or below the whole interval of the largest role that was not named. Otherwise it is open. The finding agrees "
    "where every named role stands out and no other role has a larger share than any of them; it agrees in part where "
    "at least one named role stands out; it does not agree where none stands out and at least one stands back; it "
    "cannot be told where all are open, where there is no interval, or where the profile is not filled.",
    "Gaps. The finding agrees where the whole interval of the Jensen-Shannon distance lies on the expected side of the "
    "stated value, does not agree where the whole interval lies on the other side, and cannot be told where the "
    "interval holds the value, where there is no interval, or where the gap could not be scored.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An expectation, what was found, and whether the two agree."""

    text: str
    citation: str
    expected: str
    found: str
    verdict: Verdict
    why: str


def hold(findings: Findings) -> list[Held]:
    """Hold each expectation of the study against the findings."""
    return [
        _hold_roles(expectation, findings) if expectation.roles else _hold_gap(expectation, findings)
        for expectation in findings.study.expectations
    ]


def standing(row: Mapping[str, Any], largest_other: Mapping[str, Any] | None, uniform: float) -> Standing:
    """Tell whether a named role stands out, stands back or neither; see ``RULES``.

    Args:
        row: The role's row of the profile.
        largest_other: The row of the largest role that was not named; None where all are.
        uniform: 1 / number of roles.
    """
    low, high = known(row["share_low"]), known(row["share_high"])
    if low is None or high is None:
        return "open"
    if low > uniform:
        return "stands out"
    other_low = known(largest_other["share_low"]) if largest_other is not None else None
    return "stands back" if high < uniform or (other_low is not None and high < other_low) else "open"


def _hold_roles(expectation: Expectation, findings: Findings) -> Held:
    named = [findings.codebook.resolve(role, where="study, expectations") for role in expectation.roles]
    names = findings.role_names
    source = expectation.source or expectation.holder
    wanted = (source, expectation.holder, expectation.aspect)
    cell = next(
        (c for c in cells(findings) if _same_cell(c, wanted) and _same_period(c.period, expectation.period)), None
    )
    of = phrase(cell, findings) if cell else f"{findings.actor(source)} about {findings.actor(expectation.holder)}"
    are = "is the largest role" if len(named) == 1 else "are the largest roles"
    expected = f"{of}: {' and '.join(names[role] for role in named)} {are}"
    if cell is None or not cell.filled:
        why = cell.note if cell else "no passage was coded for this profile"
        short = reason(cell.note) if cell else ABSENT
        return _held(expectation, expected, f"not filled: {why or 'no share'}", "cannot be told", short)
    others = [row for row in cell.rows if row["role"] not in named]
    other = max(others, key=lambda row: float(row["share"]), default=None)
    rows = {row["role"]: row for row in cell.rows}
    places = {role: standing(rows[role], other, 1 / len(names)) for role in named if role in rows}
    found = _found_roles(cell, named, names)
    verdict, why = _judge_roles(places, rows, other, names)
    return _held(expectation, expected, found, verdict, why)


def _judge_roles(
    places: Mapping[str, Standing],
    rows: Mapping[str, Mapping[str, Any]],
    other: Mapping[str, Any] | None,
    names: Mapping[str, str],
) -> tuple[Verdict, str]:
    why = "; ".join(f"{names[role]} {'is open' if place == 'open' else place}" for role, place in places.items())
    out = [role for role, place in places.items() if place == "stands out"]
    smallest = min((float(rows[role]["share"]) for role in places), default=0.0)
    if len(out) == len(places) and out:
        if other is None or float(other["share"]) <= smallest:
            return "agrees", why
        return "agrees in part", f"{why}; but {names[other['role']]}, not named, has a larger share"
    if out:
        return "agrees in part", why
    if "stands back" in places.values():
        return "does not agree", why
    return "cannot be told", why + " (the intervals are too wide, or there are none)"


def _found_roles(cell: Cell, named: list[str], names: Mapping[str, str]) -> str:
    shown = [row["role"] for row in cell.top[: max(3, len(named))]]
    rows = {row["role"]: row for row in cell.rows}
    parts = [_role_words(rows[role], names) for role in shown + [r for r in named if r not in shown and r in rows]]
    return f"{'; '.join(parts)} ({basis(cell)})"


def _role_words(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{names[row['role']]} {with_unit(row['share'], row['share_low'], row['share_high'])}, {behind(row)}"


def _hold_gap(expectation: Expectation, findings: Findings) -> Held:
    prescriber, ally = split_dyad(str(expectation.dyad))
    below = expectation.below
    above = expectation.above if expectation.above is not None else findings.study.gaps.bands.convergence
    limit = above if below is None else below
    side = "above" if below is None else "below"
    of = gap_title((prescriber, ally, expectation.comparison, expectation.period), findings)
    expected = f"{of}: distance {side} {limit:.2f}"
    row = next(
        (
            row
            for row in findings.gaps.to_dict("records")
            if (row["prescriber"], row["ally"]) == (prescriber, ally)
            and same_comparison(row["comparison"], str(expectation.comparison))
            and _same_period(row["period"], expectation.period)
        ),
        None,
    )
    if row is None or known(row["jensen_shannon"]) is None:
        why = (findings.why_none(row) if row else None) or "this gap was not scored"
        short = reason(known(row["note"])) if row else ABSENT
        return _held(expectation, expected, f"no distance: {why}", "cannot be told", short)
    low, high = known(row["jensen_shannon_low"]), known(row["jensen_shannon_high"])
    found = (
        f"Jensen-Shannon distance {estimate(row['jensen_shannon'], low, high)} "
        f"(n = {row['passages_left']} and {row['passages_right']} passages)"
    )
    if low is None or high is None:
        return _held(expectation, expected, found, "cannot be told", "no interval was computed")
    if low > limit or high < limit:
        agrees = (low > limit) == (side == "above")
        where = "above" if low > limit else "below"
        verdict: Verdict = "agrees" if agrees else "does not agree"
        return _held(expectation, expected, found, verdict, f"the whole interval lies {where} {limit:.2f}")
    return _held(expectation, expected, found, "cannot be told", f"the interval holds {limit:.2f}")


def _same_cell(cell: Cell, wanted: tuple[str | None, str | None, str | None]) -> bool:
    return (cell.source if cell.source is not None else wanted[0], cell.holder, cell.aspect) == wanted


def _same_period(found: object, wanted: str | None) -> bool:
    return (known(found) in WHOLE) if wanted in WHOLE else known(found) == wanted


def _held(expectation: Expectation, expected: str, found: str, verdict: Verdict, why: str) -> Held:
    return Held(
        text=expectation.text, citation=expectation.citation, expected=expected, found=found, verdict=verdict, why=why
    )
