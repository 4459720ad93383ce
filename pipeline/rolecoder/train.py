"""Hand labels -> model bundle: one-vs-rest regressions, calibrated and scored by cross-validation.

Everything that is chosen or reported comes from folds that keep documents whole.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rolecoder import __version__
from rolecoder.annotations import Labels
from rolecoder.bundle import CHECKED_LIBRARIES, VECTOR_PARTS, Block, Bundle, EncoderNote, Head, Words
from rolecoder.calibrate import choose_thresholds, weigh_blocks
from rolecoder.classify import block_scores, decide, log_odds, logistic, weigh_counts, word_counter
from rolecoder.errors import RolecoderError
from rolecoder.evaluate import evaluate
from rolecoder.folds import grouped_folds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Vectors = NDArray[np.float32]
    Floats = NDArray[np.float64]
    Encode = Callable[[Sequence[str]], Vectors]
    Advance = Callable[[int, int | None], None]

CURVE = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """Choices of the training; the defaults were found by cross-validation on the project's labels."""

    blocks: tuple[tuple[str, ...], ...] = (("text",), ("words",))  # parts side by side in a block, blocks stacked
    strength: float = 3.0  # inverse of the regularisation of each regression (C)
    max_terms: int = 30_000
    folds: int = 5
    seed: int = 0
    min_documents: int = 5  # a role with fewer is refused
    few_documents: int = 20  # a role with fewer is warned of
    drop_rare: bool = False  # leave such roles out of the model instead
    curve: bool = True
    resamples: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """What cross-validation says of every labelled passage, each judged by a model that did not see its document."""

    scores: Floats  # of the blocks; shape (n, n_roles, n_blocks)
    probabilities: Floats  # calibrated on the other folds; shape (n, n_roles)
    decided: NDArray[np.bool_]  # with thresholds from the other folds; same shape


