"""Hard-wrapped lines put together into paragraphs: what stands between one line and the next."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rolecoder.pages.headlines import headline
from rolecoder.pages.offsets import Edit
from rolecoder.readers.lines import FULLY_ENDED, Line, deeper, ended, labelled
from rolecoder.readers.vocabulary import vocabulary

Between = Literal["paragraph", "blank", "nothing", "hyphen"]
WRAPPED_WIDTH = 130
ROOM = 0.9  # of the width that lines reach: a line that the next word would not have brought there ends on purpose
HYPHEN = re.compile(r"([A-Za-z]{2,})-$")
KEPT = {
    "non",
    "self",
    "co",
    "ex",
    "anti",
    "pre",
    "post",
    "semi",
    "multi",
    "inter",
    "vice",
    "well",
    "ill",
    "half",
    "so",
    "all",
    "cross",
    "under",
    "north",
    "south",
    "east",
    "west",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
}
ITEM = re.compile(r"(?:\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)|[•●▪*–—-])\s|\d{1,3}\.\s")
# The end of a line whose sentence a capital may continue: "of the", "United", not "1. Cuba" or half a word.
SMALL = (
    r"\s(?:[Tt]he|an?|of|in|and|that|or|as|with|to|for|by|at|on|from|which|is|are|was|our|its|their|his|these|those|this|"
    r"between|Mr)"
)
RUNS_ON = re.compile(rf"(?:{SMALL}|(?<![.:)])\s[A-Z][\w’'-]+|,)$")
UNFINISHED = re.compile(rf"{SMALL}$")
BROKEN_OFF = re.compile(rf"(?:\s[a-z’']+,?|,|{SMALL})$")
OPENS = re.compile(r"[\"“‘'(\[]*[A-Z0-9]")
# A line's hyphen in a file whose line breaks were made blanks: "self- determination", not "pre- and post-war".
FLATTENED = re.compile(r"- (?!(?:and|or|nor|to)\b)([A-Za-z]{2,20})(?![A-Za-z])")
BEFORE = re.compile(r"(?<![A-Za-z-])[A-Za-z]{2,20}$")
HYPHENED = re.compile(r"(?<![\w-])([A-Za-z][a-z]{1,19})-([a-z]{2,20})(?![\w-])")

WHOLE = re.compile(r"[a-z]+")
PARTED = re.compile(r"(?<![a-z])(?=([a-z]+-[a-z]+))")


class Spelled:
    """How often a text holds words, and words with a hyphen, that begin in some way."""

    def __init__(self, lines: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        for line in lines:
            text = line.lower()
            counts.update(WHOLE.findall(text))
            if "-" in text:
                counts.update(PARTED.findall(text))
        self.words = sorted(counts)
        self.sums = [0, *itertools.accumulate(counts[word] for word in self.words)]

    def count(self, start: str) -> int:
        """Words that begin so."""
        return self.sums[bisect_left(self.words, start + "~")] - self.sums[bisect_left(self.words, start)]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text is laid out."""

    wrapped: bool  # its lines end where the page did
    full: int  # width that a line broken by the page reaches
    blanks: bool  # blank lines part its paragraphs
    indented: bool  # an indented line begins a paragraph
    spread: bool = False  # blank lines part the lines of a paragraph too


