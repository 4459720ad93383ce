"""The people of a record, from its title, its lists, its metadata and its source note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rolecoder.dialogue.cast import METADATA, NOT_AMERICAN, ONLY_OTHER, SHARED, Cast, Person, one
from rolecoder.dialogue.layout import paragraphs
from rolecoder.dialogue.listing import US_OFFICE, listed, parts_of, plausible, sided
from rolecoder.dialogue.titles import PARTICLE, TITLE, refer, title_of
from rolecoder.records import Document

US_RECORD = re.compile(
    r"THE\s+WHITE\s+HOUSE|NATIONAL\s+SECURITY\s+COUNCIL|OFFICE OF THE VICE PRESIDENT|SECSTATE|"
    r"AMEMBASSY|USUN|Department of State|"
    r"(?:Clinton|Bush|Reagan|Carter|Nixon|Kennedy|Johnson|Ford|Eisenhower|Truman) (?:Presidential "
    r")?Library|Executive Secretariat|"
    r"Clinton Presidential Records|Presidential Materials|NSC\b|National Archives, RG|Department "
    r"of State, Central Files|frus\d{4}",
)
DRAFTED = re.compile(
    r"(?:Drafted(?: and (?:initialed|approved|signed))?|Prepared|Recorded|Transcribed|Dictated)\s+(?:on \w+ \d+ )?by\s+"
    r"(?P<name>(?:[A-Z][\w.'’-]*\s?){1,4})"
)
# Whose paper a record is, by its letterhead or archive, beside that of the United States.
OTHER_RECORDS = (
    (
        "GBR",
        re.compile(
            r"10 DOWNING STREET|FOREIGN AND COMMONWEALTH OFFICE|10 Downing Street, S\.?W|\bPREM \d+/\d|\bFCO \d+/\d"
        ),
    ),
    ("GBR", re.compile(r"\A\W*(?:[^\n]{0,40}\n\s*)?10 Downing Street\W*$", re.M)),
    ("AUS", re.compile(r"\bNAA: ?A\w?\d|National Archives of Australia|\bCanberra, \d{1,2} [A-Z][a-z]+ \d{4}")),
)
BETWEEN = re.compile(r"\b(?:Between|between|BETWEEN|[Ww]ith|WITH|[Tt]o|From|TO)\b")
SLASHED = re.compile(
    r"^(?:[A-Z][\w.’'-]*\s?){1,5}/\s?(?:[A-Z][\w.’'-]*\s?){1,5}$"
)  # "Secretary Smith/Ambassador Jones"
TALK = re.compile(
    r"conversation|meeting|\bcall\b|telcon|telephone|\bbetween\b|memcon|lunch|one-on-one|talks?\b|banquet", re.I
)
OWN_MEETING = re.compile(
    r"Policy Planning|National Security Council|\bNSC\b.{0,20}(?:Meeting|Deputies|Principals)|"
    r"(?:Deputies|Principals) Committee|Cabinet Meeting|"
    r"Special Actions Group|Senior Review Group|Executive Committee|Staff Meeting|Joint Chiefs",
    re.I,
)
IN_BRACKETS = re.compile(r"(?P<office>[^()]{3,90}?)\s*\((?P<name>[A-Z][\w'’ʼ-]+(?:\s[A-Z][\w'’ʼ-]+)?)\)")
_NAME = rf"(?:[A-Z][\w.'’ʼ-]*|(?:{PARTICLE})\b)"
NAMES = rf"{_NAME}(?:\s+{_NAME})*"
State = tuple[str, str] | None  # and where it is said
SMALL = re.compile(r"\b(?:And|Of|The|Between|With|To|At|In|On|By|For)\b")  # of a title in capitals
HYPHENED = re.compile(r"^(?P<a>[A-Z][a-z]+)[-–—](?P<b>[A-Z][a-z]+)\b(?:[-–—](?P<c>[A-Z][a-z]+)\b)?")


def read_cast(document: Document, cast: Cast, *, recorded: bool = True) -> Cast:
    """Gather the people of a record from its title, header and metadata into ``cast``."""
    own = None if recorded else document.actor  # a paper may name another state's offices
    cast.home = own or _home(document) or cast.home
    for actor, reason, entry in listed(document, cast) if recorded else ():
        cast.add(entry, actor, reason)
    for block in _heads(document):
        _from_title(block, cast, recorded=recorded)
    for participant in document.participants:
        entry = f"{participant.name}, {participant.title}" if participant.title else participant.name
        entry, _ = sided(entry, cast)
        if not entry or not plausible(entry) or len(parts_of(entry)) > 1:
            continue
        state = (participant.actor, METADATA) if participant.actor else cast.side(entry)
        if len(document.participants) > 1:
            _take(entry, state, cast)
        else:
            cast.main = _take(entry, _of_document(entry, state, document, cast, recorded=recorded), cast)
    _complete(cast, document)
    return cast


def _of_document(entry: str, state: State, document: Document, cast: Cast, *, recorded: bool) -> State:
    """The state of the one speaker whom the metadata name: the document's own, save for a guest in another's record."""
    leads = cast.leader(entry.partition(",")[0])
    guest = recorded and (state or leads not in (None, document.actor))
    known = leads == document.actor or (state and state[1] == METADATA)
    return state if document.actor is None or guest or known else (document.actor, METADATA)


def _home(document: Document) -> str | None:
    edges = (
        document.raw[:6000]
        + document.raw[-6000:]
        + " "
        + document.document_id
        + " ".join(n.text for n in document.notes[:3])
    )
    other = next((actor for actor, mark in OTHER_RECORDS if mark.search(edges)), None)
    if other:
        return other
    return "USA" if US_RECORD.search(edges) else document.actor


def _heads(document: Document) -> Iterator[str]:
    """The document's title, its first lines and its subject line."""
    if document.title:
        yield document.title
    for number, block in enumerate(paragraphs(document.text, 0, 4000)):
        if block.text.startswith(("[", "*")) or "Source:" in block.text:
            continue
        shown = re.split(r"\s*\bPARTICIPANTS?\b", block.text)[0]
        subject = re.match(r"SUBJ(?:ECT)?\b\s*:?\s*(?P<rest>.*)", shown, re.I)
        if subject:
            yield subject["rest"]
        elif (
            number < 4
            and len(shown) < 250
            and (TALK.search(shown) or SLASHED.match(shown) or OWN_MEETING.search(shown))
        ):
            yield shown


