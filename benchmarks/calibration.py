"""How to calibrate: one temperature for all roles, Platt's way per role as the product does it, or isotonic per role.

    ROLECODER_DATA=/path/to/data python benchmarks/calibration.py

The word regressions of `rolecoder train` alone (no encoder, terms of one or two words) are fitted in five folds of
train.csv and more.csv that keep documents whole; each calibration is fitted on the held-out scores of four of the
folds and judged on those of the fifth.  The same with every eighth passage, as many as a study of one's own may have.
A minute and a half of one core.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from rolecoder.annotations import Labels, read_labels
from rolecoder.classify import log_odds, logistic
from rolecoder.codebook import read_codebook
from rolecoder.evaluate import Scores, evaluate
from rolecoder.learning.calibrate import weigh_blocks
from rolecoder.learning.folds import grouped_folds

Array = NDArray[np.float64]
Truth = NDArray[np.int8]
ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ROLECODER_DATA", ROOT / ".." / "shared"))
FOLDS = 5
EDGE = 1e-4  # isotonic regression says 0 and 1, whose log-loss has no bound
WAYS = ("as they are", "temperature, one for all roles", "Platt per role, pulled together", "isotonic per role")


def main() -> None:
    """Print the table."""
    book = read_codebook(ROOT / "labels" / "codebook.yaml")
    own = ROOT / "labels" / "holsti-17"
    labels = read_labels([own / "train.csv", own / "more.csv"], book, root=DATA / "corpora")
    print(f"{'':34}{'calibration error':>24}{'log-loss of a passage':>24}")
    with threadpool_limits(1):
        for every in (1, 8):
            compare(labels.only(range(0, len(labels), every)))


def compare(labels: Labels) -> None:
    """Print how each way does."""
    folds = grouped_folds(labels.documents, labels.texts, labels.matrix, folds=FOLDS, seed=0)
    scores = held_out(labels, folds)
    print(f"{len(labels):,} passages, {len(set(labels.documents)):,} documents, {FOLDS} folds")
    for way in WAYS:
        found = np.empty(scores.shape)
        for fold in range(FOLDS):
            inside, outside = folds == fold, folds != fold
            found[inside] = calibrated(way, scores[outside], labels.matrix[outside], scores[inside])
        error = judged(labels, found).ece
        print(f"{way:34}{error.printed(4):>24}{log_loss(found, labels.matrix):>24.4f}", flush=True)


def held_out(labels: Labels, folds: NDArray[np.int64]) -> Array:
    """Log-odds by regressions fitted on the other folds; shape (n, n_roles)."""
    scores = np.empty(labels.matrix.shape)
    for fold in range(FOLDS):
        outside, inside = labels.only(np.flatnonzero(folds != fold)), labels.only(np.flatnonzero(folds == fold))
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, max_features=30_000, sublinear_tf=True)
        x, z = words.fit_transform(outside.texts), words.transform(inside.texts)
        for role in range(scores.shape[1]):
            model = LogisticRegression(C=10, solver="liblinear", dual=True, random_state=0)
            scores[folds == fold, role] = model.fit(x, outside.matrix[:, role]).decision_function(z)
    return scores


def calibrated(way: str, scores: Array, truth: Truth, new: Array) -> Array:
    """Probabilities of new log-odds by what scores of other folds teach; shape as ``new``."""
    if way == WAYS[0]:
        return logistic(new)
    if way == WAYS[1]:
        factor = minimize_scalar(lambda k: log_loss(logistic(k * scores), truth), bounds=(0.05, 5), method="bounded").x
        return logistic(factor * new)
    if way == WAYS[2]:
        return logistic(log_odds(new[..., None], *weigh_blocks(scores[..., None], truth)))
    columns = [
        IsotonicRegression(y_min=EDGE, y_max=1 - EDGE, out_of_bounds="clip").fit(scores[:, r], truth[:, r])
        for r in range(truth.shape[1])
    ]
    return np.column_stack([column.predict(new[:, r]) for r, column in enumerate(columns)])


def judged(labels: Labels, chances: Array) -> Scores:
    """The scores with intervals by resampling documents; nothing is decided."""
    nothing = np.zeros(chances.shape, dtype=bool)
    return evaluate(labels.matrix, chances, nothing, labels.documents, labels.codebook.codes, resamples=200)


def log_loss(chances: Array, truth: Truth) -> float:
    """Mean over passages of the sum over roles."""
    inside = np.clip(chances, 1e-9, 1 - 1e-9)
    return float(-(np.log(inside) * truth + np.log(1 - inside) * (1 - truth)).sum(axis=1).mean())


if __name__ == "__main__":
    main()
