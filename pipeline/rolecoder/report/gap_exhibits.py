"""The tables of gaps: how far, which way, how sure, and each gap taken apart by role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rolecoder.config import SHIFTS
from rolecoder.errors import numbered
from rolecoder.measuring.tallies import BY_HAND
from rolecoder.report.findings import COUNTED, DASH, MINUS, WHOLE, Behind, Findings, estimate, known, p_value, share
from rolecoder.report.method import by_activity, estimators_of, measured_for_gaps
from rolecoder.report.panels import BETWEEN, Exhibit, Panel, with_names
from rolecoder.report.reasons import not_filled
from rolecoder.study.comparisons import comparisons

if TYPE_CHECKING:
    import pandas as pd

LISTED = 12  # gaps that a note lists one by one
READINGS = {
    ("prescription", "conception"): ("prescribed, not conceived", "conceived, not wanted"),
    ("prescription", "performance"): ("prescribed, not performed", "performed, not asked for"),
    ("conception", "performance"): ("promised, not performed", "performed, not promised"),
}


def gaps_exhibit(findings: Findings) -> Exhibit:
    """Role gaps: a row per dyad, comparison and period; how far in one panel, which way and how alike in the other."""
    rows = findings.gaps.to_dict("records")
    far = [_far(row, findings) for row in rows]
    way = [_way(row, findings) for row in rows if known(row["jensen_shannon"]) is not None]
    panels = (
        Panel(
            caption="Role gaps: how far apart",
            head=("Gap", "n", "Distance", "As found", "To move, %", "p", "Reading"),
            rows=tuple(far),
            align="prrrrrp",
            behind={(line, 1): _behind(row, findings) for line, row in enumerate(rows)},
            notes=_notes_far(rows, findings) if rows else ("The study names no dyad, or no gap was scored.",),
        ),
        Panel(
            caption="Role gaps: which way, and how alike",
            head=("Gap", "Shift", "Earth mover", "Agreement", "Estimators"),
            rows=tuple(way),
            align="prrrp",
            notes=_notes_way(findings) if way else ("No gap could be scored.",),
        ),
    )
    return Exhibit(name="gaps", title="Role gaps", frame=with_names(findings.gaps, findings), panels=panels)


P_VALUE = (
    "p: how often documents dealt to the two sides by chance lie so far apart (permutation test, Rao and Scott's "
    "statistic{or_by_f}); what the model's error rates may do where they set the sides apart counts as chance. The "
    "statistic is not the distance: p may be small where the distance's interval reaches 0, and large where it does "
    "not. Each p is of its gap alone, and not adjusted for the number of gaps."
)
BY_F = (
    "; where one side has a few long documents and the other many short ones, the statistic is held against an F "
    "distribution instead: column test of gaps.csv"
)


def _far(row: Mapping[Any, Any], findings: Findings) -> tuple[str, ...]:
    empty = known(row["jensen_shannon"]) is None
    return (
        gap_title(gap_key(row), findings),
        f"{row['passages_left']:,}{BETWEEN}{row['passages_right']:,}",
        "not filled" if empty else _triple(row, "jensen_shannon"),
        DASH if empty else f"{row['jensen_shannon_plain']:.2f}",
        _triple(row, "total_variation", per_cent=True),
        p_value(row["p_value"]),
        known(row["verdict"]) or DASH,
    )


def _way(row: Mapping[Any, Any], findings: Findings) -> tuple[str, ...]:
    figures = (_triple(row, name) for name in ("activity_shift", "earth_mover", "agreement"))
    return (gap_title(gap_key(row), findings), *figures, estimators_of(row))


def _notes_far(rows: Sequence[Mapping[Any, Any]], findings: Findings) -> tuple[str, ...]:
    bands = findings.study.gaps.bands
    scored = findings.gaps[findings.gaps["jensen_shannon"].notna()]
    tested, corrected = scored["p_value"].notna().any(), corrected_of(scored)
    notes = [
        "n: passages behind the first and the second profile, coded by the model or, where labels are to correct it, "
        "given a role by hand (by labels only: by hand alone), so labels may add to what the model coded; a passage "
        "whose label denies the role is then not counted.",
        "Distance: Jensen-Shannon, base 2, from 0 (the same profile) to 1 (no role in common)"
        + _less_chance(corrected, "jensen_shannon", " where passages are few; as found: the same with it"),
        "To move: total variation, the share of role talk that would have to move to close the gap, in per cent"
        + _less_chance(corrected, "total_variation"),
        *_without_interval(scored),
        *(_of_corrected(findings) if len(corrected) else ()),
        *([P_VALUE.format(or_by_f=BY_F if (scored["test"] == "F").any() else "")] if tested else []),
        *(f"Method: {str(m).rstrip('.')}." for m in dict.fromkeys(corrected["method"])),
        f"Bands on the distance: convergence to {bands.convergence:g}, strain to {bands.strain:g}, conflict to "
        f"{bands.conflict:g}, above it risk of rupture; a reading names each band that the interval touches.",
    ]
    empty = [
        (gap_title(gap_key(row), findings), known(row["note"])) for row in rows if known(row["jensen_shannon"]) is None
    ]
    return (*notes, *not_filled(empty, LISTED, "gaps.csv"))


def corrected_of(scored: pd.DataFrame) -> pd.DataFrame:
    """The gaps whose distance is corrected and has an interval: both sides are of more than one document."""
    return scored[scored["jensen_shannon_low"].notna()]


def _less_chance(corrected: pd.DataFrame, figure: str, more: str = "") -> str:
    """End a note on a figure: what it is less, where it has an interval; else it is as found."""
    return f", less what chance alone adds{more}." if corrected[f"{figure}_low"].notna().any() else ", as found."


def _without_interval(scored: pd.DataFrame) -> list[str]:
    """Say which figures are as found, and why."""
    alone = len(scored) - len(corrected_of(scored))
    return [
        f"{numbered(alone, 'gap')} of {len(scored):,}, those without an interval: all figures are as found, with no "
        "test and no reading, since a side is of one document."
    ] * bool(alone)


def _of_corrected(findings: Findings) -> tuple[str, str]:
    return (
        "Each is corrected by itself, so where passages are few they may seem to disagree: a distance of 0.00 says "
        "only that no gap is left after the correction.",
        f"Intervals at {100 * findings.study.profiles.level:g} %.",
    )


def _notes_way(findings: Findings) -> tuple[str, ...]:
    scored = findings.gaps[findings.gaps["jensen_shannon"].notna()]
    first = "is the more active" if by_activity(findings) else "has roles of lower ranks"
    beside = "; where the interval of the shift holds 0 it may lie below the shift, which is not corrected"
    return (
        f"Shift: mean rank of the second profile less that of the first; above 0 the first {first}.",
        "Earth mover: ranks that talk would have to move on average"
        + _less_chance(corrected_of(scored), "earth_mover", beside),
        "Agreement: Scott's pi of the two profiles, which is Cohen's kappa here: 1 the same, 0 as by chance.",
        *_without_interval(scored),
        "Estimators: of the first and the second profile's shares; one name where both have the same.",
        *measured_for_gaps(findings),
    )


def sensitivity_exhibit(findings: Findings) -> Exhibit:
    """What each reading would be if the ends of the bands lay lower or higher."""
    import pandas as pd

    frame = findings.sensitivity if findings.sensitivity is not None else pd.DataFrame()
    by_gap: dict[tuple[object, ...], dict[float, str]] = {}
    for row in frame.to_dict("records"):
        by_gap.setdefault(gap_key(row), {})[float(row["shift"])] = str(row["verdict"])
    shifts = sorted({shift for verdicts in by_gap.values() for shift in verdicts})
    rows = [
        (gap_title(key, findings), *(verdicts.get(shift, DASH) for shift in shifts)) for key, verdicts in by_gap.items()
    ]
    heads = ["as set" if shift == 0 else f"{shift:+.2f}".replace("-", MINUS) for shift in shifts]
    panel = Panel(
        caption="Readings of the gaps if the bands lay elsewhere",
        head=("Gap", *heads),
        rows=tuple(rows),
        align="p" + "p" * len(heads),
        notes=("By how much all ends of the bands are moved, and what the reading would be.", *_not_shifted(findings))
        if rows
        else ("No gap has a reading.",),
    )
    return Exhibit(
        name="gap_sensitivity",
        title="Readings if the bands lay elsewhere",
        frame=with_names(frame, findings),
        panels=(panel,),
    )


def _not_shifted(findings: Findings) -> list[str]:
    """Say which shifts are left out of the table."""
    lacking = [shift for shift in SHIFTS if findings.study.gaps.bands.shifted(shift) is None]
    told = ", ".join(f"{shift:+.2f}".replace("-", MINUS) for shift in lacking)
    return [f"Without the shifts by {told}, which would move an end out of 0 to 1."] * bool(lacking)


def parts_exhibit(findings: Findings) -> Exhibit:
    """Each gap taken apart by role, and summed by what the parts mean."""
    names = findings.role_names
    gaps = {gap_key(row): row for row in findings.gaps.to_dict("records")}
    parts: dict[tuple[object, ...], dict[str, dict[str, Any]]] = {}
    for part in findings.gap_parts.to_dict("records"):
        parts.setdefault(gap_key(part), {})[str(part["role"])] = {str(k): v for k, v in part.items()}
    panels = [
        _parts_panel(key, {role: by_role[role] for role in names if role in by_role}, gaps[key], findings)
        for key, by_role in parts.items()
    ]
    if not panels:
        panels = [
            Panel(caption="The gap by role", head=("Role",), rows=(), align="l", notes=("No gap could be scored.",))
        ]
    frame = with_names(findings.gap_parts, findings)
    frame["reading"] = [_read(row["comparison"], row) for row in frame.to_dict("records")]
    return Exhibit(name="gap_parts", title="The gaps by role", frame=frame, panels=tuple(panels))


def _parts_panel(
    key: tuple[object, ...],
    by_role: Mapping[str, Mapping[str, Any]],
    row: Mapping[Any, Any],
    findings: Findings,
) -> Panel:
    comparison = str(key[2])
    whole = sum(float(part["contribution"]) for part in by_role.values())
    rows = [_part_row(findings.role_names[role], part, comparison, whole) for role, part in by_role.items()]
    foot = []
    for sign, both in ((1.0, False), (1.0, True), (-1.0, True), (-1.0, False)):
        words = reading(comparison, sign, both=both)
        own = [p for p in by_role.values() if float(p["difference"]) * sign > 0 and _both(p) == both]
        moved = sum(float(part["difference"]) for part in own)
        part_of = sum(float(part["contribution"]) for part in own)
        foot.append((words.capitalize(), "", "", _signed(moved), _part(part_of, whole), words))
    foot.append(("The whole gap", "100.0", "100.0", "0.0", _part(whole, whole), ""))
    left, right = (findings.side(row, which) for which in ("left", "right"))
    ended = any(known(part["difference_low"]) is not None for part in by_role.values())
    bracket = f"; in brackets its {100 * findings.study.profiles.level:g} % interval, by role" if ended else ""
    return Panel(
        caption=f"The gap by role: {gap_title(key, findings)}",
        head=("Role", "First", "Second", "Difference", "Part of gap", "Reading"),
        rows=(*rows, *foot),
        align="lrrrrl",
        notes=(
            f"First: {left}. Second: {right}. Shares of role talk and their difference in per cent, corrected as the "
            f"profiles are{bracket}.",
            "Part of gap: the role's part of the squared Jensen-Shannon distance as found, in per cent of the whole; "
            "the parts sum to it.",
            "Reading: which side talks of the role more, or alone"
            + ", empty where the interval of the difference holds 0" * ended
            + "; the sums are of roles that only one side talks of, and of those that it talks of more"
            + ", whatever their intervals" * ended
            + ".",
        ),
        foot=len(foot),
        behind={
            (line, column): (side,)
            for line, role in enumerate(by_role)
            for column, side in enumerate(_behind(row, findings, role), start=1)
        },
    )


def _behind(row: Mapping[Any, Any], findings: Findings, role: str | None = None) -> tuple[Behind | None, ...]:
    """Name the passages that either side of a gap counts; none where there are none to read.

    Of a role that those do not give, whoever else gave it to a passage.
    """
    found: list[Behind | None] = []
    (compared,) = (c for c in comparisons(row["prescriber"], row["ally"]) if c.name == row["comparison"])
    for which, (source, aspect) in (("left", compared.left), ("right", compared.right)):
        how = known(row[f"estimator_{which}"])
        count = findings.labels_count.get((source, row["period"]))  # None: there are none
        aside = count is False or (count is True and how is not None and how not in BY_HAND)
        by = "hand" if how == "labels only" else "model" if aside else COUNTED if count else None
        side = Behind(source, row["ally"], aspect, row["period"], role, by)
        sides = [side, *([replace(side, by=None)] * (role is not None))]
        found.append(next((side for side in sides if side in findings.passages_behind), None))
    return tuple(found)


def reading(comparison: str, difference: float, *, both: bool = False) -> str:
    """Say what a role's difference means: "prescribed, not conceived"; empty where there is none.

    Where both sides talk of the role it is "prescribed more than conceived".
    """
    kinds = [word for word in ("prescription", "conception", "performance") if word in comparison]
    more, less = READINGS.get((kinds[0], kinds[-1]) if kinds else ("", ""), ("more in the first", "more in the second"))
    words = more if difference > 0 else less if difference < 0 else ""
    return words.replace(", not ", " more than ") if both else words


def larger(comparison: str, difference: float) -> str:
    """Name the side that talks of roles more, whether or not the other does too: "prescribed more, or alone"."""
    side, alone, _ = reading(comparison, difference).partition(", not ")
    return f"{side} more, or alone" if alone else side


def holds_zero(part: Mapping[Any, Any]) -> bool:
    """Whether a role's difference has an interval, and it holds 0, so that it may go either way."""
    low, high = known(part["difference_low"]), known(part["difference_high"])
    return low is not None and high is not None and low <= 0 <= high


