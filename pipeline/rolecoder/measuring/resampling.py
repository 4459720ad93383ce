"""Uncertainty that respects documents: passages of one speech are alike, so documents are the units.

Three means, each used where simulation (``benchmarks/coverage.py``) showed that it keeps its level:

- for a share: a Wilson interval whose sample size is divided by a design effect (in ``estimates``);
- for a smooth distance: the jackknife that leaves out one document at a time, which also takes away
  most of the upward bias that distances have when passages are few;
- for a sum of absolute differences: the bootstrap of whole documents, inverted.

The plain percentile bootstrap is not among them.  At 30 documents of 30 passages and a prevalence of
1 %, its 95 % interval held the truth in 72 of 100 draws; for the distance between two equal
profiles, in none.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

    Ends = tuple[Floats, Floats]
    Statistic = Callable[[Floats, Floats], Floats]

BUNDLES = 100  # into which documents without a coding are put
RAY = 24  # points on the ray along which total variation is inverted


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate between the ends of its interval; the ends are NaN where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What each document adds to the roles of two profiles; a document may stand behind both.

    ``left`` and ``right`` have the shape (n_documents, n_roles), a row of zeros where the document
    is silent: counts, or parts of an estimate, which may be below 0.  ``strata`` are the rows that are drawn
    together: each side by itself where no document is in both, else all documents as one, so that
    what they share is resampled jointly.
    """

    left: Floats
    right: Floats
    strata: tuple[Indices, ...]
    documents: tuple[int, int]  # that speak of any role, on each side
    talk: tuple[float, float]  # codings behind each side, over their design effect
    drawn: tuple[Floats, Floats] | None = None  # each side's shares under draws of the coder's error rates
    seen: tuple[Floats, Floats] | None = None  # 1 where a passage is known to carry the role, on each side
    doubt: Floats | None = None  # how the sides' difference strays with the error rates if there is none in truth
    ends: tuple[Ends, Ends] | None = None  # of the intervals of each side's shares, unless both rest on error rates
    talk_drawn: tuple[Ends, Ends] | None = None  # if both do: each side's least and most, see ``Estimate.drawn_talk``

    @property
    def joint(self) -> bool:
        """Whether a document stands behind both sides."""
        return len(self.strata) == 1


def by_document(values: Floats, documents: Indices, count: int | None = None) -> Floats:
    """Sum rows by document: shape (n_documents, n_columns).

    Args:
        values: Shape (n, n_columns).
        documents: The document of each row, 0 up; shape (n,).
        count: Of documents; by default the highest number and one.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    n = int(documents.max()) + 1 if count is None else count
    gather = csr_matrix((np.ones(len(documents)), (documents, np.arange(len(documents)))), shape=(n, len(documents)))
    return np.asarray(gather @ values)


def generator(seed: int, *key: str | None) -> np.random.Generator:
    """A stream of random numbers of its own for each key: one cell more leaves the others as they were."""
    import numpy as np

    digest = hashlib.sha256(json.dumps([seed, *key]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def aligned(
    left: tuple[Sequence[str], Floats],
    right: tuple[Sequence[str], Floats],
    documents: tuple[int, int],
    talk: tuple[float, float],
    drawn: tuple[Floats, Floats] | None = None,
    seen: tuple[Floats, Floats] | None = None,
    ends: tuple[Ends, Ends] | None = None,
) -> Pair:
    """Put what each document adds to two sides on common rows; documents that add nothing are left out."""
    import numpy as np

    speaking = [np.abs(parts).sum(axis=1) > 0 for _, parts in (left, right)]
    named = [
        [name for name, speaks in zip(side[0], kept, strict=True) if speaks]
        for side, kept in zip((left, right), speaking, strict=True)
    ]
    names = sorted({*named[0], *named[1]})
    rows = {name: row for row, name in enumerate(names)}
    sides = []
    for (_, parts), kept, own in zip((left, right), speaking, named, strict=True):
        side = np.zeros((len(names), parts.shape[1]))
        side[[rows[name] for name in own]] = parts[kept]
        sides.append(side)
    apart = tuple(np.array([rows[name] for name in own], dtype=np.intp) for own in named)
    strata = (np.arange(len(names), dtype=np.intp),) if set(named[0]) & set(named[1]) else apart
    sides, strata = _bundled(sides, strata)
    return Pair(
        left=sides[0],
        right=sides[1],
        strata=strata,
        documents=documents,
        talk=talk,
        drawn=drawn,
        seen=seen,
        ends=ends,
    )


def _bundled(sides: Sequence[Floats], strata: tuple[Indices, ...]) -> tuple[list[Floats], tuple[Indices, ...]]:
    """Put documents that speak of no role into bundles, each as good as one document.

    All that they add is their part of the false alarms, alike in each; bundles of as many keep the
    variance of their sum, and what is drawn stays small where a source has thousands of documents.
    """
    import numpy as np

    silent = np.asarray(np.maximum(sides[0], sides[1]).max(axis=1) <= 0)
    if silent.sum() <= BUNDLES:
        return list(sides), strata
    group = np.where(silent, -1, np.arange(len(silent)))
    for number, rows in enumerate(strata):
        own = rows[silent[rows]]
        group[own] = len(silent) + BUNDLES * number + np.arange(len(own)) % BUNDLES
    place = np.unique(group, return_inverse=True)[1]
    summed = []
    for side in sides:
        whole = np.zeros((int(place.max()) + 1, side.shape[1]))
        np.add.at(whole, place, side)
        summed.append(whole)
    return summed, tuple(np.unique(place[rows]).astype(np.intp) for rows in strata)


def shares(counts: Floats) -> Floats:
    """Divide by the sum over the last axis, what is below 0 as 0; NaN where there is nothing to divide."""
    import numpy as np

    counts = np.maximum(counts, 0.0)
    total = counts.sum(axis=-1, keepdims=True)
    part: Floats = np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)
    return part


def rests_on_one(parts: Floats) -> bool:
    """Whether nothing is left of a side without one of its documents; parts as in ``Pair``."""
    return bool(((parts.sum(axis=0) - parts).max(axis=1) <= 0).any())


def student(level: float, freedom: int) -> float:
    """Two-sided quantile of Student's t, for example 1.96 at .95 with many degrees of freedom."""
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, freedom))


