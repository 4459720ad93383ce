"""Stage 6b. Evidence -> how profiles move over the years: shares in moving windows, and change points.

A change point is looked for in the roles of each document, in order of year.  The test sets the largest
difference at any year against what the same documents give in chance order, so that its false alarms are the
level it states, whatever the documents' lengths; where one is found, either side is searched again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rolecoder.config import DIMENSIONS, Period, Profiles
from rolecoder.measuring.distances import jensen_shannon
from rolecoder.measuring.resampling import generator, shares
from rolecoder.measuring.tallies import Evidence, Tally, make_tallies
from rolecoder.tables import CHANGES, TRENDS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Years = NDArray[np.int64]

SIDE = 5  # documents that a change point must leave on either side
PERMUTATIONS = 999
BOOTSTRAPS = 200
BLOCK = 100  # orders tried at a time


def make_trends(evidence: Evidence, settings: Profiles) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure every profile in moving windows, and find where it changes.

    Args:
        evidence: What shares are worked out from; documents without a date are in no window.
        settings: ``window`` in years, at least 1; ``by`` says what a profile is of, periods aside.

    Returns:
        The tables ``trends`` (every cell, window and role) and ``changes``.  Where the documents span fewer years
        than a window, ``trends`` has one that is not filled and says so.
    """
    names = tuple(name for name in DIMENSIONS if name in settings.by and name != "period")
    years = evidence.passages["date"].str[:4].fillna("0").astype(int)  # 0: without a date
    dated = years[years > 0]
    span = int(dated.max() - dated.min()) + 1 if len(dated) else 0
    width = min(settings.window, span)
    short = f"windows of {settings.window} years are asked for; the documents span {span}"
    rows: list[dict[str, object]] = []
    for first in range(int(dated.min()), int(dated.max()) - width + 2) if len(dated) else ():
        last = first + width - 1
        some = _only(evidence, evidence.passages[years.between(first, last)])
        period = (Period(name=f"{first}-{last}", since=f"{first:04d}", until=f"{last:04d}"),)
        study = settings.model_copy(update={"period": period})
        for tally in make_tallies(some, study, (*names, "period")):
            told = tally if width == settings.window else replace(tally, best=None, note=short)
            rows += _window_rows(told, evidence.roles, study, first, last)
    every = {"period": "all", "min_passages": 1, "min_documents": 1, "min_words": 0, "estimator": "count"}
    whole = settings.model_copy(update=every)
    year_of = dict(zip(evidence.passages["document_id"].astype(str), years.tolist(), strict=True))
    found = []
    for tally in make_tallies(evidence, whole, names) if names else []:
        found += list(_changes_of(tally, year_of, evidence.roles, settings))
    return TRENDS.frame(rows), CHANGES.frame(found)


def _only(evidence: Evidence, passages: pd.DataFrame) -> Evidence:
    inside = set(passages["passage_id"])
    codings, chances = evidence.codings, evidence.probabilities
    return replace(
        evidence,
        passages=passages.reset_index(drop=True),
        codings=codings[codings["passage_id"].isin(inside)].reset_index(drop=True),
        probabilities=chances[chances["passage_id"].isin(inside)].reset_index(drop=True),
    )


