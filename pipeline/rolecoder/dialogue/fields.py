"""The fields of a record's header: SUBJECT, PARTICIPANTS, DATE, PLACE."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecoder.dialogue.layout import Block, paragraphs
from rolecoder.records import Document

FIELD = re.compile(
    r"(?P<name>(?:LIST OF )?PARTICIPANTS?|SUBJECTS?|SUBJ|PARTICIPANTS?|PRESENT|ALSO PRESENT|"
    r"DATE(?:,?\s*TIME)?(?:\s+AND\s+PLACE)?|TIME(?: AND PLACE)?|"
    r"(?:AND\s+)?PLACE|NOTE[- ]?TAKERS?|INTERPRETERS?|TRANSLATORS?|FROM|TO|INFO|TAGS|CLASS|"
    r"PREC|LINE\s?\w|OSRI|DTG|ORIG|REFTEL|REFS?|"
    r"E\.?\s?O\.?\s?\d+|TEXT|MEMORANDUM OF [A-Z ]+)(?![a-z])\s*(?P<colon>[:;.]?)\s*",
    re.I,
)
NAMED = re.compile(
    r"\W{0,3}(?:(?:List of )?Participants?|Speakers?|(?:Also |Those )?Present|In Attendance|Attendees|Attending|"
    r"Panell?ists?|Moderators?|Interviewers?|Interviewees?)\W{0,3}:",
    re.I,
)
MOST = 30  # words of a subject


def fields_end(document: Document) -> int:
    """The offset after the last header line that begins with the name of a field."""
    end = 0
    limit = max(len(document.text) // 2, 1500)
    bare = False  # the field's words stand in the next paragraph
    for number, block in enumerate(paragraphs(document.text, 0, min(limit, 12000))):
        match = FIELD.match(block.text)
        if match and (match["colon"] or match["name"].isupper()) and is_field(match, block):
            end = block.end
            bare = match["name"].upper().startswith("SUBJ") and match.end() == len(block.text)
        elif bare and len(block.text.split()) <= MOST and not re.search(r"[a-z][.?!]$", block.text):
            end, bare = block.end, False
        elif number and is_prose(block.text, block.text):
            break
    return end


def over_talk(document: Document, blocks: Sequence[Block]) -> list[Block]:
    """Of what stands before the first label: the lines of a header, with its list of who takes part."""
    end = max(fields_end(document), document.headed)
    return [block for block in blocks if block.start < end or NAMED.match(block.text)]


def listed_end(blocks: Sequence[Block], first: int) -> int:
    """The number of the paragraph after a list of who takes part, and the fields under it, that stand at ``first``."""
    number = first
    while number + 1 < len(blocks):
        text = blocks[number].text
        field = FIELD.match(text) if number > first else None
        if not NAMED.match(text) and not (field and field["colon"] == ":"):
            break
        number += 1
    return number


def is_field(match: re.Match[str], block: Block) -> bool:
    """Tell the name of a field from the same word in a sentence: by a colon, capitals, or standing alone."""
    alone = match.end() == len(block.text)
    return bool(match["colon"]) or match["name"].isupper() or (alone and match["name"][0].isupper())


def is_prose(line: str, block: str) -> bool:
    """Tell the talk itself from the header before it."""
    label = re.match(r"(?P<label>[^:]{2,40}):\s+\S", line)
    if label and not re.search(r"\b(?:note|interp|transl|side\b|U\.?S)", label["label"], re.I):
        return True
    return len(block.split()) > 24 and re.search(r"[a-z]{2}[.?!](?:\s|$)", block) is not None
