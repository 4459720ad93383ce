"""Actors: states, former states and groups, with the names, capitals and leaders that texts call them by.

They stand in one CSV that a researcher can extend (``actortable`` has its form).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from rolecoder.errors import RolecoderError, closest
from rolecoder.names.actortable import LATEST, NO_ACTOR, Entry, read_entries
from rolecoder.names.gazetteer import Gazetteer, variants

MentionKind = Literal["name", "demonym", "capital", "group", "leader"]
PLACES = ("name", "demonym", "capital")
TITLES = (
    "President|Vice President|Prime Minister|Premier|PM|Chancellor|Chairman|General Secretary|Secretary General|"
    "Secretary of State|Deputy Secretary|Under Secretary|Secretary|Foreign Minister|Foreign Secretary|Defense Minister|"
    "Minister|Ambassador|Counselor|Minister Counselor|King|Queen|Emperor|Emir|Amir|Sultan|Crown Prince|Prince|General|"
    "Marshal|Colonel|Lord|Sir|Dr|Mr|Mrs|Ms|Mme|M|His Majesty|His Excellency|Her Excellency|the|Hon|FM|SecState|Acting"
).split("|")
STATE_CODE = re.compile(r"(?!EU)[A-Z]{2}")  # AU is Australia under ISO 3166 alpha-2, and the African Union
SLIP = 0.8  # how much a name must be alike to be taken for a slip: Norwey, not Narnia
LONGEST_CODE = 4  # letters of a slip in an id; a longer one is a name
TITLE = re.compile(rf"(?:(?:{'|'.join(sorted(TITLES, key=len, reverse=True))})\b\.?\s*)+", re.IGNORECASE)
AWAY = re.compile(r"\s+(?:to|in|at|with|on|from)\s+.*", re.DOTALL)  # "Ambassador to Japan" is not Japan's
TURNED = re.compile(r"(.+?)(?: \((.+ of(?: the)?)\)|, (.+ of(?: the)?))")  # "Iran (Islamic Republic of)"
LONGEST_TURNED = 120  # characters
HONORED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Messrs|Dr)\b\.?\s+$", re.I)  # "Mr. Jordan" is no state


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text, half-open, that names an actor."""

    start: int
    end: int
    actor: str
    kind: MentionKind


