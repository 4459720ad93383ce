"""The people of a conversation, the states they speak for, and who is meant by a printed reference."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rolecoder.actors import Actors
from rolecoder.dialogue.pieces import Voice
from rolecoder.dialogue.titles import TITLE, Reference, refer
from rolecoder.speakers import by_table, folded

AMONG = "listed among that side"
METADATA = "the document's metadata"
OWN_OFFICE = "an office of the state that kept the record"
ONLY_OTHER = "an office that the United States lack, and one other state is at the table"
INFERRED = (AMONG, ONLY_OTHER)  # a state from the places of others in a list: what names a state goes before it
SPELT_ALIKE = 0.8
# Offices that a record made by the United States prints without a country.
OWN_OFFICES = frozenset(
    {
        "president",
        "vice president",
        "secretary",
        "under secretary",
        "deputy secretary",
        "assistant secretary",
        "secretary of defense",
        "secretary of the treasury",
        "secretary of commerce",
        "secretary of agriculture",
        "attorney general",
        "chief of staff",
        "senator",
        "congressman",
        "speaker",
        "governor",
    }
)
NOT_AMERICAN = frozenset(
    "prime minister,deputy prime minister,premier,vice premier,chancellor,foreign minister,deputy foreign minister,"
    "vice foreign minister,foreign secretary,defense minister,finance minister,king,queen,emperor,sultan,emir,"
    "crown prince,sheikh,taoiseach,pope,shah".split(",")
)
SHARED = frozenset({"president", "vice president"})  # with a name they may be another state's
BRITISH_OFFICES = frozenset({"prime minister", "foreign secretary", "chancellor", "minister"})
AUSTRALIAN_OFFICES = frozenset({"prime minister", "minister", "secretary"})
HEADS = frozenset({"president", "prime minister", "chancellor"})  # that of the record's own state, if both have one
AWAY = re.compile(r"\b(?:to|for|on|at|in|near|with|and|from)\s+(?:the\s+)?(?:[\w’'-]+\s+(?:and\s+)?)?$", re.I)
# What a state runs, by a name that its participants are listed under.
ORGANS = (
    (re.compile(r"\b(?:Izvesti(?:y?a)|Pravda|TASS|Tass|Aeroflot|Novosti|Intourist)\b"), "Moscow"),
    (re.compile(r"\b(?:Xinhua|New China News Agency|People['’]s Daily)\b"), "Peking"),
    (re.compile(r"\bQuai d['’]Orsay\b"), "France"),
    (re.compile(r"\b(?:Gaimusho|Keidanren)\b"), "Japan"),
    (re.compile(r"\b(?:Bundestag|Bundesrat|Bundeswehr)\b"), "Germany"),
    (re.compile(r"\b(?:White House|State Department|Pentagon|NSC)\b"), "United States"),
)
OF_PREFIX = re.compile(r"^[A-Z]{1,5}(?:/[A-Z-]{1,5})?\s?[—–]+\s?")  # "EUR—Mr. Smith"
OF_ANOTHER = re.compile(
    r"\b(?:to|for|of)\s+(?:the\s+)?(?:[A-Z][\w]+\s+)?(?:"
    + "|".join(["President", "Vice President", "Prime Minister", "Secretary(?! of)", "Minister", "Ambassador"])
    + r")\b.*|\b\w+['’ ]+s\b",
    re.I,
)
DESK = re.compile(r"\s*(?:Section|Division|Desk|Affairs|Countries|Branch|Department\b(?! of)|Relations|and\b.*Affairs)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who takes part: ``names`` are folded, the surname last; none where only an office is printed."""

    key: str
    name: str
    names: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()
    actor: str | None = None
    reason: str | None = None
    bare: bool = False  # listed by office alone


