"""Is a model on disk as it was written, and made with libraries that fit those here?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum

RECORD, HEAD, SUMS = "bundle.json", "head.safetensors", "checksums.json"
CHECKED_LIBRARIES = ("scikit-learn", "sentence-transformers", "torch", "numpy")
_MAJOR = re.compile(r"\d+")


def check_files(folder: Path) -> None:
    """Refuse a folder that is no bundle, or a file of it that is not as it was written.

    Raises:
        RolecoderError: It is so.
    """
    if not (folder / SUMS).is_file():
        raise RolecoderError(
            f"no {SUMS} in {folder}",
            expected="the folder of a model written by `rolecoder train`",
            mend="name such a folder; the shipped model is models/holsti-17",
        )
    sums = read_json(folder / SUMS)
    lacking = [name for name in (RECORD, HEAD) if name not in sums]
    for name, digest in sums.items():
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file() or file_checksum(path) != digest:
            what = "was changed, or is not whole" if path.is_file() else "is not there"
            raise RolecoderError(
                f"{name} {what}",
                where=str(folder),
                expected=f"SHA-256 {digest}",
                mend="copy the model anew from where it came, or train it again",
            )
    if lacking:
        raise RolecoderError(f"{', '.join(lacking)} not listed", where=str(folder / SUMS))


def check_versions(made_with: Mapping[str, str], folder: Path) -> None:
    """Refuse a library of another major version than the one that made the model."""
    import importlib.metadata

    for library in CHECKED_LIBRARIES:
        here, then = importlib.metadata.version(library), made_with.get(library, "")
        major = [found.group() if (found := _MAJOR.match(version)) else "" for version in (here, then)]
        if major[0] != major[1]:
            raise RolecoderError(
                f"the model was made with {library} {then or 'of unknown version'}; here is {here}",
                where=str(folder),
                expected=f"{library} {major[1]}.x",
                mend=f'pip install "{library}=={major[1]}.*", or train the model again',
            )


def read_json(path: Path) -> Any:
    """Read one of a bundle's JSON files."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise RolecoderError(f"not readable ({cause})", where=str(path)) from cause
