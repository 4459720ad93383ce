"""Shares without hand labels of the corpus: the model is taken to err here as it did on its own labelled passages.

- ``adjusted``: its error rates, measured elsewhere, correct the count of its codings;
- ``expected_prior``: its probabilities are moved to the share that is their mean (EMQ).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rolecoder.measuring.estimates import Estimate, effective_size
from rolecoder.measuring.estimators import JEFFREYS, ErrorRates, Population, counted
from rolecoder.measuring.resampling import by_document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

ROUNDS = 200  # of EMQ at most; it ends when nothing moves by 1e-7
NODES = 9  # values of the calibration's error, alike in weight, at which a share on the boundary is drawn
GRID = 400  # shares at which its likelihood is worked out
SURELY = 0.01  # part of the draws of a share on the boundary that are the boundary itself
CAPPED = (
    "at its cap{often}: more was coded than the model's sensitivity allows of any share, so its error rates do not "
    "hold here; the interval holds that of the plain count"
)
OFTEN = " in most draws of the model's error rates"
NONE_LEFT = (
    "the probabilities of what was coded imply that no passage carries the role; the interval holds that of the plain "
    "count"
)
ALL_TAKEN = "the probabilities imply that every passage carries the role; the interval holds that of the plain count"


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
    a role that was never coded and that the model hardly finds; benchmarks/README.md says how often it holds.  Where a
    genre's count, or more than half of the draws, would be more than all of it, the rates cannot hold here: the
    estimate says so, and its interval holds that of the plain count.

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
    over, mostly = np.zeros((2, coded.shape[1]), dtype=bool)
    for genre, rate in enumerate(rates):
        inside = genres == genre
        whole = units[inside].sum()
        found = units[inside] @ fitted[inside] / whole
        fitted[inside] /= np.maximum(found, 1.0)  # no more than the genre has
        part, n = units[inside] @ coded[inside] / whole, size * whole
        wrong, apart = portion * rate.drawn_false_alarms, rate.drawn_sensitivity - rate.drawn_false_alarms
        over, mostly = over | (found > 1), mostly | ((part - wrong > apart).mean(axis=0) > 0.5)
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
        drawn_if=partial(_drawn_if, portion, [float(units[genres == g].sum()) for g in range(len(rates))], rates),
        spread=np.clip(spread, 0.0, 1.0),
        plain=plain,
        held=over | mostly,
        remarks={int(role): CAPPED.format(often="" if over[role] else OFTEN) for role in np.flatnonzero(over | mostly)},
    )


def _drawn_if(portion: Floats, parts: Sequence[float], rates: Sequence[ErrorRates], true: Floats) -> Floats:
    """What each draw of the error rates makes of the codings that shares of ``true`` would bring; (draws, n_roles).

    Args:
        portion: As of ``adjusted``.
        parts: Of each genre, of all units.
        rates: Of each genre.
        true: The same in every genre; shape (n_roles,).
    """
    import numpy as np

    found = np.zeros_like(rates[0].drawn_sensitivity)
    for part, rate in zip(parts, rates, strict=True):
        coded = true * (rate.sensitivity - rate.false_alarms) + portion * rate.false_alarms
        apart = rate.drawn_sensitivity - rate.drawn_false_alarms
        found += part * np.minimum((coded - portion * rate.drawn_false_alarms) / apart, 1.0)
    return found


def expected_prior(
    population: Population,
    probabilities: Floats,
    coded: Floats,
    portion: Floats,
    codings: Floats,
    trained: Floats,
    strayed: Floats,
    rng: np.random.Generator,
) -> Estimate:
    """The share at which the model's probabilities, moved to it, have it as their mean: EMQ.

    Starts from the share of positives that the model was trained with, and moves probabilities and share in
    turn (Saerens et al. 2002); strays by linearisation at the end, and so do the draws, which carry how far the
    calibration is known.  Of the share, the cell has the portion that its codings are of all codings of the role;
    the portion is drawn too (a beta distribution; for the interval of the share with half a coding more on either side,
    and with what documents stray).  Where the likelihood is largest at no passage, or at all, nothing strays: there
    the share is drawn by its likelihood, and its interval holds that of the plain count; where the role was coded the
    estimate says so.

    Args:
        population: The passages.
        probabilities: Calibrated under ``trained``; shape (n, n_roles).
        coded: 1 where the coder gave the role in this cell; shape (n, n_roles).
        portion: The cell's part of all codings of the role, by their units; shape (n_roles,).
        codings: Of each role in the population, of this cell or not; shape (n_roles,).
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
    none, every = units @ odds <= 1, units @ (1 / odds) <= 1  # the likelihood falls from 0 on, or rises up to 1
    share = np.where(none, 1e-9, np.where(every, 1 - 1e-9, share))
    moved = odds * share / (odds * share + 1 - share)
    slope = units @ (moved * (1 - moved)) / (share * (1 - share))
    strays = by_document(units[:, None] * (moved - share), population.documents) / np.maximum(1 - slope, 1e-3)
    plain, own, others = counted(population, coded), portion * codings, (1 - portion) * codings
    parts = np.where(own > 0, rng.beta(np.maximum(own, 1e-9), np.maximum(others, 1e-9), strayed.shape), 0.0)
    noise = rng.standard_normal(strayed.shape) * np.sqrt((strays**2).sum(axis=0))
    steep = slope * share * (1 - share) / np.maximum(1 - slope, 1e-3)
    wide = np.clip(share + steep * strayed + noise, 0.0, 1.0)
    size = effective_size(plain)
    for role in np.flatnonzero(none | every):
        wide[:, role] = _on_the_boundary(odds[:, role], units, size[role], strayed[:, role], rng)
    return Estimate(
        name="EMQ",
        share=np.where(none, 0.0, np.where(every, 1.0, share)) * portion,
        strays=strays * portion,
        sizes=plain.sizes,
        base=plain.base,
        positives=plain.positives,
        freedom=plain.freedom,
        heard=plain.heard,
        drawn=np.clip(share + steep * strayed, 0.0, 1.0) * parts,
        spread=wide * rng.beta(own + JEFFREYS, others + JEFFREYS, strayed.shape),
        plain=plain,
        held=none | every,
        remarks={
            int(role): NONE_LEFT if none[role] else ALL_TAKEN for role in np.flatnonzero((none | every) & (own > 0))
        },
    )


