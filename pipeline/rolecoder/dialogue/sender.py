"""From whom a letter, a telegram, a memorandum or a paper is, by its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecoder.dialogue.cast import NOT_AMERICAN, Cast
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.narrative import Narrative
from rolecoder.dialogue.pieces import Voice
from rolecoder.dialogue.titles import refer
from rolecoder.pages.sentences import sentences

HEADED = re.compile(
    r"(?:\d{1,3}\.\s*)?(?:[A-Z][\w-]*\s){0,2}?"
    r"(?:Telegram|Airgram|Despatch|Dispatch|Letter|Message|Memorandum|Note|Paper|Cable)\s+"
    r"(?:[Ff]rom|(?:[Pp]repared\s)?(?:[Bb]y|in))\s+"
    r"(?P<sender>[^()]{3,160}\([^()]{3,40}\)(?=\s+to\b)|.{3,160}?)(?:\s+to\s?(?=the\b|[Aa]ll\b|[A-Z]).*?)?(?:Source)?\d*"
)
DATELINE = re.compile(r"(?:[A-Z][\w.'’-]*\s?){1,4},\s+(?:[A-Z][a-z]+ \d{1,2}|undated|\d{1,2} [A-Z][a-z]+)\b.{0,40}")
ITSELF = re.compile(r"(?:\d{1,3}\.\s*)?(?:Transcript|Record|Notes|Text) of\b[^.?!]{3,200}")
# Of the state that kept the record, where no other is named beside it.
HOME = re.compile(
    r"\bDepartment of (?:State|Defense|Commerce|Agriculture|the Treasury)\b|"
    r"\bSecretary of (?:State|Defense|the Treasury)\b|"
    r"\b(?:Under|Assistant|Acting) Secretary\b|\b(?:Embassy|Legation|Consulate|Mission|Delegation) (?:in|at|to)\b|"
    r"\bAmbassador (?:in|to|at Large)\b|\bthe President\b|\bPresident['’ʼ]s\b|\bNational Security\b|"
    r"\bCentral Intelligence\b|\bJoint Chiefs\b|\bPolicy Planning\b|\bNational Estimates\b|\bWhite House\b"
)
# Another's words that a paper hands on whole.
HANDED_ON = re.compile(
    r"\b(?:text|translation) of (?:the |an? )?(?:\w+ )?"
    r"(?:letter|message|speech|statement|interview|article|note|aide[- ]m[eé]moire|declaration|communiqu[eé])\b|"
    r"\bfollowing (?:is|are) (?:the |an? )?(?:\w+ )?(?:text|translation|letter|message|note|aide[- ]m[eé]moire)\b|"
    r"\bhanded (?:to )?(?:me|us|him|her|[A-Z]\w+) by\b",
    re.I,
)
BRACKETED = re.compile(r"\((?P<name>[^()]+)\)")
OTHERS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[A-Z][\w'’ʼ-]+)\s(?:then |also |again |further )?"
    r"(?:said|replied|asked|stated|remarked|continued|answered|expressed|told|commented|added|interjected)\b"
)
HEARD = 0.05  # share of the sentences that report what someone said, above which it is a record of others' words
REPORTS = "it reports or hands on what others said, and nothing tells for sure whose words each are"


def names_itself(text: str) -> bool:
    """Tell the line that says what a transcript is of, or its place and day."""
    return ITSELF.fullmatch(text) is not None or DATELINE.fullmatch(text) is not None


def heading(blocks: Sequence[Block]) -> tuple[int, str | None]:
    """The number of paragraphs that name a paper, its place and its day, and from whom they say it is."""
    for number, block in enumerate(blocks[:2]):
        if found := HEADED.fullmatch(block.text):
            last = number + 1
            while last < min(len(blocks), number + 3) and DATELINE.fullmatch(blocks[last].text):
                last += 1
            return last, " ".join(found["sender"].split())
    return 0, None


def sender(printed: str, text: str, body: Sequence[Block], cast: Cast) -> Voice:
    """The voice of a paper that one person or office wrote.

    Args:
        printed: From whom its heading says that it is.
        text: The document's.
        body: Its paragraphs after the heading.
        cast: The state that kept the record is known.
    """
    name = printed.removeprefix("the ")
    if reports(text, body, cast):
        return Voice(key="author", speaker=name, reason=REPORTS)
    actor = _state(printed, cast)
    reason = (
        "the heading says from whom it is" if actor else "the heading does not say for which state its author writes"
    )
    return Voice(key="author", speaker=name, actor=actor, reason=reason)


def reports(text: str, body: Sequence[Block], cast: Cast) -> bool:
    """Tell a paper that reports what others said from one that gives its author's own words."""
    if any(HANDED_ON.search(block.text) for block in body):
        return True
    narrative = Narrative(text, cast)
    spans = [span for block in body for span in sentences(text, block.start, block.end)]
    heard = sum(_tells_of_another(text[start:end], narrative) for start, end in spans)
    return heard > 1 and heard > HEARD * len(spans)


def _tells_of_another(sentence: str, narrative: Narrative) -> bool:
    clause = narrative.reporter.read(sentence)
    return (clause is not None and clause.person is not None) or OTHERS.search(sentence) is not None


def _state(printed: str, cast: Cast) -> str | None:
    """The state of an office or of someone, as a heading names them."""
    office = BRACKETED.sub("", printed).strip()
    own = cast.side(office)
    if own:
        return own[0]
    named = BRACKETED.search(printed)
    leader = cast.leader(office) if refer(office).names else None
    leader = leader or (cast.leader(named["name"]) if named else None)
    if leader:
        return leader
    foreign = set(refer(office).titles) & NOT_AMERICAN
    return cast.home if cast.home == "USA" and HOME.search(office) and not foreign else None
