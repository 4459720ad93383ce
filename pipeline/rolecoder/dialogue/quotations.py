"""What stands in quotation marks in a book, within a paragraph or over several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rolecoder.dialogue.layout import Block

MARKS = '"“”'
MARK = re.compile(r"[\"“”]")
SINGLE_OPENS = re.compile(r"(?<![^\s(\[—-])['‘](?=[^\W\d]|[\[(\"“])(?!(?:tis|twas|twere|twill|twould|em|till)\b)", re.I)
# A mark after a stop or before one closes; one between a letter and a blank may stand for a plural's owner.
SINGLE_CLOSES = re.compile(r"(?<=[.,;:?!—-])['’](?!\w)|(?<=\w)['’](?=[.,;:?!)\]—-]|$)|(?<=[^\Ws])['’](?=\s)")
OTHER_MARK = str.maketrans('"“”', "'‘’")
LEAST = 4  # words of an answer in a conversation
MOSTLY = 0.7  # of a paragraph's words


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of text in quotation marks: half-open offsets, and how many words it holds."""

    start: int
    end: int
    words: int


def quotations(text: str, blocks: Sequence[Block]) -> list[Quotation]:
    """Find what stands in quotation marks, in a paragraph or over several that each open with one."""
    found: list[Quotation] = []
    opened: int | None = None
    for number, block in enumerate(blocks):
        if opened is not None and block.text[0] not in MARKS:
            opened = None
        for at, opens in _marks(block, opened is not None):
            if opens:
                opened = at
            elif opened is not None:
                found.append(Quotation(opened, at + 1, len(text[opened:at].split())))
                opened = None
        if opened is not None and not (number + 1 < len(blocks) and blocks[number + 1].text[0] in MARKS):
            opened = None
    return found


def with_double_marks(text: str) -> str:
    """Rewrite the marks of a book that quotes between single ones, so that all of it keeps its place."""
    pairs = list(_single_pairs(text)) if len(MARK.findall(text)) < len(SINGLE_OPENS.findall(text)) else []
    if len(pairs) <= len(MARK.findall(text)):
        return text
    signs = list(text.translate(OTHER_MARK))
    for start, end in pairs:
        signs[start], signs[end] = "“", "”"
    return "".join(signs)


def _single_pairs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where quotations between single marks open and close, each within its paragraph."""
    free = 0
    for mark in SINGLE_OPENS.finditer(text):
        if mark.start() < free:
            continue
        line = text.find("\n", mark.end())
        closing = SINGLE_CLOSES.search(text, mark.end(), len(text) if line < 0 else line)
        if closing:
            free = closing.end()
            yield mark.start(), closing.start()


def is_answer(block: Block, quoted: Sequence[Quotation]) -> bool:
    """Tell a paragraph of a conversation: it opens with someone's words, and hardly anything else is in it."""
    words = len(block.text.split())
    inner = sum(span.words for span in quoted)
    whole = quoted[0].start == block.start and quoted[-1].end <= block.end
    return whole and words >= LEAST and inner >= MOSTLY * words


def _marks(block: Block, goes_on: bool) -> Iterator[tuple[int, bool]]:
    """Yield the marks of a paragraph that open or close a quotation; one that only carries it on is none."""
    text, inside = block.text, goes_on
    for mark in MARK.finditer(text):
        at = mark.start()
        before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2]
        if at == 0 and goes_on:
            continue
        if mark.group() != "“":  # in some books one mark serves for both ends
            opens = not inside or (not before.strip(" ([—-") and after.isalnum())
            if opens and not (after.strip() and (not before.strip() or before in "([—-–'’‘:.,")):
                continue
        else:
            opens = True
        inside = opens
        yield block.start + at, opens
