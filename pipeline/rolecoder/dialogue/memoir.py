"""Memoirs: the author speaks, save in the letters and long quotations of others and around the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.layout import Block, Page
from rolecoder.dialogue.pieces import Piece, Voice
from rolecoder.dialogue.titles import TITLE, refer
from rolecoder.records import Document

OPENING = re.compile(
    r"^\W*(?:preface|foreword|forward|introduction|introductory|prologue|diary|memoir|chapter\s+(?:[ivxl\d]+|"
    r"one|first)\b.*|"
    r"part\s+(?:i|1|one)\b.*|book\s+(?:i|1|one)\b.*|i\.?|1\.?|author['’]?s (?:note|preface).*)\W*$",
    re.I,
)
CONTENTS = re.compile(
    r"^\W*(?:table of )?(?:contents|(?:list of )?illustrations|(?:list of )?maps(?: and \w+)?|plates|portraits)\W*$",
    re.I,
)
BACK = re.compile(
    r"^\W*(?:(?:general |subject )?index(?: of \w+)?|bibliography|works cited|transcriber['’]?s "
    r"note.*|(?:foot|end)notes)\W*:?$",
    re.I,
)
NOTES = re.compile(r"^\W*(?:foot|end)notes\W*:?$", re.I)
FOOTNOTE = re.compile(
    r"^(?:\[Footnote\b|\[(?:\d{1,3}|\*|[A-Z])\]\s|\{\d{1,3}\}\s|\(\*\d*\)\s|\*{1,3}\s+[A-Z]|†\s)", re.I
)
PICTURE = re.compile(r"^\[?(?:Illustration|Map|Frontispiece)\b[^\]]*\]?$", re.I)
HEADING = re.compile(r"^(?:(?:chapter|part|book|volume|appendix|section)\b.{0,90}|[^a-z]{1,90}|_[^_]{3,40}_)$", re.I)
CAPITALS = re.compile(r"^[^a-z]{2,120}$")
INTRODUCES = re.compile(
    r"(?:letter|note|repl(?:y|ied)|dispatch|despatch|telegram|telegraphed|cabled|message|"
    r"order|orders|words|follows|follow|wrote|written|writes|said|"
    r"answered|responded|statement|extract|communication|memorandum|instructions|report|reads?|"
    r"says|ran|quote it|declaration|speech|address|proclamation)"
    r"[^.?!]{0,140}(?::|:?--|:—)\W*$",
    re.I,
)
OWN = re.compile(
    r"\b(?:I\s+(?:\w+\s+){0,3}?(?:wrote|replied|responded|telegraphed|cabled|said|answered|"
    r"sent|issued|dispatched|addressed|added|telegraphed|dictated)|"
    r"my\s+(?:\w+\s+)?(?:reply|letter|answer|order|orders|dispatch|despatch|telegram|report|"
    r"note|message|speech|instructions|last))\b",
    re.I,
)
FROM = re.compile(
    r"\b(?:from|(?:letter|note|dispatch|despatch|telegram|order|reply|words|statement)\s+(?:of|"
    r"by))\s+(?P<name>(?:(?:the\s+)?[A-Z][\w.'’-]*\s?){1,5})"
)
SUBJECT = re.compile(
    r"(?P<name>(?:(?:Mr|Mrs|Dr|Sir|Lord|Count|Baron|Prince|General|President|Secretary)\.?\s)?[A-Z][\w'’-]+(?:\s[A"
    r"-Z][\w'’-]+){0,2})\s+(?:\w+\s+){0,3}?(?:wrote|replied|telegraphed|cabled|said|answered|"
    r"responded|sent|issued)\b"
)
CLOSES = re.compile(
    r"(?:(?:very|most)?\s*(?:respectfully|sincerely|truly|faithfully|cordially|affectionately)|"
    r"obedient servant|ob['’]?t\.? se?r?['’]?v['’]?t|"
    r"I (?:am|remain|have the honou?r)[^.]{0,60}(?:servant|yours|&c)|yours\b[^.]{0,30}$)",
    re.I,
)
SIGNATURE = re.compile(
    r"(?P<name>(?:[A-Z][A-Z.'’]*\s+)*[A-Z]{2}[A-Z.'’-]+(?:,? (?:JR|SR)\.?)?)(?P<rank>,[^.]{0,80}(?:\.[^.]{0,20}){0"
    r",6})?\W*$"
)
LETTER_HEAD = re.compile(
    r"^(?:_?(?:My )?dear\b.{0,60}|sir\W{1,4}|(?:your )?excellency\W.*|[A-Z][A-Z. ,'’&-]{8,}.*\d{4}\W*.*|"
    r"to (?:the )?[A-Z].{0,90}|gentlemen\W.*|(?:general|maj|brig|lieut|col)\b.{0,120}[:,]\W*)",
    re.I,
)
ADDRESS = re.compile(r"^(?:to\s(?!this|that|these|which)|major|general|brig|hon)", re.I)
HONORIFIC = re.compile(r"(?:Mr|Mrs|Dr|Sir|Lord|Count|Baron|Prince|Major|Colonel|Captain|Herr|von|Von)\b")
LONG = 40
AT_MOST = 60


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A run of paragraphs that someone else wrote or said: numbers of paragraphs, half-open."""

    first: int
    last: int
    signer: str | None


