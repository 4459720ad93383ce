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
SILENT = frozenset("script style head noscript template svg button select textarea iframe object title".split())
# Whole names of classes and roles: "no-sidebar" and "has-footnotes" name what is elsewhere, and "pb-4" is a margin.
PAGE_CLASS = re.compile(r"(?:[a-z]+-)*page(?:-?num|break)[\w-]*|pb")
NOTE_CLASS = re.compile(r"(?:doc-|wp-block-)?(?:foot|end)notes?(?:-(?:body|text|list|item|content|container))?")
CAPTION_CLASS = re.compile(
    r"(?:(?:wp|image|img|photo|picture|figure|media|gallery|field)-)?(?:fig|image|img)?caption(?:-text)?"
)
NAV_CLASS = re.compile(
    r"(?:(?:main|primary|secondary|top|site|global|page|posts?|header|footer|mobile|social|share)-)?"
    r"(?:nav|navigation|menu|breadcrumbs?|cookie|share|social)"
    r"(?:-(?:menu|bar|banner|notice|consent|links?|lists?|items?|icons?|buttons?|media|container|wrapper|sharing|this))?"
    r"(?:-\d+)?|(?:(?:widget|left|right)-)?sidebar(?:-(?:left|right))?|site-footer|toc(?:-list)?"
)
PAGE = re.compile(r"(\d{1,4}|[ivxlc]{1,7})", re.I)
LABEL = re.compile(  # "[Pg 12]"
    r"(?:\W*(?:(?:page|pg|pp?|vol|seite|s)(?![a-z])[\W_]*)?(\d{1,4}[a-z]?|[ivxlc]{1,9})\b)+(?:\s+of\s+\d+)?\W*", re.I
)
BESIDE = frozenset("nav footer aside".split())  # left out, and counted
FIGURE = re.compile(r"\W*\d{1,3}\W*")  # that leads to a note
UNIT = re.compile(r"(?:\d|\b(?:k|c|m|d|h)?m|\b(?:CO|km/h|ft|mi|sq))\s*$")  # whose exponent it is: "km2", "106"
LONGEST_LABEL = 40  # characters
LONGEST_NAV = 3000


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
    styles = " ".join(element.get(each, "") for each in ("class", "role", "epub:type")).lower().split()
    if name in ("div", "p", "li", "section", "aside") and _among(styles, NOTE_CLASS):
        builder.note("footnote", words_in(element))
        return True
    if name in SILENT or element.get("hidden") is not None or "noteref" in styles:
        return True
    if name == "sup" and FIGURE.fullmatch(words_in(element)) and _leads_to_note(element):
        return True
    if _among(styles, PAGE_CLASS) and _page(element, builder):
        return True
    if name == "figcaption" or (name in ("div", "p", "span") and _among(styles, CAPTION_CLASS)):
        builder.note("caption", words_in(element))
        return True
    if name not in BESIDE and (name in ("body", "p", "html") or not _among(styles, NAV_CLASS)):
        return False
    words = words_in(element)
    if name not in BESIDE and len(words) >= LONGEST_NAV:
        return False
    builder.navigation += len(words.split())
    return True


def _leads_to_note(element: etree._Element) -> bool:
    """Tell the figure of a note, which is a link or follows the end of a clause or a word, from an exponent."""
    before = element.getprevious()
    above = element.getparent()
    said = (before.tail if before is not None else above.text if above is not None else "") or ""
    linked = element.find(".//{*}a") is not None or any(local(up) == "a" for up in element.iterancestors())
    return linked or UNIT.search(said) is None


def _among(styles: list[str], names: re.Pattern[str]) -> bool:
    return any(names.fullmatch(style) for style in styles)


def _page(element: etree._Element, builder: Builder) -> bool:
    """Whether the element marks a page: it holds nothing but a label, or nothing at all."""
    words = words_in(element)
    if not words:
        label = PAGE.search(element.get("title", "") or element.get("id", ""))
    else:
        label = LABEL.fullmatch(words) if len(words) <= LONGEST_LABEL else None
    if label:
        builder.page(label[1])
    return label is not None or not words


def _preformatted(element: etree._Element, builder: Builder) -> None:
    """Text whose lines stand as they were typed: blank lines part its paragraphs, and a line of stars stands alone."""
    builder.paragraph()
    text = "".join(str(part) for part in element.itertext())
    for block in re.split(r"\n\s*\n|\n(?=\s*\*{3})|(?<=\*{3})[^\S\n]*\n", text):
        builder.add(_plain(block).strip())
        builder.paragraph()


def _verse(element: etree._Element) -> bool:
    block = next((local(up) for up in element.iterancestors() if local(up) in BLOCKS), "body")
    return re.fullmatch(r"h\d", block) is None


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
