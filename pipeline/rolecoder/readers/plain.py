"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecoder.errors import RolecoderError
from rolecoder.readers.reading import Reading

FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<head>.*?)\n---[ \t]*(?:\r?\n|$)", re.S)


def decode(content: bytes) -> str:
    """Decode as UTF-8, or where that fails as Windows-1252 or Latin-1; a byte-order mark stays.

    Raises:
        RolecoderError: The bytes are no text.
    """
    if content.count(b"\0") > len(content) // 100:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16", errors="replace")
        raise RolecoderError("the file is not text", expected="text in UTF-8, Windows-1252 or Latin-1")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def read_plain(content: bytes) -> Sequence[Reading]:
    """Read plain text."""
    return [Reading(raw=decode(content))]


def read_markdown(content: bytes) -> Sequence[Reading]:
    """Read Markdown; a front matter in YAML between ``---`` lines holds its metadata.

    Raises:
        RolecoderError: The front matter is not YAML.
    """
    import yaml

    text = decode(content)
    front = FRONT.match(text)
    if front is None:
        return [Reading(raw=text)]
    try:
        found = yaml.load(front["head"], Loader=yaml.BaseLoader)  # noqa: S506 - builds strings, lists and mappings only
    except yaml.YAMLError as cause:
        raise RolecoderError(f"the front matter is not YAML ({cause})", expected="`name: value` lines between two `---`") from cause
    return [Reading(raw=text, start=front.end(), found=found if isinstance(found, dict) else {}, where="front matter")]
