"""YAML that others wrote, read so that it can do no harm."""

from __future__ import annotations

from typing import Any

import yaml


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
        yaml.YAMLError: It is not YAML, is nested too deep, holds an alias or a value that cannot be.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506  a safe loader, narrowed
    except (ValueError, LookupError, AttributeError, TypeError, ArithmeticError) as cause:
        raise yaml.YAMLError(f"a value that cannot be: {cause}") from cause
    except RecursionError as cause:
        raise yaml.YAMLError("nested too deep") from cause
