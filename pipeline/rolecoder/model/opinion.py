"""A second opinion on holder and aspect from the vector of a passage, beside the cues of its words.

Three logistic regressions on labelled passages with a role: is the holder another than the source, is it
performance, is it prescription.  Half of their log-odds, less those of the class's share, are added to the sums of
weights of ``rolecoder.attribution``; that and the strength were chosen by cross-validation grouped by document
(``benchmarks/attribution.py --model``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecoder.annotations import Labels
from rolecoder.attribute import Correction
from rolecoder.model.labelled import unit_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Encode = Callable[[Sequence[str]], Vectors]

STRENGTH = 3.0  # inverse of the regularisation (C)
WEIGHT = 0.5
FEWEST = 30  # labelled passages on either side of a question; with fewer there is no second opinion


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opinion:
    """Regressions on the unit vector of a passage: another than the source, performance, prescription."""

    coefficients: Vectors  # shape (3, dim)
    intercepts: Vectors  # shape (3,)

    def of(self, vectors: Vectors, sources: Sequence[str | None]) -> Correction:
        """What to add if an actor held the role of a passage from a side.

        Args:
            vectors: Of the passages; shape (n, dim).
            sources: Of the passages.
        """
        leans: list[list[float]] = (unit_rows(vectors) @ self.coefficients.T + self.intercepts).tolist()

        def add(number: int, holder: str, aspect: str) -> float:
            another, performed, prescribed = leans[number]
            side = {"performance": performed, "prescription": prescribed}.get(aspect, 0.0)
            return WEIGHT * (side - (another if holder == sources[number] else 0.0))

        return Correction(add=add)


def learn_opinion(labels: Labels, encode: Encode) -> Opinion | None:
    """Learn from the passages that carry a role, an aspect, a holder and a source; None where they are too few.

    Args:
        labels: What a model is taught on, with ids.
        encode: Of the encoder that the model will code with.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [number for number, row in enumerate(labels.rows) if row.roles and row.aspect and row.holder and row.source]
    told = [labels.rows[number] for number in rows]
    questions = (
        np.array([row.holder != row.source for row in told], dtype=bool),
        np.array([row.aspect == "performance" for row in told], dtype=bool),
        np.array([row.aspect == "prescription" for row in told], dtype=bool),
    )
    if any(min(answers.sum(), (~answers).sum()) < FEWEST for answers in questions):
        return None
    unit = unit_rows(encode([labels.texts[number] for number in rows])).astype(np.float64)
    counting = labels.weights[rows]
    fits = [LogisticRegression(C=STRENGTH, max_iter=1000).fit(unit, answers, counting) for answers in questions]
    shares = [np.average(answers, weights=counting) for answers in questions]
    usual = np.array([np.log(share / (1 - share)) for share in shares])
    return Opinion(
        coefficients=np.vstack([fit.coef_ for fit in fits]).astype(np.float32),
        intercepts=(np.concatenate([fit.intercept_ for fit in fits]) - usual).astype(np.float32),
    )
