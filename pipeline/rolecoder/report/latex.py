"""Panels as LaTeX with booktabs: files to put into a paper, and one document that holds them all."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from rolecoder.report.panels import Exhibit, Panel

PAGE = 50  # lines of footnote size that a table on one page has room for, its caption left out
LINE = 105  # letters of such a line, broken between words
APART = 0.4  # lines between rows whose cells are broken
ACROSS, EM = 53.5, 9.0  # em of footnote size between the margins, and pt in one
SHORT = 16  # letters from which a head is broken
LOOSE, TIGHT = 4, 3  # pt on either side of a column
EMS = {**dict.fromkeys(" .,;:!'|()[]-/fijlrt", 0.36), **dict.fromkeys("mwMW", 0.9)}  # as wide as LaTeX's own letters
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "[": "{[}",
    "]": "{]}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "\N{MINUS SIGN}": "$-$",
    "\N{MULTIPLICATION SIGN}": r"$\times$", "\N{GREATER-THAN OR EQUAL TO}": r"$\ge$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\le$", "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}",
    "\N{NO-BREAK SPACE}": "~", "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-",
}  # fmt: skip
# Code points above ASCII that LaTeX knows in the encodings T1 and TS1 without further packages, both ends included.
RANGES = (
    (0xA1, 0xAC), (0xAE, 0x10F), (0x110, 0x125), (0x128, 0x131), (0x134, 0x137), (0x139, 0x13E), (0x141, 0x148),
    (0x14A, 0x165), (0x168, 0x17E), (0x218, 0x21B), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E),
    (0x2020, 0x2022), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122),
)  # fmt: skip
KNOWN = frozenset(chr(code) for first, last in RANGES for code in range(first, last + 1))
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable}
\setlength{\belowcaptionskip}{4pt}
\makeatletter % of tables alone: each stands where it is, since LaTeX cannot keep so many afloat
\renewenvironment{table}[1][]{\par\noindent\begin{minipage}{\linewidth}\def\@captype{table}}{\end{minipage}\par\bigskip}
\makeatother
\begin{document}
"""


