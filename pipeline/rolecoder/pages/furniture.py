"""Furniture of the page: numbers, running heads, stamps and marks that are no part of what was said."""

from __future__ import annotations

import difflib
import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rolecoder.readers.lines import ENDED, FULLY_ENDED, Line, labelled
from rolecoder.readers.vocabulary import vocabulary

STAMPS = (
    "SECRET",
    "CONFIDENTIAL",
    "UNCLASSIFIED",
    "TOPSECRET",
    "DECLASSIFIED",
    "SENSITIVE",
    "NODIS",
    "EXDIS",
    "CONFIDENTIALDECLASSIFIED",
)
STAMP = re.compile(
    r"(?:(?:TOP[ \-]?)?SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE|Limited Access|EYES ONLY|SENSITIVE|NODIS"
    r"|EXDIS|NOFORN)(?:[ \-/–—]+(?:(?:TOP[ \-]?)?SECRET|CONFIDENTIAL|UNCLASSIFIED|SENSITIVE|NODIS|EXDIS|NOFORN"
    r"|EYES ONLY|\d+(?= ?-)|\d{1,3}(?! ?-)))*[ \-–—]*"
)
DECLASSIFIED = re.compile(
    r"^\W{0,3}(?:DECLASSIFIED\b|Declassif|Declasify|DECL:|(?:[A-Z]+\W+){0,2}PER E\.?\s?[O0]|Per E\.?\s?O|AS AMENDED"
    r"|E\.?O\.? ?1\d{4}|Classified by|Reason:? \d"
    r"|.{0,40}\bLIB[A-Z]{3,8}\W+P\s?H\s?O?T?OCOPY|(?:WHITE HOUSE GUIDELINES|White House Guidelines)"
    r"|\d{2,4}\W{1,3}\d{3,4}\W{1,3}[FMS]\W*$|(?:DATE|Date):? [\d/]+ *(?:BY|By))"
)
MARGIN = re.compile(r"(?<=\S)[ \t]{3,}((?:DECLASSIFIED|PER E\.?\s?[O0]|AS AMENDED|Limited Access)\b.*)$")
NUMBER = re.compile(
    r"[-–—|\[(~. ]{0,3}(?:[Pp]age ?|p\. ?|[Pp]g\.? ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?[-–—|\])~. ]{0,3}$"
)
UN_FOOT = re.compile(
    r"(?:(?:A/(?:\d+/)?PV\.\d+|\d\d-\d{5}(?: ?\(E\))?|\d{1,3}/\d{1,3}|\d{1,2}/\d{1,2}/\d{4}|\d{1,3})(?:\s+|$)){1,4}$"
)
UN_HEAD = re.compile(
    r"(?:General Assembly\s+)?\d{1,4}(?:st|nd|rd|th) (?:plenary )?meeting(?:\s+General Assembly)?|"
    r"[A-Z][a-z]+(?:-[a-z]+)? session\s+(?:\d{1,2} [A-Z][a-z]+ \d{4}|[-–—]\s?.{0,30})"
)
UN_LEFT = re.compile(r"(?:\d{1,3}/\d{1,3}\s+\d\d-\d{5}|\d\d-\d{5}\s+\d{1,3}/\d{1,3})\s+(?=[A-Za-z“\"])")
# The head of a page of a State Department cable: "PAGE 02 STATE 05508 01 OF 07 131610Z", recognised well or badly.
CABLE_HEAD = re.compile(
    r"\W{0,3}PAGE\W{0,3}[\dOIl]{1,3}\W{1,20}(?:e{1,6}\W{1,3})?[A-Z]{4,10}\W{1,20}[\dOSIl]{4,7}\W{1,12}"
    r"(?:[\dOIl]{1,3} ?[O0]F [\dOIlF]{1,3}\W{1,12})?\d{6,7}[A-Z\d]?(?:\W{1,3}e{1,6})*\W{0,3}|"
    r"TEXT OF TELEGRAM \S{8,20}(?: \d{1,4})?"
)
WORDLESS = re.compile(r"[\W_]+")
SPEAKER_HEAD = re.compile(r"\((?:Mr|Mrs|Ms|Miss|Sir|Dr)\.? [^()]{2,40}[,.] [A-Z][^()]{2,40}\)")
UN_SURE = re.compile(r"A/(?:\d+/)?PV\.\d+|\d\d-\d{5}|\d{1,2}/\d{1,2}/\d{4}")
MARK = re.compile(r"(?<!\s)\s*[(\[{](?:U|C|S|TS|R|LOU|FOUO|SBU|[CSU]/[A-Z]{2})[)\]}](?=\s*$|\s{2,}|\s+[A-Z])")
PLAIN_MARK = re.compile(r"\((?:U|C|S|TS)\)\s")
PAPER = ("DECLASSIFIED", "Declassify", "DECL:", "PER E", "OADR", "PHOTOCOPY")
MISREAD = re.compile(
    r"(?<=[.?!\"”'’:;,)\]…—-])\s++(?:[(\[{][^\s(){}\[\]]{0,4}[)\]}]?|(?<=\s\s)[^\s(){}\[\]]{0,3}[)\]}])\s*$"
)
JUNK = re.compile(
    r"(?<=[.?!])\s++(?=\S{1,6}\s*$)(?!--$|\W*\d+\W*$)(?=\S*[^A-Za-z0-9\s.,'\"’”()…-]|\S*\d[A-Za-z]|\S*[A-Za-z]-|-\S)\S{1,6}\s*$"
)
# A mark that was read as two or three scraps: "-(6 )-", "• (-C)-", "4^-)".
SCATTERED = re.compile(
    r"(?<=[.?!,\"”])\s++(?=[^\n]*[()\[\]{}<>•^£¢])(?![^\n]*(?:[A-Za-z]{3}|\d\d))\S{1,8}(?:\s\S{1,6}){0,2}\s*$|"
    r"(?<=[.?!,])\s++-[a-z&]{1,4}-?\s*$"
)
ALONE = re.compile(r"(?:[(\[{][^\s(){}\[\]]{0,4}[)\]}]?|[^\s(){}\[\]]{0,2}[)\]}])$")
PARAGRAPH_NUMBER = re.compile(r"(\d{1,3})\.(?:[ \t\xa0]+|(?=[A-Z“\"']))(?=\S)")
MISREAD_NUMBER = re.compile(r"(?=\S*\d)(\S{2,5})[ \t\xa0]+(?=[A-Z“\"'])")
SMALL = {
    "no",
    "ok",
    "oh",
    "hi",
    "so",
    "we",
    "it",
    "is",
    "of",
    "to",
    "in",
    "he",
    "be",
    "do",
    "go",
    "if",
    "me",
    "my",
    "up",
    "us",
    "an",
    "at",
    "as",
    "by",
    "or",
    "on",
}
MOST_MARKS = 20  # at the end of one line
EDGE = 3  # lines that may stand between the edge of a page and its stamp