def _read(comparison: str, part: Mapping[Any, Any]) -> str:
    """Say what the difference of one role means; empty where its interval holds 0."""
    return "" if holds_zero(part) else reading(comparison, float(part["difference"]), both=_both(part))


def _both(part: Mapping[Any, Any]) -> bool:
    return min(float(part["share_left"]), float(part["share_right"])) > 0


def gap_title(key: tuple[object, ...], findings: Findings) -> str:
    """Name a gap: "United States and Japan, prescription and conception, 1990"."""
    prescriber, ally, comparison, period = key
    words = f"{findings.actor(str(prescriber))} and {findings.actor(str(ally))}, {comparison}"
    return words if period in WHOLE else f"{words}, {period}"


def _part_row(name: str, part: Mapping[str, Any], comparison: str, whole: float) -> tuple[str, ...]:
    difference = float(part["difference"])
    shares = (share(part["share_left"]), share(part["share_right"]))
    ends = [known(part[f"difference_{end}"]) for end in ("low", "high")]
    said = _signed(difference) + ("" if None in ends else f" [{_signed(ends[0])}, {_signed(ends[1])}]")
    return (name, *shares, said, _part(float(part["contribution"]), whole), _read(comparison, part))


def _signed(difference: float) -> str:
    return f"{100 * difference:+.1f}".replace("-", MINUS) if round(100 * difference, 1) else "0.0"


def _part(contribution: float, whole: float) -> str:
    return f"{100 * contribution / whole:.1f}" if whole > 0 else DASH


def _triple(row: Mapping[Any, Any], name: str, *, per_cent: bool = False) -> str:
    return estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], per_cent=per_cent)


def gap_key(row: Mapping[Any, Any]) -> tuple[object, ...]:
    """What tells a gap from the others: dyad, comparison and period."""
    return tuple(known(row[name]) for name in ("prescriber", "ally", "comparison", "period"))