def shape_of(lines: Sequence[Line]) -> Shape:
    """Tell from many lines how the text is laid out."""
    body = [line for line in lines if not line.header]
    pairs = [(a, b) for a, b in itertools.pairwise(body) if not b.blank]
    running = sorted(a.width for a, b in pairs if not ended(a))
    if not running or len(running) < 0.35 * len(pairs) or running[len(running) // 2] > WRAPPED_WIDTH:
        return Shape(False, 0, True, False)
    full = running[len(running) // 6]
    parted = sum(b.blank and not b.cut and not b.page and ended(a) for a, b in itertools.pairwise(body))
    indented = [ended(a) for a, b in pairs if 0 < b.indent - a.indent <= 12]
    blanks = parted >= max(1, len(body) / 45)
    inside = sum(b.blank and b.text[0].islower() and not ended(a) for a, b in itertools.pairwise(body))
    return Shape(
        wrapped=True,
        full=full,
        blanks=blanks,
        indented=not blanks and 0 < len(indented) < 0.35 * len(pairs) and sum(indented) >= 0.8 * len(indented),
        spread=inside >= max(5, len(body) / 10),
    )


def betweens(lines: Sequence[Line], shape: Shape, counts: Counter[str]) -> list[Between]:
    """What to put after each line but the last."""
    labels = Counter(label for line in lines if (label := labelled(line)))
    if "Q." not in labels:
        del labels["A."]  # an initial
    headings = _headings(lines, shape) if shape.wrapped else ()
    spelled: Spelled | None = None
    found: list[Between] = []
    for line, after in itertools.pairwise(lines):
        if line.header or after.header:
            found.append("blank" if line.header and after.header and _continues(line, after) else "paragraph")
            continue
        joined = (_joined if shape.wrapped else _resumed)(line, after, shape, labels)
        if not joined or len(found) in headings:
            found.append("paragraph")
            continue
        counts["lines joined"] += 1
        hyphen = HYPHEN.search(line.text, max(len(line.text) - 40, 0))
        if hyphen is None or not after.text[0].isalpha():
            found.append(
                "nothing" if line.text.endswith(("-", "—")) and not line.text.endswith((" -", " —", "--")) else "blank"
            )
            continue
        if spelled is None:
            spelled = Spelled(each.text for each in lines)
        counts["words hyphenated at a line's end put together"] += 1
        chained = line.text[hyphen.start() - 1 : hyphen.start()] == "-"
        found.append("nothing" if _keeps(hyphen.group(1), after.text, spelled, chained=chained) else "hyphen")
    return found


def _joined(line: Line, after: Line, shape: Shape, labels: Counter[str]) -> bool:
    """Whether, in a text of hard-wrapped lines, the second continues the paragraph of the first."""
    full_stop = ended(line)
    label = labelled(after)
    again = label is not None and labels[label] > 1 and not UNFINISHED.search(line.text)
    if label and (full_stop or after.blank or line.marked or again or line.width < shape.full * 0.6):
        return False
    if after.blank or after.page or after.cut:
        if line.marked or ITEM.match(after.text):
            return False
        if after.text[0].islower() and not FULLY_ENDED.search(line.text):
            return True
        broken = after.page or after.cut or (shape.spread and _runs_on(line))
        return broken and not full_stop and line.width >= shape.full * 0.75 and not line.text.isupper()
    if line.marked:
        return False
    if not full_stop:
        heading = line.width < shape.full * 0.5 and bool(OPENS.match(after.text)) and line.text[-1] not in ",;-–—"
        return not heading or line.text.split()[-1].islower() or UNFINISHED.search(line.text) is not None
    if shape.indented and 0 < after.indent - line.indent <= 12:
        return False
    first = after.text.split(None, 1)[0]
    room = line.width + 1 + len(first)
    if not OPENS.match(after.text):
        return True
    return room >= (shape.full * 0.6 if shape.blanks else shape.full - 1)


def _headings(lines: Sequence[Line], shape: Shape) -> set[int]:
    """The lines that are headings right above their text; one alone may be a sentence that breaks off early."""
    found = {
        number
        for number, (over, line, after) in enumerate(zip([None, *lines], lines, lines[1:], strict=False))
        if (over is None or line.blank or ended(over)) and _heads(line, after, shape)
    }
    return found if len(found) > 1 else set()


def _heads(line: Line, after: Line, shape: Shape) -> bool:
    """Whether a line has the form of a heading, a full line follows at once, and its first word had room on it."""
    if after.blank or after.page or after.cut or after.width < shape.full or not OPENS.match(after.text):
        return False
    room = line.width + 1 + len(after.text.split(None, 1)[0])
    return room < shape.full * ROOM and headline(line.text)


def _runs_on(line: Line) -> bool:
    """Whether the line's last word is one that a capital may follow in the midst of a sentence; no address ends so."""
    return not line.text.endswith(",") and RUNS_ON.search(line.text, max(len(line.text) - 40, 0)) is not None


def rejoined(lines: Sequence[Line], counts: Counter[str]) -> list[Between]:
    """What to put after each line but the last, in a text of a paragraph a line: a picture may part a sentence."""
    found: list[Between] = ["blank" if _parted(a, b) else "paragraph" for a, b in itertools.pairwise(lines)]
    counts["parted sentences put together"] += found.count("blank")
    return found


def _parted(line: Line, after: Line) -> bool:
    """Whether a long paragraph breaks off in the midst of a sentence that the next, long too, goes on with."""
    if line.width < 100 or after.width < 60 or not BROKEN_OFF.search(line.text, len(line.text) - 40):
        return False
    goes_on = UNFINISHED.search(line.text, len(line.text) - 40) and after.text[0].isalpha() and not after.text.isupper()
    return (after.text[0].islower() or bool(goes_on)) and not ITEM.match(after.text) and labelled(after) is None


def _resumed(line: Line, after: Line, shape: Shape, labels: Counter[str]) -> bool:
    """Whether, in a text of a paragraph a line, a sentence was broken off and goes on in the next line."""
    return (
        (
            after.text[0].islower()
            or bool(HYPHEN.search(line.text, max(len(line.text) - 40, 0)))
            or (line.width > 100 and after.text[0].isalpha() and bool(RUNS_ON.search(line.text, len(line.text) - 40)))
        )
        and (line.text[-1].isalnum() or line.text[-1] in ",’'-")
        and line.width > 40
        and not ITEM.match(after.text)
        and labelled(after) is None
    )


def _continues(line: Line, after: Line) -> bool:
    """Whether a line of a header goes on in the next: the next stands deeper, with no blank line between."""
    if after.blank or after.page or labelled(after) or re.match(r"[A-Z]{4,}", after.text):
        return False
    value = re.search(r"[:;]?\s{2,}(?=\S)", line.text) if re.match(r"[A-Z]{4,}", line.text) else None
    column = line.indent + (value.end() if value else 0)
    return deeper(after.indent, column, after.text) or (
        value is not None and line.text.startswith("SUBJ") and abs(after.indent - column) <= 3
    )


def flattened(text: str) -> list[Edit]:
    """Mend words that were divided at the end of a line that is no longer one; only where it is plain how.

    Returns:
        Edits that take out the blank, and the hyphen with it where the word has none.
    """
    edits: list[Edit] = []
    spelled: Spelled | None = None
    for found in FLATTENED.finditer(text):
        hyphen = found.start()
        left = BEFORE.search(text, max(hyphen - 24, 0), hyphen)
        if left is None:
            continue
        first, second = left.group().lower(), found.group(1).lower()
        spelled = Spelled([text]) if spelled is None else spelled
        whole, parted = spelled.count(first + second), spelled.count(f"{first}-{second}")
        if parted > whole or (first in KEPT and not whole):
            edits.append((hyphen + 1, hyphen + 2, ""))
        elif found.group(1).islower() and (whole or (first + second in vocabulary() and second not in vocabulary())):
            edits.append((hyphen, hyphen + 2, ""))
    return edits


def divided(text: str) -> list[Edit]:
    """Take out the hyphen of words that the page divided, "sup-port": their halves are not both words, the whole is.

    A word that is spelt so twice may be meant so, and is kept.
    """
    known = vocabulary()
    found = [m for m in HYPHENED.finditer(text) if m.group(1).lower() + m.group(2) in known]
    halves = [(m, m.group(1).lower(), m.group(2)) for m in found]
    times = Counter((first, second) for _, first, second in halves)
    return [
        (m.end(1), m.end(1) + 1, "")
        for m, first, second in halves
        if times[first, second] == 1 and first not in KEPT and not (first in known and second in known)
    ]


def _keeps(left: str, rest: str, spelled: Spelled, *, chained: bool) -> bool:
    """Whether the hyphen at the line's end belongs to the word, which may have one before it: "man-of-war"."""
    right = re.match(r"[A-Za-z]+", rest)
    if right is None or rest[0].isupper() or left.isupper():
        return True
    first, second = left.lower(), right.group().lower()
    whole, parted = spelled.count(first + second), spelled.count(f"{first}-{second}")
    if whole != parted:
        return parted > whole
    known = vocabulary()
    if first + second in known:
        return False
    return chained or first in KEPT or (first in known and second in known and len(first) > 2 and len(second) > 3)
