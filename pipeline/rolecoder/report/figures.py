"""Figures for a paper: vector and bitmap, readable in grey, most active role at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rolecoder.report.drawing import Drawn, style
from rolecoder.report.dyad_figures import parts_by_role, two_sides
from rolecoder.report.findings import Findings
from rolecoder.report.overview_figures import heat_maps, over_time
from rolecoder.report.trend_figures import trends

MOST = 8  # figures of a kind; the page says so where a study has more
DRAWERS: tuple[Callable[[Findings], Iterator[Drawn]], ...] = (two_sides, parts_by_role, heat_maps, over_time, trends)


def figures(findings: Findings) -> tuple[list[Drawn], bool]:
    """Draw the figures that the findings allow: a study without dyads may have none.

    Returns:
        The figures, at most ``MOST`` of a kind, no two of one name; and whether some were left out.
    """
    found: list[Drawn] = []
    more = False
    with style():
        for draw in DRAWERS:
            drawn = draw(findings)
            found += islice(drawn, MOST)
            more |= next(drawn, None) is not None
    return _apart(found), more


def _apart(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Number the figures whose names are the same, or would be on a disk that does not tell case."""
    taken: dict[str, Drawn] = {}
    for figure in drawn:
        name, number = figure.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{figure.name}_{number}"
        taken[name.casefold()] = replace(figure, name=name)
    return list(taken.values())
