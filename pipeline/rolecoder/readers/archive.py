"""What is safe to unpack."""

from __future__ import annotations

import io
import zipfile

from rolecoder.errors import RolecoderError

LARGEST = 500 * 2**20
RATIO = 200


def check_archive(content: bytes, what: str) -> None:
    """Refuse a file that unpacks to far more than it should.

    Raises:
        RolecoderError: It is no archive, or a bomb.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as cause:
        raise RolecoderError(f"not readable as a {what} ({cause})") from cause
    if size > LARGEST or size > RATIO * max(len(content), 10_000):
        raise RolecoderError(f"unpacks from {len(content):,} to {size:,} bytes", expected="an ordinary document")
