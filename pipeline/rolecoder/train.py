"""Hand labels -> model bundle: one-vs-rest regressions, calibrated and scored by cross-validation.

Everything that is chosen or reported comes from folds that keep documents whole.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rolecoder import __version__
from rolecoder.actors import Actors, read_actors
from rolecoder.annotations import Labels
from rolecoder.bundle import VECTOR_PARTS, Block, Bundle, EncoderNote, Head
from rolecoder.classify import log_odds, logistic
from rolecoder.evaluate import evaluate
from rolecoder.labelled_cells import RANDOM
from rolecoder.learning.calibrate import RAISED, choose_thresholds, weigh_blocks
from rolecoder.learning.doubtful import doubtful_labels
from rolecoder.learning.doubts import check_labels, documents_by_role
from rolecoder.learning.finetune import Tuned
from rolecoder.learning.fit import (
    HeldOut,
    Steps,
    TrainingData,
    TrainSettings,
    fit_blocks,
    judge_held_out,
    learnt_rows,
    score_held_out,
)
from rolecoder.learning.folds import NO_FOLD, grouped_folds
from rolecoder.learning.second_opinion import choose_opinion
from rolecoder.measuring.rates import count_errors
from rolecoder.model.bundlecheck import CHECKED_LIBRARIES
from rolecoder.model.labelled import keep_labelled
from rolecoder.model.thresholds import make_curve
from rolecoder.progress import Advance
from rolecoder.records import DOC_TYPES
from rolecoder.study.places import shipped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolecoder.learning.teach import Encode, SecondReading, Tune

CURVE = (0.25, 0.5, 0.75)
GENRE = 50  # labelled passages from which on a genre has error rates of its own
TAUGHT = ("text",)  # the block whose regressions a fine-tuned encoder brings along


def train(
    labels: Labels,
    encoder: EncoderNote,
    encode: Encode,
    settings: TrainSettings,
    *,
    name: str,
    actors: Actors | None = None,
    coded_by: str = "Not stated.",
    agreement: str = "",
    progress: Advance | None = None,
    tune: Tune | None = None,
    point: SecondReading | None = None,
) -> Bundle:
    """Train a model on hand labels.

    Args:
        labels: With ids (``with_ids``), under the codebook that the model will carry; the order of their rows does not
            matter.  Those that leave a role undecided are left out; those that were written to be learnt from
            (``WRITTEN``) are learnt from in every fold, and are in no score, threshold, calibration or error rate.
        encoder: What ``encode`` is.
        encode: Turns texts into vectors.
        settings: See ``TrainSettings``.
        name: Of the model.
        actors: All actors, to judge holders; by default those that come with the project.
        coded_by: Who coded the labels and how; stands in the model card.
        agreement: How far coders agreed, in words; stands in the card and in reports.
        progress: Called with the number of fits done and of all.
        tune: Teaches an encoder on the labels, given the fold of each and what to call as soon as it is written; it
            takes the place of ``encoder`` and ``encode``, and its own output that of the regressions on vectors.  The
            learning curve is then that of the other blocks alone, on words: an encoder would have to be taught for each
            point of it.
        point: Teaches that encoder to point at the holder, in place of a second opinion from the vectors.  It begins
            as soon as the encoder is written; those that only score, and the regressions, are learnt meanwhile.

    Raises:
        RolecoderError: A role has labels in too few documents, there are fewer documents than folds, or every row
            leaves a role undecided.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    book = labels.codebook
    labels, warnings = check_labels(labels, settings)
    left_out = [asdict(role) for role in book.roles if role not in labels.codebook.roles]
    labels = labels.only(sorted(range(len(labels)), key=lambda row: labels.rows[row].label_id))  # whatever their order
    judged, folds = labels.judged, np.full(len(labels), NO_FOLD)
    folds[labels.scored] = grouped_folds(
        judged.documents, judged.texts, judged.matrix, folds=settings.folds, seed=settings.seed
    )
    tuned = None
    if tune is not None:
        encoder, encode, tuned = tune(labels, folds, partial(point.begin, labels) if point is not None else None)
        settings = replace(settings, blocks=tuple(b for b in settings.blocks if b != TAUGHT))
    raised = RAISED if _sought(judged) else 1.0
    needed = {part for block in settings.blocks for part in block if part in VECTOR_PARTS}
    vectors = {part: encode([getattr(row, part) for row in labels.rows]) for part in sorted(needed)}
    data = TrainingData(labels=labels, vectors=vectors, settings=settings)
    steps = Steps(progress, settings.folds * (1 + len(CURVE) * settings.curve) + 1)
    with threadpool_limits(1):  # matrices this small are slower, and differ in the last digit, on more threads
        scores = regressed = score_held_out(data, folds, steps)[labels.scored]
        head = fit_blocks(data, np.arange(len(labels)))[0]
        if tuned is not None:
            scores = np.concatenate([tuned.held_out[labels.scored][..., None], scores], axis=-1)
            taught = Block(parts=TAUGHT, coefficients=tuned.coefficients, intercepts=tuned.intercepts)
            head = replace(head, blocks=(taught, *head.blocks))
        held_out = judge_held_out(scores, judged.matrix, folds[labels.scored], raised)
        head = _calibrated(head, held_out, judged, raised)
        steps.step()
        told = _score(judged, held_out, settings) | {"curve": _curve(data, folds, regressed, steps, raised)}
    labelled = keep_labelled(judged, encode)  # takes minutes, while the second reading is learnt
    doubtful, doubts = doubtful_labels(judged, held_out)
    pointer = point.wait() if point is not None else None
    opinion = None
    if pointer is None:
        known = actors or read_actors(shipped("corpora/actors.csv"))
        opinion, holders, lacking = choose_opinion(labels, folds, encode, known, settings)
        told |= {"holders": holders} if holders else {}
        warnings += [lacking] if lacking else []
    codes, subsets = judged.codebook.codes, _subsets(judged)
    return Bundle(
        name=name,
        codebook=labels.codebook,
        encoder=encoder,
        head=head,
        labels=_note(labels, coded_by, agreement),
        scores=told,
        error_rates={name: count_errors(*_judged(judged, held_out, rows), codes) for name, rows in subsets.items()},
        labelled=labelled,
        doubtful=doubtful,
        opinion=opinion,
        pointer=pointer,
        curves={name: make_curve(held_out.probabilities[rows], judged.matrix[rows]) for name, rows in subsets.items()},
        training=asdict(settings)
        | {"warnings": warnings, "raised": raised, "fine_tuning": _tuning_note(tuned), "doubtful": doubts}
        | ({"left_out": left_out} if left_out else {})
        | ({"pointing": point.settings.as_json()} if point and pointer else {}),
        versions=_versions(),
    )


