"""Stage 2. Document -> turns: who speaks where, for which state, and what is no one's speech."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from rolecoder.actors import Actors
from rolecoder.dialogue import frame, sender
from rolecoder.dialogue.author import author
from rolecoder.dialogue.candidates import Label
from rolecoder.dialogue.cast import Cast, folded_table
from rolecoder.dialogue.fields import fields_end, listed_end, over_talk
from rolecoder.dialogue.header import read_cast
from rolecoder.dialogue.labels import find_labels, inner_labels
from rolecoder.dialogue.layout import Block, Page, paragraphs
from rolecoder.dialogue.memoir import read_memoir
from rolecoder.dialogue.narrative import SUMMARY, Narrative
from rolecoder.dialogue.pieces import Piece, Voice, joined, tile
from rolecoder.dialogue.retold import with_retold
from rolecoder.dialogue.setapart import others_words
from rolecoder.dialogue.transcript import CANDIDATES, DAMAGED, DEBATE, read_transcript
from rolecoder.readers.header import CABLE, kind_of
from rolecoder.records import CONVERSATIONS, Document, Dropped, Turn

VOLUME = 40_000  # words
UNSAID = "not attributed to anyone"


def read_turns(
    document: Document, actors: Actors, speakers: Mapping[str, str] | None = None
) -> tuple[list[Turn], list[Dropped]]:
    """Find who speaks where in a document.

    Args:
        document: As ingested.
        actors: The table of states, groups and their leaders.
        speakers: The researcher's own table: speaker as printed -> actor id; it goes before all else.

    Returns:
        The turns in order, without overlap, and every other stretch of words with the reason why it
        is no one's speech: a label, a note, a heading.  Such a stretch may stand inside a turn, which
        then runs over it.  Every word of the text is spoken in one turn, or lies in one such stretch.
    """
    past = document.doc_type == "memoir"
    cast = Cast(actors, document.date, document.actor, folded_table(speakers), looking_back=past)
    pieces = _pieces(document, cast)
    tiles = joined(tile(document.text, pieces, gap=UNSAID))
    turns = [_turn(document, piece, cast) for piece in tiles if piece.voice is not None]
    dropped = [_dropped(document, piece) for piece in tiles if piece.voice is None]
    begins = [turn.start for turn in turns]
    inside = sum(d.words for d in dropped if _runs_over(turns, begins, d.start or 0))
    kept = sum(len(t.text.split()) for t in turns) + sum(d.words for d in dropped) - inside
    if kept != len(document.text.split()):
        raise AssertionError(
            f"{document.document_id}: {kept} words in turns and left out, {len(document.text.split())} in"
        )
    return turns, dropped


def _runs_over(turns: Sequence[Turn], begins: Sequence[int], place: int) -> bool:
    number = bisect_right(begins, place) - 1
    return number >= 0 and place < turns[number].end


def _pieces(document: Document, cast: Cast) -> list[Piece]:
    blocks = paragraphs(document.text)
    if document.doc_type == "memoir" or _is_volume(document):
        return read_memoir(document, blocks, author(document, cast), cast)
    recorded = document.doc_type in CONVERSATIONS or (document.doc_type != "speech" and _names_record(document))
    read_cast(document, cast, recorded=recorded)
    labels = _labels(document, blocks, cast, recorded=recorded)
    if labels:
        return _transcript(document, blocks, labels, cast, recorded=recorded)
    return _narrative(document, blocks, cast) if recorded else _speech(document, blocks, cast)


def _names_record(document: Document) -> bool:
    """Tell a record of conversation by its title or first lines, whatever its type."""
    return any(kind_of(line) for line in [document.title or "", *document.text[:1500].splitlines()])


def _is_volume(document: Document) -> bool:
    """Tell a volume of speeches, with prefaces, headings and what others said: no speech is so long."""
    return document.doc_type == "speech" and len(document.text.split()) >= VOLUME


def _labels(document: Document, blocks: Sequence[Block], cast: Cast, *, recorded: bool) -> list[Label]:
    wary = not recorded and document.doc_type != "press"
    page = Page(document)
    blocks = [block for block in blocks if block.start >= document.headed]
    lines = [line for block in blocks for line in page.lines(block)] if not wary else list(blocks)
    whole = {block.start: block for block in blocks}  # a label may run over to the next line
    asked = not recorded and not frame.damaged(document.text)
    labels = find_labels([whole.get(line.start, line) for line in lines], cast, wary=wary, asked=asked)
    known = {label.start for label in labels}
    inner = [label for label in inner_labels(blocks, labels) if label.start not in known]
    return sorted([*labels, *inner], key=lambda label: label.start)


def _transcript(
    document: Document, blocks: Sequence[Block], labels: Sequence[Label], cast: Cast, *, recorded: bool
) -> list[Piece]:
    head = f"{document.title} {document.document_id} {document.path}"
    debate = not recorded and DEBATE.search(head) is not None and CANDIDATES.search(document.text[:5000]) is not None
    first = labels[0].start
    before = [b for b in blocks if b.start < first]
    narrative = Narrative(document.text, cast) if recorded else None
    if narrative is not None:
        lead = _lead(document, before, narrative)
    else:
        heads = [b for b in before if sender.names_itself(b.text)]
        heads += over_talk(document, before) + [b for b in before if frame.heading(b.text) and not debate]
        rest = [b for b in before if b not in heads]
        lead = [Piece(start=b.start, end=b.end, reason="header") for b in before if b in heads]
        lead += [_unlabelled(b) for b in rest] if debate else _spoken(rest, author(document, cast))
    own = document.actor if document.doc_type == "press" and not debate else None
    talk = read_transcript(document.text, blocks, labels, cast, debate=debate, own=own)
    return lead + (with_retold(talk, blocks, labels, narrative) if narrative else talk)


def _lead(document: Document, before: Sequence[Block], narrative: Narrative) -> list[Piece]:
    """What stands before the first label of a record: the header, and at times a narrative."""
    end = fields_end(document)
    header = [Piece(start=b.start, end=b.end, reason="header") for b in before if b.start < end]
    body = [b for b in before if b.start >= end]
    if sum(len(b.text.split()) for b in body) > 40 and narrative.clauses(body) >= 2:
        return header + narrative.read(body)
    return header + [Piece(start=b.start, end=b.end, reason=frame.aside(b.text) or "header") for b in body]


def _unlabelled(block: Block) -> Piece:
    return Piece(start=block.start, end=block.end, voice=Voice(key="unlabelled", reason="no label says who speaks"))


def _narrative(document: Document, blocks: Sequence[Block], cast: Cast) -> list[Piece]:
    end = fields_end(document)
    narrative = Narrative(document.text, cast)
    headed, writer = sender.heading(blocks)
    if writer and not sender.reports(document.text, blocks[headed : frame.trailer_start(blocks, headed)], cast):
        return _speech(document, blocks, cast)
    if (
        CABLE.search(document.raw[:6000])
        and not narrative.clauses(blocks)
        and not sender.HANDED_ON.search(document.text)
    ):
        return _cable(blocks, end, cast)
    first = _body(blocks, end, narrative)
    header = [Piece(start=b.start, end=b.end, reason="header") for b in blocks[:first]]
    return header + narrative.read(blocks[first:])


def _cable(blocks: Sequence[Block], end: int, cast: Cast) -> list[Piece]:
    """A cable that reports no talk, such as the text of a demarche: the words of the state that kept it."""
    body = next((n for n, b in enumerate(blocks) if b.start >= end), len(blocks))
    closing = frame.trailer_start(blocks, body)
    voice = Voice(key="author", actor=cast.home, reason="a cable of the state that kept it, which reports no talk")
    pieces = [Piece(start=b.start, end=b.end, reason="header") for b in blocks[:body]]
    pieces += _spoken(blocks[body:closing], voice, sheets=True)
    return pieces + [Piece(start=b.start, end=b.end, reason=frame.trailer_reason(b.text)) for b in blocks[closing:]]


def _body(blocks: Sequence[Block], end: int, narrative: Narrative) -> int:
    """The number of the first paragraph of the talk itself, after the header's fields."""
    for number, block in enumerate(blocks):
        if block.start < end:
            continue
        words = len(block.text.split())
        if (
            SUMMARY.match(block.text)
            or narrative.reports(block)
            or (words >= 20 and re.search(r"[a-z]{2}[.?!][”\"')]*(?:\s|$)|[A-Z]{2}[.?!]$", block.text))
        ):
            return number
        if frame.SOURCE_NOTE.match(block.text) and not frame.over_talk(blocks[:number], blocks[number + 1 :]):
            return number
    return len(blocks)


