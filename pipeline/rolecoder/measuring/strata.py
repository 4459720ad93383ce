"""A probability sample, stratified by what the model expects of each passage.

Passages in which the model expects more roles are drawn more often, because there labels say more; every
passage can be drawn, because what the model misses must show.  The probabilities are stored, so that the labels
correct shares whatever the model's errors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRATA = 8  # at most
IN_EACH = 12  # passages drawn from a stratum, at least, where the budget allows


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


def draw(
    strata: NDArray[np.intp], budget: int, rng: np.random.Generator, done: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Floats]:
    """Draw a stratified sample of about ``budget`` passages, all of them where there are no more.

    Args:
        strata: Of each passage, as ``stratify`` gives them; shape (n,).
        budget: Passages of the whole sample.
        rng: Source of the draw.
        done: Passages drawn before, which stay in the sample; shape (n,).

    Returns:
        Which passages are in the sample, and the probability with which each is drawn; shape (n,) each.
    """
    import numpy as np

    sizes, taken = np.bincount(strata), np.bincount(strata, done).astype(np.int64)
    wanted, some = taken.copy(), taken < sizes
    if budget > taken.sum():
        wanted[some] = np.maximum(shared_out(sizes[some], budget - int(taken[~some].sum())), taken[some])
    if taken.any():  # passages that no draw before could reach are reached now, whatever the budget
        wanted = np.where(wanted == 0, np.minimum(sizes, IN_EACH), wanted)
    drawn = done.copy()
    for number, (take, have) in enumerate(zip(wanted, taken, strict=True)):
        free = np.flatnonzero((strata == number) & ~done)
        drawn[rng.permutation(free)[: take - have]] = True
    return drawn, (np.bincount(strata, drawn) / sizes)[strata]


def shared_out(sizes: NDArray[np.int64], budget: int) -> NDArray[np.int64]:
    """The same number from each stratum, or all of a small one, whose rest goes to the others."""
    import numpy as np

    wanted = np.zeros(len(sizes), dtype=np.int64)
    left = budget
    for place, number in enumerate(np.argsort(sizes, kind="stable")):
        wanted[number] = min(sizes[number], math.ceil(left / (len(sizes) - place)))
        left -= int(wanted[number])
    return wanted
