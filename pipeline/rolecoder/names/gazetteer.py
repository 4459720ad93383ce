"""Many names sought in running text at once: by their first word, then the longest that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

START = re.compile(r"(?<![\w\u2019'-])\w+")  # not inside a word, not after a hyphen: "anti-American"
HEAD = re.compile(r"\w+")
COMMON = frozenset("states countries nations powers peoples republics members world allies movement".split())


class Gazetteer:
    """Names to be found; what follows a first word is compiled when that word is first met."""

    def __init__(self, names: Iterable[str]) -> None:
        """Sort the names by their first word; a blank stands for any white space, ``'`` also for a curved one."""
        self._by_head: dict[str, list[str]] = {}
        for name in names:
            if head := HEAD.match(name):
                self._by_head.setdefault(head.group(), []).append(name)
        self._compiled: dict[str, re.Pattern[str]] = {}

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the longest name at each place, from left to right and without overlap."""
        done = 0
        for start in START.finditer(text):
            head = start.group()
            if head in self._by_head and start.start() >= done:
                match = self._pattern(head).match(text, start.start())
                if match:
                    done = match.end()
                    yield match

    def _pattern(self, head: str) -> re.Pattern[str]:
        if head not in self._compiled:
            longest_first = sorted(self._by_head[head], key=len, reverse=True)
            ways = "|".join(re.escape(name).replace(r"\ ", r"\s+").replace("'", "['\u2019]") for name in longest_first)
            self._compiled[head] = re.compile(rf"(?:{ways})(?!\w)")
        return self._compiled[head]


def variants(name: str) -> set[str]:
    """Spell a group's name with each word small or capital: ``arab states``, ``Arab States`` ..."""
    spellings = {""}
    for place, word in enumerate(name.split()):
        heads = {word, word[:1].upper() + word[1:]} | ({word.lower()} & COMMON if place else set())
        spellings = {f"{done} {head}".strip() for done in spellings for head in heads}
    return spellings
