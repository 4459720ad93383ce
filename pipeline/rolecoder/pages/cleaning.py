"""Raw text -> the text that is coded, with the way back to the raw offsets.

Lines are re-joined into paragraphs; furniture of the page, marks and letter-spacing are taken out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from rolecoder.pages.furniture import is_classified, numbered, strip_furniture
from rolecoder.pages.offsets import Edit, Mapped, Weaver, composed, edited
from rolecoder.pages.paragraphs import Between, betweens, divided, flattened, rejoined, shape_of
from rolecoder.pages.spacing import spacing_edits
from rolecoder.readers.header import Header, read_header
from rolecoder.readers.heading import read_heading
from rolecoder.readers.lines import Line, split_lines
from rolecoder.readers.plain import check_size
from rolecoder.readers.record import Reading

BLANKS = re.compile(r"[ \t\xa0\u2000-\u200a\u202f\u205f\u3000]{2,}|[\t\xa0\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(r"[\ufeff\u200b-\u200f\u00ad\u202a-\u202e\u2060-\u2064\x00-\x08\x0e-\x1b\x7f]")
CONTROLS = re.compile(r"[\x80-\x9f]")
GARBLED = re.compile(r"[ÂÃâÐÑÅÄ](?:[^\s\x00-\x7f]|\x85)+")
INNER_MARK = re.compile(r"(?<=[.?!\"”:])[ \t]+\((?:U|C|S|TS|[CS]/NF|LOU)\)(?=[ \t]+[A-Z])")
GLUED = re.compile(r"\b(?:[Tt]he|of|to|in|and|by|with|for|from|that|on|between)(?=[A-Z]{2,6}\b)")
SOFT_HYPHEN = re.compile(r"(?<=[A-Za-z])[\u00ac\u00ad](?:(?=([A-Za-z]))|(?=\s*[\r\n]))")
DECOMPOSED = re.compile("[A-Za-z][\u0300-\u036f]+")  # a letter, and its accent as a sign of its own
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
LIGATURE = re.compile("[ﬀ-ﬄ]")
CYRILLIC = re.compile("[а-яА-ЯіІ]")
MIXED = re.compile(r"\b(?=[A-Za-z]*[а-яА-ЯіІ])(?=[а-яА-ЯіІ]*[A-Za-z])[A-Za-zа-яА-ЯіІ]+\b")
LOOK_ALIKE = str.maketrans("аеорсухіАВЕКМНОРСТХІ", "aeopcyxiABEKMHOPCTXI")
EMPHASIS = re.compile(
    r"(?<!\*)\*\*(?=\S)([^*\n]{1,3000}?)(?:(?<=\S)|(?<=[:.?!]\s))\*\*(?!\*)|"
    r"(?<![\w_])_(?=\S)([^_\n]{1,300}?)(?<=\S)_(?![\w_])|"
    r"(?<![\w*])\*(?=[\w\"“‘'(])([^*\n]{1,300}?)(?<=[\w.,;:?!\"”’')])\*(?![\w*])"
)
ESCAPE = re.compile(r"(?:(?<=\s)|^)\\(?=-)|(?<=\d)\\(?=\.\s)", re.M)  # "\--", "1\."
# What the hall did, where it stands among what is said; on a line of its own it is told as a stage direction.
NOISE_OF_HALL = r"(?:applause|laughter|cheers|cheering)"
STAGE = re.compile(
    rf"(?<=[a-z.,;?!…\"”’'\])—–-])[ \t]*[(\[](?i:{NOISE_OF_HALL}(?:(?:,| and|, and) {NOISE_OF_HALL})?)[.!]?[)\]]"
)
START = re.compile(
    r"^.{0,6}\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*$|^\*END\*? ?THE SMALL PRINT!.*$", re.M | re.I
)
END = re.compile(
    r"^.{0,6}\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*$|^End of (?:the |this )?Project Gutenberg.*$"
    r"|^[^\w\n]*THE FULL PROJECT GUTENB[EU]RG LICEN[CS]E\s*$",
    re.M | re.I,
)
LICENCE = 6000  # characters from a text's end in which a licence, being longer, names its giver
CREDITS = re.compile(
    r"\s*(?:(?:E-text )?(?:Produced|prepared) by|\[?Transcriber['’]s notes?).*?(?:\n\s*\n|\Z)", re.S | re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The text that is coded, its map, what its header says, and what was repaired."""

    mapped: Mapped
    header: Header
    heading: Header  # of a text that is no record of a conversation
    headed: int  # the offset in the text at which that heading ends
    mended: tuple[str, ...]


def clean(reading: Reading) -> Cleaned:
    """Make the text that is coded out of what a reader found.

    Paragraphs of the text are parted by one blank line; no line break stands inside one.

    Raises:
        RolecoderError: The text is larger than a document is, or has lines that no text has.
    """
    check_size(reading.raw)
    counts: Counter[str] = Counter()
    plain = _characters(reading, counts)
    lines = split_lines(plain.text)
    apart = reading.layout == "paragraphs"
    for line in lines if apart else ():
        line.blank = True
    header = Header() if apart else read_header(lines)
    recorded = bool({"doc_type", "participants"} & set(header.metadata))
    count, heading = (0, Header()) if recorded else read_heading(lines)
    for line in lines[:count]:
        line.header = True
    body = lines[count].start if count else 0
    if apart:
        mapped = _weave(plain.text, lines, rejoined(lines, counts), {})
    else:
        lines = strip_furniture(lines, is_classified(plain.text), counts)
        numbers = numbered(lines)
        counts["paragraph numbers"] += len(numbers)
        for place in numbers:
            lines[place].blank = True
        mapped = _weave(plain.text, lines, betweens(lines, shape_of(lines), counts), numbers)
    told = tuple(f"{what}: {count}" for what, count in sorted(counts.items()) if count)
    return Cleaned(
        mapped=composed(mapped, plain),
        header=header,
        heading=heading,
        headed=mapped.places([body])[0] if count else 0,
        mended=reading.mended + told,
    )


