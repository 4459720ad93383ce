"""Figures of the whole study: what each actor takes its part to be, and how gaps move over time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rolecoder.report.drawing import Drawn, save, told
from rolecoder.report.findings import WHOLE, Cell, Findings, cells, known, slug
from rolecoder.report.gap_exhibits import gap_title
from rolecoder.report.reasons import reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBERED = 20  # actors up to which each field of a heat map bears its number


def heat_maps(findings: Findings) -> Iterator[Drawn]:
    """What each actor takes its own part to be, where there are more than two actors."""
    found = cells(findings)
    for period in dict.fromkeys(cell.period for cell in found):
        own = [
            c
            for c in found
            if c.period == period and c.aspect == "conception" and c.holder and c.source in (None, c.holder)
        ]
        if len({cell.holder for cell in own}) > 2 and any(cell.filled for cell in own):
            yield _heat_map(sorted(own, key=lambda c: findings.actor(c.holder)), period, findings)


def _heat_map(own: Sequence[Cell], period: str | None, findings: Findings) -> Drawn:
    import numpy as np
    from matplotlib.figure import Figure

    names = findings.role_names
    values = np.full((len(names), len(own)), np.nan)
    for column, cell in enumerate(own):
        if cell.filled:
            values[:, column] = [100 * float(row["share"]) for row in cell.rows]
    figure = Figure(figsize=(max(2.9 + 0.62 * len(own), 5.2), 0.28 * len(names) + 1.9), layout="constrained")
    axis = figure.subplots()
    top = max(float(np.nanmax(values)), 1.0)
    axis.set_facecolor("white")
    image = axis.imshow(np.ma.masked_invalid(values), cmap="Greys", vmin=0, vmax=top, aspect="auto")
    axis.set_yticks(range(len(names)), list(names.values()))
    labels = [f"{findings.actor(c.holder)} ({c.counted})" for c in own]
    axis.set_xticks(range(len(own)), labels, rotation=50, ha="right", rotation_mode="anchor")
    axis.tick_params(length=0)
    axis.set_xticks([edge - 0.5 for edge in range(1, len(own))], minor=True)
    axis.set_yticks([edge - 0.5 for edge in range(1, len(names))], minor=True)
    axis.grid(which="minor", color="0.88", lw=0.5)
    axis.tick_params(which="minor", length=0)
    for column, cell in enumerate(own):
        if not cell.filled:
            axis.axvspan(column - 0.5, column + 0.5, facecolor="white", edgecolor="0.7", hatch="//", lw=0)
            middle = (len(names) - 1) / 2
            axis.text(column, middle, reason(cell.note), rotation=90, ha="center", va="center", backgroundcolor="white")
        elif len(own) <= NUMBERED:
            _numbers(axis, column, values[:, column].tolist(), top)
    figure.colorbar(image, ax=axis, label="Share of the actor's role talk, per cent", shrink=0.7, pad=0.02)
    when = "" if period in WHOLE else f", {period}"
    caption = f"The roles that each actor gives itself{when}. Roles from the most active to the most passive."
    alt = caption + " " + " ".join(told(cell, findings) for cell in own)
    return save(figure, slug("actors", None if period in WHOLE else period), caption, alt)


def _numbers(axis: Axes, column: int, values: Sequence[float], top: float) -> None:
    for place, number in enumerate(values):
        shade = "white" if number > 0.55 * top else "black" if number else "0.6"
        text = "<1" if 0 < number < 1 else f"{number:.0f}"
        axis.text(column, place, text, ha="center", va="center", color=shade, fontsize=7.5)


def over_time(findings: Findings) -> Iterator[Drawn]:
    """The path of each dyad's gaps, with the bands of Yang's scale."""
    paths: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
    for row in findings.gaps.to_dict("records"):
        of_dyad = paths.setdefault((row["prescriber"], row["ally"]), {})
        of_dyad.setdefault(row["comparison"], []).append({str(name): known(value) for name, value in row.items()})
    for (prescriber, ally), by_comparison in paths.items():
        order = period_order(findings, [row["period"] for rows in by_comparison.values() for row in rows])
        filled = [r for rows in by_comparison.values() for r in rows if r["jensen_shannon"] is not None]
        if len(order) > 1 and filled:
            yield _paths(by_comparison, order, (prescriber, ally), findings)


def period_order(findings: Findings, periods: Sequence[Any]) -> list[Any]:
    """The periods in their order in time: the study's own order, else by name."""
    chosen = findings.study.profiles.period
    named = [] if isinstance(chosen, str) else [period.name for period in chosen]
    present = {period for period in map(known, periods) if period not in WHOLE}
    return sorted(present, key=lambda name: (named.index(name) if name in named else len(named), str(name)))


