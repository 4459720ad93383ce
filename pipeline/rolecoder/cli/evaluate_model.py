"""`rolecoder evaluate`: how well a model codes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rolecoder.cli.console import (
    ActorsFile,
    OtherEncoder,
    Precision,
    Recall,
    coding_for,
    existing,
    say,
    say_cut,
    say_empty,
    say_lost_dates,
    say_strange,
    say_thresholds,
    say_unread,
    usable,
)
from rolecoder.errors import numbered

if TYPE_CHECKING:
    from rolecoder.actors import Actors
    from rolecoder.annotations import Labels
    from rolecoder.evaluate import Scores
    from rolecoder.evaluate_holders import HolderScores, Told
    from rolecoder.model.labelled import Labelled


def evaluate_cli(
    model: Annotated[Path, typer.Argument(help="Folder of a model bundle.")],
    labels: Annotated[list[Path], typer.Argument(help="JSONL, CSV or XLSX with id, text and roles.")],
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
    root: Annotated[Path | None, typer.Option(help="Folder of the documents, for labels that give offsets.")] = None,
    encoder: OtherEncoder = None,
    actors: ActorsFile = None,
    precision: Precision = None,
    recall: Recall = None,
    resamples: Annotated[int, typer.Option(help="Resamples of documents for the intervals; 0 for none.", min=0)] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.", min=0)] = 0,
) -> None:
    """Score a model against hand labels, role by role, with intervals by resampling documents.

    Every row counts once, so that on passages drawn by `rolecoder plan` the figures are those of that draw, which
    is richer in roles than the corpus. Each is judged by itself: a text may recur with other roles. Empty `roles` mean
    none; in a row with a `sampling_probability`, not coded yet. Rows with a role in `undecided` are left out. Roles
    that the model was trained without (`--drop-rare`) are not scored. Where a study names thresholds for a precision
    or a recall, name them here too: else those for F1 count.

    Of rows that have a role, `holder`, `aspect` and `source`, holder and aspect are scored too, given the roles by
    hand; `addressee`, `before`, `after`, `doc_type` and `date` are read for that where they are there.

    \b
    Example:  rolecoder evaluate models/holsti-17 mine/labels.csv
    """
    from rolecoder.annotations import read_labels
    from rolecoder.classify import PassageTexts, classify
    from rolecoder.coding import open_model
    from rolecoder.evaluate import evaluate
    from rolecoder.evaluate_holders import judge_holders
    from rolecoder.tabular.sheets import read_rows

    choices = coding_for(encoder, precision, recall)
    with open_model(existing(model), choices) as opened:
        files, book = [existing(path) for path in labels], opened.bundle.full_codebook
        given = read_labels(files, book, root=root, of_a_run=True)  # each row is judged by itself
        say_unread(labels)
        rows = {path: read_rows(path) for path in labels}
        for path, own in rows.items():
            say_empty(path, own)
        found = usable(_without_left_out(given, opened.bundle.roles))
        texts = PassageTexts(
            text=found.texts, before=[row.before for row in found.rows], after=[row.after for row in found.rows]
        )
        coded = classify(texts, opened.bundle, opened.vectors)
        roles = opened.bundle.roles
        say_cut(int(opened.encoder.truncated(found.texts).sum()))
        say_thresholds(choices, opened.bundle, [row.doc_type for row in found.rows])
        provenance = opened.bundle.labels["coded_by"]
        taught_on = opened.bundle.labelled
        told, known = _told(rows, found, actors)
        draws = {"resamples": resamples, "seed": seed}
        read, limit = opened.second_reading, choices.min_confidence
        holders = judge_holders(told, known, read, min_confidence=limit, **draws) if told and known else None
    scores = evaluate(
        found.matrix, coded.probabilities, coded.decided, found.documents, roles, resamples=resamples, seed=seed
    )
    if as_json:
        typer.echo(json.dumps(scores.as_json() | ({"holders": holders.as_json()} if holders else {}), indent=1))
    else:
        typer.echo("\n\n".join([score_table(scores), *([holder_table(holders)] if holders else [])]))
    say(f"The model's own labels: {provenance}")
    _warn_of_taught(found, taught_on)


def _without_left_out(labels: Labels, roles: Sequence[str]) -> Labels:
    """Labels under the roles of the model; those that it was trained without are said and not scored."""
    left = [code for code in labels.codebook.codes if code not in roles]
    carry = [set(row.roles).intersection(left) for row in labels.rows]
    if any(carry):
        say(
            f"{numbered(sum(map(bool, carry)), 'passage')} labelled with roles that this model was trained without "
            f"({', '.join(sorted(set().union(*carry)))}): these roles are not scored, and a passage with no other "
            "counts as one without a role"
        )
    return labels.without(left)


def _told(
    rows: Mapping[Path, Sequence[Mapping[str, Any]]], labels: Labels, table: Path | None
) -> tuple[list[Told], Actors | None]:
    """The passages on which holder and aspect can be judged, and the actors; what leads to no actor is said.

    Args:
        rows: Of each file, as they stand there.
        labels: That they were read into.
        table: Of actors, in place of the shipped one.
    """
    from rolecoder.actors import read_actors
    from rolecoder.annotations import NAMING, with_ids
    from rolecoder.config import shipped
    from rolecoder.evaluate_holders import told_rows

    if not any(row.roles and row.holder and row.aspect and row.source for row in labels.rows):
        return [], None
    actors = read_actors(table or shipped("corpora/actors.csv"))
    named = with_ids(labels, actors)
    for naming in NAMING:
        say_strange([*rows], named, actors, naming)
    for path, own in rows.items():
        say_lost_dates(path, labels, own)
    return told_rows(named, actors), actors


def _warn_of_taught(found: Labels, taught_on: Labelled | None) -> None:
    """Scores on what a model has learnt from are no scores; a model keeps the places of those that carry a role."""
    if taught_on is None:
        return
    documents = {passage.document for passage in taught_on.passages}
    same = taught_on.among(found.texts)
    beside = sum(row.document_id is not None and row.document_id in documents for row in found.rows)
    if same:
        say(
            f"warning: this model has learnt from at least {same:,} of these passages; it scores better on them than "
            "on others"
        )
    elif beside:
        say(f"warning: this model has learnt from other passages of the documents of {beside:,} of these passages")


def score_table(scores: Scores) -> str:
    """Write scores as aligned text."""
    from rolecoder.evaluate import ECE

    drawn = f"{scores.level:.0%} intervals by {scores.resamples:,} resamples of documents"
    lines = [
        f"{scores.n:,} passages, {scores.n_documents:,} documents; {drawn if scores.resamples else 'no intervals'}",
        "",
        f"macro-F1 (roles with at least 8 passages)  {scores.macro_f1.printed()}",
        f"macro-F1 (all roles)                       {scores.macro_f1_all.printed()}",
        f"micro-F1                                   {scores.micro_f1.printed()}",
        f"any role or none, F1                       {scores.any_f1.printed()}",
        f"expected calibration error, mean           {scores.ece.printed(3)}",
        "",
        f"{'role':34}{'n':>5}  {'precision':18}{'recall':18}{'F1':18}{'average precision':18}  ECE",
    ]
    for role in scores.roles:
        figures = (role.precision, role.recall, role.f1, role.average_precision)
        shown = "".join(f"{figure.printed():18}" for figure in figures)
        lines.append(f"{role.role:34}{role.n:5}  {shown}  {role.ece.printed(3)}")
    lines += ["", f"ECE, {ECE}."]
    return "\n".join(lines)


def holder_table(scores: HolderScores) -> str:
    """Write scores of holder and aspect as aligned text."""
    others = f"holder right, where it is not the source ({numbered(scores.n_others, 'passage')})"
    limit = f"as in a study, where less than {scores.min_confidence:g} sure is unknown (min_confidence):"
    lines = (
        ("holder right", scores.holder),
        (others, scores.holder_of_others),
        ("aspect, macro-F1 over those that occur", scores.aspect_macro_f1),
        (limit, None),
        ("  holder unknown", scores.holder_unknown),
        ("  holder right, of those known", scores.holder_known),
        ("  aspect unknown", scores.aspect_unknown),
        ("  aspect right, of those known", scores.aspect_known),
    )
    width = max(len(what) for what, figure in lines if figure) + 2
    rest = f"{numbered(scores.n, 'passage')} of {numbered(scores.n_documents, 'document')}"
    return "\n".join(
        [
            f"holder and aspect, given the roles by hand: {rest} (labelled with role, holder, aspect and source)",
            "",
            *(f"{what:{width}}{figure.printed()}" if figure else what for what, figure in lines),
        ]
    )
