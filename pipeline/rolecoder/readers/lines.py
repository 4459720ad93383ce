"""The lines of a text, and what can be told of one by its form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rolecoder.dialogue.titles import PARTICLE
from rolecoder.errors import RolecoderError

MOST_LINES = 500_000
LINE = re.compile(r"\S[^\n\r\f\x0b\x85\u2028\u2029]*")
ENDED = re.compile(r"[.?!…:]['\"’”)\]»*_]*$")
FULLY_ENDED = re.compile(r"[.?!…]['\"’”)\]»*_]*$")
# A speaker's label at the start of a line, with colon: "The President:", "PM Nawaz:", "K:".
LABEL = re.compile(
    rf"(?:\*\*|__?)?(?:(?:{PARTICLE})[ \t\-]){{0,2}}[^\W\d_a-zß-ÿ][\w.'’\-]*"
    rf"(?:[ \t]+(?:of|the|and|to|(?:{PARTICLE})\b[\w.'’\-]*|d['’]\w+|[^\W\d_a-zß-ÿ][\w.'’\-]*)){{0,6}}"
    r"[ \t]*(?:\([^()\n]{1,40}\))?[ \t]*[:;](?:\*\*|__?)?(?=\s|$)"
)
SHOUTED = re.compile(r"(?:THE [A-Z][A-Z ]{2,24}|Q|A|M[RS]S?\.? [A-Z][A-Z'’\- ]{1,24})\.(?= )")
# An entry of a list of participants: "Ann Lee, Adviser to the President".
NAMED = re.compile(r"[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){1,4},")


def deeper(indent: int, than: int, text: str) -> bool:
    """Whether an entry's next line stands so much deeper that it goes on with the entry."""
    return indent >= than + (6 if NAMED.match(text) else 2)


@dataclass(slots=True)
class Line:
    """One line that holds more than blanks; offsets count the text that it stands in."""

    start: int
    end: int
    text: str
    indent: int
    blank: bool = False  # a blank line, or the text's start, comes before
    page: bool = False  # a form feed comes before
    cut: bool = False  # furniture that stood before it was taken out
    marked: bool = False  # a classification mark was taken from its end
    header: bool = False  # part of the block that names subject, participants, date

    @property
    def width(self) -> int:
        """Characters, with runs of blanks counted once."""
        return len(self.text) if "  " not in self.text else len(" ".join(self.text.split()))


def ended(line: Line) -> bool:
    """Whether the line ends as sentences do, or with a colon."""
    return ENDED.search(line.text, max(len(line.text) - 12, 0)) is not None


def split_lines(text: str) -> list[Line]:
    """The lines of a text that hold more than blanks.

    Raises:
        RolecoderError: It has more lines than a document has.
    """
    lines: list[Line] = []
    last = 0
    for match in LINE.finditer(text):
        start = match.start()
        content = match.group().rstrip()
        gap = start - last
        indent, blank, page = 0, not lines, False
        if lines and gap == 1:
            pass
        else:
            between = text[last:start]
            turns = between.count("\n") or between.count("\r")
            blank = blank or turns > 1 or "\u2029" in between
            page = "\f" in between
            indent = len(between) - max(between.rfind("\n"), between.rfind("\f"), between.rfind("\r")) - 1
        last = start + len(content)
        if len(lines) == MOST_LINES:
            raise RolecoderError(
                f"a text of more than {MOST_LINES:,} lines",
                expected="one document",
                mend="split the file into its documents",
            )
        lines.append(Line(start, last, content, indent, blank, page))
    return lines


def labelled(line: Line) -> str | None:
    """The speaker's label that the line begins with, or None."""
    head = line.text[:62]
    if ":" not in head and ";" not in head and not (head[:1].isupper() and "." in head):
        return None
    found = LABEL.match(line.text, 0, 61) or SHOUTED.match(line.text, 0, 61)
    return found.group() if found and found.end() <= 60 else None
