"""Printed numbers of a book's pages, and the running heads that bear them, at the top and foot of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LINE = re.compile(r"[^\n]*[^\s][^\n]*")
FIRST = re.compile(r"\s*[^\w\n]{0,3}(\d{1,4})(?:[^\w\n]{0,3}|\s+\S.{0,70})")
LAST = re.compile(r"\s*(?:\S.{0,70}\s)?[^\w\n]{0,3}(\d{1,4})[^\w\n]{0,3}")
LEAST = 5  # pages whose printed numbers agree
SHARE = 0.5  # of all pages, at least


@dataclass(frozen=True, slots=True)
class Printed:
    """The labels of the pages, and where their numbers stand: spans of the whole text, half-open."""

    labels: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def printed_numbers(pages: Sequence[str], starts: Sequence[int]) -> Printed | None:
    """Read the numbers that are printed on the pages, alone or in a running head.

    They are page numbers where they count up with the pages, on half of them or more.  A page before
    the first or after the last of them has no number of its own: its place in the file stands in brackets.

    Args:
        pages: The pages' texts.
        starts: Where each begins in the whole text.
    """
    found = [(number - place, place, span) for place, page in enumerate(pages) for number, span in _edges(page)]
    ahead, count = next(iter(Counter(each[0] for each in found).most_common(1)), (0, 0))
    if count < max(LEAST, SHARE * len(pages)):
        return None
    agreed = [(place, span) for difference, place, span in found if difference == ahead]
    first, last = agreed[0][0], agreed[-1][0]
    labels = (str(n + ahead) if first <= n <= last else f"[{n + 1}]" for n in range(len(pages)))
    spans = ((starts[place] + span[0], starts[place] + span[1]) for place, span in agreed)
    return Printed(tuple(labels), tuple(spans))


def _edges(page: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """The numbers in the first and the last line of a page, and where the line stands."""
    lines = list(LINE.finditer(page))
    for line in {each.start(): each for each in (*lines[:1], *lines[-1:])}.values():
        matches = (pattern.fullmatch(line.group()) for pattern in (FIRST, LAST))
        for number in {int(match[1]) for match in matches if match}:
            yield number, line.span()
