"""How the study divides time, and how profiles were followed over the years, in sentences that are true of it."""

from __future__ import annotations

from collections import Counter

from rolecoder.config import Division, Period
from rolecoder.errors import numbered
from rolecoder.measuring.periods import period_of, why_no_period
from rolecoder.report.findings import Findings, known
from rolecoder.report.method import estimators, how_measured, used, used_in_gaps
from rolecoder.study.spans import FIRST, LAST


def division(findings: Findings) -> str:
    """Say how the study divides time, and how many passages are in no period; empty where it does not."""
    split = findings.study.profiles.period
    if split == "all":
        return ""
    how = f"by {split}" if isinstance(split, str) else f"into {'; '.join(map(_with_dates, split))}"
    dates = [known(date) for date in findings.passages["date"]]
    outside = Counter(why_outside(date, split) for date in dates if period_of(date, split) is None)
    why = ", ".join(f"{number:,} {reason}" for reason, number in outside.most_common())
    return f"Time is divided {how}; of {numbered(len(dates), 'passage')} " + (
        f"{outside.total():,} {'is' if outside.total() == 1 else 'are'} in no period ({why})."
        if outside
        else "all are in a period."
    )


def _with_dates(period: Period) -> str:
    """Name a period and say from when to when it is, but for an end that is open."""
    first = f"from {period.since}" * (period.since != FIRST)
    last = f"to {period.until}" * (period.until != LAST)
    return f"{period.name} ({' '.join(end for end in (first, last) if end)})"


def why_outside(date: str | None, split: Division) -> str:
    """Say in a few words why a date is in no period."""
    if date is None:
        return "without a date"
    return "with too imprecise a date" if "too imprecise" in why_no_period(date, split) else "outside the periods"


def moving(findings: Findings) -> list[str]:
    """Say how windows of years were measured, and on what the search for changes rests; nothing without windows."""
    width, trends, changes = findings.study.profiles.window, findings.trends, findings.changes
    if not width or trends is None:
        return []
    windows = trends.drop_duplicates(["source", "holder", "aspect", "since"])
    filled = windows[windows["share"].notna()]
    by = ", ".join(f"{count:,} by {name}" for name, count in filled["estimator"].value_counts(sort=True).items())
    whole = numbered(len(windows), "window")
    steps = f"which move by one{' and overlap' * (width > 1)}"
    told = [f"Of {whole} of {numbered(width, 'year')}, {steps}, {len(filled):,} could be filled"]
    told[0] += f" ({by})." if by else "."
    mixed = filled.groupby(["source", "holder", "aspect"], dropna=False)["estimator"].nunique() > 1
    others = {*used(findings), *used_in_gaps(findings)}
    told += [
        f"Windows by {name} were measured {how_measured(name)}." for name in estimators(findings) if name not in others
    ]
    if mixed.any():
        told.append("Where windows of one profile were measured differently, a step between them may be that alone.")
    if changes is None:
        return told
    found = numbered(len(changes), "change")
    rests = "the plain count, since EMQ is of no single documents" if _asked_emq(findings) else "its own estimator"
    return [
        *told,
        f"Changes were sought in what each document adds to a profile over all years, by {rests}, with a permutation "
        "test of documents and binary segmentation (Matteson and James 2014) that divides the "
        f"level among the stretches of a series; {found} {'was' if len(changes) == 1 else 'were'} found.",
    ]


def _asked_emq(findings: Findings) -> bool:
    return findings.study.profiles.estimator == "emq"
