"""The header of a record: who took part, for which state, when, and where the talk itself begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rolecoder.dialogue.cast import OWN_OFFICES, Cast, Person
from rolecoder.dialogue.layout import Block, Page, paragraphs
from rolecoder.dialogue.titles import NAME_TOKEN, PARTICLES, TITLE, refer
from rolecoder.records import Document

FIELD = re.compile(
    r"(?P<name>SUBJECTS?|SUBJ|PARTICIPANTS?|PRESENT|ALSO PRESENT|DATE(?:,?\s*TIME)?(?:\s+AND\s+PLACE)?|TIME(?: AND PLACE)?|"
    r"(?:AND\s+)?PLACE|NOTE[- ]?TAKERS?|INTERPRETERS?|TRANSLATORS?|FROM|TO|INFO|TAGS|CLASS|PREC|LINE\s?\w|OSRI|DTG|ORIG|REFTEL|REFS?|"
    r"E\.?\s?O\.?\s?\d+|TEXT|MEMORANDUM OF [A-Z ]+)(?![a-z])\s*(?P<colon>[:;.]?)\s*",
    re.I,
)
PEOPLE_FIELDS = ("participant", "present", "also present")
HELPERS = ("note", "interpreter", "translator")
US_RECORD = re.compile(
    r"THE\s+WHITE\s+HOUSE|NATIONAL\s+SECURITY\s+COUNCIL|OFFICE OF THE VICE PRESIDENT|SECSTATE|AMEMBASSY|USUN|Department of State|"
    r"(?:Clinton|Bush|Reagan|Carter|Nixon|Kennedy|Johnson|Ford|Eisenhower|Truman) (?:Presidential )?Library|Executive Secretariat|"
    r"Clinton Presidential Records|Presidential Materials|NSC\b|National Archives, RG|Department of State, Central Files|frus\d{4}",
)
US_OFFICE = re.compile(
    r"\bNSC\b|National Security|Assistant to the President|Secretary of (?:State|Defense|the Treasury|Commerce|Agriculture)|"
    r"State Dep|Department of State|White House|\bACDA\b|\bCIA\b|\bUSUN\b|Senior Director for|Deputy Assistant Secretary|"
    r"Under Secretary of State|^[A-Z]{1,4}(?:/[A-Z-]+)?\s?[—–]\s?|(?:[—–,]\s?)(?:EUR|SOV|FE|NEA|INR|S/P|BNA|WE|S/B|D|SES|ARA|AF|ACDA|EA)\b|"
    r"\((?:Commerce|State|Defense|NASA|C\.?I\.?A\.?|A\.?E\.?C\.?|Agriculture|Treasury)\)|Special Assistant to the Secretary|Federal Aviation|"
    r"Assistant Secretary for|Chief of Staff|Special Envoy to the|Director of Policy Planning"
)
GOES_ON = re.compile(r"(?:\b(?:of|the|to|for|and|in|at|on|by|with|former|Permanent)|[,&/-])$", re.I)
LOWER = re.compile(r"[a-z(&]")
HEADING = re.compile(r"^(?P<state>[A-Z][\w.;’'/« -]{0,30}?)\s*[:.]?$")
SIDE = re.compile(
    r"^(?:the\s+)?(?P<side>US|U\.\s?S\.|USSR|U\.S\.S\.R\.|UK|U\.K\.|FRG|GDR|PRC|ROK|GVN)(?:\s+side)?[:\s]\s*(?=[A-Z(])"
)
GARBLED_US = re.compile(r"u\W{0,2}s\W{0,2}", re.I)
MR = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|M)\b\.?")
DRAFTED = re.compile(
    r"(?:Drafted(?: and (?:initialed|approved|signed))?|Prepared|Recorded|Transcribed|Dictated)\s+(?:on \w+ \d+ )?by\s+"
    r"(?P<name>(?:[A-Z][\w.'’-]*\s?){1,4})"
)
BETWEEN = re.compile(r"\b(?:Between|between|BETWEEN|[Ww]ith|WITH|[Tt]o|From|TO)\b")
IN_BRACKETS = re.compile(r"(?P<office>[^()]{3,90}?)\s*\((?P<name>[A-Z][\w'’ʼ-]+(?:\s[A-Z][\w'’ʼ-]+)?)\)")
NAMES = r"(?:[A-Z][\w.'’ʼ-]*|de|von|van|al|bin|du|la)(?:\s+(?:[A-Z][\w.'’ʼ-]*|de|von|van|al|bin|du|la))*"
HYPHENED = re.compile(r"^(?P<a>[A-Z][a-z]+)[-–—](?P<b>[A-Z][a-z]+)\b(?:[-–—](?P<c>[A-Z][a-z]+)\b)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of participants: its words, the paragraph it stands in, its state and why."""

    text: str
    group: int
    actor: str | None = None
    reason: str | None = None


