"""A corpus: which files belong to it, and what is known of each before it is read.

Known from ``corpus.yaml``, from manifests (tables of documents) and from the pattern of file names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rolecoder.config import expand
from rolecoder.corpora.items import Item, members, no_text, one_line, printable, unreadable, walk
from rolecoder.corpora.manifests import plain_key, read_manifest, read_speakers
from rolecoder.corpora.recipe import (
    FIELDS,
    NAME,
    PART,
    ActorCode,
    Description,
    Row,
    facts_row,
    glob_regex,
    pattern_regex,
    read_description,
)
from rolecoder.errors import RolecoderError
from rolecoder.readers.record import Found
from rolecoder.records import Participant

MANIFEST = re.compile(r"manifest(?:[_-]\w+)?\.csv")


@dataclass(slots=True, kw_only=True)
class Known:
    """What is known of a document, each value with the place where it was found."""

    facts: dict[str, Found] = field(default_factory=dict)
    speakers: tuple[Participant, ...] = ()
    speakers_where: str = ""
    doubts: tuple[str, ...] = ()  # what is said of it beside, and not read

    def learn(
        self, facts: Mapping[str, Found], speakers: Sequence[Participant] = (), doubts: tuple[str, ...] = ()
    ) -> None:
        """Add what is not known yet; ``participants`` among the facts says where the speakers are from."""
        self.doubts += doubts
        for name, found in facts.items():
            self.facts.setdefault(name, found)
        if speakers and not self.speakers:
            self.speakers, self.speakers_where = tuple(speakers), facts["participants"].where


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
            known.learn(*self.listed[item.name])
        if self.manifest_rows and item.place in self.manifest_rows:
            known.learn(*self.manifest_rows[item.place])
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
            if person:
                facts["participants"] = Found(value="", where=described.speakers.file)
        known.learn(facts, (person,) if person else ())

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
            row = facts_row(self.description.defaults, f"{NAME}, defaults")
            known.learn({name: found for name, found in row.facts.items() if not PART.search(found.value)}, row.people)
            if self.description.citation:
                known.learn({"citation": Found(value=self.description.citation, where=NAME)})
        return known


def _filled(described: Description, parts: Mapping[str, str]) -> dict[str, Found]:
    """Defaults with parts of the file name in them: ``Session {session}``."""
    facts = facts_row(described.defaults, f"{NAME}, defaults, with the file name").facts
    named = {name: found for name, found in facts.items() if PART.search(found.value)}
    return {
        name: Found(value=PART.sub(lambda part: parts.get(part[1], part[0]), found.value), where=found.where)
        for name, found in named.items()
    }


def _in_time(date: Found | None, until: str | None) -> bool:
    return until is None or (date is not None and date.value[: len(until)] <= until[: len(date.value)])


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
        found = CorpusFiles(items=[])
        _sort_out(found, members(path))
        return found
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
        members(root)
        if root.suffix.lower() == ".zip"
        else walk(root)
        if root.is_dir()
        else [Item(path=root, name=root.name)]
    )
    wanted = [re.compile(glob_regex(glob)) for glob in described.files]
    unwanted = [re.compile(glob_regex(glob)) for glob in described.exclude]
    chosen = [
        i for i in every if any(w.fullmatch(i.name) for w in wanted) and not any(w.fullmatch(i.name) for w in unwanted)
    ]
    found = CorpusFiles(items=[], sources=[path.absolute()], description=described, root=root)
    found.listed = {each.path: facts_row(each, NAME) for each in described.documents}
    if described.speakers is not None and root.is_dir():
        found.sources.append(root / described.speakers.file)
    if described.manifest is not None:
        manifest = expand(described.manifest, root / "x" if root.is_dir() else root)
        found.manifest_rows = read_manifest(manifest)
        found.sources.append(manifest)
    table = described.speakers.file if described.speakers else None
    texts = [item for item in chosen if item.path not in found.sources and item.name != table]
    _sort_out(found, texts, named={*described.files, *found.listed})
    _check_listed(described, {item.name for item in chosen}, path, found)
    _check_rows(found, every)
    return found


def _check_listed(described: Description, names: set[str], path: Path, found: CorpusFiles) -> None:
    """Files that corpus.yaml names and that are not there are told of, never passed over."""
    for name in sorted({each.path for each in described.documents} | set(described.checksums)):
        if name not in names:
            found.left_out.append((f"{path.parent / described.root}/{name}", f"listed in {path.name}, but not there"))


def _check_rows(found: CorpusFiles, every: Sequence[Item]) -> None:
    """Files that a manifest lists and that are not there are told of as well."""
    there = {item.place for item in every} if found.manifest_rows else set()
    found.left_out += [
        (str(listed), "listed in a manifest, but not there") for listed in found.manifest_rows if listed not in there
    ]


def _folder(path: Path) -> CorpusFiles:
    found = CorpusFiles(items=[])
    every = walk(path)
    found.sources = [item.path for item in every if MANIFEST.fullmatch(item.path.name)]
    for manifest in found.sources:
        found.manifest_rows |= read_manifest(manifest)
    covered = {manifest.parent for manifest in found.sources}
    opened: list[Item] = []
    for item in every:
        if not _to_open(item, found, covered):
            opened.append(item)
            continue
        row = found.manifest_rows.pop(item.place, None)
        try:
            inside = [replace(m, name=f"{item.name}!{m.name}") for m in members(item.path)]
        except RolecoderError as cause:
            found.left_out.append((item.shown, one_line(cause)))
            continue
        opened += inside
        if row is not None:  # of an archive: it holds for all the texts in it that have no row of their own
            found.manifest_rows = {m.place: row for m in inside if no_text(m) is None} | found.manifest_rows
    about = {item.path for item in every if item.path.name == NAME} | set(found.sources)
    texts = [item for item in opened if item.path not in about or item.place in found.manifest_rows]
    _sort_out(found, texts, covered=covered)
    _check_rows(found, opened)
    return found


def _to_open(item: Item, found: CorpusFiles, covered: Collection[Path]) -> bool:
    """Tell an archive of texts; where a manifest should list them, it lists some of its members."""
    if item.path.suffix.lower() != ".zip" or unreadable(item) or no_text(item):
        return False
    if item.place in found.manifest_rows:
        return True
    inside = f"{item.path}!"
    return not _covered(item, covered) or any(str(row).startswith(inside) for row in found.manifest_rows)


def _covered(item: Item, covered: Collection[Path]) -> bool:
    return any(folder in covered for folder in item.path.parents)


def _sort_out(
    found: CorpusFiles, every: Sequence[Item], *, named: Collection[str] = (), covered: Collection[Path] = ()
) -> None:
    """Add the files that are texts, and say of each other one why it is not read.

    Args:
        found: Files that its manifests list are texts, whatever they are called.
        every: Files of the corpus.
        named: Names of files that corpus.yaml itself gives, which are texts as well.
        covered: Folders whose manifest lists every text in them.
    """
    for item in every:
        why = unreadable(item)
        if why is None and item.name not in named and item.place not in found.manifest_rows:
            why = no_text(item) or ("not listed in the manifest of its folder" if _covered(item, covered) else None)
        if why is None:
            found.items.append(item)
        else:
            found.left_out.append((printable(item.shown), why))
