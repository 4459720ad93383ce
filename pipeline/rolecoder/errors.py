"""Errors that teach: what was found, what was expected, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class RolecoderError(Exception):
    """Something in the input or the set-up is wrong, and the user can mend it.

    ``main`` prints it without a traceback and exits with 1.  A bug raises anything else.
    """

    def __init__(
        self, found: str, *, where: str | None = None, expected: str | None = None, mend: str | None = None
    ) -> None:
        """Say what was found and, where known, the place, the expectation and the remedy.

        Args:
            found: What is wrong, as a clause that starts in lower case.
            where: File and row, document and offsets, or the name of a setting.
            expected: What would have been right.
            mend: What the user can do about it.
        """
        self.found, self.where, self.expected, self.mend = found, where, expected, mend
        super().__init__(str(self))

    def __str__(self) -> str:
        line = f"{self.where}: {self.found}" if self.where else self.found
        if self.expected:
            line += f"; expected {self.expected}"
        if self.mend:
            line += f"\n  mend: {self.mend}"
        return line


def closest(word: str, choices: Iterable[str], alike: float = 0.55) -> str | None:
    """Return the choice nearest in spelling to ``word``, or None where none is as much ``alike`` (difflib's ratio)."""
    by_folded = {choice.casefold(): choice for choice in choices}
    near = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=alike)
    return by_folded[near[0]] if near else None


def closest_said(word: str, choices: Iterable[str]) -> str:
    """Say which choice is nearest in spelling, after what was found; nothing where none is near."""
    near = closest(word, choices)
    return f"; closest is {near!r}" if near else ""


def listed(lines: Sequence[str], most: int) -> str:
    """Print lines below what they explain: the first ``most``, and how many more there are."""
    more = [f"and {len(lines) - most:,} more"] * (len(lines) > most)
    return "".join(f"\n  {line}" for line in [*lines[:most], *more])


def numbered(number: int, one: str) -> str:
    """Print a number with its noun: "1 passage", "12,400 passages"."""
    return f"{number:,} {one if number == 1 else one + 's'}"
