"""`rolecoder plan`: which passages to label by hand, and how many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.code_corpus import telling_anew
from rolecoder.cli.console import existing, progress, say, say_unread
from rolecoder.errors import RolecoderError


def plan_cli(
    run: Annotated[Path, typer.Argument(help="Folder written by `rolecoder code` or `rolecoder run`.")],
    width: Annotated[
        float,
        typer.Option(help="Widest interval to accept of a role's prevalence: .05 is 5 points."),
    ] = 0.1,
    source: Annotated[list[str] | None, typer.Option(help="Only passages of this source; may be given again.")] = None,
    labels: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="A file of this run labelled before: coded rows are kept, new ones added."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV to write, for a spreadsheet.")] = Path("to-label.csv"),
) -> None:
    """Draw the passages to label by hand, so that shares reach the width asked for.

    The draw is a probability sample: every passage can be in it, and the probability stands in its row.  Code from the
    top (the order is random, so you may stop anywhere, but code at least 30 of each source and period): roles by code
    or name with ; between, or "none"; and whose role it is (holder) and from which side (aspect).  Then give the file
    to `rolecoder profile --labels`.

    Passages labelled before stay in the file.  Where their draw is not in the run's folder, each stands for itself
    alone (sampling_probability 1), and the new ones are drawn from the rest.

    \b
    Example:  rolecoder plan runs/gulf-war --width .05 -o to-label.csv
              rolecoder profile runs/gulf-war --labels to-label.csv
    """
    from rolecoder.files import write_csv
    from rolecoder.run import draw_labels
    from rolecoder.runfolder import RunFolder
    from rolecoder.tables import PASSAGES

    if not 0 < width < 1:
        raise RolecoderError(f"a width of {width}", expected="a share above 0 and below 1, such as .05 for 5 points")
    if out.exists() and out not in (labels or []):
        raise RolecoderError(
            "the file is there already, and may hold labels",
            where=str(out),
            mend=f"name another with --out, or add to it: --labels {out} --out {out}",
        )
    folder = RunFolder(path=existing(run))
    say_unread(labels or ())
    study = folder.study().model_copy(update={"out": run.absolute()})
    with telling_anew(study, run):
        rows, needs = draw_labels(study, width, source or (), [file.absolute() for file in labels or ()], progress)
    write_csv(rows, out)
    for need in needs:
        reach = f"{100 * need.reached:.1f} points" + ("" if need.reached <= width else f", not {100 * width:g}: {WHY}")
        say(
            f"{need.where}: {need.labelled:,} of {need.passages:,} passages labelled; {need.wanted:,} in all give "
            f"intervals of at most {reach}; {need.drawn:,} new ones drawn"
        )
    unknown = int(PASSAGES.read(folder.path, ["source"])["source"].isna().sum()) if "source" in study.profiles.by else 0
    if unknown:
        say(f"{unknown:,} passages whose source is not known are not drawn, and in no share of a source")
    say(f"{sum(need.drawn for need in needs):,} passages to label: {out}")


WHY = "the documents are too few or too unlike for more labels to help"
