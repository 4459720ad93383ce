"""The labels of a transcript: learned from the document itself before it is cut."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.fields import FIELD
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.titles import HONORIFICS, PARTICLES, TITLE

LONGEST = 70
CANDIDATE = re.compile(
    r"(?P<open>[*_\"“. ]{0,3})(?P<label>[A-Za-z][^:;—\n()\[\]?!\"“”]{0,68}?)\s*(?P<stage>[(\[][^()\[\]]{1,120}[)\]])?"
    r"(?P<sep>\s?:\**|\s?;|\s--(?=\s)|\s?—(?=\s)|\.\**(?=\s))(?P<close>[*_\"”]{0,3})(?=\s|$)"
)
GLUED = re.compile(r"(?P<label>[A-Z][\w.'’ -]{2,40}?):(?=\S)")
INITIALS = re.compile(r"[A-Z](?:\.?[A-Z]){0,3}\.?")
QUESTION = re.compile(r"(?:Q|QUESTION|A|ANSWER)\d{0,2}", re.I)
ROOM = re.compile(
    r"(?:the\s+)?(?:audience(?: members?)?|crowd|moderator|interpreter|translator|reporter|"
    r"press|voice|voices|speaker|chairman|"
    r"panelist|participants?|several members|question|questioner|correspondent|operator|all|"
    r"unidentified \w+|male voice|female voice)",
    re.I,
)
NOT_LABELS = re.compile(
    r"(?:subject|subj|participants?|present|date|time|place|notes?|notetakers?|from|to|cc|"
    r"source|ref|reference|tags|re|text|attachments?|"
    r"reason|classified by|declassify(?: on)?|derived from|decl|case number|document (?:id|"
    r"no)|collection|folder title|comment|summary|"
    r"first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|sixth|finally|one|two|three|four|"
    r"five|ps|p\.s|nb|example|answer key|"
    r"good (?:evening|morning|afternoon)|ladies and gentlemen|title|author|speakers?|location|"
    r"transcript|contact|phone|tel|fax|action|staff officer|keywords|persons|comments?|record id|status|files|received|"
    r"no|yes|well|look|now|thus|however|remember|again|also|here|there|but|and|so|then|the "
    r"following|u\.?s|u\.?n|i|ii|iii|iv|v|vi|vii|viii|ix|x)",
    re.I,
)
SMALL = PARTICLES | frozenset("of the for and to at in on".split())
LIKENESS = 0.7
BARE_Q = re.compile(r"Q\s+(?=[A-Z“\"(—-])")
ABBREVIATED = re.compile(
    r"[*_]{0,2}(?:Mr|MR|Mrs|MRS|Ms|MS|Dr|DR|Gen|GEN|Amb|AMB|Sen|SEN|Gov|GOV|Rep|REP|Lt|LT|Adm|ADM)\.\s"
)
AFTER_ABBREVIATION = re.compile(
    r"(?P<label>[*_]{0,2}(?:[A-Z][A-Za-z]{1,3}\.\s+){1,2}(?:[A-Z]\.\s?){0,2}(?:(?:[A-Z][\w'’-]+|"
    r"de|von|al|Al)\s?){1,3}?)"
    r"\s*(?P<stage>\([^()]{1,80}\))?(?P<sep>:|\.|;|\s--)(?P<close>\**)(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it stands in the text, half-open, and what its speaker's words begin after."""

    start: int
    end: int
    printed: str
    name: str  # normal form: what two labels of one speaker have in common
    dotted: bool = False


def find_labels(lines: Sequence[Block], cast: Cast, *, wary: bool) -> list[Label]:
    """Find the labels of a transcript; none where it has no labels.

    Args:
        lines: The text, cut where a label may begin.
        cast: Who takes part.
        wary: A speech or a book: more is asked before it is taken for a transcript.
    """
    found = [label for line in lines if (label := _candidate(line))]
    loud = sum(line.text.isupper() for line in lines) > 0.4 * len(lines)
    learned = _learn(found, cast, wary=wary, loud=loud)
    if not learned:
        return []
    printed = {label.name: label.printed for label in reversed(found)}
    return [label for line in lines if (label := _recognise(line, learned, printed, cast))]


