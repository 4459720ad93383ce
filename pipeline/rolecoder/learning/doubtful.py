"""Labels to be looked at again: those that a model contradicts most which had not seen their documents.

They show where model and coders disagree, not who is right.  Nothing is changed in the labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rolecoder.annotations import Labels

if TYPE_CHECKING:
    from rolecoder.learning.fit import HeldOut

MOST = 50  # labels of either kind
GIVEN, NOT_GIVEN = "given", "not given"


def doubtful_labels(labels: Labels, held_out: HeldOut) -> tuple[tuple[Mapping[str, Any], ...], dict[str, int]]:
    """Find the roles by hand that the model holds least likely and did not give, and the other way round.

    Args:
        labels: What was judged.
        held_out: What models of the other folds say of each.

    Returns:
        Rows of ``doubtful.csv``, at most ``MOST`` of either kind, the least likely label first; without the text where
        the labels had come without it.  And how many of either kind there are in all.
    """
    import numpy as np

    truth, rows, found = labels.matrix.astype(bool), list[Mapping[str, Any]](), {}
    for kind, against in ((GIVEN, truth & ~held_out.decided), (NOT_GIVEN, ~truth & held_out.decided)):
        numbers, roles = np.nonzero(against)
        chances = held_out.probabilities[numbers, roles]
        found[kind] = len(numbers)
        order = np.argsort(chances if kind == GIVEN else -chances, kind="stable")[:MOST]
        rows += [_row(labels, int(numbers[n]), int(roles[n]), kind, float(chances[n])) for n in order]
    return tuple(rows), found


def _row(labels: Labels, number: int, role: int, kind: str, chance: float) -> dict[str, Any]:
    row = labels.rows[number]
    return {
        "id": row.label_id,
        "document": row.document_id,
        "role": labels.codebook.codes[role],
        "label": kind,
        "probability": round(chance, 4),
        "text": row.text if row.quoted else None,
    }
