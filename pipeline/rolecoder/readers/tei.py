"""TEI XML, above all that of Foreign Relations of the United States; drafts without namespace too."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from lxml import etree

from rolecoder.errors import RolecoderError
from rolecoder.readers.header import kind_of
from rolecoder.readers.markup import local, parse_fragment, parse_xml, words_in
from rolecoder.readers.record import Builder, Found, Reading
from rolecoder.records import Participant

BLOCKS = frozenset(
    (
        "p head opener closer dateline item list div div1 div2 body lg l sp speaker signed salute quote table "
        "u ab row cell listperson person attachment postscript trailer argument label stage byline"
    ).split()
)
NAMES = frozenset("persname placename gloss date term ref name orgname rolename".split())
SKIPPED = frozenset("teiheader figure graphic fw front back del".split())
LABEL_ENDS = (":", ".", ";", "—")
ID = "{http://www.w3.org/XML/1998/namespace}id"
MOST_NAMES = 5  # of one person, in a list of persons
DATES = (
    ("doc-dateTime-min", "doc-dateTime-max"),
    ("from", "to"),
    ("notBefore", "notAfter"),
    ("when", "when"),
)


def read_tei(data: bytes) -> list[Reading]:
    """Read TEI; each ``div`` of type document is a document.

    Raises:
        RolecoderError: It cannot be read as XML, or holds no text.
    """
    told: tuple[str, ...] = ()
    try:
        root = parse_xml(data)
    except RolecoderError as cause:
        if "not well formed" not in cause.found or not _looks_like_tei(data):
            raise
        root, told = parse_fragment(data), ("XML that is not well formed was read as far as it goes",)
    persons = _persons(root)
    documents = [
        e for e in root.iter() if local(e) == "div" and e.get("type") == "document" and not _inside_document(e)
    ]
    if not documents:
        text = next((e for e in root.iter() if local(e) in ("body", "text")), root)
        reading = _document(text, None, persons, told)
        title = _title(root)
        named = {"title": Found(value=title, where="TEI header")} if title else {}
        documents_read = [replace(reading, metadata=named | dict(reading.metadata))]
    else:
        several = len(documents) > 1
        documents_read = [_document(e, _name(e) if several else None, persons, told) for e in documents]
    if not any(reading.raw.strip() for reading in documents_read):
        raise RolecoderError("XML without text")
    return documents_read


def _looks_like_tei(data: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?(?:TEI|div|text|body|p)\b", data[:20_000]))


def _inside_document(element: etree._Element) -> bool:
    return any(local(up) == "div" and up.get("type") == "document" for up in element.iterancestors())


def _name(element: etree._Element) -> str:
    return element.get(ID) or f"d{element.get('n', '')}"


def _title(root: etree._Element) -> str | None:
    header = next((e for e in root.iter() if local(e) == "teiheader"), None)
    titles = [e for e in header.iter() if local(e) == "title"] if header is not None else []
    best = next((e for e in titles if e.get("type") == "complete"), titles[0] if titles else None)
    return (words_in(best) or None) if best is not None else None


def _document(element: etree._Element, member: str | None, persons: dict[str, str], told: tuple[str, ...]) -> Reading:
    builder = Builder()
    _walk(element, builder)
    metadata = _metadata(element)
    people = _participants(element, persons)
    if people:
        metadata["participants"] = Found(value="", where="TEI list of participants")
    return builder.reading(member=member, metadata=metadata, participants=people, mended=told)


def _walk(root: etree._Element, builder: Builder) -> None:
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        name = local(element)
        if leaving:
            if _names_speaker(element, name):
                builder.add(_colon(words_in(element)))
            if _is_block(element, name):
                builder.paragraph()
            if element is not root:
                _add(element.tail, builder, apart=name in NAMES or name == "hi")
            continue
        if _milestone(element, name, builder):
            pass
        elif name and name not in SKIPPED and not _replaced(element, name):
            if _is_block(element, name):
                builder.paragraph()
            _add(element.text, builder, apart=name in NAMES)
            stack.append((element, True))
            stack += [(child, False) for child in reversed(element)]
            continue
        if element is not root:
            _add(element.tail, builder, apart=False)


def _colon(label: str) -> str:
    """What ends a label that has no end of its own."""
    return ":" if label.strip() and not label.rstrip().endswith(LABEL_ENDS) else ""


def _is_block(element: etree._Element, name: str) -> bool:
    """Whether the element stands on lines of its own; a part of speech does only right under what someone says."""
    above = element.getparent()
    part = name == "seg" and above is not None and local(above) == "u"
    return name in BLOCKS or part or _names_speaker(element, name)


def _names_speaker(element: etree._Element, name: str) -> bool:
    """Whether the element is the label over what someone says."""
    return name == "speaker" or (name == "note" and element.get("type") == "speaker")


def _replaced(element: etree._Element, name: str) -> bool:
    """Whether it is what an editor's reading beside it stands for: a slip, an old spelling, an abbreviation."""
    above = element.getparent()
    return name in ("sic", "orig", "abbr") and above is not None and local(above) == "choice"


