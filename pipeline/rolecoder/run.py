"""A whole study: the only file that knows the order of the stages.

read (ingest, turns, segment) -> code (encode, classify, attribute) -> profile -> gap -> report
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rolecoder.actors import read_actors
from rolecoder.codebook import Codebook
from rolecoder.coding import Model, code_run, open_model
from rolecoder.config import Reading, Study, resolve_paths
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum, write_csv, write_text
from rolecoder.gaps import make_gaps, make_sensitivity
from rolecoder.gather import actors_path, descriptions, evidence, findings, learnt_from, model_path
from rolecoder.ingest import source_files
from rolecoder.labelled_cells import not_coded_yet, stratum_in
from rolecoder.measuring.samples import followed, strata_of
from rolecoder.plan import Need, as_coded, beside, of_unknown_strata, plan_labels, said_around
from rolecoder.profiles import LABELLED, labels_left_out, left_out, make_profiles
from rolecoder.progress import Progress, silent
from rolecoder.readers.ocr import recogniser
from rolecoder.reading import read_run
from rolecoder.report import write_report
from rolecoder.runfolder import RunFolder
from rolecoder.study.checks import check_actors, check_roles
from rolecoder.study.sections import check_section
from rolecoder.tables import (
    CHANGES,
    DOCUMENTS,
    DROPPED,
    GAP_PARTS,
    GAP_SENSITIVITY,
    GAPS,
    PROFILES,
    SAMPLE,
    TRENDS,
    Table,
)
from rolecoder.tabular.rows import dropped_rows
from rolecoder.tabular.sheets import read_rows
from rolecoder.trends import make_trends

if TYPE_CHECKING:
    import pandas as pd

    from rolecoder.measuring.tallies import Evidence

Stage = Literal["read", "code", "profile", "gap", "report"]
STAGES: tuple[Stage, ...] = ("read", "code", "profile", "gap", "report")
OF_A_ROLE = ("holder", "aspect")  # what a hand label says of a role besides


def run_study(study: Study, *, until: Stage = "report", progress: Progress = silent) -> RunFolder:
    """Do the stages of a study up to one of them, each only where something it rests on changed.

    Args:
        study: With absolute paths, as ``read_study`` gives it.
        until: The last stage to do.
        progress: Given what is done and in which unit, shows how far it is.

    Raises:
        RolecoderError: Nothing could be read, a path or setting is wrong, the model does not fit.
    """
    check_actors(study, read_actors(actors_path(study)))
    folder = RunFolder(path=study.out)
    wanted = STAGES[: STAGES.index(until) + 1]
    with ExitStack() as held:
        model = None
        if "code" in wanted:
            model = held.enter_context(open_model(model_path(study), study.coding))
            if "report" in wanted:
                check_roles(study, model.bundle.codebook)
        held.enter_context(folder.keeping(study))
        read(study, folder, progress)
        if model is not None:
            code(study, folder, model, progress)
            if "profile" in wanted:
                profile(study, folder)
            if "gap" in wanted:
                gap(study, folder, model.bundle.codebook)
            if "report" in wanted:
                report(study, folder)
    return folder


def reading_of(speakers: Path | None, ocr: Literal["auto", "never"] | None, languages: Sequence[str] | None) -> Reading:
    """How texts are read, for the commands that take paths; what is None is not chosen."""
    chosen = {"speakers": speakers and speakers.absolute(), "ocr": ocr, "languages": languages}
    return check_section(Reading, {name: value for name, value in chosen.items() if value}, "command line", {})


def study_of(
    paths: Sequence[Path],
    out: Path,
    model: Path | None = None,
    *,
    encoder: str | None = None,
    reading: Reading | None = None,
    explain: bool = False,
) -> Study:
    """A study of some files, for the commands that take paths.

    What is not given is at its default, or as it stands in the run folder where there is one, also which documents of
    a path are taken; another model brings its own encoder.
    """
    before = RunFolder(path=out.absolute())
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", out.absolute().name).strip("-_") or "run"
    kept: dict[str, Any] = before.study().model_dump() if before.has_study else {"study": name}
    coding: dict[str, object] = {"model": model.absolute(), "encoder": None} if model else {}
    coding |= {"encoder": encoder} if encoder else {}
    coding |= {"explain": True} if explain else {}
    corpora = {Path(corpus["path"]).resolve(): corpus for corpus in kept.get("corpora", ())}
    asked = {
        "corpora": [corpora.get(path.resolve(), {"path": path.absolute()}) for path in paths],
        "out": out.absolute(),
        "reading": kept.get("reading", {}) | (reading.model_dump(exclude_unset=True) if reading else {}),
        "coding": kept.get("coding", {}) | coding,
    }
    return resolve_paths(Study.model_validate(kept | asked), out)


def read(study: Study, folder: RunFolder, progress: Progress) -> None:
    """Texts -> documents, turns and passages."""
    inputs = {
        "corpora": [corpus.model_dump(mode="json") for corpus in study.corpora],
        "files": {str(file): _digest_or_why(file) for file in source_files(study.corpora)},
        "reading": study.reading.model_dump(mode="json"),
        "actors": file_checksum(actors_path(study)),
        "speakers": file_checksum(study.reading.speakers) if study.reading.speakers else None,
        "recogniser": recogniser() if study.reading.ocr == "auto" else None,
    }
    folder.do("read", inputs, lambda: read_run(study, folder.path, read_actors(actors_path(study)), progress))


def _digest_or_why(file: Path) -> str:
    """SHA-256 of a file, or why it has none: reading says so again, and goes on with the others."""
    try:
        return file_checksum(file)
    except RolecoderError as cause:
        return cause.found


def code(study: Study, folder: RunFolder, model: Model, progress: Progress) -> None:
    """Passages -> probabilities and codings."""
    inputs = {
        "documents": folder.digests("read")["documents.parquet"],
        "passages": folder.digests("read")["passages.parquet"],
        "model": file_checksum(model_path(study) / "checksums.json"),
        "encoder": model.encoder.identity,
        "min_confidence": study.coding.min_confidence,
        "explain": study.coding.explain,
        "thresholds": study.coding.model_dump(mode="json")["thresholds"],
        "actors": file_checksum(actors_path(study)),
    }
    known = read_actors(actors_path(study))
    folder.do("code", inputs, lambda: code_run(folder.path, model, known, study.coding, progress))


def profile(study: Study, folder: RunFolder) -> None:
    """Codings -> shares."""

    def work() -> tuple[list[Path], dict[str, int]]:
        found = evidence(study, folder)
        frame = make_profiles(found, study.profiles)
        words = dict(zip(found.passages["passage_id"], map(int, found.passages["words"]), strict=True))
        labels = found.sample.labels
        coded = left_out(found.codings, study.profiles, words, labels)
        by_hand = labels_left_out(found.passages, study.profiles, labels)
        outside = DROPPED.frame(dropped_rows([*coded, *by_hand]))
        files = [
            PROFILES.write(frame, folder.path),
            write_csv(frame, folder.path / "profiles.csv"),
            write_csv(outside, folder.path / "uncounted.csv"),
            _write_schema(PROFILES, folder.path),
        ]
        if study.profiles.window:
            for table, moved in zip((TRENDS, CHANGES), make_trends(found, study.profiles), strict=True):
                files += [table.write(moved, folder.path), write_csv(moved, folder.path / f"{table.name}.csv")]
        return files, {
            "rows": len(frame),
            "codings": len(found.codings),
            "codings in no profile": len(coded),
            "codings in no profile, but labelled": sum(row.reason.endswith(LABELLED) for row in coded),
            "labelled, of no source or period": len(by_hand),
            **_label_counts(study, found),
        }

    folder.do("profile", _measured_from(study, folder) | {"profiles": study.profiles.model_dump(mode="json")}, work)


def _label_counts(study: Study, found: Evidence) -> dict[str, int]:
    """How many hand labels there are, and how many have something about them that a user should know."""
    labels = found.sample.labels
    same, known = learnt_from(study, labels)
    return {
        "passages labelled by hand": len(labels),
        "drawn and not labelled yet": found.sample.waiting,
        "labelled in strata that the run does not keep": found.sample.astray,
        "labelled with roles that the model lacks": found.sample.foreign,
        "labelled with a weight": sum(row.weight is not None for row in labels.values()),
        "labelled as prescribed by a source to itself": sum(
            labels[name].prescribes(str(source))
            for name, source in zip(found.passages["passage_id"], found.passages["source"], strict=True)
            if name in labels
        ),
        "labelled and learnt from": same,
        "labelled, known by other labels": known,
        "labelled and in no profile": sum(
            bool(row.roles) and any(name in study.profiles.by and not getattr(row, name) for name in OF_A_ROLE)
            for row in labels.values()
        ),
    }


def gap(study: Study, folder: RunFolder, codebook: Codebook) -> None:
    """Profiles -> dyadic gaps."""

    def work() -> tuple[list[Path], dict[str, int]]:
        gaps, parts = make_gaps(evidence(study, folder), codebook, study.gaps, study.profiles)
        shifted = make_sensitivity(gaps, study.gaps.bands)
        files = [
            GAPS.write(gaps, folder.path),
            GAP_PARTS.write(parts, folder.path),
            GAP_SENSITIVITY.write(shifted, folder.path),
            *(_write_schema(table, folder.path) for table in (GAPS, GAP_PARTS)),
        ]
        tables = {"gaps": gaps, "gap_sensitivity": shifted}
        files += [write_csv(frame, folder.path / f"{name}.csv") for name, frame in tables.items()]
        return files, {"rows": len(gaps)}

    settings = {"gaps": study.gaps.model_dump(mode="json"), "profiles": study.profiles.model_dump(mode="json")}
    folder.do("gap", _measured_from(study, folder) | settings, work)


def _write_schema(table: Table, folder: Path) -> Path:
    """Say in JSON Schema what the rows of a table are, beside it."""
    file = folder / f"{table.name}.schema.json"
    write_text(file, json.dumps(table.schema(), indent=1, ensure_ascii=False) + "\n")
    return file


def draw_labels(
    study: Study, width: float, sources: Sequence[str], labels: Sequence[Path], progress: Progress
) -> tuple[pd.DataFrame, list[Need]]:
    """Draw passages of a coded run to label by hand; the strata of all passages are stored in the run.

    Args:
        study: Of the run.
        width: Widest interval to accept, of a role's prevalence in the study's unit.
        sources: Only passages by these; by default by all.
        labels: Passages of the run labelled before, in place of those that the study names.
        progress: See ``run_study``.

    Returns:
        The rows to label, and what each source and period asks for.
    """
    import pandas as pd

    folder = run_study(study, until="code", progress=progress)
    if labels:
        study = study.model_copy(update={"profiles": study.profiles.model_copy(update={"labels": tuple(labels)})})
    found = evidence(study, folder)
    anew = of_unknown_strata(found.sample)
    if anew:
        _check_draw(folder.path / "sample.parquet", sources)
    kept = SAMPLE.read(folder.path) if (folder.path / "sample.parquet").exists() else None
    kept = followed(kept, found.sample.moved)
    drawn = kept if found.sample.strata else None
    table, rows, needs = plan_labels(found, study.profiles, width, sources=tuple(sources), drawn=drawn)
    SAMPLE.write(table if kept is None else beside(table, kept), folder.path)
    documents = DOCUMENTS.read(folder.path, ["document_id", "text"])
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    named = ((str(row["id"]), row) for file in study.profiles.labels for row in read_rows(file))
    filed = {found.sample.moved.get(name, name): row for name, row in named}
    shown = (row | said_around(texts[str(row["doc_id"])], str(row["id"])) for row in rows)
    told = [as_coded(row, filed.get(str(row["id"]))) for row in shown]
    others = found.sample.labels.keys() - {str(row["id"]) for row in rows}  # of other sources: they stay as they are
    told += [as_coded({}, row, but=("stratum",) * anew) for name, row in filed.items() if name in others]
    return pd.DataFrame(told, dtype=object), needs


def _check_draw(kept: Path, sources: Sequence[str]) -> None:
    """Refuse to add to labels of unknown strata where the run keeps those of another draw, or to some of them only."""
    if kept.exists():
        raise RolecoderError(
            "the labels are of another draw than the last one of this run, whose strata it keeps",
            expected="the file of the last `rolecoder plan`, or passages that were all drawn with one probability",
            mend="give the file of the last draw with --labels, or profile with the labels that there are; "
            f"to begin a new draw from the labels, delete {kept}",
        )
    if sources:
        raise RolecoderError(
            "the labels are of a draw whose strata this run does not keep",
            where="--source " + " --source ".join(sources),
            expected="a draw from the passages of all sources",
            mend="leave --source out",
        )


def _measured_from(study: Study, folder: RunFolder) -> dict[str, object]:
    lacking = [file for file in study.profiles.labels if not file.is_file()]
    if lacking:
        raise RolecoderError("no such file of labels", where=str(lacking[0]), mend="draw one with `rolecoder plan`")
    return {
        "passages": folder.digests("read")["passages.parquet"],
        "codings": folder.digests("code")["codings.parquet"],
        "model": file_checksum(model_path(study) / "checksums.json"),
        "labels": [file_checksum(file) for file in study.profiles.labels],
        "strata": _strata(study, folder),
        "actors": file_checksum(actors_path(study)),
        "thresholds": study.coding.model_dump(mode="json")["thresholds"],
    }


def _strata(study: Study, folder: RunFolder) -> dict[str, str]:
    """All of a draw that shares rest on, where they rest on labels of it; a draw alone changes none."""
    if not (folder.path / "sample.parquet").exists():
        return {}
    rows = [row for file in study.profiles.labels for row in read_rows(file) if not not_coded_yet(row)]
    if not rows:
        return {}
    coded = ((str(row.get("id")), stratum_in(row)) for row in rows)
    return strata_of(coded, SAMPLE.read(folder.path, ["stratum", "sampling_probability"]))


def report(study: Study, folder: RunFolder) -> None:
    """All of the above -> tables, figures and one page."""
    inputs = _measured_from(study, folder) | {
        "stages": {stage: dict(folder.digests(stage)) for stage in ("read", "code", "profile", "gap")},
        "study": study.model_dump(mode="json", exclude={"out"}),
        "corpora": [file_checksum(file) for file in descriptions(study)],
    }

    def work() -> tuple[list[Path], dict[str, int]]:
        files = write_report(findings(study, folder), folder.path / "report")
        return files, {"files": len(files)}

    folder.do("report", inputs, work)
