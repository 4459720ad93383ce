"""Why a passage was given a role: the words that carry it, by leaving them out, and the nearest labelled passages."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecoder.bundle import Bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.model.labelled import LabelledPassage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Encode = Callable[[Sequence[str]], Vectors]

VARIANTS = 40  # texts tried per passage: each costs as much as coding one passage
SHOWN = 5  # stretches of words named for each role
LEAST = 0.1  # a fall of the log-odds below this is not named
NEAREST = 3
NO_LABELLED = "the model has no labelled passages stored, so none can be shown; train it again to have them"
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words of a passage, and by how much the role's log-odds fall without them."""

    start: int  # in the passage's text
    end: int
    text: str
    fall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What stands behind one coding."""

    role: str
    words: tuple[Stretch, ...]  # those that carry most, first; none where no stretch alone matters
    nearest: tuple[tuple[LabelledPassage, float], ...] | None  # with their cosine; None where the model stores none

    @property
    def why(self) -> str:
        """All of it in a sentence or two."""
        words = ", ".join(f"“{stretch.text}” ({-stretch.fall:.1f})" for stretch in self.words)
        rests = f"Words whose loss lowers the log-odds most: {words}" if words else "No stretch of words alone matters"
        if self.nearest is None:
            return f"{rests}. Nearest labelled passages: {NO_LABELLED}."
        near = "; ".join(f"{p.place} ({', '.join(p.roles)}; cosine {cosine:.2f})" for p, cosine in self.nearest)
        return f"{rests}. Nearest labelled passages: {near}."

    def as_row(self, passage_id: str) -> dict[str, object]:
        """A row of the table ``explanations``."""
        words = [[s.start, s.end, s.text, round(s.fall, 3)] for s in self.words]
        near = [[p.place, list(p.roles), round(cosine, 3)] for p, cosine in self.nearest or ()]
        told = {"words": json.dumps(words, ensure_ascii=False), "nearest": json.dumps(near, ensure_ascii=False)}
        return {"passage_id": passage_id, "role": self.role, **told, "why": self.why}


def explain(
    passages: PassageTexts, given: Sequence[tuple[str, ...]], bundle: Bundle, encode: Encode
) -> list[tuple[Explanation, ...]]:
    """Explain the roles that passages were given.

    A passage is cut into at most ``VARIANTS`` stretches of equally many words, one word each where it is short;
    it is coded again without each of them.

    Args:
        passages: As they were coded.
        given: The roles of each passage; none are explained where there are none.
        bundle: The model.
        encode: Turns texts into vectors of the bundle's encoder.

    Returns:
        For each passage, one explanation for each of its roles, in order.
    """
    import numpy as np
    from scipy.special import logit

    asked = [row for row, roles in enumerate(given) if roles]
    cuts = {row: stretches(passages.text[row]) for row in asked}
    owner = [row for row in asked for _ in range(len(cuts[row]) + 1)]  # the whole text, then each variant
    texts = [text for row in asked for text in _variants(passages.text[row], cuts[row])]
    sides = {side: [getattr(passages, side)[row] for row in owner] for side in ("before", "after")}
    coded = classify(PassageTexts(text=texts, **sides), bundle, encode)
    odds = logit(np.clip(coded.probabilities, 1e-12, 1 - 1e-12))
    near = None
    if bundle.labelled is not None and asked:
        near = dict(
            zip(asked, bundle.labelled.nearest(encode([passages.text[row] for row in asked]), NEAREST), strict=True)
        )
    found: list[tuple[Explanation, ...]] = [()] * len(passages)
    at = 0
    for row in asked:
        falls = odds[at] - odds[at + 1 : at + 1 + len(cuts[row])]
        at += len(cuts[row]) + 1
        found[row] = tuple(
            Explanation(
                role=role,
                words=_strongest(passages.text[row], cuts[row], falls[:, bundle.roles.index(role)].tolist()),
                nearest=None if near is None else tuple(near[row]),
            )
            for role in given[row]
        )
    return found


def stretches(text: str) -> list[tuple[int, int]]:
    """Cut a text into at most ``VARIANTS`` stretches of equally many words, the last perhaps shorter."""
    words = [found.span() for found in _WORD.finditer(text)]
    size = max(math.ceil(len(words) / VARIANTS), 1)
    return [(words[i][0], words[min(i + size, len(words)) - 1][1]) for i in range(0, len(words), size)]


def _variants(text: str, cuts: Sequence[tuple[int, int]]) -> list[str]:
    return [text, *(f"{text[:start]}{text[end:].lstrip()}".strip() for start, end in cuts)]


def _strongest(text: str, cuts: Sequence[tuple[int, int]], falls: Sequence[float]) -> tuple[Stretch, ...]:
    ranked = sorted(zip(falls, cuts, strict=True), key=lambda item: (-item[0], item[1]))
    return tuple(
        Stretch(start=start, end=end, text=text[start:end], fall=fall)
        for fall, (start, end) in ranked[:SHOWN]
        if fall >= LEAST
    )
