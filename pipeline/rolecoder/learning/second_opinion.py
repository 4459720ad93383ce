"""Is a second opinion on holder and aspect better than the cues of the words alone?  Measured, then kept or left out.

By log-loss of the labelled pair of holder and aspect, on documents that the opinion has not learnt from: it counts how
sure each is of what is right, and so tells them apart on fewer labels than shares of right answers do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.annotations import Labels
from rolecoder.attribute import Correction, decide, weigh
from rolecoder.evaluate_holders import Told, score_holders, told_rows
from rolecoder.learning.fit import TrainSettings
from rolecoder.learning.folds import NO_FOLD
from rolecoder.model.opinion import FEWEST, Opinion, learn_opinion
from rolecoder.records import Aspect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Encode = Callable[[Sequence[str]], NDArray[np.float32]]

FIGURES = ("holder", "holder_of_others", "aspect_macro_f1")
TOO_FEW = (
    "holder and aspect are told by cues of the words alone: to learn more of them takes "
    f"{FEWEST} labelled passages, with their source, of each kind: held by the source, held by another, prescribed, "
    "performed"
)
NOT_BETTER = (
    "holder and aspect are told by cues of the words alone: a second opinion learnt on these labels was no better on "
    "documents that it had not learnt from"
)
NOT_MEASURED = (
    "holder and aspect are told by cues of the words alone: a second opinion learnt on these labels could not be "
    "measured, which takes sources and holders that are actors of the table"
)


def choose_opinion(
    labels: Labels, folds: NDArray[np.int64], encode: Encode, actors: Actors, settings: TrainSettings
) -> tuple[Opinion | None, dict[str, Any] | None, str | None]:
    """Learn a second opinion, and keep it where one learnt on the other folds beats the cues alone.

    Args:
        labels: With ids; those in ``NO_FOLD`` are learnt from and not judged.
        folds: The fold of each label.
        encode: Of the encoder that the model will code with.
        actors: All actors; labels whose source is none of them are not judged.
        settings: Resamples and seed of the intervals.

    Returns:
        The opinion, None where it is left out; how both do, None where no label can be judged; and why it is left out.
    """
    opinion = learn_opinion(labels, encode)
    fold_of = dict(zip((row.label_id for row in labels.rows), folds.tolist(), strict=True))
    told = [one for one in told_rows(labels, actors) if fold_of[one.row.label_id] != NO_FOLD]
    if not told:
        return None, None, TOO_FEW if opinion is None else NOT_MEASURED
    scores: dict[str, Any] = {
        "n": len(told),
        "n_documents": len({one.document for one in told}),
        "kept": False,
        "cues": _judged(told, actors, settings, None),
    }
    if opinion is None:
        return None, scores, TOO_FEW
    held_out = _held_out(labels, folds, told, [fold_of[one.row.label_id] for one in told], encode)
    scores["opinion"] = _judged(told, actors, settings, held_out)
    before, after = scores["cues"]["log_loss"], scores["opinion"]["log_loss"]
    if before is None or after is None:
        return None, scores, NOT_MEASURED
    scores["kept"] = after < before
    return (opinion, scores, None) if after < before else (None, scores, NOT_BETTER)


def _held_out(
    labels: Labels, folds: NDArray[np.int64], told: Sequence[Told], fold_of: Sequence[int], encode: Encode
) -> Correction:
    """What opinions learnt on the other folds say of each passage; nothing where those have too few labels."""
    import numpy as np

    vectors = encode([one.item.text for one in told])
    sources = [one.item.source for one in told]
    of_fold: dict[int, Correction] = {}
    for fold in sorted(set(fold_of)):
        learnt = learn_opinion(labels.only(np.flatnonzero(folds != fold).tolist()), encode)
        if learnt is not None:
            of_fold[fold] = learnt.of(vectors, sources)

    def add(number: int, holder: str, aspect: Aspect) -> float:
        learnt = of_fold.get(fold_of[number])
        return 0.0 if learnt is None else learnt.add(number, holder, aspect)

    return Correction(add=add)


def _judged(
    told: Sequence[Told], actors: Actors, settings: TrainSettings, correction: Correction | None
) -> dict[str, Any]:
    """How well passages are attributed, with intervals; and the log-loss of the pair, where the cues propose it."""
    weighed = weigh([one.item for one in told], actors, correction=correction)
    given = decide(weighed, actors)
    scores = asdict(score_holders(told, given, resamples=settings.resamples, seed=settings.seed))
    right = [
        found.chances[pair]
        for one, found in zip(told, weighed, strict=True)
        if (pair := (one.row.holder, one.row.aspect)) in found.chances
    ]
    loss = -sum(math.log(max(chance, 1e-12)) for chance in right) / len(right) if right else None
    return {name: scores[name] for name in FIGURES} | {"log_loss": loss, "n_log_loss": len(right)}
