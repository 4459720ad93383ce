"""What the commands share: talk on stderr, progress on a terminal, tables on stdout."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from rolecoder.errors import RolecoderError, closest, listed, numbered
from rolecoder.files import write_csv
from rolecoder.progress import Advance

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.actors import Actors
    from rolecoder.annotations import Labels, Naming
    from rolecoder.bundle import Bundle
    from rolecoder.config import Coding
    from rolecoder.tabular.sheets import Columns

MOST = 10  # rows that are named
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder of the run: made where it is not there.")]
Ocr = Annotated[
    Literal["auto", "never"] | None,
    typer.Option(help="Recognise scans where tesseract is installed (auto, the default), or leave them out."),
]
SpeakersFile = Annotated[
    Path | None,
    typer.Option("--speakers", help="CSV of your own with columns speaker, actor and, if needed, document_id."),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="Language to code, as `en`; may be given again. Others are left out and counted."),
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Say of each coding which words carry it, and what was labelled alike: slower."),
]
ActorsFile = Annotated[Path | None, typer.Option("--actors", help="Table of actors, in place of the shipped one.")]
OtherEncoder = Annotated[
    str | None,
    typer.Option(
        "--encoder", help="Folder or name of the encoder, for a model that was trained with one from outside."
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--precision", help="Thresholds for this precision in place of F1, as a study's `coding: {thresholds: ...}`."
    ),
]
Recall = Annotated[float | None, typer.Option("--recall", help="The same, for a recall.")]


def say(text: str) -> None:
    """Talk to the user, on stderr."""
    typer.echo(text, err=True)


def say_learnt(counts: Mapping[str, int]) -> None:
    """Warn where the model was taught on passages of the run.

    Args:
        counts: Of the stage that coded them.
    """
    from rolecoder.model.labelled import learnt_in_words

    if told := learnt_in_words(counts):
        say(
            f"warning: {told} Label a sample (`rolecoder plan`), or leave out the documents that the model was "
            "trained on."
        )


def say_cut(passages: int, tokens: int | None = None) -> None:
    """Say how many passages are longer than what the encoder reads of them, or learns from, where any is."""
    if passages:
        most = f"the {tokens} tokens that the encoder learns from" if tokens else "the encoder reads"
        say(f"{numbered(passages, 'passage')} longer than {most}: it does not see the end")


def coding_for(encoder: str | None, precision: float | None, recall: float | None) -> Coding:
    """How passages are coded: with another encoder, or thresholds for a precision or a recall, where they are given.

    Raises:
        RolecoderError: Both a precision and a recall are given, or one is no share.
    """
    from rolecoder.config import Coding, revise

    asked = {name: wanted for name, wanted in (("precision", precision), ("recall", recall)) if wanted is not None}
    return revise(Coding(encoder=encoder), {"thresholds": asked} if asked else {})


def say_thresholds(asked: Coding, bundle: Bundle, genres: Iterable[str | None]) -> None:
    """Say what thresholds for a precision or a recall reach, and which roles are never given at them."""
    from rolecoder.gather import threshold_notes

    card = {"error_rates": bundle.error_rates, "never": bundle.never}
    for note in threshold_notes(asked.thresholds, card, bundle.codebook, genres):
        say(f"warning: {note}")


def not_an_input(out: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse to write over what is read.

    Raises:
        RolecoderError: It is one of the inputs.
    """
    if out is not None and out.exists() and any(path.exists() and out.samefile(path) for path in inputs):
        raise RolecoderError("the file to write is one that is read", where=str(out), mend="name another with --out")


def say_waiting(labels: Labels) -> None:
    """Say how many rows were left out because they are not coded yet."""
    if waiting := sum(labels.waiting.values()):
        rows = "1 more row is" if waiting == 1 else f"{waiting:,} more rows are"
        say(f"{rows} drawn and not coded yet: left out")


def say_unchecked(labels: Labels, where: str = "") -> None:
    """Say how many rows by offsets might stand elsewhere in a document that has changed; warn of those that do."""
    if labels.unchecked:
        rows = "1 row by offsets has" if labels.unchecked == 1 else f"{labels.unchecked:,} rows by offsets have"
        fits = "it still fits its document" if labels.unchecked == 1 else "they still fit their documents"
        say(f"{where}{rows} no checksum: whether {fits} was not checked")
    if labels.differing:
        rows = "1 row has" if len(labels.differing) == 1 else f"{len(labels.differing):,} rows have"
        told = listed(labels.differing, MOST)
        say(f"warning: {where}{rows} another text than the document at path, start and end; the row's is taken{told}")


