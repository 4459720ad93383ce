"""The records that pass between the stages: Document, Turn, Passage, Coding, and what was left out.

Offsets count Unicode code points, half-open.  ``Document.text`` is the text that is coded: lines
re-joined, furniture of the page taken out.  ``Document.raw`` is what stands in the file, and
``Document.raw_offset`` leads from the one to the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rolecoder.errors import RolecoderError

DocType = Literal["speech", "telcon", "memcon", "memoir", "press", "other"]
CONVERSATIONS = ("telcon", "memcon")
DOC_TYPES: tuple[str, ...] = get_args(DocType)
Aspect = Literal["conception", "prescription", "performance"]
ASPECTS: tuple[str, ...] = get_args(Aspect)
LEAP = r"(?<=\d\d(?:0[48]|[2468][048]|[13579][26])-02)|(?<=(?:[02468][048]|[13579][26])00-02)"
DATE = re.compile(  # ISO, as precise as known: a year, a month of it, a day that the month has
    r"(?:1\d|20)\d\d(?:-(?:0[1-9]|1[0-2])"
    rf"(?:-(?:0[1-9]|1\d|2[0-8])|(?<!-02)-(?:29|30)|(?:(?<=-0[13578])|(?<=-1[02]))-31|(?:{LEAP})-29)?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something a stage did not keep, and why: nothing is dropped in silence."""

    stage: str
    item: str  # a file, or a document id
    reason: str
    words: int = 0  # words of text lost with it; 0 where it could not be read at all
    start: int | None = None  # of a stretch of the document's text; None where all of the item was dropped
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person named by a document's metadata or header as taking part."""

    name: str
    actor: str | None = None  # actor id (ISO 3166 alpha-3, former state or group)
    title: str | None = None  # "Prime Minister", "Notetaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words that stand beside the text: an editor's note, a footnote, a source line."""

    kind: str
    text: str
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text as it came from one file, cleaned for reading, with its metadata and their origin.

    Paragraphs of ``text`` are separated by a blank line, and no line break stands inside one.
    ``breaks`` are pairs (offset in text, offset in raw): between two of them, both run in step.
    """

    document_id: str
    text: str
    raw: str
    breaks: tuple[tuple[int, int], ...] = ((0, 0),)
    doc_type: DocType
    path: str  # file, or archive!member
    sha256: str  # of the file's bytes
    title: str | None = None
    date: str | None = None  # ISO, as precise as known: "1991", "1991-02", "1991-02-02"
    place: str | None = None
    actor: str | None = None  # state of the main speaker, or of the office that made the record
    participants: tuple[Participant, ...] = ()
    language: str | None = None  # ISO 639-1
    citation: str | None = None
    origins: Mapping[str, str] = field(
        default_factory=dict
    )  # metadata field -> where its value, or its absence, comes from
    pages: tuple[tuple[int, str], ...] = ()  # (offset in text, label of the page that begins there)
    notes: tuple[Note, ...] = ()
    headed: int = 0  # offset in text at which the heading of a speech ends
    mended: tuple[str, ...] = ()  # what the cleaning repaired, in words
    doubts: tuple[str, ...] = ()  # what was said of it and not taken over, in words

    def __post_init__(self) -> None:
        if self.date is not None and not DATE.fullmatch(self.date):
            raise RolecoderError(f"date {self.date!r}", where=self.document_id, expected="YYYY, YYYY-MM or YYYY-MM-DD")
        if self.doc_type not in DOC_TYPES:
            raise RolecoderError(
                f"doc_type {self.doc_type!r}", where=self.document_id, expected="one of " + ", ".join(DOC_TYPES)
            )

    def raw_offset(self, offset: int) -> int:
        """Lead an offset in ``text`` back to the offset in ``raw`` that it came from."""
        text_start, raw_start = self.breaks[max(bisect_right(self.breaks, (offset, len(self.raw))) - 1, 0)]
        return min(raw_start + offset - text_start, len(self.raw))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Lead a half-open span of ``text`` back to the span of ``raw`` that holds it."""
        return self.raw_offset(start), (self.raw_offset(end - 1) + 1 if end > start else self.raw_offset(start))

    def page_at(self, offset: int) -> str | None:
        """Name the page on which the text at ``offset`` stands; None where the source has no pages."""
        place = bisect_right([start for start, _ in self.pages], offset) - 1
        return self.pages[place][1] if place >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A maximal stretch of one document by one speaker; a label before it is not part of it."""

    document_id: str
    start: int
    end: int
    text: str
    speaker: str | None = None  # as printed; None where the document names none
    actor: str | None = None  # the state that the speaker speaks for
    reason: str | None = None  # why the actor is None, or how it was found
    reported: bool = False  # told by a note taker ("the President said that ...")
    addressee: str | None = None  # actor of the other side, where there is exactly one

    def __post_init__(self) -> None:
        _check_span(self.document_id, self.start, self.end, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one document attributed to one speaker: the unit that is coded.

    ``document.text[start:end] == passage.text`` always holds.
    """

    document_id: str
    start: int
    end: int
    text: str
    before: str = ""  # up to 70 words of the same turn before it
    after: str = ""
    speaker: str | None = None
    source: str | None = None  # actor id of the state whose leader speaks
    source_reason: str | None = None  # why it is None, or how it was found
    addressee: str | None = None
    reported: bool = False
    page: str | None = None

    def __post_init__(self) -> None:
        _check_span(self.document_id, self.start, self.end, self.text)

    @property
    def passage_id(self) -> str:
        """The passage's place, which is its name: ``document_id:start-end``."""
        return f"{self.document_id}:{self.start}-{self.end}"


def span_of(passage_id: str) -> tuple[int, int]:
    """The offsets that a passage's id ends in."""
    start, end = passage_id.rsplit(":", 1)[-1].split("-")
    return int(start), int(end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whose role a coded passage speaks of, and from which side; unknown is None with a reason."""

    holder: str | None
    holder_confidence: float
    holder_reason: str
    aspect: Aspect | None
    aspect_confidence: float
    aspect_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A role that a passage carries, how sure that is, and whose role it is from which side."""

    passage_id: str
    role: str
    probability: float
    threshold: float
    attribution: Attribution


def _check_span(document_id: str, start: int, end: int, text: str) -> None:
    if end - start != len(text) or start < 0:
        raise RolecoderError(
            f"a span of {end - start} characters whose text has {len(text)}", where=f"{document_id}[{start}:{end}]"
        )
