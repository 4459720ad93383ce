"""Panels as LaTeX with booktabs: files to put into a paper, and one document that holds them all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rolecoder.report.exhibits import Exhibit, Panel

FLOAT_ROWS = 45  # a longer table, or one of running text, may break over pages
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "-": "-", "−": r"$-$", "×": r"$\times$", "≥": r"$\ge$", "≤": r"$\le$",
    "…": r"\ldots{}", "\u00a0": "~", "\u2011": "-", "\u2010": "-", "[": "{[}", "]": "{]}",
}  # fmt: skip
# What LaTeX knows in the encodings T1 and TS1 without further packages, above ASCII.
KNOWN = frozenset(
    "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
    "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸ"
    "ŹźŻżŽžȘșȚț–—‘’‚“”„†‡•‰‹›€№™"
)
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable}
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
    head = " & ".join(_head(text, letter) for text, letter in zip(panel.head, panel.align, strict=True)) + r" \\"
    rows = [" & ".join(map(escape, row)) + r" \\" for row in panel.rows]
    if panel.total and rows:
        rows.insert(-1, r"\midrule")
    notes = " ".join(escape(note) for note in panel.notes)
    caption = rf"\caption{{{escape(panel.caption)}}}\label{{{label}}}"
    if len(panel.rows) > FLOAT_ROWS or panel.align.count("p") > 1:
        return "\n".join(
            [
                r"\begingroup\footnotesize",
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
                rf"\noindent\emph{{Notes.}} {notes}\par" if notes else "",
                r"\endgroup",
                "",
            ]
        )
    return "\n".join(
        [
            r"\begin{table}[htbp]",
            r"\centering\footnotesize",
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


def _columns(panel: Panel) -> str:
    texts = panel.align.count("p")
    letters = []
    for place, letter in enumerate(panel.align):
        widest = max((len(row[place]) for row in panel.rows), default=10)
        weight = {1: 0.5, 2: 0.2}.get(texts, 0.18 if widest < 120 else 0.5)
        letters.append(rf">{{\raggedright\arraybackslash}}p{{{weight}\linewidth}}" if letter == "p" else letter)
    return "@{}" + "".join(letters) + "@{}"


def _head(text: str, letter: str) -> str:
    words = escape(text)
    if letter != "r" or len(text) < 16:
        return words
    lines = r" \\ ".join(escape(part) for part in text.split(", "))
    return rf"\begin{{tabular}}[b]{{@{{}}r@{{}}}}{lines}\end{{tabular}}"
