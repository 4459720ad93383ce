"""Passages -> codings: encode, classify, attribute, block by block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.attribute import Attributable, Correction, attribute
from rolecoder.bundle import Bundle, load_bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.config import Coding as Choices
from rolecoder.encode import SentenceEncoder, encode_texts, open_encoder
from rolecoder.explain import Explanation, explain
from rolecoder.files import write_csv
from rolecoder.model.labelled import LEARNT
from rolecoder.model.pointer import LAYERS, Pointer
from rolecoder.model.vectors import VectorStore
from rolecoder.progress import Progress, blocks
from rolecoder.records import Coding
from rolecoder.tables import CODINGS, DOCUMENTS, EXPLANATIONS, PASSAGES, Table, probabilities_table
from rolecoder.tabular.rows import coding_row

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.encode import Vectors

CUT = "cut at the encoder's maximum"  # count of passages whose end was not seen
BLOCK = 512  # passages coded together: what is lost at most when a run is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A checked bundle, the encoder it was trained with, and the vectors that are known already."""

    bundle: Bundle
    encoder: SentenceEncoder
    store: VectorStore
    batch_size: int
    pointer: Pointer | None = None

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; what was encoded before is looked up."""
        return encode_texts(texts, self.encoder, self.store, batch_size=self.batch_size)

    def passing_vectors(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are not worth keeping: variants made to explain."""
        return encode_texts(texts, self.encoder, {}, batch_size=self.batch_size)

    def second_reading(self, items: Sequence[Attributable], actors: Actors) -> Correction | None:
        """What the model has learnt of holder and aspect, beside the cues of the words."""
        if self.pointer is not None:
            return self.pointer.of(items, actors)
        if self.bundle.opinion is None or not items:
            return None
        vectors = self.vectors([item.text for item in items])
        return self.bundle.opinion.of(vectors, [item.source for item in items])


@contextmanager
def open_model(folder: Path, choices: Choices | None = None) -> Iterator[Model]:
    """Open a model and check that all of it fits, before any text is read.

    Raises:
        RolecoderError: The bundle is damaged, does not fit the encoder or the libraries, or cannot say which
            thresholds reach what is asked for.
    """
    choices = choices or Choices.model_validate({})
    bundle = load_bundle(folder)
    if choices.thresholds != "f1":
        bundle = bundle.with_thresholds(*choices.thresholds.measure)
    with VectorStore() as store:
        opened = open_encoder(choices.encoder or bundle.encoder_folder, checksum=store.checksum)
        bundle.check_encoder(opened.identity)
        yield Model(
            bundle=bundle, encoder=opened, store=store, batch_size=choices.batch_size, pointer=open_pointer(bundle)
        )


