"""Parts of a YAML file of settings: read, and checked against what may be set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from rolecoder.errors import RolecoderError
from rolecoder.study.faults import explain
from rolecoder.study.safeyaml import load_yaml, unreadable
from rolecoder.study.wrong_values import SETTINGS, told


class Section(BaseModel):
    """A part of the study; a setting that is not known is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth(cls, value: Any, known: ValidationInfo) -> Any:
        """Yes is no number, though Python counts with it."""
        if isinstance(value, bool) and _numeric(cls.model_fields[str(known.field_name)].annotation):
            raise PydanticKnownError("float_type")
        return value


S = TypeVar("S", bound=Section)
Share = Annotated[float, Field(ge=0, le=1)]


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping.

    Raises:
        RolecoderError: It is not there, not YAML or not a mapping, or a name stands twice in one.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"), once=True)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as cause:
        raise unreadable(cause, path) from cause
    if not isinstance(data, dict):
        raise RolecoderError(told(data), where=str(path), expected=SETTINGS)
    return data


def check_section(section: type[S], data: object, where: Path | str, parts: Mapping[str, type[Section]]) -> S:
    """Make a section out of what a file or the command line says.

    Args:
        section: What the data should be.
        data: As YAML gives it.
        where: The file, or what stands in its place, for errors.
        parts: Sections whose settings an unknown one may have meant, each under the name of its place.

    Raises:
        RolecoderError: A setting is not known, is lacking or has a wrong value.
    """
    try:
        return section.model_validate(data)
    except pydantic.ValidationError as cause:
        raise explain(cause, where, section, parts) from cause


def _numeric(annotation: Any) -> bool:
    return annotation in (int, float) or any(map(_numeric, get_args(annotation)))
