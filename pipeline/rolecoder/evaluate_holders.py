"""How often holder and aspect are right, given the roles by hand, with intervals by resampling documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.annotations import Label, Labels
from rolecoder.attribute import SIDES, Attributable, Correction, decide, weigh
from rolecoder.attribution.told import told_holders
from rolecoder.evaluate import Estimate, documents_of, estimate_of, mean_defined, ratio, redrawn
from rolecoder.measuring.resampling import by_document
from rolecoder.records import Attribution

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Read = Callable[[Sequence[Attributable], Actors], Correction | None]  # what a model has learnt beside the cues


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A passage with a role by hand whose holder, aspect and source are labelled too, as attribution reads it."""

    row: Label
    item: Attributable
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderScores:
    """How often holder and aspect are right, given the roles by hand."""

    n: int
    n_documents: int
    n_others: int  # passages whose holder is another than the source
    holder: Estimate  # share right, the likeliest taken however unsure
    holder_of_others: Estimate  # the same, where it is another than the source
    aspect_macro_f1: Estimate  # over the aspects that occur by hand
    min_confidence: float  # below it, in a study, holder or aspect is unknown:
    holder_unknown: Estimate  # share of passages
    holder_known: Estimate  # share right of the others
    aspect_unknown: Estimate
    aspect_known: Estimate
    resamples: int
    level: float

    def as_json(self) -> dict[str, Any]:
        """Everything as numbers, lists and mappings, ready for ``json.dumps``."""
        return asdict(self)


def told_rows(labels: Labels, actors: Actors) -> list[Told]:
    """The passages on which holder and aspect can be judged: with role, holder, aspect, and a source among the actors.

    Args:
        labels: With ids (``with_ids``).
        actors: All actors.
    """
    document = dict(zip((row.label_id for row in labels.rows), labels.documents, strict=True))
    return [
        Told(row=row, item=item, document=document[row.label_id])
        for row, item in told_holders(labels, actors)
        if row.holder and item.source
    ]


def judge_holders(
    told: Sequence[Told],
    actors: Actors,
    read: Read,
    *,
    min_confidence: float,
    resamples: int = 1000,
    seed: int = 0,
) -> HolderScores:
    """Attribute passages as the product does, and score what it says.

    Args:
        told: See ``told_rows``; at least one.
        actors: All actors.
        read: What a model has learnt beside the cues, as ``Model.second_reading``.
        min_confidence: A holder or aspect below it is unknown.
        resamples: Number of draws of documents; 0 for no intervals.
        seed: Of the draws.
    """
    items = [one.item for one in told]
    correction = read(items, actors)
    weighed = weigh(items, actors, correction=correction)
    likeliest, sure = (decide(weighed, actors, least) for least in (0.0, min_confidence))
    return score_holders(told, likeliest, sure, min_confidence=min_confidence, resamples=resamples, seed=seed)


def score_holders(
    told: Sequence[Told],
    likeliest: Sequence[Attribution],
    sure: Sequence[Attribution] | None = None,
    *,
    min_confidence: float = 0.0,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> HolderScores:
    """Score attributions of passages whose roles are those by hand.

    F1 of an aspect = 2 TP / (2 TP + FP + FN).

    Args:
        told: See ``told_rows``; at least one.
        likeliest: Of each, however unsure.
        sure: Of each, where what is unsure is unknown; by default ``likeliest``.
        min_confidence: What they are sure of.
        resamples: Number of draws of documents; 0 for no intervals.
        level: Of the percentile intervals.
        seed: Of the draws.
    """
    import numpy as np

    places, weights = redrawn([one.document for one in told], resamples, seed)
    every = np.ones(len(told), dtype=bool)

    def counted(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        flat = rows.reshape(len(rows), -1).astype(np.float64)
        summed: NDArray[np.float64] = weights @ by_document(flat, places, weights.shape[1])
        return summed

    def share(rows: NDArray[np.bool_], among: NDArray[np.bool_]) -> Estimate:
        draws = ratio(counted(rows & among), counted(among))[:, 0]
        return estimate_of(draws, level, int(documents_of(among[:, None], places)[0]))

    def said(given: Sequence[Attribution], name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        values = [getattr(one, name) for one in given]
        right = [getattr(one.row, name) == value for one, value in zip(told, values, strict=True)]
        return np.array(right, dtype=bool), np.array([value is not None for value in values], dtype=bool)

    others = np.array([one.row.holder != one.item.source for one in told], dtype=bool)
    coded = np.array([[one.row.aspect == side for side in SIDES] for one in told], dtype=bool)
    given = np.array([[one.aspect == side for side in SIDES] for one in likeliest], dtype=bool)
    by_hand = counted(coded)
    f1 = np.where(by_hand > 0, ratio(2 * counted(coded & given), by_hand + counted(given)), np.nan)
    known = {name: said(likeliest if sure is None else sure, name) for name in ("holder", "aspect")}
    right = said(likeliest, "holder")[0]
    return HolderScores(
        n=len(told),
        n_documents=weights.shape[1],
        n_others=int(others.sum()),
        holder=share(right, every),
        holder_of_others=share(right, others),
        aspect_macro_f1=estimate_of(mean_defined(f1), level, weights.shape[1]),
        min_confidence=min_confidence,
        **{f"{name}_unknown": share(~there, every) for name, (_, there) in known.items()},
        **{f"{name}_known": share(hit, there) for name, (hit, there) in known.items()},
        resamples=resamples,
        level=level,
    )
