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
from rolecoder.readers.record import Found, Reading
from rolecoder.records import Participant
from rolecoder.tabular.workbook import MOST_ROWS, read_sheets

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
KNOWN = frozenset((*TEXT, *NAMES, *IDS, *(name for names in COLUMNS.values() for name in names)))
READ = ("text", "title", "date", "actor", "doc_type", "place", "language", "citation", "speakers", "doc_id")
MOST_NAMED, MOST_SHOWN = 8, 200  # columns, characters of a value
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
        return _documents(_by_column(filter(None, lines)), told)
    except csv.Error as cause:
        raise RolecoderError(
            f"no readable CSV (line {lines.line_num:,}: {cause})", mend="save the table as CSV (UTF-8) again"
        ) from cause
    finally:
        csv.field_size_limit(before)


def _by_column(lines: Iterator[list[str]]) -> Iterator[dict[str, object]]:
    """Rows by the names in the header; of a table with texts, only the columns that are used."""
    head = next(lines, [])
    if len(head) > MOST_COLUMNS:
        raise RolecoderError(
            f"a table of {len(head):,} columns",
            expected=f"at most {MOST_COLUMNS:,}",
            mend="keep the columns with texts",
        )
    text = _text_column(dict.fromkeys(head))
    used = [(at, name) for at, name in enumerate(head) if text is None or name.strip().lower() in KNOWN]
    others = {name: None for name in head if name.strip() and name.strip().lower() not in KNOWN}
    for line in lines:
        row: dict[str, object] = others | {name: line[at] if at < len(line) else None for at, name in used}
        if beyond := sum(bool(field.strip()) for field in line[len(head) :]):
            row[BEYOND] = beyond
        yield row


def read_jsonl(data: bytes) -> list[Reading]:
    """Read one JSON object a line."""
    text, told = decode(data)
    lines = enumerate(LINE.finditer(text.removeprefix("\ufeff")), start=1)
    return _documents((_json(line.group(), f"line {number:,}") for number, line in lines if line.group().strip()), told)


def read_json(data: bytes) -> list[Reading]:
    """Read one object with a text, a list of them, or a mapping that holds such a list."""
    text, told = decode(data)
    value = _json(text.removeprefix("\ufeff"), None)
    if isinstance(value, dict) and _text_column(value) is None:
        lists = [part for part in value.values() if isinstance(part, list)]
        value = lists[0] if len(lists) == 1 else value
    return _documents(value if isinstance(value, list) else [value], told, single=isinstance(value, dict))


def read_xlsx(data: bytes) -> list[Reading]:
    """Read every sheet whose header names a column of texts; the others are told of."""
    sheets = {name: [row for _, row in rows] for name, rows in read_sheets(data)}
    texts = {name: rows for name, rows in sheets.items() if any(map(_text_column, rows))}
    if not texts:
        return _documents(next(iter(sheets.values()), []))
    doubts = tuple(f"sheet {name!r} has no column of texts, and is not read" for name in sheets if name not in texts)
    readings = []
    for number, (name, rows) in enumerate(texts.items()):
        column = next(filter(None, map(_text_column, rows)))
        for row in rows:
            row.setdefault(column, None)  # it may end before that column
        found = _documents(rows, doubts=doubts)
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
    rows: Iterable[object], told: tuple[str, ...] = (), doubts: tuple[str, ...] = (), *, single: bool = False
) -> list[Reading]:
    readings = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
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
    metadata = {}
    for field, names in COLUMNS.items():
        for name in names:
            if values.get(name):
                metadata[field] = Found(value=values[name][:MOST_SHOWN], where=f"column {name}")
                break
    id_column = next((name for name in IDS if name in values), None)
    if id_column:
        metadata["doc_id"] = Found(value=values[id_column], where=f"column {id_column}")
    names_column = next((name for name in NAMES if name in values), None)
    people = [p.strip() for p in values[names_column].split(";") if p.strip()] if names_column else []
    if people:
        metadata["participants"] = Found(value="", where=f"column {names_column}")
    beyond = row.get(BEYOND)
    return Reading(
        raw=_text(row[column], member),
        member=member,
        metadata=metadata,
        participants=tuple(Participant(name=name) for name in people),
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
    shown = ", ".join(repr(name[:40]) for name in others[:MOST_NAMED]) + ", ..." * (len(others) > MOST_NAMED)
    return (f"columns that are not read: {shown}; those that are: {', '.join(READ)}",) if others else ()


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
