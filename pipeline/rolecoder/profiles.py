"""Stage 6. Passages, codings and hand labels -> role profiles: how often each role, with n and interval.

A cell is one combination of the study's dimensions (source, holder, aspect, period) that occurs among the
codings or the hand labels.  Every role of the codebook has a row in every cell: a role that is never
spoken of is a finding.  Two shares stand in a row.  ``prevalence`` is the share of all passages (or words,
or the mean over documents) of the cell's source and period that carry the role in this cell: how much of
all that is said.  ``share`` is the role's part of the cell's role talk, and sums to 1 over roles: what it
is made of.  Both are corrected for the coder's errors, and stand beside the plain count.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.config import DIMENSIONS, Profiles
from rolecoder.measuring.estimates import FEW
from rolecoder.measuring.periods import why_no_period, with_periods
from rolecoder.measuring.tallies import Evidence, Tally, make_tallies
from rolecoder.records import Dropped, span_of
from rolecoder.tables import PROFILES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLUSTERED = "Wilson interval, clustered by document"
METHODS = {  # of each estimator: what it does, and its interval
    "design-based": (
        "design-based: predictions corrected by hand-labelled passages drawn with known probability "
        "(prediction-powered, power-tuned)",
        CLUSTERED,
    ),
    "labels only": (
        "labels only: hand-labelled passages drawn with known probability, too few of them with a role "
        "to correct predictions",
        CLUSTERED,
    ),
    "adjusted count": (
        "adjusted count, model-assumed: codings corrected by the model's cross-validated error rates, "
        "taken to hold in this corpus",
        "quantiles of draws of count and rates, of the share as of the prevalence",
    ),
    "EMQ": (
        "EMQ, model-assumed: probabilities moved to the prevalence they imply, the model's calibration taken to "
        "hold in this corpus",
        "quantiles of draws of the calibration, of the cell's portion and of what documents stray, of the share as of "
        "the prevalence",
    ),
    "count": ("count, not corrected for the coder's errors", CLUSTERED),
}
LABELLED = "; the passage is labelled by hand, and the label counts where labels correct the profile"
LABEL_OUTSIDE = "a label is in no profile"  # followed by the reason
UNITS = {"passages": "share of passages", "words": "share of words", "documents": "mean over documents"}


def make_profiles(evidence: Evidence, settings: Profiles) -> pd.DataFrame:
    """Measure how often each role is spoken of in each cell.

    Codings whose source, holder, aspect or period is asked for but not known form no cell;
    ``left_out`` lists them.  A cell below the study's minimum has counts but no shares, and a note.

    Returns:
        The table ``profiles``, a row for each cell and role; the order of the inputs' rows does not matter.

    Raises:
        RolecoderError: A coding's role is not in the codebook, or its passage is not among the passages; the
            study asks for an estimator for which error rates are missing.
    """
    found = make_tallies(evidence, settings, dimensions(settings))
    return PROFILES.frame([row for tally in found for row in _rows(tally, evidence.roles, settings)])


def dimensions(settings: Profiles) -> tuple[str, ...]:
    """What cells are formed by, in the table's order; periods count as asked for once the study divides time."""
    asked = {*settings.by, *(["period"] if settings.period != "all" else [])}
    return tuple(name for name in DIMENSIONS if name in asked)


def left_out(
    codings: pd.DataFrame, settings: Profiles, words: Mapping[str, int], labelled: Collection[str] = ()
) -> list[Dropped]:
    """List the codings that form no cell, each with the first reason that holds.

    With the codings in the cells they make up all codings.  ``words`` is how many each passage has.  Of ``labelled``
    passages of a known source and period the reason says that the label takes the coding's place where labels correct
    the profile.
    """
    dated = with_periods(codings, settings.period)
    counted = set(labelled).difference(_unknown(dated, _whole(settings))["passage_id"])  # else no label counts either
    return [
        _dropped(row, words, f"a coding is in no profile: {why}{LABELLED if row['passage_id'] in counted else ''}")
        for row, why in _reasons(dated, dimensions(settings), settings)
    ]


def labels_left_out(passages: pd.DataFrame, settings: Profiles, labelled: Collection[str]) -> list[Dropped]:
    """List the hand-labelled passages that count nowhere, since their source or period is not known, and why."""
    own = passages[passages["passage_id"].isin(labelled)]
    words = dict(zip(own["passage_id"], map(int, own["words"]), strict=True))
    reasons = _reasons(with_periods(own, settings.period), _whole(settings), settings)
    return [_dropped(row, words, f"{LABEL_OUTSIDE}: {why}") for row, why in reasons]


def _whole(settings: Profiles) -> list[str]:
    """What groups passages, whatever is said in them."""
    return [name for name in dimensions(settings) if name in ("source", "period")]


def _unknown(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return frame[~frame[list(names)].notna().all(axis=1)]


def _reasons(
    frame: pd.DataFrame, names: Sequence[str], settings: Profiles
) -> Iterator[tuple[dict[Hashable, Any], str]]:
    """Each row that lacks any of these, with the first reason that holds."""
    for row in _unknown(frame, names).to_dict("records"):
        unknown = next(name for name in names if row[name] is None or row[name] != row[name])
        date = row["date"] if isinstance(row["date"], str) else None
        yield row, why_no_period(date, settings.period) if unknown == "period" else f"its {unknown} is unknown"


def _dropped(row: Mapping[Hashable, Any], words: Mapping[str, int], reason: str) -> Dropped:
    name = str(row["passage_id"])
    start, end = span_of(name)
    return Dropped(
        stage="profiles", item=str(row["document_id"]), reason=reason, words=words[name], start=start, end=end
    )


def _rows(tally: Tally, roles: Sequence[str], settings: Profiles) -> list[dict[str, object]]:
    """One row per role, filled where enough stands behind the cell."""
    common: dict[str, object] = {name: tally.key.get(name) for name in DIMENSIONS} | {
        "unit": settings.unit,
        "level": settings.level,
        "n_documents": tally.coded_documents,
        "n_passages": tally.passages,
        "n_words": tally.words,
        "n_coded": tally.coded,
        "n_labelled": tally.labelled,
        "estimator": tally.best.name if tally.best else None,
        "note": tally.note,
    }
    numbers = _numbers(tally, settings)
    remarks = tally.best.remarks if tally.best is not None else {}
    return [
        common
        | {"method": _method(tally, settings, place), "remark": remarks.get(place)}
        | {"role": role, "n_role": int(tally.counts[place]), "n_positive": int(tally.positives[place])}
        | {name: float(values[place]) for name, values in numbers.items()}
        for place, role in enumerate(roles)
    ]


def _method(tally: Tally, settings: Profiles, place: int) -> str:
    """Name the estimator of the cell and the interval of one role."""
    if tally.best is None:
        return "not filled"
    what, interval = METHODS[tally.best.name]
    if tally.best.name == "design-based" and tally.best.positives[place] < FEW:
        interval += f"; lower end Agresti and Coull's, as fewer than {FEW} labelled passages carry the role"
    alone = "no interval from one document" if tally.best.freedom < 1 else "no interval of shares from one document"
    words = f"{what}; {interval if min(tally.best.freedom, tally.best.speaking - 1) >= 1 else alone}"
    words = f"{words}; {tally.aside}" if tally.aside else words
    return words if settings.unit == "passages" else f"{UNITS[settings.unit]}; {words}"


def _numbers(tally: Tally, settings: Profiles) -> dict[str, Floats]:
    if tally.best is None:
        return {}
    plain = {"share_plain": tally.plain.made_up, "prevalence_plain": tally.plain.share}
    return tally.best.figures(settings.level) | plain
