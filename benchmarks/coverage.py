"""Do the intervals of profiles and gaps hold what they promise?  Corpora are drawn whose truth is known.

    python benchmarks/coverage.py --draws 2000

Prints, for every estimator, the share of draws whose 95 % interval holds the truth, the bias and the width; for gaps
also the false alarms and the power of the test.  ``simulation.py`` says how corpora are drawn.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simulation import (
    PASSAGES,
    PREVALENCE,
    RANKS,
    corpus,
    lengths,
    population,
    rates,
    sampled,
    transported,
    with_labels,
    without_labels,
)

from rolecoder.config import Bands, Profiles
from rolecoder.gaps import STATES, Part, side_by_side, verdict
from rolecoder.measuring import distances
from rolecoder.measuring.chance import no_gap
from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.estimators import Population, counted, design_based
from rolecoder.measuring.measures import differences, measure, statistics_of
from rolecoder.measuring.resampling import Interval, Pair, resampled, rests_on_one

Floats = NDArray[np.float64]

CLASSES = ((0.05, 1.0), (0.02, 0.05), (0.0, 0.02))
CLUSTERING = (0.0, 0.05, 0.2)
BUDGETS = (50, 100, 200, 500)
LEVEL = 0.95
DOCUMENTS = 150  # of a corpus
LABELLED = ((2000, 1.0), (2600, 12.0))  # documents that taught a model, passages of each after the first; the shipped
OTHERS = 200  # draws on which the count is tried; it misses by far more than chance
Shape = tuple[Any, ...]  # of a pair: its kind, and its sizes
Result = dict[str, list[tuple[Floats, Floats, Floats]]]  # by estimator: value, lower and upper end of each role


def shares_table(draws: int, seed: int, workers: int) -> Iterator[str]:
    """Coverage, bias and width of the intervals of prevalences, and coverage of shares of the role talk."""
    yield (
        "SHARES.  150 documents of some 20 passages, two genres in which the coder errs differently.  For each class\n"
        "of prevalence: coverage of 95 % intervals, mean over roles [lowest and highest role], and width over that\n"
        "of labels only.  bias: of the prevalences of .05 and more, relative.  talk: coverage of shares of role talk,\n"
        "mean over roles of .02 and more, and lowest role"
    )
    heads = "".join(f"| p {low:g} to {high:g}{'':22}" for low, high in CLASSES)
    yield f"{'':43}{heads}| bias  | talk"
    cells = list(product(CLUSTERING, BUDGETS, (False, True)))
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(_share_draws, draws, seed + number, *cell) for number, cell in enumerate(cells)]
        for (clustering, budget, stratified), job in zip(cells, jobs, strict=True):
            found, talk = job.result()
            name = f"icc {clustering:<4} {budget:3d} labels, {'by plan' if stratified else 'simple '}"
            yield from _share_lines(name, found, talk)


def _share_draws(
    draws: int, seed: int, clustering: float, budget: int, stratified: bool
) -> tuple[Result, dict[str, Floats]]:
    rng = np.random.default_rng(seed)
    found: Result = defaultdict(list)
    held: dict[str, list[Floats]] = defaultdict(list)
    true_talk = PREVALENCE / PREVALENCE.sum()
    for draw in range(draws):
        data = corpus(PREVALENCE, DOCUMENTS, PASSAGES, clustering, rng)
        estimated = with_labels(data, budget, stratified, rng)
        if draw < OTHERS:
            estimated["count"] = counted(population(data), data.decided)
        for name, estimate in estimated.items():
            found[name].append((estimate.share, *estimate.interval(LEVEL)))
            low, high = estimate.interval_made_up(LEVEL)
            held[name].append((low <= true_talk) & (true_talk <= high))
    return found, {name: np.mean(rows, axis=0) for name, rows in held.items()}


def _share_lines(name: str, found: Result, talk: dict[str, Floats]) -> Iterator[str]:
    widths = {kind: np.mean([high - low for _, low, high in rows], axis=0) for kind, rows in found.items()}
    for kind, rows in found.items():
        value, low, high = (np.array([row[i] for row in rows]) for i in range(3))
        held = ((low <= PREVALENCE) & (PREVALENCE <= high)).mean(axis=0)
        relative = value.mean(axis=0) / PREVALENCE - 1
        cells = ""
        for least, most in CLASSES:
            here = (least <= PREVALENCE) & (most > PREVALENCE)
            width = (widths[kind] / widths["labels only"])[here].mean()
            cells += f"| {held[here].mean():.3f} [{held[here].min():.3f} {held[here].max():.3f}] x{width:.2f} "
        yield (
            f"{name} {kind:13} {cells}| {relative[PREVALENCE >= 0.05].mean():+.2f} | "
            f"{talk[kind][PREVALENCE >= 0.02].mean():.3f} {talk[kind].min():.3f}"
        )


def transported_table(draws: int, seed: int) -> Iterator[str]:
    """What needs no labels, with a model known from another corpus, by genre; that corpus of another mix of genres."""
    yield (
        "\nTRANSPORTED.  No labels of this corpus; rates and calibration from another (documents x passages), three\n"
        "in ten of whose documents are of the first genre; this corpus has other prevalences and half its documents\n"
        "of each genre.  talk: shares of role talk, coverage over all roles [of the role held least] and mean width"
    )
    rng = np.random.default_rng(seed)
    for (documents, more), clustering in product(LABELLED, CLUSTERING):
        found: Result = defaultdict(list)
        talk: Result = defaultdict(list)
        truth = np.random.default_rng(7).permutation(PREVALENCE)
        for _ in range(draws):
            labelled = corpus(PREVALENCE, documents, more, clustering, rng, genres=0.7)
            data = corpus(truth, DOCUMENTS, PASSAGES, clustering, rng)
            for name, estimate in without_labels(data, labelled, rng).items():
                found[name].append((estimate.share, *estimate.interval(LEVEL)))
                talk[name].append((estimate.made_up, *estimate.interval_made_up(LEVEL)))
        for kind, rows in found.items():
            value, low, high = (np.array([row[i] for row in rows]) for i in range(3))
            held = ((low <= truth) & (truth <= high)).mean(axis=0)
            _, least_talk, most_talk = (np.array([row[i] for row in talk[kind]]) for i in range(3))
            of_talk = ((least_talk <= truth / truth.sum()) & (truth / truth.sum() <= most_talk)).mean(axis=0)
            error = np.abs(value - truth).mean(axis=0)
            cells = ""
            for least, most in CLASSES:
                here = (least <= truth) & (most > truth)
                cells += f"| {held[here].mean():.3f} [{held[here].min():.3f}] error {error[here].mean():.4f} "
            cells += f"| talk {of_talk.mean():.3f} [{of_talk.min():.3f}] {(most_talk - least_talk).mean():.3f}"
            yield f"{documents} x {1 + more:<3.0f} icc {clustering:<4} {kind:15} {cells}"


class Truth:
    """Two profiles and how far they truly lie apart."""

    def __init__(self, name: str, left: Floats, right: Floats) -> None:
        self.name, self.left, self.right = name, left, right

    def of(self, measure_of: Callable[[Floats, Floats], Floats]) -> float:
        """The true distance."""
        return float(measure_of(self.left / self.left.sum(), self.right / self.right.sum()))


def truths() -> list[Truth]:
    """Equal profiles, a little, well and far apart, and nothing in common; as prevalences."""
    base = PREVALENCE
    mixed = np.random.default_rng(3).permutation(base)
    back = base[::-1].copy()
    odd = np.where(np.arange(17) % 2, base, 0.0)
    even = base - odd
    return [
        Truth("equal", mixed, mixed),
        Truth("near", base, 0.85 * base + 0.15 * back),
        Truth("apart", base, 0.6 * base + 0.4 * back),
        Truth("far", base, back),
        Truth("disjoint", odd / odd.sum(), even / even.sum()),
    ]


def codings(share: Floats, sizes: NDArray[np.int64], clustering: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """One role a coding: a document's own profile strays around the common one."""
    share = share / share.sum()
    own = np.tile(share, (len(sizes), 1))
    if clustering > 0:
        own = rng.gamma(np.maximum(share * (1 / clustering - 1), 1e-9), size=own.shape) + 1e-300
        own /= own.sum(axis=1, keepdims=True)
    return rng.multinomial(sizes, own)


