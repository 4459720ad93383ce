"""How well codings agree with hand labels: scores per role and over all, with intervals.

Every interval comes from resampling documents, never passages: passages of one speech are alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError
from rolecoder.measuring.estimates import wilson_ends
from rolecoder.measuring.resampling import by_document, student

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Decisions = NDArray[np.int8] | NDArray[np.bool_]

MIN_POSITIVES = 8  # a role with fewer stays out of the macro mean that is compared between models
BINS = 10
ECE = (
    "expected calibration error: how far, in the mean, a probability lies from the share of passages that carry the "
    "role among those of like probability"
)
MEANS = ("macro_f1", "macro_f1_all", "micro_f1", "any_f1", "any_precision", "any_recall", "ece")
ROLE_FIGURES = ("precision", "recall", "f1", "average_precision", "ece")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A score with its interval; None where it is not defined, for example the recall of an absent role."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def printed(self, digits: int = 2) -> str:
        """The score as text: "0.61 [0.60, 0.62]"; "-" where it is not defined."""
        if self.value is None:
            return "-"
        interval = "" if self.low is None else f" [{self.low:.{digits}f}, {self.high:.{digits}f}]"
        return f"{self.value:.{digits}f}{interval}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScores:
    """Scores of one role."""

    role: str
    n: int  # passages that carry it by hand
    n_coded: int  # passages that were given it
    precision: Estimate
    recall: Estimate
    f1: Estimate
    average_precision: Estimate
    ece: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores over all roles and of each."""

    n: int
    n_documents: int
    macro_f1: Estimate  # over roles with at least MIN_POSITIVES passages
    macro_f1_all: Estimate  # over every role that occurs by hand or was given
    micro_f1: Estimate
    any_f1: Estimate  # any role against none
    any_precision: Estimate
    any_recall: Estimate
    ece: Estimate  # mean over roles
    roles: tuple[RoleScores, ...]
    resamples: int
    level: float

    def as_json(self) -> dict[str, Any]:
        """Everything as numbers, lists and mappings, ready for ``json.dumps``."""
        return asdict(self)


