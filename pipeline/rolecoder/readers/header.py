"""The header of a record of conversation: date, place, subject and participants, from its own lines."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rolecoder.readers.columns import GAP, Row, in_order
from rolecoder.readers.lines import Line, deeper, labelled
from rolecoder.readers.persons import apart
from rolecoder.readers.record import Found
from rolecoder.records import DATE, Participant

KEY = re.compile(
    r"(?P<key>S?UBJECT|SUBJ|P?ARTICIPANTS?|DATE(?:,?\s+TIME)?(?:,?\s+AND\s+PLACE)?|TIME(?:\s+AND\s+PLACE)?"
    r"|(?:(?:AND|and)\s+)?PLACE|LOCATION|FROM|TO|VIA|NOTE ?TAKERS?|Subject|Participants?|Date|Place|Time|Location"
    r"|Note takers?|Notetakers?)\s*(?:[:;,]|\s{2,}|\.?\s*$)\s*(?P<value>.*)$"
)
RECORD = re.compile(
    r"(?i)\bmemorand(?:um|a)\s+of\s+(?:an?\s+)?(?P<phone1>tele(?:phone|com\w*)\s+)?conversations?(?:\b|Source|\d)"
    r"|\b(?:record|notes|transcript|minutes)\s+of\s+(?:an?\s+|the\s+)?(?:(?P<phone2>tele(?:phone|com\w*)\s+)"
    r"(?:conversation|call)|conversation)(?:\b|Source|\d)"
    r"|^[\W\d]*(?:(?!the\b)\w+\s+)?"
    r"(?P<minutes>(?-i:Minutes|MINUTES|Record|RECORD|Notes|NOTES))\s+of\s+(?:an?\s+|the\s+)?(?:\S+\s+){0,2}?meeting\b"
    r"|^\s*(?P<phone3>telcon)\b|^\s*memcon\b"
    r"|^[\s\d.]*(?P<phone4>(?-i:T)elephone\s+(?:conversation|call))(?:\s+(?:with|between|to|from)\b|\s*$)"
)
BY_PHONE = re.compile(r"(?i)\b(?:tele)?phone (?:call|conversation)|\btelcon\b|\bcall (?:to|from|with)\b")
SIDE = re.compile(
    r"^(?:The )?(?:US|U\.S\.|USA|USSR|U\.S\.S\.R\.|UK|U\.K\.|United States|[A-Z][a-z]+ [Ss]ide)"
    r"(?:\s*[:.]?$|:\s+|\s+(?=The ))"
)
OPEN = (",", " and", " the", " of", " to", " for", " in")  # an entry that goes on in the next line
GOES_ON = re.compile(r"(?:and|for|of|to|in|the|at|on)\b")
SEARCHED = 70
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = "|".join(month[:3] + f"(?:{month[3:]})?" for month in MONTHS) + "|sept"
DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:(?:day )?of\s+)?({_MONTH})\.?,?\s+(1[789]\d\d|20\d\d)\b", re.I
)
MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(1[789]\d\d|20\d\d)\b", re.I)
YEAR_FIRST = re.compile(r"(?<![\d.])(1[789]\d\d|20\d\d)([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
SEVERAL_DAYS = re.compile(
    rf"\b({_MONTH})\.?\s+\d{{1,2}}(?:\s*[-–—]\s*|\s+(?:and|to)\s+|,\s*\d{{1,2}},?\s+and\s+)\d{{1,2}},?\s+(1[789]\d\d|20\d\d)\b"
    rf"|\b\d{{1,2}}(?:\s*[-–—]\s*|\s+(?:and|to)\s+)\d{{1,2}}\s+({_MONTH})\.?,?\s+(1[789]\d\d|20\d\d)\b",
    re.I,
)
MONTH_ONLY = re.compile(rf"\b({_MONTH})\.?,?\s+(1[789]\d\d|20\d\d)\b", re.I)
DATELINE = re.compile(
    r"^(?P<place>[A-Z][\w.'’ -]{2,40}),\s+(?P<date>(?:[A-Z][a-z]+\.? \d{1,2}(?:(?:[-–—]| and | to )\d{1,2})?|"
    r"\d{1,2}(?:(?:[-–—]| and | to )\d{1,2})? [A-Z][a-z]+),? \d{4})\b"
)
ALONE = re.compile(  # "May 5, 1970 - 9:00 p.m."
    rf"\W*(?:\w+day,?\s+)?(?:{MONTH_FIRST.pattern}|{DAY_FIRST.pattern})(?:\W{{1,4}}\d{{1,2}}[:.]\d\d.{{0,25}})?\W*",
    re.I,
)
NO_PLACE = re.compile(r"(?i)\w+day\b|to(?:day|night)\b|.*\b(?:since|fall|anniversary|after|years)\b")
CABLE = re.compile(r"\bAMEMBASSY\b|\bSECSTATE\b|\bUSMISSION\b|^\s*TAGS:|\bAMCONSUL\b", re.M)
TALK = re.compile(r"(?i)\b(?:meeting|conversation|discussion|lunch|talk|call|demarche)s?\b")
SENT = re.compile(rf"\b(?P<day>[0-3]\d)[0-2]\d[0-5]\dZ\s+(?P<month>{_MONTH})\s+(?P<year>\d\d)\b", re.I)
HOURS = re.compile(r"\d{1,2}[:.]\d\d|\b(?:a|p)\.?\s?m\.?\b|\bE[SD]T\b|^\s*to\b", re.I)
ROLE = re.compile(r"(?i)\b(note\s?-?takers?|interpreters?|translators?)\b")


@dataclass(slots=True)
class Header:
    """What a header says; a field that it does not say is not there."""

    metadata: dict[str, Found] = field(default_factory=dict)
    participants: list[Participant] = field(default_factory=list)


def find_date(text: str) -> str | None:
    """The first whole date in a text, as ISO; a month with its year for several days or none; None otherwise."""
    wholes = [
        (m.start(), int(m.group(y)), _month(m.group(mo)), int(m.group(d)))
        for pattern, d, mo, y in ((DAY_FIRST, 1, 2, 3), (MONTH_FIRST, 2, 1, 3))
        if (m := pattern.search(text))
    ]
    days = SEVERAL_DAYS.search(text)
    if days and (not wholes or days.start() <= min(wholes)[0]):  # as precise as all the days are
        return f"{days.group(2) or days.group(4)}-{_month(days.group(1) or days.group(3)):02d}"
    if wholes:
        _, year, number, day = min(wholes)
        return f"{year}-{number:02d}-{day:02d}" if 1 <= day <= calendar.monthrange(year, number)[1] else None
    digits = YEAR_FIRST.search(text)
    if digits:
        date = f"{digits[1]}-{int(digits[3]):02d}-{int(digits[4]):02d}"
        return date if DATE.fullmatch(date) else None
    month = MONTH_ONLY.search(text)
    return f"{month.group(2)}-{_month(month.group(1)):02d}" if month else None


def iso_date(said: str) -> str | None:
    """A date as a table gives it, as ISO: as it stands, a year beside empty cells (1990.0), or by ``find_date``."""
    said = said.strip().removesuffix(".0")
    return said if DATE.fullmatch(said) else find_date(said)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.casefold()[:3]))


def header_end(lines: Sequence[Line]) -> int:
    """The number of lines that belong to the header; 0 where the text has none."""
    keys = [n for n, line in enumerate(lines[:SEARCHED]) if KEY.match(line.text)]
    named = {_key(match)[:4] for n in keys if (match := KEY.match(lines[n].text))}
    if len(named & {"SUBJ", "PART", "DATE", "PLAC", "TIME", "LOCA"}) < 2 and not _dated_record(lines, keys):
        return 0
    last = keys[-1]
    for n in range(len(keys) - 1):
        if keys[n + 1] - keys[n] > 30:
            last = keys[n]
            break
    return _block_end(lines, last)


def _dated_record(lines: Sequence[Line], keys: Sequence[int]) -> bool:
    """Whether a date is the one field under the title of a record."""
    match = KEY.match(lines[keys[0]].text) if len(keys) == 1 else None
    dated = match is not None and _key(match).startswith("DATE") and find_date(match["value"])
    return bool(dated) and any(RECORD.search(" ".join(line.text.split())) for line in lines[: keys[0]])


def _block_end(lines: Sequence[Line], last: int) -> int:
    match = KEY.match(lines[last].text)
    bare = match is not None and not match["value"] and _key(match)[:4] in ("SUBJ", "PART")
    column = lines[last].indent + (match.start("value") if match else 0)
    end = last + 1
    gaps = 0
    while end < len(lines):
        line = lines[end]
        gaps += line.blank
        prose = line.width > 60 and line.indent < max(column - 8, 4) and not bare
        if prose or line.width > 90 or (labelled(line) and not KEY.match(line.text) and not _listed(line)):
            break
        if not bare and line.blank and line.indent < column - 6:
            break
        if bare and line.width > 45 and re.search(r"[a-z]\.$", line.text):
            break
        if bare and gaps > 1 and line.blank and line.width > 70:
            break
        end += 1
        if end - last > 40:
            return last + 1
    return end


def _key(match: re.Match[str]) -> str:
    """The name of a field, also where a stamp took its first letter."""
    key = " ".join(match["key"].upper().split()).removeprefix("AND ")
    return {"UBJECT": "SUBJECT", "SUBJ": "SUBJECT"}.get(key, "P" + key if key.startswith("ARTI") else key)


def _listed(line: Line) -> bool:
    return bool(ROLE.match(line.text)) and line.indent > 8


def read_header(lines: Sequence[Line]) -> Header:
    """Read date, place, title and participants out of the lines of a header, and mark those lines."""
    header = Header()
    end = header_end(lines)
    for line in lines[:end]:
        line.header = True
    keyed = next((n for n, line in enumerate(lines[:end]) if KEY.match(line.text)), 12)
    _take_kind(lines[:keyed], header)
    for line in lines[:keyed]:
        words = " ".join(line.text.split())
        dateline = DATELINE.match(words)
        if dateline is None or NO_PLACE.match(dateline["place"]):
            continue
        if "date" not in header.metadata and (date := find_date(dateline["date"])):
            header.metadata["date"] = Found(value=date, where="dateline of the document")
            header.metadata["place"] = Found(value=dateline["place"].strip(), where="dateline of the document")
    sections = _sections(lines[:end])
    _take_cable(lines[:SEARCHED], header)
    _take_subject(sections, header)
    _take_date(sections, header)
    _take_date_alone(lines[:keyed], header)
    for key, values in sections:
        if key.startswith("PART") or "TAKER" in key:
            if "TAKER" in key:
                end = next((n for n, (_, text) in enumerate(values) if not text), len(values))
                values = [(0, f"{key}: {_joined(values[:end])}"), *values[end:]]
            header.participants += _people(values)
    if header.participants:
        header.metadata["participants"] = Found(value="", where="header: PARTICIPANTS")
    return header


def _take_date_alone(lines: Sequence[Line], header: Header) -> None:
    """The date over a record where nothing else tells it and all such lines agree: others are of stamps."""
    alone = [words for line in lines if ALONE.fullmatch(words := " ".join(line.text.split()))]
    dates = {date for words in alone if (date := find_date(words))}
    if "doc_type" in header.metadata and len(dates) == 1:
        header.metadata.setdefault("date", Found(value=min(dates), where="a line of its own over the record"))


def _take_kind(lines: Sequence[Line], header: Header) -> None:
    for number, line in enumerate(lines):
        words = " ".join(line.text.split())
        found = RECORD.search(words)
        if found and found["minutes"]:
            header.metadata["title"] = Found(value=words, where="title of the document")
        if found and not (found["phone4"] and number):  # "a / telephone call from ...", in a text's midst
            header.metadata["doc_type"] = Found(value=_kind(found), where="title of the document")
            return


def kind_of(title: str) -> str | None:
    """Whether a title calls its document the record of a call (telcon) or of a meeting (memcon)."""
    found = RECORD.search(" ".join(title.split()))
    return _kind(found) if found else None


def _kind(found: re.Match[str]) -> str:
    return "telcon" if any(found[f"phone{number}"] for number in (1, 2, 3, 4)) else "memcon"


def _take_cable(lines: Sequence[Line], header: Header) -> None:
    """Of a cable: the day on which it was sent, and whether its subject is a talk."""
    text = "\n".join(line.text for line in lines)
    if not CABLE.search(text):
        return
    sent = SENT.search(text)
    if sent:
        year = int(sent["year"])
        century = 1900 if year > 40 else 2000
        date = f"{century + year}-{_month(sent['month']):02d}-{sent['day']}"
        if DATE.fullmatch(date):
            header.metadata.setdefault("date", Found(value=date, where="header: date and time of the cable"))
    keyed = (match for line in lines if (match := KEY.match(line.text)))
    subject = next((match["value"] for match in keyed if _key(match) == "SUBJECT" and match["value"]), "")
    if "doc_type" not in header.metadata and TALK.search(subject):
        kind = "telcon" if BY_PHONE.search(subject) else "memcon"
        header.metadata["doc_type"] = Found(value=kind, where="header: SUBJECT of the cable")


def _sections(lines: Sequence[Line]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Key and its values with their columns."""
    sections: list[tuple[str, list[tuple[int, str]]]] = []
    for line in lines:
        match = KEY.match(line.text)
        if match:
            column = line.indent + match.start("value")
            sections.append((_key(match), [(column, match["value"])] if match["value"] else []))
        elif sections:
            sections[-1][1].extend([(line.indent, "")] if line.blank else [])
            sections[-1][1].append((line.indent, line.text))
    return sections


