"""Labelled transcripts: each label's speaker says what follows, until the next label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rolecoder.dialogue import frame
from rolecoder.dialogue.candidates import CORRESPONDENT, CRY, QUESTION, ROOM, Label, titled
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.initials import meant
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.pieces import JOINT, Piece, Voice
from rolecoder.dialogue.titles import refer
from rolecoder.speakers import by_table, folded, row_of

ANSWER = re.compile(
    r"^(?:Yes|No|OK|Okay|Right|Absolutely|Exactly|Good|Very good|Agreed|Sure|Of course|That's "
    r"right|That’s right|You're right|"
    r"You’re right|I agree|I understand|Well,|Not a good idea|Thank you|In general, I agree|Oh)\b"
)
THANKS = re.compile(r"Thank you\b.{0,60}")  # by which a journalist closes a press conference
LOST = "label may be lost"
ASKS = "a questioner"
ASKING = ("Q", "room ", "asks ")  # how the keys begin of those who speak for no state
ONLY_ONE = "the document's metadata: the only one who answers"
DAMAGED = "the text is too damaged to say who speaks"
DEBATE = re.compile(r"\bdebates?\b", re.I)
CANDIDATES = re.compile(r"\b(?:moderator|candidates?|panelists?)\b", re.I)
LEADING = re.compile(r"^[(\[](?P<inside>[^()\[\]]{1,160})[)\]]\s*")
MARKER = re.compile(r"^(?:\(\w\)|\d\)|\(\?\))")
SENTENCE_ASIDE = re.compile(r"(?<=[.?!…\"”])\s+(?P<aside>\((?:[A-Z][^()]{6,200}[.!]|phone [^()]{4,30})\))(?=\s|$)")


def read_transcript(
    text: str, blocks: Sequence[Block], labels: Sequence[Label], cast: Cast, *, debate: bool, own: str | None = None
) -> list[Piece]:
    """Cut a labelled transcript.

    Args:
        text: The document's.
        blocks: Its paragraphs.
        labels: In order.
        cast: Who takes part.
        debate: Candidates' words: those of who is not in office are no state's.
        own: The state of the one who answers journalists, where no more is known of him.

    Returns:
        Pieces from the first label on; what stands before it is the caller's.
    """
    first = next(n for n, b in enumerate(blocks) if b.end > labels[0].start)
    closing = frame.trailer_start(blocks, first)
    # A label after an archive sheet takes the talk up again.
    while closing < len(blocks) and labels[-1].start >= blocks[closing].start:
        closing = frame.trailer_start(blocks, closing + 1)
    end = blocks[closing].start if closing < len(blocks) else len(text)
    _learn_names(labels, cast)
    _part_offices(labels, cast)
    segments = [(label, labels[n + 1].start if n + 1 < len(labels) else end) for n, label in enumerate(labels)]
    _learn_offices(text, segments, cast)
    losing = _addresses(labels, cast, debate=debate) if _loses_labels(text, segments, blocks, cast) else None
    pieces: list[Piece] = []
    main: Voice | None = None
    parts = [(label, list(_clipped(text, blocks, label.end, until))) for label, until in segments]
    titles = _titles([inside for _, inside in parts])
    scraps = frame.damaged(text)
    voices = _with_own([label_voice(label, cast, debate=debate) for label in labels], own)
    for (label, inside), voice in zip(parts, voices, strict=True):
        pieces.append(Piece(start=label.start, end=label.end, reason="label"))
        if scraps and voice.actor:
            voice = replace(voice, actor=None, reason=DAMAGED)
        if inside and inside[-1].start in titles:
            title = inside.pop()
            pieces.append(Piece(start=title.start, end=title.end, reason="heading"))
        closes = (
            label.asks and inside and THANKS.fullmatch(inside[0].text) and not any("?" in b.text for b in inside[1:])
        )
        if main is not None and (closes or CRY.fullmatch(label.name)):
            pieces += _segment(inside[:1], voice, None)
            pieces += _segment(inside[1:], main, None)
            continue
        main = voice
        pieces += _segment(inside, voice, losing)
    pieces += [Piece(start=b.start, end=b.end, reason=frame.trailer_reason(b.text)) for b in blocks[closing:]]
    return pieces


def _with_own(voices: Sequence[Voice], own: str | None) -> list[Voice]:
    """Give the one who answers journalists the document's own state, if no other speaks and nothing else is known."""
    answering = {voice.key for voice in voices if not voice.key.startswith(ASKING)}
    if own is None or len(answering) != 1 or any(voice.actor for voice in voices if voice.key in answering):
        return list(voices)
    return [replace(v, actor=own, reason=ONLY_ONE) if v.key in answering else v for v in voices]


def _titles(turns: Sequence[Sequence[Block]]) -> set[int]:
    """Where headings stand at the end of what one says: capitals, no point, and two or more in the text."""
    last = [inside[-1] for inside in turns if len(inside) > 1]
    heads = [b for b in last if frame.heading(b.text)]
    found = {b.start for b in heads if re.search(r"^\w.*[\w'’)]$", frame.JUNIOR.sub("", b.text))}
    return found if len(found) > 1 else set()


