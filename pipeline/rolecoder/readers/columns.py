"""Lists whose two sides stand beside each other on the page: the left column whole, then the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

GAP = re.compile(r"(?<=\S) {4,}(?=\S)")
STRAY = 8  # characters by which the beginnings of one column differ, with type of uneven width
ADDRESS = (
    r"(?:The\s+)?(?:(?:Deputy|Vice|Prime|Foreign|First|Under|Assistant|Acting|Crown|Defense|Finance)\s+)*"
    r"(?:Mr|Mrs|Ms|Dr|Sir|Lord|Gen|Amb|President|Minister|Premier|Chancellor|Chairman|Secretary|Ambassador|General|Admiral|"
    r"Colonel|Counselor|King|Prince|Queen|Senator)\b\.?(?:\s+of\s+State)?"
)
# Someone, and not the office of the one to the left of him: "Foreign Minister Berg", "The President".
SOMEONE = re.compile(
    rf"{ADDRESS}\s+(?!(?:General|Counsel|Minister|Secretary)\b)(?:[A-Z][\w.'’-]+\s?){{1,4}}(?:,.*|\(.*)?$|"
    r"(?:The )?(?:(?:Vice )?President|Prime Minister|Foreign Secretary)$"
)
SIDE = re.compile(r"(?:The\s+)?[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2}\s?:?")
OFFICE = re.compile(r"(?:Staff|Embassy|Office|Department|Ministry|Note ?taker|Interpreter|Adviser|Advisor)\b", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: its words with the blanks between them, and the characters before it."""

    indent: int
    text: str
    group: int = 0  # what the caller tells it by


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Put a list of two columns in the order in which it is read; any other list stays as it is.

    Two columns are taken for two sides where the first line of both names a side or someone, and no line
    has an office on the right without a name: names on the left with their offices on the right are no sides.
    """
    cuts = [(row, gaps[0]) for row in rows if len(gaps := list(GAP.finditer(row.text))) == 1]
    starts = [row.indent + gap.end() for row, gap in cuts]
    if not starts:
        return list(rows)
    edge = round(median(starts))
    rights = [row.text[gap.end() :].strip() for row, gap in cuts]
    if max(starts) - min(starts) > STRAY or not _sides(*_halves(*cuts[0]), rights):
        return list(rows)
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        gap = next((gap for other, gap in cuts if other is row), None)
        if gap is not None:
            left.append(replace(row, text=row.text[: gap.start()]))
            right.append(Row(max(row.indent + gap.end() - edge, 0), row.text[gap.end() :], row.group))
        elif row.indent >= edge - STRAY:
            right.append(replace(row, indent=max(row.indent - edge, 0)))
        else:
            left.append(row)
    margin = min(row.indent for row in left) if left else 0
    return [*left, *(replace(row, indent=margin + row.indent) for row in right)]


def _halves(row: Row, gap: re.Match[str]) -> tuple[str, str]:
    return row.text[: gap.start()].strip(), row.text[gap.end() :].strip()


def _sides(first: str, second: str, rights: Sequence[str]) -> bool:
    """Tell two sides from names with their offices."""
    if any(OFFICE.match(right) for right in rights):
        return False
    headed = SIDE.fullmatch(first) and SIDE.fullmatch(second) and not re.search(ADDRESS, f"{first} {second}")
    people = sum(SOMEONE.match(right) is not None for right in rights)
    return people >= 2 or (bool(headed) and len(rights) > 2 and people >= 1)
