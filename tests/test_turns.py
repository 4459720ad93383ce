"""Who speaks where: every text here is invented, in the manner of the kind."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecoder.actors import read_actors
from rolecoder.records import Document, Participant
from rolecoder.speakers import by_table
from rolecoder.turns import read_turns


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


def make(text, doc_type="telcon", date="1990-05-01", **more):
    text = "\n\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    return Document(
        document_id="d", text=text, raw=text, doc_type=doc_type, path="d.txt", sha256="0", date=date, **more
    )


def said(document, actors, **more):
    """Speaker, actor and words of each turn, and what was left out by reason."""
    turns, dropped = read_turns(document, actors, **more)
    return [(t.speaker, t.actor, t.text) for t in turns], {d.reason for d in dropped}


def pieces(turns, dropped):
    """What was left out, and the turns less what was left out inside them, in order."""
    spans = [(d.start, d.end) for d in dropped]
    for turn in turns:
        inner = sorted((d.start, d.end) for d in dropped if turn.start <= d.start < turn.end)
        edges = [turn.start, *(edge for pair in inner for edge in pair), turn.end]
        spans += list(zip(edges[::2], edges[1::2], strict=True))
    return sorted(spans)


HEADER = """
THE WHITE HOUSE
MEMORANDUM OF TELEPHONE CONVERSATION
SUBJECT: Telephone call with Prime Minister Anna Berg of Denmark
PARTICIPANTS: The President
Prime Minister Anna Berg
Notetaker: John Smith, NSC Staff
DATE, TIME May 1, 1990, 10:00 - 10:10 am
"""


def test_labels_are_cut_and_each_speaker_gets_the_state_that_the_header_names(actors):
    turns, reasons = said(
        make(HEADER + "The President: Hello?\nPM Berg: Good morning.\nThe President: How are you?"), actors
    )
    assert turns == [
        ("The President", "USA", "Hello?"),
        ("PM Berg", "DNK", "Good morning."),
        ("The President", "USA", "How are you?"),
    ]
    assert reasons == {"header", "label"}


def test_the_addressee_is_the_other_state_where_there_is_one(actors):
    turns, _ = read_turns(make(HEADER + "The President: Hello?\nPM Berg: Good morning."), actors)
    assert [(t.actor, t.addressee) for t in turns] == [("USA", "DNK"), ("DNK", "USA")]


def test_a_title_that_changes_stays_one_speaker(actors):
    turns, _ = said(
        make(HEADER + "The President: Hello?\nPM Berg: Yes?\nThe President: Well.\nPrime Minister Berg: Good."), actors
    )
    assert [actor for _, actor, _ in turns] == ["USA", "DNK", "USA", "DNK"]


def test_a_misspelt_label_is_taken_for_the_learned_one(actors):
    body = (
        "The President: Hello?\n"
        "Prime Minister Berg: Yes?\n"
        "The President: Well.\n"
        "rime Min ster Berg: I hear you.\n"
        "The President: Good."
    )
    turns, _ = said(make(HEADER + body), actors)
    assert turns[3] == ("Prime Minister Berg", "DNK", "I hear you.")


def test_a_sentence_that_begins_with_a_title_is_no_label(actors):
    body = (
        "The President: Hello?\n"
        "PM Berg: Yes?\n"
        "The President of Malta, at this time, is: a friend.\n"
        "The President: Well.\n"
        "PM Berg: Good."
    )
    turns, _ = said(make(HEADER + body), actors)
    assert len(turns) == 4


def test_a_semicolon_read_for_a_colon_still_ends_a_label(actors):
    text = """Smith-Berg One-on-One
    JS: Let us begin with trade.
    AB: Yes, with trade.
    S: Our tariffs are low.
    B; Ours are lower.
    S; Then we agree.
    B: We do."""
    people = (Participant(name="John Smith", actor="USA"), Participant(name="Anna Berg", actor="DNK"))
    turns, _ = said(make(text, doc_type="memcon", participants=people), actors)
    assert [actor for _, actor, _ in turns] == ["USA", "DNK"] * 3


def test_initials_resolve_through_a_bracketed_name_in_the_title(actors):
    text = """7. Memorandum of Telephone Conversation Between President Bush and the Under Secretary of State (Hale)
    GB: Has it changed?
    TRH: Not at all.
    GB: Good.
    TRH: It will not.
    * Source: Department of State, Central Files. Secret."""
    turns, reasons = said(make(text), actors)
    assert [(s, a) for s, a, _ in turns] == [("GB", "USA"), ("TRH", "USA")] * 2
    assert "source note" in reasons


def test_two_labels_of_one_speaker_running_are_one_turn_and_the_second_label_is_left_out(actors):
    document = make(HEADER + "The President: Hello?\nPM Berg: Yes?\nPM Berg: I hear you.\nThe President: Good.")
    turns, dropped = read_turns(document, actors)
    assert [turn.speaker for turn in turns] == ["The President", "PM Berg", "The President"]
    inside = [d for d in dropped if turns[1].start <= (d.start or 0) < turns[1].end]
    assert [document.text[d.start : d.end] for d in inside] == ["PM Berg:"]


def test_a_stage_direction_inside_a_speech_does_not_end_the_turn_and_another_speaker_does(actors):
    document = make(
        HEADER
        + "The President: We agree.\n\n(The map is brought.)\n\nWe go on.\n\nPM Berg: Yes.\n\nThe President: Good."
    )
    turns, _ = read_turns(document, actors)
    assert [turn.speaker for turn in turns] == ["The President", "PM Berg", "The President"]


def test_stage_directions_and_the_end_of_the_talk_are_no_ones_speech(actors):
    body = (
        "The President: (laughs) Hello?\n"
        "PM Berg: Yes?\n"
        "(The line was cut for a minute.)\n"
        "The President: Well.\n"
        "-- End of Conversation --\n"
        "Case Number: 1990-1"
    )
    turns, reasons = said(make(HEADER + body), actors)
    assert turns[0][2] == "Hello?"
    assert {"stage direction", "after the end of the conversation"} <= reasons


def test_answers_under_the_label_of_the_one_answered_come_out_as_uncertain(actors):
    pairs = "\n".join(
        f"Mr. Smith: Shall we take point {n}?\nYes, we should take it now.\nI agree with "
        f"what was said.\nMs. Berg: So we close point {n}."
        for n in range(4)
    )
    people = (Participant(name="John Smith", actor="USA"), Participant(name="Anna Berg", actor="DNK"))
    turns, _ = read_turns(make("MEMORANDUM OF CONVERSATION\n" + pairs, participants=people), actors)
    unsure = [t for t in turns if t.text.startswith(("Yes", "I agree"))]
    assert unsure
    assert all(t.actor is None and t.reason == "label may be lost" for t in unsure)


def test_who_addresses_the_other_by_name_is_not_the_other_where_labels_are_lost(actors):
    pairs = "\n".join(
        f"Mr. Smith: Shall we take point {n}?\nYes, John, we should take it now.\nMs. Berg: So we close point {n}."
        for n in range(4)
    )
    people = (Participant(name="John Smith", actor="USA"), Participant(name="Anna Berg", actor="DNK"))
    turns, _ = read_turns(make("MEMORANDUM OF CONVERSATION\n" + pairs, participants=people), actors)
    answers = [t.actor for t in turns if t.text.startswith("Yes, John")]
    assert answers and set(answers) == {"DNK"}


MEMCON = HEADER.replace("TELEPHONE ", "")


def test_reporting_clauses_give_runs_of_sentences_to_their_speakers(actors):
    body = """The President opened the meeting by asking about trade.
    Prime Minister Berg said that trade was free. It had been so for years. She added that it would stay so. \
    The President replied that he was glad.
    After lunch, the Prime Minister thanked him.
    The President and the Prime Minister then concluded the meeting."""
    turns, dropped = read_turns(make(MEMCON + body, doc_type="memcon"), actors)
    assert [t.actor for t in turns] == ["USA", "DNK", "USA", "DNK"]
    assert turns[1].text.endswith("it would stay so.")
    assert all(t.reported for t in turns)
    assert "narration" in {d.reason for d in dropped}


def test_a_clause_at_the_end_of_a_sentence_names_the_speaker_too(actors):
    body = (
        "The President asked about fish.\n"
        "Fish was plentiful, Prime Minister Berg replied. She said no more.\n"
        "The President said he liked fish."
    )
    turns, _ = read_turns(make(MEMCON + body, doc_type="memcon"), actors)
    assert [t.actor for t in turns] == ["USA", "DNK", "USA"]


def test_the_i_of_a_memcon_is_the_drafter_whom_the_source_note_names(actors):
    text = """31. Memorandum of Conversation
    Washington, April 6, 1962.
    PARTICIPANTS
    Ivan Petrov, Soviet Ambassador
    Thomas R. Hale, American Ambassador to Moscow
    At lunch today Petrov raised the question of grain. I explained that the harvest was poor. \
    He said that he knew this. He asked what we would do, and I said that we would wait.
    * Source: Department of State, Central Files. Confidential. Drafted by Hale on April 9."""
    turns, _ = read_turns(make(text, doc_type="memcon", date="1962-04-06"), actors)
    assert [(t.speaker, t.actor) for t in turns] == [
        ("Petrov", "SUN"),
        ("I", "USA"),
        ("Ivan Petrov", "SUN"),
        ("I", "USA"),
    ]


def test_a_sentence_in_brackets_interrupts_and_the_speaker_goes_on(actors):
    body = (
        "The President said that coal was dear. (The Prime Minister interjected that oil was dearer.) Coal "
        "would be dearer still."
    )
    turns, _ = read_turns(make(MEMCON + body, doc_type="memcon"), actors)
    assert [t.actor for t in turns] == ["USA", "DNK", "USA"]


def test_a_cable_in_capitals_is_read_like_any_other_narrative(actors):
    text = """FM AMEMBASSY COPENHAGEN
    TO SECSTATE WASHDC
    SUBJECT: MEETING WITH PRIME MINISTER BERG OF DENMARK
    2. SUMMARY: I MET WITH BERG TODAY. END SUMMARY.
    3. BERG SAID THAT SHE WAS CONTENT. SHE WISHED FOR NO CHANGE.
    4. I ASKED WHETHER THIS WOULD LAST. SHE REPLIED THAT IT WOULD.
    5. COMMENT: SHE WAS CALM."""
    document = make(text, doc_type="memcon", participants=(Participant(name="Anna Berg", actor="DNK"),))
    turns, dropped = read_turns(document, actors)
    assert [t.actor for t in turns] == ["DNK", "USA", "DNK"]
    assert {"summary by the drafter", "comment of the drafter"} <= {d.reason for d in dropped}


def test_two_of_one_side_may_speak_together(actors):
    text = HEADER.replace(
        "Prime Minister Anna Berg\n", "Prime Minister Anna Berg\nForeign Minister Ole Lund of Denmark\n"
    )
    body = (
        "The President asked about herring.\n"
        "Berg and Lund both said that it was good.\n"
        "The President said that he believed it."
    )
    turns, _ = read_turns(make(text + body, doc_type="memcon"), actors)
    assert [(t.speaker, t.actor) for t in turns][1] == ("Berg and Lund", "DNK")


def test_questioners_are_speakers_of_their_own_and_officials_keep_their_state(actors):
    text = "\n".join(
        [
            "THE PRESIDENT. Good morning to you all.",
            *["Q. Mr. President, what of trade?", "THE PRESIDENT. It grows."] * 3,
        ]
    )
    document = make(text, doc_type="press", actor="USA", participants=(Participant(name="George Bush", actor="USA"),))
    turns, _ = read_turns(document, actors)
    assert {(t.speaker, t.actor, t.reason) for t in turns if t.speaker == "Q"} == {("Q", None, "a questioner")}
    assert {t.actor for t in turns if t.speaker == "THE PRESIDENT"} == {"USA"}


def test_the_opponent_in_a_debate_speaks_for_no_state(actors):
    rounds = ["MR. MARSH. What of taxes?", "THE PRESIDENT. They are low.", "GOVERNOR HALE. They are high."] * 4
    text = "\n".join(["Good evening. I am the moderator; the candidates know the rules.", *rounds])
    document = make(
        text,
        doc_type="speech",
        title="Debate with Governor Hale",
        actor="USA",
        participants=(Participant(name="George Bush", actor="USA"),),
    )
    turns, _ = read_turns(document, actors)
    found = {t.speaker: (t.actor, t.reason) for t in turns}
    assert found["THE PRESIDENT"][0] == "USA"
    assert found["GOVERNOR HALE"] == (None, "a candidate, not in office")
    assert found[None] == (None, "no label says who speaks")


def test_a_cry_from_the_audience_lasts_one_paragraph(actors):
    rounds = ["THE PRESIDENT: We shall build.", "AUDIENCE: Hear, hear!", "And we shall plant."] * 3
    document = make(
        "\n".join(rounds), doc_type="speech", actor="USA", participants=(Participant(name="George Bush", actor="USA"),)
    )
    turns, _ = read_turns(document, actors)
    assert {t.actor for t in turns if "plant" in t.text} == {"USA"}
    assert {t.actor for t in turns if "Hear" in t.text} == {None}


def test_a_speech_all_in_capitals_is_speech_and_no_title(actors):
    lines = ("WE WILL STAND WITH OUR FRIENDS", "AND WE WILL NOT YIELD", "THE HARBOUR IS OURS", "SO IS THE ICE")
    turns, dropped = read_turns(make("\n\n".join(lines), "speech"), actors)
    assert not dropped and turns[0].text == "\n\n".join(lines)


def test_a_speech_is_one_turn_by_its_first_participant(actors):
    document = make(
        "Mr. President,\nWe stand here.\nFirst: we build.\nSecond: we plant.",
        doc_type="speech",
        participants=(Participant(name="Anna Berg", actor="DNK"),),
    )
    turns, dropped = read_turns(document, actors)
    assert [(t.speaker, t.actor) for t in turns] == [("Anna Berg", "DNK")]
    assert not dropped


def test_lines_in_capitals_over_a_speech_are_its_title_and_not_its_words(actors):
    over = "EVA HOLM\n\nMAY 1, 1990 THE HARBOUR AND THE ICE"
    for spoken in ("We shall keep the harbour open.", "MR. SPEAKER,\n\nWE SHALL KEEP THE HARBOUR OPEN."):
        turns, dropped = read_turns(make(f"{over}\n\n{spoken}", "speech", headed=len(over) + 2), actors)
        assert [d.reason for d in dropped] == ["header"]
        assert turns[0].text == spoken


def test_a_joint_statement_is_no_one_states_and_a_speech_on_one_is(actors):
    lund = (Participant(name="O. Lund", actor="DNK"),)
    for title, actor in (("Joint Statement With Sweden", None), ("Remarks on the Joint Statement", "DNK")):
        document = make("We stand here.", doc_type="speech", actor="DNK", title=title, participants=lund)
        turns, _ = read_turns(document, actors)
        assert [turn.actor for turn in turns] == [actor]
        assert turns[0].reason


def test_a_speech_by_nobody_known_has_no_actor_and_says_why(actors):
    turns, _ = read_turns(make("We stand here.", doc_type="speech"), actors)
    assert turns[0].actor is None
    assert turns[0].reason == "the document does not say for whom its author speaks"


def test_the_researchers_table_goes_before_all_else(actors):
    turns, _ = read_turns(make(HEADER + "The President: Hello?\nPM Berg: Yes?"), actors, speakers={"PM Berg": "NOR"})
    assert [t.actor for t in turns] == ["USA", "NOR"]
    assert turns[1].reason == by_table("pm berg")


def test_the_researchers_table_may_print_an_article_or_not(actors):
    document = make("We stand here.", doc_type="speech", participants=(Participant(name="The Ruler"),))
    for speaker in ("The Ruler", "ruler"):
        turns, _ = read_turns(document, actors, speakers={speaker: "NOR"})
        assert [turn.actor for turn in turns] == ["NOR"]


def test_a_speaker_of_no_known_state_is_not_guessed(actors):
    turns, _ = read_turns(
        make(HEADER + "The President: Hello?\nMr. Quux: Who is there?\nThe President: I am.\nMr. Quux: I see."), actors
    )
    assert {(t.actor, bool(t.reason)) for t in turns if t.speaker == "Mr. Quux"} == {(None, True)}


PROSE = (
    "In those years the river froze each winter and the boats lay still along the quay, "
    "while my father counted what the summer had brought and what the spring would cost "
    "us, and we children listened to him and learned to count as well as he did."
)


def test_a_memoir_is_its_authors_save_for_letters_front_matter_and_notes(actors):
    text = f"""A LIFE IN OFFICE
    BY ANNA BERG
    PREFACE
    {PROSE}
    CONTENTS
    I. The River 1
    II. The Quay 20
    CHAPTER I
    {PROSE}
    {PROSE}
    {PROSE}
    Before daylight I had the following letter from General Lund:
    HEADQUARTERS, AALBORG, May 3, 1890.
    Madam: In view of all that was said between us I propose that we meet at the bridge tomorrow at noon, \
    and that nobody else be told.
    I am, very respectfully, your obedient servant, O. LUND, General.
    To this I did not reply.
    [Footnote 1: The bridge is gone.]
    {PROSE}
    INDEX
    Aalborg, 3, 17, 40
    Bridge, 5"""
    document = make(text, doc_type="memoir", participants=(Participant(name="Anna Berg", actor="DNK"),))
    turns, dropped = read_turns(document, actors)
    letter = [t for t in turns if "meet at the bridge" in t.text]
    assert [(t.speaker, t.actor) for t in letter] == [("O. Lund", None)]
    assert {"front matter", "table of contents", "heading", "footnote", "index, bibliography or notes at the end"} <= {
        d.reason for d in dropped
    }
    assert any(t.text.startswith("To this") and t.actor == "DNK" for t in turns)


def test_a_quotation_whose_speaker_is_not_named_near_is_unattributed(actors):
    words = (
        "“"
        + "We shall hold the quay and the bridge and the river until the last boat has gone, " * 4
        + "and then we shall go.”"
    )
    document = make(
        f"CHAPTER I\n{PROSE}\n{PROSE}\nIt was posted on the wall as follows:\n{words}\n{PROSE}",
        doc_type="memoir",
        participants=(Participant(name="Anna Berg", actor="DNK"),),
    )
    quoted = [t for t in read_turns(document, actors)[0] if "hold the quay" in t.text]
    assert [(t.speaker, t.actor) for t in quoted] == [(None, None)]


LINES = st.lists(
    st.sampled_from(
        [
            "The President: Hello?",
            "PM Berg: Yes, I hear you.",
            "PM Berg;",
            "(laughs) The line was cut.",
            "[Here follows discussion of other matters.]",
            "The President said that he agreed. She added that so did she.",
            "I asked him; he replied, and I said no.",
            "* * *",
            "* Source: A library. Drafted by Hale.",
            "1 See above.",
            "End of Conversation",
            "SUBJECT: Fish:and chips",
            "President:Hello there",
            "CHAPTER I",
            "CONTENTS",
            "He wrote as follows:",
            "“Quoted words.”",
            "Q Why?",
            "!!! @",
        ]
    ),
    max_size=14,
)


@settings(max_examples=150)
@given(lines=LINES, doc_type=st.sampled_from(["speech", "telcon", "memcon", "memoir", "press", "other"]))
def test_every_word_lies_in_exactly_one_turn_or_one_dropped_stretch(actors, lines, doc_type):
    document = make("\n".join(lines), doc_type=doc_type)
    turns, dropped = read_turns(document, actors)
    assert all(document.text[t.start : t.end] == t.text for t in turns)
    assert all(a.end <= b.start for a, b in pairwise(turns))
    spans = pieces(turns, dropped)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert [w for a, b in spans for w in document.text[a:b].split()] == document.text.split()


@pytest.mark.parametrize(
    ("letters", "date", "state"),
    [
        ("JFK", "1962-05-01", "USA"),
        ("JC", "1978-05-01", "USA"),
        ("RR", "1985-05-01", "USA"),
        ("GB", "1990-05-01", "USA"),
        ("N", "1971-05-01", "USA"),
        ("DDE", "1990-05-01", None),
        ("N", "1990-05-01", None),
    ],
)
def test_initials_are_the_presidents_whom_the_list_names_by_office_where_he_held_it_on_the_date(
    actors, letters, date, state
):
    text = """THE WHITE HOUSE
    MEMORANDUM OF TELEPHONE CONVERSATION
    SUBJECT: Telephone call with Prime Minister Jorgen Harwick of Denmark
    PARTICIPANTS: The President
    Prime Minister Harwick
    XX: How is the harbor?
    H: It is full of ice.
    XX: And the ships?
    H: They wait for the spring."""
    turns, _ = said(make(text.replace("XX", letters), date=date), actors)
    assert [(s, a) for s, a, _ in turns] == [(letters, state), ("H", "DNK")] * 2


@pytest.mark.parametrize(
    ("heading", "speaker", "state"),
    [
        ("Memorandum From Secretary of State Rusk to President Kennedy", "Secretary of State Rusk", "USA"),
        ("Telegram From the Embassy in Denmark to the Department of State", "Embassy in Denmark", "USA"),
        ("Letter From the Danish Ambassador (Berg) to Secretary of State Rusk", "Danish Ambassador (Berg)", "DNK"),
        ("Message From Prime Minister Nehru to President Kennedy", "Prime Minister Nehru", "IND"),
        ("Letter From Foreign Minister Vik to the Department of State", "Foreign Minister Vik", None),
        ("Paper Prepared in the Department of State", "Department of State", "USA"),
    ],
)
def test_a_paper_is_of_the_state_of_whom_its_heading_names(actors, heading, speaker, state):
    text = f"""14. {heading}
    Copenhagen, May 1, 1962, 2 p.m.
    SUBJECT
    Ice in the harbors
    The ice has come early, and forty ships wait for the spring in the harbors of the north.
    We think that two more icebreakers are needed before the end of the month.
    * Source: Department of State, Central Files. Secret."""
    assert [(s, a) for s, a, _ in said(make(text, doc_type="memcon", date="1962-05-01"), actors)[0]] == [
        (speaker, state)
    ]
    turns, reasons = said(make(text, doc_type="other", date="1962-05-01"), actors)
    assert [(s, a) for s, a, _ in turns] == [(speaker, state)]
    assert turns[0][2].startswith("The ice has come early") and reasons == {"header", "source note"}


def test_a_cable_that_reports_no_talk_is_the_word_of_the_state_that_kept_it(actors):
    text = """FM SECSTATE WASHDC
    TO AMEMBASSY COPENHAGEN IMMEDIATE
    TAGS: PREL, DA
    SUBJECT: DEMARCHE ON ICE IN THE HARBORS
    1. EMBASSY SHOULD PASS THE FOLLOWING POINTS AT ONCE TO THE DANISH MINISTRY.
    2. WE ASK DENMARK TO OPEN ITS HARBORS BEFORE JUNE, AND WE ARE READY TO SEND TWO ICEBREAKERS."""
    turns, _ = read_turns(make(text, doc_type="memcon", date="1995-05-01"), actors)
    assert [(t.actor, t.text.split()[0]) for t in turns] == [("USA", "1.")]
    consulate = text.replace("SECSTATE WASHDC", "AMCONSUL AARHUS").replace("AMEMBASSY", "USUN")
    turns, _ = read_turns(make(consulate.replace("TAGS", "REF"), doc_type="memcon", date="1995-05-01"), actors)
    assert [(t.actor, t.text.split()[0]) for t in turns] == [("USA", "1.")]
    handed_on = text.replace("THE FOLLOWING POINTS", "THE TEXT OF THE LETTER OF PRESIDENT VIK")
    turns, _ = read_turns(make(handed_on, doc_type="memcon", date="1995-05-01"), actors)
    assert [t.actor for t in turns] == []


def test_the_title_and_the_dateline_of_a_transcript_are_no_speech(actors):
    text = """31. Transcript of an Interview Between President Kennedy and the Editor of a Copenhagen Paper (Vik)
    Hyannis Port, November 25, 1961, 10:20 a.m.
    Mr. Vik: How is the ice?
    The President: It is thick.
    Mr. Vik: And the ships?
    The President: They wait."""
    turns, dropped = read_turns(make(text, doc_type="other", date="1961-11-25"), actors)
    assert [t.speaker for t in turns] == ["Mr. Vik", "The President"] * 2
    assert sum(d.words for d in dropped if d.reason == "header") == 23


def test_a_telegram_that_reports_what_others_said_is_no_one_states_word(actors):
    text = """14. Telegram From the Embassy in Denmark to the Department of State
    Copenhagen, May 1, 1962, 2 p.m.
    I saw the Minister at noon. He said that the ice had come early. He asked how many ships we could send.
    I spoke of two. He said that two were not enough.
    * Source: Department of State, Central Files. Secret."""
    turns, _ = read_turns(make(text, doc_type="other", date="1962-05-01"), actors)
    assert [t.actor for t in turns] == [None]
    handed = (
        text[: text.index("I saw")]
        + "Following is translation of a note that the Minister left. We need ships. Denmark is small."
    )
    turns, _ = read_turns(make(handed, doc_type="other", date="1962-05-01"), actors)
    assert [t.actor for t in turns] == [None]
    assert turns[0].reason == "it reports or hands on what others said, and nothing tells for sure whose words each are"


def test_initials_resolve_through_a_heading_of_two_names(actors):
    text = "TELCON\nSecretary Kissinger/Ambassador Dobrynin\nK: Hello?\nD: Yes?\nK: We should meet.\nD: We should."
    turns, _ = read_turns(make(text, date="1973-10-06"), actors)
    assert [(t.actor, t.addressee) for t in turns] == [("USA", "SUN"), ("SUN", "USA")] * 2


def test_an_office_without_a_country_is_that_of_the_state_which_kept_the_record(actors):
    text = """10 DOWNING STREET
    Record of a conversation between the Prime Minister and President Mitterrand of France
    The Prime Minister said that she was glad. President Mitterrand replied that he was too.
    The Prime Minister was doubtful about June."""
    turns, _ = read_turns(make(text, doc_type="memcon", date="1985-05-01"), actors)
    assert [t.actor for t in turns] == ["GBR", "FRA", "GBR"]


def test_a_list_of_participants_at_the_end_names_states_and_is_no_speech(actors):
    text = """12. Memorandum of Conversation
    Washington, May 1, 1963.
    PARTICIPANTS
    (See attached list)
    Mr. Hale said that wheat was dear. Mr. Petrov replied that it was cheap. Mr. Hale agreed.
    After that the matter of freight and of insurance was left for another day, as both of them were tired.
    LIST OF PARTICIPANTS
    United States Thomas Hale, Under Secretary of State
    U.S.S.R. Ivan Petrov, Deputy Minister of Trade
    * Source: Department of State, Central Files."""
    text = text.replace(
        "Mr. Hale agreed.", "Mr. Hale agreed. " + "He spoke at length of wheat and of rye and of barley. " * 40
    )
    turns, dropped = read_turns(make(text, doc_type="memcon", date="1963-05-01"), actors)
    assert [t.actor for t in turns][:3] == ["USA", "SUN", "USA"]
    assert "list of participants" in {d.reason for d in dropped}


@pytest.mark.real_texts
def test_every_word_of_the_real_conversations_is_accounted_for(actors, data):
    from rolecoder.ingest import read_file

    files = sorted((data / "corpora" / "telcons" / "text").glob("*.txt"))[::4]
    for document in (d for file in files for d in read_file(file)):
        turns, dropped = read_turns(document, actors)
        spans = pieces(turns, dropped)
        assert [w for a, b in spans for w in document.text[a:b].split()] == document.text.split()
