"""Stage 2. Document, turns -> passages.

A passage is one to a few sentences of one turn and one paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from rolecoder.errors import RolecoderError
from rolecoder.pages.headlines import headline
from rolecoder.pages.sentences import sentences
from rolecoder.records import CONVERSATIONS, Document, Dropped, Passage, Turn

Span = tuple[int, int]

STAGE = "segment"
SHORTEST = 8  # words: less says nothing that can be coded
HEADING = 15  # words: a longer paragraph that ends in a letter is a sentence broken off, not a heading
BELOW = 20  # words that a paragraph under a heading has
CONTEXT = 70  # words before and after
JOINED = 1.25  # times max_words: what a passage may reach by taking in a short rest
LONGEST = 1.625  # times max_words: what no passage exceeds
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
CLOSING = '.!?\u2026"\u201d\u2019)]'
OPENING = re.compile(r"[\"'\u201c\u2018\u00ab\u2026.\[\s]*")  # of a quotation, of words left out of it
PROSE = re.compile(r"[a-z]{2}[.?!]")
SALUTED = ",:!."  # how "Mr. Speaker," ends
ITEM = re.compile(r"\(?(?:[a-z]|[ivx]{1,4})\)\s")
NUMBERED = re.compile(r"\d{1,3}\s?[.,]?\s+[A-Z]")  # a paragraph with its number, full stop misread
OPEN_ENDED = re.compile(r"\s(?:the|an?|of|in|and|that|or|as|with|to|for|by|at|on|from|which|is|are|our|its|their)$")
# Where a sentence that is too long may be cut, best first.
CUTS = (
    re.compile(r"[;:](?=\s)"),
    re.compile(
        r",(?=\s+(?:and|but|or|nor|yet|so|for|which|who|whom|whose|while|whereas|that|as|because|when|where)\s)"
    ),
    re.compile(r"[,\u2014\u2013)](?=\s)"),
    re.compile(r"\S(?=\s)"),
)


def cut(
    document: Document,
    turns: Sequence[Turn],
    left_out: Sequence[Dropped],
    *,
    min_words: int = 30,
    max_words: int = 80,
) -> tuple[list[Passage], list[Dropped]]:
    """Cut the turns of a document into passages.

    Args:
        document: What the turns are of.
        turns: In order, without overlap.
        left_out: What an earlier stage left out; a stretch of it inside a turn is in no passage, and
            no passage runs over it.
        min_words: A passage below this takes in the next sentence, where the paragraph has one.
        max_words: A passage is closed before it passes this.  A sentence longer by five eighths is
            cut at a clause: no passage is longer than that.

    Returns:
        The passages in order, and the stretches too short to be coded.  Every word of a turn that
        was not left out before is in exactly one of them.

    Raises:
        RolecoderError: ``min_words`` is above ``max_words``, or below 1.
    """
    if not 1 <= min_words <= max_words:
        raise RolecoderError(
            f"min_words {min_words}, max_words {max_words}", where="reading", expected="min_words <= max_words"
        )
    text = document.text
    gaps = sorted((d.start, d.end) for d in left_out if d.start is not None and d.end is not None)
    passages: list[Passage] = []
    dropped: list[Dropped] = []
    for turn in turns:
        spans: list[Span] = []
        paragraphs = list(_paragraphs(text, turn, gaps))
        for paragraph in paragraphs:
            spans += _groups(text, _pieces(text, paragraph, max_words), min_words, max_words)
        heads = set() if document.doc_type in CONVERSATIONS else _headings(text, paragraphs, first=turn is turns[0])
        for number, (start, end) in enumerate(spans):
            words = len(text[start:end].split())
            if words < SHORTEST:
                reason = f"too short to code: fewer than {SHORTEST} words"
                dropped.append(_left_out(document, start, end, words, reason))
            elif (start, end) in heads:
                dropped.append(_left_out(document, start, end, words, "heading"))
            else:
                passages.append(_passage(document, turn, spans, number))
    _check_no_word_lost(document, turns, gaps, passages, dropped)
    return passages, dropped


def _paragraphs(text: str, turn: Turn, gaps: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs of a turn; what was left out before ends one too.

    A blank line inside a sentence (the page was turned there) does not.
    """
    for start, end in _outside(turn.start, turn.end, gaps):
        begin = start
        for blank in BLANK_LINE.finditer(text, start, end):
            if _inside_sentence(text, begin, blank):
                continue
            yield begin, blank.start()
            begin = blank.end()
        yield begin, end


def _inside_sentence(text: str, begin: int, blank: re.Match[str]) -> bool:
    """Tell whether a sentence runs on over a blank line: what it announces follows, or it was broken off."""
    at = blank.start()
    last = text[at - 1]
    if last in ":;":
        return True
    opening = OPENING.match(text, blank.end())
    start = opening.end() if opening else blank.end()
    follows = text[start : start + 1]
    if start > blank.end() and last == ",":
        return True
    if follows.islower() and not ITEM.match(text, blank.end()):
        return last not in CLOSING
    if OPEN_ENDED.search(text, max(begin, at - 8), at):
        return True
    if not last.isalpha() or not (follows.isalpha() or (follows.isdigit() and not NUMBERED.match(text, blank.end()))):
        return False
    paragraph = text[begin:at]
    return len(paragraph.split()) >= HEADING and not paragraph.isupper()