def _from_title(title: str, cast: Cast, *, recorded: bool) -> None:
    """People named in a title: "... Between the President and the Soviet Ambassador (Dobrynin)"."""
    title = re.sub(r"Source$", "", title)
    shown = SMALL.sub(lambda word: word.group().lower(), title.title()) if title.isupper() else title
    hyphened = HYPHENED.match(shown)
    if hyphened:
        for name in filter(None, hyphened.groups()):
            actor = cast.leader(name)
            if actor:
                cast.add(name, actor, "a leader known to the table of actors")
        return
    start = BETWEEN.search(shown)
    talk = shown[start.end() :] if start else shown
    for part in re.split(
        rf"\s?/\s?(?=[A-Z])|\s+and\s+(?:the\s+)?(?=(?:(?:{PARTICLE})\s){{0,2}}[A-Z])|,\s+and\s+|;\s*", talk
    ):
        bracketed = IN_BRACKETS.search(part)
        if bracketed:
            office = bracketed["office"].strip()
            state = cast.side(office) or _office_of_home(office, cast)
            _take(f"{bracketed['name']}, {office}", state, cast)
            continue
        _one_named(part, cast, recorded=recorded)


def _one_named(part: str, cast: Cast, *, recorded: bool) -> None:
    """Add the one whom a part of a title names; over what is no record, where it tells his state."""
    title = TITLE.search(part)
    if title:
        before, after = part[: title.start()], part[title.end() :]
        name = re.match(rf"\s+(?P<name>{NAMES})", after)
        if name and refer(cast.without_states(name["name"])).names:
            rest = after[name.end() :]
            of = re.match(r"\s+of\s+(?:the\s+)?(?P<state>.{3,60})", rest)
            said = f"{before[-40:]} {title.group()} {of['state'] if of else ''}"
            printed = f"{title.group()} {name['name']}"
            leader = cast.leader(printed)
            known = (leader, "a leader known to the table of actors") if leader else None
            own = None if title_of(title.group()) in SHARED else _office_of_home(title.group() + after, cast)
            state = cast.side(said) or known or own
            if state or recorded:  # "Presidents News Conference" names no one
                _take(printed, state, cast)
            return
        named = re.search(rf"(?P<name>{NAMES}),\s*$", before)
        if named is None and not before.strip(" ,theT") and set(refer(title.group()).titles) <= cast.own_offices:
            cast.who("the " + title.group())  # listed by office alone, in the record of its own state
        if named:
            _take(f"{named['name']}, {part[title.start() :]}", cast.side(part[title.start() :]), cast)
    elif (
        (name := re.match(rf"\s*(?P<name>{NAMES})\s*$", part))
        and len(part.split()) <= 4
        and BETWEEN.search(part) is None
        and cast.side(part) is None
    ):
        actor = cast.leader(name["name"])
        if actor:
            cast.add(name["name"], actor, "a leader known to the table of actors")


