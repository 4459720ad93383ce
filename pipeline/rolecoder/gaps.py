"""Stage 7. Codings -> gaps of a dyad: how far an ally's prescribed, conceived and performed roles lie apart.

A distance between two profiles is never 0 when passages are few, even where nothing but chance sets
them apart: with 30 codings on each side, two equal profiles of 17 roles lie .35 to .45 apart.  So
each distance is stated less what chance adds, with an interval, and the plain figure beside it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from rolecoder.codebook import Codebook
from rolecoder.config import DIMENSIONS, SHIFTS, Bands, Gaps, Profiles, split_dyad
from rolecoder.measuring import distances
from rolecoder.measuring.chance import doubted, no_gap
from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.measures import differences, measure, statistics_of
from rolecoder.measuring.periods import with_periods
from rolecoder.measuring.resampling import Interval, Pair, aligned, generator, resampled, rests_on_one, shares
from rolecoder.measuring.tallies import Evidence, Tally, make_tallies
from rolecoder.study.comparisons import comparisons
from rolecoder.tables import GAP_PARTS, GAP_SENSITIVITY, GAPS, PASSAGES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "Jensen-Shannon: jackknife over documents; total variation: bootstrap of documents, inverted; both corrected"
SMOOTH = "Jensen-Shannon: jackknife over documents, corrected; total variation and earth mover as found: no resamples"
NOT_FILLED = "not filled"
NO_TEST = "; no test, since EMQ does not say what each document adds to a cell"
NO_INTERVAL = "as found; no interval from one document"
WORKERS = 4  # gaps scored at a time; each needs up to some 100 MB
STATES = ("convergence", "strain", "conflict", "risk of rupture")


@dataclass(frozen=True, slots=True)
class _Side:
    """What one source says of the ally's role under one aspect; no tally where it says nothing."""

    words: str
    tally: Tally | None

    @property
    def passages(self) -> int:
        return self.tally.behind if self.tally else 0

    @property
    def documents(self) -> int:
        return self.tally.behind_documents if self.tally else 0


