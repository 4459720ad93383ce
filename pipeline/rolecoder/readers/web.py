"""HTML: every paragraph of the page, without its navigation; page numbers of printed books kept."""

from __future__ import annotations

import re

from lxml import etree

from rolecoder.errors import RolecoderError
from rolecoder.readers.header import find_date
from rolecoder.readers.markup import local, parse_html, words_in
from rolecoder.readers.record import Builder, Found, Reading

BLOCKS = frozenset(
    (
        "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd table tr td th blockquote pre section article main header "
        "figure figcaption hr center address body form"
    ).split()
)
SILENT = frozenset(
    "script style head nav footer aside noscript template svg button select textarea iframe object title".split()
)
PAGE_CLASS = re.compile(r"(?i)\bpage-?num|\bpagebreak|\bpb\b")
NOTE_CLASS = re.compile(r"(?i)\bfootnotes?\b|\bendnotes?\b")
CAPTION_CLASS = re.compile(r"(?i)\b(?:fig|image|img)?caption\b")
NAV_CLASS = re.compile(r"(?i)\b(?:nav|navigation|menu|breadcrumbs?|sidebar|cookie|share|social|site-footer|toc)\b")
PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,7}", re.I)


def read_html(data: bytes) -> list[Reading]:
    """Read a page, or a whole book in one page.

    Raises:
        RolecoderError: It cannot be parsed, or holds no text.
    """
    root = parse_html(data)
    builder = Builder()
    walk(root.find("body") if root.find("body") is not None else root, builder)
    reading = builder.reading(metadata=_metadata(root))
    if not reading.raw.strip():
        raise RolecoderError("HTML without text", mend="save the page again: its text may be loaded by a script")
    return [reading]


def walk(root: etree._Element, builder: Builder) -> None:
    """Put the text of an element, its blocks as paragraphs, into ``builder``."""
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        name = local(element)
        if leaving:
            if name in BLOCKS:
                builder.paragraph()
            builder.quoted -= name == "blockquote"
            builder.add(_plain(element.tail))
            continue
        if name == "pre" and element is not root:
            _preformatted(element, builder)
            builder.add(_plain(element.tail))
            continue
        if name and not _apart(element, name, builder):
            if name in BLOCKS:
                builder.paragraph()
            elif name == "br":
                builder.add("\n" if _verse(element) else " ")
            builder.quoted += name == "blockquote"
            builder.add(_plain(element.text))
            stack.append((element, True))
            stack += [(child, False) for child in reversed(element)]
        elif element is not root:
            builder.add(_plain(element.tail))


def _apart(element: etree._Element, name: str, builder: Builder) -> bool:
    """Whether the element is no running text; pages and notes in it are kept."""
    if name in SILENT or element.get("hidden") is not None:
        return True
    style = f"{element.get('class', '')} {element.get('role', '')}"
    if PAGE_CLASS.search(style):
        label = PAGE.search(words_in(element) or element.get("title", "") or element.get("id", ""))
        if label:
            builder.page(label.group())
        return True
    if name == "figcaption" or (CAPTION_CLASS.search(style) and name in ("div", "p", "span")):
        builder.note("caption", words_in(element))
        return True
    if NOTE_CLASS.search(style) and name in ("div", "p", "li", "section"):
        builder.note("footnote", words_in(element))
        return True
    return name not in ("body", "p", "html") and bool(NAV_CLASS.search(style)) and len(words_in(element)) < 3000


def _preformatted(element: etree._Element, builder: Builder) -> None:
    """Text whose lines stand as they were typed: blank lines part its paragraphs, and a line of stars stands alone."""
    builder.paragraph()
    text = "".join(str(part) for part in element.itertext())
    for block in re.split(r"\n\s*\n|\n(?=\s*\*{3})|(?<=\*{3})[^\S\n]*\n", text):
        builder.add(_plain(block).strip())
        builder.paragraph()


def _verse(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) in ("p", "div", "td", "body")


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _metadata(root: etree._Element) -> dict[str, Found]:
    found: dict[str, Found] = {}
    titles = [words_in(title) for title in root.iter("title")]
    if titles and titles[0]:
        found["title"] = Found(value=titles[0], where="HTML title")
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        content = (meta.get("content") or "").strip()
        if name in ("date", "dc.date", "dcterms.date", "article:published_time") and content:
            day = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?", content)
            value = day.group() if day else find_date(content)
            if value:
                found.setdefault("date", Found(value=value, where=f"HTML meta {name}"))
    if root.get("lang"):
        found["language"] = Found(value=str(root.get("lang"))[:2].lower(), where="HTML lang")
    return found
