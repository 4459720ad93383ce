"""Stage 3. Coded passages -> whose role it is, and from which side it is spoken.

Rules over pronouns, named states and modality, after the codebook.  Each answer has a confidence and
a reason; what cannot be told is None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rolecoder.actors import Actors
from rolecoder.records import Aspect, Attribution

WE = re.compile(
    r"\b(?:we|our|us|ours|ourselves)\b|\b(?:my|our) (?:country|government|nation|people|delegation)\b", re.I
)
US_STATE = re.compile(r"\bUS\b")
YOU = re.compile(r"\b(?:you|your|yours)\b", re.I)
I_ALONE = re.compile(r"\b(?:I|my)\b")
DUTY = r"(?:should|must|ought to|has to|have to|needs? to|is expected to|are expected to|could|can|will have to|has an? (?:duty|responsibility|role)|have an? (?:duty|responsibility|role))"
DONE = re.compile(
    r"\b(?:has|have|had) (?:\w+ ){0,2}?(?:sent|given|contributed|provided|pledged|paid|taken|made|offered|supported|helped|joined|dispatched|built|"
    r"hosted|received|trained|signed|granted|committed|announced|decided|worked|participated|established|begun|been)\b|"
    r"\b(?:sent|paid|contributed|provided|gave|dispatched|pledged|hosted|mediated|joined|deployed|is sending|are sending|is providing|are providing|will send|will provide)\b"
)
STANDING = re.compile(
    r"\b(?:duty|responsib\w+|role|mission|commit\w+|principle|policy|destiny|task|must|should|stand for|believe|determined|always)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributable:
    """A passage that carries a role, with what is known of who says it."""

    text: str
    before: str = ""
    after: str = ""
    source: str | None = None
    addressee: str | None = None
    doc_type: str | None = None
    date: str | None = None
    roles: tuple[str, ...] = ()


def attribute(items: Sequence[Attributable], actors: Actors, *, min_confidence: float = 0.0) -> list[Attribution]:
    """Say whose role each passage speaks of, and from which side.

    Args:
        items: Coded passages.
        actors: The table of actors.
        min_confidence: Holder or aspect below this is unknown, with its reason.
    """
    return [_attribute(item, actors, min_confidence) for item in items]


def _attribute(item: Attributable, actors: Actors, least: float) -> Attribution:
    holder, sure, reason = _holder(item, actors)
    aspect, aspect_sure, aspect_reason = _aspect(item, holder)
    if holder is not None and sure < least:
        holder, reason = None, f"{reason}: confidence {sure:.2f} is below the study's {least:.2f}"
    if aspect is not None and (aspect_sure < least or holder is None):
        why = (
            "the holder is unknown"
            if holder is None
            else f"confidence {aspect_sure:.2f} is below the study's {least:.2f}"
        )
        aspect, aspect_reason = None, f"{aspect_reason}: {why}"
    return Attribution(
        holder=holder,
        holder_confidence=sure,
        holder_reason=reason,
        aspect=aspect,
        aspect_confidence=aspect_sure,
        aspect_reason=aspect_reason,
    )


def _holder(item: Attributable, actors: Actors) -> tuple[str | None, float, str]:
    mentions = [m for m in actors.find(item.text, item.date)]
    asked = [m.actor for m in mentions if re.match(rf"\W+(?:\w+ ){{0,2}}?{DUTY}\b", item.text[m.end :])]
    own = len(WE.findall(US_STATE.sub("", item.text))) + (
        len(I_ALONE.findall(item.text)) if item.doc_type != "memcon" else 0
    )
    others = Counter(m.actor for m in mentions if m.actor != item.source and m.kind != "demonym")
    asked_others = [actor for actor in asked if actor != item.source]
    if asked_others and own <= 2:
        return asked_others[0], 0.7, "named as the one that has the duty"
    if item.addressee and YOU.search(item.text) and len(YOU.findall(item.text)) > own:
        return item.addressee, 0.6, "spoken to as you"
    if own and item.source is not None:
        return item.source, min(0.6 + 0.1 * own, 0.95), "we and our, of the source's state"
    if any(m.actor == item.source for m in mentions) and item.source is not None:
        return item.source, 0.7, "the source's state is named"
    if others:
        (actor, count), rest = others.most_common(1)[0], len(others)
        return actor, 0.65 if rest == 1 or count > 1 else 0.4, "the state that is named"
    if item.source is not None:
        return item.source, 0.55, "nobody else is named"
    return None, 0.0, "no state is named and the source is unknown"


def _aspect(item: Attributable, holder: str | None) -> tuple[Aspect | None, float, str]:
    if holder is None:
        return None, 0.0, "no holder"
    done, standing = len(DONE.findall(item.text)), len(STANDING.findall(item.text))
    if done and done > standing:
        return "performance", min(0.55 + 0.1 * (done - standing), 0.9), "acts are the point"
    if holder == item.source:
        return "conception", 0.8 if not done else 0.65, "the source speaks of its own state"
    return "prescription", 0.75 if not done else 0.6, "the source speaks of another"
