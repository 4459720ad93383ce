"""How a model errs, out of its card: sensitivity and false alarms of each role, with their uncertainty.

Sensitivity comes from every labelled passage that carries the role; false alarms from passages drawn
at random where the model was scored on enough of them, because passages sought for one role
are harder for the others than ordinary text is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError
from rolecoder.measuring.estimators import JEFFREYS, ErrorRates
from rolecoder.measuring.resampling import generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 1000
PRIOR = 2.0  # labelled passages that the rate of all roles counts as, in each role's own
FOUND = 10  # passages of a genre that carry a role, from which its rates are taken
LEAST = 0.05  # sensitivity that a role should surely have for its count to say something
ENOUGH = 200  # passages drawn at random, or of one genre, from which rates are taken


def error_rates(card: Mapping[str, Any], roles: Sequence[str], genre: str | None = None, seed: int = 0) -> ErrorRates:
    """Read a model's held-out error rates.

    Each rate is the mean of a beta distribution whose prior is the rate over all roles, worth two passages.  The
    draws have Jeffreys' prior instead, which lets a role that was never found be one that is never found.  Passages of
    a document are alike, so counts are scaled by documents over passages.

    Args:
        card: ``bundle.json`` of the model.
        roles: The codes, in their order.
        genre: Sensitivity is of this genre where the model stores it, else of all; so are false alarms, unless they
            are of passages drawn at random.
        seed: Of the draws.

    Raises:
        RolecoderError: The model stores no error rates.
    """
    import numpy as np

    stored = card.get("error_rates")
    if not stored:
        raise RolecoderError(
            "the model stores no error rates, so its counts cannot be corrected",
            where=f"model {card.get('name')}",
            mend="train it anew with `rolecoder train`, label a sample of this corpus (`rolecoder plan`), or set "
            "estimator: count",
        )
    found = _counts(stored, "all", roles)
    ordinary = _counts(stored, "random", roles) if "random" in stored else None
    own = _counts(stored, f"genre:{genre}", roles) if genre and f"genre:{genre}" in stored else None
    if own is not None and (own["positives"] + own["negatives"]).mean() >= ENOUGH:
        found = {name: np.where(own["positives"] >= FOUND, own[name], found[name]) for name in found}
    if ordinary is None or ordinary["negatives"].mean() < ENOUGH:
        ordinary = found
    return rates_of(found, ordinary, seed)


def hardly_found(card: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name the roles that the model may hardly find, so that a count of them says little.

    Those whose sensitivity may be less than .05: the lower end of the 95 % interval of its draws.

    Args:
        card: ``bundle.json`` of the model.
        names: Of the roles, by their codes.

    Returns:
        Two sentences; empty where there is no such role, or no error rates are stored.
    """
    import numpy as np

    if not card.get("error_rates"):
        return ""
    stored = card["error_rates"]["all"]
    low = np.quantile(error_rates(card, list(names)).drawn_sensitivity, 0.025, axis=0)
    weak = [
        f"{name} ({int(stored[code]['tp'])} of {int(stored[code]['tp'] + stored[code]['fn'])})"
        for (code, name), end in zip(names.items(), low, strict=True)
        if end < LEAST
    ]
    if not weak:
        return ""
    return (
        "Roles that the model may hardly find, and in how many of the held-out passages labelled with them it did: "
        f"{'; '.join(weak)}. That such a role is rare or absent here means little without hand labels of this corpus."
    )


def strayed_offsets(card: Mapping[str, Any], roles: Sequence[str], seed: int = 0) -> Floats:
    """Draw by how much the log-odds of each role may be off: its calibration rests on so many labelled documents.

    Returns:
        Shape (draws, n_roles), normal with mean 0.

    Raises:
        RolecoderError: The model does not store it.
    """
    import numpy as np

    stored = (card.get("error_rates") or {}).get("all", {})
    if any("offset_error" not in stored.get(role, {}) for role in roles):
        raise RolecoderError(
            "the model does not store how far its calibration is known, so EMQ would have no honest interval",
            where=f"model {card.get('name')}",
            mend="train it anew with `rolecoder train`, or set estimator: adjusted_count",
        )
    errors = np.array([stored[role]["offset_error"] for role in roles])
    drawn: Floats = generator(seed, "calibration").normal(size=(DRAWS, len(roles))) * errors
    return drawn


def rates_of(hits: Mapping[str, Floats], alarms: Mapping[str, Floats], seed: int) -> ErrorRates:
    """Rates and draws of them out of counts.

    Args:
        hits: ``tp``, ``fn`` and ``with`` (documents over passages that carry it) of each role.
        alarms: ``fp``, ``tn`` and ``without`` of each role.
        seed: Of the draws; the same counts give the same draws, so that genres which share them stray together.

    Returns:
        Sensitivity is at least .02 above false alarms, in every draw at least .01: a model that does no better than
        chance says nothing, and one that hardly ever finds a role leaves its share wide open.
    """
    import numpy as np

    hit = _beta(hits["tp"], hits["fn"], hits["with"], seed)
    wrong = _beta(alarms["fp"], alarms["tn"], alarms["without"], seed)
    return ErrorRates(
        sensitivity=np.maximum(hit[0], wrong[0] + 0.02),
        false_alarms=wrong[0],
        drawn_sensitivity=np.maximum(hit[1], wrong[1] + 0.01),
        drawn_false_alarms=wrong[1],
    )


def _counts(stored: Mapping[str, Any], subset: str, roles: Sequence[str]) -> dict[str, Floats]:
    """Counts of a subset by role; ``with`` and ``without`` are documents over passages, at most 1."""
    import numpy as np

    rows = [stored[subset][role] for role in roles]
    names = ("tp", "fp", "fn", "tn", "documents_positive", "documents_negative")
    counts = {name: np.array([float(row[name]) for row in rows]) for name in names}
    positives, negatives = counts["tp"] + counts["fn"], counts["fp"] + counts["tn"]
    return counts | {
        "positives": positives,
        "negatives": negatives,
        "with": np.minimum(counts["documents_positive"] / np.maximum(positives, 1.0), 1.0),
        "without": np.minimum(counts["documents_negative"] / np.maximum(negatives, 1.0), 1.0),
    }


def _beta(yes: Floats, no: Floats, scale: Floats, seed: int) -> tuple[Floats, Floats]:
    rng = generator(seed, "error rates", *(str(part.tolist()) for part in (yes, no, scale)))
    pooled = (yes.sum() + 0.5) / (yes.sum() + no.sum() + 1.0)
    a, b = yes * scale + PRIOR * pooled, no * scale + PRIOR * (1 - pooled)
    drawn: Floats = rng.beta(yes * scale + JEFFREYS, no * scale + JEFFREYS, (DRAWS, len(a)))
    return a / (a + b), drawn
