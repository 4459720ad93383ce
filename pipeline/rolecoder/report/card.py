"""What the model's record says of it; scores and encoder may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rolecoder.errors import numbered
from rolecoder.evaluate import MIN_POSITIVES
from rolecoder.measuring.rates import ENOUGH
from rolecoder.model.thresholds import over_roles

UNKNOWN_LABELS = "The model's card does not say who coded the labels that it learnt from."

UNSTATED = "Not stated."  # what `rolecoder train` writes of the coders where it is not told

NO_THRESHOLD = ("average_precision", "ece")  # scores of probabilities, whatever is decided on them

NO_AGREEMENT = "How far the coders of these labels agreed is not stated in the model's card."


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScore:
    """Cross-validated scores of one role; a score is (value, low, high), each None where not known."""

    role: str
    n: int
    precision: tuple[float | None, float | None, float | None]
    recall: tuple[float | None, float | None, float | None]
    f1: tuple[float | None, float | None, float | None]
    average_precision: tuple[float | None, float | None, float | None]
    ece: tuple[float | None, float | None, float | None]  # expected calibration error
    threshold: float | None  # None where the role was given to no passage


def model_name(card: Mapping[str, Any]) -> str:
    """Name the model."""
    return str(card["name"])


def left_out(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The roles that the model was trained without, since too few passages were labelled with them."""
    return list(card.get("training", {}).get("left_out", []))


def raised(card: Mapping[str, Any]) -> str:
    """By how much thresholds are above those best for F1, to follow them; empty where they are these."""
    times = card.get("training", {}).get("raised", 1.0)
    return "" if times == 1 else f", times {times:g}, since labels were sought and are harder to code than others"


def without(card: Mapping[str, Any]) -> str:
    """Their names; empty where it was trained on all."""
    return ", ".join(str(role["name"]) for role in left_out(card))


def labels_sentence(card: Mapping[str, Any]) -> str:
    """The sentence that says who coded the labels."""
    stated = str(card["labels"]["coded_by"]).strip()
    if stated in ("", UNSTATED):
        return UNKNOWN_LABELS
    return f"Labels that the model learnt from: {stated.rstrip('.')}."


def agreement_sentence(card: Mapping[str, Any]) -> str:
    """How far the coders of the model's labels agreed, as the card has it; or that it does not say."""
    stated = card["labels"].get("agreement")
    if isinstance(stated, str) and stated.strip():
        return f"Agreement of their coders: {stated.strip().rstrip('.')}."
    if isinstance(stated, Mapping) and stated:
        figures = [f"{str(name).replace('_', ' ')} {_figure(value)}" for name, value in stated.items()]
        return f"Agreement of their coders: {', '.join(figures)}."
    return NO_AGREEMENT


def _figure(value: object) -> str:
    number = _score(value)[0]
    return str(value) if number is None else f"{number:.2f}"


def mix_sentences(card: Mapping[str, Any]) -> list[str]:
    """That labelled passages which were sought, or drawn unevenly, are another mix than a corpus; as far as stored."""
    labels = card["labels"]
    counts = {name: int(labels.get(name) or 0) for name in ("passages", "sought", "drawn", "random")}
    told = []
    if counts["sought"]:
        told.append(
            f"Of the {counts['passages']:,} labelled passages that the model is scored on, {counts['sought']:,} were "
            "sought for a role: its scores and probabilities are those of such a mix, not of ordinary text."
            + " None was drawn at random, so how it does there is not known."
            * (not counts["random"])
        )
    if counts["drawn"]:
        told.append(
            f"Of the labelled passages that the model is scored on, {counts['drawn']:,} were drawn with a known "
            "probability, and each counts once in its scores, whatever its probability."
        )
    return told


def genre_sentence(card: Mapping[str, Any], genres: Iterable[str | None]) -> list[str]:
    """How well held-out passages of each genre are coded, all roles together; nothing where the card does not say.

    Args:
        card: The model's record, its ``error_rates`` at the thresholds of the study.
        genres: Of the corpus, in any order.
    """
    rates, kinds = card.get("error_rates", {}), sorted({genre for genre in genres if genre})
    scored = {kind: counts for kind in kinds if (counts := rates.get(f"genre:{kind}")) and _passages(counts) >= ENOUGH}
    told = []
    for kind, counts in scored.items():
        right, given, labelled = over_roles(counts)
        found = f"finds {_per_cent(right, labelled)} of {numbered(labelled, 'role')} by label"
        told.append(f"in {kind} texts it {found}, and {_per_cent(right, given)} of {given:,} that it gives are right")
    if not told:
        return []
    few = [kind for kind in kinds if kind not in scored]
    too_few = f"; of {', '.join(few)} texts too few passages are labelled to tell" if few else ""
    return [f"By genre, in held-out labelled passages, all roles together: {'; '.join(told)}{too_few}."]


