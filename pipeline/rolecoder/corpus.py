"""A corpus: which files belong to it, and what is known of each before it is read.

Known from ``corpus.yaml``, from manifests (tables of documents) and from the pattern of file names.
"""

from __future__ import annotations

import csv
import functools
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pydantic
from pydantic import Field, field_validator

from rolecoder.config import Section, expand, read_yaml
from rolecoder.errors import RolecoderError, closest
from rolecoder.readers.record import Found
from rolecoder.records import DATE, DOC_TYPES, Participant

FIELDS = ("doc_id", "title", "date", "place", "actor", "doc_type", "language", "citation")
PLACES = {
    "actor": r"[A-Z][A-Z0-9]{1,15}",
    "year": r"\d{4}",
    "date": r"\d{4}(?:-\d\d){0,2}",
    "session": r"\d+",
    "number": r"\d+",
}
NAME = "corpus.yaml"
MANIFEST = re.compile(r"manifest(?:[_-]\w+)?\.csv")
NO_TEXTS = re.compile(
    r"(?i)(?:readme|licen[cs]e|changelog|citation|checksums?|sha256sums?)(?:\.\w+)?|corpus\.ya?ml|manifest(?:[_-]\w+)?\.csv"
)


class Person(Section):
    """A person named by the corpus."""

    name: str
    actor: str | None = None
    title: str | None = None


class Facts(Section):
    """What can be said of a document."""

    doc_id: str | None = None
    title: str | None = None
    date: str | None = None
    place: str | None = None
    actor: str | None = None
    doc_type: str | None = None
    language: str | None = None
    citation: str | None = None
    speakers: tuple[Person, ...] = ()

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        if value is None or DATE.fullmatch(str(value)):
            return None if value is None else str(value)
        raise ValueError(f"{value!r} is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD, in quotes")

    @field_validator("doc_type")
    @classmethod
    def _type(cls, value: str | None) -> str | None:
        if value is not None and value not in DOC_TYPES:
            raise ValueError(f"{value!r} is not among {', '.join(DOC_TYPES)}")
        return value


class Listed(Facts):
    """One document, by the path of its file below the root."""

    path: str


class ActorCode(Section):
    """A code in file names that means another actor up to some date."""

    code: str
    actor: str
    until: str = Field(description="Last date, as precise as the documents' dates.")


class SpeakerTable(Section):
    """A table, in the corpus, of who spoke."""

    file: str
    match: dict[str, str] = Field(description="Part of the file-name pattern -> column of the table.")
    name: str = Field(description="Column of the speaker's name.")
    title: str | None = Field(None, description="Column of the speaker's office.")


class Description(Section):
    """The file corpus.yaml."""

    name: str
    title: str = ""
    origin: str = ""
    licence: str = ""
    citation: str = ""
    provenance: str = ""
    root: Path = Path()
    files: tuple[str, ...] = ("**/*",)
    exclude: tuple[str, ...] = ()
    pattern: str | None = Field(None, description="Of file names, for example {actor}_{session}_{year}.txt")
    manifest: Path | None = None
    defaults: Facts = Facts()
    documents: tuple[Listed, ...] = ()
    checksums: dict[str, str] = {}
    actor_codes: tuple[ActorCode, ...] = ()
    speakers: SpeakerTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a corpus: on disk, or a member of an archive."""

    path: Path
    member: str | None = None
    name: str  # path below the corpus's root

    @property
    def shown(self) -> str:
        """How the file is named to people: file, or archive!member."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)


@dataclass(slots=True, kw_only=True)
class Known:
    """What is known of a document, each value with the place where it was found."""

    facts: dict[str, Found] = field(default_factory=dict)
    speakers: tuple[Participant, ...] = ()
    speakers_where: str = ""

    def learn(self, facts: Mapping[str, Found], speakers: Sequence[Participant] = (), where: str = "") -> None:
        """Add what is not known yet."""
        for name, found in facts.items():
            self.facts.setdefault(name, found)
        if speakers and not self.speakers:
            self.speakers, self.speakers_where = tuple(speakers), where


