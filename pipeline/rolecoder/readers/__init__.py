"""Readers: one per file format, bytes to text and what the file says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from rolecoder.errors import RolecoderError
from rolecoder.readers.docx import read_docx
from rolecoder.readers.epub import read_epub
from rolecoder.readers.pdf import read_pdf
from rolecoder.readers.plain import read_markdown, read_plain
from rolecoder.readers.reading import Reading
from rolecoder.readers.tabular import read_csv, read_json, read_jsonl
from rolecoder.readers.tei import read_xml
from rolecoder.readers.web import read_html

Reader = Callable[[bytes], Sequence[Reading]]
READERS: Mapping[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".epub": read_epub,
    ".xml": read_xml,
    ".tei": read_xml,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".jsonl": read_jsonl,
}
LARGEST = 200 * 2**20  # bytes of one file


def read_bytes(name: str, content: bytes) -> Sequence[Reading]:
    """Read a file's bytes into one or, for tables, several texts.

    Args:
        name: Its ending tells the format.
        content: The file.

    Raises:
        RolecoderError: The format is not known, or the file is empty, broken, too large or without text.
    """
    ending = PurePosixPath(name).suffix.lower()
    reader = READERS.get(ending)
    if reader is None:
        raise RolecoderError(f"files of the kind {ending or 'without ending'} are not read", expected=", ".join(READERS))
    if not content.strip():
        raise RolecoderError("the file is empty")
    if len(content) > LARGEST:
        raise RolecoderError(f"the file has {len(content):,} bytes", expected=f"at most {LARGEST:,}", mend="cut it into documents")
    readings = [reading for reading in reader(content) if reading.raw.strip()]
    if not readings:
        raise RolecoderError("the file holds no text")
    return readings
