"""JSONL, CSV or XLSX -> rows with their places, as coders and spreadsheets write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError, closest, listed
from rolecoder.tabular.filled import read_filled
from rolecoder.tabular.workbook import read_sheets

FILE_KINDS = (".jsonl", ".csv", ".xlsx")
_KINDS = ", ".join(FILE_KINDS)
_NAMES = (
    "id", "text", "before", "after", "roles", "holder", "aspect", "undecided", "source", "addressee", "doc_id",
    "doc_type", "date", "sure", "stratum", "coders", "adjudicated", "weight", "sampling_probability", "path", "start",
    "end", "checksum",
)  # fmt: skip
_READ_AS = {name: name for name in _NAMES} | {"document_id": "doc_id", "passage_id": "id"}


_EMPTY = {"", "NA"}  # NA: what R writes for an empty cell
_ALIKE, _SHOWN = 0.76, 10  # of a column under a slightly wrong name (difflib's ratio); sheets that are named

Row = dict[str, Any]
Sheets = dict[str, list[tuple[int, Row]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is read of a file: a sheet of a workbook without the ``needed`` ones is left aside, others may lack."""

    needed: tuple[str, ...]
    besides: tuple[str, ...]


LABELS = Columns(
    needed=("id", "roles"),
    besides=(
        "before", "after", "holder", "aspect", "undecided", "source", "doc_id", "doc_type", "date", "stratum", "weight",
        "sampling_probability",
    ),
)  # fmt: skip
PASSAGES = Columns(needed=("id", "text"), besides=("before", "after", "source", "addressee", "doc_type", "date"))


def read_rows(path: Path) -> list[Row]:
    """Read a file of labels as one mapping per row; see ``placed_rows``."""
    return [row for _, row in placed_rows(path)]


def placed_rows(path: Path, columns: Columns = LABELS) -> Iterator[tuple[str, Row]]:
    """The rows of a JSONL, CSV or XLSX file, each with its place: file, sheet, and row as a spreadsheet numbers it.

    Empty cells, and those that say NA, are None; days are ISO.

    Raises:
        RolecoderError: It is not there, is of another kind, cannot be read, or no sheet has the columns needed.
    """
    kind = path.suffix.lower()
    if kind not in FILE_KINDS:
        raise RolecoderError(f"a file of the kind {kind or 'without ending'}", where=str(path), expected=_KINDS)
    try:
        rows = _sheet_rows(path, columns) if kind == ".xlsx" else {".jsonl": _json_lines, ".csv": _csv_rows}[kind](path)
        for place, row in rows:
            yield place, {_name(str(k)): _cell(v) for k, v in row.items()}
    except (OSError, UnicodeDecodeError) as cause:
        raise RolecoderError(
            f"cannot be read ({cause})", where=str(path), mend="save it as CSV in UTF-8, as JSONL or as XLSX"
        ) from cause


def unread(path: Path, columns: Columns = LABELS) -> list[str]:
    """What is not read and may have been meant to be: sheets without the columns needed, and columns misspelt."""
    told = []
    if path.suffix.lower() == ".xlsx":
        lacking = {name: " or ".join(_lacking(rows, columns)) for name, rows in _sheets(path).items()}
        told = [f"{path}, sheet {name}: it has no column {lack}" for name, lack in lacking.items() if lack]
    there = dict.fromkeys(name for _, row in placed_rows(path, columns) for name in row)
    wanted = [name for name, read in _READ_AS.items() if read in columns.besides and read not in there]
    alike = {name: closest(name, wanted, _ALIKE) for name in there if name not in _NAMES}
    return told + [f"{path}: column {name!r}; closest is {near!r}" for name, near in alike.items() if near]


def _name(column: str) -> str:
    """A column that is read by its own name, however capitals are used; any other as it is."""
    return _READ_AS.get(column.strip().casefold(), column.strip())


def _cell(value: Any) -> Any:
    """A day as ISO; None where a cell is empty, blank or NA."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return None if isinstance(value, str) and value.strip() in _EMPTY else value


def _json_lines(path: Path) -> Iterator[tuple[str, Row]]:
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
            yield f"{path}:{number}", row


def _csv_rows(path: Path) -> Iterator[tuple[str, Row]]:
    return ((f"{path}:{number}", dict(row)) for number, row in read_filled(path, "table").rows)


def _sheet_rows(path: Path, columns: Columns) -> Iterator[tuple[str, Row]]:
    """The rows of all sheets that have the columns needed."""
    sheets = _sheets(path)
    read = {name: rows for name, rows in sheets.items() if not _lacking(rows, columns)}
    if sheets and not read:
        shown = [f"sheet {name}: {', '.join(rows[0][1])}" for name, rows in sheets.items()]
        raise RolecoderError(
            "no sheet has the columns needed" + listed(shown, _SHOWN),
            where=str(path),
            expected="a sheet whose first row names the columns " + " and ".join(columns.needed),
            mend="rename the columns, or delete what stands above them",
        )
    for name, rows in read.items():
        where = f"{path}, sheet {name}" if len(sheets) > 1 else str(path)
        empty = dict.fromkeys(rows[0][1])
        yield from ((f"{where}:{number}", empty | row) for number, row in rows)


def _sheets(path: Path) -> Sheets:
    """The rows of each sheet with a header."""
    try:
        return {name: rows for name, _, rows in read_sheets(path.read_bytes())}
    except RolecoderError as cause:
        raise RolecoderError(cause.found, where=str(path), expected=cause.expected, mend=cause.mend) from cause


def _lacking(rows: list[tuple[int, Row]], columns: Columns) -> list[str]:
    """Columns needed that a sheet does not have."""
    there = {_name(name) for name in rows[0][1]}
    return [name for name in columns.needed if name not in there]
