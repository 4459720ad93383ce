"""PDF with a text layer: its lines as they stand on the page, pages kept."""

from __future__ import annotations

import itertools

from rolecoder.errors import RolecoderError
from rolecoder.readers.pagenumbers import printed_numbers
from rolecoder.readers.record import Found, Reading

LEAST = 25  # characters a page, on average, below which a PDF has no text layer


class NoTextLayer(RolecoderError):
    """A scan: pictures of pages, without the text on them."""


class TextTwice(NoTextLayer):
    """A scan with two text layers, one over the other: every line stands twice, in two spellings."""

    def __init__(self, reading: Reading) -> None:
        """Keep what was read, for where the pages cannot be recognised anew."""
        super().__init__("a scan whose text layer lies twice over the page")
        self.reading = reading


def read_pdf(data: bytes) -> list[Reading]:
    """Read the text layer of a PDF.

    Raises:
        NoTextLayer: It is a scan.
        TextTwice: It is a scan with two text layers.
        RolecoderError: It is broken, locked or too long, or takes too much time or memory.
    """
    from rolecoder.readers.aside import text_layer

    found = text_layer(data)
    pages, labels, title = found["pages"], found["labels"], found["title"]
    count = len(pages)
    if sum(len(page) for page in pages) < LEAST * count:
        raise NoTextLayer(f"a scan of {count} pages without a text layer")
    starts = list(itertools.accumulate((len(page) + 1 for page in pages), initial=0))[:-1]
    raw = "".join(page + "\f" for page in pages)
    empty = sum(not page.strip() for page in pages)
    told = [f"pages without text: {empty} of {count}"] if empty else []
    metadata = {"title": Found(value=title, where="PDF metadata")} if _telling(title) else {}
    told += ["two text layers lie over each other: words stand twice"] if found["twice"] else []
    printed = printed_numbers(pages, starts)
    if printed is not None:
        told.append(f"printed page numbers and running heads beside them: {len(printed.spans)}")
        labels = printed.labels if labels == [str(n) for n in range(1, count + 1)] else labels
    reading = Reading(
        raw=raw,
        pages=tuple(zip(starts, labels, strict=True)),
        metadata=metadata,
        omit=printed.spans if printed else (),
        mended=tuple(told),
    )
    if found["twice"]:
        raise TextTwice(reading)
    return [reading]


def _telling(title: str) -> bool:
    return len(title) > 5 and " " in title and not title.lower().startswith(("microsoft", "untitled", "layout"))
