"""YAML that others wrote, read so that it can do no harm."""

from __future__ import annotations

import re
from typing import Any

import yaml

MOST_CHARACTERS = 2_000_000
MOST_SIGNS = 250_000  # that begin or end a value
SIGNS = re.compile(r"[\n,:?\[\]{}]|- ")


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


def load_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        yaml.YAMLError: It is not YAML, is too long or nested too deep, holds an alias or a value that cannot be.
    """
    if len(text) > MOST_CHARACTERS or len(SIGNS.findall(text)) > MOST_SIGNS:
        raise yaml.YAMLError(
            f"{len(text):,} characters, too many or with too many values; expected at most {MOST_CHARACTERS:,} with "
            f"{MOST_SIGNS:,} signs such as colons and line ends: list documents in a manifest (CSV) instead"
        )
    try:
        return yaml.load(text, _Loader)  # noqa: S506  a safe loader, narrowed
    except (ValueError, LookupError, AttributeError, TypeError, ArithmeticError) as cause:
        raise yaml.YAMLError(f"a value that cannot be: {cause}") from cause
    except RecursionError as cause:
        raise yaml.YAMLError("nested too deep") from cause