@dataclass(slots=True, kw_only=True)
class CorpusFiles:
    """The files of one corpus, and what is known of them."""

    items: list[Item]
    left_out: list[tuple[str, str]] = field(default_factory=list)  # file, and why it is not read
    sources: list[Path] = field(default_factory=list)  # files that the result rests on, beside the items
    description: Description | None = None
    listed: dict[str, tuple[dict[str, Found], tuple[Participant, ...]]] = field(default_factory=dict)
    manifest_rows: dict[Path, tuple[dict[str, Found], tuple[Participant, ...]]] = field(default_factory=dict)
    people: dict[tuple[str, ...], Participant] = field(default_factory=dict)

    def known(self, item: Item) -> Known:
        """What corpus.yaml, manifests and the file's name say of a file."""
        known = Known()
        if item.name in self.listed:
            known.learn(*self.listed[item.name], where=NAME)
        place = (Path(f"{item.path}!{item.member}") if item.member else item.path) if self.manifest_rows else None
        if place in self.manifest_rows:
            known.learn(*self.manifest_rows[place], where="manifest")
        described = self.description
        if described is not None and described.pattern:
            self._by_name(item, described, known)
        if described is not None:
            self._rename(known, described.actor_codes)
        return known

    def _by_name(self, item: Item, described: Description, known: Known) -> None:
        match = re.fullmatch(pattern_regex(described.pattern or ""), item.name.rsplit("/", 1)[-1])
        if match is None:
            return
        parts = match.groupdict()
        where = f"file name ({described.pattern})"
        facts = {name: Found(value=value, where=where) for name, value in parts.items() if name in FIELDS}
        if "year" in parts and "date" not in facts:
            facts["date"] = Found(value=parts["year"], where=where)
        person = None
        if described.speakers:
            person = self.people.get(tuple(_plain(parts.get(part, "")) for part in described.speakers.match))
        known.learn(facts, (person,) if person else (), described.speakers.file if described.speakers else "")

    @staticmethod
    def _rename(known: Known, codes: Sequence[ActorCode]) -> None:
        actor, date = known.facts.get("actor"), known.facts.get("date")
        for code in codes:
            if (
                actor
                and date
                and actor.value == code.code
                and date.value[: len(code.until)] <= code.until[: len(date.value)]
            ):
                where = f"{actor.where}: {code.code} stands for {code.actor} until {code.until}"
                known.facts["actor"] = Found(value=code.actor, where=where)
                return

    def defaults(self) -> Known:
        """What corpus.yaml says of every document that does not say otherwise."""
        known = Known()
        if self.description is not None:
            known.learn(*_facts(self.description.defaults, f"{NAME}, defaults"))
            if self.description.citation:
                known.learn({"citation": Found(value=self.description.citation, where=NAME)})
        return known


