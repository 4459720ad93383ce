"""Tables with a column of texts: CSV, JSON, JSONL and XLSX; one document a row."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_sizes
from rolecoder.readers.header import find_date
from rolecoder.readers.plain import decode
from rolecoder.readers.record import Found, Reading
from rolecoder.records import Participant

TEXT = ("text", "speech", "content", "body", "transcript", "full_text", "statement")
COLUMNS = {
    "title": ("title", "subject", "headline"),
    "date": ("date", "year", "datum"),
    "actor": ("actor", "actor_iso3", "iso3", "iso", "ccodealp", "country_code", "country"),
    "doc_type": ("doc_type", "type", "genre"),
    "place": ("place", "location", "city"),
    "language": ("language", "lang"),
    "citation": ("citation", "source", "url"),
}
NAMES = ("speakers", "speaker", "president", "author", "name")
IDS = ("doc_id", "document_id", "id")
MOST_ROWS = 2_000_000
LONGEST_FIELD = 20_000_000
Row = Mapping[str, object]


def read_csv(data: bytes) -> list[Reading]:
    """Read CSV with a header line; commas, semicolons, tabs or bars.

    Raises:
        RolecoderError: It is no table, or none of its columns holds texts.
    """
    text, _ = decode(data)
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, restkey="beyond"))
    except csv.Error as cause:
        raise RolecoderError(f"no readable CSV ({cause})", mend="save the table as CSV (UTF-8) again") from cause
    finally:
        csv.field_size_limit(before)
    return _documents(rows)


def read_jsonl(data: bytes) -> list[Reading]:
    """Read one JSON object a line."""
    rows = []
    for number, line in enumerate(decode(data)[0].removeprefix("\ufeff").splitlines(), start=1):
        if line.strip():
            rows.append(_json(line, f"line {number}"))
    return _documents(rows)


def read_json(data: bytes) -> list[Reading]:
    """Read one object with a text, a list of them, or a mapping that holds such a list."""
    value = _json(decode(data)[0].removeprefix("\ufeff"), None)
    if isinstance(value, dict) and _text_column(value) is None:
        lists = [part for part in value.values() if isinstance(part, list)]
        value = lists[0] if len(lists) == 1 else value
    return _documents(value if isinstance(value, list) else [value], single=isinstance(value, dict))


def read_xlsx(data: bytes) -> list[Reading]:
    """Read the first sheet whose header names a column of texts."""
    return _documents([row for sheet in sheets(data)[:1] for row in sheet])


def sheets(data: bytes) -> list[list[dict[str, object]]]:
    """The sheets of a workbook that hold rows, each row as a mapping of its header.

    Raises:
        RolecoderError: It is no workbook.
    """
    import openpyxl
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            check_sizes(parts)
            if any(b"<!ENTITY" in parts.read(name)[:10_000] for name in parts.namelist() if name.endswith(".xml")):
                raise RolecoderError("a workbook that declares entities", mend="save it in a spreadsheet program again")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found: list[list[dict[str, object]]] = []
        for sheet in book.worksheets:
            lines = sheet.iter_rows(values_only=True)
            head = [str(cell).strip() if cell is not None else "" for cell in next(lines, ())]
            rows = [dict(zip(head, line, strict=False)) for line in lines if any(cell is not None for cell in line)]
            if rows and any(head):
                found.append([{name: value for name, value in row.items() if name} for row in rows])
        book.close()
    except (*BROKEN, TypeError, AttributeError, IndexError, SyntaxError, etree.LxmlError) as cause:
        raise RolecoderError(
            f"no readable workbook ({cause})", mend="save it in a spreadsheet program again"
        ) from cause
    return found


def _json(text: str, where: str | None) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise RolecoderError(
            f"no readable JSON ({cause})", where=where, mend="check it with a JSON validator"
        ) from cause


def _documents(rows: Sequence[object], *, single: bool = False) -> list[Reading]:
    if not rows:
        raise RolecoderError("a table without rows")
    if len(rows) > MOST_ROWS:
        raise RolecoderError(f"a table of {len(rows):,} rows", expected=f"at most {MOST_ROWS:,}", mend="split it")
    readings = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise RolecoderError(f"row {number} is no object with fields", expected="fields, one of them `text`")
        column = _text_column(row)
        if column is None:
            names = ", ".join(str(name) for name in list(row)[:12])
            raise RolecoderError(
                f"no column of texts in row {number}; its columns are {names}",
                expected="a column named " + ", ".join(TEXT[:4]),
                mend="rename the column that holds the texts to `text`",
            )
        readings.append(_reading({str(k): v for k, v in row.items()}, column, None if single else f"row {number}"))
    return readings


def _text_column(row: Row) -> str | None:
    lower = {str(name).strip().lower(): str(name) for name in row}
    return next((lower[name] for name in TEXT if name in lower), None)


def _reading(row: dict[str, object], column: str, member: str | None) -> Reading:
    values = {
        name.strip().lower(): str(value).strip()
        for name, value in row.items()
        if name != column and isinstance(value, (str, int, float)) and str(value).strip()
    }
    metadata = {}
    for field, names in COLUMNS.items():
        for name in names:
            if name in values and (value := _value(field, values[name])):
                metadata[field] = Found(value=value, where=f"column {name}")
                break
    id_column = next((name for name in IDS if name in values), None)
    if id_column:
        metadata["doc_id"] = Found(value=values[id_column], where=f"column {id_column}")
    names_column = next((name for name in NAMES if name in values), None)
    people = [p.strip() for p in values[names_column].split(";") if p.strip()] if names_column else []
    if people:
        metadata["participants"] = Found(value="", where=f"column {names_column}")
    raw = row[column]
    return Reading(
        raw="" if raw is None else str(raw),
        member=member,
        metadata=metadata,
        participants=tuple(Participant(name=name) for name in people),
    )


def _value(field: str, value: str) -> str | None:
    if field != "date":
        return value
    iso = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?!\d)", value)
    return iso.group() if iso else find_date(value)
