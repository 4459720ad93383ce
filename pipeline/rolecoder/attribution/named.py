"""Who is named in a passage: mentions, the source's own groups by their short names, states named together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rolecoder.actors import Actors, Mention, joint
from rolecoder.attribution.passage import Attributable

AND = re.compile(r"\s*(?:,|,?\s+and|,?\s+as\s+well\s+as|/|&)\s+(?:the\s+)?")
# Words that mean a group where the source belongs to it.
OWN_GROUPS = (
    (
        re.compile(
            r"\b(?:the|our)\s+(?:European\s+)?(?:Community|Union)\b(?!\s+(?:of|for)\s+(?:African|South))|\b(?:Europe|Europeans)\b"
        ),
        "group:EU",
    ),
    (re.compile(r"\b(?:the|our|an|this)\s+(?:Alliance|alliance)\b"), "group:NATO"),
    (re.compile(r"\b(?:the|our)\s+Association\b"), "group:ASEAN"),
    (re.compile(r"\b(?:the|our|this)\s+[Mm]ovement\b"), "group:non-aligned"),
    (
        re.compile(r"\b(?:our|all\s+our|other)\s+(?:\w+\s+)?(?:partners|friends\s+and\s+allies)\b"),
        "group:Western allies",
    ),
    (re.compile(r"\b(?:[Ll]ittle|[Ss]mall|[Ss]maller)\s+(?:countries|nations|States|peoples)\b"), "group:small states"),
)
NON_ALIGNMENT = re.compile(r"\b[Nn]on-?\s?alignment\b")
THE_NORTH = re.compile(r"\b(?:[Tt]he\s+(?:\w+\s+)?North|North)\b(?!\s+[A-Z])")
HOME = re.compile(
    r"\b(?:[Oo]ur|[Tt]he|[Tt]his|[Oo]f\s+the)\s+(?:whole\s+|entire\s+)?(?:region|subregion|sub-region|isthmus|continent|part\s+of\s+the\s+world)\b|\bof\s+the\s+area\b"
)
PAIR = re.compile(
    r"\b(?:[Tt]he|[Oo]ur|[Bb]oth|[Tt]hese)\s+(?:our\s+)?(?:two\s+)?(?:great\s+)?(?:countries|nations|Powers|powers|Governments|peoples|sides)\b|\bboth\s+of\s+us\b|\b[Tt]wo\s+(?:countries|nations|great\s+[Pp]owers|peoples)\b"
)
REGIONS = tuple(
    f"group:{name}"
    for name in (
        "Central American states;Central Asian states;Nordic countries;Baltic states;Western Balkans;Caucasus;CARICOM;"
        "Gulf states;G5 Sahel;Maghreb states;ECOWAS;southern African states;East African states;Central African states;ASEAN;"
        "Southeast Asian states;South Asian states;North-East Asian states;Pacific states;Balkan states;EU;Arab states;"
        "South American states;Latin American states;African states;Asian states;European states"
    ).split(";")
)


def named(text: str, item: Attributable, actors: Actors) -> list[Mention]:
    """Mentions, allusions to the source's own groups, and states named together as one group."""
    found = [_as_meant(mention, text, item, actors) for mention in actors.find(text, item.date)]
    taken = [(m.start, m.end) for m in found]
    for match, group in _allusions(text, item, actors):
        if all(match.end() <= a or match.start() >= b for a, b in taken):
            found.append(Mention(match.start(), match.end(), group, "group"))
    found.sort(key=lambda mention: mention.start)
    return found + _together(text, found) + _pair(text, found, item, actors)


def _as_meant(mention: Mention, text: str, item: Attributable, actors: Actors) -> Mention:
    """China is the People's Republic to all but its rival; Europe is the Union to its members."""
    actor = mention.actor
    if actor == "TWN" and item.source != "TWN" and text[mention.start : mention.end] in ("China", "Chinese"):
        actor = "CHN"
    if actor == "group:European states" and actors.includes("group:EU", item.source, item.date):
        actor = "group:EU"
    return Mention(mention.start, mention.end, actor, mention.kind)


def _allusions(text: str, item: Attributable, actors: Actors) -> Iterator[tuple[re.Match[str], str]]:
    for pattern, group in OWN_GROUPS:
        if actors.includes(group, item.source, item.date):
            yield from ((match, group) for match in pattern.finditer(text))
    yield from ((match, "group:non-aligned") for match in NON_ALIGNMENT.finditer(text))
    if "South" in text:
        yield from ((match, "group:developed countries") for match in THE_NORTH.finditer(text))
    home = next((group for group in REGIONS if actors.includes(group, item.source, item.date)), None)
    if home:
        yield from ((match, home) for match in HOME.finditer(text))


def _pair(text: str, found: Sequence[Mention], item: Attributable, actors: Actors) -> list[Mention]:
    """ "Our two countries": the source and the other side, or the state named most about it."""
    match = PAIR.search(text)
    if (
        not match
        or not item.source
        or not (item.addressee or item.doc_type in ("telcon", "memcon") or "two" in match.group())
    ):
        return []
    named = [m.actor for m in found if m.kind != "group"]
    named += [m.actor for part in (item.before, item.after) for m in actors.find(part, item.date) if m.kind != "group"]
    others = Counter(actor for actor in named if actor != item.source)
    other = item.addressee or (others.most_common(1)[0][0] if others else None)
    return [Mention(match.start(), match.end(), joint([item.source, other]), "group")] if other else []


def _together(text: str, found: Sequence[Mention]) -> list[Mention]:
    """States in a list, "A, B and C", as one group; the list must end with "and"."""
    runs: list[list[Mention]] = []
    for mention in found:
        if mention.kind not in ("name", "group"):
            continue
        if runs and AND.fullmatch(text, runs[-1][-1].end, mention.start):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return [
        Mention(run[0].start, run[-1].end, joint([m.actor for m in run]), "group")
        for run in runs
        if len({m.actor for m in run}) > 1 and "and" in text[run[-2].end : run[-1].start]
    ]
