"""Stretches of time that a study names: periods, and events that divide time into periods."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from rolecoder.errors import closest_said, listed
from rolecoder.records import DATE
from rolecoder.study.sections import Section
from rolecoder.study.wrong_values import told

SHOWN = 12  # names of periods that an error lists

PERIODS = "all, year, quarter, a list of named periods, or {events: [...]}"
NAMED = {"year": (r"\d{4}", "1991"), "quarter": (r"\d{4}-Q[1-4]", "1991-Q1")}  # names of periods, and an example
WORDS = ("all", *NAMED)

FIRST, LAST = "1000", "2099"  # years of the dates that are read


class Period(Section):
    """A named stretch of time, both years or dates included."""

    name: str = Field(min_length=1, description="As tables print it.")
    since: str = Field(description="First year, month or day, in quotes.")
    until: str = Field(description="Last year, month or day, in quotes.")

    @property
    def first(self) -> str:
        """The first day, fit for comparing with other days."""
        return first_day(self.since)

    @property
    def last(self) -> str:
        """The last day, fit for comparing with other days."""
        return last_day(self.until)

    @model_validator(mode="after")
    def _forward(self) -> Period:
        wrong = [date for date in (self.since, self.until) if not DATE.fullmatch(date)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD, in quotes")
        if self.first > self.last:
            raise ValueError(f"the period {self.name!r} ends before it begins")
        return self


class Event(Section):
    """A day that divides time, into periods named "before X", "X to Y" and "from X on"."""

    name: str = Field(min_length=1, description="As tables print it.")
    date: str = Field(description="YYYY-MM-DD, in quotes; its own day begins the period after it.")

    @field_validator("date")
    @classmethod
    def _day(cls, date: str, known: ValidationInfo) -> str:
        event = f"the event {known.data.get('name', '')!r}"
        if not DATE.fullmatch(date):
            raise ValueError(f"{event}: {date!r} is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD, in quotes")
        return first_day(date)


class Events(Section):
    """Days that divide time, in place of periods."""

    events: tuple[Event, ...] = Field(
        description='Each with name and date; the periods are named "before X", "X to Y" and "from X on".'
    )


def between(events: Sequence[Event]) -> tuple[Period, ...]:
    """The periods that events divide time into: an event's own day begins the period after it."""
    ordered = sorted(events, key=lambda event: event.date)
    ends = [_day_before(event.date) for event in ordered]
    if not ordered or len({event.date for event in ordered}) < len(ordered):
        raise ValueError("events need days of their own, and at least one event")
    first = Period(name=f"before {ordered[0].name}", since=FIRST, until=ends[0])
    middle = [
        Period(name=f"{event.name} to {after.name}", since=event.date, until=end)
        for event, after, end in zip(ordered, ordered[1:], ends[1:], strict=False)
    ]
    return (first, *middle, Period(name=f"from {ordered[-1].name} on", since=ordered[-1].date, until=LAST))


def _day_before(day: str) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


Division = Annotated[
    Annotated[Literal["all", "year", "quarter"], Tag("word")] | Annotated[tuple[Period, ...], Tag("periods")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "periods"),
]


def divided(given: Any) -> Any:
    """What a study says of periods; for events, those before the first, between each two, and from the last on."""
    if isinstance(given, Mapping) and "events" in given:
        return between(Events.model_validate(given).events)
    if given not in WORDS and not isinstance(given, list | tuple):
        raise ValueError(f"{told(given)}; expected {PERIODS}" + closest_said(str(given), WORDS))
    return given


def lacks_period(split: Division, name: str | None) -> str | None:
    """Say why a study that divides time so has no period of this name; None where it may have one."""
    if split == "all":
        return None if name in (None, "all") else f"{name!r}, but the study does not divide time"
    if name is None:
        return "none is named, but the study divides time"
    if isinstance(split, str):
        shape, example = NAMED[split]
        return None if re.fullmatch(shape, name) else f"{name!r} is no {split}; expected one such as {example}"
    names = [period.name for period in split]
    said = f"{name!r} is not among the study's periods" + closest_said(name, names)
    return None if name in names else said + listed([f'"{own}"' for own in names], SHOWN)


def first_day(date: str) -> str:
    """The first day that a date may mean, fit for comparing: "1991-02" gives "1991-02-01"."""
    return date + "-01-01"[len(date) - 4 :]


def last_day(date: str) -> str:
    """A day not before the last that a date may mean: "1991-02" gives "1991-02-31", fit for comparing only."""
    return date + "-12-31"[len(date) - 4 :]
