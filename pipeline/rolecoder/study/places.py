"""Where files lie: those that come with the project, and those that a study names."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rolecoder.errors import RolecoderError

VARIABLE = re.compile(r"\$\{(\w+)\}")
HOME = "ROLECODER_HOME"


def shipped(relative: str) -> Path:
    """Find a file or folder that comes with the project: the actors, the codebook, the model.

    It is sought in the folder that the package was installed from, as the installer recorded it
    (PEP 610), or in the folder that the environment variable ROLECODER_HOME names.

    Raises:
        RolecoderError: It is in neither.
    """
    home = os.environ.get(HOME) or _installed_from()
    path = Path(home, relative).absolute() if home else None
    if path is None or not path.exists():
        raise RolecoderError(
            f"{relative} is not found" + (f" in {home}" if home else ""),
            expected=f"the project's folder, with {relative} in it",
            mend=f"name the file in the study or on the command line, or set {HOME} to the project's folder",
        )
    return path


def _installed_from() -> str | None:
    record = importlib.metadata.distribution("rolecoder").read_text("direct_url.json")
    url = str(json.loads(record)["url"]) if record else ""
    return url2pathname(urlsplit(url).path) if url.startswith("file:") else None


def expand(value: Path, beside: Path) -> Path:
    """Put environment variables into a path and make it absolute, relative to the folder of ``beside``.

    A variable's own relative value is taken from the working folder, as the user typed it.

    Raises:
        RolecoderError: A variable is not set.
    """
    text = str(value)
    for name in VARIABLE.findall(text):
        if not os.environ.get(name):
            raise RolecoderError(
                f"{text} needs the environment variable {name}, which is not set",
                where=str(beside),
                mend=f"set it to the folder that holds the data: export {name}=/path/to/data",
            )
        text = text.replace(f"${{{name}}}", str(Path(os.environ[name]).absolute()))
    return Path(os.path.normpath(beside.absolute().parent / text))
