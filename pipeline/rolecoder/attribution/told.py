"""Labelled passages as attribution reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rolecoder.actors import Actors
from rolecoder.annotations import Label, Labels
from rolecoder.attribution.passage import Attributable
from rolecoder.records import CONVERSATIONS


def told_holders(labels: Labels, actors: Actors) -> Iterator[tuple[Label, Attributable]]:
    """The labelled passages with a role and an aspect, as attribution reads them; labels with ids.

    An addressee that no row names is the other of the two who speak in a conversation.
    """
    sides = defaultdict(set)  # who speaks in a document: of two in a conversation, each is the other's addressee
    for document, row in zip(labels.documents, labels.rows, strict=True):
        sides[document].add(_known(row.source, actors))
    for document, row in zip(labels.documents, labels.rows, strict=True):
        if not (row.roles and row.aspect):
            continue
        source = _known(row.source, actors)
        others = sides[document] - {None, source}
        talk = row.doc_type in CONVERSATIONS and source is not None and len(others) == 1
        yield (
            row,
            Attributable(
                text=row.text,
                before=row.before,
                after=row.after,
                source=source,
                addressee=_known(row.addressee, actors) or (next(iter(others)) if talk else None),
                doc_type=row.doc_type,
                date=row.date,
                roles=row.roles,
            ),
        )


def _known(name: str | None, actors: Actors) -> str | None:
    return name if name and actors.known(name) else None
