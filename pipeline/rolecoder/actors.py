"""Actors: states, former states and groups, with the names, capitals and leaders that texts call them by.

They stand in one CSV that a researcher can extend.  A cell with several entries separates them by
``;``.  An entry may carry dates, ``Zaire|1971-10-27|1997-05-16``: first and last day, either left out.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from rolecoder.errors import RolecoderError, closest
from rolecoder.gazetteer import Gazetteer, variants
from rolecoder.records import DATE

MentionKind = Literal["name", "demonym", "capital", "group", "leader"]
NO_ACTOR = "none"  # row of the names that only look like an actor's: "Latin American", "Jordan River"
KINDS = ("state", "former", "group", NO_ACTOR)
COLUMNS = ("actor", "name", "kind", "since", "until", "names", "demonyms", "capitals", "titles", "codes", "leaders")
ID = re.compile(r"[A-Z]{3}|group:\S.*|none")
LATEST = "9999"
TITLES = (
    "President|Vice President|Prime Minister|Premier|PM|Chancellor|Chairman|General Secretary|Secretary General|"
    "Secretary of State|Deputy Secretary|Under Secretary|Secretary|Foreign Minister|Foreign Secretary|Defense Minister|"
    "Minister|Ambassador|Counselor|Minister Counselor|King|Queen|Emperor|Emir|Amir|Sultan|Crown Prince|Prince|General|"
    "Marshal|Colonel|Lord|Sir|Dr|Mr|Mrs|Ms|Mme|M|His Majesty|His Excellency|Her Excellency|the|Hon|FM|SecState|Acting"
).split("|")
TITLE = re.compile(rf"(?:(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})\b\.?\s*)+", re.IGNORECASE)
AWAY = re.compile(r"\s+(?:to|in|at|with|on|from)\s+.*", re.DOTALL)  # "Ambassador to Japan" is not Japan's


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text, half-open, that names an actor."""

    start: int
    end: int
    actor: str
    kind: MentionKind


