"""A coded passage as attribution reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

Features = dict[str, float]

WE = re.compile(r"\b(?:[Ww]e|[Oo]ur|ours|us|ourselves|OUR|WE)\b")
ONE = re.compile(r"\b(?:I|my|My|me|myself)\b")
YOU = re.compile(r"\b(?:[Yy]ou|[Yy]our|yours|yourselves|yourself)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributable:
    """A passage whose role is known and whose holder and aspect are asked for."""

    text: str
    before: str = ""
    after: str = ""
    source: str | None = None  # actor id of the state whose leader speaks
    addressee: str | None = None  # actor id of the other side of a conversation
    doc_type: str | None = None
    date: str | None = None
    roles: tuple[str, ...] = ()  # the clearest first