def train(
    labels: Labels,
    encoder: EncoderNote,
    encode: Encode,
    settings: TrainSettings,
    *,
    name: str,
    coded_by: str = "Not stated.",
    progress: Advance | None = None,
) -> Bundle:
    """Train a model on hand labels.

    Args:
        labels: Under the codebook that the model will carry.
        encoder: What ``encode`` is.
        encode: Turns texts into vectors.
        settings: See ``TrainSettings``.
        name: Of the model.
        coded_by: Who coded the labels and how; stands in the model card.
        progress: Called with the number of fits done and of all.

    Raises:
        RolecoderError: A role has labels in too few documents, or there are fewer documents than folds.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    labels, warnings = check_classes(labels, settings)
    needed = {part for block in settings.blocks for part in block if part in VECTOR_PARTS}
    vectors = {part: encode([getattr(row, part) for row in labels.rows]) for part in sorted(needed)}
    data = _Data(labels=labels, vectors=vectors, settings=settings)
    steps = _Steps(progress, settings.folds * (1 + len(CURVE) * settings.curve) + 1)
    with threadpool_limits(1):  # matrices this small are slower, and differ in the last digit, on more threads
        folds = grouped_folds(labels.documents, labels.texts, labels.matrix, folds=settings.folds, seed=settings.seed)
        held_out = cross_validate(data, folds, steps)
        head = _calibrated(fit_blocks(data, np.arange(len(labels)))[0], held_out, labels)
        steps.step()
        scores = _score(labels, held_out, settings) | {"curve": _curve(data, folds, held_out, steps)}
    return Bundle(
        name=name,
        codebook=labels.codebook,
        encoder=encoder,
        head=head,
        labels=_note(labels, coded_by),
        scores=scores,
        training=asdict(settings) | {"warnings": warnings},
        versions=_versions(),
    )


def _calibrated(head: Head, held_out: HeldOut, labels: Labels) -> Head:
    import numpy as np

    mixing, offsets = weigh_blocks(held_out.scores, labels.matrix)
    head = replace(head, mixing=mixing.astype(np.float32), offsets=offsets.astype(np.float32))
    thresholds = choose_thresholds(logistic(log_odds(held_out.scores, head)), labels.matrix)
    return replace(head, thresholds=thresholds.astype(np.float32))


def check_classes(labels: Labels, settings: TrainSettings) -> tuple[Labels, list[str]]:
    """Refuse or leave out roles with labels in too few documents; warn of those with few.

    Returns:
        The labels, under a codebook without the roles left out, and the warnings.

    Raises:
        RolecoderError: Roles are too rare and ``settings.drop_rare`` is not set.
    """
    counts = {role: len(documents) for role, documents in _documents_by_role(labels).items()}
    rare = [role for role, count in counts.items() if count < settings.min_documents]
    shown = ", ".join(f"{role} ({counts[role]})" for role in rare)
    if (rare and not settings.drop_rare) or len(rare) == len(counts):
        raise RolecoderError(
            f"too few documents with a label: {shown}",
            expected=f"at least {settings.min_documents} documents for each role of the codebook",
            mend="code more passages of these roles, or leave them out of the model: --drop-rare",
        )
    warnings = [f"left out of the model, in fewer than {settings.min_documents} documents: {shown}"] if rare else []
    few = [role for role, count in counts.items() if settings.min_documents <= count < settings.few_documents]
    if few:
        shown = ", ".join(f"{role} ({counts[role]})" for role in few)
        warnings.append(
            f"labelled in fewer than {settings.few_documents} documents, so scored with little certainty: {shown}"
        )
    if rare:
        book = replace(labels.codebook, roles=tuple(r for r in labels.codebook.roles if r.code not in rare))
        rows = tuple(replace(row, roles=tuple(r for r in row.roles if r not in rare)) for row in labels.rows)
        labels = replace(labels, codebook=book, rows=rows)
    return labels, warnings


def cross_validate(data: _Data, folds: NDArray[np.int64], steps: _Steps, *, share: float = 1.0) -> HeldOut:
    """Judge every passage by a model trained, calibrated and thresholded on the other folds.

    Args:
        data: Labels and features.
        folds: The fold of each passage.
        steps: Told of each fit.
        share: Of the training documents to use, for the learning curve.
    """
    import numpy as np

    truth = data.labels.matrix
    scores = np.empty((*truth.shape, len(data.settings.blocks)))
    for fold in np.unique(folds):
        outside = np.flatnonzero(folds != fold)
        kept = outside[_sampled([data.labels.documents[i] for i in outside], share, data.settings.seed)]
        head, columns = fit_blocks(data, kept)
        inside = np.flatnonzero(folds == fold)
        scores[inside] = block_scores(data.parts(inside, head.words, columns), head)
        steps.step()
    probabilities, decided = np.empty(truth.shape), np.zeros(truth.shape, dtype=bool)
    for fold in np.unique(folds):
        outside, inside = folds != fold, folds == fold
        mixing, offsets = weigh_blocks(scores[outside], truth[outside])
        apply = lambda rows, m=mixing, o=offsets: logistic((scores[rows] * m).sum(axis=-1) + o)  # noqa: E731
        thresholds = choose_thresholds(apply(outside), truth[outside])
        probabilities[inside] = apply(inside)
        decided[inside] = decide(probabilities[inside], thresholds)
    return HeldOut(scores=scores, probabilities=probabilities, decided=decided)


def fit_blocks(data: _Data, rows: NDArray[np.int64]) -> tuple[Head, NDArray[np.int64] | None]:
    """Fit the regressions of every block on some rows; not yet calibrated, every threshold .5.

    Returns:
        The head, and the columns of ``data.counts`` that its words are.
    """
    import numpy as np

    settings, truth = data.settings, data.labels.matrix[rows]
    words, columns = data.choose_words(rows)
    parts = data.parts(rows, words, columns)
    blocks = tuple(
        _regress(names, [parts[name] for name in names], truth, (data.weights[rows], settings.strength))
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
    """Take the terms that occur in enough passages, the commonest where they are too many.

    A term's weight is log((1 + n) / (1 + passages with it)) + 1.

    Args:
        terms: Every term of the labels.
        counts: Of each passage; shape (n, all terms).
        max_terms: At most so many are taken.

    Returns:
        The terms taken, and their columns in ``counts``.

    Raises:
        RolecoderError: No term is left.
    """
    import numpy as np

    n = counts.shape[0]
    spread = np.bincount(counts.indices, minlength=counts.shape[1])  # passages with the term
    columns = np.flatnonzero(spread >= np.clip(n // 200, 1, 3))
    if not len(columns):
        raise RolecoderError("no word to learn from", expected="texts with words")
    columns = np.sort(columns[np.argsort(-spread[columns], kind="stable")[:max_terms]])
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
    coefficients = np.zeros((truth.shape[1], x.shape[1]), dtype=np.float32)
    intercepts = np.zeros(truth.shape[1], dtype=np.float32)
    for role in range(truth.shape[1]):
        y = truth[:, role]
        if y.min() == y.max():  # a role that this part of the labels lacks: its share, smoothed
            intercepts[role] = np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5))
            continue
        model = LogisticRegression(C=strength, solver="newton-cg", max_iter=1000)
        model.fit(x, y, sample_weight=weights)
        coefficients[role], intercepts[role] = model.coef_[0], model.intercept_[0]
    return Block(parts=names, coefficients=coefficients, intercepts=intercepts)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Data:
    """Labels with the features that are computed once."""

    labels: Labels
    vectors: Mapping[str, Vectors]
    settings: TrainSettings

    @cached_property
    def weights(self) -> Floats:
        import numpy as np

        return np.array([1.0 if row.weight is None else row.weight for row in self.labels.rows])

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
        if words is not None:
            found["words"] = weigh_counts(self.counts[1][rows][:, columns], words)
        return found


class _Steps:
    """Counts fits for whoever shows progress."""

    def __init__(self, progress: Advance | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _sampled(documents: Sequence[str], share: float, seed: int) -> NDArray[np.int64]:
    import numpy as np

    names = np.unique(np.asarray(documents))
    chosen = np.random.default_rng(seed).permutation(names)[: max(round(len(names) * share), 1)]
    return np.flatnonzero(np.isin(documents, chosen))


def _documents_by_role(labels: Labels) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: set() for code in labels.codebook.codes}
    for document, row in zip(labels.documents, labels.rows, strict=True):
        for role in row.roles:
            found[role].add(document)
    return found


def _score(labels: Labels, held_out: HeldOut, settings: TrainSettings) -> dict[str, Any]:
    """Scores on all rows and, where rows say how they were drawn, on ordinary and on sought passages."""
    drawn = [row.stratum for row in labels.rows]
    subsets = {"all": list(range(len(labels)))}
    if "random" in drawn and set(drawn) != {"random"}:
        subsets["random"] = [i for i, stratum in enumerate(drawn) if stratum == "random"]
        subsets["sought"] = [i for i, stratum in enumerate(drawn) if stratum != "random"]
    return {
        name: evaluate(
            labels.matrix[rows],
            held_out.probabilities[rows],
            held_out.decided[rows],
            [labels.documents[i] for i in rows],
            labels.codebook.codes,
            resamples=settings.resamples,
            seed=settings.seed,
        ).as_json()
        for name, rows in subsets.items()
    }


def _curve(data: _Data, folds: NDArray[np.int64], full: HeldOut, steps: _Steps) -> list[dict[str, float | None]]:
    """Scores with a part of the training documents: what more labels would bring."""
    labels, points = data.labels, []
    shares = [*(CURVE if data.settings.curve else ()), 1.0]
    for share in shares:
        held_out = full if share == 1.0 else cross_validate(data, folds, steps, share=share)
        scores = evaluate(
            labels.matrix,
            held_out.probabilities,
            held_out.decided,
            labels.documents,
            labels.codebook.codes,
            resamples=0,
        )
        passages = round(len(labels) * share * (1 - 1 / data.settings.folds))
        points.append({"passages": passages, "macro_f1": scores.macro_f1.value, "micro_f1": scores.micro_f1.value})
    return points


def _note(labels: Labels, coded_by: str) -> dict[str, Any]:
    documents, matrix = _documents_by_role(labels), labels.matrix
    strata = [row.stratum for row in labels.rows]
    return {
        "coded_by": coded_by,
        "digest": labels.digest,
        "files": list(labels.sources),
        "passages": len(labels),
        "documents": len(set(labels.documents)),
        "with_a_role": int(matrix.any(axis=1).sum()),
        "random": strata.count("random"),
        "roles": {
            role: {"passages": int(matrix[:, column].sum()), "documents": len(documents[role])}
            for column, role in enumerate(labels.codebook.codes)
        },
    }


def _versions() -> dict[str, str]:
    libraries = {name: importlib.metadata.version(name) for name in CHECKED_LIBRARIES}
    return {"rolecoder": __version__, "python": platform.python_version(), **libraries}
