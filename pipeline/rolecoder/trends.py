"""Stage 6b. Evidence -> how profiles move over the years: shares in moving windows, and change points.

A change point is looked for in what each document adds to the profile, in order of year: hand labels and corrections
count in it as they do in the shares.  The test sets the largest difference at any year against what the same documents
give in chance order, so that its false alarms are the level it states, whatever the documents' lengths; where one is
found, either side is searched again, each with half of what the level leaves to chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rolecoder.config import DIMENSIONS, Period, Profiles
from rolecoder.measuring.cells import cells_of
from rolecoder.measuring.distances import jensen_shannon
from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.resampling import generator, shares
from rolecoder.measuring.tallies import Evidence, Tally, make_tallies
from rolecoder.tables import CHANGES, TRENDS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Years = NDArray[np.int64]

SIDE = 5  # documents that speak of a role, which a change point must leave on either side
PERMUTATIONS = 999
BOOTSTRAPS = 200
BLOCK = 100  # orders tried at a time,
CELLS = 4_000_000  # and at most so many figures
NOTHING = 1e-12  # what is no larger is rounding


def make_trends(evidence: Evidence, settings: Profiles) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure every profile in moving windows, and find where it changes.

    Args:
        evidence: What shares are worked out from; documents without a date are in no window.
        settings: ``window`` in years, at least 1; ``by`` says what a profile is of, periods aside.

    Returns:
        The tables ``trends`` (every cell and role, for each window) and
        ``changes``.  Where the documents span fewer years than a window, ``trends`` has one that is not filled and
        says so.
    """
    names = tuple(name for name in DIMENSIONS if name in settings.by and name != "period")
    years = evidence.passages["date"].str[:4].fillna("0").astype(int)  # 0: without a date
    dated = years[years > 0]
    span = int(dated.max() - dated.min()) + 1 if len(dated) else 0
    width = min(settings.window, span)
    yearly = settings.model_copy(update={"period": "year"})
    cells = cells_of(evidence.passages, evidence.codings, evidence.sample.labels, yearly, (*names, "period"))
    short = f"windows of {settings.window} years are asked for; the documents span {span}"
    rows: list[dict[str, object]] = []
    for first in range(int(dated.min()), int(dated.max()) - width + 2) if len(dated) else ():
        last = first + width - 1
        some = _only(evidence, evidence.passages[years.between(first, last)])
        period = (Period(name=f"{first}-{last}", since=f"{first:04d}", until=f"{last:04d}"),)
        study = settings.model_copy(update={"period": period})
        for tally in make_tallies(some, study, (*names, "period"), cells):
            told = tally if width == settings.window else replace(tally, best=None, note=short)
            rows += _window_rows(told, evidence.roles, study, first, last)
    every = {"period": "all", "min_passages": 1, "min_documents": 1, "min_words": 0}
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
    parts: Floats,
    years: Years,
    level: float,
    rng: np.random.Generator,
    *,
    heard: NDArray[np.bool_] | None = None,
    permutations: int = PERMUTATIONS,
) -> list[Change]:
    """Find where the profile of role talk changes, by binary segmentation with a permutation test.

    The statistic at a year is the squared difference of each role's share before and from that year on, over the
    role's share in all, summed, and divided by what documents that differ among themselves would make of it
    (as in ``chance``); the largest over years is set against its values under chance orders.

    Args:
        parts: What each document adds to the roles, in order of year: codings, or parts of a corrected share, which may
            be below 0; shape (n_documents, n_roles).
        years: Shape (n_documents,), rising.  A change lies between two years, never inside one.
        level: For example .95: a false alarm in 5 of 100 series without change, and a false second change in at most
            5 of 100 with one, since either side of a change is searched at half the level of the whole.
        rng: Source of the orders and resamples.
        heard: Whether a document speaks of a role, and is counted on either side of a change; by default all.
        permutations: Orders tried for each segment.

    Returns:
        In order; an interval of ``level`` for each, from resampled documents on either side.

    References:
        Matteson & James (2014), Journal of the American Statistical Association 109(505), for the permutation
        test with binary segmentation; Chung & Romano (2013), Annals of Statistics 41(2), for the division.
    """
    import numpy as np

    parts = parts[:, parts.sum(axis=0) > NOTHING]  # of which anything is left, once corrected
    heard = np.ones(len(years), dtype=bool) if heard is None else heard
    found: list[Change] = []
    open_ = [(0, len(years), 1 - level)]
    while open_:
        start, end, alarms = open_.pop()
        own, speaks, when = parts[start:end], heard[start:end], years[start:end]
        splits = _splits(when)
        if not len(splits) or not parts.shape[1]:
            continue
        best, p_value = _tested(own, speaks, splits, permutations, rng)
        if p_value > alarms:
            continue
        low, high = _between(own, speaks, best, splits, level, rng)
        found.append(Change(row=start + best, p_value=p_value, low=start + low, high=start + high))
        open_ += [(start, start + best, alarms / 2), (start + best, end, alarms / 2)]
    return sorted(found, key=lambda change: change.row)


def _tested(
    parts: Floats, heard: NDArray[np.bool_], splits: NDArray[np.int64], permutations: int, rng: np.random.Generator
) -> tuple[int, float]:
    """The row at which the sides differ most, and how often they differ as much in chance order."""
    import numpy as np

    observed = _statistic(parts, heard, np.arange(len(parts))[None], splits)[0]
    orders = np.stack([rng.permutation(len(parts)) for _ in range(permutations)])
    largest = _statistic(parts, heard, orders, splits).max(axis=1)
    at_least = (largest >= observed.max() * (1 - 1e-9)).sum()
    return int(splits[observed.argmax()]), float((1 + at_least) / (1 + permutations))


