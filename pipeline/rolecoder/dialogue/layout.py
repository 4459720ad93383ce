"""Paragraphs of a text, and the lines of the page that its words stood on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rolecoder.records import Document

PARAGRAPH = re.compile(r"[^\s].*", re.MULTILINE)
WORD = re.compile(r"\S+")
HARD_BREAK = re.compile(r"[\n\r\f\v]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or line: half-open offsets into the document's text, and the words."""

    start: int
    end: int
    text: str
    indent: int = 0  # characters before it on its line of the page


def paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Block]:
    """Cut a text at its line breaks."""
    found = PARAGRAPH.finditer(text, start, len(text) if end is None else end)
    return [Block(m.start(), m.start() + len(m.group().rstrip()), m.group().rstrip()) for m in found]


class Page:
    """Where the words of a document's text stood on the lines of its raw text."""

    def __init__(self, document: Document) -> None:
        """Note where the raw text's lines begin."""
        self.document = document
        self._starts = [0, *(m.end() for m in HARD_BREAK.finditer(document.raw))]

    def lines(self, block: Block) -> Iterator[Block]:
        """Cut a paragraph where its words went to another line of the page."""
        text, first, last, line = self.document.text, block.start, block.start, -1
        indent = 0
        for word in WORD.finditer(text, block.start, block.end):
            raw = self.document.raw_offset(word.start())
            here = bisect_right(self._starts, raw) - 1
            if here != line:
                if line >= 0:
                    yield Block(first, last, text[first:last], indent)
                first, line, indent = word.start(), here, raw - self._starts[here]
            last = word.end()
        if line >= 0:
            yield Block(first, last, text[first:last], indent)
