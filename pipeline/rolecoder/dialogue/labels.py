"""The labels of a transcript: learned from the document itself before it is cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rolecoder.dialogue.asking import askers
from rolecoder.dialogue.candidates import (
    CORRESPONDENT,
    CRY,
    INITIALS,
    QUESTION,
    ROOM,
    Label,
    addressing,
    candidate,
    name_like,
    normal,
    titled,
)
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.initials import are_initials, initials_of, like_a_name
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.slips import ALIKE, alike_only, slip, spelt_alike, with_points, without_slips
from rolecoder.dialogue.titles import refer

# With one of these a sentence begins: what stands before it, if it is a known label, has lost its colon.
BEGINNING = re.compile(
    r"\s+(?:I|I['’](?:m|ve|ll|d)|We(?:['’]\w+)?|You(?:['’]\w+)?|He|She|It(?:['’]s)?|They|This|That(?:['’]s)?|These|Those|"
    r"There|The|An?|My|Our|Your|His|Her|Their|If|When|While|What|Who|Why|How|Where|Which|Yes|No|Well|But|And|So|Let|"
    r"Thanks?|Good|Hello|In|On|At|As|For|To|With|From|By|Not|Do|Does|Did|Is|Are|Was|Were|Can|Could|Will|Would|Should|"
    r"Shall|May|Have|Has|Please|Then|Now|Perhaps|Maybe|After|Before|Because|Since|All|Some|Many|Most|One|Two|First|"
    r"OK|Okay|Right|Exactly|Sure|Oh|Here|Both|Of)\s"
)
HELPER = re.compile(r"(?:the\s+)?(?:(?:US|U\.S\.|[A-Z][a-z]+)\s+)?(?:interpreter|translator|note[- ]?taker)s?", re.I)
PROSE = re.compile(r"[a-z]{2}[^a-z]*[.?!…]\W*$|[a-z]{2}[.?!]\s", re.S)
AFTER_SENTENCE = re.compile(r"(?<=[.?!…)\]\"”])\s+(?=(?:[A-Z][\w.'’-]*\s+){0,4}[A-Z][\w'’-]*:\s)")
LONE = re.compile(r"[*_\[]{0,2}(?P<label>[A-Z][\w.'’ -]{2,45}?)[*_\]]{0,2}")
# In capitals or in brackets, before what is said.
RUN_IN = re.compile(
    r"(?P<label>[A-Z][A-Z.'’-]+(?:\s+[A-Z][A-Z.'’-]+){0,4})(?=\s+(?:[A-Z][a-z’']|[IA]\s))|"
    r"\[(?P<inside>[A-Z][\w.'’ -]{2,45})\](?=\s+[A-Z])"
)
HONOURED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr)\.?(?:\s[A-Z]\.)?(?:\s[A-Z][\w'’-]+){1,2}", re.I)


def find_labels(lines: Sequence[Block], cast: Cast, *, wary: bool, asked: bool) -> list[Label]:
    """Find the labels of a transcript; none where it has no labels.

    Args:
        lines: The text, cut where a label may begin.
        cast: Who takes part.
        wary: A speech or a book: more is asked before it is taken for a transcript.
        asked: Journalists may take part, each under a label of his own.
    """
    found = _at_beginnings(lines, cast, wary=wary, asked=asked)
    if wary:
        return found
    aside = replace(cast, people=[*cast.people])  # whom a narrative does not name is not to be added to it
    found = found or _alone(lines, aside)
    parts = [part for line in lines for part in _cut(line)]
    within = _at_beginnings(parts, aside, wary=False, asked=asked) if len(parts) >= len(lines) + 4 else []
    return within if len(within) >= 4 and len(within) >= 2 * len(found) else found


def _at_beginnings(lines: Sequence[Block], cast: Cast, *, wary: bool, asked: bool) -> list[Label]:
    """The labels with which lines begin."""
    found = [label for line in lines if (label := candidate(line))]
    if wary:  # "Dear friends:--", "Austria; but"
        found = [label for label in found if not label.joins or label.printed.isupper()]
    loud = sum(line.text.isupper() for line in lines) > 0.4 * len(lines)
    learned, asking = _learn(found, lines if asked else (), cast, wary=wary, loud=loud)
    if not learned and wary:
        learned = _interrupted(found, lines, loud=loud)
    if not learned:
        return []
    printed = {label.name: label.printed for label in reversed(found)}
    firm = {label.name for label in found if not label.weak and label.name in learned and _with_office(label)}
    starts: dict[int, Label] = {}
    for number, line in enumerate(lines):
        label = _recognise(line, learned, printed, cast)
        if label is None and (number == 0 or line.start >= lines[number - 1].end):
            label = _without_colon(line, printed, firm)
        if label is None and starts:
            label = _helper(line)
        if label:
            starts[label.start] = replace(label, asks=label.name in asking)
    return list(starts.values())


def _learn(
    found: Sequence[Label], asked: Sequence[Block], cast: Cast, *, wary: bool, loud: bool
) -> tuple[Counter[str], set[str]]:
    """Choose the labels that a document uses, by office, by name and by repetition, and those of journalists.

    These are sought in the lines ``asked``: none where no journalist takes part.
    """
    counts = Counter(label.name for label in found)
    printed = {label.name: label.printed for label in reversed(found)}
    weak = {label.name for label in found if label.weak} - {label.name for label in found if not label.weak}
    heard = _heard(found, cast) - weak
    learned = Counter(
        {
            name: count
            for name, count in counts.items()
            if _is_person(printed[name], count, cast, strict=name in weak or (wary and name not in heard), loud=loud)
        }
    )
    learned = _without_addresses(learned, printed)
    asking = askers(found, asked, learned.keys(), cast, wary=wary) if asked else set()
    total = sum(learned.values()) + (0 if wary else len(asking - learned.keys()))
    enough = (total >= 4 and len(learned) >= 2) or total >= 6 if wary and not heard else total >= 2
    if not enough or (len(learned) == 1 and total < 3 and not cast.who(printed[next(iter(learned))])):
        return Counter(), set()
    single = {
        n: c
        for n, c in counts.items()
        if n not in learned
        and not addressing(printed[n])
        and _is_person(printed[n], 3, cast, strict=n in weak, loud=loud)
    }
    named = {n for n in single if titled(printed[n]) or cast.who(printed[n]) is not None}
    learned += Counter({n: c for n, c in single.items() if n not in weak and (c > 1 or n in named)})
    learned += _breaking_in(found, learned)
    learned = without_slips(learned, printed, cast) + _correspondents(found, learned)
    return learned + Counter(dict.fromkeys(asking - learned.keys(), 1)), asking


def _heard(found: Sequence[Label], cast: Cast) -> set[str]:
    """The labels of those who take part, by name, where two of them speak, as in a conversation."""
    people = {}
    for label in found:
        if label.name not in people and not label.weak and not label.joins and refer(label.printed).names:
            people[label.name] = cast.who(label.printed)
    keys = {person.key for person in people.values() if person is not None}
    sides: dict[str, set[str]] = {}
    for label in found:
        if not label.weak and (side := cast.bracketed(label.office)):
            sides.setdefault(label.name, set()).add(side[0])
    stated = {name for name, own in sides.items() if len(own) == 1}  # what stands beside two states is a topic
    heard = {name for name, person in people.items() if person is not None} if len(keys) > 1 else set()
    return heard | (stated if len(stated) > 1 else set())


def _breaking_in(found: Sequence[Label], learned: Counter[str]) -> Counter[str]:
    """Those who break in once, as in "Mr. Lund. Our time is up", where labels end in a point.

    Before a question the name is that of one who is called on to ask it.
    """
    named = [label for label in found if label.name in learned and not QUESTION.fullmatch(label.printed)]
    if sum(label.weak for label in named) <= len(named) / 2:
        return Counter()
    after, calm = None, set()
    for label in reversed(found):
        if label.name in learned:
            after = label
        elif HONOURED.fullmatch(label.printed) and not addressing(label.printed):
            calm.add((label.name, after is None or not QUESTION.fullmatch(after.printed)))
    return Counter(
        {name: 1 for name, sure in calm if sure and (name, False) not in calm and not spelt_alike(name, learned, ALIKE)}
    )


def _without_addresses(learned: Counter[str], printed: Mapping[str, str]) -> Counter[str]:
    """Leave out "Mr. President:", which addresses him, unless it recurs and no other label names an office."""
    addresses = {name for name in learned if addressing(printed[name])}
    others = any(titled(printed[name]) or QUESTION.fullmatch(printed[name]) for name in learned.keys() - addresses)
    return Counter({n: c for n, c in learned.items() if n not in addresses or (c > 2 and not others)})


def _correspondents(found: Sequence[Label], learned: Counter[str]) -> Counter[str]:
    """Those who ask in a press conference, each named once with a paper."""
    asking = {label.name for label in found if not label.weak and CORRESPONDENT.fullmatch(label.printed)}
    answers = max(learned.values(), default=0)
    return Counter(dict.fromkeys(asking - learned.keys(), 1)) if len(asking) > 2 and answers > 2 else Counter()


def _interrupted(found: Sequence[Label], lines: Sequence[Block], *, loud: bool) -> Counter[str]:
    """The labels of a speech that others break into a time or two, or that begins with its speaker's label."""
    cries = Counter[str]()
    for cry, after in pairwise(found):
        if CRY.fullmatch(cry.printed) and titled(after.printed) and not addressing(after.printed):
            cries.update([cry.name, after.name])
    shouted = Counter(
        label.name
        for label in found
        if label.printed.isupper() and titled(label.printed) and not label.weak and not addressing(label.printed)
    )
    if loud:
        return cries
    if cries or len(shouted) > 1:
        return cries | shouted
    opening = bool(found and shouted and found[0].start == lines[0].start and found[0].name in shouted)
    return shouted if opening else Counter()