def normal(printed: str) -> str:
    """Fold a label: blanks, case, points, a leading article."""
    folded = re.sub(r"[^\w&/' -]", " ", printed.replace("’", "'")).casefold()
    return " ".join(folded.split()).removeprefix("the ")


def _candidate(line: Block) -> Label | None:
    if BARE_Q.match(line.text):
        return Label(line.start, line.start + 1, line.text[0], normal(line.text[0]))
    if ABBREVIATED.match(line.text):
        return _after_abbreviation(line)
    match = CANDIDATE.match(line.text)
    if match is None:
        return None
    dotted = match["sep"].startswith(".")
    printed = match["label"].strip(" .*_")
    if dotted and not _may_be_dotted(printed):
        return _after_abbreviation(line)
    if dotted and not line.text[match.end() :].strip():
        return None
    if not _name_like(printed):
        return _after_abbreviation(line) if not dotted else None
    return Label(line.start, line.start + match.end(), printed, normal(printed), dotted)


def _after_abbreviation(line: Block) -> Label | None:
    """Take "Mr. Smith." for a label: its first point ends an abbreviation."""
    match = AFTER_ABBREVIATION.match(line.text)
    if match is None or not line.text[match.end() :].strip():
        return None
    printed = match["label"].strip(" .*_")
    return Label(line.start, line.start + match.end(), printed, normal(printed), match["sep"] == ".")


def _may_be_dotted(printed: str) -> bool:
    words = printed.split()
    if (printed.isupper() and len(printed) > 1) or QUESTION.fullmatch(printed):
        return not NOT_LABELS.fullmatch(printed)
    return (
        len(words) <= 4
        and bool(TITLE.match(printed.removeprefix("The ")) or len(words) == 2)
        and all(w[0].isupper() for w in words)
    )


def _name_like(printed: str) -> bool:
    words = printed.replace(",", " ").split()
    if not words or len(words) > 8 or len(printed) > LONGEST or NOT_LABELS.fullmatch(printed.strip(" .")):
        return False
    if FIELD.fullmatch(printed) or FIELD.fullmatch(printed + ":"):
        return False
    if not re.search(r"[A-Za-z]{2}", printed) and not INITIALS.fullmatch(printed) and not QUESTION.fullmatch(printed):
        return False
    return (
        sum(w[0].isdigit() for w in words) <= 1
        and all(w[0].isupper() or w[0].isdigit() or w.casefold() in SMALL for w in words)
        and words[0][0].isupper()
    )


def _learn(found: Sequence[Label], cast: Cast, *, wary: bool, loud: bool) -> Counter[str]:
    """Choose the labels that a document uses: by office, by name and by repetition."""
    counts = Counter(label.name for label in found)
    printed = {label.name: label.printed for label in reversed(found)}
    dotted = {label.name for label in found if label.dotted}
    learned = Counter(
        {
            name: count
            for name, count in counts.items()
            if _is_person(printed[name], count, cast, strict=name in dotted or wary, loud=loud)
        }
    )
    total = sum(learned.values())
    enough = (total >= 4 and len(learned) >= 2) or (wary and total >= 6) if wary else total >= 2
    if not enough or (len(learned) == 1 and total < 3 and not cast.who(next(iter(learned)))):
        return Counter()
    single = {
        n: c
        for n, c in counts.items()
        if n not in learned and _is_person(printed[n], 3, cast, strict=n in dotted, loud=loud)
    }
    return learned + Counter({n: c for n, c in single.items() if n not in dotted and (c > 1 or _titled(printed[n]))})


