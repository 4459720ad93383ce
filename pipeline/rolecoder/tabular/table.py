"""A declared table: its columns, types and key.

Inside a run a table is Parquet; on the way out it is CSV in UTF-8 with a byte-order mark, which
Excel opens as it should.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rolecoder.errors import RolecoderError
from rolecoder.files import replacing

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["string", "integer", "number", "boolean"]
_DTYPE: dict[str, str] = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
_ARROW: dict[str, str] = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool_"}
FEED_VERSION = "2.0"  # of the columns that other programs read; the first number changes where one goes or turns


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

    def schema(self) -> dict[str, object]:
        """The table as JSON Schema (draft 2020-12) of its rows, for programs that read it."""
        properties = {
            name: {
                "type": [column.kind, "null"] if column.missing else column.kind,
                "description": column.meaning,
            }
            for name, column in self.columns.items()
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"rolecoder {self.name}",
            "version": FEED_VERSION,
            "description": f"Rows of {self.name}.parquet; the key is {', '.join(self.key)}.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": properties,
                "required": list(self.columns),
                "additionalProperties": False,
            },
        }

    def read(self, folder: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Read and check ``folder/<name>.parquet``.

        Args:
            folder: Of a run.
            columns: To be read, beside those of the key; empty: all.

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
            wanted = {name: c for name, c in self.columns.items() if not columns or name in (*self.key, *columns)}
            frame = pd.read_parquet(path, columns=list(wanted) if columns else None)
        except (pyarrow.ArrowException, OSError, ValueError) as cause:
            raise RolecoderError(
                f"not a readable table ({cause})", where=str(path), mend="delete it and run again"
            ) from cause
        return replace(self, columns=wanted).check(frame, where=str(path))
