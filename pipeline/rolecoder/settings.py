"""What a study and a corpus may say, setting by setting: `python -m rolecoder.settings > pipeline/SETTINGS.md`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from rolecoder.config import PARTS, Section
from rolecoder.corpora.recipe import PARTS as OF_A_CORPUS
from rolecoder.corpora.recipe import Facts, Listed

HEAD = """# Settings

Every setting of a study (`study.yaml`, as in `configs/`) and of a corpus (`corpus.yaml`, as in
`corpora/gulf-war-1990`). Both are YAML: settings, each as `name: value`, without aliases (`*name`). A setting that is
not known is an error, with the nearest that is, and so is one that stands twice. Paths are relative to the file that
names them, and may hold environment variables: `${ROLECODER_DATA}/corpora`.

    study: my-study
    corpora:
      - path: texts                  # a folder, or a corpus.yaml
        since: 1965
    profiles:
      by: [source, holder, aspect, period]
      period: {events: [{name: Nixon shock, date: "1971-07-15"}]}
      window: 5
    gaps:
      dyads: ["USA:JPN"]

Actors are codes of the table of actors (`corpora/actors.csv`): ISO 3166 alpha-3, codes of former states (SUN, YUG,
DDR ...), or `group:NAME`. In a study anything else is an error. What a corpus says of a document is turned into
its code, also from a name (Norway); what means no actor is not taken over, and is reported.

This page is made from the declared settings: `python -m rolecoder.settings > pipeline/SETTINGS.md`.
"""
SETTINGS = (*PARTS.items(), *OF_A_CORPUS.items())


def settings_page() -> str:
    """Document every setting, in Markdown."""
    return "\n".join([HEAD, *(_section(name, part) for name, part in SETTINGS)])


def _section(name: str, part: type[Section]) -> str:
    known = Facts.model_fields if part is Listed else {}  # Listed has what Facts has, and a path
    rows = [
        f"| `{setting}` | {_default(field)} | {field.description} |"
        for setting, field in part.model_fields.items()
        if setting not in known
    ]
    if known:
        rows.append("| as in `defaults` | | |")
    told = inspect.getdoc(part) or ""
    return "\n".join([f"## {name}", "", told, "", "| setting | by default | what it is |", "|---|---|---|", *rows, ""])


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if field.is_required():
        return "" if field.description and "by default" in field.description else "must be there"
    if value in (None, "", (), {}, Path()) or value is PydanticUndefined or isinstance(value, Section):
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "`[" + ", ".join(map(str, value)) + "]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
