"""The files of a model on disk: are they as they were written, and made with libraries that fit those here?

Which they are, ``checksums.json`` says; so it also tells what of an older model is to go when another takes its place.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rolecoder.errors import RolecoderError, listed
from rolecoder.files import file_checksum
from rolecoder.model.labelled import DOUBTFUL

RECORD, HEAD, SUMS = "bundle.json", "head.safetensors", "checksums.json"
NEW = ".new"  # in a model's folder, what is not yet part of it; once it has SUMS, it is whole
CHECKED_LIBRARIES = ("scikit-learn", "sentence-transformers", "torch", "numpy")
_SHOWN = 5
_ELSEWHERE = "name another folder with --out"
_MAJOR = re.compile(r"\d+")


def check_files(folder: Path) -> None:
    """Refuse a folder that is no bundle, or a file of it that is not as it was written.

    Where a new model was stopped while it took the older one's place, it takes it now.

    Raises:
        RolecoderError: It is so.
    """
    finish_move(folder)
    if not (folder / SUMS).is_file():
        raise RolecoderError(
            f"no {SUMS} in {folder}" if folder.is_dir() else f"no folder {folder}",
            expected="the folder of a model written by `rolecoder train`",
            mend="name such a folder; the shipped model is models/holsti-17",
        )
    sums = read_sums(folder)
    lacking = [name for name in (RECORD, HEAD) if name not in sums]
    for name, digest in sums.items():
        path = folder / name
        if name == DOUBTFUL:  # for people, who may write in it
            continue
        if not _inside(path, folder) or not path.is_file() or file_checksum(path) != digest:
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


def read_sums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a model, by its name.

    Raises:
        RolecoderError: The list of them is not readable, or has another form.
    """
    sums = read_json(folder / SUMS)
    if not isinstance(sums, dict) or not all(isinstance(digest, str) for digest in sums.values()):
        raise RolecoderError(
            "lists no checksums",
            where=str(folder / SUMS),
            expected="the SHA-256 of each file by its name",
            mend="copy the model anew from where it came, or train it again",
        )
    return sums


def names_of(folder: Path) -> set[str]:
    """Names of the files of a model; none where there is no model, or none that can be read."""
    with contextlib.suppress(RolecoderError):
        return set(read_sums(folder))
    return set()


def take_away(folder: Path, names: Iterable[str]) -> None:
    """Remove files of an older model, and folders that are empty then."""
    for path in (folder / name for name in names):
        if path.is_file() and _inside(path, folder):
            path.unlink()
            for above in path.relative_to(folder).parents[:-1]:
                with contextlib.suppress(OSError):  # it holds something else
                    (folder / above).rmdir()


def check_room(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder in which files of a model would take the place of others than those of an older model.

    Args:
        folder: Of a model to be; need not be there.
        names: Of the files and folders that will be written into it.

    Raises:
        RolecoderError: It is no folder, or holds files of these names that its list of checksums does not name.
    """
    lowest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not lowest.is_dir():
        raise RolecoderError("not a folder", where=str(lowest), expected="a folder for the model", mend=_ELSEWHERE)
    older = names_of(folder)
    older = {*older, SUMS} if RECORD in older else set()  # else it lists the files of something else
    paths = [path for name in names for path in (folder / name, *(folder / name).rglob("*")) if path.is_file()]
    others = [str(path) for path in paths if path.relative_to(folder).as_posix() not in older]
    if others:
        raise RolecoderError(
            "the model would take the place of files that are not of an older model" + listed(others, _SHOWN),
            where=str(folder),
            expected="a new folder, or that of an older model",
            mend=_ELSEWHERE + ", or move these files away",
        )


def move_model(new: Path, folder: Path) -> None:
    """Let a model that is written whole take the place of an older one; what only that one has is taken away.

    Stopped in the middle, it can be called again: what was moved before is left as it is.

    Raises:
        RolecoderError: See ``check_room``; nothing is moved then.
    """
    older, files = names_of(folder), read_sums(new)
    tops = sorted({Path(file).parts[0] for file in files if Path(file).parts})
    names = [name for name in tops if _inside(new / name, new) and (new / name).exists()]
    check_room(folder, [*names, SUMS])
    for name in names:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        (new / name).replace(folder / name)
    (new / SUMS).replace(folder / SUMS)
    take_away(folder, older - files.keys())


def finish_move(folder: Path) -> None:
    """Let a new model take the older one's place where it was stopped while it did.

    Raises:
        RolecoderError: The folder cannot be written.
    """
    if (folder / NEW / SUMS).is_file():
        try:
            move_model(folder / NEW, folder)
        except OSError as cause:
            raise RolecoderError(
                f"a new model lies there whole and cannot take the older one's place ({cause.strerror})",
                where=str(folder / NEW),
                mend="make the folder one that you may write in, and try again",
            ) from cause


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def read_json(path: Path) -> Any:
    """Read one of a bundle's JSON files."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise RolecoderError(f"not readable ({cause})", where=str(path)) from cause
