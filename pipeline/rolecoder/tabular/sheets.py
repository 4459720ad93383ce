"""JSONL, CSV or XLSX -> rows with their places, as coders and spreadsheets write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError, closest, closest_said, listed, numbered
from rolecoder.tabular.filled import read_filled
from rolecoder.tabular.workbook import Sheet, has_merged_cells, read_sheets, without_value

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is read of a file: a sheet of a workbook without the ``needed`` ones is left aside, others may lack."""

    needed: tuple[str, ...]
    besides: tuple[str, ...]  # also sought under names that are misspelt
    others: tuple[str, ...] = ()


LABELS = Columns(
    needed=("id", "roles"),
    besides=(
        "before", "after", "holder", "aspect", "undecided", "source", "addressee", "doc_id", "doc_type", "date",
        "stratum", "weight", "sampling_probability",
    ),
    others=("text", "path", "start", "end", "checksum", "sure", "coders", "adjudicated"),
)  # fmt: skip
PASSAGES = Columns(needed=("id", "text"), besides=("before", "after", "source", "addressee", "doc_type", "date"))


def read_rows(path: Path) -> list[Row]:
    """Read a file of labels as one mapping per row; see ``placed_rows``."""
    return [row for _, row in placed_rows(path)]


def placed_rows(path: Path, columns: Columns = LABELS) -> Iterator[tuple[str, Row]]:
    """The rows of a JSONL, CSV or XLSX file, each with its place: file, sheet, and row as a spreadsheet numbers it.

    Empty cells, and those that say NA, are None; days are ISO; ids have no blanks about them.

    Raises:
        RolecoderError: It is not there, is of another kind, cannot be read, no sheet has the columns needed, or two
            columns are read as one.
    """
    kind = path.suffix.lower()
    if kind not in FILE_KINDS:
        raise RolecoderError(f"a file of the kind {kind or 'without ending'}", where=str(path), expected=_KINDS)
    try:
        rows = _json_lines(path) if kind == ".jsonl" else _READERS[kind](path, columns)
        checked = None
        for place, row in rows:
            if (names := tuple(row)) != checked:
                _check_names(names, columns, place if kind == ".jsonl" else place.rpartition(":")[0])
                checked = names
            cells = {_name(str(k)): _cell(v) for k, v in row.items()}
            if isinstance(cells.get("id"), str):
                cells["id"] = cells["id"].strip()
            yield place, cells
    except (OSError, UnicodeDecodeError) as cause:
        raise RolecoderError(
            f"cannot be read ({cause})", where=str(path), mend="save it as CSV in UTF-8, as JSONL or as XLSX"
        ) from cause


def unread(path: Path, columns: Columns = LABELS) -> list[str]:
    """What is not read and may have been meant to be: sheets without the columns needed, and columns misspelt."""
    told = []
    if path.suffix.lower() == ".xlsx":
        data, sheets = path.read_bytes(), _sheets(path)
        lacking = {sheet.name: " or ".join(_lacking(sheet.columns, columns)) for sheet in sheets}
        told = [f"{path}, sheet {name}: it has no column {lack}" for name, lack in lacking.items() if lack]
        merged = [each for each in sheets if not lacking[each.name] and has_merged_cells(data, each)]
        told += [
            f"{_where(path, each, sheets)}: merged cells, but for the first of each; part them and fill all"
            for each in merged
        ]
    there = dict.fromkeys(name for _, row in placed_rows(path, columns) for name in row)
    wanted = [name for name, read in _READ_AS.items() if read in columns.besides and read not in there]
    alike = {name: closest(name, wanted, _ALIKE) for name in there if name not in _NAMES}
    return told + [f"{path}: column {name!r}; closest is {near!r}" for name, near in alike.items() if near]


def _check_names(names: Iterable[str], columns: Columns, where: str) -> None:
    """Refuse two columns that are read as one, of which the first would be lost."""
    first: dict[str, str] = {}
    for name in names:
        read = _name(str(name))
        if read in first and read in (*columns.needed, *columns.besides, *columns.others):
            raise RolecoderError(
                f"columns {first[read]!r} and {name!r} are both read as {read!r}",
                where=where,
                expected="one column for each",
                mend="rename or delete one of them",
            )
        first[read] = name


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
                row = json.loads(line, object_pairs_hook=_once)
            except ValueError as cause:
                raise RolecoderError(f"not JSON ({cause})", where=f"{path}:{number}") from cause
            except RolecoderError as cause:
                raise RolecoderError(cause.found, where=f"{path}:{number}", mend=cause.mend) from cause
            if not isinstance(row, dict):
                raise RolecoderError("not a JSON object", where=f"{path}:{number}")
            yield f"{path}:{number}", row


