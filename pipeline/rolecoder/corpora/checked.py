"""What is said of a document, checked: what cannot be right is not taken over, and told of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rolecoder.actors import STATE_CODE, Actors
from rolecoder.corpora.corpus import Known
from rolecoder.readers.header import iso_date
from rolecoder.readers.record import Found, Reading
from rolecoder.records import DATE, DOC_TYPES

LONGEST_NAME = 40  # characters of what may be a misspelt actor
STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\d\d?:?\d\d.*)?$")  # 1991-02-02T10:00:00Z, 19910202
LEFT_EMPTY = "the date is left empty"


def checked(known: Known) -> list[str]:
    """Values that cannot be right are not taken over; the place they came from says so, and they are told of."""
    told = []
    date = known.facts.get("date")
    if date and not DATE.fullmatch(date.value):
        read, said = _iso(date.value), f"{date.where} says {date.value!r}"
        if read is None:
            said = f"{said}, which is no date as YYYY-MM-DD; {LEFT_EMPTY}"
            told.append(said)
        known.facts["date"] = Found(value=read or "", where=said)
    kind = known.facts["doc_type"] = replace(known.facts["doc_type"], value=known.facts["doc_type"].value.casefold())
    if kind.value not in DOC_TYPES:
        said = f"{kind.where} says {kind.value!r}, which is no type; taken as other"
        told.append(said)
        known.facts["doc_type"] = Found(value="other", where=said)
    return told


def _iso(value: str) -> str | None:
    """A date in a form that no reader takes for another: its month in words, its year first, or with the hour."""
    stamp = STAMP.match(value.strip())
    day = "-".join(part for part in stamp.groups()[:3]) if stamp else ""
    return day if DATE.fullmatch(day) else iso_date(value)


def overruled(before: Known, reading: Reading, actors: Actors | None) -> list[str]:
    """Say where a row of a table has another state or date than what is said of the whole file, which goes first."""
    told = []
    for name in ("date", "actor"):
        first, own = before.facts.get(name), reading.metadata.get(name)
        if not (first and own and own.where.startswith("column ")):
            continue
        meant = [found.value for found in (first, own)]
        if name == "actor" and actors is not None:
            meant = [actors.resolve(value) or value for value in meant]
        if not (meant[0] == meant[1] or (name == "date" and (_iso(own.value) or "").startswith(meant[0]))):
            told.append(f"{own.where} says {own.value!r}, {first.where} says {first.value!r} and goes first")
    return told


def other_dates(before: Known, own: Iterable[Found]) -> list[str]:
    """Say where a text's header, heading or file name has another date than what is said of it, which goes first."""
    first = before.facts.get("date")
    meant = _iso(first.value) if first else None
    if first is None or meant is None:
        return []
    read = [(found, day) for found in own if (day := _iso(found.value)) is not None]
    return [
        f"{found.where} says {found.value!r}, {first.where} says {first.value!r} and goes first"
        for found, day in read
        if not (day.startswith(meant) or meant.startswith(day))
    ]


def contradicted(known: Known, actors: Actors | None) -> list[str]:
    """Say where a row has one speaker whose office is another state's than its actor, which goes first."""
    actor, named = known.facts.get("actor"), known.facts.get("participants")
    if actors is None or actor is None or named is None or actor.where != named.where or len(known.speakers) != 1:
        return []
    person = known.speakers[0]
    date = known.facts["date"].value if "date" in known.facts else None
    date = date if date and DATE.fullmatch(date) else None
    own, state = actors.resolve(actor.value, date), actors.leader(person.title or "", date)
    if own is None or state in (None, own):
        return []
    office = f"{person.name}, {person.title}"
    return [f"{actor.where} says actor {actor.value!r} and speaker {office!r}, who is {state}'s; the actor goes first"]


def with_ids(known: Known, actors: Actors | None) -> tuple[Known, list[str]]:
    """Lead the actor and those of the participants to ids; what leads to none is not taken over, and told of."""
    if actors is None:
        return known, []
    told: list[str] = []
    date = known.facts["date"].value if "date" in known.facts else ""

    def lead(value: str, where: str) -> str | None:
        actor = actors.resolve(value, date if DATE.fullmatch(date) else None)
        if actor is None and STATE_CODE.fullmatch(value.strip()):
            told.append(f"{where} says {value!r}, which may be a state or a group: write three letters, or group:NAME")
        elif actor is None:
            near = actors.nearest(value) if len(value) <= LONGEST_NAME else None
            told.append(f"{where} says {value!r}, which is no actor" + (f"; closest is {near!r}" if near else ""))
        return actor

    facts, actor = dict(known.facts), known.facts.get("actor")
    if actor and actor.value:
        led = lead(actor.value, actor.where)
        where = f"{actor.where}: {actor.value} stands for {led}" if led else told[-1]
        facts["actor"] = actor if led == actor.value else Found(value=led or "", where=where)
    people = [
        replace(person, actor=lead(person.actor, f"{known.speakers_where}: {person.name}")) if person.actor else person
        for person in known.speakers
    ]
    return Known(facts=facts, speakers=tuple(people), speakers_where=known.speakers_where), told
