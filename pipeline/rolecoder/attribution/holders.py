"""Whose role: what the words of a passage say for each actor that may hold it, as features by rule.

A feature is a name and a number from 0 upwards; most are 1 where a rule holds.  The rules follow the codebook:
"we" is the source's state unless the passage makes it a group, a duty laid on another is the other's.
"""

from __future__ import annotations

import re

from rolecoder.actors import Actors, Mention
from rolecoder.attribution.named import named
from rolecoder.attribution.passage import ONE, WE, YOU, Attributable, Features

HOMELAND = (
    r"(?:country|nation|Government|government|delegation|people|peoples|Republic|Kingdom|State|state|foreign policy|"
    r"policy|President|King|Prime Minister|Head of State|land|island|islands|society|economy|independence|revolution|"
    r"party|Party|homeland|territory|soil|history|armed forces|forces|troops|Constitution|constitution|region|continent)"
)
OWN = re.compile(rf"\b(?:[Mm]y|[Oo]ur|[Tt]his)\s+(?:own\s+|small\s+|young\s+|great\s+|beloved\s+)?{HOMELAND}\b")
YOURS = re.compile(rf"\b[Yy]our\s+(?:own\s+|great\s+)?{HOMELAND}\b")
SHARED = re.compile(
    r"\b(?:our\s+(?:region|continent|hemisphere|subregion|countries|nations|States|peoples|Governments|Community|Union|"
    r"Association|Alliance|alliance|Movement|movement|Group|Organization|two\s+countries|three\s+countries)|"
    r"(?:we|us)\s+(?:all|both|Europeans|Africans|Arabs|Asians|Americans|Latin|Central|non-aligned|small|developing)|"
    r"both\s+of\s+us|all\s+of\s+us|(?:our|its)\s+(?:partners|neighbours|neighbors|allies|member\s+States)|"
    r"(?:the\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?:countries|nations|States|Governments|members))\b"
)
MANKIND = re.compile(
    r"\b(?:all\s+(?:States|nations|countries|peoples|of\s+us|mankind)|mankind|humanity|international\s+community|"
    r"Member\s+States|world\s+community|United\s+Nations|this\s+Organization|Assembly)\b"
)
MUST = (
    r"(?:must|should|shall|ought\s+to|ha(?:s|ve)\s+to|needs?\s+to|(?:is|are)\s+(?:called\s+upon|expected|required|obliged|"
    r"bound|urged)|ha(?:s|ve)\s+(?:an?|the|its|their)?\s*(?:\w+\s+){0,2}(?:responsibilit|dut|obligation|role|task|mission)\w*|"
    r"bears?\b|can\s+and\s+must|could|would\s+do\s+well|may\b|can\b|cannot)"
)
BE = r"(?:is|are|was|were|has|have|had|will|would|did|does|do|been)"
VERB = (
    r"(?:[a-z]{3,}(?:ed|es|ts|ds|ns|ks|ps|rs|ys|ms|ls)|gave|sent|made|took|led|stood|fought|became|began|held|brought|"
    r"give|send|make|take|lead|stand|fight|become|seek|want|support|continue|believe|remain|offer|look)"
)
AFTER = (
    r"(?:\s*,[^,.;]{1,60},)?\s+(?:(?:also|alone|itself|themselves|now|always|therefore|too|both|all|then|still)\s+)?"
)
SUBJECT_MUST = re.compile(AFTER + MUST)
SUBJECT_BE = re.compile(AFTER + BE + r"\b")
SUBJECT_VERB = re.compile(AFTER + VERB + r"\b")
CALLED = re.compile(
    r"\b(?:call(?:ed|ing|s)?\s+(?:up)?on|urg(?:e|ed|ing|es)|appeal(?:ed|ing|s)?\s+to|invit(?:e|es|ed|ing)|ask(?:ed|ing|s)?|"
    r"request(?:ed|ing|s)?|expect(?:ed|s|ing)?|hope[sd]?\s+that|exhort\w*|encourag\w+|want(?:ed|s)?|look(?:ed|ing|s)?\s+to|"
    r"count(?:ing|s)?\s+on|part\s+of|respon\w+\s+of|dut(?:y|ies)\s+of|obligations?\s+of|task\s+of|role\s+of|incumbent\s+(?:up)?on|"
    r"up\s+to|is\s+for|demand\w*\s+(?:of|from|that)|necessary\s+(?:for|that)|essential\s+that|important\s+that)"
    r"\s+(?:[\w'-]+,?\s+){0,8}$"
)
APPOSED = re.compile(
    r"\b(?:[Ww]e|us)\s*[,\u2014\u2013-]*\s*(?:as\s+)?(?:the\s+|an?\s+)?(?:peoples?\s+of\s+|countries\s+of\s+|nations\s+of\s+)?(?:the\s+)?$|"
    r"\b[Aa]s\s+(?:an?\s+)?(?:member\s+of\s+the\s+)?$|\bof\s+us\s+(?:in|who\s+belong\s+to|who\s+are)\s+(?:the\s+)?$"
)
BELIEVED = re.compile(
    r"\b(?:believ\w+|confiden\w+|convinced|consider\w*|hope\w*|trust|significance|importance|view|role|policy|contribution|"
    r"efforts?|initiatives?|example)\b(?:\s+[\w'-]+){0,5}\s+$"
)
LIKE = re.compile(r"\b(?:like|such\s+as|including|especially|particularly|unlike|both)\s+(?:the\s+)?$")
THEY = re.compile(r"[.;]\s+(?:They|It|He|She|Its|Their|His|This|These)\b")
POSSESSED = re.compile(r"(?:'|\u2019)s?\s+(?:[\w-]+\s+){1,5}?" + MUST)
SELF = re.compile(
    r"\b[Tt]he\s+(?:Kingdom|Federal\s+Government|Republic|Government|Sultanate|Emirate|Principality)\b(?!\s+of)|\b(?:Royal\s+Highness|His\s+Majesty)\b"
)
THANKED = re.compile(
    r"\b(?:thank\w*|grateful|gratitude|appreciat\w+|commend\w*|tribute|congratulat\w+|prais\w+|welcom\w+|salut\w+|applaud\w*|"
    r"admir\w+|acknowledg\w+|recogni\w+)\b[^.;]{0,60}$"
)
MEMBER = re.compile(
    r"\b(?:[Aa]s\s+(?:an?\s+|the\s+)?(?:\w+[\s-]+){0,3}|member\s+of\s+(?:the\s+)?|belongs?\s+to\s+(?:the\s+)?)$"
)
PREPOSED = re.compile(
    r"\b(?:to|for|with|against|in|from|between|among|toward|towards|into|over|within|by|of|throughout)\s+(?:the\s+|all\s+|other\s+|its\s+)*$"
)
OPENING = re.compile(
    r"(?:^|[.;:!?\u2014]\s*[\"\u201c]?|,\s*|\bthat\s+|\band\s+|\d\.\s+)(?:[Tt]he\s+|[Tt]hese\s+|[Tt]hose\s+|[Aa]ll\s+|[Tt]he\s+Government\s+of\s+(?:the\s+)?)*$"
)
GOVERNMENT = re.compile(
    r"\b(?:Government|Governments|Republic|Kingdom|people|peoples|delegation)s?\s+(?:and\s+people\s+)?of\s+(?:the\s+)?$"
)
BY = re.compile(r"\b(?:by|of)\s+(?:the\s+)?(?:Government\s+of\s+(?:the\s+)?)?$")