def _joined(values: Sequence[tuple[int, str]]) -> str:
    return " ".join(" ".join(text for _, text in values).split())


def _take_subject(sections: list[tuple[str, list[tuple[int, str]]]], header: Header) -> None:
    for key, values in sections:
        words = re.sub(r"\s*\([^\s)]{1,2}\)?\s*$|\s+1\. .*", "", _joined(values))
        if key == "SUBJECT" and words:
            header.metadata["title"] = Found(value=words, where="header: SUBJECT")
            kind = header.metadata.get("doc_type")
            if kind and kind.value == "memcon" and BY_PHONE.search(words):
                header.metadata["doc_type"] = Found(value="telcon", where="header: SUBJECT")
            return


def _take_date(sections: list[tuple[str, list[tuple[int, str]]]], header: Header) -> None:
    for key, values in sections:
        words = _joined(values)
        if key.startswith("DATE") and "date" not in header.metadata and (date := find_date(words)):
            header.metadata["date"] = Found(value=date, where=f"header: {key}")
        if "PLACE" in key or key == "LOCATION":
            place = re.sub(r"\s*\(\w{1,2}\)\s*$", "", " ".join(values[0][1].split())) if values else ""
            if key.startswith("DATE") and HOURS.search(words):
                place = ""
            if place and not HOURS.search(place) and "place" not in header.metadata:
                header.metadata["place"] = Found(value=place, where=f"header: {key}")


