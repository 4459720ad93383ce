"""Headings by their form: a few words that name a matter, and say nothing of it."""

from __future__ import annotations

import re

from rolecoder.pages.sentences import abbreviated

MOST = 15  # words: a longer line without its full stop is a sentence broken off
FORM = re.compile(r"(?:(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)]\s)?[A-Z][\w\s,'\u2019.()/&:\u2013\u2014-]*\w\.?")
WORD = re.compile(r"[\w'\u2019-]+")
WE = frozenset("i we you they he she it".split())
HELPING = frozenset(
    "am is are was were be been has have had do does did will would shall should must can could may might ought "
    "cannot".split()
)
# What a sentence has and a heading does not: who does it, that it is done, to whom it is said.
VERBS = frozenset(
    "ask asks become becomes began believe became bring brings brought built came come comes condemn continue "
    "continues deserve fought found gave give gives go goes held join keep keeps kept knew know knows led let "
    "lost made make makes met pray reaffirm reject remain remains said saw say says see sees seek seeks sent "
    "speak spoke stood stop take takes thank think thought told took urge want wants welcome went wish won".split()
)
OTHERS = frozenset(
    "us me there that which who not never excellency excellencies highness majesty ladies gentlemen "
    "distinguished dear".split()
)
ADDRESSED = frozenset("mr mrs ms madam".split())  # as the first word
OWN = frozenset("the a an our its their".split())  # before a noun: "the will of the people"
POINTING = OWN | frozenset("all his her this these those no".split())
BEFORE = POINTING | frozenset("of for in and to with by on at from between or".split())  # "of shared aims"
OPEN = BEFORE | frozenset("as but".split())
SHORTENED = re.compile(r"n['\u2019]t$|['\u2019](?:m|re|ve|ll|d)$")
PAST = re.compile(r"[a-z]{3,}ed")
PRESENT = re.compile(r"[a-z]{4,}s")  # before an article: "supports the"
# "What we ask of our partners": who does what in a heading that asks.
_WE, _HELPING = "|".join(sorted(WE)), "|".join(sorted(HELPING))
ASKING = re.compile(rf"\b(?:what|why|how|where)\s(?:{_WE})\s(?:(?:{_HELPING})\s)?\w+", re.I)


def headline(line: str) -> bool:
    """Tell a heading: no stop at its end but that of "Jr.", no verb that says something, nobody spoken to.

    Args:
        line: A paragraph or line that something follows.
    """
    if not 1 < len(line.split()) < MOST or not FORM.fullmatch(line):
        return False
    if WORD.findall(line)[-1].casefold() in OPEN or (line.endswith(".") and not abbreviated(line)):
        return False
    return not _says(WORD.findall(ASKING.sub(" ", line)))


def _says(words: list[str]) -> bool:
    """Whether words say something, as far as their forms tell."""
    folded = [word.casefold() for word in words]
    return any(word in ADDRESSED for word in folded[:1]) or any(
        after in WE
        or after in OTHERS
        or SHORTENED.search(after)
        or (after in HELPING and before not in OWN)
        or (after in VERBS and before not in OWN and before != "to")
        or (word.islower() and PAST.fullmatch(word) and before not in BEFORE)
        or (after in POINTING and PRESENT.fullmatch(before))
        for before, after, word in zip(["", *folded], folded, words, strict=False)
    )
