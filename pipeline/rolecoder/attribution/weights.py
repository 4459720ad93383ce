"""How much each cue weighs: learned from the hand-coded passages, kept as numbers that can be read.

Whose role a passage speaks of and from which side are decided together.  For every actor that may hold it and
every aspect, the weights of the cues are summed; the probabilities are the softmax of the sums (a conditional
logit; McFadden 1974).  ``benchmarks/attribution.py --fit`` learns the weights again.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rolecoder.attribution.passage import Cues
from rolecoder.records import ASPECTS

HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by cue, for the holder and for each aspect; a cue that has none weighs nothing."""

    origin: str  # the labels they were learned from, in words
    of: Mapping[str, Mapping[str, float]]  # HOLDER or an aspect -> cue -> weight
    lean: Mapping[str, float]  # factor on an aspect's probability where one must be chosen: rare ones are favoured

    def score(self, holder_cues: Cues, aspect_cues: Cues) -> list[float]:
        """Sum the weights for one actor as the holder: one number for each of ``ASPECTS``."""
        held = _sum(self.of[HOLDER], holder_cues)
        return [held + _sum(self.of[aspect], aspect_cues) for aspect in ASPECTS]


def _sum(weights: Mapping[str, float], cues: Cues) -> float:
    return sum(weights[name] * value for name, value in cues.items() if name in weights)


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn sums into probabilities."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    return [value / sum(raised) for value in raised]


@functools.cache
def shipped_weights() -> Weights:
    """Return the weights that come with the package."""
    text = importlib.resources.files("rolecoder.attribution").joinpath("weights.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Weights(data["origin"], data["weights"], data["lean"])
