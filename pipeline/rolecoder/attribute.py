"""Stage 3. Coded passages -> whose role, and from which side.

Cues by rule over gazetteer, pronouns, modality and tense, weighed together: ``rolecoder.attribution``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from rolecoder.actors import Actors
from rolecoder.attribution.aspects import aspect_cues, aspect_signs
from rolecoder.attribution.holders import holder_cues
from rolecoder.attribution.named import candidates
from rolecoder.attribution.passage import WE, Attributable, Cues
from rolecoder.attribution.weights import Weights, shipped_weights, softmax
from rolecoder.records import Aspect, Attribution

__all__ = ["Attributable", "Correction", "attribute", "decide", "weigh"]

Pair = tuple[str, Aspect]  # an actor, and the side from which it holds a role
SIDES: tuple[Aspect, ...] = get_args(Aspect)
# Cues that explain a holder, the strongest first.
BECAUSE = {
    "apposed": "the source counts itself to it",
    "called": "the source calls on it, asks or expects it",
    "must": "it is said what it must or should do",
    "possessed must": "it is said what it must or should do",
    "your own": "it is addressed: 'your country'",
    "you": "it is addressed: 'you'",
    "thanked": "its acts are thanked for or praised",
    "own": "the source speaks of its own state ('our country', 'my Government')",
    "we": "'we' is the source's state",
    "any we": "'we' is the source's state",
    "inside, shared": "the source speaks for a group that it belongs to",
    "self": "the source names its own state by its title",
    "acts": "it is said to act",
    "believed": "the source speaks of its part",
    "as name": "it is named",
    "as group": "it is named",
    "as leader": "its leader is named",
    "as demonym": "its people are named",
    "as capital": "its capital is named",
    "I": "the source speaks in the first person",
    "named before": "it is named right before",
    "named after": "it is named right after",
    "implied": "the source belongs to it, and may speak for it",
    "source": "nobody else is named as plainly",
    "addressee": "it is the other side of the conversation",
}
OF_ITSELF = ("own", "we", "any we", "self", "I")  # what explains best that the source is the holder
OF_OTHERS = ("called", "thanked")  # what explains nothing then
ASKED = ("bidden", "asked", "thanked", "you", "your own")  # of a holder that cannot be who speaks
UNTOLD = 0.499  # of what hangs on who speaks, where that is not known: half, and less than is taken for sure by default
WHY_ASPECT = {
    "conception": ("duty", "commitment", "policy", "must", "being", "priority", "support", "will"),
    "prescription": ("holder must", "holder called", "must", "duty", "hope", "another"),
    "performance": ("holder thanked", "have done", "did", "doing", "money", "number", "deeds"),
}
SIGN = {
    "duty": "a duty or task",
    "commitment": "a commitment",
    "policy": "a policy or belief",
    "must": "must or should",
    "being": "what the state is",
    "priority": "a priority",
    "support": "support affirmed",
    "will": "will or shall",
    "holder must": "what another must do",
    "holder called": "a call on another",
    "hope": "a hope or call",
    "another": "another state's role",
    "holder thanked": "thanks for acts",
    "have done": "acts done",
    "did": "acts done",
    "doing": "acts under way",
    "money": "sums of money",
    "number": "numbers",
    "deeds": "troops, aid or talks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a model has learnt beside the cues."""

    add: Callable[[int, str, Aspect], float]  # to the sum of weights, if an actor held an item's role from a side
    sharpness: float = 1.0  # factor on what comes of it: below 1 where the probabilities would be too sure


