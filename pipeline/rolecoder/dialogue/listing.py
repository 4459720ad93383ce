"""The lists of participants in a record: who is named, and under or beside which state."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rolecoder.dialogue.cast import AMONG, NOT_AMERICAN, OWN_OFFICE, SHARED, Cast, of_office, one
from rolecoder.dialogue.fields import FIELD, is_field, is_prose
from rolecoder.dialogue.layout import WORD, Block, Page, paragraphs
from rolecoder.dialogue.titles import TITLE, refer
from rolecoder.readers.columns import GAP, Row, in_order
from rolecoder.readers.persons import apart
from rolecoder.records import Document

PEOPLE_FIELDS = ("participant", "present", "also present")
HELPERS = ("note", "interpreter", "translator")
HELPING = re.compile(r"note ?-?taker|interpret|translat", re.I)
Place = tuple[int, bool]  # where a line's paragraph begins, and whether its field is that of helpers
US_OFFICE = re.compile(
    r"\bNSC\b|National Security|Assistant to the President|Secretary of (?:State|Defense|"
    r"the Treasury|Commerce|Agriculture)|"
    r"State Dep|Department of State|White House|\bACDA\b|\bCIA\b|\bUSUN\b|Senior Director "
    r"for|Deputy Assistant Secretary|"
    r"Under Secretary of State|^[A-Z]{1,4}(?:/[A-Z-]+)?\s?[—–]\s?|(?:[—–,]\s?)(?:EUR|SOV|"
    r"FE|NEA|INR|S/P|BNA|WE|S/B|D|SES|ARA|AF|ACDA|EA)\b|"
    r"\((?:Commerce|State|Defense|NASA|C\.?I\.?A\.?|A\.?E\.?C\.?|Agriculture|Treasury)\)|"
    r"Special Assistant to the Secretary|Federal Aviation|"
    r"Assistant Secretary for|Chief of Staff|Special Envoy to the|Director of Policy Planning"
)
GLUED = re.compile(r"\b([A-Z][a-z]{2,})([A-Z]\w+)\b")
LIST_APART = 1500
GOES_ON = re.compile(r"(?:\b(?:of|the|to|for|and|in|at|on|by|with|former|Permanent)|[,&/-])$", re.I)
LOWER = re.compile(r"(?!for (?:the )?[A-Z][^:]{1,30}:\s)[a-z(&]")
PARTY = re.compile(
    r"^(?:[Ff]or |[Oo]n )?(?:[Tt]he )?|"
    r"\s+(?:[Ss]ide|[Dd]elegation|[Pp]arty|[Pp]articipants|[Rr]epresentatives|[Mm]embers|[Tt]eam)$"
)
INNER_SIDE = re.compile(
    r"(?<=[.;,])\s+(?:and\s+)?(?=(?:(?:[Ff]or|[Oo]n) )?(?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*){0,2}:\s)"
)
NAMED_SIDE = re.compile(r"^(?:[Ff]or )?(?P<side>[A-Z][\w.’' ]{1,30}?):\s+(?=\S)")
HEADING = re.compile(r"^(?P<state>[A-Z][\w.;’'/« -]{0,30}?)\s*[:.]?$")
SIDE = re.compile(
    r"^(?:the\s+)?(?P<side>United States|United Kingdom|Soviet Union|US|U\.\s?S\.|USSR|U\.S\.S\.R\.|"
    r"UK|U\.K\.|FRG|GDR|PRC|ROK|GVN)(?:\s+side)?[:\s]\s*(?=[A-Z(])"
)
GARBLED_US = re.compile(r"u\W{0,2}s\W{0,2}", re.I)
PLURAL = re.compile(
    r"(?:^|(?<=,\s))(?:The\s+)?(?P<title>Senators|Congressmen|Representatives|Ambassadors|"
    r"Ministers|Messrs\.?|Generals|Admirals|Secretaries)\s+"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of participants: its words, the paragraph it stands in, its state and why."""

    text: str
    group: int
    actor: str | None = None
    reason: str | None = None
    helper: bool = False  # takes notes or interprets, wherever he is listed


def listed(document: Document, cast: Cast) -> Iterator[tuple[str | None, str | None, str]]:
    """The entries of the lists of participants, each with the state it stands under or names."""
    entries: list[Entry] = []
    heading: str | None = None
    weak: str | None = None
    closed: int | None = None
    for (group, helper), line in _entries(_list_lines(document)):
        entry, side = sided(_unglued(line, cast), cast)
        if side:
            heading, weak = side, None
        if entry and not plausible(entry):
            if len(entry.split()) > 14 or entry.startswith(("[", "*")):
                closed = group  # the talk begins; another list may stand at its end
            continue
        if closed is not None and group < closed + LIST_APART:
            continue
        weak = _leading(entry, cast) or weak
        parts = parts_of(entry)
        for part in parts:
            actor, reason = _own_state(part, heading, weak, cast) or (None, None)
            helps = helper or HELPING.search(part) is not None
            entries.append(Entry(part, group if len(parts) == 1 else -1, actor, reason, helps))
    yield from _between(_grouped(entries), cast.home)


