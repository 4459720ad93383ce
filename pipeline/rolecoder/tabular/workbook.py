"""Workbooks: the rows of their sheets, as far as a sheet reaches."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_parts

MOST_ROWS = 100_000  # texts of one file; some seconds of work
MOST_CELLS = 20_000_000  # of a sheet, empty ones between others counted
MOST_CELL_TAGS = 4_000_000
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
PLACE = re.compile(r"(?P<letter>[A-Z]+)(?P<row>\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet with a header and rows."""

    name: str
    above: int  # the header's row
    columns: tuple[str, ...]  # that have a name, in order; a name may come twice
    letters: tuple[str, ...]  # by which a spreadsheet knows these columns
    part: str  # of the workbook's archive
    rows: list[tuple[int, dict[str, object]]]  # number as shown, and cells by column


def first_sheet(data: bytes) -> list[tuple[int, dict[str, object]]]:
    """The rows of the first sheet of a workbook with a header and rows.

    Raises:
        RolecoderError: It is no workbook.
    """
    return next((sheet.rows for sheet in read_sheets(data)), [])


def read_sheets(data: bytes) -> Iterator[Sheet]:
    """Each sheet with a header and rows.

    Raises:
        RolecoderError: It is no workbook.
    """
    import openpyxl
    from lxml import etree
    from openpyxl.utils import get_column_letter

    try:
        check_parts(data, MOST_CELL_TAGS)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a sheet says of its size may be wrong
            lines = _bounded(sheet.iter_rows(values_only=True))
            filled = ((at, line) for at, line in enumerate(lines, start=1) if any(cell is not None for cell in line))
            above, first = next(filled, (0, ()))
            head = [str(cell).strip() if cell is not None else "" for cell in first]
            rows = [(at, {name: cell for name, cell in zip(head, line, strict=False) if name}) for at, line in filled]
            if any(head) and rows:
                columns = tuple(filter(None, head))
                letters = tuple(get_column_letter(at) for at, name in enumerate(head, start=1) if name)
                rows[0] = rows[0][0], dict.fromkeys(columns) | rows[0][1]  # others may end earlier
                part = str(sheet._worksheet_path)  # type: ignore[attr-defined]  # openpyxl tells it nowhere else
                yield Sheet(name=str(sheet.title), above=above, columns=columns, letters=letters, part=part, rows=rows)
    except (*BROKEN, TypeError, AttributeError, LookupError, ArithmeticError, SyntaxError, etree.LxmlError) as cause:
        raise RolecoderError(
            f"no readable workbook ({str(cause)[:200] or type(cause).__name__})",
            mend="save it in a spreadsheet program again",
        ) from cause


def has_merged_cells(data: bytes, sheet: Sheet) -> bool:
    """Whether a sheet that ``read_sheets`` has read of a workbook has merged cells: all but one of them are empty."""
    return b"mergeCell " in _part(data, sheet)


def without_value(data: bytes, sheet: Sheet) -> list[tuple[int, str]]:
    """The cells with a formula that no program has worked out, which are read as empty: row, and column's letter."""
    from lxml import etree

    part = _part(data, sheet)
    if FORMULA.search(part) is None:
        return []
    found = []
    for _, cell in etree.iterparse(io.BytesIO(part), tag="{*}c", resolve_entities=False, huge_tree=True, recover=True):
        at, kind = PLACE.fullmatch(cell.get("r", "")), cell.get("t")
        known = cell.findtext("{*}v") or kind in ("str", "inlineStr")  # a text may be empty
        if at and not known and cell.find("{*}f") is not None:
            found.append((int(at["row"]), at["letter"]))
        cell.clear()
    return found


def _part(data: bytes, sheet: Sheet) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(sheet.part)


def _bounded(lines: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """The rows of a sheet, as far as a sheet reaches."""
    cells = 0
    for number, line in enumerate(lines, start=1):
        cells += len(line)
        if number > MOST_ROWS or cells > MOST_CELLS:
            raise RolecoderError(
                f"a sheet of more than {number - 1:,} rows and {cells - len(line):,} cells",
                expected=f"at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells",
                mend="save the sheet as CSV",
            )
        yield line
