"""Which files a corpus has, and what is known of each: corpus.yaml, manifests, file-name patterns."""

from __future__ import annotations

import csv
import fnmatch
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pydantic
from pydantic import BaseModel, ConfigDict

from rolecoder.config import expand, read_yaml
from rolecoder.errors import RolecoderError, closest

FIELDS = ("document_id", "title", "date", "place", "doc_type", "actor", "speakers", "citation", "language")
OTHER_NAMES = {"doc_id": "document_id", "actor_iso3": "actor", "source": "citation", "year": "date", "participants": "speakers"}
RECIPE, MANIFEST = "corpus.yaml", "manifest.csv"
SKIPPED = (RECIPE, "README.md", "README.txt", "README", "LICENSE", "LICENSE.txt")


class Recipe(BaseModel):
    """A corpus.yaml: where a corpus comes from, which files it has, and what is known of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str = ""
    origin: str = ""
    licence: str = ""
    citation: str = ""
    provenance: str = ""
    root: Path = Path(".")
    files: tuple[str, ...] = ("**/*",)
    pattern: str = ""
    manifest: Path | None = None
    defaults: dict[str, str] = {}
    documents: tuple[dict[str, Any], ...] = ()
    checksums: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of a corpus, in a folder or in an archive, and what is known of it before it is read."""

    path: Path
    member: str | None = None  # inside the archive ``path``
    known: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (where it stands, fields), the weightiest first
    defaults: Mapping[str, Any] = field(default_factory=dict)
    checksum: str | None = None
    missing: str | None = None  # why it cannot be read, where that is known already

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.member or self.path.as_posix()).name

    @property
    def place(self) -> str:
        """The file, or archive!member."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    def field(self, name: str) -> tuple[Any, str] | None:
        """The weightiest value of a field and where it stands; None where none is known."""
        for where, fields in self.known:
            if fields.get(name) not in (None, ""):
                return fields[name], where
        return None


def corpus_sources(path: Path) -> list[Source]:
    """List the files of a corpus, in a stable order.

    Args:
        path: A corpus.yaml, a folder (with a corpus.yaml, a manifest.csv or neither), an archive or a file.

    Raises:
        RolecoderError: It does not exist, or its corpus.yaml or manifest is wrong.
    """
    if path.is_dir():
        if (path / RECIPE).is_file():
            return corpus_sources(path / RECIPE)
        manifest = path / MANIFEST if (path / MANIFEST).is_file() else None
        return list(_sources(path, Recipe(name=path.name), manifest, path))
    if not path.exists():
        raise RolecoderError(f"{path} does not exist", expected="a corpus.yaml, a folder, an archive or a file", mend="check the path for a slip")
    if path.name != RECIPE and path.suffix.lower() not in (".yaml", ".yml"):
        return list(_sources(path, Recipe(name=path.stem), None, path.parent))
    recipe = read_recipe(path)
    root = expand(recipe.root, path)
    if not root.exists():
        raise RolecoderError(f"the corpus is not at {root}", where=str(path), mend=recipe.origin or "put it there, or correct `root`")
    manifest = expand(recipe.manifest, path) if recipe.manifest else None
    return list(_sources(root, recipe, manifest, path.parent))


def read_recipe(path: Path) -> Recipe:
    """Read a corpus.yaml.

    Raises:
        RolecoderError: A field is unknown or has a wrong value.
    """
    try:
        return Recipe.model_validate(read_yaml(path))
    except pydantic.ValidationError as cause:
        first = cause.errors()[0]
        name = ".".join(map(str, first["loc"]))
        near = closest(name, Recipe.model_fields) if first["type"] == "extra_forbidden" else None
        raise RolecoderError(f"{name}: {first['msg']}" + (f"; closest is {near!r}" if near else ""), where=str(path)) from cause


def beside(path: Path) -> Source:
    """A single file, with what a corpus.yaml or manifest beside or above it says of it."""
    for folder in list(path.absolute().parents)[:3]:
        for name in (RECIPE, MANIFEST):
            if (folder / name).is_file():
                try:
                    found = corpus_sources(folder / RECIPE if name == RECIPE else folder)
                except RolecoderError:
                    continue
                same = [s for s in found if s.member is None and s.path.absolute() == path.absolute()]
                if same:
                    return same[0]
    return Source(path=path)


def _sources(root: Path, recipe: Recipe, manifest: Path | None, folder: Path) -> Iterator[Source]:
    listed = _manifest(manifest) if manifest else {}
    listed_paths = {(manifest.parent / p).resolve() if manifest else Path(p): row for p, row in listed.items()}
    if manifest:
        listed_paths |= {(manifest.parent.parent / p).resolve(): row for p, row in listed.items()}
    documents = {str(row.get("path")): row for row in recipe.documents}
    pattern = _compile(recipe.pattern) if recipe.pattern else None
    seen: set[Path] = set()
    for path, member in _files(root, recipe.files):
        relative = member or (path.relative_to(root).as_posix() if root.is_dir() else path.name)
        row = listed_paths.get(path.resolve()) if member is None else listed.get(member)
        if manifest is not None and listed and row is None:
            if path == manifest or path.name.endswith(".csv"):
                continue
            row = {}
        seen.add(path.resolve())
        known: list[tuple[str, Mapping[str, Any]]] = []
        if relative in documents:
            known.append((RECIPE, _renamed(documents[relative])))
        if row:
            known.append((f"{manifest.name if manifest else MANIFEST}", _renamed(row)))
        if pattern and (match := pattern.search(relative)):
            known.append(("file name", {k: v for k, v in _renamed(match.groupdict()).items() if v}))
        yield Source(
            path=path, member=member, known=tuple(known), defaults=_renamed(recipe.defaults), checksum=recipe.checksums.get(relative)
        )
    if manifest is not None:
        for listed_name in listed:
            places = [(manifest.parent / listed_name), (manifest.parent.parent / listed_name)]
            if root.is_dir() and not any(place.resolve() in seen or place.exists() for place in places):
                yield Source(path=places[0], missing=f"{manifest.name} lists it, but it is not there")
    for relative in recipe.checksums:
        if root.is_dir() and not (root / relative).is_file():
            yield Source(path=root / relative, missing=f"{RECIPE} lists it, but it is not there")


def _files(root: Path, globs: tuple[str, ...]) -> Iterator[tuple[Path, str | None]]:
    if root.is_dir():
        found = {path for pattern in globs for path in root.glob(pattern) if path.is_file()}
        for path in sorted(found):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if hidden or path.name in SKIPPED or path.name.startswith(MANIFEST.removesuffix(".csv")):
                continue
            if path.suffix.lower() == ".zip":
                yield from _members(path, ("**/*",))
            else:
                yield path, None
    elif root.suffix.lower() == ".zip":
        yield from _members(root, globs)
    else:
        yield root, None


def _members(path: Path, globs: tuple[str, ...]) -> Iterator[tuple[Path, str | None]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, OSError) as cause:
        raise RolecoderError(f"not readable as a zip archive ({cause})", where=str(path)) from cause
    wide = [glob.replace("**/", "*") for glob in globs]
    for name in names:
        base = PurePosixPath(name).name
        if base not in SKIPPED and not base.startswith(".") and any(fnmatch.fnmatch(name, glob) for glob in wide):
            yield path, name


def _manifest(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a manifest by their path."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise RolecoderError(f"not a readable manifest ({cause})", where=str(path), mend="save it as CSV in UTF-8") from cause
    if rows and "path" not in rows[0]:
        near = closest("path", rows[0])
        raise RolecoderError("no column 'path'" + (f"; closest is {near!r}" if near else ""), where=str(path), expected="path, and what is known: title, date, doc_type, speakers, actor")
    return {row["path"]: {k: (v or "").strip() for k, v in row.items() if k is not None} for row in rows if row["path"]}


def _renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for key, value in row.items() if (name := OTHER_NAMES.get(key, key)) in (*FIELDS, "session")}


def _compile(pattern: str) -> re.Pattern[str]:
    """Turn ``{actor}_{session}_{year}.txt`` into a pattern with named groups."""
    shapes = {"year": r"\d{4}", "session": r"\d+", "actor": r"[A-Z]{3}", "date": r"\d{4}(?:-\d\d){0,2}"}
    parts = re.split(r"\{(\w+)\}", pattern)
    made = [re.escape(part) if i % 2 == 0 else f"(?P<{part}>{shapes.get(part, '[^/_]+')})" for i, part in enumerate(parts)]
    return re.compile("".join(made) + r"$")
