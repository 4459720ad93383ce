"""The report in words: headline, methods paragraph, caveats and provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.config import Bands
from rolecoder.errors import numbered
from rolecoder.evaluate import MIN_POSITIVES
from rolecoder.measuring.tallies import BY_HAND
from rolecoder.model.thresholds import over_roles
from rolecoder.report.card import (
    NO_AGREEMENT,
    agreement_sentence,
    encoder_identity,
    encoder_in_words,
    genre_sentence,
    labels_sentence,
    mix_sentences,
    model_name,
    overall,
    without,
)
from rolecoder.report.coverage import floors, uncounted
from rolecoder.report.findings import (
    Cell,
    Findings,
    behind,
    cells,
    estimate,
    known,
    share,
    with_unit,
)
from rolecoder.report.gap_exhibits import corrected_of
from rolecoder.report.method import (
    by_activity,
    cautions,
    counts_of,
    estimators,
    hand_coders,
    intervals,
    learnt_passages,
    measured,
    measured_for_gaps,
    quantity,
    scored_card,
    sides_told,
    thresholds,
)
from rolecoder.report.times import division, moving
from rolecoder.study.comparisons import comparisons
from rolecoder.study.expectation import split_dyad

if TYPE_CHECKING:
    import pandas as pd

ABOUT = ("origin", "licence", "citation", "provenance")  # of a corpus


def headline(findings: Findings) -> str:
    """Say in one sentence how much was read and coded."""
    coded = findings.codings["passage_id"].nunique()
    return (
        f"{numbered(len(findings.documents), 'document')}, {numbered(len(findings.passages), 'passage')}, of which "
        f"the model gave {coded:,} at least one role "
        f"({share(coded / len(findings.passages) if len(findings.passages) else 0)} %)."
    )


def side_sentence(cell: Cell, findings: Findings) -> str:
    """The three largest roles of a profile with share, interval and n; or why there is none."""
    if not cell.filled:
        return f"not filled: {cell.note or 'no share'}"
    names = findings.role_names
    parts = [
        f"{names[row['role']]} {with_unit(row['share'], row['share_low'], row['share_high'])}, {behind(row)}"
        for row in cell.top[:3]
    ]
    return "; ".join(parts) or "no role occurs"


def sides_of_dyads(findings: Findings) -> list[Cell]:
    """The profiles that the study's dyads compare; every own conception where it names no dyad; else all."""
    pairs = [split_dyad(dyad) for dyad in findings.study.gaps.dyads]
    found = cells(findings)
    if not pairs:
        return [c for c in found if c.aspect in (None, "conception") and c.source in (None, c.holder)] or found
    wanted = [
        (source, ally, aspect)
        for chief, ally in pairs
        for compared in comparisons(chief, ally)
        for source, aspect in (compared.left, compared.right)
    ]
    return [cell for key in dict.fromkeys(wanted) for cell in found if cell.key[:3] == key] or found


def no_profile(findings: Findings) -> str:
    """Say why there is no profile at all."""
    return f"No profile was made: no passage with a role has a known {', '.join(findings.study.profiles.by)}."


def gap_sentence(row: Mapping[Any, Any], findings: Findings) -> str:
    """One gap in words: distance, interval, n, reading; or why there is none."""
    if known(row["jensen_shannon"]) is None:
        return f"not filled: {findings.why_none(row) or 'no distance'}"
    figure = estimate(row["jensen_shannon"], row["jensen_shannon_low"], row["jensen_shannon_high"])
    return (
        f"distance {figure}, n = {row['passages_left']} and {row['passages_right']}: "
        f"{known(row['verdict']) or 'no interval, so no reading'}"
    )


def caveats(findings: Findings) -> list[str]:
    """What a reader must know before using a figure."""
    found = [labels_sentence(findings.model_card)]
    if agreement_sentence(findings.model_card) == NO_AGREEMENT:
        found.append(f"{NO_AGREEMENT} Report it from where the labels are described, or say that it is not known.")
    found += [*mix_sentences(findings.model_card), *_at_random(findings)]
    found += genre_sentence(findings.model_card, findings.documents["doc_type"])
    found += [*measured(findings), *measured_for_gaps(findings), *cautions(findings), *_learnt_from(findings)]
    unplaced = findings.codings[["holder", "aspect"]].isna().any(axis=1).sum()
    if len(findings.codings):
        found.append(
            f"Whose role a passage speaks of, and from which side, is found by rules (corrected by what the model "
            "has learnt of it, where it has): of "
            f"{numbered(len(findings.codings), 'coding')}, {unplaced:,} have no holder or no aspect and are in no "
            "profile that asks for it."
        )
    if told := uncounted(findings):
        found.append(f"{told} Shares say nothing of these; uncounted.csv lists them.")
    found.append(
        "Read the passages behind a figure before you rest an argument on it: the report leads to each of them."
    )
    return found


