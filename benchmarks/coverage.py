"""Do the intervals of profiles and gaps hold what they promise?  Corpora are drawn whose truth is known.

    python benchmarks/coverage.py --draws 500

Seventeen roles with prevalences from .005 to .25; passages cluster in documents with an intraclass
correlation of 0, .05 or .2 ("mixed": 0 for every other role and .2 for the rest); documents differ in
length.  Printed are the share of draws whose 95 % interval holds the truth, the bias and the width.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rolecoder import distances
from rolecoder.chance import permutation_test
from rolecoder.config import Bands, Profiles
from rolecoder.gaps import measure, verdict
from rolecoder.resampling import Interval, Pair, pair, resampled, wilson

Floats = NDArray[np.float64]

PREVALENCE = np.array(
    [0.25, 0.15, 0.12, 0.10, 0.08, 0.07, 0.05, 0.04, 0.03, 0.025, 0.02, 0.02, 0.015, 0.01, 0.01, 0.005, 0.005]
)
RANKS = np.arange(1.0, 18.0)
CLASSES = ((0.1, 1.0), (0.02, 0.1), (0.008, 0.02), (0.0, 0.008))
CLUSTERING: tuple[float | str, ...] = (0.0, 0.05, 0.2, "mixed")
LEVEL = 0.95


def lengths(documents: int, mean: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Passages of each document: at least one, and as uneven as speeches are."""
    return 1 + rng.negative_binomial(2, 2 / (1 + mean), documents)


