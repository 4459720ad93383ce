"""Which language a text or a passage is in: by its script, else by its commonest words, as spaCy lists them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import import_module

FOUND = "commonest words of the text"  # where a language is from that no one states
SAMPLE = 4000  # characters read at the start, the middle and the end
SHORTEST = 12  # words of a passage below which nothing is said
FEW = 7  # a passage in which one word of so many is common is in the language
LEAST = 20  # common words below which nothing is said of a long text
KINDS = 4  # different common words by which a passage is told to be in another language, at least
RAREST = 8  # of so many words of a text, one must be common in its language
PLAIN = 3  # a text in which one of so many words is common in English is English: the other lists take seconds to load
STRANGE = 20  # a text of LONG words and more in which not one of so many is common in a language is not in it
LONG = 50
WORDS = re.compile(r"[^\W\d_]{2,}")  # scans space letters out, and every letter is a word of some language
LETTERS = re.compile(r"[^\W\d_]")
SCRIPTS = {  # of languages whose words no spaces tell, and of Korean
    "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
JAPANESE = 0.1  # of the letters of Japanese that are no Chinese characters, at least
LISTED = (
    "en fr es pt it ro ca de nl sv da nb is fi et lv lt pl cs sk sl hr hu sq tr id vi tl "
    "ru uk bg sr mk el he ar fa ur hi bn"
).split()


def find_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None where too few words tell.

    A language is named where most letters are of its script, or its commonest words make up at least an eighth
    of the sample, and more than those of any other.
    """
    middle = len(text) // 2
    sample = text if len(text) <= 3 * SAMPLE else text[:SAMPLE] + text[middle : middle + SAMPLE] + text[-SAMPLE:]
    words = Counter(WORDS.findall(sample.lower()))
    total = words.total()
    if total > LEAST and _count(words, "en") * PLAIN >= total:
        return "en"
    written = _by_script(sample)
    if written:
        return written
    scores = sorted(((_count(words, name), name) for name in LISTED), reverse=True)
    best, name = scores[0]
    if best < min(LEAST, max(total / 4, 4)) or best * RAREST < total or best == scores[1][0]:
        return None
    return name


def language_beside(text: str, languages: Sequence[str]) -> str | None:
    """The language of a passage that is plainly in none of ``languages``; None for all others.

    A passage is held against its document's language: a short quotation, a list of names or the noise of
    a scan is left where it is.  Another language is named where most letters are of its script, or its commonest
    words make up at least a fifth of twelve words and more, and twice those of each language in ``languages``.
    """
    words = WORDS.findall(text.lower())
    found = Counter(words)
    own = max((_count(found, name) for name in languages if name in LISTED), default=0)
    if own and own * FEW >= len(words):
        return None
    written = _by_script(text)
    if written or len(words) < SHORTEST:
        return None if written in languages else written
    best, name = max((_count(found, name), name) for name in LISTED)
    if name in languages or best * 5 < len(words) or best < 2 * own:
        return None
    return name if len(found.keys() & _common(name)) >= KINDS else None  # "stop" again and again is no French


def in_none_of(text: str, languages: Sequence[str]) -> bool:
    """Whether a text, of whatever language, is plainly in none of these; False where they are not all known here."""
    words = WORDS.findall(text.lower())
    if len(words) < LONG or not set(languages) <= set(LISTED):
        return False
    found = Counter(words)
    return all(_count(found, name) * STRANGE < len(words) for name in languages)


def _count(words: Counter[str], language: str) -> int:
    """How many of the words are common in the language."""
    common = _common(language)
    return sum(count for word, count in words.items() if word in common)


def _by_script(text: str) -> str | None:
    """The language whose script most letters are of; None in scripts that many languages share."""
    told = Counter({name: len(script.findall(text)) for name, script in SCRIPTS.items()})
    if not told.total() or told.total() * 2 <= len(LETTERS.findall(text)):
        return None
    if told["zh"] + told["ja"] == told.total() and told["ja"] >= JAPANESE * told.total():
        return "ja"
    return told.most_common(1)[0][0]


@cache
def _common(language: str) -> frozenset[str]:
    """The commonest words of a language, those of two letters and more."""
    listed = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    return frozenset(word for entry in listed for word in WORDS.findall(entry.lower()))