def _paths(
    by_comparison: Mapping[str, Sequence[Mapping[str, Any]]],
    order: Sequence[Any],
    dyad: tuple[str, str],
    findings: Findings,
) -> Drawn:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 1.0 + 2.1 * len(by_comparison)), layout="constrained")
    axes = figure.subplots(len(by_comparison), 1, sharex=True, squeeze=False)[:, 0]
    bands = findings.study.gaps.bands
    edges = [0.0, bands.convergence, bands.strain, bands.conflict, 1.0]
    for axis, (comparison, rows) in zip(axes, by_comparison.items(), strict=True):
        for low, high, grey, name in zip(
            edges,
            edges[1:],
            ("1.0", "0.95", "0.9", "0.85"),
            ("convergence", "strain", "conflict", "risk of rupture"),
            strict=False,
        ):
            axis.axhspan(low, high, color=grey, lw=0, zorder=0)
            axis.text(
                1.01,
                (low + high) / 2,
                name,
                transform=axis.get_yaxis_transform(),
                va="center",
                fontsize=7.5,
                color="0.3",
            )
        places = {row["period"]: row for row in rows}
        _path(axis, [places.get(period) for period in order])
        axis.set_ylim(0, 1)
        axis.set_xlim(-0.5, len(order) - 0.5)
        axis.set_title(comparison)
        axis.set_ylabel("Distance")
    turned = 60 if len(order) > 12 else 0
    axes[-1].set_xticks(range(len(order)), [str(p) for p in order], rotation=turned, ha="right" if turned else "center")
    caption = (
        f"The role gaps of {findings.actor(dyad[0])} and {findings.actor(dyad[1])} over time: Jensen-Shannon distance "
        f"with {100 * findings.study.profiles.level:g} % intervals, and the bands of the study."
    )
    said = [
        f"{gap_title((*dyad, row['comparison'], row['period']), findings)}: {float(row['jensen_shannon']):.2f}."
        for rows in by_comparison.values()
        for row in rows
        if row["jensen_shannon"] is not None
    ]
    return save(figure, slug("gap_over_time", *dyad), caption, f"{caption} {' '.join(said)}")


def _path(axis: Axes, rows: Sequence[Mapping[str, Any] | None]) -> None:
    filled = [(place, row) for place, row in enumerate(rows) if row is not None and row["jensen_shannon"] is not None]
    for (here, row), (there, after) in pairwise(filled):
        style = "-" if there == here + 1 else ":"
        axis.plot([here, there], [row["jensen_shannon"], after["jensen_shannon"]], style, color="0.4", lw=0.9)
    for place, row in filled:
        if row["jensen_shannon_low"] is not None and row["jensen_shannon_high"] is not None:
            axis.plot([place] * 2, [row["jensen_shannon_low"], row["jensen_shannon_high"]], "-", color="black", lw=1.2)
        axis.plot([place], [row["jensen_shannon"]], "o", color="black", ms=5)
    for place, empty in enumerate(rows):
        if empty is None or empty["jensen_shannon"] is None:
            why = "no profile" if empty is None else textwrap.fill(reason(empty["note"]), 36)
            axis.text(place, 0.5, why, rotation=90, ha="center", va="center", fontsize=7, color="0.3")
