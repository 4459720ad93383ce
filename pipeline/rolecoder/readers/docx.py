"""Word documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from rolecoder.errors import RolecoderError
from rolecoder.readers.archive import check_archive
from rolecoder.readers.reading import Reading


def read_docx(content: bytes) -> Sequence[Reading]:
    """Read a DOCX, paragraph by paragraph; tables cell by cell.

    Raises:
        RolecoderError: It is broken, or unpacks to more than is safe.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    check_archive(content, "Word document")
    try:
        document = docx.Document(io.BytesIO(content))
        texts = [p.text for p in document.paragraphs]
        texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        title = document.core_properties.title
    except (OpcError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, AttributeError) as cause:
        raise RolecoderError(f"not readable as a Word document ({cause})", mend="open it in Word and save it anew as .docx") from cause
    return [Reading(raw="\n\n".join(texts), found={"title": title} if title else {}, where="document properties")]