# Groups of which a role is typically spoken of, for the roles of the shipped codebook.
TYPICAL = {
    "developer": ("group:developed countries", "group:donor countries", "group:G7"),
    "active_independent": ("group:non-aligned",),
    "regional_leader": ("group:great powers", "group:superpowers", "group:permanent members"),
    "mediator_integrator": ("group:permanent members", "group:great powers", "group:African states"),
    "protectee": ("group:small states", "group:non-nuclear states"),
    "defender_of_the_faith": ("group:democratic states", "group:free nations", "group:NATO", "group:Western allies"),
    "regional_protector": ("group:NATO", "group:Western allies", "group:free nations"),
    "faithful_ally": ("group:NATO", "group:Western allies"),
}


# Words in which the roles of the shipped codebook are spoken of: they show which sentence bears the role.
ROLE_WORDS = {
    role: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for role, words in {
        "bastion_of_revolution": "revolution|arm(?:s|ed)|internationalis|base\b|struggl|fighters",
        "regional_leader": "lead|responsib|guid|steer|initiative|spokes|voice|vanguard|role",
        "regional_protector": "defen[cds]|protect|secur|guarant|deter|shield|aggress|attack|troops|forces",
        "active_independent": "non-?align|nonalign|bloc|independen|neutral|peace|judg|co-?exist",
        "liberation_supporter": "liberat|self-determin|support|solidar|struggl|independen|colonial|apartheid|freedom",
        "anti_imperialist_agent": "imperial|colonial|hegemon|zionis|struggl|fight|oppos|combat|against",
        "defender_of_the_faith": "freedom|free\b|democra|human rights|value|faith|islam|socialis|defend|liberty|principle|tyrann",
        "mediator_integrator": "mediat|good offices|peace-?keep|negotiat|talks|reconcil|settle|dialogue|conflict|dispute|contingent|troops",
        "regional_subsystem_collaborator": "integrat|region|communit|union|co-?operat|associat|common|unity|together",
        "developer": "aid\b|assist|help|develop|donor|financ|resourc|per cent|debt|humanitarian|transfer|contribut|scholarship|fund",
        "bridge": "bridge|link|crossroad|between|meeting[- ]place|connect|gateway|east and west|cultures|dialogue",
        "faithful_ally": "all(?:y|ies|iance)|loyal|commit|partner|shoulder|stand (?:by|with)|treaty|friend",
        "independent": "independen|sovereign|own|interfer|decide|self-|free\b|choose|choice|dictat|pressure",
        "example": "example|model|show|proof|prove|inspir|lesson|experience|light|beacon|learn|demonstrat",
        "internal_development": "develop|build|econom|people|reform|reconstruct|priorit|prosper|welfare|effort|poverty|educat",
        "isolate": "neutral|isolat|involve|entangl|stay out|apart|outside|seclu",
        "protectee": "protect|guarant|secur|defen[cds]|shield|umbrella|rely|depend|forces|assist|help",
    }.items()
}
SENTENCE = re.compile(r"[^.!?;]+(?:[.!?;]+(?=\s|$)|$|[.!?;]+)")


