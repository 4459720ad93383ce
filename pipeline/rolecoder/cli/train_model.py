"""`rolecoder train`: hand labels to a model bundle."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.console import existing, progress, say, say_waiting
from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from rolecoder.actors import Actors
    from rolecoder.annotations import Labels
    from rolecoder.bundle import EncoderNote
    from rolecoder.encode import SentenceEncoder
    from rolecoder.finetune import Tuned
    from rolecoder.layers import Start
    from rolecoder.pointer import PointerHead, PointerSettings
    from rolecoder.train import Point, Tune

NEW = ".new"  # folder of what is not yet part of the model
TUNED_FOLDS = 3  # an encoder is taught for each, and an hour must be enough
ADAPTED = "models/leaders-minilm/layers.safetensors"  # learnt from leaders' statements without labels


def train_cli(
    labels: Annotated[list[Path], typer.Argument(help="JSONL, CSV or XLSX with id, text and roles.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the model, for example models/mine.")],
    coded_by: Annotated[
        str, typer.Option(help="Who coded the labels, and how; stands in the model card.")
    ] = "Not stated.",
    codebook: Annotated[Path | None, typer.Option(help="Codebook, in place of the shipped one.")] = None,
    encoder: Annotated[str | None, typer.Option(help="Folder or name of another sentence encoder.")] = None,
    root: Annotated[Path | None, typer.Option(help="Folder of the documents, for labels that give offsets.")] = None,
    drop_rare: Annotated[
        bool, typer.Option("--drop-rare", help="Leave out roles labelled in fewer than five documents.")
    ] = False,
    fine_tune: Annotated[
        bool,
        typer.Option("--fine-tune", help="Teach the encoder itself too: better, and an hour rather than a minute."),
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the folds, the fine-tuning and the resampling.")] = 0,
) -> None:
    """Train a model on hand labels, and score it on documents it has not seen.

    Rows need `id`, `text` and `roles` (separated by ;, empty for none); `doc_id` keeps passages of
    one document together; `before`, `after`, `source`, `date`, `stratum` and `weight` are used where
    they are there.

    \b
    Example:  rolecoder train mine/labels.csv --out models/mine --coded-by "Two coders, alpha .81"
    """
    from rolecoder.annotations import read_labels
    from rolecoder.bundle import EncoderNote, save_bundle
    from rolecoder.card import model_card
    from rolecoder.codebook import read_codebook
    from rolecoder.config import shipped
    from rolecoder.encode import encode_texts, open_encoder
    from rolecoder.fit import TrainSettings
    from rolecoder.train import train
    from rolecoder.vectors import VectorStore

    book = read_codebook(codebook or shipped("labels/codebook.yaml"))
    found = read_labels([existing(path) for path in labels], book, root=root)
    settings = TrainSettings(seed=seed, drop_rare=drop_rare)
    if fine_tune:
        settings = replace(settings, folds=TUNED_FOLDS)
    say(f"{len(found):,} labels from {len(set(found.documents)):,} documents")
    say_waiting(found)
    with VectorStore() as store:
        opened = open_encoder(encoder, checksum=store.checksum)
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
                name=out.name,
                coded_by=coded_by,
                progress=advance,
                tune=_teacher(_start(opened), out, seed) if fine_tune else None,
                point=_pointing(out, seed) if fine_tune else None,
            )
    _move_encoder(out)
    for warning in bundle.training["warnings"]:
        say(f"warning: {warning}")
    card = model_card(bundle)
    save_bundle(bundle, out, card)
    typer.echo(card)
    say(f"The model is in {out}; its card is {out / 'README.md'}")


def _start(encoder: SentenceEncoder) -> Start:
    """The packaged encoder is taught from what it learnt of leaders' statements; another one as it is."""
    from rolecoder.config import shipped
    from rolecoder.encode import PUBLISHED
    from rolecoder.layers import Start

    if encoder.weights_checksum != PUBLISHED:
        return Start(base=encoder.folder)
    try:
        return Start(base=encoder.folder, layers=shipped(ADAPTED))
    except RolecoderError as cause:
        mend = "set ROLECODER_HOME to the project's folder, or start from another encoder: --encoder FOLDER"
        raise RolecoderError(cause.found, expected=cause.expected, mend=mend) from cause


def _teacher(start: Start, out: Path, seed: int) -> Tune:
    """How an encoder is taught; it is written beside the model's files and put in its place at the end."""
    from rolecoder.bundle import EncoderNote
    from rolecoder.encode import encode_texts, open_encoder
    from rolecoder.finetune import TuneSettings, fine_tune

    def tune(
        labels: Labels, folds: NDArray[np.int64]
    ) -> tuple[EncoderNote, Callable[[Sequence[str]], NDArray[np.float32]], Tuned]:
        folder = out / NEW / "encoder"
        with progress("fine-tuning", "encoders") as advance:
            tuned = fine_tune(
                labels.texts, labels.matrix, folds, start, folder, TuneSettings(seed=seed), progress=advance
            )
        taught = open_encoder(str(folder))
        note = EncoderNote(identity=taught.identity, dim=taught.dim, folder="encoder")
        return note, lambda texts: encode_texts(texts, taught, {}), tuned

    return tune


def _pointing(out: Path, seed: int) -> Point:
    """How the taught encoder learns to point at the holder of a role: in a process of its own."""
    import multiprocessing

    from rolecoder.actors import read_actors
    from rolecoder.config import shipped
    from rolecoder.pointer import PointerSettings

    actors, context = read_actors(shipped("corpora/actors.csv")), multiprocessing.get_context("spawn")
    settings = PointerSettings(seed=seed)

    def point(labels: Labels) -> tuple[PointerSettings, Callable[[], PointerHead | None]]:
        answer, answering = context.Pipe(duplex=False)
        child = context.Process(target=_point, args=(answering, labels, actors, out / NEW, settings), daemon=True)
        child.start()
        answering.close()  # so that the end of the child is the end of the answer

        def wait() -> PointerHead | None:
            if not answer.poll():
                say("\nWaiting for the second reading, which learns to point at the holder: some minutes.")
            try:
                found: PointerHead | RolecoderError | None = answer.recv()
            except EOFError as cause:
                raise RolecoderError(
                    "the second reading ended before it was learnt",
                    expected="a process that nobody stops; most often memory ran out",
                    mend="train again with more memory; the encoders that were taught are kept",
                ) from cause
            if isinstance(found, RolecoderError):
                raise found
            return found

        return settings, wait

    return point


def _point(answering: Connection, labels: Labels, actors: Actors, folder: Path, settings: PointerSettings) -> None:
    """Learn to point at the holder and send what was learnt, or what was wrong."""
    from rolecoder.pointer import LAYERS, learn_pointer

    try:
        answering.send(learn_pointer(labels, actors, folder / "encoder", folder / LAYERS, settings))
    except RolecoderError as cause:
        answering.send(cause)


def _move_encoder(out: Path) -> None:
    """Put a taught encoder where the model has it, and take away that of an older model."""
    from rolecoder.pointer import LAYERS

    shutil.rmtree(out / "encoder", ignore_errors=True)
    (out / LAYERS).unlink(missing_ok=True)
    if (out / NEW).is_dir():
        (out / NEW / "encoder").rename(out / "encoder")
        if (out / NEW / LAYERS).is_file():
            (out / NEW / LAYERS).rename(out / LAYERS)
        shutil.rmtree(out / NEW)
