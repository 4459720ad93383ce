"""The one who speaks where no label and no clause says who: by the metadata, and not where they name several."""

from __future__ import annotations

import re

from rolecoder.dialogue import frame
from rolecoder.dialogue.candidates import ROOM
from rolecoder.dialogue.cast import METADATA, Cast
from rolecoder.dialogue.pieces import Voice
from rolecoder.dialogue.titles import PARTICLE, TITLE
from rolecoder.dialogue.transcript import DAMAGED
from rolecoder.readers.header import ROLE
from rolecoder.records import CONVERSATIONS, Document, Participant
from rolecoder.speakers import by_table, folded

JOINT = re.compile(r"joint (?:\w+ ){0,2}(?:statement|communiqu[eé]|declaration)\b", re.I)  # at a title's start
_WORD = r"[^\W\d_a-z][\w.'’-]*"
_NAME = rf"{_WORD}(?:\s+(?:(?:(?:{PARTICLE})\s+){{1,2}}{_WORD}|(?:(?:{PARTICLE})-|[dl]['’])?{_WORD})){{1,5}}"
BY = re.compile(  # no more than the speech is by him: "a dinner hosted by ..." is another's
    rf"(?:^|(?i:\b(?:address|speech|remarks|statement|lecture|message|talk|oration)s?\s+(?:(?:delivered|given|made)\s+)?))"
    rf"(?i:by)\s+({_NAME})(?!\s+(?:and|&)\s)"
)
ALONE = re.compile(rf"^\W*({_NAME})\s*(?:$|[,(].*)")
HONOURED = re.compile(r"^(?:(?:H\.\s?E|Mrs?|Ms|Dr|Sir)\.?\s+)+")
OVER = "a leader known to the table of actors, named over the text"
SEVERAL = "several speakers are named, and no label says who speaks"
ALL_OF_ONE = "all the speakers who are named are of this state"
UNTOLD = "the document does not say for whom its author speaks"


def author(document: Document, cast: Cast) -> Voice:
    """Say who speaks where nothing else is said."""
    main = document.participants[0] if document.participants else None
    name = main.name if main else None
    ruled = cast.table.get(folded(name)) if name else None
    if frame.damaged(document.text):
        return Voice(key="author", speaker=name, reason=DAMAGED)
    if not ruled and JOINT.match(document.title or ""):
        return Voice(key="author", reason="a joint statement: it is no one state's")
    speaking = _speaking(document)
    if len(speaking) > 1:
        return _one_of(speaking, document, cast)
    actor = ruled or (main.actor if main else None) or document.actor
    reason = by_table(folded(name)) if ruled and name else METADATA
    if actor is None and main:
        own = cast.side(main.title) if main.title and TITLE.search(main.title) else None
        actor, reason = own or (cast.leader(main.name), "a leader known to the table of actors")
    elif actor is None:
        name, actor = _named_over(document, cast)
        reason = OVER
    return Voice(key="author", speaker=name, actor=actor, reason=reason if actor else UNTOLD)


def _named_over(document: Document, cast: Cast) -> tuple[str | None, str | None]:
    """The one known leader whom title or heading name as the speaker, after "by" or alone on a line, and his state."""
    over = document.text[: document.headed].splitlines() if document.doc_type not in CONVERSATIONS else []
    found = {}
    for line in filter(None, [document.title or "", *over]):
        for printed in BY.findall(line) or ALONE.findall(line):
            words = HONOURED.sub("", printed).split()
            least = 2 if BY.search(line) else len(words)  # after "by" other words may follow the name
            names = (" ".join(words[:count]) for count in range(len(words), least - 1, -1))
            known = next(((name, actor) for name in names if (actor := cast.actors.named(name, document.date))), None)
            if known:
                found[known[1]] = known
    return next(iter(found.values())) if len(found) == 1 else (None, None)


def _speaking(document: Document) -> list[Participant]:
    """Those who may have said any of it: of a memoir one, whoever is named with him; no interpreter and no audience."""
    if document.doc_type == "memoir":
        return []
    named = {folded(p.name): p for p in document.participants}
    return [p for p in named.values() if not ROOM.fullmatch(p.name) and not ROLE.search(p.title or "")]


def _one_of(speaking: list[Participant], document: Document, cast: Cast) -> Voice:
    """The voice of one of several: of their state, where it is one and the same or the document's own, else of none."""
    states = {_state(participant, cast) or document.actor for participant in speaking}
    if len(states) > 1:
        return Voice(key="author", reason=SEVERAL)
    actor = states.pop()
    return Voice(key="author", actor=actor, reason=ALL_OF_ONE if actor else SEVERAL)


def _state(participant: Participant, cast: Cast) -> str | None:
    """The state for which a participant speaks, as his own line, the table of leaders or the text's heading tells."""
    ruled = cast.table.get(folded(participant.name))
    own = cast.side(f"{participant.name}, {participant.title or ''}")
    person = cast.who(participant.name)
    known = own[0] if own else cast.leader(participant.name) or (person and person.actor)
    return ruled or participant.actor or known or None
