"""Which cells of source, holder, aspect and period there are: those that a source speaks of in any period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rolecoder.annotations import Label
from rolecoder.config import Division
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
    passages: pd.DataFrame, codings: pd.DataFrame, labels: Mapping[str, Label], split: Division, names: Sequence[str]
) -> dict[Key, set[Key]]:
    """The cells that occur among the codings or hand labels of each source, in whatever period.

    A source that speaks of a role in one year and not in the next has a cell in both: silence is a finding.

    Args:
        passages: The table ``passages``.
        codings: The table ``codings``.
        labels: By passage.
        split: The periods; what falls into none makes no cell.
        names: What cells are formed by, of source, holder, aspect and period.

    Returns:
        By source, or by nothing where it is not among the names: holder and aspect, as far as they are.
    """
    whole, inner = [name for name in names if name in ("source", "period")], inner_names(names)
    spoken = with_periods(passages[passages["passage_id"].isin(labels)], split)
    given = [labels[name] for name in spoken["passage_id"]]
    by_hand = spoken.assign(**{name: [getattr(label, name) for label in given] for name in inner})
    by_hand = by_hand.loc[[bool(label.roles) for label in given]]
    found: dict[Key, set[Key]] = {}
    for frame in (with_periods(codings, split), by_hand):
        own = frame[frame[[*whole, *inner]].notna().all(axis=1)]
        for source, part in grouped(own, [name for name in whole if name == "source"]):
            places = part[inner].drop_duplicates().astype(str)
            found.setdefault(source, set()).update(places.itertuples(index=False, name=None))
    return found