@functools.cache
def pattern_regex(pattern: str) -> str:
    """A file-name pattern as a regular expression with one group a part."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    return "".join(
        f"(?P<{piece}>{PLACES.get(piece, '.+?')})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    )


def open_corpus(path: Path) -> CorpusFiles:
    """Find the files of a corpus: of a corpus.yaml, a folder, an archive, or one file.

    Raises:
        RolecoderError: The path is not there, or corpus.yaml or a manifest is wrong.
    """
    if not path.exists():
        raise RolecoderError(
            "there is no such file or folder",
            where=str(path),
            mend="check the path; relative ones are taken from the study's folder",
        )
    if path.is_dir():
        described = path / NAME
        return _described(described) if described.is_file() else _folder(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _described(path)
    if path.suffix.lower() == ".zip":
        return CorpusFiles(items=_members(path))
    beside = described_beside(path)
    if beside is not None:
        return beside
    return CorpusFiles(items=[Item(path=path, name=path.name)])


def described_beside(path: Path) -> CorpusFiles | None:
    """The corpus that lists a single file, in its folder or up to two above; cut to that file."""
    path = path.absolute()
    for folder in list(path.parents)[:3]:
        found = None
        if (folder / NAME).is_file():
            found = _described(folder / NAME)
        else:
            manifests = sorted(p for p in folder.glob("manifest*.csv") if MANIFEST.fullmatch(p.name))
            if manifests and path not in manifests:
                found = CorpusFiles(items=[Item(path=path, name=path.name)], sources=manifests)
                for manifest in manifests:
                    found.manifest_rows |= _manifest(manifest)
                found.items = [item for item in found.items if item.path in found.manifest_rows]
        if found is not None:
            mine = [item for item in found.items if item.path == path]
            if mine:
                found.items, found.left_out = mine, []
                return found
    return None


def _described(path: Path) -> CorpusFiles:
    data = read_yaml(path)
    try:
        described = Description.model_validate(data)
    except pydantic.ValidationError as cause:
        raise _explain(cause, path) from cause
    root = expand(described.root, path)
    if not root.exists():
        raise RolecoderError(
            f"its root {root} is not there",
            where=str(path),
            mend="get the corpus as the file's `origin` says, or correct `root`",
        )
    every = (
        _members(root)
        if root.suffix.lower() == ".zip"
        else _walk(root)
        if root.is_dir()
        else [Item(path=root, name=root.name)]
    )
    wanted = [re.compile(glob_regex(glob)) for glob in described.files]
    unwanted = [re.compile(glob_regex(glob)) for glob in described.exclude]
    items = [
        i for i in every if any(w.fullmatch(i.name) for w in wanted) and not any(w.fullmatch(i.name) for w in unwanted)
    ]
    found = CorpusFiles(items=items, sources=[path], description=described)
    _check_listed(described, {item.name for item in items}, path, found)
    found.listed = {each.path: _facts(each, NAME) for each in described.documents}
    if described.manifest is not None:
        manifest = expand(described.manifest, root / "x" if root.is_dir() else root)
        found.manifest_rows = _manifest(manifest)
        found.sources.append(manifest)
    if described.speakers is not None:
        found.people = _speaker_table(described.speakers, root)
    return found


def _check_listed(described: Description, names: set[str], path: Path, found: CorpusFiles) -> None:
    """Files that corpus.yaml names and that are not there are told of, never passed over."""
    for name in sorted({each.path for each in described.documents} | set(described.checksums)):
        if name not in names:
            found.left_out.append((f"{path.parent / described.root}/{name}", f"listed in {path.name}, but not there"))


def _folder(path: Path) -> CorpusFiles:
    found = CorpusFiles(items=[])
    every = _walk(path)
    manifests = [item.path for item in every if MANIFEST.fullmatch(item.path.name)]
    for manifest in manifests:
        found.manifest_rows |= _manifest(manifest)
    found.sources = manifests
    covered = {manifest.parent for manifest in manifests}
    for item in every:
        hidden = any(part.startswith(".") for part in PurePosixPath(item.name).parts)
        if item.path in found.manifest_rows:
            found.items.append(item)
        elif hidden or NO_TEXTS.fullmatch(item.path.name):
            found.left_out.append(
                (item.shown, "a hidden file" if hidden else "describes the corpus, and is no text of it")
            )
        elif covered & set(item.path.parents):
            found.left_out.append((item.shown, "not listed in the manifest of its folder"))
        elif item.path.suffix.lower() == ".zip":
            found.items += [
                Item(path=m.path, member=m.member, name=f"{item.name}!{m.name}") for m in _members(item.path)
            ]
        else:
            found.items.append(item)
    there = {item.path for item in every}
    found.left_out += [
        (str(listed), "listed in a manifest, but not there") for listed in found.manifest_rows if listed not in there
    ]
    return found


def _walk(root: Path) -> list[Item]:
    """All files below a folder, in one order everywhere; links to folders are not followed."""
    files = [path for path in root.rglob("*") if path.is_file()]
    names = sorted((path.relative_to(root).as_posix(), path) for path in files)
    return [Item(path=path.absolute(), name=name) for name, path in names]


def _members(path: Path) -> list[Item]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(member.filename for member in archive.infolist() if not member.is_dir())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as cause:
        raise RolecoderError(f"no readable archive ({cause})", where=str(path), mend="get it again") from cause
    return [Item(path=path.absolute(), member=name, name=name) for name in names]


def glob_regex(glob: str) -> str:
    """A glob over paths as a regular expression: ``**/`` any folders, ``*`` and ``?`` within one name."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./"))
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part, re.escape(part)) for part in parts)