def _window_rows(
    tally: Tally, roles: Sequence[str], settings: Profiles, first: int, last: int
) -> list[dict[str, object]]:
    common: dict[str, object] = {name: tally.key.get(name) for name in DIMENSIONS if name != "period"} | {
        "since": first,
        "until": last,
        "n_documents": tally.coded_documents,
        "n_passages": tally.passages,
        "n_coded": tally.coded,
        "estimator": tally.best.name if tally.best else None,
        "note": tally.note,
    }
    numbers = tally.best.figures(settings.level) if tally.best is not None else {}
    return [
        common | {"role": role} | {name: float(values[place]) for name, values in numbers.items()}
        for place, role in enumerate(roles)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change point in rows that are in order of year."""

    row: int  # first row after the change
    p_value: float
    low: int  # rows between which it lies, by the bootstrap of documents on either side
    high: int


def find_changes(
    counts: Floats, years: Years, level: float, rng: np.random.Generator, *, permutations: int = PERMUTATIONS
) -> list[Change]:
    """Find where the profile of role talk changes, by binary segmentation with a permutation test.

    The statistic at a year is the squared difference of each role's share before and from that year on, over the
    role's share in all, summed, and divided by what documents that differ among themselves would make of it
    (as in ``chance``); the largest over years is set against its values under chance orders.

    Args:
        counts: Codings of each document, in order of year; shape (n_documents, n_roles), none without a coding.
        years: Shape (n_documents,), rising.  A change lies between two years, never inside one.
        level: For example .95: a false alarm in 5 of 100 series without change.
        rng: Source of the orders and resamples.
        permutations: Orders tried for each segment.

    Returns:
        In order; an interval of ``level`` for each, from resampled documents on either side.

    References:
        Matteson & James (2014), Journal of the American Statistical Association 109(505), for the permutation
        test with binary segmentation; Chung & Romano (2013), Annals of Statistics 41(2), for the division.
    """
    import numpy as np

    found: list[Change] = []
    open_ = [(0, len(years))]
    while open_:
        start, end = open_.pop()
        own, when = counts[start:end], years[start:end]
        splits = _splits(when)
        if not len(splits):
            continue
        observed = _statistic(own[None], splits)[0]
        best = int(splits[observed.argmax()])
        largest = []
        for block in range(0, permutations, BLOCK):
            orders = np.stack([rng.permutation(len(own)) for _ in range(min(BLOCK, permutations - block))])
            largest.append(_statistic(own[orders], splits).max(axis=1))
        at_least = (np.concatenate(largest) >= observed.max() * (1 - 1e-9)).sum()
        p_value = float((1 + at_least) / (1 + permutations))
        if p_value > 1 - level:
            continue
        low, high = _between(own, best, splits, level, rng)
        found.append(Change(row=start + best, p_value=p_value, low=start + low, high=start + high))
        open_ += [(start, start + best), (start + best, end)]
    return sorted(found, key=lambda change: change.row)


def _splits(years: Years) -> NDArray[np.int64]:
    """Rows at which a new year begins, with enough documents on either side."""
    import numpy as np

    starts = np.flatnonzero(np.diff(years)) + 1
    return starts[(starts >= SIDE) & (len(years) - starts >= SIDE)]


def _statistic(counts: Floats, splits: NDArray[np.int64]) -> Floats:
    """The statistic at each split: (orders, documents, roles) to (orders, splits)."""
    import numpy as np

    sizes = counts.sum(axis=2, keepdims=True)
    total, all_sizes = counts.sum(axis=1, keepdims=True), sizes.sum(axis=1, keepdims=True)
    pooled = (total / all_sizes)[:, 0]
    weight = np.divide(1.0, pooled, out=np.zeros_like(pooled), where=pooled > 0)[:, None]

    def before(values: Floats) -> Floats:
        return np.cumsum(values, axis=1)[:, splits - 1]

    squares = [counts**2, counts * sizes, sizes**2]
    first = [before(counts), before(sizes), *(before(s) for s in squares)]
    rest = [
        w - f for w, f in zip([total, all_sizes, *(s.sum(axis=1, keepdims=True) for s in squares)], first, strict=True)
    ]
    shares_, variances = [], []
    for (x, n, xx, xn, nn), many in ((first, splits), (rest, counts.shape[1] - splits)):
        p = x / n
        shares_.append(p)
        variances.append((xx - 2 * p * xn + p**2 * nn) / n**2 * (many / (many - 1))[None, :, None])
    apart = ((shares_[0] - shares_[1]) ** 2 * weight).sum(axis=2)
    expected = np.maximum(((variances[0] + variances[1]) * weight).sum(axis=2), 1e-12)
    return np.asarray(apart / expected)


def _between(
    counts: Floats, best: int, splits: NDArray[np.int64], level: float, rng: np.random.Generator
) -> tuple[int, int]:
    """Rows between which the change lies when documents on either side are drawn anew."""
    import numpy as np

    n = len(counts)
    drawn = np.stack(
        [
            np.concatenate([np.sort(rng.integers(0, best, best)), np.sort(rng.integers(best, n, n - best))])
            for _ in range(BOOTSTRAPS)
        ]
    )
    places = splits[_statistic(counts[drawn], splits).argmax(axis=1)]
    low, high = np.quantile(places, [(1 - level) / 2, (1 + level) / 2], method="nearest")
    return min(int(low), best), max(int(high), best)


def _changes_of(
    tally: Tally, dated: dict[str, int], roles: Sequence[str], settings: Profiles
) -> Iterator[dict[str, object]]:
    """Rows of ``changes`` of one cell."""
    import numpy as np

    counts = tally.plain.by_document * tally.passages
    years = np.array([dated[document] for document in tally.documents])
    kept = (counts.sum(axis=1) > 0) & (years > 0)
    order = np.argsort(years[kept], kind="stable")
    counts, years = counts[kept][order], years[kept][order]
    key = [tally.key.get(name) for name in DIMENSIONS if name != "period"]
    changes = find_changes(counts, years, settings.level, generator(settings.seed, "changes", *key))
    ends = [0, *(change.row for change in changes), len(years)]
    for number, change in enumerate(changes, start=1):
        before, after = counts[ends[number - 1] : change.row], counts[change.row : ends[number + 1]]
        left, right = shares(before.sum(axis=0)), shares(after.sum(axis=0))
        yield {name: tally.key.get(name) for name in DIMENSIONS if name != "period"} | {
            "year": int(years[change.row]),
            "year_low": int(years[change.low]),
            "year_high": int(years[min(change.high, len(years) - 1)]),
            "p_value": change.p_value,
            "since": int(years[ends[number - 1]]),
            "until": int(years[ends[number + 1] - 1]),
            "n_before": len(before),
            "n_after": len(after),
            "distance": float(jensen_shannon(left, right)),
            "rises": roles[int((right - left).argmax())],
            "falls": roles[int((right - left).argmin())],
        }
