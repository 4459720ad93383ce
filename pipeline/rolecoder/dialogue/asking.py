"""Those who ask in a press conference or interview: "JOURNALIST:", "Reuters:", "Ann Lee, Evening Post:"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from rolecoder.dialogue.candidates import QUESTION, ROOM, Label, addressing, titled
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.layout import Block

# Agencies, papers and stations, by name or by what such names are made of.
OUTLET = re.compile(
    r"\b(?:Reuters|AFP|AP|UPI|DPA|PAP|ANSA|EFE|TASS|Interfax|Xinhua|Kyodo|Yonhap|Bloomberg|BBC|CNN|CBS|NBC|ABC|NPR|PBS|"
    r"CCTV|CGTN|NHK|ARD|ZDF|TVN|TVP|TRT|SBS|RFE|VOA|RTL|Al Jazeera|Sky|Le Monde|Le Figaro|Der Spiegel|El Pa[ií]s|"
    r"Agence|Agency|News|Newspaper|Daily|Times|Post|Herald|Tribune|Guardian|Telegraph|Journal|Gazette|Zeitung|Radio|TV|"
    r"Television|Broadcasting|Magazine)\b"
)

ASKS = re.compile(r"\b(?i:ask|question|wonder|comment|follow)|\bYour?\b")
# A heading that asks answers itself: "Farms: must we? No."
ENDS_ASKING = re.compile(r"\?[\"”’)\]]*\s*(?:Thank (?:you|s)\b.{0,40})?\s*$")


def askers(found: Sequence[Label], lines: Sequence[Block], learned: Set[str], cast: Cast, *, wary: bool) -> set[str]:
    """Find who asks: whose words are each time a question that another answers, or whom the label calls a journalist.

    Args:
        found: What may be labels, in order.
        lines: The text, cut where a label may begin.
        learned: The labels that are known to be such.
        cast: Who takes part: none of them only asks.
        wary: A text that may be a speech: there a single word is a heading, and a paper's name may be one.

    Returns:
        The names of their labels.
    """
    printed, said = {label.name: label.printed for label in found}, defaultdict[str, list[str]](list)
    for label, words in _words(found, lines):
        said[label.name].append(words)
    plain = {name for name, shown in printed.items() if not titled(shown) or OUTLET.search(shown)}
    free = {name for name in plain if cast.who(printed[name]) is None and cast.leader(printed[name]) is None}
    press = {name for name, shown in printed.items() if _of_the_press(shown, wary=wary)}
    asked = {name for name in free if all("?" in words for words in said[name]) and not addressing(printed[name])}
    answering = {name for name in learned - press - asked if name not in free or _seldom_asks(said[name])}
    answered: set[str] = set()
    for label, after in reversed([*pairwise(found)]):
        one_of_many = after.name in answered and _shows_it(label.printed)
        if label.name in asked and (one_of_many or after.name in answering):
            answered.add(label.name)
    firm = {label.name for label in found if not label.weak and not label.joins}
    named = {name for name in press if not OUTLET.search(printed[name]) or (answering and _asks(said[name]))}
    sure = {name for name in answered & firm if name in learned or all(map(ENDS_ASKING.search, said[name]))}
    sure -= {name for name in sure if wary and name not in learned and not _shows_it(printed[name])}
    return (named & firm & free) | sure | {name for name in answered if QUESTION.fullmatch(printed[name])}


def _of_the_press(printed: str, *, wary: bool) -> bool:
    """Tell the label of a journalist by its words alone."""
    question = QUESTION.fullmatch(printed) is not None and printed[0] in "Qq"
    return question or ROOM.fullmatch(printed) is not None or (not wary and OUTLET.search(printed) is not None)


def _asks(said: Sequence[str]) -> bool:
    """Tell a paper's question from a heading that a paper's name would be too: "Radio: we shall extend it"."""
    return len(said) > 1 or any("?" in words or ASKS.search(words) for words in said)


def _seldom_asks(said: Sequence[str]) -> bool:
    return 2 * sum("?" in words for words in said) < len(said)


def _shows_it(printed: str) -> bool:
    return len(printed.split()) > 1 or printed.isupper() or OUTLET.search(printed) is not None


def _words(found: Sequence[Label], lines: Sequence[Block]) -> Iterator[tuple[Label, str]]:
    """What stands under each label, up to the next."""
    places = {label.start: label for label in found}
    label, words = None, ""
    for line in lines:
        if line.start in places:
            if label is not None:
                yield label, words
            label, words = places[line.start], ""
        words += line.text + "\n"
    if label is not None:
        yield label, words
