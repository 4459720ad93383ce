"""Whose role: what the words of a passage say for each actor that may hold it.

The rules follow the codebook: "we" is the source's state unless the passage makes it a group, "you" in a
conversation is the other side, a duty laid on another is the other's.
"""

from __future__ import annotations

from collections.abc import Sequence

from rolecoder.actors import Actors, Mention
from rolecoder.attribution.named import Candidates
from rolecoder.attribution.passage import ONE, WE, YOU, Attributable, Cues, rule
from rolecoder.attribution.roles import TYPICAL, bearing, bears

HOMELAND = (
    r"(?:country|nation|Government|government|delegation|people|peoples|Republic|Kingdom|State|state|foreign policy|"
    r"policy|President|King|Prime Minister|Head of State|land|island|islands|society|economy|independence|revolution|"
    r"party|Party|homeland|territory|soil|history|armed forces|forces|troops|[Cc]onstitution|region|continent)"
)
OWN = rule(rf"\b(?:[Mm]y|[Oo]ur|[Tt]his) (?:(?:own|small|young|great|beloved) )?{HOMELAND}\b")
YOURS = rule(rf"\b[Yy]our (?:(?:own|great) )?{HOMELAND}\b")
ADDRESSED = rule(  # not "I say to you", "as you know", "thank you"
    r"\b(?:as | at | between | by | for | from | give | if | of | tell | to | told | with) you\b(?! to\b) |"
    r"\b[Tt]hank you\b | \b[Yy]ou (?:asked | know | said | say | see | should know | understand)\b |"
    r"\b(?P<named>[Yy]ou)\b"
)
SELF = rule(
    r"\b[Tt]he (?:Kingdom|Federal Government|Republic|Government|Sultanate|Emirate|Principality)\b(?! of) |"
    r"\b(?:Royal Highness|His Majesty)\b"
)
SHARED = rule(
    r"\b(?:our (?:region|continent|hemisphere|subregion|countries|nations|States|peoples|Governments|Community|Union|"
    r"Association|[Aa]lliance|[Mm]ovement|Group|Organization|two countries|three countries) |"
    r"(?:we|us) (?:all|both|Europeans|Africans|Arabs|Asians|Americans|Latin|Central|non-aligned|small|developing) |"
    r"both of us | all of us | (?:our|its) (?:partners|neighbours|neighbors|allies|member States) |"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve) (?:countries|nations|States|Governments|members))\b"
)
MANKIND = rule(
    r"\b(?:all (?:States|nations|countries|peoples|of us|mankind) | mankind | humanity | international community |"
    r"Member States | world community | United Nations | this Organization | Assembly)\b"
)
MUST = (
    r"(?:must | should | shall | ought to | ha(?:s|ve) to | needs? to | bears?\b | could | can\b | cannot | may\b |"
    r"would do well | (?:is|are) (?:called upon|expected|required|obliged|bound|urged) |"
    r"ha(?:s|ve) (?:(?:an?|the|its|their) )?(?:\w+ ){0,2}(?:responsibilit|dut|obligation|role|task|mission)\w*)"
)
BE = r"(?:is|are|was|were|has|have|had|will|would|did|does|do|been)\b"
VERB = (
    r"(?:[a-z]{3,}(?:ed|es|ts|ds|ns|ks|ps|rs|ys|ms|ls) | gave | sent | made | took | led | stood | fought | became |"
    r"began | held | brought | give | send | make | take | lead | stand | fight | become | seek | want | support |"
    r"continue | believe | remain | offer | look)\b"
)
AFTER = r"(?:\s*,[^,.;]{1,60},)? (?:(?:also|alone|itself|themselves|now|always|therefore|too|both|all|then|still) )?"
SUBJECT_MUST = rule(AFTER + MUST)
SUBJECT_ACTS = rule(rf"{AFTER}(?:{BE} | {VERB})")
POSSESSED = rule(rf"(?:'|\u2019)s? (?:[\w-]+ ){{1,5}}?{MUST}")
THEY = rule(r"[.;] (?:They|It|He|She|Its|Their|His|This|These)\b")
OPENS_THEY = rule(r"(?:They|It|He|She|Its|Their|His|This|These|That|Those)\b")
THE = r"(?:the )?"
_BIDS = (  # by someone who is not the one that is named; a duty may be one's own
    r"call(?:ed|ing|s)? (?:up)?on | urg(?:e|ed|ing|es) | appeal(?:ed|ing|s)? to | invit(?:e|es|ed|ing) |"
    r"ask(?:ed|ing|s)? | request(?:ed|ing|s)? | expect(?:ed|s|ing)? | hope[sd]? that | exhort\w* | encourag\w+ |"
    r"want(?:ed|s)? | look(?:ed|ing|s)? to | count(?:ing|s)? on | demand\w* (?:of|from|that)"
)
# What stands right before a mention.
AHEAD = {
    "opens": rule(
        r"(?:^|[.;:!?\u2014]\s*[\"\u201c]?|,\s*|\bthat\s+|\band\s+|\d\.\s+)"
        r"(?:[Tt]he Government of (?:the )? | (?:[Tt]he|[Tt]hese|[Tt]hose|[Aa]ll) )*$"
    ),
    "called": rule(
        rf"\b(?:{_BIDS} | part of | respon\w+ of | dut(?:y|ies) of | obligations? of | task of | role of |"
        r"incumbent (?:up)?on | up to | is for | necessary (?:for|that) | essential that | important that) "
        r"(?:[\w'-]+,? ){0,8}$"
    ),
    "bidden": rule(rf"\b(?:{_BIDS}) (?:[\w'-]+,? ){{0,8}}$"),
    "thanked": rule(
        r"\b(?:thank\w* | grateful | gratitude | appreciat\w+ | commend\w* | tribute | congratulat\w+ | prais\w+ |"
        r"welcom\w+ | salut\w+ | applaud\w* | admir\w+ | acknowledg\w+ | recogni\w+)\b[^.;]{0,60}$"
    ),
    "believed": rule(
        r"\b(?:believ\w+ | confiden\w+ | convinced | consider\w* | hope\w* | trust | significance | importance | view |"
        r"role | policy | contribution | efforts? | initiatives? | example)\b(?: [\w'-]+){0,5} $"
    ),
    "apposed": rule(
        r"\b(?:[Ww]e|us)\s*[,\u2014\u2013-]*\s*(?:as )?(?:(?:the|an?) )?"
        r"(?:(?:peoples?|countries|nations) of )?(?:the )?$ |"
        r"\b[Aa]s (?:an? )?(?:member of the )?$ | \bof us (?:in|who belong to|who are) (?:the )?$"
    ),
    "member": rule(rf"\b(?:[Aa]s (?:(?:an?|the) )?(?:\w+[\s-]+){{0,3}} | member of {THE} | belongs? to {THE})$"),
    "like": rule(rf"\b(?:like|such as|including|especially|particularly|unlike|both) {THE}$"),
    "by": rule(rf"\b(?:by|of) {THE}(?:Government of (?:the )?)?$"),
    "government": rule(
        rf"\b(?:Government|Governments|Republic|Kingdom|people|peoples|delegation)s? (?:and people )?of {THE}$"
    ),
    "preposed": rule(
        r"\b(?:to|for|with|against|in|from|between|among|toward|towards|into|over|within|by|of|throughout) "
        r"(?:(?:the|all|other|its) )*$"
    ),
}
# Who asks an actor to do something: what stands before its name, and what follows it.
ASKING = rule(
    r"\b(?:expect | want | urge | ask | request | invite | encourage | exhort | implore | press |"
    r"call(?:ed|ing|s)? (?:up)?on | appeal(?:ed|ing|s)? to | look(?:ed|ing|s)? to | count(?:ed|ing|s)? (?:up)?on |"
    r"rel(?:y|ied|ies|ying) (?:up)?on | would like | need)(?:s|d|ed|es|ing)? (?:[\w'\u2019-]+ ){0,5}$"
)
DENIED = rule(r"(?:n['\u2019]t | \b(?:not|never|nobody|no one|hardly|refus\w+|deni\w+|deny))(?: [\w'\u2019]+){0,2} $")
TRUSTING = rule(
    r"\b(?:hope | trust | expect | insist | demand | propose | suggest | confident | ask | request | believe)"
    r"(?:s|d|ed|ing)? (?:that )?(?:[\w'\u2019-]+ ){0,4}$"
)
_REST = r"(?: (?:and|or|the|of|its|[A-Z][\w'\u2019-]+ | government | leaders | people)){0,4}"  # of a name, or of two
TO_DO = rule(rf"{_REST} (?:not )?to [a-z]{{2,}}")
WILL_DO = rule(rf"{_REST} (?:will | would | should | can | must)\b")
ENDS = rule(r"[.!?;]")
REACH = 110  # characters before a mention that its rules look at


