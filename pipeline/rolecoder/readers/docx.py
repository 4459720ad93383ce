"""Word documents (DOCX)."""

from __future__ import annotations

import io
import re
import zipfile

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import BROKEN, check_sizes
from rolecoder.readers.record import Builder, Found, Reading


def read_docx(data: bytes) -> list[Reading]:
    """Read the paragraphs and tables of a Word document in their order.

    Raises:
        RolecoderError: It is no Word document, or holds no text.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            check_sizes(parts)
        document = docx.Document(io.BytesIO(data))
        builder = Builder()
        for block in document.iter_inner_content():
            rows = (
                [[cell.text for cell in row.cells] for row in block.rows] if hasattr(block, "rows") else [[block.text]]
            )
            for row in rows:
                builder.add(re.sub(r"[ \t]*\n[ \t]*", "\n", " ".join(dict.fromkeys(row))))
                builder.paragraph()
        properties = document.core_properties
        title = properties.title
    except (*BROKEN, OpcError, AttributeError, TypeError, IndexError, etree.LxmlError) as cause:
        raise RolecoderError(
            f"no readable Word document ({cause or type(cause).__name__})",
            mend="open it in Word and save it as .docx again",
        ) from cause
    if not "".join(builder.pieces).strip():
        raise RolecoderError(
            "a Word document without text", mend="check that its text is not in pictures or text boxes"
        )
    metadata = {"title": Found(value=title, where="properties of the document")} if title else {}
    return [builder.reading(metadata=metadata)]