def sides(left: NDArray[np.int64], right: NDArray[np.int64]) -> Pair:
    """Two sets of documents with codings that are right, as a pair; documents without a coding stay out."""
    found = []
    for counts in (left, right):
        kept = counts[counts.sum(axis=1) > 0]
        documents, roles = (
            np.repeat(number.ravel(), kept.ravel()).astype(np.intp) for number in np.indices(kept.shape)
        )
        people = Population(documents=documents, units=np.ones(len(roles)), strata=np.zeros_like(roles))
        found.append((len(roles), counted(people, np.eye(kept.shape[1])[roles])))
    return estimated_sides(found[0], found[1])


def estimated_sides(left: tuple[int, Estimate], right: tuple[int, Estimate]) -> Pair:
    """Two estimates, each of so many passages, as a pair."""
    parts = [
        Part(
            estimate=estimate,
            documents=[f"{prefix}{i:04d}" for i in range(len(estimate.sizes))],
            passages=passages,
            speaking=estimate.speaking,
        )
        for prefix, (passages, estimate) in zip("lr", (left, right), strict=True)
    ]
    return side_by_side(parts[0], parts[1], LEVEL)


MEASURES = statistics_of(RANKS)


def counted_pair(documents: int, mean: float, clustering: float, truth: Truth, rng: np.random.Generator) -> Pair:
    """Codings without error."""
    return sides(
        codings(truth.left, lengths(documents, mean, rng), clustering, rng),
        codings(truth.right, lengths(documents, mean, rng), clustering, rng),
    )