def _learnt_from(findings: Findings) -> list[str]:
    """That hand labels which taught the model cannot also say how far it errs, and that others can."""
    counts = counts_of(findings, "profile")
    if not any(name in BY_HAND for name in estimators(findings)):
        return []
    told = []
    if learnt := counts.get("labelled and learnt from", 0):
        told.append(
            f"The model has learnt from at least {learnt:,} of the hand labels that shares rest on. It codes their "
            "passages better than others, so shares corrected by them, and their intervals, are not to be relied on."
        )
    if others := counts.get("labelled, known by other labels", 0):
        told.append(
            f"The model knows at least {numbered(others, 'passage')} of those labelled by hand from other labels; "
            "shares corrected by hand labels hold all the same, unless it was trained on labels of the same draw."
        )
    return told


def _at_random(findings: Findings) -> list[str]:
    """How the model does on labelled passages drawn at random, where its card says."""
    if thresholds(findings):
        return _reached_at_random(scored_card(findings)["error_rates"])
    precision, recall = (overall(findings.model_card, f"any_{what}", "random") for what in ("precision", "recall"))
    if precision[0] is None or recall[0] is None:
        return []
    return [
        f"In labelled passages drawn at random, {with_unit(*precision)} of those that the model gives a role carry any "
        f"role by label, and it finds {with_unit(*recall)} of those that do (cross-validated)."
        + " Ordinary text is harder than passages sought for a role."
        * _harder(findings.model_card)
    ]


