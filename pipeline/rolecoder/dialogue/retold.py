"""Paragraphs of a labelled record that a note taker retells: they are not the words of the last label's speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rolecoder.dialogue import frame
from rolecoder.dialogue.candidates import Label
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.narrative import Narrative
from rolecoder.dialogue.pieces import Piece
from rolecoder.dialogue.verbs import SAYING, STRONG
from rolecoder.pages.sentences import sentences

# In a lead of what was said elsewhere: "In Moscow last year, ..."
PAST = re.compile(r"\d|\b(?:last|ago|yesterday|earlier|before|years?|months?|weeks?|once|when)\b")
LEAD = 40  # characters, at most, before the subject: "In reply to this, the Ambassador said ..."


def with_retold(
    pieces: Sequence[Piece], blocks: Sequence[Block], labels: Sequence[Label], narrative: Narrative
) -> list[Piece]:
    """Give paragraphs that begin to retell what a participant said to whom they name, as in a narrative record.

    Args:
        pieces: Of the transcript, in which they are the last label's speaker's.
        blocks: The paragraphs of the text.
        labels: In order.
        narrative: Reads the paragraphs of the record.
    """
    retold = list(_runs(blocks, labels, narrative))
    if not retold:
        return list(pieces)
    gone = {block.start: block.end for run in retold for block in run}
    starts = sorted(gone)
    kept = [p for p in pieces if not (at := bisect_right(starts, p.start)) or gone[starts[at - 1]] <= p.start]
    return kept + [piece for run in retold for piece in narrative.read(run)]


def _runs(blocks: Sequence[Block], labels: Sequence[Label], narrative: Narrative) -> Iterator[list[Block]]:
    """The paragraphs without a label that retell, from one that names who spoke up to the next that is speech."""
    ends = [label.end for label in labels]
    run: list[Block] = []
    for before, block in pairwise(blocks):
        above, here = bisect_right(ends, before.end), bisect_right(ends, block.end)  # labels up to there
        alone = above > 0 and not narrative.text[ends[above - 1] : before.end].strip()
        labelled = here == 0 or here > above
        spoken = frame.SPOKEN.search(frame.QUOTED.sub("", block.text)) is not None
        goes_on = _goes_on if run else _begins
        if not labelled and not alone and not spoken and goes_on(block, narrative):
            run.append(block)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _first(block: Block, narrative: Narrative) -> str:
    """The first sentence of a paragraph."""
    start, end = next(iter(sentences(narrative.text, block.start, block.end)))
    return narrative.text[start:end]


def _goes_on(block: Block, narrative: Narrative) -> bool:
    """Tell whether a paragraph after a retold one says whose words it gives, be it by "he"."""
    return narrative.reporter.read(_first(block, narrative)) is not None


def _begins(block: Block, narrative: Narrative) -> bool:
    """Tell whether a paragraph begins with the name or office of a participant who said something."""
    sentence = _first(block, narrative)
    clause = narrative.reporter.read(sentence)
    if clause is None or clause.pronoun or clause.wordless or frame.aside(block.text):
        return False
    before = sentence[: max(sentence.find(clause.subject), 0)].rstrip().casefold()
    lead = before.endswith((",", ", the")) and len(before) <= LEAD and PAST.search(before) is None
    opens = before in ("", "the") or lead
    return opens and clause.verb in STRONG.union(SAYING)