def labelled_pair(budget: int, clustering: float, truth: Truth, rng: np.random.Generator) -> Pair:
    """The whole chain: a coder that errs, corrected by ``budget`` labelled passages on each side."""
    found = []
    for share in (truth.left, truth.right):
        data = corpus(np.minimum(share, 0.5), DOCUMENTS, PASSAGES, clustering, rng)
        people, drawn = sampled(data, budget, True, rng)
        found.append((len(data.documents), design_based(people, data.chances, drawn)))
    return estimated_sides(found[0], found[1])


def adjusted_pair(passages: int, clustering: float, truth: Truth, rng: np.random.Generator) -> Pair:
    """No labels: some ``passages`` on each side, corrected by error rates of another corpus, the same for both."""
    known = rates(corpus(PREVALENCE, 2000, 1.0, clustering, rng, genres=0.7), rng)
    found = []
    for share in (truth.left, truth.right):
        data = corpus(np.minimum(share, 0.5), int(passages / PASSAGES), PASSAGES, clustering, rng)
        found.append((len(data.documents), transported(data, known, rng)))
    return estimated_sides(found[0], found[1])


def apart_pair(budget: int, clustering: float, truth: Truth, rng: np.random.Generator) -> Pair:
    """Sides that err apart: ``budget`` labels on the left and none on the right; with 0, other genres on each side."""
    known = rates(corpus(PREVALENCE, 2000, 1.0, clustering, rng, genres=0.7), rng)
    found = []
    for share, genres in ((truth.left, 0.1), (truth.right, 0.9)):
        data = corpus(np.minimum(share, 0.5), DOCUMENTS, PASSAGES, clustering, rng, genres=0.5 if budget else genres)
        if budget and not found:
            people, drawn = sampled(data, budget, True, rng)
            found.append((len(data.documents), design_based(people, data.chances, drawn)))
        else:
            found.append((len(data.documents), transported(data, known, rng)))
    return estimated_sides(found[0], found[1])


