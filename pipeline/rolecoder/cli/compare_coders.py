"""`rolecoder agree`: how far coders agree."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.console import (
    MOST,
    ActorsFile,
    existing,
    not_an_input,
    say,
    say_empty,
    say_lost_dates,
    say_strange,
    say_unread,
    show,
    usable,
)
from rolecoder.errors import RolecoderError, listed, numbered

if TYPE_CHECKING:
    from rolecoder.agreement import Agreement
    from rolecoder.annotations import Labels
    from rolecoder.codebook import Codebook


def agree_cli(
    labels: Annotated[
        list[Path], typer.Argument(help="A file for each coder: JSONL, CSV or XLSX with id, text and roles.")
    ],
    codebook: Annotated[Path | None, typer.Option(help="Codebook, in place of the shipped one.")] = None,
    actors: ActorsFile = None,
    root: Annotated[Path | None, typer.Option(help="Folder of the documents, for labels that give offsets.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV of the passages that they coded differently, to decide.")
    ] = None,
    decided: Annotated[
        Path | None, typer.Option(help="That file with `roles`, `holder` and `aspect` filled in; for --labels.")
    ] = None,
    joined: Annotated[
        Path | None,
        typer.Option("--labels", help="CSV of all passages: what the coders agree on, else what --decided says."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
) -> None:
    """Say how far coders agree on the passages that at least two of them read: Krippendorff's alpha and, of two, F1.

    Passages are the same where their `id` is; rows that leave a role undecided, and those of a file of `plan` that are
    not coded yet, are left out. Elsewhere empty `roles` mean none: delete what is not coded yet.
    Sets of roles are compared by the MASI distance; holder and aspect where everybody who read the passage gave it a
    role, and two or more a holder or aspect: one that a coder left empty is in no alpha of it, but in --out.

    \b
    Example:  rolecoder agree first.csv second.csv --out to-decide.csv
              rolecoder agree first.csv second.csv --decided to-decide.csv --labels labels.csv
    """
    from rolecoder.actors import read_actors
    from rolecoder.agreement import compare_coders, differing
    from rolecoder.annotations import each_once, read_labels, with_ids
    from rolecoder.codebook import read_codebook
    from rolecoder.config import shipped
    from rolecoder.joining import join_coders, unused
    from rolecoder.tabular.sheets import read_rows

    if decided is not None and joined is None:
        raise RolecoderError("--decided without --labels", expected="the file to write, --labels FILE")
    if out is not None and out == joined:
        raise RolecoderError("--out and --labels name one file", where=str(out), mend="name two")
    inputs = [*labels, *([decided] if decided else [])]
    for written in (out, joined):
        not_an_input(written, inputs)
    each_once(inputs)
    book = read_codebook(codebook or shipped("labels/codebook.yaml"))
    known = read_actors(actors or shipped("corpora/actors.csv"))
    coders, rows = [], []
    for path in labels:
        found = usable(read_labels([existing(path)], book, root=root, of_a_run=True), f"{path}: ")
        rows.append(read_rows(path))
        say_unread([path])
        say_empty(path, rows[-1])
        _say_recurring(path, found)
        say_lost_dates(path, found, rows[-1])
        coders.append(with_ids(found, known))
        say_strange([path], coders[-1], known, "holder")
    agreement = compare_coders(coders)
    _say_unshared(labels, coders)
    typer.echo(json.dumps(_plain(asdict(agreement)), indent=1) if as_json else agreement_table(agreement))
    if out is not None:
        said = {str(row.get("id")): row for own in reversed(rows) for row in own}
        show(differing(coders, [path.stem for path in labels], said), out)
    elif not as_json and joined is None:
        say("--out FILE writes the passages that were coded differently, for another coder to decide.")
    if joined is not None:
        dates = {row.label_id: row.date for coder in reversed(coders) for row in coder.rows}
        verdicts = with_ids(_decided(decided, book, root, dates), known) if decided else None
        if decided and verdicts:
            say_unread([decided])
            say_strange([decided], verdicts, known, "holder")
        by_id = {row.label_id: row for row in (verdicts.rows if verdicts else ())}
        show(join_coders(coders, rows, by_id), joined)
        if told := unused(coders, by_id):
            say(f"warning: {numbered(len(told), 'row')} of {decided} not used{listed(told, MOST)}")


def _say_unshared(paths: Sequence[Path], coders: Sequence[Labels]) -> None:
    """Say which passages count in no figure, since no other coder's file has their id, and whether capitals are why."""
    from rolecoder.agreement import unshared

    alone = unshared(coders)
    often = Counter(name for ids in alone for name in {label_id.casefold() for label_id in ids})
    for path, ids in zip(paths, alone, strict=True):
        if ids:
            shown = ", ".join(ids[:MOST]) + ", ..." * (len(ids) > MOST)
            alike = sum(often[label_id.casefold()] > 1 for label_id in ids)
            why = f"; {alike:,} of these ids differ from others in capitals alone: write them alike" if alike else ""
            say(f"{path}: {numbered(len(ids), 'passage')} that no other coder has coded, in no figure: {shown}{why}")


def _say_recurring(path: Path, labels: Labels) -> None:
    """Say how many texts one coder coded in two ways: each row counts by its id, but no model can learn from both."""
    from rolecoder.annotations import coded_in_two_ways

    if several := coded_in_two_ways(labels):
        what = "1 text stands" if several == 1 else f"{several:,} texts stand"
        say(f"{path}: {what} in several rows with different roles: each row is compared as coded; `train` refuses them")


def _decided(path: Path, book: Codebook, root: Path | None, dates: Mapping[str, str | None]) -> Labels:
    """The rows in which something was decided: empty roles say that nothing was, not that there is none."""
    from rolecoder.annotations import Labels, read_labels
    from rolecoder.tabular.sheets import read_rows

    rows = read_rows(existing(path))
    if not rows:
        return Labels(codebook=book, rows=())
    labels = read_labels([path], book, root=root, of_a_run=True)
    filled = {str(row.get("id")) for row in rows if row.get("roles") is not None}
    kept = [replace(row, date=row.date or dates.get(row.label_id)) for row in labels.rows if row.label_id in filled]
    return replace(labels, rows=tuple(kept))


def _plain(value: object) -> object:
    """What JSON can hold: null in place of NaN."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def agreement_table(agreement: Agreement) -> str:
    """Write figures of agreement as aligned text."""
    figures = [
        ("sets of roles, Krippendorff's alpha (MASI)", agreement.alpha_sets),
        ("any role or none, Krippendorff's alpha", agreement.alpha_any),
        ("any role or none, Cohen's kappa", agreement.kappa_any),
        ("roles, micro-F1", agreement.micro_f1),
    ]
    lines = [f"{numbered(agreement.n, 'passage')} that at least two coders read", ""]
    lines += [f"{name:44}{_figure(value)}" for name, value in figures if value is not None]
    for side, alpha, n in (
        ("holder", agreement.alpha_holder, agreement.n_holder),
        ("aspect", agreement.alpha_aspect, agreement.n_aspect),
    ):
        named = f"{side}, Krippendorff's alpha"
        lines.append(f"{named:44}{_figure(alpha)}  ({numbered(n, 'passage')}: all gave a role, two or more its {side})")
    lines += ["", f"{'role':34}{'given':>14}  {'alpha':>6}  {'F1':>5}"]
    for role in agreement.roles:
        given = ", ".join(map(str, role.n))
        lines.append(f"{role.role:34}{given:>14}  {_figure(role.alpha):>6}  {_figure(role.f1):>5}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.2f}"