def holder_cues(item: Attributable, actors: Actors) -> dict[str, Features]:
    """Features of every actor that may hold the role: the source, the addressee and all that are named."""
    mentions = named(item.text, item, actors)
    found: dict[str, Features] = {}
    if item.source:
        found[item.source] = _own(item)
    if item.addressee and item.addressee != item.source:
        found.setdefault(item.addressee, {})
        found[item.addressee]["addressee"] = 1.0
        found[item.addressee]["you"] = min(len(YOU.findall(item.text)), 4) / 2
        found[item.addressee]["your own"] = float(YOURS.search(item.text) is not None)
    bearing = _bearing(item)
    if item.source:
        there = " ".join(item.text[a:b] for a, b in bearing)
        found[item.source]["we there"] = float(WE.search(there) is not None or OWN.search(there) is not None)
        found[item.source]["I there"] = float(ONE.search(there) is not None)
    for mention in mentions:
        features = found.setdefault(mention.actor, {})
        _add_mention(features, item.text, mention, any(a <= mention.start < b for a, b in bearing))
    for actor, features in found.items():
        _add_standing(features, actor, item, actors)
    for actor, features in found.items():
        kind = _kind(actor, item, actors)
        features.update({f"{kind} {name}": value for name, value in list(features.items())})
        features.update({f"{kind}, {role}": 1.0 for role in item.roles})
    near = {m.actor for text in (item.before, item.after) for m in actors.find(text, item.date)}
    rivals = [actor for actor in found if actor != item.source and actor in {m.actor for m in mentions}]
    for actor, features in found.items():
        features["named near"] = float(actor in near)
        features["alone"] = float(not [r for r in rivals if r != actor])
        if actor == item.source:
            features["rivals in duty"] = float(any(found[r].get("must") or found[r].get("called") for r in rivals))
    return found