def evaluate(
    truth: Decisions,
    probabilities: Floats,
    decided: Decisions,
    documents: Sequence[str],
    roles: Sequence[str],
    *,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Scores:
    """Score codings against hand labels.

    F1 = 2 TP / (2 TP + FP + FN).  Average precision is the sum over distinct scores, falling, of
    (recall gained) x (precision there).  Expected calibration error sorts probabilities into ten
    equal bins and takes the mean distance of a bin's mean probability from its share of positives,
    weighed by the bin's size (Guo et al. 2017, ICML 70).

    Args:
        truth: 1 where a passage carries a role by hand; shape (n, n_roles).
        probabilities: Between 0 and 1; same shape.
        decided: 1 where a role was given; same shape.
        documents: The document of each passage: what is drawn anew, with replacement.
        roles: Names of the columns.
        resamples: Number of draws; 0 for no intervals.
        level: Of the percentile intervals, for example 0.95.
        seed: Of the draws.

    Raises:
        RolecoderError: The shapes do not fit, or there is nothing to score.
    """
    import numpy as np

    shape = (len(documents), len(roles))
    if not truth.shape == probabilities.shape == decided.shape == shape or not documents:
        raise RolecoderError(
            f"shapes {truth.shape}, {probabilities.shape}, {decided.shape}, {len(documents)} documents, "
            f"{len(roles)} roles",
            expected="one row per passage and one column per role, and at least one passage",
        )
    places, weights = redrawn(documents, resamples, seed)
    y, d = truth.astype(bool), decided.astype(bool)
    raw = _scores(y, probabilities, d, places, weights)
    of_all = raw | {"ece": mean_defined(raw["ece"])}

    sides = {"precision": d, "f1": y | d, "ece": np.ones_like(y)}
    behind = {name: documents_of(sides.get(name, y), places) for name in ROLE_FIGURES}
    whole = {"any_precision": d, "any_recall": y, "ece": np.ones_like(y)}
    over_all = {name: documents_of(whole.get(name, y | d).any(axis=1)[:, None], places)[0] for name in MEANS}

    def estimate(name: str, column: int | None = None) -> Estimate:
        draws, known = (
            (of_all[name], over_all[name]) if column is None else (raw[name][:, column], behind[name][column])
        )
        return estimate_of(draws, level, int(known), moved=name == "ece")

    per_role = tuple(
        RoleScores(
            role=role,
            n=int(y[:, r].sum()),
            n_coded=int(d[:, r].sum()),
            **{name: estimate(name, r) for name in ROLE_FIGURES},
        )
        for r, role in enumerate(roles)
    )
    return Scores(
        n=len(documents),
        n_documents=weights.shape[1],
        **{name: estimate(name) for name in MEANS},
        roles=per_role,
        resamples=resamples,
        level=level,
    )


def _scores(
    y: NDArray[np.bool_], p: Floats, d: NDArray[np.bool_], places: NDArray[np.int64], weights: Floats
) -> dict[str, Floats]:
    """Every score of every draw: shape (draws,) or (draws, n_roles); NaN where not defined."""
    import numpy as np

    def add(rows: NDArray[Any]) -> Floats:
        summed: Floats = weights @ by_document(rows.astype(np.float64), places, weights.shape[1])
        return summed

    hit, given, there = add(y & d), add(d), add(y)
    any_y, any_d = (np.asarray(rows.any(axis=1))[:, None] for rows in (y, d))
    any_hit, any_given, any_there = (add(rows)[:, 0] for rows in (any_y & any_d, any_d, any_y))
    f1 = ratio(2 * hit, given + there)
    return {
        "precision": ratio(hit, given),
        "recall": ratio(hit, there),
        "f1": f1,
        "macro_f1": mean_defined(f1[:, y.sum(axis=0) >= MIN_POSITIVES]),
        "macro_f1_all": mean_defined(f1[:, (y | d).any(axis=0)]),
        "micro_f1": ratio(2 * hit.sum(axis=1), (given + there).sum(axis=1)),
        "any_f1": ratio(2 * any_hit, any_given + any_there),
        "any_precision": ratio(any_hit, any_given),
        "any_recall": ratio(any_hit, any_there),
        "ece": _calibration_error(y, p, add),
        "average_precision": _average_precision(y, p, places, weights),
    }


def _calibration_error(y: NDArray[np.bool_], p: Floats, add: Callable[[NDArray[Any]], Floats]) -> Floats:
    import numpy as np

    bins = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    gap: Floats = np.zeros(1)
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            gap = gap + np.abs(add(np.where(inside, p - y, 0.0)))
    total = add(np.ones_like(p))
    return ratio(np.broadcast_to(gap, total.shape), total)


def _average_precision(y: NDArray[np.bool_], p: Floats, places: NDArray[np.int64], weights: Floats) -> Floats:
    import numpy as np

    scores = np.full((len(weights), y.shape[1]), np.nan)
    for role in range(y.shape[1]):
        order = np.argsort(-p[:, role], kind="stable")
        positive = y[order, role]
        if not positive.any():
            continue
        falls = np.append(np.flatnonzero(np.diff(p[order, role])), len(order) - 1)  # last row of each run of ties
        hits = np.flatnonzero(positive)
        ends = falls[np.searchsorted(falls, hits)]
        for block in range(0, len(weights), 128):
            some = weights[block : block + 128][:, places[order]]
            above = np.cumsum(some, axis=1)[:, ends]
            own = some[:, hits]
            found = np.cumsum(own, axis=1)[:, np.searchsorted(hits, ends, side="right") - 1]
            scores[block : block + 128, role] = ratio((own * ratio(found, above, 0.0)).sum(axis=1), own.sum(axis=1))
    return scores


def redrawn(documents: Sequence[str], resamples: int, seed: int) -> tuple[NDArray[np.int64], Floats]:
    """Draw documents anew, with replacement.

    Returns:
        The number of each row's document, shape (n,); and how often each draw has each document, shape
        (1 + resamples, n_documents): the first are the data as they are.
    """
    import numpy as np

    places = np.unique(np.asarray(documents), return_inverse=True)[1]
    count = int(places.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    return places, np.vstack([np.ones((1, count)), drawn]).astype(np.float64)


def documents_of(rows: NDArray[np.bool_], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """In how many documents each column has a row that counts; shape (n_roles,)."""
    import numpy as np

    return np.asarray((by_document(rows.astype(np.float64), places) > 0).sum(axis=0))


def ratio(over: NDArray[Any], under: NDArray[Any], empty: float = math.nan) -> Floats:
    """Divide; ``empty`` where there is nothing to divide by."""
    import numpy as np

    result: Floats = np.divide(over, under, out=np.full(np.shape(over), empty), where=under > 0)
    return result


def mean_defined(rows: Floats) -> Floats:
    """Mean over columns, leaving out what is not defined."""
    import numpy as np

    known = ~np.isnan(rows)
    return ratio(np.where(known, rows, 0.0).sum(axis=1), known.sum(axis=1))


def estimate_of(draws: Floats, level: float, behind: int, *, moved: bool = False) -> Estimate:
    """The first draw is the value; the others give the interval where most of them are defined.

    There is none of fewer than two documents ``behind`` the value; where all draws are 0 or all are 1, it is Wilson's
    of so many documents.  A calibration error is biased upward in small samples, and in resamples once more: its draws
    are ``moved`` so that their median is the value.
    """
    import numpy as np

    value, rest = float(draws[0]), draws[1:][~np.isnan(draws[1:])]
    if math.isnan(value):
        return Estimate(value=None)
    if behind < 2 or not len(draws) > 1 or len(rest) < (len(draws) - 1) / 2:
        return Estimate(value=value)
    if not moved and value in (0.0, 1.0) and (rest == value).all():
        ends = wilson_ends(np.array([value]), np.array([float(behind)]), student(level, behind - 1))
        return Estimate(value=value, low=float(ends[0][0]), high=float(ends[1][0]))
    low, middle, high = np.quantile(rest, [(1 - level) / 2, 0.5, (1 + level) / 2])
    shift = value - middle if moved else 0.0
    return Estimate(value=value, low=max(float(low + shift), 0.0), high=float(high + shift))


def unseen(training: object) -> str:
    """What the models of cross-validation were kept from of the document that they judge.

    Args:
        training: Of the model's record.

    Returns:
        "nothing" was seen; or "no label", where layers had learnt from the text without its labels.
    """
    tuned = training.get("fine_tuning") if isinstance(training, Mapping) else None
    return "no label" if tuned and tuned.get("layers") else "nothing"
