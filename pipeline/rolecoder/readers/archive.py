"""Zip archives: their members are read as files, and never unpacked."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

from rolecoder.errors import RolecoderError

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
)
LARGEST_MEMBER = 200_000_000
LARGEST = 4_000_000_000
STEEPEST = 300  # bytes out of one byte of a member; text hardly reaches 20
MOST = 200_000


def check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that would swell beyond bounds.

    Raises:
        RolecoderError: It holds too many members, or too much.
    """
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > MOST or total > LARGEST:
        raise RolecoderError(
            f"an archive of {len(members):,} members and {total:,} bytes",
            expected=f"at most {MOST:,} members and {LARGEST:,} bytes",
            mend="split it",
        )
    for member in members:
        _check_member(member)


def _check_member(member: zipfile.ZipInfo) -> None:
    swollen = member.file_size > 1_000_000 and member.file_size > STEEPEST * max(member.compress_size, 1)
    if member.file_size > LARGEST_MEMBER or swollen:
        raise RolecoderError(
            f"{member.filename} would swell from {member.compress_size:,} to {member.file_size:,} bytes",
            expected=f"members of at most {LARGEST_MEMBER:,} bytes",
            mend="check where the archive comes from; unpack it by hand if you trust it",
        )


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member.

    Raises:
        RolecoderError: It is damaged, locked or would swell beyond bounds.
    """
    member = archive.getinfo(name)
    _check_member(member)
    try:
        with archive.open(member) as handle:
            data = handle.read(member.file_size + 1)
    except BROKEN as cause:
        raise RolecoderError(f"cannot be taken out of the archive ({cause})", mend="get the archive again") from cause
    if len(data) > member.file_size:
        raise RolecoderError("is larger than the archive says", mend="get the archive again")
    return data
