"""The heading of a speech: title, date, place and speaker, which stand over its first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rolecoder.readers.header import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, Header, find_date
from rolecoder.readers.lines import Line
from rolecoder.readers.record import Found
from rolecoder.records import Participant

MOST = 10  # lines of a heading
TITLE_WORDS, BESIDE_DATE, VALUE_WORDS = 30, 5, 25
KEYED = re.compile(
    r"(?P<key>TITLE|SUBJECT|SPEAKERS?|AUTHOR|PRESIDENT|DATE(?: (?:OF (?:DELIVERY|SPEECH)|DELIVERED))?|"
    r"DELIVERED(?: ON)?|PLACE|LOCATION|VENUE|COUNTRY|STATE|EVENT|OCCASION|OFFICE|POSITION|AUDIENCE|LANGUAGE)"
    r"\s*:\s*(?P<value>\S.*)",
    re.I,
)
FACTS = {
    "date": "date",
    "delivered": "date",
    "place": "place",
    "location": "place",
    "venue": "place",
    "country": "actor",
    "state": "actor",
}
_NAME = r"(?:[A-Z][\w.'’-]*|of|the|de|van|von|al)"
BYLINE = re.compile(rf"(?i:by)\s+(?P<value>{_NAME}(?:\s+{_NAME}){{1,8}})")
OF_THE_PAGE = re.compile(  # what a web page says of itself: its days are not those of the speech
    r"(?:Source|Downloaded|Retrieved|Accessed|Published|Posted|Printed|Updated|Last (?:updated|modified|changed)|"
    r"Copyright|©|https?://|www\.)(?!\w)(?![^:]*[.?!] [A-Z])",
    re.I,
)
ENDS = re.compile(r"[.?!:;,—–-][\"'”’)\]]*$")  # as sentences and salutations do, and what goes on
OPENS = re.compile(  # as speeches do: a salutation, or the first words of a sentence that a page broke
    r"(?:The\s+)?(?:Mr|Mrs|Ms|Madame?|Your|My|Dear|Ladies|Gentlemen|Friends|Fellow|Members|Distinguished|Hono\w+|Hon['’]ble|"
    r"Comrades|Thank|President of the (?:\d|(?:\w+ )?Assembly)|Since|On behalf|May|Let|It|Her|His|Born)\b|"
    r"Sir\b(?=,|$)|.*\b(?:Excellenc(?:y|ies)|I|we|us|our|my)\b",
)
BULLETS = "•*·–—-"
WORD = re.compile(r"(?<!\S)[^\W\d_]{3,}(?=[\s:;-]|,\s|$)")
SMALL = frozenset("a an and as at before between by for from in into of on or over the their to upon with vs".split())
AFAR = SMALL | {"since", "after", "until"}  # a date after one of them is that of which the title speaks
GIVEN = re.compile(r"(?i)(?:delivered|given|held|made|spoken)(?: on)?:?|on|\w+day,?(?: the)?")
IN_DIGITS = re.compile(r"\(?\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\)?")
DATED = re.compile(r"\b(?:date|delivered|\w+day)\W*$", re.I)
SPEECH = re.compile(r"\b(?:address|speech|remarks|statement|oration|lecture|inaugural|state of the union)\b", re.I)
PRESS = re.compile(r"\b(?:press|news) conference\b|\binterview\b", re.I)
NAMED = re.compile(r"\b(?:Address|Speech|Remarks|Statement)\s+(?:delivered\s+)?by\b", re.I)


@dataclass(slots=True)
class _Taken:
    """What a line of the heading says."""

    firm: bool = True  # a field, or a date; a title is one only where a blank line or such a line follows
    facts: dict[str, Found] = field(default_factory=dict)
    people: list[Participant] = field(default_factory=list)
    standing: int = 0  # of its date: a field goes before a line of its own, and that before one beside the title


def read_heading(lines: Sequence[Line]) -> tuple[int, Header]:
    """Read what stands over a speech.

    Args:
        lines: Of a document that is no record of a conversation.

    Returns:
        How many of them belong to the heading, 0 where there is none, and what they say: a line with the name of a
        field ("Date: ..."), a date by itself or with a place, a title without the stop of a sentence.
    """
    taken: list[_Taken] = []
    sure = 0
    for number, line in enumerate(lines[:MOST]):
        words = " ".join(line.text.split())
        found = _field(words) or _dated(words) or _title(words) or (_place(words) if number else None)
        if found is None:
            break
        if taken and not found.firm and not line.blank and _goes_on(lines[number - 1].text, words):
            _lengthen(taken, words)
            found = _Taken(firm=False)
        taken.append(found)
        if found.firm or (number + 1 < len(lines) and lines[number + 1].blank):
            sure = number + 1
    in_capitals = sure == MOST and not any(re.search("[a-z]{3}", line.text) for line in lines)
    if len(taken) == len(lines) or in_capitals:  # it is the speech itself
        return 0, Header()
    return sure, _header(taken[:sure])


def heading_end(text: str) -> int:
    """The offset at which the heading of a cleaned text ends, a paragraph on each line of it; 0 where it has none."""
    found = re.finditer(r"\S.*", text)
    paragraphs = [Line(m.start(), m.end(), m.group().rstrip(), indent=0, blank=True) for m in found]
    count = read_heading(paragraphs)[0]
    return paragraphs[count].start if count else 0


def _header(taken: Sequence[_Taken]) -> Header:
    header = Header()
    for one in sorted(taken, key=lambda one: one.standing):
        for name, found in one.facts.items():
            header.metadata.setdefault(name, found)
        header.participants += one.people
    return header


def _field(words: str) -> _Taken | None:
    if len(words.split()) > VALUE_WORDS or re.search(r"[a-z]{2}[.?!] [A-Z][a-z]", words):
        return None
    if OF_THE_PAGE.match(words):
        return _Taken()
    byline = BYLINE.fullmatch(words)
    if byline:
        return _Taken(
            people=[Participant(name=byline["value"])], facts={"participants": Found(value="", where="heading: by")}
        )
    found = KEYED.fullmatch(words)
    if found is None:
        return None
    key, value = found["key"].casefold().split()[0], found["value"].strip()
    where = f"heading: {found['key']}"
    if key in ("title", "subject"):
        return _Taken(facts=_called(value, where))
    if key in ("speaker", "speakers", "author", "president"):
        named = [name.strip().partition(",") for name in value.split(";") if name.strip()]
        people = [Participant(name=name, title=office.strip() or None) for name, _, office in named]
        return _Taken(people=people, facts={"participants": Found(value="", where=where)})
    fact = FACTS.get(key)
    return _Taken(facts={fact: Found(value=value, where=where)} if fact else {})


def _dated(words: str) -> _Taken | None:
    """A date that stands by itself, with its weekday or with a place; one in digits may be told to be none."""
    if IN_DIGITS.fullmatch(words):
        return _Taken(facts={"date": Found(value=words, where="heading: its date")}, standing=1)
    day = DAY_FIRST.search(words) or MONTH_FIRST.search(words) or YEAR_FIRST.search(words)
    if day is None:
        if find_date(words) and len(words.split()) <= BESIDE_DATE and not words.endswith("."):
            return _Taken(facts={"date": Found(value=str(find_date(words)), where="heading: its date")}, standing=1)
        return None
    before, after = words[: day.start()].strip(" ("), words[day.end() :].strip(" ,;()")
    if after and words[day.end() :].lstrip().startswith((":", "-", "–", "—")):
        return None  # a title, after its date
    given = not before or GIVEN.fullmatch(before) is not None
    if len(before.split()) + len(after.split()) > BESIDE_DATE or (not given and (after or not _by_itself(before))):
        return None
    if re.search(r"[a-z]{3}[.?!:;]$", words) or (not given and not before.endswith((",", "-", "–", "—"))):
        return None
    date = find_date(day.group())
    return _Taken(facts={"date": Found(value=date, where="heading: its date")}, standing=1) if date else None


def _title(words: str) -> _Taken | None:
    parts = words.split()
    if (
        not 1 < len(parts) <= TITLE_WORDS
        or words[0] in BULLETS
        or ENDS.search(words)
        or OPENS.match(words)
        or not WORD.search(words)
    ):
        return None
    lower = [part for part in parts if part[0].islower() and part not in SMALL]
    if lower and not (NAMED.match(words) or len(lower) * 3 <= len(parts)):
        return None
    title, facts = words, {}
    for pattern in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST):
        day = pattern.search(words)
        if day and _by_itself(words[: day.start()]) and (date := find_date(day.group())):
            facts["date"] = Found(value=date, where="heading: the date beside the title")
            named = DATED.sub("", words[: day.start()].rstrip(" (,"))
            title = f"{named} {words[day.end() :]}".strip(" ,;:-–—()")
            break
    return _Taken(firm=False, standing=2, facts=facts | _called(" ".join(title.split()), "heading: its first line"))


def _place(words: str) -> _Taken | None:
    """One word, such as a city, among the lines of a heading."""
    return _Taken(firm=False) if re.fullmatch(r"[A-Z][\w’'-]{2,}", words) else None


def _by_itself(before: str) -> bool:
    """Whether a date after these words is that of the speech, and not one that it speaks of: "the attack of May 5"."""
    last = before.split()[-1:]
    return not last or last[0].casefold() not in AFAR


def _goes_on(line: str, words: str) -> bool:
    """Whether a title goes on in the next line."""
    last, first = line.split()[-1], words.split()[0]
    return last.casefold() in SMALL or first in SMALL or first[0].islower() or (line.isupper() and words.isupper())


def _lengthen(taken: Sequence[_Taken], words: str) -> None:
    named = next((one for one in reversed(taken) if "title" in one.facts), None)
    if named is not None:
        title = named.facts["title"]
        named.facts |= _called(f"{title.value} {words}", title.where)


def _called(title: str, where: str) -> dict[str, Found]:
    kind = "press" if PRESS.search(title) else "speech" if SPEECH.search(title) else None
    told = {"doc_type": Found(value=kind, where=f"title of the document ({where})")} if kind else {}
    return {"title": Found(value=title, where=where)} | told
