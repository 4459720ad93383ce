"""Shares of roles out of a coder's predictions and, where there are any, hand labels.

Four estimators give the same thing, an ``Estimate`` whose parts by document add up to the share:

- ``design_based``: hand-labelled passages drawn with known probability correct the predictions;
- ``adjusted``: the model's error rates, measured elsewhere, correct the count of its codings;
- ``expected_prior``: the model's probabilities, moved to the share that is their mean (EMQ);
- ``counted``: the plain share of its codings, for comparison.

Because each is a sum over documents, distances between profiles are worked out from the same parts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rolecoder.measuring.estimates import PULL, Estimate, effective_size
from rolecoder.measuring.resampling import by_document

if TYPE_CHECKING:
    import numpy as np
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


ROUNDS = 200  # of EMQ at most; it ends when nothing moves by 1e-7
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


def adjusted(
    population: Population,
    coded: Floats,
    portion: Floats,
    rates: Sequence[ErrorRates],
    genres: Indices,
    rng: np.random.Generator,
) -> Estimate:
    """The count corrected by the coder's error rates, taken to hold here too: adjusted count.

    share = (share coded - portion x false alarms) / (sensitivity - false alarms), by genre and at most 1, summed.
    What a profile's codings are of all of the source's codings of the role is taken to be its portion of
    the false ones as well.  The draws carry how far the rates themselves are known; the interval is that of draws of
    both, the rates and the count (a beta distribution at the count's effective sample size), so that it is wide for
    a role that was never coded and that the model hardly finds; benchmarks/README.md says how often it holds.

    Args:
        population: The passages.
        coded: 1 where the coder gave the role in this cell; shape (n, n_roles).
        portion: The cell's part of all codings of the role in the population; shape (n_roles,).
        rates: Of each genre, with sensitivity above false alarms, also in every draw.
        genres: The genre of each passage, 0 up; shape (n,).
        rng: Source of the draws of the count.

    References:
        Forman (2008), Data Mining and Knowledge Discovery 17(2); Rogan & Gladen (1978), American Journal of
        Epidemiology 107(1).
    """
    import numpy as np

    units = population.units / population.units.sum()
    alarms = np.stack([rate.false_alarms for rate in rates])[genres]
    reach = np.stack([rate.sensitivity - rate.false_alarms for rate in rates])[genres]
    fitted, plain = (coded - portion * alarms) / reach, counted(population, coded)
    size = effective_size(plain)
    drawn, spread = np.zeros_like(rates[0].drawn_sensitivity), np.zeros_like(rates[0].drawn_sensitivity)
    for genre, rate in enumerate(rates):
        inside = genres == genre
        whole = units[inside].sum()
        fitted[inside] /= np.maximum(units[inside] @ fitted[inside] / whole, 1.0)  # no more than the genre has
        part, n = units[inside] @ coded[inside] / whole, size * whole
        wrong, apart = portion * rate.drawn_false_alarms, rate.drawn_sensitivity - rate.drawn_false_alarms
        drawn += whole * np.minimum((part - wrong) / apart, 1.0)
        prior = JEFFREYS * whole  # half a passage in all, however many genres
        chance = rng.beta(part * n + prior, np.maximum(1 - part, 0.0) * n + prior, drawn.shape)
        spread += whole * np.minimum((chance - wrong) / apart, 1.0)
    return replace(
        counted(population, fitted),
        name="adjusted count",
        positives=plain.positives,
        heard=plain.heard,
        drawn=np.clip(drawn, 0.0, 1.0),
        spread=np.clip(spread, 0.0, 1.0),
    )


def expected_prior(
    population: Population,
    probabilities: Floats,
    coded: Floats,
    others: Floats,
    trained: Floats,
    strayed: Floats,
    rng: np.random.Generator,
) -> Estimate:
    """The share at which the model's probabilities, moved to it, have it as their mean: EMQ.

    Starts from the share of positives that the model was trained with, and moves probabilities and share in
    turn (Saerens et al. 2002); strays by linearisation at the end, and so do the draws, which carry how far the
    calibration is known.  Of the share, the cell has the portion that its codings are of all codings of the role;
    the portion is drawn too (a beta distribution; for the interval of the share with half a coding more on either side,
    and with what documents stray).

    Args:
        population: The passages.
        probabilities: Calibrated under ``trained``; shape (n, n_roles).
        coded: 1 where the coder gave the role in this cell; shape (n, n_roles).
        others: Codings of each role in the population that are of no such cell; shape (n_roles,).
        trained: Share of positives among the labels; shape (n_roles,), each between 0 and 1.
        strayed: By how much the calibration's log-odds may be off; shape (draws, n_roles), mean 0.
        rng: Source of the draws of the portion.

    References:
        Saerens, Latinne & Decaestecker (2002), Neural Computation 14(1).
    """
    import numpy as np

    units = population.units / population.units.sum()
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    odds = p / (1 - p) * (1 - trained) / trained
    share = trained.copy()
    for _ in range(ROUNDS):
        moved = odds * share / (odds * share + 1 - share)
        after = np.clip(units @ moved, 1e-9, 1 - 1e-9)
        if np.abs(after - share).max() < 1e-7:
            break
        share = after
    moved = odds * share / (odds * share + 1 - share)
    slope = units @ (moved * (1 - moved)) / (share * (1 - share))
    strays = by_document(units[:, None] * (moved - share), population.documents) / np.maximum(1 - slope, 1e-3)
    plain, own = counted(population, coded), coded.sum(axis=0)
    portion = own / np.maximum(own + others, 1.0)
    parts = np.where(own > 0, rng.beta(np.maximum(own, 1e-9), np.maximum(others, 1e-9), strayed.shape), 0.0)
    noise = rng.standard_normal(strayed.shape) * np.sqrt((strays**2).sum(axis=0))
    steep = slope * share * (1 - share) / np.maximum(1 - slope, 1e-3)
    return Estimate(
        name="EMQ",
        share=share * portion,
        strays=strays * portion,
        sizes=plain.sizes,
        base=plain.base,
        positives=plain.positives,
        freedom=plain.freedom,
        heard=plain.heard,
        drawn=np.clip(share + steep * strayed, 0.0, 1.0) * parts,
        spread=np.clip(share + steep * strayed + noise, 0.0, 1.0)
        * rng.beta(own + JEFFREYS, others + JEFFREYS, strayed.shape),
    )


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
