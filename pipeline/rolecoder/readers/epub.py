"""EPUB: zip and XHTML."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Sequence
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import check_archive
from rolecoder.readers.reading import Reading
from rolecoder.readers.web import element_text

CONTAINER = "META-INF/container.xml"


def read_epub(content: bytes) -> Sequence[Reading]:
    """Read a book's chapters in their order.

    Raises:
        RolecoderError: It is broken, or unpacks to more than is safe.
    """
    from lxml import etree

    check_archive(content, "EPUB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            place = _parse(book.read(CONTAINER)).find(".//{*}rootfile").get("full-path")
            package = _parse(book.read(place))
            items = {item.get("id"): item.get("href") for item in package.iterfind(".//{*}manifest/{*}item")}
            order = [items[ref.get("idref")] for ref in package.iterfind(".//{*}spine/{*}itemref")]
            folder = posixpath.dirname(place)
            chapters = [element_text(_parse(book.read(posixpath.join(folder, href)))) for href in order]
    except (KeyError, AttributeError, etree.LxmlError, zipfile.BadZipFile, OSError, ValueError) as cause:
        raise RolecoderError(f"not readable as EPUB ({cause})", mend="convert it to plain text or HTML") from cause
    found = {key: text for key, name in (("title", "title"), ("author", "creator")) if (text := package.findtext(f".//{{*}}{name}"))}
    speakers = {"speakers": [found.pop("author")]} if "author" in found else {}
    return [Reading(raw="\n\n".join(chapters), found=found | speakers, where="the book's own metadata")]


def _parse(content: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False))
