"""Shares of roles out of a coder's predictions and, where there are any, hand labels.

Four estimators give the same thing, an ``Estimate`` whose parts by document add up to the share:

- ``design_based``: hand-labelled passages drawn with known probability correct the predictions;
- ``counted``: the plain share of its codings, for comparison;
- ``adjusted`` and ``expected_prior``, which assume that the model errs here as elsewhere: in ``assumed``.

Because each is a sum over documents, distances between profiles are worked out from the same parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecoder.measuring.estimates import PULL, Estimate
from rolecoder.measuring.resampling import by_document

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

TUNE = 5.0  # positives at which a role's own weight on the predictions counts as much as that of all roles
JEFFREYS = 0.5  # prior of what is drawn, in passages of either kind
LEAST = 10  # labelled positives of all roles below which predictions are left aside


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """The passages that a share is of."""

    documents: Indices  # the document of each passage, 0 up; shape (n,)
    units: Floats  # what each counts: 1, its words, or 1 over the passages of its document; shape (n,)
    strata: Indices  # from which each was or might have been drawn for labelling; shape (n,)

    @property
    def sizes(self) -> Floats:
        """Each document's part of all units; sums to 1; shape (n_documents,)."""
        import numpy as np

        sizes: Floats = np.bincount(self.documents, self.units) / self.units.sum()
        return sizes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Passages of the population that were labelled by hand, drawn with known probability."""

    rows: Indices  # which passages; shape (n_labelled,)
    probability: Floats  # with which each was drawn; shape (n_labelled,)
    truth: Floats  # 1 where it carries the role, NaN where undecided; shape (n_labelled, n_roles)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ErrorRates:
    """How a coder errs on each role: the rates, and draws of them that carry their uncertainty."""

    sensitivity: Floats  # shape (n_roles,)
    false_alarms: Floats  # shape (n_roles,)
    drawn_sensitivity: Floats  # shape (draws, n_roles)
    drawn_false_alarms: Floats


def units_of(passages: pd.DataFrame, documents: Indices, unit: str) -> Floats:
    """What each passage counts: 1, its words, or 1 over the passages of its document; shape (n,).

    Args:
        passages: Their ``words``.
        documents: The document of each, 0 up; shape (n,).
        unit: "passages", "words" or "documents".
    """
    import numpy as np

    if unit == "words":
        return np.asarray(np.maximum(passages["words"].to_numpy(dtype=np.float64), 1.0))
    if unit == "documents":
        return np.asarray(1.0 / np.bincount(documents)[documents])
    return np.ones(len(documents))


ROUNDING = 1e-12  # a share no larger is what rounding leaves of 0


def counted(population: Population, coded: Floats) -> Estimate:
    """The plain share: what the coder gave, as if it never erred.

    Args:
        population: The passages.
        coded: 1 where the coder gave the role; shape (n, n_roles).
    """
    import numpy as np

    units = population.units / population.units.sum()
    share = units @ coded
    strays = by_document(units[:, None] * coded, population.documents) - population.sizes[:, None] * share
    return Estimate(
        name="count",
        share=share,
        strays=strays,
        sizes=population.sizes,
        base=float(len(coded)),
        positives=np.asarray(coded.sum(axis=0)),
        freedom=len(population.sizes) - 1,
        heard=np.isin(np.arange(len(population.sizes)), population.documents[coded.any(axis=1)]),
    )


def design_based(population: Population, predicted: Floats, drawn: Drawn) -> Estimate:
    """Predictions for every passage, corrected by the labelled ones: it holds whatever the coder's errors.

    With f the prediction, y the label and l a weight, the share is the mean over strata (by their
    units) of l mean(f) + mean over labelled of (y - l f) / probability.  The weight l between 0 and 1 is
    that which makes the variance, clustered by document, smallest ("power tuning"); a role with few labelled
    positives takes most of it from all roles together.  With fewer than ten labelled positives of all
    roles predictions are left aside (l = 0): labels only.

    Args:
        population: The passages; strata without two labelled passages are joined with the next.
        predicted: Any prediction of the truth, best a probability; shape (n, n_roles).
        drawn: At least two labelled passages.

    References:
        Angelopoulos et al. (2023), Science 382(6671), and Angelopoulos, Duchi & Zrnic (2023), arXiv:2311.01453,
        for the estimator and its tuning; Egami et al. (2023), NeurIPS 36, for drawing with known probability;
        Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, for the strata.
    """
    import numpy as np

    documents, rows = population.documents, drawn.rows
    known = ~np.isnan(drawn.truth)
    truth = np.where(known, drawn.truth, 0.0)
    positives = truth.sum(axis=0)
    strata = _joined(population.strata, rows)
    part = _Parts(population, strata, rows, known * (population.units[rows] / drawn.probability)[:, None])
    labelled, label_strays = part.mean(truth, np.broadcast_to(0.0, predicted.shape))
    gained, gain_strays = part.mean(-predicted[rows], predicted)
    tuned = np.zeros(len(positives))
    if positives.sum() >= LEAST:
        cross, square = (label_strays * gain_strays).sum(axis=0), (gain_strays**2).sum(axis=0)
        own = np.clip(-cross / np.maximum(square, 1e-300), 0.0, 1.0)
        common = min(max(-cross.sum() / max(square.sum(), 1e-300), 0.0), 1.0)
        tuned = (positives * own + TUNE * common) / (positives + TUNE)
    share = labelled + tuned * gained
    return Estimate(
        name="design-based" if positives.sum() >= LEAST else "labels only",
        share=np.where(np.abs(share) < ROUNDING, 0.0, share),
        strays=label_strays + tuned * gain_strays,
        sizes=population.sizes,
        base=float(known.sum(axis=0).mean()),
        positives=positives,
        freedom=len(np.unique(documents[rows])) - 1,
        heard=np.isin(np.arange(len(population.sizes)), documents[rows[truth.any(axis=1)]]),
        pull=PULL if positives.sum() >= LEAST else math.inf,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Means over strata of labelled passages, and what each document adds to their straying."""

    population: Population
    strata: Indices  # of each passage, none without a labelled one
    rows: Indices
    weights: Floats  # units over probability, 0 where undecided; shape (n_labelled, n_roles)

    def mean(self, labelled: Floats, everywhere: Floats) -> tuple[Floats, Floats]:
        """Mean of ``everywhere`` over the population, and of ``labelled`` over strata, added; and its strays.

        Args:
            labelled: What is known of the labelled passages only; shape (n_labelled, n_roles).
            everywhere: What is known of every passage; shape (n, n_roles).
        """
        import numpy as np

        units = self.population.units / self.population.units.sum()
        inside = self.strata[self.rows]
        count = int(self.strata.max()) + 1
        within = by_document(self.weights, inside, count)
        summed, known = by_document(self.weights * labelled, inside, count), within.sum(axis=0)
        overall = np.divide(summed.sum(axis=0), known, out=np.zeros_like(known), where=known > 0)
        means = np.broadcast_to(overall, within.shape).copy()  # of a stratum where every label leaves the role open
        np.divide(summed, within, out=means, where=within > 0)
        whole = np.bincount(self.strata, units, count)
        fitted = everywhere + means[self.strata]
        share = units @ fitted
        drawn = np.bincount(inside, minlength=count)
        few = np.sqrt(drawn / np.maximum(drawn - 1, 1))  # a stratum's own mean leaves it one degree of freedom less
        scale = np.divide(whole[:, None] * few[:, None], within, out=np.zeros_like(within), where=within > 0)
        residual = scale[inside] * self.weights * (labelled - means[inside])
        filled = np.where(within > 0, 0.0, whole[:, None]).sum(axis=0)  # by what the labels of other strata say
        over = np.divide(filled, known, out=np.zeros_like(known), where=known > 0)
        residual = residual + over * self.weights * (labelled - overall)
        documents, n = self.population.documents, len(self.population.sizes)
        strays = by_document(units[:, None] * (fitted - share), documents, n)
        return share, strays + by_document(residual, documents[self.rows], n)


def _joined(strata: Indices, rows: Indices) -> Indices:
    """Number the strata anew so that each holds two labelled passages or more, joining a poor one to the next."""
    import numpy as np

    names, place = np.unique(strata, return_inverse=True)
    drawn = np.bincount(place[rows], minlength=len(names))
    renamed, current, held = np.zeros(len(names), dtype=np.intp), 0, 0
    for number, count in enumerate(drawn):
        renamed[number] = current
        held += int(count)
        if held >= 2:
            current, held = current + 1, 0
    if held or (current and (renamed == current).any()):  # what is left over goes to the last full one
        renamed[renamed == current] = max(current - 1, 0)
    return np.asarray(renamed[place])