def make_gaps(
    evidence: Evidence, codebook: Codebook, gaps: Gaps, profiles: Profiles
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every dyad of the study, in every period, and divide each distance among the roles.

    Args:
        evidence: What shares are worked out from.
        codebook: Gives the roles and their ranks.
        gaps: Dyads and the bands of Yang's scale.
        profiles: Periods, estimator, the minimum behind either side, resamples, level and seed.

    Returns:
        The tables ``gaps`` (a row for each dyad, comparison and period) and ``gap_parts`` (its roles; none where
        there is no number).  The order of the inputs' rows does not matter, nor which other dyads are scored.

    Raises:
        RolecoderError: An input is not the declared table.
    """
    dyads = tuple(dict.fromkeys(split_dyad(dyad) for dyad in gaps.dyads))
    heard = (
        {tuple(tally.key.values()): tally for tally in make_tallies(evidence, profiles, DIMENSIONS)} if dyads else {}
    )
    passages = with_periods(PASSAGES.check(evidence.passages), profiles.period)
    periods = {source: set(part["period"].dropna()) for source, part in passages.groupby("source")}
    rows: list[dict[str, object]] = []
    parts: list[dict[str, object]] = []
    asked = [
        (prescriber, ally, period, comparison, (ally, *comparison.left, *comparison.right, period))
        for prescriber, ally in dyads
        for period, comparison in product(
            _periods(periods.get(prescriber, set()) | periods.get(ally, set()), profiles), comparisons(prescriber, ally)
        )
    ]

    settled = {"unit": profiles.unit, "level": profiles.level}
    settled |= {f"band_{name}": end for name, end in gaps.bands.model_dump().items()}

    def score(key: tuple[str, ...]) -> tuple[dict[str, object], list[dict[str, object]]]:
        ally, *of, period = key
        sides = [_side(heard, (of[0], of[1]), ally, period), _side(heard, (of[2], of[3]), ally, period)]
        return _score(sides, codebook, gaps.bands, profiles, generator(profiles.seed, *key))

    keys = list(dict.fromkeys(key for *_, key in asked))  # dyads of one ally share what it says of itself
    with ThreadPoolExecutor(min(os.cpu_count() or 1, WORKERS)) as pool:  # each gap has random numbers of its own
        scored = dict(zip(keys, pool.map(score, keys), strict=True))
    for prescriber, ally, period, comparison, key in asked:
        row, own = scored[key]
        place = {"prescriber": prescriber, "ally": ally, "comparison": comparison.name, "period": period}
        rows.append(place | settled | row)
        parts += [place | part for part in own]
    return GAPS.frame(rows), GAP_PARTS.frame(parts)


def _periods(spoken: set[str], profiles: Profiles) -> list[str]:
    """The study's named periods, or those in which either side speaks; "all" also where neither does."""
    if profiles.period == "all":
        return ["all"]
    return sorted(spoken) if isinstance(profiles.period, str) else [named.name for named in profiles.period]


def _side(heard: Mapping[tuple[str, ...], Tally], which: tuple[str, str], ally: str, period: str) -> _Side:
    source, aspect = which
    words = f"{source} about {'itself' if source == ally else ally}: {aspect}"
    return _Side(words, heard.get((source, ally, aspect, period)))


def _score(
    sides: Sequence[_Side], codebook: Codebook, bands: Bands, profiles: Profiles, rng: np.random.Generator
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One row of the table of gaps, and its parts where there is a number."""
    left, right = sides
    lacks = [side.tally.note if side.tally else profiles.shortfall(0, 0) for side in sides]
    note = "; ".join(f"{side.words}: {lack}" for side, lack in zip(sides, lacks, strict=True) if lack) or None
    row: dict[str, object] = {
        "left": left.words,
        "right": right.words,
        "documents_left": left.documents,
        "documents_right": right.documents,
        "passages_left": left.passages,
        "passages_right": right.passages,
        "estimator_left": _estimator(left),
        "estimator_right": _estimator(right),
        "method": NOT_FILLED,
        "note": note,
    }
    if note or left.tally is None or right.tally is None:
        return row, []
    data = compared(left.tally, right.tally, profiles.level)
    alone = [side.words for side, parts in zip(sides, (data.left, data.right), strict=True) if rests_on_one(parts)]
    if alone and min(data.documents) > 1:
        row["note"] = f"{'; '.join(alone)}: what the corrections leave of it is of one document"
        return row, []
    ranks = _ranks(codebook)
    drawn = resampled(data, profiles.resamples, rng)
    measures = measure(data, ranks, profiles.level, drawn)
    for name, interval in measures.items():
        row |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
    found = shares(data.left.sum(axis=0)), shares(data.right.sum(axis=0))
    method = NO_INTERVAL if min(data.documents) < 2 else METHOD if profiles.resamples else SMOOTH
    p, test = math.nan, None
    if "EMQ" in (row["estimator_left"], row["estimator_right"]):
        method += NO_TEST
    elif min(data.documents) > 1:
        p, test = no_gap(data, profiles.resamples, rng)
    row |= {
        "method": method,
        "p_value": p,
        "test": test,
        "verdict": verdict(measures["jensen_shannon"], bands),
    }
    of = statistics_of(ranks)
    row |= {f"{name}_plain": float(of[name](*found)) for name in of if name != "activity_shift"}  # it has no bias
    return row, _parts(codebook, found, differences(data, profiles.level, drawn))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One side of a gap: an estimate, and the documents that its rows are of."""

    estimate: Estimate
    documents: Sequence[str]
    passages: int  # of the source and period
    speaking: int  # documents that speak of any role


def compared(left: Tally, right: Tally, level: float) -> Pair:
    """Put two filled cells side by side, document by document; ``level`` is of their shares' intervals."""
    parts = [
        Part(
            estimate=tally.best,
            documents=tally.documents,
            passages=tally.passages,
            speaking=min(tally.best.speaking, tally.coded_documents),
        )
        for tally in (left, right)
        if tally.best is not None
    ]
    if len(parts) < 2:
        raise AssertionError("both cells are filled")
    return side_by_side(parts[0], parts[1], level)


def side_by_side(left: Part, right: Part, level: float) -> Pair:
    """Put two estimates side by side, document by document; ``level`` is of their shares' intervals."""
    one, other = left.estimate, right.estimate
    rates = [estimate.drawn_made_up for estimate in (one, other)]
    length = max((len(drawn) for drawn in rates if drawn is not None), default=0)
    both = [_over(drawn, estimate, length) for drawn, estimate in zip(rates, (one, other), strict=True)]
    talk = one.drawn_talk(level), other.drawn_talk(level)
    both_drawn = (talk[0], talk[1]) if talk[0] is not None and talk[1] is not None else None
    pair = aligned(
        (left.documents, one.by_document * left.passages),
        (right.documents, other.by_document * right.passages),
        (left.speaking, right.speaking),
        (one.talk, other.talk),
        (both[0], both[1]) if length else None,
        (one.seen, other.seen),
        None if both_drawn else (one.interval_made_up(level), other.interval_made_up(level)),
    )
    return doubted(replace(pair, talk_drawn=both_drawn), (one, other))


def _over(drawn: Floats | None, estimate: Estimate, length: int) -> Floats:
    """Draws of one side; its own shares over and over where it does not rest on error rates."""
    import numpy as np

    if drawn is None:
        return np.broadcast_to(estimate.made_up, (length, len(estimate.share)))
    return drawn


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
            ends = bands.shifted(shift)
            if ends is None:
                continue
            moved = verdict(interval, ends)
            same = moved == row["verdict"]
            rows.append({name: row[name] for name in GAPS.key} | {"shift": shift, "verdict": moved, "same": same})
    return GAP_SENSITIVITY.frame(rows)


def _estimator(side: _Side) -> str | None:
    return side.tally.best.name if side.tally is not None and side.tally.best is not None else None


def _ranks(codebook: Codebook) -> Floats:
    import numpy as np

    return np.array(codebook.ranks, dtype=np.float64)


def _parts(codebook: Codebook, found: tuple[Floats, Floats], ends: tuple[Floats, Floats]) -> list[dict[str, object]]:
    (left, right), (low, high) = found, ends
    contribution = distances.divergence_parts(left, right)
    return [
        {
            "role": role,
            "share_left": float(left[i]),
            "share_right": float(right[i]),
            "difference": float(left[i] - right[i]),
            "difference_low": float(low[i]),
            "difference_high": float(high[i]),
            "contribution": float(contribution[i]),
        }
        for i, role in enumerate(codebook.codes)
    ]