def _learn_names(labels: Sequence[Label], cast: Cast) -> None:
    """Add those whom a label names with an office and no list does: a later label may give the name or office alone."""
    for label in labels:
        state = None if label.asks else cast.bracketed(label.office)
        if state and ((person := cast.who(label.printed)) is None or person.actor is None):
            cast.add(f"{label.printed}, {label.office}", *state)
    for printed in dict.fromkeys(label.printed for label in labels if not QUESTION.fullmatch(label.printed)):
        ref = refer(cast.without_states(printed))
        if ref.titles and ref.names and cast.who(printed) is None:
            cast.learn(printed)


def _part_offices(labels: Sequence[Label], cast: Cast) -> None:
    """Tell "The President" from "President Lund", where both speak and he is not of the state that kept the record."""
    printed = list(dict.fromkeys(label.printed for label in labels if not QUESTION.fullmatch(label.printed)))
    named = {person.key for name in printed if refer(name).names and (person := cast.who(name))}
    for office in printed:
        person = None if refer(office).names else cast.who(office)
        if person and person.names and person.key in named and (person.actor is None or person.actor != cast.home):
            cast.part(office)


def _learn_offices(text: str, segments: Sequence[tuple[Label, int]], cast: Cast) -> None:
    """Add the one leader whom the text names, more than once, with an office that a label gives alone.

    Whom the one under that label names himself, in the third person, is another.
    """
    for printed in dict.fromkeys(label.printed for label, _ in segments):
        ref = refer(printed)
        if ref.names or not ref.titles or cast.voice(printed).actor or cast.who(printed) is not None:
            continue
        office = printed.removeprefix("The ").removeprefix("THE ").title()
        named = [m.group() for m in re.finditer(rf"\b{re.escape(office)}(?:\s[A-Z][\w’'-]+){{1,3}}", text)]
        states = {cast.leader(name) for name in named}
        own = " ".join(text[label.end : until] for label, until in segments if label.printed == printed)
        if any(name in own for name in named):
            continue
        if len(named) > 1 and len(states) == 1 and not states & {None, cast.home}:
            cast.learn(named[0])


def label_voice(label: Label, cast: Cast, *, debate: bool) -> Voice:
    """Say whose label it is."""
    printed = " ".join(label.printed.split())
    if no_name := _without_name(label, printed, cast):
        row = folded(printed)
        return replace(no_name, actor=cast.table[row], reason=by_table(row)) if row in cast.table else no_name
    together = [cast.who(part) for part in re.split(r"\s+and\s+(?:the\s+)?", printed)]
    if len(together) > 1 and len({person.actor for person in together if person}) > 1 and all(together):
        return Voice(key="joint " + label.name, speaker=printed, reason=JOINT)
    voice = replace(cast.voice(printed, meant(printed, cast)), speaker=printed)
    if debate and voice.actor and not _in_office(printed, cast):
        return replace(voice, actor=None, reason="a candidate, not in office")
    if debate and voice.actor is None:
        return replace(voice, reason="a candidate, moderator or questioner, not in office")
    if debate and cast.home and voice.actor != cast.home:
        return replace(voice, actor=None, reason="one who is spoken of, no one who debates")
    return voice


def _without_name(label: Label, printed: str, cast: Cast) -> Voice | None:
    """The voice of a label that names no one of a state: a questioner, the one who answers, the audience."""
    if QUESTION.fullmatch(printed):
        return Voice(key="Q", speaker=printed, reason=ASKS) if printed[0] in "Qq" else _answers(printed, cast)
    if ROOM.fullmatch(printed) and cast.who(printed) is None:
        return Voice(key="room " + label.name, speaker=printed, reason="not a speaker for a state")
    if (label.asks or CORRESPONDENT.fullmatch(printed)) and cast.who(printed) is None and not titled(printed):
        return Voice(key="asks " + label.name, speaker=printed, reason=ASKS)
    return None


def _answers(printed: str, cast: Cast) -> Voice:
    """Find who answers under "A:": the one official who is questioned."""
    people = [cast.main] if cast.main else [p for p in cast.people if p.actor]
    if len(people) == 1:
        return replace(cast.voice(people[0].name, people[0]), speaker=printed)
    return Voice(key="A", speaker=printed, reason="the document does not say who answers")


def _in_office(printed: str, cast: Cast) -> bool:
    if re.fullmatch(r"(?:the\s+)?(?:vice\s+)?president", printed, re.I):
        return True
    if re.match(r"(?:vice\s+)?president\s", printed, re.I):
        return cast.leader(printed) is not None
    return bool(cast.table) and row_of(cast.voice(printed).reason or "") is not None


def _clipped(text: str, blocks: Sequence[Block], start: int, end: int) -> Iterator[Block]:
    """The paragraphs between two offsets, cut at both."""
    for block in blocks:
        if block.end > start and block.start < end:
            a, b = max(block.start, start), min(block.end, end)
            if text[a:b].strip():
                yield Block(a + len(text[a:b]) - len(text[a:b].lstrip()), b, text[a:b].strip())