def read_memoir(document: Document, blocks: Sequence[Block], author: Voice, cast: Cast) -> list[Piece]:
    """Tell the author's words from others', and from what is no one's speech.

    Args:
        document: The book.
        blocks: Its paragraphs.
        author: The voice of the whole.
        cast: For the states of those who are quoted.
    """
    reasons = _around(blocks)
    page = Page(document)
    pieces: list[Piece] = []
    number = 0
    while number < len(blocks):
        block = blocks[number]
        reason = reasons.get(number) or _apart(block)
        if reason:
            pieces.append(Piece(start=block.start, end=block.end, reason=reason))
            number += 1
            continue
        pieces.append(Piece(start=block.start, end=block.end, voice=author))
        number += 1
        quoted = _quotation(blocks, number, page) if INTRODUCES.search(block.text[-260:]) else None
        if quoted is None:
            continue
        voice = _writer(block.text[-400:], quoted.signer, author, cast)
        for inner in blocks[quoted.first : quoted.last]:
            reason = _apart(inner) if inner.text.startswith(("[", "{")) else None
            pieces.append(Piece(start=inner.start, end=inner.end, voice=None if reason else voice, reason=reason or ""))
        number = quoted.last
    return pieces


def _around(blocks: Sequence[Block]) -> dict[int, str]:
    """Paragraphs before, between and after the book proper, by number, with the reason."""
    reasons: dict[int, str] = {}
    opening = next((n for n, b in enumerate(blocks[:400]) if OPENING.match(b.text) and _prose_follows(blocks, n)), None)
    if opening is None:
        opening = next((n for n, b in enumerate(blocks[:400]) if len(b.text.split()) >= LONG), 0)
    reasons |= dict.fromkeys(range(opening), "front matter")
    number = opening
    while number < len(blocks):
        text = blocks[number].text
        listing = CONTENTS.match(text)
        if listing or (BACK.match(text) and (number > len(blocks) * 0.4 or not _prose_follows(blocks, number))):
            until = _list_end(blocks, number + 1)
            why = (
                "footnotes"
                if NOTES.match(text)
                else "table of contents"
                if listing
                else "index, bibliography or notes at the end"
            )
            reasons |= dict.fromkeys(range(number, until), why)
            number = until
        else:
            number += 1
    return reasons


def _prose_follows(blocks: Sequence[Block], number: int) -> bool:
    return any(_prose(b.text) for b in blocks[number + 1 : number + 4])


def _prose(text: str) -> bool:
    """Tell a paragraph of sentences from an entry in a list."""
    words = text.split()
    numbers = len(re.findall(r"\b\d{1,4}(?:[-–]\d{1,4})?\b[,;.]?", text))
    dashes = text.count("--") + text.count("—")
    return (
        len(words) >= LONG
        and numbers < len(words) / 10
        and dashes < len(words) / 10
        and bool(re.search(r"[a-z]{2}[.?!][\"”’)]*(?:\s|$)", text))
    )


def _list_end(blocks: Sequence[Block], start: int) -> int:
    """Where a list ends: at a heading that prose follows, or at prose itself after it."""
    for number in range(start, len(blocks)):
        text = blocks[number].text
        if (OPENING.match(text) or HEADING.match(text) or CONTENTS.match(text) or BACK.match(text)) and _prose_follows(
            blocks, number
        ):
            run = sum(_prose(b.text) for b in blocks[number + 1 : number + 9])
            if run >= 3 or CONTENTS.match(text) or BACK.match(text):
                return number
        elif _prose(text) and sum(_prose(b.text) for b in blocks[number : number + 6]) >= 5:
            return number
    return len(blocks)


def _apart(block: Block) -> str | None:
    text = block.text
    if FOOTNOTE.match(text):
        return "footnote"
    if PICTURE.match(text):
        return "caption"
    if re.fullmatch(r"[\W_\d]+", text):
        return "rule or number"
    if (CAPITALS.match(text) and len(text.split()) <= 14) or re.match(
        r"^(?:chapter|appendix|part|book|volume)\s+[ivxl\d]+\b.{0,80}$", text, re.I
    ):
        return "heading"
    return None


