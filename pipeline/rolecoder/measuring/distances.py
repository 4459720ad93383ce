"""How far two role profiles lie apart: distances, shifts and agreement, on plain arrays.

A profile is an array of shares whose last axis runs over the roles and sums to 1.  Every function
takes arrays of shape (..., n_roles) and gives shape (...): one profile, or many resamples at once.
None of them knows how many passages stand behind a share; `gaps` sets what chance alone would give
against them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TOLERANCE = 1e-6


def divergence_parts(left: Floats, right: Floats) -> Floats:
    """What each role adds to the Jensen-Shannon divergence with base-2 logarithms.

    With m = (left + right) / 2, the part of a role is (left log2(left / m) + right log2(right / m)) / 2;
    it is 0 where both shares are equal, and never negative.

    Args:
        left: Shares of the first profile, shape (..., n_roles).
        right: Shares of the second, in the same order.

    Returns:
        Shape (..., n_roles); the sum over roles is the squared Jensen-Shannon distance.

    Raises:
        RolecoderError: A profile has a negative share or does not sum to 1 within 1e-6.

    References:
        Lin (1991), IEEE Transactions on Information Theory 37(1).

    >>> import numpy as np
    >>> divergence_parts(np.array([1.0, 0.0]), np.array([0.0, 1.0])).tolist()
    [0.5, 0.5]
    """
    import numpy as np
    from scipy.special import rel_entr

    _check(left, right)
    middle = (left + right) / 2
    parts: Floats = np.maximum((rel_entr(left, middle) + rel_entr(right, middle)) / (2 * np.log(2)), 0.0)
    return parts


def jensen_shannon(left: Floats, right: Floats) -> Floats:
    """Distance between two profiles, for example the role an ally claims and the one asked of it.

    The Jensen-Shannon distance with base-2 logarithms (the square root of the divergence): a
    metric, symmetric, without unit.  Where a share t of one side's role talk is in roles that the
    other side lacks altogether, and the rest is shared out alike on both sides, and likewise the
    other way round, the squared distance is t.

    Args:
        left: Shares of the first profile, shape (..., n_roles), summing to 1.
        right: Shares of the second, in the same order.

    Returns:
        0.0 for identical profiles up to 1.0 for profiles with no role in common; shape (...).

    Raises:
        RolecoderError: A profile has a negative share or does not sum to 1 within 1e-6.

    References:
        Endres & Schindelin (2003), IEEE Transactions on Information Theory 49(7).

    >>> import numpy as np
    >>> float(jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    1.0
    """
    import numpy as np

    distance: Floats = np.sqrt(np.minimum(divergence_parts(left, right).sum(axis=-1), 1.0))
    return distance


def total_variation(left: Floats, right: Floats) -> Floats:
    """Share of role talk that would have to move for the two profiles to be the same.

    Half the sum of the absolute differences; symmetric, without unit.

    Args:
        left: Shares of the first profile, shape (..., n_roles), summing to 1.
        right: Shares of the second, in the same order.

    Returns:
        0.0 for identical profiles up to 1.0 for profiles with no role in common; shape (...).

    Raises:
        RolecoderError: A profile has a negative share or does not sum to 1 within 1e-6.

    References:
        Levin & Peres (2017), Markov Chains and Mixing Times, section 4.1.

    >>> import numpy as np
    >>> float(total_variation(np.array([0.5, 0.5, 0.0]), np.array([0.5, 0.25, 0.25])))
    0.25
    """
    import numpy as np

    _check(left, right)
    total: Floats = np.abs(left - right).sum(axis=-1) / 2
    return total


def activity_shift(left: Floats, right: Floats, ranks: Floats) -> Floats:
    """How much more active the first profile is than the second, in ranks of Holsti's order.

    The mean rank of the second profile less that of the first.  Rank 1 is the most active role, so a
    *positive* shift means that the first profile is the more active: with prescription first and
    conception second, the ally is asked to be more active than it sees itself.

    Args:
        left: Shares of the first profile, shape (..., n_roles), summing to 1.
        right: Shares of the second, in the same order.
        ranks: Rank of each role, 1 the most active; shape (n_roles,).

    Returns:
        Between -(highest - lowest rank) and +(highest - lowest rank); 0 where the mean ranks are
        equal, which different profiles may have; changes its sign when the sides change; shape (...).

    Raises:
        RolecoderError: A profile has a negative share or does not sum to 1 within 1e-6, or the
            ranks are not one per role.

    References:
        Ranks: Holsti (1970), International Studies Quarterly 14(3), 260-270.

    >>> import numpy as np
    >>> float(activity_shift(np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([2.0, 17.0])))
    15.0
    """
    _check(left, right, ranks)
    shift: Floats = (right - left) @ ranks
    return shift


def earth_mover(left: Floats, right: Floats, ranks: Floats) -> Floats:
    """Least number of ranks, on average, by which role talk would have to move along Holsti's order.

    The Wasserstein-1 distance on the line of ranks: the sum over neighbouring ranks of the absolute
    difference of the cumulated shares times the step between the ranks.  Never below the absolute
    ``activity_shift``, and equal to it where all talk would move in one direction.

    Args:
        left: Shares of the first profile, shape (..., n_roles), summing to 1.
        right: Shares of the second, in the same order.
        ranks: Rank of each role; shape (n_roles,), in any order.

    Returns:
        0.0 for identical profiles up to (highest - lowest rank); symmetric; shape (...).

    Raises:
        RolecoderError: A profile has a negative share or does not sum to 1 within 1e-6, or the
            ranks are not one per role.

    References:
        Rubner, Tomasi & Guibas (2000), International Journal of Computer Vision 40(2).

    >>> import numpy as np
    >>> float(earth_mover(np.array([0.5, 0.0, 0.5]), np.array([0.0, 1.0, 0.0]), np.array([1.0, 2.0, 3.0])))
    1.0
    """
    import numpy as np

    _check(left, right, ranks)
    order = np.argsort(ranks, kind="stable")
    ahead = np.cumsum((left - right)[..., order], axis=-1)[..., :-1]
    moved: Floats = np.abs(ahead) @ np.diff(ranks[order])
    return moved


def cohens_kappa(left: Floats, right: Floats) -> Floats:
    """Agreement of two profiles beyond chance, where each side keeps its own level.

    1 - D / E, with D the sum over roles of (left - right)^2, and E the same expected when the two
    sides' values were paired at random: sum (left - mean left)^2 + sum (right - mean right)^2 +
    n_roles (mean left - mean right)^2.  For values 0 and 1 it is Cohen's kappa of the two-by-two
    table.  Common absences, which inflate plain similarity, count as much as chance gives them.

    Args:
        left: A non-negative value per role, shape (..., n_roles): shares, or shares of passages.
        right: The same for the second side.

    Returns:
        1 for identical values, 0 where they agree as much as chance does, below 0 where less; never
        below -1; NaN where every value of both sides is the same; symmetric; shape (...).  Two
        profiles that each sum to 1 have equal means, and then it equals ``scotts_pi``.

    Raises:
        RolecoderError: A value is negative, or the shapes differ.

    References:
        Häge (2011), Political Analysis 19(3); Cohen (1960), Educational and Psychological Measurement 20(1).

    >>> import numpy as np
    >>> round(float(cohens_kappa(np.array([0.6, 0.4, 0.0]), np.array([0.5, 0.4, 0.1]))), 3)
    0.927
    """
    chance = _spread(left) + _spread(right)
    apart = left.mean(axis=-1) - right.mean(axis=-1)
    return _beyond_chance(left, right, chance + left.shape[-1] * apart**2)


def scotts_pi(left: Floats, right: Floats) -> Floats:
    """Agreement of two profiles beyond chance, where chance draws both sides from one common level.

    1 - D / E as in ``cohens_kappa``, with E = sum (left - m)^2 + sum (right - m)^2 and m the mean
    over both sides.  For values 0 and 1 it is Scott's pi of the two-by-two table.

    Args:
        left: A non-negative value per role, shape (..., n_roles): shares, or shares of passages.
        right: The same for the second side.

    Returns:
        1 for identical values, 0 where they agree as much as chance does, below 0 where less; never
        below -1; NaN where every value of both sides is the same; symmetric; shape (...).

    Raises:
        RolecoderError: A value is negative, or the shapes differ.

    References:
        Häge (2011), Political Analysis 19(3); Scott (1955), Public Opinion Quarterly 19(3).

    >>> import numpy as np
    >>> float(scotts_pi(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    -1.0
    """
    chance = _spread(left) + _spread(right)
    apart = left.mean(axis=-1) - right.mean(axis=-1)
    return _beyond_chance(left, right, chance + left.shape[-1] * apart**2 / 2)


def _spread(values: Floats) -> Floats:
    spread: Floats = ((values - values.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    return spread


def _beyond_chance(left: Floats, right: Floats, expected: Floats) -> Floats:
    import numpy as np

    if left.shape != right.shape or (left < 0).any() or (right < 0).any():
        raise RolecoderError(
            f"values of shape {left.shape} and {right.shape}",
            expected="no negative value, and one per role on each side",
        )
    observed = ((left - right) ** 2).sum(axis=-1)
    defined = expected > 0
    agreement: Floats = np.where(defined, 1 - observed / np.where(defined, expected, 1.0), np.nan)
    return agreement


def _check(left: Floats, right: Floats, ranks: Floats | None = None) -> None:
    import numpy as np

    for side in (left, right):
        if side.shape[-1] != left.shape[-1] or (side < 0).any() or (np.abs(side.sum(axis=-1) - 1) > TOLERANCE).any():
            raise RolecoderError(
                f"a profile of {side.shape[-1]} roles whose shares sum to {np.ravel(side.sum(axis=-1))[0]:.6g}",
                expected="shares of the same roles on both sides, none negative, with the sum 1",
            )
    if ranks is not None and ranks.shape != left.shape[-1:]:
        raise RolecoderError(f"{ranks.size} ranks for {left.shape[-1]} roles", expected="one rank per role")
