"""PDF with a text layer; a scan without one is told apart."""

from __future__ import annotations

from collections.abc import Sequence

from rolecoder.errors import RolecoderError
from rolecoder.readers.reading import Reading

NO_LAYER = "a scan without a text layer"


class NoTextLayer(RolecoderError):
    """A PDF of pictures: it can be read where a program for text recognition is installed."""


def read_pdf(content: bytes) -> Sequence[Reading]:
    """Read the text layer of a PDF, page by page.

    Raises:
        NoTextLayer: Its pages are pictures.
        RolecoderError: It is broken or needs a password.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as cause:
        raise RolecoderError(f"not readable as PDF ({cause})", mend="open it in a viewer and save it anew, without a password") from cause
    try:
        texts = [_page(document, number) for number in range(len(document))]
        labels = [document.get_page_label(number) or str(number + 1) for number in range(len(document))]
    finally:
        document.close()
    if sum(len(text.split()) for text in texts) < 5 * len(texts):
        raise NoTextLayer(f"{NO_LAYER}: {len(texts)} pages of pictures")
    raw, pages = "", []
    for label, text in zip(labels, texts, strict=True):
        pages.append((len(raw), label))
        raw += text + "\n\n"
    return [Reading(raw=raw, pages=tuple(pages))]


def _page(document: object, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]  # type: ignore[index]
        text = str(page.get_textpage().get_text_bounded())
    except pypdfium2.PdfiumError:
        return ""
    return text.replace("\r\n", "\n").replace("\ufffe", "-").replace("\x02", "-")
