"""The program: `rolecoder COMMAND`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from rolecoder import __version__
from rolecoder.cli import (
    classify_passages,
    code_corpus,
    compare_coders,
    doctor,
    evaluate_model,
    ingest_files,
    make_profiles,
    plan_labels,
    run_study,
    score_gaps,
    show_turns,
    train_model,
    write_report,
)
from rolecoder.errors import RolecoderError

app = typer.Typer(
    name="rolecoder",
    help="Code leaders' statements into national role conceptions, and score the gap between allies.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(run_study.run_cli)
app.command("ingest")(ingest_files.ingest_cli)
app.command("turns")(show_turns.turns_cli)
app.command("code")(code_corpus.code_cli)
app.command("classify")(classify_passages.classify_cli)
app.command("train")(train_model.train_cli)
app.command("evaluate")(evaluate_model.evaluate_cli)
app.command("agree")(compare_coders.agree_cli)
app.command("plan")(plan_labels.plan_cli)
app.command("profile")(make_profiles.profile_cli)
app.command("gap")(score_gaps.gap_cli)
app.command("report")(write_report.report_cli)
app.command("doctor")(doctor.doctor_cli)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program and exit: 0 done, 1 an error that the user can mend, 2 wrong usage.

    A bug keeps its traceback.
    """
    try:
        app(args=None if argv is None else list(argv), prog_name="rolecoder")
    except RolecoderError as error:
        typer.echo(f"rolecoder: {error}", err=True)
        raise SystemExit(1) from None
    except SystemExit as stop:
        if not isinstance(stop.__context__, BrokenPipeError):  # typer's own end where the reader wants no more
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