def _kind(actor: str, item: Attributable, actors: Actors) -> str:
    """Class an actor by how it stands to the source."""
    if actor == item.source:
        return "own"
    if not actor.startswith("group:"):
        return "state"
    return {True: "inside", False: "outside", None: "group"}[actors.includes(actor, item.source, item.date)]


def _own(item: Attributable) -> Features:
    text = item.text
    we, mine = len(WE.findall(text)), len(ONE.findall(text))
    return {
        "source": 1.0,
        "we": min(we, 6) / 3,
        "any we": float(we > 0),
        "I": float(mine > 0),
        "own": float(OWN.search(text) is not None),
        "shared": float(SHARED.search(text) is not None),
        "mankind": float(MANKIND.search(text) is not None),
        "we before": float(we + mine == 0 and WE.search(item.before[-200:]) is not None),
        "self": float(SELF.search(text) is not None),
        "silent": float(we + mine == 0),
    }


def _add_mention(features: Features, text: str, mention: Mention, bearing: bool) -> None:
    """Add what the words around one mention say; a rule that holds of any mention holds of the actor."""
    ahead = text[max(mention.start - 110, 0) : mention.start]
    end = mention.end + (2 if text[mention.end : mention.end + 2] in ("'s", "\u2019s") else 0)
    subject = PREPOSED.search(ahead) is None or GOVERNMENT.search(ahead) is not None
    holds = {
        "must": subject and SUBJECT_MUST.match(text, end),
        "acts": subject and (SUBJECT_BE.match(text, end) or SUBJECT_VERB.match(text, end)),
        "opens": OPENING.search(ahead),
        "called": CALLED.search(ahead),
        "thanked": THANKED.search(ahead),
        "member": MEMBER.search(ahead),
        "by": BY.search(ahead),
        "apposed": APPOSED.search(ahead),
        "believed": BELIEVED.search(ahead),
        "like": LIKE.search(ahead),
        "they": THEY.search(text, mention.end, mention.end + 220),
        "possessed must": POSSESSED.match(text, mention.end),
        "government": GOVERNMENT.search(ahead),
        "preposed": not subject,
        f"as {mention.kind}": True,
        "first": mention.start < 60,
    }
    for name, value in holds.items():
        if value:
            features[name] = 1.0
            if bearing:
                features[f"{name} there"] = 1.0
    features["times"] = min(features.get("times", 0.0) + 1 / 3, 4 / 3)


def _add_standing(features: Features, actor: str, item: Attributable, actors: Actors) -> None:
    """Add what the actor is: a group, with or without the source, typical of a role."""
    if actor.startswith("group:") and actor != item.source:
        inside = actors.includes(actor, item.source, item.date)
        features["group"] = 1.0
        features["group with source"] = float(inside is True)
        features["group without source"] = float(inside is False)
        features["ad hoc"] = float("+" in actor)
        if inside and WE.search(item.text):
            features["group with source and we"] = 1.0
        if inside and SHARED.search(item.text):
            features["group with source and shared"] = 1.0
    elif actor != item.source:
        features["other state"] = 1.0
        features["other state, we"] = float(WE.search(item.text) is not None)
    if any(actor in TYPICAL.get(role, ()) for role in item.roles):
        features["typical"] = 1.0


def _bearing(item: Attributable) -> list[tuple[int, int]]:
    """The sentences that bear the role: those with most of its words; all where its words are not known."""
    spans = [match.span() for match in SENTENCE.finditer(item.text)]
    words = [ROLE_WORDS[role] for role in item.roles if role in ROLE_WORDS]
    counts = [sum(len(pattern.findall(item.text, *span)) for pattern in words) for span in spans]
    most = max(counts, default=0)
    return [span for span, count in zip(spans, counts, strict=True) if count == most]
