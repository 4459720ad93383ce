"""Who is named in a passage: mentions, the source's own groups by their short names, states named together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rolecoder.actors import Actors, Mention, MentionKind
from rolecoder.attribution.passage import Attributable, rule
from rolecoder.names.actortable import LATEST
from rolecoder.records import CONVERSATIONS

AND = re.compile(r"\s*(?:,|,?\s+and|,?\s+as\s+well\s+as|/|&)\s+(?:the\s+)?")
# Short names of a group, where the source belongs to it.
OWN_GROUPS = {
    "group:EU": rule(r"\b(?:[Tt]he|[Oo]ur) (?:European )?(?:Community|Union)\b(?! (?:of|for) (?:African|South))"),
    "group:American states": rule(r"\b(?:[Oo]ur|[Tt]his|[Tt]he) (?:own )?[Hh]emisphere\b | \b[Ww]e American peoples\b"),
    "group:NATO": rule(r"\b(?:[Tt]he|[Oo]ur|an|this) [Aa]lliance\b"),
    "group:ASEAN": rule(r"\b(?:[Tt]he|[Oo]ur) Association\b"),
    "group:non-aligned": rule(r"\b(?:[Tt]he|[Oo]ur|[Tt]his) [Mm]ovement\b"),
    "group:Western allies": rule(
        r"\b(?:[Oo]ur|all our|other) "
        r"(?:(?!African|Asian|Arab|Latin|Caribbean|Pacific|regional)\w+ )?(?:partners|friends and allies)\b"
    ),
    "group:small states": rule(r"\b(?:[Ll]ittle|[Ss]mall|[Ss]maller) (?:countries|nations|States|peoples)\b"),
}
OUR_ALLIES = rule(r"\b[Oo]ur [Aa]llies\b")  # Western allies to those who are allied to them
ALLIED = ("group:Western allies", "group:NATO", "group:free nations")
# Words that show that "the alliance" is the one with Japan, Korea or Australia, and words that show that it is not.
PACIFIC = rule(r"\b(?:Asia | Asian | Australian? | Japan | Japanese | Koreans? | Pacific | peninsula | Philippines?)\b")
ATLANTIC = rule(r"\b(?:NATO | (?:North )?Atlantic | Europe | European)\b")
KOREA = ("korea", "korean", "koreans")
VIET_NAM = ("viet-nam", "viet nam", "vietnam", "viet-namese", "vietnamese")
NON_ALIGNMENT = rule(r"\b[Nn]on-?\s?alignment\b")
THE_NORTH = rule(r"\b(?:[Tt]he (?:\w+ )?)?North\b(?! [A-Z])")
# "The North" is the developed countries, or half of a divided state, by the words that show it or by who speaks.
DEVELOPED = "group:developed countries"
RICH_AND_POOR = rule(
    r"\b(?:develop(?:ing|ed) (?:countries|nations|world|States) | advanced countries | industriali[sz]ed | rich |"
    r"poor | underdevelopment | disparit(?:y|ies) | debt | environmental)\b",
    case=False,
)
NORTHS = ((rule(r"\b(?:Korea | the peninsula)"), "PRK", None), (rule(r"\bViet"), "VDR", "1976-07-02"))
DIVIDED = rule(r"\b(?:Sudan | Yemen | Cyprus | Ireland)\b")
ONE = ("CYP", "SDN", "VNM", "YEM")  # whose own north bears no name
HALVES = {"KOR": "PRK", "PRK": "PRK", "RVN": "VDR", "VDR": "VDR"}
HOME = rule(
    r"\b(?:[Oo]ur|[Tt]he|[Tt]his) (?:(?:whole|entire) )?"
    r"(?:region|subregion|sub-region|isthmus|part of the world)\b | \bof the area\b"
)
CONTINENT = rule(r"\b(?:[Oo]ur|[Tt]his) (?:(?:whole|entire|great|own) )?continent\b")
CONTINENTS = ("group:Latin American states", "group:African states", "group:Asian states", "group:European states")
PAIR = rule(
    r"\b(?:(?:[Oo]ur|[Bb]oth) (?:our )?(?:two )?|(?:[Tt]he|[Tt]hese) two )(?:great )?"
    r"(?:countries|nations|[Pp]owers|Governments|peoples|sides)\b |"
    r"\b(?:[Tt]he|[Tt]hese) (?:great )?(?:countries|nations|[Pp]owers|Governments|peoples|sides)\b"
    r"(?! (?:of|in|that|which|who|on|from)\b) |"
    r"\bboth of us\b | \b[Tt]wo (?:countries|nations|great [Pp]owers|peoples)\b"
)
# "Our region" is the first of these to which the source belongs: the narrower come first.
REGIONS = tuple(
    f"group:{name}"
    for name in (
        "Central American states;Central Asian states;Nordic countries;Baltic states;Western Balkans;Caucasus;CARICOM;"
        "Gulf states;G5 Sahel;Maghreb states;ECOWAS;southern African states;East African states;Central African states;"
        "ASEAN;Southeast Asian states;South Asian states;North-East Asian states;Pacific states;Balkan states;EU;"
        "Arab states;South American states;Latin American states;African states;Asian states;European states"
    ).split(";")
)


# Groups for which speakers often say "we" without naming them: holders of at least eight passages in train.csv and
# more.csv of labels/holsti-17.
OFTEN = tuple(
    f"group:{name}"
    for name in (
        "non-aligned;African states;EU;small states;developing countries;Latin American states;NATO;American states;"
        "developed countries;socialist states;great powers;ASEAN;European states;Western allies;Arab states;"
        "Central American states;Latin American and Caribbean states;Gulf states;"
        "donor countries;front-line states;free nations;Asian and African states"
    ).split(";")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Who is named in a passage and beside it; beside it nobody is looked for where the source is not known."""

    inside: list[Mention]  # named in the passage
    before: list[Mention]  # and right before it; places are those in its ``just_before``
    after: list[Mention]  # and right after it
    implied: tuple[str, ...]  # groups of the source's own that are named in none of the three
    beside: tuple[str, ...]  # those named beside it or implied, each once; not who is named in it, nor who talk


