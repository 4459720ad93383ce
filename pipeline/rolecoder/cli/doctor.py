"""`rolecoder doctor`: what is installed, what is missing, what that blocks, how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from rolecoder.cli.console import say
from rolecoder.errors import RolecoderError
from rolecoder.study.places import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; ``needed`` things that lack are errors."""

    what: str
    found: str | None  # None where it is missing
    blocks: str
    mend: str
    needed: bool = True


def doctor_cli() -> None:
    """Say what is installed, what is missing, what that blocks, and how to mend it.

    \b
    Example:  rolecoder doctor
    """
    findings = list(examine())
    width = max(len(finding.what) for finding in findings) + 2
    for finding in findings:
        mark = "ok" if finding.found else ("MISSING" if finding.needed else "absent")
        typer.echo(f"{mark:8}{finding.what:{width}}{finding.found or ''}".rstrip())
        if not finding.found:
            typer.echo(f"{'':8}without it: {finding.blocks}\n{'':8}mend: {finding.mend}")
    lacking = [finding.what for finding in findings if finding.needed and not finding.found]
    if lacking:
        raise RolecoderError("missing: " + ", ".join(lacking), mend="see the lines above")
    say("All that is needed is there.")


def examine() -> Iterator[Finding]:
    """Look at Python, the libraries, the files that come with the project, and the helpers."""
    python = ".".join(map(str, sys.version_info[:3]))
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding(what="Python", found=python if right else None, blocks="everything", mend="use Python 3.11 to 3.13")
    for requirement in importlib.metadata.requires("rolecoder") or []:
        if "extra ==" not in requirement:
            yield _library(requirement)
    yield from (_shipped(*row) for row in _SHIPPED)
    yield _encoder()
    yield _place("room on the disk", Path.cwd())
    for program, blocks in (
        ("tesseract", "scans without a text layer are reported, not read"),
        ("ocrmypdf", "as tesseract; one is enough"),
    ):
        yield Finding(
            what=program,
            found=shutil.which(program),
            blocks=blocks,
            mend=f"install {program} if you have scans",
            needed=False,
        )
    data = os.environ.get("ROLECODER_DATA")
    there = data if data and Path(data, "corpora").is_dir() else None
    yield Finding(
        what="ROLECODER_DATA",
        found=there,
        blocks="studies of corpora that do not come with the project",
        mend="export ROLECODER_DATA=FOLDER, the one that holds corpora/",
        needed=False,
    )


_SHIPPED = (
    ("corpora/actors.csv", "no name of a state is recognised"),
    ("labels/codebook.yaml", "`rolecoder train` needs --codebook"),
    ("models/holsti-17", "coding needs --model"),
    ("models/leaders-minilm/layers.safetensors", "`rolecoder train --fine-tune` needs --encoder"),
)


def _library(requirement: str) -> Finding:
    name = requirement.split(";")[0].strip().split(" ")[0].split(">")[0].split("=")[0].split("<")[0]
    try:
        found: str | None = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = None
    return Finding(
        what=name, found=found, blocks="the stages that use it", mend=f"pip install -c constraints.txt {name}"
    )


def _shipped(relative: str, blocks: str) -> Finding:
    try:
        found: str | None = str(shipped(relative))
    except RolecoderError:
        found = None
    return Finding(
        what=relative,
        found=found,
        blocks=blocks,
        mend="install from a clone of the project, or set ROLECODER_HOME to one",
    )


def _encoder() -> Finding:
    from rolecoder.encode import open_encoder

    try:
        found: str | None = open_encoder().identity.split("; parts")[0]
        mend = ""
    except RolecoderError as error:
        found, mend = None, str(error)
    return Finding(what="encoder weights", found=found, blocks="no text can be coded", mend=mend)


def _place(what: str, folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free / 2**30
    return Finding(
        what=what,
        found=f"{free:.1f} GiB" if free > 0.5 else None,
        blocks="results cannot be written",
        mend="free some space",
    )
