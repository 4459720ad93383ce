"""Memoirs: the author speaks, save in the letters and long quotations of others and around the book."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from rolecoder.dialogue.bookparts import CHAPTER, FOOTNOTES, Inset, apart, around, footnotes, insets
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.layout import Block, Page
from rolecoder.dialogue.letters import AT_MOST, INTRODUCES, Quoted, agreements, letters, opens, signer
from rolecoder.dialogue.pieces import Piece, Voice
from rolecoder.dialogue.quotations import MARKS, Quotation, is_answer, quotations, with_double_marks
from rolecoder.dialogue.quoter import Quoter, over_tags
from rolecoder.dialogue.titles import refer
from rolecoder.records import Document

TITLE_WORDS = 14  # that a heading in capitals has at most, after words that announce something
LONG, SHORT = 40, 8  # words of a quotation, and of one that a clause gives to someone
PART = re.compile(r"^[^\S\n]*(?:(?:foot|end)?notes|index|bibliography)[^\S\n]*$", re.I | re.M)
BEGINS = re.compile(r"\s+(?:He|She|They|It|The|To|This|That|These|In|At|On|When|As|And|But|Then)\b")  # a new sentence
TOLD = re.compile(r"\s+[A-Z](?:\S*\s+){5,}")  # sentences of the author's own after an answer
Said = tuple[int, int, Voice]  # half-open offsets, and whose words they are


def read_memoir(document: Document, blocks: Sequence[Block], author: Voice, cast: Cast) -> list[Piece]:
    """Tell the author's words from others', and from what is no one's speech.

    Args:
        document: The book.
        blocks: Its paragraphs.
        author: The voice of the whole.
        cast: For the states of those who are quoted.
    """
    text = with_double_marks(document.text)
    if text != document.text:
        blocks = [replace(block, text=text[block.start : block.end]) for block in blocks]
    own = _own_names(document)
    reasons = dict.fromkeys((n for n, block in enumerate(blocks) if block.end <= document.headed), "header")
    reasons |= around(blocks, refer(author.speaker or "").surname)
    found = insets(document.text)
    reasons |= {n: why for n, why in _lost(document, blocks).items() if n not in reasons}
    reasons |= {n: FOOTNOTES for n in footnotes(blocks) if n not in reasons}
    reasons |= dict(_covered(blocks, found))
    quoter = Quoter(text, author, own, cast)
    said = _said(document, blocks, reasons, quoter)
    pieces = list(_spans(blocks, reasons, said, author))
    return list(_without(pieces, found))


def _covered(blocks: Sequence[Block], found: Sequence[Inset]) -> Iterator[tuple[int, str]]:
    """Number the paragraphs that lie in a note or caption altogether."""
    starts = [block.start for block in blocks]
    for inset in found:
        number = bisect_left(starts, inset.start)
        while number < len(blocks) and blocks[number].end <= inset.end:
            yield number, inset.reason
            number += 1


def _lost(document: Document, blocks: Sequence[Block]) -> dict[int, str]:
    """Notes and lists whose heading the cleaning took for a running head, since each of their pages bears it."""
    reasons: dict[int, str] = {}
    starts = [document.raw_offset(b.start) for b in blocks] if document.pages else []
    for match in PART.finditer(document.raw, len(document.raw) // 2) if starts else ():
        first = bisect_left(starts, match.start())
        if first < len(blocks) and first not in reasons and blocks[first].text.strip() != match.group().strip():
            last = next((n for n in range(first, len(blocks)) if CHAPTER.match(blocks[n].text)), len(blocks))
            reasons |= dict.fromkeys(
                range(first, last),
                FOOTNOTES if "notes" in match.group().lower() else "index, bibliography or notes at the end",
            )
    return reasons


def _own_names(document: Document) -> tuple[str, ...]:
    """The author's names, folded, the surname last; before them that of a peerage or office."""
    main = document.participants[0] if document.participants else None
    if main is None:
        return ()
    return (*refer(main.title or "").names[-1:], *refer(main.name).names)


def _said(document: Document, blocks: Sequence[Block], reasons: dict[int, str], quoter: Quoter) -> list[Said]:
    """What is quoted, in order and without overlap: letters, runs set in, then what stands in quotation marks."""
    runs = letters(blocks, reasons)
    taken = {n for run in runs for n in range(run.first, run.last)}
    printed = [run for run in agreements(blocks, reasons) if not taken & set(range(run.first, run.last))]
    taken |= {n for run in printed for n in range(run.first, run.last)}
    runs += _set_in_runs(blocks, reasons, taken, Page(document))
    said = [(blocks[r.first].start, blocks[r.last - 1].end, _voice(blocks, r, quoter)) for r in runs]
    for run in printed:
        lead = blocks[run.first - 1].text
        said.append((blocks[run.first].start, blocks[run.last - 1].end, quoter.agreed(blocks[run.first].start, lead)))
    said.sort(key=lambda each: each[0])
    starts, ends = [start for start, _, _ in said], [end for _, end, _ in said]
    places = [b.end for b in blocks]
    spans = quotations(quoter.text, [b for n, b in enumerate(blocks) if n not in reasons])
    free = 0
    least = SHORT if document.doc_type == "memoir" else LONG  # who speaks from a platform answers for what he quotes
    for place, group in groupby(spans, key=lambda span: bisect_left(places, span.start + 1)):
        for found in _marked(blocks, place, list(group), quoter, least):
            if found[0] >= free and bisect_right(ends, found[0]) >= bisect_left(starts, found[1]):  # in no run
                said.append(found)
                free = found[1]
    return sorted(said, key=lambda each: each[0])


