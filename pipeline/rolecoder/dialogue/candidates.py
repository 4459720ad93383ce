"""What may be a speaker's label by its form alone: "The President:", "MR. SMITH.", "JFK;", "[PM Berg]:"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rolecoder.dialogue.fields import FIELD
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.titles import HONORIFICS, PARTICLE, PARTICLES, TITLE, particle

LONGEST = 70
MARK = r"(?:\([A-Z¢£]{1,3}\)\s+|[-•]\s+)?"  # "(C) The President:"
# Firm separators, and after them weak ones, which end and join sentences too.
CANDIDATE = re.compile(
    rf"{MARK}(?P<open>[*_\"“. ]{{0,3}})(?P<bracket>[\[<])?"
    r"(?P<label>[^\W\d_][^:;—\n()\[\]<>?!\"“”]{0,68}?)(?(bracket)[\]>])\s*"
    r"(?P<stage>[(\[][^()\[\]]{1,120}[)\]])?(?:\s*[(\[][^()\[\]]{1,120}[)\]])?"
    r"(?P<sep>[*_]{0,2}\s?:[*_]*(?=\s|$|[—–-])|\s?;(?=\s|$)|\s--(?=\s)|\s?—(?=\s)|"
    r"(?:(?<!\b[A-Z])|(?<=\bQ)|(?<=\bA(?!\.\s[A-Z]\.)))\.\**(?=\s)|\s?—(?=[A-Z“\"(])|--(?=\s?[A-Z“\"(]|\s?$)|\s[–-](?=\s+[A-Z“\"(])|"
    r":(?=[A-Z][a-z’']*[ ,.]|[\"“(]))"
    r"(?P<close>[*_\"”]{0,3})(?=\s|$|\S)"
)
WEAK = re.compile(r"\.\**|—|--|\s[–-]|:")
ARTICLE = re.compile(r"^(?:Th[cao]|[RIlL]he|T[bli]{1,2}e|he|rhe)\s(?=[A-Z])")  # "The", misread
ROMAN = re.compile(r"(?=..)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
INITIALS = re.compile(r"[A-Z](?:\.?[A-Z]){0,3}\.?")
QUESTION = re.compile(r"(?:Q|QUESTION|A|ANSWER)\d{0,2}", re.I)
CRY = re.compile(r"(?:the\s+)?(?:a?u?dience(?: members?)?|crowd|(?:fe)?male voice|voices?)", re.I)
ROOM = re.compile(
    r"(?:the\s+)?(?:audience(?: members?)?|crowd|moderator|interviewer|presenter|interpreter|translator|"
    r"reporters?|journalists?|"
    r"press|voice|voices|speaker|chairman|"
    r"panelist|participants?|several members|question|questioner|correspondent|operator|all|"
    r"unidentified \w+|male voice|female voice)",
    re.I,
)
NOT_LABELS = re.compile(
    r"(?:sub\w?ect|subj|prm|participants?|present|date|time|place|notes?|notetakers?|from|to|cc|"
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
# No name and no office begins with one of these.
NEVER_FIRST = frozenset(
    "to from in for on at by with as and or but if when of dear let this that these those my our your his its".split()
)
# "Mr. President" is how he is addressed; it names who is spoken to.  (A Mr. Chancellor or Mr. King has that name.)
ADDRESS = re.compile(
    r"(?:Mr|Mister|Madam|Madame|Mme)\.?\s+(?:(?:Vice[ -]|General |Under ?|Prime |Foreign |Attorney )?"
    r"(?:President|Secretary(?:[ -]General)?|Minister|Premier|Chairman|Ambassador|General|Speaker))",
    re.I,
)
# "Ann Lee, Evening Post": a correspondent, each once, among the answers of one official.
CORRESPONDENT = re.compile(r"(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w'’-]+,\s+(?:the\s+)?[A-Z]\w.*")
SMALL = PARTICLES | frozenset("of the for and to at in on".split())
BARE_Q = re.compile(r"Q\s+(?=[A-Z“\"(—-])")
ABBREVIATED = re.compile(
    r"[*_]{0,2}(?:Mr|MR|Mrs|MRS|Ms|MS|Dr|DR|Gen|GEN|Amb|AMB|Sen|SEN|Gov|GOV|Rep|REP|Lt|LT|Adm|ADM)\.\s"
)
AFTER_ABBREVIATION = re.compile(
    r"(?P<label>[*_]{0,2}[A-Z][A-Za-z]{1,3}\.\s+(?:(?:[A-Z][a-z]{1,3}|GEN|COL|MAJ|ADM|CAPT|PROF|DR)\.\s+)?"
    rf"(?:[A-Z]\.\s?){{0,2}}(?:[A-Z][\w'’-]+|(?i:{PARTICLE})\b)(?:\s+(?:[A-Z][\w'’-]+|(?i:{PARTICLE})\b)){{0,3}}?)"
    r"\s*(?P<stage>\([^()]{1,80}\))?(?:\s*\([^()]{1,80}\))?(?P<sep>:|\.|;|\s--)(?P<close>\**)(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it stands in the text, half-open, and what its speaker's words begin after."""

    start: int
    end: int
    printed: str
    name: str  # normal form: what two labels of one speaker have in common
    weak: bool = False  # what ends it may stand in a sentence too: a point, a dash, a colon without a blank
    joins: bool = False  # what ends it joins the parts of a sentence, or follows a greeting: a semicolon, a dash
    asks: bool = False  # of a journalist, or another who only asks
    office: str = ""  # in brackets after the name


