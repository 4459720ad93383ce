"""Footnotes of a printed document that was saved as plain text: at its end, or in brackets inside the sentence."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import replace

from rolecoder.readers.record import Reading
from rolecoder.records import Note

SOURCE = re.compile(r"^(?:\* \* \*\s+)?\*\s?Source:\s", re.M)
PARAGRAPH = re.compile(r"\S[^\n]*(?:\n(?!\s*\n)[^\n]*)*")  # not possessive: Python 3.11.2 errs on such groups
FIGURE = re.compile(r"(?<=[A-Za-z.,;:!?”\"’ʼ)\]])\d{1,3}(?=[\s—–.,;:)\]])")
AFTER_YEAR = re.compile(r"(?<=\b1[6-9]\d\d)\d{1,2}(?=[\s—–.,;:)\]])")
INNER = re.compile(r"\s?\[Footnote\b(?:[^\[\]]++|\[[^\[\]]{0,200}\]){0,400}+\]")
NUMBERED = re.compile(r"(\d{1,3})\s?(?=[A-Z“\"‘\[])")


def without_footnotes(reading: Reading) -> Reading:
    """Keep a source note and the numbered notes after it apart from the text, where a text ends in them."""
    starts = list(SOURCE.finditer(reading.raw))
    if len(starts) != 1:
        return reading
    start = starts[0].start()
    found = [(m.start(), m.end(), m.group()) for m in PARAGRAPH.finditer(reading.raw, start) if m.group().strip("* ")]
    if not _are_notes([text for _, _, text in found[1:]]):
        return reading
    notes = [Note(kind=_kind(text), text=" ".join(text.split()), raw_start=a, raw_end=b) for a, b, text in found]
    numbers = [match.group(1) for _, _, text in found if (match := NUMBERED.match(text))]
    omit = (*reading.omit, *_figures(reading.raw, start, numbers), (start, len(reading.raw)))
    return replace(reading, omit=omit, notes=(*reading.notes, *notes))


def without_inner_notes(reading: Reading) -> Reading:
    """Keep notes of the form ``[Footnote: ...]`` apart from the text: the sentence around one goes on."""
    if "[Footnote" not in reading.raw:
        return reading
    found = [m.span() for m in INNER.finditer(reading.raw)]
    notes = [Note(kind="footnote", text=" ".join(reading.raw[a:b].split()), raw_start=a, raw_end=b) for a, b in found]
    return replace(reading, omit=(*reading.omit, *found), notes=(*reading.notes, *notes))


def _are_notes(texts: list[str]) -> bool:
    """Tell notes from a text that goes on: each is numbered, or stands between two whose numbers go up."""
    numbers = [int(match.group(1)) for text in texts if (match := NUMBERED.match(text))]
    if len(numbers) == len(texts):
        return True
    rising = all(a < b for a, b in itertools.pairwise(numbers))
    return rising and NUMBERED.match(texts[0]) is not None and NUMBERED.match(texts[-1]) is not None


def _kind(text: str) -> str:
    return "source" if "Source:" in text[:12] else "footnote"


def _figures(raw: str, end: int, numbers: list[str]) -> list[tuple[int, int]]:
    """Figures of notes, in their order; one stands right after a word or a stop, or where none does, after a year."""
    spans, at = [], 0
    heading = re.compile(r"(?<=[a-z)])Source(?=\s*\n)").search(raw, 0, min(end, 600))
    if heading:
        spans.append(heading.span())
        at = heading.end()
    places: dict[str, list[tuple[int, int]]] = {}
    for figure in FIGURE.finditer(raw, at, end):
        places.setdefault(figure.group(), []).append(figure.span())
    years = [figure.span() for figure in AFTER_YEAR.finditer(raw, at, end)]
    for number in numbers:
        dated = [span for span in years if raw[slice(*span)] == number]
        for found in (places.get(number, []), dated):
            nearest = bisect_left(found, (at, at))
            if nearest < len(found):
                spans.append(found[nearest])
                at = found[nearest][1]
                break
    return spans
