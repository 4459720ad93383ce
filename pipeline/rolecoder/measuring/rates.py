"""How a model errs: its right and wrong decisions are counted into its card, and rates with their uncertainty read out.

Sensitivity comes from every labelled passage that carries the role; false alarms from passages drawn
at random where the model was scored on enough of them, because passages sought for one role
are harder for the others than ordinary text is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError
from rolecoder.measuring.estimates import PULL
from rolecoder.measuring.estimators import JEFFREYS, ErrorRates
from rolecoder.measuring.resampling import by_document, generator, student

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Decisions = NDArray[np.int8] | NDArray[np.bool_]

DRAWS = 1000
PRIOR = 2.0  # labelled passages that the rate of all roles counts as, in each role's own
FOUND = 10  # passages of a genre that carry a role, from which its rates are taken
LEAST = 0.05  # sensitivity that a role should surely have for its count to say something
ENOUGH = 200  # passages drawn at random, or of one genre, from which rates are taken


def count_errors(
    truth: Decisions, probabilities: Floats, decided: Decisions, documents: Sequence[str], roles: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Count right and wrong decisions of each role, to correct shares for the model's errors.

    Args:
        truth: 1 where a passage carries a role by hand; shape (n, n_roles).
        probabilities: By a model that did not see the passage's document, between 0 and 1; same shape.
        decided: 1 where a role was given; same shape.
        documents: The document of each passage.
        roles: Names of the columns.

    Returns:
        For each role ``tp``, ``fp``, ``fn``, ``tn``; ``documents_positive`` and ``documents_negative``, the number of
        distinct documents with a passage that carries the role, and that does not; ``effect_positive`` and
        ``effect_negative``, the design effects of sensitivity and false alarms (see ``rate_effects``);
        ``probability_positive`` and ``probability_negative``, the mean probability of either, None where there is none;
        and ``offset_error``, the standard error of the calibration's offset on log-odds, clustered by document (the
        sandwich of Huber and White).
    """
    import numpy as np

    y, d, places = truth.astype(bool), decided.astype(bool), np.unique(np.asarray(documents), return_inverse=True)[1]
    strays = by_document(y - probabilities, places)
    known = (probabilities * (1 - probabilities)).sum(axis=0)
    offsets = np.sqrt((strays**2).sum(axis=0)) / np.maximum(known, 1e-9)
    effects = {"positive": rate_effects(d, y, places), "negative": rate_effects(d, ~y, places)}

    def of(column: int) -> dict[str, Any]:
        there, given, p = y[:, column], d[:, column], probabilities[:, column]
        sides = {"positive": there, "negative": ~there}
        counts = {"tp": there & given, "fp": ~there & given, "fn": there & ~given, "tn": ~there & ~given}
        return (
            {name: int(rows.sum()) for name, rows in counts.items()}
            | {f"documents_{side}": len(np.unique(places[rows])) for side, rows in sides.items()}
            | {f"effect_{side}": float(effects[side][column]) for side in sides}
            | {f"probability_{side}": float(p[rows].mean()) if rows.any() else None for side, rows in sides.items()}
            | {"offset_error": float(offsets[column])}
        )

    return {role: of(column) for column, role in enumerate(roles)}