def _is_person(printed: str, count: int, cast: Cast, *, strict: bool, loud: bool) -> bool:
    """Tell whether a label that occurs ``count`` times names a speaker; in a loud text capitals say nothing."""
    capitals = printed.isupper() and not loud
    if QUESTION.fullmatch(printed) or ROOM.fullmatch(printed):
        return count >= (2 if strict else 1)
    if titled(printed):
        return count >= (3 if strict and not capitals and not cast.who(printed) else 2 if strict else 1)
    if are_initials(printed, cast):
        often = (count >= 3 and capitals and like_a_name(printed)) if strict else count >= 2
        return often or initials_of(printed, cast) is not None
    if cast.who(printed) is not None:
        return count >= (2 if strict else 1)
    words = printed.split()
    plain = all(w[0].isupper() for w in words) and len(words) <= 4
    return plain and (count >= (4 if strict and not capitals else 2)) and not (loud and strict)


def _recognise(line: Block, learned: Counter[str], printed: Mapping[str, str], cast: Cast) -> Label | None:
    label = candidate(line)
    if label and label.name in learned:
        return label
    if label and (near := spelt_alike(label.name, learned, ALIKE)) and alike_only(label, printed[near], cast):
        return replace(label, printed=printed[near], name=near)
    if (
        label
        and not label.weak
        and not INITIALS.fullmatch(label.printed)
        and titled(label.printed)
        and not addressing(label.printed)
        and _known(label, cast)
    ):
        return label
    if pointed := with_points(line, learned, printed):
        return pointed
    if label and label.weak:
        return None
    return slip(line, learned, printed)