def widened(found: Interval, data: Pair, statistic: Statistic) -> Interval:
    """Let the interval hold the statistic as it is if roles that no passage is known to carry are absent.

    A corrected share of such a role is made of predictions alone: above 0 by chance, where it may be 0.
    """
    if data.seen is None:
        return found
    sides = zip((data.left, data.right), data.seen, strict=True)
    left, right = (shares(parts.sum(axis=0) * seen) for parts, seen in sides)
    if not (left.sum() > 0 and right.sum() > 0):
        return found
    bare = float(statistic(left, right))
    return Interval(value=found.value, low=min(found.low, bare), high=max(found.high, bare))


def unseen(data: Pair, level: float) -> float:
    """How much of a side's talk may be of a kind that its few documents do not show.

    Where a side speaks of nothing but one role, or the sides have no role in common, neither the
    jackknife nor the bootstrap sees any doubt, however few the documents.  A share of which nothing
    was seen may by Wilson's interval still be u = z^2 / (n + z^2), with n the codings over their design
    effect.  Both sides' doubts are taken together as independent: half the root of the sum of their squares.

    Returns:
        Between 0 and 0.5.
    """
    ends = []
    for n, documents in zip(data.talk, data.documents, strict=True):
        z = student(level, documents - 1)
        ends.append(z**2 / (n + z**2))
    return min(math.hypot(*ends) / 2, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jackknifed:
    """A statistic, how far few documents push it upwards, and its standard error."""

    plain: float
    bias: float
    error: float


def jackknife(data: Pair, statistic: Statistic) -> Jackknifed:
    """Leave out one document at a time: the bias and the standard error of a smooth statistic.

    Where shares rest on error rates, the variance over draws of these comes on top.

    Args:
        data: Both sides have two documents or more.
        statistic: Of the shares of both sides, shape (..., n_roles) each, giving shape (...).

    References:
        Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 11; strata as in
        Wolter (2007), Introduction to Variance Estimation, section 4.5.
    """
    left, right = data.left.sum(axis=0), data.right.sum(axis=0)
    plain = float(statistic(shares(left), shares(right)))
    bias, variance = 0.0, float(statistic(*data.drawn).var()) if data.drawn is not None else 0.0
    for rows in data.strata:
        n = len(rows)
        without = statistic(shares(left - data.left[rows]), shares(right - data.right[rows]))
        bias += (n - 1) * (float(without.mean()) - plain)
        variance += (n - 1) / n * float(((without - without.mean()) ** 2).sum())
    return Jackknifed(plain=plain, bias=bias, error=math.sqrt(variance))


def resampled(data: Pair, resamples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Shares of both sides when documents are drawn anew, with replacement.

    Returns:
        Shape (resamples, n_roles) for each side; fewer rows where a draw left a side empty.
    """
    import numpy as np

    drawn = [np.zeros((resamples, data.left.shape[1])), np.zeros((resamples, data.right.shape[1]))]
    for rows in data.strata:
        weights = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=resamples).astype(np.float64)
        for side, counts in zip(drawn, (data.left, data.right), strict=True):
            side += weights @ counts[rows]
    filled = (drawn[0] > 0).any(axis=1) & (drawn[1] > 0).any(axis=1)
    return shares(drawn[0][filled]), shares(drawn[1][filled])


def invert(data: Pair, norm: Callable[[Floats], Floats], drawn: tuple[Floats, Floats], level: float) -> Interval:
    """Estimate and interval of a sum of absolute differences, which chance alone pushes upwards.

    Suppose the true difference of the profiles were c times the one found.  The resampled errors
    added to it say what would then be found.  The estimate is the c at which that is, on average,
    what was found; the interval holds every c at which what was found is not out of the way, and is never
    narrower than by the jackknife, its lower end on log-odds where that reaches farther: near 1 distances stray less
    upwards than downwards.  The upper end is never below the plain value, and both ends leave room for
    what is ``unseen``.  Doubt about error rates widens only the interval where both sides rest on them and err alike.

    Args:
        data: Both sides have two documents or more.
        norm: A norm of the difference of two profiles, shape (..., n_roles) to (...), at most 1.
        drawn: From ``resampled``, at least one draw.
        level: For example 0.95.
    """
    import numpy as np

    p, q = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    found, doubt = float(norm(p - q)), unseen(data, level)
    errors = errors_of(data, drawn)
    doubted = errors + errors_of_rates(data, len(errors))
    if found == 0:
        return Interval(value=0.0, low=0.0, high=max(doubt, float(np.quantile(norm(doubted), level))))
    if data.drawn is not None and not all(np.ptp(side, axis=0).any() for side in data.drawn):
        errors = doubted
    points = np.linspace(0.0, 1.0, RAY)  # true values that are tried, from none to the largest
    wide = doubted * student(level, min(data.documents) - 1) / student(level, 10**6)
    ends = np.array([1 - level, 1 + level]) / 2
    tried = [norm(point / found * (p - q) + errors) for point in points]
    spread = np.array([np.quantile(norm(point / found * (p - q) + wide), ends) for point in points])
    mean, lower, upper = (np.maximum.accumulate(curve) for curve in (np.mean(tried, axis=1), *spread.T))
    value, low, high = (float(np.interp(found, curve, points)) for curve in (mean, upper, lower))
    value = min(value, found)  # chance pushes a norm upwards only; where it seems not to, draws were cut off at 0
    half = student(level, min(data.documents) - 1) * jackknife(data, lambda left, right: norm(left - right)).error
    low = max(min(low, value - half, _below(value, half), (1 - 2 * doubt) * found), 0.0)
    high = min(max(high, found, value + half, value + doubt * (1 - value)), 1.0)
    return Interval(value=value, low=low, high=high)


def _below(value: float, half: float) -> float:
    """The lower end of an interval of half that width, symmetric on log-odds."""
    if not 0 < value < 1:
        return value - half
    odds = math.log(value / (1 - value)) - half / (value * (1 - value))
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def errors_of(data: Pair, drawn: tuple[Floats, Floats]) -> Floats:
    """How far the difference of two profiles strays from its mean, at the scale of independent documents."""
    import numpy as np

    inflate = [math.sqrt(n / (n - 1)) for n in data.documents]
    sides = (data.left, data.right)
    strayed = [f * (draws - shares(counts.sum(axis=0))) for f, draws, counts in zip(inflate, drawn, sides, strict=True)]
    return np.asarray(strayed[0] - strayed[1])


def errors_of_rates(data: Pair, rows: int) -> Floats:
    """How far the difference of two profiles strays with the coder's error rates: shape (rows, n_roles)."""
    import numpy as np

    if data.drawn is None:
        return np.zeros((rows, data.left.shape[1]))
    of_rates = data.drawn[0] - data.drawn[1]
    return np.resize(of_rates - of_rates.mean(axis=0), (rows, data.left.shape[1]))
