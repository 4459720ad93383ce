"""XML and HTML, parsed so that no file can do harm: no network, no entities, bounded depth."""

from __future__ import annotations

from lxml import etree, html

from rolecoder.errors import RolecoderError

DEEPEST = 200
LARGEST = 60_000_000


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML; an XML that is broken is mended as far as it goes only by ``parse_fragment``.

    Raises:
        RolecoderError: It is not well formed, too large, too deep or declares entities.
    """
    _check(data)
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
    _check(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    _, _, rest = (
        data.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"?>")
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")
        else (b"", b"", data)
    )
    root = etree.fromstring(b"<fragment>" + rest + b"</fragment>", parser)
    if root is None:
        raise RolecoderError("no XML", mend="open it in a browser: it shows the place")
    _check_depth(root)
    return root


def parse_html(data: bytes) -> html.HtmlElement:
    """Parse HTML.

    Raises:
        RolecoderError: It holds nothing, is too large or too deep.
    """
    _check(data)
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


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def words_in(element: etree._Element) -> str:
    """All text inside an element, white space collapsed."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _check(data: bytes) -> None:
    if len(data) > LARGEST:
        raise RolecoderError(
            f"{len(data):,} bytes of markup", expected=f"at most {LARGEST:,}", mend="split it into several files"
        )
    if b"<!ENTITY" in data[:100_000]:
        raise RolecoderError("it declares entities of its own", mend="replace them by their text, then read it again")


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise RolecoderError(f"markup nested deeper than {DEEPEST} levels", mend="check that the file is a text")
