"""`rolecoder gap`: how far prescription, conception and performance lie apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.console import existing, progress, say, say_kept, show
from rolecoder.errors import RolecoderError

BRIEF = (
    "prescriber",
    "ally",
    "comparison",
    "period",
    "passages_left",
    "passages_right",
    "jensen_shannon",
    "jensen_shannon_low",
    "jensen_shannon_high",
    "p_value",
    "verdict",
)  # shown on a terminal


def gap_cli(
    run: Annotated[Path, typer.Argument(help="Folder written by `rolecoder code` or `rolecoder run`.")],
    dyad: Annotated[list[str] | None, typer.Option(help="PRESCRIBER:ALLY; may be given several times.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV to write; else the table goes to stdout.")
    ] = None,
) -> None:
    """Score how far the role an ally is prescribed lies from the one it conceives and performs.

    Where one side has too few coded passages there is no number, and the row says so.

    \b
    Example:  rolecoder gap runs/gulf-war --dyad USA:JPN
    """
    from rolecoder import tables
    from rolecoder.actors import read_actors
    from rolecoder.config import revise, split_dyad
    from rolecoder.gather import actors_path
    from rolecoder.run import run_study
    from rolecoder.runfolder import RunFolder

    study = RunFolder(path=existing(run)).study()
    before = study.gaps.dyads
    if dyad:
        known = read_actors(actors_path(study))
        dyad = [":".join(known.resolve(part.strip()) or part for part in pair.split(":")) for pair in dyad]
        study = study.model_copy(update={"gaps": revise(study.gaps, {"dyads": tuple(dyad)})})
    if not study.gaps.dyads:
        raise RolecoderError("no dyad is named", expected="a prescriber and an ally", mend="add --dyad USA:JPN")
    folder = run_study(study.model_copy(update={"out": run.absolute()}), until="gap", progress=progress)
    frame = tables.GAPS.read(folder.path)
    show(frame, out, frame[list(BRIEF)])
    say_kept(run, ["dyads"] if dyad else [])
    scored = {split_dyad(pair) for pair in study.gaps.dyads}
    if gone := [pair for pair in before if split_dyad(pair) not in scored]:
        say(f"not scored, since --dyad takes the place of the run's dyads: {', '.join(gone)}; name all to keep them")
    speaking = set(tables.PASSAGES.read(folder.path, ["source"])["source"].dropna())
    silent = {state for pair in scored for state in pair} - speaking
    if silent:
        said = f"it has {', '.join(sorted(speaking)[:9])}" if speaking else "it has none of a known source"
        say(f"warning: the run has no passage by {', '.join(sorted(silent))}; {said}")
    for row in frame[frame["note"].notna()].itertuples():
        when = "" if row.period == "all" else f", {row.period}"
        say(f"{row.prescriber}:{row.ally}, {row.comparison}{when}: no number: {row.note}")