def read_cast(document: Document, cast: Cast, *, recorded: bool = True) -> Cast:
    """Gather the people of a record from its title, header and metadata into ``cast``."""
    cast.home = _home(document) or cast.home
    for actor, reason, entry in _listed(document, cast) if recorded else ():
        cast.add(entry, actor, reason)
    for block in _heads(document):
        _from_title(block, cast)
    for participant in document.participants:
        entry = f"{participant.name}, {participant.title}" if participant.title else participant.name
        entry, _ = _sided(entry, cast)
        if not entry or not _plausible(entry) or len(_parts(entry, cast)) > 1:
            continue
        own = cast.side(entry) if participant.actor is None else None
        state = (participant.actor, "the document's metadata") if participant.actor else own
        person = _take(entry, state, cast)
        if len(document.participants) == 1:
            cast.main = person
    _complete(cast, document)
    return cast


def fields_end(document: Document) -> int:
    """The offset after the last header line that begins with the name of a field."""
    end = 0
    limit = max(len(document.text) // 2, 1500)
    for block in paragraphs(document.text, 0, min(limit, 12000)):
        match = FIELD.match(block.text)
        if match and (match["colon"] or match["name"].isupper()) and _is_field(match, block):
            end = block.end
    return end


def _is_field(match: re.Match[str], block: Block) -> bool:
    alone = match.end() == len(block.text)
    return bool(match["colon"]) or match["name"].isupper() or (alone and match["name"][0].isupper())


def _home(document: Document) -> str | None:
    edges = (
        document.raw[:6000]
        + document.raw[-6000:]
        + " "
        + document.document_id
        + " ".join(n.text for n in document.notes[:3])
    )
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
        elif number < 4 and len(shown) < 250:
            yield shown


def _listed(document: Document, cast: Cast) -> Iterator[tuple[str | None, str | None, str]]:
    """The entries of the lists of participants, each with the state it stands under or names."""
    entries: list[Entry] = []
    heading: str | None = None
    weak: str | None = None
    for group, line in _entries(_list_lines(document)):
        entry, side = _sided(line, cast)
        if side:
            heading, weak = side, None
        if entry and not _plausible(entry):
            if len(entry.split()) > 14:
                break
            continue
        weak = _leading(entry, cast) or weak
        parts = _parts(entry, cast)
        for part in parts:
            own = _own_state(part, heading, weak, cast)
            entries.append(Entry(part, group if len(parts) == 1 else -1, *(own or (None, None))))
    yield from _between(_grouped(entries))


def _leading(entry: str, cast: Cast) -> str | None:
    """The state whose adjective opens an entry and, in some lists, a side: "British Sir David ..."."""
    first = next(iter(cast.actors.find(entry, cast.date)), None)
    if first is None or first.start > 0 or first.kind not in ("name", "demonym", "leader") or first.end == len(entry):
        return None
    return first.actor if first.kind != "leader" or cast.side(entry.split()[0]) else None


def _own_state(part: str, heading: str | None, weak: str | None, cast: Cast) -> tuple[str, str] | None:
    """The state of one entry: its own words, the office that kept the record, the heading above."""
    name = part.partition(",")[0]
    own = cast.side(part)
    if own:
        return own
    if (actor := cast.actors.leader(name, cast.date)) and (refer(name).names or actor != cast.home):
        return actor, "a leader known to the table of actors"
    if cast.home == "USA" and heading in (None, "USA") and (weak is None or TITLE.match(part.removeprefix("The "))):
        titles = set(refer(name).titles)
        if US_OFFICE.search(part) or (titles and titles <= OWN_OFFICES and (not refer(name).names or titles != {"president"})):
            return "USA", "an office of the United States"
    if under := weak or heading:
        return under, f"listed under {cast.actors.name(under)}"
    return None


def _plausible(entry: str) -> bool:
    """Tell a participant's entry from the text after the list."""
    name = entry.partition(",")[0]
    ref = refer(re.sub(r"\([^)]*\)", "", name))
    strange = [w for w in ref.others if w not in ("of", "for", "to", "at", "and", "the", "on", "in")]
    return bool(ref.names or ref.titles) and not strange and len(name.split()) <= 14 and not re.match(r"\(\d", entry)


def _grouped(entries: Sequence[Entry]) -> list[Entry]:
    """Give those who stand in one paragraph with people of one other side that side."""
    out = []
    for entry in entries:
        known = {e.actor for e in entries if e.group == entry.group and e.actor}
        if entry.actor is None and entry.group >= 0 and len(known) == 1 and sum(e.group == entry.group for e in entries) > 2:
            out.append(replace(entry, actor=known.pop(), reason="listed among that side"))
        else:
            out.append(entry)
    return out


def _between(entries: Sequence[Entry]) -> Iterator[tuple[str | None, str | None, str]]:
    """Give an entry between two of one side that side: lists go side by side."""
    for number, entry in enumerate(entries):
        before = next((e.actor for e in reversed(entries[:number]) if e.actor), None)
        after = next((e.actor for e in entries[number + 1 :] if e.actor), None)
        if entry.actor is None and before is not None and before == after:
            yield before, "listed among that side", entry.text
        else:
            yield entry.actor, entry.reason, entry.text


def _list_lines(document: Document) -> Iterator[tuple[int, str]]:
    """The lines of the lists of participants, as they stood on the page."""
    page = Page(document)
    inside = False
    for block in paragraphs(document.text, 0, max(len(document.text) * 2 // 3, 4000)):
        for line in page.lines(block):
            match = FIELD.match(line.text)
            if match and _is_field(match, line):
                name = match["name"].casefold()
                inside = name.startswith(PEOPLE_FIELDS)
                rest = line.text[match.end() :].strip()
                if (inside or name.startswith(HELPERS)) and rest:
                    yield block.start, rest
            elif inside and _prose(line.text, block.text):
                inside = False
            elif inside:
                yield block.start, line.text


def _prose(line: str, block: str) -> bool:
    label = re.match(r"(?P<label>[^:]{2,40}):\s+\S", line)
    if label and not re.search(r"note|interp|transl|side|U\.?S", label["label"], re.I):
        return True
    return len(block.split()) > 24 and re.search(r"[a-z]{2}[.?!](?:\s|$)", block) is not None


def _entries(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join the lines over which one participant's entry runs."""
    entry, at = "", -1
    for group, line in lines:
        alone = len(line.split()) == 1 and TITLE.fullmatch(line)
        if entry and (GOES_ON.search(entry) or LOWER.match(line) or alone or line.startswith("Affairs")):
            entry = f"{entry} {line}"
            continue
        if entry:
            yield at, entry
        entry, at = line, group
    if entry:
        yield at, entry


def _parts(entry: str, cast: Cast) -> list[str]:
    """Cut an entry that lists several people."""
    parts = [
        part.strip() for part in re.split(r";|\band\b(?=\s+(?:Mr|Mrs|FM|PM|THE|President|Ambassador)\b)|\bAND\b", entry)
    ]
    out = []
    for part in filter(None, parts):
        pieces = [p.strip() for p in part.split(",")]
        people = [_is_person(p, cast) for p in pieces]
        out += pieces if len(pieces) > 1 and all(people) else [part]
    return out


def _is_person(part: str, cast: Cast) -> bool:
    ref = refer(part)
    full = len(ref.names) >= 2 or (bool(ref.names) and (bool(ref.titles) or MR.match(part) is not None))
    office = re.search(r"\b(?:Staff|Member|Embassy|Director|Office|Affairs|Department|Section|Ministry|Desk|Note\w*|Interpreter)\b", part)
    if US_OFFICE.search(part) or re.search(r"\b(?:First|Deputy|Adviser|Advisor|House|Public)\b|/", part):
        return False
    return full and not ref.others and not office and cast.side(part) is None and len(part.split()) <= 5


def _sided(entry: str, cast: Cast) -> tuple[str, str | None]:
    """Take a heading ("Turkey", "USSR Mr. Mikoyan") off an entry."""
    heading = HEADING.match(entry)
    if heading:
        named = heading["state"].strip(" :")
        state = "USA" if GARBLED_US.fullmatch(named) else _state_named(named, cast)
        if state:
            return "", state
    side = SIDE.match(entry)
    if side:
        state = cast.actors.resolve(side["side"].replace(" ", ""), cast.date)
        return (entry[side.end() :] if state else entry), state
    return entry, None


def _state_named(text: str, cast: Cast) -> str | None:
    """The state that a heading names with all its words."""
    found = [m for m in cast.actors.find(text, cast.date) if m.kind in ("name", "demonym")]
    covered = sum(m.end - m.start for m in found)
    if found and covered >= 0.6 * len(text) and not TITLE.search(text):
        return found[0].actor
    return None


def _from_title(title: str, cast: Cast) -> None:
    """People named in a title: "... Between the President and the Soviet Ambassador (Dobrynin)"."""
    title = re.sub(r"Source$", "", title)
    shown = title.title() if title.isupper() else title
    hyphened = HYPHENED.match(shown)
    if hyphened:
        for name in filter(None, hyphened.groups()):
            actor = cast.actors.leader(name, cast.date)
            if actor:
                cast.add(name, actor, "a leader known to the table of actors")
        return
    start = BETWEEN.search(shown)
    talk = shown[start.end() :] if start else shown
    for part in re.split(r"\s+and\s+(?:the\s+)?(?=[A-Z])|,\s+and\s+|;\s*", talk):
        bracketed = IN_BRACKETS.search(part)
        if bracketed:
            office = bracketed["office"].strip()
            state = cast.side(office) or _office_of_home(office, cast)
            _take(f"{bracketed['name']}, {office}", state, cast)
            continue
        _one_named(part, cast)


def _one_named(part: str, cast: Cast) -> None:
    title = TITLE.search(part)
    if title:
        before, after = part[: title.start()], part[title.end() :]
        name = re.match(rf"\s+(?P<name>{NAMES})", after)
        if name and refer(cast.without_states(name["name"])).names:
            rest = after[name.end() :]
            of = re.match(r"\s+of\s+(?:the\s+)?(?P<state>.{3,60})", rest)
            said = f"{before[-40:]} {title.group()} {of['state'] if of else ''}"
            _take(
                f"{title.group()} {name['name']}", cast.side(said) or _office_of_home(title.group() + after, cast), cast
            )
            return
        named = re.search(rf"(?P<name>{NAMES}),\s*$", before)
        if named:
            _take(f"{named['name']}, {part[title.start() :]}", cast.side(part[title.start() :]), cast)
    elif (
        (name := re.match(rf"\s*(?P<name>{NAMES})\s*$", part))
        and 2 <= len(part.split()) <= 4
        and BETWEEN.search(part) is None
    ):
        actor = cast.actors.leader(name["name"], cast.date)
        if actor:
            cast.add(name["name"], actor, "a leader known to the table of actors")


def _office_of_home(office: str, cast: Cast) -> tuple[str, str] | None:
    if cast.home == "USA" and (
        US_OFFICE.search(office)
        or re.search(r"Under Secretary|Ambassador at Large|Secretary of State|President", office)
    ):
        return "USA", "an office of the United States"
    return None


def _take(entry: str, state: tuple[str | None, str | None] | tuple[str, str] | None, cast: Cast) -> Person:
    """Add someone from a title or from metadata, who may stand in a list by office alone."""
    name = entry.partition(",")[0]
    if cast.who(name) is None and refer(name).names:
        actor = cast.actors.leader(name, cast.date)
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
            if person.bare and cast.home == "USA" and person.titles <= {"president", "secretary", "vice president"}:
                found = ("USA", "an office of the state that kept the record")
            elif actor := cast.actors.leader(_plain(person), cast.date):
                found = (actor, "a leader known to the table of actors")
            else:
                continue
            cast.people[number] = replace(person, actor=found[0], reason=found[1])
    left = [p for p in cast.people if p.actor is None]
    foreign = {p.actor for p in cast.people} - {None, cast.home}
    if cast.home and len(left) == 1 and len(cast.people) == 2 and foreign:
        at = cast.people.index(left[0])
        cast.people[at] = replace(
            left[0], actor=cast.home, reason="the only one left for the side that kept the record"
        )
    cast.drafter = _drafter(cast, document) or _only_one_of_home(cast)


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


__all__ = ["NAME_TOKEN", "PARTICLES", "fields_end", "read_cast"]
