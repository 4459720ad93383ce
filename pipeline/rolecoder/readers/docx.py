"""Word documents (DOCX)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_parts
from rolecoder.readers.markup import MOST_TAGS, local
from rolecoder.readers.record import Builder, Found, Reading


def read_docx(data: bytes) -> list[Reading]:
    """Read the paragraphs and tables of a Word document in their order.

    Raises:
        RolecoderError: It is no Word document, would swell beyond bounds, or holds no text.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        check_parts(data, MOST_TAGS)
        document = docx.Document(io.BytesIO(data))
        builder = Builder()
        for block in _blocks(document.element.body):
            for row in [list(_row(row)) for row in block.tr_lst] if hasattr(block, "tr_lst") else [[_text(block)]]:
                builder.add(re.sub(r"[ \t]*+\n[ \t]*", "\n", " ".join(filter(None, row))))
                builder.paragraph()
        title = str(document.core_properties.title or "")
    except (*BROKEN, OpcError, AttributeError, TypeError, IndexError, AssertionError, etree.LxmlError) as cause:
        raise RolecoderError(
            f"no readable Word document ({str(cause)[:200] or type(cause).__name__})",
            mend="open it in Word and save it as .docx again",
        ) from cause
    if not "".join(builder.pieces).strip():
        raise RolecoderError(
            "a Word document without text", mend="check that its text is not in pictures or text boxes"
        )
    metadata = {"title": Found(value=title, where="properties of the document")} if title else {}
    return [builder.reading(metadata=metadata)]


def _row(row: Any) -> Iterator[str]:
    """The texts of a row, each cell once however wide it is; tables inside a cell too."""
    for cell in row.tc_lst:
        lines = []
        for inner in _blocks(cell):
            lines += (
                [text for within in inner.tr_lst for text in _row(within)]
                if hasattr(inner, "tr_lst")
                else [_text(inner)]
            )
        yield "\n".join(lines).strip()


def _blocks(holder: Any) -> Iterator[Any]:
    """Paragraphs and tables, those too that a template's content controls hold."""
    for child in holder:
        name = local(child)
        if name in ("p", "tbl"):
            yield child
        elif name in ("sdt", "sdtcontent", "customxml", "ins"):
            yield from _blocks(child)


def _text(paragraph: Any) -> str:
    """Its words: in smart tags, fields, content controls and tracked insertions too, but not what was moved away."""
    runs = paragraph.xpath(".//w:r[not(ancestor::w:moveFrom or ancestor::w:txbxContent)]")
    return "".join(run.text for run in runs)
