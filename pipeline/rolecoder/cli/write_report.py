"""`rolecoder report`: the tables, figures and page of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolecoder.cli.code_corpus import telling_anew
from rolecoder.cli.console import existing, progress


def report_cli(
    run: Annotated[Path, typer.Argument(help="Folder written by `rolecoder code` or `rolecoder run`.")],
) -> None:
    """Write the tables (CSV, LaTeX, Markdown, DOCX), the figures and one HTML page of a run.

    \b
    Example:  rolecoder report runs/gulf-war
    """
    from rolecoder.run import run_study
    from rolecoder.runfolder import RunFolder

    study = RunFolder(path=existing(run)).study()
    with telling_anew(study, run):
        folder = run_study(study.model_copy(update={"out": run.absolute()}), progress=progress)
    for file in sorted((folder.path / "report").rglob("*")):
        if file.is_file():
            typer.echo(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)
