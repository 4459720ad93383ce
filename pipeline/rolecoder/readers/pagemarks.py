"""Page numbers of a printed book that stand as marks in its plain text: ``[Pg 12]``, ``{12}``, ``[12]``, ``p. 12``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rolecoder.readers.record import Reading

STYLES = (
    re.compile(r"[\[{](?:Pg|Page|page|pg|p)\.? ?(\d{1,4})[\]}]"),
    re.compile(r"\{(\d{1,4})\}"),
    re.compile(r"\[(\d{1,4})\]"),
    re.compile(r"^[^\S\n]*(?:p\.|pg\.?|page) ?(\d{1,4})[^\S\n]*$", re.M | re.I),
)
LEAST = 5  # marks
RISING = 0.9  # of the marks that follow on the one before
APART = 400  # characters of a page, at least


def with_page_marks(reading: Reading) -> Reading:
    """Take the marks of pages out of the text to be coded, and keep the pages.

    Marks of one form are pages where they count upwards, each number once, a page's length apart: figures
    that lead to notes come twice, or lie closer.
    """
    if reading.pages:
        return reading
    for style in STYLES:
        marks = list(style.finditer(reading.raw))
        if _are_pages(marks):
            pages = tuple((mark.end(), mark.group(1)) for mark in marks)
            return replace(reading, pages=pages, omit=(*reading.omit, *(mark.span() for mark in marks)))
    return reading


def _are_pages(marks: Sequence[re.Match[str]]) -> bool:
    if len(marks) < LEAST:
        return False
    numbers = [int(mark.group(1)) for mark in marks]
    follow = sum(0 < after - before <= 3 for before, after in pairwise(numbers))
    apart = median(after.start() - before.end() for before, after in pairwise(marks))
    return follow >= RISING * (len(numbers) - 1) and apart >= APART
