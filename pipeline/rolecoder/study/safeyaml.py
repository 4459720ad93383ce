"""YAML that others wrote, read so that it can do no harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from rolecoder.errors import RolecoderError

MOST_CHARACTERS = 2_000_000
MOST_SIGNS = 250_000  # that begin or end a value
SIGNS = re.compile(r"[\n,:?\[\]{}]|- ")
IMPOSSIBLE = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)  # raised by a 30th of February

SLIPS = (
    ("character '\\t'", "a tab", "put blanks in place of the tab"),
    (
        "mapping values are not allowed",
        "a colon where none can be",
        'put a value that holds a colon in quotes (title: "Rise: a study"); begin settings of one level in one column, '
        "with a blank after each colon",
    ),
    ("while scanning a quoted scalar", "a quotation mark that is not closed", "close it"),
    ("while parsing a flow", "brackets that end amiss", "close the bracket, and part by commas what stands in it"),
    (
        "expected <block end>",
        "a row that does not fit those above it",
        "begin settings of one level in one column, items of a list with a hyphen; put a value that holds quotation "
        "marks in marks of the other kind",
    ),
    ("could not find expected ':'", "a row without a colon", "write `name: value`"),
    ("cannot start any token", "a value that begins with a sign that means something else in YAML", "put it in quotes"),
    ("could not determine a constructor", "a value that begins with an exclamation mark", "put it in quotes"),
    ("a value that cannot be", "", "correct the date, or put the value in quotes"),
    ("stands twice", "", "make one of the two"),
)  # part of the reader's complaint -> what is wrong, else its own words, and how to mend it


class _Loader(yaml.SafeLoader):
    """Plain values only; no aliases, a few of which can stand for more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is written out."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, f"found the alias *{event.anchor}: write out what it stands for", event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make the value of a node, or say which cannot be."""
        try:
            return super().construct_object(node, deep)
        except IMPOSSIBLE as cause:
            said = f"a value that cannot be: {cause}"
            raise yaml.constructor.ConstructorError(None, None, said, node.start_mark) from cause


class _Once(_Loader):
    """Of two values under one name the first would be lost."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Compose a mapping whose names stand once."""
        node = super().compose_mapping_node(anchor)
        rows: dict[str, int] = {}
        for name, _ in node.value:
            if str(name.value) in rows:
                said = f"{name.value!r} stands twice, also in row {rows[str(name.value)]}"
                raise yaml.composer.ComposerError(None, None, said, name.start_mark)
            rows[str(name.value)] = name.start_mark.line + 1
        return node


def load_yaml(text: str, *, once: bool = False) -> Any:
    """The value of a YAML text.

    Args:
        text: Of a file, or of its front matter.
        once: Whether a name that stands twice in a mapping is an error; else the last one counts.

    Raises:
        yaml.YAMLError: It is not YAML, is too long or nested too deep, holds an alias or a value that cannot be.
    """
    if len(text) > MOST_CHARACTERS or len(SIGNS.findall(text)) > MOST_SIGNS:
        raise yaml.YAMLError(
            f"{len(text):,} characters, too many or with too many values; expected at most {MOST_CHARACTERS:,} with "
            f"{MOST_SIGNS:,} signs such as colons and line ends: list documents in a manifest (CSV) instead"
        )
    try:
        return yaml.load(text, _Once if once else _Loader)  # noqa: S506  a safe loader, narrowed
    except IMPOSSIBLE as cause:
        raise yaml.YAMLError(f"a value that cannot be: {cause}") from cause
    except RecursionError as cause:
        raise yaml.YAMLError("nested too deep") from cause


def unreadable(cause: yaml.YAMLError | OSError | UnicodeDecodeError, path: Path) -> RolecoderError:
    """Say why a file cannot be read as YAML."""
    where, said, mend = str(path), str(cause), None
    if isinstance(cause, UnicodeDecodeError):
        row = cause.object[: cause.start].count(b"\n") + 1
        where, said, mend = f"{path}:{row}", "a sign that is not in UTF-8", "save the file in UTF-8"
    elif isinstance(cause, OSError):
        said = cause.strerror or said
    elif isinstance(cause, yaml.MarkedYAMLError):
        complaint = f"{cause.context or ''} {cause.problem or ''}"
        slip, found, mend = next((slip for slip in SLIPS if slip[0] in complaint), ("", "", None))
        mark = cause.context_mark if cause.context_mark and not slip.startswith("expected") else cause.problem_mark
        where = f"{path}:{mark.line + 1}" if mark else where
        said = found or cause.problem or said
    return RolecoderError(f"not a readable YAML file: {said}", where=where, mend=mend)


def compose(text: str) -> yaml.Node | None:
    """The tree of a YAML text that can be read, which knows its rows."""
    return yaml.compose(text, _Loader)


def locate(tree: yaml.Node | None, place: tuple[int | str, ...]) -> tuple[int | None, str | None]:
    """The row of a value, as near as it can be found, and how the value is written.

    Args:
        tree: Of the whole file.
        place: Names of settings, and places in lists from 0, from the outermost to the value.

    Returns:
        The row from 1, None for the whole file; the value as it stands there, None where it is no single one.
    """
    row: int | None = None
    for part in place:
        begun, tree = _inside(tree, part)
        if begun is None:
            break
        row = begun.start_mark.line + 1
    return row, tree.value if isinstance(tree, yaml.ScalarNode) else None


def _inside(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """The node that begins a part of a mapping or list, and its value; None where there is no such part."""
    if isinstance(node, yaml.MappingNode):
        found = ((name, value) for name, value in node.value if name.value == str(part))
        return next(found, (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None, None