def candidates(item: Attributable, actors: Actors) -> Candidates:
    """Find who is named in a passage and beside it, and the groups that its source may mean by "we"."""
    inside = named(item, actors)
    before, after = (
        named(replace(item, text=text, before="", after=""), actors) if text and item.source else []
        for text in (item.just_before, item.just_after)
    )
    here = {mention.actor for mention in inside}
    near = tuple(dict.fromkeys(mention.actor for mention in (*before, *after)))
    implied = tuple(g for g in OFTEN if g not in here | set(near) and actors.includes(g, item.source, item.date))
    beside = tuple(a for a in (*near, *implied) if a not in here | {item.source, item.addressee})
    return Candidates(inside=inside, before=before, after=after, implied=implied, beside=beside)


def named(item: Attributable, actors: Actors) -> list[Mention]:
    """Find who is named in the passage, in order; lists such as "A, B and C" follow as one more group each."""
    text = item.text
    found = [_as_meant(mention, item, actors) for mention in actors.find(text, item.date)]
    taken = [(m.start, m.end) for m in found]
    for match, group in _allusions(item, actors):
        if all(match.end() <= start or match.start() >= end for start, end in taken):
            kind: MentionKind = "group" if group.startswith("group:") else "name"
            found.append(Mention(match.start(), match.end(), group, kind))
    found.sort(key=lambda mention: mention.start)
    return found + _together(text, found, actors) + _pair(found, item, actors)