def _unglued(line: str, cast: Cast) -> str:
    """End an entry where a state runs into the next one without a blank: "of ItalyVarious members"."""
    glued = next((m for m in GLUED.finditer(line) if _state_named(m[1], cast)), None)
    return line[: glued.end(1)] if glued else line


def _leading(entry: str, cast: Cast) -> str | None:
    """The state whose adjective opens an entry and, in some lists, a side: "British Sir John Smith"."""
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
    if (actor := cast.leader(name)) and (refer(name).names or actor != cast.home):
        return actor, "a leader known to the table of actors"
    titled = TITLE.match(part.removeprefix("The ")) is not None
    if cast.home and heading in (None, cast.home) and (weak is None or titled) and _of_home(part, name, cast):
        return cast.home, "an office of the United States" if cast.home == "USA" else OWN_OFFICE
    if under := weak or heading:
        return under, f"listed under {cast.actors.name(under)}"
    return None


def _of_home(part: str, name: str, cast: Cast) -> bool:
    """Tell an office of the state that kept the record; others have presidents too, and what Downing Street has."""
    ref = refer(name)
    own = bool(ref.titles) and set(ref.titles) <= cast.own_offices
    if cast.home != "USA":
        return own and not ref.names
    return US_OFFICE.search(part) is not None or (own and not (ref.names and set(ref.titles) <= SHARED))


def plausible(entry: str) -> bool:
    """Tell a participant's entry from the text after the list."""
    name = entry.partition(",")[0]
    ref = refer(re.sub(r"\([^)]*\)", "", name))
    strange = [w for w in ref.others if w not in ("of", "for", "to", "at", "and", "the", "on", "in")]
    return (
        bool(ref.names or ref.titles)
        and not strange
        and len(name.split()) <= 14
        and not re.match(r"\(\d|[IVX]+\.\s|\W*\d{1,2}[:.]\d\d", entry)
    )


def _grouped(entries: Sequence[Entry]) -> list[Entry]:
    """Give those who stand in one paragraph with people of one other side that side."""
    out = []
    for entry in entries:
        group = [e for e in entries if e.group == entry.group]
        side = one(e.actor for e in group)
        strange = any(e.actor is None and _of_another(e.text, side) for e in group)
        if entry.actor is None and entry.group >= 0 and side and len(group) > 2 and not strange:
            out.append(replace(entry, actor=side, reason=AMONG))
        else:
            out.append(entry)
    return out


def _between(entries: Sequence[Entry], home: str | None) -> Iterator[tuple[str | None, str | None, str]]:
    """Give an entry between two of one side that side, where the list goes side by side."""
    close = max((number + 1 for number, entry in enumerate(entries) if not entry.helper), default=0)
    told = [entry.actor for entry in entries[:close]]  # helpers at the end stand on neither side
    runs = [actor for actor, _ in itertools.groupby(filter(None, told))]
    ambassadors = {entry.actor for entry in entries if _sent(entry)} - {home}  # of whom a guest brings one
    for number, entry in enumerate(entries):
        before = next(filter(None, reversed(told[:number])), None)
        after = next(filter(None, told[number + 1 :]), None)
        within = before == after and len(runs) == len(set(runs)) and not (_sent(entry) and before in ambassadors)
        if entry.actor is None and before and within and not _of_another(entry.text, before):
            yield before, AMONG, entry.text
        else:
            yield entry.actor, entry.reason, entry.text


def _sent(entry: Entry) -> bool:
    return "ambassador" in refer(entry.text.partition(",")[0]).titles


def _of_another(entry: str, actor: str | None) -> bool:
    """Tell an office that a state does not have: no prime minister is the United States', and no unknown president."""
    name, _, office = entry.partition(",")
    ref = refer(name)
    titles = {*ref.titles, *of_office(office)}
    strange = titles & (NOT_AMERICAN | {"secretary general"}) or (ref.names and SHARED & set(ref.titles))
    return actor == "USA" and bool(strange)


