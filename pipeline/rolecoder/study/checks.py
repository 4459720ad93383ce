"""What a study names, held against its own periods and dyads, the table of actors and the model."""

from __future__ import annotations

from rolecoder.actors import Actors
from rolecoder.codebook import Codebook
from rolecoder.config import Study
from rolecoder.errors import RolecoderError
from rolecoder.study.expectation import split_dyad
from rolecoder.study.spans import lacks_period


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
            mend = 'name one of its periods in quotes (period: "1991"); leave `period` out where time is not divided'
            raise RolecoderError(lacking, where=f"{place}.period", mend=mend)


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


def check_roles(study: Study, codebook: Codebook) -> None:
    """Check that the roles of expectations are roles of the model.

    Raises:
        RolecoderError: One is none; its setting is named.
    """
    for number, expectation in enumerate(study.expectations):
        for role in expectation.roles:
            codebook.resolve(role, where=f"expectations.{number}.roles")
