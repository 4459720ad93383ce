"""Thresholds per role for a precision or a recall that the study names; those for F1 are in ``learning.calibrate``.

They rest on what a model says of labelled passages whose documents it has not seen.  In a mix with
fewer roles than the labels have, precision is lower at the same threshold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

NEVER = math.inf  # the threshold of a role that is not given
MIN_GIVEN = 10  # a precision of fewer held-out passages is not believed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """For each role and threshold, how many held-out passages would be given the role, and how many rightly."""

    thresholds: Floats  # probabilities, rising from 0; shape (n_thresholds,)
    given: Floats  # counts; shape (n_roles, n_thresholds)
    hits: Floats  # of these, with the role by hand; at threshold 0 all that have it; same shape


def make_curve(probabilities: NDArray[np.float64], truth: NDArray[np.int8]) -> Curve:
    """Count decisions at thresholds from .005 to .995.

    Args:
        probabilities: Of passages by a model that did not see their documents; shape (n, n_roles).
        truth: 1 where a passage carries a role; same shape.
    """
    import numpy as np

    thresholds = (np.arange(200) / 200).astype(np.float32)
    above = probabilities[:, :, None] >= thresholds.astype(np.float64)
    right = above & (truth == 1)[:, :, None]
    given, hits = (counts.sum(axis=0).astype(np.float32) for counts in (above, right))
    return Curve(thresholds=thresholds, given=given, hits=hits)


def choose_for(curve: Curve, measure: Literal["precision", "recall"], wanted: float) -> Floats:
    """Find for each role the threshold that reaches a precision with most recall, or a recall with most precision.

    Args:
        curve: Of a model.
        measure: What is named.
        wanted: Its least value, 0 to 1.

    Returns:
        Thresholds, shape (n_roles,); ``NEVER`` where no threshold reaches the value in held-out documents, or
        reaches the precision only with fewer than ``MIN_GIVEN`` passages.
    """
    import numpy as np

    found = np.full(len(curve.hits), NEVER, dtype=np.float32)
    for role, (given, hits) in enumerate(zip(curve.given, curve.hits, strict=True)):
        if measure == "precision":
            reached = np.flatnonzero((given >= MIN_GIVEN) & (hits >= wanted * given))
            place = 0  # the lowest
        else:
            reached = np.flatnonzero(hits >= wanted * hits[0]) if hits[0] else np.empty(0, dtype=np.int64)
            place = -1  # the highest
        if len(reached):
            found[role] = curve.thresholds[reached[place]]
    return found


def counts_at(curve: Curve, thresholds: Floats, rates: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Change the error rates of roles to what they are at other thresholds.

    Args:
        curve: Of the same held-out passages.
        thresholds: Of each role, out of those of the curve, or ``NEVER``.
        rates: As ``count_errors`` gives them: by role ``tp``, ``fp``, ``fn``, ``tn``, and what does not change.
    """
    import numpy as np

    found = {}
    for (role, told), given, hits, limit in zip(rates.items(), curve.given, curve.hits, thresholds, strict=True):
        place = int(np.searchsorted(curve.thresholds, limit))
        every, there = int(given[0]), int(hits[0])
        some, right = (int(given[place]), int(hits[place])) if place < len(given) else (0, 0)
        wrong = some - right
        found[role] = {**told, "tp": right, "fp": wrong, "fn": there - right, "tn": every - there - wrong}
    return found


def over_roles(counts: Mapping[str, Mapping[str, Any]]) -> tuple[int, int, int]:
    """Of a subset's error rates, all roles together: how many were given rightly, given at all, and labelled."""
    right, wrong, missed = (sum(int(role[cell]) for role in counts.values()) for cell in ("tp", "fp", "fn"))
    return right, right + wrong, right + missed


def lacking_curve(name: str, asked: str) -> RolecoderError:
    """The error where a model was made before models kept the curve."""
    return RolecoderError(
        f"the model {name!r} does not say what precision and recall it reaches at other thresholds",
        expected=f"a model that does, since the study asks for a {asked}",
        mend="train it again with this version (rolecoder train), or set coding.thresholds to f1",
    )
