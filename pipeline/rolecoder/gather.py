"""What stages and reports rest on, gathered from a study and the folder of its run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from rolecoder.actors import read_actors
from rolecoder.annotations import Label
from rolecoder.bundle import load_bundle
from rolecoder.codebook import Codebook, codebook_from, with_roles
from rolecoder.config import Study, Thresholds, read_yaml, shipped, split_dyad
from rolecoder.corpora.recipe import NAME
from rolecoder.measuring.samples import read_sample
from rolecoder.measuring.tallies import Evidence
from rolecoder.model.thresholds import over_roles
from rolecoder.report.card import left_out, without
from rolecoder.report.findings import Findings
from rolecoder.runfolder import RunFolder
from rolecoder.tables import (
    CHANGES,
    CODINGS,
    DOCUMENTS,
    DROPPED,
    EXPLANATIONS,
    GAP_PARTS,
    GAP_SENSITIVITY,
    GAPS,
    PASSAGES,
    PROFILES,
    SAMPLE,
    TRENDS,
    probabilities_table,
)


def evidence(study: Study, folder: RunFolder) -> Evidence:
    """Gather what shares are worked out from.

    Raises:
        RolecoderError: A hand label is wrong or of another run.
    """
    card, passages = model_record(study), PASSAGES.read(folder.path)
    codebook = codebook_of(card, study)
    coded_under = with_roles(codebook, left_out(card))
    drawn = SAMPLE.read(folder.path) if (folder.path / "sample.parquet").exists() else None
    return Evidence(
        passages=passages,
        codings=CODINGS.read(folder.path),
        probabilities=probabilities_table(codebook.codes).read(folder.path),
        sample=read_sample(
            study.profiles.labels, passages, coded_under, read_actors(actors_path(study)), drawn, codebook
        ),
        card=card,
        roles=codebook.codes,
    )


def findings(study: Study, folder: RunFolder) -> Findings:
    """Gather what the report is made from."""
    known = read_actors(actors_path(study))
    found = evidence(study, folder)
    codebook = codebook_of(found.card, study)
    labelled = found.sample.labels
    named = {str(actor) for column in ("source", "holder") for actor in found.codings[column].dropna()}
    named |= {label.holder for label in labelled.values() if label.holder}
    named |= {part for dyad in study.gaps.dyads for part in split_dyad(dyad)}
    record, documents = folder.record(), DOCUMENTS.read(folder.path)
    limits = threshold_notes(study.coding.thresholds, found.card, codebook, documents["doc_type"])
    return Findings(
        study=study.model_copy(update={"notes": (*study.notes, *lacking_notes(found.card), *limits)}),
        codebook=codebook,
        actor_names={actor: known.name(actor) for actor in sorted(named)},
        documents=documents,
        passages=found.passages,
        probabilities=found.probabilities,
        codings=found.codings,
        labelled=labelled,
        profiles=PROFILES.read(folder.path),
        gaps=GAPS.read(folder.path),
        gap_parts=GAP_PARTS.read(folder.path),
        sensitivity=GAP_SENSITIVITY.read(folder.path),
        trends=TRENDS.read(folder.path) if study.profiles.window else None,
        changes=CHANGES.read(folder.path) if study.profiles.window else None,
        dropped=DROPPED.read(folder.path),
        model_card=dict(found.card),
        record=record,
        explanations=EXPLANATIONS.read(folder.path) if study.coding.explain else None,
        corpora=tuple(read_yaml(file) for file in descriptions(study)),
    )


def codebook_of(card: Mapping[str, Any], study: Study) -> Codebook:
    """The codebook that the study's model has learnt."""
    return codebook_from(card["codebook"], where=str(model_path(study)))


def lacking_notes(card: Mapping[str, Any]) -> list[str]:
    """Say which roles the model cannot give."""
    if not without(card):
        return []
    return [
        f"Roles that the model was trained without, since too few passages were labelled with them: "
        f"{without(card)}; that they are in no table means nothing."
    ]


def threshold_notes(
    asked: Thresholds, card: Mapping[str, Any], codebook: Codebook, genres: Iterable[str | None]
) -> list[str]:
    """Say what thresholds are for, where not for F1, what they reach, and which roles cannot be given at them.

    Args:
        asked: Of the thresholds.
        card: ``error_rates`` at them, and roles that are ``never`` given.
        codebook: Of the model.
        genres: Kinds of text that are coded, in any order.
    """
    if asked == "f1":
        return []
    measure, wanted = asked.measure
    rates, kinds = card["error_rates"], sorted({genre for genre in genres if genre})
    subsets = {"in all passages": "all", "in those drawn at random": "random"}
    subsets |= {f"in the genre {kind}": f"genre:{kind}" for kind in kinds}
    reached = [f"{_reached(measure, rates[name])} {where}" for where, name in subsets.items() if name in rates]
    what = "right of those given" if measure == "precision" else "found of those labelled"
    said = (
        f"Thresholds: for a {measure} of {wanted:g} in held-out labelled passages, role by role. All roles together, "
        f"{what} there: {'; '.join(reached)}."
    )
    if few := [kind for kind in kinds if f"genre:{kind}" not in rates]:
        said += f" Of the genre {', '.join(few)} too few are labelled to tell."
    never = [codebook.names[code] for code in card.get("never", ())]
    if never:
        said += f" Not reached there, so never given here: {', '.join(never)}; that they are absent means nothing."
    return [said]


def _reached(measure: Literal["precision", "recall"], counts: Mapping[str, Mapping[str, Any]]) -> str:
    """What is right of the roles given in a subset, or found of those labelled: "94 of 121 (78 %)"."""
    right, given, labelled = over_roles(counts)
    whole, what = (given, "given") if measure == "precision" else (labelled, "labelled")
    return f"{right:,} of {whole:,} ({100 * right / whole:.0f} %)" if whole else f"none {what}"


def actors_path(study: Study) -> Path:
    """The study's table of actors, or the shipped one."""
    return study.actors or shipped("corpora/actors.csv")


def model_record(study: Study) -> dict[str, Any]:
    """What the study's model says of itself; its error rates, and roles never given, are of the study's thresholds."""
    folder, asked = model_path(study), study.coding.thresholds
    card: dict[str, Any] = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    if asked == "f1":
        return card
    bundle = load_bundle(folder).with_thresholds(*asked.measure)
    return card | {"error_rates": bundle.error_rates, "never": bundle.never}


def learnt_from(study: Study, labels: Mapping[str, Label]) -> tuple[int, int]:
    """How many hand labels the study's model was taught on, and how many passages of others it knows by other labels.

    It keeps those that carry a role.  A draw tells how far predictions err that were fixed before it, whatever they
    were learnt from; those that were learnt from its labels fit them better than the rest of the corpus.
    """
    kept = load_bundle(model_path(study)).labelled if labels else None
    if kept is None:
        return 0, 0
    same = kept.the_same(labels.values())
    return same, kept.among([row.text for row in labels.values()]) - same


def model_path(study: Study) -> Path:
    """The study's model, or the shipped one."""
    return study.coding.model or shipped("models/holsti-17")


def descriptions(study: Study) -> list[Path]:
    """The files corpus.yaml of the study's corpora."""
    files = [corpus.path / NAME if corpus.path.is_dir() else corpus.path for corpus in study.corpora]
    return [file for file in files if file.suffix.lower() in (".yaml", ".yml") and file.is_file()]
