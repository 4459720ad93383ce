"""Corpora drawn with a known truth, for ``coverage.py``: roles, documents, a coder that errs, labels.

Seventeen roles with prevalences from .005 to .25, several to a passage; passages cluster in documents
with a given intraclass correlation; documents are of two genres in which the coder errs differently, and differ
in length.  The coder's quality differs by role, as that of the shipped model does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rolecoder.learning.calibrate import choose_thresholds
from rolecoder.measuring.assumed import adjusted, expected_prior
from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.estimators import Drawn, ErrorRates, Population, counted, design_based
from rolecoder.measuring.rates import DRAWS, count_errors, counts_of, rates_of
from rolecoder.measuring.strata import draw, stratify

Floats = NDArray[np.float64]

PREVALENCE = np.array(
    [0.25, 0.15, 0.12, 0.10, 0.08, 0.07, 0.05, 0.04, 0.03, 0.025, 0.02, 0.02, 0.015, 0.01, 0.01, 0.005, 0.005]
)
QUALITY = np.array([2.4, 2.2, 2.0, 2.4, 1.8, 2.2, 2.4, 1.6, 2.2, 2.0, 2.4, 1.4, 2.2, 2.0, 1.2, 2.2, 0.8])
GENRES = ((1.15, 0.0), (0.7, 0.2))  # by how much the coder is better, and how much it leans to seeing roles
RANKS = np.arange(1.0, 18.0)
PASSAGES = 20.0  # of a document, on average


@dataclass(frozen=True)
class Corpus:
    """Passages of some documents: truth and predictions."""

    documents: NDArray[np.intp]
    genre: NDArray[np.intp]
    truth: Floats  # (n, 17)
    chances: Floats  # (n, 17), calibrated on average over genres

    @property
    def decided(self) -> Floats:
        """What the coder gives, at thresholds of its own for each role."""
        return (self.chances >= thresholds()).astype(np.float64)


@cache
def thresholds() -> Floats:
    """Chosen as training chooses them, on some 30,000 labelled passages of 1,500 documents."""
    data = corpus(PREVALENCE, 1500, PASSAGES, 0.05, np.random.default_rng(0))
    return choose_thresholds(data.chances, data.truth.astype(np.int8))


def lengths(documents: int, mean: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Passages of each document: at least one, and as uneven as speeches are."""
    return 1 + rng.negative_binomial(2, 2 / (1 + mean), documents)


def corpus(
    share: Floats, documents: int, mean: float, clustering: float, rng: np.random.Generator, genres: float = 0.5
) -> Corpus:
    """Draw a corpus: each role by itself, its share in a document from a beta distribution."""
    sizes = lengths(documents, mean, rng)
    place = np.repeat(np.arange(documents), sizes)
    own = np.tile(share, (documents, 1))
    if clustering > 0:
        scale = 1 / clustering - 1
        own = rng.beta(np.maximum(share * scale, 1e-9), (1 - share) * scale, own.shape)
    truth = (rng.random((len(place), 17)) < own[place]).astype(np.float64)
    genre = (rng.random(documents) < genres).astype(np.intp)[place]
    better, leans = (np.array([g[i] for g in GENRES])[genre][:, None] for i in (0, 1))
    lean = 0.3 * rng.standard_normal((documents, 17))[place]
    score = QUALITY * better * truth + leans + lean + rng.standard_normal(truth.shape)
    odds = np.log(PREVALENCE / (1 - PREVALENCE)) + QUALITY * score - QUALITY**2 / 2
    return Corpus(documents=place, genre=genre, truth=truth, chances=1 / (1 + np.exp(-odds)))


def population(data: Corpus, strata: NDArray[np.intp] | None = None) -> Population:
    """All passages of a corpus, each counting as one."""
    none = np.zeros(len(data.documents), dtype=np.intp)
    return Population(documents=data.documents, units=np.ones(len(none)), strata=none if strata is None else strata)


def sampled(data: Corpus, budget: int, stratified: bool, rng: np.random.Generator) -> tuple[Population, Drawn]:
    """Draw passages to label: by simple chance, or as `rolecoder plan` does."""
    expected = data.chances.sum(axis=1) if stratified else np.zeros(len(data.documents))
    strata = stratify(expected, budget)
    drawn, probability = draw(strata, budget, rng, np.zeros(len(strata), dtype=bool))
    rows = np.flatnonzero(drawn).astype(np.intp)
    return population(data, strata), Drawn(rows=rows, probability=probability[rows], truth=data.truth[rows])


def rates(labelled: Corpus, rng: np.random.Generator) -> list[ErrorRates]:
    """A coder's error rates in another corpus, by genre, as a model's card stores them."""
    found = []
    for genre in (0, 1):
        inside = labelled.genre == genre
        counts = counts_of(list(_errors(labelled, inside).values()))
        found.append(rates_of(counts, counts, int(rng.integers(2**31))))
    return found


def _errors(labelled: Corpus, rows: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """The coder's decisions in some passages of a labelled corpus, right and wrong, by role."""
    documents, names = [str(place) for place in labelled.documents[rows]], [str(role) for role in range(17)]
    return count_errors(labelled.truth[rows], labelled.chances[rows], labelled.decided[rows], documents, names)


def transported(data: Corpus, found: list[ErrorRates], rng: np.random.Generator) -> Estimate:
    """Adjusted count with the rates of each genre."""
    return adjusted(population(data), data.decided, np.ones(17), found, data.genre, rng)


def with_labels(data: Corpus, budget: int, stratified: bool, rng: np.random.Generator) -> dict[str, Estimate]:
    """The estimators that rest on so many labelled passages of the corpus."""
    people, drawn = sampled(data, budget, stratified, rng)
    return {
        "design-based": design_based(people, data.chances, drawn),
        "labels only": design_based(people, np.zeros_like(data.chances), drawn),
    }


def without_labels(data: Corpus, labelled: Corpus, rng: np.random.Generator) -> dict[str, Estimate]:
    """The estimators that need no labels of the corpus, with what another, labelled corpus tells of the coder."""
    people, told = population(data), _errors(labelled, np.ones(len(labelled.documents), dtype=bool))
    strayed = rng.normal(size=(DRAWS, 17)) * np.array([role["offset_error"] for role in told.values()])
    codings = data.decided.sum(axis=0)
    whole = (codings > 0).astype(np.float64)
    return {
        "adjusted count": transported(data, rates(labelled, rng), rng),
        "EMQ": expected_prior(people, data.chances, data.decided, whole, codings, PREVALENCE, strayed, rng),
        "count": counted(people, data.decided),
    }
