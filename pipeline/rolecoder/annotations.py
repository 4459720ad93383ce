"""Hand labels: JSONL, CSV or XLSX -> checked labels, with text or with offsets into documents.

A file with a bad row is refused as a whole, and every kind of fault is shown with file and row:
training on half of the labels would be worse than not training.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rolecoder.codebook import NO_ROLE, Codebook
from rolecoder.errors import RolecoderError, closest_said, listed
from rolecoder.labelled_cells import WRITTEN, date_in, not_coded_yet, number_in, roles_in, stratum_in, truth_in, word_in
from rolecoder.labelled_texts import LabelledTexts, has_place, has_text
from rolecoder.labelled_texts import text_checksum as text_checksum
from rolecoder.records import ASPECTS, DOC_TYPES
from rolecoder.tabular.sheets import placed_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolecoder.actors import Actors

Row = Mapping[str, Any]
Naming = Literal["holder", "source", "addressee"]
NAMING: tuple[Naming, ...] = ("holder", "source", "addressee")  # fields that name an actor
Draw = tuple[str | None, float | None]  # stratum and probability: of passages that were drawn together
OTHER_BOOK = (
    ". Where they are under another codebook, name it (--codebook), or the model that was trained under it (--model; "
    "`evaluate` takes it first)"
)
_SHOWN = 5
_FIELDS = ("id", "text", "before", "after", "roles", "holder", "aspect", "source", "doc_id", "doc_type", "date")
_NUMBERS = ("sure", "coders", "weight", "sampling_probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One hand-coded passage."""

    label_id: str
    text: str
    roles: tuple[str, ...]  # codes, the clearest first; empty: none
    before: str = ""
    after: str = ""
    holder: str | None = None
    aspect: str | None = None
    source: str | None = None
    addressee: str | None = None
    document_id: str | None = None
    doc_type: str | None = None
    date: str | None = None
    sure: float | None = None  # 3 certain to 1 borderline
    stratum: str | None = None  # how the passage was drawn
    coders: float | None = None
    adjudicated: bool | None = None
    weight: float | None = None
    sampling_probability: float | None = None
    undecided: tuple[str, ...] = ()  # roles that the coder would neither give nor deny
    start: int | None = None  # code points of the document
    end: int | None = None
    quoted: bool = True  # whether its text came with it, and not from a document by its place

    def prescribes(self, actor: str) -> bool:
        """Whether it says that a role is prescribed to this actor."""
        return self.aspect == "prescription" and self.holder == actor


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Hand-coded passages under one codebook, in the order they were read."""

    codebook: Codebook
    rows: tuple[Label, ...]
    sources: tuple[str, ...] = ()  # names of the files they came from
    waiting: Mapping[Draw, int] = field(default_factory=dict)  # rows drawn and not coded yet
    unchecked: int = 0  # rows by offsets without a checksum
    differing: tuple[str, ...] = ()  # rows whose text is not the one at their place: where, and how they differ

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def texts(self) -> list[str]:
        """The passages' texts."""
        return [row.text for row in self.rows]

    @cached_property
    def documents(self) -> list[str]:
        """The document of each row; a row that names none stands for itself."""
        return [row.document_id if row.document_id is not None else f"row {row.label_id}" for row in self.rows]

    @cached_property
    def scored(self) -> list[int]:
        """The rows that scores count: all but those that were written to be learnt from."""
        return [number for number, row in enumerate(self.rows) if row.stratum != WRITTEN]

    @cached_property
    def judged(self) -> Labels:
        """Those rows alone."""
        return self.only(self.scored)

    @cached_property
    def matrix(self) -> NDArray[np.int8]:
        """1 where a row carries a role; shape (rows, roles in the order of the codebook)."""
        import numpy as np

        place = {code: column for column, code in enumerate(self.codebook.codes)}
        matrix = np.zeros((len(self.rows), len(place)), dtype=np.int8)
        for row, label in enumerate(self.rows):
            matrix[row, [place[role] for role in label.roles]] = 1
        return matrix

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """How much each row counts in training; 1 where it does not say."""
        import numpy as np

        return np.array([1.0 if row.weight is None else row.weight for row in self.rows], dtype=np.float64)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that a model learns from, whatever the order of the rows."""
        lines = sorted(json.dumps(_said(row), sort_keys=True, ensure_ascii=False) for row in self.rows)
        return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()

    def without(self, roles: Sequence[str]) -> Labels:
        """Take roles out of the codebook and of every row."""
        book = replace(self.codebook, roles=tuple(role for role in self.codebook.roles if role.code not in roles))
        given = [tuple(role for role in row.roles if role not in roles) for row in self.rows]
        left = [tuple(role for role in row.undecided if role not in roles) for row in self.rows]
        rows = tuple(replace(row, roles=g, undecided=u) for row, g, u in zip(self.rows, given, left, strict=True))
        return replace(self, codebook=book, rows=rows)

    def only(self, keep: Sequence[int]) -> Labels:
        """Take the rows with these numbers."""
        return replace(self, rows=tuple(self.rows[i] for i in keep))


def _said(row: Label) -> dict[str, Any]:
    """What may be learnt from a row: not where its passage stands, nor a field that it leaves open."""
    silent = {"start", "end", "quoted", *(name for name in ("undecided", "addressee") if not getattr(row, name))}
    return {name: value for name, value in asdict(row).items() if name not in silent}


def read_labels(
    paths: Sequence[Path], codebook: Codebook, *, root: Path | None = None, of_a_run: bool = False
) -> Labels:
    """Read and check hand labels.

    Empty ``roles`` say that a passage has none; in a row with a sampling probability, as `rolecoder plan` writes
    them, that it is not coded yet: such rows are left out and counted.

    Args:
        paths: JSONL, CSV or XLSX files with at least ``id``, ``roles`` and either ``text`` or
            ``path``, ``start``, ``end`` and, to tell whether these fit still, ``checksum``.
        codebook: Its codes, names and aliases are known as roles.
        root: Folder that the paths of rows are relative to; with it, a text is compared with the one at its place.
        of_a_run: Whether each row speaks of its own passage, as those of a run: one text may bear different roles, as a
            sentence may that recurs in another context (a model cannot learn from both), and a date that a
            spreadsheet has rewritten is left out: the run has its own.

    Raises:
        RolecoderError: A file cannot be read, or any row is wrong: an unknown role or aspect, no text, a
            text that is not what was coded, an id twice, one text with different roles; or a file is given twice.
    """
    each_once(paths)
    faults: list[str] = []
    found: list[Label] = []
    places: list[str] = []
    differing: list[str] = []
    documents = LabelledTexts(root)
    waiting = Counter[Draw]()
    for path in paths:
        for place, row in placed_rows(path):
            try:
                if not_coded_yet(row):
                    waiting[stratum_in(row), number_in(row, "sampling_probability")] += 1
                    continue
                found.append(_label(row, codebook, documents, dated=not of_a_run))
                places.append(place)
                differing += [f"{place}: {told}"] if (told := documents.differing(row)) else []
            except RolecoderError as error:
                faults.append(f"{place}: {_briefly(error)}")
    read = len(found) + len(faults)
    faults += _clashes(found, places, texts_recur=of_a_run)
    if faults:
        unknown = any(NO_ROLE in fault for fault in faults)
        told = listed([fault.replace("\n", " ") for fault in faults], _SHOWN)
        raise RolecoderError(
            f"{len(faults)} of {read} label rows cannot be used{told}",
            mend="correct these rows; labels are taken whole or not at all" + unknown * OTHER_BOOK,
        )
    if not found:
        raise RolecoderError("no labels", where=", ".join(map(str, paths)), expected="at least one coded row")
    sources = tuple(path.name for path in paths)
    return Labels(
        codebook=codebook,
        rows=tuple(found),
        sources=sources,
        waiting=waiting,
        unchecked=documents.unchecked,
        differing=tuple(differing),
    )


def each_once(paths: Sequence[Path]) -> None:
    """Refuse a file that is given twice, under whatever name.

    Raises:
        RolecoderError: One is.
    """
    for number, path in enumerate(paths):
        if path.exists() and any(other.exists() and path.samefile(other) for other in paths[:number]):
            raise RolecoderError("the file is given twice", where=str(path), mend="name each file of labels once")


def with_ids(labels: Labels, actors: Actors) -> Labels:
    """Lead holders, sources and addressees to ids, however a coder wrote them; what leads to none stays as it is.

    A name means whom it meant at the date of the passage: "Russia" of 1980 is the Soviet Union.
    """

    def led(row: Label) -> Label:
        def lead(name: str | None) -> str | None:
            return name and (actors.resolve(name, row.date) or name)

        return replace(row, holder=lead(row.holder), source=lead(row.source), addressee=lead(row.addressee))

    return replace(labels, rows=tuple(map(led, labels.rows)))


def strange_actors(labels: Labels, actors: Actors, of: Naming = "holder") -> dict[str, str]:
    """What is wrong with holders, say, that lead to no actor, by label id; a coder's own group may stand for one.

    Args:
        labels: With ids, see ``with_ids``.
        actors: All actors.
        of: Which of them.
    """
    named = ((row.label_id, getattr(row, of)) for row in labels.rows)
    return {
        label_id: actors.not_an_id(name)
        for label_id, name in named
        if name and not name.startswith("group:") and not actors.known(name)
    }


def strange_kinds(labels: Labels) -> Counter[str]:
    """Kinds of text that are none of ``DOC_TYPES``, and how many rows say so."""
    return Counter(row.doc_type for row in labels.rows if row.doc_type and row.doc_type not in DOC_TYPES)


def same_texts(labels: Labels) -> list[list[Label]]:
    """The rows of each text that stands in several, white space aside."""
    rows = defaultdict[str, list[Label]](list)
    for row in labels.rows:
        rows[" ".join(row.text.split())].append(row)
    return [own for own in rows.values() if len(own) > 1]


def coded_in_two_ways(labels: Labels) -> int:
    """How many texts bear different roles in different rows."""
    return sum(len({frozenset(row.roles) for row in rows}) > 1 for rows in same_texts(labels))


def without_undecided(labels: Labels) -> Labels:
    """Leave out the rows that leave a role undecided: what is neither given nor denied is no lesson, and no test.

    Raises:
        RolecoderError: No row is left.
    """
    kept = [number for number, row in enumerate(labels.rows) if not row.undecided]
    if not kept:
        raise RolecoderError(
            "every row leaves a role undecided",
            expected="rows that give or deny each role",
            mend="decide them (column undecided), for example together with a second coder",
        )
    return labels.only(kept)


def _briefly(error: RolecoderError) -> str:
    """One line of one fault among many: without a list of all roles."""
    short = error.expected is not None and len(error.expected) <= 80
    return error.found + (f"; expected {error.expected}" if short else "") + (f" ({error.mend})" if error.mend else "")


def _label(row: Row, codebook: Codebook, documents: LabelledTexts, *, dated: bool) -> Label:
    if row.get("id") is None or "roles" not in row:
        lacking = "id" if row.get("id") is None else "roles"
        raise RolecoderError(f"no {lacking!r}" + closest_said(lacking, [name for name in row if name not in _FIELDS]))
    text, before, after = documents.text_of(row)
    aspect = (word_in(row, "aspect") or "").casefold() or None
    if aspect is not None and aspect not in ASPECTS:
        raise RolecoderError(
            f"aspect {aspect!r}" + closest_said(aspect, ASPECTS), expected="one of " + ", ".join(ASPECTS)
        )
    roles, undecided = roles_in(row["roles"], codebook), roles_in(row.get("undecided"), codebook)
    if both := set(roles).intersection(undecided):
        raise RolecoderError(f"{', '.join(sorted(both))} is both given and undecided", mend="leave it in one column")
    return Label(
        label_id=str(row["id"]),
        text=text,
        before=before,
        after=after,
        roles=roles,
        holder=word_in(row, "holder"),
        aspect=aspect,
        source=word_in(row, "source"),
        addressee=word_in(row, "addressee"),
        document_id=word_in(row, "doc_id") or (word_in(row, "path") if has_place(row) else None),
        doc_type=(word_in(row, "doc_type") or "").casefold() or None,
        date=date_in(row, strict=dated),
        stratum=stratum_in(row),
        adjudicated=truth_in(row.get("adjudicated")),
        undecided=undecided,
        **{name: number_in(row, name) for name in _NUMBERS},
        start=int(row["start"]) if str(row.get("start")).isdecimal() else None,
        end=int(row["end"]) if str(row.get("end")).isdecimal() else None,
        quoted=has_text(row),
    )


def _clashes(labels: Sequence[Label], places: Sequence[str], *, texts_recur: bool) -> list[str]:
    """Say of each row whose id comes twice, or whose text bears other roles elsewhere unless that may be."""
    faults: list[str] = []
    ids: dict[str, str] = {}
    texts: dict[str, tuple[frozenset[str], str]] = {}
    for label, place in zip(labels, places, strict=True):
        told = []
        first = ids.setdefault(label.label_id, place)
        if first != place:
            told.append(f"the id {label.label_id!r} stands in {first} already")
        roles = frozenset(label.roles)
        known, where = texts.setdefault(" ".join(label.text.split()), (roles, place))
        if known != roles and not texts_recur:
            shown = [";".join(sorted(some)) or "none" for some in (roles, known)]
            told.append(f"coded {shown[0]}, but the same text in {where} is coded {shown[1]}")
        faults += [f"{place}: {'; '.join(told)}"] * bool(told)
    return faults
