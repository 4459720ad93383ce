"""How long work says how far it is, without knowing who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import TypeVar

Advance = Callable[[int, int | None], None]  # done, total; total is None where it is not known
Progress = Callable[[str, str], AbstractContextManager[Advance]]  # what is done, and in which unit
T = TypeVar("T")


@contextmanager
def silent(what: str, unit: str) -> Iterator[Advance]:
    """Tell nobody."""
    yield lambda done, total: None


def blocks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Take items together in lists of at most ``size``."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block
