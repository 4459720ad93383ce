"""What the model card says, read with care: a bundle of another make may lack a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN_LABELS = "The model's card does not say who coded the labels that it learnt from."

NO_AGREEMENT = (
    "How far the coders of these labels agreed is not stated in the model's card: report it from where the labels are "
    "described, or say that it is not known."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScore:
    """Cross-validated scores of one role; a score is (value, low, high), each None where not known."""

    role: str
    n: int | None
    precision: tuple[float | None, float | None, float | None]
    recall: tuple[float | None, float | None, float | None]
    f1: tuple[float | None, float | None, float | None]
    average_precision: tuple[float | None, float | None, float | None]
    threshold: float | None


def model_name(card: Mapping[str, object]) -> str:
    """Name the model."""
    return str(card.get("name") or "a model without a name")


def labels_sentence(card: Mapping[str, object]) -> str:
    """The sentence that says who coded the labels."""
    labels = card.get("labels")
    inner = labels if isinstance(labels, Mapping) else {}
    if isinstance(inner.get("coded_by"), str) and inner["coded_by"].strip():
        return f"Labels that the model learnt from: {inner['coded_by'].strip().rstrip('.')}."
    found = [*(inner.get(name) for name in ("provenance", "who", "coders")), card.get("provenance"), labels]
    sentence = next((text.strip() for text in found if isinstance(text, str) and text.strip()), UNKNOWN_LABELS)
    return sentence if sentence.endswith(".") else sentence + "."


def agreement_sentence(card: Mapping[str, object]) -> str:
    """How far the coders of the model's labels agreed, as the card has it; or that it does not say."""
    labels = card.get("labels")
    stated = labels.get("agreement") if isinstance(labels, Mapping) else None
    if isinstance(stated, str) and stated.strip():
        return f"Agreement of their coders: {stated.strip().rstrip('.')}."
    if isinstance(stated, Mapping) and stated:
        figures = [f"{str(name).replace('_', ' ')} {_figure(value)}" for name, value in stated.items()]
        return f"Agreement of their coders: {', '.join(figures)}."
    return NO_AGREEMENT


def _figure(value: object) -> str:
    number = _score(value)[0]
    return str(value) if number is None else f"{number:.2f}"


def encoder_identity(card: Mapping[str, object]) -> str:
    """The encoder's identity in one line."""
    encoder = card.get("encoder_identity") or card.get("encoder") or card.get("identity")
    if isinstance(encoder, Mapping):
        return str(encoder.get("identity") or ", ".join(f"{name} {value}" for name, value in encoder.items()))
    return str(encoder) if encoder else "not stated in the model's card"


def encoder_in_words(card: Mapping[str, object]) -> str:
    """Name the encoder for a sentence."""
    encoder = card.get("encoder")
    if isinstance(encoder, Mapping) and encoder.get("folder"):
        return "the sentence encoder kept in its folder"
    return f"the sentence encoder {encoder_identity(card).split(';')[0]}"


def overall(
    card: Mapping[str, object], name: str, subset: str = "all"
) -> tuple[float | None, float | None, float | None]:
    """A score over all roles, for example ``macro_f1``.

    Args:
        card: The model's record.
        name: Of the score.
        subset: "all" labelled passages, or those drawn at "random", which speak of ordinary text.
    """
    return _score(_scores(card, subset).get(name))


def role_scores(
    card: Mapping[str, object], roles: Mapping[str, str], used: Mapping[str, float] | None = None
) -> list[RoleScore]:
    """Scores of each role that the card has, in the order of ``roles``.

    Args:
        card: The model's record.
        roles: Code -> name.
        used: Role -> threshold that the codings were made with, where the card has none.
    """
    rows = _scores(card).get("roles", _scores(card))
    by_role: dict[str, Mapping[str, Any]] = {}
    if isinstance(rows, Mapping):
        by_role = {str(role): row for role, row in rows.items() if isinstance(row, Mapping)}
    elif isinstance(rows, list | tuple):
        by_role = {str(row.get("role")): row for row in rows if isinstance(row, Mapping)}
    thresholds = card.get("thresholds")
    limits = dict(used or {}) | dict(thresholds if isinstance(thresholds, Mapping) else {})
    return [_role_score(role, by_role[role], limits.get(role)) for role in roles if role in by_role]


def _scores(card: Mapping[str, object], subset: str = "all") -> Mapping[str, Any]:
    scores = card.get("scores")
    if not isinstance(scores, Mapping):
        return {}
    part = scores.get(subset)
    return part if isinstance(part, Mapping) else scores if subset == "all" else {}


def _role_score(role: str, row: Mapping[str, Any], threshold: object) -> RoleScore:
    count = row.get("n")
    return RoleScore(
        role=role,
        n=int(count) if isinstance(count, int | float) else None,
        precision=_score(row.get("precision")),
        recall=_score(row.get("recall")),
        f1=_score(row.get("f1")),
        average_precision=_score(row.get("average_precision")),
        threshold=_number(threshold if threshold is not None else row.get("threshold")),
    )


def _score(value: object) -> tuple[float | None, float | None, float | None]:
    if isinstance(value, Mapping):
        return _number(value.get("value")), _number(value.get("low")), _number(value.get("high"))
    return _number(value), None, None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