@dataclass(slots=True)
class Cast:
    """Everyone known to take part, and the state that kept the record."""

    actors: Actors
    date: str | None = None
    home: str | None = None
    table: Mapping[str, str] = field(default_factory=dict)  # researcher's: speaker, folded -> actor
    people: list[Person] = field(default_factory=list)
    drafter: Person | None = None
    main: Person | None = None  # the one whom the metadata name alone
    aliases: dict[str, str] = field(default_factory=dict)  # initials, folded -> key of a person
    looking_back: bool = False  # the text tells of what was before its date

    def add(self, printed: str, actor: str | None, reason: str | None) -> Person:
        """Add someone, or what is newly known of someone already there."""
        name, _, office = printed.replace("ʼ", "'").replace("’", "'").partition(",")
        name = OF_PREFIX.sub("", name)
        ref = refer(self.without_states(name))
        more = of_office(office)
        known = self.who(name) if ref.names else self._listed_office(ref)
        titles = frozenset((*ref.titles, *more))
        if actor == "USA" and titles & NOT_AMERICAN and reason != METADATA:
            actor, reason = None, None  # no king or prime minister is the United States', whatever stands near
        if known is None and titles | set(ref.names):
            known = Person(
                key=f"{len(self.people)} {ref.surname}",
                name=name.strip(),
                names=ref.names,
                titles=titles,
                bare=not ref.names,
            )
            self.people.append(known)
        if known is None:
            return Person(key=f"? {printed}", name=printed, actor=actor, reason=reason)
        weak = known.reason in INFERRED and reason not in INFERRED and actor is not None
        found = replace(
            known,
            titles=known.titles | titles,
            names=known.names if len(known.names) >= len(ref.names) else ref.names,
            actor=actor if weak else known.actor or actor,
            reason=reason if weak else known.reason if known.actor else reason,
        )
        self.people[self.people.index(known)] = found
        return found

    def leader(self, printed: str) -> str | None:
        """The state for which a person or office spoke, by the table of actors."""
        return self.actors.leader(printed, self.date, looking_back=self.looking_back)

    def learn(self, printed: str) -> None:
        """Add one whom the text names and no list does, for the state that the name tells."""
        voice = self.voice(printed)
        self.add(printed, voice.actor, voice.reason if voice.actor else None)

    def part(self, office: str) -> None:
        """Add the bearer of an office that another bears too, if the state that kept the record may have it."""
        titles = frozenset(refer(office).titles)
        if titles <= (self.own_offices or HEADS):
            reason = OWN_OFFICE if self.home else "an office that another label gives with a name"
            self._add_office(office, titles, self.home, reason)

    def _add_office(self, printed: str, titles: frozenset[str], actor: str | None, reason: str) -> Person:
        name = " ".join(printed.split())
        key = f"{len(self.people)} {name}"
        self.people.append(Person(key=key, name=name, titles=titles, actor=actor, reason=reason, bare=True))
        return self.people[-1]

    def who(self, printed: str) -> Person | None:
        """Find whom a reference means; None where that is nobody or not one person."""
        alias = self.aliases.get(printed.strip(" .").casefold().removeprefix("the "))
        if alias:
            return next((p for p in self.people if p.key == alias), None)
        ref = refer(self.without_states(printed))
        if ref.names:
            return self._named(ref) or self._head_of_home(ref, printed)
        return self._titled(ref, printed) if ref.titles else None

    def voice(self, printed: str, person: Person | None = None) -> Voice:
        """Say who speaks under a printed reference, and for which state, or why that is not known."""
        shown = " ".join(printed.split()).strip(" .:;,-–—*")
        person = person or self.who(printed)
        ruled = self._ruled(shown, person)
        key = person.key if person else "label " + " ".join(refer(shown).names or (shown.casefold(),))
        if ruled:
            return Voice(key=key, speaker=shown, actor=ruled[1], reason=by_table(ruled[0]))
        if person and person.actor:
            return Voice(key=key, speaker=shown, actor=person.actor, reason=person.reason)
        titles = set(refer(shown).titles)
        if (
            person is None
            and self.home == "USA"
            and titles
            and titles <= OWN_OFFICES - SHARED
            and self.side(shown) is None
        ):
            return Voice(key=key, speaker=shown, actor=self.home, reason=OWN_OFFICE)
        actor = self.leader(shown) or (person and self.leader(person.name)) or None
        if actor:
            return Voice(key=key, speaker=shown, actor=actor, reason="a leader or office known to the table of actors")
        why = (
            "no state is named for this participant" if person else "not among the participants, and no state is named"
        )
        return Voice(key=key, speaker=shown, reason=(person.reason if person and person.reason else why))

    def side(self, entry: str) -> tuple[str, str] | None:
        """Read a state off a participant's own line: "Soviet Ambassador", "President of Serbia"."""
        found = []
        for mention in self.actors.find(entry, self.date):
            away = AWAY.search(entry[: mention.start]) or DESK.match(entry[mention.end :])
            if mention.kind in ("name", "demonym") and not away:
                found.append(mention)
        if not found:
            return self._organ(entry)
        return found[0].actor, f"“{entry[found[0].start : found[0].end]}” beside the name"

    def bracketed(self, words: str) -> tuple[str, str] | None:
        """Read a state off what stands in brackets after a name: the state alone, or an office of it."""
        told = words and (TITLE.search(words) or self.actors.resolve(words, self.date))
        return self.side(words) if told else None

    def _organ(self, entry: str) -> tuple[str, str] | None:
        for pattern, place in ORGANS:
            if match := pattern.search(entry):
                actor = self.actors.resolve(place, self.date)
                return (actor, f"“{match.group()}” beside the name") if actor else None
        return None

    @property
    def own_offices(self) -> frozenset[str]:
        """The offices that a record of the state which kept it prints without a country."""
        return {"USA": OWN_OFFICES, "GBR": BRITISH_OFFICES, "AUS": AUSTRALIAN_OFFICES}.get(self.home or "", frozenset())

    def others(self, actor: str | None) -> set[str]:
        """The states at the table besides ``actor``."""
        return {p.actor for p in self.people if p.actor} - {actor}

    def _ruled(self, shown: str, person: Person | None) -> tuple[str, str] | None:
        """The row of the researcher's table that holds, and its actor."""
        if not self.table:
            return None
        ways = [shown, *((person.name, *person.names[-1:]) if person else ())]
        for way in ways:
            if actor := self.table.get(folded(way)):
                return folded(way), actor
        return None

    def _named(self, ref: Reference) -> Person | None:
        near = [p for p in self.people if p.names and _alike(ref, p)]
        if len(near) > 1:
            near = [p for p in near if p.names[-1:] == ref.names[-1:]] or near
        if len(near) > 1:
            near = [p for p in near if p.titles & set(ref.titles)] or near
        if len(near) > 1:
            near = [p for p in near if set(ref.names) <= set(p.names)] or near
        return near[0] if near else None

    def _head_of_home(self, ref: Reference, printed: str) -> Person | None:
        """Take "President Smith" for the "The President" whom the record lists."""
        office = [p for p in self.people if p.bare and p.titles & set(ref.titles)]
        if len(office) != 1 or office[0].actor is None:
            return None
        return office[0] if self.leader(printed) == office[0].actor else None

    def _titled(self, ref: Reference, printed: str) -> Person | None:
        wanted = set(ref.titles)
        bare = self._listed_office(ref)
        if bare:
            return bare
        bearers = [p for p in self.people if p.titles & wanted]
        state = self.side(printed)
        if state:
            bearers = [p for p in bearers if p.actor == state[0]] or ([] if len(bearers) != 1 else bearers)
        if len(bearers) > 1 and self.home and wanted <= self.own_offices | HEADS:
            own = [p for p in bearers if p.actor == self.home]
            bearers = own if own or wanted <= self.own_offices else bearers
        if len(bearers) > 1 and self.drafter is not None:
            bearers = [p for p in bearers if p.key != self.drafter.key]  # who says "I" is not "the Ambassador"
        if len(bearers) == 1:
            return bearers[0]
        if not bearers and not state and wanted <= self.own_offices and len(wanted) == 1:
            return self._add_office(printed, frozenset(wanted), self.home, OWN_OFFICE)
        return None

    def _listed_office(self, ref: Reference) -> Person | None:
        bare = [p for p in self.people if p.bare and set(ref.titles[:1]) == set(p.titles)]
        return bare[0] if len(bare) == 1 else None

    def without_states(self, printed: str) -> str:
        """Blank out the states that a reference names: "the French President" is no Mr. French."""
        of = re.search(r"\s+of\s+(?:the\s+)?(?P<state>[A-Z].*)$", printed)
        out = printed[: of.start()] if of and self.actors.resolve(of["state"], self.date) else printed
        for mention in reversed(self.actors.find(out, self.date)):
            if mention.kind in ("name", "demonym"):
                out = out[: mention.start] + " " * (mention.end - mention.start) + out[mention.end :]
        return out if re.search(r"\w", re.sub(r"\b(?:of|the|The)\b", "", out)) else printed


def of_office(printed: str) -> tuple[str, ...]:
    """The offices of one, as they stand after his name; not the one whose assistant he is."""
    return refer(OF_ANOTHER.sub(" ", printed)).titles


def _alike(ref: Reference, person: Person) -> bool:
    if ref.surname == person.names[-1] or (len(ref.names) == 1 and ref.names[0] in person.names):
        return True
    mine, other = ref.surname, person.names[-1]
    if min(len(mine), len(other)) < 5:
        misread = len(mine) == len(other) >= 4 and sum(a != b for a, b in zip(mine, other, strict=True)) == 1
        return misread and bool(person.titles & set(ref.titles))
    return difflib.SequenceMatcher(None, mine, other, autojunk=False).ratio() >= SPELT_ALIKE


def folded_table(speakers: Mapping[str, str] | None) -> dict[str, str]:
    """Fold the researcher's table of speakers for looking up."""
    return {folded(name): actor for name, actor in (speakers or {}).items()}


def one(found: Iterable[str | None]) -> str | None:
    """The single value among ``found``, None where there are several or none."""
    values = {value for value in found if value}
    return values.pop() if len(values) == 1 else None
