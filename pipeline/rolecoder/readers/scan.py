"""Scans without a text layer: recognised where tesseract is installed, and kept by checksum."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from rolecoder.errors import RolecoderError
from rolecoder.files import write_text
from rolecoder.readers.pdf import NO_LAYER
from rolecoder.readers.reading import Reading
from rolecoder.vectors import cache_folder

DPI = 300
PAGE_BREAK = "\f"
LONGEST = 300  # seconds for one page


def recognise(content: bytes, ocr: str) -> Reading:
    """Read a scanned PDF by text recognition.

    Raises:
        RolecoderError: It is switched off, not installed, or fails.
    """
    program = shutil.which("tesseract")
    if ocr == "never" or program is None:
        raise RolecoderError(
            f"{NO_LAYER}",
            mend="set `ocr: auto` in the study" if ocr == "never" else "install tesseract, or run ocrmypdf on it, and start again",
        )
    kept = cache_folder() / "ocr" / f"{hashlib.sha256(content).hexdigest()}.txt"
    if not kept.is_file():
        with ThreadPoolExecutor() as pool:
            write_text(kept, PAGE_BREAK.join(pool.map(lambda page: _page(program, page), _pages(content))))
    pages, raw = [], ""
    for number, text in enumerate(kept.read_text(encoding="utf-8").split(PAGE_BREAK), start=1):
        pages.append((len(raw), str(number)))
        raw += text + "\n\n"
    return Reading(raw=raw, pages=tuple(pages), where="text recognition")


def _pages(content: bytes) -> list[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    pictures = []
    for page in document:
        scratch = io.BytesIO()
        page.render(scale=DPI / 72).to_pil().convert("L").save(scratch, "PNG")
        pictures.append(scratch.getvalue())
    document.close()
    return pictures


def _page(program: str, picture: bytes) -> str:
    try:
        done = subprocess.run([program, "-", "-", "-l", "eng"], input=picture, capture_output=True, timeout=LONGEST, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as cause:
        raise RolecoderError(f"{NO_LAYER}, and tesseract failed on it ({cause})") from cause
    return done.stdout.decode("utf-8", "replace").replace(PAGE_BREAK, "")
