"""Which period a date falls in: all, its year, its quarter, or a period that the study names.

A date is as precise as its source: "1991", "1991-02" or "1991-02-02".  It belongs to a period only
where every day that it may mean lies inside; "1991" has no quarter.  Named periods may not overlap
(the study refuses it): a passage counts once, so the periods' numbers add up to the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rolecoder.config import Division, first_day, last_day

if TYPE_CHECKING:
    import pandas as pd


def period_of(date: str | None, split: Division) -> str | None:
    """Name the period of a date; None where it has none, and ``why_no_period`` then says why.

    Args:
        date: ISO date, as precise as known.
        split: "all", "year", "quarter", or the study's own periods.

    Returns:
        "all", "1991", "1991-Q1" or the name of the study's period.

    >>> period_of("1991-02", "quarter")
    '1991-Q1'
    """
    if split == "all":
        return "all"
    if date is None:
        return None
    if split == "year":
        return date[:4]
    if split == "quarter":
        return f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}" if len(date) > 4 else None
    inside = (period.name for period in split if period.first <= first_day(date) and last_day(date) <= period.last)
    return next(inside, None)


def with_periods(frame: pd.DataFrame, split: Division) -> pd.DataFrame:
    """Add the column ``period``, missing where the date of the column ``date`` has none."""
    import pandas as pd

    known = [date if isinstance(date, str) else None for date in frame["date"]]
    named = {date: period_of(date, split) for date in set(known)}
    return frame.assign(period=pd.Series([named[date] for date in known], index=frame.index, dtype="str"))


def calendar(first: str, last: str) -> list[str]:
    """All years, or all quarters, from one to another, both included.

    >>> calendar("1990-Q3", "1991-Q1")
    ['1990-Q3', '1990-Q4', '1991-Q1']
    """
    if "-Q" not in first:
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    begin, end = (4 * int(name[:4]) + int(name[-1]) - 1 for name in (first, last))
    return [f"{number // 4:04}-Q{number % 4 + 1}" for number in range(begin, end + 1)]


def why_no_period(date: str | None, split: Division) -> str:
    """Say in words why ``period_of`` gave None."""
    if date is None:
        return "the document has no date"
    if split == "quarter":
        return f"the date {date} is too imprecise for a quarter"
    touched = not isinstance(split, str) and any(
        period.first <= last_day(date) and first_day(date) <= period.last for period in split
    )
    return f"the date {date} is too imprecise for the study's periods" if touched else "outside the study's periods"
