"""The heading of a speech: title, date, place and speaker, which stand over its first sentence."""

from __future__ import annotations

import re

from rolecoder.readers.header import DAY_FIRST, MONTH_FIRST, Header, find_date
from rolecoder.readers.record import Found
from rolecoder.records import DATE, Participant

PARAGRAPH = re.compile(r"\S.*")
MOST = 8  # paragraphs of a heading
TITLE_WORDS, DATE_WORDS, VALUE_WORDS = 30, 7, 25
KEYED = re.compile(
    r"(?P<key>TITLE|SUBJECT|SPEAKERS?|AUTHOR|PRESIDENT|DATE|DELIVERED|PLACE|LOCATION|VENUE|COUNTRY|STATE|EVENT|OCCASION|SOURCE)"
    r"\s*:\s*(?P<value>\S.*)",
    re.I,
)
ENDS = re.compile(r"[.?!:;,—–-][\"'”’)\]]*$")  # as sentences and salutations do, and what goes on
OPENS = re.compile(  # as speeches do: a salutation, or the first words of a sentence that a page broke
    r"(?:The\s+)?(?:Mr|Mrs|Ms|Madame?|Your|My|Dear|Ladies|Gentlemen|Friends|Fellow|Members|Distinguished|Hono\w+|Hon['’]ble|"
    r"Comrades|Thank|President of the|Since|On behalf|May|Let|It|Her|His)\b|"
    r"Sir\b(?=,|$)|.*\b(?:Excellenc(?:y|ies)|I|we|us|our|my)\b",
)
WORD = re.compile(r"(?<!\S)[^\W\d_]{3,}(?=[\s:;-]|,\s|$)")
SMALL = frozenset("a an and as at before between by for from in into of on or over the their to upon with vs".split())
DATED = re.compile(r"\b(?:date|delivered)\W*$", re.I)
SPEECH = re.compile(r"\b(?:address|speech|remarks|statement|oration|lecture|inaugural|state of the union)\b", re.I)
PRESS = re.compile(r"\b(?:press|news) conference\b|\binterview\b", re.I)
NAMED = re.compile(r"\b(?:Address|Speech|Remarks|Statement)\s+(?:delivered\s+)?by\b", re.I)


def read_heading(text: str) -> tuple[int, Header]:
    """Read what stands over a speech.

    Args:
        text: As cleaned, a paragraph on each line; of a document that is no record of a conversation.

    Returns:
        The offset at which the heading ends, 0 where there is none, and what it says: a line with the name of a field
        ("Date: ..."), a date by itself or with a place, a title without the stop of a sentence.
    """
    header = Header()
    for number, found in enumerate(PARAGRAPH.finditer(text)):
        words = " ".join(found.group().split())
        taken = number < MOST and any(take(words, header) for take in (_take_field, _take_date, _take_title))
        if not taken:
            in_capitals = number == MOST and re.search("[a-z]{3}", text) is None  # the speech itself is
            return (0, Header()) if in_capitals else (found.start(), header)
    return 0, Header()


def _take_field(words: str, header: Header) -> bool:
    found = KEYED.fullmatch(words)
    if found is None or len(found["value"].split()) > VALUE_WORDS or re.search(r"[a-z]{2}[.?!] [A-Z]", found["value"]):
        return False
    key, value = found["key"].casefold(), found["value"].strip()
    where = f"heading: {found['key']}"
    if key in ("title", "subject"):
        _named(value, where, header)
    elif key in ("speaker", "speakers", "author", "president"):
        named = [name.strip().partition(",") for name in value.split(";") if name.strip()]
        header.participants += [Participant(name=name, title=office.strip() or None) for name, _, office in named]
        header.metadata["participants"] = Found(value="", where=where)
    elif key in ("date", "delivered"):
        date = value if DATE.fullmatch(value) else find_date(value)
        if date:
            header.metadata.setdefault("date", Found(value=date, where=where))
    elif key in ("place", "location", "venue"):
        header.metadata.setdefault("place", Found(value=value, where=where))
    elif key in ("country", "state"):
        header.metadata.setdefault("actor", Found(value=value, where=where))
    return True


def _take_date(words: str, header: Header) -> bool:
    date = words if DATE.fullmatch(words) and "-" in words else find_date(words)
    if date is None or len(words.split()) > DATE_WORDS or re.search(r"[a-z]{3}[.?!:;,]$", words):
        return False
    header.metadata.setdefault("date", Found(value=date, where="heading: its date"))
    return True


def _take_title(words: str, header: Header) -> bool:
    parts = words.split()
    if not 1 < len(parts) <= TITLE_WORDS or ENDS.search(words) or OPENS.match(words) or not WORD.search(words):
        return False
    lower = [part for part in parts if part[0].islower() and part not in SMALL]
    if lower and not (NAMED.match(words) or len(lower) * 3 <= len(parts)):
        return False
    title = words
    for pattern in (DAY_FIRST, MONTH_FIRST):
        day = pattern.search(words)
        if day and _by_itself(words[: day.start()]) and (date := find_date(day.group())):
            header.metadata.setdefault("date", Found(value=date, where="heading: the date beside the title"))
            named = DATED.sub("", words[: day.start()])
            title = f"{named} {words[day.end() :]}".strip(" ,;:-–—()")
            break
    _named(" ".join(title.split()), "heading: its first line", header)
    return True


def _by_itself(before: str) -> bool:
    """Whether a date after these words is that of the speech, and not one that it speaks of: "the attack of May 5"."""
    last = before.split()[-1:]
    return not last or (last[0].casefold() not in SMALL and last[0].casefold() not in ("since", "after", "until"))


def _named(title: str, where: str, header: Header) -> None:
    if "title" in header.metadata:
        return
    header.metadata["title"] = Found(value=title, where=where)
    kind = "press" if PRESS.search(title) else "speech" if SPEECH.search(title) else None
    if kind:
        header.metadata["doc_type"] = Found(value=kind, where=f"title of the document ({where})")