def _known(label: Label, cast: Cast) -> bool:
    return len(label.printed.split()) <= 5 or cast.who(label.printed) is not None


def _with_office(label: Label) -> bool:
    return titled(label.printed) or label.printed.isupper()


def _without_colon(line: Block, printed: Mapping[str, str], firm: set[str]) -> Label | None:
    """A label that has lost its colon, before the beginning of a sentence."""
    for name in sorted(firm, key=len, reverse=True):
        shown = printed[name]
        if len(shown) > 3 and line.text.startswith(shown) and BEGINNING.match(line.text, len(shown)):
            return Label(line.start, line.start + len(shown), shown, name)
    return None


def _helper(line: Block) -> Label | None:
    """An interpreter or note taker who says something in the middle of the talk."""
    match = re.match(r"(?P<label>[A-Z][A-Za-z. -]{4,30}):\s+(?=[A-Z“\"(])", line.text)
    if match is None or not HELPER.fullmatch(match["label"]) or not PROSE.search(line.text, match.end()):
        return None
    return Label(line.start, line.start + match.end("label") + 1, match["label"], normal(match["label"]))


def _alone(lines: Sequence[Block], cast: Cast) -> list[Label]:
    """Labels without a colon: on lines of their own, each above what is said, or in capitals or brackets before it."""
    found = []
    for line, below in pairwise([*lines, Block(0, 0, "")]):
        match = LONE.fullmatch(line.text)
        if match and name_like(match["label"]) and PROSE.search(below.text) and not name_like(below.text):
            found.append(Label(line.start, line.end, match["label"], normal(match["label"])))
        elif match := RUN_IN.match(line.text):
            shown = match["label"] or match["inside"]
            found.append(Label(line.start, line.start + match.end(), shown, normal(shown)))
    counts = Counter(label.name for label in found)
    people = {
        label.name
        for label in found
        if counts[label.name] > 1 and (titled(label.printed) or cast.who(label.printed) is not None)
    }
    kept = [label for label in found if label.name in people]
    return kept if len(people) > 1 and len(kept) >= 4 else []


def _cut(line: Block) -> Iterator[Block]:
    """Cut a line before what may be labels in its middle: the breaks of the page may be lost."""
    at = 0
    for match in AFTER_SENTENCE.finditer(line.text):
        yield Block(line.start + at, line.start + match.start(), line.text[at : match.start()])
        at = match.end()
    yield Block(line.start + at, line.end, line.text[at:])


def inner_labels(blocks: Iterable[Block], known: Iterable[Label]) -> list[Label]:
    """Learned labels of more than one word that stand inside a paragraph, after the end of a sentence."""
    names = sorted({label.printed for label in known if _inner(label) and not label.weak}, key=len, reverse=True)
    if not names:
        return []
    pattern = re.compile(r"(?<=[.?!)\]\"”])\s+(?P<label>" + "|".join(map(re.escape, names)) + r")\s?:(?=\s)")
    return [
        Label(block.start + m.start("label"), block.start + m.end(), m["label"], normal(m["label"]))
        for block in blocks
        for m in pattern.finditer(block.text)
    ]


def _inner(label: Label) -> bool:
    return len(label.printed) > 6 or (len(label.printed) > 1 and label.printed.isupper())