def gaps_table(draws: int, seed: int, workers: int) -> Iterator[str]:
    """Bias and coverage of the distances, and what the verdicts say."""
    yield (
        "\nGAPS.  JS true, plain, corrected; coverage of 95 % intervals of JS [mean width], TV = total variation,\n"
        "EMD = earth mover, shift = activity, pi = agreement, roles = difference of each\n"
        "role's shares [of the role held least]; verdict: share of draws in one band,\n"
        "share that leaves out the true one"
    )
    settings = [("adjusted", n, 0.0, icc) for n in (600, 3000) for icc in CLUSTERING]
    settings += [("labels", n, 0.0, icc) for n in (200, 100, 500) for icc in CLUSTERING]
    settings += [("codings", d, m, icc) for d, m in ((40, 4.0), (10, 4.0), (5, 4.0)) for icc in CLUSTERING]
    cells = list(product(settings, range(len(truths()))))
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(_gap_line, setting, which, draws, seed + i) for i, (setting, which) in enumerate(cells)]
        for job in jobs:
            yield job.result()


def _pair(setting: tuple[str, int, float, float], truth: Truth, rng: np.random.Generator) -> Pair:
    kind, size, mean, clustering = setting
    if kind == "labels":
        return labelled_pair(size, clustering, truth, rng)
    if kind == "adjusted":
        return adjusted_pair(size, clustering, truth, rng)
    return counted_pair(size, mean, clustering, truth, rng)


def _gap_line(setting: tuple[str, int, float, float], which: int, draws: int, seed: int) -> str:
    rng, truth, bands = np.random.default_rng(seed), truths()[which], Bands()
    profiles = Profiles(resamples=400)
    true = {name: truth.of(of) for name, of in MEASURES.items()}
    found: dict[str, list[Interval]] = {name: [] for name in MEASURES}
    plain, words, apart = [], [], []
    between = (truth.left / truth.left.sum()) - (truth.right / truth.right.sum())
    for _ in range(draws):
        data = _pair(setting, truth, rng)
        if min(data.documents) < 2 or rests_on_one(data.left) or rests_on_one(data.right):
            continue
        drawn = resampled(data, profiles.resamples, rng)
        for name, interval in measure(data, RANKS, profiles.level, drawn).items():
            found[name].append(interval)
        low, high = differences(data, profiles.level, drawn)
        apart.append((low - 1e-9 <= between) & (between <= high + 1e-9))
        both = (np.maximum(side.sum(axis=0), 0.0) for side in (data.left, data.right))
        plain.append(float(distances.jensen_shannon(*(side / side.sum() for side in both))))
        words.append(verdict(found["jensen_shannon"][-1], bands) or "")
    held = {name: np.mean([i.low - 1e-9 <= true[name] <= i.high + 1e-9 for i in found[name]]) for name in MEASURES}
    js = found["jensen_shannon"]
    right = verdict(Interval(value=0, low=true["jensen_shannon"], high=true["jensen_shannon"]), bands) or ""
    kind, size, mean, clustering = setting
    head = {"codings": f"{size:4d} docs x {mean:<3.0f}", "labels": f"{size:4d} labels each"}.get(
        kind, f"{size} adjusted"
    )
    return (
        f"{head} icc {clustering:<4} {truth.name:9}{true['jensen_shannon']:.2f} {np.mean(plain):.2f} "
        f"{np.mean([i.value for i in js]):.2f} | JS {held['jensen_shannon']:.3f} "
        f"[{np.mean([i.high - i.low for i in js]):.2f}] TV {held['total_variation']:.3f} EMD {held['earth_mover']:.3f} "
        f"shift {held['activity_shift']:.3f} pi {held['agreement']:.3f} roles {np.mean(apart):.3f} "
        f"[{np.mean(apart, axis=0).min():.3f}] | "
        f"{np.mean([' to ' not in w for w in words]):.2f} {np.mean([_leaves_out(w, right) for w in words]):.3f}"
    )


