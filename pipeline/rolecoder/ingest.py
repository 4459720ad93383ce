"""Stage 1. Files + corpus.yaml -> documents, and what could not be read.

Metadata comes from corpus.yaml or the manifest, then the file's name, then the document's own header;
where each value was found, or why there is none, is kept beside it.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from rolecoder.cleaning import clean
from rolecoder.config import Corpus
from rolecoder.corpus import RECIPE, Source, beside, corpus_sources
from rolecoder.errors import RolecoderError
from rolecoder.language import guess_language
from rolecoder.readers import read_bytes
from rolecoder.readers.header import read_header
from rolecoder.readers.pdf import NoTextLayer
from rolecoder.readers.reading import Reading
from rolecoder.readers.scan import recognise
from rolecoder.records import DATE, DOC_TYPES, Document, Dropped, Participant

STAGE = "ingest"
TEXT_ENDINGS = (".txt", ".text", ".md", ".markdown")
CODES = re.compile(r"[A-Z]{3}|group:.+")
Advance = Callable[[int, int | None], None]


def source_files(corpora: Sequence[Corpus]) -> list[Path]:
    """Every file that a study's texts come from: an archive counts as one."""
    found = {source.path for corpus in corpora for source in corpus_sources(corpus.path) if source.missing is None}
    recipes = {corpus.path / RECIPE if corpus.path.is_dir() else corpus.path for corpus in corpora}
    return sorted(path for path in found | recipes if path.is_file())


def ingest(
    corpora: Sequence[Corpus], *, ocr: str = "auto", progress: Advance | None = None
) -> Iterator[Document | Dropped]:
    """Read the texts of a study, file by file in a stable order.

    Args:
        corpora: Where they are, and which of them.
        ocr: "auto" recognises scans where tesseract is installed; "never" does not.
        progress: Called with the number of files done and of all.

    Yields:
        A document, or what was dropped and why.

    Raises:
        RolecoderError: A corpus does not exist, or its corpus.yaml or manifest is wrong.
    """
    sources = [(corpus, source) for corpus in corpora for source in corpus_sources(corpus.path)]
    ids: dict[str, str] = {}
    with _Archives() as archives:
        for done, (corpus, source) in enumerate(sources, start=1):
            unwanted = _unwanted(corpus, {name: found[0] for name in ("actor", "doc_type", "date") if (found := source.field(name))})
            if source.missing or unwanted:
                yield Dropped(stage=STAGE, item=source.place, reason=source.missing or str(unwanted))
            else:
                yield from _unique(_wanted(corpus, _read(source, archives, ocr)), ids)
            if progress is not None:
                progress(done, len(sources))


def read_file(path: Path, *, ocr: str = "auto") -> list[Document]:
    """Read the documents of one file, with what a corpus.yaml or manifest beside it says of them.

    Raises:
        RolecoderError: It cannot be read.
    """
    with _Archives() as archives:
        found = list(_read(beside(path), archives, ocr))
    for item in found:
        if isinstance(item, Dropped):
            raise RolecoderError(item.reason, where=item.item)
    return [item for item in found if isinstance(item, Document)]


class _Archives:
    """Zip archives, opened once each."""

    def __init__(self) -> None:
        self._open: dict[Path, zipfile.ZipFile] = {}

    def __enter__(self) -> _Archives:
        return self

    def __exit__(self, *_: object) -> None:
        for archive in self._open.values():
            archive.close()

    def read(self, source: Source) -> bytes:
        if source.member is None:
            return source.path.read_bytes()
        if source.path not in self._open:
            self._open[source.path] = zipfile.ZipFile(source.path)
        return self._open[source.path].read(source.member)


def _read(source: Source, archives: _Archives, ocr: str) -> Iterator[Document | Dropped]:
    try:
        content = archives.read(source)
        if source.checksum and hashlib.sha256(content).hexdigest() != source.checksum:
            raise RolecoderError("its checksum is not the one in corpus.yaml", mend="fetch it anew, or correct the checksum")
        readings = _readings(source, content, ocr)
    except RolecoderError as error:
        yield Dropped(stage=STAGE, item=source.place, reason=" ".join(str(error).split()))
        return
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        yield Dropped(stage=STAGE, item=source.place, reason=f"cannot be read ({error})")
        return
    digest = hashlib.sha256(content).hexdigest()
    for reading in readings:
        try:
            yield _document(source, reading, digest)
        except RolecoderError as error:
            yield Dropped(stage=STAGE, item=source.place, reason=" ".join(str(error).split()))


def _readings(source: Source, content: bytes, ocr: str) -> Sequence[Reading]:
    if source.member is None and source.name.lower().endswith(TEXT_ENDINGS):
        content = content.replace(b"\r\n", b"\n")
    try:
        return read_bytes(source.name, content)
    except NoTextLayer:
        return [recognise(content, ocr)]


def _document(source: Source, reading: Reading, digest: str) -> Document:
    stem = PurePosixPath(source.name).stem
    suffix = reading.found.get("suffix")
    doc_type = _first(source, reading, "doc_type")
    header = read_header(reading.raw[reading.start :], doc_type[0] if doc_type else None)
    values, origins = _metadata(source, reading, header)
    cleaned = clean(reading.raw, doc_type=values["doc_type"], start=reading.start)
    if not cleaned.text.strip():
        raise RolecoderError("nothing is left of it but page furniture")
    values.setdefault("document_id", stem)
    identity = str(values.pop("document_id") or stem) + (f"-{suffix}" if suffix else "")
    language = values.pop("language") or guess_language(cleaned.text)
    origins["language"] = origins["language"] if origins.get("language", "not").split()[0] != "not" else "counted from its words"
    document = Document(
        document_id=identity,
        text=cleaned.text,
        raw=reading.raw,
        breaks=cleaned.breaks,
        mended=cleaned.mended,
        path=source.place,
        sha256=digest,
        language=language,
        origins=origins,
        notes=reading.notes,
        **values,
    )
    pages = tuple((_text_offset(document, at), label) for at, label in reading.pages)
    return document if not pages else _with_pages(document, pages)