def escape(text: str) -> str:
    """Write any text so that LaTeX prints it; a character that it cannot print by its code point.

    Characters beyond the Latin alphabets are brought near (NFKD) where that is possible.
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> str:
    if letter in SPECIAL:
        return SPECIAL[letter]
    if " " <= letter <= "~" or letter in KNOWN:
        return letter
    if letter.isspace():
        return " "
    near = "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii() and part.isprintable())
    if near:
        return "".join(SPECIAL.get(part, part) for part in near)
    return "" if unicodedata.category(letter) in ("Mn", "Cf", "Cc") else f"{{[}}U+{ord(letter):04X}{{]}}"


def tables(exhibit: Exhibit) -> str:
    """All panels of a table; needs the packages array, booktabs and longtable."""
    head = "% Needs \\usepackage[T1]{fontenc} and \\usepackage{array,booktabs,longtable}.\n"
    return head + "\n".join(_table(panel, f"tab:{exhibit.name}-{n}") for n, panel in enumerate(exhibit.panels, start=1))


def document(names: Sequence[str]) -> str:
    """A document that inputs the tables of these file names and compiles as it is."""
    body = "".join(f"\\input{{{name}.tex}}\n\\clearpage\n" for name in names)
    return PREAMBLE + body + "\\end{document}\n"


def _table(panel: Panel, label: str) -> str:
    columns = _columns(panel)
    head = " & ".join(map(_head, _heads(panel), panel.align)) + r" \\"
    wrapped = "p" in panel.align
    gap = r" \addlinespace" if wrapped else ""
    size = r"\footnotesize" if wrapped or fits(panel) else r"\scriptsize"  # the rows; notes stay as they are
    apart = rf"\setlength{{\tabcolsep}}{{{LOOSE if wrapped or fits(panel, LOOSE) else TIGHT}pt}}"
    rows = [" & ".join(map(escape, row)) + r" \\" + gap for row in panel.rows]
    if panel.foot and rows:
        rows.insert(-panel.foot, r"\midrule")
    notes = " ".join(escape(note) for note in panel.notes)
    caption = rf"\caption{{{escape(panel.caption)}}}\label{{{label}}}"
    if _height(panel) > PAGE:
        return "\n".join(
            [
                rf"\begingroup{size}{apart}",
                rf"\begin{{longtable}}{{{columns}}}",
                caption + r"\\",
                rf"\toprule {head} \midrule",
                r"\endfirsthead",
                rf"\toprule {head} \midrule",
                r"\endhead",
                r"\bottomrule",
                r"\endfoot",
                *rows,
                r"\end{longtable}",
                rf"\footnotesize\noindent\emph{{Notes.}} {notes}\par" if notes else "",
                r"\endgroup",
                "",
            ]
        )
    return "\n".join(
        [
            r"\begin{table}[htbp]",
            rf"\centering{size}{apart}",
            caption,
            rf"\begin{{tabular}}{{{columns}}}",
            rf"\toprule {head} \midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            rf"\par\smallskip\begin{{minipage}}{{\linewidth}}\footnotesize\emph{{Notes.}} {notes}\end{{minipage}}"
            if notes
            else "",
            r"\end{table}",
            "",
        ]
    )


def _height(panel: Panel) -> float:
    """How many lines a table and its notes take; one that takes more than a page has must break over pages."""
    wide = _widths(panel)
    lines = float(max(map(len, _heads(panel))))
    for row in panel.rows:
        broken = (len(text) / (LINE * part) for text, part in zip(row, wide, strict=True) if part)
        lines += max([1, *map(math.ceil, broken)]) + APART * any(wide)
    return lines + sum(map(len, panel.notes)) / LINE


def _widths(panel: Panel) -> list[float]:
    """The part of a line that each column with broken cells takes; 0 for a column as wide as its cells."""
    wrapped = panel.align.count("p")
    even = (0.22, *[round(0.66 / (wrapped - 1), 3)] * (wrapped - 1)) if wrapped > 3 else (0.21, 0.46, 0.27)
    widths = iter({1: (0.5,), 2: (0.2, 0.11)}.get(wrapped, even))
    return [next(widths) if letter == "p" else 0.0 for letter in panel.align]


def fits(panel: Panel, apart: int = TIGHT) -> bool:
    """Whether a table without broken cells is no wider than a page, with so many pt on either side of a column."""
    columns = zip(_heads(panel), zip(panel.head, *panel.rows, strict=True), strict=True)
    wide = [max(map(_ems, (*lines, *cells))) for lines, (_, *cells) in columns]
    return sum(wide) + 2 * apart / EM * (len(wide) - 1) <= ACROSS


def _ems(text: str) -> float:
    """About how wide a text is printed, rather more than less, in em."""
    return sum(_em(letter) for letter in unicodedata.normalize("NFC", text))


def _em(letter: str) -> float:
    if letter in EMS:
        return EMS[letter]
    if letter.isascii() or letter in KNOWN:
        return 0.78 if letter.isupper() else 0.53
    return 0.53 * len(_letter(letter).strip("{}"))


def _columns(panel: Panel) -> str:
    text = r">{\raggedright\arraybackslash}p{%s\linewidth}"
    columns = (text % part if part else letter for letter, part in zip(panel.align, _widths(panel), strict=True))
    return "@{}" + "".join(columns) + "@{}"


def _heads(panel: Panel) -> list[list[str]]:
    """The lines of each column's head; long heads over numbers are broken at commas, and to the width of the cells."""
    return [
        _lines(text, max(map(_ems, cells), default=0.0)) if letter == "r" and len(text) >= SHORT else [text]
        for letter, (text, *cells) in zip(panel.align, zip(panel.head, *panel.rows, strict=True), strict=True)
    ]


def _lines(text: str, width: float) -> list[str]:
    """Break a text at each comma, and between words into lines of this width, in em."""
    lines: list[str] = []
    for first, *words in filter(None, map(str.split, text.split(", "))):
        lines.append(first)
        for word in words:
            longer = f"{lines[-1]} {word}"
            lines[-1:] = [longer] if _ems(longer) <= width else [lines[-1], word]
    return lines


def _head(lines: Sequence[str], letter: str) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    joined = r" \\ ".join(map(escape, lines))
    return rf"\begin{{tabular}}[b]{{@{{}}{letter}@{{}}}}{joined}\end{{tabular}}"