def _spoken(
    blocks: Sequence[Block], voice: Voice, *, sheets: bool = False, others: Mapping[int, Voice] | None = None
) -> list[Piece]:
    """One voice's paragraphs as one piece, save for what stands between them and is no speech, or ``others``' words."""
    pieces: list[Piece] = []
    start = blocks[0].start if blocks else 0
    for block in blocks:
        other = (others or {}).get(block.start)
        if other:
            reason = ""
        elif block.text[0] in "[(" and (frame.APPLAUSE.match(block.text) or frame.EDITOR.match(block.text)):
            reason = "stage direction"
        elif sheets and frame.ARCHIVE.search(block.text):
            reason = "archive sheet or attachment"
        elif sheets and frame.SOURCE_NOTE.match(block.text):
            reason = "source note"
        else:
            continue
        pieces += [
            Piece(start=start, end=block.start, voice=voice),
            Piece(start=block.start, end=block.end, voice=other, reason=reason),
        ]
        start = block.end
    return [*pieces, Piece(start=start, end=blocks[-1].end, voice=voice)] if blocks else []


def _speech(document: Document, blocks: Sequence[Block], cast: Cast) -> list[Piece]:
    over = document.headed
    if document.doc_type == "speech":
        first = listed_end(blocks, next((n for n, b in enumerate(blocks) if b.start >= over), 0))
        titles = [Piece(start=b.start, end=b.end, reason="header") for b in blocks[:first]]
        voice = author(document, cast)
        others = others_words(document.text, blocks[first:], voice, cast)
        return titles + _spoken(blocks[first:], voice, others=others)
    end = max(fields_end(document), over)
    body = next((n for n, b in enumerate(blocks) if b.start >= end), len(blocks))
    headed, writer = sender.heading(blocks)
    body = max(body, headed)
    closing = frame.trailer_start(blocks, body)
    pieces = [Piece(start=b.start, end=b.end, reason="header") for b in blocks[:body]]
    voice = author(document, cast)
    if writer and voice.actor is None and voice.reason != DAMAGED:
        read_cast(document, cast, recorded=False)
        voice = sender.sender(writer, document.text, blocks[body:closing], cast)
    pieces += _spoken(blocks[body:closing], voice, sheets=True)
    return pieces + [Piece(start=b.start, end=b.end, reason=frame.trailer_reason(b.text)) for b in blocks[closing:]]


def _turn(document: Document, piece: Piece, cast: Cast) -> Turn:
    voice = piece.voice
    if voice is None:
        raise AssertionError("a turn without a voice")
    others = cast.others(voice.actor) if voice.actor else set()
    return Turn(
        document_id=document.document_id,
        start=piece.start,
        end=piece.end,
        text=document.text[piece.start : piece.end],
        speaker=voice.speaker,
        actor=voice.actor,
        reason=voice.reason,
        reported=piece.reported,
        addressee=min(others) if len(others) == 1 else None,
    )


def _dropped(document: Document, piece: Piece) -> Dropped:
    words = len(document.text[piece.start : piece.end].split())
    return Dropped(
        stage="turns", item=document.document_id, reason=piece.reason, words=words, start=piece.start, end=piece.end
    )
