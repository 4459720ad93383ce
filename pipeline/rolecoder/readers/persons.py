"""People named in one run, parted by commas: "President Hale, Prime Minister Lund (Denmark), Anna Berg"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecoder.dialogue.titles import HONORIFICS, TITLE, particle, refer

LONGEST = 3000  # characters of an entry that can be a list of people
COMMA = re.compile(r",\s*(?:and\s+)?(?![^()]*\))")  # none in brackets
AND = re.compile(r"\s+and\s+(?=[A-Z])(?![^()]*\))")
BRACKET = re.compile(r"\s*\([^()]*\)\.?$")
ARTICLE = re.compile(r"^[Tt]he\s+")
OF_STATE = re.compile(r"\s+of\s+(?:the\s+)?[A-Z][\w.’' -]*$")  # after a name: "Minister Lund of Denmark"
OFFICE = re.compile(
    r"\b(?:Staff|Members?|Embassy|Mission|Director|Office|Affairs|Department|Section|Division|Ministry|Desk|Council|"
    r"Committee|Agency|Bureau|Planning|Policy|Security|Assistant|Aide|Advis[eo]r|Deputy|House|Press|Public|Spokes\w+|"
    r"Notetakers?|Note|Interpreter|Translator|University|Institute|Bank|News)\b"
)
ACRONYM = re.compile(r"\b[A-Z]{2,5}\b|/")


def apart(entry: str, *, alone: bool) -> list[str]:
    """Cut an entry that names several people, each with an office before the name, with a state in brackets or in full.

    Args:
        entry: Of a list of participants; what stands between semicolons there.
        alone: No other entry stands in the list, so that names without an office may be people too: in a list of
            several, what follows a name is where that one works.

    Returns:
        The people, each with the office that follows the name; the entry as it is where it names one, or may.
    """
    if len(entry) > LONGEST:
        return [entry]
    pieces = [part for piece in COMMA.split(entry) for part in _and(piece.strip())]
    people = [_addressed(piece, number) or (alone and _in_full(piece)) for number, piece in enumerate(pieces)]
    if not people[0] or sum(people) < 2 or not (all(people) or _clear(pieces, people)):
        return [entry]
    return _with_offices(pieces, people)


def _with_offices(pieces: Sequence[str], people: Sequence[bool]) -> list[str]:
    """Put what is no person, an office, after the person before it; the first piece is one."""
    out: list[str] = []
    for piece, person in zip(pieces, people, strict=True):
        if person:
            out.append(piece)
        else:
            out[-1] += ", " + piece
    return out


def _and(piece: str) -> list[str]:
    parts = AND.split(piece)
    return parts if all(_addressed(part, 0) or _in_full(part) for part in parts) else [piece]


def _clear(pieces: Sequence[str], people: Sequence[bool]) -> bool:
    """Tell whether two are named by office, or offices alone stand after the names: no other reading is likely."""
    by_office = sum(_addressed(piece, number) for number, piece in enumerate(pieces))
    rest = [piece for piece, person in zip(pieces, people, strict=True) if not person]
    offices = all(TITLE.match(piece) or (by_office and OFFICE.search(piece)) for piece in rest)
    return by_office > 1 or offices


def _addressed(piece: str, number: int) -> bool:
    """Tell one named by office, as Mr. Hale, with a state or an office in brackets, or as a first "The President"."""
    bare = BRACKET.sub("", piece)
    name = ARTICLE.sub("", bare)
    if number == 0 and TITLE.fullmatch(name):
        return True
    name = OF_STATE.sub("", name) if TITLE.match(name) else name
    ref = refer(name)
    first = name.split()[0].strip(".").casefold() if name.split() else ""
    titled = TITLE.match(name) is not None or first in HONORIFICS
    return bool(ref.names) and len(ref.titles) < 2 and _plain(name) and (titled or bare != piece)


def _in_full(piece: str) -> bool:
    names = refer(piece).names
    return 1 < len(names) < 6 and not refer(piece).titles and len(names) == len(piece.split()) and _plain(piece)


def _plain(name: str) -> bool:
    """Tell a name, with or without an office before it, from the words of an office: no small letters, no bureau."""
    words = TITLE.sub(" ", name)
    small = [w for w in words.split() if w[0].islower() and not particle(w) and w.strip(".") not in HONORIFICS]
    office = small or OFFICE.search(words) or re.search(r"['’]s\b", name)
    return not office and (name.isupper() or ACRONYM.search(words) is None)
