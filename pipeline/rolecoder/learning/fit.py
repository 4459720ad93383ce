"""Regressions on the features of labelled passages, and how they do on documents they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rolecoder.annotations import Labels
from rolecoder.bundle import Block, Head, Words
from rolecoder.classify import RUN, block_scores, decide, log_odds, logistic, weigh_counts, word_counter
from rolecoder.errors import RolecoderError
from rolecoder.learning.calibrate import choose_thresholds, weigh_blocks
from rolecoder.learning.folds import NO_FOLD
from rolecoder.progress import Advance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Vectors = NDArray[np.float32]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """Choices of the training; the defaults were found by cross-validation on the project's labels."""

    blocks: tuple[tuple[str, ...], ...] = (("text",), ("words",))  # parts side by side in a block, blocks stacked
    strength: float = 3.0  # inverse of the regularisation of each regression (C)
    word_strength: float = 10.0  # the same, of blocks with words
    max_terms: int = 30_000  # words, and as many runs of letters
    folds: int = 5
    seed: int = 0
    min_documents: int = 5  # a role with fewer is refused
    few_documents: int = 20  # a role with fewer is warned of
    drop_rare: bool = False  # leave such roles out of the model instead
    curve: bool = True
    resamples: int = 1000

    def strength_of(self, block: tuple[str, ...]) -> float:
        """How strongly the regressions of a block may follow the labels."""
        return self.word_strength if "words" in block else self.strength


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingData:
    """Labels with the features that are computed once."""

    labels: Labels
    vectors: Mapping[str, Vectors]
    settings: TrainSettings

    @cached_property
    def counts(self) -> tuple[NDArray[np.object_], csr_matrix]:
        """Every term of the labels, and how often each passage has it."""
        counter = word_counter()
        try:
            counts = counter.fit_transform(self.labels.texts)
        except ValueError as cause:
            raise RolecoderError(f"no word to learn from ({cause})", expected="texts with words") from cause
        return counter.get_feature_names_out(), counts.tocsr()

    def choose_words(self, rows: NDArray[np.int64]) -> tuple[Words | None, NDArray[np.int64] | None]:
        """The terms to learn from, judged on some rows only; None where no block uses words."""
        if not any("words" in block for block in self.settings.blocks):
            return None, None
        terms, counts = self.counts
        return choose_words(terms, counts[rows], self.settings.max_terms)

    def parts(
        self, rows: NDArray[np.int64], words: Words | None, columns: NDArray[np.int64] | None
    ) -> dict[str, Vectors | csr_matrix]:
        """The features of some rows."""
        found: dict[str, Vectors | csr_matrix] = {name: array[rows] for name, array in self.vectors.items()}
        if words is not None and columns is not None:
            found["words"] = weigh_counts(self.counts[1][rows][:, columns], words)
        return found


