"""Labelled transcripts in many styles: one invented conversation, rendered over and over, read from a file."""

import re
import textwrap
from dataclasses import replace

import pytest

from rolecoder.actors import read_actors
from rolecoder.dialogue import frame
from rolecoder.dialogue.titles import refer
from rolecoder.ingest import read_file
from rolecoder.records import Document, Participant
from rolecoder.turns import read_turns


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


TALK = [
    ("P", "Good morning. I hope you had a quiet flight. I wanted to talk about the fisheries and about the bridge."),
    ("B", "Thank you, Mr. President. The flight was long: nine hours in all. We are glad to be here."),
    ("P", "Let me begin with fish. The quota that we share was set ten years ago."),
    ("B", "I agree with that. The President of Malta: he told me the same thing in May."),
    ("P", "Then we should write a new one."),
    ("B", "Who would sign it? I would rather that our ministers did so, before the summer begins."),
    ("P", "That is fine with me. I will ask the Secretary to call his colleague."),
    ("B", "The bridge is older than both of us, Mr. President, and it will stand when we are gone."),
    ("P", "How much steel do you need?"),
    ("B", "Four thousand tons, perhaps a little more if the winter is hard."),
    ("P", "We can sell you that. I must ask the mills first."),
    ("B", "That would help us a great deal. I will tell my cabinet on Friday."),
]
HEADER = """THE WHITE HOUSE
WASHINGTON

MEMORANDUM OF CONVERSATION

SUBJECT:       Meeting with Prime Minister Anna Berg of Denmark

PARTICIPANTS:  The President
               Prime Minister Anna Berg
               Notetaker: John Smith, NSC Staff

DATE, TIME     May 1, 1995, 10:00 - 10:40 am
AND PLACE:     Oval Office

"""
NAMED = HEADER.replace("PARTICIPANTS:  The President", "PARTICIPANTS:  Bill Clinton, President")
FULL = {"P": "The President", "B": "Prime Minister Berg"}
STATES = {"P": "USA", "B": "DNK"}


def render(label, sep=": ", *, head=HEADER, talk=TALK, gap="\n\n", width=None, before=lambda n: ""):
    """The conversation with each turn's label, and what stands after it and before it."""
    parts = []
    for n, (who, words) in enumerate(talk):
        shown = label(who, n) if callable(label) else label[who]
        text = shown + (sep(n) if callable(sep) else sep) + words
        parts.append(before(n) + (textwrap.fill(text, width, break_on_hyphens=False) if width else text))
    return head + gap.join(parts) + "\n"


def spaced(text):
    return "  ".join(" ".join(word) for word in text.split(" "))


def upper(labels):
    return {who: label.upper() for who, label in labels.items()}


def bold(labels):
    return {who: f"**{label}" for who, label in labels.items()}


