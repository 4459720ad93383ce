"""What a reader gives back: the text of a document and what the file says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rolecoder.dialogue.titles import TITLE
from rolecoder.records import Note, Participant

SURROGATE = re.compile("[\ud800-\udfff]")
Layout = Literal["lines", "paragraphs"]
# What tables of texts, manifests and front matter say of a document, and other names for it; the first goes first.
FIELDS = {
    "title": ("subject", "headline"),
    "date": ("year", "datum"),
    "actor": ("actor_iso3", "iso3", "iso", "ccodealp", "country_code", "country"),
    "doc_type": ("type", "genre"),
    "place": ("location", "city"),
    "language": ("lang",),
    "citation": ("source", "url"),
    "speakers": ("speaker", "president", "author", "name"),
    "doc_id": ("document_id", "id"),
}
OF_FILES = frozenset(("source", "name"))  # in a list of files, these may be the files' own
MOST_NAMED = 8  # fields, in a message
SET_IN = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value and the place where it was found."""

    value: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document as one reader found it in one file.

    ``raw`` is the file's text; of a format with markup, it is the text that the markup holds, notes in
    their place.  Offsets count code points of ``raw``.
    """

    raw: str
    layout: Layout = "lines"  # "paragraphs": the format itself says where one ends, at a line break
    member: str | None = None  # which part of the file, where it holds several documents
    metadata: Mapping[str, Found] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()
    pages: tuple[tuple[int, str], ...] = ()  # (offset in raw, label)
    notes: tuple[Note, ...] = ()
    omit: tuple[tuple[int, int], ...] = ()  # spans of raw that are no text: front matter, notes
    mended: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()  # what the file says and no reader takes, in words


def sound(reading: Reading) -> Reading:
    """Half characters (lone surrogates), which no file can be written with, become the sign for a broken one."""
    if _whole(reading.raw) and all(map(_whole, _said(reading))):
        return reading
    return replace(
        reading,
        raw=_mended(reading.raw),
        metadata={name: replace(found, value=_mended(found.value)) for name, found in reading.metadata.items()},
        participants=tuple(
            replace(p, name=_mended(p.name), title=_mended(p.title) if p.title else None) for p in reading.participants
        ),
        notes=tuple(replace(note, text=_mended(note.text)) for note in reading.notes),
        pages=tuple((at, _mended(label)) for at, label in reading.pages),
        mended=(*reading.mended, "half characters (lone surrogates) replaced by \ufffd"),
    )


def _said(reading: Reading) -> Iterator[str]:
    yield from (found.value for found in reading.metadata.values())
    for person in reading.participants:
        yield from (person.name, person.title or "")
    yield from (note.text for note in reading.notes)
    yield from (label for _, label in reading.pages)


def _whole(text: str) -> bool:
    return text.isascii() or SURROGATE.search(text) is None


def _mended(text: str) -> str:
    return SURROGATE.sub("\ufffd", text)


def field_names(*, of_files: bool = False) -> dict[str, str]:
    """Every name under which a field is read, and the field; those that go first stand first.

    Args:
        of_files: As manifests and front matter have them.
    """
    names = {name: field for field, others in FIELDS.items() for name in (field, *others)}
    return {name: field for name, field in names.items() if not (of_files and name in OF_FILES)}


def not_read(others: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Say which columns or fields are not read: one of them may be meant for a date, state or speaker."""
    shown = ", ".join(repr(name[:40]) for name in others[:MOST_NAMED]) + ", ..." * (len(others) > MOST_NAMED)
    return (f"columns that are not read: {shown}; those that are: {', '.join(known)}",) if others else ()


def people(value: str, *, offices: bool = False) -> tuple[Participant, ...]:
    """Those whom a table names: 'Name, Office; Name'.

    Args:
        value: The cell.
        offices: Whether all that follows a comma is an office; else only what names one is: "Lund, Erik" is a name.
    """
    found = []
    for each in filter(None, (part.strip(" ,") for part in value.split(";"))):
        name, _, title = (part.strip(" ,") for part in each.partition(","))
        known = title and (offices or TITLE.search(title))
        found.append(Participant(name=name, title=title) if known else Participant(name=each))
    return tuple(found)


class Builder:
    """Gathers the raw text of a format with markup, with its pages and notes."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.pages: list[tuple[int, str]] = []
        self.notes: list[Note] = []
        self.quoted = 0  # quotations set in, one inside the other, that the text stands in
        self.navigation = 0  # words that are left out as such

    def add(self, text: str) -> None:
        """Append text; in a quotation its lines are set in, as a printed page sets them."""
        if self.quoted and (not self.pieces or self.pieces[-1].endswith("\n")):
            text = SET_IN + text.lstrip() if text.strip() else ""
        if text:
            self.pieces.append(text)
            self.length += len(text)

    def paragraph(self) -> None:
        """End the paragraph, where there is one."""
        if self.pieces and not self.pieces[-1].endswith("\n\n"):
            self.add("\n\n")

    def page(self, label: str) -> None:
        """A page begins here."""
        self.pages.append((self.length, label))

    def note(self, kind: str, text: str) -> None:
        """Put a note in its place; it is kept apart from the text."""
        words = " ".join(text.split())
        if words:
            start = self.length
            self.add(f" [{words}]")
            self.notes.append(Note(kind=kind, text=words, raw_start=start, raw_end=self.length))

    def reading(
        self,
        *,
        member: str | None = None,
        metadata: Mapping[str, Found] | None = None,
        participants: tuple[Participant, ...] = (),
        mended: tuple[str, ...] = (),
    ) -> Reading:
        """The document gathered so far."""
        told = (f"words of navigation, asides and footers left out: {self.navigation}",) if self.navigation else ()
        return Reading(
            raw="".join(self.pieces),
            layout="paragraphs",
            member=member,
            metadata=metadata or {},
            participants=participants,
            pages=tuple(self.pages),
            notes=tuple(self.notes),
            omit=tuple((note.raw_start, note.raw_end) for note in self.notes),
            mended=(*mended, *told),
        )
