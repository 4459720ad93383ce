"""EPUB books: a zip of XHTML pages in the order of the book's spine."""

from __future__ import annotations

import io
import posixpath
import re
import urllib.parse
import zipfile

from lxml import etree

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, LARGEST_DOCUMENT, check_sizes, read_member
from rolecoder.readers.markup import local, parse_html, parse_xml, words_in
from rolecoder.readers.plain import LONGEST
from rolecoder.readers.record import Builder, Found, Reading
from rolecoder.readers.web import walk
from rolecoder.records import Participant

MOST_PAGES = 10_000  # files in the spine
ENCRYPTION = "META-INF/encryption.xml"


def read_epub(data: bytes) -> list[Reading]:
    """Read all pages of a book as one document.

    Raises:
        RolecoderError: It is no EPUB, is locked, or holds no text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            check_sizes(book, largest=LARGEST_DOCUMENT)
            return [_book(book)]
    except BROKEN as cause:
        raise RolecoderError(f"no readable EPUB ({str(cause)[:200]})", mend="convert the book to EPUB again") from cause


def _book(book: zipfile.ZipFile) -> Reading:
    locked = _locked(book)
    package_path = _package(book)
    package = parse_xml(_part(book, package_path))
    items = {e.get("id"): e for e in package.iter() if local(e) == "item"}
    order = dict.fromkeys(e.get("idref") for e in package.iter() if local(e) == "itemref")
    if len(order) > MOST_PAGES:
        raise RolecoderError(
            f"a book of {len(order):,} files", expected=f"at most {MOST_PAGES:,}", mend="split it into volumes"
        )
    read = set[str]()
    builder = Builder()
    for name in order:
        item = items.get(name)
        if item is None or "html" not in (item.get("media-type") or "html"):
            continue
        if "nav" in (item.get("properties") or ""):
            continue
        path = posixpath.normpath(
            posixpath.join(posixpath.dirname(package_path), urllib.parse.unquote(item.get("href", "")))
        )
        if path in read:
            continue
        read.add(path)
        if path in locked:
            raise RolecoderError("a book locked by rights management", mend="get a copy without a lock")
        root = parse_html(_part(book, path))
        body = root.find("body")
        walk(root if body is None else body, builder)
        builder.paragraph()
        if builder.length > LONGEST:
            raise RolecoderError(
                f"a book of more than {LONGEST:,} characters", expected="one document", mend="split it into volumes"
            )
    authors = tuple(Participant(name=words_in(e)) for e in package.iter() if _is_author(e))
    named = {"participants": Found(value="", where="EPUB metadata (creator)")} if authors else {}
    reading = builder.reading(metadata=_metadata(package) | named, participants=authors)
    if not reading.raw.strip():
        raise RolecoderError("an EPUB without text", mend="convert the book to EPUB again")
    return reading


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return read_member(book, name)
    except RolecoderError as cause:
        raise RolecoderError(f"an EPUB whose part {name[:80]} {cause.found}", mend=cause.mend) from cause


def _locked(book: zipfile.ZipFile) -> set[str]:
    """The parts of a book that are encrypted: all by a lock, or no more than the fonts, which are no text."""
    if ENCRYPTION not in book.namelist():
        return set()
    listed = (e.get("URI", "") for e in parse_xml(_part(book, ENCRYPTION)).iter() if local(e) == "cipherreference")
    return {posixpath.normpath(urllib.parse.unquote(address).lstrip("/")) for address in listed}


def _package(book: zipfile.ZipFile) -> str:
    container = parse_xml(_part(book, "META-INF/container.xml"))
    for element in container.iter():
        if local(element) == "rootfile" and element.get("full-path"):
            return str(element.get("full-path"))
    raise RolecoderError("an EPUB that names no package file", mend="convert the book to EPUB again")


def _is_author(element: etree._Element) -> bool:
    """Whether the package names an author there, and no editor or translator."""
    role = next((value for name, value in element.attrib.items() if str(name).endswith("role")), "aut")
    return local(element) == "creator" and role == "aut" and bool(words_in(element))


def _metadata(package: etree._Element) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for element in package.iter():
        name, words = local(element), words_in(element)
        if name == "title" and words:
            found.setdefault("title", Found(value=words, where="EPUB metadata"))
        elif name == "date" and (year := re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?", words)):
            found.setdefault("date", Found(value=year.group(), where="EPUB metadata (date of the book)"))
        elif name == "language" and words:
            found.setdefault("language", Found(value=words[:2].lower(), where="EPUB metadata"))
    return found
