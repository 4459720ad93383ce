"""What the text of a record tells of its people beyond the list of participants: who speaks, offices, states."""

from __future__ import annotations

import re
from dataclasses import replace

from rolecoder.dialogue.cast import SHARED, Cast, Person
from rolecoder.dialogue.initials import are_initials, initials_of
from rolecoder.dialogue.titles import PARTICLE, TITLE, refer, title_of
from rolecoder.dialogue.verbs import SAYING, STRONG

LEARNED = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=[.!?]\d\s))(?P<who>(?:(?:Mr|Mrs|Dr|Sir|Lord)\.?\s|(?:[A-Z]\w+\s){0,3}(?:President|"
    r"Minister|Secretary|Ambassador|Chancellor|Chairman|Senator|"
    rf"General|Admiral|Premier|King|Prince|Director|Counselor)\s)?(?:(?i:{PARTICLE})\s){{0,2}}"
    r"[A-Z][\w'’-]+|The\s(?:President|"
    r"Prime Minister|Chancellor|Secretary|Ambassador|"
    r"Foreign Minister|Chairman|King|Premier|Vice President))\s(?:also\s|then\s|next\s|again\s)?(?:"
    + "|".join(sorted({*STRONG, *SAYING}))
    + r")\b",
    re.M,
)
SPOKE = re.compile(
    r",\s(?P<who>(?:Mr|Mrs|Dr|(?:(?:Prime|Foreign)\s)?Minister|Secretary|Ambassador|President|Chancellor|Premier)\.?\s[A-Z][\w'’-]+)"
    r"\s(?:" + "|".join(sorted(STRONG)) + r")\sthat\b"
)
UNLISTED = re.compile(r"attached list|listed on page|among others|and others", re.I)
NOBODIES = frozenset("He She They It This That There These Those We I Both You Who What Sovs Embassy".split())
SAID = r"(?:said|asked|wanted|replied|told|thought|agreed|noted|added|suggested|felt|mentioned|wondered)\b"
INITIALLED = re.compile(rf"\b(?P<who>[A-Z]{{1,4}}) {SAID}")
OFFICE = (
    r"(?:the\s|a\s|an\s|its\s)?(?:[A-Z][\w.’'-]*\s){0,3}(?:[Ee]ditor|[Cc]hief|[Hh]ead|[Dd]irector|[Mm]ember|[Rr]epresentative|"
    r"[Cc]orrespondent|[Mm]inister|[Dd]eputy|[Aa]mbassador|[Cc]hairman|[Ss]ecretary|[Pp]resident|[Cc]ounselor|[Oo]fficer|[Aa]ssistant)\b"
)


def acquaint(cast: Cast, text: str) -> None:
    """Learn from the text what the list of participants does not tell: who speaks, titles, sides."""
    for letters in {m["who"] for m in INITIALLED.finditer(text)} - {"I", "A"}:
        name = initials_of(letters, cast) if are_initials(letters, cast) else None
        meant = "the President" if letters == "P" else name
        person = cast.who(meant) if meant else None
        if person is not None and len(re.findall(rf"\b{letters} {SAID}", text)) >= 2:
            cast.aliases[letters.casefold()] = person.key
    _add_speakers(cast, text, unlisted=len(cast.people) <= 1 or UNLISTED.search(text[:3000]) is not None)
    for number, person in enumerate(cast.people):
        cast.people[number] = _known_better(person, cast, text)


def _add_speakers(cast: Cast, text: str, *, unlisted: bool) -> None:
    """Add those who speak again and again where no list is given, and who open a paragraph under their office."""
    named: dict[str, list[str]] = {}
    for match in LEARNED.finditer(text):
        printed = " ".join(match["who"].split())
        if TITLE.search(printed) is None and cast.side(printed):
            continue  # "Soviets said": no one person
        opens = text[: match.start()].endswith("\n") and TITLE.search(printed) is not None
        if unlisted or (opens and refer(printed).names):
            named.setdefault(printed.split()[-1], []).append(printed)
    for match in SPOKE.finditer(text) if UNLISTED.search(text[:3000]) else ():
        if cast.leader(match["who"]):
            named.setdefault(match["who"].split()[-1], []).extend([match["who"]] * 2)
    for last, ways in named.items():
        fullest = max(ways, key=len)
        if len(ways) >= (2 if unlisted else 1) and last not in NOBODIES and cast.who(fullest) is None:
            cast.learn(fullest)


def _known_better(person: Person, cast: Cast, text: str) -> Person:
    """Add the office that the text puts before a name, and the state that it puts after it."""
    if not person.names:
        return person
    surname = re.escape(person.names[-1])
    held = {title for other in cast.people if other.key != person.key for title in other.titles}
    before = re.finditer(rf"({TITLE.pattern})\s+(?:and\s+Mrs\.?\s+)?(?:[A-Z][\w.]*\s+)?{surname}\b", text, re.I)
    titles = {title_of(match.group(1)) for match in before} - held
    found = replace(person, titles=person.titles | titles)
    if found.actor is None and (told := re.search(rf"(?i:\b{surname}),\s+(?P<office>{OFFICE}[^.;\n]{{4,90}})", text)):
        side = cast.side(told["office"])
        found = replace(found, actor=side[0], reason=side[1]) if side else found
    own = titles & (cast.own_offices - SHARED)
    if found.actor is None and own and cast.home:
        found = replace(found, actor=cast.home, reason="an office of the state that kept the record")
    return found
