"""Parts of a YAML file of settings: read, checked against what may be set, and their errors told in words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict

from rolecoder.errors import RolecoderError, closest_said, listed
from rolecoder.study.safeyaml import load_yaml

SHOWN = 200  # characters of a wrong value
FAULTS = 3  # told at once
FORMS = ("word", "periods", "target")  # tags of the forms that a setting may have: no settings
WANTED = {
    "tuple_type": "should be a list",
    "path_type": "should be a path",
    "model_type": "should be settings, each as `name: value`",
}  # in place of the checking library's own words


class Section(BaseModel):
    """A part of the study; a setting that is not known is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Section)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping.

    Raises:
        RolecoderError: It is not there, not YAML or not a mapping.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as cause:
        raise RolecoderError(f"not a readable YAML file ({cause})", where=str(path)) from cause
    if not isinstance(data, dict):
        raise RolecoderError(
            f"holds a {type(data).__name__}", where=str(path), expected="settings, each as `name: value`"
        )
    return data


def check_section(section: type[S], data: object, where: str, parts: Collection[type[Section]]) -> S:
    """Make a section out of what a file or the command line says.

    Args:
        section: What the data should be.
        data: As YAML gives it.
        where: The file, for errors.
        parts: Sections of the same file, whose settings an unknown one may have meant.

    Raises:
        RolecoderError: A setting is not known, is lacking or has a wrong value.
    """
    try:
        return section.model_validate(data)
    except pydantic.ValidationError as cause:
        raise _explain(cause, where, parts) from cause


def _explain(cause: pydantic.ValidationError, where: str, parts: Collection[type[Section]]) -> RolecoderError:
    """The first faults in words; a setting that is not known comes last, since what it stands for may be lacking."""
    errors = cause.errors()
    follow = [e for e in errors if not any(e is not other and _follows(e, other) for other in errors)]
    told = [_fault(e, parts) for e in sorted(follow, key=lambda error: error["type"] == "extra_forbidden")]
    (place, found), others = told[0], told[1:]
    return RolecoderError(
        found + listed([f"{other or where}: {fault}" for other, fault in others], FAULTS - 1),
        where=f"{where}: {place}" if place else where,
        mend="pipeline/SETTINGS.md lists every setting",
    )


def _follows(error: Any, other: Any) -> bool:
    """Whether an error says nothing beside another: a list is too short only because an item of it is wrong."""
    place, deeper = error["loc"], other["loc"]
    return bool(error["type"] == "too_short" and len(deeper) > len(place) and deeper[: len(place)] == place)


def _fault(error: Any, parts: Collection[type[Section]]) -> tuple[str, str]:
    """Where, and what is wrong."""
    place = ".".join(str(part) for part in error["loc"] if part not in FORMS)
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        known = {setting for part in parts for setting in part.model_fields}
        return place, f"unknown setting {name!r}" + closest_said(name, known)
    if error["type"] == "missing":
        return place, "is lacking"
    if error["type"] == "value_error":
        return place, error["msg"].removeprefix("Value error, ")
    given = error["input"]
    if isinstance(given, date) and error["type"] == "string_type":
        return place, f'a date without quotes; write "{given.isoformat()}"'
    said = given.isoformat() if isinstance(given, date) else repr(given)[:SHOWN]
    return place, f"{WANTED.get(error['type']) or error['msg'].replace('Input should', 'should')} (found {said})"
