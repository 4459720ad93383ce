"""`rolecoder train`: hand labels to a model bundle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.console import (
    ActorsFile,
    existing,
    progress,
    say,
    say_cut,
    say_empty,
    say_strange,
    say_strange_kinds,
    say_unchecked,
    say_unread,
    say_waiting,
)
from rolecoder.errors import RolecoderError, numbered


def train_cli(
    labels: Annotated[list[Path], typer.Argument(help="JSONL, CSV or XLSX with id, text and roles.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the model, for example models/mine.")],
    coded_by: Annotated[
        str, typer.Option(help="Who coded the labels, and how; stands in the model card.")
    ] = "Not stated.",
    agreement: Annotated[
        str, typer.Option(help="How far coders agreed, as `rolecoder agree` says; stands in the card and in reports.")
    ] = "",
    codebook: Annotated[Path | None, typer.Option(help="Codebook, in place of the shipped one.")] = None,
    actors: ActorsFile = None,
    encoder: Annotated[str | None, typer.Option(help="Folder or name of another sentence encoder.")] = None,
    root: Annotated[Path | None, typer.Option(help="Folder of the documents, for labels that give offsets.")] = None,
    drop_rare: Annotated[
        bool, typer.Option("--drop-rare", help="Leave out roles labelled in fewer than five documents.")
    ] = False,
    fine_tune: Annotated[
        bool,
        typer.Option("--fine-tune", help="Teach the encoder itself too: better, and an hour rather than a minute."),
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the folds, the fine-tuning and the resampling.", min=0)] = 0,
) -> None:
    """Train a model on hand labels, and score it on documents it has not seen.

    Rows need `id`, `text` and `roles` (separated by ;, empty for none); with --root, `path`, `start` and `end` (and
    `checksum`) may stand in place of `text`. `doc_id`, or else that `path`, keeps passages of one document together.
    `holder`, `aspect`, `source`, `addressee`, `before`, `after`, `doc_type`, `date`, `stratum` and `weight` are used
    where they are there. Rows with a role in `undecided` are left out, and those with a `sampling_probability` and
    empty `roles`, not coded yet. `weight` says how much a row counts in what is learnt (regressions, encoder, second
    reading, second opinion); calibration, thresholds, scores and error rates count every row once.

    Labels that the model contradicts most are listed in `doubtful.csv` beside it, to be looked at again.

    A model in the folder is replaced when the new one is there; a folder with other files of the names of a model's
    is refused. A training with --fine-tune that was stopped goes on
    where it stopped.

    \b
    Example:  rolecoder train mine/labels.csv --out models/mine --coded-by "Two coders" --agreement "alpha .81"
    """
    from rolecoder.actors import read_actors
    from rolecoder.annotations import NAMING, read_labels, with_ids
    from rolecoder.bundle import PARTS, EncoderNote
    from rolecoder.codebook import read_codebook
    from rolecoder.config import shipped
    from rolecoder.encode import encode_texts, open_encoder
    from rolecoder.learning.card import model_card
    from rolecoder.learning.doubts import check_labels
    from rolecoder.learning.finetune import TuneSettings
    from rolecoder.learning.fit import TrainSettings
    from rolecoder.learning.teach import SecondReading, put_in_place, start_from, teacher, tuned_folds
    from rolecoder.model.bundlecheck import NEW, check_room, finish_move
    from rolecoder.model.labelled import DOUBTFUL
    from rolecoder.model.pointer import LAYERS, PointerSettings
    from rolecoder.model.vectors import VectorStore
    from rolecoder.tabular.sheets import read_rows
    from rolecoder.train import train

    finish_move(out)
    check_room(out, (*PARTS, *(("encoder", LAYERS) if fine_tune else ())))
    book = read_codebook(codebook or shipped("labels/codebook.yaml"))
    known = read_actors(actors or shipped("corpora/actors.csv"))
    found = with_ids(read_labels([existing(path) for path in labels], book, root=root), known)
    settings = TrainSettings(seed=seed, drop_rare=drop_rare)
    if fine_tune:
        settings = replace(settings, folds=tuned_folds(len(found)))
    say(f"{len(found):,} labels from {len(set(found.documents)):,} documents")
    say_waiting(found)
    say_unchecked(found)
    say_unread(labels)
    for path in labels:
        say_empty(path, read_rows(path))
    for naming in NAMING:
        say_strange(labels, found, known, naming)
    say_strange_kinds(found)
    warnings = check_labels(found, settings)[1]  # before anything that takes long
    _say_warnings(warnings)
    with VectorStore() as store:
        opened = open_encoder(encoder, checksum=store.checksum)
        if opened.folder.resolve().is_relative_to(out.resolve()):
            raise RolecoderError(
                "the encoder lies in the folder of the model, whose files are replaced",
                where=str(opened.folder),
                mend="name another folder: --out",
            )
        tuning = TuneSettings(seed=seed)
        most = tuning.max_tokens if fine_tune else opened.max_length
        say_cut(int(opened.truncated(found.texts, most).sum()), most)
        note = EncoderNote(identity=opened.identity, dim=opened.dim)
        if not fine_tune:
            with progress("encoding", "texts") as advance:
                encode_texts(found.texts, opened, store, progress=advance)
        with progress("training", "fits") as advance:
            bundle = train(
                found,
                note,
                lambda texts: encode_texts(texts, opened, store),
                settings,
                name=out.resolve().name,
                actors=known,
                coded_by=coded_by,
                agreement=agreement,
                progress=advance,
                tune=teacher(start_from(opened), out / NEW, tuning, progress) if fine_tune else None,
                point=SecondReading(out / NEW, PointerSettings(seed=seed), known, say) if fine_tune else None,
            )
    _say_warnings(warning for warning in bundle.training["warnings"] if warning not in warnings)
    card = model_card(bundle)
    put_in_place(bundle, out, card)
    typer.echo(card)
    if bundle.doubtful:
        listed = numbered(len(bundle.doubtful), "label")
        say(f"{listed} that the model contradicts, to be looked at again: {out / DOUBTFUL}")
    say(f"The model is in {out}; its card is {out / 'README.md'}")


def _say_warnings(warnings: Iterable[str]) -> None:
    for warning in warnings:
        say(f"warning: {warning}")
