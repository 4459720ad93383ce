"""A table of the paper: everything in it as data, and panels of text as they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rolecoder.report.findings import Behind, Findings, known

if TYPE_CHECKING:
    import pandas as pd


BETWEEN = " | "  # stands between two figures of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A table as it is printed; ``align`` has a letter per column: l, r, or p for text that wraps."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    notes: tuple[str, ...] = ()
    foot: int = 0  # how many of the last rows are totals, below a rule
    behind: Mapping[tuple[int, int], tuple[Behind | None, ...]] = field(default_factory=dict)
    # (row, column) -> the passages behind each figure of the cell, for readers that can go there


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table: its file name, everything in it as a frame, and the panels that are printed."""

    name: str
    title: str
    frame: pd.DataFrame
    panels: tuple[Panel, ...]


def with_names(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Add the names of roles and actors beside their codes."""
    told = frame.copy()
    for column in ("source", "holder", "prescriber", "ally"):
        if column in told:
            names = [findings.actor(known(a)) if known(a) is not None else None for a in told[column]]
            told.insert(list(told.columns).index(column) + 1, f"{column}_name", names)
    if "role" in told:
        names = [findings.role_names.get(role, role) for role in told["role"]]
        told.insert(list(told.columns).index("role") + 1, "role_name", names)
    return told