def labels(
    share: Floats, sizes: NDArray[np.int64], clustering: float | str, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Several roles a passage: each by itself, with its own clustering."""
    correlation = np.where(np.arange(len(share)) % 2, 0.2, 0.0) if clustering == "mixed" else np.full(17, clustering)
    own = np.tile(share, (len(sizes), 1))
    for role in np.flatnonzero(correlation.astype(float) > 0):
        scale = 1 / float(correlation[role]) - 1
        own[:, role] = rng.beta(share[role] * scale, (1 - share[role]) * scale, len(sizes))
    return rng.binomial(sizes[:, None], own)


def codings(share: Floats, sizes: NDArray[np.int64], clustering: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """One role a coding: a document's own profile strays around the common one."""
    own = np.tile(share, (len(sizes), 1))
    if clustering > 0:
        own = rng.gamma(np.maximum(share * (1 / clustering - 1), 1e-9), size=own.shape) + 1e-300
        own /= own.sum(axis=1, keepdims=True)
    return rng.multinomial(sizes, own)


def percentile(counts: Floats, sizes: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The plain bootstrap of documents, for comparison: what the package does not use."""
    weights = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), 300).astype(np.float64)
    low, high = np.quantile((weights @ counts) / (weights @ sizes)[:, None], [0.025, 0.975], axis=0)
    return low, high


def shares_table(draws: int, seed: int) -> Iterator[str]:
    """Coverage and width of the intervals of prevalences, by class of prevalence."""
    rng = np.random.default_rng(seed)
    heads = "".join(f"   p {low:g} to {high:g}  " for low, high in CLASSES)
    yield f"SHARES: coverage of 95 % intervals, mean over roles [lowest role], and mean width\n{'':46}{heads}"
    for documents, mean in ((5, 10.0), (10, 10.0), (30, 4.0), (30, 30.0), (100, 30.0)):
        for clustering in CLUSTERING:
            tries: dict[str, list[tuple[Floats, Floats]]] = {"Wilson, clustered": [], "percentile bootstrap": []}
            for _ in range(draws):
                sizes = lengths(documents, mean, rng)
                counts = labels(PREVALENCE, sizes, clustering, rng).astype(np.float64)
                tries["Wilson, clustered"].append(wilson(counts, sizes.astype(np.float64), LEVEL))
                if len(tries["percentile bootstrap"]) < 200:
                    tries["percentile bootstrap"].append(percentile(counts, sizes.astype(np.float64), rng))
            for name, ends in tries.items():
                low, high = np.array([e[0] for e in ends]), np.array([e[1] for e in ends])
                held = ((low <= PREVALENCE + 1e-12) & (high >= PREVALENCE - 1e-12)).mean(axis=0)
                cells = ""
                for least, most in CLASSES:
                    here = (least <= PREVALENCE) & (most > PREVALENCE)
                    cells += f"{held[here].mean():7.3f} [{held[here].min():.3f}] {(high - low)[:, here].mean():.3f}"
                yield f"{documents:4d} x {mean:<3.0f} icc {clustering!s:5} {name:22} {cells}"


@dataclass(frozen=True)
class Truth:
    """Two profiles and how far they truly lie apart."""

    name: str
    left: Floats
    right: Floats


def truths() -> list[Truth]:
    """Equal profiles, a little, well and far apart, and nothing in common."""
    base = PREVALENCE / PREVALENCE.sum()
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


def sides(left: NDArray[np.int64], right: NDArray[np.int64]) -> Pair:
    """Two sets of documents as a pair; documents without a coding stay out."""
    named = []
    for prefix, counts in (("l", left), ("r", right)):
        kept = counts[counts.sum(axis=1) > 0].astype(np.float64)
        named.append(([f"{prefix}{i:04d}" for i in range(len(kept))], kept))
    return pair(named[0], named[1])


MEASURES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "jensen_shannon": distances.jensen_shannon,
    "total_variation": distances.total_variation,
    "activity_shift": lambda left, right: distances.activity_shift(left, right, RANKS),
}


def gaps_table(draws: int, seed: int) -> Iterator[str]:
    """Bias and coverage of the distances, and what the verdicts say."""
    rng = np.random.default_rng(seed)
    settings, bands = Profiles(resamples=400), Bands()
    yield (
        "\nGAPS: JS = Jensen-Shannon, TV = total variation, shift = activity; plain and corrected are means over draws,"
        "\ncover = share of 95 % intervals that hold the truth, width of the JS interval, pct = cover of the percentile"
        "\nbootstrap; one band = share of draws whose verdict is one band, wrong = whose bands leave out the true one"
    )
    yield f"{'':18}truth    JS true plain corr cover width pct | TV true plain corr cover | shift | one band, wrong"
    for documents, mean in ((3, 4.0), (5, 4.0), (10, 4.0), (20, 4.0), (40, 4.0), (100, 4.0)):
        for clustering in (0.0, 0.05, 0.2):
            for truth in truths():
                yield _gap_line(truth, (documents, mean, clustering), draws, rng, settings, bands)


def _gap_line(
    truth: Truth,
    corpus: tuple[int, float, float],
    draws: int,
    rng: np.random.Generator,
    settings: Profiles,
    bands: Bands,
) -> str:
    documents, mean, clustering = corpus
    found: dict[str, list[Interval]] = {name: [] for name in MEASURES}
    plain: dict[str, list[float]] = {name: [] for name in MEASURES}
    words, plain_held = [], 0
    true = {name: float(of(truth.left, truth.right)) for name, of in MEASURES.items()}
    for draw in range(draws):
        data = sides(
            codings(truth.left, lengths(documents, mean, rng), clustering, rng),
            codings(truth.right, lengths(documents, mean, rng), clustering, rng),
        )
        for name, interval in measure(data, RANKS, settings, rng).items():
            found[name].append(interval)
            plain[name].append(
                float(MEASURES[name](*(side.sum(axis=0) / side.sum() for side in (data.left, data.right))))
            )
        words.append(verdict(found["jensen_shannon"][-1], bands) or "")
        if draw < 100:
            ends = np.quantile(distances.jensen_shannon(*resampled(data, 200, rng)), [0.025, 0.975])
            plain_held += int(ends[0] <= true["jensen_shannon"] <= ends[1])
    held = {name: np.mean([i.low - 1e-9 <= true[name] <= i.high + 1e-9 for i in found[name]]) for name in MEASURES}
    js, tv = found["jensen_shannon"], found["total_variation"]
    right = verdict(Interval(value=0, low=true["jensen_shannon"], high=true["jensen_shannon"]), bands) or ""
    return (
        f"{documents:4d} x {mean:<3.0f} icc {clustering:<4} {truth.name:9}"
        f"{true['jensen_shannon']:.2f} {np.mean(plain['jensen_shannon']):.2f}  {np.mean([i.value for i in js]):.2f} "
        f"{held['jensen_shannon']:.3f} {np.mean([i.high - i.low for i in js]):.2f} {plain_held / min(draws, 100):.2f} |"
        f" {true['total_variation']:.2f} {np.mean(plain['total_variation']):.2f} {np.mean([i.value for i in tv]):.2f} "
        f"{held['total_variation']:.3f} | {held['activity_shift']:.3f} | "
        f"{np.mean([' to ' not in w for w in words]):.2f} {np.mean([_leaves_out(w, right) for w in words]):.3f}"
    )


def _leaves_out(words: str, state: str) -> bool:
    order = ("convergence", "strain", "conflict", "risk of rupture")
    first, last = (order.index(word) for word in (words.split(" to ")[0], words.split(" to ")[-1]))
    return not first <= order.index(state) <= last


def test_table(draws: int, seed: int) -> Iterator[str]:
    """False alarms and power of the permutation test, also where the sides' documents differ in number and length."""
    rng = np.random.default_rng(seed)
    yield "\nTEST OF NO GAP: share of draws with p at most .05, by true distance\n" + " " * 38 + "equal   near  apart"
    for left, right in (
        ((10, 4.0), (10, 4.0)),
        ((40, 4.0), (40, 4.0)),
        ((40, 15.0), (40, 2.0)),
        ((5, 3.0), (60, 5.0)),
        ((8, 15.0), (40, 3.0)),
    ):
        for clustering in (0.0, 0.05, 0.2):
            line = f"{left[0]:4d} x {left[1]:<3.0f} against {right[0]:3d} x {right[1]:<3.0f} icc {clustering:<5}"
            for truth in truths()[:3]:
                alarms = 0
                for _ in range(draws):
                    data = sides(
                        codings(truth.left, lengths(*left, rng), clustering, rng),
                        codings(truth.right, lengths(*right, rng), clustering, rng),
                    )
                    alarms += permutation_test(data, 199, rng) <= 0.05
                line += f"  {alarms / draws:.3f}"
            yield line


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=500, help="corpora drawn for each line of the tables")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=("shares", "gaps", "test"), help="one of the tables")
    chosen = parser.parse_args()
    for name, table in (("shares", shares_table), ("gaps", gaps_table), ("test", test_table)):
        if chosen.only in (None, name):
            for line in table(chosen.draws, chosen.seed):
                print(line, flush=True)


if __name__ == "__main__":
    main()