def _quotation(blocks: Sequence[Block], first: int, page: Page) -> _Quoted | None:
    """Find the letter or speech that an introduction announces; None where its end cannot be told."""
    if first >= len(blocks):
        return None
    ahead = blocks[first : first + AT_MOST]
    if ahead[0].text[:1] in '"“':
        return _marked(ahead, first)
    if (
        _set_in(ahead[0], page)
        and (count := sum(1 for _ in _while_set_in(ahead, page)))
        and _words(ahead[:count]) >= LONG
    ):
        last = ahead[count - 1].text
        return _Quoted(
            first, first + count, _signer(last) if len(last.split()) <= 15 and not LETTER_HEAD.match(last) else None
        )
    if LETTER_HEAD.match(ahead[0].text) or any(LETTER_HEAD.match(b.text) for b in ahead[1:3]):
        return _signed(ahead, first)
    return None


def _marked(ahead: Sequence[Block], first: int) -> _Quoted | None:
    """A quotation in quotation marks, each of whose paragraphs opens with one."""
    for number, block in enumerate(ahead):
        if number and block.text[:1] not in '"“':
            return None
        if re.search(r"[\"”]\W{0,2}$", block.text):
            enough = _words(ahead[: number + 1]) >= LONG
            return _Quoted(first, first + number + 1, _signer(block.text.rstrip('"”. '))) if enough else None
    return None


def _signed(ahead: Sequence[Block], first: int) -> _Quoted | None:
    """A letter with a head, up to its signature and the address after it."""
    for number, block in enumerate(ahead):
        if number and re.match(r"^(?:chapter\b|to this\b)", block.text, re.I):
            return None
        name = _signer(block.text)
        if name is None or _words(ahead[:number]) < 20:
            continue
        before = ahead[number - 1].text[-160:]
        signed = (
            CLOSES.search(block.text)
            or CLOSES.search(before)
            or re.search(r"\b[A-Z]\.", name)
            or "," in block.text[-60:]
        )
        if signed and (
            CLOSES.search(block.text) or (len(block.text.split()) <= 30 and not LETTER_HEAD.match(block.text))
        ):
            last = number + 1
            if last < len(ahead) and ADDRESS.match(ahead[last].text) and len(ahead[last].text.split()) <= 25:
                last += 1
            return _Quoted(first, first + last, name)
    return None


def _while_set_in(ahead: Sequence[Block], page: Page) -> Iterator[Block]:
    for block in ahead:
        if not _set_in(block, page) or _apart(block) == "heading":
            return
        yield block


def _set_in(block: Block, page: Page) -> bool:
    """Tell a paragraph all of whose lines are indented on the page."""
    return all(line.indent >= 3 for line in page.lines(block))


def _signer(text: str) -> str | None:
    match = SIGNATURE.search(text[-160:])
    if match is None or not re.search(r"[A-Z]{3}", match["name"]) or len(match["name"].split()) > 5:
        return None
    return " ".join(match["name"].split()).title()


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(b.text.split()) for b in blocks)


def _writer(intro: str, signer: str | None, author: Voice, cast: Cast) -> Voice:
    """Say who wrote what is quoted: by its signature, or by its introduction; nobody is guessed."""
    last = re.split(r"(?<=[.?!])\s+(?=[A-Z])", intro)[-1]
    own = refer(author.speaker or "").surname
    if signer:
        if refer(signer).surname == own:
            return author
        return _other(signer, cast)
    if OWN.search(last):
        return author
    named = next((m for m in (FROM.search(last), SUBJECT.search(last)) if m and _is_someone(m["name"], cast)), None)
    if named:
        return _other(re.sub(r"^the\s+", "", named["name"].strip()), cast)
    return Voice(key=f"quoted {intro[-40:]}", reason="a quotation whose speaker the text does not name nearby")


def _is_someone(name: str, cast: Cast) -> bool:
    """Tell a person from a place or a people."""
    bare = re.sub(r"^the\s+", "", name.strip())
    if cast.side(bare) or not refer(bare).names or re.match(r"(?:He|She|They|It|This|That|The|A|We|I)\b", bare):
        return False
    return bool(TITLE.match(bare) or HONORIFIC.match(bare) or cast.actors.leader(bare, cast.date))


def _other(name: str, cast: Cast) -> Voice:
    voice = cast.voice(name)
    reason = voice.reason if voice.actor else "quoted by the author; no state is named for the one quoted"
    return Voice(key="quoted " + name, speaker=voice.speaker, actor=voice.actor, reason=reason)
