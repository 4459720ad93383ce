"""XML and HTML, parsed so that no file can do harm: no network, no entities, bounded depth."""

from __future__ import annotations

import re

from lxml import etree, html

from rolecoder.errors import RolecoderError

DEEPEST = 200
LARGEST = 60_000_000
MOST_TAGS = 1_500_000
MOST_ATTRIBUTES = 5_000  # of one tag
LONG_TAG = re.compile(rb"<[^<]{20000,}")
CHARACTER = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
DECLARATION = re.compile(rb"[\xef\xbb\xbf \t\r\n]*<\?xml.*?(?:\?>|\Z)", re.S)
ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML; an XML that is broken is mended as far as it goes only by ``parse_fragment``.

    Raises:
        RolecoderError: It is not well formed, too large, too deep or declares entities.
    """
    check_markup(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise RolecoderError(
            f"XML that is not well formed ({cause})", mend="open it in a browser: it shows the place"
        ) from cause
    _check_depth(root)
    return root


def parse_fragment(data: bytes) -> etree._Element:
    """Parse pieces of XML that need not be well formed, as far as they can be read."""
    check_markup(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    rest = DECLARATION.sub(b"", data, count=1) if DECLARATION.match(data) else data
    try:
        root = etree.fromstring(b"<fragment>" + CHARACTER.sub(_sound, rest) + b"</fragment>", parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise RolecoderError(f"no XML ({cause})", mend="open it in a browser: it shows the place") from cause
    if root is None:
        raise RolecoderError("no XML", mend="open it in a browser: it shows the place")
    _check_depth(root)
    return root


def parse_html(data: bytes) -> html.HtmlElement:
    """Parse HTML.

    Raises:
        RolecoderError: It holds nothing, is too large or too deep.
    """
    check_markup(data)
    encoding = None
    try:
        data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None if b"charset" in data[:4000].lower() else "cp1252"
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding=encoding)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as cause:
        raise RolecoderError(f"HTML that holds nothing readable ({cause})") from cause
    _check_depth(root)
    return root


def _sound(reference: re.Match[bytes]) -> bytes:
    """A reference to a character, or the sign for a broken one where there is no such character."""
    sixteen, ten = reference.groups()
    digits = (sixteen or ten).lstrip(b"0")
    code = int(digits or b"0", 16 if sixteen else 10) if len(digits) < 9 else -1
    sound = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference.group() if sound else "\ufffd".encode()


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def words_in(element: etree._Element) -> str:
    """All text inside an element, white space collapsed."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def check_markup(data: bytes, *, largest: int = LARGEST, most_tags: int = MOST_TAGS) -> None:
    """Refuse markup that is too large, or that declares entities of its own.

    Raises:
        RolecoderError: It does, or is.
    """
    if len(data) > largest:
        raise RolecoderError(
            f"{len(data):,} bytes of markup", expected=f"at most {largest:,}", mend="split it into several files"
        )
    if (tags := data.count(b"<")) > most_tags:
        raise RolecoderError(
            f"markup of {tags:,} tags", expected=f"at most {most_tags:,}", mend="split it into several files"
        )
    for tag in LONG_TAG.finditer(data):
        attributes = max(len(tag.group().partition(b">")[0].split()), tag.group().count(b"="))
        if attributes > MOST_ATTRIBUTES:
            raise RolecoderError(
                f"a tag of about {attributes:,} attributes",
                expected=f"at most {MOST_ATTRIBUTES:,}",
                mend="check that the file is a text",
            )
    if any(declared in data for declared in ENTITY):
        raise RolecoderError("it declares entities of its own", mend="replace them by their text, then read it again")


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise RolecoderError(f"markup nested deeper than {DEEPEST} levels", mend="check that the file is a text")
