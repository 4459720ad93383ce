"""What is wrong in a file of settings, told in words: where, what was found and expected, how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pydantic
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from rolecoder.errors import RolecoderError, closest, closest_said, listed
from rolecoder.study.safeyaml import compose, locate
from rolecoder.study.wrong_values import Wrong, describe, section_of

FAULTS = 3  # told at once
SURE = 0.8  # likeness of a misspelt setting; below it another place is thought of first
NO_SETTINGS = ("word", "periods", "target", "[key]")  # in the checking library's places: forms that a setting may have

Parts = Mapping[str, type[BaseModel]]  # sections of a file, each under the name of its place in it
Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong."""

    place: str
    row: int | None
    found: str
    mend: str | None

    def line(self) -> str:
        """All of it, to stand below another fault of the file."""
        row = [f"row {self.row}"] if self.row else []
        place = [self.place] if self.place else []
        return ": ".join([*row, *place, self.found]) + (f" ({self.mend})" if self.mend else "")


def explain(
    cause: pydantic.ValidationError, where: Path | str, section: type[BaseModel], parts: Parts
) -> RolecoderError:
    """The first faults in words; a setting that is not known comes last, since what it stands for may be lacking.

    Args:
        cause: All that the checking library found.
        where: The file, or what stands in its place.
        section: What the file should be.
        parts: Sections whose settings an unknown one may have meant.
    """
    tree = compose(where.read_text(encoding="utf-8")) if isinstance(where, Path) else None
    errors = cause.errors()
    follow = [error for error in errors if not _follows(error, errors)]
    ordered = sorted(follow, key=lambda error: error["type"] == "extra_forbidden")
    lacking = [error["loc"] for error in errors if error["type"] == "missing"]
    first, *others = [_fault(error, tree, section, parts, lacking) for error in ordered[:FAULTS]]
    lines = [fault.line() for fault in others] + [""] * len(ordered[FAULTS:])
    file = f"{where}:{first.row}" if first.row else str(where)
    return RolecoderError(
        first.found + listed(lines, FAULTS - 1),
        where=f"{file}: {first.place}" if first.place else file,
        mend="; ".join(filter(None, (first.mend, "pipeline/SETTINGS.md lists every setting"))),
    )


def _follows(error: ErrorDetails, errors: Collection[ErrorDetails]) -> bool:
    """Whether an error says nothing beside others: a list is too short only because an item of it is wrong."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in errors
    )


def _fault(
    error: ErrorDetails,
    tree: yaml.Node | None,
    section: type[BaseModel],
    parts: Parts,
    lacking: Collection[Place],
) -> Fault:
    named = len(error["loc"]) - (error["type"] == "extra_forbidden")  # there the last is what the file calls it
    place = tuple(part for part in error["loc"][:named] if part not in NO_SETTINGS) + error["loc"][named:]
    row, written = locate(tree, place)
    field = _field(section, place)
    if error["type"] == "extra_forbidden":
        beside = [str(other[-1]) for other in lacking if other[:-1] == error["loc"][:-1]]
        found, mend = _unknown(place, section, parts, beside)
    elif error["type"] in SPECIAL:
        found, mend = SPECIAL[error["type"]](error, field)
    else:
        found, mend = describe(
            Wrong(
                error=error,
                name=next((part for part in reversed(place) if isinstance(part, str)), ""),
                written=str(error["input"]) if written is None else written,
                field=field,
                section=_asked(error, parts) or (section_of(field.annotation) if field else None),
            )
        )
    told = place[:-1] if error["type"] == "invalid_key" else place
    return Fault(place=".".join(map(str, told)), row=row, found=found, mend=mend)


def _asked(error: ErrorDetails, parts: Parts) -> type[BaseModel] | None:
    """The section that the checking library looked for."""
    name = error.get("ctx", {}).get("class_name")
    return next((part for part in parts.values() if part.__name__ == name), None)


def _field(section: type[BaseModel] | None, place: Place) -> FieldInfo | None:
    """The declared setting that a place in the file means; None where it is not known."""
    field: FieldInfo | None = None
    for part in (part for part in place if isinstance(part, str)):
        section = section_of(field.annotation) if field else section
        if section is None or part not in section.model_fields:
            return None
        field = section.model_fields[part]
    return field


def _unknown(place: Place, section: type[BaseModel], parts: Parts, lacking: Collection[str]) -> tuple[str, str | None]:
    """A setting that is not known: one misspelt, or one of another place."""
    name, around = str(place[-1]), _field(section, place[:-1])
    here = section_of(around.annotation) if around else section if len(place) == 1 else None
    if near := closest(name, [*lacking, *(here.model_fields if here else ())], alike=SURE):
        return f"unknown setting {name!r}; closest is {near!r}", None
    homes = [(part, f"under `{place}`") for place, part in parts.items() if name in part.model_fields]
    if homes:
        said = ["at the left margin" if part is section else under for part, under in homes]
        return f"unknown setting {name!r} in this place", f"it belongs {' or '.join(said)}"
    known = {setting for part in parts.values() for setting in part.model_fields}
    return f"unknown setting {name!r}" + (closest_said(name, lacking) or closest_said(name, known)), None


def _lacking(error: ErrorDetails, field: FieldInfo | None) -> tuple[str, str | None]:
    described = f": {field.description}".removesuffix(".") if field and field.description else ""
    return "is lacking", f"add `{error['loc'][-1]}: ...`{described}"


def _own(error: ErrorDetails, field: FieldInfo | None) -> tuple[str, str | None]:
    """What a check of this project says."""
    return error["msg"].removeprefix("Value error, "), None


def _no_name(error: ErrorDetails, field: FieldInfo | None) -> tuple[str, str | None]:
    said = f"a setting is named {error['loc'][-1]}; expected a name"
    return said, "put it in quotes; in brackets a comma parts settings: write 1000, not 1,000"


SPECIAL: Mapping[str, Callable[[ErrorDetails, FieldInfo | None], tuple[str, str | None]]] = {
    "missing": _lacking,
    "value_error": _own,
    "invalid_key": _no_name,
}