def _reached_at_random(rates: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """The same at thresholds of the study, role by role: the error rates say nothing of whether a passage has any."""
    if "random" not in rates:
        return []
    right, given, labelled = over_roles(rates["random"])
    return [
        f"In labelled passages drawn at random, {right:,} of the {numbered(given, 'role')} that the model gives at "
        f"these thresholds are right by label, where {labelled:,} are labelled (cross-validated)."
    ]


def _harder(card: Mapping[str, Any]) -> bool:
    """Whether the model tells role from none worse in passages drawn at random than in those sought, beyond chance."""
    highest, lowest = overall(card, "any_f1", "random")[2], overall(card, "any_f1", "sought")[1]
    return highest is not None and lowest is not None and highest < lowest


def methods_paragraph(findings: Findings) -> str:
    """A paragraph for the paper, with the study's own figures."""
    words = findings.passages["words"]
    types = Counter(findings.documents["doc_type"])
    kinds = ", ".join(
        f"{count:,} {name}" for name, count in sorted(types.items(), key=lambda item: (-item[1], item[0]))
    )
    dates = sorted(str(date) for date in findings.documents["date"] if known(date) is not None)
    undated = len(findings.documents) - len(dates)
    book, card = findings.codebook, scored_card(findings)
    but = f" (trained without {without(card)}: too few labels)" if without(card) else ""
    parts = [
        f"The corpus holds {numbered(len(findings.documents), 'document')}"
        + (f" ({kinds})" if kinds else "")
        + _when(dates, undated)
        + f", cut into {numbered(len(findings.passages), 'passage')}"
        + (f" of a median length of {int(words.median())} words" if len(words) else "")
        + ", none of which runs over a change of speaker.",
        f"Each passage was coded for the {len(book.roles)} roles of the codebook {book.title} by the model "
        f"{model_name(card)}{but}, which works on {encoder_in_words(card)}.",
        labels_sentence(card),
        agreement_sentence(card),
    ]
    if chosen := thresholds(findings):
        parts.append(
            f"Roles were given from thresholds {chosen}; the scores stated here are those at these thresholds, on the "
            "passages that they were chosen on."
        )
    macro, micro = overall(card, "macro_f1"), overall(card, "micro_f1")
    if macro[0] is not None:
        parts.append(
            f"In cross-validation grouped by document its F1, averaged over roles with {MIN_POSITIVES} labelled "
            f"passages or more, is {estimate(*macro)}"
            + (f" and its micro-averaged F1 {estimate(*micro)}." if micro[0] is not None else ".")
        )
    parts += [*mix_sentences(card), *_at_random(findings)]
    parts += genre_sentence(card, findings.documents["doc_type"])
    coded = findings.codings["passage_id"].nunique()
    parts += [
        *sides_told(findings),
        f"The model gave at least one role to {numbered(coded, 'passage')}.",
        division(findings),
        uncounted(findings),
        quantity(findings),
        *measured(findings),
        *measured_for_gaps(findings),
        *hand_coders(findings),
        *_learnt_from(findings),
        *learnt_passages(findings),
        intervals(findings),
        floors(findings) if cells(findings) else no_profile(findings),
        *moving(findings),
        *_gap_methods(findings),
        f"Computed with rolecoder {findings.record.get('rolecoder', 'of unknown version')}, "
        f"seed {findings.study.profiles.seed}.",
    ]
    return " ".join(part for part in parts if part)


def _when(dates: Sequence[str], undated: int) -> str:
    """From when to when documents are; ``dates`` in order."""
    if not dates:
        return ", without a date" if undated == 1 else ", all without a date" if undated else ""
    span = f" from {dates[0]} to {dates[-1]}" if dates[0] != dates[-1] else f" of {dates[0]}"
    return span + (f", {undated:,} of them without a date" if undated else "")


def _gap_methods(findings: Findings) -> list[str]:
    pairs = findings.gaps.drop_duplicates(["left", "right", "period"])  # dyads of one ally share what it says of itself
    scored = pairs[pairs["jensen_shannon"].notna()]
    if not len(scored):
        return []
    bands = findings.study.gaps.bands
    order = "Holsti's order of activity" if by_activity(findings) else "the codebook's order of ranks"
    whose = "defaults of rolecoder" if bands == Bands() else "the study's convention"
    return [
        f"Of {numbered(len(pairs), 'comparison')} of two profiles {len(scored):,} could be scored. Their gap "
        "is the Jensen-Shannon distance (base 2; Endres and Schindelin 2003) of the shares, with total variation, "
        f"earth mover's distance and signed shift along {order}, and Scott's pi as agreement "
        f"corrected for chance (Häge 2011). {_gap_intervals(scored, findings.study.profiles.resamples)} Readings "
        f"follow the bands convergence to {bands.convergence:g}, strain to {bands.strain:g} and "
        f"conflict to {bands.conflict:g}, which are {whose} on Yang's (2016) scale, itself without figures."
    ]


def _gap_intervals(scored: pd.DataFrame, resamples: int) -> str:
    """Say how many of the scored gaps are corrected, with interval and test, and how."""
    corrected = corrected_of(scored)
    alone, by_f = len(scored) - len(corrected), int((scored["test"] == "F").sum())
    why = "since a side is of one document: what is stated is as found, without test or reading"
    if alone == len(scored):
        return f"None has an interval, {why}."
    tested = f", as does a permutation test ({resamples:,} permutations)" if scored["test"].notna().any() else ""
    if by_f:
        tested += (
            f"; in {numbered(by_f, 'comparison')} of a few long documents with many short ones an F test of the same "
            "statistic took its place (Brunner, Dette and Munk 1997)"
        )
    what = ("distances" if resamples else "the Jensen-Shannon distance") + " and agreement"
    told = f"In {len(corrected):,} of them {what}" if alone else what[0].upper() + what[1:]
    told += " are less the bias that few passages bring, and intervals take documents as units (jackknife"
    told += f", or {resamples:,} bootstrap resamples" if resamples else ""
    return f"{told}){tested}." + (
        f" The other {alone:,} {'has' if alone == 1 else 'have'} no interval, {why}." if alone else ""
    )


def provenance(findings: Findings) -> list[tuple[str, str]]:
    """Where everything comes from, as pairs of a name and what it is."""
    record, study = findings.record, findings.study
    libraries = record.get("libraries")
    versions = libraries if isinstance(libraries, Mapping) else {}
    pairs = [("Study", study.study)]
    pairs += [("Note", note) for note in study.notes]
    for corpus in findings.corpora:
        name = str(corpus.get("title") or corpus.get("name") or "without a name")
        pairs += [("Corpus", name)]
        pairs += [(f"Its {what}", str(corpus[what])) for what in ABOUT if corpus.get(what)]
    pairs += [
        ("Codebook", findings.codebook.title),
        ("Model", model_name(findings.model_card)),
        ("Labels", labels_sentence(findings.model_card)),
        *(("Hand labels", " ".join(told)) for told in [hand_coders(findings)] if told),
        ("Encoder", encoder_identity(findings.model_card)),
        ("Seed, resamples", f"{study.profiles.seed}, {study.profiles.resamples:,}"),
        (
            "Software",
            f"rolecoder {record.get('rolecoder', 'of unknown version')}, Python {record.get('python', 'unknown')}",
        ),
    ]
    if versions:
        pairs.append(("Libraries", ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))))
    return _told_apart([*pairs, *_counts(record)])


def _told_apart(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Number the names that occur more than once: "Note 1", "Note 2"."""
    often, seen = Counter(name for name, _ in pairs), Counter[str]()
    found = []
    for name, text in pairs:
        seen[name] += 1
        found.append((f"{name} {seen[name]}" if often[name] > 1 else name, text))
    return found


def _counts(record: Mapping[str, object]) -> list[tuple[str, str]]:
    stages = record.get("stages")
    rows = stages.items() if isinstance(stages, Mapping) else ()
    counts = [(name, stage.get("counts")) for name, stage in rows if isinstance(stage, Mapping)]
    return [
        (f"Stage {name}", ", ".join(f"{what} {number:,}" for what, number in found.items()))
        for name, found in counts
        if isinstance(found, Mapping) and found
    ]
