"""Cells of hand labels -> roles, words, dates and numbers, or why they are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rolecoder.codebook import Codebook
from rolecoder.errors import RolecoderError
from rolecoder.readers.header import iso_date

Row = Mapping[str, Any]
RANDOM = "random"  # the stratum of ordinary text
WRITTEN = "written"  # that of passages that nobody said: written to be learnt from
_NONE = {"", "none"}
BELOW_1 = re.compile(r"0,\d+")  # with the decimal comma of many countries' spreadsheets


def not_coded_yet(row: Row) -> bool:
    """Whether a row was drawn with a known probability and its roles are still empty."""
    empty = all(row.get(name) is None for name in ("roles", "undecided"))
    return "roles" in row and empty and row.get("sampling_probability") is not None


def empty_roles(rows: Iterable[Row]) -> tuple[int, str]:
    """Count the rows that are read as no role since their cell is empty; and why they may not be coded yet, if so.

    Args:
        rows: Of one file.
    """
    empty, denied, sided = 0, 0, 0
    for row in rows:
        if "roles" in row and row["roles"] is None and row.get("undecided") is None and not not_coded_yet(row):
            empty += 1
            sided += any(row.get(name) is not None for name in ("holder", "aspect"))
        denied += str(row.get("roles")).strip().casefold() == "none" and row.get("roles") is not None
    if not empty:
        return 0, ""
    why = [f"{sided:,} of them with a holder or aspect"] * (sided > 0)
    why += [f"while {denied:,} say none"] * (denied > 0)
    return empty, ", ".join(why)


def roles_in(value: Any, codebook: Codebook) -> tuple[str, ...]:
    """Codes of the roles that a cell or a list names, each once.

    Raises:
        RolecoderError: One is not in the codebook, or stands beside "none".
    """
    parts = value if isinstance(value, list) else str(value or "").split(";")
    words = [str(part).strip() for part in parts]
    if len({word.casefold() == "none" for word in words if word}) > 1:
        raise RolecoderError(f"'none' beside a role: {'; '.join(words)}", mend="leave one of the two")
    return tuple(dict.fromkeys(codebook.resolve(word) for word in words if word.casefold() not in _NONE))


def word_in(row: Row, name: str) -> str | None:
    """What stands in a cell, without blanks about it; None for nothing."""
    value = row.get(name)
    return None if value is None else str(value).strip() or None


def stratum_in(row: Row) -> str | None:
    """How a passage was drawn; capitals matter in names of one's own only."""
    said = word_in(row, "stratum")
    return said.casefold() if said and said.casefold() in (RANDOM, WRITTEN) else said


def date_in(row: Row, *, strict: bool) -> str | None:
    """The date as ISO: names are led to the actors that bore them then, so another form would mislead in silence.

    Args:
        row: Its column ``date`` is read.
        strict: Whether to refuse another form; else it is left out.

    Raises:
        RolecoderError: It is refused.
    """
    said = word_in(row, "date")
    read = said and iso_date(said)
    if read or said is None or not strict:
        return read
    raise RolecoderError(
        f"date {said!r}",
        expected="YYYY-MM-DD, YYYY-MM or YYYY",
        mend="a spreadsheet may have rewritten it: format the column as text",
    )


def number_in(row: Row, name: str) -> float | None:
    """A number above 0, of a probability up to 1; None for nothing.

    Raises:
        RolecoderError: It is none.
    """
    value = row.get(name)
    if value is None:
        return None
    try:
        number = float(
            value.replace(",", ".") if isinstance(value, str) and BELOW_1.fullmatch(value.strip()) else value
        )
    except (TypeError, ValueError, OverflowError):
        comma = isinstance(value, str) and "," in value
        mend = "write decimals with a point" if comma else None
        raise RolecoderError(f"{name} {value!r}", expected="a number", mend=mend) from None
    if not 0 < number < float("inf") or (name == "sampling_probability" and number > 1):
        raise RolecoderError(
            f"{name} {value!r}",
            expected="a number above 0" + (" and up to 1" if name == "sampling_probability" else ""),
        )
    return number


def truth_in(value: Any) -> bool | None:
    """Whether a cell says yes; None for nothing."""
    return None if value is None else str(value).strip().casefold() in {"true", "1", "yes"}
