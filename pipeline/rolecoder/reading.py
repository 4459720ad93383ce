"""Texts -> documents, turns and passages: ingest, turns, segment, document by document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rolecoder.actors import Actors, read_actors
from rolecoder.config import Study
from rolecoder.dialogue.frame import damaged, garbled
from rolecoder.files import write_csv
from rolecoder.ingest import ingest, nothing_read, read_file
from rolecoder.progress import Progress, blocks
from rolecoder.readers.language import FOUND, find_language, in_none_of, language_beside
from rolecoder.records import Document, Dropped, Passage, Turn
from rolecoder.segment import cut
from rolecoder.speakers import Speakers, read_speakers
from rolecoder.tables import DOCUMENTS, DROPPED, PASSAGES, TURNS
from rolecoder.tabular.rows import document_row, dropped_rows, passage_row, turn_row
from rolecoder.turns import read_turns

READING = (DOCUMENTS, TURNS, PASSAGES)
MIXED = 0.25  # of a text's words in a language that the study codes, from which on it is not left out whole
NOISE = 0.3  # share of a passage's words that are no words, from which a scan is not to be read there
INSIDE = ("headed", "raw", "breaks", "pages", "notes")  # columns of documents that documents.csv lacks, as the text
SHOWN = 160  # signs of what was left out, in dropped.csv
Rows = dict[str, list[dict[str, object]]]


def read_run(study: Study, folder: Path, known: Actors, progress: Progress) -> tuple[list[Path], dict[str, int]]:
    """Read the study's texts; returns the files written and the counts."""
    speakers = read_speakers(study.reading.speakers, known)
    dropped: list[Dropped] = []
    counts = Counter[str]()
    with ExitStack() as files:
        add = {table.name: files.enter_context(table.writing(folder)) for table in READING}
        advance = files.enter_context(progress("reading", "files"))
        for block in blocks(ingest(study.corpora, known, ocr=study.reading.ocr, progress=advance), 256):
            rows: Rows = {table.name: [] for table in READING}
            for found in block:
                new, lost = ({}, [found]) if isinstance(found, Dropped) else _cut(found, study, known, speakers)
                dropped += lost
                for name, own in new.items():
                    rows[name] += own
            for table in READING:
                add[table.name](table.frame(rows[table.name]))
                counts[table.name] += len(rows[table.name])
            counts["words"] += sum(len(str(row["text"]).split()) for row in rows[DOCUMENTS.name])
            counts["words in passages"] += sum(int(str(row["words"])) for row in rows[PASSAGES.name])
        if not counts["documents"]:
            raise nothing_read(Counter(item.reason for item in dropped), study.corpora)
    counts["words left out"] = sum(item.words for item in dropped if item.stage in ("turns", "segment"))
    counts["files and documents not read"] = sum(item.stage == "ingest" for item in dropped)
    if counts["words"] != counts["words in passages"] + counts["words left out"]:
        raise AssertionError(f"words lost between the stages: {counts}")
    left = DROPPED.frame(dropped_rows(dropped))
    documents = DOCUMENTS.read(folder, [name for name in DOCUMENTS.columns if name not in INSIDE])
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    begins = [
        "" if item.start is None else " ".join(str(texts[item.item])[item.start : item.end][:SHOWN].split())
        for item in dropped
    ]
    files_written = [folder / f"{t.name}.parquet" for t in READING]
    files_written += [DROPPED.write(left, folder), write_csv(left.assign(begins=begins), folder / "dropped.csv")]
    shown = documents.drop(columns="text")
    return [*files_written, write_csv(shown, folder / "documents.csv")], dict(counts)