def _marked(
    blocks: Sequence[Block], place: int, quoted: Sequence[Quotation], quoter: Quoter, least: int
) -> Iterator[Said]:
    """What is said in one paragraph: all of it, where it is a turn of a conversation, or the quotations in it.

    Those of less than ``LONG`` words only if they have ``least``, and a clause beside them gives them to someone.
    """
    block, text = blocks[place], quoter.text
    rest = "".join(text[a.end : b.start] for a, b in pairwise(quoted)) + text[quoted[-1].end : block.end]
    if is_answer(block, quoted) and not quoter.divided(rest):
        before = _before(text, blocks, place, block.start)
        told = TOLD.match(text, quoted[-1].end, block.end) if text[quoted[-1].end - 2] in ".?!" else None
        yield block.start, quoted[-1].end if told else block.end, quoter.of(block.start, before, _tag(text, quoted[0]))
        return
    for span, first in over_tags(text, quoted):
        before = _before(text, blocks, place, span.start)
        if span.words < LONG and not (span.words >= least and quoter.told(before, span, first)):
            continue
        signed = signer(text[span.start : span.end].rstrip('"”. '))
        word = re.compile(r"\S*").match(text, span.end)
        voice = quoter.signed(signed) if signed else quoter.of(span.start, before, _tag(text, first))
        yield span.start, word.end() if word else span.end, voice


def _tag(text: str, span: Quotation) -> str:
    """What follows a quotation in its sentence."""
    after = text[span.end : span.end + 130].partition("\n")[0]
    return "" if text[span.end - 2] == "." or BEGINS.match(after) else after


def _before(text: str, blocks: Sequence[Block], place: int, start: int) -> str:
    """What leads to a quotation: the words before it, over a date line or heading back to a sentence."""
    if start - blocks[place].start > 30:
        return text[max(blocks[place].start, start - 500) : start]
    first = place - 1
    while first > max(place - 4, 0) and (opens(blocks[first].text) or apart(blocks[first])):
        first -= 1
    told = blocks[first].text
    if first < 0 or (told[0] in MARKS and not told.endswith((":", ",", "--", "—"))):
        return text[blocks[place].start : start]  # one turn of a conversation says nothing of the next
    return f"{told[-500:]} {text[blocks[place].start : start]}"


def _voice(blocks: Sequence[Block], run: Quoted, quoter: Quoter) -> Voice:
    if run.signer:
        return quoter.signed(run.signer)
    return quoter.of(blocks[run.first].start, _before(quoter.text, blocks, run.first, blocks[run.first].start))


def _set_in_runs(blocks: Sequence[Block], reasons: dict[int, str], taken: set[int], page: Page) -> list[Quoted]:
    """Runs of paragraphs set in on the page, after words that announce them."""
    found: list[Quoted] = []
    known = taken | reasons.keys()
    inner = {n for n, block in enumerate(blocks) if _set_in(block, page)}
    if len(inner) > len(blocks) // 2:
        return []  # the whole page is set in
    for number in range(1, len(blocks)):
        if number in known or number - 1 in inner or not INTRODUCES.search(blocks[number - 1].text[-260:]):
            continue
        last = number
        while last < min(number + AT_MOST, len(blocks)) and last not in known:
            if apart(blocks[last]) == "heading" or last not in inner:
                break
            last += 1
        if sum(len(b.text.split()) for b in blocks[number:last]) >= LONG:
            found.append(Quoted(number, last, signer(blocks[last - 1].text)))
    return found


def _set_in(block: Block, page: Page) -> bool:
    """Tell a paragraph all of whose lines are indented on the page."""
    return all(line.indent >= 3 for line in page.lines(block))


def _apart(blocks: Sequence[Block], number: int) -> str | None:
    """Say what a paragraph is that nobody speaks; long capitals after a colon are a telegram and no heading."""
    kind, text = apart(blocks[number]), blocks[number].text
    announced = number > 0 and blocks[number - 1].text.rstrip().endswith(":")
    return None if kind == "heading" and announced and len(text.split()) > TITLE_WORDS else kind


def _spans(blocks: Sequence[Block], reasons: dict[int, str], said: Sequence[Said], author: Voice) -> Iterator[Piece]:
    """The paragraphs one by one: nobody's, another's, or the author's with what is quoted in them."""
    starts, ends = [start for start, _, _ in said], [end for _, end, _ in said]
    for number, block in enumerate(blocks):
        inner = said[bisect_right(ends, block.start) : bisect_left(starts, block.end)]
        whole = any(start <= block.start and block.end <= end for start, end, _ in inner)
        reason = reasons.get(number) or (None if whole else _apart(blocks, number))
        if reason:
            yield Piece(start=block.start, end=block.end, reason=reason)
            continue
        at = block.start
        for start, end, voice in inner:
            if start > at:
                yield Piece(start=at, end=start, voice=author)
            yield Piece(start=max(start, at), end=min(end, block.end), voice=voice)
            at = min(end, block.end)
        if at < block.end:
            yield Piece(start=at, end=block.end, voice=author)


def _without(pieces: Iterable[Piece], found: Sequence[Inset]) -> Iterator[Piece]:
    """Take notes and captions in brackets out of what is said around them."""
    starts = [inset.start for inset in found]
    for piece in pieces:
        at = piece.start
        for inset in found[max(bisect_left(starts, piece.start) - 1, 0) : bisect_left(starts, piece.end)]:
            if inset.end <= at or piece.voice is None:
                continue
            if inset.start > at:
                yield Piece(start=at, end=inset.start, voice=piece.voice)
            at = min(inset.end, piece.end)
            yield Piece(start=max(inset.start, piece.start), end=at, reason=inset.reason)
        if at < piece.end:
            yield Piece(start=at, end=piece.end, voice=piece.voice, reason=piece.reason)
