"""Labels that the recognition of a scan misspelt, or that got a point too many."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rolecoder.dialogue.candidates import NOT_LABELS, Label, addressing, normal
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.layout import Block

LIKENESS, ALIKE = 0.7, 0.85
SPELT = 7  # letters of a label that a slip leaves recognisable
SHOUTED = re.compile(r"(?P<label>[A-Z]+\.[A-Z.'’ -]{2,40})[.:](?=\s)")


def without_slips(learned: Counter[str], printed: Mapping[str, str], cast: Cast) -> Counter[str]:
    """Leave out misspellings of a label that stands more often: "The Presldent"."""
    slips = set()
    for name, count in learned.items():
        if len(name) >= SPELT and cast.who(printed[name]) is None:
            often = [other for other, times in learned.items() if len(other) >= SPELT and times > count]
            if difflib.get_close_matches(name, often, n=1, cutoff=ALIKE):
                slips.add(name)
    return Counter({name: count for name, count in learned.items() if name not in slips})


def slip(line: Block, learned: Counter[str], printed: Mapping[str, str]) -> Label | None:
    """A learned label that the recognition of the scan misspelt."""
    match = re.match(r"(?P<label>\W{0,3}[^:;—]{3,45}?)\s*(?P<sep>[:;](?=\s|$)|(?:--|—)(?=\s?[A-Z]))", line.text)
    if match is None:
        return None
    here = normal(match["label"])
    near = spelt_alike(here, learned, LIKENESS if match["sep"] in ":;" else ALIKE)
    if not near or NOT_LABELS.fullmatch(match["label"].strip()) or addressing(match["label"].strip()):
        return None
    garbled = not match["label"].strip()[:1].isupper() or abs(len(here) - len(near)) <= 3
    return Label(line.start, line.start + match.end(), printed[near], near) if garbled else None


def with_points(line: Block, learned: Counter[str], printed: Mapping[str, str]) -> Label | None:
    """A learned label in capitals that got a point too many: "THE. CHAIRMAN. We begin"."""
    match = SHOUTED.match(line.text)
    name = normal(match["label"]) if match else ""
    if match is None or name not in learned or not printed[name].isupper():
        return None
    return Label(line.start, line.start + match.end(), printed[name], name)


def spelt_alike(name: str, learned: Iterable[str], likeness: float) -> str | None:
    """The learned label that a misspelt one stands for."""
    found = difflib.get_close_matches(name, [other for other in learned if len(other) >= SPELT], n=1, cutoff=likeness)
    return found[0] if found and len(name) >= SPELT - 1 else None


def alike_only(label: Label, near: str, cast: Cast) -> bool:
    """Tell a misspelt label from the name of another who takes part."""
    person = cast.who(label.printed)
    return person is None or not person.actor or (person == cast.who(near) and not addressing(label.printed))
