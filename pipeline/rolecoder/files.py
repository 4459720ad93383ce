"""Files written whole or not at all: a temporary file beside the target takes its place at the end."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import ReadableBuffer

SLUG = 60  # letters of a file name, so that no file system refuses it


def file_checksum(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        RolecoderError: The file cannot be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as cause:
        raise RolecoderError(f"cannot be read ({cause.strerror})", where=str(path)) from cause


def write_csv(frame: pd.DataFrame, target: Path) -> Path:
    """Write any frame as CSV for people: UTF-8 with a byte-order mark, missing values empty."""
    write_bytes(target, frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return target


def write_text(target: Path, text: str) -> Path:
    """Write a text file in UTF-8, whole or not at all."""
    return write_bytes(target, text.encode("utf-8"))


def write_bytes(target: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    with replacing(target) as handle:
        handle.write(content)
    return target


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``target`` that takes its place when the block ends well.

    Raises:
        RolecoderError: The disk is full, the folder may not be written, or a folder stands there.  What else
            the block raises passes as it is.
    """
    scratch: str | None = None
    try:
        with _told_of(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            number, scratch = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with io.BufferedWriter(_Scratch(number, target)) as handle:
            yield handle
        with _told_of(target):
            os.chmod(scratch, 0o666 & ~_umask())  # noqa: PTH101  mkstemp makes private files
            Path(scratch).replace(target)
        scratch = None
    finally:
        if scratch is not None:
            Path(scratch).unlink(missing_ok=True)


class _Scratch(io.FileIO):
    """A file being written; where that fails, the error names its target."""

    def __init__(self, number: int, target: Path) -> None:
        super().__init__(number, "wb")
        self._target = target

    def write(self, content: ReadableBuffer, /) -> int:
        with _told_of(self._target):
            return super().write(content)


@contextlib.contextmanager
def _told_of(target: Path) -> Iterator[None]:
    """Say of an error in writing which file could not be written."""
    try:
        yield
    except OSError as cause:
        raise RolecoderError(
            f"could not be written ({cause.strerror or cause})",
            where=str(target),
            mend="free some space, then start again: what is done is kept"
            if cause.errno in (errno.ENOSPC, errno.EDQUOT)
            else "check that the folder may be written",
        ) from cause


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def slug(*parts: str | None) -> str:
    """Join words of any script into a file name or an HTML class; different words may give the same."""
    words = unicodedata.normalize("NFKC", "_".join(part for part in parts if part))
    return re.sub(r"[\W_]+", "_", words).strip("_")[:SLUG].rstrip("_")