def rate_effects(given: Decisions, inside: Decisions, documents: Indices) -> Floats:
    """By how much the variance of each role's rate is above that of as many independent passages.

    Passages of one document are alike, and so are the errors in them.  A role's own effect, clustered by document, is
    noisy where few passages were decided one way or the other, so it is drawn to that pooled over roles, which counts
    as ``PULL`` such passages.  It is at least 1 and, where documents are few, larger by the square of Student's
    quantile over the normal one.  Where there is one document or none, all its passages count as one.

    Args:
        given: 1 where the role was given; shape (n, n_roles).
        inside: 1 where the passage counts: those that carry the role, or those that do not; same shape.
        documents: The document of each passage, 0 up; shape (n,).

    Returns:
        Shape (n_roles,).

    References:
        Kish (1965), Survey Sampling, section 5.4; Rao & Scott (1992), Biometrics 48(2), for rates of clustered data.
    """
    import numpy as np

    counted = np.maximum(inside.sum(axis=0), 1)
    yes = (given.astype(bool) & inside.astype(bool)).sum(axis=0)
    rate = yes / counted
    apart = by_document(np.where(inside, given - rate, 0.0), documents)
    there = np.maximum((by_document(inside.astype(np.float64), documents) > 0).sum(axis=0), 1)
    clustered = there / np.maximum(there - 1, 1) * (apart**2).sum(axis=0) / counted**2
    simple = rate * (1 - rate) / np.maximum(counted - 1, 1)
    several = there > 1  # in one document nothing shows how passages of different ones part
    pooled = float(clustered[several].sum() / simple[several].sum()) if simple[several].sum() else 1.0
    own = np.divide(clustered, simple, out=np.full_like(simple, pooled), where=simple > 0)
    telling = np.minimum(yes, counted - yes)
    effect = np.maximum((telling * own + PULL * pooled) / (telling + PULL), 1.0)
    wider = np.array([(student(0.95, int(n) - 1) / student(0.95, 10**6)) ** 2 if n > 1 else 1.0 for n in there])
    return np.asarray(np.where(there > 1, np.minimum(effect * wider, counted), counted))


def error_rates(card: Mapping[str, Any], roles: Sequence[str], genre: str | None = None, seed: int = 0) -> ErrorRates:
    """Read a model's held-out error rates.

    Each rate is the mean of a beta distribution whose prior is the rate over all roles, worth two passages.  The
    draws have Jeffreys' prior instead, which lets a role that was never found be one that is never found.  Passages of
    a document are alike, so counts are divided by their design effect, or scaled by documents over passages where the
    model was made before models stored it.

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

    def counts(subset: str) -> dict[str, Floats]:
        return counts_of([stored[subset][role] for role in roles])

    found = counts("all")
    ordinary = counts("random") if "random" in stored else None
    own = counts(f"genre:{genre}") if genre and f"genre:{genre}" in stored else None
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
        hits: ``tp``, ``fn`` and ``with`` (independent passages over passages that carry it) of each role.
        alarms: ``fp``, ``tn`` and ``without`` (the same of those that do not) of each role.
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


def counts_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Floats]:
    """Counts of a subset by role, in arrays of the shape (n_roles,).

    Args:
        rows: Of each role, as ``evaluate.count_errors`` gives them.

    Returns:
        ``tp``, ``fp``, ``fn``, ``tn``; ``positives`` and ``negatives``, the passages that carry the role and those
        that do not; ``with`` and ``without``, as how many independent ones each of them counts, above 0 and at most 1.
    """
    import numpy as np

    counts = {name: np.array([float(row[name]) for row in rows]) for name in ("tp", "fp", "fn", "tn")}
    counts |= {"positives": counts["tp"] + counts["fn"], "negatives": counts["fp"] + counts["tn"]}
    for name, side in (("with", "positive"), ("without", "negative")):
        passages = np.maximum(counts[f"{side}s"], 1.0)
        documents = np.array([float(row[f"documents_{side}"]) for row in rows])
        effects = [row.get(f"effect_{side}") for row in rows]
        known = np.array([1 / effect if effect else np.nan for effect in effects], dtype=np.float64)
        counts[name] = np.minimum(np.where(np.isnan(known), documents / passages, known), 1.0)
    return counts


def _beta(yes: Floats, no: Floats, scale: Floats, seed: int) -> tuple[Floats, Floats]:
    rng = generator(seed, "error rates", *(str(part.tolist()) for part in (yes, no, scale)))
    pooled = (yes.sum() + 0.5) / (yes.sum() + no.sum() + 1.0)
    a, b = yes * scale + PRIOR * pooled, no * scale + PRIOR * (1 - pooled)
    drawn: Floats = rng.beta(yes * scale + JEFFREYS, no * scale + JEFFREYS, (DRAWS, len(a)))
    return a / (a + b), drawn
