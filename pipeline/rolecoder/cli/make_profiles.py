"""`rolecoder profile`: shares of the roles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.code_corpus import telling_anew
from rolecoder.cli.console import existing, not_an_input, progress, say, say_kept, say_learnt, say_unread, show
from rolecoder.errors import RolecoderError, numbered

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.config import Profiles, Study
    from rolecoder.runfolder import RunFolder

MOST = 5  # reasons, or sources and periods, that are listed

# What is shown on a terminal.
BRIEF = ("source", "holder", "aspect", "period", "role", "n_coded", "share", "share_low", "share_high", "estimator")


def profile_cli(
    run: Annotated[Path, typer.Argument(help="Folder written by `rolecoder code` or `rolecoder run`.")],
    by: Annotated[
        str | None, typer.Option(help="What a profile is of: source, holder, aspect, period, with commas.")
    ] = None,
    period: Annotated[str | None, typer.Option(help="all, year or quarter; named periods are set in a study.")] = None,
    labels: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Hand labels drawn by `rolecoder plan`; may be given again."),
    ] = None,
    coded_by: Annotated[
        str | None, typer.Option(help="Who coded the hand labels, as the methods paragraph is to say.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option(help="How far their coders agreed, as `rolecoder agree` says.")
    ] = None,
    no_labels: Annotated[
        bool, typer.Option("--no-labels", help="Without the hand labels that the run was given before.")
    ] = False,
    unit: Annotated[str | None, typer.Option(help="What a share is of: passages, words or documents.")] = None,
    estimator: Annotated[
        str | None,
        typer.Option(help="auto, design_based, adjusted_count, emq or count: see the README."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV to write; else the table goes to stdout.")
    ] = None,
) -> None:
    """Measure how often each role is spoken of, corrected for the coder's errors, with intervals.

    With hand labels of this corpus (`rolecoder plan` draws the passages) the correction holds whatever the
    model's errors; without, it assumes that the model errs here as it did in its own labels, and says so.

    A cell with too little behind it is not filled, and says why.

    \b
    Example:  rolecoder profile runs/gulf-war --by source,holder,aspect
    """
    from rolecoder import tables
    from rolecoder.config import revise
    from rolecoder.measuring.tallies import ASSUMED
    from rolecoder.run import run_study
    from rolecoder.runfolder import RunFolder

    study = RunFolder(path=existing(run)).study()
    changes: dict[str, object] = {}
    before = study.profiles.coded_by
    if by is not None:
        changes["by"] = tuple(name.strip() for name in by.split(","))
    if period is not None:
        changes["period"] = period
    if labels and no_labels:
        raise RolecoderError("both --labels and --no-labels", expected="one of them")
    if labels or no_labels:
        changes["labels"] = tuple(file.absolute() for file in labels or ())
    if changes.get("labels", study.profiles.labels) != study.profiles.labels:
        changes |= {"coded_by": "", "agreement": ""}  # what was said of other labels
    stated = {"unit": unit, "estimator": estimator, "coded_by": coded_by, "agreement": agreement}
    changes |= {name: value for name, value in stated.items() if value is not None}
    profiles = revise(study.profiles, changes)
    not_an_input(out, profiles.labels)
    if "period" in profiles.by and profiles.period == "all":
        raise RolecoderError(
            "profiles by period, but the period is 'all'",
            expected="a period to divide time by",
            mend="add --period year",
        )
    study = study.model_copy(update={"out": run.absolute(), "profiles": profiles})
    with telling_anew(study, run):
        folder = run_study(study, until="profile", progress=progress)
    frame = tables.PROFILES.read(folder.path)
    spoken_of = (frame["share"] > 0) | (frame["share"].notna() & (frame["n_role"] > 0))
    show(frame, out, frame.loc[spoken_of, list(BRIEF)])
    say_unread(labels or ())
    if "coded_by" in changes and labels and before and not coded_by:
        say("--coded-by and --agreement were of the labels before, and are forgotten: say them of these")
    kept = [name for name, value in changes.items() if value != ""]
    say_kept(run, ["no labels" if name == "labels" and no_labels else name for name in kept])
    _say_left_out(folder, study, frame)
    _say_unfilled(folder, profiles, frame)
    _say_weak(study, frame)
    if frame["estimator"].isin(ASSUMED).any():
        say_learnt(folder.record()["stages"]["code"]["counts"])


def _say_unfilled(folder: RunFolder, profiles: Profiles, frame: pd.DataFrame) -> None:
    """How many cells hold too little, and why."""
    empty = frame[frame["note"].notna()].drop_duplicates(["source", "holder", "aspect", "period"])
    if len(empty):
        least = f"min_passages: {profiles.min_passages}, min_documents: {profiles.min_documents}"
        verb, file = "is" if len(empty) == 1 else "are", folder.path / "study.yaml"
        say(f"{numbered(len(empty), 'cell')} {verb} not filled (the least is set in {file}: `profiles: {{{least}}}`):")
        notes = empty["note"].value_counts()
        for note, count in notes.head(MOST).items():
            say(f"  {numbered(count, 'cell')}: {note}")
        if more := int(notes.iloc[MOST:].sum()):
            say(f"  and {more:,} more: column note of {folder.path / 'profiles.csv'}")


def _say_weak(study: Study, frame: pd.DataFrame) -> None:
    """Which roles the model may hardly find, where shares rest on what it coded."""
    from rolecoder.gather import codebook_of, model_record
    from rolecoder.measuring.tallies import weak_roles

    card = model_record(study)
    if said := weak_roles(card, codebook_of(card, study).names, frame["estimator"].dropna()):
        say(f"warning: {said}")


def say_uncounted(folder: RunFolder, *, corrected: bool) -> None:
    """How many codings count in no profile; ``corrected`` is whether hand labels correct any share."""
    counts = folder.record()["stages"]["profile"]["counts"]
    if not counts["codings in no profile"]:
        return
    labelled = counts.get("codings in no profile, but labelled", 0)
    whose = ", whose labels count where they correct the shares" if corrected else ""
    say(
        f"{counts['codings in no profile']:,} of {counts['codings']:,} codings are in no profile"
        + (f" ({labelled:,} of them are of passages labelled by hand{whose})" if labelled else "")
        + f": {folder.path / 'uncounted.csv'} says why"
    )


def _say_left_out(folder: RunFolder, study: Study, frame: pd.DataFrame) -> None:
    """What counts in no profile, and what hand labels cannot do."""
    from rolecoder.measuring.tallies import BY_HAND

    profiles = study.profiles
    counts = folder.record()["stages"]["profile"]["counts"]
    corrected = set(frame["estimator"].dropna()) & set(BY_HAND)
    say_uncounted(folder, corrected=bool(corrected))
    _say_of_labels(folder, study, counts, frame)
    if profiles.estimator == "design_based" and not profiles.labels:
        say("the estimator design_based needs hand labels: `rolecoder plan` draws passages, or set estimator: auto")
    if profiles.labels:
        say_too_few(profiles, frame, counts["passages labelled by hand"])


def _say_of_labels(folder: RunFolder, study: Study, counts: Mapping[str, int], frame: pd.DataFrame) -> None:
    """Which hand labels count nowhere, and what of them is not used or may mislead."""
    from rolecoder.gather import model_record
    from rolecoder.measuring.tallies import BY_HAND, NOT_DRAWN, PARTLY
    from rolecoder.report.card import without

    corrected = frame["estimator"].isin(BY_HAND).any()
    if counts["labelled and in no profile"]:
        say(
            f"of the passages labelled by hand, {counts['labelled and in no profile']:,} with a role lack its "
            "holder or aspect: "
            + ("whose they are is left open in all profiles, which lowers shares" if corrected else "they are in none")
            + ": fill both in"
        )
    noted = frame["note"].str.contains(PARTLY, regex=False, na=False)
    aside = frame[noted | frame["method"].str.contains(NOT_DRAWN, regex=False)].drop_duplicates(["source", "period"])
    if len(aside):
        say(
            f"warning: labels are left aside in {numbered(len(aside), 'pair')} of source and period, "
            "since part of the passages there was not drawn from (column method): draw from it too, by "
            "`rolecoder plan RUN --labels FILE`"
        )
    if nowhere := counts["labelled, of no source or period"]:
        say(f"passages labelled by hand that count nowhere: {nowhere:,} of {counts['passages labelled by hand']:,}")
        _say_reasons(folder)
    if weighed := counts["labelled with a weight"]:
        say(
            f"the weight of {numbered(weighed, 'label')} is for training and not used here: a label stands for as many "
            "passages as its sampling_probability says"
        )
    if own := counts.get("labelled as prescribed by a source to itself"):
        say(
            f"warning: {numbered(own, 'passage')} labelled by hand as what a source prescribes to its own state; the "
            "codebook calls that a conception"
        )
    if foreign := counts.get("labelled with roles that the model lacks"):
        say(
            f"{numbered(foreign, 'passage')} labelled by hand with roles that the model was trained without "
            f"({without(model_record(study))}): these roles are in no profile"
        )
    if corrected and (astray := counts["labelled in strata that the run does not keep"]):
        say(
            f"the strata of the hand labels are not used, since {astray:,} of them are of a draw that the run does not "
            "keep; shares hold, but their intervals may be wider than with strata"
        )
    if learnt := counts["labelled and learnt from"]:
        say(
            f"warning: the model has learnt from {learnt:,} or more of these very labels; it codes their passages "
            "better than others, so they cannot tell how far it errs: code the run with a model that was not trained "
            "on them, or draw and label others"
        )
    if corrected and (known := counts["labelled, known by other labels"]):
        say(
            f"the model knows {numbered(known, 'passage')} or more of those labelled by hand from other labels: shares "
            "hold all the same, unless it was trained on labels of this very draw"
        )


def _say_reasons(folder: RunFolder) -> None:
    """Why hand labels are of no source or period."""
    import pandas as pd

    from rolecoder.profiles import LABEL_OUTSIDE

    file = folder.path / "uncounted.csv"
    reasons = pd.read_csv(file)["reason"]
    own = reasons[reasons.str.startswith(LABEL_OUTSIDE)].str.removeprefix(f"{LABEL_OUTSIDE}: ").value_counts()
    for why, count in own.head(MOST).items():
        say(f"  {count:,}: {why}")
    if more := int(own.iloc[MOST:].sum()):
        say(f"  and {more:,} more: column reason of {file}")


def say_too_few(profiles: Profiles, frame: pd.DataFrame, labelled: int) -> None:
    """Which labels correct no share: the estimator leaves them aside, or a source and period has too few of them.

    Args:
        profiles: Settings of the study.
        frame: The table ``profiles``.
        labelled: How many passages are labelled by hand.
    """
    from rolecoder.measuring.tallies import BY_HAND
    from rolecoder.report.reasons import least_labelled, too_few_labels

    if labelled and profiles.estimator not in ("auto", "design_based"):
        say(f"the estimator {profiles.estimator} leaves the {labelled:,} passages labelled by hand aside")
        return
    some = frame["estimator"].isin(BY_HAND).any()
    few = [place for place in too_few_labels(frame, profiles) if place[2] or not some]
    idle = sum(have for _, _, have, _ in few)
    if not idle:
        return
    have = [f"{' in '.join(filter(None, of))} {n:,} of {needed:,}".strip() for *of, n, needed in few]
    say(
        f"warning: {numbered(idle, 'passage')} labelled by hand {'corrects' if idle == 1 else 'correct'} no share, "
        f"since {least_labelled(profiles)} of a source and period are needed, or all of its passages. There are: "
        + "; ".join(have[:MOST])
        + (f"; and {len(have) - MOST:,} more" if len(have) > MOST else "")
    )