class Entry(NamedTuple):
    """One name of an actor, and the days, both included, from and to which it means that actor."""

    actor: str
    kind: str  # a MentionKind, or "title"
    since: str
    until: str
    where: str
    titled: bool = False  # only after a title: "Major" is also a word

    def covers(self, day: str) -> bool:
        """Tell whether the name meant the actor on an ISO day."""
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Actors:
    """All actors; ``names`` maps each id to what it is called in tables and figures."""

    names: Mapping[str, str]
    entries: Mapping[str, Sequence[Entry]]  # by spelling
    codes: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # other ids that files use

    @cached_property
    def _folded(self) -> dict[str, list[Entry]]:
        folded: dict[str, list[Entry]] = {}
        for spelling, entries in self.entries.items():
            folded.setdefault(_fold(spelling), []).extend(entries)
        return folded

    @cached_property
    def _written(self) -> dict[str, Sequence[Entry]]:
        """Every way in which running text writes a name."""
        written: dict[str, list[Entry]] = {}
        for spelling, entries in self.entries.items():
            for way in _ways(spelling, entries[0]):
                written.setdefault(way, []).extend(entries)
        return {way: tuple(entries) for way, entries in written.items()}

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer(self._written)

    def name(self, actor: str) -> str:
        """Say what an actor is called; an ad-hoc group is the list of its members."""
        if actor in self.names:
            return self.names[actor]
        members = actor.removeprefix("group:").split("+")
        return " and ".join(self.names.get(m, self.names.get(f"group:{m}", m)) for m in members)

    def known(self, actor: str) -> bool:
        """Tell whether ``actor`` is an id: of a row, or of an ad-hoc group such as ``group:DEU+FRA``."""
        members = actor.removeprefix("group:").split("+")
        return actor in self.names or (
            actor.startswith("group:")
            and len(members) > 1
            and all(m in self.names or f"group:{m}" in self.names for m in members)
        )

    def require(self, actor: str, *, where: str | None = None) -> str:
        """Return ``actor`` where it is an actor id.

        Raises:
            RolecoderError: It is none; the closest id is named.
        """
        if self.known(actor):
            return actor
        near = self.resolve(actor) or closest(actor, self.names)
        if near is None:
            by_name = {name: each for each, name in self.names.items()}
            spelt = closest(actor, by_name)
            near = by_name[spelt] if spelt else None
        raise RolecoderError(
            f"{actor!r} is not an actor id" + (f"; closest is {near!r}" if near else ""),
            where=where,
            expected="an ISO 3166 alpha-3 code, a former state or a group of the actors table",
            mend=f"write {near!r}, or " * bool(near) + "add it as an alias in the actors table (corpora/actors.csv)",
        )

    def resolve(self, name: str, date: str | None = None) -> str | None:
        """Lead an id, code, name, demonym, capital or ``group:`` name to the actor it meant on a date.

        Args:
            name: Case, accents and a leading "the" do not matter, save in names of two letters (``US``).
            date: ISO, as precise as known.  Without it, or where no actor bore the name then, the
                name must be one actor's alone, or one actor's today.
        """
        name = " ".join(name.split())
        if self.known(name):
            return name
        if name.startswith("group:"):
            return self._resolve_group(name.removeprefix("group:"), date)
        found = [e for e in self.codes.get(name, ()) if date is None or e.covers(_day(date))]
        found = found or [e for e in self._folded.get(_fold(name), ()) if not e.titled]
        return _one(found, date)

    def _resolve_group(self, name: str, date: str | None) -> str | None:
        whole = {e.actor for e in self._folded.get(_fold(name), ()) if e.actor.startswith("group:")}
        if len(whole) == 1:
            return whole.pop()
        members = [self.resolve(part, date) for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|\+", name)]
        if len(members) < 2 or None in members:
            return None
        return joint(sorted(str(member) for member in members))

    def at(self, actor: str, date: str | None) -> str:
        """Say whose seat an id stands for on a date: RUS before 1991-12-26 is SUN."""
        found = {e.actor for e in self.codes.get(actor, ()) if date is not None and e.covers(_day(date))}
        return found.pop() if len(found) == 1 else actor

    def find(self, text: str, date: str | None = None) -> list[Mention]:
        """Find what names an actor in running text: in order, without overlap, the longest name at each place.

        Capitals matter (``US`` is not ``us``); a name that meant nobody on the date is passed over.
        """
        return list(self._mentions(text, date))

    def _mentions(self, text: str, date: str | None) -> Iterator[Mention]:
        for match in self._gazetteer.find(text):
            written = match.group()
            entries = self._written.get(written) or self._written[" ".join(written.replace("\u2019", "'").split())]
            actor = _one(entries, date)
            if actor is None or _shouted(text, match) or (written[:4] == "the " and _goes_on(text, match.end())):
                continue
            kind = next(e.kind for e in entries if e.actor == actor)
            yield Mention(match.start(), match.end(), actor, "leader" if kind == "title" else kind)  # type: ignore[arg-type]

    def leader(self, name_or_title: str, date: str | None = None) -> str | None:
        """Lead a person or office, as a text prints it, to the state it spoke for on a date.

        ``Chancellor Kohl``, ``PM Nawaz``, ``French President``, ``King Fahd of Saudi Arabia``;
        an office alone (``The President``) is nobody's.
        """
        printed = " ".join(name_or_title.replace("\u2019", "'").split()).strip(" :;,.-")
        bare = TITLE.sub("", printed, count=1) if TITLE.match(printed) else printed
        for spelling in (printed, bare):
            entries = [e for e in self._folded.get(_fold(spelling), ()) if e.kind in ("leader", "title")]
            timely = [e for e in entries if not e.titled or (date is not None and e.covers(_day(date)))]
            if actor := _one(timely, date):
                return actor
        own = AWAY.sub("", printed)
        mentions = self.find(own, date) or self.find(own.title(), date)
        people = {m.actor for m in mentions if m.kind == "leader"}
        states = {m.actor for m in mentions if m.kind in ("name", "demonym")} if TITLE.search(own) else set()
        chosen = people or states
        return chosen.pop() if len(chosen) == 1 else None


def joint(members: Sequence[str]) -> str:
    """Write the id of several actors together, for example ``group:CHN+JPN``."""
    return "group:" + "+".join(sorted({member.removeprefix("group:") for member in members}))


def read_actors(path: Path) -> Actors:
    """Read the table of actors and check it.

    Raises:
        RolecoderError: The file cannot be read, a column lacks, an id, kind, date or leader is
            malformed, an id occurs twice, or two actors bear one name at one time.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            table = csv.DictReader(handle)
            header = table.fieldnames or ()
            rows = [(f"{path}:{table.line_num}", row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise RolecoderError(f"not a readable table of actors ({cause})", where=str(path)) from cause
    if set(header) != set(COLUMNS):
        raise RolecoderError(
            "columns " + ", ".join(header), where=str(path), expected="the columns " + ", ".join(COLUMNS)
        )
    names: dict[str, str] = {}
    entries: dict[str, list[Entry]] = {}
    codes: dict[str, list[Entry]] = {}
    for where, row in rows:
        cells = {column: (row[column] or "").strip() for column in COLUMNS}
        _check_row(cells, names, where)
        if cells["kind"] != NO_ACTOR:
            names[cells["actor"]] = cells["name"]
        for spelling, entry in _row_entries(cells, where):
            _add(entries, spelling, entry)
        for spelling, entry in _dated(cells["codes"], cells, "code", where):
            _add(codes, spelling, entry)
    return Actors(names=names, entries=entries, codes=codes)


def _check_row(cells: Mapping[str, str], names: Mapping[str, str], where: str) -> None:
    actor, kind = cells["actor"], cells["kind"]
    if not ID.fullmatch(actor) or kind not in KINDS:
        raise RolecoderError(
            f"actor {actor!r} of kind {kind!r}",
            where=where,
            expected="three capital letters or group:NAME, of kind " + ", ".join(KINDS),
        )
    if actor in names:
        raise RolecoderError(f"actor {actor!r} occurs twice", where=where, mend="put all its names into one row")
    if not cells["name"] and kind != NO_ACTOR:
        raise RolecoderError(f"actor {actor!r} has no name", where=where)


def _row_entries(cells: Mapping[str, str], where: str) -> Iterator[tuple[str, Entry]]:
    """Every spelling of a row's actor; dates in ``names`` win over the dates of the row."""
    kind = "group" if cells["kind"] == "group" else "name"
    named = list(_dated(cells["names"], cells, kind, where))
    if cells["name"] and cells["name"] not in {spelling for spelling, _ in named}:
        yield from _dated(cells["name"], cells, kind, where)
    yield from named
    for column, kind in (("demonyms", "demonym"), ("capitals", "capital"), ("titles", "title")):
        yield from _dated(cells[column], cells, kind, where)
    for item in filter(None, cells["leaders"].split(";")):
        yield from _leader(item, cells["actor"], where)


def _dated(cell: str, cells: Mapping[str, str], kind: str, where: str) -> Iterator[tuple[str, Entry]]:
    for item in filter(None, cell.split(";")):
        spelling, *dates = (part.strip() for part in item.split("|"))
        if not spelling or len(dates) > 2:
            raise RolecoderError(f"entry {item!r}", where=where, expected="NAME, NAME|SINCE or NAME|SINCE|UNTIL")
        since, until = [*dates, "", ""][:2] if dates else (cells["since"], cells["until"])
        yield spelling, _entry(cells["actor"], kind, since, until, where)


def _leader(item: str, actor: str, where: str) -> Iterator[tuple[str, Entry]]:
    parts = [part.strip() for part in item.split("|")]
    if len(parts) != 4 or not parts[0]:
        raise RolecoderError(
            f"leader {item!r}", where=where, expected="NAME/OTHER FORM/+SURNAME AFTER A TITLE|TITLE|SINCE|UNTIL"
        )
    forms, title, since, until = parts
    plain = _entry(actor, "leader", since, until, where)
    for form in forms.split("/"):
        if not form.startswith("+"):
            yield form, plain
            continue
        yield form[1:], Entry(actor, "leader", plain.since, plain.until, where, titled=True)
        for head in {title, "Mr.", "President", "Prime Minister", "PM", "Minister", "Secretary", "Ambassador"} - {""}:
            yield f"{head} {form[1:]}", plain


def _entry(actor: str, kind: str, since: str, until: str, where: str) -> Entry:
    for date in filter(None, (since, until)):
        if not DATE.fullmatch(date):
            raise RolecoderError(f"date {date!r}", where=where, expected="YYYY, YYYY-MM or YYYY-MM-DD")
    if since and until and until < since[: len(until)]:
        raise RolecoderError(f"since {since} until {until}", where=where, expected="the earlier date first")
    return Entry(actor, kind, since, until + "~" if until else LATEST, where)  # "1993-05-01" <= "1993~"


def _add(entries: dict[str, list[Entry]], spelling: str, entry: Entry) -> None:
    spelling = spelling.replace("\u2019", "'")
    for other in entries.setdefault(spelling, []):
        if other.actor != entry.actor and other.since <= entry.until and entry.since <= other.until:
            raise RolecoderError(
                f"{spelling!r} is a name of {entry.actor!r} and, at the same time, of {other.actor!r} ({other.where})",
                where=entry.where,
                mend="take it out of one row, or give both dates: NAME|SINCE|UNTIL",
            )
    entries[spelling].append(entry)


def _one(entries: Sequence[Entry], date: str | None) -> str | None:
    """The one actor meant: on the date; else ever; else, of a text without a date, today."""
    ever = {e.actor for e in entries}
    then = {e.actor for e in entries if e.covers(_day(date))} if date else set()
    if not then and len(ever) > 1 and not date:
        then = {e.actor for e in entries if e.until == LATEST}
    chosen = then or ever
    return min(chosen) if len(chosen) == 1 and NO_ACTOR not in chosen else None


def _day(date: str) -> str:
    """The middle of a year or month known no better: a United Nations session lies in the autumn."""
    return date + {4: "-07-01", 7: "-15"}.get(len(date), "")


def _fold(name: str) -> str:
    if len(name) <= 2:
        return name
    plain = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(letters.split()).removeprefix("the ")


def _ways(spelling: str, entry: Entry) -> set[str]:
    if entry.titled:
        return set()
    if entry.kind == "group" and len(spelling) > 4:
        return variants(spelling)
    return {spelling} | ({spelling.upper()} if entry.kind == "name" and len(spelling) > 3 else set())


def _shouted(text: str, match: re.Match[str]) -> bool:
    """Tell the pronoun in a line of capitals from the state: ``LET US GO``."""
    return match.group() == "US" and re.search(r"[A-Z]{2,} $", text[max(match.start() - 12, 0) : match.start()]) is not None


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a capital follows: "the West Indies" is not "the West"."""
    return text[end : end + 1] in (" ", "-") and text[end + 1 : end + 2].isupper()
