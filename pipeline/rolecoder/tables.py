"""Declared tables: their columns, types and keys.

Inside a run a table is Parquet; on the way out it is CSV in UTF-8 with a byte-order mark, which
Excel opens as it should.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rolecoder.errors import RolecoderError
from rolecoder.files import replacing

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["string", "integer", "number", "boolean"]
_DTYPE: dict[str, str] = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
_ARROW: dict[str, str] = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it holds, in which type, and whether a value may be missing."""

    kind: Kind
    meaning: str
    missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A declared table; ``key`` names the columns that together occur once."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]

    def frame(self, rows: Sequence[dict[str, object]]) -> pd.DataFrame:
        """Build and check a data frame from one mapping per row; no rows give an empty table."""
        import pandas as pd

        return self.check(pd.DataFrame(list(rows), columns=list(self.columns)))

    def check(self, frame: pd.DataFrame, *, where: str | None = None) -> pd.DataFrame:
        """Return ``frame`` in the declared order and types.

        Raises:
            RolecoderError: A column lacks, is one too many or of another type; a value that must be
                there is missing; a key occurs twice.
        """
        place = where or f"table {self.name}"
        lacking = [name for name in self.columns if name not in frame.columns]
        extra = [str(name) for name in frame.columns if name not in self.columns]
        if lacking or extra:
            raise RolecoderError(
                f"columns lacking: {', '.join(lacking) or 'none'}; not known: {', '.join(extra) or 'none'}",
                where=place,
                expected="the columns " + ", ".join(self.columns),
                mend="the file is of another version of rolecoder, or of another table: make it anew",
            )
        for name, column in self.columns.items():
            if not column.missing and frame[name].isna().any():
                row = int(frame[name].isna().to_numpy().argmax())
                raise RolecoderError(f"no value in column {name!r}", where=f"{place}, row {row + 1}")
        try:
            typed = frame[list(self.columns)].astype({n: _DTYPE[c.kind] for n, c in self.columns.items()})
        except (TypeError, ValueError) as cause:
            raise RolecoderError(f"a value of the wrong type ({cause})", where=place) from cause
        doubled = typed.duplicated(list(self.key)) if len(typed) else typed.index != typed.index
        if doubled.any():
            first = typed[doubled].iloc[0]
            raise RolecoderError(f"the key {tuple(first[k] for k in self.key)} occurs twice", where=place)
        return typed.reset_index(drop=True)

    def write(self, frame: pd.DataFrame, folder: Path) -> Path:
        """Check ``frame`` and write it as ``folder/<name>.parquet``, whole or not at all."""
        with self.writing(folder) as add:
            add(frame)
        return folder / f"{self.name}.parquet"

    @contextlib.contextmanager
    def writing(self, folder: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
        """Write ``folder/<name>.parquet`` frame by frame; it is there when the block ends well.

        Yields:
            A function that checks a frame and adds it; keys are checked within each frame.
        """
        import pyarrow
        from pyarrow import parquet

        schema = pyarrow.schema([pyarrow.field(n, getattr(pyarrow, _ARROW[c.kind])()) for n, c in self.columns.items()])
        with (
            replacing(folder / f"{self.name}.parquet") as handle,
            parquet.ParquetWriter(handle, schema, compression="zstd") as writer,
        ):
            yield lambda frame: writer.write_table(
                pyarrow.Table.from_pandas(self.check(frame), schema=schema, preserve_index=False)
            )

    def read(self, folder: Path) -> pd.DataFrame:
        """Read and check ``folder/<name>.parquet``.

        Raises:
            RolecoderError: The file is not there or cannot be read as this table.
        """
        import pandas as pd
        import pyarrow

        path = folder / f"{self.name}.parquet"
        if not path.is_file():
            raise RolecoderError(
                f"no {path.name} in {folder}",
                expected="a run folder written by `rolecoder run` or `rolecoder code`",
                mend="run that first, or name the folder that it wrote with --out",
            )
        try:
            frame = pd.read_parquet(path)
        except (pyarrow.ArrowException, OSError, ValueError) as cause:
            raise RolecoderError(
                f"not a readable table ({cause})", where=str(path), mend="delete it and run again"
            ) from cause
        return self.check(frame, where=str(path))


DOCUMENTS = Table(
    name="documents",
    key=("document_id",),
    columns={
        "document_id": Column(kind="string", meaning="id, unique in the run"),
        "doc_type": Column(kind="string", meaning="speech, telcon, memcon, memoir, press or other"),
        "title": Column(kind="string", meaning="title", missing=True),
        "date": Column(kind="string", meaning="ISO date, as precise as known", missing=True),
        "place": Column(kind="string", meaning="place", missing=True),
        "actor": Column(kind="string", meaning="state of the main speaker", missing=True),
        "participants": Column(kind="string", meaning="JSON list of {name, actor, title}"),
        "language": Column(kind="string", meaning="ISO 639-1 code", missing=True),
        "citation": Column(kind="string", meaning="how to cite it", missing=True),
        "path": Column(kind="string", meaning="file, or archive!member"),
        "sha256": Column(kind="string", meaning="checksum of the file's bytes"),
        "origins": Column(
            kind="string", meaning="JSON object: metadata field -> where its value or its absence comes from"
        ),
        "mended": Column(kind="string", meaning="JSON list of what the cleaning repaired"),
        "text": Column(kind="string", meaning="the text that is coded; offsets count its code points"),
        "raw": Column(kind="string", meaning="the text as it stands in the file"),
        "breaks": Column(kind="string", meaning="JSON list of [offset in text, offset in raw]"),
        "pages": Column(kind="string", meaning="JSON list of [offset in text, page label]"),
        "notes": Column(kind="string", meaning="JSON list of {kind, text, raw_start, raw_end}"),
    },
)

TURNS = Table(
    name="turns",
    key=("document_id", "start"),
    columns={
        "document_id": Column(kind="string", meaning="the document"),
        "start": Column(kind="integer", meaning="first code point in documents.text"),
        "end": Column(kind="integer", meaning="one past the last"),
        "speaker": Column(kind="string", meaning="as printed", missing=True),
        "actor": Column(kind="string", meaning="state that the speaker speaks for", missing=True),
        "reason": Column(kind="string", meaning="how the actor was found, or why not", missing=True),
        "reported": Column(kind="boolean", meaning="told by a note taker"),
        "addressee": Column(kind="string", meaning="actor of the other side, where there is exactly one", missing=True),
    },
)

PASSAGES = Table(
    name="passages",
    key=("passage_id",),
    columns={
        "passage_id": Column(kind="string", meaning="document_id:start-end"),
        "document_id": Column(kind="string", meaning="the document"),
        "start": Column(kind="integer", meaning="first code point in documents.text"),
        "end": Column(kind="integer", meaning="one past the last"),
        "text": Column(kind="string", meaning="documents.text[start:end]"),
        "before": Column(kind="string", meaning="words of the same turn before it; may be empty"),
        "after": Column(kind="string", meaning="words of the same turn after it; may be empty"),
        "words": Column(kind="integer", meaning="number of words"),
        "speaker": Column(kind="string", meaning="as printed", missing=True),
        "source": Column(kind="string", meaning="state whose leader speaks", missing=True),
        "source_reason": Column(kind="string", meaning="how the source was found, or why not", missing=True),
        "addressee": Column(kind="string", meaning="actor of the other side", missing=True),
        "reported": Column(kind="boolean", meaning="told by a note taker"),
        "page": Column(kind="string", meaning="page label, where the source has pages", missing=True),
        "doc_type": Column(kind="string", meaning="of the document"),
        "date": Column(kind="string", meaning="of the document", missing=True),
    },
)

CODINGS = Table(
    name="codings",
    key=("passage_id", "role"),
    columns={
        "passage_id": Column(kind="string", meaning="the passage"),
        "document_id": Column(kind="string", meaning="the document"),
        "role": Column(kind="string", meaning="code of the role"),
        "probability": Column(kind="number", meaning="that a coder gives this role, 0 to 1"),
        "threshold": Column(kind="number", meaning="at or above which the role is given"),
        "source": Column(kind="string", meaning="state whose leader speaks", missing=True),
        "holder": Column(kind="string", meaning="state or group whose role it is", missing=True),
        "holder_confidence": Column(kind="number", meaning="0 to 1"),
        "holder_reason": Column(kind="string", meaning="how it was found, or why not"),
        "aspect": Column(kind="string", meaning="conception, prescription or performance", missing=True),
        "aspect_confidence": Column(kind="number", meaning="0 to 1"),
        "aspect_reason": Column(kind="string", meaning="how it was found, or why not"),
        "date": Column(kind="string", meaning="of the document", missing=True),
    },
)

DROPPED = Table(
    name="dropped",
    key=("row",),
    columns={
        "row": Column(kind="integer", meaning="running number"),
        "stage": Column(kind="string", meaning="stage that left it out"),
        "item": Column(kind="string", meaning="file or document id"),
        "reason": Column(kind="string", meaning="why"),
        "words": Column(kind="integer", meaning="words lost with it; 0 where it could not be read"),
        "start": Column(
            kind="integer", meaning="of a stretch of documents.text; missing where all was dropped", missing=True
        ),
        "end": Column(kind="integer", meaning="one past the stretch's last code point", missing=True),
    },
)

_CELL = {
    "source": Column(kind="string", meaning="state whose leaders speak; missing where not asked for", missing=True),
    "holder": Column(
        kind="string", meaning="state or group whose role it is; missing where not asked for", missing=True
    ),
    "aspect": Column(
        kind="string", meaning="conception, prescription or performance; missing where not asked for", missing=True
    ),
    "period": Column(kind="string", meaning="name of the period; missing where not asked for", missing=True),
}

PROFILES = Table(
    name="profiles",
    key=("source", "holder", "aspect", "period", "role"),
    columns=_CELL
    | {
        "role": Column(kind="string", meaning="code of the role"),
        "n_documents": Column(kind="integer", meaning="documents with a coded passage in the cell"),
        "n_passages": Column(kind="integer", meaning="all passages of the cell's source and period, coded or not"),
        "n_coded": Column(kind="integer", meaning="passages in the cell that carry any role"),
        "n_role": Column(kind="integer", meaning="passages in the cell that carry this role"),
        "share": Column(
            kind="number", meaning="of the cell's codings; sums to 1 over roles; missing where not filled", missing=True
        ),
        "share_low": Column(kind="number", meaning="lower end of the interval of share", missing=True),
        "share_high": Column(kind="number", meaning="upper end of the interval of share", missing=True),
        "prevalence": Column(kind="number", meaning="n_role / n_passages; missing where not filled", missing=True),
        "prevalence_low": Column(kind="number", meaning="lower end of the interval of prevalence", missing=True),
        "prevalence_high": Column(kind="number", meaning="upper end of the interval of prevalence", missing=True),
        "method": Column(kind="string", meaning="estimator and interval, in words"),
        "note": Column(kind="string", meaning="why the cell is not filled; missing where it is", missing=True),
    },
)

_DYAD = {
    "prescriber": Column(kind="string", meaning="state that prescribes"),
    "ally": Column(kind="string", meaning="state whose role is prescribed, conceived and performed"),
    "comparison": Column(kind="string", meaning="which two profiles of the ally are compared"),
    "period": Column(kind="string", meaning="name of the period"),
}

GAPS = Table(
    name="gaps",
    key=("prescriber", "ally", "comparison", "period"),
    columns=_DYAD
    | {
        "left": Column(kind="string", meaning="the first profile, in words: whose texts, which aspect"),
        "right": Column(kind="string", meaning="the second profile, in words"),
        "documents_left": Column(kind="integer", meaning="documents behind the first profile"),
        "documents_right": Column(kind="integer", meaning="documents behind the second profile"),
        "passages_left": Column(kind="integer", meaning="coded passages behind the first profile"),
        "passages_right": Column(kind="integer", meaning="coded passages behind the second profile"),
        "jensen_shannon": Column(
            kind="number", meaning="distance, base 2, 0 to 1, less what chance alone adds", missing=True
        ),
        "jensen_shannon_low": Column(kind="number", meaning="lower end of its interval", missing=True),
        "jensen_shannon_high": Column(kind="number", meaning="upper end of its interval", missing=True),
        "jensen_shannon_plain": Column(kind="number", meaning="as counted; chance makes it larger", missing=True),
        "total_variation": Column(
            kind="number",
            meaning="share of role talk that would have to move, 0 to 1, less what chance alone adds",
            missing=True,
        ),
        "total_variation_low": Column(kind="number", meaning="lower end of its interval", missing=True),
        "total_variation_high": Column(kind="number", meaning="upper end of its interval", missing=True),
        "total_variation_plain": Column(kind="number", meaning="as counted; chance makes it larger", missing=True),
        "activity_shift": Column(
            kind="number",
            meaning="mean rank right - mean rank left, in ranks; > 0: the first profile is the more active",
            missing=True,
        ),
        "activity_shift_low": Column(kind="number", meaning="lower end of its interval", missing=True),
        "activity_shift_high": Column(kind="number", meaning="upper end of its interval", missing=True),
        "earth_mover": Column(kind="number", meaning="ranks that talk would move on average, as counted", missing=True),
        "agreement": Column(kind="number", meaning="Scott's pi: 1 the same, 0 as by chance, as counted", missing=True),
        "p_value": Column(kind="number", meaning="how often chance alone sets the sides so far apart", missing=True),
        "verdict": Column(
            kind="string", meaning="band, or bands spanned by the interval, on Yang's scale", missing=True
        ),
        "method": Column(kind="string", meaning="distance and interval, in words"),
        "note": Column(kind="string", meaning="why there is no number; missing where there is one", missing=True),
    },
)

GAP_PARTS = Table(
    name="gap_parts",
    key=("prescriber", "ally", "comparison", "period", "role"),
    columns=_DYAD
    | {
        "role": Column(kind="string", meaning="code of the role"),
        "share_left": Column(kind="number", meaning="share in the first profile"),
        "share_right": Column(kind="number", meaning="share in the second profile"),
        "difference": Column(kind="number", meaning="share_left - share_right"),
        "contribution": Column(kind="number", meaning="part of jensen_shannon_plain squared; sums to it over roles"),
    },
)

GAP_SENSITIVITY = Table(
    name="gap_sensitivity",
    key=("prescriber", "ally", "comparison", "period", "shift"),
    columns=_DYAD
    | {
        "shift": Column(kind="number", meaning="by how much all ends of the bands are moved; 0: the study's own"),
        "verdict": Column(kind="string", meaning="what the verdict would then be"),
        "same": Column(kind="boolean", meaning="whether it is the study's own verdict"),
    },
)


def probabilities_table(roles: Sequence[str]) -> Table:
    """Declare the table with one probability per role for every passage, coded or not."""
    columns = {"passage_id": Column(kind="string", meaning="the passage")}
    columns |= {f"p_{role}": Column(kind="number", meaning=f"that a coder gives {role}") for role in roles}
    return Table(name="probabilities", key=("passage_id",), columns=columns)
