"""Narrative records: runs of sentences that a note taker reports of one person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rolecoder.dialogue import frame
from rolecoder.dialogue.acquaint import acquaint
from rolecoder.dialogue.cast import Cast, Person
from rolecoder.dialogue.clauses import BOTH, PLANS, Clause, Reporter, subjects_of
from rolecoder.dialogue.layout import Block
from rolecoder.dialogue.pieces import JOINT, NUMBER, Piece, Voice
from rolecoder.dialogue.titles import refer
from rolecoder.dialogue.verbs import ASKING, GESTURES, REPLY, SAYING, STRONG
from rolecoder.pages.sentences import sentences

LIST = re.compile(r"^\W*(?:LIST OF )?PARTICIPANTS?\W*$", re.I)
CONTENT = re.compile(
    r"(?:had|have|has|would|should|could|can|may|might|must|will|shall|were|are|did|do|surely|certainly)\b"
)
BRIEF = frozenset("agreed indicated nodded concurred confirmed laughed acknowledged smiled assented".split())
ITEM = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)]\s+(?:[A-Z(][^.?!:]{0,60})[.:]$")
RUN_IN = re.compile(r"(?:[A-Z][\w’'-]*[\s/–-]*(?:(?:and|of|the|in|on|for|with)\s)?){1,5}\.")
NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=[“\"]?[A-Z])")
OWN_WORDS = re.compile(r"(?:^|[.!?:;,”\"]\s+|\b(?:and|that|as|which|when)\s+)I\s+[a-z]", re.M)
ALONE = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]", re.I)
LISTED = re.compile(r":\s+(?=\(?1[.)](?:\s+[“\"]?[A-Z]|$))")  # "the following points were made: 1. ..."
JOINTLY = re.compile(
    r"^\W*(?:They both|Both(?: sides| leaders| men| parties| presidents)?|The two \w+|They)\s+"
    r"(?:also\s|then\s|both\s|all\s)*"
    r"(?:agreed|expressed|said|stated|felt|thought|hoped|believed|noted|emphasized|stressed)\s"
    r"(?:that\b|(?:the|their|a)\s(?:\w+\s)?(?:opinion|view|hope|belief|regret|satisfaction))"
)
TOLD = re.compile(  # whom the drafter met or spoke to: "I told Mr. Petrov that ..."
    r"\bI\s+(?:also\s|then\s|again\s)?(?:told|asked|informed|assured|reminded|warned|advised|answered|saw|called on|"
    r"(?:met|spoke|talked|lunched)\s(?:with|to))\s+(?P<who>(?:[Tt]he\s)?(?:[A-Z][\w.’'-]+\s)+)(?=[a-z])"
)
COMMENT = re.compile(r"^(?:\d+\.\s*)?\(?(?:COMMENT|Comment|NOTE|Note)\b\s*[:.—]")
SUMMARY = re.compile(r"^(?:\d+\.\s*)?(?:SUMMARY|Summary)\b\s*[:.]")
SUMMARY_END = re.compile(r"END SUMMARY|End Summary")
NOBODY = "narration"
UNTOLD = "the record does not say whom the pronoun means"


@dataclass(slots=True)
class _State:
    """Whose words are being reported, and who spoke before."""

    current: Voice | None = None
    person: Person | None = None
    other: Person | None = None  # the last one named who is not "I"
    previous: Person | None = None
    asked: bool = False
    brief: bool = False  # said no more than that he agreed


class Narrative:
    """Reads the paragraphs of one narrative record."""

    def __init__(self, text: str, cast: Cast) -> None:
        """Prepare for a text and the people in it."""
        self.text = text
        self.cast = cast
        self.told_as_i = OWN_WORDS.search(text) is not None  # else "he" may be the drafter, told of like the others
        acquaint(cast, text)
        names = subjects_of(cast, text.title() if _shouts(text) else text)
        self.reporter = Reporter(
            cast, names | {n.capitalize() for n in names if n.islower()} | {n.title() for n in names if n.islower()}
        )
        self.state = _State()

    def read(self, blocks: Sequence[Block]) -> list[Piece]:
        """Give each sentence to the one whose words it reports, or to no one."""
        closing = frame.trailer_start(blocks, 0)
        pieces = []
        skipping = listing = False
        for number, block in enumerate(blocks[:closing]):
            listing = listing or (number > 0 and LIST.match(block.text) is not None)
            if listing:
                pieces.append(Piece(start=block.start, end=block.end, reason="list of participants"))
                continue
            reason = self._set_apart(block)
            skipping = (skipping or SUMMARY.match(block.text) is not None) and not (
                reason and not SUMMARY.match(block.text)
            )
            if skipping:
                reason = "summary by the drafter"
                skipping = not SUMMARY_END.search(block.text)
            if reason:
                pieces.append(Piece(start=block.start, end=block.end, reason=reason))
            else:
                pieces += self._paragraph(block)
        return pieces + [Piece(start=b.start, end=b.end, reason=frame.trailer_reason(b.text)) for b in blocks[closing:]]

    def clauses(self, blocks: Sequence[Block]) -> int:
        """Count the reporting clauses of named people: how far this is a narrative."""
        return sum(
            clause is not None and (clause.person is not None or clause.pronoun == "i")
            for block in blocks
            for start, end in sentences(self.text, block.start, block.end)
            for clause in [self.reporter.read(self.text[start:end])]
        )

    def reports(self, block: Block) -> bool:
        """Tell whether a paragraph begins to report: the words of one, or of several together."""
        first = self.text[slice(*next(self._parts(block)))]
        return bool(self.clauses([block])) or self.reporter.pair(first) is not None or JOINTLY.match(first) is not None

    def _set_apart(self, block: Block) -> str | None:
        if ALONE.fullmatch(block.text):
            return NUMBER
        reason = frame.aside(block.text)
        if reason == "stage direction":
            return None if self.reporter.read(block.text.lstrip("(")) else "editor's note"
        if reason:
            return reason
        if COMMENT.match(block.text):
            return "comment of the drafter"
        return "heading" if frame.heading(block.text) and self.reporter.read(block.text) is None else None

    def _paragraph(self, block: Block) -> Iterator[Piece]:
        parts = list(self._parts(block))
        if self.state.brief and self.state.previous is not None:
            if self.reporter.read(self.text[slice(*parts[0])]) is None:
                self._speak(self.state.previous, self._printed(self.state.previous))
        for number, (start, end) in enumerate(parts):
            sentence = self.text[start:end]
            figure = NUMBERED.match(sentence)
            run_in = number == 0 and len(parts) > 1 and RUN_IN.fullmatch(sentence) is not None
            title = (
                run_in
                or ITEM.match(sentence) is not None
                or (figure is not None and frame.heading(sentence[figure.end() :]))
            )
            if title and len(sentence.split()) <= 9 and self.reporter.read(sentence) is None:
                yield Piece(start=start, end=end, reason="heading")
                continue
            if figure is not None:
                yield Piece(start=start, end=start + figure.end(), reason=NUMBER)
                start += figure.end()
                sentence = self.text[start:end]
            bracketed = sentence.startswith("(") and sentence.rstrip().endswith(")")
            saved = replace(self.state) if bracketed else None
            yield from self._sentence(start, end, sentence, opens=number == 0)
            if saved is not None:
                self.state = saved

    def _parts(self, block: Block) -> Iterator[tuple[int, int]]:
        """The sentences of a paragraph; what announces a numbered list ends before its first number."""
        first = block.start
        for start, end in sentences(self.text, block.start, block.end):
            start = min(first, start)
            listed = LISTED.search(self.text, start, end)
            if listed:
                yield start, listed.start() + 1
                start = listed.end()
            first = block.end
            if listed and self.text[start:end].strip("(1.) ") == "":
                first = start  # the number belongs to what follows
            else:
                yield start, end

    def _sentence(self, start: int, end: int, sentence: str, *, opens: bool) -> Iterator[Piece]:
        if self._of_both(sentence, opens=opens):
            yield Piece(start=start, end=end, reason=NOBODY)
            return
        clause = self.reporter.read(sentence)
        if clause is not None and self._tells(clause, sentence, opens=opens):
            second = self.reporter.second(sentence)
            cut = start + second.at if second else end
            yield Piece(start=start, end=cut, reason=NOBODY)
            if second is not None:
                self._turn_to(second)
                yield Piece(start=cut, end=end, voice=self.state.current, reason=NOBODY, reported=True)
            return
        if clause is not None and clause.lead is not None:
            if self._meant(clause.lead) is not None and self._meant(clause.lead) != self._meant(clause):
                self._turn_to(clause.lead)
                yield Piece(start=start, end=start + clause.at, voice=self.state.current, reason=NOBODY, reported=True)
                start += clause.at
        if clause is not None:
            self._turn_to(clause)
            self._told(clause, sentence)
        self.state.brief = clause is not None and clause.verb in BRIEF and len(sentence.split()) <= 8
        if clause is None and self.state.current is None:
            yield Piece(start=start, end=end, reason=NOBODY)
            return
        second = self.reporter.second(sentence) if clause else None
        cut = end
        if second is not None and self._meant(second) not in (None, self.state.person):
            cut = start + second.at
        yield Piece(start=start, end=cut, voice=self.state.current, reason=NOBODY, reported=True)
        if second is not None and cut < end:
            self._turn_to(second)
            yield Piece(start=cut, end=end, voice=self.state.current, reason=NOBODY, reported=True)

    def _of_both(self, sentence: str, *, opens: bool) -> bool:
        """Tell a sentence on several people that gives no one's words; of joint words, let them speak jointly."""
        pair = self.reporter.pair(sentence)
        if pair is not None:
            first, second, printed, rest = pair
            if CONTENT.match(rest):
                return False
            told = any(word in STRONG or word in SAYING for word in rest.casefold().split())
            if first and second and first.actor and first.actor == second.actor:
                if told:
                    self._speak(first, printed, joint=second)
                return False
            if first and second and told and rest.split()[1:2] == ["that"]:
                self.state.current = Voice(key=f"{first.key} + {second.key}", speaker=printed, reason=JOINT)
                return False
            return first is not None or second is not None
        if JOINTLY.match(sentence) and self.reporter.read(sentence) is None:
            self.state.current = Voice(key="both", speaker=sentence.split()[0], reason=JOINT)
            return False
        if PLANS.match(sentence) and not opens and self.state.current is not None:
            return False  # the one who speaks goes on
        happens = sentence.startswith("(") and frame.HAPPENING.match(sentence, 1) is not None
        return (happens or BOTH.match(sentence) is not None) and self.reporter.read(sentence) is None

    def _tells(self, clause: Clause, sentence: str, *, opens: bool) -> bool:
        """Tell the note taker's own sentence, on what someone did; the next pronoun means that one."""
        gesture = clause.verb in GESTURES and len(sentence.split()) <= 8
        if not clause.wordless or not (opens or gesture or self.state.current is None):
            return False
        if gesture and not opens:
            return True
        person, state = self._meant(clause), self.state
        if person is not None and (self.cast.drafter is None or person.key != self.cast.drafter.key):
            state.other = person
        state.current, state.person, state.brief = None, person or state.person, False
        self._told(clause, sentence)
        return True

    def _turn_to(self, clause: Clause) -> None:
        """Let the one speak whom a clause names; a pronoun means the last one, or the one who was asked."""
        person = self._meant(clause)
        if person is not None:
            printed = clause.subject if not clause.pronoun or clause.pronoun == "i" else self._printed(person)
            self._speak(person, printed)
        elif clause.pronoun == "i":
            self._speak_as_drafter(clause.subject)
        elif not clause.pronoun:
            self.state.current, self.state.person = self.cast.voice(clause.subject), None
        elif self._drafting():
            self.state.current, self.state.person = Voice(key=UNTOLD, speaker=clause.subject, reason=UNTOLD), None
        self.state.asked = clause.verb in ASKING

    def _meant(self, clause: Clause) -> Person | None:
        if not clause.pronoun:
            return clause.person
        if clause.pronoun == "i":
            return self.cast.drafter
        state = self.state
        if self._drafting():
            return state.other or self._counterpart()
        if clause.verb in REPLY and state.asked and state.previous is not None:
            return state.previous
        return state.person or (None if state.current else self._counterpart())

    def _drafting(self) -> bool:
        """Tell whether the one who says "I" in the record spoke last: no pronoun of another means him."""
        state, drafter = self.state, self.cast.drafter
        told = self.told_as_i and drafter is not None and state.person is not None and state.person.key == drafter.key
        return told or (state.current is not None and state.current.key.startswith("drafter"))

    def _told(self, clause: Clause, sentence: str) -> None:
        """Note whom the drafter spoke to: the next "he" is that one."""
        told = TOLD.search(sentence) if clause.pronoun == "i" else None
        if told is None:
            return
        printed, cast = told["who"].strip(), self.cast
        places = any(mention.kind != "leader" for mention in cast.actors.find(printed, cast.date))
        if cast.who(printed) is None and (cast.leader(printed) or (refer(printed).names and not places)):
            cast.learn(printed)
        self.state.other = cast.who(printed) or self.state.other

    def _counterpart(self) -> Person | None:
        drafter = self.cast.drafter.key if self.cast.drafter else None
        others = [p for p in self.cast.people if p.key != drafter and (p.actor is None or p.actor != self.cast.home)]
        return others[0] if len(others) == 1 else None

    def _printed(self, person: Person) -> str:
        same = self.state.current is not None and self.state.current.key == person.key
        return (self.state.current.speaker if same and self.state.current else None) or person.name

    def _speak(self, person: Person, printed: str, joint: Person | None = None) -> None:
        state = self.state
        if state.person is not None and state.person.key != person.key:
            state.previous = state.person
        if self.cast.drafter is None or person.key != self.cast.drafter.key:
            state.other = person
        voice = self.cast.voice(printed, person)
        if joint is not None:
            voice = replace(voice, key=f"{person.key} + {joint.key}", speaker=printed)
        state.current, state.person = voice, person

    def _speak_as_drafter(self, printed: str) -> None:
        home = self.cast.home
        reason = "the drafter of the record" if home else "the drafter, whom the record does not name"
        self.state.previous = self.state.person
        self.state.current = Voice(key="drafter", speaker=printed, actor=home, reason=reason)
        self.state.person = None


def _shouts(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.7 * len(letters)