def _characters(reading: Reading, counts: Counter[str]) -> Mapped:
    """The raw text less what is omitted, with its characters mended."""
    raw = reading.raw
    edits: list[Edit] = [(start, end, "") for start, end in reading.omit]
    edits += _gutenberg(raw, counts)
    if not raw.isascii():
        edits += _unusual(raw, counts)
    edits += [(m.start(), m.end(), "") for m in INVISIBLE.finditer(raw)]
    for m in EMPHASIS.finditer(raw) if "*" in raw or "_" in raw else ():
        group = m.lastindex or 0
        edits += [(m.start(), m.start(group), ""), (m.end(group), m.end(), "")]
        counts["marks of emphasis taken out"] += 1
    edits += _marks(raw, counts)
    if is_classified(raw):
        marks = [(m.start(), m.end(), "") for m in INNER_MARK.finditer(raw)]
        counts["classification marks"] += len(marks)
        edits += marks
    spaced = spacing_edits(raw) if " " in raw else []
    counts["letter-spaced letters put together"] += len(spaced)
    edits += spaced
    glued = [(m.end(), m.end(), " ") for m in GLUED.finditer(raw)]
    counts["blanks put back before abbreviations"] += len(glued)
    edits += glued
    if "-" in raw:
        parted = [*(flattened(raw) if "- " in raw else ()), *divided(raw)]
        counts["words divided inside a line put together"] += len(parted)
        edits += parted
    return edited(raw, edits) if edits else Mapped(raw)


def _marks(raw: str, counts: Counter[str]) -> list[Edit]:
    """Marks that Markdown would read, and what the hall did while someone spoke."""
    escapes = [(m.start(), m.end(), "") for m in ESCAPE.finditer(raw)] if "\\" in raw else []
    counts["marks of Markdown taken out"] += len(escapes)
    stage = [(m.start(), m.end(), " " if raw[m.end() : m.end() + 1].isalnum() else "") for m in STAGE.finditer(raw)]
    counts["applause and laughter taken out"] += len(stage)
    return [*escapes, *stage]


def _unusual(raw: str, counts: Counter[str]) -> list[Edit]:
    edits: list[Edit] = [(m.start(), m.end(), LIGATURES[m.group()]) for m in LIGATURE.finditer(raw)]
    edits += [(m.start(), m.end(), unicodedata.normalize("NFC", m.group())) for m in DECOMPOSED.finditer(raw)]
    for m in SOFT_HYPHEN.finditer(raw):
        edits.append((m.start(), m.end(), "" if m.group(1) else "-"))
        counts["soft hyphens taken out"] += 1
    for m in CONTROLS.finditer(raw):
        edits.append((m.start(), m.end(), m.group().encode("latin-1").decode("cp1252", "ignore")))
        counts["characters of Windows code page 1252 mended"] += 1
    for m in GARBLED.finditer(raw):
        mended = INVISIBLE.sub("", _fixed(m.group()))
        if mended != m.group():
            edits.append((m.start(), m.end(), mended))
            counts["garbled characters mended"] += 1
    for m in MIXED.finditer(raw) if CYRILLIC.search(raw) else ():
        mended = m.group().translate(LOOK_ALIKE)
        if mended.isascii() and mended != m.group():
            edits.append((m.start(), m.end(), mended))
            counts["Cyrillic letters in Latin words mended"] += 1
    return edits


def _fixed(garbled: str) -> str:
    import ftfy

    return ftfy.fix_encoding(garbled)


def _gutenberg(raw: str, counts: Counter[str]) -> list[Edit]:
    """The header and the licence of a Project Gutenberg text."""
    if not any("gutenberg" in part.casefold() for part in (raw[:6000], raw[-LICENCE:])):
        return []
    edits: list[Edit] = []
    start = START.search(raw)
    first = 0
    if start:
        first = start.end()
        if credits := CREDITS.match(raw, first):
            first = credits.end()
        edits.append((0, first, ""))
    end = END.search(raw, first)
    if end:
        edits.append((end.start(), len(raw), ""))
    counts["Project Gutenberg's header and licence"] += len(edits)
    return edits


def _weave(text: str, lines: list[Line], between: list[Between], numbers: dict[int, int]) -> Mapped:
    weaver = Weaver(text)
    for place, line in enumerate(lines):
        start = line.start + numbers.get(place, 0)
        after = between[place] if place < len(between) else None
        end = line.end - (after == "hyphen")
        for gap in BLANKS.finditer(text, start, end):
            weaver.copy(start, gap.start())
            weaver.put(" ", gap.start(), gap.end())
            start = gap.end()
        weaver.copy(start, end)
        if after == "paragraph":
            weaver.put("\n\n", line.end, lines[place + 1].start)
        elif after == "blank":
            weaver.put(" ", line.end, lines[place + 1].start)
    return weaver.woven()