def _metadata(source: Source, reading: Reading, header: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each field by weight: corpus.yaml or manifest, file name, document, header; else missing, with the reason."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in ("document_id", "title", "date", "place", "doc_type", "actor", "speakers", "citation", "language"):
        found = _first(source, reading, name)
        if found is None and header.get(name):
            found = header[name], "header of the text"
        if found is None and source.defaults.get(name):
            found = source.defaults[name], "the corpus's default"
        values[name], origins[name] = found or (None, "not in manifest, file name or header")
    _check(values, origins)
    if values["doc_type"] is None:
        values["doc_type"], origins["doc_type"] = "other", "not told: taken as other"
    values["participants"] = _participants(values.pop("speakers"), values["actor"])
    origins["participants"] = origins.pop("speakers")
    return values, origins


def _check(values: dict[str, Any], origins: dict[str, str]) -> None:
    """Turn values that cannot be used into missing ones, with the reason."""
    for name in ("title", "date", "place", "actor", "citation", "doc_type"):
        values[name] = " ".join(str(values[name]).split()) or None if values[name] is not None else None
    if values["date"] is not None and not DATE.fullmatch(values["date"]):
        origins["date"] = f"{origins['date']} has {values['date']!r}, which is not YYYY, YYYY-MM or YYYY-MM-DD"
        values["date"] = None
    if values["doc_type"] is not None and values["doc_type"] not in DOC_TYPES:
        raise RolecoderError(f"doc_type {values['doc_type']!r} in {origins['doc_type']}", expected="one of " + ", ".join(DOC_TYPES))
    if values["actor"] is not None and not CODES.fullmatch(values["actor"]):
        origins["actor"] = f"{origins['actor']} has {values['actor']!r}, which is not an actor id"
        values["actor"] = None


def _participants(value: Any, actor: str | None) -> tuple[Participant, ...]:
    rows = value if isinstance(value, list) else [name for name in str(value or "").split(";") if name.strip()]
    found = []
    for number, row in enumerate(rows):
        fields = row if isinstance(row, Mapping) else {"name": str(row).strip()}
        own = fields.get("actor") or (actor if number == 0 and not isinstance(row, Mapping) else None)
        found.append(Participant(name=str(fields.get("name", "")).strip(), actor=own or None, title=fields.get("title") or None))
    return tuple(item for item in found if item.name)


def _first(source: Source, reading: Reading, name: str) -> tuple[Any, str] | None:
    found = source.field(name)
    if found is None and reading.found.get(name) not in (None, ""):
        found = reading.found[name], reading.where
    return found


def _unwanted(corpus: Corpus, known: Mapping[str, Any]) -> str | None:
    """Say why the study does not want a text, as far as is known of it."""
    if corpus.actors and "actor" in known and known["actor"] not in corpus.actors:
        return f"not selected by the study: of {known['actor']}"
    if corpus.doc_types and "doc_type" in known and known["doc_type"] not in corpus.doc_types:
        return f"not selected by the study: a {known['doc_type']}"
    year = str(known.get("date") or "")[:4]
    if year.isdigit() and ((corpus.since and int(year) < corpus.since) or (corpus.until and int(year) > corpus.until)):
        return f"not selected by the study: of {year}"
    return None


def _wanted(corpus: Corpus, found: Iterator[Document | Dropped]) -> Iterator[Document | Dropped]:
    for item in found:
        known = {} if isinstance(item, Dropped) else {"actor": item.actor, "doc_type": item.doc_type, "date": item.date}
        reason = _unwanted(corpus, known) if known else None
        yield Dropped(stage=STAGE, item=item.path, reason=reason) if reason and isinstance(item, Document) else item


def _unique(found: Iterator[Document | Dropped], ids: dict[str, str]) -> Iterator[Document | Dropped]:
    """Drop a text that was read already under the same id; give another text of that id the name of its folder."""
    for item in found:
        if isinstance(item, Document) and item.document_id in ids:
            if ids[item.document_id] == item.sha256:
                yield Dropped(stage=STAGE, item=item.path, reason=f"the same text as the document {item.document_id}", words=0)
                continue
            name = f"{PurePosixPath(item.path.replace('!', '/')).parent.name}/{PurePosixPath(item.path).name}"
            item = _renamed(item, name)
            if item.document_id in ids:
                yield Dropped(stage=STAGE, item=item.path, reason=f"a second document with the id {item.document_id}")
                continue
        if isinstance(item, Document):
            ids[item.document_id] = item.sha256
        yield item


def _renamed(document: Document, name: str) -> Document:
    from dataclasses import replace

    return replace(document, document_id=name)


def _with_pages(document: Document, pages: tuple[tuple[int, str], ...]) -> Document:
    from dataclasses import replace

    return replace(document, pages=pages)


def _text_offset(document: Document, raw_offset: int) -> int:
    """Where in the text the words begin that stand at or after an offset of the raw text."""
    best = 0
    for text_at, raw_at in document.breaks:
        if raw_at > raw_offset:
            break
        best = text_at + raw_offset - raw_at
    following = [text_at for text_at, raw_at in document.breaks if raw_at >= raw_offset]
    return min([best, *following[:1]]) if following else min(best, len(document.text))
