"""The file corpus.yaml: where a corpus comes from, which files it has, and what is known of them."""

from __future__ import annotations

import re
from pathlib import Path

import pydantic
from pydantic import Field, field_validator

from rolecoder.config import Section, read_yaml
from rolecoder.errors import RolecoderError, closest
from rolecoder.readers.record import Found
from rolecoder.records import DATE, DOC_TYPES, Participant

FIELDS = ("doc_id", "title", "date", "place", "actor", "doc_type", "language", "citation")
NAME = "corpus.yaml"
PART = re.compile(r"\{(\w+)\}")  # of a file-name pattern
MOST_WILD = 10  # wild cards in one pattern; with more, matching a name may take for ever
Row = tuple[dict[str, Found], tuple[Participant, ...]]  # what is known of a document, and who speaks in it


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
    """A code in file names that means another actor, always or up to some date."""

    code: str
    actor: str
    until: str | None = Field(None, description="Last date, as precise as the documents' dates; by default, always.")


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
    defaults: Facts = Field(Facts(), description="Of every document; may name parts of the pattern: Session {session}")
    documents: tuple[Listed, ...] = ()
    checksums: dict[str, str] = Field(default_factory=dict)
    actor_codes: tuple[ActorCode, ...] = ()
    speakers: SpeakerTable | None = None

    @field_validator("pattern")
    @classmethod
    def _parts(cls, value: str | None) -> str | None:
        parts = PART.findall(value or "")
        if len(set(parts)) < len(parts) or len(parts) > MOST_WILD or not all(part.isidentifier() for part in parts):
            raise ValueError(f"expected at most {MOST_WILD} parts, each with a name of its own such as {{actor}}")
        if "}{" in (value or ""):
            raise ValueError("two parts stand side by side; expected a sign between them, as in {actor}_{year}")
        return value

    @field_validator("files", "exclude")
    @classmethod
    def _globs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for glob in value:
            if glob.count("*") > 2 * MOST_WILD:
                raise ValueError(f"{glob[:60]!r} holds more wild cards than can be matched")
        return value


def read_description(path: Path) -> Description:
    """Read a corpus.yaml.

    Raises:
        RolecoderError: It cannot be read, a setting is not known or has a wrong value.
    """
    data = read_yaml(path)
    try:
        return Description.model_validate(data)
    except pydantic.ValidationError as cause:
        raise _explain(cause, path) from cause


def facts_row(facts: Facts, where: str) -> Row:
    """What corpus.yaml says of a document, as a row of a manifest would."""
    found = {name: Found(value=value, where=where) for name in FIELDS if (value := getattr(facts, name))}
    people = tuple(Participant(name=p.name, actor=p.actor, title=p.title) for p in facts.speakers)
    if people:
        found["participants"] = Found(value="", where=where)
    return found, people


def _explain(cause: pydantic.ValidationError, path: Path) -> RolecoderError:
    first = cause.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or NAME
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        near = closest(name, set(Description.model_fields) | set(Listed.model_fields))
        found = f"unknown setting {name!r}" + (f"; closest is {near!r}" if near else "")
    else:
        found = f"{first['msg']} (found {str(first.get('input'))[:200]!r})"
    return RolecoderError(found, where=f"{path}: {place}", mend="the README lists what a corpus.yaml may say")
