"""Stage 6. Passages and codings -> role profiles: how often each role, with n and interval.

A cell is one combination of the study's dimensions (source, holder, aspect, period) that occurs
among the codings.  Every role of the codebook has a row in every cell: a role that is never spoken
of is a finding.  Two shares stand in a row.  ``share`` is of the cell's codings, so it says what the
role talk is made of and sums to 1 over roles.  ``prevalence`` is of all passages of the cell's
source and period, coded or not, so it says how much of all that is said carries the role.

Both are counts of what the coder gave.  They are not corrected for the coder's errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecoder.config import DIMENSIONS, Profiles
from rolecoder.errors import RolecoderError, closest
from rolecoder.periods import why_no_period, with_periods
from rolecoder.records import Dropped
from rolecoder.resampling import tally, wilson
from rolecoder.tables import CODINGS, PASSAGES, PROFILES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "count; Wilson interval, clustered by document"
NO_INTERVAL = "count; no interval from one document"
_SHARED = ("document_id", "source", "date")  # columns that a coding takes from its passage


@dataclass(frozen=True, slots=True)
class _Cell:
    """Counts behind one cell: its own, and those of all passages of its source and period."""

    key: dict[str, str]
    documents: list[str]
    counts: Floats  # codings, (documents with a coding, roles)
    coded: int  # passages with any role
    sizes: Floats  # passages of each document of the source and period, coded or not
    spread: Floats  # codings on the rows of ``sizes``


def make_profiles(
    passages: pd.DataFrame, codings: pd.DataFrame, roles: Sequence[str], settings: Profiles
) -> pd.DataFrame:
    """Count how often each role is spoken of in each cell, with intervals clustered by document.

    Codings whose source, holder, aspect or period is asked for but not known form no cell;
    ``left_out`` lists them.  A cell below the study's minimum has counts but no shares, and a note.

    Args:
        passages: The table ``passages``: every passage, coded or not.
        codings: The table ``codings``: one row per role that a passage carries.
        roles: The codes of the codebook, in its order.
        settings: Dimensions, periods, minimum and level.

    Returns:
        The table ``profiles``, a row for each cell and role; the order of the inputs' rows does not matter.

    Raises:
        RolecoderError: A coding's role is not in the codebook, or its passage is not among the passages.
    """
    passages, codings = PASSAGES.check(passages), CODINGS.check(codings)
    _check_codings(passages, codings, roles)
    rows = [row for cell in _cells(passages, codings, roles, settings) for row in _rows(cell, roles, settings)]
    return PROFILES.frame(rows)


def left_out(codings: pd.DataFrame, settings: Profiles) -> list[Dropped]:
    """List the codings that form no cell, each with the first reason that holds.

    With the codings in the cells they make up all codings.
    """
    dated = with_periods(codings, settings.period)
    dropped = []
    for row in dated[~_known(dated, _dimensions(settings))].to_dict("records"):
        unknown = [name for name in _dimensions(settings) if row[name] is None or row[name] != row[name]]
        date = row["date"] if isinstance(row["date"], str) else None
        why = why_no_period(date, settings.period) if unknown[0] == "period" else f"its {unknown[0]} is unknown"
        start, end = str(row["passage_id"]).rsplit(":", 1)[-1].split("-")
        dropped.append(
            Dropped(
                stage="profiles",
                item=str(row["document_id"]),
                reason=f"a coding is in no profile: {why}",
                start=int(start),
                end=int(end),
            )
        )
    return dropped


def _dimensions(settings: Profiles) -> tuple[str, ...]:
    """What cells are formed by, in the table's order; periods count as asked for once the study divides time."""
    asked = {*settings.by, *(["period"] if settings.period != "all" else [])}
    return tuple(name for name in DIMENSIONS if name in asked)


