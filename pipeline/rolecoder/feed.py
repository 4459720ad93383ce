"""The feed that other programs read, field by field: `python -m rolecoder.feed > pipeline/FEED.md`."""

from __future__ import annotations

import sys

from rolecoder.tables import GAP_PARTS, GAPS, PROFILES
from rolecoder.tabular.table import FEED_VERSION, Table

FED = (PROFILES, GAPS, GAP_PARTS)
HEAD = f"""# The feed

What other programs, gap scorers for example, can rest on. A run writes three tables as Parquet, and beside each a
JSON Schema (draft 2020-12) of its rows that says the same as this page: `profiles.schema.json`, `gaps.schema.json` and
`gap_parts.schema.json`.

Version {FEED_VERSION}. The second number grows when a column is added, the first when one goes or changes meaning. A
program should refuse a first number that it does not know.

A missing value is null, never 0 or an empty text. Where a row has no figures, `note` says why; where only an interval
or a test is missing, `method` does; what else may be missing says so itself. Shares, prevalences and distances run from
0 to 1 unless the column says otherwise. Actors are ISO 3166 alpha-3 codes, codes of former states, or `group:NAME`.

This page is made from the declared tables: `python -m rolecoder.feed > pipeline/FEED.md`.
"""


def feed_page() -> str:
    """Document every column of the feed, in Markdown."""
    return "\n".join([HEAD, *map(_section, FED)])


def _section(table: Table) -> str:
    rows = [
        f"| `{name}` | {column.kind} | {'yes' if column.missing else 'no'} | {column.meaning} |"
        for name, column in table.columns.items()
    ]
    key = ", ".join(f"`{name}`" for name in table.key)
    head = [
        f"## {table.name}.parquet",
        "",
        f"A row for each {key}.",
        "",
        "| column | type | may be missing | what it is |",
    ]
    return "\n".join([*head, "|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(feed_page())
