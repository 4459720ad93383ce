"""`rolecoder run`: a whole study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.code_corpus import report_coding
from rolecoder.cli.console import existing, progress, say, say_unread
from rolecoder.cli.make_profiles import say_too_few, say_uncounted


def run_cli(
    study: Annotated[Path, typer.Argument(help="The study's YAML file.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder of the run, in place of the study's own.")
    ] = None,
) -> None:
    """Run a whole study: texts in, coded passages, profiles, gaps and a report out.

    What is done already is kept: a study that was stopped goes on where it stopped, and one that
    has not changed is not done again.

    \b
    Example:  rolecoder run configs/gulf-war.yaml
    """
    from rolecoder.config import read_study
    from rolecoder.gather import findings
    from rolecoder.measuring.tallies import BY_HAND
    from rolecoder.report.method import weak_roles
    from rolecoder.report.summary import summary
    from rolecoder.run import run_study
    from rolecoder.study.checks import check_expectations

    settings = read_study(existing(study))
    check_expectations(settings)
    if out is not None:
        settings = settings.model_copy(update={"out": out.absolute()})
    folder = run_study(settings, progress=progress)
    report_coding(settings, folder)
    say_unread(settings.profiles.labels)
    found = findings(settings, folder)
    say_uncounted(folder, corrected=any(name in BY_HAND for name in found.profiles["estimator"].dropna()))
    say("")
    typer.echo(summary(found))
    say_too_few(settings.profiles, found.profiles, len(found.labelled))
    for note in weak_roles(found):
        say(f"warning: {note}")
    typer.echo(f"\nCoded passages  {folder.path / 'codings.csv'}")
    typer.echo(f"Tables          {folder.path / 'report' / 'tables'}")
    typer.echo(f"Figures         {folder.path / 'report' / 'figures'}")
    typer.echo(f"Report          {folder.path / 'report' / 'report.html'}")
    say("")
