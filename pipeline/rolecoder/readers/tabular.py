"""Tables and JSON with a column of texts: one document a row."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rolecoder.errors import RolecoderError, closest
from rolecoder.readers.plain import decode
from rolecoder.readers.reading import Reading

TEXT = "text"
NAMES = {"doc_id": "document_id", "id": "document_id", "actor_iso3": "actor", "name": "speakers", "speaker": "speakers", "year": "date", "type": "doc_type"}
FIELDS = ("document_id", "title", "date", "place", "doc_type", "actor", "speakers", "citation")


def read_csv(content: bytes) -> Sequence[Reading]:
    """Read a CSV or TSV with a column ``text``.

    Raises:
        RolecoderError: It has no such column, or is no table.
    """
    text = decode(content).lstrip("\ufeff")
    header = text.partition("\n")[0]
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count)))
    except csv.Error as cause:
        raise RolecoderError(f"not readable as CSV ({cause})") from cause
    return _documents([(f"row {number}", row) for number, row in enumerate(rows, start=2)])


def read_jsonl(content: bytes) -> Sequence[Reading]:
    """Read one JSON object a line, each with a ``text``.

    Raises:
        RolecoderError: A line is not a JSON object, or none has a text.
    """
    rows = [(f"line {n}", _load(line)) for n, line in enumerate(decode(content).lstrip("\ufeff").splitlines(), start=1) if line.strip()]
    return _documents(rows)


def read_json(content: bytes) -> Sequence[Reading]:
    """Read a JSON object with a ``text``, or a list of such.

    Raises:
        RolecoderError: It is not JSON, or no object has a text.
    """
    value = _load(decode(content).lstrip("\ufeff"))
    rows = value if isinstance(value, list) else [value]
    return _documents([(f"item {number}", row) for number, row in enumerate(rows, start=1)])


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise RolecoderError(f"not JSON ({cause})") from cause


def _documents(rows: Sequence[tuple[str, Any]]) -> list[Reading]:
    if not rows:
        raise RolecoderError("the table has no rows")
    names = {str(name) for _, row in rows if isinstance(row, Mapping) for name in row}
    if TEXT not in names:
        near = closest(TEXT, names)
        raise RolecoderError(
            f"no column 'text' among {', '.join(sorted(names)[:12]) or 'none'}" + (f"; closest is {near!r}" if near else ""),
            expected="a column named text with the words of each document",
        )
    return [_document(place, row, numbered=len(rows) > 1) for place, row in rows if isinstance(row, Mapping)]


def _document(place: str, row: Mapping[str, Any], *, numbered: bool) -> Reading:
    known = {NAMES.get(str(key), str(key)): value for key, value in row.items() if value not in (None, "")}
    found = {key: known[key] for key in FIELDS if key in known}
    if numbered and "document_id" not in found:
        found["suffix"] = place.replace(" ", "")
    return Reading(raw=str(row.get(TEXT) or ""), found=found, where=place)
