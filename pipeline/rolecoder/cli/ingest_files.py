"""`rolecoder ingest`: files to documents and passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.console import Languages, Ocr, Out, SpeakersFile, existing, progress, say
from rolecoder.errors import numbered

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.runfolder import RunFolder

MADE = {"code": "codings", "profile": "profiles", "gap": "gaps", "report": "report"}  # what each command leaves


def ingest_cli(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, archives or a corpus.yaml.")],
    out: Out,
    speakers: SpeakersFile = None,
    ocr: Ocr = None,
    languages: Languages = None,
) -> None:
    """Read texts into documents, turns and passages, and say what could not be read.

    Reads plain text, Markdown, HTML, PDF, DOCX, EPUB, TEI XML, and CSV, XLSX, JSON or JSONL with a text
    column.  OUT/documents.csv lists what was read and where each date, actor and type was found;
    OUT/dropped.csv lists what was not, and why.

    \b
    Example:  rolecoder ingest speeches/ memcons.zip --out runs/mine
    """
    from rolecoder.run import reading_of, run_study, study_of

    study = study_of([existing(path) for path in paths], out, reading=reading_of(speakers, ocr, languages))
    folder = run_study(study, until="read", progress=progress)
    report_reading(folder.path)
    say_outdated(folder)
    say(f"\nDocuments in {out / 'documents.csv'}; what was left out, and why, in {out / 'dropped.csv'}")


def say_outdated(folder: RunFolder) -> None:
    """Warn where the folder still holds what was made of earlier passages or codings."""
    old = [stage for stage in MADE if stage in folder.outdated()]
    if old:
        made, again = (", ".join(words) for words in ([MADE[stage] for stage in old], [f"`{stage}`" for stage in old]))
        what = "passages" if "code" in old else "codings"
        say(f"warning: in {folder.path}, {made} rest on earlier {what} until you run these again: {again}")


def report_reading(folder: Path) -> None:
    """Say on stderr what was read, and each reason for which something was left out."""
    from rolecoder import tables

    documents = tables.DOCUMENTS.read(folder, ["doubts", "date"])
    passages, dropped = tables.PASSAGES.read(folder, ["words"]), tables.DROPPED.read(folder)
    words = numbered(int(passages["words"].sum()), "word")
    say(f"{numbered(len(documents), 'document')}, {numbered(len(passages), 'passage')}, {words} to code")
    doubts = _doubts(documents)
    for doubt, where in list(doubts.items())[:10]:
        say(f"  {where[0]}{f' and {len(where) - 1:,} more' if where[1:] else ''}: {doubt}")
    if len(doubts) > 10:
        say(f"  and {len(doubts) - 10:,} more: see `doubts` in documents.csv")
    if undated := int(documents["date"].isna().sum()):
        say(f"  without a date: {numbered(undated, 'document')}; what they say is in no period")
    if unheard := _unheard(folder):
        say(f"  in the table of speakers, but under no turn: {', '.join(unheard[:10])}{', ...' * (len(unheard) > 10)}")
    unread = dropped[dropped["stage"] == "ingest"]
    for item, reason in list(zip(unread["item"], unread["reason"], strict=True))[:10]:
        say(f"  left out: {item}: {reason}")
    if len(unread) > 10:
        say(f"  and {len(unread) - 10:,} more files or documents: see dropped.csv")
    parts = dropped[dropped["stage"] != "ingest"].groupby("reason")["words"].agg(["size", "sum"])
    for reason, (count, words) in parts.sort_values("sum", ascending=False).iterrows():
        say(f"  not coded: {reason}: {count:,} {'stretch' if count == 1 else 'stretches'}, {numbered(words, 'word')}")


def _doubts(documents: pd.DataFrame) -> dict[str, list[str]]:
    """What was said of documents and not taken over, with the documents of which it was."""
    found: dict[str, list[str]] = {}
    for name, told in zip(documents["document_id"], documents["doubts"], strict=True):
        for doubt in dict.fromkeys(json.loads(told)):
            found.setdefault(doubt, []).append(name)
    return found


def _unheard(folder: Path) -> list[str]:
    """Rows of the researcher's table of speakers that gave no turn its state."""
    from rolecoder import tables
    from rolecoder.actors import read_actors
    from rolecoder.gather import actors_path
    from rolecoder.runfolder import RunFolder
    from rolecoder.speakers import read_speakers, row_of

    study = RunFolder(path=folder).study()
    if study.reading.speakers is None:
        return []
    turns = tables.TURNS.read(folder, ["actor", "reason"])
    turns = turns.assign(row=turns["reason"].map(row_of, na_action="ignore"))
    heard = set(turns[["document_id", "row", "actor"]].dropna().itertuples(index=False, name=None))
    rows = read_speakers(study.reading.speakers, read_actors(actors_path(study))).rows
    return [
        f"{speaker} ({document})" if document else speaker
        for speaker, actor, document in rows
        if not any((name, by) == (speaker, actor) and document in ("", where) for where, name, by in heard)
    ]
