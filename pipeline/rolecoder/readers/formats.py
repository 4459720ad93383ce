"""Which reader reads a file: by its extension, and by its first bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from rolecoder.errors import RolecoderError
from rolecoder.readers.record import Reading, sound

SUFFIXES = {
    ".txt": "plain", ".text": "plain", "": "plain",
    ".md": "markdown", ".markdown": "markdown",
    ".htm": "html", ".html": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx", ".epub": "epub",
    ".xml": "tei", ".tei": "tei",
    ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx",
}  # fmt: skip
LARGEST = 300_000_000  # bytes; a scan of a whole volume
LARGEST_OF = {"plain": 80_000_000, "markdown": 80_000_000, "html": 60_000_000, "tei": 60_000_000} | dict.fromkeys(
    ("csv", "json", "jsonl"), 110_000_000
)  # a text is held in memory whole, at up to four bytes a character


class Unforeseen(RolecoderError):
    """A fault of a reader: the run goes on, and the file is reported."""


def format_of(name: str) -> str | None:
    """The format of a file by its name; None where no reader reads it."""
    return SUFFIXES.get(PurePosixPath(name).suffix.lower())


def most_bytes(name: str) -> int:
    """How large a file of this name may be."""
    return LARGEST_OF.get(format_of(name) or "", LARGEST)


def read_bytes(name: str, data: bytes, *, in_archive: bool, ocr: bool) -> list[Reading]:
    """Read the documents of one file.

    Args:
        name: The file's name; its extension names the format.
        data: The file's bytes.
        in_archive: A member of an archive is read with its line ends as they are.
        ocr: Recognise scans where tesseract is installed.

    Raises:
        RolecoderError: The file is empty, of no known format, broken or not what its name says.
    """
    if len(data) > most_bytes(name):
        raise RolecoderError(f"{len(data):,} bytes", expected=f"at most {most_bytes(name):,}", mend="split the file")
    if not data.strip(b"\x00\t\r\n\f \xef\xbb\xbf"):
        raise RolecoderError("an empty file" if not data else "a file of blanks")
    kind = format_of(name)
    if data.startswith(b"%PDF") and kind != "pdf":
        kind = "pdf"
    if kind == "plain" and re.match(rb"\s*<(?:!DOCTYPE html|html)\b", data[:200], re.I):
        kind = "html"
    if kind is None and name.lower().endswith(".zip"):
        raise RolecoderError(
            "an archive within a corpus of single files",
            expected="texts; an archive is read where it is the corpus, or lies in a folder without corpus.yaml",
            mend="unpack it, or name its texts in a manifest's `path` as bundle.zip!member.txt",
        )
    if kind is None:
        raise RolecoderError(
            f"a format that is not read ({PurePosixPath(name).suffix or name})",
            expected="one of " + " ".join(suffix for suffix in SUFFIXES if suffix),
            mend="convert it to one of these",
        )
    try:
        return [sound(reading) for reading in (_pdf(data, ocr) if kind == "pdf" else _other(kind, data, in_archive))]
    except RolecoderError:
        raise
    except MemoryError as cause:
        raise RolecoderError("more than the memory holds", mend="split the file, or free memory") from cause
    except Exception as cause:  # one file that nobody foresaw must not end the run of ten thousand others
        raise Unforeseen(
            f"the reader of {kind} failed in a way that nobody foresaw ({type(cause).__name__}: {str(cause)[:200]})",
            mend="please report it with the file; until then, convert the file to plain text",
        ) from cause


def _pdf(data: bytes, ocr: bool) -> list[Reading]:
    from rolecoder.readers import pdf
    from rolecoder.readers.ocr import read_scan, recogniser

    try:
        return pdf.read_pdf(data)
    except pdf.TextTwice as twice:
        if not ocr or recogniser() is None:
            return [twice.reading]
        try:
            return read_scan(data)
        except RolecoderError as cause:
            said = f"the scan could not be recognised anew: {cause.found}"
            return [replace(twice.reading, mended=(*twice.reading.mended, said))]
    except pdf.NoTextLayer as scan:
        if not ocr:
            raise RolecoderError(
                scan.found, mend="let scans be recognised: --ocr auto, or `reading: {ocr: auto}` in the study"
            ) from scan
        try:
            return read_scan(data)
        except RolecoderError as cause:
            raise RolecoderError(
                scan.found if "without a text layer" in cause.found else cause.found, mend=cause.mend
            ) from cause


def _other(kind: str, data: bytes, in_archive: bool) -> list[Reading]:
    if kind == "plain":
        from rolecoder.readers.plain import read_plain

        return read_plain(data, keep_newlines=in_archive)
    if kind == "markdown":
        from rolecoder.readers.markdown import read_markdown

        return read_markdown(data, keep_newlines=in_archive)
    if kind == "html":
        from rolecoder.readers.web import read_html

        return read_html(data)
    if kind == "tei":
        from rolecoder.readers.tei import read_tei

        return read_tei(data)
    if kind == "docx":
        from rolecoder.readers.docx import read_docx

        return read_docx(data)
    if kind == "epub":
        from rolecoder.readers.epub import read_epub

        return read_epub(data)
    from rolecoder.readers import tabular

    return {"csv": tabular.read_csv, "json": tabular.read_json, "jsonl": tabular.read_jsonl, "xlsx": tabular.read_xlsx}[
        kind
    ](data)