def is_classified(text: str) -> bool:
    """Whether the text looks like government paper with stamps and marks on it."""
    head = text[:6000]
    if len(PLAIN_MARK.findall(text, 0, 40_000)) >= 2:
        return True
    if any(word in text for word in PAPER):
        return True
    return "MEMORANDUM OF" in head and ("\f" in text or STAMP.search(head) is not None)


def strip_furniture(lines: Sequence[Line], classified: bool, counts: Counter[str]) -> list[Line]:
    """Leave out lines that are furniture, and trim the others; ``counts`` learns what was taken out."""
    heads = running_heads(lines, few=not classified)
    kept: list[Line] = []
    cut = blank = page = False
    if classified:
        _margins(lines, counts)
    edges = _near_edges(lines) if classified else set()
    for place, line in enumerate(lines):
        if line.text[0].isdigit() and (left := UN_LEFT.match(line.text)):
            line.start, line.text = line.start + left.end(), line.text[left.end() :]
            counts["page numbers"] += 1
        why = _furniture(lines, place, heads)
        if why is None and classified:
            why = _paper(line, place in edges)
            if why is None:
                why = _trim_marks(line, counts)
        if why is not None:
            counts[why] += 1
            cut, blank, page = True, blank or line.blank, page or line.page
            if why == "classification marks" and kept:
                kept[-1].marked = True
            continue
        line.cut, line.blank, line.page = cut, line.blank or blank, line.page or page
        cut = blank = page = False
        kept.append(line)
    return _without_feet(kept, counts) if classified else kept


