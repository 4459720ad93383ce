"""How the shares of this run were measured, in sentences that are true of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rolecoder.codebook import MAX_ROLES
from rolecoder.errors import numbered
from rolecoder.measuring import tallies
from rolecoder.measuring.tallies import ASSUMED, BY_HAND
from rolecoder.model.labelled import learnt_in_words
from rolecoder.report.card import raised, rescored
from rolecoder.report.findings import WHOLE, Findings, known
from rolecoder.report.reasons import too_few_labels

if TYPE_CHECKING:
    import pandas as pd

UNITS = {  # what a share and a prevalence are of; {of}: " of its source and period"
    "passages": "The share of a role is its part of the profile's role talk and sums to 100 per cent over roles. Its "
    "prevalence is the part of all passages{of} that carry the role in the profile.",
    "words": "The share of a role is its part of the profile's role talk, each passage counted by its words, and sums "
    "to 100 per cent over roles. Its prevalence is the part of all words{of} that stand in passages with the role in "
    "the profile.",
    "documents": "The share of a role is its part of the profile's role talk, each passage counted as the fraction "
    "that it is of its source's in the document, and sums to 100 per cent over roles. Its prevalence is the part of a "
    "source's passages in a document that carry the role in the profile, as the mean over all documents{of}.",
}
HOW = {
    "design-based": "design-based: the model's predictions for every passage, corrected by hand labels "
    "(prediction-powered, Angelopoulos, Bates et al. 2023; power-tuned, Angelopoulos, Duchi and Zrnic 2023; drawn "
    "with known probability, Egami et al. 2023)",
    "labels only": "from hand labels alone: they give the profile fewer than ten roles, too few for predictions to be "
    "corrected",
    "adjusted count": "by adjusted count (Forman 2008), which is model-assumed: the count is corrected by the model's "
    "cross-validated error rates, taken to be the same in this corpus",
    "EMQ": "by EMQ (Saerens, Latinne and Decaestecker 2002), which is model-assumed: the model's probabilities are "
    "moved to the prevalence that they imply, and its calibration is taken to hold in this corpus",
    "count": "by plain counts of what the model coded, which are not corrected for its errors",
}


ALONE = "what shares rest on is of one document"
LEVEL = 0.95  # of the intervals that were simulated, of shares of passages
SIMULATED = (
    "in simulated corpora of one profile each, made up after the codebook holsti-17 and its shipped model{other},"
)
DRAWN = (
    " Those of shares and prevalences by adjusted count are quantiles of draws of the count and of the error rates, "
    "wider for a role that the model seldom finds{held}."
)
HELD = "; {simulated} they held 94 to 99 of 100 of them"
DRAWN_EMQ = (
    " Those of shares and prevalences by EMQ are quantiles of draws of the calibration, of the "
    "profile's portion of all that was coded with the role, and of what documents stray. They are not intervals at "
    "{level} where the calibration does not hold{held}."
)
HELD_EMQ = (
    ": {simulated} in which it holds on average of two genres and in neither, they held 30 to 83 of 100 prevalences "
    "where as much was labelled as for that model"
)


def used(findings: Findings) -> dict[str, int]:
    """Estimator -> number of filled profiles that it gave, the most frequent first."""
    first = _first_rows(findings)
    filled = first[first["share"].notna() & first["estimator"].notna()]
    return {str(name): int(n) for name, n in filled["estimator"].value_counts(sort=True).items()}


def used_in_gaps(findings: Findings) -> dict[str, int]:
    """Estimator -> number of profiles that it gave for scored gaps to compare, the most frequent first."""
    import pandas as pd

    scored = findings.gaps[findings.gaps["jensen_shannon"].notna()]
    names = ("profile", "period", "estimator")
    sides = [
        scored[[side, "period", f"estimator_{side}"]].set_axis(names, axis="columns") for side in ("left", "right")
    ]
    once = pd.concat(sides).drop_duplicates(["profile", "period"])
    return {str(name): int(n) for name, n in once["estimator"].value_counts(sort=True).items()}


def estimators(findings: Findings) -> list[str]:
    """Every estimator of the report: of filled profiles, of what scored gaps compare, of windows."""
    trends = findings.trends
    windows = trends[trends["share"].notna()]["estimator"].unique() if trends is not None else ()
    return list(dict.fromkeys([*used(findings), *used_in_gaps(findings), *map(str, windows)]))


def hand_labels(findings: Findings) -> int:
    """Hand-labelled passages behind the profiles that rest on them, each source and period once."""
    first = _first_rows(findings)
    own = first[first["estimator"].isin(list(BY_HAND)) & first["share"].notna()]
    groups = own.assign(source=own["source"].fillna(""), period=own["period"].fillna(""))
    return int(groups.drop_duplicates(["source", "period"])["n_labelled"].sum())


def measured(findings: Findings) -> list[str]:
    """Say for each estimator of the run in how many profiles it was used and what it does."""
    found = used(findings)
    whole = sum(found.values())
    told = []
    for name, number in found.items():
        lead = "Shares" if number == whole else f"In {number} of {whole} filled profiles shares"
        told.append(f"{lead} were measured {how_measured(name)}.")
    if labels := hand_labels(findings):
        whose = f"; a profile rests on those of its {of}" if (of := population(findings)) else ""
        behind = f"{numbered(labels, 'hand-labelled passage')} given by the study and drawn with known probability"
        told.append(f"Behind the shares that rest on hand labels {'is' if labels == 1 else 'are'} {behind}{whose}.")
    return told + _idle_labels(findings)


def _idle_labels(findings: Findings) -> list[str]:
    """Which hand labels correct no share, since their source and period has too few."""
    few = [place for place in too_few_labels(findings.profiles, findings.study.profiles) if place[2]]
    have = [
        f"{', '.join([findings.actor(source)] * bool(source) + [period] * (period not in WHOLE)) or 'in all'} "
        f"({labelled:,} of {needed:,})"
        for source, period, labelled, needed in few
    ]
    idle = numbered(sum(labelled for _, _, labelled, _ in few), "hand-labelled passage")
    return [
        f"Another {idle} correct no share, since too few are labelled there: {'; '.join(have)}."
        if hand_labels(findings)
        else f"Of the study's labels {idle} correct no share, since too few are labelled there: {'; '.join(have)}."
    ] * bool(few)


def hand_coders(findings: Findings) -> list[str]:
    """Who coded the hand labels that shares rest on, and how far coders agreed; what is not stated is left to fill in.

    Nothing where no share rests on hand labels.
    """
    asked = findings.study.profiles
    return [
        f"Hand labels that shares rest on: {_stated(asked.coded_by) or '[say who coded them]'}.",
        f"Agreement of their coders: {_stated(asked.agreement) or '[say how far they agreed]'}.",
    ] * any(name in BY_HAND for name in estimators(findings))


def _stated(text: str) -> str:
    return text.strip().rstrip(".")


def how_measured(name: str) -> str:
    """Say what an estimator does, after "shares were measured"."""
    return HOW.get(name, f"by {name}")


def measured_for_gaps(findings: Findings) -> list[str]:
    """Say how what gaps compare was measured, where it is not among the study's profiles; else nothing."""
    found = used_in_gaps(findings)
    if not found or set(findings.study.profiles.by) >= {"source", "holder", "aspect"}:
        return []
    by = ", ".join(f"{name} in {number:,}" for name, number in found.items())
    return [
        f"Gaps compare {numbered(sum(found.values()), 'profile')} of one source, holder and aspect, which those of the "
        f"study are not; their estimators: {by}.",
        *(f"Those by {name} were measured {how_measured(name)}." for name in found if name not in used(findings)),
    ]


