"""Word documents (DOCX)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_parts
from rolecoder.readers.markup import MOST_TAGS
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
        for block in document.iter_inner_content():
            rows = [list(_row(row._tr)) for row in block.rows] if hasattr(block, "rows") else [[block.text]]
            for row in rows:
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
        for inner in cell.inner_content_elements:
            lines += (
                [text for within in inner.tr_lst for text in _row(within)] if hasattr(inner, "tr_lst") else [inner.text]
            )
        yield "\n".join(lines).strip()
