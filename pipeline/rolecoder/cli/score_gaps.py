"""`rolecoder gap`: how far prescription, conception and performance lie apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.console import existing, progress, say, say_kept, show
from rolecoder.errors import RolecoderError, numbered

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.config import Study

MOST = 4  # dyads and periods of which it is said what they lack

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
        _check_spoken_of(study, run)
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
    _say_unscored(frame, folder.path / "gaps.csv")


def _check_spoken_of(study: Study, run: Path) -> None:
    """Refuse a dyad of whose ally the run knows no role, before the run keeps it."""
    from rolecoder.config import split_dyad
    from rolecoder.gather import evidence
    from rolecoder.runfolder import RunFolder

    if not (run / "codings.parquet").is_file():
        return  # what is not coded yet will be
    known = evidence(study, RunFolder(path=run.absolute()))
    held = set(known.codings["holder"].dropna()) | {row.holder for row in known.sample.labels.values() if row.holder}
    for pair in study.gaps.dyads:
        ally = split_dyad(pair)[1]
        if ally not in held:
            raise RolecoderError(
                f"no coding of the run is of a role of {ally}",
                where=f"--dyad {pair}",
                expected="an ally of whose roles its texts speak: " + (", ".join(sorted(held)[:12]) or "there is none"),
                mend="name another ally, or add texts by it or about it",
            )


def _say_unscored(frame: pd.DataFrame, file: Path) -> None:
    """Which comparisons have no number, and what their sides lack, each side once."""
    lacking = frame[frame["note"].notna()].groupby(["prescriber", "ally", "period"], sort=False)
    for number, ((prescriber, ally, period), rows) in enumerate(lacking):
        if number == MOST:
            say(f"and {lacking.ngroups - MOST} more without some number: column note of {file}")
            return
        when = "" if period == "all" else f", {period}"
        say(f"{prescriber}:{ally}{when}: no number in {numbered(len(rows), 'comparison')}, for want of")
        for side in dict.fromkeys(side for row in rows.itertuples() for side in _sides(str(row.note), str(row.right))):
            say(f"  {side}")


def _sides(note: str, right: str) -> list[str]:
    """What a note says of each of the two sides."""
    left, parted, rest = note.partition(f"; {right}: ")
    return [left, f"{right}: {rest}"] if parted else [note]
