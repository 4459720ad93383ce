"""Stage 1. Files and corpus.yaml -> documents, and what could not be read.

What is known of a document is taken, in this order, from corpus.yaml and manifests, from the parts of the file's
name that corpus.yaml tells of, from the document itself, from a day in the file's name, and from the corpus's
defaults; ``Document.origins`` says which.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rolecoder.actors import Actors
from rolecoder.config import Corpus
from rolecoder.corpora.checked import LEFT_EMPTY, checked, contradicted, other_dates, overruled, with_ids
from rolecoder.corpora.corpus import CorpusFiles, Known, open_corpus
from rolecoder.corpora.items import Item, one_line
from rolecoder.errors import RolecoderError
from rolecoder.pages.cleaning import Cleaned, clean
from rolecoder.readers.archive import read_member
from rolecoder.readers.formats import most_bytes, read_bytes
from rolecoder.readers.header import kind_of
from rolecoder.readers.language import FOUND, find_language
from rolecoder.readers.record import Found, Reading
from rolecoder.records import DATE, Document, Dropped

DAY = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)[-_.](0[1-9]|1[0-2])[-_.](0[1-9]|[12]\d|3[01])(?!\d)")
TOLD = ("title", "date", "place", "actor", "doc_type", "participants", "language")


@dataclass(slots=True, kw_only=True)
class _Run:
    """What one call of ``ingest`` remembers from file to file."""

    ocr: bool
    actors: Actors | None
    ids: set[str] = field(default_factory=set)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # id that was wanted, checksum of text -> id given
    same: dict[str, str] = field(default_factory=dict)  # checksum of text -> id of the first that has it
    archives: dict[Path, zipfile.ZipFile] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)


def ingest(
    corpora: Sequence[Corpus],
    actors: Actors | None = None,
    *,
    ocr: str = "auto",
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[Document | Dropped]:
    """Read all documents of the corpora, in the order of the corpora and of the files' names.

    Args:
        corpora: Where the texts are, and which of them are wanted.
        actors: Lead what is said of a document's actor and participants to ids; without them, it is taken as it is.
        ocr: "auto" recognises scans where tesseract is installed, "never" does not.
        progress: Told how many files are done, of how many.

    Yields:
        Each document, and each file or document that was left out, with the reason.

    Raises:
        RolecoderError: A path is not there, a corpus.yaml is wrong, or no document at all could be read.
    """
    opened = [(corpus, open_corpus(corpus.path)) for corpus in corpora]
    total, done, read = sum(len(files.items) for _, files in opened), 0, 0
    reasons: Counter[str] = Counter()
    run = _Run(ocr=ocr == "auto", actors=actors)
    with run.stack:
        for corpus, files in opened:
            reasons.update(why for _, why in files.left_out)
            for shown, why in files.left_out:
                yield Dropped(stage="ingest", item=shown, reason=why)
            for item in files.items:
                for found in _read_item(item, files, corpus, run):
                    read += isinstance(found, Document)
                    if isinstance(found, Dropped):
                        reasons[found.reason] += 1
                    yield found
                done += 1
                if progress is not None:
                    progress(done, total)
    if not read:
        raise nothing_read(reasons, corpora)


def nothing_read(reasons: Counter[str], corpora: Sequence[Corpus]) -> RolecoderError:
    """Say that no document is left to be coded, and the commonest reasons."""
    said = "; ".join(
        f"{reason} ({count} {'document' if count == 1 else 'documents'})" for reason, count in reasons.most_common(3)
    )
    return RolecoderError(
        f"no text could be read: {said or 'there are no files'}",
        where=", ".join(str(corpus.path) for corpus in corpora),
        expected="at least one readable text",
        mend="check the corpus's path and the study's choice of actors, types, years and languages",
    )


def source_files(corpora: Sequence[Corpus]) -> list[Path]:
    """Every file on disk that the documents rest on, each once, in order."""
    files = [open_corpus(corpus.path) for corpus in corpora]
    return sorted({path for each in files for path in [*each.sources, *(item.path for item in each.items)]})


def read_file(path: Path, actors: Actors | None = None, *, ocr: str = "auto") -> list[Document]:
    """Read one file; a corpus.yaml or manifest beside or above it that lists it is taken into account.

    Raises:
        RolecoderError: It cannot be read, or holds no text.
    """
    found = ingest([Corpus(path=path.absolute())], actors, ocr=ocr)
    return [each for each in found if isinstance(each, Document)]


def _read_item(item: Item, files: CorpusFiles, corpus: Corpus, run: _Run) -> Iterator[Document | Dropped]:
    known = files.known(item)
    settled = with_ids(known, run.actors)[0]
    if "date" not in known.facts and settled != known:  # whom a name meant, the date in the text may tell
        settled.facts.pop("actor", None)
        settled.speakers = ()
    why = _unwanted(settled, corpus, final=False)
    if why:
        yield Dropped(stage="ingest", item=item.shown, reason=why)
        return
    try:
        if PurePosixPath(item.member or item.path.name).name.startswith("."):
            raise RolecoderError("a hidden file")
        data = _bytes(item, run)
        readings = read_bytes(item.member or item.path.name, data, in_archive=item.member is not None, ocr=run.ocr)
    except RolecoderError as cause:
        yield Dropped(stage="ingest", item=item.shown, reason=one_line(cause))
        return
    digest = hashlib.sha256(data).hexdigest()
    expected = files.description.checksums.get(item.name) if files.description else None
    warning = () if expected in (None, digest) else ("the file is not the one whose checksum corpus.yaml states",)
    for reading in readings:
        try:
            yield _document(item, reading, known, files, digest, warning, corpus, run)
        except RolecoderError as cause:
            yield Dropped(
                stage="ingest", item=_shown(item, reading), reason=one_line(cause), words=len(reading.raw.split())
            )


def _bytes(item: Item, run: _Run) -> bytes:
    most = most_bytes(item.member or item.path.name)
    try:
        if item.member is None:
            if (size := item.path.stat().st_size) > most:
                raise RolecoderError(f"{size:,} bytes", expected=f"at most {most:,}", mend="split the file")
            return item.path.read_bytes()
        if item.path not in run.archives:
            run.archives[item.path] = run.stack.enter_context(zipfile.ZipFile(item.path))
    except (OSError, zipfile.BadZipFile) as cause:
        raise RolecoderError(f"cannot be read ({cause})", mend="check that the file may be read") from cause
    return read_member(run.archives[item.path], item.member, largest=most)


def _document(
    item: Item,
    reading: Reading,
    before: Known,
    files: CorpusFiles,
    digest: str,
    warning: tuple[str, ...],
    corpus: Corpus,
    run: _Run,
) -> Document | Dropped:
    cleaned = clean(reading)
    known, doubts = _learn_all(before, item, reading, cleaned, files)
    doubts += [*overruled(before, reading, run.actors), *contradicted(known, run.actors)]
    known, strange = with_ids(known, run.actors)
    why = _unwanted(known, corpus, final=True)
    if why:
        return Dropped(stage="ingest", item=_shown(item, reading), reason=why, words=len(reading.raw.split()))
    text = cleaned.mapped.text
    if not text.strip():
        raise RolecoderError("no text is left when furniture and metadata are taken out")
    identity, same = _identity(item, reading, known, text, run)
    _language(known, text)
    starts = cleaned.mapped.places(start for start, _ in reading.pages)
    value = {name: found.value for name, found in known.facts.items() if found.value}
    return Document(
        document_id=identity,
        text=text,
        raw=reading.raw,
        breaks=cleaned.mapped.breaks,
        doc_type=value["doc_type"],  # type: ignore[arg-type]
        path=_shown(item, reading),
        sha256=digest,
        title=value.get("title"),
        date=value.get("date"),
        place=value.get("place"),
        actor=value.get("actor"),
        participants=known.speakers,
        language=value.get("language") or None,
        citation=value.get("citation"),
        origins=_origins(known),
        pages=tuple(zip(starts, (label for _, label in reading.pages), strict=True)),
        notes=reading.notes,
        headed=cleaned.headed,
        mended=(*warning, *cleaned.mended),
        doubts=(*reading.doubts, *before.doubts, *doubts, *strange, *same),
    )


def _shown(item: Item, reading: Reading) -> str:
    return f"{item.shown}#{reading.member}" if reading.member else item.shown


def _learn_all(
    before: Known, item: Item, reading: Reading, cleaned: Cleaned, files: CorpusFiles
) -> tuple[Known, list[str]]:
    known = Known(facts=dict(before.facts), speakers=before.speakers, speakers_where=before.speakers_where)
    known.learn(reading.metadata, reading.participants)
    known.learn(cleaned.header.metadata, cleaned.header.participants)
    dated = [cleaned.header.metadata]
    heading = cleaned.heading
    defaults = files.defaults()
    typed = known.facts.get("doc_type") or defaults.facts.get("doc_type")
    kind = typed.value.casefold() if typed else "other"
    if kind in ("speech", "press", "other"):
        known.learn(heading.metadata, heading.participants)
        dated.append(heading.metadata)
    elif kind == "memoir" and heading.participants:  # a byline; the date of a book's heading is not when it was said
        known.learn({"participants": heading.metadata["participants"]}, heading.participants)
    if kind != "memoir" and not reading.member:
        known.learn(named := _dated(item))
        dated.append(named)
    title = known.facts.get("title")
    if title is not None and (told := kind_of(title.value)):
        known.learn({"doc_type": Found(value=told, where=f"title ({title.where})")})
    known.learn(defaults.facts, defaults.speakers)
    known.learn({"doc_type": Found(value="other", where="not given anywhere; taken as other")})
    dates = [own["date"] for own in dated if "date" in own]
    return known, [*checked(known), *other_dates(before, dates)]


def _dated(item: Item) -> dict[str, Found]:
    """The one day that the name of a file tells: ``1990-09-11-bush.txt``, ``bush_1990_09_11.pdf``."""
    told = map("-".join, DAY.findall(PurePosixPath(item.member or item.name).stem))
    days = {day for day in told if DATE.fullmatch(day)}
    return {"date": Found(value=days.pop(), where="file name")} if len(days) == 1 else {}


def _language(known: Known, text: str) -> None:
    if "language" not in known.facts:
        language = find_language(text)
        where = FOUND if language else "too few common words to tell"
        known.facts["language"] = Found(value=language or "", where=where)


def _origins(known: Known) -> dict[str, str]:
    origins = {}
    for name in TOLD:
        found = known.facts.get(name)
        if name == "participants":
            origins[name] = known.speakers_where or "none named by corpus.yaml, manifest, file name, header or heading"
        else:
            origins[name] = found.where if found else "not in corpus.yaml, manifest, file name, header or heading"
    return origins


def _identity(item: Item, reading: Reading, known: Known, text: str, run: _Run) -> tuple[str, list[str]]:
    """An id that no other document of the run has, and whether it or the text was another's.

    Raises:
        RolecoderError: A document with this id and this text was read before.
    """
    name = PurePosixPath(item.member or item.path.name)
    given = known.facts.get("doc_id")
    part = reading.member.replace(" ", "-") if reading.member else ""
    first = given.value if given else f"{name.stem}-{part}".strip("-")
    folder = name.parent.name if item.member else item.path.parent.name
    digest = hashlib.sha256(text.encode()).hexdigest()
    if (first, digest) in run.texts:
        raise RolecoderError(f"the same text was read before as {run.texts[first, digest]}")
    choices = (first, f"{folder}-{first}".strip("-"), f"{first}{name.suffix}")
    numbered = (f"{first}-{number}" for number in itertools.count(2))
    chosen = next(choice for choice in itertools.chain(choices, numbered) if choice not in run.ids)
    told = []
    if given and chosen != first:
        told.append(f"{given.where} says doc_id {first!r}, which another document has; called {chosen!r}")
    if digest in run.same:
        told.append(f"the same text as {run.same[digest]}; both are counted")
    run.ids.add(chosen)
    run.texts[first, digest] = chosen
    run.same.setdefault(digest, chosen)
    return chosen, told


def _unwanted(known: Known, corpus: Corpus, *, final: bool) -> str | None:
    """Why the study does not want a document; before it is read, only what is known by then counts."""
    facts = known.facts
    actor = facts.get("actor")
    actors = {actor.value} if actor and actor.value else set()
    actors |= {person.actor for person in known.speakers if person.actor}
    kind, date = facts.get("doc_type"), facts.get("date")
    if corpus.actors and (final or actors) and not actors & set(corpus.actors):
        unknown = f"not known ({actor.where})" if actor else "not known"
        return f"not selected by the study: its actor is {', '.join(sorted(actors)) or unknown}"
    if corpus.doc_types and (final or kind) and (kind is None or kind.value not in corpus.doc_types):
        return f"not selected by the study: its type is {kind.value if kind else 'not known'}"
    if corpus.since is None and corpus.until is None:
        return None
    if date is None or not DATE.fullmatch(date.value):
        why = f" ({date.where})" if date and date.where.endswith(LEFT_EMPTY) else ""
        return f"not selected by the study: its date is not known{why}" if final else None
    year = int(date.value[:4])
    if (corpus.since is not None and year < corpus.since) or (corpus.until is not None and year > corpus.until):
        return f"not selected by the study: its year is {year}"
    return None
