"""Raw text -> text to be coded, with the map that leads back.

Lines are joined to paragraphs, words that the page split or spaced out are mended, and the page's
furniture (stamps, page numbers, classification marks) is left out.  Everything stays in the raw text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rolecoder.letterspacing import is_spaced, rejoin

LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]*")
BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200b\u3000\ufeff]+")
LABEL = re.compile(r"(?:[A-Z][\w.'’&-]*)(?:[ ,]+(?:[A-Z(][\w.'’)&-]*|of|the|de|von|van|al|bin))*\s*(?::|;| --|—)(?=\s|$)")
HEADER = re.compile(r"(?:[A-Z][A-Z,/ ]{2,}|Date|Place|Time|Subject|Participants|To|From|Re)\s*[:;]")
PARAGRAPH_NUMBER = re.compile(r"\d{1,3}\.\s+(?=[A-Z\"“'‘(])")
MARK = re.compile(r"[ \t]*[(\[{]\s?[^\s()\[\]{}a-z]?[^\s()\[\]{}]{0,3}\s?[)\]}]\s*$")
KEEP_MARK = re.compile(r"[(\[{]\s?(?:\d+|[a-hj-z]|[ivx]+|the|sic|all|yes|no)\s?[)\]}]\s*$")
PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—\[(]?\s*\d{1,4}(?:\s+of\s+\d{1,3})?\s*[-–—\])]?", re.I)
STAMPS = (
    "CONFIDENTIAL", "SECRET", "TOP SECRET", "UNCLASSIFIED", "SENSITIVE", "DECLASSIFIED", "SECRET SENSITIVE", "EYES ONLY",
    "CLASSIFIED BY", "LIBRARY PHOTOCOPY", "CLINTON LIBRARY PHOTOCOPY", "BUSH LIBRARY PHOTOCOPY", "AS AMENDED", "THE WHITE HOUSE",
    "NATIONAL SECURITY COUNCIL", "WASHINGTON", "NODIS", "EXDIS",
)  # fmt: skip
STAMP_STARTS = re.compile(r"(?:declass\w*|derived from|reason|classified by)\b.{0,40}$|per e\.?\s?o\.?|e\.?o\.? 1[23]\d{3}|as amended\b", re.I)
GUTENBERG = re.compile(r"\*\*\*\s*(START|END) OF (?:TH(?:IS|E) )?PROJECT GUTENBERG[^\n]*", re.I)
CONVERSATIONS = ("telcon", "memcon")
ENDS = re.compile(r"[.!?:;\"”’')\]]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of raw text and what stands for it in the text."""

    raw_start: int
    raw_end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Text with its map back, as ``Document`` has them, and what was repaired in words."""

    text: str
    breaks: tuple[tuple[int, int], ...]
    mended: tuple[str, ...]


def clean(raw: str, *, doc_type: str = "other", start: int = 0) -> Cleaned:
    """Make the text that is coded out of what stands in a file.

    Args:
        raw: As decoded.
        doc_type: Of telcons and memcons, stamps and classification marks are taken out too.
        start: Where the text proper begins in ``raw``.
    """
    counts: dict[str, int] = {}
    start, end = _inside_gutenberg(raw, start, counts)
    lines = list(_lines(raw, start, end))
    if doc_type in CONVERSATIONS:
        lines = _without_furniture(lines, counts)
    paragraphs = _paragraphs(lines, labelled=doc_type in (*CONVERSATIONS, "press"), counts=counts)
    numbered = _numbered(paragraphs)
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        joined = _join(paragraph, counts)
        if numbered and (number := PARAGRAPH_NUMBER.match(joined[0].text)):
            counts["paragraph numbers taken out"] = counts.get("paragraph numbers taken out", 0) + 1
            joined = _behead(joined, number.end())
        if doc_type in CONVERSATIONS:
            joined = _unmark(joined, counts)
        if joined and "".join(piece.text for piece in joined).strip():
            if pieces:
                pieces.append(Piece(raw_start=joined[0].raw_start, raw_end=joined[0].raw_start, text="\n\n"))
            pieces += joined
    return Cleaned(**_assemble(pieces), mended=tuple(f"{what}: {count}" for what, count in counts.items()))


def _inside_gutenberg(raw: str, start: int, counts: dict[str, int]) -> tuple[int, int]:
    marks = {match.group(1).upper(): match for match in GUTENBERG.finditer(raw, start)}
    if "START" not in marks:
        return start, len(raw)
    counts["header and licence of Project Gutenberg taken out"] = 1
    return marks["START"].end(), marks["END"].start() if "END" in marks else len(raw)


def _lines(raw: str, start: int, end: int) -> Iterator[Piece]:
    place = start
    while place < end:
        match = LINE.match(raw, place, end)
        stop = match.end() if match else end
        text = raw[place:stop]
        stripped = text.strip(" \t\u00a0\ufeff")
        begin = place + (text.find(stripped) if stripped else 0)
        yield Piece(raw_start=begin, raw_end=begin + len(stripped), text=stripped)
        place = stop + (2 if raw.startswith("\r\n", stop) else 1)


def _without_furniture(lines: Sequence[Piece], counts: dict[str, int]) -> list[Piece]:
    """Blank the lines of stamps and page numbers; a sentence that they split goes on after them."""
    kept: list[Piece] = []
    for line in lines:
        if line.text and _is_furniture(line.text):
            counts["stamps and page numbers taken out"] = counts.get("stamps and page numbers taken out", 0) + 1
            line = Piece(raw_start=line.raw_start, raw_end=line.raw_start, text="")
        kept.append(line)
    return kept


def _is_furniture(line: str) -> bool:
    bare = BLANKS.sub(" ", line).strip(" .-_|~*")
    if PAGE_NUMBER.fullmatch(bare) or STAMP_STARTS.match(bare):
        return True
    letters = [c for c in bare if c.isalpha()]
    if len(bare) > 45 or len(bare.split()) > 5:
        return False
    if not letters:
        return True
    shouted = sum(c.isupper() for c in letters) / len(letters) >= 0.6
    near = difflib.get_close_matches(bare.upper(), STAMPS, n=1, cutoff=0.6 if shouted else 0.9)
    return bool(near) or (len(letters) < 4 and len(bare.split()) <= 2 and not bare.endswith((".", "?", "!", ":")))


def _paragraphs(lines: Sequence[Piece], *, labelled: bool, counts: dict[str, int]) -> list[list[Piece]]:
    """Group lines into paragraphs: at blank lines, at labels, and, where there are none, at short last lines."""
    full = [line for line in lines if line.text]
    widths = sorted(len(BLANKS.sub(" ", line.text)) for line in full)
    width = widths[int(len(widths) * 0.9)] if widths else 0
    breaks_at_blanks = sum(1 for line in lines if not line.text) > 0.02 * len(lines)
    wrapped = bool(full) and width <= 130
    found: list[list[Piece]] = []
    blank = True
    for line in lines:
        if not line.text:
            blank = True
            continue
        last = found[-1][-1].text if found else ""
        new = not found or not wrapped or _begins(line.text, last, blank, labelled)
        if not new and not blank and not breaks_at_blanks:
            new = bool(re.search(r"[.!?][\"”’')]*$", last)) and len(last) < 0.75 * width
        if new:
            found.append([line])
        else:
            found[-1].append(line)
            counts["lines joined"] = counts.get("lines joined", 0) + 1
        blank = False
    return found


def _begins(line: str, last: str, blank: bool, labelled: bool) -> bool:
    """Whether a line begins a paragraph."""
    if labelled and (LABEL.match(line) or HEADER.match(line) or HEADER.match(last) and blank):
        return True
    if not blank:
        return False
    goes_on = line[:1].islower() and not ENDS.search(last)
    return not goes_on


def _numbered(paragraphs: Sequence[Sequence[Piece]]) -> bool:
    """Whether the paragraphs bear numbers that rise, as in the records of the United Nations."""
    numbers = [int(m.group().split(".")[0]) for p in paragraphs if (m := PARAGRAPH_NUMBER.match(p[0].text))]
    rising = sum(b == a + 1 for a, b in zip(numbers, numbers[1:], strict=False))
    return len(numbers) >= 4 and rising >= 0.6 * (len(numbers) - 1)


def _join(lines: Sequence[Piece], counts: dict[str, int]) -> list[Piece]:
    """Join the lines of a paragraph by one blank, mend hyphens at line ends and letter-spaced words."""
    pieces: list[Piece] = []
    for line in lines:
        if pieces:
            last = pieces[-1].text
            if re.search(r"[a-z]-$", last) and line.text[:1].islower():
                pieces[-1] = Piece(raw_start=pieces[-1].raw_start, raw_end=pieces[-1].raw_end - 1, text=last[:-1])
                counts["words rejoined at line ends"] = counts.get("words rejoined at line ends", 0) + 1
            else:
                pieces.append(Piece(raw_start=pieces[-1].raw_end, raw_end=line.raw_start, text=" "))
        if is_spaced(line.text):
            counts["letter-spaced lines rejoined"] = counts.get("letter-spaced lines rejoined", 0) + 1
            pieces.append(Piece(raw_start=line.raw_start, raw_end=line.raw_end, text=rejoin(line.text)))
        else:
            pieces += _single_blanks(line)
    return [piece for piece in (_demoji(piece, counts) for piece in pieces) if piece.text]


def _single_blanks(line: Piece) -> Iterator[Piece]:
    place = 0
    for gap in BLANKS.finditer(line.text):
        if gap.group() == " ":
            continue
        yield Piece(raw_start=line.raw_start + place, raw_end=line.raw_start + gap.start(), text=line.text[place : gap.start()])
        yield Piece(raw_start=line.raw_start + gap.start(), raw_end=line.raw_start + gap.end(), text=" ")
        place = gap.end()
    yield Piece(raw_start=line.raw_start + place, raw_end=line.raw_end, text=line.text[place:])


def _demoji(piece: Piece, counts: dict[str, int]) -> Piece:
    """Mend text that was decoded wrongly ("â€™" for an apostrophe)."""
    if piece.text.isascii() or not any(c in piece.text for c in "ÃâÂï�"):
        return piece
    import ftfy

    fixed = ftfy.fix_encoding(piece.text)
    if fixed != piece.text:
        counts["wrongly decoded stretches mended"] = counts.get("wrongly decoded stretches mended", 0) + 1
    return Piece(raw_start=piece.raw_start, raw_end=piece.raw_end, text=fixed)


def _behead(pieces: Sequence[Piece], count: int) -> list[Piece]:
    first, *rest = pieces
    return [Piece(raw_start=first.raw_start + count, raw_end=first.raw_end, text=first.text[count:]), *rest]


def _unmark(pieces: list[Piece], counts: dict[str, int]) -> list[Piece]:
    """Take the classification mark off the end of a paragraph."""
    while pieces and not pieces[-1].text.strip():
        pieces = pieces[:-1]
    if not pieces:
        return pieces
    last = pieces[-1]
    mark = MARK.search(last.text)
    if mark is None or KEEP_MARK.search(last.text):
        return pieces
    counts["classification marks taken out"] = counts.get("classification marks taken out", 0) + 1
    text = last.text[: mark.start()]
    return _unmark([*pieces[:-1], Piece(raw_start=last.raw_start, raw_end=last.raw_start + len(text), text=text)], counts)


def _assemble(pieces: Sequence[Piece]) -> dict[str, object]:
    breaks: list[tuple[int, int]] = [(0, pieces[0].raw_start if pieces else 0)]
    length = 0
    for piece in pieces:
        text_at, raw_at = breaks[-1]
        if piece.raw_start - raw_at != length - text_at:
            if length == text_at:
                breaks.pop()
            breaks.append((length, piece.raw_start))
        length += len(piece.text)
    return {"text": "".join(piece.text for piece in pieces), "breaks": tuple(breaks)}