def _cut(document: Document, study: Study, known: Actors, speakers: Speakers) -> tuple[Rows, list[Dropped]]:
    """The rows of one document, its turns and its passages, and what of it is not coded."""
    languages = study.reading.languages
    foreign = _foreign(document, languages)
    if foreign:
        words = len(document.text.split())
        return {}, [Dropped(stage="ingest", item=document.document_id, reason=foreign, words=words)]
    turns, no_speech = read_turns(document, known, speakers.of(document.document_id))
    passages, uncut = cut(
        document, turns, no_speech, min_words=study.reading.min_words, max_words=study.reading.max_words
    )
    uncut = [_if_foreign(document, stretch, languages) for stretch in uncut]
    passages, beside = _in_languages(document, passages, languages)
    passages, noise = _legible(document, passages)
    rows = {
        DOCUMENTS.name: [document_row(document)],
        TURNS.name: [turn_row(turn) for turn in turns],
        PASSAGES.name: [passage_row(passage, document) for passage in passages],
    }
    return rows, [*no_speech, *uncut, *beside, *noise]


def _foreign(document: Document, languages: Sequence[str]) -> str | None:
    """Why a document is in no language that the study codes; None for all others."""
    codes = ", ".join(languages)
    if document.language:
        known = document.language in languages or _mixed(document, languages)
        return None if known else f"its language is {document.language}, and the study codes {codes}"
    if not in_none_of(document.text, languages):
        return None
    return f"its language is not known, and hardly any of its words are common in {codes}, which the study codes"


def _mixed(document: Document, languages: Sequence[str]) -> bool:
    """Whether a text found to be in another language holds, beside it, much in one that the study codes."""
    if document.origins.get("language") != FOUND:
        return False
    paragraphs = document.text.split("\n\n")
    coded = sum(len(words.split()) for words in paragraphs if find_language(words) in languages)
    return coded >= MIXED * len(document.text.split())


def _in_languages(
    document: Document, passages: Sequence[Passage], languages: Sequence[str]
) -> tuple[list[Passage], list[Dropped]]:
    """Leave out passages in a language that the study does not code."""
    kept, left = [], []
    for passage in passages:
        other = language_beside(passage.text, languages)
        if other is None:
            kept.append(passage)
        else:
            left.append(_left_out(passage, _not_in(languages, other)))
    return kept, left


def _if_foreign(document: Document, stretch: Dropped, languages: Sequence[str]) -> Dropped:
    """Say of a stretch too short to code that it is in another language: Japanese has no blanks between words."""
    other = language_beside(document.text[stretch.start : stretch.end], languages)
    return replace(stretch, reason=_not_in(languages, other)) if other else stretch


def _not_in(languages: Sequence[str], other: str) -> str:
    return f"not in {' or '.join(languages)}, which the study codes: its words or script are rather {other}"


def _legible(document: Document, passages: Sequence[Passage]) -> tuple[list[Passage], list[Dropped]]:
    """Leave out what a scan's recognition made of pictures, stamps and stains."""
    if not damaged(document.text):
        return list(passages), []
    noise = [garbled(passage.text) > NOISE for passage in passages]
    kept = [passage for passage, bad in zip(passages, noise, strict=True) if not bad]
    reason = f"noise of a scan: more than {NOISE:.0%} of its words are no words"
    return kept, [_left_out(passage, reason) for passage, bad in zip(passages, noise, strict=True) if bad]


def _left_out(passage: Passage, reason: str) -> Dropped:
    words = len(passage.text.split())
    return Dropped(
        stage="segment", item=passage.document_id, reason=reason, words=words, start=passage.start, end=passage.end
    )


def read_one(
    path: Path, actors: Path, speakers: Path | None, *, ocr: str = "auto"
) -> list[tuple[Document, list[Turn], list[Dropped]]]:
    """Read one file and find who speaks where in each of its documents."""
    known = read_actors(actors)
    table = read_speakers(speakers, known)
    documents = read_file(path, known, ocr=ocr)
    return [(document, *read_turns(document, known, table.of(document.document_id))) for document in documents]


def said(turn: Turn, dropped: Sequence[Dropped]) -> str:
    """The words of a turn, less what was left out inside it: a label again, a stage direction."""
    pieces, at = [], turn.start
    for item in sorted((d.start, d.end) for d in dropped if d.start is not None and d.end is not None):
        if turn.start <= item[0] < turn.end:
            pieces.append(turn.text[at - turn.start : item[0] - turn.start].strip())
            at = item[1]
    return "\n\n".join(filter(None, [*pieces, turn.text[at - turn.start :].strip()]))
