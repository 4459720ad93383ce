"""Tables with a column of texts: CSV, JSON, JSONL and XLSX; one document a row."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from functools import lru_cache

from rolecoder.errors import RolecoderError
from rolecoder.readers.plain import decode
from rolecoder.readers.record import FIELDS, Found, Reading, field_names, not_read, people
from rolecoder.tabular.workbook import MOST_ROWS, read_sheets

TEXT = ("text", "speech", "content", "body", "transcript", "full_text", "statement")
NAMES = field_names()
KNOWN = frozenset((*TEXT, *NAMES))
READ = ("text", *FIELDS)
MOST_SHOWN = 200  # characters of a value
MOST_COLUMNS = 16_384
LONGEST_FIELD = 20_000_000
MOST_VALUES = {",": 15_000_000, "{": 2_000_000, "[": 2_000_000}  # of JSON, by the sign that begins them
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
BEYOND = "\x00beyond"  # how many fields stood beyond the header's
Row = Mapping[str, object]


def read_csv(data: bytes) -> list[Reading]:
    """Read CSV with a header line; commas, semicolons, tabs or bars.

    Raises:
        RolecoderError: It is no table, or none of its columns holds texts.
    """
    text, told = decode(data)
    text = text.removeprefix("\ufeff")
    first = text[:100_000].lstrip().split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        lines = csv.reader((line.group() for line in LINE.finditer(text)), delimiter=delimiter, strict=True)
        return _documents(_by_column(lines), told)
    except csv.Error as cause:
        raise RolecoderError(
            f"no readable CSV (line {lines.line_num:,}: {cause})", mend="save the table as CSV (UTF-8) again"
        ) from cause
    finally:
        csv.field_size_limit(before)


def _by_column(lines: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, object]]]:
    """Rows by the names in the header, numbered below it; of a table with texts, only the columns that are used."""
    head = next(filter(None, lines), [])
    if len(head) > MOST_COLUMNS:
        raise RolecoderError(
            f"a table of {len(head):,} columns",
            expected=f"at most {MOST_COLUMNS:,}",
            mend="keep the columns with texts",
        )
    known = [name.strip().lower() for name in head]
    if twice := next((name for name in TEXT if known.count(name) > 1), None):
        raise RolecoderError(f"two columns {twice!r}", mend="rename or delete one of them")
    text = _text_column(dict.fromkeys(head))
    used = [(at, name) for at, name in enumerate(head) if text is None or name.strip().lower() in KNOWN]
    others = {name: None for name in head if name.strip() and name.strip().lower() not in KNOWN}
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        row: dict[str, object] = others | {name: line[at] if at < len(line) else None for at, name in used}
        if beyond := sum(bool(field.strip()) for field in line[len(head) :]):
            row[BEYOND] = beyond
        yield number, row


def read_jsonl(data: bytes) -> list[Reading]:
    """Read one JSON object a line."""
    text, told = decode(data)
    lines = enumerate(LINE.finditer(text.removeprefix("\ufeff")), start=1)
    filled = ((number, line.group()) for number, line in lines if line.group().strip())
    return _documents(((number, _json(line, f"line {number:,}")) for number, line in filled), told)


def read_json(data: bytes) -> list[Reading]:
    """Read one object with a text, a list of them, or a mapping that holds such a list."""
    text, told = decode(data)
    value = _json(text.removeprefix("\ufeff"), None)
    if isinstance(value, dict) and _text_column(value) is None:
        lists = [part for part in value.values() if isinstance(part, list)]
        value = lists[0] if len(lists) == 1 else value
    rows = enumerate(value if isinstance(value, list) else [value], start=1)
    return _documents(rows, told, single=isinstance(value, dict))


def read_xlsx(data: bytes) -> list[Reading]:
    """Read every sheet whose header names a column of texts; the others are told of."""
    sheets = {sheet.name: [(at - sheet.above, row) for at, row in sheet.rows] for sheet in read_sheets(data)}
    texts = {name: column for name, rows in sheets.items() if (column := next(filter(None, map(_text_of, rows)), None))}
    if not texts:
        return _documents(next(iter(sheets.values()), []))
    doubts = tuple(f"sheet {name!r} has no column of texts, and is not read" for name in sheets if name not in texts)
    readings = []
    for number, (name, column) in enumerate(texts.items()):
        for _, row in sheets[name]:
            row.setdefault(column, None)  # it may end before that column
        found = _documents(sheets[name], doubts=doubts)
        readings += [replace(one, member=f"{name} {one.member}") if number else one for one in found]
    return readings


def _json(text: str, where: str | None) -> object:
    for sign, most in MOST_VALUES.items():
        if (count := text.count(sign)) > most:
            raise RolecoderError(
                f"JSON with {count:,} times {sign!r}", where=where, expected=f"at most {most:,}", mend="split the file"
            )
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as cause:
        raise RolecoderError(
            f"no readable JSON ({cause})", where=where, mend="check it with a JSON validator"
        ) from cause


def _documents(
    rows: Iterable[tuple[int, object]],
    told: tuple[str, ...] = (),
    doubts: tuple[str, ...] = (),
    *,
    single: bool = False,
) -> list[Reading]:
    """A document for each row; rows are numbered as people count them below the header."""
    readings: list[Reading] = []
    for number, row in rows:
        if len(readings) >= MOST_ROWS:
            raise RolecoderError(
                f"a table of more than {MOST_ROWS:,} rows", expected=f"at most {MOST_ROWS:,}", mend="split it"
            )
        if not isinstance(row, dict):
            raise RolecoderError(f"row {number} is no object with fields", expected="fields, one of them `text`")
        column = _text_column(row)
        if column is None:
            names = ", ".join(str(name)[:60] for name in list(row)[:12])
            raise RolecoderError(
                f"no column of texts in row {number}; its columns are {names}",
                expected="a column named " + ", ".join(TEXT[:4]),
                mend="rename the column that holds the texts to `text`",
            )
        member = None if single else f"row {number}"
        readings.append(_reading({str(k): v for k, v in row.items()}, column, member, told, doubts))
    if not readings:
        raise RolecoderError("a table without rows", expected="a header and a row for each text")
    return readings


def _text_of(numbered: tuple[int, Row]) -> str | None:
    return _text_column(numbered[1])


def _text_column(row: Row) -> str | None:
    lower = {str(name).strip().lower(): str(name) for name in row}
    return next((lower[name] for name in TEXT if name in lower), None)


def _reading(
    row: dict[str, object], column: str, member: str | None, told: tuple[str, ...], doubts: tuple[str, ...]
) -> Reading:
    values = {
        name.strip().lower(): shown
        for name, value in row.items()
        if name.strip().lower() in KNOWN and name != column and (shown := _shown(value))
    }
    metadata: dict[str, Found] = {}
    for name, field in NAMES.items():
        if values.get(name) and field not in metadata:
            most = None if field in ("speakers", "doc_id") else MOST_SHOWN
            metadata[field] = Found(value=values[name][:most], where=f"column {name}")
    named = metadata.pop("speakers", None)
    if named:
        metadata["participants"] = Found(value="", where=named.where)
    beyond = row.get(BEYOND)
    return Reading(
        raw=_text(row[column], member),
        member=member,
        metadata=metadata,
        participants=people(named.value) if named else (),
        mended=(*told, f"fields beyond the header's columns, left out: {beyond}") if beyond else told,
        doubts=(*doubts, *_not_read(row)),
    )


def _not_read(row: Row) -> tuple[str, ...]:
    """Say which columns beside the texts are not read: one of them may be meant for a date, state or speaker."""
    return _told(tuple(name for name in row if name != BEYOND and not _is_read(name, row[name])))


def _is_read(name: str, value: object) -> bool:
    """Whether a column is known and its cell of a kind that can be shown, or empty."""
    plain = value is None or isinstance(value, (str, int, float, date, time)) or bool(_shown(value))
    return plain and name.strip().lower() in KNOWN


@lru_cache(maxsize=16)  # the rows of a table have the same, and 100,000 share the words
def _told(others: tuple[str, ...]) -> tuple[str, ...]:
    return not_read(others, READ)


def _shown(value: object) -> str:
    """A cell as text, a day as ISO; empty where it holds no single value."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _text(value: object, where: str | None) -> str:
    """The text of a row; a list of texts is one of paragraphs."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    if value is not None and not isinstance(value, (str, int, float, date, time)):
        raise RolecoderError(
            f"a text that is none, but a {type(value).__name__}",
            where=where,
            expected="words in quotes, or a list of them",
            mend="put the words themselves under `text`",
        )
    return "" if value is None else str(value)