def _on_the_boundary(odds: Floats, units: Floats, size: float, strayed: Floats, rng: np.random.Generator) -> Floats:
    """Draw a share of which none, or all, is likeliest: by its likelihood, all shares being alike before.

    Args:
        odds: Of each passage, likelihood with the role over that without; shape (n,).
        units: Each passage's part of all; shape (n,).
        size: Independent passages that tell as much.
        strayed: Draws of how far the log-odds may be off.
        rng: Source of the draws.

    Returns:
        As many as ``strayed`` has; the nearest to the boundary are the boundary itself, so that the role may be absent.
    """
    import numpy as np

    logits = np.linspace(-14.0, 14.0, GRID + 1)
    edges = np.concatenate([[0.0], 1 / (1 + np.exp(-logits)), [1.0]])
    middles, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    off = np.quantile(strayed, (np.arange(NODES) + 0.5) / NODES)
    node = rng.integers(0, NODES, len(strayed))
    drawn = np.empty(len(strayed))
    for number, offset in enumerate(off):
        gain = odds * np.exp(offset) - 1
        likely = np.array([size * (units @ np.log1p(q * gain)) for q in middles])
        weight = widths * np.exp(likely - likely.max())
        reached = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
        own = node == number
        drawn[own] = np.interp(rng.random(int(own.sum())), reached, edges)
    if units @ odds <= 1:
        return np.where(drawn <= np.quantile(drawn, SURELY), 0.0, drawn)
    return np.where(drawn >= np.quantile(drawn, 1 - SURELY), 1.0, drawn)
