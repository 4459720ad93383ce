"""Plain text: bytes to text, the way that offsets into a file are counted."""

from __future__ import annotations

import codecs
import re

from rolecoder.errors import RolecoderError
from rolecoder.readers.footnotes import without_footnotes, without_inner_notes
from rolecoder.readers.pagemarks import with_page_marks
from rolecoder.readers.record import Reading

CONTROL = re.compile("[\x00-\x08\x0e-\x1b]")
LONGEST = 20_000_000  # characters: some thirty long novels
LONGEST_LINE = 4_000_000
MOST_LINE_ENDS = 2_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_plain(data: bytes, *, keep_newlines: bool) -> list[Reading]:
    """Read a plain text.

    Args:
        data: The file's bytes.
        keep_newlines: Leave CRLF as two code points, as members of an archive are counted; otherwise
            every line end counts once.

    Raises:
        RolecoderError: The bytes are no text, or more than a document has.
    """
    raw, told = decode(data)
    check_size(raw)
    if not keep_newlines and "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    reading = Reading(raw=raw, pages=form_feed_pages(raw), mended=told)
    return [with_page_marks(without_inner_notes(without_footnotes(reading)))]


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode text as UTF-8 (a byte-order mark stays), else UTF-16 by its mark, else Latin-1.

    Returns:
        The text, and what is to be told where it is not UTF-8.

    Raises:
        RolecoderError: The bytes are no text.
    """
    try:
        text, other = data.decode("utf-8"), None
    except UnicodeDecodeError:
        if data.startswith(_UTF16):
            text, other = _utf16(data), "UTF-16"
        else:
            text, other = data.decode("latin-1"), "Latin-1"
    controls = len(CONTROL.findall(text[:200_000]))
    if controls > 10 and controls > len(text[:200_000]) // 500:
        raise RolecoderError(
            "no text: it is full of control characters",
            expected="plain text in UTF-8 or Latin-1",
            mend="save it as plain text in UTF-8, or give it the extension of its format",
        )
    return text, (f"decoded as {other}, since it is not UTF-8",) if other else ()


def _utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as cause:
        raise RolecoderError(
            f"not readable as UTF-16, which its first bytes announce ({cause.reason})",
            mend="save it as plain text in UTF-8",
        ) from cause


def check_size(text: str) -> None:
    """Refuse a text that is no single document.

    Raises:
        RolecoderError: It is too long, or a line of it is.
    """
    if len(text) > LONGEST:
        raise RolecoderError(
            f"a text of {len(text):,} characters",
            expected=f"one document, of at most {LONGEST:,} characters",
            mend="split the file into its documents",
        )
    if len(text) <= LONGEST_LINE:
        return
    if (ends := text.count("\n")) > MOST_LINE_ENDS:
        raise RolecoderError(
            f"a text of {ends:,} lines",
            expected=f"one document, of at most {MOST_LINE_ENDS:,} lines, blank ones counted",
            mend="split the file into its documents",
        )
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST_LINE:
            raise RolecoderError(
                f"a line of {end - start:,} characters",
                expected=f"lines of at most {LONGEST_LINE:,} characters",
                mend="check that the file is a text, and break it into lines",
            )
        start = end + 1


def form_feed_pages(raw: str) -> tuple[tuple[int, str], ...]:
    """Pages counted by form feeds; none where there is no form feed before the end."""
    starts = [0, *(at + 1 for at, character in enumerate(raw) if character == "\f")] if "\f" in raw else [0]
    if starts[-1:] == [len(raw)] or (len(starts) > 1 and not raw[starts[-1] :].strip()):
        starts.pop()
    return tuple((start, str(number)) for number, start in enumerate(starts, start=1)) if len(starts) > 1 else ()
