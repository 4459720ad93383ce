"""The parts of a book that are not its author's telling: what stands around it, notes, captions, headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rolecoder.dialogue.layout import Block

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
OPENING = re.compile(
    r"^\W*(?:preface(?: to [^.?!]{3,60})?|foreword|forward|introduction|introductory|prologue|diary|memoir|"
    r"chapter\s+(?:[ivxl\d]+|one|first)\b.*|"
    r"part\s+(?:i|1|one)\b.*|book\s+(?:i|1|one)\b.*|i\.?|1\.?|author['’]?s (?:note|preface).*)\W*$",
    re.I,
)
CONTENTS = re.compile(
    r"^\W*(?:table of )?(?:contents|(?:list of )?illustrations|(?:list of )?maps(?: and \w+)?|plates|portraits)"
    r"(?: of (?:the )?(?:\w+ ){0,2}vol\w*.{0,10})?\W*$",
    re.I,
)
BACK = re.compile(
    r"^\W*(?:(?:general |subject )?index(?: (?:of|to) [\w ]{2,30})?|(?:select(?:ed)? )?bibliography|works cited|"
    r"(?:transcriber|publisher|printer)['’]?s['’]? (?:note|advertisement).*|advertisements?|(?:foot|end)notes?|"
    r"errata)\W*$",
    re.I,
)
NOTES = re.compile(r"^\W*(?:(?:foot|end)notes?|notes)\W*$", re.I)
BY_ANOTHER = re.compile(
    r"^\W*(?:(?:editor|publisher|translator|compiler|transcriber|preparer)s?['’]?s?['’]? (?:preface|note|introduction|"
    r"foreword|advertisement)|(?:note|preface|introduction|foreword) by the (?:editor|publisher|translator)s?)\b",
    re.I,
)
FOREWORD = re.compile(
    r"^\W*(?:(?:preface|foreword|introduction)(?: to [^.?!]{3,60})?|introductory(?: note)?|advertisement)\W*$", re.I
)
FOOTNOTE = re.compile(r"^(?:\[(?:\d{1,3}|[*†‡§]{1,3}|[A-Z])\]\s|\{\d{1,3}\}\s|\(\*\d*\)\s)")
STARRED = re.compile(r"^\[?[*†‡§]{1,6}\s?[^\s*†‡§]")
STAR = re.compile(r"[^\s*†‡§]\W?\s?[*†‡§]")
PICTURE = re.compile(r"^\[?(?:Illustration|Map|Frontispiece)\b[^\]]*\]?$", re.I)
GUTENBERG_START = re.compile(r"\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG", re.I)
GUTENBERG_END = re.compile(
    r"\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG|^\W*End of (?:the )?Project Gutenberg|"
    r"^End of [^?!]{3,90}, by [^?!]{3,60}$|"
    r"START: FULL LICEN[SC]E|^\W*THE FULL PROJECT GUTENBERG LICEN[SC]E",
    re.I,
)
GUTENBERG = "Project Gutenberg's header and licence"
IN_BRACKETS = re.compile(
    r"\[\s*(?:(?P<note>\W{0,3}(?:Foot)?note\b\s?(?:\d+|[A-Z])?\W*[:.—-])(?!\s*\])|(?:Illustration|Sidenote)\b)", re.I
)
REMARK = re.compile(r"\[\*?(?=[A-Z])(?=(?:[^\s\[\]]+\s+){5})")
EDITOR = re.compile(
    r"\b(?:see|(?:the|these) (?:following|preceding|succeeding|above|original|remainder|circumstances)|here|editor|"
    r"author['’]?s?|translat\w+|ms\b|manuscript|appendix|note|ed\.)",
    re.I,
)
HEADING = re.compile(r"^(?:(?:chapter|part|book|volume|appendix|section)\b.{0,90}|[^a-z]{1,90}|_[^_]{3,40}_)$", re.I)
CHAPTER = re.compile(
    r"^\W{0,2}(?:(?:chapter|appendix|part|book|volume)\s+(?:[ivxlc]+|\d+|[a-z])\b.{0,80}|letter\s+(?:[ivxlc]+|\d+)\b.{0,120})$",
    re.I,
)
CAPITALS = re.compile(r"^[^a-z]{2,120}$")
PRINTED = re.compile(r"^[^a-z]{2,450}$")  # as captions and titles are: capitals throughout
SUMMARY = re.compile(r"^(?=.*(?:--|[—–]))[^a-z]{20,600}$")  # of a chapter, under its heading
DAY = re.compile(
    rf"^\W{{0,2}}(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?(?:the\s)?(?:{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s+{MONTH})\W{{0,3}}(?:1[5-9]\d\d|20\d\d)?"
    r"(?:\W{0,3}(?:mon|tues|wednes|thurs|fri|satur|sun)day)?\W*$",
    re.I,
)
LONG = 40
OFTEN = 6  # times that no one names himself in his own preface
VERY_LONG = 120  # words that no entry of a table of contents has
LONGEST_NOTE = 12_000  # characters
NOTE_HEAD = re.compile(r"^\[NOTE\s[A-Z\d]{1,3}\W")  # over a note of an appendix
FOOTNOTES, CAPTION = "footnote", "caption"


@dataclass(frozen=True, slots=True)
class Inset:
    """A note or caption in brackets, wherever it stands: half-open offsets, and what it is."""

    start: int
    end: int
    reason: str


def around(blocks: Sequence[Block], surname: str) -> dict[int, str]:
    """Number the paragraphs before, between and after the book proper, with the reason.

    Args:
        blocks: The book's paragraphs.
        surname: The author's, folded: a preface that speaks of the author by name is another's.
    """
    first, last = _of_gutenberg(blocks)
    reasons = dict.fromkeys((*range(first), *range(last, len(blocks))), GUTENBERG)
    head = range(first, min(first + 400, last))
    opening = next((n for n in head if OPENING.match(blocks[n].text) and prose_follows(blocks, n)), None)
    if opening is None:
        opening = next((n for n in head if len(blocks[n].text.split()) >= LONG), first)
    reasons |= dict.fromkeys(range(first, opening), "front matter")
    blocks, number = blocks[:last], opening
    while number < last:
        until, why = _listing(blocks, number)
        if until == number:
            until, why = _anothers(blocks, number, surname), "front matter"
        reasons |= dict.fromkeys(range(number, until), why)
        number = max(until, number + 1)
    return reasons


def _of_gutenberg(blocks: Sequence[Block]) -> tuple[int, int]:
    """The numbers of the first and last paragraph (half-open) between what Project Gutenberg puts around a book."""
    count = len(blocks)
    starts = [n for n, b in enumerate(blocks[: count // 5 + 1]) if GUTENBERG_START.search(b.text)]
    first = starts[-1] + 1 if starts else 0
    tail = range(max(first, count // 2), count)
    return first, next((n for n in tail if GUTENBERG_END.search(blocks[n].text[:400])), count)


def _listing(blocks: Sequence[Block], number: int) -> tuple[int, str]:
    """Where a list that begins here ends, and what it is; it ends where it begins if there is none."""
    text = blocks[number].text
    if NOTES.match(text) and number + 1 < len(blocks) and FOOTNOTE.match(blocks[number + 1].text):
        return _notes_end(blocks, number + 1), "footnotes"
    if CONTENTS.match(text):
        return _list_end(blocks, number + 1, contents=True), "table of contents"
    if BACK.match(text) and (number > len(blocks) * 0.4 or not prose_follows(blocks, number)):
        named = number + 1 < len(blocks) and BACK.match(blocks[number + 1].text)
        why = "footnotes" if NOTES.match(text) and not named else "index, bibliography or notes at the end"
        return _list_end(blocks, number + 1), why
    return number, ""


def _anothers(blocks: Sequence[Block], number: int, surname: str) -> int:
    """Where a preface ends that an editor or a publisher wrote; it ends where it begins if there is none."""
    text = blocks[number].text
    told = BY_ANOTHER.match(text)
    if number > len(blocks) * 0.2 or not (told or FOREWORD.match(text)):
        return number
    until = next(
        (n for n in range(number + 1, len(blocks)) if OPENING.match(blocks[n].text) or CONTENTS.match(blocks[n].text)),
        number,
    )
    words = " ".join(b.text for b in blocks[number + 1 : until])
    spelt = "|".join(re.escape(each) for each in (surname.title(), surname.upper()))
    named = len(re.findall(rf"\b(?:{spelt})\b", words)) if surname else 0
    of_himself = len(re.findall(r"\b(?:I|my|me)\b", words))
    return until if told or named >= OFTEN or (named >= 2 and of_himself < named) else number


def prose_follows(blocks: Sequence[Block], number: int) -> bool:
    """Tell whether a paragraph of sentences stands among the next three."""
    return any(_prose(b.text) for b in blocks[number + 1 : number + 4])


def _prose(text: str, least: int = LONG) -> bool:
    """Tell a paragraph of sentences, of that many words or more, from an entry in a list."""
    words = text.split()
    numbers = len(re.findall(r"\b\d{1,4}(?:[-–]\d{1,4})?\b[,;.]?", text))
    dashes = text.count("--") + text.count("—")
    return (
        len(words) >= least
        and numbers < len(words) / 10
        and dashes < len(words) / 10
        and bool(re.search(r"[a-z]{2}[.?!][\"”’)]*(?:\s|$)", text))
    )


def _list_end(blocks: Sequence[Block], start: int, *, contents: bool = False) -> int:
    """Where a list ends: at a heading that prose follows, or at prose itself after it.

    One long paragraph of prose is enough after a table of contents; an index may hold notes as long.
    """
    for number in range(start, len(blocks)):
        text = blocks[number].text
        listed = CONTENTS.match(text) or BACK.match(text)
        heads = listed or OPENING.match(text) or HEADING.match(text) or (contents and CAPITALS.match(text))
        if heads and prose_follows(blocks, number):
            run = sum(_prose(b.text) for b in blocks[number + 1 : number + 9])
            if (
                run >= 3
                or listed
                or (contents and any(_prose(b.text, VERY_LONG) for b in blocks[number + 1 : number + 4]))
            ):
                return number
        elif _prose(text) and sum(_prose(b.text) for b in blocks[number : number + 6]) >= 5:
            return number
    return len(blocks)


def _notes_end(blocks: Sequence[Block], start: int) -> int:
    """Where a section of notes ends: at a chapter or a list, or at a heading after which no more notes come."""
    for number in range(start, len(blocks)):
        text = blocks[number].text
        if CHAPTER.match(text) or BACK.match(text) or CONTENTS.match(text):
            return number
        noted = any(FOOTNOTE.match(b.text) for b in blocks[number : number + 25])
        if not noted and CAPITALS.match(text) and not re.search(r"\d", text) and prose_follows(blocks, number):
            return number
    return len(blocks)


def insets(text: str) -> list[Inset]:
    """Find the notes and captions that stand in brackets, within a paragraph or over several."""
    marked = {m.start(): CAPTION if "illus" in m.group().lower() else FOOTNOTES for m in IN_BRACKETS.finditer(text)}
    marked |= {m.start(): FOOTNOTES for m in REMARK.finditer(text) if m.start() not in marked}
    found: list[Inset] = []
    for start in sorted(marked):
        if not found or start >= found[-1].end:
            found.append(Inset(start, _closing(text, start), marked[start]))
    return found


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at ``start`` is closed; the paragraph's end where it never is."""
    depth = 0
    for bracket in re.compile(r"[\[\]]").finditer(text, start, start + LONGEST_NOTE):
        depth += 1 if bracket.group() == "[" else -1
        if depth == 0:
            return bracket.end()
    line = text.find("\n", start)
    return len(text) if line < 0 else line