def _segment(inside: Sequence[Block], voice: Voice, losing: Mapping[str, Voice] | None) -> Iterator[Piece]:
    """One speaker's paragraphs, without what is no speech; unsure where labels are lost."""
    before = ""
    current = voice
    for number, block in enumerate(inside):
        reason = frame.aside(block.text) or _scrap(block.text) if number or frame.APPLAUSE.match(block.text) else None
        if (
            reason is None
            and number
            and frame.heading(block.text)
            and not frame.SPOKEN.search(block.text)
            and len(inside) > number + 1
        ):
            reason = _numbered(block.text)
        if reason:
            yield Piece(start=block.start, end=block.end, reason=reason)
            continue
        if losing is not None and number and not _runs_on(before, block.text):
            unsure = Voice(key=f"{voice.key} ?{block.start}", speaker=None, reason=LOST)
            current = _by_address(block.text, losing) or unsure
        yield from _words(block, current)
        before = block.text


def _scrap(text: str) -> str | None:
    """A few capitals or signs that the page's edge left in the text, or the number of a sitting."""
    if re.match(r"^\d+(?:st|nd|rd|th) (?:conversation|session|meeting|part|round)\b.{0,20}$", text, re.I):
        return "heading"
    scrap = len(text.split()) <= 4 and not re.search(r"[a-z]{2}|[.?!…]\W?$|^[A-Z]{2,}$", text)
    return "scrap of the page" if scrap else None


def _numbered(text: str) -> str | None:
    return "heading" if re.match(r"^\(?\d+(?:st|nd|rd|th)?\b", text) else None


def _words(block: Block, voice: Voice) -> Iterator[Piece]:
    """A paragraph's words, without the stage directions at its beginning and between its sentences."""
    at = block.start
    leading = LEADING.match(block.text)
    while (
        leading
        and not MARKER.match(block.text[at - block.start :])
        and leading.end() < len(block.text) - (at - block.start)
    ):
        yield Piece(start=at, end=at + leading.end(), reason="stage direction")
        at += leading.end()
        leading = LEADING.match(block.text[at - block.start :])
    for match in SENTENCE_ASIDE.finditer(block.text, at - block.start):
        if re.search(r"\b(?:I|my|we|our)\b", match["aside"]):
            continue
        yield Piece(start=at, end=block.start + match.start("aside"), voice=voice)
        at = block.start + match.end("aside")
        yield Piece(start=block.start + match.start("aside"), end=at, reason="stage direction")
    if at < block.end:
        yield Piece(start=at, end=block.end, voice=voice)


def _addresses(labels: Sequence[Label], cast: Cast, *, debate: bool) -> dict[str, Voice]:
    """Of a talk between two: the given name of each, with the voice of the other."""
    voices = {}
    for label in reversed(labels):
        person = meant(label.printed, cast)
        if person is not None and len(person.names) > 1:
            voices[person.names[0].capitalize()] = label_voice(label, cast, debate=debate)
    if len(voices) != 2 or len({v.key for v in voices.values()}) != 2:
        return {}
    (one, first), (other, second) = voices.items()
    told = "addresses {} by name; the label is lost"
    return {one: replace(second, reason=told.format(one)), other: replace(first, reason=told.format(other))}


def _by_address(text: str, voices: Mapping[str, Voice]) -> Voice | None:
    """The voice that addresses the other one by name: it cannot be his own."""
    plain = frame.QUOTED.sub("", text)
    called = [n for n in voices if re.search(rf"(?:^|[,.;?!]\s){n}[,.;?!]|,\s{n}[,.;:?!]", plain)]
    return voices[called[0]] if len(called) == 1 else None


def _runs_on(before: str, here: str) -> bool:
    """Tell a paragraph that the page's foot cut in two."""
    return not re.search(r"[.?!:…\"”)\]]\W{0,2}$", before) or here[:1].islower()


def _loses_labels(text: str, segments: Sequence[tuple[Label, int]], blocks: Sequence[Block], cast: Cast) -> bool:
    """Tell whether answers stand under the label of the one who is answered, again and again."""
    signs = long = paragraphs = 0
    for label, until in segments:
        inside = list(_clipped(text, blocks, label.end, until))
        long += len(inside) > 1
        own = _called(label, cast)
        for earlier, block in pairwise(inside):
            if _runs_on(earlier.text, block.text):
                continue
            paragraphs += 1
            answer = ANSWER.match(block.text) is not None or block.text.casefold().startswith("(interrupt")
            addressed = own and re.search(rf"(?:^|[,.?!]\s){own}[,.;?!]", block.text)
            signs += bool(answer or addressed)
    return signs >= 3 and signs >= 0.3 * long and signs >= 0.15 * paragraphs


def _called(label: Label, cast: Cast) -> str:
    """How others address the one whose label it is: by the given name."""
    person = meant(label.printed, cast)
    names = person.names[:1] if person and len(person.names) > 1 else ()
    return "|".join(re.escape(n.capitalize()) for n in names)
