"""`rolecoder gap`: how far prescription, conception and performance lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.code_corpus import telling_anew
from rolecoder.cli.console import existing, progress, say, say_kept, show
from rolecoder.errors import RolecoderError, numbered

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.actors import Actors
    from rolecoder.config import Study

MOST = 4  # dyads, or dyads and periods, of which it is said what they lack

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
    unspoken: dict[str, RolecoderError] = {}
    if dyad:
        known = read_actors(actors_path(study))
        study = study.model_copy(update={"gaps": revise(study.gaps, {"dyads": tuple(_by_id(d, known) for d in dyad)})})
        unspoken = _unspoken(study, run)
    if not study.gaps.dyads:
        raise RolecoderError("no dyad is named", expected="a prescriber and an ally", mend="add --dyad USA:JPN")
    with telling_anew(study, run):
        folder = run_study(study.model_copy(update={"out": run.absolute()}), until="gap", progress=progress)
    frame = tables.GAPS.read(folder.path)
    show(frame, out, frame[list(BRIEF)])
    say_kept(run, ["dyads"] if dyad else [])
    scored = list(dict.fromkeys(split_dyad(pair) for pair in study.gaps.dyads))
    if gone := [pair for pair in before if split_dyad(pair) not in scored]:
        say(f"not scored, since --dyad takes the place of the run's dyads: {', '.join(gone)}; name all to keep them")
    for number, (pair, lack) in enumerate(unspoken.items()):
        if number == MOST:
            say(f"and {len(unspoken) - MOST} more dyads of which nothing can be compared")
            break
        say(f"warning: {pair}: {lack.found}")
    told = [pair for pair in scored if ":".join(pair) not in unspoken]
    _say_silent(told, set(tables.PASSAGES.read(folder.path, ["source"])["source"].dropna()))
    _say_unscored(frame, folder.path / "gaps.csv")


def _by_id(dyad: str, known: Actors) -> str:
    """A dyad by its actors' ids, however each is written; what is no dyad or no actor is refused later, as it is."""
    from rolecoder.config import split_dyad

    try:
        sides = split_dyad(dyad)
    except ValueError:
        return dyad
    return ":".join(known.resolve(side) or known.resolve(side.upper()) or side for side in sides)


def _unspoken(study: Study, run: Path) -> dict[str, RolecoderError]:
    """The dyads of whose ally the run knows no role, or of which neither side speaks, and what they lack.

    Raises:
        RolecoderError: All dyads lack something; the run does not keep them.
    """
    from rolecoder import tables
    from rolecoder.gather import evidence
    from rolecoder.runfolder import RunFolder

    if not (run / "codings.parquet").is_file():
        return {}  # what is not coded yet will be
    held = set(tables.CODINGS.read(run, ["holder"])["holder"].dropna())
    if study.profiles.labels:
        labels = evidence(study, RunFolder(path=run.absolute())).sample.labels
        held |= {row.holder for row in labels.values() if row.holder}
    speaking = set(tables.PASSAGES.read(run, ["source"])["source"].dropna())
    found = {pair: lack for pair in study.gaps.dyads if (lack := _lack(pair, held, speaking))}
    if len(found) == len(study.gaps.dyads):
        raise next(iter(found.values()))
    return found


def _lack(pair: str, held: set[str], speaking: set[str]) -> RolecoderError | None:
    """Why nothing of a dyad can be compared, if so."""
    from rolecoder.config import split_dyad

    prescriber, ally = split_dyad(pair)
    if ally not in held:
        return RolecoderError(
            f"no coding of the run is of a role of {ally}",
            where=f"--dyad {pair}",
            expected="an ally of whose roles its texts speak: " + _some(held),
            mend="name another ally, or add texts by it or about it",
        )
    if not speaking.intersection((prescriber, ally)):
        return RolecoderError(
            f"the run has no passage by {prescriber}, and none by {ally}: nothing can be compared",
            where=f"--dyad {pair}",
            expected="two actors of whom one speaks in its texts: " + _some(speaking),
            mend="name another dyad, or add texts by one of them",
        )
    return None


def _some(actors: set[str]) -> str:
    """The first of some actors, in order."""
    return ", ".join(sorted(actors)[:12]) or "there is none"


def _say_silent(dyads: Sequence[tuple[str, str]], speaking: set[str]) -> None:
    """Warn of dyads of which one side, or neither, has a passage in the run, and say what is left to compare."""
    from rolecoder.study.comparisons import comparisons

    lacking = [pair for pair in dyads if not speaking.issuperset(pair)]
    for pair in lacking[:MOST]:
        silent = " or ".join(state for state in pair if state not in speaking)
        left = [c.name for c in comparisons(*pair) if speaking.issuperset((c.left[0], c.right[0]))]
        say(
            f"warning: the run has no passage by {silent} (it has: {_some(speaking)}), so {':'.join(pair)} is compared "
            f"only in: {'; '.join(left) or 'nothing'}"
        )
    if len(lacking) > MOST:
        say(f"and {len(lacking) - MOST} more dyads with a side that has no passage")


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
