"""A wrong value of a setting, in words: what stands there, what is expected, and how it is written right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from rolecoder.errors import closest_said

SHOWN = 200  # characters of a wrong value
NAMES = 6  # of settings that a section may have
SETTINGS = "settings, each as `name: value`"
EXPECTED = {
    "tuple_type": "a list",
    "path_type": "the path of a file or folder",
    "dict_type": SETTINGS,
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "letters, digits, - and _, without blanks",
    "string_too_short": "a text that is not empty",
    "too_short": "at least one",
}  # in place of the checking library's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A value that cannot be that of its setting."""

    error: ErrorDetails
    name: str  # of the setting
    written: str  # the value as it stands in the file
    field: FieldInfo | None  # the declared setting; None where it is not known
    section: type[BaseModel] | None  # the section that the setting holds, alone or in a list

    @property
    def value(self) -> Any:
        """As YAML understood it."""
        return self.error["input"]


def told(value: object, written: str | None = None) -> str:
    """Say what a setting holds."""
    if value is None:
        return "is empty"
    if isinstance(value, list | dict):
        what = "a list" if isinstance(value, list) else "settings"
        return f"holds {what} ({repr(value)[:SHOWN]})" if value else f"holds {what} without anything in it"
    return f"holds {repr(value) if isinstance(value, str) or written is None else written}"[:SHOWN]


def describe(wrong: Wrong) -> tuple[str, str | None]:
    """What is found and what is expected; how to mend it, where that can be told."""
    kind = wrong.error["type"]
    if isinstance(wrong.value, date) and kind == "string_type":
        return "a date without quotes", f'write "{wrong.written}"'
    expected = _settings(wrong) if kind == "model_type" else EXPECTED.get(kind, "").format(**wrong.error.get("ctx", {}))
    found = f"{told(wrong.value, wrong.written)}; expected {expected or wrong.error['msg']}"
    if wrong.value is None:
        needed = wrong.field is not None and wrong.field.is_required()
        return found, "give it a value" if needed else "give it one, or delete the row"
    if kind == "literal_error" and isinstance(wrong.value, str):
        return found + closest_said(wrong.value, re.findall("'([^']*)'", expected)), None
    return found, MENDS[kind](wrong) if kind in MENDS else None


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a setting of this type holds, alone or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(section_of, get_args(annotation))), None)


def _settings(wrong: Wrong) -> str:
    names = list(wrong.section.model_fields) if wrong.section else []
    more = ["..."] * (len(names) > NAMES)
    return SETTINGS + (f" ({', '.join([*names[:NAMES], *more])})" if names else "")


def _example(wrong: Wrong) -> str | None:
    """The settings that a section needs, written out; what stands there may be the value of the only one."""
    fields = wrong.section.model_fields if wrong.section else {}
    needed = [name for name, field in fields.items() if field.is_required()]
    values = [wrong.written] if len(needed) == 1 else ["..."] * len(needed)
    parts = [f"{name}: {value}" for name, value in zip(needed, values, strict=True)]
    return f"{{{', '.join(parts)}}}" if parts else None


def _to_settings(wrong: Wrong) -> str | None:
    if isinstance(wrong.value, list):
        return "take the hyphens or brackets away" if all(isinstance(item, dict) for item in wrong.value) else None
    example = _example(wrong)
    return f"write `{example}`" if example else None


def _to_list(wrong: Wrong) -> str:
    if isinstance(wrong.value, dict):
        return "begin each item of the list with a hyphen"
    if example := _example(wrong):
        return f"write `{wrong.name}: [{example}]`"
    items = re.split(r",\s*", wrong.written)
    apart = items if all(item and " " not in item for item in items) else [wrong.written]
    plain = isinstance(wrong.value, str) and all(re.fullmatch(r"[\w./-]+", item) for item in apart)
    return f"write `{wrong.name}: [{', '.join(apart if plain else map(_quoted, apart))}]`"


def _to_text(wrong: Wrong) -> str:
    if isinstance(wrong.value, dict) and len(wrong.value) == 1:
        ((name, value),) = wrong.value.items()
        return f"a colon makes it a setting: write {_quoted(f'{name}: {value}')}"
    if isinstance(wrong.value, list | dict):
        return "write one text in its place"
    read = f" (YAML reads {wrong.written} as {str(wrong.value).lower()})" if isinstance(wrong.value, bool) else ""
    return f"put it in quotes{read}: {_quoted(wrong.written)}"


def _to_path(wrong: Wrong) -> str:
    return "name one" if isinstance(wrong.value, list | dict) else f"put it in quotes: {_quoted(wrong.written)}"


def _to_number(wrong: Wrong) -> str | None:
    """The number that is meant, as it is written here."""
    text, whole = wrong.written.strip(), EXPECTED[wrong.error["type"]] == "a whole number"
    if isinstance(wrong.value, date) and whole:
        return f"write the year alone: {wrong.value.year}"
    if isinstance(wrong.value, list | dict):
        return "write one number in its place"
    percent = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text)
    if percent and not whole:
        return f"write {float(percent[1]) / 100:g}"
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        return f"write {text.replace(',', '')}"
    if re.fullmatch(r"\d+,\d+", text):
        return f"write {text.replace(',', '.')}"
    year = re.search(r"(?<!\d)[12]\d{3}(?!\d)", text)
    if whole and (alone := year or re.match(r"\d+(?=\s)", text)):
        return f"write {alone[0]}"
    return None if isinstance(wrong.value, float) else "write it in digits"


def _to_share(wrong: Wrong) -> str | None:
    """A share that was given in per cent."""
    limit = next(iter(wrong.error.get("ctx", {}).values()), None)
    try:
        given = float(wrong.value)  # numbers in quotation marks are read too
    except (TypeError, ValueError):
        return None
    fits = given < 100 if wrong.error["type"] == "less_than" else given <= 100
    return f"write {given / 100:g} for {given:g} %" if limit == 1 and given >= 10 and fits else None


def _to_name(wrong: Wrong) -> str | None:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", wrong.written).strip("-_")
    return f"write {name}" if name else None


def _quoted(text: str) -> str:
    """In quotation marks; between double ones YAML takes a backslash for the beginning of a sign."""
    return "'{}'".format(text.replace("'", "''")) if '"' in text or "\\" in text else f'"{text}"'


MENDS: Mapping[str, Callable[[Wrong], str | None]] = {
    "model_type": _to_settings,
    "tuple_type": _to_list,
    "string_type": _to_text,
    "path_type": _to_path,
    "less_than": _to_share,
    "less_than_equal": _to_share,
    "string_pattern_mismatch": _to_name,
} | dict.fromkeys([kind for kind, wanted in EXPECTED.items() if wanted.endswith("number")], _to_number)
