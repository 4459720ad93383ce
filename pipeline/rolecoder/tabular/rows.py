"""Records as rows of their declared tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rolecoder.records import Coding, Document, Dropped, Passage, Turn

_LISTS = ("participants", "origins", "mended", "doubts", "breaks", "pages", "notes")


def document_row(document: Document) -> dict[str, object]:
    """A row of the table ``documents``; lists and mappings as JSON."""
    row = asdict(document)
    return row | {name: json.dumps(row[name], ensure_ascii=False) for name in _LISTS}


def turn_row(turn: Turn) -> dict[str, object]:
    """A row of the table ``turns``."""
    row = asdict(turn)
    del row["text"]
    return row


def passage_row(passage: Passage, document: Document) -> dict[str, object]:
    """A row of the table ``passages``."""
    return asdict(passage) | {
        "passage_id": passage.passage_id,
        "words": len(passage.text.split()),
        "doc_type": document.doc_type,
        "date": document.date,
    }


def coding_row(coding: Coding, passage: Mapping[str, Any]) -> dict[str, object]:
    """A row of the table ``codings``; ``passage`` is the row of its passage."""
    return {
        "passage_id": coding.passage_id,
        "document_id": passage["document_id"],
        "role": coding.role,
        "probability": coding.probability,
        "threshold": coding.threshold,
        "source": passage["source"],
        "date": passage["date"],
        **asdict(coding.attribution),
    }


def dropped_rows(dropped: list[Dropped]) -> list[dict[str, object]]:
    """Rows of the table ``dropped``, numbered in their order."""
    return [{"row": number, **asdict(item)} for number, item in enumerate(dropped, start=1)]
