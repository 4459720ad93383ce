"""What a reader returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rolecoder.records import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as it stands in a file, and what the file says of it.

    ``found`` may hold document_id, title, date, place, doc_type, actor, citation and speakers (a list of
    names, or of mappings with name, actor and title); ``where`` says where in the file it stood.
    """

    raw: str
    found: Mapping[str, Any] = field(default_factory=dict)
    where: str = "document header"
    start: int = 0  # of the text proper in raw: what stands before it is metadata
    pages: tuple[tuple[int, str], ...] = ()  # (offset in raw, label)
    notes: tuple[Note, ...] = ()