def holder_cues(item: Attributable, actors: Actors, may: Candidates) -> dict[str, Cues]:
    """Gather the cues of every actor that may hold the role.

    They are the source, the addressee, all that are named in the passage or right beside it, and groups of the
    source's own that are often meant without being named.

    Args:
        item: The passage.
        actors: The actors.
        may: Who is named in and beside it, see ``candidates``.
    """
    spans = bearing(item.text, item.roles)
    found: dict[str, Cues] = {}
    if item.source:
        found[item.source] = _own(item, " ".join(item.text[start:end] for start, end in spans))
    if item.addressee and item.addressee != item.source:
        found[item.addressee] = _yours(item.text)
    for mention in [*may.inside, *_addressed(item)]:
        there = any(start <= mention.start < end for start, end in spans)
        _add_mention(found.setdefault(mention.actor, {}), item.text, mention, there, item.roles)
    for actor, cues in found.items():
        _add_standing(cues, actor, item, actors)
    _add_rivals(found, {mention.actor for mention in may.inside} - {item.source}, item, actors)
    for actor in may.beside:
        found[actor] = _beside(actor, item, may)
        _add_standing(found[actor], actor, item, actors)
    return found


def _beside(actor: str, item: Attributable, may: Candidates) -> Cues:
    """What speaks for an actor that the passage itself does not name."""
    cues = {"beside": 1.0, "opens they": float(OPENS_THEY.match(item.text) is not None)}
    for place, mentions in (("before", may.before), ("after", may.after)):
        for mention in mentions:
            if mention.actor == actor:
                cues |= {f"named {place}": 1.0, f"named {place} as {mention.kind}": 1.0}
    if may.before and may.before[-1].actor == actor:
        cues["named last"] = 1.0
    if actor in may.implied:
        cues |= {"implied": 1.0, f"implied {actor}": 1.0, "implied, we": float(WE.search(item.text) is not None)}
    return cues


