"""Letter-spaced text put together again: ``P r e s i d e n t`` -> ``President``."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable

from rolecoder.offsets import Edit

ONE = r"[A-Za-z'’]"
RUN = re.compile(rf"(?<!\S){ONE}(?: {ONE})+(?: ?[-.,;:!?)\"”]+)?(?!\S)")
LONG = re.compile(rf"(?<!\S)(?:{ONE} ){{3,}}{ONE}")
MANY = 12  # long runs from which a text counts as letter-spaced
WORD = re.compile(r"(?<!\S)[A-Za-z]{3,}(?![A-Za-z])")
UNKNOWN, LETTER, INNER_CAPITAL = 9.0, 1.6, 6.0
LONGEST = 22


def spacing_edits(text: str, vocabulary: Callable[[], dict[str, int]] | Callable[[], object]) -> list[Edit]:
    """Edits that put letter-spaced runs together; none where the text is not letter-spaced.

    Blanks alone are taken out or left: every letter of the run stays where it is.
    """
    if len(LONG.findall(text)) < MANY:
        return []
    cost = _costs(text, vocabulary())
    edits: list[Edit] = []
    for run in RUN.finditer(text):
        places = [at for at in range(run.start(), run.end()) if text[at] != " "]
        ends = _ends("".join(text[at] for at in places), cost)
        for number in range(1, len(places)):
            before, here = places[number - 1], places[number]
            if here - before > 1 and number not in ends:
                edits.append((before + 1, here, ""))
            elif here - before == 1 and number in ends:
                edits.append((here, here, " "))
    return edits


def _costs(text: str, ranks: object) -> dict[str, float]:
    """Cost of a word: less for common ones, and for those that the text itself prints unspaced."""
    assert isinstance(ranks, dict)
    costs = {word: math.log(rank + 20.0) + 0.8 for word, rank in ranks.items()}
    for word, count in Counter(w.lower() for w in WORD.findall(text)).items():
        if len(word) > 3 or word in costs:
            costs[word] = min(costs.get(word, 9.5), 9.5 - math.log(count))
    return costs | {"a": 3.0, "i": 3.0}


def _ends(letters: str, costs: dict[str, float]) -> set[int]:
    """Offsets in ``letters`` at which a new word begins, by the cheapest way to cut it."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(letters) + 1):
        options = (
            (best[start][0] + _cost(letters[start:end], costs), start) for start in range(max(0, end - LONGEST), end)
        )
        best.append(min(options))
    ends, at = set(), len(letters)
    while at > 0:
        at = best[at][1]
        ends.add(at)
    return ends


def _cost(piece: str, costs: dict[str, float]) -> float:
    core = piece.rstrip("-.,;:!?)\"”")
    if not core:
        return 30.0
    if len(core) < len(piece) and not core[-1].isalpha():
        return 60.0
    plain = core.lower().replace("’", "'")
    stem = re.sub(r"'(?:s|t|re|ve|ll|d|m)$|(?<=s)'$", "", plain)
    known = costs.get(plain) or costs.get(stem)
    if known is None and plain.endswith("n't"):
        known = 7.0
    if known is None and stem.endswith("s") and len(stem) > 4:
        known = costs.get(stem[:-1], 0.0) + 1.0 if stem[:-1] in costs else None
    inner = 0.0 if core.isupper() else INNER_CAPITAL * sum(letter.isupper() for letter in core[1:])
    if known is not None and (len(core) > 1 or core in ("a", "I", "A")):
        return known + inner
    return UNKNOWN + LETTER * len(core) + inner + (4.0 if "'" in plain else 0.0)
