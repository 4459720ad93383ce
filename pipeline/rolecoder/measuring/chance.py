"""Is there a gap at all, or only noise?  A permutation test over documents.

If both profiles are one and the same, it is chance which documents stand on which side.  The test
changes documents over and asks how often chance alone sets the sides as far apart as they were found.  Where one side
has a few long documents and the other many short ones, changing them over makes sides like neither, and the test
hardly ever rejects; there the statistic is held against an F distribution instead.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.resampling import Pair, shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


LONGER = 2.0  # times as long, on average, as the other side's: then documents are not changed over
MORE = 1.5  # times as many documents on that other side
SLIGHT = 0.2  # part of the variance between documents below which doubt about error rates is none
NOTHING = 1e-12  # what is no larger is rounding
FEWEST = 6  # documents of the side that has fewer, from which on the F distribution keeps its level


def doubted(data: Pair, estimates: tuple[Estimate, Estimate]) -> Pair:
    """Add how far draws of the error rates set the sides apart if both profiles are one and the same.

    Where both sides rest on the same rates, and on texts of much the same genres, they err alike, and nothing is added:
    for half the roles the variance is below a fifth (``SLIGHT``) of what documents bring.  Where one side is corrected
    by hand labels, or the genres differ, it is above.

    Args:
        data: The two sides.
        estimates: That they are of.
    """
    import numpy as np

    if all(estimate.drawn_if is None for estimate in estimates):
        return data
    common = shares(data.left.sum(axis=0) + data.right.sum(axis=0))
    sides = []
    for estimate in estimates:
        if estimate.drawn_if is None:
            sides.append(common[None])
            continue
        drawn = shares(estimate.drawn_if(common * np.maximum(estimate.share, 0.0).sum()))
        sides.append(np.where(np.isnan(drawn), common, drawn))
    difference = np.asarray(sides[0] - sides[1])
    doubt, spoken = difference - difference.mean(axis=0), common > 0
    if np.median(doubt.var(axis=0)[spoken] / np.maximum(_of_documents(data)[spoken], NOTHING)) < SLIGHT:
        return data
    return replace(data, doubt=doubt)


def _of_documents(data: Pair) -> Floats:
    """What documents make of the variance of the difference, whichever side they are on; shape (n_roles,)."""
    import numpy as np

    both = data.left + data.right
    strays = both - both.sum(axis=1, keepdims=True) * both.sum(axis=0) / both.sum()
    return np.asarray((strays**2).sum(axis=0) / max(float(data.left.sum() * data.right.sum()), NOTHING))


def no_gap(data: Pair, permutations: int, rng: np.random.Generator) -> tuple[float, str | None]:
    """The p-value of "no gap", and the test that it is of: ``permutation``, ``F``, or None without one.

    False alarms at the 5 % level, in simulation (``benchmarks/coverage.py``): 4 to 6 in 100 by permutation, 3 to 5 by
    F, where permutation would give one.

    Args:
        data: Both sides have two documents or more.
        permutations: How many; 0 for no test, which gives NaN, as does a side of which corrections leave nothing.
        rng: Source of the permutations.
    """
    data = _spoken_of(data)
    if not permutations or min(float(data.left.sum()), float(data.right.sum())) <= NOTHING:
        return math.nan, None
    p = f_test(data) if _few_and_long(data) else math.nan
    if not math.isnan(p):
        return p, "F"
    return permutation_test(data, permutations, rng), "permutation"


def _spoken_of(data: Pair) -> Pair:
    """Without the roles of which both sides together say nothing, once corrected for false alarms."""
    spoken = (data.left + data.right).sum(axis=0) > NOTHING
    doubt = data.doubt[:, spoken] if data.doubt is not None else None
    return replace(data, left=data.left[:, spoken], right=data.right[:, spoken], doubt=doubt)


def _few_and_long(data: Pair) -> bool:
    """Whether one side has the fewer documents, and these are much the longer."""
    if data.joint or min(data.documents) < FEWEST:
        return False
    (few, talk), (many, other) = sorted(
        (count, abs(float(side.sum()))) for count, side in zip(data.documents, (data.left, data.right), strict=True)
    )
    return many >= MORE * few and talk / few > LONGER * other / many


def f_test(data: Pair) -> float:
    """The p-value of "no gap" if the statistic follows an F distribution, as where documents are not alike in length.

    The statistic is that of ``permutation_test``.  With V the covariance of the difference, each role over the root
    of its share on both sides, the degrees of freedom are f = tr(V)^2 / tr(V^2) above, and f times Welch's for
    tr(V) below; both squares are estimated without bias for the few documents.

    Args:
        data: Sides that share no document, each with two documents or more.

    Returns:
        NaN where documents of a side are all alike, so that there is nothing to hold the statistic against.

    References:
        Brunner, Dette & Munk (1997), Journal of the American Statistical Association 92(440), for the approximation
        after Box; Srivastava (2005), Journal of the Japan Statistical Society 35(2), for tr(V^2).
    """
    import numpy as np
    from scipy.stats import f

    root = np.sqrt(_weights(data))
    profiles, covariances, freedoms = [], [], [count - 1 for count in data.documents]
    for side, freedom in zip((data.left, data.right), freedoms, strict=True):
        profiles.append(side.sum(axis=0) / side.sum())
        strays = (side - side.sum(axis=1, keepdims=True) * profiles[-1]) * root / side.sum()
        covariances.append((freedom + 1) / freedom * strays.T @ strays)
    traces = [float(np.trace(own)) for own in covariances]
    apart = float((((profiles[0] - profiles[1]) * root) ** 2).sum())
    expected = sum(traces)
    if expected <= NOTHING:
        return math.nan
    of_rates = _covariance(data, root)
    expected += float(np.trace(of_rates))
    squared, whole = 2 * float((covariances[0] * covariances[1]).sum()), expected**2
    squared += float(((2 * (covariances[0] + covariances[1]) + of_rates) * of_rates).sum())
    for own, trace, k in zip(covariances, traces, freedoms, strict=True):
        square = float((own**2).sum())
        unbiased = k**2 / ((k - 1) * (k + 2)) * (square - trace**2 / k) if k > 1 else 0.0
        square = max(unbiased, square / 10)
        squared += square
        whole -= 2 * square / k
    above = max(whole / squared, 1.0)
    welch = expected**2 / sum(trace**2 / k for trace, k in zip(traces, freedoms, strict=True))
    return float(f.sf(apart / expected, above, above * welch))


def _covariance(data: Pair, root: Floats) -> Floats:
    """Of what error rates add to the difference, each role over the root of its share; shape (n_roles, n_roles)."""
    import numpy as np

    if data.doubt is None:
        return np.zeros((len(root), len(root)))
    strays = data.doubt * root
    return np.asarray(strays.T @ strays / len(strays))


def _weights(data: Pair) -> Floats:
    """What each role counts in the statistic: one over its share on both sides, shape (n_roles,); 0 if never spoken of.

    A share that was corrected for false alarms may be near 0 or below it; it counts as no less than chance makes of it,
    the root of its squared parts by document, which is the same however documents change over.  Where error rates add
    to the difference, the share is raised by their variance over that of documents, so that a role that the coder
    hardly finds does not drown what the others say.
    """
    import numpy as np

    both = data.left + data.right
    pooled = np.maximum(both.sum(axis=0), np.sqrt((both**2).sum(axis=0)))
    if data.doubt is not None:
        raised = pooled + both.sum() * data.doubt.var(axis=0) / max(float(_of_documents(data).sum()), NOTHING)
        pooled = np.where(pooled > 0, raised, 0.0)
    return np.asarray(np.divide(both.sum(), pooled, out=np.zeros_like(pooled), where=pooled > 0))


def permutation_test(data: Pair, permutations: int, rng: np.random.Generator) -> float:
    """How often chance alone sets two profiles as far apart as these: the p-value of "no gap".

    The statistic is the squared difference of each role's shares over the role's share on both sides, summed, and
    divided by what documents that differ among themselves would make of it (their variance, clustered).
    That division keeps false alarms from rising above the level where one side has a few long documents and the other
    many short ones; plain distances do not.  A document behind one side only may change over to the other, with as many
    documents on each side as before; one behind both has its two parts changed over, by the toss of a coin.  Where
    sides err apart (``doubted``), a draw of how error rates set them apart is added to each permutation, and its
    variance to the divisor.

    Args:
        data: Both sides have two documents or more.
        permutations: How many, at least one.
        rng: Source of the permutations.

    Returns:
        (1 + permutations at least as far apart) / (1 + permutations), so never 0.

    References:
        Chung & Romano (2013), Annals of Statistics 41(2), for dividing by the variance; Rao & Scott (1981),
        Journal of the American Statistical Association 76(374), for the statistic; Phipson & Smyth (2010),
        Statistical Applications in Genetics and Molecular Biology 9(1), for the 1 above and below.
    """
    import numpy as np

    stays = np.vstack([np.ones((1, len(data.left))), _stays(data, permutations, rng)])
    doubt = np.zeros((1 + permutations, data.left.shape[1]))
    if data.doubt is not None:
        doubt[1:] = np.resize(data.doubt, doubt[1:].shape)
    far = _far_apart(data, stays, doubt)
    return float((1 + (far[1:] >= far[0] * (1 - 1e-9)).sum()) / (1 + permutations))


def _stays(data: Pair, permutations: int, rng: np.random.Generator) -> Floats:
    """1 where a document keeps its side; shape (permutations, documents)."""
    import numpy as np

    on_left, on_right = np.abs(data.left).sum(axis=1) > 0, np.abs(data.right).sum(axis=1) > 0
    stays = rng.integers(0, 2, (permutations, len(on_left))).astype(np.float64)
    single = np.flatnonzero(on_left != on_right)
    was_left = np.tile(on_left[single], (permutations, 1))
    stays[:, single] = rng.permuted(was_left, axis=1) == was_left
    return stays


def _far_apart(data: Pair, stays: Floats, doubt: Floats) -> Floats:
    """The statistic for each row of ``stays``: shape (permutations,); inf where only the sides differ.

    Args:
        data: The two sides.
        stays: See ``_stays``.
        doubt: What error rates add to the difference; shape (permutations, n_roles).
    """
    import numpy as np

    a, b = data.left, data.right
    size_a, size_b = a.sum(axis=1, keepdims=True), b.sum(axis=1, keepdims=True)

    def total(left: Floats, right: Floats) -> Floats:
        return np.asarray(right.sum(axis=0) + stays @ (left - right))  # left where it stays, right where not

    n, m = total(size_a, size_b), total(size_b, size_a)
    few = [1.0, 1.0] if data.joint else [count / (count - 1) for count in data.documents]
    weight = _weights(data)
    with np.errstate(divide="ignore", invalid="ignore"):  # of a side left empty
        p, q = total(a, b) / n, total(b, a) / m
        own = (total(a**2, b**2) - 2 * p * total(size_a * a, size_b * b) + p**2 * total(size_a**2, size_b**2)) / n**2
        other = (total(b**2, a**2) - 2 * q * total(size_b * b, size_a * a) + q**2 * total(size_b**2, size_a**2)) / m**2
        both = a * b, size_a * size_b
        shared = (
            total(both[0], both[0])
            - q * total(size_b * a, size_a * b)
            - p * total(size_a * b, size_b * a)
            + p * q * total(both[1], both[1])
        ) / (n * m)
        apart = (p - q + doubt) ** 2 @ weight
        expected = np.maximum((few[0] * own + few[1] * other - 2 * shared) @ weight, 0.0)
        expected += data.doubt.var(axis=0) @ weight if data.doubt is not None else 0.0
        far = np.where(expected > NOTHING, apart / expected, np.where(apart > NOTHING, np.inf, 0.0))
    return np.asarray(np.where(np.minimum(n, m).ravel() > NOTHING, far, np.inf))