def _is_person(printed: str, count: int, cast: Cast, *, strict: bool, loud: bool) -> bool:
    """Tell whether a label that occurs ``count`` times names a speaker; in a loud text capitals say nothing."""
    capitals = printed.isupper() and not loud
    if QUESTION.fullmatch(printed) or ROOM.fullmatch(printed):
        return count >= (2 if strict else 1)
    if _titled(printed):
        return count >= (3 if strict and not capitals and not cast.who(printed) else 2 if strict else 1)
    if INITIALS.fullmatch(printed):
        return (count >= 2 and not strict) or initials_of(printed, cast) is not None
    if cast.who(printed) is not None:
        return count >= (2 if strict else 1)
    words = printed.split()
    plain = all(w[0].isupper() for w in words) and len(words) <= 4
    return plain and (count >= (4 if strict and not capitals else 2)) and not (loud and strict)


def _titled(printed: str) -> bool:
    """Tell a label that begins with an office or a form of address."""
    bare = printed.removeprefix("The ").removeprefix("THE ")
    first = bare.split()[0].strip(".,").casefold() if bare.split() else ""
    return bool(TITLE.match(bare)) or first in HONORIFICS[:9] or any(TITLE.search(part) for part in bare.split(",")[:1])


def initials_of(printed: str, cast: Cast) -> str | None:
    """The listed name that initials stand for: JFK is Kennedy, and later in the text so is K."""
    letters = re.sub(r"\W", "", printed).casefold()
    people = [p for p in cast.people if p.names]
    last = [p for p in people if p.names[-1][:1] == letters[-1]]
    if len(letters) > 1 and len(last) > 1:
        last = [p for p in last if p.names[0][:1] == letters[0]] or last
    if not last and len(letters) > 1:
        last = [p for p in people if p.names[0][:1] == letters[0]]
    return last[0].name if len({p.key for p in last}) == 1 else None


def _recognise(line: Block, learned: Counter[str], printed: Mapping[str, str], cast: Cast) -> Label | None:
    label = _candidate(line)
    if label and label.name in learned:
        return label
    if (
        label
        and not label.dotted
        and not INITIALS.fullmatch(label.printed)
        and _titled(label.printed)
        and _known(label, cast)
    ):
        return label
    if label and label.dotted:
        return None
    return _slip(line, learned, printed)


def _known(label: Label, cast: Cast) -> bool:
    return len(label.printed.split()) <= 5 or cast.who(label.printed) is not None


def _slip(line: Block, learned: Counter[str], printed: Mapping[str, str]) -> Label | None:
    """A learned label that the recognition of the scan misspelt."""
    match = re.match(r"(?P<label>\W{0,3}[^:;]{3,45}?)\s*(?P<sep>:|;)(?=\s|$)", line.text)
    if match is None:
        return None
    here = normal(match["label"])
    long = [name for name in learned if len(name) >= 7]
    near = difflib.get_close_matches(here, long, n=1, cutoff=LIKENESS)
    if not near or NOT_LABELS.fullmatch(match["label"].strip()):
        return None
    garbled = not match["label"].strip()[:1].isupper() or abs(len(here) - len(near[0])) <= 3
    return Label(line.start, line.start + match.end(), printed[near[0]], near[0]) if garbled else None


def inner_labels(blocks: Iterable[Block], known: Iterable[Label]) -> list[Label]:
    """Learned labels of more than one word that stand inside a paragraph, after the end of a sentence."""
    names = sorted(
        {label.printed for label in known if len(label.printed) > 6 and not label.dotted}, key=len, reverse=True
    )
    if not names:
        return []
    pattern = re.compile(r"(?<=[.?!)\]\"”])\s+(?P<label>" + "|".join(map(re.escape, names)) + r")\s?:(?=\s)")
    return [
        Label(block.start + m.start("label"), block.start + m.end(), m["label"], normal(m["label"]))
        for block in blocks
        for m in pattern.finditer(block.text)
    ]