def say_empty(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say how many rows are taken for ones without a role since nothing stands there; warn where that is doubtful."""
    from rolecoder.labelled_cells import empty_roles

    empty, why = empty_roles(rows)
    if empty:
        which = f"{numbered(empty, 'row')} with empty `roles`" + f" ({why})" * bool(why)
        mend = "delete rows that are not coded yet, and write none where there is none"
        say(f"{'warning: ' * bool(why)}{path}: {which}: taken as no role; {mend}")


def usable(labels: Labels, where: str = "") -> Labels:
    """The rows that can be compared with others, and how many cannot: not coded yet, or with a role left undecided."""
    from rolecoder.annotations import without_undecided

    say_waiting(labels)
    say_unchecked(labels, where)
    kept = without_undecided(labels)
    if len(kept) < len(labels):
        say(f"{where}{len(labels) - len(kept):,} rows leave a role undecided: left out")
    return kept


@contextlib.contextmanager
def progress(what: str, unit: str, stream: TextIO | None = None) -> Iterator[Advance]:
    """Show how far long work is, with rate and time left, where stderr is a terminal.

    Yields:
        A function of (done, total); total is None where it is not known.
    """
    stream = stream or sys.stderr
    shown = stream.isatty()
    start, last = time.monotonic(), 0.0

    def advance(done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if shown and (now - last > 0.2 or done == total):
            last = now
            stream.write("\r\x1b[K" + progress_line(what, unit, done, total, now - start))
            stream.flush()

    try:
        yield advance
    finally:
        if shown and last:
            stream.write("\n")


def progress_line(what: str, unit: str, done: int, total: int | None, seconds: float) -> str:
    """Write one line of progress, for example ``coding: 512 of 2,048 passages, 97/s, 16 s left``."""
    rate = done / seconds if seconds > 0 else 0.0
    line = f"{what}: {done:,}" + (f" of {total:,}" if total is not None else "") + f" {unit}, {rate:,.0f}/s"
    if total is not None and rate > 0:
        left = round((total - done) / rate)
        line += f", {left // 60} min {left % 60} s left" if left >= 60 else f", {left} s left"
    return line


def show(frame: pd.DataFrame, out: Path | None, brief: pd.DataFrame | None = None) -> None:
    """Write a table to ``out`` as CSV; without one, to stdout: CSV, or on a terminal aligned, and ``brief``."""
    if out is not None:
        write_csv(frame, out)
        say(f"{len(frame):,} rows in {out}")
    elif sys.stdout.isatty():
        if brief is None or len(brief):
            typer.echo((frame if brief is None else brief).round(3).to_string(index=False, na_rep=""))
        if brief is not None:
            shown = f"{len(brief):,} of {len(frame):,} rows, {len(brief.columns)} of {len(frame.columns)} columns"
            say(f"{shown}; --out FILE writes all")
    else:
        typer.echo(frame.to_csv(index=False), nl=False)


def say_kept(run: Path, changes: Sequence[str]) -> None:
    """Say which choices of the command line a run has taken over."""
    if changes:
        say(f"{run} keeps for all that follows: {', '.join(changes)}; give another to change it")


def existing(path: Path) -> Path:
    """Return ``path``, or say that it is not there and what in its folder is spelt like it.

    Raises:
        RolecoderError: Nothing is there.
    """
    if path.exists():
        return path
    beside: list[str] = []
    with contextlib.suppress(OSError):
        beside = [other.name for other in path.parent.iterdir()]
    near = closest(path.name, beside)
    raise RolecoderError(
        f"{path} does not exist" + (f"; closest is '{path.parent / near}'" if near else ""),
        expected="a file or folder",
        mend="check the path for a slip",
    )


def say_unread(paths: Iterable[Path], columns: Columns | None = None) -> None:
    """Warn of sheets and columns that are not read and may have been meant to be; by default of labels."""
    from rolecoder.tabular.sheets import LABELS, unread

    if told := [line for path in paths for line in unread(path, columns or LABELS)]:
        say("warning: not read" + listed(told, MOST))


def say_strange(paths: Sequence[Path], labels: Labels, actors: Actors, of: Naming) -> None:
    """Warn of the rows whose holder, say, leads to no actor, each name with its first place; labels with ids."""
    from rolecoder.annotations import strange_actors
    from rolecoder.tabular.sheets import placed_rows

    strange = strange_actors(labels, actors, of)
    if not strange:
        return
    places = defaultdict[str, list[str]](list)
    for path in paths:
        for place, row in placed_rows(path):
            if why := strange.get(str(row.get("id"))):
                places[why].append(place)
    more = {why: f", and in {numbered(len(own) - 1, 'row')} more" * (len(own) > 1) for why, own in places.items()}
    told = listed([f"{own[0]}: {why}{more[why]}" for why, own in places.items()], MOST)
    verb = "leads" if len(strange) == 1 else "lead"
    refused = ", and `profile` refuses them" if of == "holder" else ""
    say(
        f"warning: {numbered(len(strange), of)} {verb} to no actor{refused}: write a code or "
        "name of the table of actors, or group:NAME" + told
    )


def say_lost_dates(path: Path, labels: Labels, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say how many dates are not read: names of states that changed are then those of today."""
    dated = {row.label_id for row in labels.rows if row.date is not None}
    known = {row.label_id for row in labels.rows}
    lost = sum(row.get("date") is not None and str(row.get("id")) in known - dated for row in rows)
    if lost:
        say(f"{path}: {numbered(lost, 'date')} not read, for want of YYYY-MM-DD: holders' names are taken as of today")


def say_strange_kinds(labels: Labels) -> None:
    """Warn of kinds of text that no text is read as: they have no error rates."""
    from rolecoder.annotations import strange_kinds
    from rolecoder.records import DOC_TYPES

    if strange := strange_kinds(labels):
        told = listed([f"{kind}: {numbered(count, 'row')}" for kind, count in strange.most_common()], MOST)
        say(f"warning: doc_type is none of {', '.join(DOC_TYPES)}: these rows are in no error rates of a genre{told}")