def normal(printed: str) -> str:
    """Fold a label: blanks, case, points, a leading article."""
    folded = re.sub(r"[^\w&/' -]", " ", printed.replace("’", "'")).casefold()
    return " ".join(folded.split()).removeprefix("the ")


def candidate(line: Block) -> Label | None:
    """What stands at a line's beginning in the form of a label."""
    if BARE_Q.match(line.text):
        return Label(line.start, line.start + 1, line.text[0], normal(line.text[0]))
    if ABBREVIATED.match(line.text):
        return _after_abbreviation(line)
    match = CANDIDATE.match(line.text)
    if match is None:
        return None
    weak = WEAK.fullmatch(match["sep"]) is not None and _runs_into(line.text, match)
    printed = ARTICLE.sub("The ", match["label"].strip(" .*_"))
    if weak and ROMAN.fullmatch(printed):
        return None
    if weak and not _may_be_weak(printed):
        return _after_abbreviation(line)
    if weak and not line.text[match.end() :].strip():
        return None
    if not name_like(printed):
        return _after_abbreviation(line) if not weak else None
    end = match.end()
    if (
        "*" in match["open"]
        and "*" not in match["sep"] + match["close"]
        and (rest := re.match(r"\s*\*\*", line.text[end:]))
    ):
        end += rest.end()
    joins = ";" in match["sep"] or "—" in match["sep"] or "-" in match["sep"] + line.text[end : end + 1]
    return Label(line.start, line.start + end, printed, normal(printed), weak, joins, office=_office(match))


def _office(match: re.Match[str]) -> str:
    """What stands in brackets after a name: an office, or a state."""
    office = (match["stage"] or "")[1:-1].strip().removeprefix("the ")
    return office if name_like(office) else ""


def _runs_into(text: str, match: re.Match[str]) -> bool:
    """Tell a separator that is weak where it stands: a colon or a dash with a blank after it is not."""
    sep, after = match["sep"], text[match.end("sep") : match.end("sep") + 1]
    if sep.strip() in ("--", "—") and sep[0].isspace() and (not after or after.isspace()):
        return False
    return not (sep == ":" and (not after or after.isspace() or after in "*_—–-"))


def _after_abbreviation(line: Block) -> Label | None:
    """Take "Mr. Smith." for a label: its first point ends an abbreviation."""
    match = AFTER_ABBREVIATION.match(line.text)
    if match is None or not line.text[match.end() :].strip():
        return None
    printed = match["label"].strip(" .*_")
    return Label(
        line.start, line.start + match.end(), printed, normal(printed), match["sep"] == ".", office=_office(match)
    )


def _may_be_weak(printed: str) -> bool:
    words = printed.split()
    if (printed.isupper() and len(printed) > 1) or QUESTION.fullmatch(printed) or CRY.fullmatch(printed):
        return not NOT_LABELS.fullmatch(printed) and printed != "RR"  # of a restriction, on an archive sheet
    return (
        len(words) <= 4
        and bool(TITLE.match(printed.removeprefix("The ")) or len(words) == 2)
        and all(w[0].isupper() for w in words)
    )


def name_like(printed: str) -> bool:
    """Tell the name of a person or an office from the words of a sentence."""
    words = printed.replace(",", " ").split()
    if not words or len(words) > 8 or len(printed) > LONGEST or NOT_LABELS.fullmatch(printed.strip(" .")):
        return False
    if FIELD.fullmatch(printed) or FIELD.fullmatch(printed + ":") or words[0].casefold() in NEVER_FIRST:
        return False
    if not re.search(r"[^\W\d_]{2}", printed) and not INITIALS.fullmatch(printed) and not QUESTION.fullmatch(printed):
        return False
    if CRY.fullmatch(printed):
        return words[0][0].isupper()
    return (
        sum(w[0].isdigit() for w in words) <= 1
        and all(w[0].isupper() or w[0].isdigit() or w.casefold() in SMALL or particle(w) for w in words)
        and (words[0][0].isupper() or (particle(words[0]) and re.search(r"[^\W\d_a-zß-ÿ]", printed) is not None))
    )


def titled(printed: str) -> bool:
    """Tell a label that begins with an office or a form of address."""
    bare = printed.removeprefix("The ").removeprefix("THE ")
    first = bare.split()[0].strip(".,").casefold() if bare.split() else ""
    return bool(TITLE.match(bare)) or first in HONORIFICS[:9] or any(TITLE.search(part) for part in bare.split(",")[:1])


def addressing(printed: str) -> bool:
    """Tell "Mr. President", said to him, from the names of those who speak."""
    return ADDRESS.fullmatch(printed.strip(" .")) is not None
