"""Labels of a few capitals: initials of someone who takes part (JFK, K), or a short surname (BUSH, ROH)."""

from __future__ import annotations

import re

from rolecoder.dialogue.candidates import INITIALS
from rolecoder.dialogue.cast import Cast, Person

LIKE_A_NAME = re.compile(r"(?=.*[AEIOUY])[A-Z]{3,4}")


def are_initials(printed: str, cast: Cast) -> bool:
    """Tell initials from a short surname, which someone who takes part bears, or a leader whom no list names."""
    if INITIALS.fullmatch(printed) is None or _borne(printed, cast):
        return False
    return initials_of(printed, cast) is not None or cast.leader(printed) is None


def meant(printed: str, cast: Cast) -> Person | None:
    """The one who takes part whom a label means, by name, office or initials."""
    listed = initials_of(printed, cast) if are_initials(printed, cast) else None
    return cast.who(listed or printed)


def like_a_name(printed: str) -> bool:
    """Tell capitals that may be a surname of which no list knows: three or four, a vowel, no points."""
    return LIKE_A_NAME.fullmatch(printed) is not None


def _borne(printed: str, cast: Cast) -> bool:
    return len(printed) > 1 and any(printed.casefold() in person.names for person in cast.people)


def initials_of(printed: str, cast: Cast) -> str | None:
    """The listed name that initials stand for: JFK is Kennedy, and later in the text so is K; P is the President."""
    letters = re.sub(r"\W", "", printed).casefold()
    people = [p for p in cast.people if p.names]
    last = [p for p in people if p.names[-1][:1] == letters[-1]]
    given = [p for p in last if len(p.names) > 1 and p.names[0][:1] == letters[0]]
    if like_a_name(printed):
        last = given or [p for p in last if p.actor and p.actor == cast.leader(printed)]
    elif len(letters) > 1 and len(last) > 1:
        last = given or last
    if len(letters) > 1 and not any("".join(n[0] for n in p.names) == letters for p in last):
        last = _president(letters, cast) or last
    if not last:
        last = [p for p in cast.people if any("".join(w[0] for w in title.split()) == letters for title in p.titles)]
    if not last:
        last = _president(letters, cast)
    return last[0].name if len({p.key for p in last}) == 1 else None


def _president(letters: str, cast: Cast) -> list[Person]:
    """The President whom a record lists by office alone, where he bore the initials, or a surname with the letter."""
    listed = [p for p in cast.people if p.bare and "president" in p.titles and p.actor == cast.home]
    named = cast.actors.holders(cast.home, "President", cast.date) if cast.home and listed else set()
    ways = {"".join(word[0] for word in name.replace(".", " ").split()).casefold() for name in named}
    ways |= {name.split()[-1][0].casefold() for name in named if " " in name}
    return listed if letters in ways else []
