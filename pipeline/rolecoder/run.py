"""A whole study: the only file that knows the order of the stages.

read (ingest, turns, segment) -> code (encode, classify, attribute) -> profile -> gap -> report
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rolecoder.actors import Actors, read_actors
from rolecoder.config import Study, resolve_paths
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest, read_file, source_files
from rolecoder.records import Document, Dropped, Turn
from rolecoder.rows import document_row, dropped_rows, passage_row, turn_row
from rolecoder.runfolder import RunFolder, file_digest
from rolecoder.segment import cut
from rolecoder.speakers import Speakers, read_speakers
from rolecoder.tables import DOCUMENTS, DROPPED, PASSAGES, TURNS, Table
from rolecoder.turns import read_turns

if TYPE_CHECKING:
    pass

Stage = Literal["read", "code", "profile", "gap", "report"]
STAGES: tuple[Stage, ...] = ("read", "code", "profile", "gap", "report")
Advance = Callable[[int, int | None], None]
Progress = Callable[[str, str], AbstractContextManager[Advance]]


READING = (DOCUMENTS, TURNS, PASSAGES)
Rows = dict[str, list[dict[str, object]]]
T = TypeVar("T")


@contextmanager
def silent(what: str, unit: str) -> Iterator[Advance]:
    """Show no progress."""
    yield lambda done, total: None


def run_study(study: Study, *, until: Stage = "report", progress: Progress = silent) -> RunFolder:
    """Do the stages of a study up to one of them, each only where something it rests on changed.

    Args:
        study: With absolute paths, as ``read_study`` gives it.
        until: The last stage to do.
        progress: Given what is done and in which unit, shows how far it is.

    Raises:
        RolecoderError: Nothing could be read, a path or setting is wrong, the model does not fit.
    """
    folder = RunFolder(path=study.out)
    folder.write_study(study)
    work = {"read": read, "code": code, "profile": profile, "gap": gap, "report": report}
    for stage in STAGES[: STAGES.index(until) + 1]:
        work[stage](study, folder, progress)
    return folder


def study_of(paths: Sequence[Path], out: Path, model: Path | None = None) -> Study:
    """A study of some files with every setting at its default, for the commands that take paths.

    A run folder that was there before keeps the settings it was made with.
    """
    corpora = [{"path": path.absolute()} for path in paths]
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", out.absolute().name).strip("-") or "run"
    return resolve_paths(
        Study.model_validate(
            {"study": name, "corpora": corpora, "out": out.absolute(), "coding": {"model": model and model.absolute()}}
        ),
        out,
    )


def read_one(path: Path, actors: Path, speakers: Path | None) -> list[tuple[Document, list[Turn], list[Dropped]]]:
    """Read one file and find who speaks where in each of its documents."""
    known = read_actors(actors)
    table = read_speakers(speakers, known)
    documents = read_file(path)
    return [(document, *read_turns(document, known, table.of(document.document_id))) for document in documents]


def read(study: Study, folder: RunFolder, progress: Progress) -> None:
    """Texts -> documents, turns and passages."""
    inputs = {
        "corpora": [corpus.model_dump(mode="json") for corpus in study.corpora],
        "files": {str(file): file_digest(file) for file in source_files(study.corpora)},
        "reading": study.reading.model_dump(mode="json"),
        "actors": file_digest(actors_path(study)),
        "speakers": file_digest(study.reading.speakers) if study.reading.speakers else None,
    }
    folder.do("read", inputs, lambda: _read(study, folder.path, progress))


def _read(study: Study, folder: Path, progress: Progress) -> tuple[list[Path], dict[str, int]]:
    known = read_actors(actors_path(study))
    speakers = read_speakers(study.reading.speakers, known)
    dropped: list[Dropped] = []
    counts = Counter[str]()
    with contextlib.ExitStack() as files:
        add = {table.name: files.enter_context(table.writing(folder)) for table in READING}
        advance = files.enter_context(progress("reading", "files"))
        for block in blocks(ingest(study.corpora, ocr=study.reading.ocr, progress=advance), 256):
            rows: Rows = {table.name: [] for table in READING}
            for found in block:
                dropped += [found] if isinstance(found, Dropped) else _cut(found, study, known, speakers, rows)
            for table in READING:
                add[table.name](table.frame(rows[table.name]))
                counts[table.name] += len(rows[table.name])
            counts["words"] += sum(len(str(row["text"]).split()) for row in rows[DOCUMENTS.name])
            counts["words in passages"] += sum(int(str(row["words"])) for row in rows[PASSAGES.name])
        if not counts["documents"]:
            raise _nothing_read(dropped)
    counts["words left out"] = sum(item.words for item in dropped if item.stage in ("turns", "segment"))
    counts["files and documents not read"] = sum(item.stage == "ingest" for item in dropped)
    if counts["words"] != counts["words in passages"] + counts["words left out"]:
        raise AssertionError(f"words lost between the stages: {counts}")
    return [folder / f"{t.name}.parquet" for t in READING] + [
        DROPPED.write(DROPPED.frame(dropped_rows(dropped)), folder)
    ], dict(counts)


def blocks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Take items together in lists of at most ``size``."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block


def _cut(document: Document, study: Study, known: Actors, speakers: Speakers, rows: Rows) -> list[Dropped]:
    """Add one document, its turns and its passages to the rows; return what of it is not coded."""
    languages = study.reading.languages
    if document.language is not None and document.language not in languages:
        reason = f"its language is {document.language}, and the study codes {', '.join(languages)}"
        return [Dropped(stage="ingest", item=document.document_id, reason=reason, words=len(document.text.split()))]
    turns, no_speech = read_turns(document, known, speakers.of(document.document_id))
    passages, uncut = cut(
        document, turns, no_speech, min_words=study.reading.min_words, max_words=study.reading.max_words
    )
    rows[DOCUMENTS.name].append(document_row(document))
    rows[TURNS.name] += map(turn_row, turns)
    rows[PASSAGES.name] += (passage_row(passage, document) for passage in passages)
    return [*no_speech, *uncut]


def _nothing_read(dropped: Sequence[Dropped]) -> RolecoderError:
    reasons = Counter(item.reason for item in dropped).most_common(3)
    found = "; ".join(f"{reason} ({count} times)" for reason, count in reasons)
    return RolecoderError(
        f"no text could be read: {found or 'there are no files'}",
        expected="at least one readable text",
        mend="check the corpus's path and the study's choice of actors, types and years",
    )