@dataclass(frozen=True)
class Actors:
    """All actors; ``names`` maps each id to what it is called in tables and figures."""

    names: Mapping[str, str]
    entries: Mapping[str, Sequence[Entry]]  # by spelling
    codes: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # other ids that files use
    members: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # of the groups that list them

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
    def _held(self) -> dict[tuple[str, str], list[tuple[str, Entry]]]:
        """Who held an office of a state, with every spelling."""
        held: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
        for spelling, entries in self.entries.items():
            for entry in entries:
                if entry.office:
                    held.setdefault((entry.actor, entry.office), []).append((spelling, entry))
        return held

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
        near = self.nearest(actor)
        raise RolecoderError(
            self.not_an_id(actor),
            where=where,
            expected="an ISO 3166 alpha-3 code, a former state or a group of the actors table",
            mend=f"write {near!r} if it is meant, or " * bool(near)
            + "add it as an alias in the actors table (corpora/actors.csv)",
        )

    def not_an_id(self, actor: str) -> str:
        """Say of what is no actor id that it is none, and which is closest."""
        near = self.nearest(actor)
        called = f"{near!r} ({self.names[near]})" if near and near in self.names else repr(near)
        return f"{actor!r} is not an actor id" + (f"; closest is {called}" if near else "")

    def nearest(self, name: str) -> str | None:
        """Name the id that is nearest, by meaning or spelling, to what is none; None where none is near."""
        near = self.resolve(name) or self._resolve_group(name.replace(";", "+"), None)
        near = near or (closest(name, self.names) if len(name) <= LONGEST_CODE else None)
        if near is None:
            by_name = {name: actor for actor, name in self.names.items()}
            spelt = closest(name, by_name, SLIP)
            near = by_name[spelt] if spelt else None
        return near

    def resolve(self, name: str, date: str | None = None) -> str | None:
        """Lead an id, code, name, demonym, capital or ``group:`` name to the actor it meant on a date.

        Args:
            name: Case, accents and a leading "the" do not matter, save in names of two letters (``US``); those of two
                capitals (``AU``) are codes of states, and lead to no group but ``EU``.
            date: ISO, as precise as known.  Without it, or where no actor bore the name then, the
                name must be one actor's alone, or one actor's today.
        """
        name = " ".join(name.split())
        if self.known(name):
            return name if name in self.names else self.joint(name.removeprefix("group:").split("+"))
        if name.startswith("group:"):
            return self._resolve_group(name.removeprefix("group:"), date)
        found = [e for e in self.codes.get(name, ()) if date is None or e.covers(_day(date))]
        found = found or [e for e in self._folded.get(_fold(name), ()) if not e.titled]
        if not found and len(name) <= LONGEST_TURNED and (turned := TURNED.fullmatch(name)):
            return self.resolve(f"{turned[2] or turned[3]} {turned[1]}", date)
        actor = _one(found, date)
        return None if actor and actor.startswith("group:") and STATE_CODE.fullmatch(name) else actor

    def _resolve_group(self, name: str, date: str | None) -> str | None:
        whole = {e.actor for e in self._folded.get(_fold(name), ()) if e.actor.startswith("group:")}
        if len(whole) == 1:
            return whole.pop()
        members = [self.resolve(part, date) for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|\+", name)]
        if len(members) < 2 or None in members:
            return None
        return self.joint([str(member) for member in members])

    def joint(self, members: Sequence[str]) -> str:
        """Write the id of several actors together: ``group:CHN+JPN``, or a group's own that has that among its codes.

        African states and Arab states are ``group:Arab and African states``, so that one group has one id.
        """
        made = "group:" + "+".join(sorted({member.removeprefix("group:") for member in members}))
        return next((entry.actor for entry in self.codes.get(made, ())), made)

    def at(self, actor: str, date: str | None) -> str:
        """Say whose seat an id stands for on a date: RUS before 1991-12-26 is SUN."""
        found = {e.actor for e in self.codes.get(actor, ()) if date is not None and e.covers(_day(date))}
        return found.pop() if len(found) == 1 else actor

    def includes(self, group: str, actor: str | None, date: str | None = None) -> bool | None:
        """Tell whether a group held an actor on a date; None where its members are not known."""
        if "+" in group:
            return actor in group.removeprefix("group:").split("+")
        if group not in self.members or actor is None:
            return None
        return any(e.actor == actor and (date is None or e.covers(_day(date))) for e in self.members[group])

    def find(self, text: str, date: str | None = None, *, looking_back: bool = False) -> list[Mention]:
        """Find what names an actor in running text: in order, without overlap, the longest name at each place.

        Capitals matter (``US`` is not ``us``); a name that several actors have borne is passed over where none or
        more than one bore it on the date, and so is the name of a state that is a person's, ``Mr. Jordan``; for
        ``looking_back`` see ``leader``.
        """
        return list(self._mentions(text, date, looking_back))

    def _mentions(self, text: str, date: str | None, looking_back: bool) -> Iterator[Mention]:
        for match in self._gazetteer.find(text):
            written = match.group()
            entries = self._written.get(written) or self._written[" ".join(written.replace("\u2019", "'").split())]
            start, actor = match.start(), _one(entries, date, looking_back=looking_back)
            if actor is None and all(entry.within for entry in entries):  # "Mr. Bush", before the one of the table
                surname = written.split()[-1]
                start, entries = match.end() - len(surname), self._written.get(surname, ())
                actor = _one(entries, date, looking_back=looking_back)
            if actor is None or _shouted(text, match) or (written[:4] == "the " and _goes_on(text, match.end())):
                continue
            kind = next(e.kind for e in entries if e.actor == actor)
            if kind in PLACES and HONORED.search(text, max(match.start() - 12, 0), match.start()):
                continue
            yield Mention(start, match.end(), actor, "leader" if kind == "title" else kind)  # type: ignore[arg-type]

    def named(self, printed: str, date: str | None = None) -> str | None:
        """Lead a leader's name, with an office before it at most and no other words, to the state he led on a date."""
        for entries in self._spelt(printed):
            led = [e for e in entries if e.kind == "leader" or e.actor == NO_ACTOR]
            if actor := _one([e for e in led if (e.covers(_day(date)) if date else not e.titled)], date):
                return actor
        return None

    def _spelt(self, printed: str) -> Iterator[Sequence[Entry]]:
        """The entries that are spelt so, then those spelt as what follows an office."""
        bare = TITLE.sub("", printed, count=1) if TITLE.match(printed) else printed
        return (self._folded.get(_fold(spelling), ()) for spelling in (printed, bare))

    def leader(self, name_or_title: str, date: str | None = None, *, looking_back: bool = False) -> str | None:
        """Lead a person or office, as a text prints it, to the state it spoke for on a date.

        ``Chancellor Kohl``, ``PM Nawaz``, ``French President``, ``King Fahd of Saudi Arabia``;
        an office alone (``The President``) is nobody's.

        Args:
            name_or_title: As printed.
            date: ISO, as precise as known.
            looking_back: The text tells of what was before its date, as a memoir does: whoever had come to office
                by then may be meant, in the office that is printed if one is; a name that led two states by then
                is nobody's.
        """
        printed = " ".join(name_or_title.replace("\u2019", "'").split()).strip(" :;,.-")
        for entries in self._spelt(printed):
            led = [e for e in entries if e.kind in ("leader", "title") or e.actor == NO_ACTOR]
            timely = [e for e in led if not e.titled or (date is not None and e.covers(_day(date)))]
            if looking_back:
                timely = [e for e in timely if e.office and e.office.casefold() in printed.casefold()] or timely
            if actor := _one(timely, date, looking_back=looking_back):
                return actor
        own = AWAY.sub("", printed)
        mentions = self.find(own, date, looking_back=looking_back) or self.find(
            own.title(), date, looking_back=looking_back
        )
        people = {m.actor for m in mentions if m.kind == "leader"}
        states = {m.actor for m in mentions if m.kind in ("name", "demonym")} if TITLE.search(own) else set()
        chosen = people or states
        return chosen.pop() if len(chosen) == 1 else None

    def holders(self, actor: str, office: str, date: str | None) -> set[str]:
        """Every spelling of who held an office of a state on a date: ``President`` of ``USA``; none without a date."""
        held = self._held.get((actor, office), ()) if date else ()
        return {spelling for spelling, entry in held if entry.covers(_day(date or ""))}


def read_actors(path: Path) -> Actors:
    """Read the table of actors and check it.

    Raises:
        RolecoderError: The file cannot be read, a column lacks, an id, kind, date or leader is
            malformed, an id occurs twice, or two actors bear one name at one time.
    """
    return Actors(*read_entries(path))


def _timely(entry: Entry, date: str, looking_back: bool) -> bool:
    """Tell whether a name meant its actor on a date, or, that of a leader in a text that looks back, by that date."""
    past = looking_back and entry.kind in ("leader", "title") and entry.since <= _day(date)
    return past or entry.covers(_day(date))


def _one(entries: Sequence[Entry], date: str | None, *, looking_back: bool = False) -> str | None:
    """The one actor meant: on the date; else ever; else, of a text without a date, today."""
    entries = [e for e in entries if not e.within or (date and _timely(e, date, looking_back))]
    if len(entries) == 1:
        return entries[0].actor if entries[0].actor != NO_ACTOR else None
    ever = {e.actor for e in entries}
    then = {e.actor for e in entries if _timely(e, date, looking_back)} if date else set()
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
    before = text[max(match.start() - 12, 0) : match.start()]
    return match.group() == "US" and re.search(r"[A-Z]{2,} $", before) is not None


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a capital follows: "the West Indies" is not "the West"."""
    return text[end : end + 1] in (" ", "-") and text[end + 1 : end + 2].isupper()