def open_pointer(bundle: Bundle) -> Pointer | None:
    """Open what points at the holder, where the model has it.

    Raises:
        RolecoderError: Its layers do not fit the model's encoder.
    """
    if bundle.pointer is None or bundle.folder is None or bundle.encoder_folder is None:
        return None
    return Pointer(Path(bundle.encoder_folder), bundle.folder / LAYERS, bundle.pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPassage:
    """A passage's row, the probability of each role, and its codings, the clearest first."""

    row: Mapping[str, Any]
    chances: Mapping[str, float]  # p_<role>
    codings: tuple[Coding, ...]
    explanations: tuple[Explanation, ...] = ()  # one for each coding, where asked for


def code_passages(
    rows: Sequence[Mapping[str, Any]], model: Model, known: Actors, min_confidence: float, *, reasons: bool = False
) -> list[CodedPassage]:
    """Encode, classify and attribute passages.

    Args:
        rows: With passage_id and text and, where known, before, after, source, addressee, doc_type, date.
        model: An open model.
        known: The actors.
        min_confidence: Holder or aspect below this confidence is unknown.
        reasons: Whether codings are explained; that costs some forty times as much as coding a passage.
    """
    sides = {name: [row.get(name) or "" for row in rows] for name in ("text", "before", "after")}
    texts = PassageTexts(**sides)
    coded = classify(texts, model.bundle, model.vectors)
    given = [coded.given(number) for number in range(len(rows))]
    asked = [number for number, roles in enumerate(given) if roles]
    items = [attributable(rows[number], given[number]) for number in asked]
    found_sides = attribute(items, known, min_confidence=min_confidence, correction=model.second_reading(items, known))
    attributions = dict(zip(asked, found_sides, strict=True))
    why = explain(texts, given, model.bundle, model.passing_vectors) if reasons else [()] * len(rows)
    found, thresholds = [], dict(zip(coded.roles, coded.thresholds.tolist(), strict=True))
    for number, row in enumerate(rows):
        chances = dict(zip(coded.roles, coded.probabilities[number].tolist(), strict=True))
        codings = tuple(
            Coding(
                passage_id=row["passage_id"],
                role=role,
                probability=chances[role],
                threshold=thresholds[role],
                attribution=attributions[number],
            )
            for role in given[number]
        )
        named = {f"p_{r}": p for r, p in chances.items()}
        found.append(CodedPassage(row=row, chances=named, codings=codings, explanations=why[number]))
    return found


def attributable(row: Mapping[str, Any], roles: tuple[str, ...]) -> Attributable:
    """What attribution asks of a passage's row."""
    return Attributable(
        text=row["text"],
        before=row.get("before") or "",
        after=row.get("after") or "",
        source=row.get("source"),
        addressee=row.get("addressee"),
        doc_type=row.get("doc_type"),
        date=row.get("date"),
        roles=roles,
    )


def code_run(
    folder: Path, model: Model, known: Actors, choices: Choices, progress: Progress
) -> tuple[list[Path], dict[str, int]]:
    """Code the passages of a run; returns the files written and the counts."""
    frame = PASSAGES.read(folder).astype(object)
    passages: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    tables: list[Table] = [probabilities_table(model.bundle.roles), CODINGS, *([EXPLANATIONS] * choices.explain)]
    counts = Counter[str](passages=len(passages))
    if model.bundle.labelled is not None:
        counts[LEARNT] = model.bundle.labelled.among([row["text"] for row in passages])
    done = 0
    with ExitStack() as files:
        adding = [(table, files.enter_context(table.writing(folder))) for table in tables]
        advance = files.enter_context(progress("coding", "passages"))
        for block in blocks(passages, BLOCK):
            coded = code_passages(block, model, known, choices.min_confidence, reasons=choices.explain)
            rows = _table_rows(coded)
            for table, add in adding:
                add(table.frame(rows[table.name]))
            counts.update(codings=len(rows[CODINGS.name]), coded=sum(bool(item.codings) for item in coded))
            counts[CUT] += int(model.encoder.truncated([r["text"] for r in block]).sum())
            done += len(block)
            advance(done, len(passages))
    written = [folder / f"{table.name}.parquet" for table in tables]
    shown = coded_passages(folder, model.bundle.roles, reasons=choices.explain)
    written.append(write_csv(shown, folder / "codings.csv"))
    return written, dict(counts)


def _table_rows(coded: Sequence[CodedPassage]) -> dict[str, list[dict[str, object]]]:
    """The rows of each table, by its name."""
    return {
        "probabilities": [{"passage_id": item.row["passage_id"], **item.chances} for item in coded],
        CODINGS.name: [coding_row(coding, item.row) for item in coded for coding in item.codings],
        EXPLANATIONS.name: [why.as_row(item.row["passage_id"]) for item in coded for why in item.explanations],
    }


def coded_passages(folder: Path, roles: Sequence[str], *, reasons: bool = False) -> pd.DataFrame:
    """The codings with the words they rest on and, if asked for, why each was given; for reading in a spreadsheet."""
    codings, passages = CODINGS.read(folder), PASSAGES.read(folder)
    titles = DOCUMENTS.read(folder, ["title", "path", "citation"])
    rank = {role: number for number, role in enumerate(roles)}
    words = passages[["passage_id", "start", "source_reason", "speaker", "page", "doc_type", "text"]]
    frame = codings.merge(words, on="passage_id").merge(titles, on="document_id")
    if reasons:
        frame = frame.merge(EXPLANATIONS.read(folder)[["passage_id", "role", "why"]], on=["passage_id", "role"])
    ranked = frame.iloc[frame["role"].map(rank).argsort(kind="stable")]
    return ranked.sort_values(["document_id", "start"], kind="stable").drop(columns="start")