def _as_meant(mention: Mention, item: Attributable, actors: Actors) -> Mention:
    """What a name means to those who say it.

    China is, since 1949, the People's Republic to all but its rival; Europe is the Union to the Union's members;
    America is the continent to Latin Americans; Viet-Nam is not the South to socialist states, nor Korea to its own
    North; the Commonwealth is that of the former Soviet republics to these.
    """
    actor, said = mention.actor, " ".join(item.text[mention.start : mention.end].split()).casefold()
    since_1949 = (item.date or LATEST) >= "1949-10"
    if actor == "TWN" and item.source != "TWN" and since_1949 and said in ("china", "chinese"):
        actor = "CHN"
    if actor == "USA" and said == "america" and actors.includes("group:Latin American states", item.source, item.date):
        actor = "group:American states"
    if actor == "KOR" and item.source == "PRK" and said in KOREA:
        actor = "PRK"
    if actor == "RVN" and item.source == "VDR" and said in VIET_NAM:
        actor = "VDR"
    if actor == "RVN" and said in VIET_NAM and actors.includes("group:socialist states", item.source, item.date):
        actor = "VNM"
    if actor == "group:European states" and actors.includes("group:EU", item.source, item.date):
        actor = "group:EU"
    if said == "commonwealth" and actors.includes("group:CIS", item.source, item.date):
        actor = "group:CIS"
    return Mention(mention.start, mention.end, actor, mention.kind)


def _allusions(item: Attributable, actors: Actors) -> Iterator[tuple[re.Match[str], str]]:
    for group, pattern in OWN_GROUPS.items():
        if actors.includes(group, item.source, item.date) and (group != "group:NATO" or _atlantic(item, actors)):
            yield from ((match, group) for match in pattern.finditer(item.text))
    if any(actors.includes(group, item.source, item.date) for group in ALLIED):
        yield from ((match, "group:Western allies") for match in OUR_ALLIES.finditer(item.text))
    yield from ((match, "group:non-aligned") for match in NON_ALIGNMENT.finditer(item.text))
    if "South" in item.text:
        north = _the_north(item)
        yield from ((match, north) for match in THE_NORTH.finditer(item.text) if north)
    for pattern, groups in ((HOME, REGIONS), (CONTINENT, CONTINENTS)):
        matches = list(pattern.finditer(item.text))
        home = next((g for g in groups if actors.includes(g, item.source, item.date)), None) if matches else None
        if home:
            yield from ((match, home) for match in matches)


def _atlantic(item: Attributable, actors: Actors) -> bool:
    """Whether "the alliance" may be NATO: not that with a state of the Pacific."""
    if ATLANTIC.search(item.before + item.text):
        return True
    ally = item.addressee is None or bool(actors.includes("group:NATO", item.addressee, item.date))
    return ally and not PACIFIC.search(item.text)


def _the_north(item: Attributable) -> str | None:
    """Whom "the North" means, by the words nearest to it: the developed countries, or half of a divided state.

    None where a state is spoken of whose north bears no name of its own.
    """
    for near in (item.text, item.just_before):
        if RICH_AND_POOR.search(near):
            return DEVELOPED
        for words, half, until in NORTHS:
            if words.search(near):
                return half if until is None or (item.date or LATEST) < until else None
        if DIVIDED.search(near):
            return None
    return None if item.source in ONE else HALVES.get(item.source or "", DEVELOPED)


def _together(text: str, found: Sequence[Mention], actors: Actors) -> list[Mention]:
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
        Mention(run[0].start, run[-1].end, actors.joint([m.actor for m in run]), "group")
        for run in runs
        if len({m.actor for m in run}) > 1 and "and" in text[run[-2].end : run[-1].start]
    ]


def _pair(found: Sequence[Mention], item: Attributable, actors: Actors) -> list[Mention]:
    """Read "our two countries" as the source and the other side, or else the state named most nearby."""
    match = PAIR.search(item.text)
    talk = item.addressee is not None or item.doc_type in CONVERSATIONS
    if not match or not item.source or not (talk or "two" in match.group()):
        return []
    near = [m for part in (item.before, item.after) for m in actors.find(part, item.date)]
    others = Counter(m.actor for m in [*found, *near] if m.kind != "group" and m.actor != item.source)
    other = item.addressee or (others.most_common(1)[0][0] if others else None)
    return [Mention(match.start(), match.end(), actors.joint([item.source, other]), "group")] if other else []
