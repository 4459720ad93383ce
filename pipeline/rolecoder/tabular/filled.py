"""Tables that people fill in beside their texts: CSV, as a spreadsheet program of any language saves it."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rolecoder.errors import RolecoderError

MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A table as it was filled in; rows are numbered as a spreadsheet shows them, the header is row 1."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]  # rows without any sign are left out


def read_filled(path: Path, what: str, check: Callable[[Sequence[str]], None] = lambda columns: None) -> Filled:
    """Read CSV in UTF-8 whose header and cells are parted by commas, semicolons or tabs.

    Args:
        path: The file.
        what: It is, for messages: "manifest".
        check: Is given the columns, and may refuse them, before any row is read.

    Raises:
        RolecoderError: It cannot be read, has too many columns, a column twice, a quotation mark that is not closed,
            or a row with more cells than columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            header = handle.readline()
            handle.seek(0)
            return _table(_rows(handle, max(",;\t", key=header.count), path), path, check)
    except (OSError, UnicodeDecodeError) as cause:
        if isinstance(cause, FileNotFoundError):
            raise RolecoderError(f"no such {what}", where=str(path), mend="check the path") from cause
        why = (cause.strerror if isinstance(cause, OSError) else None) or cause
        raise RolecoderError(
            f"not a readable {what} ({why})", where=str(path), expected="CSV in UTF-8", mend="save it as CSV in UTF-8"
        ) from cause


def _rows(handle: Iterable[str], delimiter: str, path: Path) -> Iterator[list[str]]:
    """Rows; a stray quotation mark is no fault in a row of one line, but where it takes in others."""
    taken: list[str] = []  # lines of the row that is read

    def lines() -> Iterator[str]:
        for line in handle:
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    for number in itertools.count(1):
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as cause:
            if len(taken) > 1:
                raise RolecoderError(
                    f"no readable row ({cause}): a quotation mark may not be closed, and take in the rows after it",
                    where=f"{path}:{number}",
                    mend="look in this row for a cell that begins with a quotation mark and does not end in one; write "
                    "twice a mark that is meant inside a quoted cell",
                ) from cause
            row = next(csv.reader(taken, delimiter=delimiter))
        yield row


def _table(lines: Iterator[list[str]], path: Path, check: Callable[[Sequence[str]], None]) -> Filled:
    columns = tuple(name.strip() for name in next(lines, []))
    check(columns)
    if len(columns) > MOST_COLUMNS:
        raise RolecoderError(f"{len(columns):,} columns", where=str(path), expected=f"at most {MOST_COLUMNS:,}")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RolecoderError(f"two columns {twice[0]!r}", where=str(path), mend="rename or delete one of them")
    rows = []
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise RolecoderError(
                "more cells than the header has columns",
                where=f"{path}:{number}",
                mend="put cells that hold the sign between cells in quotes",
            )
        if any(cell.strip() for cell in cells):
            row = {name: cells[at] if at < len(cells) else "" for at, name in enumerate(columns) if name}
            rows.append((number, row))
    return Filled(columns=tuple(filter(None, columns)), rows=tuple(rows))
