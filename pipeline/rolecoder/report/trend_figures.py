"""Figures of roles over time: moving windows with their intervals, and the years in which a profile changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.errors import numbered
from rolecoder.files import slug
from rolecoder.report.drawing import Drawn, save, with_intervals
from rolecoder.report.findings import Findings, known, profile_name, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SHOWN = 6  # roles of a figure, those that reach the largest share
KEY = ("source", "holder", "aspect")
MARKS = (  # of the estimators of a figure, in the order of their first window
    ("dots", {"marker": "o", "mfc": "black"}),
    ("rings", {"marker": "o", "mfc": "white"}),
    ("squares", {"marker": "s", "mfc": "white"}),
    ("triangles", {"marker": "^", "mfc": "white"}),
    ("crosses", {"marker": "x"}),
)


def trends(findings: Findings) -> Iterator[Drawn]:
    """The path of the largest roles of each profile that has two filled windows or more."""
    if findings.trends is None:
        return
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _records(findings.trends):
        groups.setdefault(tuple(row[name] for name in KEY), []).append(row)
    changes: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _records(findings.changes) if findings.changes is not None else ():
        changes.setdefault(tuple(row[name] for name in KEY), []).append(row)
    behind = {key: sum(row["n_coded"] for row in rows) for key, rows in groups.items()}
    for key in sorted(groups, key=lambda key: (-behind[key], str(key))):
        filled = [row for row in groups[key] if row["share"] is not None]
        if len({row["since"] for row in filled}) > 1 and any(row["share"] > 0 for row in filled):
            yield _figure(key, filled, changes.get(key, []), findings)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): known(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _figure(
    key: tuple[Any, ...], rows: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]], findings: Findings
) -> Drawn:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    by_role: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: int(row["since"])):
        by_role.setdefault(str(row["role"]), []).append(row)
    reached = {role: max(float(row["share"]) for row in own) for role, own in by_role.items()}
    largest = [role for role in sorted(reached, key=lambda role: -reached[role]) if reached[role] > 0][:SHOWN]
    names = {role: name for role, name in findings.role_names.items() if role in largest}
    down = -(-len(names) // 2)
    top = 105 * max(float(row["share_high"] or row["share"]) for role in largest for row in by_role[role])
    figure = Figure(figsize=(7.2, 0.9 + 1.75 * down), layout="constrained")
    axes = list(figure.subplots(down, 2, sharex=True, sharey=True, squeeze=False).flat)
    marks = dict(zip(_estimators(rows), MARKS, strict=False))
    for axis, (role, name) in zip(axes, names.items(), strict=False):
        _path(axis, by_role[role], marks)
        for change in changes:
            axis.axvspan(change["year_low"] - 0.5, change["year_high"] + 0.5, color="0.9", lw=0, zorder=0)
            axis.axvline(change["year"], color="0.35", lw=0.9, ls="--", zorder=1)
        axis.set_title(name)
        axis.set_ylim(0, top)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    for spare in axes[len(names) :]:
        spare.set_axis_off()
    for last in axes[max(len(names) - 2, 0) : len(names)]:
        last.tick_params(labelbottom=True)
    figure.supylabel("Share of role talk, per cent", fontsize=9)
    figure.supxlabel("Middle of the window", fontsize=9)
    title = profile_name(key, findings)
    width = int(rows[0]["until"]) - int(rows[0]["since"]) + 1
    alone = "their shares are of one document, which may be the same in several"
    intervals = with_intervals(by_role[largest[0]], "share", findings.study.profiles.level, alone)
    windows = f"windows of {numbered(width, 'year')}{', which overlap' * (width > 1)}"
    caption = (
        f"Roles over time: {title}. Shares in moving {windows}, {intervals}; the {len(names)} largest roles that occur."
    )
    caption += f" {_resting_on(by_role[largest[0]], marks)}"
    caption += _dashed(changes) if changes else ""
    told = [_told(name, by_role[role]) for role, name in names.items()]
    told += [f"Change in {change['year']} ({change['year_low']} to {change['year_high']})." for change in changes]
    return save(figure, slug("trend", *(str(part) for part in key if part)), caption, f"{caption} {' '.join(told)}")


def _estimators(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The estimators of the windows, in the order of their first."""
    return list(dict.fromkeys(str(row["estimator"]) for row in sorted(rows, key=lambda row: int(row["since"]))))


def _resting_on(rows: Sequence[Mapping[str, Any]], marks: Mapping[str, tuple[str, Any]]) -> str:
    """Say by which estimators the windows were measured, and where lines break; rows of one role."""
    if len(marks) == 1:
        told = f"Estimator: {next(iter(marks))}."
    else:
        own = [str(row["estimator"]) for row in rows]
        counts = (f"{name} in {numbered(own.count(name), 'window')} ({mark})" for name, (mark, _) in marks.items())
        told = f"Estimators: {', '.join(counts)}; a step between the marks may be that of the estimators."
    begins = [int(row["since"]) for row in rows]
    why = ["a window holds too little to be filled"] * (len(_unbroken(begins)) > 1)
    why += ["the estimator changes"] * (len(marks) > 1)
    return f"{told} Lines break where {', and where '.join(why)}." if why else told


def _dashed(changes: Sequence[Mapping[str, Any]]) -> str:
    """Say what the dashed lines are, and what the test rests on."""
    what = str(changes[0]["estimator"])
    rests = (
        "the plain count of what the model coded, which nothing corrects"
        if what == "count"
        else f"what each document adds to the profile of all years (estimator: {what})"
    )
    return (
        " Dashed: years in which the profile changed, with their interval in grey, by a permutation test of documents "
        f"on {rests}."
    )


def _path(axis: Axes, rows: Sequence[Mapping[str, Any]], marks: Mapping[str, tuple[str, Any]]) -> None:
    years = [(row["since"] + row["until"]) / 2 for row in rows]
    ends = [
        (year, 100 * row["share_low"], 100 * row["share_high"])
        for year, row in zip(years, rows, strict=True)
        if row["share_low"] is not None and row["share_high"] is not None
    ]
    axis.vlines([end[0] for end in ends], [end[1] for end in ends], [end[2] for end in ends], color="0.55", lw=1.4)
    for part in _unbroken([int(row["since"]) for row in rows], [str(row["estimator"]) for row in rows]):
        shown = [100 * row["share"] for row in rows[part]]
        style = marks[str(rows[part.start]["estimator"])][1]
        axis.plot(years[part], shown, ls="-", color="black", ms=3.5, lw=0.9, clip_on=False, **style)
    axis.margins(x=0.1)


def _unbroken(begins: Sequence[int], estimators: Sequence[str] | None = None) -> list[slice]:
    """Stretches of windows by one estimator without one between that is not filled; windows begin a year apart."""
    by = estimators or [""] * len(begins)
    breaks = [at for at in range(1, len(begins)) if begins[at] - begins[at - 1] > 1 or by[at] != by[at - 1]]
    return [slice(first, last) for first, last in zip([0, *breaks], [*breaks, len(begins)], strict=True)]


def _told(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    first, last = rows[0], rows[-1]
    return f"{name}: {share(first['share'])} % from {first['since']}, {share(last['share'])} % from {last['since']}."
