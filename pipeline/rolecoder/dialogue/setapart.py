"""Another's statement that a speech announces and sets apart: paragraphs in quotation marks after "The King said:"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.pieces import Voice
from rolecoder.dialogue.quotations import quotations
from rolecoder.dialogue.quoter import SAID, SENTENCE, Quoter
from rolecoder.dialogue.titles import refer

LEAST = 12  # words: less is a saying or a title
ANNOUNCES = re.compile(r"(?::|--|—)\s*$")
FIRST_PERSON = re.compile(r"\b(?:I(?!\squote\b)|[Ww]e|[Mm]y|[Oo]urs?|[Oo]urselves|[Mm]yself)\b")
ORGAN = r"(?:Government|Foreign Ministry|Ministry of Foreign Affairs|Foreign Office)"
STATE = r"[A-Z][a-z]+(?:\s(?:and\s)?[A-Z][a-z]+){0,3}"
GOVERNMENT = re.compile(
    rf"\b(?P<name>{ORGAN}\sof\s(?:the\s)?(?:[A-Z][a-z]+\sRepublic\sof\s)?{STATE}|{STATE}\s{ORGAN})\s(?:\w+\s){{0,3}}?{SAID}\b"
)


def others_words(text: str, blocks: Sequence[Block], author: Voice, cast: Cast) -> dict[int, Voice]:
    """Find the paragraphs of a speech that are the words of another state's leader or government.

    Only what is all in quotation marks counts, after a sentence that ends in a colon or dash and names who said
    it; where that sentence speaks in the first person, or names an office without a state, nothing is taken from
    the speaker.

    Returns:
        The start of each such paragraph, with whose words it holds.
    """
    found: dict[int, Voice] = {}
    if author.actor is None:
        return found
    quoter: Quoter | None = None
    starts = [block.start for block in blocks]
    number = {start: n for n, start in enumerate(starts)}
    for span in quotations(text, blocks):
        first = number.get(span.start, 0)
        if span.words < LEAST or first == 0:
            continue
        inside = blocks[first : bisect_left(starts, span.end)]
        if re.search(r"\w", text[span.end : inside[-1].end]):
            continue
        voice = found.get(blocks[first - 1].start)  # it goes on, each paragraph with marks of its own
        if voice is None and ANNOUNCES.search(blocks[first - 1].text):
            quoter = quoter or Quoter(text, author, refer(author.speaker or "").names, cast)
            voice = _announced(SENTENCE.split(blocks[first - 1].text)[-1], quoter)
        if voice and voice.actor != author.actor:
            found |= {block.start: voice for block in inside}
    return found


def _announced(clue: str, quoter: Quoter) -> Voice | None:
    """Whose words a sentence announces; None where they may be the speaker's own, or no state is known for them."""
    if FIRST_PERSON.search(clue):
        return None
    if government := GOVERNMENT.search(clue):
        return _of_state(Voice(key="", speaker=government["name"]), quoter)
    name = quoter.named(clue)
    if name is None or not (quoter.cast.side(name) or refer(quoter.cast.without_states(name)).names):
        return None
    voice = quoter.signed(name)
    return voice if voice.actor else _of_state(voice, quoter)


def _of_state(voice: Voice, quoter: Quoter) -> Voice | None:
    """Add the state that the name of a government or office tells."""
    state = quoter.cast.side(voice.speaker or "")
    return replace(voice, key=f"quoted {voice.speaker}", actor=state[0], reason=state[1]) if state else None
