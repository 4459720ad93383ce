"""Zip archives: their members are read as files, and never unpacked."""

from __future__ import annotations

import io
import itertools
import lzma
import struct
import zipfile
import zlib

from rolecoder.errors import RolecoderError
from rolecoder.readers.markup import check_markup

# What zipfile lets through when an archive is damaged, locked or packed in a way it does not know.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
)
LARGEST_MEMBER = 200_000_000
LARGEST = 4_000_000_000
LARGEST_DOCUMENT = 500_000_000  # of a book, a workbook or a Word document, which is held in memory whole
STEEPEST = 100  # bytes out of one byte of a member; text hardly reaches 20
MOST = 200_000
BEFORE = b" \t\r\n\x00\xfe\xff\xef\xbb\xbf"  # blanks and byte-order marks, which may stand before markup
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def check_sizes(archive: zipfile.ZipFile, *, largest: int = LARGEST) -> None:
    """Refuse an archive that would swell beyond bounds; a member that would is refused when it is read, and alone.

    Raises:
        RolecoderError: It holds too many members, too much, or members that overlap.
    """
    members = archive.infolist()
    total = sum(member.file_size for member in members if member.file_size <= LARGEST_MEMBER)
    if len(members) > MOST or total > largest:
        raise RolecoderError(
            f"an archive of {len(members):,} members and {total:,} bytes",
            expected=f"at most {MOST:,} members and {largest:,} bytes",
            mend="split it",
        )
    placed = sorted((member.header_offset, member.compress_size, member.filename) for member in members)
    for (start, size, name), (after, _, other) in itertools.pairwise(placed):
        if start + size > after or start == after:
            raise RolecoderError(
                f"an archive whose members {name[:80]!r} and {other[:80]!r} overlap",
                expected="each member in a place of its own",
                mend="check where the archive comes from; pack its files again",
            )


def check_parts(data: bytes, most_tags: int) -> None:
    """Refuse a document made of zipped XML that would swell, declares entities or holds too many tags.

    Raises:
        RolecoderError: It does, or one of its parts is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        check_sizes(parts, largest=LARGEST_DOCUMENT)
        tags = 0
        for name in parts.namelist():
            part = read_member(parts, name)
            if part.lstrip(BEFORE)[:1] == b"<":
                check_markup(part, largest=LARGEST_MEMBER, most_tags=most_tags)
                tags += part.count(b"<")
            if tags > most_tags:
                raise RolecoderError(
                    f"a document of {tags:,} tags and more",
                    expected=f"at most {most_tags:,} in all its parts",
                    mend="split it into several files",
                )


def _check_member(member: zipfile.ZipInfo, largest: int = LARGEST_MEMBER) -> None:
    name = member.filename[:80]
    swollen = member.file_size > 1_000_000 and member.file_size > STEEPEST * max(member.compress_size, 1)
    if member.file_size > largest or swollen:
        raise RolecoderError(
            f"{name} would swell from {member.compress_size:,} to {member.file_size:,} bytes",
            expected=f"at most {largest:,} bytes, and {STEEPEST} times what is packed",
            mend="check where the archive comes from; unpack it by hand if you trust it",
        )
    if member.compress_type not in METHODS:
        raise RolecoderError(
            f"{name} is packed by a method that is not read (number {member.compress_type})",
            expected="members that are deflated or stored",
            mend="unpack the archive and pack it again with an ordinary zip program",
        )


def read_member(archive: zipfile.ZipFile, name: str, *, largest: int = LARGEST_MEMBER) -> bytes:
    """The bytes of one member.

    Raises:
        RolecoderError: It is damaged, locked or would swell beyond bounds.
    """
    try:
        member = archive.getinfo(name)
        _check_member(member, largest)
        with archive.open(member) as handle:
            data = handle.read(member.file_size + 1)
    except BROKEN as cause:
        locked = isinstance(cause, RuntimeError) and "encrypted" in str(cause)
        raise RolecoderError(
            f"cannot be taken out of the archive ({str(cause)[:200]})",
            mend="unpack the archive with its password" if locked else "get the archive again",
        ) from cause
    if len(data) > member.file_size:
        raise RolecoderError("is larger than the archive says", mend="get the archive again")
    return data
