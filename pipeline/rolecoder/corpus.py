"""A corpus: which files belong to it, and what is known of each before it is read.

Known from ``corpus.yaml``, from manifests (tables of documents) and from the pattern of file names.
"""

from __future__ import annotations

import functools
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rolecoder.config import expand
from rolecoder.errors import RolecoderError
from rolecoder.manifests import plain_key, read_manifest, read_speakers
from rolecoder.readers.archive import BROKEN, check_sizes
from rolecoder.readers.record import Found
from rolecoder.recipe import FIELDS, NAME, PART, ActorCode, Description, Row, facts_row, read_description
from rolecoder.records import Participant

PLACES = {
    "actor": r"[A-Z][A-Z0-9]{1,15}",
    "year": r"\d{4}",
    "date": r"\d{4}(?:-\d\d){0,2}",
    "session": r"\d+",
    "number": r"\d+",
}
MANIFEST = re.compile(r"manifest(?:[_-]\w+)?\.csv")
NO_TEXTS = re.compile(
    r"(?i)(?:readme|licen[cs]e|changelog|citation|checksums?|sha256sums?)(?:\.\w+)?|corpus\.ya?ml|manifest(?:[_-]\w+)?\.csv"
)


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
    listed: dict[str, Row] = field(default_factory=dict)
    manifest_rows: dict[Path, Row] = field(default_factory=dict)
    people: dict[tuple[str, ...], Participant] | None = None  # read when first needed
    root: Path = Path()

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
        facts |= _filled(described, parts)
        person = None
        if described.speakers:
            if self.people is None:
                self.people = read_speakers(described.speakers, self.root)
            person = self.people.get(tuple(plain_key(parts.get(part, "")) for part in described.speakers.match))
        known.learn(facts, (person,) if person else (), described.speakers.file if described.speakers else "")

    @staticmethod
    def _rename(known: Known, codes: Sequence[ActorCode]) -> None:
        actor, date = known.facts.get("actor"), known.facts.get("date")
        for code in codes:
            if actor and actor.value == code.code and _in_time(date, code.until):
                where = f"{actor.where}: {code.code} stands for {code.actor}"
                where += f" until {code.until}" if code.until else ""
                known.facts["actor"] = Found(value=code.actor, where=where)
                return

    def defaults(self) -> Known:
        """What corpus.yaml says of every document that does not say otherwise."""
        known = Known()
        if self.description is not None:
            facts, people = facts_row(self.description.defaults, f"{NAME}, defaults")
            known.learn({name: found for name, found in facts.items() if not PART.search(found.value)}, people)
            if self.description.citation:
                known.learn({"citation": Found(value=self.description.citation, where=NAME)})
        return known


def _filled(described: Description, parts: Mapping[str, str]) -> dict[str, Found]:
    """Defaults with parts of the file name in them: ``Session {session}``."""
    facts, _ = facts_row(described.defaults, f"{NAME}, defaults, with the file name")
    named = {name: found for name, found in facts.items() if PART.search(found.value)}
    return {
        name: Found(value=PART.sub(lambda part: parts.get(part[1], part[0]), found.value), where=found.where)
        for name, found in named.items()
    }


def _in_time(date: Found | None, until: str | None) -> bool:
    return until is None or (date is not None and date.value[: len(until)] <= until[: len(date.value)])


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
                    found.manifest_rows |= read_manifest(manifest)
                found.items = [item for item in found.items if item.path in found.manifest_rows]
        if found is not None:
            mine = [item for item in found.items if item.path == path]
            if mine:
                found.items, found.left_out = mine, []
                return found
    return None


def _described(path: Path) -> CorpusFiles:
    described = read_description(path)
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
    unreadable = {item.name: why for item in items if (why := _unreadable(item))}
    found = CorpusFiles(
        items=[item for item in items if item.name not in unreadable],
        left_out=[(_printable(f"{root}/{name}"), why) for name, why in unreadable.items()],
        sources=[path],
        description=described,
        root=root,
    )
    _check_listed(described, {item.name for item in items}, path, found)
    found.listed = {each.path: facts_row(each, NAME) for each in described.documents}
    if described.manifest is not None:
        manifest = expand(described.manifest, root / "x" if root.is_dir() else root)
        found.manifest_rows = read_manifest(manifest)
        found.sources.append(manifest)
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
        found.manifest_rows |= read_manifest(manifest)
    found.sources = manifests
    covered = {manifest.parent for manifest in manifests}
    for item in every:
        if why := _unreadable(item):
            found.left_out.append((_printable(item.shown), why))
            continue
        hidden = any(part.startswith(".") for part in PurePosixPath(item.name).parts)
        if item.path in found.manifest_rows:
            found.items.append(item)
        elif item.path in manifests or item.path.name == NAME:
            continue
        elif hidden or NO_TEXTS.fullmatch(item.path.name):
            found.left_out.append(
                (item.shown, "a hidden file" if hidden else "describes the corpus, and is no text of it")
            )
        elif covered & set(item.path.parents):
            found.left_out.append((item.shown, "not listed in the manifest of its folder"))
        elif item.path.suffix.lower() == ".zip":
            try:
                members = _members(item.path)
            except RolecoderError as cause:
                found.left_out.append((item.shown, f"{cause.found}; to mend: {cause.mend}"))
                continue
            found.items += [Item(path=m.path, member=m.member, name=f"{item.name}!{m.name}") for m in members]
        else:
            found.items.append(item)
    there = {item.path for item in every}
    found.left_out += [
        (str(listed), "listed in a manifest, but not there") for listed in found.manifest_rows if listed not in there
    ]
    return found


def _walk(root: Path) -> list[Item]:
    """All files below a folder, in one order everywhere; links to folders are not followed."""
    paths = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    names = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    return [Item(path=path.absolute(), name=name) for name, path in names]


def _printable(path: str) -> str:
    return path.encode("utf-8", "replace").decode("utf-8")


def _unreadable(item: Item) -> str | None:
    """Why nothing can be read from a path."""
    if item.member is not None:
        return None
    try:
        item.name.encode()
    except UnicodeEncodeError:
        return "a file name that is not UTF-8; to mend: rename the file"
    if not item.path.exists():
        return "a link that leads nowhere"
    return None if item.path.is_file() else "no file that holds text, but a device, socket or pipe"


def _members(path: Path) -> list[Item]:
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive)
            names = sorted(member.filename for member in archive.infolist() if not member.is_dir())
    except RolecoderError as cause:
        raise RolecoderError(cause.found, where=str(path), expected=cause.expected, mend=cause.mend) from cause
    except BROKEN as cause:
        raise RolecoderError(f"no readable archive ({cause})", where=str(path), mend="get it again") from cause
    return [Item(path=path.absolute(), member=name, name=name) for name in names]


def glob_regex(glob: str) -> str:
    """A glob over paths as a regular expression: ``**/`` any folders, ``*`` and ``?`` within one name."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./"))
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part, re.escape(part)) for part in parts)