def footnotes(blocks: Sequence[Block]) -> set[int]:
    """Number the paragraphs that are notes to the text before them, those that they run on into with them."""
    found: set[int] = set()
    for number, block in enumerate(blocks):
        text = block.text
        before = blocks[number - 1].text if number else ""
        goes_on = number - 1 in found and not CHAPTER.match(text) and _unfinished(before, text)
        starred = STARRED.match(text) and any(STAR.search(b.text) for b in blocks[max(number - 15, 0) : number])
        if goes_on or FOOTNOTE.match(text) or (starred and not re.fullmatch(r"[\W_\d]+", text)):
            found.add(number)
    return found


def _unfinished(note: str, after: str) -> bool:
    """Tell whether a note runs on into the next paragraph: it announces one, or leaves a bracket or quotation open."""
    if note.endswith((":", ":--", ":—", ",")) or note.count("[") > note.count("]"):
        return True
    return after[0] in '"“' and note[0] in '"“' and not note.rstrip(" .]").endswith(('"', "”"))


def apart(block: Block) -> str | None:
    """Say what a paragraph is that nobody speaks; None where it is speech."""
    text = block.text
    if PICTURE.match(text):
        return CAPTION
    if re.fullmatch(r"[\W_\d]+", text):
        return "rule or number"
    if text[0] == "[" and text.rstrip(".*").endswith("]") and EDITOR.search(text):
        return "editor's note"
    if (
        DAY.match(text)
        or CHAPTER.match(text)
        or SUMMARY.match(text)
        or (PRINTED.match(text) and len(text.split()) <= 60)
        or (NOTE_HEAD.match(text) and len(text.split()) <= 14)
    ):
        return "heading"
    return None