def _splits(years: Years) -> NDArray[np.int64]:
    """Rows at which a new year begins, with enough documents on either side."""
    import numpy as np

    starts = np.flatnonzero(np.diff(years)) + 1
    return starts[(starts >= SIDE) & (len(years) - starts >= SIDE)]


def _statistic(parts: Floats, heard: NDArray[np.bool_], orders: NDArray[np.int64], splits: NDArray[np.int64]) -> Floats:
    """The statistic at each split under each order of the documents: shape (orders, splits).

    0 where too few documents that speak are on a side, or nothing is left of it.
    """
    import numpy as np

    step = min(max(CELLS // max(parts.size, 1), 1), BLOCK)
    blocks = [orders[first : first + step] for first in range(0, len(orders), step)]
    return np.concatenate([_apart(parts[order], heard[order], splits) for order in blocks])


def _apart(parts: Floats, heard: NDArray[np.bool_], splits: NDArray[np.int64]) -> Floats:
    """The statistic for a block: (orders, documents, roles) to (orders, splits)."""
    import numpy as np

    sizes = parts.sum(axis=2, keepdims=True)
    total, all_sizes = parts.sum(axis=1, keepdims=True), sizes.sum(axis=1, keepdims=True)
    pooled = np.maximum(total, np.sqrt((parts**2).sum(axis=1, keepdims=True)))  # as in ``chance``
    weight = np.divide(all_sizes, pooled, out=np.zeros_like(pooled), where=pooled > 0)

    def before(values: Floats) -> Floats:
        return np.asarray(np.cumsum(values, axis=1)[:, splits - 1])

    squares = [parts**2, parts * sizes, sizes**2]
    first = [before(parts), before(sizes), *(before(s) for s in squares)]
    rest = [
        w - f for w, f in zip([total, all_sizes, *(s.sum(axis=1, keepdims=True) for s in squares)], first, strict=True)
    ]
    left = np.minimum(first[1], rest[1])[:, :, 0] > NOTHING
    shares_, variances = [], []
    for (x, n, xx, xn, nn), many in ((first, splits), (rest, parts.shape[1] - splits)):
        n = np.where(n > NOTHING, n, 1.0)
        p = x / n
        shares_.append(p)
        variances.append((xx - 2 * p * xn + p**2 * nn) / n**2 * (many / (many - 1))[None, :, None])
    apart = ((shares_[0] - shares_[1]) ** 2 * weight).sum(axis=2)
    expected = np.maximum(((variances[0] + variances[1]) * weight).sum(axis=2), 1e-12)
    speak = np.cumsum(heard, axis=1)
    enough = np.minimum(speak[:, splits - 1], speak[:, -1:] - speak[:, splits - 1]) >= SIDE
    return np.asarray(np.where(left & enough, apart / expected, 0.0))


def _between(
    parts: Floats,
    heard: NDArray[np.bool_],
    best: int,
    splits: NDArray[np.int64],
    level: float,
    rng: np.random.Generator,
) -> tuple[int, int]:
    """Rows between which the change lies when documents on either side are drawn anew."""
    import numpy as np

    n = len(parts)
    drawn = np.stack(
        [
            np.concatenate([np.sort(rng.integers(0, best, best)), np.sort(rng.integers(best, n, n - best))])
            for _ in range(BOOTSTRAPS)
        ]
    )
    places = splits[_statistic(parts, heard, drawn, splits).argmax(axis=1)]
    low, high = np.quantile(places, [(1 - level) / 2, (1 + level) / 2], method="nearest")
    return min(int(low), best), max(int(high), best)


def _tests(tally: Tally) -> Estimate | None:
    """What the test rests on: the profile's own estimate, or None where it has none.

    EMQ has no parts by document of its own: they are of all that the source says of a role, not of the cell, so that a
    change in whom it speaks of would not show.  There it is the plain count.
    """
    return tally.plain if tally.best is not None and tally.best.name == "EMQ" else tally.best


def _changes_of(
    tally: Tally, dated: dict[str, int], roles: Sequence[str], settings: Profiles
) -> Iterator[dict[str, object]]:
    """Rows of ``changes`` of one cell."""
    import numpy as np

    estimate = _tests(tally)
    if estimate is None:
        return
    parts = estimate.by_document * tally.passages
    years = np.array([dated[document] for document in tally.documents])
    kept = (np.abs(parts).sum(axis=1) > 0) & (years > 0)
    order = np.argsort(years[kept], kind="stable")
    parts, heard, years = parts[kept][order], estimate.heard[kept][order], years[kept][order]
    key = [tally.key.get(name) for name in DIMENSIONS if name != "period"]
    rng = generator(settings.seed, "changes", *key)
    changes = find_changes(parts, years, settings.level, rng, heard=heard)
    ends = [0, *(change.row for change in changes), len(years)]
    for number, change in enumerate(changes, start=1):
        before, after = slice(ends[number - 1], change.row), slice(change.row, ends[number + 1])
        left, right = shares(parts[before].sum(axis=0)), shares(parts[after].sum(axis=0))
        yield {name: tally.key.get(name) for name in DIMENSIONS if name != "period"} | {
            "year": int(years[change.row]),
            "year_low": int(years[change.low]),
            "year_high": int(years[min(change.high, len(years) - 1)]),
            "p_value": change.p_value,
            "since": int(years[ends[number - 1]]),
            "until": int(years[ends[number + 1] - 1]),
            "n_before": int(heard[before].sum()),
            "n_after": int(heard[after].sum()),
            "estimator": estimate.name,
            "distance": float(jensen_shannon(left, right)),
            "rises": roles[int((right - left).argmax())],
            "falls": roles[int((right - left).argmin())],
        }
