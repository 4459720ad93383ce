"""Parts of a YAML file of settings: read, checked against what may be set, and their errors told in words."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict

from rolecoder.errors import RolecoderError, closest
from rolecoder.safeyaml import load_yaml

SHOWN = 200  # characters of a wrong value


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
    first = min(cause.errors(), key=lambda error: error["type"] != "extra_forbidden")
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        near = closest(name, {setting for part in parts for setting in part.model_fields})
        found = f"unknown setting {name!r}" + (f"; closest is {near!r}" if near else "")
    elif first["type"] == "missing":
        found = "is lacking"
    elif first["type"] == "value_error":
        found = first["msg"].removeprefix("Value error, ")
    else:
        found = f"{first['msg']} (found {repr(first['input'])[:SHOWN]})"
    more = f" (and {cause.error_count() - 1} more)" if cause.error_count() > 1 else ""
    return RolecoderError(
        found + more,
        where=f"{where}: {place}" if place else where,
        mend="pipeline/SETTINGS.md lists every setting",
    )
