"""Stage 5. Vectors and words -> role probabilities and decisions.

How texts become vectors is handed in as a function, so that this stage knows no encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rolecoder.bundle import VECTOR_PARTS, Bundle, Head, Words
from rolecoder.codebook import MAX_ROLES as MAX_ROLES
from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Vectors = NDArray[np.float32]
    Floats = NDArray[np.float64]
    Encode = Callable[[Sequence[str]], Vectors]
    Part = Vectors | csr_matrix

RUN = "~"  # stands before a run of letters among the terms; no word begins with it
_ROWS = 4096  # passages whose words are counted together, for memory's sake


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageTexts:
    """Texts of passages with their neighbourhood, row by row."""

    text: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]

    def __post_init__(self) -> None:
        if not len(self.text) == len(self.before) == len(self.after):
            raise RolecoderError(
                f"{len(self.text)} texts, {len(self.before)} before, {len(self.after)} after", expected="one of each"
            )

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coded:
    """Probabilities and decisions, one row per passage, one column per role of the codebook."""

    roles: tuple[str, ...]
    thresholds: Floats  # shape (n_roles,)
    probabilities: Floats  # shape (n, n_roles), 0 to 1
    decided: NDArray[np.bool_]  # same shape; at most MAX_ROLES a row

    def given(self, row: int) -> tuple[str, ...]:
        """Name the roles of one passage, the clearest first."""
        import numpy as np

        clear = _clearness(self.probabilities[row : row + 1], self.thresholds)[0]
        order = np.argsort(-clear, kind="stable")
        return tuple(self.roles[column] for column in order if self.decided[row, column])


def classify(passages: PassageTexts, bundle: Bundle, encode: Encode) -> Coded:
    """Say of each passage how probable each role is, and which it is given.

    Args:
        passages: What to code.
        bundle: The model.
        encode: Turns texts into vectors of the bundle's encoder; see ``Bundle.check_encoder``.

    Raises:
        RolecoderError: The vectors have another width than the model's.
    """
    import numpy as np

    vectors = {part: encode(getattr(passages, part)) for part in bundle.head.parts if part in VECTOR_PARTS}
    for part, array in vectors.items():
        if array.shape != (len(passages), bundle.encoder.dim):
            raise RolecoderError(
                f"vectors of shape {array.shape} for {part!r}", expected=f"({len(passages)}, {bundle.encoder.dim})"
            )
    odds = np.empty((len(passages), len(bundle.roles)))
    for rows in _slices(len(passages)):
        parts: dict[str, Part] = {part: array[rows] for part, array in vectors.items()}
        if bundle.head.words is not None:
            parts["words"] = word_matrix(passages.text[rows], bundle.head.words)
        odds[rows] = log_odds(block_scores(parts, bundle.head), bundle.head.mixing, bundle.head.offsets)
    probabilities = logistic(odds)
    thresholds = bundle.head.thresholds.astype(np.float64)
    return Coded(
        roles=bundle.roles,
        thresholds=thresholds,
        probabilities=probabilities,
        decided=decide(probabilities, thresholds),
    )


def _slices(count: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS) for start in range(0, count, _ROWS))


def word_matrix(texts: Sequence[str], words: Words) -> csr_matrix:
    """Count the terms of texts and weigh them; shape (n, n_terms)."""
    counter = word_counter({term: column for column, term in enumerate(words.terms)})
    return weigh_counts(counter.transform(texts), words)


def word_counter(vocabulary: Mapping[str, int] | None = None) -> Any:
    """Set up the counting of terms of one or two words and of runs of letters, as in training so in use (scikit-learn).

    Runs of three to five letters, never across words, find a word in forms that no label has.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(ngram_range=(1, 2), strip_accents="unicode").build_analyzer()
    runs = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), strip_accents="unicode").build_analyzer()

    def terms(text: str) -> list[str]:
        return [*words(text), *(RUN + run for run in runs(text))]

    known = vocabulary is not None and not any(term.startswith(RUN) for term in vocabulary)
    return CountVectorizer(analyzer=words if known else terms, vocabulary=vocabulary)


def weigh_counts(counts: csr_matrix, words: Words) -> csr_matrix:
    """Turn counts into (1 + log count) x idf; in each row the words have length 1, and so have the runs of letters."""
    import numpy as np

    weighed = counts.astype(np.float64)
    weighed.data = (1 + np.log(weighed.data)) * words.idf.astype(np.float64)[weighed.indices]
    runs = np.array([term.startswith(RUN) for term in words.terms], dtype=np.int64)
    kinds = 2 * np.repeat(np.arange(weighed.shape[0]), np.diff(weighed.indptr)) + runs[weighed.indices]
    lengths = np.sqrt(np.bincount(kinds, weights=weighed.data**2, minlength=2 * weighed.shape[0]))
    weighed.data /= lengths[kinds]
    return weighed


def block_scores(parts: Mapping[str, Part], head: Head) -> Floats:
    """Score each block of features by its own regressions; shape (n, n_roles, n_blocks)."""
    import numpy as np

    scores = []
    for block in head.blocks:
        total = block.intercepts.astype(np.float64)
        start = 0
        for part in block.parts:
            width = parts[part].shape[1]
            weights = block.coefficients[:, start : start + width].astype(np.float64)
            total = total + parts[part] @ weights.T
            start += width
        scores.append(total)
    return np.stack(scores, axis=-1)


def log_odds(scores: Floats, mixing: NDArray[np.floating[Any]], offsets: NDArray[np.floating[Any]]) -> Floats:
    """Weigh the blocks against each other and calibrate; shape (n, n_roles)."""
    import numpy as np

    odds: Floats = (scores * mixing.astype(np.float64)).sum(axis=-1) + offsets.astype(np.float64)
    return odds


def logistic(odds: Floats) -> Floats:
    """Probability of log-odds, between 0 and 1."""
    from scipy.special import expit

    probability: Floats = expit(odds)
    return probability


def decide(probabilities: Floats, thresholds: Floats) -> NDArray[np.bool_]:
    """Give every role at or above its threshold, and of more than ``MAX_ROLES`` the clearest."""
    import numpy as np

    given = probabilities >= thresholds
    if probabilities.shape[1] > MAX_ROLES:
        beyond = np.argsort(-_clearness(probabilities, thresholds), axis=1, kind="stable")[:, MAX_ROLES:]
        np.put_along_axis(given, beyond, False, axis=1)
    return given


def _clearness(probabilities: Floats, thresholds: Floats) -> Floats:
    """Log-odds above the threshold: how clear a role is, comparable between roles."""
    import numpy as np

    edge = np.array([1e-9, 1 - 1e-9])
    p, t = np.clip(probabilities, *edge), np.clip(thresholds, *edge)
    clear: Floats = np.log(p / (1 - p)) - np.log(t / (1 - t))
    return clear
