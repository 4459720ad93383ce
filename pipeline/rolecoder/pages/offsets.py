"""Text made from another text, with the way back: which code point came from where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Edit = tuple[int, int, str]  # start, end, replacement
Breaks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text and its breaks: pairs (offset in text, offset in source); between two, both run in step."""

    text: str
    breaks: Breaks = ((0, 0),)

    def source(self, offset: int) -> int:
        """Lead an offset in the text to the offset in the source."""
        at, there = self.breaks[max(bisect_right(self.breaks, offset, key=lambda pair: pair[0]) - 1, 0)]
        return there + offset - at

    def places(self, sources: Iterable[int]) -> list[int]:
        """Lead ascending offsets in the source to the first offsets in the text that come from there or later."""
        found, place, last = [], 0, len(self.breaks) - 1
        for wanted in sources:
            while place < last and self.breaks[place + 1][1] <= wanted:
                place += 1
            at, there = self.breaks[place]
            end = self.breaks[place + 1][0] if place < last else len(self.text)
            found.append(min(at + max(wanted - there, 0), end))
        return found


class Weaver:
    """Writes a text from stretches of a source and from words of its own, and keeps the map."""

    def __init__(self, source: str) -> None:
        self.text_of = source
        self.pieces: list[str] = []
        self.breaks: list[tuple[int, int]] = []
        self.at = 0
        self.lead: int | None = None  # offset in source less offset in text

    def copy(self, start: int, end: int) -> None:
        """Append a stretch of the source."""
        if end > start:
            self._step(start)
            self.pieces.append(self.text_of[start:end])
            self.at += end - start

    def put(self, words: str, start: int, end: int) -> None:
        """Append words that stand for a stretch of the source; what is longer than it maps to its end."""
        if not words:
            return
        self._step(start)
        self.pieces.append(words)
        room = max(end - start, 1)
        for extra in range(room, len(words)):
            self.breaks.append((self.at + extra, start + room - 1))
            self.lead = start + room - 1 - self.at - extra
        self.at += len(words)

    def _step(self, start: int) -> None:
        if start - self.at != self.lead:
            self.breaks.append((self.at, start))
            self.lead = start - self.at

    def woven(self) -> Mapped:
        """The text written so far."""
        return Mapped("".join(self.pieces), tuple(self.breaks) or ((0, 0),))


def edited(source: str, edits: Iterable[Edit]) -> Mapped:
    """Apply edits; of two that overlap, the one that starts first (and reaches further) counts."""
    weaver, done = Weaver(source), 0
    for start, end, words in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= done:
            weaver.copy(done, start)
            weaver.put(words, start, end)
            done = end
    weaver.copy(done, len(source))
    return weaver.woven()


def composed(outer: Mapped, inner: Mapped) -> Mapped:
    """``outer`` was made from ``inner.text``: lead its offsets through to the source of ``inner``."""
    if inner.breaks == ((0, 0),):
        return outer
    joined: list[tuple[int, int]] = []
    ends = [at for at, _ in outer.breaks[1:]] + [len(outer.text)]
    for (at, there), end in zip(outer.breaks, ends, strict=True):
        first = max(bisect_right(inner.breaks, there, key=lambda pair: pair[0]) - 1, 0)
        for mid, raw in inner.breaks[first:]:
            if mid >= there + end - at and mid > there:
                break
            pair = (at, raw + there - mid) if mid <= there else (at + mid - there, raw)
            if joined and joined[-1][0] == pair[0]:
                joined.pop()
            if not joined or joined[-1][1] - joined[-1][0] != pair[1] - pair[0]:
                joined.append(pair)
    return Mapped(outer.text, tuple(joined))