def _leaves_out(words: str, state: str) -> bool:
    first, last = (STATES.index(word) for word in (words.split(" to ")[0], words.split(" to ")[-1]))
    return not first <= STATES.index(state) <= last


def test_table(draws: int, seed: int, workers: int) -> Iterator[str]:
    """False alarms and power of the test, also where the sides differ in number and length."""
    yield "\nTEST OF NO GAP: share of draws with p at most .05, by true distance\n" + " " * 40 + "equal   near  apart"
    lengths_of = [
        ((10, 4.0), (10, 4.0)),
        ((40, 4.0), (40, 4.0)),
        ((40, 15.0), (40, 2.0)),
        ((5, 3.0), (60, 5.0)),
        ((8, 15.0), (40, 3.0)),
        ((8, 9.0), (40, 3.0)),
        ((12, 15.0), (60, 3.0)),
    ]
    shapes = [("codings", *sizes) for sizes in lengths_of]
    shapes += [("labels", 100), ("labels", 200), ("labels", 500), ("adjusted", 600), ("adjusted", 3000)]
    shapes += [("apart", 400), ("apart", 0)]
    cells = [(shape, icc) for shape in shapes for icc in CLUSTERING]
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(_test_line, *cell, draws, seed + i) for i, cell in enumerate(cells)]
        for job in jobs:
            yield job.result()


def _test_line(shape: Shape, clustering: float, draws: int, seed: int) -> str:
    rng = np.random.default_rng(seed)
    line = f"{_shape_in_words(shape):32} icc {clustering:<5}"
    for truth in truths()[:3]:
        alarms = 0
        for _ in range(draws):
            alarms += no_gap(_shaped(shape, clustering, truth, rng), 199, rng)[0] <= 0.05
        line += f"  {alarms / draws:.3f}"
    return line


def _shape_in_words(shape: Shape) -> str:
    kind, *sizes = shape
    if kind == "codings":
        (left, mean), (right, other) = sizes
        return f"{left:4d} x {mean:<3.0f} against {right:3d} x {other:<3.0f}"
    apart = f"{sizes[0]} labels against none" if sizes[0] else "no labels, other genres"
    return {
        "labels": f"{sizes[0]:4d} labels on each side",
        "adjusted": f"{sizes[0]:4d} passages, adjusted count",
        "apart": apart,
    }[kind]


def _shaped(shape: Shape, clustering: float, truth: Truth, rng: np.random.Generator) -> Pair:
    kind, *sizes = shape
    if kind == "codings":
        left, right = (
            codings(share, lengths(*size, rng), clustering, rng)
            for share, size in zip((truth.left, truth.right), sizes, strict=True)
        )
        return sides(left, right)
    pair_of = {"labels": labelled_pair, "adjusted": adjusted_pair, "apart": apart_pair}[kind]
    return pair_of(sizes[0], clustering, truth, rng)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=2000, help="corpora drawn for each line of the tables")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("shares", "transported", "gaps", "test"), help="one of the tables")
    chosen = parser.parse_args()
    tables = {
        "shares": lambda: shares_table(chosen.draws, chosen.seed, chosen.workers),
        "transported": lambda: transported_table(chosen.draws, chosen.seed),
        "gaps": lambda: gaps_table(chosen.draws, chosen.seed, chosen.workers),
        "test": lambda: test_table(chosen.draws, chosen.seed, chosen.workers),
    }
    for name, table in tables.items():
        if chosen.only in (None, name):
            for line in table():
                print(line, flush=True)


if __name__ == "__main__":
    main()
