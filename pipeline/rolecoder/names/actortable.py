"""The table of actors as it stands in its file, read and checked row by row.

Columns: ``actor`` the id (ISO 3166 alpha-3, a former state, ``group:NAME``, or ``none`` for what only looks like
an actor), ``name``, ``kind`` (state, former, group, none), ``since`` and ``until`` (days, both included), ``names``
other names, ``demonyms``, ``capitals`` that stand for a government, ``titles`` that name one state alone,
``codes`` other ids that files use for it, or of a group the two it unites (``group:African states+Arab states``),
``members`` of a group, and ``leaders``.

A cell with several entries separates them by ``;``.  An entry may carry its own dates,
``Zaire|1971-10-27|1997-05-16``, either left out.  A leader is ``Name/Other form/+Surname|Title|since|until``; a
surname after ``+`` is also a common word, and counts only after a title, and after another than his own only
within his dates: "Mr. Lee".  Office and surname together, "Prime Minister Gandhi", are known of every leader; where
families' names stand first, "Premier Li", within his dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rolecoder.errors import RolecoderError
from rolecoder.records import DATE
from rolecoder.tabular.filled import read_filled

NO_ACTOR = "none"  # row of the names that only look like an actor's: "Latin American", "Jordan River"
KINDS = ("state", "former", "group", NO_ACTOR)
COLUMNS = (
    "actor",
    "name",
    "kind",
    "since",
    "until",
    "names",
    "demonyms",
    "capitals",
    "titles",
    "codes",
    "members",
    "leaders",
)
SURNAME_FIRST = frozenset("CHN TWN PRK KOR SGP".split())  # some of their leaders: "Lee Kuan Yew", not "George Yeo"
ID = re.compile(r"[A-Z]{3}|group:\S.*|none")
LATEST = "9999"


class Entry(NamedTuple):
    """One name of an actor, and the days, both included, from and to which it means that actor."""

    actor: str
    kind: str  # a MentionKind, or "title"
    since: str
    until: str
    where: str
    titled: bool = False  # only after a title: "Major" is also a word
    office: str = ""  # of a leader: "President"
    within: bool = False  # no one outside its dates: "Mr. Lee"

    def covers(self, day: str) -> bool:
        """Tell whether the name meant the actor on an ISO day."""
        return self.since <= day <= self.until


Entries = dict[str, list[Entry]]


def read_entries(path: Path) -> tuple[dict[str, str], Entries, Entries, Entries]:
    """Read the table: names by id, entries by spelling, entries by other id, members by group.

    Raises:
        RolecoderError: The file cannot be read, a column lacks, an id, kind, date or leader is
            malformed, an id occurs twice, or two actors bear one name at one time.
    """
    table = read_filled(path, "table of actors")
    if set(table.columns) != set(COLUMNS):
        raise RolecoderError(
            "columns " + ", ".join(table.columns), where=str(path), expected="the columns " + ", ".join(COLUMNS)
        )
    rows = [(f"{path}:{number}", row) for number, row in table.rows]
    names: dict[str, str] = {}
    entries: Entries = {}
    codes: Entries = {}
    members: Entries = {}
    for where, row in rows:
        cells = {column: row[column].strip() for column in COLUMNS}
        _check_row(cells, names, where)
        if cells["kind"] != NO_ACTOR:
            names[cells["actor"]] = cells["name"]
        for spelling, entry in _row_entries(cells, where):
            _add(entries, spelling, entry)
        for spelling, entry in _dated(cells["codes"], cells, "code", where):
            _add(codes, spelling, entry)
        for member, entry in _dated(cells["members"], dict.fromkeys(COLUMNS, ""), "member", where):
            members.setdefault(cells["actor"], []).append(entry._replace(actor=member))
    _add_offices(rows, entries)
    _check_members(members, names)
    return names, entries, codes, members


def _check_members(members: Entries, names: Mapping[str, str]) -> None:
    for entry in (entry for entries in members.values() for entry in entries):
        if entry.actor not in names:
            raise RolecoderError(f"member {entry.actor!r} is not an actor id of the table", where=entry.where)


def _check_row(cells: Mapping[str, str], names: Mapping[str, str], where: str) -> None:
    actor, kind = cells["actor"], cells["kind"]
    if not ID.fullmatch(actor) or kind not in KINDS:
        raise RolecoderError(
            f"actor {actor!r} of kind {kind!r}",
            where=where,
            expected="three capital letters or group:NAME, of kind " + ", ".join(KINDS),
        )
    if actor in names:
        raise RolecoderError(f"actor {actor!r} occurs twice", where=where, mend="put all its names into one row")
    if not cells["name"] and kind != NO_ACTOR:
        raise RolecoderError(f"actor {actor!r} has no name", where=where)


def _row_entries(cells: Mapping[str, str], where: str) -> Iterator[tuple[str, Entry]]:
    """Every spelling of a row's actor; dates in ``names`` win over the dates of the row."""
    kind = "group" if cells["kind"] == "group" else "name"
    named = list(_dated(cells["names"], cells, kind, where))
    if cells["name"] and cells["name"] not in {spelling for spelling, _ in named}:
        yield from _dated(cells["name"], cells, kind, where)
    yield from named
    for column, kind in (("demonyms", "demonym"), ("capitals", "capital"), ("titles", "title")):
        yield from _dated(cells[column], cells, kind, where)
    for item in filter(None, cells["leaders"].split(";")):
        yield from _leader(item, cells["actor"], where)


