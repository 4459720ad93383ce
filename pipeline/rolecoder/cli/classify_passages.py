"""`rolecoder classify`: passages that are already cut."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rolecoder.cli.console import (
    ActorsFile,
    Explain,
    OtherEncoder,
    Precision,
    Recall,
    coding_for,
    existing,
    not_an_input,
    progress,
    say,
    say_cut,
    say_thresholds,
    say_unread,
)
from rolecoder.errors import RolecoderError, listed, numbered
from rolecoder.records import DATE, DOC_TYPES

if TYPE_CHECKING:
    from rolecoder.actors import Actors
    from rolecoder.coding import CodedPassage

MOST = 5  # rows with one fault that are named
KINDS = (".csv", ".jsonl")
SIDES = tuple(f"{side}{what}" for side in ("holder", "aspect") for what in ("", "_confidence", "_reason"))


def classify_cli(
    rows: Annotated[Path, typer.Argument(metavar="IN", help="CSV, JSONL or XLSX with id and text.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV or JSONL to write.")],
    model: Annotated[Path | None, typer.Option(help="Folder of a model bundle; by default the shipped one.")] = None,
    encoder: OtherEncoder = None,
    actors: ActorsFile = None,
    min_confidence: Annotated[
        float, typer.Option(help="Holder or aspect below this confidence is left empty, with the reason.", min=0, max=1)
    ] = 0.0,
    precision: Precision = None,
    recall: Recall = None,
    explain: Explain = False,
) -> None:
    """Code passages that are already cut: one row in, one row out.

    Rows have `id` and `text` and, where known, `before`, `after`, `source`, `addressee`, `doc_type` and `date`
    (YYYY, YYYY-MM or YYYY-MM-DD).
    OUT has one row for each id, in the order of IN, with `roles` (separated by ;, empty for none), `p_<role>` for every
    role, `source`, `holder` and `aspect`, each with `_confidence` and `_reason`: how it was found, or why not; with
    --explain also `why`. Holder and aspect are the likeliest, however unsure, where --min-confidence does not ask for
    more: `rolecoder code` leaves out what is below .5.

    \b
    Example:  rolecoder classify passages.csv --model models/holsti-17 --out coded.csv
    """
    from rolecoder.actors import read_actors
    from rolecoder.coding import BLOCK, code_passages, open_model
    from rolecoder.config import shipped
    from rolecoder.progress import blocks
    from rolecoder.tabular.sheets import PASSAGES, placed_rows

    if out.suffix.lower() not in KINDS:
        raise RolecoderError(f"{out.name} is to be written", expected="a name that ends in .csv or .jsonl")
    not_an_input(out, [rows])
    known = read_actors(actors or shipped("corpora/actors.csv"))
    asked = coding_for(encoder, precision, recall)
    with open_model(model or shipped("models/holsti-17"), asked) as opened:
        kept = _kept(placed_rows(existing(rows), PASSAGES), rows, known)
        good = [row for row in kept if row["text"].strip()]
        say_unread([rows], PASSAGES)
        with progress("coding", "passages") as advance:
            coded: list[CodedPassage] = []
            for block in blocks(good, BLOCK):
                coded += code_passages(block, opened, known, min_confidence=min_confidence, reasons=explain)
                advance(len(coded), len(good))
        say_cut(int(opened.encoder.truncated([row["text"] for row in good]).sum()))
        say_thresholds(asked, opened.bundle, [row["doc_type"] for row in good])
        _write(_results(kept, coded, opened.bundle.roles, explain), out)
    say(f"{numbered(len(coded), 'passage')} coded, {sum(bool(item.codings) for item in coded):,} with a role: {out}")


def _kept(rows: Iterable[tuple[str, Mapping[str, Any]]], path: Path, known: Actors) -> list[dict[str, Any]]:
    """The rows with an id of their own, in their order; say what is wrong with any."""
    kept: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    faults = defaultdict[str, list[str]](list)
    for place, row in rows:
        name = _said(row, "id").strip()
        if not name or name in seen:
            fault = f"the id {name!r} stands in {seen[name]} already" if name else "no id"
            faults["left out"].append(f"{place}: {fault}")
            continue
        seen[name] = place
        date = _date(row, place, faults)
        sides = {side: _actor(row, side, date, known, place, faults) for side in ("source", "addressee")}
        if not _said(row, "text").strip():
            faults["without text, written without codes"].append(f"{place}: id {name!r}")
        texts = {key: _said(row, key) for key in ("text", "before", "after")}
        kind = _kind(row, place, faults)
        kept.append({"passage_id": name, **texts, **sides, "doc_type": kind, "date": date})
    for what, lines in faults.items():
        say(f"{numbered(len(lines), 'row')} {what}:{listed(lines, MOST)}")
    if not any(row["text"].strip() for row in kept):
        raise RolecoderError("no row with an id and a text", where=str(path), expected="columns id and text")
    return kept


def _said(row: Mapping[str, Any], column: str) -> str:
    return "" if row.get(column) is None else str(row[column])


def _date(row: Mapping[str, Any], place: str, faults: dict[str, list[str]]) -> str | None:
    """The date of a row; one in another form could not be compared with those of the actors."""
    said = _said(row, "date").strip()
    if not said or DATE.fullmatch(said):
        return said or None
    faults["with a date that is not YYYY, YYYY-MM or YYYY-MM-DD, left empty"].append(f"{place}: date {said!r}")
    return None


def _kind(row: Mapping[str, Any], place: str, faults: dict[str, list[str]]) -> str | None:
    """The kind of text; another word than those known would hide that a text is a conversation."""
    kind = _said(row, "doc_type").strip().casefold()
    if not kind or kind in DOC_TYPES:
        return kind or None
    faults[f"with a doc_type that is none of {', '.join(DOC_TYPES)}, left empty"].append(f"{place}: doc_type {kind!r}")
    return None


def _actor(
    row: Mapping[str, Any], side: str, date: str | None, known: Actors, place: str, faults: dict[str, list[str]]
) -> str | None:
    """The actor that a row names by id or by a name of its own."""
    said = _said(row, side).strip()
    try:
        return (known.resolve(said, date) or known.require(said)) if said else None
    except RolecoderError as error:
        faults[f"with a {side} that is no actor, left empty"].append(f"{place}: {side} {error.found}")
        return None


def _results(
    rows: Iterable[Mapping[str, Any]], coded: Iterable[CodedPassage], roles: Sequence[str], explained: bool
) -> Iterator[dict[str, Any]]:
    """A row for each, in their order; one without text has no codes."""
    found = {item.row["passage_id"]: item for item in coded}
    for row in rows:
        item = found.get(row["passage_id"])
        if item is None:
            blank: dict[str, Any] = {"id": row["passage_id"], "roles": ""} | {f"p_{role}": None for role in roles}
            yield blank | {"source": row["source"]} | dict.fromkeys(SIDES) | ({"why": ""} if explained else {})
            continue
        given = item.codings[0].attribution if item.codings else None
        yield {
            "id": item.row["passage_id"],
            "roles": ";".join(coding.role for coding in item.codings),
            **item.chances,
            "source": item.row["source"],
            **{name: getattr(given, name, None) for name in SIDES},
        } | ({"why": " | ".join(f"{why.role}: {why.why}" for why in item.explanations)} if explained else {})


def _write(results: Iterator[dict[str, Any]], out: Path) -> None:
    import pandas as pd

    from rolecoder.files import write_csv, write_text

    if out.suffix.lower() == ".csv":
        write_csv(pd.DataFrame(list(results)), out)
    else:
        write_text(out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in results))