def _known(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series[bool]:
    return frame[list(names)].notna().all(axis=1)


def _check_codings(passages: pd.DataFrame, codings: pd.DataFrame, roles: Sequence[str]) -> None:
    strange = sorted(set(codings["role"]) - set(roles))
    if strange:
        near = closest(strange[0], roles)
        raise RolecoderError(
            f"role {strange[0]!r} is not in the codebook" + (f"; closest is {near!r}" if near else ""),
            where="table codings",
            mend="profile with the codebook that the passages were coded with",
        )
    own = codings.merge(passages[["passage_id", *_SHARED]], on="passage_id", how="left", suffixes=("", "_passage"))
    differs = [(own[name].fillna("") != own[f"{name}_passage"].fillna("")) for name in _SHARED]
    wrong = own[differs[0] | differs[1] | differs[2]]
    if len(wrong):
        raise RolecoderError(
            f"the coding of {wrong['passage_id'].iloc[0]!r} has no passage of its document, source and date",
            where="table codings",
            mend="code the passages again, so that both tables are of one run",
        )


def _cells(passages: pd.DataFrame, codings: pd.DataFrame, roles: Sequence[str], settings: Profiles) -> list[_Cell]:
    """Form the cells, sorted by their keys."""
    import pandas as pd

    names = _dimensions(settings)
    whole = [name for name in ("source", "period") if name in names]  # what the denominator is of
    spoken = with_periods(passages, settings.period)
    spoken = spoken[_known(spoken, whole)] if whole else spoken
    coded = with_periods(codings, settings.period)
    coded = coded[_known(coded, names)]
    sizes = {_plain(key): part["document_id"].value_counts().sort_index() for key, part in _grouped(spoken, whole)}
    cells = []
    for key, part in _grouped(coded, names):
        known = dict(zip(names, _plain(key), strict=True))
        of_source = sizes[tuple(known[name] for name in whole)]
        documents, counts = tally(list(part["document_id"]), list(part["role"]), roles)
        spread = _zeros(len(of_source), len(roles))
        spread[of_source.index.get_indexer(pd.Index(documents))] = counts
        cells.append(
            _Cell(known, documents, counts, part["passage_id"].nunique(), of_source.to_numpy().astype(float), spread)
        )
    return cells


def _grouped(frame: pd.DataFrame, names: Sequence[str]) -> list[tuple[object, pd.DataFrame]]:
    return list(frame.groupby(list(names), sort=True)) if names else [((), frame)]


def _plain(key: object) -> tuple[str, ...]:
    return tuple(str(part) for part in key) if isinstance(key, tuple) else (str(key),)


def _zeros(rows: int, columns: int) -> Floats:
    import numpy as np

    return np.zeros((rows, columns))


def _rows(cell: _Cell, roles: Sequence[str], settings: Profiles) -> list[dict[str, object]]:
    """One row per role, filled where enough stands behind the cell."""
    count, total = cell.counts.sum(axis=0), cell.sizes.sum()
    common: dict[str, object] = {name: cell.key.get(name) for name in DIMENSIONS} | {
        "n_documents": len(cell.documents),
        "n_passages": int(total),
        "n_coded": cell.coded,
        "method": METHOD if len(cell.documents) > 1 else NO_INTERVAL,
        "note": settings.shortfall(cell.coded, len(cell.documents)),
    }
    numbers = _numbers(cell, settings) if common["note"] is None else {}
    return [
        common
        | {"role": role, "n_role": int(count[place])}
        | {name: float(values[place]) for name, values in numbers.items()}
        for place, role in enumerate(roles)
    ]


def _numbers(cell: _Cell, settings: Profiles) -> dict[str, Floats]:
    share_low, share_high = wilson(cell.counts, cell.counts.sum(axis=1), settings.level)
    low, high = wilson(cell.spread, cell.sizes, settings.level)
    return {
        "share": cell.counts.sum(axis=0) / cell.counts.sum(),
        "share_low": share_low,
        "share_high": share_high,
        "prevalence": cell.counts.sum(axis=0) / cell.sizes.sum(),
        "prevalence_low": low,
        "prevalence_high": high,
    }