def _once(fields: list[tuple[str, Any]]) -> Row:
    """A JSON object; it must not have a field twice, of which the first would be lost."""
    row = dict(fields)
    if len(row) < len(fields):
        names = [name for name, _ in fields]
        twice = next(name for name in names if names.count(name) > 1)
        raise RolecoderError(f"two fields {twice!r}", mend="rename or delete one of them")
    return row


def _csv_rows(path: Path, columns: Columns) -> Iterator[tuple[str, Row]]:
    def check(names: Sequence[str]) -> None:
        if lacking := _lacking(names, columns):
            others = [name for name in names if name and _name(name) not in _NAMES]
            raise RolecoderError(
                f"no column {' or '.join(lacking)} in the first row" + closest_said(lacking[0], others),
                where=str(path),
                expected="a first row that names the columns " + " and ".join(columns.needed),
                mend="rename the columns, or delete what stands above them",
            )

    return ((f"{path}:{number}", dict(row)) for number, row in read_filled(path, "table", check).rows)


def _sheet_rows(path: Path, columns: Columns) -> Iterator[tuple[str, Row]]:
    """The rows of all sheets that have the columns needed."""
    sheets = _sheets(path)
    read = [sheet for sheet in sheets if not _lacking(sheet.columns, columns)]
    if sheets and not read:
        shown = [f"sheet {sheet.name}: {', '.join(sheet.columns)}" for sheet in sheets]
        raise RolecoderError(
            "no sheet with rows has the columns needed" + listed(shown, _SHOWN),
            where=str(path),
            expected="a sheet whose first row names the columns " + " and ".join(columns.needed),
            mend="rename the columns, or delete what stands above them",
        )
    for sheet in read:
        where = _where(path, sheet, sheets)
        if twice := sorted({name for name in sheet.columns if sheet.columns.count(name) > 1}):
            raise RolecoderError(f"two columns {twice[0]!r}", where=where, mend="rename or delete one of them")
        _check_formulas(path, sheet, columns, where)
        empty = dict.fromkeys(sheet.columns)
        yield from ((f"{where}:{number}", empty | row) for number, row in sheet.rows)


def _where(path: Path, sheet: Sheet, sheets: Sequence[Sheet]) -> str:
    return f"{path}, sheet {sheet.name}" if len(sheets) > 1 else str(path)


def _check_formulas(path: Path, sheet: Sheet, columns: Columns, where: str) -> None:
    """Refuse formulas that no program has worked out, in the header or a column that is read: they are not empty."""
    named = dict(zip(sheet.letters, sheet.columns, strict=True))
    known = {*columns.needed, *columns.besides, *columns.others}
    faults = [
        f"{where}:{row}: column {named.get(letter, letter)!r}"
        for row, letter in without_value(path.read_bytes(), sheet)
        if row == sheet.above or (row > sheet.above and _name(named.get(letter, "")) in known)
    ]
    if faults:
        raise RolecoderError(
            f"{numbered(len(faults), 'cell')} with a formula whose value the file does not have"
            + listed(faults, _SHOWN),
            where=where,
            expected="the value of each, as spreadsheet programs save it",
            mend="open the file in a spreadsheet program and save it there, or write values in place of the formulas",
        )


def _sheets(path: Path) -> list[Sheet]:
    """The sheets with a header and rows."""
    try:
        return list(read_sheets(path.read_bytes()))
    except RolecoderError as cause:
        raise RolecoderError(cause.found, where=str(path), expected=cause.expected, mend=cause.mend) from cause


def _lacking(names: Iterable[str], columns: Columns) -> list[str]:
    """Columns needed that are not among these."""
    there = {_name(name) for name in names}
    return [name for name in columns.needed if name not in there]


_READERS = {".csv": _csv_rows, ".xlsx": _sheet_rows}
