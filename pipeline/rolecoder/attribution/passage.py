"""A coded passage as attribution reads it, and the way its rules are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

JUST_BEFORE, JUST_AFTER = 280, 160  # characters beside a passage in which others are named that may hold its role
Cues = dict[str, float]  # name of a cue -> how strong it is, from 0 upwards; most are 1 where a rule holds


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

    @property
    def just_before(self) -> str:
        """The last words before it, from a whole word on."""
        tail = self.before[-JUST_BEFORE:]
        return tail if tail == self.before else "".join(tail.split(maxsplit=1)[1:])

    @property
    def just_after(self) -> str:
        """The first words after it, up to a whole word."""
        head = self.after[:JUST_AFTER]
        return head if head == self.after else "".join(head.rsplit(maxsplit=1)[:-1])


def rule(text: str, *, case: bool = True) -> re.Pattern[str]:
    """Compile a rule: a regular expression in which any white space stands for white space in the text.

    Around ``|`` it stands for nothing, so that a long list of ways may run over several lines.
    """
    pattern = re.sub(r"\s*\|\s*", "|", " ".join(text.split())).replace(" ", r"\s+")
    return re.compile(pattern, 0 if case else re.IGNORECASE)


WE = rule(r"\b(?:[Ww]e|[Oo]ur|ours|us|ourselves|OUR|WE)\b")
ONE = rule(r"\b(?:I|[Mm]y|me|myself)\b")
YOU = rule(r"\b(?:[Yy]ou|[Yy]our|yours|yourselves|yourself)\b")
