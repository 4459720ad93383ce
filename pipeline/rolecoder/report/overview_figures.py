"""Figures of the whole study: what each actor takes its part to be, and how gaps move over time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rolecoder.config import Bands
from rolecoder.files import slug
from rolecoder.measuring.periods import calendar
from rolecoder.report.drawing import Drawn, save, told, with_intervals
from rolecoder.report.findings import WHOLE, Cell, Findings, cells, in_time, known
from rolecoder.report.gap_exhibits import gap_title
from rolecoder.report.method import order_of_roles
from rolecoder.report.reasons import reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBERED = 20  # actors up to which each field of a heat map bears its number
EXPLAINED = 16  # periods up to which it is written why there is no distance
NAMED = 20  # about how many periods have their names below the axis, at most
LETTERS = 72  # letters that stand below the axis in one line


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
    labels = [findings.actor(c.holder) + f" ({c.counted})" * c.filled for c in own]
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
    caption = f"The roles that each actor gives itself{when}. Roles {order_of_roles(findings)}."
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
        order = _axis_of_time(findings, [row["period"] for rows in by_comparison.values() for row in rows])
        filled = [r for rows in by_comparison.values() for r in rows if r["jensen_shannon"] is not None]
        if len(order) > 1 and filled:
            yield _paths(by_comparison, order, (prescriber, ally), findings)


def _axis_of_time(findings: Findings, periods: Sequence[Any]) -> list[str]:
    """The periods of the axis: named ones that occur; years and quarters all from the first to the last."""
    present = [period for period in in_time(findings, periods) if period not in WHOLE]
    named = not isinstance(findings.study.profiles.period, str)
    return present if named or not present else calendar(present[0], present[-1])


def _paths(
    by_comparison: Mapping[str, Sequence[Mapping[str, Any]]],
    order: Sequence[str],
    dyad: tuple[str, str],
    findings: Findings,
) -> Drawn:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 1.0 + 2.1 * len(by_comparison)), layout="constrained")
    axes = figure.subplots(len(by_comparison), 1, sharex=True, squeeze=False)[:, 0]
    for axis, (comparison, rows) in zip(axes, by_comparison.items(), strict=True):
        _bands(axis, findings.study.gaps.bands)
        places = {row["period"]: row for row in rows}
        _path(axis, [places.get(period) for period in order])
        axis.set_ylim(0, 1)
        axis.set_xlim(-0.5, len(order) - 0.5)
        axis.set_title(comparison)
        axis.set_ylabel("Distance")
    _name_periods(axes[-1], order)
    drawn = [row for rows in by_comparison.values() for row in rows]
    filled = [row for row in drawn if row["jensen_shannon"] is not None]
    intervals = with_intervals(filled, "jensen_shannon", findings.study.profiles.level, "a side is of one document")
    caption = (
        f"The role gaps of {findings.actor(dyad[0])} and {findings.actor(dyad[1])} over time: Jensen-Shannon distance "
        f"{intervals}, and the bands of the study." + _breaks(by_comparison, order) + _unfilled(drawn, order)
    )
    said = [
        f"{gap_title((*dyad, row['comparison'], row['period']), findings)}: {float(row['jensen_shannon']):.2f}."
        for row in filled
    ]
    return save(figure, slug("gap_over_time", *dyad), caption, f"{caption} {' '.join(said)}")


def _unfilled(drawn: Sequence[Mapping[str, Any]], order: Sequence[str]) -> str:
    """What the figure shows of periods without a distance."""
    told = ""
    if len(order) > EXPLAINED and any(row["jensen_shannon"] is None for row in drawn):
        told += " Crosses: not filled; gaps.csv says why."
    if set(order) - {row["period"] for row in drawn}:
        told += " Where there is no mark neither side speaks."
    return told


def _bands(axis: Axes, bands: Bands) -> None:
    edges = [0.0, bands.convergence, bands.strain, bands.conflict, 1.0]
    names = ("convergence", "strain", "conflict", "risk of rupture")
    right = axis.get_yaxis_transform()
    for (low, high), grey, name in zip(pairwise(edges), ("1.0", "0.95", "0.9", "0.85"), names, strict=True):
        axis.axhspan(low, high, color=grey, lw=0, zorder=0)
        axis.text(1.01, (low + high) / 2, name, transform=right, va="center", fontsize=7.5, color="0.3")


def _name_periods(axis: Axes, order: Sequence[str]) -> None:
    """Name the periods below the axis: in lines where they have room, else aslant, and of very many some."""
    room = LETTERS // len(order)
    aslant = any(len(word) > room for name in order for word in name.split())
    names = [textwrap.fill(name, 24 if aslant else room) for name in order]
    step = -(-len(order) // NAMED)
    turned: dict[str, Any] = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"} if aslant else {}
    axis.set_xticks(range(0, len(order), step), names[::step], **turned)


def _measured_by(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["estimator_left"], row["estimator_right"]


def _breaks(by_comparison: Mapping[str, Sequence[Mapping[str, Any]]], order: Sequence[str]) -> str:
    """Say that lines break, and at which periods, where a side is measured by another estimator than before."""
    broken = set()
    for rows in by_comparison.values():
        filled = sorted(
            (row for row in rows if row["jensen_shannon"] is not None), key=lambda row: order.index(row["period"])
        )
        broken |= {b["period"] for a, b in pairwise(filled) if _measured_by(a) != _measured_by(b)}
    if not broken:
        return ""
    named = f"; it changes with: {'; '.join(sorted(broken, key=order.index))}" * (len(broken) <= EXPLAINED)
    return f" Lines break where the estimator of a side changes, since a step may be that of the estimators{named}."


def _path(axis: Axes, rows: Sequence[Mapping[str, Any] | None]) -> None:
    filled = [(place, row) for place, row in enumerate(rows) if row is not None and row["jensen_shannon"] is not None]
    for (here, row), (there, after) in pairwise(filled):
        if _measured_by(row) != _measured_by(after):
            continue
        style = "-" if there == here + 1 else ":"
        ends = [row["jensen_shannon"], after["jensen_shannon"]]
        axis.plot([here, there], ends, style, color="0.4", lw=0.9, clip_on=False)
    for place, row in filled:
        if row["jensen_shannon_low"] is not None and row["jensen_shannon_high"] is not None:
            axis.plot([place] * 2, [row["jensen_shannon_low"], row["jensen_shannon_high"]], "-", color="black", lw=1.2)
        size = 5 if len(rows) <= EXPLAINED else 3.5
        axis.plot([place], [row["jensen_shannon"]], "o", color="black", ms=size, clip_on=False, zorder=3)
    empty = [(place, row) for place, row in enumerate(rows) if row is not None and row["jensen_shannon"] is None]
    if len(rows) > EXPLAINED:
        axis.plot([place for place, _ in empty], [0.04] * len(empty), "x", color="0.45", ms=3.5)
        return
    for place, row in empty:
        why = textwrap.fill(reason(row["note"]), 36)
        axis.text(place, 0.5, why, rotation=90, ha="center", va="center", fontsize=7, color="0.3")
