"""Which language a text is in, by its commonest little words."""

from __future__ import annotations

import re

WORDS = {
    "en": "the of and to in that is we for our it with as be this have are on by not",
    "fr": "le la les de des et du en que qui dans une est pour nous par sur au ne pas",
    "es": "el la los las de que y en un una es por con para del se no su al nuestro",
    "de": "der die das und den von zu mit ist wir des nicht ein eine für auf dass im dem sich",
    "pt": "o a os as de que e em um uma é por com para do da não se ao nos",
    "it": "il la i di che e in un una è per con del della non si al gli nel sono",
    "nl": "de het een van en in is dat wij op te voor met zijn niet aan die er ook door",
}
LEAST = 20  # words, below which no language is told
_PROFILES = {language: frozenset(words.split()) for language, words in WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str | None:
    """Tell the language of a text from the first two thousand words of it.

    Returns:
        An ISO 639-1 code; "other" where no known language's little words are common; None where
        the text is too short to tell.
    """
    words = [word.casefold() for word in _WORD.findall(text[:20_000])][:2000]
    if len(words) < LEAST:
        return None
    shares = {language: sum(word in profile for word in words) / len(words) for language, profile in _PROFILES.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= 0.12 else "other"
