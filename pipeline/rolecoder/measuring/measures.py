"""How far two profiles lie apart, with intervals: each distance less what chance adds, by document."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from rolecoder.measuring import distances
from rolecoder.measuring.resampling import (
    Interval,
    Pair,
    errors_of,
    errors_of_rates,
    invert,
    jackknife,
    shares,
    student,
    unseen,
    widened,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolecoder.measuring.resampling import Statistic

    Floats = NDArray[np.float64]


def measure(data: Pair, ranks: Floats, level: float, drawn: tuple[Floats, Floats]) -> dict[str, Interval]:
    """The distances of two profiles, with intervals where each side has two documents or more.

    Args:
        data: Both sides.
        ranks: Of the roles in Holsti's order.
        level: Of the intervals.
        drawn: From ``resampled``; with none, two distances have no interval.
    """
    left, right = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    of = statistics_of(ranks)
    plain = {name: statistic(left, right) for name, statistic in of.items()}
    if min(data.documents) < 2:
        return {name: Interval(value=float(value)) for name, value in plain.items()}
    found = {
        "jensen_shannon": jensen_shannon_interval(data, level),
        "activity_shift": activity_shift_interval(data, ranks, level),
        "agreement": agreement_interval(data, level),
    }
    widest = float(ranks.max() - ranks.min())
    for name, largest, norm in (("total_variation", 1.0, _half_sum), ("earth_mover", widest, _moved(ranks))):
        if len(drawn[0]):
            part = invert(data, norm, drawn, level)
            found[name] = Interval(value=part.value * largest, low=part.low * largest, high=part.high * largest)
        else:
            found[name] = Interval(value=float(plain[name]))
    found = {name: widened(interval, data, of[name]) for name, interval in found.items()}
    return found | {"earth_mover": _no_less(found["earth_mover"], found["activity_shift"])}


def differences(data: Pair, level: float, drawn: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Ends of the interval of each role's share on the left less that on the right.

    By the bootstrap of documents: quantiles of what is found with the resampled errors added, at the scale of Student's
    t.  Few documents that carry a role show too little doubt, so the interval is never narrower than the intervals of
    both shares make it (Newcombe), nor than what a side that says nothing of a role may still say of it.  Where both
    sides rest on error rates, which stray on both alike, by quantiles of the differences under draws of rates and
    counts, each side's least against the other's most (see ``Estimate.drawn_talk``).

    Args:
        data: Both sides.
        level: Of the interval, and of those in ``data``.
        drawn: From ``resampled``.

    Returns:
        Lower and upper ends, shape (n_roles,) each, between -1 and 1; NaN without resamples or with a single document.

    References:
        Newcombe (1998), Statistics in Medicine 17(8), method 10.
    """
    import numpy as np

    left, right = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    if min(data.documents) < 2 or not len(drawn[0]):
        return np.full_like(left, np.nan), np.full_like(left, np.nan)
    found, ends = left - right, [(1 - level) / 2, (1 + level) / 2]
    wider = student(level, min(data.documents) - 1) / student(level, 10**6)
    if data.talk_drawn is not None:
        (left_least, left_most), (right_least, right_most) = data.talk_drawn
        low = found + wider * (np.quantile(left_least - right_most, ends[0], axis=0) - found)
        high = found + wider * (np.quantile(left_most - right_least, ends[1], axis=0) - found)
        return np.clip(low, -1.0, found), np.clip(high, found, 1.0)
    errors = errors_of(data, drawn)
    low, high = found + np.quantile(wider * (errors + errors_of_rates(data, len(errors))), ends, axis=0)
    if data.ends is not None:
        (left_low, left_high), (right_low, right_high) = data.ends
        low = np.fmin(low, found - np.hypot(left - left_low, right_high - right))
        high = np.fmax(high, found + np.hypot(left_high - left, right - right_low))
    z = [student(level, documents - 1) for documents in data.documents]
    silent = [z**2 / (n + z**2) for n, z in zip(data.talk, z, strict=True)]
    low = np.minimum(low, np.where(right > 0, found, found - silent[1]))
    high = np.maximum(high, np.where(left > 0, found, found + silent[0]))
    return np.maximum(low, -1.0), np.minimum(high, 1.0)