class Steps:
    """Counts fits for whoever shows progress."""

    def __init__(self, progress: Advance | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def step(self) -> None:
        """One fit more is done."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """What cross-validation says of every labelled passage, each judged by a model that did not see its document."""

    scores: Floats  # of the blocks; shape (n, n_roles, n_blocks)
    probabilities: Floats  # calibrated on the other folds; shape (n, n_roles)
    decided: NDArray[np.bool_]  # with thresholds from the other folds; same shape


def score_held_out(data: TrainingData, folds: NDArray[np.int64], steps: Steps, *, share: float = 1.0) -> Floats:
    """Score every passage by regressions fitted on the other folds; shape (n, n_roles, n_blocks).

    Passages in ``NO_FOLD`` are learnt from only; their scores are 0.

    Args:
        data: Labels and features.
        folds: The fold of each passage.
        steps: Told of each fit.
        share: Of the training documents to use, for the learning curve.
    """
    import numpy as np

    truth = data.labels.matrix
    scores = np.zeros((*truth.shape, len(data.settings.blocks)))
    for fold in np.unique(folds[folds != NO_FOLD]):
        head, columns = fit_blocks(data, learnt_rows(data, folds, fold, share))
        inside = np.flatnonzero(folds == fold)
        scores[inside] = block_scores(data.parts(inside, head.words, columns), head)
        steps.step()
    return scores


def learnt_rows(data: TrainingData, folds: NDArray[np.int64], fold: int, share: float) -> NDArray[np.int64]:
    """The rows that a fold is judged by: of a share of the documents outside it."""
    import numpy as np

    outside = np.flatnonzero(folds != fold)
    return outside[_sampled([data.labels.documents[i] for i in outside], share, data.settings.seed)]


def judge_held_out(scores: Floats, truth: NDArray[np.int8], folds: NDArray[np.int64], times: float = 1.0) -> HeldOut:
    """Calibrate and decide every passage by what the scores of the other folds teach.

    Args:
        scores: Of passages whose scorer did not see their documents; shape (n, n_roles, n_blocks).
        truth: 1 where a passage carries a role; shape (n, n_roles).
        folds: The fold of each passage.
        times: See ``choose_thresholds``.
    """
    import numpy as np

    probabilities, decided = np.empty(truth.shape), np.zeros(truth.shape, dtype=bool)
    for fold in np.unique(folds):
        outside, inside = folds != fold, folds == fold
        mixing, offsets = weigh_blocks(scores[outside], truth[outside])
        calibrated = logistic(log_odds(scores, mixing, offsets))
        thresholds = choose_thresholds(calibrated[outside], truth[outside], times)
        probabilities[inside] = calibrated[inside]
        decided[inside] = decide(probabilities[inside], thresholds)
    return HeldOut(scores=scores, probabilities=probabilities, decided=decided)


def fit_blocks(data: TrainingData, rows: NDArray[np.int64]) -> tuple[Head, NDArray[np.int64] | None]:
    """Fit the regressions of every block on some rows; not yet calibrated, every threshold .5.

    Returns:
        The head, and the columns of ``data.counts`` that its words are.
    """
    import numpy as np

    settings, truth, weights = data.settings, data.labels.matrix[rows], data.labels.weights[rows]
    words, columns = data.choose_words(rows)
    parts = data.parts(rows, words, columns)
    blocks = tuple(
        _regress(names, [parts[name] for name in names], truth, (weights, settings.strength_of(names)))
        for names in settings.blocks
    )
    n_roles = truth.shape[1]
    head = Head(
        blocks=blocks,
        words=words,
        mixing=np.full((n_roles, len(blocks)), 1 / len(blocks), dtype=np.float32),
        offsets=np.zeros(n_roles, dtype=np.float32),
        thresholds=np.full(n_roles, 0.5, dtype=np.float32),
    )
    return head, columns


def choose_words(terms: NDArray[np.object_], counts: csr_matrix, max_terms: int) -> tuple[Words, NDArray[np.int64]]:
    """Take the terms that occur in enough passages, the commonest of each kind where they are too many.

    A term's weight is log((1 + n) / (1 + passages with it)) + 1.

    Args:
        terms: Every term of the labels.
        counts: Of each passage; shape (n, all terms).
        max_terms: At most so many words are taken, and as many runs of letters.

    Returns:
        The terms taken, and their columns in ``counts``.

    Raises:
        RolecoderError: No term is left.
    """
    import numpy as np

    n = counts.shape[0]
    spread = np.bincount(counts.indices, minlength=counts.shape[1])  # passages with the term
    runs = np.array([str(term).startswith(RUN) for term in terms])
    found = [np.flatnonzero((spread >= np.clip(n // 200, 1, 3)) & kind) for kind in (~runs, runs)]
    if not len(found[0]):
        raise RolecoderError("no word to learn from", expected="texts with words")
    columns = np.sort(np.concatenate([c[np.argsort(-spread[c], kind="stable")[:max_terms]] for c in found]))
    idf = np.log((1 + n) / (1 + spread[columns])) + 1
    return Words(terms=tuple(map(str, terms[columns])), idf=idf.astype(np.float32)), columns


def _regress(names: tuple[str, ...], parts: Sequence[Any], truth: NDArray[np.int8], fit: tuple[Floats, float]) -> Block:
    """One regression per role on parts side by side; ``fit`` is the rows' weights and the strength."""
    import numpy as np
    from scipy.sparse import hstack, issparse
    from sklearn.linear_model import LogisticRegression

    weights, strength = fit
    sparse = any(issparse(part) for part in parts)
    x = hstack(parts).tocsr() if sparse else np.hstack(parts).astype(np.float64)
    solver = {"solver": "liblinear", "dual": True, "random_state": 0} if sparse else {"solver": "newton-cg"}
    coefficients = np.zeros((truth.shape[1], x.shape[1]), dtype=np.float32)
    intercepts = np.zeros(truth.shape[1], dtype=np.float32)
    for role in range(truth.shape[1]):
        y = truth[:, role]
        if y.min() == y.max():  # a role that this part of the labels lacks: its share, smoothed
            intercepts[role] = np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5))
            continue
        model = LogisticRegression(C=strength, max_iter=1000, **solver)
        model.fit(x, y, sample_weight=weights)
        coefficients[role], intercepts[role] = model.coef_[0], model.intercept_[0]
    return Block(parts=names, coefficients=coefficients, intercepts=intercepts)


def _sampled(documents: Sequence[str], share: float, seed: int) -> NDArray[np.int64]:
    import numpy as np

    names = np.unique(np.asarray(documents))
    chosen = np.random.default_rng(seed).permutation(names)[: max(round(len(names) * share), 1)]
    return np.flatnonzero(np.isin(documents, chosen))
