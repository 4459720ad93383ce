"""Files of a corpus, on disk or in an archive, and why one of them is not read."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_sizes

NO_TEXTS = re.compile(
    r"(?i)(?:readme|licen[cs]e|changelog|citation|checksums?|sha256sums?)(?:\.\w+)?|corpus\.ya?ml|manifest(?:[_-]\w+)?\.csv"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a corpus: on disk, or a member of an archive."""

    path: Path
    member: str | None = None
    name: str  # path below the corpus's root

    @property
    def shown(self) -> str:
        """How the file is named to people: file, or archive!member."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    @property
    def place(self) -> Path:
        """Where a manifest's row leads to."""
        return Path(self.shown)


def walk(root: Path) -> list[Item]:
    """All files below a folder, in one order everywhere; links to folders are not followed."""
    paths = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    names = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    return [Item(path=path.absolute(), name=name) for name, path in names]


def printable(path: str) -> str:
    """A path as it can be written in UTF-8."""
    return path.encode("utf-8", "replace").decode("utf-8")


def unreadable(item: Item) -> str | None:
    """Why nothing can be read from a path."""
    if item.member is not None:
        return None
    try:
        item.name.encode()
    except UnicodeEncodeError:
        return "a file name that is not UTF-8; to mend: rename the file"
    if not item.path.exists():
        return "a link that leads nowhere"
    return None if item.path.is_file() else "no file that holds text, but a device, socket or pipe"


def members(path: Path) -> list[Item]:
    """The files in an archive, in order.

    Raises:
        RolecoderError: It cannot be read, or holds more than is taken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive)
            names = sorted(member.filename for member in archive.infolist() if not member.is_dir())
    except RolecoderError as cause:
        raise RolecoderError(cause.found, where=str(path), expected=cause.expected, mend=cause.mend) from cause
    except BROKEN as cause:
        raise RolecoderError(f"no readable archive ({cause})", where=str(path), mend="get it again") from cause
    return [Item(path=path.absolute(), member=name, name=name) for name in names]


def no_text(item: Item) -> str | None:
    """Why a file that nothing names is not taken for a text."""
    name = PurePosixPath(item.member or item.name)
    if any(part.startswith(".") for part in name.parts):
        return "a hidden file"
    return "describes the corpus, and is no text of it" if NO_TEXTS.fullmatch(name.name) else None


def one_line(cause: RolecoderError) -> str:
    """What an error says, without its place, as the reason for which a file is left out."""
    expected = f"expected {cause.expected}" if cause.expected else None
    return "; ".join(filter(None, (cause.found, expected, f"to mend: {cause.mend}" if cause.mend else None)))