def _no_less(moved: Interval, shift: Interval) -> Interval:
    """Earth mover's distance, which is never below the shift without its sign, held to that.

    The upper end is not below the farther end of the shift; where the shift's interval leaves out 0, value and lower
    end are not below those of the shift either.  Where it holds 0 they are left: there the shift's own value is chance.
    """
    if math.isnan(moved.high):
        return moved
    value, low, high = moved.value, moved.low, max(moved.high, abs(shift.low), abs(shift.high))
    if shift.low > 0 or shift.high < 0:
        value, low = max(value, abs(shift.value)), max(low, min(abs(shift.low), abs(shift.high)))
    return Interval(value=value, low=low, high=high)


def statistics_of(ranks: Floats) -> dict[str, Statistic]:
    """The measures of a gap as they are found, by the names of the table's columns."""
    return {
        "jensen_shannon": distances.jensen_shannon,
        "total_variation": distances.total_variation,
        "earth_mover": lambda left, right: distances.earth_mover(left, right, ranks),
        "activity_shift": lambda left, right: distances.activity_shift(left, right, ranks),
        "agreement": distances.scotts_pi,
    }


def _half_sum(difference: Floats) -> Floats:
    import numpy as np

    return np.asarray(np.abs(difference).sum(axis=-1) / 2)


def _moved(ranks: Floats) -> Callable[[Floats], Floats]:
    """Earth mover's distance as a norm of the difference of two profiles, over its largest value."""
    import numpy as np

    order = np.argsort(ranks, kind="stable")
    steps = np.diff(ranks[order])
    widest = max(float(steps.sum()), 1e-12)  # 0 where all roles are of one rank
    return lambda difference: np.asarray(np.abs(np.cumsum(difference[..., order], axis=-1)[..., :-1]) @ steps / widest)


def agreement_interval(data: Pair, level: float) -> Interval:
    """Scott's pi less its bias, with an interval by the jackknife over documents.

    For profiles that each sum to 1, Cohen's kappa is the same number.  Few documents make profiles that are alike look
    less so, and those that have little in common more, so the bias has either sign.  The interval is at least so wide
    that talk ``unseen`` may lie in another role.  Much of the bias is left where documents are few, so the squared
    error is raised by the square of twice the bias; and the upper end by the talk ``unseen``, because roles that
    both sides share, and of which one has not spoken yet, make them look less alike than they are.
    """
    found = jackknife(data, distances.scotts_pi)
    value = min(max(found.plain - found.bias, -1.0), 1.0)
    error = math.hypot(found.error, 2 * found.bias)
    half, doubt = student(level, min(data.documents) - 1) * error, unseen(data, level)
    low, high = value - max(half, 2 * doubt), value + max(half, doubt) + doubt
    return Interval(value=value, low=max(low, -1.0), high=min(high, 1.0))


def jensen_shannon_interval(data: Pair, level: float) -> Interval:
    """The distance less its bias, with an interval by the jackknife over documents.

    Works on the squared distance, which is smooth, and takes the root at the end; Student's t has
    the degrees of freedom of the side with fewer documents.  Some of the bias is left, the more so the
    farther the profiles lie apart, because there a role not yet spoken of weighs most; so the squared error is
    raised by the squared bias times the squared distance.  The ends leave room for what is ``unseen``:
    the lower is not above the distance if each side in truth gave that much of its talk to the other
    side's roles, the upper not below that if each gave it to roles that the other lacks.
    """
    found = jackknife(data, lambda left, right: distances.divergence_parts(left, right).sum(axis=-1))
    bias = max(found.bias, 0.0)  # few documents push it upwards only; what is below 0 is chance
    value = min(max(found.plain - bias, 0.0), 1.0)
    half = student(level, min(data.documents) - 1) * math.sqrt(found.error**2 + value * found.bias**2)
    left, right, doubt = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0)), unseen(data, level)
    nearer = (1 - doubt) * left + doubt * right, (1 - doubt) * right + doubt * left
    low = min(value, found.plain - bias - half, float(distances.jensen_shannon(*nearer)) ** 2)
    high = max(value, found.plain - bias + half, value + doubt * (1 - value))
    return Interval(value=math.sqrt(value), low=math.sqrt(max(low, 0.0)), high=math.sqrt(min(high, 1.0)))


def activity_shift_interval(data: Pair, ranks: Floats, level: float) -> Interval:
    """The shift with an interval by the jackknife over documents; a mean of ranks has no such bias.

    The interval is at least so wide that talk ``unseen`` may lie at the far end of the order.
    """
    found = jackknife(data, lambda left, right: distances.activity_shift(left, right, ranks))
    widest = float(ranks.max() - ranks.min())
    half = max(student(level, min(data.documents) - 1) * found.error, unseen(data, level) * widest)
    return Interval(value=found.plain, low=max(found.plain - half, -widest), high=min(found.plain + half, widest))