def _milestone(element: etree._Element, name: str, builder: Builder) -> bool:
    """Whether the element is a note, or the end of a page or line, which are no running text."""
    if name == "note" and _names_speaker(element, name):
        return False
    if name == "note":
        builder.note(element.get("type") or "note", words_in(element))
    elif name == "pb":
        if label := (element.get("n") or "").strip("[] "):
            builder.page(label)
        if builder.pieces and builder.pieces[-1][-1].isalnum() and not (element.tail or " ")[0].isspace():
            builder.add(" ")
    elif name == "lb":
        builder.add(" ")
    return name in ("note", "pb", "lb")


def _add(text: str | None, builder: Builder, *, apart: bool) -> None:
    """Append text; a blank is put in where two words meet at a tag without one."""
    if not text:
        return
    words = re.sub(r"\s+", " ", text)
    if not builder.pieces or builder.pieces[-1][-1].isspace():
        words = words.lstrip()
    elif words[:1].isalnum():
        last = builder.pieces[-1][-1]
        if (apart and last.isalnum()) or last in ":;," or (last in ".?!" and words[0].isupper()):
            words = " " + words
    builder.add(words)


def _metadata(element: etree._Element) -> dict[str, Found]:
    found: dict[str, Found] = {}
    head = next((e for e in element.iter() if local(e) == "head"), None)
    if head is not None:
        own = Builder()
        for piece in _without_notes(head):
            own.add(piece)
        title = " ".join("".join(own.pieces).split())
        if title:
            found["title"] = Found(value=title, where="TEI head")
    date = _date(element)
    if date:
        found["date"] = date
    for opener in (e for e in element.iter() if local(e) in ("opener", "dateline")):
        place = next((words_in(e) for e in opener.iter() if local(e) == "placename"), "")
        if place:
            found["place"] = Found(value=place, where="TEI dateline")
            break
    if title_says := found.get("title"):
        if kind := kind_of(title_says.value):
            found["doc_type"] = Found(value=kind, where="TEI head")
    return found


def _without_notes(element: etree._Element) -> list[str]:
    pieces = [element.text or ""]
    for child in element:
        if local(child) != "note" and local(child):
            pieces += _without_notes(child)
        pieces.append(child.tail or "")
    return pieces


def _date(element: etree._Element) -> Found | None:
    dates = [e for o in element.iter() if local(o) in ("opener", "dateline") for e in o.iter() if local(e) == "date"]
    for holder in [element, *dates]:
        values = {str(name).rsplit("}", 1)[-1]: str(value) for name, value in holder.items()}
        for first, last in DATES:
            start, end = values.get(first, "")[:10], values.get(last, values.get(first, ""))[:10]
            if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", start):
                where = f"TEI attribute {first}"
                if end == start or not re.fullmatch(r"\d{4}(?:-\d\d){0,2}", end):
                    return Found(value=start, where=where)
                same = start[:7] if start[:7] == end[:7] else start[:4] if start[:4] == end[:4] else ""
                return Found(value=same, where=f"{where} and {last}: a range, {start} to {end}") if same else None
    return None


def _persons(root: etree._Element) -> dict[str, str]:
    """Who is who in the volume's list of persons: id -> description after the name."""
    found = {}
    for item in root.iter():
        if local(item) in ("item", "person"):
            keyed = (e for e in item.iter() if local(e) == "persname" and e.get(ID))
            names = list(itertools.islice(keyed, MOST_NAMES))
            entry = words_in(item) if names else ""
            for name in names:
                said = entry.partition(words_in(name) or " ")[2].lstrip(" ,;")
                found[name.get(ID, "")] = said.split(";")[0].rstrip(" .")
    return found


def _participants(element: etree._Element, persons: dict[str, str]) -> tuple[Participant, ...]:
    people, last = [], None
    for listed in element.iter():
        if local(listed) == "list" and (listed.get("type") or "").lower() in ("participants", "participant"):
            if last is not None and last in listed.iterancestors():
                continue
            last = listed
            people += [
                _person(e, persons) for e in listed.iter() if local(e) == "item" and not _holds_items(e) and words_in(e)
            ]
    return tuple(people)


def _holds_items(item: etree._Element) -> bool:
    return any(local(inner) == "item" for inner in item.iterdescendants())


def _person(item: etree._Element, persons: dict[str, str]) -> Participant:
    words = " ".join("".join(_without_notes(item)).split())
    name, _, title = words.partition(",")
    key = next((e.get("corresp", "").lstrip("#") for e in item.iter() if local(e) == "persname"), "")
    return Participant(name=name.strip(), title=title.strip() or persons.get(key) or None)
