"""The model card: what a model was taught, by whom, how well it codes, and where it must not be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rolecoder.bundle import Bundle
from rolecoder.evaluate import ECE, unseen
from rolecoder.learning.doubtful import GIVEN, MOST, NOT_GIVEN
from rolecoder.model.labelled import DOUBTFUL
from rolecoder.model.thresholds import over_roles

_MEANS = (
    ("macro_f1", "macro-F1, roles with at least 8 passages"),
    ("macro_f1_all", "macro-F1, all roles"),
    ("micro_f1", "micro-F1"),
    ("any_f1", "any role or none, F1"),
    ("any_precision", "any role or none, precision"),
    ("any_recall", "any role or none, recall"),
    ("ece", "expected calibration error, mean over roles"),
)
FEW = 100  # labelled passages of a role
_SUBSETS = {
    "all": "all labelled passages",
    "random": "drawn at random (ordinary text)",
    "sought": "all others",
}


def model_card(bundle: Bundle) -> str:
    """Write the card of a model, Markdown, from what the bundle knows of itself."""
    labels, training = bundle.labels, bundle.training
    sections = [
        f"# {bundle.name}\n",
        f"Codes passages of leaders' statements under the codebook *{bundle.codebook.name}*, "
        f"version {bundle.codebook.version} ({len(bundle.roles)} roles).\n",
        "## What it was taught\n",
        f"{labels['passages']:,} passages from {labels['documents']:,} documents, {labels['with_a_role']:,} of them "
        f"with a role, {labels['random']:,} drawn at random.  {_files(labels['files'])}"
        f"Who coded them: {labels['coded_by']}\n",
        *([_written(labels["written"])] if labels.get("written") else []),
        *([f"How far the coders agreed: {labels['agreement']}\n"] if labels.get("agreement") else []),
        *(f"- Warning: {warning}\n" for warning in training["warnings"]),
        "## How well it codes\n",
        f"Cross-validation in {training['folds']} folds that keep documents whole: each passage is judged by a model "
        f"that saw {unseen(training)} of its document, calibrated and with thresholds from the other folds.  "
        f"In brackets, 95 % intervals by {training['resamples']:,} resamples of documents.  The labels stand for the "
        "truth, so their errors count here too.\n",
        _means(bundle.scores),
        f"ECE, {ECE}.\n",
        _roles("Every labelled passage", bundle.scores["all"], labels["roles"]),
    ]
    if "random" in bundle.scores:
        sections.append(_roles("Passages drawn at random: ordinary text", bundle.scores["random"], None))
    sections += _genres(bundle.error_rates)
    sections += _holders(bundle)
    if len(bundle.scores["curve"]) > 1:
        sections.append(_curve(bundle.scores["curve"], words=bool(training.get("fine_tuning"))))
    sections += _doubtful(training.get("doubtful") or {})
    sections += ["## Limits\n", *(f"- {limit}\n" for limit in _limits(bundle)), _making(bundle)]
    return "\n".join(sections)


def _files(names: Sequence[str]) -> str:
    return f"Files of labels: {', '.join(f'`{name}`' for name in names)}.  " if names else ""


def _written(count: int) -> str:
    return (
        f"Besides, {count:,} passages that nobody said: they were written to be learnt from (stratum `written`), and "
        "are in no figure below, nor in thresholds, calibration and error rates.\n"
    )


def _means(scores: Mapping[str, Any]) -> str:
    subsets = [name for name in _SUBSETS if name in scores]
    rows = [[label, *(_figure(scores[name][key], 3) for name in subsets)] for key, label in _MEANS]
    rows.insert(0, ["passages", *(f"{scores[name]['n']:,}" for name in subsets)])
    return _table(["", *(_SUBSETS[name] for name in subsets)], rows)


def _roles(title: str, scores: Mapping[str, Any], counts: Mapping[str, Any] | None) -> str:
    measures = ["precision", "recall", "F1", "average precision", "ECE"]
    head = ["role", "passages", *(["documents"] if counts else []), *measures]
    rows = []
    for role in scores["roles"]:
        documents = [str(counts[role["role"]]["documents"])] if counts else []
        figures = (_figure(role[key]) for key in ("precision", "recall", "f1", "average_precision"))
        rows.append([f"`{role['role']}`", str(role["n"]), *documents, *figures, _figure(role["ece"], 3)])
    return f"### {title}\n\n{_table(head, rows)}"


def _genres(error_rates: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    """How well each genre is coded, all roles together; nothing where no genre has enough labels."""
    rows = []
    for name, roles in error_rates.items():
        if name.startswith("genre:"):
            right, given, labelled = over_roles(roles)
            passages = sum(int(next(iter(roles.values()))[cell]) for cell in ("tp", "fp", "fn", "tn"))
            parts = (_number(right / whole if whole else None, 2) for whole in (given, labelled))
            rows.append([name.removeprefix("genre:"), f"{passages:,}", f"{labelled:,}", *parts])
    if not rows:
        return []
    return [
        "### By genre\n\nAll roles together, in the same cross-validation.  Where a genre is coded poorly, or few of "
        "its passages carry a role, label a sample of your corpus (`rolecoder plan`).\n\n"
        + _table(["genre", "passages", "roles by label", "precision", "recall"], rows)
    ]


def _holders(bundle: Bundle) -> list[str]:
    """How well holder and aspect are told, as far as it was measured; nothing where labels do not name them."""
    title = "### Holder and aspect, given the roles by hand\n\n"
    held = bundle.scores.get("holders")
    if held is None:
        if not (bundle.opinion or bundle.pointer):
            return []
        learnt = "second reading" if bundle.pointer else "second opinion"
        return [
            f"{title}What the {learnt} adds to the cues of the words was not measured in this training: it learnt from "
            "all labels that name holder and aspect.  `rolecoder evaluate` scores the two together on labels of other "
            "documents; for models/holsti-17, benchmarks/README.md has them apart.\n"
        ]
    ways = {"cues": "cues of the words alone", "opinion": "and a second opinion learnt on the other folds"}
    rows = [
        [
            words,
            *(_figure(held[way][key]) for key in ("holder", "holder_of_others", "aspect_macro_f1")),
            _number(held[way]["log_loss"], 3),
        ]
        for way, words in ways.items()
        if way in held
    ]
    head = ["", "holder right", "where it is not the source", "aspect, macro-F1", "log-loss"]
    judged = (
        f"{held['n']:,} passages from {held['n_documents']:,} documents whose labels name source, holder and aspect"
    )
    return [
        f"{title}{judged}.  {_chosen(held, tuned=bool(bundle.training.get('fine_tuning')))}\n\n{_table(head, rows)}"
    ]


def _doubtful(counts: Mapping[str, int]) -> list[str]:
    """Where the labels lie that are to be looked at again; nothing where there are none, or the model is older."""
    if not any(counts.values()):
        return []
    kinds = (
        (GIVEN, "roles given by hand that it did not give", "least"),
        (NOT_GIVEN, "roles not given by hand that it gave", "most"),
    )
    told = "; ".join(
        f"{counts[kind]:,} {what}"
        + (f", of which the {MOST} that it holds {end} likely are listed" * (counts[kind] > MOST))
        for kind, what, end in kinds
    )
    return [
        "## Labels to be looked at again\n\n"
        f"`{DOUBTFUL}`, beside this card, lists labels that the model contradicts in cross-validation: {told}.  They "
        "show where model and coders disagree, not who is right, and nothing was changed in the labels.  Whoever codes "
        "them again should not see what the model says.  The file is for people: it may be changed or deleted; the "
        "next training in this folder replaces it.\n"
    ]


def _chosen(held: Mapping[str, Any], *, tuned: bool) -> str:
    """What the log-loss is of, and what it decided."""
    told = (
        "The cues and their weights come with the program; the weights were learnt on labels/holsti-17, on which they "
        "look better than elsewhere."
    )
    if "opinion" not in held:
        return f"{told}  Labels were too few for a second opinion."
    knew = "  The encoder had learnt the roles of these passages, not their holders." if tuned else ""
    return (
        f"{told}{knew}  Log-loss of the labelled pair of holder and aspect, on the {held['cues']['n_log_loss']:,} "
        f"passages where the cues propose it: by that the second opinion was {'kept' if held['kept'] else 'left out'}."
    )


def _curve(points: Sequence[Mapping[str, Any]], *, words: bool) -> str:
    rows = [[f"{p['passages']:,}", *(_number(p[key], 3) for key in ("macro_f1", "micro_f1"))] for p in points]
    first, last = points[-3], points[-1]
    gain = (last["macro_f1"] or 0) - (first["macro_f1"] or 0)
    return (
        "### What more labels would bring\n\n"
        + _table(["passages to learn from", "macro-F1", "micro-F1"], rows)
        + f"\nFrom half of the documents to all of them brought {gain:+.3f} of macro-F1.\n"
        + "These are the regressions on words alone, without the encoder, which is not taught anew for each row: what "
        "the whole model reaches stands above.\n" * words
    )


def _limits(bundle: Bundle) -> list[str]:
    labels, scores = bundle.labels, bundle.scores
    few = [f"`{role}` ({count['passages']})" for role, count in labels["roles"].items() if count["passages"] < FEW]
    limits = [
        "It reads the words of the passage, not the country's history, and can be wrong about any one of them: "
        "read the passages behind a figure before resting an argument on it.",
        "Whose role it is, and from which side, is decided elsewhere: by rules"
        + (" and a second reading learnt on the same labels." if bundle.opinion or bundle.pointer else "."),
    ]
    limits += _cut(bundle)
    if few:
        limits.append(
            f"Roles with fewer than {FEW} labelled passages, whose figures above are uncertain: {', '.join(few)}."
        )
    if labels["sought"]:
        limits.append(
            f"{labels['sought']:,} of the passages were sought for a role: the probabilities are those of such a mix."
            + (_in_ordinary_text(scores["random"], scores["sought"]) if "random" in scores else "")
        )
    if labels["drawn"]:
        limits.append(
            f"{labels['drawn']:,} of the passages were drawn with a known probability (`sampling_probability`); each "
            "counts once in the figures, whatever its probability."
        )
    return limits


def _cut(bundle: Bundle) -> list[str]:
    """How much of a passage is read; nothing where the encoder does not say."""
    tuned, pointing = bundle.training.get("fine_tuning"), bundle.training.get("pointing")
    found = re.search(r"(\d+) tokens", bundle.encoder.identity)
    if not found:
        return []
    but = " (the counts of words are of all of it)" * (bundle.head.words is not None)
    told = f"Of a passage the encoder reads {found[1]} tokens; the end of a longer one it does not see{but}."
    if tuned:
        told += f"  In its lessons, and for the figures above, it read the first {tuned['max_tokens']}."
    if pointing:
        told += (
            f"  The second reading takes {pointing['tokens']}, the names of the roles included: a holder who is named "
            "only after them is found by cues alone."
        )
    return [told]


def _in_ordinary_text(random: Mapping[str, Any], others: Mapping[str, Any]) -> str:
    """How passages drawn at random differ from the others, as far as the scores on both say so."""
    rarer = _roles_each(random) < _roles_each(others)
    precision, elsewhere = random["any_precision"]["value"], others["any_precision"]["value"]
    lower = precision is not None and elsewhere is not None and precision < elsewhere
    told = " and ".join(["roles are rarer"] * rarer + ["precision is lower"] * lower)
    return f"  In ordinary text {told}: see the table of passages drawn at random." if told else ""


def _roles_each(scores: Mapping[str, Any]) -> float:
    """Mean number of roles of a passage."""
    return float(sum(role["n"] for role in scores["roles"]) / scores["n"])


def _making(bundle: Bundle) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in bundle.versions.items())
    blocks = " and ".join(" + ".join(block.parts) for block in bundle.head.blocks)
    return (
        "## How it was made\n\n"
        f"- Features: {blocks} (text, before, after: vectors of the encoder; words: terms of one or two words, "
        "and runs of 3 to 5 letters inside words, TF-IDF).\n"
        "- One logistic regression per role and block of features, weighed and calibrated after Platt on held-out "
        f"passages; thresholds for F1, those of rare roles pulled toward the common one{_raised(bundle.training)}.\n"
        f"- Encoder: {bundle.encoder.identity}\n"
        f"{_teaching(bundle)}{_pointing(bundle)}"
        f"- Seed {bundle.training['seed']}; labels {bundle.labels['digest'][:16]}; "
        f"codebook {bundle.codebook.digest[:16]}\n"
        f"- {versions}\n"
    )


def _raised(training: Mapping[str, Any]) -> str:
    times = training.get("raised", 1.0)
    if times == 1:
        return ""
    return f", all raised {times:g} times, since sought passages are harder to code than others"


def _teaching(bundle: Bundle) -> str:
    tuned = bundle.training.get("fine_tuning")
    if not tuned:
        return ""
    start = ""
    if layers := tuned.get("layers"):
        start = (
            f"- Before any label, the encoder learnt from leaders' statements: layers {layers[:16]}, see "
            "models/leaders-minilm. Without labels, it had there read documents on which cross-validation judges it.\n"
        )
    return (
        f"{start}- Fine-tuned: all layers above the {_lowest(tuned)}, with one logistic output per "
        f"role, {tuned['epochs']:g} epochs in batches of {tuned['batch']} at a rate of at most {tuned['rate']:g}"
        f"{_thinning(tuned, 'after the first, ')}; once "
        "for each fold, to score it, and once on all labels, to keep. The regression on `text` is that output. Stored "
        "in half precision.\n"
    )


def _lowest(tuned: Mapping[str, Any]) -> str:
    """What fine-tuning leaves as it is; older models froze the word embeddings only."""
    return f"{frozen} lowest" if (frozen := tuned.get("frozen")) else "word embeddings"


def _pointing(bundle: Bundle) -> str:
    told = bundle.training.get("pointing")
    if not told:
        return ""
    return (
        f"- Holder and aspect: cues of the words, and a second reading by the encoder's {told['layers']} upper layers, "
        "of the passage and the last words before it; they are taught apart on the labels that name a holder and an "
        f"aspect, {told['epochs']} epochs in batches of {told['batch']} at a rate of at most {told['rate']:g}"
        f"{_thinning(told)} (`pointer.safetensors`).\n"
    )


def _thinning(settings: Mapping[str, Any], when: str = "") -> str:
    """What passes over the labels leave out; in older models, nothing."""
    if not settings.get("easy"):
        return ""
    easy, read = settings["easy"], settings["read"]
    return f", {when}of the easiest {easy:.0%} of the passages only {read:.0%} in each, counting {1 / read:g} times"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _figure(estimate: Mapping[str, float | None], digits: int = 2) -> str:
    value, low, high = (estimate[key] for key in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return _number(value, digits)
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
