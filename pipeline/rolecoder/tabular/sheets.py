"""JSONL, CSV or XLSX -> rows with their places, as coders and spreadsheets write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.tabular.filled import read_filled
from rolecoder.tabular.workbook import first_sheet

FILE_KINDS = (".jsonl", ".csv", ".xlsx")
_NAMES = (
    "id", "text", "before", "after", "roles", "holder", "aspect", "undecided", "source", "addressee", "doc_id",
    "doc_type", "date", "sure", "stratum", "coders", "adjudicated", "weight", "sampling_probability", "path", "start",
    "end", "checksum",
)  # fmt: skip
_READ_AS = {name: name for name in _NAMES} | {"document_id": "doc_id", "passage_id": "id"}


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL, CSV or XLSX file as one mapping per row; empty cells are None, days are ISO.

    Raises:
        RolecoderError: It is not there, is of another kind, or cannot be read.
    """
    return [row for _, row in placed_rows(path)]


def placed_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows as ``read_rows`` gives them, each with its place: the file, and the row as a spreadsheet numbers it."""
    reader = {".jsonl": _json_lines, ".csv": _csv_rows, ".xlsx": _sheet_rows}.get(path.suffix.lower())
    if reader is None:
        raise RolecoderError(
            f"a file of the kind {path.suffix or 'without ending'}", where=str(path), expected=", ".join(FILE_KINDS)
        )
    try:
        for number, row in reader(path):
            yield f"{path}:{number}", {_name(str(k).strip()): _cell(v) for k, v in row.items()}
    except (OSError, UnicodeDecodeError) as cause:
        raise RolecoderError(
            f"cannot be read ({cause})", where=str(path), mend="save it as CSV in UTF-8, as JSONL or as XLSX"
        ) from cause


def _name(column: str) -> str:
    """A column that is read by its own name, however capitals are used; any other as it is."""
    return _READ_AS.get(column.casefold(), column)


def _cell(value: Any) -> Any:
    """A day as ISO; None where a cell is empty or blank."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return None if isinstance(value, str) and not value.strip() else value


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig") as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as cause:
                raise RolecoderError(f"not JSON ({cause})", where=f"{path}:{number}") from cause
            if not isinstance(row, dict):
                raise RolecoderError("not a JSON object", where=f"{path}:{number}")
            yield number, row


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    return iter(read_filled(path, "table").rows)


def _sheet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        rows = first_sheet(path.read_bytes())
    except RolecoderError as cause:
        raise RolecoderError(cause.found, where=str(path), expected=cause.expected, mend=cause.mend) from cause
    empty = dict.fromkeys(rows[0][1]) if rows else {}
    return ((number, empty | row) for number, row in rows)