def attribute(
    items: Sequence[Attributable],
    actors: Actors,
    *,
    min_confidence: float = 0.0,
    weights: Weights | None = None,
    correction: Correction | None = None,
) -> list[Attribution]:
    """Say whose role each passage speaks of, and whether it is conceived, prescribed or performed.

    Args:
        items: Passages with the roles they are coded with.
        actors: All actors; holders are their ids, or ad-hoc groups such as ``group:RUS+USA``.
        min_confidence: A holder or aspect below it is unknown; its confidence is still given.
        weights: Of the cues; by default those that come with the package.
        correction: What a model has learnt besides; by default nothing.

    Returns:
        One attribution per item, in order.  A confidence is the probability of the holder or aspect
        under the weights and the correction; prescription is never said of the source's own state.  Where the source
        is not known and "we" speak, the holder's is halved, and that of conception or prescription where nothing is
        asked of the holder.
    """
    return decide(weigh(items, actors, weights=weights, correction=correction), actors, min_confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What speaks for each actor that may hold an item's role, and for each side; no actor where nobody may."""

    item: Attributable
    signs: Cues  # of the aspect, whoever holds the role
    cues: Mapping[str, Cues]  # of each actor
    sides: Mapping[str, Cues]  # of the aspect, if that actor held it
    chances: dict[Pair, float]  # of each actor and side; they sum to 1
    weights: Weights


def weigh(
    items: Sequence[Attributable],
    actors: Actors,
    *,
    weights: Weights | None = None,
    correction: Correction | None = None,
) -> list[Weighed]:
    """Weigh what ``attribute`` decides by; its arguments are those of ``attribute``."""
    weights = weights or shipped_weights()
    return [_weigh(number, item, actors, weights, correction) for number, item in enumerate(items)]


def decide(weighed: Sequence[Weighed], actors: Actors, min_confidence: float = 0.0) -> list[Attribution]:
    """Say what ``attribute`` says of what was weighed."""
    return [_decide(one, actors, min_confidence) for one in weighed]


def _weigh(number: int, item: Attributable, actors: Actors, weights: Weights, correction: Correction | None) -> Weighed:
    cues, signs = holder_cues(item, actors, candidates(item, actors)), aspect_signs(item)
    sides = {actor: aspect_cues(item, signs, actor, held, actors) for actor, held in cues.items()}
    pairs = [(actor, side) for actor in cues for side in SIDES]
    scores = [score for actor in cues for score in weights.score(cues[actor], sides[actor])]
    if correction is not None:
        added = (correction.add(number, actor, side) for actor, side in pairs)
        scores = [correction.sharpness * (score + more) for score, more in zip(scores, added, strict=True)]
    chances = dict(zip(pairs, softmax(scores), strict=True)) if pairs else {}
    return Weighed(item=item, signs=signs, cues=cues, sides=sides, chances=chances, weights=weights)


def _decide(weighed: Weighed, actors: Actors, min_confidence: float) -> Attribution:
    item, cues, chances, weights = weighed.item, weighed.cues, weighed.chances, weighed.weights
    if not cues:
        return _nobody(weighed.signs, weights, min_confidence)
    held = {actor: sum(chances[actor, side] for side in SIDES) for actor in cues}
    side_of = {side: sum(chances[actor, side] for actor in cues) for side in SIDES}
    holder = max(held, key=lambda actor: (held[actor], actor))
    confidence = held[holder] * (UNTOLD if item.source is None and WE.search(item.text) else 1.0)
    possible = {side: p for side, p in side_of.items() if side != "prescription" or holder != item.source}
    aspect = _likeliest(possible, weights, min_confidence)
    why, sure = _holder_reason(holder, item, cues[holder], actors), confidence >= min_confidence
    chance, reason = side_of[aspect], _aspect_reason(aspect, weighed.sides[holder])
    if item.source is None and aspect != "performance" and not any(cues[holder].get(cue) for cue in ASKED):
        chance, reason = chance * UNTOLD, "who speaks is not known, which decides between conception and prescription"
    return Attribution(
        holder=holder if sure else None,
        holder_confidence=round(confidence, 4),
        holder_reason=why if sure else f"unsure: perhaps {actors.name(holder)}; {why}",
        **_side(aspect, chance, reason, min_confidence),
    )


def _likeliest(chances: Mapping[Aspect, float], weights: Weights, min_confidence: float) -> Aspect:
    """The aspect that is said: rare ones are favoured, but not where they are unsure and another is sure."""
    leant = max(chances, key=lambda side: (chances[side] * weights.lean[side], side))
    plain = max(chances, key=lambda side: (chances[side], side))
    return plain if chances[leant] < min_confidence <= chances[plain] else leant


def _nobody(signs: Cues, weights: Weights, min_confidence: float) -> Attribution:
    """Attribute a passage without a source that names no actor: the holder is unknown, the aspect is not."""
    chances = dict(zip(SIDES, softmax(weights.score({}, signs)), strict=True))
    aspect = max(chances, key=lambda side: (chances[side], side))
    return Attribution(
        holder=None,
        holder_confidence=0.0,
        holder_reason="no state or group is named, and the source is not known",
        **_side(aspect, chances[aspect], _aspect_reason(aspect, signs), min_confidence),
    )


def _side(aspect: Aspect, chance: float, why: str, min_confidence: float) -> dict[str, Any]:
    """What an attribution says of the aspect."""
    sure = chance >= min_confidence
    return {
        "aspect": aspect if sure else None,
        "aspect_confidence": round(chance, 4),
        "aspect_reason": why if sure else f"unsure: perhaps {aspect}; {why}",
    }


def _holder_reason(holder: str, item: Attributable, cues: Mapping[str, float], actors: Actors) -> str:
    name = actors.name(holder)
    if item.source is None and WE.search(item.text):
        return f"{name}: it is named, but who 'we' are is not known"
    order = [*OF_ITSELF, *(cue for cue in BECAUSE if cue not in OF_OTHERS)] if holder == item.source else list(BECAUSE)
    reason = next((BECAUSE[cue] for cue in order if cues.get(cue)), "it is named")
    return f"{name}: {reason}"


def _aspect_reason(aspect: str, cues: Mapping[str, float]) -> str:
    found = list(dict.fromkeys(SIGN[cue] for cue in WHY_ASPECT[aspect] if cues.get(cue)))
    return ", ".join(found[:3]) if found else "no sign of another side"
