"""The heading of a speech: title, date, place and speaker, which stand over its first sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from rolecoder.dialogue.titles import PARTICLE, TITLE, particle
from rolecoder.pages.headlines import headline
from rolecoder.pages.sentences import abbreviated
from rolecoder.readers.header import DAY_FIRST, MONTH_FIRST, MONTH_ONLY, SEVERAL_DAYS, YEAR_FIRST, Header, find_date
from rolecoder.readers.lines import Line
from rolecoder.readers.persons import apart
from rolecoder.readers.record import Found
from rolecoder.records import Participant

MOST = 10  # lines of a heading
TITLE_WORDS, SHOUTED_WORDS, PLAIN_WORDS, BESIDE_DATE, VALUE_WORDS = 30, 20, 8, 5, 12
FAR = 400  # lines in which a field that comes again is a speaker's label
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
_NAME = rf"(?:[^\W\d_a-zß-ÿ][\w.'’-]*|(?:of|the|{PARTICLE})\b[\w'’-]*)"
BYLINE = re.compile(rf"(?i:by)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{1,8}})(?:,\s+(?P<office>[^,]+))?")
PERSON = re.compile(rf"{_NAME}(?:,?\s+{_NAME}){{1,8}}")  # with an office: "Karl Moe, Prime Minister of Denmark"
IN_TITLE = re.compile(  # "Address by Karl Moe, Foreign Minister of Denmark, to the Diet"
    r"(?i:\b(?:address|speech|remarks|statement|lecture)\s+(?:(?:delivered|given|made)\s+)?by)\s+"
    rf"(?P<name>{_NAME}(?:\s+{_NAME}){{1,5}}),\s+(?P<office>[^,]+)"
)
OF_THE_PAGE = re.compile(  # what a web page says of itself: its days are not those of the speech
    r"(?:Source|Downloaded|Retrieved|Accessed|Published|Posted|Printed|Updated|Last (?:updated|modified|changed))"
    r"(?:\s*:| (?:(?:on|from|by|at) )?(?=\S*\d|\w+ \d|https?:|www\.)).*|Copyright (?:©|\(c\)|\d{4}).*|©.*|https?://\S+|www\.\S+",
    re.I,
)
ENDS = re.compile(r"[.?!:;,—–-][\"'”’)\]]*$")  # as sentences and salutations do, and what goes on
OPENS = re.compile(  # as speeches do: a salutation, or the first words of a sentence that a page broke
    r"(?:The\s+)?(?:Mr|Mrs|Ms|Madame?|Your|My|Dear|Ladies|Gentlemen|Friends|Fellow|Members|Distinguished|Hono\w+|Hon['’]ble|"
    r"Comrades|Thank|President of the (?:\d|(?:\w+ )?Assembly)|Since|On behalf|May|Let|It|Her|His|Born|"
    r"In the [Nn]ame of|Today|Tonight)\b|Sir\b(?=,|$)|.*\b(?:Excellenc(?:y|ies)|I|[Ww]e|us|[Oo]ur|[Mm]y|WE|OUR)\b",
)
OURS = re.compile(r"\s(?:our|my)\s", re.I)  # in the midst of a title no sign of a sentence
BULLETS = "•*·–—-"
WORD = re.compile(r"(?<!\S)[^\W\d_]{3,}(?=[\s:;-]|,\s|$)")
SMALL = frozenset("a an and as at before between by for from in into of on or over the their to upon with vs".split())
PAST = re.compile(  # a day after one of these words is that of which the title speaks
    r"\b(?:since|after|until|born|fall|anniversary|anniversaries|marking|commemorat\w+|remember\w*|years|attacks?)\b",
    re.I,
)
GIVEN = re.compile(
    r"(?i)(?:(?:delivered|given|held|made|spoken)(?: (?:on|at|in))?:?\s*)?(?:on\s*)?(?:\w+day,?\s*)?(?:the\s*)?"
)
PLACE = re.compile(r"(?:(?:at|in) )?(?:[A-Z][\w.’'-]*,?\s*|of |the |and |de ){1,6}|\d{1,2}(?:[:.]\d\d)? ?[ap]\.? ?m\.?")
IN_DIGITS = re.compile(r"\(?\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\)?")
DATED = re.compile(r"\b(?:date|delivered|\w+day)\W*$", re.I)
APART = re.compile(r"[,(:–—-]\s*(?:\w+day,?\s*)?$")  # before a date that stands beside a title
SPEECH = re.compile(r"\b(?:address|speech|remarks|statement|oration|lecture|inaugural|state of the union)\b", re.I)
PRESS = re.compile(r"\b(?:press|news|media) (?:conference|briefing|point|availability)\b|\binterview\b", re.I)
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
    labels = _labels(lines)
    for number, line in enumerate(lines[:MOST]):
        words, after = " ".join(line.text.split()), lines[number + 1] if number + 1 < len(lines) else None
        goes_on = after is not None and not after.blank and after.text[0].islower()
        over = " ".join(lines[number - 1].text.split()) if number else None
        found = _field(words, labels) or _dated(words) or _title(words) or _place(words, taken, after)
        found = found or _titled(words, over, after, labels)
        if found is None or (goes_on and (found.firm or not _title(after.text if after else ""))):
            break
        if taken and not found.firm and not line.blank and _goes_on(lines[number - 1].text, words):
            _lengthen(taken, words)
            found = _Taken(firm=False)
        taken.append(found)
        if found.firm or (after is not None and after.blank):
            sure = number + 1
    dated = any(one.firm or "date" in one.facts for one in taken[:sure])
    in_capitals = not dated and not any(re.search("[a-z]{3}", line.text) for line in lines)
    if len(taken) == len(lines) or in_capitals:  # it is the speech itself
        return 0, Header()
    return sure, _header(taken[:sure])


def _labels(lines: Sequence[Line]) -> set[str]:
    """The fields of which a text has several: they are labels of those who speak."""
    keys = Counter(found["key"].casefold() for line in lines[:FAR] if (found := KEYED.match(line.text)))
    return {key for key, count in keys.items() if count > 1}


def _header(taken: Sequence[_Taken]) -> Header:
    header = Header()
    for one in sorted(taken, key=lambda one: one.standing):
        for name, found in one.facts.items():
            header.metadata.setdefault(name, found)
        header.participants += one.people
    return header


def _field(words: str, labels: Set[str]) -> _Taken | None:
    if len(words.split()) <= TITLE_WORDS and OF_THE_PAGE.fullmatch(words):
        return _Taken()
    byline, found = BYLINE.fullmatch(words), KEYED.fullmatch(words)
    if byline and (byline["office"] is None or TITLE.search(byline["office"])):
        return _Taken(people=_speaking(byline), facts={"participants": Found(value="", where="heading: by")})
    if found is None or found["key"].casefold() in labels:
        return None
    key, value, where = found["key"].casefold().split()[0], found["value"].strip(), f"heading: {found['key']}"
    if key in ("title", "subject"):
        return _Taken(facts=_called(value, where))
    if len(value.split()) > VALUE_WORDS or OPENS.match(value) or re.search(r"[a-z]{3}[.?!]$", value):
        return None  # a sentence
    if key in ("speaker", "speakers", "author", "president"):
        people = _people(value)
        return _Taken(people=people, facts={"participants": Found(value="", where=where)}) if people else None
    fact = FACTS.get(key)
    return _Taken(facts={fact: Found(value=value, where=where)} if fact else {})


def _speaking(by: re.Match[str]) -> list[Participant]:
    """The one who stands after "by", with the office after the comma."""
    return [Participant(name=by["name"], title=by["office"])] if by["office"] else _people(by["name"])


def _people(value: str) -> list[Participant]:
    """Those whom a field names, each with the office after the comma; nobody where it holds other words."""
    entries = [one for entry in value.split(";") if entry.strip() for one in apart(entry.strip(), alone=True)]
    named = [entry.partition(",") for entry in entries]
    if any(
        word[0].islower() and word not in SMALL and not particle(word) for name, _, _ in named for word in name.split()
    ):
        return []
    return [Participant(name=name.strip(), title=office.strip() or None) for name, _, office in named]


def _dated(words: str) -> _Taken | None:
    """A date that stands by itself, with its weekday or with a place; one in digits may be told to be none."""
    bare = words.strip("()")
    if IN_DIGITS.fullmatch(bare):
        return _Taken(facts={"date": Found(value=bare, where="heading: its date")}, standing=1)
    day = _day(bare) or SEVERAL_DAYS.search(bare) or MONTH_ONLY.search(bare)
    if day is None:
        return None
    before, after = bare[: day.start()].strip(), bare[day.end() :].strip(" ,;.()")
    at_place = before.endswith((",", "-", "–", "—")) and PLACE.fullmatch(before.rstrip(" ,-–—")) is not None
    if len((before + " " + after).split()) > BESIDE_DATE or not (at_place or GIVEN.fullmatch(before)):
        return None
    if (after and (before.casefold().startswith("on") or not PLACE.fullmatch(after))) or PAST.search(before):
        return None
    date = find_date(day.group())
    return _Taken(facts={"date": Found(value=date, where="heading: its date")}, standing=1) if date else None


def _title(words: str) -> _Taken | None:
    parts = words.split()
    most = SHOUTED_WORDS if words.isupper() and not NAMED.match(words) else TITLE_WORDS
    if not 1 < len(parts) <= most or not WORD.search(words):
        return None
    ends = ENDS.search(words) is not None and not abbreviated(words)
    if words[0] in BULLETS or ends or OPENS.match(words.lstrip("(")):
        return None
    lower = [part for part in parts if part[0].islower() and part not in SMALL]
    plain = len(parts) <= PLAIN_WORDS and (SPEECH.search(words) or PRESS.search(words))
    if lower and not (plain or NAMED.match(words) or len(lower) * 3 <= len(parts)):
        return None
    title, facts = words, {}
    day = _day(words)
    if day and parts[0].casefold() == "on":
        return None  # a sentence: "On August 2 ..."
    if day and _beside(words, *day.span()) and (date := find_date(day.group())):
        facts["date"] = Found(value=date, where="heading: the date beside the title")
        before = DATED.sub("", words[: day.start()].rstrip(" (,"))
        title = f"{before} {words[day.end() :]}".strip(" ,;:-–—()")
    named = IN_TITLE.search(title)
    people = _speaking(named) if named and TITLE.search(named["office"]) else []
    if people:
        facts["participants"] = Found(value="", where="heading: by")
    facts |= _called(" ".join(title.split()), "heading: its first line")
    return _Taken(firm=False, standing=2, facts=facts, people=people)


def _day(words: str) -> re.Match[str] | None:
    return DAY_FIRST.search(words) or MONTH_FIRST.search(words) or YEAR_FIRST.search(words)


def _beside(words: str, start: int, end: int) -> bool:
    """Whether a date stands beside a title, and not in it as the day of which it speaks: "the attack of May 5"."""
    before, after = words[:start], words[end:]
    if PAST.search(before):
        return False
    if words.isupper():
        return not before or before.split()[-1].casefold() not in SMALL
    return (
        (not before and after[:1] != " ")
        or (not after.strip(" ).") and APART.search(before) is not None)
        or (not before and after.lstrip()[:1] in "-–—")
    )


def _place(words: str, taken: Sequence[_Taken], after: Line | None) -> _Taken | None:
    """One word, such as a city, right before or after a date or field."""
    dated = after is not None and _dated(" ".join(after.text.split())) is not None
    beside = dated or (bool(taken) and taken[-1].firm)
    return _Taken(firm=False) if beside and re.fullmatch(r"[A-Z][\w’'-]{2,}", words) else None


def _titled(words: str, over: str | None, after: Line | None, labels: Set[str]) -> _Taken | None:
    """A title in small letters, which only a name, field or date on the line over or under it tells."""
    if OPENS.match(OURS.sub(" ", words)) or not headline(words):
        return None
    under = None if after is None else " ".join(after.text.split())
    known = any(
        _field(line, labels) or _dated(line) or (PERSON.fullmatch(line) and TITLE.search(line))
        for line in (over, under)
        if line
    )
    return _Taken(firm=False, standing=2, facts=_called(words, "heading: its title")) if known else None


def _goes_on(line: str, words: str) -> bool:
    """Whether a title goes on in the next line."""
    last, first = line.split()[-1], words.split()[0]
    return last.casefold() in SMALL or first in SMALL or first[0].islower() or (line.isupper() and words.isupper())


def _lengthen(taken: Sequence[_Taken], words: str) -> None:
    named = next((one for one in reversed(taken) if "title" in one.facts), None)
    if named is not None:
        title = named.facts["title"]
        whole = f"{title.value} {words}"
        again = None if named.firm or "date" in named.facts else _title(whole)
        dated = {name: again.facts[name] for name in ("date", "title")} if again and "date" in again.facts else {}
        named.facts |= _called(whole, title.where) | dated


def _called(title: str, where: str) -> dict[str, Found]:
    kind = "press" if PRESS.search(title) else "speech" if SPEECH.search(title) else None
    told = {"doc_type": Found(value=kind, where=f"title of the document ({where})")} if kind else {}
    return {"title": Found(value=title, where=where)} | told
