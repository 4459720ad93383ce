"""Workbooks: the rows of their sheets, as far as a sheet reaches."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_parts

MOST_ROWS = 100_000  # texts of one file; some seconds of work
MOST_CELLS = 20_000_000  # of a sheet, empty ones between others counted
MOST_CELL_TAGS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet with a header and rows."""

    name: str
    above: int  # the header's row
    columns: tuple[str, ...]  # that have a name, in order; a name may come twice
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
                rows[0] = rows[0][0], dict.fromkeys(columns) | rows[0][1]  # others may end earlier
                yield Sheet(name=str(sheet.title), above=above, columns=columns, rows=rows)
    except (*BROKEN, TypeError, AttributeError, LookupError, ArithmeticError, SyntaxError, etree.LxmlError) as cause:
        raise RolecoderError(
            f"no readable workbook ({str(cause)[:200] or type(cause).__name__})",
            mend="save it in a spreadsheet program again",
        ) from cause


def has_merged_cells(data: bytes) -> bool:
    """Whether a sheet of a workbook that ``read_sheets`` has read has merged cells: all but one of them are empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            return any(b"mergeCell " in parts.read(name) for name in sheets)
    except BROKEN:
        return False


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