def _without_feet(lines: list[Line], counts: Counter[str]) -> list[Line]:
    """Where a sentence runs over to the next page, short lines between its parts are what a stamp left."""
    gone: set[int] = set()
    for top in (n for n, line in enumerate(lines) if line.page and n and line.text[0].islower()):
        foot = top
        while foot and lines[foot - 1].width < 24 and len(lines[foot - 1].text.split()) < 4 and top - foot < 4:
            foot -= 1
        if foot and not ENDED.search(lines[foot - 1].text) and lines[foot - 1].width > 40:
            gone |= set(range(foot, top))
            lines[top].cut = True
    counts["stamps"] += len(gone)
    return [line for n, line in enumerate(lines) if n not in gone]


def running_heads(lines: Sequence[Line], *, few: bool) -> set[str]:
    """Short lines that come back, page numbers aside, on at least three pages' edges or, of ``few``, over each."""
    tops = [n for n, line in enumerate(lines) if line.page]
    if len(tops) < 3:
        over = {_plain(lines[n].text) if len(lines[n].text) < 75 else "" for n in (0, *tops)} if few and tops else set()
        spoken = any(FULLY_ENDED.search(lines[n].text) for n in tops)  # a sentence that comes back is a refrain
        return over if len(over) == 1 and len(min(over)) > 2 and not spoken else set()
    edges = {place for n in tops for place in (n, n + 1, n - 1, n - 2) if 0 <= place < len(lines)}
    seen = Counter(_plain(lines[place].text) for place in edges if len(lines[place].text) < 75)
    least = max(3, len(tops) // 40)
    return {text for text, count in seen.items() if count >= least and len(text) > 2}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\b(?:\d+|[ivxlcdm]+)\b|[^\w\s]", " ", text.lower()).split())


def _furniture(lines: Sequence[Line], place: int, heads: set[str]) -> str | None:
    line = lines[place]
    text = line.text
    if len(text) > 75:
        return None
    after = lines[place + 1] if place + 1 < len(lines) else None
    if text[0] in "0123456789-–—|[(~.Pp" and NUMBER.match(text):
        alone = line.blank or line.page or after is None or after.blank or after.page
        if alone and not (line.text.endswith(".") and after is not None and not after.blank):
            return "page numbers"
    if not text[0].isalnum() and WORDLESS.fullmatch(text):
        return "lines without words"
    if text[0] == "(" and SPEAKER_HEAD.fullmatch(text):
        return "running heads"
    if _of_united_nations(text) or (("PAGE" in text or "TELEGRAM" in text) and CABLE_HEAD.fullmatch(text)):
        return "running heads"
    if heads and _plain(text) in heads and labelled(line) is None:
        around = lines[max(place - 2, 0) : place + 3]
        if any(near.page for near in around):
            return "running heads"
    return None


def _of_united_nations(text: str) -> bool:
    """Tell the head or foot of a page of United Nations records."""
    if text[0] in "0123456789A" and UN_SURE.search(text) and UN_FOOT.match(text):
        return True
    return ("meeting" in text or " session" in text) and UN_HEAD.fullmatch(text) is not None


def _paper(line: Line, edge: bool) -> str | None:
    text = line.text
    if STAMP.fullmatch(text.strip(" -–—_.•■")):
        return "stamps"
    if DECLASSIFIED.search(text) and line.width < 80:
        return "stamps"
    if ALONE.match(text) and len(text) < 7:
        return "classification marks"
    if edge and (_like_stamp(text) or _noise(line)):
        return "stamps"
    return None


@functools.lru_cache(maxsize=4096)
def _like_stamp(text: str) -> bool:
    letters = re.sub(r"[^A-Za-z]", "", text).upper()
    if not 4 <= len(letters) <= 30 or len(text.split()) > 4 or sum(c.isupper() for c in text) < 3:
        return False
    if any(_near(letters, stamp, 0.6) for stamp in STAMPS):
        return True
    tokens = [re.sub(r"[^A-Za-z]", "", token).upper() for token in re.split(r"[\s/]+", text)]
    return any(len(token) > 4 and _near(token, stamp, 0.72) for token in tokens for stamp in STAMPS[:3])


def _near(left: str, right: str, least: float) -> bool:
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least


def _noise(line: Line) -> bool:
    """No label, and not one word among few characters."""
    if line.width > 34 or labelled(line):
        return False
    known = vocabulary()
    tokens = re.findall(r"[A-Za-z]+", line.text)
    good = [
        t
        for t in tokens
        if (len(t) > 2 and t.lower() in known and (t.islower() or t.istitle() or t.isupper())) or t.lower() in SMALL
    ]
    if any(word.islower() and len(word) > 3 for word in good) or any(_like_word(word) for word in tokens):
        return False
    sound = sum(map(len, good))
    return sound * 2 < len(line.text.replace(" ", "")) and not line.text[:1].isdigit()


def _like_word(token: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]?[a-z]{4,}", token)) and not re.search(r"[^aeiouy]{5}|^[^aeiouyAEIOUY]+$", token)


def _near_edges(lines: Sequence[Line]) -> set[int]:
    """Lines within a few sound lines of the top or foot of a page."""
    near: set[int] = set()
    tops = [0, *(n for n, line in enumerate(lines) if line.page and n)]
    for first, end in zip(tops, [*tops[1:], len(lines)], strict=True):
        for order in (range(first, end), range(end - 1, first - 1, -1)):
            sound = 0
            for place in order:
                near.add(place)
                text = lines[place].text
                sure = STAMP.fullmatch(text) or DECLASSIFIED.search(text) or NUMBER.match(text)
                sound += not (sure or _like_stamp(text) or _noise(lines[place]))
                if sound >= EDGE:
                    break
    return near


def _margins(lines: Sequence[Line], counts: Counter[str]) -> None:
    """Cut stamps that stand to the right of the text, and what stands under them."""
    for place, line in enumerate(lines):
        found = MARGIN.search(line.text)
        if not found:
            continue
        column = line.indent + found.start(1)
        counts["stamps"] += 1
        _cut(line, found.start())
        for near in lines[place + 1 : place + 9]:
            if near.page:
                break
            for gap in re.finditer(r"(?<=\S)\s{6,}(?=\S)", near.text):
                if near.indent + gap.end() >= column - 8 and len(near.text) - gap.end() < 30:
                    _cut(near, gap.start())
                    break


def _cut(line: Line, length: int) -> None:
    line.text = line.text[:length].rstrip()
    line.end = line.start + len(line.text)


def _trim_marks(line: Line, counts: Counter[str]) -> str | None:
    """Take marks from the end of a line; say so where nothing is left."""
    for _ in range(MOST_MARKS):
        found = (
            MARK.search(line.text) or MISREAD.search(line.text) or JUNK.search(line.text) or SCATTERED.search(line.text)
        )
        if found is None or line.text[found.end() :].strip():
            break
        counts["classification marks"] += 1
        _cut(line, found.start())
        line.marked = True
        if not line.text:
            return "classification marks"
    return None


def numbered(lines: Sequence[Line]) -> dict[int, int]:
    """Paragraph numbers that count up through the text: place of the line -> length of the number."""
    found = [
        (place, int(match.group(1)), match.end())
        for place, line in enumerate(lines)
        if line.text[0].isdigit() and (match := PARAGRAPH_NUMBER.match(line.text))
    ]
    near = [
        (place, length)
        for n, (place, number, length) in enumerate(found)
        if any(0 < abs(number - other) <= 4 and (number > other) == (n > m) for m, (_, other, _) in _around(found, n))
    ]
    near += _misread_numbers(lines, found, dict(near))
    return dict(near) if len(near) >= 5 or (found and len(near) >= 3 and len(near) >= len(lines) // 4) else {}


def _misread_numbers(
    lines: Sequence[Line], found: Sequence[tuple[int, int, int]], near: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Numbers of which one sign is misread, each the only one missing between the two that stand around it."""
    more = []
    for (first, number, _), (last, after, _) in pairwise([each for each in found if each[0] in near]):
        if after != number + 2:
            continue
        heads = [(place, m) for place in range(first + 1, last) if (m := MISREAD_NUMBER.match(lines[place].text))]
        alike = [(place, m.end()) for place, m in heads if _one_sign_off(m.group(1), f"{number + 1}.")]
        more += alike if len(alike) == 1 else []
    return more


def _one_sign_off(printed: str, meant: str) -> bool:
    """Tell what stands for "137." with one sign wrong, missing or added, as "13>." and "137*" do."""
    blocks = difflib.SequenceMatcher(None, printed, meant, autojunk=False).get_matching_blocks()
    return len(meant) > 2 and len(printed) <= len(meant) + 1 and sum(block.size for block in blocks) >= len(meant) - 1


def _around(found: list[tuple[int, int, int]], n: int) -> list[tuple[int, tuple[int, int, int]]]:
    return [(m, found[m]) for m in range(max(0, n - 3), min(len(found), n + 4)) if m != n]