def intervals(findings: Findings) -> str:
    """Say what the intervals are; empty where no profile is filled."""
    found = used(findings)
    if not found:
        return ""
    level = f"{100 * findings.study.profiles.level:g} %"
    few = (
        ", in design-based profiles with the lower end of Agresti and Coull (1998) below three labelled passages with "
    )
    few += "the role"
    other = ", not those of this study" if findings.codebook.name != "holsti-17" else ""
    asked, simulated = findings.study.profiles, SIMULATED.format(other=other)
    alike = asked.level == LEVEL and asked.unit == "passages"  # of other intervals the simulations say nothing
    held, held_emq = (text.format(simulated=simulated) * alike for text in (HELD, HELD_EMQ))
    alone, whole = (_without_interval(findings, figure) for figure in ("share", "prevalence"))
    if alone == whole == sum(found.values()):
        return f"There are no intervals, since {ALONE}."
    wilson = (
        f"Intervals at {level} are Wilson's (1927) with the sample size divided by a design effect (Rao and Scott "
        f"1981) for passages of one document, with Student's t by the number of documents"
        f"{few if 'design-based' in found else ''}."
    )
    return (
        (wilson if set(found) - {"adjusted count", "EMQ"} else f"Intervals are at {level}.")
        + _bare(alone, whole)
        + (DRAWN.format(held=held) if "adjusted count" in found else "")
        + (DRAWN_EMQ.format(level=level, held=held_emq) if "EMQ" in found else "")
    )


