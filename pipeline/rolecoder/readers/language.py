"""Which language a text or a passage is in, by its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

SAMPLE = 4000  # characters read at the start, the middle and the end
SHORTEST = 12  # words of a passage below which nothing is said
FEW = 7  # a passage in which one word of so many is common is in the language
LEAST = 20  # words of the profiles below which nothing is said
WORDS = re.compile(r"[^\W\d_]+")
PROFILES = {
    "en": (
        "the of and to in that is for it with as was be by on not this are we our have which has from at "
        "his but their they been or will an would"
    ),
    "fr": (
        "le la les de des du et que qui est dans pour une sur pas avec ce par nous notre aux sont plus "
        "cette au il elle ont ses mais ou"
    ),
    "es": (
        "el la los las de que en y del para por con una su se es no al lo como más sus ha pero este "
        "nuestra nuestro esta son ser"
    ),
    "de": (
        "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden "
        "aus er hat dass sie nach wird bei"
    ),
    "pt": (
        "o os as de que e do da em para por com uma não se na no dos das ao mais nos como foi nossa "
        "nosso pela pelo ser sua são"
    ),
    "it": (
        "il di che e la per un una in del non sono le della con si dei da nel gli alla più come anche ha "
        "questo nostro lo delle i"
    ),
    "nl": (
        "de het een van en in is dat op te zijn voor met die niet aan er om ook als maar bij wij door "
        "naar worden dit ze onze"
    ),
    "ru": ("и в не на что с по как это за от к для из его но мы все так же был наш они быть или при о"),
}
_PROFILES = {language: frozenset(words.split()) for language, words in PROFILES.items()}


def find_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None where too few words tell.

    A language is named where its commonest words make up at least a sixth of the sample, and more
    than those of any other.
    """
    middle = len(text) // 2
    sample = text if len(text) <= 3 * SAMPLE else text[:SAMPLE] + text[middle : middle + SAMPLE] + text[-SAMPLE:]
    words = Counter(word.lower() for word in WORDS.findall(sample))
    total = words.total()
    scores = sorted(((sum(words[w] for w in profile), name) for name, profile in _PROFILES.items()), reverse=True)
    best, name = scores[0]
    if best < min(LEAST, max(total / 4, 4)) or best * 6 < total or best == scores[1][0]:
        return None
    return name


def language_beside(text: str, languages: Sequence[str]) -> str | None:
    """The language of a passage that is plainly in none of ``languages``; None for all others.

    A passage is held against its document's language: a short quotation, a list of names or the noise of
    a scan is left where it is.  Another language is named where its commonest words make up at least a
    fifth of twelve words and more, and twice those of each language in ``languages``.
    """
    words = text.lower().split()
    own = max((sum(map(_PROFILES[name].__contains__, words)) for name in languages if name in _PROFILES), default=0)
    if own * FEW >= len(words) or len(words) < SHORTEST:
        return None
    found = Counter(word.lower() for word in WORDS.findall(text))
    best, name = max((sum(found[w] for w in profile), name) for name, profile in _PROFILES.items())
    return name if name not in languages and best * 5 >= len(words) and best >= 2 * own else None
