"""What stands around a talk and is no one's speech: notes, headings, stage directions, archive sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecoder.dialogue.layout import Block

END_OF_TALK = re.compile(
    r"^\W*(?:end of (?:the )?(?:conversation|telcon|call|meeting|transcript|text)|end transcript)\W*$", re.I
)
CABLE_END = re.compile(r"^(?:\d+\.\s*)?(?:END TEXT|END OF TEXT)\b|^BT$|^NNNN\b|^#\d{4}\b", re.I)
ARCHIVE = re.compile(
    r"withdrawal\s*/\s*redaction sheet|\bof the (?:FOIA|PRA)|\b44 U\.?S\.?C\b|"
    r"^\W*case number\s*:|clinton presidential records|mandatory "
    r"declassification review|"
    r"not a (?:presidential|textual) record|^restriction codes\b|^original OA/ID|^collection:\s*$|"
    r"^document (?:id|no)\b|^\W*(?:NSC/S PROFILE|RECORD ID:|SOURCE REF:|KEYWORDS:|DOCUMENT DISTRIBUTION|STAFF OFFICER:|"
    r"DISPATCHED BY|OPENED BY:|FILES: |LOGREF:)|\bRECORD ID: ?\d|\bDOC DATE: ?\d|\bACTION NECESSARY\b",
    re.I,
)
SOURCE_NOTE = re.compile(r"^\W{0,3}\s?Source:\s")
FOOTNOTE = re.compile(r"^(?:\d{1,3}|[*†‡])\s+(?=[“\"A-Z\[])")
SENTENCE = re.compile(r"(?:\S+\s+){3,}\S*[a-z]{2}[.?!][”\"')]*(?:\s|$)")
RULE = re.compile(r"^(?:\W\s*)+$")
EDITOR = re.compile(r"^\[(?!Footnote|Illustration).*\]\.?\W*\d*$", re.S)
NOTED = re.compile(r"^\[[^\]]{0,30}\bnote:|^(?:Note|NOTE|(?:Editor|Note ?taker)['’]s [Nn]ote):\s", re.I)
DIRECTION = re.compile(r"^\((?=\S).*\)\W*$", re.S)
APPLAUSE = re.compile(
    r"^[\[(](?:applause|laughter|cheers|inaudible|crosstalk|pause|no response)[^\])]{0,30}[\])]\.?$", re.I
)
ATTACHMENT = re.compile(r"^(?:attachments?|enclosures?|tab [A-Z1-9]|prepared by:|approved by:|cc:|drafted by:)", re.I)
HAPPENING = re.compile(
    r"(?:at (?:this|that) (?:point|moment|time)\b|on (?:their|his) way|the (?:meeting|conversation|"
    r"call|session|luncheon|discussion|"
    r"lunch|talk|interview|dinner)\b[^.]{0,40}\b(?:ended|concluded|adjourned|closed|was over|"
    r"began|opened|lasted|turned))",
    re.I,
)
SPOKEN = re.compile(r"\b(?:I|I'm|I’m|me|my|we|us|our|you|your|let's|let’s)\b", re.I)
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
JUNIOR = re.compile(r",?\s[JS]r\.$")  # at the end of a heading no full stop
PROSE = 40  # words of a paragraph that is no form and no heading
WORD = re.compile(
    r"[\"'(“‘\[*_]*(?:[A-Za-zÀ-ÿ]?[a-zà-ÿ'’-]+|[A-ZÀ-Þ'’-]{2,}|[AIa]|[^\W\d_](?:[^\W\d_]|[.'’-]){3,}|[$£]?\d[\d.,:/%-]*)"
    r"[.,;:?!)\"'”’\]*_…—-]*|[—–-]{1,2}"
)
GARBLED, ENOUGH, SAMPLE = 0.1, 200, 1000  # share of words; words of a text that can be judged; characters of a sample


def trailer_start(blocks: Sequence[Block], first: int) -> int:
    """The number of the paragraph with which the talk is over for good, at or after ``first``."""
    for number in range(first, len(blocks)):
        text = blocks[number].text
        if SOURCE_NOTE.match(text) and over_talk(blocks[first:number], blocks[number + 1 :]):
            continue
        if SOURCE_NOTE.match(text) or END_OF_TALK.match(text) or CABLE_END.match(text):
            return number
        if ARCHIVE.search(text) and number > len(blocks) // 2 and not _goes_on(blocks[number + 1 :]):
            return number
    return len(blocks)


def over_talk(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Tell a source note that stands over a talk: no sentence before it, and after it one that is no footnote's."""
    return not any(SENTENCE.search(b.text) for b in before) and any(
        SENTENCE.search(b.text) and not FOOTNOTE.match(b.text) for b in after
    )


def _goes_on(after: Sequence[Block]) -> bool:
    """Tell a file of several papers, each with its archive sheet: text follows the sheet."""
    return sum(len(b.text.split()) >= PROSE and not ARCHIVE.search(b.text) for b in after) >= 2


def damaged(text: str) -> bool:
    """Tell a scan so badly recognised that nobody can say whose words it holds: one word in ten is none."""
    third = max(len(text) // 3, 1)
    sample = " ".join(text[at : at + SAMPLE] for at in range(0, len(text), third))
    return garbled(sample) > GARBLED / 2 and len(text.split()) >= ENOUGH and garbled(text) > GARBLED


def garbled(text: str) -> float:
    """The share of words that are no word, number or sign of a sentence."""
    words = text.split()
    return sum(WORD.fullmatch(word) is None for word in words) / max(len(words), 1)


def trailer_reason(text: str) -> str:
    """Say what a paragraph after the talk is."""
    if SOURCE_NOTE.match(text):
        return "source note"
    if FOOTNOTE.match(text):
        return "footnote"
    return "after the end of the conversation"


def aside(text: str) -> str | None:
    """Say why a paragraph inside a talk is no one's speech; None where it may be speech."""
    plain = text.strip()
    if RULE.match(plain):
        return "rule"
    if ARCHIVE.search(plain) or ATTACHMENT.match(plain):
        return "archive sheet or attachment"
    if SOURCE_NOTE.match(plain):
        return "source note"
    if NOTED.match(plain) or (EDITOR.match(plain) and not APPLAUSE.match(plain)):
        return "editor's note"
    if APPLAUSE.match(plain) or (DIRECTION.match(plain) and not _mostly_spoken(plain)):
        return "stage direction"
    if HAPPENING.match(plain) and not SPOKEN.search(QUOTED.sub("", plain)):
        return "narration"
    return None


def heading(text: str) -> bool:
    """Tell a heading inside a talk: a few words, no sentence."""
    plain = text.strip()
    words = plain.split()
    if (
        not words
        or len(words) > 9
        or (
            re.search(r"[.!:;,]\W*$", JUNIOR.sub("", re.sub(r"^\W*\d+\W", "", plain)))
            and not re.match(r"^\(?[\dIVXA-Z]{1,3}[.)]\s\S+", plain)
        )
    ):
        return False
    capital = sum(w[:1].isupper() or not w[:1].isalpha() or w.casefold() in SMALL for w in words)
    return capital == len(words)


SMALL = frozenset("a an and at by for from in of on or the to with vs".split())


def _mostly_spoken(text: str) -> bool:
    return bool(re.search(r"\b(?:I|I'm|I’m|my)\b", QUOTED.sub("", text)))
