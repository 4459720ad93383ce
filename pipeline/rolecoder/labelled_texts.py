"""The words of labels that came without text: path and offsets lead to them, and a checksum tells whether they do."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError

Row = Mapping[str, Any]
PLACE = ("path", "start", "end")  # of a row without text
_BESIDE = 12  # signs shown before the place where two texts part; twice as many behind it
_TYPED = str.maketrans(  # what spreadsheets and word processors make of signs that were typed
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),  # single quotation marks
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),  # double ones
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),  # hyphens, dashes, minus
        **dict.fromkeys("\u00ad\u200b\ufeff"),  # not seen at all
    }
)
CONTEXT_WORDS = 70  # at most so many on either side of a passage that is filled from its document

_NO_TEXT = (b"%PDF", b"{\\rtf")  # how files begin that hold their words in another form; so do all with a zero early on


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space, and quotes, dashes and dots that a spreadsheet rewrites."""
    return one == other or plain_text(one) == plain_text(other)


def first_difference(found: str, expected: str) -> str:
    """Show where two texts part, a few words of each: "'allies’ aid' for 'allies aid'"."""
    texts = [plain_text(text) for text in (found, expected)]
    at = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    first, second = (repr(text[max(at - _BESIDE, 0) : at + 2 * _BESIDE]) for text in texts)
    return f"{first} for {second}"


def plain_text(text: str) -> str:
    """White space collapsed, each sign that autocorrection puts in turned back."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPED).replace("--", "-").split())


def document_of(passage_id: str) -> str:
    """The document that the id of a passage names before its place; an id of another make as it is."""
    return passage_id.rpartition(":")[0] or passage_id


def text_checksum(text: str) -> str:
    """SHA-256 of a passage with its white space collapsed: tells whether offsets still lead to it."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


def has_text(row: Row) -> bool:
    """Whether a row brings its text along."""
    return row.get("text") is not None and bool(str(row["text"]).strip())


def has_place(row: Row) -> bool:
    """Whether a row says where in a document its text stands."""
    return all(row.get(name) is not None for name in PLACE)


class LabelledTexts:
    """The files that rows point into; each is read once for rows that stand together."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self.unchecked = 0  # rows without a checksum that were filled
        self._texts: dict[str, str] = {}
        self._archives: dict[Path, zipfile.ZipFile] = {}

    def text_of(self, row: Row) -> tuple[str, str, str]:
        """Return text, before and after of a row, from the row or from its document; what the row says goes first.

        Raises:
            RolecoderError: It has neither text nor a place, or its place does not lead to what was coded.
        """
        own = [str(row.get(name) or "") for name in ("text", "before", "after")]
        if has_text(row):
            return own[0], own[1], own[2]
        if not has_place(row):
            raise RolecoderError("no text", expected="text, or path, start and end")
        if self._root is None:
            raise RolecoderError("a row without text", mend="name the folder that its path is relative to (--root)")
        whole, text, start, end = self._at(row)
        if row.get("checksum") is None:
            self.unchecked += 1
        elif text_checksum(text) != row["checksum"]:
            raise RolecoderError(
                f"the text at {_shown(row)} is not what was coded",
                mend="the file is of another version, or was decoded in another way",
            )
        near = slice(max(start - CONTEXT_WORDS * 40, 0), start), slice(end, end + CONTEXT_WORDS * 40)
        before, after = (whole[side].split() for side in near)
        filled = " ".join(before[-CONTEXT_WORDS:]), " ".join(after[:CONTEXT_WORDS])
        return text, own[1] if own[1].strip() else filled[0], own[2] if own[2].strip() else filled[1]

    def differing(self, row: Row) -> str | None:
        """Say what a document has at the place of a row that brings other words along, which go first; None if it fits.

        White space, and what a spreadsheet rewrites, is no difference.
        """
        if self._root is None or not (has_text(row) and has_place(row)):
            return None
        try:
            _, text, *_ = self._at(row)
        except RolecoderError as cause:
            return cause.found
        own = str(row["text"])
        return None if same_text(own, text) else f"{first_difference(own, text)} at {_shown(row)}"

    def _at(self, row: Row) -> tuple[str, str, int, int]:
        """The document of a row, what it has at the row's place, and the place.

        Raises:
            RolecoderError: Its place is none.
        """
        whole = self._read(str(row["path"]))
        try:
            start, end = _whole(row["start"]), _whole(row["end"])
        except (TypeError, ValueError, OverflowError):
            raise RolecoderError(
                f"start {row['start']!r}, end {row['end']!r}", expected="whole numbers, which count code points"
            ) from None
        text = " ".join(whole[max(start, 0) : end].split())
        if not 0 <= start < end <= len(whole) or not text:
            raise RolecoderError(
                f"no text at {_shown(row)}: the file has {len(whole):,} code points",
                mend="start counts from 0, end is one past the last; or the file is of another version",
            )
        return whole, text, start, end

    def _read(self, place: str) -> str:
        if place not in self._texts:
            self._texts.clear()  # rows of one document stand together
            self._texts[place] = self._decode(place)
        return self._texts[place]

    def _decode(self, place: str) -> str:
        """UTF-8, Latin-1 where that fails; CRLF is one newline except in an archive, whose bytes stay."""
        name, _, member = place.partition("!")
        if self._root is None:
            raise AssertionError("checked by the caller")
        path = self._root / name
        try:
            if member:
                if path not in self._archives:
                    self._archives[path] = zipfile.ZipFile(path)
                content = self._archives[path].read(member)
            else:
                content = path.read_bytes().replace(b"\r\n", b"\n")
        except (OSError, KeyError, zipfile.BadZipFile) as cause:
            raise RolecoderError(f"{place} cannot be read ({cause})", expected=f"a file under {self._root}") from cause
        if content.startswith(_NO_TEXT) or b"\0" in content[:1000]:
            raise RolecoderError(
                f"{place} is no plain text, of which offsets are",
                expected="text in UTF-8 or Latin-1" + ("" if member else ", or archive.zip!member"),
                mend="save it as .txt and count there, or give the words themselves in a column text",
            )
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("latin-1")


def _shown(row: Row) -> str:
    return f"{row['path']}[{_whole(row['start'])}:{_whole(row['end'])}]"


def _whole(cell: Any) -> int:
    if isinstance(cell, bool) or (isinstance(cell, float) and not cell.is_integer()):
        raise ValueError
    return int(cell)
