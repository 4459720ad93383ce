"""The study: every choice that a researcher makes, in one YAML file; paths are relative to it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from rolecoder.actors import Actors
from rolecoder.errors import RolecoderError, numbered
from rolecoder.records import DOC_TYPES, DocType
from rolecoder.study.expectation import Expectation as Expectation
from rolecoder.study.expectation import Share
from rolecoder.study.expectation import split_dyad as split_dyad
from rolecoder.study.places import expand as expand
from rolecoder.study.places import shipped as shipped
from rolecoder.study.sections import S, check_section
from rolecoder.study.sections import Section as Section
from rolecoder.study.sections import read_yaml as read_yaml
from rolecoder.study.spans import Division as Division
from rolecoder.study.spans import Event as Event
from rolecoder.study.spans import Events, between, lacks_period
from rolecoder.study.spans import Period as Period
from rolecoder.study.spans import first_day as first_day
from rolecoder.study.spans import last_day as last_day

PERIODS = "all, year, quarter, a list of named periods, or {events: [...]}"
DIMENSIONS = ("source", "holder", "aspect", "period")


class Corpus(Section):
    """Where texts come from, and which of them."""

    path: Path = Field(description="A corpus.yaml, a folder, an archive or a file.")
    actors: tuple[str, ...] = Field((), description="Only documents of these actors; empty: all.")
    doc_types: tuple[DocType, ...] = Field(
        (), description=f"Only these document types, of {', '.join(DOC_TYPES)}; empty: all."
    )
    since: int | None = Field(None, description="First year.")
    until: int | None = Field(None, description="Last year.")


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
    def _between_events(cls, period: Any) -> Any:
        """Events in place of periods divide time: before the first, between each two, from the last on."""
        if isinstance(period, Mapping) and set(period) == {"events"}:
            events = period["events"] or ()
            if not isinstance(events, list | tuple):
                raise ValueError(f"events are {events!r}; expected a list, each with name and date")
            return between(Events.model_validate({"events": events}).events)
        if not isinstance(period, str | list | tuple):
            raise ValueError(f"{period!r}; expected {PERIODS}")
        return period

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


SHIFTS = (-0.10, -0.05, 0.0, 0.05, 0.10)  # of the ends of the bands, to see what verdicts hang on


class Bands(Section):
    """Upper ends, on the Jensen-Shannon distance, of Yang's three lower states of an alliance.

    Yang (2016) draws the scale and sets no figures on it; these are a convention, not a finding, and a
    study may set its own.  The squared distance can be read as the share of role talk that is in
    roles the other side lacks, and the ends are where that share passes a tenth, a quarter and a half
    (their roots, rounded).  Two checks stand behind them.  Among states' conceptions in labelled
    passages of the United Nations' debate and of presidents (coded by language models, not by experts),
    the closest pairs, such as the United States and Britain, lay about .36 apart, one state's decades
    0 to .56, and half of all pairs beyond .78.  With few passages the interval is wide and the verdict
    spans bands, as it should.
    """

    convergence: Share = Field(0.32, description="Upper end of convergence.")
    strain: Share = Field(0.50, description="Upper end of strain.")
    conflict: Share = Field(0.71, description="Upper end of conflict; beyond it lies risk of rupture.")

    @model_validator(mode="after")
    def _rising(self) -> Bands:
        if not 0 < self.convergence < self.strain < self.conflict < 1:
            raise ValueError("bands must rise: 0 < convergence < strain < conflict < 1")
        return self

    def shifted(self, by: float) -> Bands | None:
        """All ends moved by as much; None where one would leave 0 to 1."""
        ends = {name: round(end + by, 6) for name, end in self.model_dump().items()}
        return Bands(**ends) if all(0 < end < 1 for end in ends.values()) else None


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
        return {"out": f"runs/{data['study']}"} | data if isinstance(data, dict) and "study" in data else data


PARTS = (Study, Corpus, Reading, Coding, Target, Profiles, Gaps, Bands, Period, Event, Expectation)


def read_study(path: Path) -> Study:
    """Read a study and make its paths absolute.

    Raises:
        RolecoderError: The file cannot be read, a setting is not known or has a wrong value, or a
            path names an environment variable that is not set.
    """
    return resolve_paths(check_section(Study, read_yaml(path), str(path), PARTS), path)


def revise(section: S, changes: Mapping[str, object]) -> S:
    """Change some settings of a section, checked as those of a study are.

    Raises:
        RolecoderError: A setting is not known or has a wrong value.
    """
    return check_section(type(section), section.model_dump() | dict(changes), "command line", PARTS)


def check_expectations(study: Study) -> None:
    """Check that expectations are of gaps that are scored, in periods that the study has.

    Raises:
        RolecoderError: One is not; its setting is named.
    """
    scored = [split_dyad(dyad) for dyad in study.gaps.dyads]
    for number, expectation in enumerate(study.expectations):
        place = f"expectations.{number}"
        if expectation.dyad is not None and split_dyad(expectation.dyad) not in scored:
            raise RolecoderError(
                f"{expectation.dyad!r} is not among the dyads of gaps", where=f"{place}.dyad", mend="add it to gaps"
            )
        if lacking := lacks_period(study.profiles.period, expectation.period):
            raise RolecoderError(lacking, where=f"{place}.period")


def check_actors(study: Study, actors: Actors) -> None:
    """Check that what the study names as actors are actors of the table.

    Raises:
        RolecoderError: One is none; its setting is named.
    """
    for number, corpus in enumerate(study.corpora):
        for actor in corpus.actors:
            actors.require(actor, where=f"corpora.{number}.actors")
    for dyad in study.gaps.dyads:
        for actor in split_dyad(dyad):
            actors.require(actor, where=f"gaps.dyads, {dyad}")
    for number, expectation in enumerate(study.expectations):
        for name in ("holder", "source"):
            if actor := getattr(expectation, name):
                actors.require(actor, where=f"expectations.{number}.{name}")


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