def _own(item: Attributable, there: str) -> Cues:
    text = item.text
    we, mine = len(WE.findall(text)), len(ONE.findall(text))
    return {
        "source": 1.0,
        "we": min(we, 6) / 3,
        "any we": float(we > 0),
        "I": float(mine > 0),
        "own": float(OWN.search(text) is not None),
        "self": float(SELF.search(text) is not None),
        "shared": float(SHARED.search(text) is not None),
        "mankind": float(MANKIND.search(text) is not None),
        "silent": float(we + mine == 0),
        "we before": float(we + mine == 0 and WE.search(item.before[-200:]) is not None),
        "we there": float(WE.search(there) is not None or OWN.search(there) is not None),
        "I there": float(ONE.search(there) is not None),
    }


def _addressed(item: Attributable) -> list[Mention]:
    """The places where the other side of a conversation is named: by "you"."""
    other = item.addressee
    if not other or other == item.source:
        return []
    return [Mention(*m.span(), other, "name") for m in ADDRESSED.finditer(item.text) if m["named"]]


def _yours(text: str) -> Cues:
    return {
        "addressee": 1.0,
        "you": min(len(YOU.findall(text)), 4) / 2,
        "your own": float(YOURS.search(text) is not None),
    }


def _asked(text: str, ahead: str, end: int, roles: Sequence[str]) -> bool:
    """Whether the actor whose name ends there is asked, or trusted, to do what one of the roles is spoken of with."""
    asking, trusting = ASKING.search(ahead), TRUSTING.search(ahead)
    verb = (asking if TO_DO.match(text, end) else None) or (trusting if WILL_DO.match(text, end) else None)
    if verb is None or DENIED.search(ahead, 0, verb.start()):
        return False
    return bears(ENDS.split(text[end:], maxsplit=1)[0], roles)


def _add_mention(cues: Cues, text: str, mention: Mention, there: bool, roles: Sequence[str]) -> None:
    """Add what the words around one mention say; a rule that holds of any mention holds of the actor."""
    start = max(mention.start - REACH, 0)
    end = mention.end + (2 if text[mention.end : mention.end + 2] in ("'s", "\u2019s") else 0)
    ahead = text[start : mention.start]
    holds = {name for name, pattern in AHEAD.items() if pattern.search(ahead)}
    if "preposed" not in holds or "government" in holds:
        holds |= {name for name, p in (("must", SUBJECT_MUST), ("acts", SUBJECT_ACTS)) if p.match(text, end)}
        holds.discard("preposed")
    if _asked(text, ahead, end, roles):
        holds.add("asked")
    if POSSESSED.match(text, mention.end):
        holds.add("possessed must")
    if THEY.search(text, mention.end, mention.end + 2 * REACH):
        holds.add("they")
    if mention.start < 60:
        holds.add("first")
    for name in {*holds, f"as {mention.kind}"}:
        cues[name] = 1.0
        if there:
            cues[f"{name} there"] = 1.0
    cues["times"] = min(cues.get("times", 0.0) + 1 / 3, 4 / 3)


def _add_standing(cues: Cues, actor: str, item: Attributable, actors: Actors) -> None:
    """Add what the actor is to the source, and each cue once more for actors of that standing."""
    we = float(WE.search(item.text) is not None)
    if actor == item.source:
        kind = "own"
    elif not actor.startswith("group:"):
        kind = "state"
        cues |= {"other state": 1.0, "other state, we": we}
    else:
        inside = actors.includes(actor, item.source, item.date)
        kind = {True: "inside", False: "outside", None: "group"}[inside]
        cues |= {"group": 1.0, "ad hoc": float("+" in actor)}
        if inside:
            cues |= {"inside, we": we, "inside, shared": float(SHARED.search(item.text) is not None)}
    if any(actor in TYPICAL.get(role, ()) for role in item.roles):
        cues["typical"] = 1.0
    cues |= {f"{kind} {name}": value for name, value in cues.items()}
    cues |= {f"{kind}, {role}": 1.0 for role in item.roles}


def _add_rivals(found: dict[str, Cues], rivals: set[str], item: Attributable, actors: Actors) -> None:
    """Add who else may hold the role, and who is named beside the passage."""
    near = {mention.actor for text in (item.before, item.after) for mention in actors.find(text, item.date)}
    for actor, cues in found.items():
        cues["named near"] = float(actor in near)
        cues["alone"] = float(not rivals - {actor})
        if actor == item.source:
            cues["rivals in duty"] = float(any(found[r].keys() & {"must", "called"} for r in rivals))
