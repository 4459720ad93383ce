"""Figures for a paper: vector and bitmap, readable in grey, most active role at the top."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rolecoder.report.exhibits import gap_title
from rolecoder.report.findings import WHOLE, Cell, Findings, cells, known, phrase, share, sides, slug, too_few

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 60  # figures of a kind; a study of more dyads and periods gets the first ones, and is told
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "rolecoder",
    "hatch.linewidth": 0.4,
}
MARKS = (("o", "black", "black"), ("s", "white", "black"), ("D", "0.55", "0.35"), ("^", "white", "0.45"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure in three formats; ``alt`` says in words what it shows."""

    name: str
    caption: str
    alt: str
    pdf: bytes
    png: bytes
    svg: bytes


def figures(findings: Findings) -> list[Drawn]:
    """Draw every figure that the findings allow: a study without dyads may have none."""
    import matplotlib

    drawers: list[Callable[[Findings], Iterator[Drawn]]] = [_two_sides, _parts, _heat_maps, _over_time]
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **STYLE}), _quiet():
        return [drawn for drawer in drawers for drawn in _first(drawer(findings))]


@contextmanager
def _quiet() -> Iterator[None]:
    """A letter that the font lacks is drawn as a box; that is no reason to stop."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def _first(drawn: Iterator[Drawn]) -> Iterator[Drawn]:
    for _, figure in zip(range(MOST), drawn, strict=False):
        yield figure


def _two_sides(findings: Findings) -> Iterator[Drawn]:
    """The roles that an ally is prescribed and those that it conceives; and what it is said to do."""
    found = cells(findings)
    for dyad in findings.study.gaps.dyads:
        prescriber, ally = (part.strip() for part in dyad.split(":", 1))
        for period in dict.fromkeys(cell.period for cell in found):
            of = {c.key[:3]: c for c in found if c.period == period}
            said = [(prescriber, ally, "prescription"), (ally, ally, "conception")]
            done = [(ally, ally, "performance"), (prescriber, ally, "performance")]
            panels = [
                [of.get(key) or _none(key, period) for key in keys]
                for keys in (said, done)
                if keys is said or any(key in of for key in keys)
            ]
            if any(cell.n_coded for panel in panels for cell in panel):
                yield _dumbbells(panels, prescriber, ally, period, findings)


def _none(key: tuple[str | None, str | None, str | None], period: str | None) -> Cell:
    source, holder, aspect = key
    return Cell(
        source=source,
        holder=holder,
        aspect=aspect,
        period=period,
        n_documents=0,
        n_passages=0,
        n_coded=0,
        method="",
        note="no coded passage",
        rows=(),
    )


def _dumbbells(
    panels: Sequence[Sequence[Cell]], prescriber: str, ally: str, period: str | None, findings: Findings
) -> Drawn:
    names = findings.role_names
    figure, axes = _canvas(len(panels), len(names), findings)
    titles = ("What is said of its role", "What it is said to do")
    for axis, panel, title, marks in zip(axes, panels, titles, (MARKS[:2], MARKS[2:]), strict=False):
        _role_axis(axis, names)
        axis.set_title(title)
        axis.set_xlabel("Share of the profile's codings, per cent")
        for place, (cell, mark) in enumerate(zip(panel, marks, strict=False)):
            _points(axis, cell, mark, (-0.17, 0.17)[place], findings)
        if not any(cell.filled for cell in panel):
            axis.text(0.5, 0.5, "too few passages", transform=axis.transAxes, ha="center", color="0.35")
        axis.set_xlim(left=0)
    _legend(figure, axes)
    actor, other = findings.actor(ally), findings.actor(prescriber)
    when = "" if period in WHOLE else f", {period}"
    caption = (
        f"The roles of {actor}, as prescribed by {other} and as conceived by itself{when}. "
        f"Lines: {100 * findings.study.profiles.level:g} % intervals. Roles from the most active to the most passive."
    )
    alt = caption + " " + " ".join(_told(cell, findings) for panel in panels for cell in panel)
    return _save(figure, slug("profiles", prescriber, ally, None if period in WHOLE else period), caption, alt)


def _points(axis: Axes, cell: Cell, mark: tuple[str, str, str], shift: float, findings: Findings) -> None:
    shape, face, edge = mark
    label = f"{sides(cell, findings)}: {cell.aspect}"
    label += f" (n = {cell.n_coded})" if cell.filled else f": {too_few(cell)}"
    axis.plot([], [], shape, mfc=face, mec=edge, color=edge, ms=5.5, label=label)
    if not cell.filled:
        return
    for place, row in enumerate(cell.rows):
        at, low, high = 100 * float(row["share"]), known(row["share_low"]), known(row["share_high"])
        if low is not None and high is not None:
            axis.plot([100 * low, 100 * high], [place + shift] * 2, "-", color=edge, lw=1.1, solid_capstyle="butt")
        axis.plot([at], [place + shift], shape, mfc=face, mec=edge, ms=5.5, clip_on=False, zorder=3)


def _told(cell: Cell, findings: Findings) -> str:
    if not cell.filled:
        return f"{phrase(cell, findings)}: {too_few(cell)}."
    names = findings.role_names
    top = ", ".join(f"{names[row['role']]} {share(row['share'])} %" for row in cell.top[:3])
    return f"{phrase(cell, findings)} (n = {cell.n_coded}): {top}."


def _parts(findings: Findings) -> Iterator[Drawn]:
    """Each gap taken apart by role: which roles are prescribed and not conceived, and the other way round."""
    groups: dict[tuple[str, str, str | None], list[dict[str, Any]]] = {}
    for row in findings.gaps.to_dict("records"):
        key = (row["prescriber"], row["ally"], known(row["period"]))
        groups.setdefault(key, []).append({str(name): known(value) for name, value in row.items()})
    parts: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = {}
    for part in findings.gap_parts.to_dict("records"):
        place = (part["prescriber"], part["ally"], part["comparison"], known(part["period"]))
        parts.setdefault(place, {})[part["role"]] = {str(name): value for name, value in part.items()}
    for (prescriber, ally, period), rows in groups.items():
        if all(row["jensen_shannon"] is None for row in rows):
            continue
        shown = [(row, parts.get((prescriber, ally, row["comparison"], period), {})) for row in rows]
        yield _differences(shown, prescriber, ally, period, findings)


def _differences(
    shown: Sequence[tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]],
    prescriber: str,
    ally: str,
    period: str | None,
    findings: Findings,
) -> Drawn:
    names = findings.role_names
    figure, axes = _canvas(len(shown), len(names), findings)
    widest = max((abs(float(p["difference"])) for _, by in shown for p in by.values()), default=0.1) * 100
    told = []
    for axis, (row, by_role) in zip(axes, shown, strict=True):
        _role_axis(axis, names)
        axis.set_title(str(row["comparison"]).replace("_", " "))
        axis.axvline(0, color="black", lw=0.6)
        axis.set_xlim(-1.25 * widest, 1.25 * widest)
        axis.set_xlabel(f"← more in the second | more in the first →\n{_wrapped(row['left'])}\nless {_wrapped(row['right'])}")
        if row["jensen_shannon"] is None:
            axis.text(
                0.5,
                0.5,
                f"too few passages\n(n = {row['passages_left']} and {row['passages_right']})",
                transform=axis.transAxes,
                ha="center",
                va="center",
                backgroundcolor="white",
            )
            continue
        for place, role in enumerate(names):
            if role in by_role:
                _bar(axis, place, 100 * float(by_role[role]["difference"]))
        first = max(by_role.values(), key=lambda part: float(part["contribution"]), default=None)
        if first is not None:
            told.append(f"{row['comparison']}: most of the gap lies in {names.get(first['role'], first['role'])}.")
    when = "" if period in WHOLE else f", {period}"
    caption = (
        f"The role gap between {findings.actor(prescriber)} and {findings.actor(ally)} by role{when}: "
        "share in the first profile less share in the second, in percentage points."
    )
    name = slug("gap_parts", prescriber, ally, None if period in WHOLE else period)
    return _save(figure, name, caption, f"{caption} {' '.join(told)}")


def _bar(axis: Axes, place: int, points: float) -> None:
    more = points > 0
    axis.barh(place, points, height=0.62, color="0.25" if more else "white", edgecolor="0.25", hatch="" if more else "////", lw=0.7)
    if abs(points) >= 0.05:
        axis.annotate(
            f"{points:+.1f}".replace("-", "−"),
            (points, place),
            xytext=(3 if more else -3, 0),
            textcoords="offset points",
            ha="left" if more else "right",
            va="center",
            fontsize=7.5,
        )


def _heat_maps(findings: Findings) -> Iterator[Drawn]:
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
    labels = [f"{findings.actor(c.holder)} (n = {c.n_coded})" for c in own]
    axis.set_xticks(range(len(own)), labels, rotation=50, ha="right", rotation_mode="anchor")
    axis.tick_params(length=0)
    for column, cell in enumerate(own):
        if not cell.filled:
            axis.text(column, (len(names) - 1) / 2, too_few(cell), rotation=90, ha="center", va="center", color="0.25")
            continue
        for row in range(len(names)):
            number = values[row, column]
            if number >= 0.05:
                shade = "white" if number > 0.55 * top else "black"
                axis.text(column, row, f"{number:.0f}" if number >= 1 else "<1", ha="center", va="center", color=shade, fontsize=7.5)
    figure.colorbar(image, ax=axis, label="Share of the actor's codings, per cent", shrink=0.7, pad=0.02)
    when = "" if period in WHOLE else f", {period}"
    caption = f"The roles that each actor gives itself{when}. Roles from the most active to the most passive."
    alt = caption + " " + " ".join(_told(cell, findings) for cell in own)
    return _save(figure, slug("actors", None if period in WHOLE else period), caption, alt)


def _over_time(findings: Findings) -> Iterator[Drawn]:
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
    by_comparison: Mapping[str, Sequence[Mapping[str, Any]]], order: Sequence[Any], dyad: tuple[str, str], findings: Findings
) -> Drawn:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 1.0 + 2.1 * len(by_comparison)), layout="constrained")
    axes = figure.subplots(len(by_comparison), 1, sharex=True, squeeze=False)[:, 0]
    bands = findings.study.gaps.bands
    edges = [0.0, bands.convergence, bands.strain, bands.conflict, 1.0]
    for axis, (comparison, rows) in zip(axes, by_comparison.items(), strict=True):
        for low, high, grey, name in zip(
            edges, edges[1:], ("1.0", "0.95", "0.9", "0.85"), ("convergence", "strain", "conflict", "risk of rupture"), strict=False
        ):
            axis.axhspan(low, high, color=grey, lw=0, zorder=0)
            axis.text(1.01, (low + high) / 2, name, transform=axis.get_yaxis_transform(), va="center", fontsize=7.5, color="0.3")
        places = {row["period"]: row for row in rows}
        _path(axis, [places.get(period) for period in order])
        axis.set_ylim(0, 1)
        axis.set_xlim(-0.5, len(order) - 0.5)
        axis.set_title(comparison.replace("_", " "))
        axis.set_ylabel("Distance")
    turned = 60 if len(order) > 12 else 0
    axes[-1].set_xticks(range(len(order)), [str(p) for p in order], rotation=turned, ha="right" if turned else "center")
    caption = (
        f"The role gaps of {findings.actor(dyad[0])} and {findings.actor(dyad[1])} over time: Jensen-Shannon distance "
        f"with {100 * findings.study.profiles.level:g} % intervals, and the bands of the study."
    )
    told = [
        f"{gap_title((*dyad, row['comparison'], row['period']), findings)}: {float(row['jensen_shannon']):.2f}."
        for rows in by_comparison.values()
        for row in rows
        if row["jensen_shannon"] is not None
    ]
    return _save(figure, slug("gap_over_time", *dyad), caption, f"{caption} {' '.join(told)}")


def _path(axis: Axes, rows: Sequence[Mapping[str, Any] | None]) -> None:
    filled = [(place, row) for place, row in enumerate(rows) if row is not None and row["jensen_shannon"] is not None]
    for (here, row), (there, after) in zip(filled, filled[1:], strict=False):
        style = "-" if there == here + 1 else ":"
        axis.plot([here, there], [row["jensen_shannon"], after["jensen_shannon"]], style, color="0.4", lw=0.9)
    for place, row in filled:
        if row["jensen_shannon_low"] is not None and row["jensen_shannon_high"] is not None:
            axis.plot([place] * 2, [row["jensen_shannon_low"], row["jensen_shannon_high"]], "-", color="black", lw=1.2)
        axis.plot([place], [row["jensen_shannon"]], "o", color="black", ms=5)
    for place, row in enumerate(rows):
        if row is None or row["jensen_shannon"] is None:
            why = "no profile" if row is None else f"too few passages (n = {row['passages_left']}, {row['passages_right']})"
            axis.text(place, 0.5, why, rotation=90, ha="center", va="center", fontsize=7, color="0.3")


def _canvas(panels: int, roles: int, findings: Findings) -> tuple[Figure, Sequence[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2.4 + 2.9 * max(panels, 1.4), 1.7 + 0.3 * roles), layout="constrained")
    return figure, figure.subplots(1, panels, sharey=True, squeeze=False)[0]


def _role_axis(axis: Axes, names: Mapping[str, str]) -> None:
    axis.set_yticks(range(len(names)), list(names.values()))
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0)
    for place in range(0, len(names), 2):
        axis.axhspan(place - 0.5, place + 0.5, color="0.96", lw=0, zorder=0)


def _legend(figure: Figure, axes: Sequence[Axes]) -> None:
    handles = [handle for axis in axes for handle in axis.get_legend_handles_labels()[0]]
    figure.legend(
        handles, [str(h.get_label()) for h in handles], loc="outside lower center", ncols=1, frameon=False, fontsize=8.5
    )


def _wrapped(text: object) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(str(text), 38))


def _save(figure: Figure, name: str, caption: str, alt: str) -> Drawn:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    made = {}
    for kind, meta in (("pdf", {"CreationDate": None}), ("png", {}), ("svg", {"Date": None})):
        scratch = io.BytesIO()
        figure.savefig(scratch, format=kind, dpi=200, metadata=meta, bbox_inches="tight", pad_inches=0.05)
        made[kind] = scratch.getvalue()
    return Drawn(name=name, caption=caption, alt=alt, pdf=made["pdf"], png=made["png"], svg=made["svg"])
