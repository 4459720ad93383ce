"""A probability sample, stratified by what the model expects of each passage.

Passages in which the model expects more roles are drawn more often, because there labels say more; every
passage can be drawn, because what the model misses must show.  The probabilities are stored, so that the labels
correct shares whatever the model's errors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRATA = 8  # at most
IN_EACH = 12  # passages drawn from a stratum, at least, where the budget allows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draw:
    """A stratified sample."""

    strata: NDArray[np.intp]  # of each passage; shape (n,)
    drawn: NDArray[np.bool_]
    probability: Floats  # with which each passage is drawn


def stratify(expected: Floats, budget: int) -> NDArray[np.intp]:
    """Cut passages, in the order of the roles expected in them, into strata of like content.

    The cuts divide the sum of the square roots evenly (Dalenius & Hodges 1959), so that drawing the same number
    from each comes near the allocation of Neyman; there are no more strata than labels can fill.

    Args:
        expected: Number of roles that the model expects in each passage: the sum of its probabilities; shape (n,).
        budget: Passages that will be labelled.

    References:
        Dalenius & Hodges (1959), Journal of the American Statistical Association 54(285).
    """
    import numpy as np

    count = max(1, min(STRATA, budget // IN_EACH))
    order = np.argsort(expected, kind="stable")
    weight = np.cumsum(np.sqrt(np.maximum(expected[order], 1e-6)))
    strata = np.empty(len(expected), dtype=np.intp)
    strata[order] = np.minimum((weight / weight[-1] * count).astype(np.intp), count - 1)
    if expected.max() <= expected.min():  # nothing tells the passages apart
        strata[:] = 0
    return np.asarray(np.unique(strata, return_inverse=True)[1].astype(np.intp))


def draw(expected: Floats, budget: int, rng: np.random.Generator) -> Draw:
    """Draw a stratified sample of about ``budget`` passages, all of them where there are no more.

    Args:
        expected: See ``stratify``.
        budget: At least 1.
        rng: Source of the draw.
    """
    import numpy as np

    strata = stratify(expected, budget)
    sizes = np.bincount(strata)
    wanted = shared_out(sizes, min(budget, len(strata)))
    drawn = np.zeros(len(strata), dtype=bool)
    for number, take in enumerate(wanted):
        drawn[rng.permutation(np.flatnonzero(strata == number))[:take]] = True
    return Draw(strata=strata, drawn=drawn, probability=(wanted / sizes)[strata])


def shared_out(sizes: NDArray[np.int64], budget: int) -> NDArray[np.int64]:
    """The same number from each stratum, or all of a small one, whose rest goes to the others."""
    import numpy as np

    wanted = np.zeros(len(sizes), dtype=np.int64)
    left = budget
    for place, number in enumerate(np.argsort(sizes, kind="stable")):
        wanted[number] = min(sizes[number], math.ceil(left / (len(sizes) - place)))
        left -= int(wanted[number])
    return wanted