def _people(values: Sequence[tuple[int, str]]) -> list[Participant]:
    """One person a line; a line that stands deeper goes on with the line before; takers of notes come last."""
    values = [(row.indent, row.text) for row in in_order([Row(indent, text) for indent, text in values])]
    people: list[str] = []
    previous = min((indent for indent, _ in values), default=0)
    parted = False
    for indent, text in values:
        apart = GAP.split(text)
        if len(apart) == 2 and re.search(r"[A-Za-z]{2}", apart[0]):
            text = ", ".join(apart)  # a name, and apart from it the office
        words = SIDE.sub("", " ".join(text.split())).strip()
        takers = bool(people) and re.match(r"(?i)(?:note\s?-?takers|interpreters?)\s*[:;]", people[-1])
        if not words:
            parted = parted or not text
            continue
        if (
            people
            and not parted
            and (takers or deeper(indent, previous, words) or people[-1].endswith(OPEN) or GOES_ON.match(words))
        ):
            people[-1] += " " + words
        else:
            people.append(words)
            previous = indent
        parted = False
    return [person for words in people for person in _person(words, alone=len(people) == 1)]


def _person(words: str, *, alone: bool) -> list[Participant]:
    """The person, those named in one run, or the takers of notes, of one entry."""
    listed = re.match(r"(?i)((?:note\s?-?taker|interpreter)s?)\s*[:;]+\s*(.*)", words)
    if listed:
        role = "Interpreter" if listed.group(1).lower().startswith("inter") else "Notetaker"
        several = listed.group(1).lower().endswith("s")
        names = (
            re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|;\s*", listed.group(2))
            if several
            else [listed.group(2).partition(",")[0]]
        )
        return [Participant(name=name, title=role) for name in names if re.search(r"[A-Za-z]{2}", name)]
    found = []
    parts = re.split(r";\s+", words)
    for part in (one for entry in parts for one in apart(entry, alone=alone and len(parts) == 1)):
        plain = re.sub(r"\s*\((?:U|C|S)\)$", "", part).strip()
        if len(plain.split()) > 8 and re.search(r"[a-z]\.$", plain):
            continue
        name, _, rest = plain.partition(",")
        if "(" in name:
            name, _, rest = plain.partition("(")
        name = ROLE.sub("", name).strip(" ()-–:=_*|~")
        if len(name) > 2 and re.search(r"[A-Za-z]{2}", name):
            found.append(Participant(name=name, title=rest.strip(" ()") or None))
    return found
