"""Who is said near a quotation to have spoken or written the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rolecoder.dialogue.bookparts import MONTH
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.pieces import Voice
from rolecoder.dialogue.quotations import Quotation
from rolecoder.dialogue.titles import PARTICLE, TITLE, refer

SAID = (
    r"(?:wrote|writes|replied|replies|telegraphed|cabled|wired|said|says|answered|responded|issued|added|"
    r"declared|declares|exclaimed|remark(?:ed|s)|continued|went\son|asked|told|announced|stated|states|explained|insisted|"
    r"observe[sd]|asserted|asserts|retorted|protested|began|concluded|repeated|admitted|urged|argued|proceeded|rejoined|spoke|dictated|"
    r"addressed|sent|say|tell|made\s(?:\w+\s){1,4}?(?:observation|remark|statement|reply|answer|comment|declaration|point)|"
    r"suggested|interrupted|cried|shouted|demanded|confided|reported|reports|reads|put\sit|speaks)"
)
MADE = r"(?:dispatched|gave|made|drew|send|set|prepared|drafted|submitted|published|delivered|proposed|based)"
OWN = re.compile(
    rf"\b(?:I\s+(?:[\w’'-]+\s+){{0,4}}?{SAID}|(?:{SAID}|Said)\s+I\b|"
    rf"I\s(?:[^.;:“”\"]|(?<=[A-Z])\.|(?<=[A-Z][a-z])\.){{2,160}}\band\s+(?:\w+\s+){{0,4}}{SAID}|"
    r"(?<!\bto\s)(?<!\breceipt\sof\s)[Mm]y\s+(?:\w+\s+)?(?:reply|letter|answer|order|orders|dispatch|despatch|telegram|report|cable|memorandum|diary|"
    r"note|message|speech|instructions|last|article|statement|address|words))\b",
)
OWN_PLAN = re.compile(r"\b(?:[Mm]y|[Oo]ur)\s+(?:\w+\s+)?(?:plan|proposals?|draft|programme|program|project|terms)\b")
DRAWN = re.compile(r"\b(?:I|[Ww]e)\s+(?:\w+\s+){0,4}?(?:drew|wrote|proposed|drafted|framed|penned)\b")
OWN_DEED = re.compile(rf"\bI\s+(?:\w+\s+){{0,4}}?{MADE}\b")  # that leads to words only where the text announces them
ANYONE = re.compile(
    rf"\b(?:he|she|they|we|who|it|one|another|I)\s+(?:\w+\s+){{0,3}}?{SAID}\b|\b{SAID}\s+(?:he|she|they)\b", re.I
)
SMALL = rf"(?:(?:of|the|{PARTICLE})\s+){{1,2}}"
WORD = r"[A-Z](?:[\w’]|-(?!-)|'(?!s\b))*"
NAME = rf"(?:[Tt]he\s+)?(?:\b(?:{PARTICLE})\s)?(?:{WORD}\.?\s+(?:{SMALL})?){{0,4}}{WORD}(?!\w|\.\s[A-Z])"
FROM = re.compile(
    r"\b(?:from|(?:letter|note|dispatch|despatch|telegram|order|reply|words|statement|speech|cable|message|report)\s+"
    rf"(?:of|by))\s+(?P<name>{NAME})"
)
SUBJECT = re.compile(
    rf"(?P<name>{NAME})(?:,\s[^,.]{{3,60}},(?!\s+(?:an?|the|my|one)\s))?\s+(?!and\b)(?:(?!(?:he|she|it|we|they|was|were|is|are|be|been)\b)[a-z][\w’'-]*\s+){{0,6}}?{SAID}\b"
)
INVERTED = re.compile(rf"(?:^|[\"”,—-])\s*(?:{SAID}|Said)\s+(?P<name>{NAME})")
POSSESSIVE = re.compile(
    rf"(?P<name>{NAME})['’]s?\s+(?:\w+\s+){{0,3}}?(?:letter|note|reply|answer|dispatch|despatch|telegram|order|"
    r"words|report|statement|message|speech|proclamation|cable|memorandum|remark|account|version)\b"
)
LEADS = re.compile(
    r"^(?:(?:[Tt]he|As|And|But|When|While|In|On|At|Then|So|For|Here|Again|Even|Thus|If|Of|That|This|To|After|Before|Yet|"
    r"Later|Finally|Now)\s+)+"
)
REFERS_BACK = re.compile(
    r"^(?:It|This|That|In it|In this|Here|The (?:letter|note|dispatch|telegram|message|order|following))\b"
)
PRONOUN = re.compile(rf"\b(?:he|she)\s+(?:\w+\s+){{0,3}}?{SAID}\b|\b{SAID}\s+(?:he|she)\b", re.I)
OF_ANOTHER = re.compile(r"(?:^|[.?!]\s)[A-Z][a-z’-]{2,}['’]s\s[^.?!;]*\b(?:him|her)\b(?!\s[a-z]+\sof\b)")
TITLED = re.compile(
    r"\b(?:General|Gen\.|Colonel|Col\.|Major|Captain|Admiral|Mr\.|Mrs\.|Dr\.|Lord|Sir|Count|Baron|Prince|President|Senator|"
    r"Secretary|Ambassador|Minister|Chancellor|Duke|Herr|Monsieur|[Vv]on)\s([A-Z][a-z’-]{2,})"
)
SPEAKS = re.compile(
    r"\b([A-Z][a-z’-]{2,})\s+(?:said|replied|told|answered|asked|declared|remarked|added|wrote|telegraphed)\b|"
    r"\b(?:said|replied|answered|remarked|declared)\s+(?:[A-Z]\w+\.?\s)?([A-Z][a-z’-]{2,})"
)
HONORIFIC = re.compile(
    r"(?:Mr|Mrs|Dr|Sir|Lord|Count|Baron|Prince|Major|Colonel|Captain|Herr|von|Von|Lieutenant|Bishop|Duke|Father|"
    r"Commissioner|Justice|Judge|Professor|Madame|Sheik|Pasha|Bey)\b"
)
ABBREVIATED = "".join(
    rf"(?<!\b{word}\.)" for word in "Mr Mrs Dr St Gen Col Capt Lieut Maj Hon Prof Sen Gov Wm Messrs".split()
)
SENTENCE = re.compile(ABBREVIATED + r"(?<=[a-z\d)\]][.?!])[\"”’']?\s+(?=[A-Z\"“])")
BEFORE = re.compile(
    rf"\b[Tt]he\s(?P<office>[A-Z][\w-]+\s(?:\w+\s)?{TITLE.pattern}),?\s(?:[A-Z]\w*\.?\s|\b(?:{PARTICLE})\s){{0,3}}$"
)
AFTER = re.compile(r",\s(?:then |now |formerly )?(?:the |an? )?(?P<office>[^.;,]{4,60})")
NOBODY = re.compile(
    rf"(?:I|He|She|They|It|This|That|The|A|An|We|You|Who|My|His|Her|Their|Our|One|Some|All|No|There|What|{MONTH})\b|$",
    re.I,
)
BY_PRONOUN = "a quotation whose speaker is named by a pronoun only"
ANOTHERS = "an office that may be another state's: the text names one near it"
AGREEMENT = "the text of a treaty or law, printed article by article"
UNNAMED = "a quotation whose speaker the text does not name nearby"
TAG = re.compile(
    rf"[\s,.—-]*(?P<tag>[^.?!\"“]{{0,80}}?\b{SAID}\b(?:[^.?!\"“]|(?<=\b[DMS][rt])\.|(?<=\bMrs)\.){{0,40}})"
)
BARE = re.compile(r"(?:Mr|Mrs|Dr|Sir|Herr|von|Von|Monsieur|Lord|Father|Madame)\.?")
QUOTED = re.compile(r"[“”\"][^“”\"]{0,600}[”\"]")
LED = re.compile(rf"\b{SAID}\b[^.?!:;\"“”]{{0,60}}(?:[:,]|\bthat)\s*$")  # "The King replied to me, ..."
BETWEEN = re.compile(
    rf"(?![\s,—-]*(?:and|but|then|(?:to|on|upon) which|whereupon)\b)[^.?!;:\"“”]{{0,60}}?\b{SAID}\b"
    r"[^.?!;:\"“”]{0,60}[,.—-]\s*",
    re.I,
)
VERB_FIRST = re.compile(rf"{SAID}\b")
OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")


def over_tags(text: str, quoted: Sequence[Quotation]) -> list[tuple[Quotation, Quotation]]:
    """Join the quotations between which no more stands than who says both: '"Yes," said he, "we may."'.

    Returns:
        Each with the first of those that were joined, after which it stands who speaks.
    """
    out: list[tuple[Quotation, Quotation]] = []
    for number, span in enumerate(quoted):
        whole, first = out[-1] if out else (span, span)
        after = quoted[number + 1].start if number + 1 < len(quoted) else span.end
        goes_on = text.endswith((", ", ",\n"), 0, span.start) or not BETWEEN.fullmatch(text, span.end, after)
        if out and goes_on and text[whole.end - 2] in ",?!—-" and BETWEEN.fullmatch(text, whole.end, span.start):
            out[-1] = Quotation(whole.start, span.end, whole.words + span.words), first
        else:
            out.append((span, span))
    return out


@dataclass(slots=True)
class Names:
    """Words that a book prints with a capital only: its names."""

    text: str
    _capital: Counter[str] = field(default_factory=Counter)
    _small: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._capital.update(re.findall(r"(?<=[a-z,;] )[A-Z][a-z’'-]+", self.text))
        self._small.update(re.findall(r"\b[a-z]{2,}\b", self.text))

    def has(self, word: str) -> bool:
        """Tell whether a word stands for somebody or something of that name."""
        return self._capital[word] >= 2 and self._small[word.lower()] == 0


@dataclass(slots=True)
class Quoter:
    """Says who spoke or wrote what is quoted; nobody is guessed."""

    text: str
    author: Voice
    own: tuple[str, ...]  # the author's names, folded
    cast: Cast
    names: Names = field(init=False)
    speakers: frozenset[str] = field(init=False)  # names of those who speak in this book
    _told: dict[str, Voice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.text)
        heard = {word for match in SPEAKS.finditer(self.text) for word in match.groups() if word}
        heard = {word for word in heard if self.names.has(word)} | {m[1] for m in TITLED.finditer(self.text)}
        self.speakers = frozenset(word for word in heard if not TITLE.fullmatch(word))

    def of(self, start: int, before: str, after: str = "") -> Voice:
        """Say whose words begin at ``start``, from the sentence before them and the words after them."""
        parts = SENTENCE.split(before.strip())
        tag = TAG.match(after)
        announced = before.rstrip().endswith((":", ",", "--", "—"))
        clues = (tag["tag"] if tag else "", parts[-1])
        for clue in filter(None, reversed(clues) if LED.search(_unquoted(parts[-1])) else clues):
            told = _unquoted(clue)
            if OWN.search(told) or (announced and OWN_DEED.search(told)):
                return self.author
            if name := self.named(clue):
                return self._holder(name, start, before)
            if ANYONE.search(clue):
                name = self._only_one(clue) or self._only_one(before) if PRONOUN.search(clue) else None
                return self.signed(name) if name else self._nobody(start, BY_PRONOUN)
            if VERB_FIRST.match(clue):  # "wrote a Danish paper": whoever that is, not whom an earlier sentence names
                return self._nobody(start, UNNAMED)
        if before.rstrip().endswith((":", "--", "—")) and REFERS_BACK.match(parts[-1]):
            wider = " ".join(parts[-3:])
            if OWN.search(wider) or OWN_DEED.search(wider):
                return self.author
            if name := self.named(wider):
                return self.signed(name)
        return self._nobody(start, UNNAMED)

    def told(self, before: str, span: Quotation, first: Quotation) -> bool:
        """Tell a short quotation that a clause before, in or after it gives to someone, from a phrase of the author."""
        lead = _unquoted(SENTENCE.split(before.strip())[-1])
        after = self.text[first.end : first.end + 130].partition("\n")[0]
        tag = TAG.match(after) if self.text[first.end - 2] in ",?!—-" or after[:1] == "," else None
        led = LED.search(lead)
        return bool((led and not OURS.search(lead)) or (tag and not OURS.search(tag["tag"])))

    def agreed(self, start: int, lead: str) -> Voice:
        """Whose a treaty's or law's text is: the author's where the sentence that leads to it says so, or no one's."""
        told = SENTENCE.split(lead.strip())[-1]
        own = OWN.search(told) or OWN_DEED.search(told) or DRAWN.search(told) or OWN_PLAN.search(told)
        return self.author if own else self._nobody(start, AGREEMENT)

    def _holder(self, name: str, start: int, before: str) -> Voice:
        """Whose a named voice is; an office without a name may be another state's where one is named near."""
        voice = self.signed(name)
        if voice.actor is None or voice.actor != self.author.actor or refer(name).names or self.cast.side(name):
            return voice
        near = {mention.actor for mention in self.cast.actors.find(before, self.cast.date)} - {voice.actor}
        return Voice(key=f"quoted at {start}", speaker=voice.speaker, reason=ANOTHERS) if near else voice

    def divided(self, rest: str) -> bool:
        """Tell from what stands between quotations that the author speaks in some and another in others."""
        return OWN.search(rest) is not None and (PRONOUN.search(rest) is not None or self.named(rest) is not None)

    def _only_one(self, context: str) -> str | None:
        """The one person named near, where no other name is, and who speaks elsewhere in the book."""
        told = QUOTED.sub(" ", context)
        if OF_ANOTHER.search(told):  # "Lund's letters had vexed him": he is not Lund
            return None
        told = re.sub(r"['’]s\b", "", told)
        near = {word for word in re.findall(r"[A-Z][a-z’-]{2,}", told) if self.names.has(word)}
        near = {word for word in near if not self.cast.side(word) and word.casefold() not in self.own}
        name = near.pop() if len(near) == 1 else None
        return name if name in self.speakers else None

    def signed(self, name: str) -> Voice:
        """Say who bears a name that stands under a letter or beside a quotation."""
        if self._is_author(name):
            return self.author
        if name not in self._told:
            self._told[name] = self._other(name)
        return self._told[name]

    def _is_author(self, name: str) -> bool:
        """Tell the author's signature: the surname, with what may stand for the first names before it."""
        names = [n for n in refer(name).names if not re.fullmatch(r"[ivx]+|r", n)]
        return (
            bool(names)
            and names[-1] in self.own
            and all(any(mine.startswith(first) for mine in self.own) for first in names[:-1])
        )

    def _nobody(self, start: int, reason: str) -> Voice:
        return Voice(key=f"quoted at {start}", reason=reason)

    def named(self, clue: str) -> str | None:
        """The person named nearest to the quotation as its speaker or writer."""
        found = [m for pattern in (FROM, POSSESSIVE, SUBJECT, INVERTED) for m in pattern.finditer(clue)]
        for match in sorted(found, key=lambda m: -m.end()):
            name = LEADS.sub("", match["name"].strip(" ,.’'"))
            if self._is_someone(name) and (match.re is INVERTED or self._speaks(name)):
                return name
        return None

    def _is_someone(self, name: str) -> bool:
        """Tell a person or the holder of an office from a place, a people or the first word of a sentence."""
        ref = refer(name)
        if NOBODY.match(name) or BARE.fullmatch(name):
            return False
        if TITLE.search(name) or HONORIFIC.match(name):
            return True
        if self.cast.side(name) or not ref.names:
            return False
        if self.cast.leader(name):
            return True
        words = re.findall(r"[A-Z][\w’'-]+", name)
        known = sum(self.names.has(word) for word in words)
        return known == len(words) or (len(words) > 1 and known > 0)

    def _speaks(self, name: str) -> bool:
        """Tell who may be meant: a bare name may be a place's, unless its bearer speaks or has a title elsewhere."""
        titled = TITLE.search(name) or HONORIFIC.match(name) or self.cast.leader(name)
        return bool(titled) or len(name.split()) > 1 or refer(name).surname.capitalize() in self.speakers

    def _other(self, name: str) -> Voice:
        voice = self.cast.voice(name)
        actor, reason = voice.actor, voice.reason
        if actor is None:
            actor, reason = self._state(name)
        key = "quoted " + " ".join(refer(name).names[-1:] or (name.casefold(),))
        return Voice(key=key, speaker=voice.speaker, actor=actor, reason=reason)

    def _state(self, name: str) -> tuple[str | None, str]:
        """Read someone's state off the office that the book gives beside the name, everywhere the same."""
        surname = re.sub(r"['’]s$", "", name.split()[-1])
        found: set[str] = set()
        seen = ""
        places = re.finditer(rf"\b(?:{re.escape(surname)}|{re.escape(surname.upper())})\b", self.text)
        for place in places if len(surname) > 2 and refer(name).names else ():
            front = self.text[max(place.start() - 70, 0) : place.start()]
            for office in (_office_after(self.text[place.end() : place.end() + 70]), _office_before(front)):
                side = self.cast.side(office) if office else None
                if side and _adjoins(office, side[1]):
                    found.add(side[0])
                    seen = seen or " ".join(office.strip(" ,").split())
        if len(found) == 1:
            return found.pop(), f"“{seen}” beside the name in the book"
        return None, "quoted by the author; no state is named for the one quoted"


def _unquoted(clue: str) -> str:
    """A clue without what stands in quotation marks in it."""
    if clue.count('"') % 2 == 0:
        clue = re.sub(r'"[^"]*"', " ", clue)
    return re.sub(r"“[^“”]*”", " ", clue)


def _office_before(front: str) -> str:
    """The office that leads to a name: "the German Ambassador, Baron von", with no verb between."""
    match = BEFORE.search(front)
    return match["office"] if match else ""


def _office_after(back: str) -> str:
    """The office that follows a name: ", then the French Minister"."""
    match = AFTER.match(back)
    return match["office"] if match and TITLE.search(match["office"]) else ""


def _adjoins(office: str, said: str) -> bool:
    """Tell an office of a state ("the German Ambassador") from one at it ("Ambassador to Germany")."""
    state = re.search(r"“(.*?)”", said)
    if state is None:
        return False
    spelt = re.escape(state.group(1))
    titled = TITLE.pattern
    return (
        re.search(rf"\b{spelt}\s(?:\w+\s)?{titled}|{titled}\s(?:\w+\s)?of\s(?:the\s)?{spelt}", office, re.I) is not None
    )
