"""Which cells of source, holder, aspect and period there are: those that a source speaks of in any period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rolecoder.annotations import Label
from rolecoder.config import Profiles
from rolecoder.measuring.periods import with_periods

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, ...]


def grouped(frame: pd.DataFrame, names: Sequence[str]) -> Iterator[tuple[Key, pd.DataFrame]]:
    """Take a frame apart by the values of some columns; as one where there are none."""
    if not names:
        yield (), frame
        return
    for key, part in frame.groupby(list(names), sort=True):
        yield tuple(str(value) for value in key), part


def inner_names(names: Sequence[str]) -> list[str]:
    """What tells the cells of one source and period apart."""
    return [name for name in names if name not in ("source", "period")]


def cells_of(
    passages: pd.DataFrame, codings: pd.DataFrame, labels: Mapping[str, Label], settings: Profiles, names: Sequence[str]
) -> dict[Key, set[Key]]:
    """The cells of each source that have passages enough for the study over all periods, coded or labelled with a role.

    A source that speaks of a role in one year and not in the next has a cell in both: silence is a finding.

    Args:
        passages: The table ``passages``.
        codings: The table ``codings``.
        labels: By passage.
        settings: Periods, where what falls into none makes no cell, and ``min_passages``.
        names: What cells are formed by, of source, holder, aspect and period.

    Returns:
        By source, or by nothing where it is not among the names: holder and aspect, as far as they are.
    """
    import pandas as pd

    whole, inner = [name for name in names if name in ("source", "period")], inner_names(names)
    given = [labels[name] for name in passages["passage_id"] if name in labels]
    by_hand = passages[passages["passage_id"].isin(labels)].assign(
        **{name: [getattr(label, name) for label in given] for name in inner}
    )
    by_hand = by_hand.loc[[bool(label.roles) for label in given]]
    both = [with_periods(frame, settings.period) for frame in (codings, by_hand)]
    needed = list(dict.fromkeys([*whole, *inner, "passage_id"]))
    every = pd.concat([frame.dropna(subset=[*whole, *inner])[needed] for frame in both])
    found: dict[Key, set[Key]] = {}
    for source, part in grouped(every, [name for name in whole if name == "source"]):
        found[source] = {
            cell for cell, own in grouped(part, inner) if own["passage_id"].nunique() >= settings.min_passages
        }
    return found