def _dated(cell: str, cells: Mapping[str, str], kind: str, where: str) -> Iterator[tuple[str, Entry]]:
    for item in filter(None, cell.split(";")):
        spelling, *dates = (part.strip() for part in item.split("|"))
        if not spelling or len(dates) > 2:
            raise RolecoderError(f"entry {item!r}", where=where, expected="NAME, NAME|SINCE or NAME|SINCE|UNTIL")
        since, until = [*dates, "", ""][:2] if dates else (cells["since"], cells["until"])
        yield spelling, _entry(cells["actor"], kind, since, until, where)


def _parts(item: str, where: str) -> list[str]:
    """Forms of the name, title, since and until of a leader."""
    parts = [part.strip() for part in item.split("|")]
    if len(parts) != 4 or not parts[0]:
        raise RolecoderError(
            f"leader {item!r}", where=where, expected="NAME/OTHER FORM/+SURNAME AFTER A TITLE|TITLE|SINCE|UNTIL"
        )
    return parts


def _leader(item: str, actor: str, where: str) -> Iterator[tuple[str, Entry]]:
    forms, title, since, until = _parts(item, where)
    plain = _entry(actor, "leader", since, until, where)._replace(office=title)
    for form in forms.split("/"):
        if not form.startswith("+"):
            yield form, plain
            continue
        yield form[1:], plain._replace(titled=True)
        for head in {title, "Mr.", "Minister", "Secretary", "Ambassador"} - {""}:
            yield f"{head} {form[1:]}", plain._replace(within=head != title)


def _add_offices(rows: Sequence[tuple[str, Mapping[str, str]]], entries: Entries) -> None:
    """Add office and surname of every leader; where two bore both at one time, they are nobody's then."""
    for where, row in rows:
        for spelling, entry in _offices(row, where):
            entries.setdefault(spelling, []).append(entry)


def _offices(row: Mapping[str, str], where: str) -> Iterator[tuple[str, Entry]]:
    """Office and surname of each leader of a row: "Prime Minister Gandhi", "PM Gandhi", "Premier Li"."""
    for item in filter(None, (row["leaders"] or "").split(";")):
        forms, title, since, until = _parts(item, where)
        name = forms.split("/")[0].lstrip("+").replace("\u2019", "'").split()
        if title and len(name) > 1:
            plain = _entry(row["actor"].strip(), "leader", since, until, where)
            for head in sorted({title, {"Prime Minister": "PM", "Foreign Minister": "FM"}.get(title, title)}):
                if row["actor"].strip() in SURNAME_FIRST and name[0].isalpha():
                    yield f"{head} {name[0]}", plain._replace(within=name[0] not in forms.split("/"))
                    yield from ((f"{head} {form}", plain) for form in forms.split("/") if " " in form)  # "... Li Peng"
                yield f"{head} {name[-1]}", plain


def _entry(actor: str, kind: str, since: str, until: str, where: str) -> Entry:
    for date in filter(None, (since, until)):
        if not DATE.fullmatch(date):
            raise RolecoderError(f"date {date!r}", where=where, expected="YYYY, YYYY-MM or YYYY-MM-DD")
    if since and until and until < since[: len(until)]:
        raise RolecoderError(f"since {since} until {until}", where=where, expected="the earlier date first")
    return Entry(actor, kind, since, until + "~" if until else LATEST, where)  # "1993-05-01" <= "1993~"


def _add(entries: Entries, spelling: str, entry: Entry) -> None:
    spelling = spelling.replace("\u2019", "'")
    for other in entries.setdefault(spelling, []):
        if other.actor != entry.actor and other.since <= entry.until and entry.since <= other.until:
            raise RolecoderError(
                f"{spelling!r} is a name of {entry.actor!r} and, at the same time, of {other.actor!r} ({other.where})",
                where=entry.where,
                mend="take it out of one row, or give both dates: NAME|SINCE|UNTIL",
            )
    entries[spelling].append(entry)