def _bare(alone: int, whole: int) -> str:
    """Say in how many profiles shares, and in how many prevalences, have no interval."""
    if not alone:
        return ""
    others = f"in {whole:,} prevalences have none" if whole else "prevalences have theirs"
    return f" In {numbered(alone, 'filled profile')} shares have none, since {ALONE}; {others}."


def _without_interval(findings: Findings, figure: str) -> int:
    """How many filled profiles have no interval of this figure."""
    first = _first_rows(findings)
    return int((first["share"].notna() & first[f"{figure}_low"].isna()).sum())


def cautions(findings: Findings) -> list[str]:
    """What a reader must know of the shares before using them."""
    found = estimators(findings)
    told = []
    if "count" in found:
        told.append(
            "Shares are shares of what the model coded. They are not corrected for its errors, and the intervals hold "
            "the chance of which documents were drawn, not the model's mistakes."
        )
    if any(name in found for name in ASSUMED):
        given = findings.profiles["n_labelled"].any()
        take_away = "More hand labels of their sources and periods" if given else "Hand labels of the corpus"
        told.append(
            "Shares marked adjusted count or EMQ are model-assumed: they are right as far as the model errs in "
            f"this corpus as it did on its own labelled passages{'' if given else ', which nothing in this run tests'}."
            f" {take_away} (`rolecoder plan`) take the assumption away."
        )
    told += learnt_passages(findings)
    if "EMQ" in found:
        told.append(
            "Intervals by EMQ hold how far the calibration is known from its own labels, not that it may be another "
            "one here: where genres differ they often leave out the truth. Rest nothing on them alone."
        )
    if any(name not in BY_HAND for name in found):
        told.append(
            "Only hand labels of the corpus correct whose role it is and from which side; without them both are taken "
            "as the model says, which is right less often where the holder is not the speaker's own state, as in every "
            "prescription."
        )
    told += weak_roles(findings)
    if any(name in found for name in BY_HAND):
        told.append("Shares corrected by hand labels are as good as those labels.")
        stated = findings.study.profiles
        if _stated(stated.coded_by) and _stated(stated.agreement):
            told[-1] += f" {' '.join(hand_coders(findings))}"
        else:
            told[-1] += (
                " The study does not say both who coded them and how far coders agreed: set `coded_by` and `agreement` "
                "in its part `profiles`, or fill the brackets in the methods paragraph."
            )
    return told


