"""The paper that figures are drawn on: style, axes of roles, and saving in three formats."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rolecoder.report.findings import Cell, Findings, known, phrase, share
from rolecoder.report.reasons import reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "figure.constrained_layout.w_pad": 0.08,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "rolecoder",
    "hatch.linewidth": 0.4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure in three formats; ``alt`` says in words what it shows."""

    name: str
    caption: str
    alt: str
    pdf: bytes
    png: bytes
    svg: bytes


@contextmanager
def style() -> Iterator[None]:
    """Draw in the report's style, whatever the user's own settings; a letter that the font lacks is a box."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        matplotlib.rcdefaults()
        for name, value in STYLE.items():
            matplotlib.rcParams[name] = value
        yield


def canvas(panels: int, roles: int, *, same_scale: bool = False) -> tuple[Figure, Sequence[Axes]]:
    """Axes for so many roles, two side by side: on a page of paper their letters can still be read."""
    from matplotlib.figure import Figure

    down = -(-panels // 2)
    across = min(panels, 2)
    figure = Figure(figsize=(2.4 + 2.9 * max(across, 1.4), down * (1.6 + 0.27 * roles)), layout="constrained")
    axes = list(figure.subplots(down, across, sharey=True, sharex=same_scale, squeeze=False).flat)
    for spare in axes[panels:]:
        spare.set_axis_off()
    return figure, axes[:panels]


def role_axis(axis: Axes, names: Mapping[str, str]) -> None:
    """Put the roles on the axis, the most active at the top."""
    axis.set_yticks(range(len(names)), list(names.values()))
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.tick_params(axis="y", length=0, pad=8)
    for place in range(0, len(names), 2):
        axis.axhspan(place - 0.5, place + 0.5, color="0.96", lw=0, zorder=0)


def told(cell: Cell, findings: Findings) -> str:
    """A profile in words, for those who cannot see the figure."""
    if not cell.filled:
        return f"{phrase(cell, findings)}: {reason(cell.note)}."
    names = findings.role_names
    top = ", ".join(f"{names[row['role']]} {share(row['share'])} %" for row in cell.top[:3])
    return f"{phrase(cell, findings)} ({cell.counted}): {top}."


def with_intervals(rows: Sequence[Mapping[str, Any]], figure: str, level: float, why: str) -> str:
    """Say for a caption that what is drawn bears intervals; or how much does not, and why.

    Args:
        rows: What is drawn.
        figure: The column that is drawn; its ends are in ``_low`` and ``_high``.
        level: Of the intervals.
        why: There is none where there is none.
    """
    bare = sum(known(row[f"{figure}_low"]) is None for row in rows)
    if bare == len(rows):
        return f"without intervals, since {why}"
    return f"with {100 * level:g} % intervals" + (f" ({bare} of {len(rows)} without, since {why})" if bare else "")


def save(figure: Figure, name: str, caption: str, alt: str) -> Drawn:
    """Write a figure as PDF with its fonts in it, PNG and SVG, without dates.

    It is laid out once and then drawn once per format: ``savefig`` would draw it eight times.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    pdf, png, svg = io.BytesIO(), io.BytesIO(), io.BytesIO()
    bitmap: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    figure.dpi = 200
    bitmap.print_png(png)
    vector: Any = FigureCanvasSVG(figure)
    vector.print_svg(svg, metadata={"Date": None})
    vector = FigureCanvasPdf(figure)
    vector.print_pdf(pdf, metadata={"CreationDate": None})
    return Drawn(name=name, caption=caption, alt=alt, pdf=pdf.getvalue(), png=png.getvalue(), svg=svg.getvalue())