def _office_of_home(office: str, cast: Cast) -> tuple[str, str] | None:
    office = re.split(r"[.;(]|\bPARTICIPANTS?\b", office)[0]
    if cast.home == "USA" and (
        US_OFFICE.search(office)
        or re.search(r"Under Secretary|Ambassador at Large|Secretary of State|President", office)
    ):
        return "USA", "an office of the United States"
    return None


def _take(entry: str, state: State, cast: Cast) -> Person:
    """Add someone from a title or from metadata, who may stand in a list by office alone."""
    name = entry.partition(",")[0]
    if cast.who(name) is None and refer(name).names:
        actor = cast.leader(name)
        bare = [p for p in cast.people if p.bare and "president" in p.titles and p.actor and p.actor == actor]
        if len(bare) == 1:
            found = replace(bare[0], names=refer(name).names)
            cast.people[cast.people.index(bare[0])] = found
            return found
    return cast.add(entry, state[0] if state else None, state[1] if state else None)


def _complete(cast: Cast, document: Document) -> None:
    """Give states to those who still lack one, where the record leaves no doubt."""
    for number, person in enumerate(cast.people):
        if person.actor is None:
            own = person.titles and person.titles <= cast.own_offices - SHARED
            if cast.home and own and (person.bare or cast.home == "USA") and cast.side(person.name) is None:
                found = (cast.home, "an office of the state that kept the record")
            elif person.bare and cast.home == "USA" and person.titles <= {"president", "secretary", "vice president"}:
                found = ("USA", "an office of the state that kept the record")
            elif actor := cast.leader(_plain(person)):
                found = (actor, "a leader known to the table of actors")
            elif cast.home == "USA" and person.titles & NOT_AMERICAN and (other := one(cast.others(cast.home))):
                found = (other, ONLY_OTHER)
            else:
                continue
            cast.people[number] = replace(person, actor=found[0], reason=found[1])
    foreign = {p.actor for p in cast.people} - {None, cast.home}
    if cast.home and not foreign and any(OWN_MEETING.search(head) for head in _heads(document)):
        reason = "takes part in a meeting of the state's own officials"
        cast.people[:] = [p if p.actor else replace(p, actor=cast.home, reason=reason) for p in cast.people]
    left = [p for p in cast.people if p.actor is None]
    if cast.home and len(left) == 1 and len(cast.people) == 2 and foreign and not _maybe_foreign(left[0]):
        at = cast.people.index(left[0])
        cast.people[at] = replace(
            left[0], actor=cast.home, reason="the only one left for the side that kept the record"
        )
    cast.drafter = _drafter(cast, document) or _only_one_of_home(cast)


def _maybe_foreign(person: Person) -> bool:
    return bool(person.titles & NOT_AMERICAN or (person.names and person.titles & SHARED))


def _only_one_of_home(cast: Cast) -> Person | None:
    """The one participant of the state that kept the record: no one else can say "I" in it."""
    own = [p for p in cast.people if p.actor is not None and p.actor == cast.home and p.names]
    return own[0] if len(own) == 1 and len({p.actor for p in cast.people}) > 1 else None


def _plain(person: Person) -> str:
    return person.name if person.names else ""


def _drafter(cast: Cast, document: Document) -> Person | None:
    """Who "I" is: the drafter whom the source note names."""
    for text in (*(n.text for n in document.notes), document.text[-6000:], document.raw[-6000:]):
        match = DRAFTED.search(text)
        if match:
            name = match["name"].strip()
            name = re.sub(r"\s+(?:on|and|in|at)\b.*|(?<=[a-z]{2})\.\s.*", "", name).rstrip(".")
            person = cast.who(name)
            if person is None:
                own = (cast.home, "the drafter of the record") if cast.home else (None, None)
                return Person(key=f"drafter {name}", name=name, names=refer(name).names, actor=own[0], reason=own[1])
            if person.actor is None and cast.home:
                at = cast.people.index(person)
                cast.people[at] = person = replace(person, actor=cast.home, reason="the drafter of the record")
            return person
    return None
