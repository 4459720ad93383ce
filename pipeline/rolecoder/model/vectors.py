"""Vectors on disk: what was encoded once is never encoded again, on any run of this machine.

One SQLite file, safe against a kill and against several runs at once.  A stored vector that was
damaged on disk counts as missing, so it is computed anew.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

CACHE = "ROLECODER_CACHE"
_FILE = "vectors.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, crc INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checksums (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL);
"""
_MANY = 500  # keys in one question; SQLite's own limit is 999 in old builds


def cache_folder() -> Path:
    """Name the folder of the cache: the environment variable ROLECODER_CACHE, else the user's own cache."""
    import platformdirs

    return Path(os.environ.get(CACHE) or platformdirs.user_cache_path("rolecoder")).absolute()


class VectorStore(MutableMapping[str, "Vectors"]):
    """Vectors by key, on disk; each ``update`` is one transaction, kept whole or not at all."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the store, or make it where there is none.

        Args:
            folder: Where its file lies; by default ``cache_folder()``.

        Raises:
            RolecoderError: The folder cannot be written, or the file is not a store of vectors.
        """
        self.path = (folder or cache_folder()) / _FILE
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise RolecoderError(
                f"the folder for vectors cannot be made ({cause.strerror})", where=str(self.path.parent), mend=_MOVE
            ) from cause
        with self._explained():
            self._base = sqlite3.connect(self.path, timeout=60, isolation_level=None, check_same_thread=False)
            try:
                self._base.execute("PRAGMA journal_mode=WAL").fetchone()
                self._base.execute("PRAGMA synchronous=NORMAL")
                self._base.executescript(_SCHEMA)
            except sqlite3.Error:
                self._base.close()
                raise

    def __enter__(self) -> VectorStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def __getitem__(self, key: str) -> Vectors:
        found = self.find([key])
        if not found:
            raise KeyError(key)
        return found[key]

    def __setitem__(self, key: str, vector: Vectors) -> None:
        self.update({key: vector})

    def __delitem__(self, key: str) -> None:
        with self._explained():
            if not self._base.execute("DELETE FROM vectors WHERE key = ?", (key,)).rowcount:
                raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        with self._explained():
            yield from (key for (key,) in self._base.execute("SELECT key FROM vectors ORDER BY rowid"))

    def __len__(self) -> int:
        with self._explained():
            return int(self._base.execute("SELECT COUNT(*) FROM vectors").fetchone()[0])

    def find(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """Read the vectors that are there, of any number of keys, in few questions to the file."""
        import numpy as np

        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), _MANY):
            some = keys[start : start + _MANY]
            marks = ",".join("?" * len(some))
            with self._explained():
                question = f"SELECT key, crc, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - only ? marks
                rows = self._base.execute(question, some).fetchall()
            found |= {key: np.frombuffer(blob, dtype="<f4") for key, crc, blob in rows if zlib.crc32(blob) == crc}
        return found

    def update(self, vectors: Mapping[str, Vectors] | Iterable[tuple[str, Vectors]] = (), /) -> None:  # type: ignore[override]
        """Store many vectors in one transaction.

        Raises:
            RolecoderError: The disk is full or may not be written.
        """
        import numpy as np

        pairs = dict(vectors)
        blobs = {key: np.ascontiguousarray(vector, dtype="<f4").tobytes() for key, vector in pairs.items()}
        rows = [(key, zlib.crc32(blob), blob) for key, blob in blobs.items()]
        with self._explained(), self._transaction():
            self._base.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def checksum(self, path: Path) -> str:
        """SHA-256 of a file, computed once for each path, size and time of change.

        Raises:
            RolecoderError: The file cannot be read.
        """
        try:
            state = path.stat()
        except OSError as cause:
            raise RolecoderError(f"cannot be read ({cause.strerror})", where=str(path)) from cause
        place = (str(path.absolute()), state.st_size, state.st_mtime_ns)
        with self._explained():
            known = self._base.execute(
                "SELECT sha256 FROM checksums WHERE path = ? AND size = ? AND mtime_ns = ?", place
            ).fetchone()
            if known:
                return str(known[0])
            digest = file_checksum(path)
            self._base.execute("INSERT OR REPLACE INTO checksums VALUES (?, ?, ?, ?)", (*place, digest))
        return digest

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as cause:
            raise RolecoderError(f"vectors cannot be stored ({cause})", where=str(self.path), mend=_MOVE) from cause
        except sqlite3.DatabaseError as cause:
            raise RolecoderError(
                f"not a readable store of vectors ({cause})",
                where=str(self.path),
                mend="delete that file: the vectors are computed anew on the next run",
            ) from cause


_MOVE = f"free some space, or set {CACHE} to a folder on a disk with room that you may write"
