"""The text layer of a PDF: words where they stand on the page, put into lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.plain import LONGEST

if TYPE_CHECKING:
    import pypdfium2

MOST_PAGES = 5000
LONG, TWICE = 8, 0.25  # characters of a line that counts; share of such lines that lie over others
BROKEN_WORD = "\ufffe\x02"  # what the library puts for a hyphen at a line's end, with no line break after it
HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\u0000": " "})
JOINER = "\u2060"  # stands for a blank that is none, so that offsets stay
FRAGMENT = re.compile(r"(?<= )[b-hj-zB-HJ-Z](?= )")  # letters that are no word
STRETCH = re.compile(rf"[^\r\n{BROKEN_WORD}]*[{BROKEN_WORD}]|[^\r\n{BROKEN_WORD}]+")


@dataclass(slots=True)
class Stretch:
    """Words on one line of the page; coordinates in points, from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Height of the middle of the line."""
        return (self.bottom + self.top) / 2


def layer(data: bytes, page_done: Callable[[], None]) -> dict[str, Any]:
    """The texts of the pages, their labels, the title, and whether two texts lie over each other.

    ``page_done`` is called after each page.

    Raises:
        RolecoderError: It is broken, locked or too long.
    """
    pages, length = [], 0
    lines = overlaid = 0
    with opened(data) as document:
        for number in range(len(document)):
            stretches, plain = _stretches(document[number])
            pages.append(_set(_rows(stretches)) if stretches else plain)
            long = [s for s in stretches if len(s.text) >= LONG]
            lines, overlaid = lines + len(long), overlaid + _overlaid(long)
            length += len(pages[-1])
            if length > LONGEST:
                raise RolecoderError(
                    f"a PDF of more than {LONGEST:,} characters", expected="one document", mend="split it"
                )
            page_done()
        labels = [document.get_page_label(number) or str(number + 1) for number in range(len(pages))]
        title = (document.get_metadata_dict().get("Title") or "").strip()
    return {"pages": pages, "labels": labels, "title": title, "twice": overlaid > TWICE * max(lines, 1)}


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF; it is closed at the end.

    Raises:
        RolecoderError: It is broken, locked or too long.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as cause:
        locked = "password" in str(cause).lower()
        raise RolecoderError(
            "a PDF locked by a password" if locked else f"no readable PDF ({cause})",
            mend="save it without a password" if locked else "open it in a viewer and print it to PDF again",
        ) from cause
    try:
        if len(document) > MOST_PAGES:
            raise RolecoderError(
                f"a PDF of {len(document):,} pages", expected=f"at most {MOST_PAGES:,}", mend="split it"
            )
        try:
            yield document
        except pypdfium2.PdfiumError as cause:
            raise RolecoderError(
                f"a damaged PDF ({cause})", mend="open it in a viewer and print it to PDF again"
            ) from cause
    finally:
        document.close()


def _stretches(page: Any) -> tuple[list[Stretch], str]:
    """The words of a page with their places, and its text as the file has it."""
    layer = page.get_textpage()
    text = layer.get_text_range()
    if len(FRAGMENT.findall(text)) > 0.03 * text.count(" ") > 0:
        text = _without_false_blanks(layer, text)
    count = layer.count_chars()
    stretches = []
    for match in STRETCH.finditer(text):
        words = match.group().translate(HYPHENS).strip()
        if not words or match.end() > count:
            continue
        first = match.start() + len(match.group()) - len(match.group().lstrip())
        left, bottom, _, top = layer.get_charbox(first, loose=True)
        _, _, right, _ = layer.get_charbox(first + len(words) - 1, loose=True)
        stretches.append(Stretch(words.replace(JOINER, ""), left, bottom, max(right, left), top))
    return stretches, text.translate(HYPHENS).replace("\r\n", "\n").replace("\r", "\n")


def _overlaid(lines: list[Stretch]) -> int:
    """How many lines of a page lie over another line with other words."""
    lines = sorted(lines, key=lambda s: s.middle)
    over: set[int] = set()
    for number, line in enumerate(lines):
        for other in range(number + 1, len(lines)):
            above = lines[other]
            if above.middle - line.middle > 0.5 * max(min(line.top - line.bottom, above.top - above.bottom), 1.0):
                break
            shared = min(line.right, above.right) - max(line.left, above.left)
            if shared > 0.5 * min(line.right - line.left, above.right - above.left) and line.text != above.text:
                over |= {number, other}
    return len(over)


def _without_false_blanks(layer: Any, text: str) -> str:
    """Blanks that the library put between letters of one word, where the letters stand wide apart, are marked.

    Such a blank has no width of its own, and the letters beside it stand no farther apart than neighbours do.
    """
    count = min(len(text), layer.count_chars())
    boxes = {at: layer.get_charbox(at) for at in range(count) if text[at] not in "\r\n"}
    middles = {at: (left + right) / 2 for at, (left, _, right, _) in boxes.items()}
    false = {at for at, (left, _, right, _) in boxes.items() if text[at] == " " and right - left < 0.1}
    steps: dict[int, float] = {}  # from a letter to the next, over a blank without width
    for at in boxes:
        after = at + 2 if at + 1 in false else at + 1
        if at not in false and after in boxes and middles[after] > middles[at]:
            steps[at] = middles[after] - middles[at]
    usual = median(steps.values()) if steps else 0.0
    letters = list(text)
    for at in false:
        if 0 < steps.get(at - 1, 0.0) <= 1.5 * usual:
            letters[at] = JOINER
    return "".join(letters)


def _rows(stretches: list[Stretch]) -> list[list[Stretch]]:
    """Stretches of one height together, from top to bottom; in the file's order where the page has columns."""
    rows: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: -s.middle):
        if rows and abs(rows[-1][0].middle - stretch.middle) < 0.45 * max(rows[-1][0].top - rows[-1][0].bottom, 1.0):
            rows[-1].append(stretch)
        else:
            rows.append([stretch])
    width = max((s.right for s in stretches), default=0) - min((s.left for s in stretches), default=0)
    double = sum(len(row) == 2 and all(s.right - s.left > 0.3 * width for s in row) for row in rows)
    if double > 0.3 * len(rows):
        return [[stretch] for stretch in stretches]
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _set(rows: list[list[Stretch]]) -> str:
    """The lines of a page from top to bottom, with blanks and blank lines where the page has room."""
    stretches = [s for row in rows for s in row]
    wide = [(s.right - s.left) / len(s.text) for s in stretches if len(s.text) > 8 and s.right > s.left]
    letter = max(median(wide) if wide else 6.0, 1.0)
    margin = min(s.left for s in stretches)
    pitches = [a[0].middle - b[0].middle for a, b in itertools.pairwise(rows) if a[0].middle > b[0].middle]
    pitch = sorted(pitches)[len(pitches) // 3] if pitches else 0.0
    lines: list[str] = []
    for number, row in enumerate(rows):
        if number and rows[number - 1][0].middle - row[0].middle > 1.45 * pitch:
            lines.append("")
        line, at = " " * min(round((row[0].left - margin) / letter), 120), row[0].left
        for place, stretch in enumerate(row):
            if place:
                line += " " * max(1, min(round((stretch.left - at) / letter), 120))
            line += stretch.text
            at = stretch.right
        lines.append(line)
    return "\n".join(lines) + "\n"
