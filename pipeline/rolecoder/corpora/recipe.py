"""The file corpus.yaml: where a corpus comes from, which files it has, and what is known of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, field_validator, model_validator

from rolecoder.errors import RolecoderError, closest_said
from rolecoder.readers.record import Found
from rolecoder.records import DATE, DOC_TYPES, Participant
from rolecoder.study.sections import Section, check_section, read_yaml

FIELDS = ("doc_id", "title", "date", "place", "actor", "doc_type", "language", "citation")
NAME = "corpus.yaml"
PLACES = {
    "actor": r"[A-Z][A-Z0-9]{1,15}",
    "year": r"\d{4}",
    "date": r"\d{4}(?:-\d\d){0,2}",
    "session": r"\d+",
    "number": r"\d+",
}
PART = re.compile(r"\{(\w+)\}")  # of a file-name pattern
MOST_WILD = 10  # wild cards in one pattern; with more, matching a name may take for ever


class Row(NamedTuple):
    """What is known of a document, who speaks in it, and what else is said of it and not read."""

    facts: dict[str, Found]
    people: tuple[Participant, ...] = ()
    doubts: tuple[str, ...] = ()


class Person(Section):
    """A person named by the corpus."""

    name: str = Field(description="As the text has it.")
    actor: str | None = Field(None, description="Code of the person's state.")
    title: str | None = Field(None, description="Office.")


class Facts(Section):
    """What can be said of a document."""

    doc_id: str | None = Field(None, description="Short name, its own; by default of the file.")
    title: str | None = Field(None, description="As it is cited.")
    date: str | None = Field(None, description="YYYY, YYYY-MM or YYYY-MM-DD, in quotes.")
    place: str | None = Field(None, description="Where it was said.")
    actor: str | None = Field(None, description="Code of the main speaker's state, for example JPN.")
    doc_type: str | None = Field(None, description=f"One of {', '.join(DOC_TYPES)}.")
    language: str | None = Field(None, description="For example en; by default told from the words.")
    citation: str | None = Field(None, description="Full reference, for the report.")
    speakers: tuple[Person, ...] = Field(
        (), description="Who speaks in it: a list; in a manifest 'Name, Office; Name'."
    )

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

    path: str = Field(description="Of its file, below the root.")


class ActorCode(Section):
    """A code in file names that means another actor, always or up to some date."""

    code: str = Field(description="As file names have it.")
    actor: str = Field(description="Code of the actor that it means.")
    until: str | None = Field(None, description="Last date, as precise as the documents' dates; by default, always.")


class SpeakerTable(Section):
    """A table, in the corpus, of who spoke."""

    file: str = Field(description="XLSX, below the root.")
    match: dict[str, str] = Field(min_length=1, description="Part of the `pattern` -> column of the table.")
    name: str = Field(description="Column of the speaker's name.")
    title: str | None = Field(None, description="Column of the speaker's office.")


class Description(Section):
    """The file corpus.yaml."""

    name: str = Field(description="Short name.")
    title: str = Field("", description="Of the corpus.")
    origin: str = Field("", description="Where it comes from.")
    licence: str = Field("", description="Under which its texts may be used.")
    citation: str = Field("", description="Full reference.")
    provenance: str = Field("", description="How it was made, and what was done to the texts.")
    root: Path = Field(Path(), description="Folder or archive of the texts; by default the folder of corpus.yaml.")
    files: tuple[str, ...] = Field(
        ("**/*",), description="Which files below the root are read; README, LICENSE and such only where named."
    )
    exclude: tuple[str, ...] = Field((), description="Which of these are not.")
    pattern: str | None = Field(None, description="Of file names, for example {actor}_{session}_{year}.txt")
    manifest: Path | None = Field(
        None, description="CSV of the documents, below the root; its columns are `path` and those of `defaults`."
    )
    defaults: Facts = Field(
        Facts(), description="Of every document; may name parts of the pattern, and no others: Session {session}"
    )
    documents: tuple[Listed, ...] = Field((), description="What is known of single documents: a list.")
    checksums: dict[str, str] = Field(
        default_factory=dict, description="Expected SHA-256 of files; one that differs is reported."
    )
    actor_codes: tuple[ActorCode, ...] = Field((), description="Codes in file names that mean another actor: a list.")
    speakers: SpeakerTable | None = Field(None, description="A table, in the corpus, of who spoke.")

    @field_validator("pattern")
    @classmethod
    def _parts(cls, value: str | None) -> str | None:
        parts = PART.findall(value or "")
        if len(set(parts)) < len(parts) or len(parts) > MOST_WILD or not all(part.isidentifier() for part in parts):
            raise ValueError(f"expected at most {MOST_WILD} parts, each with a name of its own such as {{actor}}")
        if "}{" in (value or ""):
            raise ValueError("two parts stand side by side; expected a sign between them, as in {actor}_{year}")
        return value

    @model_validator(mode="after")
    def _of_the_pattern(self) -> Description:
        """What is taken from file names is a part of their pattern."""
        parts = PART.findall(self.pattern or "")
        wanted = dict.fromkeys(self.speakers.match if self.speakers else (), "speakers.match")
        wanted |= {
            part: f"defaults.{name}" for name in FIELDS for part in PART.findall(getattr(self.defaults, name) or "")
        }
        for part, place in wanted.items():
            if part not in parts:
                said = f" {self.pattern!r}" if self.pattern else ", which is not given"
                said += closest_said(part, parts)
                raise ValueError(f"{place}: {part!r} is no part of the pattern{said}")
        return self

    @field_validator("files", "exclude")
    @classmethod
    def _globs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for glob in value:
            if glob.count("*") > 2 * MOST_WILD:
                raise ValueError(f"{glob[:60]!r} holds more wild cards than can be matched")
        return value


PARTS: Mapping[str, type[Section]] = {
    "A corpus.yaml": Description,
    "defaults": Facts,
    "documents: each": Listed,
    "defaults and documents: speakers, each": Person,
    "actor_codes: each": ActorCode,
    "speakers": SpeakerTable,
}


def read_description(path: Path) -> Description:
    """Read a corpus.yaml.

    Raises:
        RolecoderError: It cannot be read, a setting is not known or has a wrong value.
    """
    data = read_yaml(path)
    if {"study", "corpora"} <= data.keys():
        raise RolecoderError(
            "is a study, and describes no corpus",
            where=str(path),
            expected="the file corpus.yaml, a folder, an archive or a text",
            mend=f"do the study with `rolecoder run {path.name}`, or name the paths of its corpora here",
        )
    return check_section(Description, data, path, PARTS)


def facts_row(facts: Facts, where: str) -> Row:
    """What corpus.yaml says of a document, as a row of a manifest would."""
    found = {name: Found(value=value, where=where) for name in FIELDS if (value := getattr(facts, name))}
    people = tuple(Participant(name=p.name, actor=p.actor, title=p.title) for p in facts.speakers)
    if people:
        found["participants"] = Found(value="", where=where)
    return Row(found, people)


@functools.cache
def pattern_regex(pattern: str) -> str:
    """A file-name pattern as a regular expression with one group a part."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    return "".join(
        f"(?P<{piece}>{PLACES.get(piece, '.+?')})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    )


def glob_regex(glob: str) -> str:
    """A glob over paths as a regular expression: ``**/`` any folders, ``*`` and ``?`` within one name."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./"))
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part, re.escape(part)) for part in parts)
