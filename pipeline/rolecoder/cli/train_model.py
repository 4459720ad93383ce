"""`rolecoder train`: hand labels to a model bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.console import existing, progress, say


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
    seed: Annotated[int, typer.Option(help="Seed of the folds and the resampling.")] = 0,
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
    say(f"{len(found):,} labels from {len(set(found.documents)):,} documents")
    with VectorStore() as store:
        opened = open_encoder(encoder, checksum=store.checksum)
        note = EncoderNote(identity=opened.identity, dim=opened.dim)
        with progress("encoding", "texts") as advance:
            encode_texts(found.texts, opened, store, progress=advance)
        with progress("training", "fits") as advance:
            bundle = train(
                found,
                note,
                lambda texts: encode_texts(texts, opened, store),
                TrainSettings(seed=seed, drop_rare=drop_rare),
                name=out.name,
                coded_by=coded_by,
                progress=advance,
            )
    for warning in bundle.training["warnings"]:
        say(f"warning: {warning}")
    card = model_card(bundle)
    save_bundle(bundle, out, card)
    typer.echo(card)
    say(f"The model is in {out}; its card is {out / 'README.md'}")
