"""The study: every choice that a researcher makes, in one YAML file; paths are relative to it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from rolecoder.errors import RolecoderError, numbered
from rolecoder.records import DOC_TYPES, DocType
from rolecoder.study.bands import SHIFTS as SHIFTS
from rolecoder.study.bands import Bands as Bands
from rolecoder.study.expectation import Expectation as Expectation
from rolecoder.study.expectation import split_dyad as split_dyad
from rolecoder.study.places import expand as expand
from rolecoder.study.places import shipped as shipped
from rolecoder.study.sections import S, Share, check_section
from rolecoder.study.sections import Section as Section
from rolecoder.study.sections import read_yaml as read_yaml
from rolecoder.study.spans import FIRST, LAST, PERIODS, divided
from rolecoder.study.spans import Division as Division
from rolecoder.study.spans import Event as Event
from rolecoder.study.spans import Period as Period
from rolecoder.study.spans import first_day as first_day
from rolecoder.study.spans import last_day as last_day
from rolecoder.study.wrong_values import told

DIMENSIONS = ("source", "holder", "aspect", "period")
LANGUAGE = re.compile("[a-z]{2,3}")
Year = Annotated[int, Field(ge=int(FIRST), le=int(LAST))]


class Corpus(Section):
    """Where texts come from, and which of them."""

    path: Path = Field(description="A corpus.yaml, a folder, an archive or a file.")
    actors: tuple[str, ...] = Field((), description="Only documents of these actors; empty: all.")
    doc_types: tuple[DocType, ...] = Field(
        (), description=f"Only these document types, of {', '.join(DOC_TYPES)}; empty: all."
    )
    since: Year | None = Field(None, description="First year.")
    until: Year | None = Field(None, description="Last year.")

    @model_validator(mode="after")
    def _forward(self) -> Corpus:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}: no document is of both")
        return self


class Reading(Section):
    """How texts are read and cut."""

    min_words: int = Field(30, ge=1, description="A passage is joined with the next sentence below this.")
    max_words: int = Field(
        80, ge=10, description="A passage is closed before it passes this, where sentences allow; at least `min_words`."
    )
    speakers: Path | None = Field(None, description="CSV with columns speaker, actor and, if needed, document_id.")
    languages: tuple[str, ...] = Field(("en",), description="Languages to code; others are left out and counted.")
    ocr: Literal["auto", "never"] = Field(
        "auto", description="auto: recognise scans where tesseract is installed; or never."
    )

    @field_validator("languages")
    @classmethod
    def _codes(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for code in languages:
            if not LANGUAGE.fullmatch(code):
                raise ValueError(f"{code!r} is not the code of a language; expected two or three letters, as en")
        return languages

    @model_validator(mode="after")
    def _room(self) -> Reading:
        if self.min_words > self.max_words:
            raise ValueError(f"max_words {self.max_words} is below min_words {self.min_words}")
        return self


class Target(Section):
    """What thresholds are to reach in held-out documents: a precision or a recall."""

    precision: float | None = Field(None, gt=0, le=1, description="Of the codes given, the share that is right.")
    recall: float | None = Field(None, gt=0, le=1, description="Of the passages with the role, the share found.")

    @model_validator(mode="after")
    def _one(self) -> Target:
        if (self.precision is None) == (self.recall is None):
            raise ValueError("thresholds name either a precision or a recall")
        return self

    @property
    def measure(self) -> tuple[Literal["precision", "recall"], float]:
        """Which of the two, and its least value."""
        return ("recall", self.recall or 0.0) if self.precision is None else ("precision", self.precision)


Thresholds = Annotated[
    Annotated[Literal["f1"], Tag("word")] | Annotated[Target, Tag("target")],
    Discriminator(lambda given: "word" if isinstance(given, str) else "target"),
]


class Coding(Section):
    """How passages are coded."""

    model: Path | None = Field(None, description="Folder of the model bundle; by default the shipped one.")
    encoder: str | None = Field(None, description="Another encoder by name, or its folder; it must match the bundle's.")
    batch_size: int = Field(256, ge=1, description="Passages encoded at a time; the result does not depend on it.")
    min_confidence: Share = Field(0.5, description="Holder or aspect below this confidence is unknown.")
    explain: bool = Field(False, description="Say of each coding which words carry it, and what was labelled alike.")
    thresholds: Thresholds = Field("f1", description="f1, or what held-out documents are to reach.")

    @field_validator("thresholds", mode="before")
    @classmethod
    def _word_or_target(cls, given: Any) -> Any:
        if given != "f1" and not isinstance(given, Mapping | Target):
            raise ValueError(f"{told(given)}; expected f1, {{precision: 0.8}} or {{recall: 0.8}}")
        return given


class Profiles(Section):
    """How shares are measured."""

    by: tuple[str, ...] = Field(
        ("source", "holder", "aspect"), description=f"What a profile is of: any of {', '.join(DIMENSIONS)}."
    )
    period: Division = Field("all", description=f"{PERIODS} that divide time.")
    unit: Literal["passages", "words", "documents"] = Field(
        "passages", description="What a share is of: passages, words, or documents (the mean over them)."
    )
    labels: tuple[Path, ...] = Field((), description="Hand-labelled passages of this run, drawn by `rolecoder plan`.")
    coded_by: str = Field("", description="Who coded these labels, as the methods paragraph is to say.")
    agreement: str = Field("", description="How far their coders agreed, as `rolecoder agree` says.")
    estimator: Literal["auto", "design_based", "adjusted_count", "emq", "count"] = Field(
        "auto",
        description="auto (design_based where enough passages are labelled, else adjusted_count), design_based, "
        "adjusted_count, emq or count.",
    )
    min_labelled: int = Field(30, ge=2, description="Labelled passages of a source and period for design_based.")
    min_passages: int = Field(
        10, ge=1, description="Passages coded or labelled with a role below which a cell is not filled."
    )
    min_documents: int = Field(3, ge=1, description="Documents below which a cell is not filled.")
    min_words: int = Field(
        0,
        ge=0,
        description="Words of the source below which a cell is not filled; Leadership Trait Analysis asks 4,000.",
    )
    window: int = Field(0, ge=0, description="Years of the moving windows of the trends; 0 for no trends.")
    resamples: int = Field(
        1000,
        ge=0,
        description="Resamples and permutations behind gaps; with 0 there is no test, and two distances are as found.",
    )
    level: float = Field(0.95, gt=0, lt=1, description="Level of the intervals, and of the search for changes.")
    seed: int = Field(
        0,
        description="Seed of all that is drawn: resamples, permutations, error rates, passages of `plan`.",
    )

    @field_validator("period", mode="before")
    @classmethod
    def _divided(cls, period: Any) -> Any:
        return divided(period)

    @field_validator("period")
    @classmethod
    def _apart(cls, period: str | tuple[Period, ...]) -> str | tuple[Period, ...]:
        """Named periods in their order in time; none may overlap another."""
        ordered = () if isinstance(period, str) else sorted(period, key=lambda named: named.first)
        for earlier, later in itertools.pairwise(ordered):
            if later.first <= earlier.last:
                raise ValueError(
                    f"the periods {earlier.name!r} and {later.name!r} overlap: a passage would count twice"
                )
        names = [named.name for named in ordered]
        if len(set(names)) < len(names) or period == ():
            raise ValueError("periods need names of their own, and at least one period")
        return period if isinstance(period, str) else tuple(ordered)

    @field_validator("by")
    @classmethod
    def _known(cls, by: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in by if name not in DIMENSIONS]
        if unknown or not by:
            raise ValueError(f"{', '.join(unknown) or 'nothing'} is not among {', '.join(DIMENSIONS)}")
        return by

    def by_hand(self, labelled: int, passages: int) -> bool:
        """Whether hand labels are to correct shares of a source and period: enough of them, or of all passages."""
        enough = labelled >= max(2, min(self.min_labelled, passages))
        return self.estimator == "design_based" or (self.estimator == "auto" and enough)

    def shortfall(self, passages: int, documents: int, words: int | None = None, aside: str = "") -> str | None:
        """Say that too little stands behind a cell to fill it, and ``aside``, which labels count as nothing."""
        if words is not None and words < self.min_words:
            return f"{words:,} words by the source; the study asks for {self.min_words:,}"
        if passages >= self.min_passages and documents >= self.min_documents:
            return None
        how = "coded or labelled with a role" if self.estimator in ("auto", "design_based") else "coded with a role"
        how = f"coded with a role ({aside})" if aside else how
        return (
            f"{numbered(passages, 'passage')} {how} in {numbered(documents, 'document')}; "
            f"the study asks for {self.min_passages:,} in {self.min_documents:,}"
        )

    def too_alike(self, documents: int) -> str | None:
        """Say that the passages labelled with a role, on which a cell rests alone, are of too few documents."""
        few = f"its passages labelled with a role are of {numbered(documents, 'document')}"
        return None if documents >= self.min_documents else f"{few}; the study asks for {self.min_documents:,}"


class Gaps(Section):
    """Which dyads are scored, and how a distance is read."""

    dyads: tuple[str, ...] = Field((), description="PRESCRIBER:ALLY, for example USA:JPN.")
    bands: Bands = Field(Bands(), description="Ends of the states of an alliance on the distance, see below.")

    @field_validator("dyads")
    @classmethod
    def _pairs(cls, dyads: tuple[str, ...]) -> tuple[str, ...]:
        for dyad in dyads:
            split_dyad(dyad)
        return dyads


class Study(Section):
    """A whole study, from texts to tables."""

    study: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="Short name, of letters, digits, - and _.")
    title: str = Field("", description="Of the report.")
    corpora: tuple[Corpus, ...] = Field(min_length=1, description="Where texts come from: a list.")
    actors: Path | None = Field(None, description="Table of actors; by default the shipped one.")
    out: Path = Field(description="Folder of the run; by default runs/NAME beside the study.")
    reading: Reading = Field(Reading(), description="How texts are read and cut.")
    coding: Coding = Field(Coding(), description="How passages are coded.")
    profiles: Profiles = Field(Profiles(), description="How shares are measured.")
    gaps: Gaps = Field(Gaps(), description="Which dyads are scored.")
    expectations: tuple[Expectation, ...] = Field((), description="What the report holds the findings against.")
    notes: tuple[str, ...] = Field((), description="Sentences that the report prints as they are.")

    @model_validator(mode="before")
    @classmethod
    def _own_folder(cls, data: Any) -> Any:
        return {"out": f"runs/{data.get('study', '')}"} | data if isinstance(data, dict) else data


PARTS: Mapping[str, type[Section]] = {
    "A study": Study,
    "corpora: each": Corpus,
    "reading": Reading,
    "coding": Coding,
    "coding: thresholds": Target,
    "profiles": Profiles,
    "profiles: period, each": Period,
    "profiles: period, events, each": Event,
    "gaps": Gaps,
    "gaps: bands": Bands,
    "expectations: each": Expectation,
}


def read_study(path: Path) -> Study:
    """Read a study and make its paths absolute.

    Raises:
        RolecoderError: The file cannot be read, a setting is not known or has a wrong value, or a
            path names an environment variable that is not set.
    """
    data = read_yaml(path)
    if "name" in data and not data.keys() & {"study", "corpora"}:
        raise RolecoderError(
            "describes a corpus, and is no study",
            where=str(path),
            expected="settings, among them `study` and `corpora`",
            mend="name it in a study, `corpora: [{path: ...}]`, or code it alone with `rolecoder code`",
        )
    return resolve_paths(check_section(Study, data, path, PARTS), path)


def revise(section: S, changes: Mapping[str, object]) -> S:
    """Change some settings of a section, checked as those of a study are.

    Raises:
        RolecoderError: A setting is not known or has a wrong value.
    """
    return check_section(type(section), section.model_dump() | dict(changes), "command line", PARTS)


def resolve_paths(study: Study, path: Path) -> Study:
    """Make every path of the study absolute: relative ones are taken from the folder of ``path``."""

    def at(place: Path) -> Path:
        return expand(place, path)

    reading, coding = study.reading, study.coding
    encoder = at(Path(coding.encoder)) if coding.encoder else None
    return study.model_copy(
        update={
            "corpora": tuple(c.model_copy(update={"path": at(c.path)}) for c in study.corpora),
            "actors": at(study.actors) if study.actors else shipped("corpora/actors.csv"),
            "out": at(study.out),
            "reading": reading.model_copy(update={"speakers": at(reading.speakers) if reading.speakers else None}),
            "profiles": study.profiles.model_copy(update={"labels": tuple(at(file) for file in study.profiles.labels)}),
            "coding": coding.model_copy(
                update={
                    "model": at(coding.model) if coding.model else shipped("models/holsti-17"),
                    "encoder": str(encoder) if encoder and encoder.is_dir() else coding.encoder,
                }
            ),
        }
    )