def _passages(counts: Mapping[str, Mapping[str, Any]]) -> int:
    """How many passages a subset's error rates are counted in: as many for each role."""
    return max(sum(int(role.get(cell, 0)) for cell in ("tp", "fp", "fn", "tn")) for role in counts.values())


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def encoder_identity(card: Mapping[str, Any]) -> str:
    """The encoder's identity in one line."""
    return str(card.get("encoder", {}).get("identity", "not stated in the model's card"))


def encoder_in_words(card: Mapping[str, Any]) -> str:
    """Name the encoder for a sentence."""
    tuned = card.get("training", {}).get("fine_tuning")
    if tuned and tuned.get("layers"):
        return "the sentence encoder all-MiniLM-L6-v2, adapted to leaders' statements and fine-tuned on its labels"
    if card.get("encoder", {}).get("folder"):
        return "a sentence encoder fine-tuned on its labels"
    return f"the sentence encoder {encoder_identity(card).split(';')[0]}"


def overall(card: Mapping[str, Any], name: str, subset: str = "all") -> tuple[float | None, float | None, float | None]:
    """A score over all roles, for example ``macro_f1``.

    Args:
        card: The model's record.
        name: Of the score.
        subset: "all" labelled passages, or those drawn at "random", which speak of ordinary text.
    """
    return _score(_scores(card, subset).get(name))


def role_scores(card: Mapping[str, Any], roles: Mapping[str, str], used: Mapping[str, float]) -> list[RoleScore]:
    """Scores of each role that the card has, in the order of ``roles``.

    Args:
        card: The model's record.
        roles: Code -> name.
        used: Role -> threshold that the codings were made with.
    """
    by_role = {row["role"]: row for row in _scores(card, "all").get("roles", ())}
    return [_role_score(role, by_role[role], used.get(role)) for role in roles if role in by_role]


def rescored(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same record with the scores that its error rates give, for thresholds other than the model's own.

    They have no intervals, save those that need no threshold, and say nothing of whether a passage carries any role.
    """
    before = _scores(card, "all")
    whatever = {row["role"]: {name: row.get(name) for name in NO_THRESHOLD} for row in before.get("roles", ())}
    counts = {role: [row[name] for name in ("tp", "fp", "fn")] for role, row in card["error_rates"]["all"].items()}
    roles = [
        {
            "role": role,
            "n": tp + fn,
            "precision": _ratio(tp, tp + fp),
            "recall": _ratio(tp, tp + fn),
            "f1": _ratio(2 * tp, 2 * tp + fp + fn),
            **whatever.get(role, {}),
        }
        for role, (tp, fp, fn) in counts.items()
    ]
    tp, fp, fn = (sum(column) for column in zip(*counts.values(), strict=True))
    known = [row["f1"] for row in roles if row["n"] >= MIN_POSITIVES]
    of_all = {"macro_f1": _ratio(sum(known), len(known)), "micro_f1": _ratio(2 * tp, 2 * tp + fp + fn)}
    return {**card, "scores": {"all": of_all | {"ece": before.get("ece"), "roles": roles}}}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _scores(card: Mapping[str, Any], subset: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = card.get("scores", {}).get(subset, {})
    return found


def _role_score(role: str, row: Mapping[str, Any], threshold: float | None) -> RoleScore:
    return RoleScore(
        role=role,
        n=int(row["n"]),
        precision=_score(row.get("precision")),
        recall=_score(row.get("recall")),
        f1=_score(row.get("f1")),
        average_precision=_score(row.get("average_precision")),
        ece=_score(row.get("ece")),
        threshold=threshold,
    )


def _score(value: object) -> tuple[float | None, float | None, float | None]:
    if isinstance(value, Mapping):
        return _number(value.get("value")), _number(value.get("low")), _number(value.get("high"))
    return _number(value), None, None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