def _tuning_note(tuned: Tuned | None) -> dict[str, Any] | None:
    return asdict(tuned.settings) | {"layers": tuned.layers_digest} if tuned else None


def _sought(judged: Labels) -> int:
    """How many passages were looked for, neither drawn with a known probability nor in a way that is not told."""
    return sum(row.stratum not in (None, RANDOM) and row.sampling_probability is None for row in judged.rows)


def _calibrated(head: Head, held_out: HeldOut, labels: Labels, raised: float) -> Head:
    import numpy as np

    mixing, offsets = weigh_blocks(held_out.scores, labels.matrix)
    head = replace(head, mixing=mixing.astype(np.float32), offsets=offsets.astype(np.float32))
    odds = log_odds(held_out.scores, head.mixing, head.offsets)
    thresholds = choose_thresholds(logistic(odds), labels.matrix, raised)
    return replace(head, thresholds=thresholds.astype(np.float32))


def _score(labels: Labels, held_out: HeldOut, settings: TrainSettings) -> dict[str, Any]:
    """Scores on all rows and, where rows say how they were drawn, on ordinary passages and on the others."""
    return {
        name: evaluate(
            *_judged(labels, held_out, rows), labels.codebook.codes, resamples=settings.resamples, seed=settings.seed
        ).as_json()
        for name, rows in _by_drawing(labels).items()
    }


def _subsets(labels: Labels) -> dict[str, list[int]]:
    """The rows whose errors are counted apart: by how they were drawn, and each genre with enough passages."""
    genres = Counter(row.doc_type for row in labels.rows if row.doc_type in DOC_TYPES)
    return _by_drawing(labels) | {
        f"genre:{genre}": [i for i, row in enumerate(labels.rows) if row.doc_type == genre]
        for genre, count in sorted(genres.items())
        if count >= GENRE
    }


def _by_drawing(labels: Labels) -> dict[str, list[int]]:
    drawn = [row.stratum for row in labels.rows]
    subsets = {"all": list(range(len(labels)))}
    if RANDOM in drawn and set(drawn) != {RANDOM}:
        subsets["random"] = [i for i, stratum in enumerate(drawn) if stratum == RANDOM]
        subsets["sought"] = [i for i, stratum in enumerate(drawn) if stratum != RANDOM]
    return subsets


def _judged(labels: Labels, held_out: HeldOut, rows: list[int]) -> tuple[Any, Any, Any, list[str]]:
    documents = [labels.documents[i] for i in rows]
    return labels.matrix[rows], held_out.probabilities[rows], held_out.decided[rows], documents


def _curve(
    data: TrainingData, folds: NDArray[np.int64], full: NDArray[np.float64], steps: Steps, raised: float
) -> list[dict[str, float | None]]:
    """Scores of the regressions with a part of the training documents, and with all: what more labels would bring.

    ``passages`` is how many a fold learns from, on average; where documents are of unequal length, no share of all.
    """
    import numpy as np

    inside, labels, points = data.labels.scored, data.labels.judged, []
    shares = [*(CURVE if data.settings.curve else ()), 1.0]
    for share in shares:
        scores = full if share == 1.0 else score_held_out(data, folds, steps, share=share)[inside]
        held_out = judge_held_out(scores, labels.matrix, folds[inside], raised)
        told = evaluate(
            labels.matrix,
            held_out.probabilities,
            held_out.decided,
            labels.documents,
            labels.codebook.codes,
            resamples=0,
        )
        learnt = [len(learnt_rows(data, folds, fold, share)) for fold in np.unique(folds[inside])]
        passages = round(sum(learnt) / len(learnt))
        points.append({"passages": passages, "macro_f1": told.macro_f1.value, "micro_f1": told.micro_f1.value})
    return points


def _note(labels: Labels, coded_by: str, agreement: str) -> dict[str, Any]:
    documents, judged = documents_by_role(labels), labels.judged
    matrix, strata = judged.matrix, [row.stratum for row in judged.rows]
    return {
        "coded_by": coded_by,
        "agreement": agreement,
        "digest": labels.digest,
        "files": list(labels.sources),
        "passages": len(judged),
        "documents": len(set(judged.documents)),
        "written": len(labels) - len(judged),
        "with_a_role": int(matrix.any(axis=1).sum()),
        "random": strata.count(RANDOM),
        "sought": _sought(judged),
        "drawn": sum(row.sampling_probability is not None for row in judged.rows),
        "roles": {
            role: {"passages": int(matrix[:, column].sum()), "documents": len(documents[role])}
            for column, role in enumerate(labels.codebook.codes)
        },
    }


def _versions() -> dict[str, str]:
    libraries = {name: importlib.metadata.version(name) for name in CHECKED_LIBRARIES}
    return {"rolecoder": __version__, "python": platform.python_version(), **libraries}