def _headings(text: str, paragraphs: Sequence[Span], *, first: bool) -> set[Span]:
    """Find the paragraphs that are headings by their form, after whole sentences or a heading and above prose.

    Args:
        text: What the paragraphs are of.
        paragraphs: Of one turn.
        first: Whether the turn is its document's first, over which a heading may stand.
    """
    found: set[Span] = set()
    above = first
    for number, (start, end) in enumerate(paragraphs):
        words = text[start:end].strip()
        headed = headline(words)
        if headed and above and _prose_under(text, paragraphs, number):
            begin = text.index(words, start)
            found.add((begin, begin + len(words)))
        above = headed or words[-1:] in tuple(CLOSING)
    return found


def _prose_under(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether whole sentences stand under a paragraph, a salutation between them aside."""
    for below in range(number + 1, len(paragraphs)):
        start, end = paragraphs[below]
        words = text[start:end].split()
        if len(words) >= SHORTEST or not words or words[-1][-1] not in SALUTED:
            return len(words) >= BELOW and PROSE.search(text, start, end) is not None
    return False


def _outside(start: int, end: int, gaps: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of a span that lie in no gap."""
    first = max(bisect_left(gaps, (start, start)) - 1, 0)
    for gap_start, gap_end in gaps[first:]:
        if gap_start >= end:
            break
        if gap_end > start:
            if gap_start > start:
                yield start, gap_start
            start = gap_end
    if start < end:
        yield start, end


def _pieces(text: str, paragraph: Span, max_words: int) -> Iterator[tuple[int, int, int]]:
    """Yield the sentences of a paragraph, the over-long ones in clauses: start, end, words."""
    limit = int(max_words * LONGEST)
    for start, end in sentences(text, *paragraph):
        words = len(text[start:end].split())
        if words <= limit:
            yield start, end, words
        else:
            for part_start, part_end in _clauses(text, start, end, words, limit):
                yield part_start, part_end, len(text[part_start:part_end].split())


def _clauses(text: str, start: int, end: int, words: int, limit: int) -> Iterator[Span]:
    """Halve a stretch at the best place near its middle until no part is above ``limit`` words."""
    parts = [(start, end, words)]
    while parts:
        start, end, words = parts.pop()
        if words <= limit:
            yield start, end
            continue
        place = _cut_near_middle(text, start, end)
        right = place + len(text[place:end]) - len(text[place:end].lstrip())
        first, second = len(text[start:place].split()), len(text[right:end].split())
        parts += [(right, end, second), (start, place, first)]


def _cut_near_middle(text: str, start: int, end: int) -> int:
    middle, reach = (start + end) // 2, (end - start) * 3 // 10
    for pattern in CUTS:
        places = [m.end() for m in pattern.finditer(text, middle - reach, middle + reach)]
        if places:
            return min(places, key=lambda place: abs(place - middle))
    places = [m.end() for m in CUTS[-1].finditer(text, start, end)]
    return min(places, key=lambda place: abs(place - middle))


def _groups(text: str, pieces: Iterator[tuple[int, int, int]], min_words: int, max_words: int) -> list[Span]:
    """Gather the sentences of one paragraph into passages."""
    limit = int(max_words * LONGEST)
    groups: list[tuple[int, int, int]] = []
    for start, end, words in pieces:
        held = groups[-1][2] if groups else 0
        if groups and (held + words <= max_words or (held < min_words and held + words <= limit)):
            groups[-1] = (groups[-1][0], end, held + words)
        else:
            groups.append((start, end, words))
    if len(groups) > 1 and groups[-1][2] < min_words:
        together = groups[-2][2] + groups[-1][2]
        if together <= (limit if groups[-1][2] < SHORTEST else max_words * JOINED):
            groups[-2:] = [(groups[-2][0], groups[-1][1], together)]
    return [(start, end) for start, end, _ in groups]


def _passage(document: Document, turn: Turn, spans: Sequence[Span], number: int) -> Passage:
    start, end = spans[number]
    return Passage(
        document_id=document.document_id,
        start=start,
        end=end,
        text=document.text[start:end],
        before=_words_before(document.text, spans, number),
        after=_words_after(document.text, spans, number),
        speaker=turn.speaker,
        source=turn.actor,
        source_reason=turn.reason,
        addressee=turn.addressee,
        reported=turn.reported,
        page=document.page_at(start),
    )


def _words_before(text: str, spans: Sequence[Span], number: int) -> str:
    """Up to ``CONTEXT`` words that the same speaker said before, labels and stage directions left out."""
    words: list[str] = []
    while number > 0 and len(words) < CONTEXT:
        number -= 1
        words = text[slice(*spans[number])].split() + words
    return " ".join(words[-CONTEXT:])


def _words_after(text: str, spans: Sequence[Span], number: int) -> str:
    words: list[str] = []
    while number + 1 < len(spans) and len(words) < CONTEXT:
        number += 1
        words += text[slice(*spans[number])].split()
    return " ".join(words[:CONTEXT])


def _left_out(document: Document, start: int, end: int, words: int, reason: str) -> Dropped:
    return Dropped(stage=STAGE, item=document.document_id, reason=reason, words=words, start=start, end=end)


def _check_no_word_lost(
    document: Document,
    turns: Sequence[Turn],
    gaps: Sequence[Span],
    passages: Sequence[Passage],
    dropped: Sequence[Dropped],
) -> None:
    given = sum(len(document.text[a:b].split()) for turn in turns for a, b in _outside(turn.start, turn.end, gaps))
    kept = sum(len(passage.text.split()) for passage in passages) + sum(item.words for item in dropped)
    if given != kept:
        raise AssertionError(f"{document.document_id}: {given} words in the turns, {kept} in passages and dropped")
