"""Panels as Markdown tables."""

from __future__ import annotations

from rolecoder.report.panels import Exhibit, Panel


def tables(exhibit: Exhibit) -> str:
    """All panels of a table, with captions and notes."""
    return "\n".join(_table(panel, number) for number, panel in enumerate(exhibit.panels, start=1))


def _table(panel: Panel, number: int) -> str:
    rule = [":--" if letter in "lp" else "--:" for letter in panel.align]
    lines = [f"**{number}. {_plain(panel.caption)}**", "", _row(panel.head), _row(rule), *map(_row, panel.rows), ""]
    lines += [f"*Notes.* {' '.join(map(_plain, panel.notes))}", ""] if panel.notes else []
    return "\n".join(lines)


def _row(texts: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(_plain(text).replace("|", "\\|") for text in texts) + " |"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
