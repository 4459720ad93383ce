"""What shares are worked out from, built by hand."""

from rolecoder.measuring.samples import NO_SAMPLE
from rolecoder.measuring.tallies import Evidence
from rolecoder.tables import CODINGS, PASSAGES, probabilities_table


def evidence_of(passages, codings, roles, sample=NO_SAMPLE, card=None):
    """Evidence of rows; the probability of a role is that of its coding, else .1."""
    found = {(row["passage_id"], row["role"]): row["probability"] for row in codings}
    chances = [
        {"passage_id": p["passage_id"], **{f"p_{role}": found.get((p["passage_id"], role), 0.1) for role in roles}}
        for p in passages
    ]
    return Evidence(
        passages=PASSAGES.frame(list(passages)),
        codings=CODINGS.frame(list(codings)),
        probabilities=probabilities_table(roles).frame(chances),
        sample=sample,
        card=card or {},
        roles=tuple(roles),
    )


def card_of(roles, tp, fp, fn, tn, **subsets):
    """A model's card with error rates: the same for every role, in all labelled passages and in named subsets."""

    def rates(*counts):
        names = ("tp", "fp", "fn", "tn", "documents_positive", "documents_negative")
        return {
            role: dict(zip(names, (*counts, counts[0] + counts[2], counts[1] + counts[3]), strict=True))
            for role in roles
        }

    stored = {"all": rates(tp, fp, fn, tn)} | {
        name.replace("__", ":"): rates(*counts) for name, counts in subsets.items()
    }
    labels = {"passages": tp + fp + fn + tn, "roles": {role: {"passages": tp + fn} for role in roles}}
    return {"name": "made up", "error_rates": stored, "labels": labels}