def learnt_passages(findings: Findings) -> list[str]:
    """That the model was taught on passages of the run, where shares rest on its error rates or calibration."""
    said = learnt_in_words(counts_of(findings, "code"))
    return [said] * bool(said and set(estimators(findings)).intersection(ASSUMED))


def counts_of(findings: Findings, stage: str) -> Mapping[str, int]:
    """What a stage of the run counted; empty where the record does not say."""
    stages = findings.record.get("stages")
    counts: Mapping[str, int] = stages.get(stage, {}).get("counts", {}) if isinstance(stages, Mapping) else {}
    return counts


def weak_roles(findings: Findings) -> list[str]:
    """Roles that the model may hardly find, where shares rest on what it coded."""
    said = tallies.weak_roles(findings.model_card, findings.role_names, estimators(findings))
    return [said] * bool(said)


def sides_told(findings: Findings) -> list[str]:
    """How it was decided which roles a passage is given, who speaks, whose role it is and from which side."""
    above = raised(findings.model_card)
    given = f"A role is given from the probability on that brought the best F1 in cross-validation{above}; a"
    codings = findings.codings
    unplaced = int(codings[["holder", "aspect"]].isna().any(axis=1).sum())
    return [
        f"{'A' if thresholds(findings) else given} passage has at most {MAX_ROLES} roles, the clearest.",
        "Whose words a passage holds was stated by the corpus (manifest, file names, table of speakers) or found by "
        "rules from headers, labels of speakers and verbs of saying; whose role it speaks of, and from which side, by "
        "rules of wording, corrected by what the model has learnt of it, where it has. Below a confidence of "
        f"{findings.study.coding.min_confidence:g} holder and aspect are left open: {unplaced:,} of "
        f"{numbered(len(codings), 'coding')} lack one of them.",
    ]


def quantity(findings: Findings) -> str:
    """Say what a share and a prevalence are of."""
    units = dict.fromkeys(str(unit) for unit in findings.profiles["unit"])
    whole = population(findings)
    return " ".join(UNITS[unit].format(of=f" of its {whole}" if whole else "") for unit in units)


def population(findings: Findings) -> str:
    """Name what a profile's prevalences and hand labels are of: "source and period"; empty for all passages."""
    asked = findings.study.profiles
    parts = ["source"] * ("source" in asked.by) + ["period"] * (asked.period != "all")
    return " and ".join(parts)


def thresholds(findings: Findings) -> str:
    """Say what the thresholds are for; empty where they are the model's own, for F1."""
    asked = findings.study.coding.thresholds
    if asked == "f1":
        return ""
    measure, wanted = asked.measure
    return f"for a {measure} of {wanted:g} in held-out labelled passages, role by role"


def by_activity(findings: Findings) -> bool:
    """Whether the codebook's ranks go by activity, as Holsti's do; those of another one may mean anything."""
    return "holsti" in findings.codebook.source.casefold()


def order_of_roles(findings: Findings) -> str:
    """Say in which order roles stand, after "Roles "."""
    return "from the most active to the most passive" if by_activity(findings) else "in the codebook's order of ranks"


def scored_card(findings: Findings) -> Mapping[str, Any]:
    """The model's record with its scores at the thresholds of the study."""
    return rescored(findings.model_card) if thresholds(findings) else findings.model_card


def per(findings: Findings) -> str:
    """Name the unit of prevalences for a caption."""
    unit = next(iter(findings.profiles["unit"]), "passages")
    return {"words": "per 100 words", "documents": "per 100 passages, mean over documents"}.get(
        unit, "per 100 passages"
    )


def estimators_of(row: Mapping[Any, Any]) -> str:
    """Name the estimators of a gap's two sides: one name where they are the same."""
    names = [known(row["estimator_left"]), known(row["estimator_right"])]
    return " | ".join(dict.fromkeys(name or "none" for name in names))


def _first_rows(findings: Findings) -> pd.DataFrame:
    return findings.profiles.drop_duplicates(["source", "holder", "aspect", "period"])
