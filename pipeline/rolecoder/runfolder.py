"""A run's folder: the resolved study, the tables, and the record of what each stage did.

A stage is done again only where its inputs, its settings, the software or its outputs changed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from rolecoder import __version__
from rolecoder.config import Study, read_study
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum, write_text

STUDY, RECORD = "study.yaml", "run.json"
HANDED_ON = {"passages": "read", "codings": "code"}  # tables that later stages rest on, and the stage that writes each
LIBRARIES = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "sentence-transformers", "torch", "spacy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one stage did: digests of what it read and wrote, counts, and the seconds it took."""

    inputs: str
    rests_on: Mapping[str, str]  # digests of the run's own passages and codings, where they are among the inputs
    outputs: Mapping[str, str]
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    def write_study(self, study: Study) -> None:
        """Copy the resolved study into the run: with it the run can be made again."""
        settings = study.model_dump(mode="json", exclude_none=True)
        write_text(self.path / STUDY, yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))

    @property
    def has_study(self) -> bool:
        """Whether a run was made or begun here."""
        return (self.path / STUDY).is_file()

    @contextmanager
    def keeping(self, study: Study) -> Iterator[None]:
        """Copy the resolved study into the run; settings that end in an error give way to those before."""
        before = (self.path / STUDY).read_text(encoding="utf-8") if self.has_study else None
        self.write_study(study)
        try:
            yield
        except RolecoderError:
            if before is None:
                (self.path / STUDY).unlink()
            else:
                write_text(self.path / STUDY, before)
            raise

    def study(self) -> Study:
        """Read the study that made this run.

        Raises:
            RolecoderError: The folder is not a run.
        """
        if not self.has_study:
            raise RolecoderError(
                f"no {STUDY} in {self.path}",
                expected="a run folder written by `rolecoder run` or `rolecoder code`",
                mend="run that first, or name the folder that it wrote with --out",
            )
        return read_study(self.path / STUDY)

    def record(self) -> dict[str, Any]:
        """Read the run record; empty where there is none yet."""
        path = self.path / RECORD
        if not path.is_file():
            return {}
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as cause:
            raise RolecoderError(
                f"not a readable run record ({cause})", where=str(path), mend="delete it and run again"
            ) from cause
        return dict(record)

    def do(
        self, stage: str, inputs: Mapping[str, object], work: Callable[[], tuple[Iterable[Path], dict[str, int]]]
    ) -> bool:
        """Do a stage unless it is done; return whether work was needed.

        What it wrote before and writes no more is removed, unless it was changed since: then it is the user's own.

        Args:
            stage: Name of the stage in the record.
            inputs: All that its result depends on, besides the software; anything JSON can hold.
            work: Does the stage and returns the files it wrote, inside the folder, and its counts.
        """
        digest = _digest({"stage": stage, "software": software_digest(), **inputs})
        record = self.record()
        before = record.get("stages", {}).get(stage)
        if before and before["inputs"] == digest and self._holds(before["outputs"]):
            return False
        start = time.perf_counter()
        files, counts = work()
        outputs = {str(file.relative_to(self.path)): file_checksum(file) for file in files}
        self._clear(before["outputs"] if before else {}, outputs)
        seconds = round(time.perf_counter() - start, 3)
        rests_on = {name: str(inputs[name]) for name in HANDED_ON if name in inputs}
        done = Done(inputs=digest, rests_on=rests_on, outputs=outputs, counts=counts, seconds=seconds)
        record = self.record() | versions()
        record["stages"] = record.get("stages", {}) | {stage: asdict(done)}
        write_text(self.path / RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        return True

    def digests(self, stage: str) -> Mapping[str, str]:
        """Digests of the files that a stage wrote: inputs of the stages after it."""
        outputs: Mapping[str, str] = self.record()["stages"][stage]["outputs"]
        return outputs

    def outdated(self) -> list[str]:
        """Stages whose files rest on passages or codings that the run holds no more."""
        stages = self.record().get("stages", {})
        outputs = {stage: done["outputs"] for stage, done in stages.items()}
        held = {table: outputs.get(stage, {}).get(f"{table}.parquet") for table, stage in HANDED_ON.items()}
        return [
            stage
            for stage, done in stages.items()
            if any(held[table] != digest for table, digest in done.get("rests_on", {}).items())
            and any((self.path / file).is_file() for file in outputs[stage])
        ]

    def _clear(self, before: Mapping[str, str], kept: Iterable[str]) -> None:
        written = [self.path / name for name in kept]
        for file, digest in ((self.path / name, digest) for name, digest in before.items()):
            inside = file.resolve().is_relative_to(self.path.resolve())
            if inside and file.is_file() and file_checksum(file) == digest and not any(map(file.samefile, written)):
                file.unlink()

    def _holds(self, outputs: Mapping[str, str]) -> bool:
        return all(
            (self.path / name).is_file() and file_checksum(self.path / name) == digest
            for name, digest in outputs.items()
        )


def versions() -> dict[str, Any]:
    """Versions of rolecoder, Python and the libraries that numbers depend on."""
    libraries = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {
        "rolecoder": __version__,
        "software": software_digest(),
        "python": platform.python_version(),
        "libraries": libraries,
    }


def software_digest() -> str:
    """SHA-256 of the package's own source: a changed program makes its stages anew."""
    return _digest(
        {place: hashlib.sha256(text).hexdigest() for place, text in _sources(resources.files("rolecoder"), "")}
    )


def _sources(folder: Traversable, place: str) -> Iterable[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and not entry.name.startswith("__"):
            yield from _sources(entry, f"{place}{entry.name}/")
        elif entry.name.endswith((".py", ".j2", ".css", ".js", ".json")):
            yield place + entry.name, entry.read_bytes()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
