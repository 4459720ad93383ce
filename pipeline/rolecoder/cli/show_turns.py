"""`rolecoder turns`: who speaks where in one document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.console import Ocr, SpeakersFile, existing, say


def turns_cli(
    file: Annotated[Path, typer.Argument(help="One document, in any format that `ingest` reads.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a turn, one a line.")] = False,
    speakers: SpeakersFile = None,
    ocr: Ocr = None,
    actors: Annotated[Path | None, typer.Option(help="Table of actors, in place of the shipped one.")] = None,
) -> None:
    """Show who speaks where in one document, and for which state.

    With --json each turn has `document`, `speaker`, `actor`, `start`, `end`, `text`, `reason` (why the actor is that,
    or is not known) and `reported` (told by another, as in minutes). Start and end count the characters of the file's
    own text, so that the place can be found again; `text` is cleaned: lines re-joined, page furniture, labels inside
    and stage directions taken out.

    \b
    Example:  rolecoder turns corpora/gulf-war-1990/documents/1990-08-13-bush-kaifu-telcon.md
    """
    from rolecoder.config import shipped
    from rolecoder.reading import read_one, said

    read = read_one(existing(file), actors or shipped("corpora/actors.csv"), speakers, ocr=ocr or "auto")
    for document, turns, dropped in read:
        for turn in turns:
            start, end = document.raw_span(turn.start, turn.end)
            text = said(turn, dropped)
            if as_json:
                row = {"document": document.document_id, "speaker": turn.speaker, "actor": turn.actor}
                where = {"start": start, "end": end, "text": text}
                how = {"reason": turn.reason, "reported": turn.reported}
                typer.echo(json.dumps({**row, **where, **how}, ensure_ascii=False))
            else:
                typer.echo(f"{turn.speaker or 'unattributed'} [{turn.actor or turn.reason}] {start}-{end}")
                typer.echo(f"    {text[:100]}{'...' if len(text) > 100 else ''}")
        words = sum(item.words for item in dropped)
        say(
            f"{document.document_id}: read as {document.doc_type} ({document.origins['doc_type']}); "
            f"{len(turns)} turns; {words} words are no one's speech (headings, labels, notes)"
        )
