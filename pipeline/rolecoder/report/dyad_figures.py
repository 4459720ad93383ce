"""Figures of a dyad: the profiles of its two sides, and the gap between them taken apart by role."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.files import slug
from rolecoder.report.drawing import Drawn, canvas, role_axis, save, told, with_intervals
from rolecoder.report.findings import MINUS, WHOLE, Cell, Findings, cells, known, sides
from rolecoder.report.gap_exhibits import holds_zero, larger
from rolecoder.report.method import order_of_roles
from rolecoder.report.reasons import reason
from rolecoder.study.expectation import split_dyad

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 0.05  # percentage points that a bar's figure does not round to 0
MARKS = (("o", "black", "black"), ("s", "white", "black"), ("D", "0.55", "0.35"), ("^", "white", "0.45"))


def two_sides(findings: Findings) -> Iterator[Drawn]:
    """The roles that an ally is prescribed and those that it conceives; and what it is said to do."""
    found = cells(findings)
    for dyad in findings.study.gaps.dyads:
        prescriber, ally = split_dyad(dyad)
        for period in dict.fromkeys(cell.period for cell in found):
            of = {c.key[:3]: c for c in found if c.period == period}
            said = [(prescriber, ally, "prescription"), (ally, ally, "conception")]
            done = [(ally, ally, "performance"), (prescriber, ally, "performance")]
            panels = [
                [of.get(key) or _none(key, period, findings) for key in keys]
                for keys in (said, done)
                if keys is said or any(key in of for key in keys)
            ]
            if any(cell.filled for panel in panels for cell in panel):
                yield _dumbbells(panels, prescriber, ally, period, findings)


def _none(key: tuple[str | None, str | None, str | None], period: str | None, findings: Findings) -> Cell:
    source, holder, aspect = key
    return Cell(
        source=source,
        holder=holder,
        aspect=aspect,
        period=period,
        n_documents=0,
        n_passages=0,
        n_coded=0,
        n_labelled=0,
        with_labels=False,
        estimator=None,
        method="",
        note=findings.study.profiles.shortfall(0, 0),
        rows=(),
    )


def _dumbbells(
    panels: Sequence[Sequence[Cell]], prescriber: str, ally: str, period: str | None, findings: Findings
) -> Drawn:
    from matplotlib.transforms import ScaledTranslation

    names = findings.role_names
    figure, axes = canvas(len(panels), len(names), same_scale=True)
    titles = ("What is said of its role", "What it is said to do")
    for axis, panel, title, marks in zip(axes, panels, titles, (MARKS[:2], MARKS[2:]), strict=False):
        role_axis(axis, names)
        axis.set_title(title)
        axis.set_xlabel("Share of the profile's role talk, per cent")
        for place, (cell, mark) in enumerate(zip(panel, marks, strict=False)):
            _points(axis, cell, mark, (-0.17, 0.17)[place], findings)
        if not any(cell.filled for cell in panel):
            why = _wrapped(reason("; ".join(cell.note or "" for cell in panel)))
            axis.text(0.5, 0.5, why, transform=axis.transAxes, ha="center", color="0.35")
        below = axis.transAxes + ScaledTranslation(0, -0.55, figure.dpi_scale_trans)  # inches, under the axis title
        axis.legend(
            loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, frameon=False, fontsize=8.5, borderaxespad=0
        )
    axes[0].set_xlim(left=0)
    actor, other = findings.actor(ally), findings.actor(prescriber)
    when = "" if period in WHOLE else f", {period}"
    sayings = {f"as prescribed by {other}": panels[0][0], "as conceived by itself": panels[0][1]}
    shown = [words for words, cell in sayings.items() if cell.filled]
    hidden = [words for words, cell in sayings.items() if not cell.filled]
    drawn = [cell.rows[0] for panel in panels for cell in panel if cell.filled]
    bare = ", none of a profile of one document" * any(known(row["share_low"]) is None for row in drawn)
    caption = (
        f"The roles of {actor}, {' and '.join(shown) or 'by what it is said to do'}{when}. "
        + (f"Not drawn, since too little stands behind it: {', '.join(hidden)}. " if hidden else "")
        + f"Lines: {100 * findings.study.profiles.level:g} % intervals{bare}. "
        + f"Roles {order_of_roles(findings)}."
    )
    alt = caption + " " + " ".join(told(cell, findings) for panel in panels for cell in panel)
    return save(figure, slug("profiles", prescriber, ally, None if period in WHOLE else period), caption, alt)


def _points(axis: Axes, cell: Cell, mark: tuple[str, str, str], shift: float, findings: Findings) -> None:
    shape, face, edge = mark
    label = f"{sides(cell.source, cell.holder, findings)}: {cell.aspect}"
    label += f" ({cell.counted})".replace(" ", "\N{NO-BREAK SPACE}") if cell.filled else f": {reason(cell.note)}"
    axis.plot([], [], shape, mfc=face, mec=edge, color=edge, ms=5.5, label=_wrapped(label))
    if not cell.filled:
        return
    at = [100 * float(row["share"]) for row in cell.rows]
    places = [place + shift for place in range(len(at))]
    ends = [(place, row["share_low"], row["share_high"]) for place, row in zip(places, cell.rows, strict=True)]
    whole = [end for end in ends if known(end[1]) is not None and known(end[2]) is not None]
    axis.hlines([e[0] for e in whole], [100 * e[1] for e in whole], [100 * e[2] for e in whole], color=edge, lw=1.1)
    axis.plot(at, places, shape, mfc=face, mec=edge, ms=5.5, clip_on=False, zorder=3)


def parts_by_role(findings: Findings) -> Iterator[Drawn]:
    """Each gap taken apart by role: which roles are prescribed more than conceived, or alone, and the other way."""
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
    figure, axes = canvas(len(shown), len(names))
    drawn = [part for _, by_role in shown for part in by_role.values()]
    ends = [part[end] for part in drawn for end in ("difference", "difference_low", "difference_high")]
    widest = 100 * max((abs(float(end)) for end in ends if known(end) is not None), default=0.0) or 10.0
    said = []
    for axis, (row, by_role) in zip(axes, shown, strict=True):
        role_axis(axis, names)
        axis.set_title(_wrapped(row["comparison"]))
        axis.axvline(0, color="black", lw=0.6)
        axis.set_xlim(-1.45 * widest, 1.45 * widest)
        left, right = (_wrapped(findings.side(row, which)) for which in ("left", "right"))
        less, more = larger(str(row["comparison"]), -1), larger(str(row["comparison"]), 1)
        axis.set_xlabel(f"← {less}\n{more} →\n{left}\nminus {right}", fontsize=8.5)
        if row["jensen_shannon"] is None:
            axis.text(
                0.5,
                0.5,
                _wrapped(reason(row["note"])),
                transform=axis.transAxes,
                ha="center",
                va="center",
                backgroundcolor="white",
            )
            continue
        _bars(axis, [by_role.get(role) for role in names])
        first = max(by_role.values(), key=lambda part: float(part["contribution"]), default=None)
        if first is not None:
            said.append(
                f"{row['comparison']}: the largest part of the gap lies in {names.get(first['role'], first['role'])}"
                + ", though the interval of its difference holds 0" * holds_zero(first)
                + "."
            )
    when = "" if period in WHOLE else f", {period}"
    caption = (
        f"The role gap between {findings.actor(prescriber)} and {findings.actor(ally)} by role{when}: "
        "share in the first profile less share in the second, in percentage points, "
        + with_intervals(drawn, "difference", findings.study.profiles.level, "too few documents stand behind them")
        + "."
    )
    name = slug("gap_parts", prescriber, ally, None if period in WHOLE else period)
    return save(figure, name, caption, f"{caption} {' '.join(said)}")


def _bars(axis: Axes, parts: Sequence[Mapping[str, Any] | None]) -> None:
    """Draw differences in percentage points, with intervals: more in the first dark, more in the second hatched."""
    for place, part in enumerate(parts):
        if part is None:
            continue
        value, low, high = (known(part[end]) for end in ("difference", "difference_low", "difference_high"))
        value = 100 * float(value)
        face, hatch = ("0.25", "") if value > 0 else ("white", "////")
        axis.barh(place, value, height=0.62, color=face, hatch=hatch, edgecolor="0.25", lw=0.7)
        ends = [value]
        if low is not None and high is not None:
            ends += [100 * float(low), 100 * float(high)]
            axis.hlines(place, ends[1], ends[2], color="0.55", lw=1.1, zorder=3)
        if abs(value) >= SHOWN:
            axis.annotate(
                f"{value:+.1f}".replace("-", MINUS),
                (max(ends) if value > 0 else min(ends), place),
                xytext=(3 if value > 0 else -3, 0),
                textcoords="offset points",
                ha="left" if value > 0 else "right",
                va="center",
                fontsize=7.5,
            )


def _wrapped(text: object) -> str:
    return "\n".join(textwrap.wrap(str(text), 38))
