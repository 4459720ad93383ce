"""The words of labels that came without text: path, offsets and checksum lead to them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError

Row = Mapping[str, Any]
CONTEXT_WORDS = 70  # at most so many on either side of a passage that is filled from its document


def text_checksum(text: str) -> str:
    """SHA-256 of a passage with its white space collapsed: tells whether offsets still lead to it."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


def has_text(row: Row) -> bool:
    """Whether a row brings its text along."""
    return row.get("text") is not None and bool(str(row["text"]).strip())


class LabelledTexts:
    """The files that rows without text point into; each is read once."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._texts: dict[str, str] = {}
        self._archives: dict[Path, zipfile.ZipFile] = {}

    def text_of(self, row: Row) -> tuple[str, str, str]:
        """Return text, before and after of a row, from the row or from its document."""
        if has_text(row):
            return str(row["text"]), str(row.get("before") or ""), str(row.get("after") or "")
        if any(row.get(name) is None for name in ("path", "start", "end", "checksum")):
            raise RolecoderError("no text", expected="text, or path, start, end and checksum")
        if self._root is None:
            raise RolecoderError("a row without text", mend="name the folder that its path is relative to (--root)")
        whole = self._read(str(row["path"]))
        try:
            start, end = int(row["start"]), int(row["end"])
        except (TypeError, ValueError, OverflowError):
            raise RolecoderError(
                f"start {row['start']!r}, end {row['end']!r}", expected="whole numbers, which count code points"
            ) from None
        text = " ".join(whole[start:end].split())
        if text_checksum(text) != row["checksum"]:
            raise RolecoderError(
                f"the text at {row['path']}[{start}:{end}] is not what was coded",
                mend="the file is of another version, or was decoded in another way",
            )
        near = slice(max(start - CONTEXT_WORDS * 40, 0), start), slice(end, end + CONTEXT_WORDS * 40)
        before, after = (whole[side].split() for side in near)
        return text, " ".join(before[-CONTEXT_WORDS:]), " ".join(after[:CONTEXT_WORDS])

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
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("latin-1")