def _list_lines(document: Document) -> Iterator[tuple[Place, str]]:
    """The lines of the lists of participants, as they stood on the page; two columns one after the other."""
    page = Page(document)
    rows: list[Row] = []
    inside = helper = False
    for block in paragraphs(document.text):
        for line in page.lines(block):
            match = FIELD.match(line.text)
            if match and is_field(match, line):
                yield from _cut(rows, helper=helper)
                name = match["name"].casefold()
                inside = name.removeprefix("list of ").startswith(PEOPLE_FIELDS)
                helper = name.startswith(HELPERS)
                kept = inside or helper
                rows = [_row(line, document, block.start, match.end())] if kept and line.text[match.end() :] else []
            elif inside and is_prose(line.text, block.text):
                inside = False
            elif inside:
                rows.append(_row(line, document, block.start))
    yield from _cut(rows, helper=helper)


def _row(line: Block, document: Document, group: int, skipped: int = 0) -> Row:
    """A line with the blanks that stand between its words on the page."""
    words = list(WORD.finditer(document.text, line.start + skipped, line.end))
    text = words[0].group()
    for before, here in itertools.pairwise(words):
        gap = document.raw[document.raw_offset(before.end() - 1) + 1 : document.raw_offset(here.start())]
        text += (gap if gap and not gap.strip(" ") else " ") + here.group()
    first = document.raw_offset(words[0].start()) - document.raw_offset(line.start)
    return Row(line.indent + first, text, group)


def _cut(rows: Sequence[Row], *, helper: bool) -> Iterator[tuple[Place, str]]:
    """Cut the lines of a list where people or sides stand beside each other, or in one paragraph."""
    for row in in_order(rows):
        for part in _beside(row.text):
            yield from (((row.group, helper), side) for side in INNER_SIDE.split(part))


def _beside(text: str) -> list[str]:
    """Cut a line before someone who stands apart; an office that stands apart from a name is that one's."""
    parts = [" ".join(part.split()) for part in GAP.split(text)]
    out = parts[:1]
    for part in parts[1:]:
        opens = TITLE.match(part)
        if opens and not refer(part).names and refer(out[-1]).names and "," not in out[-1]:
            out[-1] += ", " + part
        elif opens:
            out.append(part)
        else:
            out[-1] += " " + part
    return out


def _entries(lines: Iterator[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Join the lines over which one participant's entry runs."""
    entry, at = "", (-1, False)
    for place, line in lines:
        alone = len(line.split()) == 1 and TITLE.fullmatch(line)
        if entry and (GOES_ON.search(entry) or LOWER.match(line) or alone or line.startswith("Affairs")):
            entry = f"{entry} {line}"
            continue
        if entry:
            yield at, entry
        entry, at = line, place
    if entry:
        yield at, entry


def parts_of(entry: str) -> list[str]:
    """Cut an entry that lists several people."""
    plural = PLURAL.search(entry)
    if plural:
        title = {"Congressmen": "Congressman", "Secretaries": "Secretary", "Messrs": "Mr", "Messrs.": "Mr"}.get(
            plural["title"], plural["title"].removesuffix("s")
        )
        names = [re.sub(r"\s*\([^)]*\)", "", n) for n in re.split(r",\s*|\s+and\s+", entry[plural.end() :])]
        return parts_of(entry[: plural.start()].strip(" ,")) + [f"{title} {name}" for name in names if name]
    parts = [
        part.strip() for part in re.split(r";|\band\b(?=\s+(?:Mr|Mrs|FM|PM|THE|President|Ambassador)\b)|\bAND\b", entry)
    ]
    return [entry for part in filter(None, parts) for entry in apart(part, alone=True)]


def sided(entry: str, cast: Cast) -> tuple[str, str | None]:
    """Take a heading ("Turkey", "USSR Mr. Mikoyan") off an entry."""
    heading = HEADING.match(entry)
    if heading:
        named = heading["state"].strip(" :")
        state = (
            "USA" if GARBLED_US.fullmatch(named) else _state_named(named, cast) or _state_named(entry.strip(" :"), cast)
        )
        if state:
            return "", state
    named_side = NAMED_SIDE.match(entry)
    if named_side and (state := _state_named(named_side["side"], cast)):
        return entry[named_side.end() :], state
    side = SIDE.match(entry)
    if side:
        state = cast.actors.resolve(side["side"].replace(". ", "."), cast.date)
        return (entry[side.end() :] if state else entry), state
    return entry, None


def _state_named(text: str, cast: Cast) -> str | None:
    """The state that a heading names with all its words: "Turkey", "The Danish Side"; None where it names several."""
    text = PARTY.sub("", PARTY.sub("", text))
    found = [m for m in cast.actors.find(text, cast.date) if m.kind in ("name", "demonym")]
    covered = sum(m.end - m.start for m in found)
    if covered >= 0.6 * len(text) and not TITLE.search(text) and len({m.actor for m in found}) == 1:
        return found[0].actor
    return None
