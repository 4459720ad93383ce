"""Tables beside the texts: manifests, a row a document, and tables of who spoke."""

from __future__ import annotations

import contextlib
import difflib
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from rolecoder.corpora.recipe import FIELDS, Row, SpeakerTable
from rolecoder.errors import RolecoderError, closest_said
from rolecoder.readers.archive import read_member
from rolecoder.readers.record import Found, field_names, not_read, people
from rolecoder.records import DATE, Participant
from rolecoder.tabular.filled import read_filled
from rolecoder.tabular.workbook import first_sheet

COLUMNS = ("path", *FIELDS, "speakers", "first_published")  # that are read; others are the user's own
NAMES = {"path": "path", **field_names(of_files=True), "first_published": "first_published"}


def read_manifest(path: Path) -> dict[Path, Row]:
    """Rows of a manifest by the file they speak of: relative to the manifest's folder, or the one above."""
    table = read_filled(path, "manifest")
    names = {column: _known_name(column) for column in table.columns}
    _check_names(names, path)
    if table.rows and "path" not in names.values():
        raise RolecoderError(
            "no column 'path'" + closest_said("path", table.columns),
            where=str(path),
            expected="doc_id, path, ...",
        )
    found: dict[Path, Row] = {}
    by_name: dict[str, list[Path]] = {}
    for each in path.parent.rglob("*"):
        by_name.setdefault(each.name, []).append(each)
    order = [column for name in NAMES for column in table.columns if _spelt(column) == name]
    others = not_read([column for column in table.columns if column not in order], COLUMNS)
    doubts = tuple(f"{path.name}: {other}" for other in others)
    for number, cells in table.rows:
        row: dict[str, str] = {}
        for column in order:  # of two that are known by one name, the first of these names that is filled
            if cells[column].strip():
                row.setdefault(names[column], cells[column])
        if not row.get("path"):
            continue
        place = _place(path, row["path"], by_name)
        said = _row(row, f"{path.name}, row {number}")._replace(doubts=doubts)
        if place in found and not _agree(found[place], said):
            raise RolecoderError(
                f"another row of {row['path']!r}, which says otherwise",
                where=f"{path}:{number}",
                expected="one row for each file",
                mend="leave the right one",
            )
        found[place] = said
    return found


def _agree(one: Row, other: Row) -> bool:
    """Whether two rows say the same of a file."""
    facts = [{name: found.value for name, found in row.facts.items()} for row in (one, other)]
    return facts[0] == facts[1] and one.people == other.people


def _spelt(column: str) -> str:
    return column.lower().replace(" ", "_")


def _known_name(column: str) -> str:
    """The name under which a column is known; another is the user's own."""
    return NAMES.get(_spelt(column), column)


def _check_names(names: Mapping[str, str], path: Path) -> None:
    """A name that is nearly known, while the known one is lacking, is a slip."""
    for column, name in names.items():
        near = difflib.get_close_matches(name.lower(), COLUMNS, n=1, cutoff=0.85)
        if near and name not in COLUMNS and near[0] not in names.values():
            raise RolecoderError(
                f"column {column!r}; closest of those that are read is {near[0]!r}",
                where=str(path),
                expected="some of " + ", ".join(COLUMNS),
                mend="correct its name, or choose one that is less like it",
            )


def _place(manifest: Path, written: str, by_name: Mapping[str, list[Path]]) -> Path:
    for folder in (manifest.parent, manifest.parent.parent):
        with contextlib.suppress(OSError, ValueError):  # what is no name of a file is not there
            if (folder / written.split("!")[0]).is_file():
                return (folder / written).absolute()
    same = by_name.get(PurePosixPath(written).name, [])
    return same[0].absolute() if len(same) == 1 else (manifest.parent / written).absolute()


def _row(row: Mapping[str, str], where: str) -> Row:
    facts = {}
    for name, value in row.items():
        if name in FIELDS and value.strip():
            facts[name] = Found(value=value.strip(), where=where)
    published = row.get("first_published", "").strip()
    if "date" not in facts and DATE.fullmatch(published):
        facts["date"] = Found(value=published, where=f"{where}: first_published")
    named = people(row.get("speakers", ""), offices=True)
    if named:
        facts["participants"] = Found(value="", where=where)
    return Row(facts, named)


def read_speakers(table: SpeakerTable, root: Path) -> dict[tuple[str, ...], Participant]:
    """Speakers by the parts of the file name; a key that occurs twice names nobody."""
    try:
        if root.suffix.lower() == ".zip":
            with zipfile.ZipFile(root) as archive:
                data = read_member(archive, table.file) if table.file in archive.namelist() else None
        else:
            data = (root / table.file).read_bytes() if (root / table.file).is_file() else None
    except OSError as cause:
        raise RolecoderError(f"{table.file} cannot be read ({cause.strerror})", where=str(root)) from cause
    if data is None:
        raise RolecoderError(
            f"no {table.file}", where=str(root), expected="the table that `speakers` in corpus.yaml names"
        )
    rows = [row for _, row in first_sheet(data)]
    if not rows:
        raise RolecoderError(f"no rows in {table.file}", where=str(root), expected="a header and a row a speaker")
    lacking = [c for c in [*table.match.values(), table.name] if c not in rows[0]]
    if lacking:
        raise RolecoderError(
            f"no column {lacking[0]!r} in {table.file}",
            where=str(root),
            expected="one of " + ", ".join(list(rows[0])[:12]),
        )
    people: dict[tuple[str, ...], Participant] = {}
    twice = set()
    for row in rows:
        key = tuple(plain_key(str(row.get(column) or "")) for column in table.match.values())
        name = " ".join(str(row.get(table.name) or "").split())
        if name and key in people and people[key].name.casefold() != name.casefold():
            twice.add(key)
        if name:
            office = " ".join(str(row.get(table.title) or "").split()) if table.title else ""
            people[key] = Participant(name=name, title=office or None)
    return {key: person for key, person in people.items() if key not in twice}


def plain_key(value: str) -> str:
    """A part of a key, so that 01, 1 and 1.0 are one."""
    return value.strip().removesuffix(".0").lstrip("0")
