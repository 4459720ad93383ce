"""Reporting clauses: whose words a sentence of a narrative record gives."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rolecoder.dialogue.cast import Cast, Person
from rolecoder.dialogue.titles import PARTICLE, PARTICLES, TITLES, refer
from rolecoder.dialogue.verbs import ASKING, DOING, MILD, REGULAR, SAYING, STRONG, told_beside

ADVERBS = (
    r"(?:\s+(?:also|then|again|further|however|therefore|thus|next|now|still|finally|later|"
    r"once|first|only|just|merely|simply|here|briefly|quickly|"
    r"jokingly|emphatically|bitterly|slyly|facetiously|emotionally|flatly|personally|in reply|"
    r"in turn|in response|for his part|(?:at|on) (?:this|that|the same) point|in this connection|not only|too|both|all|"
    r"thereupon|hereupon|forthwith|"
    r"(?:rather|quite|very|somewhat)(?=\s+[a-z]+ly\b)|"
    r"[a-z]+ly|abruptly|himself|went on to|went on and|proceeded to|continued to))*"
)
APPOSITION = (
    r"(?:\s*,\s+(?:who|whose|in|on|after|again|speaking|reading|turning|referring|noting|"
    r"recalling|returning|continuing|smiling|laughing|for|with|as|at|if|however|too|while|"
    r"when|without|then)\b[^.;]{1,160}?,|\s*,\s*(?:however|too|then)\s*,|\s+\([^()]{1,60}\))?"
)
_LISTED = "|".join(sorted({*SAYING, *DOING}, key=len, reverse=True))
VERB = rf"(?P<verb>{_LISTED}|{MILD}|{REGULAR})\b"
LISTED_VERB = rf"(?P<verb>{_LISTED}|{MILD})\b"
NUMBERING = re.compile(
    r"^\W*(?:\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s+)?"
    r"(?:(?:(?:[A-Z][\w’'-]*|of|and|the|on|in|for)\s?){1,5}"
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bM)(?<!\bAmb)(?<!\bGen)[.:—]\s+(?=[A-Z]))?"
)
FRONTED = re.compile(
    r"(?:after|before|in|on|at|to|with|when|while|as|during|for|by|from|if|since|concerning|"
    r"regarding|re|upon|under|then|next|finally|later|however|"
    r"therefore|thus|moreover|nevertheless|also|again|still|consequently|accordingly|meanwhile|"
    r"here|instead|once|because|following|"
    r"toward|towards|turning|responding|reverting|despite|although|though|throughout|secondly|"
    r"thirdly|first|second|third|lastly|personally|"
    r"just|without|prior|continuing|returning|referring|recalling|noting|speaking|replying|"
    r"commenting|reaffirming|[a-z]+ing|describing|"
    r"shrugging|hence|indeed|so|but|and|asked|pressed|according)\b",
    re.I,
)
HONORIFIC = r"(?:Mr|Mrs|Ms|Miss|Dr|M|Sir|Lord)\.?"
SOON = (
    r"(?:(?:Next|Then|Finally|Later|Again|First|Here|Also|Now|Thereupon|Lastly|Still|Thus|"
    r"At (?:this|that|one) (?:point|time)|After that|"
    r"In reply|In response|In answer|But|And|So|Yet)\s*,?\s+)?"
)
JOINT = re.compile(r"[,;]\s+(?P<which>(?:to|upon|at|with)\s+which\s+)|(?:;\s+|\.\.\.\s*)(?:(?:and|but)\s+)?")
EARLIER = re.compile(r"\s+(?:yesterday|earlier|previously|before|last (?:night|week|month|year|time))\b")
PLANS = re.compile(
    r"^\W*(?:the two|both) \w+ "
    r"(?:would|should|could|can|may|might|must|will|shall|need|know|have|are|want|think|believe)\b",
    re.I,
)
WHEN_SAID = frozenset(("said", "asked", "told", "replied", "remarked", "pointed"))
LEAD = re.compile(r"(?:When|After|As|Upon|While)\s+")
AND = re.compile(r",?\s+(?P<joint>(?:and|but|while|whereupon|when)\s+)(?=(?:[Tt]he\s)?[A-Z]|s?he\s)")
BOTH = re.compile(
    r"^\W*(?:(?:after|following)\s+(?:some|more|further|a few|the|these|exchanging|an exchange "
    r"of)[^,.]{3,60},\s+)?(?:(?:the\s+)?two\s+(?:leaders|presidents|ministers|sides|men|principals|"
    r"secretaries|delegations)|both\s+(?:sides|leaders|men|parties|presidents|expressed|agreed|"
    r"said)|"
    r"they(?:\s+(?:both|then|also|all))?\s+(?:agreed|discussed|met|exchanged|talked|concluded|turned|departed)|"
    r"(?:the|this|that)\s+(?:conversation|meeting|luncheon|lunch|call|discussion|talk|session|"
    r"dinner|interview|talks|discussions)\b|"
    r"the\s+(?:whole\s+|entire\s+|[a-z]+\s+)?(?:group|party|guests)\s+(?:then\s+)?(?:moved|took|went|adjourned|left|proceeded|"
    r"sat|rose|retired|broke)\b|"
    r"it was (?:\w+ly |also |then |further )?(?:agreed|decided|understood)\b|"
    r"(?:the following (?:is|are|subjects|points|topics|matters|were|was)\b)|there (?:was|"
    r"followed) (?:a|an|some|further|then)\s[^.]{0,40}(?:discussion|exchange|conversation|"
    r"talk|silence|pause))",
    re.I,
)


_OFFICE_WORDS = sorted({w.title() for t in TITLES for w in t.split() if w.isalpha() and len(w) > 3})
REFERENCE = re.compile(
    r"(?:(?:(?:Mr|Mrs|Ms|Miss|Dr|M|Messrs|Asst|Amb|Gen)\.?|Sir|Lord|Chief|Assistant|Deputy|"
    r"Acting|Under|Vice|First|Foreign|Prime|PM|FM|"
    + "|".join(_OFFICE_WORDS)
    + rf"|\b(?:of|for|at|the|{PARTICLE})(?=[^\S\n]+(?:(?:{PARTICLE})[^\S\n]+)?[A-Z]))[^\S\n]+){{0,6}}"
    r"[0O]?[A-Z][\w'’ʼ-]+(?:[^\S\n]+[A-Z][\w'’ʼ-]+)?"
)
_OFFICE = rf"(?:{'|'.join(_OFFICE_WORDS)})\b"
STATED = re.compile(rf"\b[A-Z][\w.’'-]+(?:[^\S\n]+{_OFFICE})+")  # "Soviet Deputy Minister"


@dataclass(frozen=True, slots=True)
class Clause:
    """A reporting clause: where its sentence's words begin to be somebody's, who, and by which verb."""

    at: int  # offset in the sentence
    subject: str  # as printed
    verb: str
    person: Person | None = None
    pronoun: str = ""
    wordless: bool = False  # it tells what someone did, and reports no words
    lead: Clause | None = None  # of one who spoke before, in the same sentence


class Reporter:
    """Finds reporting clauses whose subject is one of a cast."""

    def __init__(self, cast: Cast, subjects: Iterable[str]) -> None:
        """Compile the ways in which the text refers to those who take part.

        Args:
            cast: Who takes part.
            subjects: Every way the text has of referring to them.
        """
        self.cast = cast
        names = (
            "|".join(re.escape(s).replace(r"\ ", r"\s+") for s in sorted(set(subjects), key=len, reverse=True))
            or r"(?!)"
        )
        bare = rf"(?:[Tt]he\s+)?(?:{HONORIFIC}\s+)?(?:\b(?i:{PARTICLE})\s+){{0,2}}(?:{names})"
        named = rf"{bare}(?![\w’'ʼ])"
        who = rf"(?P<subject>{named}|I(?![\w’'.])|[Hh]e|[Ss]he|[Tt]hey)"
        self._start = re.compile(rf"{SOON}{who}{APPOSITION}{ADVERBS}\s+{VERB}")
        self._named = re.compile(rf"(?P<subject>{named}|I(?![\w’'.])|(?<=\s)s?he){APPOSITION}{ADVERBS}\s+{LISTED_VERB}")
        self._tail = re.compile(
            rf"[,”\"]\s+(?:(?P<subject>{named}|I|he|she){ADVERBS}\s+{LISTED_VERB}|"
            rf"(?P<verb2>said|replied|asked|added|remarked|noted|observed|answered)\s+(?P<subject2>{named}))"
            rf"(?=\s*[,.;]|$)"
        )
        self._closing = re.compile(
            rf"\bwith\s+(?P<subject>{named})\s+(?P<verb>saying|expressing|noting|promising|suggesting|asking|stating|"
            rf"adding)\b"
        )
        self._pair = re.compile(
            rf"^\W*(?P<a>{named})(?:\s*,\s*|\s+)and\s+(?P<b>(?:[\w’'-]+\s+){{0,2}}?{named})\s+(?P<rest>\w+\s+\w+)"
        )
        # Whose words they are without a verb of saying after the name.
        self._by = (
            re.compile(rf"(?P<verb>[Aa]ccording) to (?P<subject>{named}),\s"),
            re.compile(
                rf"(?P<subject>{bare})['’ʼ]s?\s+(?:\w+\s+)?(?P<verb>reply|answer|response|reaction|comment|view|"
                rf"position|argument|point|contention|question)\s+(?:\w+\s+){{0,6}}?(?:was|were)\b"
            ),
            re.compile(
                rf"[^.;:,]{{3,120}}\s(?:was|were)\s(?:also\s|then\s)?(?P<verb>mentioned|raised|made|noted|brought up|"
                rf"suggested|expressed|proposed|emphasized|stressed|put forward)\sby\s(?P<subject>{named})"
            ),
        )

    def read(self, sentence: str) -> Clause | None:
        """Find the clause that says whose words a sentence gives."""
        shout = sentence.isupper()
        text = _lowered(sentence) if shout else sentence
        begin = NUMBERING.match(text)
        at = begin.end() if begin else 0
        for start in {at: None, len(text) - len(text.lstrip('"“( ')): None}:
            match = self._start.match(text, start)
            if match:
                return self._clause(match, 0, sentence)
        if self.cast.drafter is not None and re.match(r"I\s+[a-z]", text[at:]):
            return Clause(0, "I", text[at:].split()[1], pronoun="i")
        if tail := self._tail.search(text):
            named = tail["subject"] or tail["subject2"]
            if named[:1].isupper() or named.startswith("the "):
                return self._make(named, tail["verb"] or tail["verb2"], 0)
        if by := next((found for pattern in self._by if (found := pattern.match(text, at))), None):
            return self._make(by["subject"], by["verb"], 0)
        if BOTH.search(text) and (match := self._closing.search(text)):
            return self._clause(match, 0, sentence)
        return self._fronted(text, at, sentence)

    def _fronted(self, text: str, at: int, sentence: str) -> Clause | None:
        """Find a clause after a phrase: "In reply, Mr. Smith said ..."; "At lunch today Smith raised ..."."""
        if not FRONTED.match(text, at):
            return None
        for comma in re.finditer(r",\s+(?:and\s+|then\s+)?", text[at : at + 420]):
            match = self._start.match(text, at + comma.end())
            if match and not EARLIER.match(text, match.end()):
                lead = self._lead(text, at, sentence)
                return replace(self._clause(match, at + comma.end() if lead else 0, sentence), lead=lead)
        match = self._named.search(text, at, at + 160)
        if (
            match
            and _first_word(match["verb"]) in STRONG
            and not EARLIER.match(text, match.end())
            and not re.search(r"\b(?:that|which|who|whom|whether|what|had|has)\b|[;:]", text[at : match.start()])
        ):
            return self._clause(match, 0, sentence)
        return None

    def _lead(self, text: str, at: int, sentence: str) -> Clause | None:
        """Find who spoke before in one sentence: "When Smith asked whether ..., Jones said that ..."."""
        when = LEAD.match(text, at)
        match = self._start.match(text, when.end()) if when else None
        if match is None or _first_word(match["verb"]) not in STRONG | ASKING:
            return None
        return self._clause(match, 0, sentence)

    def second(self, sentence: str) -> Clause | None:
        """Find a second speaker in one sentence: "... , to which Smith replied that ..."."""
        for joint in JOINT.finditer(sentence):
            match = self._start.match(sentence, joint.end())
            if match:
                return self._clause(match, joint.start("which") if joint["which"] else joint.end(), sentence)
        for joint in AND.finditer(sentence):
            match = self._start.match(sentence, joint.end())
            verbs = WHEN_SAID if joint["joint"].startswith("when") else STRONG
            if match and _first_word(match["verb"]) in verbs:
                return self._clause(match, joint.start("joint"), sentence)
        return None

    def pair(self, sentence: str) -> tuple[Person | None, Person | None, str, str] | None:
        """Find two people as the subject: "Smith and Jones then parted"."""
        match = self._pair.match(_lowered(sentence) if sentence.isupper() else sentence)
        if match is None:
            return None
        return self.cast.who(match["a"]), self.cast.who(match["b"]), f"{match['a']} and {match['b']}", match["rest"]

    def _clause(self, match: re.Match[str], at: int, sentence: str) -> Clause:
        return self._make(sentence[slice(*match.span("subject"))], match["verb"], at, sentence[match.end() :])

    def _make(self, subject: str, verb: str, at: int, rest: str | None = None) -> Clause:
        printed = " ".join(subject.split())
        low, first = printed.casefold(), _first_word(verb)
        wordless = rest is not None and first in DOING and not told_beside(first, rest)
        if low in ("he", "she", "they", "i"):
            return Clause(at, printed, first, pronoun=low, wordless=wordless)
        return Clause(at, printed, first, person=self.cast.who(printed), wordless=wordless)


def subjects_of(cast: Cast, text: str) -> set[str]:
    """Every way in which a text refers to those of a cast: offices, names, and names after offices."""
    ways: set[str] = set()
    for person in cast.people:
        ways |= {
            name for name in (n.title() for n in person.names) if len(name) > 1 and name.casefold() not in PARTICLES
        }
        spelt = person.name.partition(",")[0].split()
        ways |= {
            name for k in (2, 3, 4) if len(spelt) >= k and (name := " ".join(spelt[-k:])) in text and name[0].isupper()
        }
        for title in person.titles:
            ways |= {spelling for spelling, kind in TITLES.items() if kind == title and kind != "director"}
    ways |= {alias.upper() for alias in cast.aliases}
    return ways | _named_in(cast, text)


def _named_in(cast: Cast, text: str) -> set[str]:
    """References such as "Deputy Secretary Smith" or "Sir Harold" in a text that mean someone of the cast."""
    known = {name for p in cast.people for name in p.names if len(name) > 2}
    found = {printed for match in STATED.finditer(text) if _stated(printed := " ".join(match.group().split()), cast)}
    for match in REFERENCE.finditer(text):
        printed = re.sub(r"['’ʼ]s?$", "", " ".join(match.group().split()))
        last = printed.split()[-1].casefold()
        if printed in found:
            continue
        strange = set(refer(printed).names[:-1]) - known - {last} - PARTICLES
        if strange:
            printed = printed.split()[-1]
        if last in known or (len(last) > 3 and " " in printed and _near(last, known)):
            if cast.who(printed) is not None:
                found.add(printed)
    return found


def _stated(printed: str, cast: Cast) -> bool:
    """Tell whether the bearer of an office after a state's name takes part: "Thai Ambassador"."""
    side, person = cast.side(printed), cast.who(printed)
    return side is not None and person is not None and person.actor == side[0]


def _near(word: str, known: Iterable[str]) -> bool:
    """Tell a name that the recognition of a scan misspelt."""
    return any(
        abs(len(word) - len(name)) <= 1 and difflib.SequenceMatcher(None, word, name, autojunk=False).ratio() >= 0.74
        for name in known
        if len(name) > 3
    )


def _first_word(verb: str) -> str:
    return verb.split()[0].casefold() if verb else ""


def _lowered(text: str) -> str:
    """Give a sentence of a cable small letters where names are not: for finding its clause only."""
    words = text.title()
    low = {w.title() for w in (*SAYING, *STRONG, *DOING)} | set(
        "That The And Of To Then In On At He She They For With By Was Had Also A An His "
        "This Whether As If Not Who Had Made It".split()
    )
    return re.sub(r"[A-Z][a-z]*", lambda m: m.group().lower() if m.group() in low and m.start() else m.group(), words)
