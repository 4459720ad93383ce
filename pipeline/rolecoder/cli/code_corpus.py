"""`rolecoder code`: documents to coded passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rolecoder.cli.console import (
    Explain,
    Languages,
    Ocr,
    OtherEncoder,
    Out,
    SpeakersFile,
    existing,
    progress,
    say,
    say_cut,
    say_learnt,
)
from rolecoder.cli.ingest_files import report_reading, say_outdated
from rolecoder.errors import numbered

if TYPE_CHECKING:
    from rolecoder.config import Study
    from rolecoder.runfolder import RunFolder


def code_cli(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, archives or a corpus.yaml.")],
    out: Out,
    model: Annotated[Path | None, typer.Option(help="Folder of a model bundle; by default the shipped one.")] = None,
    encoder: OtherEncoder = None,
    speakers: SpeakersFile = None,
    ocr: Ocr = None,
    languages: Languages = None,
    explain: Explain = False,
) -> None:
    """Code texts: which roles each passage carries, whose they are, and from which side.

    OUT/codings.csv has a row for each coded passage and role, with the words it rests on.
    `rolecoder profile OUT`, `gap OUT` and `report OUT` go on from there.

    \b
    Example:  rolecoder code speeches/ --model models/holsti-17 --out runs/mine
    """
    from rolecoder.run import reading_of, run_study, study_of

    reading = reading_of(speakers, ocr, languages)
    named = str(Path(encoder).absolute()) if encoder and Path(encoder).is_dir() else encoder
    places = [existing(path) for path in paths]
    _say_other_texts(places, out)
    study = study_of(places, out, model, encoder=named, reading=reading, explain=explain)
    folder = run_study(study, until="code", progress=progress)
    report_coding(study, folder)
    say_outdated(folder)
    say(f"Coded passages in {out / 'codings.csv'}")


def _say_other_texts(places: Sequence[Path], out: Path) -> None:
    """Warn where the folder holds a run of other texts, whose labels and dyads stay with it."""
    from rolecoder.runfolder import RunFolder

    folder = RunFolder(path=out.absolute())
    if not folder.has_study:
        return
    study = folder.study()
    before = [corpus.path for corpus in study.corpora]
    if [path.resolve() for path in before] != [path.resolve() for path in places]:
        kept = [*(path.name for path in study.profiles.labels), *study.gaps.dyads]
        say(
            f"warning: {out} held a run of other texts ({', '.join(path.name for path in before)}), which these replace"
            + (f"; it keeps {', '.join(kept)}" if kept else "")
            + "; name another --out for a study of its own"
        )


@contextmanager
def telling_anew(study: Study, run: Path) -> Iterator[None]:
    """Say on stderr where texts were read anew on the way, and what came of it as `code` says it."""
    from rolecoder.runfolder import RunFolder

    folder = RunFolder(path=run.absolute())
    before = folder.record().get("stages", {}).get("read", {}).get("inputs")
    yield
    if before not in (None, folder.record()["stages"]["read"]["inputs"]):
        say("the texts, or what they are read by, have changed since: read and coded anew")
        report_coding(study, folder)


def report_coding(study: Study, run: RunFolder) -> None:
    """Say on stderr what was read and coded, of how much source, holder or aspect are unknown, at what thresholds."""
    from rolecoder import tables
    from rolecoder.coding import CUT
    from rolecoder.gather import codebook_of, model_record, threshold_notes

    folder = run.path
    report_reading(folder)
    codings = tables.CODINGS.read(folder, ["source", "holder", "aspect"])
    passages, roles = numbered(codings["passage_id"].nunique(), "passage"), numbered(len(codings), "role")
    say(f"{passages} coded with {roles}")
    unknown = {name: int(codings[name].isna().sum()) for name in ("source", "holder", "aspect")}
    say(
        "  unknown: "
        + ", ".join(f"{name} of {count:,}" for name, count in unknown.items())
        + " codings; the reasons stand beside them in codings.csv"
    )
    counts = run.record()["stages"]["code"]["counts"]
    say_cut(counts.get(CUT, 0))
    say_learnt(counts)
    card, genres = model_record(study), tables.DOCUMENTS.read(folder, ["doc_type"])["doc_type"]
    for note in threshold_notes(study.coding.thresholds, card, codebook_of(card, study), genres):
        say(f"warning: {note}")
