"""Letter-spaced text put together again: ``P r e s i d e n t`` -> ``President``."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping

from rolecoder.errors import RolecoderError
from rolecoder.pages.offsets import Edit
from rolecoder.readers.vocabulary import vocabulary

ONE = r"[A-Za-z'’]"
RUN = re.compile(rf"(?<!\S){ONE}(?: {ONE})+(?: ?[-.,;:!?)\"”]+)?(?!\S)")
LONG = re.compile(rf"(?<!\S)(?:{ONE} ){{3,}}{ONE}")
MANY = 12  # long runs from which a text counts as letter-spaced
WORD = re.compile(r"(?<!\S)[A-Za-z]{3,}(?![A-Za-z])")
UNKNOWN, LETTER, LATE_LETTER, INNER_CAPITAL = 10.0, 1.1, 3.0, 20.0  # a letter is late after the tenth
LONGEST = 22
MOST_LETTERS = 200_000  # about 40,000 words
ENDINGS = tuple(
    tuple(rule.split(">"))
    for rule in (
        "s> es> ed> ed>e d> ing> ing>e ly> ally> er> ers> ies>y ied>y ily>y ness> ment> ments> ation>e ion>e ism> ist>"
    ).split()
)  # ending > what stands for it in the word that it was made from
BEGINNINGS = ("un", "re", "non", "dis", "uni", "multi")
ENDED = tuple(end for end, _ in ENDINGS)
APOSTROPHE = re.compile(r"'(?:s|t|re|ve|ll|d|m)$|(?<=s)'$")
NEGATED = re.compile(r"(?:do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|should|must|need)n't")


def spacing_edits(text: str) -> list[Edit]:
    """Edits that put letter-spaced runs together; none where the text is not letter-spaced.

    Blanks alone are taken out or left: every letter of the run stays where it is.

    Raises:
        RolecoderError: So many letters stand apart that it would take minutes.
    """
    if text.count(" ") < 0.2 * len(text) or len(LONG.findall(text)) < MANY:
        return []
    runs = list(RUN.finditer(text))
    letters = sum(run.end() - run.start() for run in runs) // 2
    if letters > MOST_LETTERS:
        raise RolecoderError(
            f"{letters:,} letters set apart by blanks",
            expected=f"at most {MOST_LETTERS:,} in one text",
            mend="split the text into its documents, or recognise its scan again",
        )
    costs = _costs(text, vocabulary())
    price = functools.lru_cache(maxsize=100_000)(lambda piece: _cost(piece, costs))
    edits: list[Edit] = []
    for run in runs:
        places = [at for at in range(run.start(), run.end()) if text[at] != " "]
        if text[run.start() - 2 : run.start()] == "- " and text[run.start() - 3 : run.start() - 2].isalpha():
            edits.append((run.start() - 1, run.start(), ""))
        ends = _ends("".join(text[at] for at in places), price)
        for number in range(1, len(places)):
            before, here = places[number - 1], places[number]
            if here - before > 1 and number not in ends:
                edits.append((before + 1, here, ""))
            elif here - before == 1 and number in ends:
                edits.append((here, here, " "))
    return edits


def _costs(text: str, ranks: Mapping[str, int]) -> dict[str, float]:
    """Cost of a word: less for common ones, and for those that the text itself prints unspaced."""
    costs = {word: math.log(rank + 20.0) + 0.8 for word, rank in ranks.items()}
    for word, count in Counter(w.lower() for w in WORD.findall(text)).items():
        if len(word) > 3 or word in costs:
            costs[word] = min(costs.get(word, 9.5), 9.5 - math.log(count))
    return costs | {"a": 3.0, "i": 3.0}


def _ends(letters: str, price: Callable[[str], float]) -> set[int]:
    """Offsets in ``letters`` at which a new word begins, by the cheapest way to cut it."""
    least, came_from = [0.0], [0]
    for end in range(1, len(letters) + 1):
        first = max(0, end - LONGEST)
        sums = [before + price(letters[start:end]) for start, before in enumerate(least[first:], start=first)]
        cost = min(sums)
        least.append(cost)
        came_from.append(first + sums.index(cost))
    ends, at = set(), len(letters)
    while at > 0:
        at = came_from[at]
        ends.add(at)
    return ends


def _cost(piece: str, costs: Mapping[str, float]) -> float:
    core = piece.rstrip('-.,;:!?)"”')
    if not core:
        return 30.0
    if len(core) < len(piece) and not core[-1].isalpha():
        return 60.0
    plain = core.lower().replace("’", "'")
    known = costs.get(plain)
    if known is None and "'" in plain:
        stem = APOSTROPHE.sub("", plain)
        known = costs.get(stem) or (7.0 if NEGATED.fullmatch(plain) else None) or _derived(stem, costs)
    elif known is None:
        known = _derived(plain, costs)
    inner = 0.0 if core == plain or core.isupper() else INNER_CAPITAL * sum(letter.isupper() for letter in core[1:])
    if known is not None and (len(core) > 1 or core in ("a", "I", "A")):
        return known + inner
    return (
        UNKNOWN
        + LETTER * min(len(core), 10)
        + LATE_LETTER * max(len(core) - 10, 0)
        + inner
        + (4.0 if "'" in plain else 0.0)
    )


def _derived(word: str, costs: Mapping[str, float]) -> float | None:
    """Cost of a word made from a known one: a little more than that one's."""
    ways = [word[: -len(end)] + put for end, put in ENDINGS if word.endswith(end)] if word.endswith(ENDED) else []
    if word.startswith(BEGINNINGS):
        ways += [word[len(start) :] for start in BEGINNINGS if word.startswith(start) and len(word) > len(start) + 3]
    found = [costs[way] for way in ways if len(way) > 2 and way in costs]
    return min(found) + 2.0 if found else None
