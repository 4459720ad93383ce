"""Stage 7. Codings -> gaps of a dyad: how far an ally's prescribed, conceived and performed roles lie apart.

For the dyad PRESCRIBER:ALLY four pairs of profiles of the ally's roles are compared, first and second:

| comparison | first | second |
|---|---|---|
| prescription and conception | prescriber's texts, prescription | ally's texts, conception |
| prescription and performance, by the ally's texts | prescriber's texts, prescription | ally's texts, performance |
| prescription and performance, by the prescriber's texts | the same | prescriber's texts, performance |
| conception and performance | ally's texts, conception | ally's texts, performance |

A distance between two profiles is never 0 when passages are few, even where nothing but chance sets
them apart: with 30 codings on each side, two equal profiles of 17 roles lie .35 to .45 apart.  So
each distance is stated less what chance adds, with an interval, and the plain figure beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from rolecoder import distances
from rolecoder.chance import permutation_test
from rolecoder.codebook import Codebook
from rolecoder.config import Bands, Gaps, Profiles, split_dyad
from rolecoder.periods import with_periods
from rolecoder.resampling import (
    Interval,
    Pair,
    generator,
    invert,
    jackknife,
    pair,
    resampled,
    shares,
    student,
    tally,
    unseen,
)
from rolecoder.tables import CODINGS, GAP_PARTS, GAP_SENSITIVITY, GAPS, PASSAGES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "Jensen-Shannon: jackknife over documents; total variation: bootstrap of documents, inverted; both corrected"
NO_INTERVAL = "as counted; no interval from one document"
SHIFTS = (-0.10, -0.05, 0.0, 0.05, 0.10)
STATES = ("convergence", "strain", "conflict", "risk of rupture")


@dataclass(frozen=True, slots=True)
class _Side:
    """What one source says of the ally's role under one aspect."""

    words: str
    documents: list[str]
    counts: Floats  # (documents, roles)
    passages: int


@dataclass(frozen=True, slots=True)
class _Comparison:
    name: str
    left: tuple[str, str]  # source, aspect
    right: tuple[str, str]


def comparisons(prescriber: str, ally: str) -> tuple[_Comparison, ...]:
    """The four comparisons of a dyad, in the order of the table."""
    asked, seen = (prescriber, "prescription"), (ally, "conception")
    done, told = (ally, "performance"), (prescriber, "performance")
    return (
        _Comparison("prescription and conception", asked, seen),
        _Comparison("prescription and performance, by the ally's texts", asked, done),
        _Comparison("prescription and performance, by the prescriber's texts", asked, told),
        _Comparison("conception and performance", seen, done),
    )