def _manifest(path: Path) -> dict[Path, tuple[dict[str, Found], tuple[Participant, ...]]]:
    """Rows of a manifest by the file they speak of: relative to the manifest's folder, or the one above."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise RolecoderError(f"no readable manifest ({cause})", where=str(path), expected="CSV in UTF-8") from cause
    if rows and "path" not in rows[0]:
        near = closest("path", [str(name) for name in rows[0]])
        raise RolecoderError(
            "no column 'path'" + (f"; closest is {near!r}" if near else ""),
            where=str(path),
            expected="doc_id, path, ...",
        )
    found = {}
    by_name: dict[str, list[Path]] = {}
    for each in path.parent.rglob("*"):
        by_name.setdefault(each.name, []).append(each)
    for number, row in enumerate(rows, start=2):
        if row["path"]:
            found[_place(path, row["path"], by_name)] = _row(row, f"{path.name}, row {number}")
    return found


def _place(manifest: Path, written: str, by_name: Mapping[str, list[Path]]) -> Path:
    for folder in (manifest.parent, manifest.parent.parent):
        if (folder / written.split("!")[0]).is_file():
            return (folder / written).absolute()
    same = by_name.get(PurePosixPath(written).name, [])
    return same[0].absolute() if len(same) == 1 else (manifest.parent / written).absolute()


def _row(row: Mapping[str, str | None], where: str) -> tuple[dict[str, Found], tuple[Participant, ...]]:
    names = {"actor_iso3": "actor", "id": "doc_id", "type": "doc_type", "lang": "language"}
    facts = {}
    for column, value in row.items():
        name = names.get(column, column)
        if name in FIELDS and isinstance(value, str) and value.strip():
            facts[name] = Found(value=value.strip(), where=where)
    people = [name.strip() for name in (row.get("speakers") or "").split(";") if name.strip()]
    if people:
        facts["participants"] = Found(value="", where=where)
    return facts, tuple(Participant(name=name) for name in people)


def _facts(facts: Facts, where: str) -> tuple[dict[str, Found], tuple[Participant, ...]]:
    found = {name: Found(value=value, where=where) for name in FIELDS if (value := getattr(facts, name))}
    people = tuple(Participant(name=p.name, actor=p.actor, title=p.title) for p in facts.speakers)
    if people:
        found["participants"] = Found(value="", where=where)
    return found, people


def _speaker_table(table: SpeakerTable, root: Path) -> dict[tuple[str, ...], Participant]:
    """Speakers by the parts of the file name; a key that occurs twice names nobody."""
    from rolecoder.readers.archive import read_member
    from rolecoder.readers.tabular import sheets

    if root.suffix.lower() == ".zip":
        with zipfile.ZipFile(root) as archive:
            data = read_member(archive, table.file) if table.file in archive.namelist() else None
    else:
        data = (root / table.file).read_bytes() if (root / table.file).is_file() else None
    if data is None:
        raise RolecoderError(
            f"no {table.file}", where=str(root), expected="the table that `speakers` in corpus.yaml names"
        )
    rows = sheets(data)[0]
    lacking = [c for c in [*table.match.values(), table.name] if c not in rows[0]]
    if lacking:
        raise RolecoderError(
            f"no column {lacking[0]!r} in {table.file}", where=str(root), expected="one of " + ", ".join(rows[0])
        )
    people: dict[tuple[str, ...], Participant] = {}
    twice = set()
    for row in rows:
        key = tuple(_plain(str(row.get(column) or "")) for column in table.match.values())
        name = " ".join(str(row.get(table.name) or "").split())
        if name and key in people and people[key].name != name:
            twice.add(key)
        if name:
            office = " ".join(str(row.get(table.title) or "").split()) if table.title else ""
            people[key] = Participant(name=name, title=office or None)
    return {key: person for key, person in people.items() if key not in twice}


def _plain(value: str) -> str:
    return value.strip().removesuffix(".0").lstrip("0")


def _explain(cause: pydantic.ValidationError, path: Path) -> RolecoderError:
    first = cause.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or NAME
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        near = closest(name, set(Description.model_fields) | set(Listed.model_fields))
        found = f"unknown setting {name!r}" + (f"; closest is {near!r}" if near else "")
    else:
        found = f"{first['msg']} (found {first.get('input')!r})"
    return RolecoderError(found, where=f"{path}: {place}", mend="the README lists what a corpus.yaml may say")