def changing(who, n):
    later = ("PM Berg", "Prime Minister Berg", "Berg", "Prime Minister", "Ms. Berg", "PM Berg")
    return later[n // 2] if who == "B" else "The President" if n < 6 else "President"


def garbled(who, n):
    slips = {2: "THE PRESlDENT", 3: "Prime Minisler Berg", 4: "ay President", 5: "Prime Min1ster Berg", 6: "PResident"}
    slips |= {7: "Prirne Minister Berg", 8: "The Presldent", 9: "Prime Minister 8erg", 10: "Thc President"}
    return slips.get(n, FULL[who])


def shortened(who, n):
    return {"P": "BC", "B": "AB"}[who] if n < 4 else {"P": "C", "B": "B"}[who]


def stamps(n):
    return {3: "CONFIDENTIAL\n\f", 6: "CONFIDENTIAL\nDeclassify on: OADR\n\fCONFIDENTIAL          3\n\n"}.get(n, "")


SHEET = """

\fWithdrawal/Redaction Sheet

DOCUMENT NO.   SUBJECT/TITLE   DATE   RESTRICTION
001. memcon   re: meeting [partial] (2 pages)   05/01/1995   P1/b(1)

COLLECTION:
Clinton Presidential Records
RESTRICTION CODES
P1 National Security Classified Information
\f
"""
STYLES = {
    "a colon": render(FULL),
    "a colon, in capitals": render(upper(FULL)),
    "two hyphens": render(FULL, " -- "),
    "two hyphens without a blank": render(FULL, "-- "),
    "a dash": render(FULL, " — "),
    "a single hyphen": render(FULL, " - "),
    "a semicolon": render(FULL, "; "),
    "a semicolon now and then": render(FULL, lambda n: "; " if n % 3 == 0 else ": "),
    "a point, in capitals": render(upper(FULL), ". "),
    "a point": render(FULL, ". "),
    "initials": render({"P": "BC", "B": "AB"}, head=NAMED),
    "initials that shorten": render(shortened, head=NAMED),
    "initials of offices": render({"P": "P", "B": "PM"}),
    "bold": render(bold(FULL), ":** "),
    "bold, the colon outside": render(bold(FULL), "**: "),
    "brackets and a colon": render({"P": "[The President]", "B": "[PM Berg]"}),
    "brackets alone": render({"P": "[The President]", "B": "[Prime Minister Berg]"}, " "),
    "titles that change": render(changing),
    "lines of their own": render(FULL, ":\n"),
    "paragraphs of their own": render(FULL, ":\n\n"),
    "lines of their own without a colon": render(upper(FULL), "\n"),
    "paragraphs of their own without a colon": render(upper(FULL), "\n\n"),
    "wrapped lines": render(FULL, width=60),
    "wrapped lines without blank ones": render(FULL, width=60, gap="\n"),
    "after form feeds and stamps": render(FULL, width=66, before=stamps),
    "slips of the scan": render(garbled),
    "slips of the scan and of the colon": render(garbled, lambda n: "-- " if n in (4, 8) else ": "),
    "colons lost in places": render(FULL, lambda n: " " if n in (5, 8) else ": "),
    "double blanks": render({"P": "The  President", "B": "Prime  Minister  Berg"}, ":   "),
    "letter-spaced labels": render({who: spaced(label) for who, label in FULL.items()}, " : "),
    "marks before labels": render({who: f"(C) {label}" for who, label in FULL.items()}),
    "marks after turns": render(FULL, talk=[(who, f"{words} (C)") for who, words in TALK]),
    "full names with an initial": render({"P": "William J. Clinton", "B": "Anna Berg"}),
    "surnames in capitals": render({"P": "CLINTON", "B": "BERG"}),
    "one paragraph for all": render(FULL, gap=" "),
    "the ends of wrapped lines": HEADER + textwrap.fill(render(FULL, head="", gap=" "), 70),
    "an aside in the label": render(lambda who, n: FULL[who] + (" (to the Secretary)" if n in (4, 6) else "")),
    "headings between": render(FULL, before=lambda n: {2: "I. FISHERIES\n\n", 7: "II. THE BRIDGE\n\n"}.get(n, "")),
    "notes between": render(
        FULL, before=lambda n: {5: "[Lunch is served.]\n\n", 9: "Note: The photographers came in.\n\n"}.get(n, "")
    ),
    "a redaction sheet between": render(FULL, before=lambda n: SHEET if n == 6 else ""),
}


def heard(text, tmp_path, actors):
    """The actor and the first words of each turn."""
    path = tmp_path / "1995-05-01-memcon.txt"
    path.write_text(text, encoding="utf-8")
    turns, _ = read_turns(read_file(path)[0], actors)
    return [(turn.actor, begun(turn.text)) for turn in turns]


def begun(words):
    return re.sub(r"\W", "", words)[:18].casefold()


def expected(talk, states):
    return [(states[who], begun(words)) for who, words in talk]


@pytest.mark.parametrize("style", STYLES)
def test_one_conversation_is_cut_alike_whatever_its_labels_look_like(style, tmp_path, actors):
    assert heard(STYLES[style], tmp_path, actors) == expected(TALK, STATES)


FIVE = {"P": "The President", "B": "Prime Minister Berg", "F": "Foreign Minister Lund", "S": "Secretary Hale"}
FIVE_STATES = {"P": "USA", "B": "DNK", "F": "DNK", "S": "USA", "I": None}
TABLE = [
    ("P", "Welcome. Sit down, please; the coffee is hot."),
    ("B", "Thank you. May I bring in my colleague at once?"),
    ("F", "I have the map here. It shows the banks where the cod used to be."),
    ("S", "We have seen a map like that one. Ours is older, I think."),
    ("I", "He means the map of the year before, sir."),
    ("F", "Ours was drawn in March."),
    ("B", "The bridge can wait until lunch."),
    ("P", "Then we are done for the morning."),
]
LIST = """PARTICIPANTS:    The President
                 Prime Minister Anna Berg of Denmark
                 Secretary of State Warren Hale
                 Danish Foreign Minister Ole Lund
                 John Smith, NSC Staff, notetaker
                 Per Holm, Danish interpreter
"""
SIDES = """PARTICIPANTS:

U.S.
The President
Warren Hale, Secretary of State
John Smith, NSC Staff (Notetaker)

Denmark
Prime Minister Anna Berg
Ole Lund, Foreign Minister
"""


@pytest.mark.parametrize("people", [LIST, SIDES])
def test_four_speakers_and_the_interpreter_in_the_middle_are_kept_apart(people, tmp_path, actors):
    head = f"THE WHITE HOUSE\n\nMEMORANDUM OF CONVERSATION\n\n{people}\nDATE: May 1, 1995\nPLACE: Cabinet Room\n\n"
    text = render({**FIVE, "I": "Interpreter"}, head=head, talk=TABLE)
    assert heard(text, tmp_path, actors) == expected(TABLE, FIVE_STATES)


def test_a_paragraph_that_begins_with_an_address_or_a_title_goes_on_with_what_is_said(tmp_path, actors):
    talk = list(TALK)
    talk[3] = ("B", "I agree.\n\nMr. President: I say this as a friend.\n\nThe President of Malta told me the same.")
    talk[6] = (
        "P",
        "Fine.\n\nPrime Minister Berg and I met in Malta.\n\nSteel: that we can sell.\n\nCod: that we share.",
    )
    assert heard(render(FULL, talk=talk), tmp_path, actors) == expected(talk, STATES)


def test_a_stranger_with_a_title_is_a_speaker_of_his_own_and_of_no_state(tmp_path, actors):
    talk = [*TALK[:4], ("Q", "I have read the paper on cod, and I like it."), *TALK[4:]]
    text = render({**FULL, "Q": "Mr. Quux"}, talk=talk)
    assert heard(text, tmp_path, actors) == expected(talk, {**STATES, "Q": None})


def speech(lines, title="Remarks", **more):
    text = "\n\n".join(lines)
    return Document(
        document_id="d",
        text=text,
        raw=text,
        doc_type=more.pop("doc_type", "speech"),
        path="d.txt",
        sha256="0",
        date="1990-05-01",
        actor="USA",
        title=title,
        participants=(Participant(name="George Bush", actor="USA"),),
        **more,
    )


def voices(document, actors):
    turns, _ = read_turns(document, actors)
    return [(turn.speaker, turn.actor, turn.reason) for turn in turns]


PARAGRAPHS = [f"We build the {thing} and we keep it." for thing in ("mill", "quay", "road", "dam", "weir", "lock")]


def test_a_cry_cuts_a_speech_that_has_few_labels(actors):
    end = ["THE PRESIDENT: So be it.", "AUDIENCE: More! More!", "THE PRESIDENT: That will do."]
    cry = ["AUDIENCE MEMBER: Hear, hear!", "THE PRESIDENT: Thank you."]
    document = speech([*PARAGRAPHS, *cry, *PARAGRAPHS, *end])
    said = [(speaker, actor) for speaker, actor, _ in voices(document, actors)]
    assert said[1:] == [
        ("AUDIENCE MEMBER", None),
        ("THE PRESIDENT", "USA"),
        ("AUDIENCE", None),
        ("THE PRESIDENT", "USA"),
    ]


def test_correspondents_named_once_each_with_their_papers_are_questioners(actors):
    names = ["Ann Lee, Evening Post", "J. P. Moss, Harbor News", "Carl Voss, Radio Nine", "Mary Dunn, Daily Globe"]
    pairs = [line for name in names for line in (f"{name}: What of the mill, sir?", "THE PRESIDENT. It runs.")]
    found = voices(speech(pairs, doc_type="press"), actors)
    assert [speaker for speaker, _, reason in found if reason == "a questioner"] == names
    assert [actor for speaker, actor, _ in found if speaker == "THE PRESIDENT"] == ["USA"] * 4


def test_an_address_at_the_head_of_a_question_is_no_label(actors):
    rounds = [
        "THE PRESIDENT. It grows.",
        "Q. What of trade?",
        "Mr. President: there is one thing more.",
        "THE PRESIDENT. No.",
    ]
    assert {speaker for speaker, _, _ in voices(speech(rounds * 3, doc_type="press"), actors)} == {"THE PRESIDENT", "Q"}


ROUNDS = [
    "THE PRESIDENT. It grows well.",
    "Q. What of trade?",
    "THE PRESIDENT. It is slow.",
    "MR. HARTWELL. And the mill?",
]


def test_a_label_with_a_point_too_many_or_a_letter_too_few_is_the_one_it_stands_for(actors):
    more = ["THE. PRESIDENT. We keep it.", "Q. And the quay?", "MR. HARWELL. I asked for the road.", "Q. Nothing more."]
    found = [speaker for speaker, _, _ in voices(speech([*ROUNDS * 3, *more], doc_type="press"), actors)]
    assert found[-4:] == ["THE PRESIDENT", "Q", "MR. HARTWELL", "Q"]


def test_one_who_breaks_in_once_is_a_speaker_where_labels_end_in_a_point(actors):
    once = ["Mr. Lund. Our time is up. Thank you.", "THE PRESIDENT. Good night."]
    found = [speaker for speaker, _, _ in voices(speech([*ROUNDS * 3, *once], doc_type="press"), actors)]
    assert found[-2:] == ["Mr. Lund", "THE PRESIDENT"]


def test_one_who_is_called_on_to_ask_does_not_speak(actors):
    calls = ["THE PRESIDENT. That is all.", "Mr. Lund. You have one more.", "Q. What of the dam?"]
    found = [speaker for speaker, _, _ in voices(speech([*ROUNDS * 3, *calls], doc_type="press"), actors)]
    assert "Mr. Lund" not in found


def test_an_office_alone_is_the_foreign_leaders_whom_the_text_names_with_it(actors):
    lines = ["The President: I thank General Secretary Gorbachev.", "The General Secretary: We sign."] * 3
    found = voices(speech(lines, title="Remarks at a Signing"), actors)
    assert [actor for _, actor, _ in found] == ["USA", "SUN"] * 3


def test_an_office_alone_is_nobodys_where_the_one_named_with_it_is_spoken_of_under_that_very_label(actors):
    told = "I saw General Secretary Gorbachev, and General Secretary Gorbachev wants wheat."
    lines = ["The President: Go on.", f"The General Secretary: {told}"]
    found = voices(speech(lines * 3, title="Remarks after a Meeting"), actors)
    assert [actor for _, actor, _ in found] == ["USA", None] * 3


def test_an_office_alone_is_nobodys_where_two_of_that_office_are_named(actors):
    lines = [
        "The President: I met Prime Minister Thatcher and Prime Minister Mulroney.",
        "The Prime Minister: We sign.",
    ] * 3
    found = voices(speech(lines, title="Remarks at a Signing"), actors)
    assert [actor for _, actor, _ in found] == ["USA", None] * 3


QUOTED = "“We keep the two mills and the quay, and we shall keep the road as well, come what may.”"


@pytest.mark.parametrize(
    ("announced", "actor"),
    [
        ("Last week the Prime Minister of Australia said:", "AUS"),
        ("Prime Minister Thatcher declared in May:", "GBR"),
        ("Today the Government of Norway made a statement, and I quote:", "NOR"),
        ("The French Government has stated:", "FRA"),
        ("I told the Prime Minister of Australia, and I said:", "USA"),
        ("Our message to the Government of Norway says:", "USA"),
        ("The Prime Minister said:", "USA"),
        ("He said:", "USA"),
        ("The Prime Minister of Australia said no more.", "USA"),
    ],
)
def test_a_statement_set_apart_is_anothers_where_his_state_is_named(announced, actor, actors):
    turns, _ = read_turns(speech([*PARAGRAPHS, announced, QUOTED, QUOTED, *PARAGRAPHS]), actors)
    assert [turn.actor for turn in turns if QUOTED in turn.text] == [actor]
    assert turns[-1].actor == "USA"


def test_greetings_of_a_speech_are_no_labels(actors):
    lines = [
        *PARAGRAPHS,
        "To the Guild of Millers; to Chairman Holm; thank you.",
        "Dear Mr. President: so he wrote.",
    ]
    lines += ["Governor Hale:--It is an honor.", "Denmark; but not for long."] * 4
    assert len(voices(speech(lines), actors)) == 1


def test_headings_between_question_and_answer_belong_to_nobody(actors):
    rounds = []
    for heading in ("The Northern Mill", "Steel Prices", "The Case of Anton Walder, Jr."):
        rounds += [heading, "Q. What of that?", "THE PRESIDENT. It is well.", "Let me say more. It runs."]
    turns, dropped = read_turns(speech(rounds, doc_type="press"), actors)
    assert not any(heading in turn.text for heading in ("Steel Prices", "Walder") for turn in turns)
    assert "heading" in {each.reason for each in dropped}


def test_one_long_speaker_among_few_labels_is_not_taken_for_lost_labels(actors):
    long = [
        "THE PRESIDENT: We meet again.",
        *PARAGRAPHS * 6,
        "Thank you.",
        *PARAGRAPHS,
        "Yes, we do.",
        *PARAGRAPHS,
        "Right.",
    ]
    document = speech(
        [*long, "CROWD: Hear!", "THE PRESIDENT: Good.", "Oh, it is.", "CROWD: Hear!", "THE PRESIDENT: Well."]
    )
    assert "label may be lost" not in {reason for _, _, reason in voices(document, actors)}


def test_an_office_in_turkish_capitals_is_an_office(actors):
    document = speech(["PRESİDENT HALE: They are low.", "Q: Are they?", "PRESİDENT HALE: They are."], doc_type="press")
    assert {speaker for speaker, _, _ in voices(document, actors)} == {"PRESİDENT HALE", "Q"}
    assert refer("PRIME MİNISTER BERG") == refer("Prıme Mınıster Berg") == refer("Prime Minister Berg")


def test_a_foreign_leader_does_not_speak_in_a_debate_where_his_name_is_a_slip(actors):
    rounds = ["MR. MARSH. What of taxes?", "THE PRESIDENT. They are low.", "GOVERNOR HALE. They are high."] * 4
    lines = ["The moderator welcomed the candidates.", *rounds, "PRESIDENT MITTERRAND: They are low, I said.", *rounds]
    found = voices(speech(lines, title="Debate with Governor Hale"), actors)
    assert {actor for speaker, actor, _ in found if speaker == "PRESIDENT MITTERRAND"} == {None}


SCRAPS = (
    "q Z4113 '/ ox 7u • w B :-..6 5 k/ N x ../ Q2,Q2 the ;uz ke ••ol 8T T. 52(33/ vbbnnnoi •MO •M 61./ WOTT x/ and "
    * 20
)


def test_a_text_in_scraps_is_nobodys(actors):
    assert frame.damaged(SCRAPS)
    assert not frame.damaged(" ".join(words for _, words in TALK) * 4)
    lines = [line for _ in range(4) for line in ("Q: " + SCRAPS, "THE PRESIDENT: " + SCRAPS)]
    found = voices(speech(lines, doc_type="press"), actors)
    assert {actor for _, actor, _ in found} == {None}
    assert "the text is too damaged to say who speaks" in {reason for _, _, reason in found}


def test_an_archive_sheet_between_two_papers_does_not_end_the_file():
    from rolecoder.dialogue.layout import paragraphs

    prose = " ".join(["the mill stands by the river and the river runs to the sea"] * 5)
    sheet = "RECORD ID: 9 RECEIVED: 10 MAY 89 DOC DATE: 09 MAY 89"
    between = paragraphs("\n\n".join([prose, prose, prose, sheet, prose, prose]))
    assert frame.trailer_start(between, 0) == len(between)
    assert frame.trailer_start(between[:4], 0) == 3


@pytest.mark.real_texts
def test_every_press_conference_and_debate_has_more_than_one_voice(actors, data):
    files = sorted((data / "corpora" / "us_presidents").glob("*.txt"))
    wanted = [f for f in files if re.search(r"press-conference|debate|news-conference|briefing", f.name)][::6]
    asked = 0
    for document in (d for file in wanted for d in read_file(file)):
        turns, _ = read_turns(document, actors)
        if len(re.findall(r"(?m)^Q\b", document.text)) >= 3:
            asked += 1
            assert len({turn.speaker for turn in turns}) > 1, document.document_id
    assert asked > 3


def test_a_single_cry_cuts_a_speech_in_three(actors):
    document = speech([*PARAGRAPHS, "AUDIENCE MEMBER: Hear, hear!", "THE PRESIDENT: Thank you.", *PARAGRAPHS])
    assert [actor for _, actor, _ in voices(document, actors)] == ["USA", None, "USA"]


def test_a_label_that_stands_only_at_the_head_of_a_speech_is_left_out(actors):
    turns, dropped = read_turns(speech(["THE PRESIDENT: Good morning to you all.", *PARAGRAPHS]), actors)
    assert [turn.text[:4] for turn in turns] == ["Good"]
    assert "label" in {each.reason for each in dropped}


def test_a_speech_in_scraps_is_nobodys(actors):
    assert [actor for _, actor, _ in voices(speech([SCRAPS, SCRAPS]), actors)] == [None]


def test_archive_sheets_between_papers_are_left_out_and_the_papers_kept(actors):
    prose = " ".join(["the mill stands by the river and the river runs to the sea"] * 5)
    sheet = "RECORD ID: 9 RECEIVED: 10 MAY 89 DOC DATE: 09 MAY 89"
    turns, dropped = read_turns(speech([prose, prose, prose, sheet, prose, prose], doc_type="other"), actors)
    assert sum(turn.text.count("mill") for turn in turns) == 25
    assert "archive sheet or attachment" in {each.reason for each in dropped}


def test_a_label_that_names_both_sides_gives_the_words_to_neither(actors):
    text = """MEMORANDUM OF CONVERSATION
    THE WHITE HOUSE
    SUBJECT: Meeting with Prime Minister Berg of Denmark
    PARTICIPANTS: The President
    Prime Minister Berg
    The President: Shall we?
    Prime Minister Berg: Let us.
    The President and Prime Minister Berg: Agreed."""
    text = "\n\n".join(line.strip() for line in text.splitlines())
    document = Document(
        document_id="d", text=text, raw=text, doc_type="memcon", path="d.txt", sha256="0", date="1990-05-01"
    )
    turns, _ = read_turns(document, actors)
    assert [t.actor for t in turns] == ["USA", "DNK", None]
    assert turns[-1].reason == "said of both sides together"


def test_an_office_alone_is_that_of_the_state_that_kept_the_record_if_both_sides_have_it(tmp_path, actors):
    text = """MEMORANDUM OF TELEPHONE CONVERSATION

PARTICIPANTS: Karl Moe, Prime Minister of Australia
              Paul Nye, Prime Minister of New Zealand

The Prime Minister: Good morning, Paul. How are the roads on your side of the water?

Prime Minister Nye: They are wet, as always, and the bridge in the south is closed for the week.

Prime Minister Moe: Then I shall come by boat, and we can talk about the apples.
"""
    (tmp_path / "call.txt").write_text(text, encoding="utf-8")
    [document] = read_file(tmp_path / "call.txt")
    for home, speaks in (("AUS", ["AUS", "NZL", "AUS"]), ("NZL", ["NZL", "AUS"])):
        turns, _ = read_turns(replace(document, doc_type="telcon", actor=home), actors)
        assert [turn.actor for turn in turns] == speaks


def test_an_office_alone_is_neither_of_two_guests_nor_of_whoever_is_unknown(tmp_path, actors):
    text = """MEMORANDUM OF TELEPHONE CONVERSATION

PARTICIPANTS: Karl Moe, {office} of Austria
              Paul Nye, {office}{of}

The {office}: Good morning, Paul. How are the roads on your side of the water?

{office} Nye: They are wet, as always, and the bridge in the south is closed for the week.
"""
    for home, office, of, speaks in (
        ("USA", "President", " of Finland", "USA"),
        (None, "Prime Minister", "", None),
        ("SWE", "Prime Minister", " of Finland", None),
    ):
        (tmp_path / "call.txt").write_text(text.format(office=office, of=of), encoding="utf-8")
        [document] = read_file(tmp_path / "call.txt")
        turns, _ = read_turns(replace(document, doc_type="telcon", actor=home), actors)
        assert turns[0].actor == speaks, (home, office, turns[0].reason)


def test_a_surname_that_is_a_small_word_elsewhere_is_one():
    assert refer("Ambassador Das").names == ("das",) and refer("Mr. Ben").names == ("ben",)
    assert refer("Secretary del Rosario").names == ("del", "rosario")


def test_topics_with_states_in_brackets_are_no_speakers(actors):
    lines = [
        f"{what} ({state}): They rose by a tenth." for what in ("Exports", "Imports") for state in ("Japan", "Korea")
    ]
    text = speech(["We begin with trade.", *lines], doc_type="speech")
    assert len({speaker for speaker, _, _ in voices(text, actors)}) == 1
