"""TEI XML, as Foreign Relations of the United States are published in, and plain XML drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.reading import Reading
from rolecoder.records import Note

BLOCKS = frozenset("p head div opener closer item row cell lb dateline list table body salute signed quote lg l title".split())
DEEPEST = 500
FRUS = "{http://history.state.gov/frus/ns/1.0}"
KINDS = (("telephone", "telcon"), ("memorandum of conversation", "memcon"), ("conversation", "memcon"), ("address", "speech"))


def read_xml(content: bytes) -> Sequence[Reading]:
    """Read each document of a TEI file; the editor's notes are set apart.

    Raises:
        RolecoderError: It is not XML, is nested too deeply, or has no text.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as cause:
        raise RolecoderError(f"not readable as XML ({cause})") from cause
    if root is None:
        raise RolecoderError("not readable as XML", expected="one root element")
    documents = [div for div in root.iter("{*}div") if div.get("type") == "document"]
    bodies = documents or list(root.iter("{*}body")) or [root]
    readings = []
    for body in bodies:
        collector = _Collector()
        collector.walk(body, 0)
        found = _found(body)
        if len(documents) > 1 and body.get("{http://www.w3.org/XML/1998/namespace}id"):
            found["suffix"] = body.get("{http://www.w3.org/XML/1998/namespace}id")
        readings.append(
            Reading(
                raw=collector.text(),
                found=found,
                where="TEI markup",
                pages=tuple(collector.pages),
                notes=tuple(Note(kind="editor's note", text=text, raw_start=at, raw_end=at) for at, text in collector.notes),
            )
        )
    return readings


class _Collector:
    """Gathers words, pages and notes in the order of the text; white space is one blank, a block a blank line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.pages: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str]] = []

    def walk(self, element: Any, depth: int) -> None:
        if depth > DEEPEST:
            raise RolecoderError(f"the XML is nested more than {DEEPEST} elements deep")
        tag = str(element.tag).rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
        if tag == "note":
            self.notes.append((self._length, " ".join("".join(element.itertext()).split())))
        elif tag == "pb":
            self.pages.append((self._length, element.get("n") or "?"))
        elif tag:
            if tag in BLOCKS:
                self._block()
            self._add(element.text)
            for child in element:
                self.walk(child, depth + 1)
            if tag in BLOCKS:
                self._block()
        self._add(element.tail if depth else None)

    def text(self) -> str:
        return "".join(self._parts)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        words = re.sub(r"\s+", " ", text)
        if words.startswith(" ") and (not self._parts or self._parts[-1][-1:].isspace()):
            words = words[1:]
        if words:
            self._parts.append(words)
            self._length += len(words)

    def _block(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n\n"):
            self._parts.append("\n\n")
            self._length += 2


def _found(div: Any) -> dict[str, Any]:
    return dict(_metadata(div))


def _metadata(div: Any) -> Iterator[tuple[str, Any]]:
    head = div.find("{*}head")
    if head is not None:
        title = " ".join("".join(_but_notes(head)).split())
        yield "title", title
        for words, kind in KINDS:
            if words in title.casefold():
                yield "doc_type", kind
                break
    date = div.get(FRUS + "doc-dateTime-min")
    if date is None:
        found = [d.get("when") for d in div.iter("{*}date") if d.get("when")]
        date = found[0] if found else None
    if date and re.match(r"\d{4}-\d\d-\d\d", date):
        yield "date", date[:10]
    place = div.find(".//{*}dateline//{*}placeName")
    if place is not None and place.text:
        yield "place", " ".join(place.text.split())


def _but_notes(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not str(child.tag).endswith("note"):
            yield from _but_notes(child)
        yield child.tail or ""
