"""Markdown, with or without front matter in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import yaml

from rolecoder.errors import RolecoderError, closest_said
from rolecoder.readers.plain import check_size, decode
from rolecoder.readers.record import FIELDS, Found, Reading, field_names, people
from rolecoder.records import Note, Participant
from rolecoder.study.safeyaml import load_yaml

FRONT = re.compile(r"\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
HEADING = re.compile(r"^#{1,6}[ \t]+(?=\S)", re.M)
MARKS = re.compile(r"^(?:[ \t]*>)+[ \t]?|^[ \t]*```.*$|^[ \t]*(?:[-*_][ \t]*+){3,}+$", re.M)
LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^\[)\n]*)\)")
ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!>~|-])")
FOOTNOTE = re.compile(r"^[ \t]{0,3}\[\^[^\]\n]{1,40}\]:[ \t]*(?P<words>.*(?:\n(?:[ \t]*\n)?[ \t]{2,}\S.*)*)", re.M)
FIGURE = re.compile(r"\[\^[^\]\n]{1,40}\](?!:)")  # that leads to a footnote
NAMES = field_names(of_files=True)
KNOWN = (*FIELDS, "speaker", "summarises")
MOST_FRONT = 100_000  # characters of front matter


def read_markdown(data: bytes, *, keep_newlines: bool) -> list[Reading]:
    """Read Markdown; its front matter gives metadata and participants, and is no text.

    Raises:
        RolecoderError: The front matter is not a mapping in YAML, or its speakers are not readable.
    """
    raw, told = decode(data)
    check_size(raw)
    if "\r" in raw and not keep_newlines:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    lines = raw.replace("\r\n", " \n").replace("\r", "\n")  # offset for offset
    front = FRONT.match(lines)
    fields, others = _known(_front_matter(front.group(1)) if front else {})
    start = front.end() if front else 0
    omit = [(0, start)] if front else []
    omit += [m.span() for pattern in (HEADING, MARKS, ESCAPE) for m in pattern.finditer(lines, start)]
    omit += _comments(lines, start)
    for link in LINK.finditer(lines, start):
        omit += [(link.start(), link.start(1)), (link.end(1), link.end())]
    notes = tuple(_notes(lines, start))
    omit += [(note.raw_start, note.raw_end) for note in notes] + [m.span() for m in FIGURE.finditer(lines, start)]
    metadata: dict[str, Found] = {}
    for name, field in NAMES.items():
        if fields.get(name) and field != "speakers":
            metadata.setdefault(field, Found(value=_value(name, fields[name]), where="front matter"))
    if "summarises" in fields and "citation" not in metadata:
        metadata["citation"] = Found(value=_value("summarises", fields["summarises"]), where="front matter: summarises")
    speaking = _people(next((fields[n] for n, field in NAMES.items() if field == "speakers" and fields.get(n)), []))
    if speaking:
        metadata["participants"] = Found(value="", where="front matter")
    doubts = tuple(
        f"front matter: {name!r}, which is no field that is read{closest_said(name, KNOWN)}"
        for name in others
        if closest_said(name, KNOWN)
    )
    reading = Reading(raw=raw, omit=tuple(omit), metadata=metadata, participants=speaking, notes=notes, mended=told)
    return [replace(reading, doubts=doubts)]


def _notes(lines: str, start: int) -> Iterator[Note]:
    """The footnotes, each with the lines that are set in below it."""
    for match in FOOTNOTE.finditer(lines, start):
        yield Note(kind="footnote", text=" ".join(match["words"].split()), raw_start=match.start(), raw_end=match.end())


def _comments(raw: str, start: int) -> Iterator[tuple[int, int]]:
    end = start
    while (opened := raw.find("<!--", end)) >= 0 and (closed := raw.find("-->", opened + 4)) >= 0:
        end = closed + 3
        yield opened, end


def _front_matter(text: str) -> dict[str, object]:
    if len(text) > MOST_FRONT:
        raise RolecoderError(
            f"front matter of {len(text):,} characters",
            expected=f"a few lines of `name: value`, at most {MOST_FRONT:,} characters",
            mend="end the front matter with a line of `---`",
        )
    try:
        fields = load_yaml(text)
    except yaml.YAMLError as cause:
        raise RolecoderError(
            f"front matter that is not YAML ({str(cause).splitlines()[0][:200]})",
            expected="`name: value` lines between two lines of `---`",
            mend="put values that hold a colon in quotes",
        ) from cause
    if fields is not None and not isinstance(fields, dict):
        raise RolecoderError("front matter that is no mapping", expected="`name: value` lines between lines of `---`")
    return {str(name): value for name, value in (fields or {}).items()}


def _known(fields: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """The fields that are read, and the names of the others; under another name, only values that are plain count."""
    known = {n: v for n, v in fields.items() if n in KNOWN or (n in NAMES and _plain(v))}
    return known, [name for name in fields if name not in known]


def _plain(value: object) -> bool:
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, (str, int, float, date)) for part in parts)


def _value(name: str, value: object) -> str:
    """A value as text; lists and mappings are none, nor numbers that nobody writes."""
    if isinstance(value, (list, dict, set, bytes)) or (isinstance(value, int) and value.bit_length() > 200):
        raise RolecoderError(
            f"front matter whose `{name}` is no single value",
            expected=f"`{name}: value`, in quotes where it needs them",
        )
    return str(value)


def _people(rows: object) -> tuple[Participant, ...]:
    if isinstance(rows, str):
        return people(rows)
    if not isinstance(rows, list):
        raise RolecoderError("speakers that are no list", expected="speakers: [{name, actor, title}]")
    named = []
    for row in rows:
        row = {"name": row} if isinstance(row, str) else row
        if not isinstance(row, dict) or not row.get("name") or set(row) - {"name", "actor", "title"}:
            raise RolecoderError(f"a speaker {str(row)[:200]!r}", expected="name and, where known, actor and title")
        named.append(Participant(**{key: _value(key, value) for key, value in row.items() if value is not None}))
    return tuple(named)
