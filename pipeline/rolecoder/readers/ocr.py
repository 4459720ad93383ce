"""Scans: the words on pictures of pages, recognised by tesseract, or by ocrmypdf, where one is installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.files import write_text
from rolecoder.readers.pdflayer import opened
from rolecoder.readers.record import Reading

SCALE = 300 / 72  # dots per point
SECONDS = 300  # that one page may take
CACHE = "ROLECODER_CACHE"
INSTALL = (
    "install tesseract (Debian, Ubuntu: apt install tesseract-ocr; macOS: brew install tesseract; "
    "Windows: see https://tesseract-ocr.github.io)"
)


def recogniser() -> str | None:
    """The path of tesseract, else of ocrmypdf, which may bring a tesseract of its own; None where neither is there."""
    return shutil.which("tesseract") or shutil.which("ocrmypdf")


def read_scan(data: bytes) -> list[Reading]:
    """Recognise the text of a scan; what was recognised once is kept in the cache.

    Raises:
        RolecoderError: Neither program is installed, or the one that is fails.
    """
    program = recogniser()
    kept = _cache() / f"{hashlib.sha256(data).hexdigest()}.txt"
    if kept.is_file():
        text = kept.read_text(encoding="utf-8")
    elif program is None:
        raise RolecoderError("a scan without a text layer", mend=f"{INSTALL}, and run again")
    else:
        text = _whole(data, program) if "ocrmypdf" in Path(program).name else _recognise(data, program)
        write_text(kept, text)
    pages, at = [], 0
    for number, page in enumerate(text.split("\f"), start=1):
        if page.strip():
            pages.append((at, str(number)))
        at += len(page) + 1
    return [Reading(raw=text, pages=tuple(pages), mended=("recognised from a scan; expect errors",))]


def _recognise(data: bytes, program: str) -> str:
    """Pages are recognised side by side; no more than a few pictures are held at a time."""
    workers = os.cpu_count() or 1
    found: list[str] = []
    with opened(data) as document, ThreadPoolExecutor(workers) as pool:
        for first in range(0, len(document), workers):
            pictures = [_picture(document[n]) for n in range(first, min(first + workers, len(document)))]
            found += pool.map(lambda picture: _page(picture, program), pictures)
    return "\f".join(found)


def _picture(page: Any) -> bytes:
    """A page in grey, as a portable grey map."""
    size = max(page.get_width(), page.get_height())
    bitmap = page.render(scale=min(SCALE, 8000 / max(size, 1.0)), grayscale=True)
    rows = bitmap.to_numpy()
    grey = rows[:, :, 0] if rows.ndim == 3 else rows
    return f"P5 {grey.shape[1]} {grey.shape[0]} 255\n".encode() + bytes(grey.tobytes())


def _whole(data: bytes, program: str) -> str:
    """All pages by ocrmypdf, which works on them side by side by itself."""
    with tempfile.TemporaryDirectory() as scratch:
        scan, text = Path(scratch) / "scan.pdf", Path(scratch) / "text.txt"
        scan.write_bytes(data)
        options = ["--force-ocr", "--language", "eng", "--output-type", "none", "--quiet", "--sidecar", str(text)]
        _run([program, *options, str(scan), "-"], b"", SECONDS * 12)
        return text.read_text(encoding="utf-8", errors="replace").removesuffix("\f").replace("\r\n", "\n")


def _page(picture: bytes, program: str) -> str:
    command = [program, "stdin", "stdout", "-l", "eng", "-c", "preserve_interword_spaces=1"]
    return _run(command, picture, SECONDS).decode("utf-8", "replace").replace("\f", "").replace("\r\n", "\n")


def _run(command: list[str], given: bytes, seconds: int) -> bytes:
    try:
        return subprocess.run(  # noqa: S603  the program was found on the path, its arguments are fixed
            command,
            input=given,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        ).stdout
    except (OSError, subprocess.SubprocessError) as cause:
        name = Path(command[0]).stem
        said = (getattr(cause, "stderr", b"") or b"").decode("utf-8", "replace").strip().splitlines()[-1:]
        raise RolecoderError(
            f"{name} failed ({said[0] if said else cause})", mend="run `tesseract --list-langs`: it must list eng"
        ) from cause


def _cache() -> Path:
    import platformdirs

    root = os.environ.get(CACHE)
    return (Path(root) if root else platformdirs.user_cache_path("rolecoder")) / "recognised"