def make_gaps(
    passages: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook, gaps: Gaps, profiles: Profiles
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every dyad of the study, in every period, and divide each distance among the roles.

    Args:
        passages: The table ``passages``: who speaks in which periods.
        codings: The table ``codings``.
        codebook: Gives the roles and their ranks.
        gaps: Dyads and the bands of Yang's scale.
        profiles: Periods, the minimum behind either side, resamples, level and seed.

    Returns:
        The tables ``gaps`` (a row for each dyad, comparison and period) and ``gap_parts`` (its roles; none where
        there is no number).  The order of the inputs' rows does not matter, nor which other dyads are scored.

    Raises:
        RolecoderError: An input is not the declared table.
    """
    passages, codings = PASSAGES.check(passages), CODINGS.check(codings)
    passages, codings = with_periods(passages, profiles.period), with_periods(codings, profiles.period)
    spoken = _heard(codings, codebook)
    periods = {source: set(part["period"].dropna()) for source, part in passages.groupby("source")}
    rows: list[dict[str, object]] = []
    parts: list[dict[str, object]] = []
    scored: dict[tuple[str, ...], tuple[dict[str, object], list[dict[str, object]]]] = {}
    for prescriber, ally in dict.fromkeys(split_dyad(dyad) for dyad in gaps.dyads):
        here = periods.get(prescriber, set()) | periods.get(ally, set())
        for period, comparison in product(_periods(here, profiles), comparisons(prescriber, ally)):
            key = (ally, *comparison.left, *comparison.right, period)
            if key not in scored:  # dyads of one ally share what it says of itself
                sides = [_side(spoken, which, ally, period) for which in (comparison.left, comparison.right)]
                scored[key] = _score(sides, codebook, gaps.bands, profiles, generator(profiles.seed, *key))
            row, own = scored[key]
            place = {"prescriber": prescriber, "ally": ally, "comparison": comparison.name, "period": period}
            rows.append(place | row)
            parts += [place | part for part in own]
    return GAPS.frame(rows), GAP_PARTS.frame(parts)


def _periods(spoken: set[str], profiles: Profiles) -> list[str]:
    """The study's named periods, or those in which either side speaks; "all" also where neither does."""
    if profiles.period == "all":
        return ["all"]
    return sorted(spoken) if isinstance(profiles.period, str) else [named.name for named in profiles.period]


def _heard(codings: pd.DataFrame, codebook: Codebook) -> dict[tuple[str, ...], tuple[list[str], Floats, int]]:
    """Documents, counts and number of passages of each source, holder, aspect and period that occurs."""
    heard = {}
    for key, own in codings.groupby(["source", "holder", "aspect", "period"]):
        documents, counts = tally(list(own["document_id"]), list(own["role"]), codebook.codes)
        heard[tuple(map(str, key))] = documents, counts, own["passage_id"].nunique()
    return heard


def _side(
    heard: dict[tuple[str, ...], tuple[list[str], Floats, int]], which: tuple[str, str], ally: str, period: str
) -> _Side:
    import numpy as np

    source, aspect = which
    nothing: tuple[list[str], Floats, int] = ([], np.zeros((0, 0)), 0)
    words = f"{source} about {'itself' if source == ally else ally}: {aspect}"
    return _Side(words, *heard.get((source, ally, aspect, period), nothing))


def _score(
    sides: Sequence[_Side], codebook: Codebook, bands: Bands, profiles: Profiles, rng: np.random.Generator
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One row of the table of gaps, and its parts where there is a number."""
    left, right = sides
    short = [(side, profiles.shortfall(side.passages, len(side.documents))) for side in sides]
    note = "; ".join(f"{side.words}: {lack}" for side, lack in short if lack) or None
    row: dict[str, object] = {
        "left": left.words,
        "right": right.words,
        "documents_left": len(left.documents),
        "documents_right": len(right.documents),
        "passages_left": left.passages,
        "passages_right": right.passages,
        "method": METHOD if min(len(left.documents), len(right.documents)) > 1 else NO_INTERVAL,
        "note": note,
    }
    if note:
        return row, []
    data = pair((left.documents, left.counts), (right.documents, right.counts))
    measures = measure(data, _ranks(codebook), profiles, rng)
    for name, interval in measures.items():
        row |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
    plain = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    row |= {
        "jensen_shannon_plain": float(distances.jensen_shannon(*plain)),
        "total_variation_plain": float(distances.total_variation(*plain)),
        "earth_mover": float(distances.earth_mover(*plain, _ranks(codebook))),
        "agreement": float(distances.scotts_pi(*plain)),
        "p_value": permutation_test(data, profiles.resamples, rng) if min(data.documents) > 1 else math.nan,
        "verdict": verdict(measures["jensen_shannon"], bands),
    }
    return row, _parts(codebook, *plain)


def measure(data: Pair, ranks: Floats, profiles: Profiles, rng: np.random.Generator) -> dict[str, Interval]:
    """The distances of two profiles, with intervals where each side has two documents or more."""
    left, right = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    if min(data.documents) < 2:
        return {
            "jensen_shannon": Interval(value=float(distances.jensen_shannon(left, right))),
            "total_variation": Interval(value=float(distances.total_variation(left, right))),
            "activity_shift": Interval(value=float(distances.activity_shift(left, right, ranks))),
        }
    return {
        "jensen_shannon": jensen_shannon_interval(data, profiles.level),
        "total_variation": _total_variation(data, profiles, rng),
        "activity_shift": activity_shift_interval(data, ranks, profiles.level),
    }


def jensen_shannon_interval(data: Pair, level: float) -> Interval:
    """The distance less its bias, with an interval by the jackknife over documents.

    Works on the squared distance, which is smooth, and takes the root at the end; Student's t has
    the degrees of freedom of the side with fewer documents.  Some of the bias is left, the more so the
    farther the profiles lie apart, because there a role not yet spoken of weighs most; so the squared error is
    raised by the squared bias times the squared distance.  The ends leave room for what is ``unseen``:
    the lower is not above the distance if each side in truth gave that much of its talk to the other
    side's roles, the upper not below that if each gave it to roles that the other lacks.
    """
    found = jackknife(data, lambda left, right: distances.divergence_parts(left, right).sum(axis=-1))
    value = min(max(found.plain - found.bias, 0.0), 1.0)
    half = student(level, min(data.documents) - 1) * math.sqrt(found.error**2 + value * found.bias**2)
    left, right, doubt = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0)), unseen(data, level)
    nearer = (1 - doubt) * left + doubt * right, (1 - doubt) * right + doubt * left
    low = min(value, found.plain - found.bias - half, float(distances.jensen_shannon(*nearer)) ** 2)
    high = max(value, found.plain - found.bias + half, value + doubt * (1 - value))
    return Interval(value=math.sqrt(value), low=math.sqrt(max(low, 0.0)), high=math.sqrt(min(high, 1.0)))


def activity_shift_interval(data: Pair, ranks: Floats, level: float) -> Interval:
    """The shift with an interval by the jackknife over documents; a mean of ranks has no such bias.

    The interval is at least so wide that talk ``unseen`` may lie at the far end of the order.
    """
    found = jackknife(data, lambda left, right: distances.activity_shift(left, right, ranks))
    widest = float(ranks.max() - ranks.min())
    half = max(student(level, min(data.documents) - 1) * found.error, unseen(data, level) * widest)
    return Interval(value=found.plain, low=max(found.plain - half, -widest), high=min(found.plain + half, widest))


def _total_variation(data: Pair, profiles: Profiles, rng: np.random.Generator) -> Interval:
    import numpy as np

    def half_sum(difference: Floats) -> Floats:
        return np.asarray(np.abs(difference).sum(axis=-1) / 2)

    drawn = resampled(data, profiles.resamples, rng)
    if not len(drawn[0]):
        plain = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
        return Interval(value=float(distances.total_variation(*plain)))
    return invert(data, half_sum, drawn, profiles.level)


def verdict(distance: Interval, bands: Bands) -> str | None:
    """Name the state on Yang's scale in which the whole interval lies, else the states it spans.

    Returns:
        "strain", or "strain to conflict"; None where there is no interval.  An end that lies on a
        boundary belongs to the lower state.
    """
    if math.isnan(distance.low):
        return None
    ends = (bands.convergence, bands.strain, bands.conflict)
    first, last = (STATES[sum(value > end for end in ends)] for value in (distance.low, distance.high))
    return first if first == last else f"{first} to {last}"


def make_sensitivity(gaps: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """Say what each verdict would be if the ends of the bands were set lower or higher.

    Args:
        gaps: The table ``gaps``.
        bands: Those of the study.

    Returns:
        The table ``gap_sensitivity``: a row for each gap with a verdict and each shift of all three ends, in
        steps of .05 from .10 below to .10 above; shifts that would push an end out of 0 to 1 are left out.
    """
    rows = []
    for row in GAPS.check(gaps).dropna(subset=["verdict"]).to_dict("records"):
        interval = Interval(value=row["jensen_shannon"], low=row["jensen_shannon_low"], high=row["jensen_shannon_high"])
        for shift in SHIFTS:
            ends = {name: round(end + shift, 6) for name, end in bands.model_dump().items()}
            if not 0 < ends["convergence"] < ends["conflict"] < 1:
                continue
            moved = verdict(interval, Bands(**ends))
            same = moved == row["verdict"]
            rows.append({name: row[name] for name in GAPS.key} | {"shift": shift, "verdict": moved, "same": same})
    return GAP_SENSITIVITY.frame(rows)


def _ranks(codebook: Codebook) -> Floats:
    import numpy as np

    return np.array(codebook.ranks, dtype=np.float64)


def _parts(codebook: Codebook, left: Floats, right: Floats) -> list[dict[str, object]]:
    contribution = distances.divergence_parts(left, right)
    return [
        {
            "role": role,
            "share_left": float(left[i]),
            "share_right": float(right[i]),
            "difference": float(left[i] - right[i]),
            "contribution": float(contribution[i]),
        }
        for i, role in enumerate(codebook.codes)
    ]
