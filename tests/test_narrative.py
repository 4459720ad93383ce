"""Whose words a note taker reports: every text here is invented, in the manner of the kind."""

import sys
from pathlib import Path

import pytest

from rolecoder.actors import read_actors
from rolecoder.turns import read_turns

sys.path.insert(0, str(Path(__file__).parent))
from test_turns import make


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


HEAD = """12. Memorandum of Conversation
Washington, May 1, 1962.
SUBJECT
Fisheries
PARTICIPANTS
The President
Thomas Hale, Under Secretary of State
Ivan Petrov, Soviet Ambassador
Anna Berg, Ambassador of Denmark
"""
SOURCE = "\n* Source: Department of State, Central Files. Secret."


def reported(body, actors, head=HEAD, **more):
    """Speaker's state and first words of each turn, and the stretches left out as narration."""
    document = make(head + body + SOURCE, doc_type="memcon", date="1962-05-01", **more)
    turns, dropped = read_turns(document, actors)
    told = [document.text[d.start : d.end] for d in dropped if d.reason == "narration"]
    return [(t.actor, " ".join(t.text.split()[:4])) for t in turns], told


def test_what_someone_did_is_the_note_takers_and_what_he_said_beside_it_is_his(actors):
    body = """The President met Mr. Petrov at noon.
    Mr. Petrov handed the President a letter and said that it was short.
    The President nodded. Mr. Hale showed the group a map."""
    turns, told = reported(body, actors)
    assert turns == [("SUN", "Mr. Petrov handed the")]
    assert told == ["The President met Mr. Petrov at noon.", "The President nodded. Mr. Hale showed the group a map."]


def test_a_past_tense_that_no_list_has_reports_where_its_subject_takes_part(actors):
    turns, _ = reported("Mr. Hale hypothesized that the fish had moved. Mr. Petrov minimized the matter.", actors)
    assert turns == [("USA", "Mr. Hale hypothesized that"), ("SUN", "Mr. Petrov minimized the")]


def test_one_sentence_may_hold_two_speakers(actors):
    body = """When Mr. Hale asked whether the ice was thick, Mr. Petrov answered that it was.
    Mr. Hale said the ships were late, to which Mr. Petrov replied that the ice was early.
    Mr. Hale asked for a date and Mr. Petrov said he had none."""
    turns, _ = reported(body, actors)
    assert turns == [
        ("USA", "When Mr. Hale asked"),
        ("SUN", "Mr. Petrov answered that"),
        ("USA", "Mr. Hale said the"),
        ("SUN", "to which Mr. Petrov"),
        ("USA", "Mr. Hale asked for"),
        ("SUN", "and Mr. Petrov said"),
    ]


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("According to Mr. Petrov, the nets had been cut in the night.", "SUN"),
        ("The matter of the nets was raised by Mr. Petrov.", "SUN"),
        ("Mr. Petrov's reply was that the nets were old.", "SUN"),
        ("At every turn, whatever was said, the Under Secretary made the point that nets cost money.", "USA"),
        ("Mr. Petrov not only admitted this but said that it was wise.", "SUN"),
    ],
)
def test_whose_words_they_are_is_told_in_many_ways(actors, sentence, state):
    turns, _ = reported("Ambassador Berg said that nets were dear. " + sentence, actors)
    assert [actor for actor, _ in turns] == ["DNK", state]


def test_a_question_in_quotation_marks_ends_a_sentence_before_one_who_said_that(actors):
    body = """Mr. Hale asked whether one may say "Who cut the net?" Mr. Petrov said that one may.
    "Who mended it?" Mr. Hale asked. It was not known."""
    turns, _ = reported(body, actors)
    assert turns == [
        ("USA", "Mr. Hale asked whether"),
        ("SUN", "Mr. Petrov said that"),
        ("USA", '"Who mended it?" Mr.'),
    ]


def test_what_one_said_on_another_day_is_part_of_what_is_said_of_it_now(actors):
    body = """Mr. Hale said that the harbor was shut. If it can be opened, and Mr. Petrov said yesterday that it can, we
    should see to it. Mr. Petrov rather drily remarked that it was open."""
    turns, _ = reported(body.replace("we\n    should", "we should"), actors)
    assert turns == [("USA", "Mr. Hale said that"), ("SUN", "Mr. Petrov rather drily")]


@pytest.mark.parametrize(
    ("sentence", "speaks"),
    [
        ("Mr. Petrov rejoined that the ice was thin.", True),
        ("Mr. Petrov called back to say that the ice was thin.", True),
        ("Mr. Petrov rejoined the group.", False),
        ("Mr. Petrov called the Embassy.", False),
    ],
)
def test_a_verb_of_doing_reports_where_it_is_said_what_was_said(actors, sentence, speaks):
    turns, told = reported(sentence, actors)
    assert [actor for actor, _ in turns] == ["SUN"] * speaks
    assert told == [sentence] * (not speaks)


def test_what_both_would_do_is_said_by_the_one_who_speaks_and_what_a_group_did_by_no_one(actors):
    body = """Mr. Hale said that a race was near. Both sides would build more ships. \
    (At this point there was some talk of Mr. Petrov in the corner.)
    Mr. Petrov said that he had enough. The whole group then moved to the garden."""
    turns, told = reported(body, actors)
    assert turns == [("USA", "Mr. Hale said that"), ("SUN", "Mr. Petrov said that")]
    assert told == [
        "(At this point there was some talk of Mr. Petrov in the corner.)",
        "The whole group then moved to the garden.",
    ]


def test_a_leader_whom_no_list_names_speaks_where_the_list_is_elsewhere(actors):
    head = """12. Memorandum of Conversation
    Washington, May 1, 1962.
    SUBJECT
    Lunch with Chairman Khrushchev
    PARTICIPANTS
    Listed on page 5
    """
    body = """Mr. Khrushchev said that the fish was good. During a talk on nets, Mr. Gromyko said that nets were dear.
    Mr. Khrushchev replied that they were."""
    turns, _ = reported(body, actors, head)
    assert turns == [
        ("SUN", "Mr. Khrushchev said that"),
        ("SUN", "During a talk on"),
        ("SUN", "Mr. Khrushchev replied that"),
    ]


def test_to_draw_a_conclusion_is_no_word_and_to_draw_attention_is(actors):
    body = "Mr. Petrov said that he liked the report. However, Mr. Hale drew the wrong conclusion. Nets do not mend themselves."
    assert [actor for actor, _ in reported(body, actors)[0]] == ["SUN"]
    body = "Mr. Petrov said that he liked the report. Mr. Hale drew attention to the nets. Both sides know that they are torn."
    assert reported(body, actors) == ([("SUN", "Mr. Petrov said that"), ("USA", "Mr. Hale drew attention")], [])


def test_a_people_is_no_one_who_speaks(actors):
    head = "12. Memorandum of Conversation\nMoscow, May 1, 1962.\n"
    body = """Mr. Khrushchev said that the ice was thick. Soviets believed that June was early. Soviets said so in May.
    The Secretary replied that June was late. Mr. Khrushchev agreed. The Secretary thanked him."""
    turns, _ = reported(body, actors, head)
    assert [actor for actor, _ in turns] == ["SUN", "USA", "SUN", "USA"]


def test_joint_words_are_no_single_states_unless_all_speak_for_one(actors):
    body = """Mr. Hale and Mr. Petrov agreed that the ice would go.
    Both expressed the opinion that June was best.
    The President and Mr. Hale said that July would do."""
    document = make(HEAD + body + SOURCE, doc_type="memcon", date="1962-05-01")
    turns, _ = read_turns(document, actors)
    assert [t.actor for t in turns] == [None, None, "USA"]
    assert {t.reason for t in turns[:2]} == {"said of both sides together"}


def test_a_list_announced_in_one_paragraph_is_the_speakers_of_each_point(actors):
    body = "The following points were made: 1. In raising his glass, the President expressed joy. (2) Mr. Petrov said that he was glad."
    turns, told = reported(body, actors)
    assert turns == [("USA", "In raising his glass,"), ("SUN", "Mr. Petrov said that")]
    assert told == ["The following points were made:"]


def test_an_office_that_the_text_puts_before_a_name_is_that_persons(actors):
    body = """Mr. Petrov invited General Orlov to speak. General Orlov said that the fleet was small.
    The General added that it was old. Mr. Hale thanked the General."""
    head = HEAD.replace("Anna Berg, Ambassador of Denmark", "Pavel Orlov, Soviet Embassy")
    turns, _ = reported(body, actors, head)
    assert turns == [("SUN", "General Orlov said that"), ("USA", "Mr. Hale thanked the")]


def test_a_paper_or_an_agency_of_a_state_names_the_state_of_who_is_listed_under_it(actors):
    head = HEAD.replace("Ivan Petrov, Soviet Ambassador", "Ivan Petrov, Editor-in-Chief, Izvestiya")
    turns, _ = reported("Mr. Petrov said that the paper was read. The President agreed that it was.", actors, head)
    assert [actor for actor, _ in turns] == ["SUN", "USA"]


def test_no_king_or_prime_minister_is_the_state_that_kept_the_record(actors):
    head = """MEMORANDUM OF CONVERSATION
    THE WHITE HOUSE
    SUBJECT: Telephone conversation with King Olaf
    PARTICIPANTS: The President
    King Olaf
    Sandra Hale (State Department)
    """
    body = "King Olaf: Good morning to you.\nThe President: Good morning.\nKing Olaf: It snows here.\nThe President: Not here."
    turns, _ = read_turns(make(head + body, date="1990-05-01"), actors)
    assert [t.actor for t in turns] == [None, "USA", None, "USA"]


def test_a_meeting_of_a_states_own_council_is_all_that_states(actors):
    head = """92. Record of Meeting of the Policy Planning Council
    Washington, June 7, 1962.
    PARTICIPANTS
    George Hale
    Anna Lind
    """
    turns, _ = reported("Mr. Hale said that wheat was dear. Miss Lind replied that it would be dearer.", actors, head)
    assert [actor for actor, _ in turns] == ["USA", "USA"]


def test_the_first_person_is_the_drafter_and_the_other_is_he(actors):
    body = """I met with Ambassador Petrov at noon. Nothing came of it.
    He asked when the ships would sail and I told him that I did not know.
    After the soup he referred to a letter. I said that I had read it."""
    head = HEAD.replace("Anna Berg, Ambassador of Denmark\n", "").replace("The President\n", "")
    turns, told = reported(body, actors, head)
    assert [actor for actor, _ in turns] == ["SUN", "USA", "SUN", "USA"]
    assert told == ["I met with Ambassador Petrov at noon. Nothing came of it."]


def test_a_heading_run_into_a_paragraph_is_no_ones_words(actors):
    document = make(
        HEAD + "Fish. Mr. Hale said that cod was dear. It would be dearer." + SOURCE,
        doc_type="memcon",
        date="1962-05-01",
    )
    turns, dropped = read_turns(document, actors)
    assert turns[0].text.startswith("Mr. Hale said")
    assert ("heading", "Fish.") in {(d.reason, document.text[d.start : d.end]) for d in dropped}


def test_records_of_another_state_are_kept_by_it(actors):
    head = """Record of conversation between Hale and Petrov
    Canberra, 16 March 1962
    """
    turns, _ = reported(
        "I opened by asking for Mr. Petrov's views. Mr. Petrov thought that trade would grow. I said that I hoped so. Mr. Petrov thought so too.",
        actors,
        head,
    )
    assert [actor for actor, _ in turns] == ["AUS", None, "AUS", None]


SIDES = """MEMORANDUM OF CONVERSATION
THE WHITE HOUSE
SUBJECT: Meeting with Prime Minister Berg of Denmark
{people}
DATE: May 1, 1990
The President: Good morning to you.
Prime Minister Berg: Good morning.
Foreign Minister Lund: It snows.
Secretary Hale: Not here.
The President: Shall we begin?
Foreign Minister Lund: Yes, let us.
"""


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (
            "PARTICIPANTS\nThe U.S. Side\nThe President\nSecretary Hale\nThe Danish Side\nPrime Minister Berg\nForeign Minister Lund",
            "listed under Denmark",
        ),
        (
            "PARTICIPANTS\nDanish Delegation:\nPrime Minister Berg\nForeign Minister Lund\nUnited States:\nThe President\nSecretary Hale",
            "listed under Denmark",
        ),
        (
            "PRESENT: The President, Secretary Hale, Prime Minister Berg of Denmark, Foreign Minister Lund of Denmark",
            "“Denmark” beside the name",
        ),
        (
            "PARTICIPANTS\nUnited States Denmark\nThe President\nPrime Minister Berg\nSecretary Hale\nForeign Minister Lund",
            "an office that the United States lack, and one other state is at the table",
        ),
    ],
)
def test_a_list_by_sides_names_states_and_a_line_with_two_sides_names_none(actors, people, reason):
    turns, _ = read_turns(make(SIDES.format(people=people), doc_type="memcon"), actors)
    assert [t.actor for t in turns[:2]] == ["USA", "DNK"]
    assert {(t.actor, t.reason) for t in turns if t.speaker == "Foreign Minister Lund"} == {("DNK", reason)}
    assert {t.actor for t in turns if t.speaker in ("The President", "Secretary Hale")} == {"USA"}


def test_a_speech_that_speaks_of_a_record_of_a_conversation_is_a_speech(actors):
    text = "I hold the record of a conversation between two kings in my hand. It is short, and it tells of peace. " * 3
    turns, dropped = read_turns(make(text, doc_type="speech", actor="DNK"), actors)
    assert [t.actor for t in turns] == ["DNK"] and not dropped


def test_he_is_the_one_who_spoke_last_where_no_one_tells_the_record_as_i(actors):
    # The only participant of the state that keeps the record need not have drafted it.
    head = HEAD.replace("The President\nThomas Hale, Under Secretary of State\n", "Thomas Hale, American Ambassador\n")
    body = """Ambassador Hale said that he had come to go through the list. It was a long one.
    He named tugs, cranes and divers. The harbour could not be cleared without them.
    Vice Minister Petrov replied that the cranes were in use. He would ask for the divers."""
    turns, _ = reported(
        body, actors, head=head.replace("Ivan Petrov, Soviet Ambassador", "Ivan Petrov, Soviet Vice Minister")
    )
    assert turns == [("USA", "Ambassador Hale said that"), ("SUN", "Vice Minister Petrov replied")]


MIXED = """12. Memorandum of Conversation
Washington, May 1, 1962.
PARTICIPANTS
Thomas Hale, Under Secretary of State
Ivan Petrov, Soviet Ambassador
Anna Berg, Ambassador of Denmark

Mr. Hale: We ask for more ships. The Soviet Ambassador said that we have none.

{paragraph}

Mr. Hale: We are glad to hear of it, and we thank you.
"""


@pytest.mark.parametrize(
    ("paragraph", "state"),
    [
        ("The Soviet Ambassador said that Moscow would be a bridge between both sides.", "SUN"),
        ("In reply, Ambassador Berg noted that her Government stood by its allies.", "DNK"),
        ("Ambassador Petrov asked about the ships. He added that they were expected in May.", "SUN"),
        ("The Soviet Ambassador said to me that he would come, and I believe him.", "USA"),
        ("The ships said to be lost are in the harbour of Bergen.", "USA"),
        ("In 1960 the Norwegian Ambassador said that his state would come too.", "USA"),
        ("In Moscow last year, Ambassador Petrov said that there was no plan.", "USA"),
    ],
)
def test_a_paragraph_that_retells_under_anothers_label_is_of_whom_it_names(actors, paragraph, state):
    found, _ = reported("", actors, head=MIXED.format(paragraph=paragraph))
    states = [actor for actor, _ in found]
    assert states == (["USA", state, "USA"] if state != "USA" else ["USA"])


def test_a_paragraph_after_a_retold_one_that_reports_nothing_is_the_label_speakers_own(actors):
    paragraphs = "Ambassador Petrov said that there was no plan.\n\nIt is a bad plan. Washington cannot take it."
    found = reported("", actors, head=MIXED.format(paragraph=paragraphs))[0]
    assert found[1:] == [("SUN", "Ambassador Petrov said that"), ("USA", "It is a bad")]


def test_a_label_on_a_line_of_its_own_is_that_of_what_stands_below_it(actors):
    said = "The Soviet Ambassador said that the ships were his."
    talk = MIXED.format(paragraph=f"Mr. Hale:\n\n{said}").replace("Mr. Hale:", "Under Secretary Hale:\n\n")
    assert {actor for actor, _ in reported("", actors, head=talk)[0]} == {"USA"}


def test_an_office_after_the_name_of_its_state_reports_as_the_office_does(actors):
    body = "Mr. Hale said that he was glad.\n\nThe Soviet Ambassador said that Moscow would build a bridge.\n"
    assert [actor for actor, _ in reported(body, actors)[0]] == ["USA", "SUN"]


OWN = """MEMORANDUM OF CONVERSATION
Department of State, Central Files
PARTICIPANTS: United States
Llewellyn Thompson
Charles Bohlen
"""


@pytest.mark.parametrize(
    ("begin", "actor"),
    [
        ("I told Khrushchev that the ice was thick.", "SUN"),
        ("I met with the Soviet Ambassador at noon.", "SUN"),
        ("I told Mr. Bohlen that the ice was thick.", "USA"),
        ("I told Smirnov that the ice was thick.", None),
        ("I told Washington that the ice was thick.", None),
        ("I said that the ice was thick.", None),
    ],
)
def test_he_after_the_drafter_is_the_one_he_spoke_to_and_never_himself(begin, actor, actors):
    body = f"{begin} He replied that his ships were small.\nI asked him for a date. He said that he had none."
    turns, _ = reported(body, actors, head=OWN)
    assert [who for who, words in turns if words.startswith("He")] == [actor, actor]
    assert {who for who, words in turns if words.startswith("I")} == {"USA"}


HALE = """THE WHITE HOUSE
Memorandum of Conversation
{over}SUBJECT: Meeting with Chancellor Kohl
PARTICIPANTS: The President
Helmut Kohl, Chancellor
DATE: May 17, 1962
{under}"""
NOTE = "Source: Presidential Records, Memcons, May 1962.\n"
TALK = "The President said that the ice was thick.\nChancellor Kohl replied that it would thaw."


@pytest.mark.parametrize("place", ["over", "under"])
def test_a_source_note_over_the_talk_does_not_end_it(place, actors):
    head = HALE.format(**{"over": "", "under": "", place: NOTE})
    assert [who for who, _ in reported(TALK, actors, head=head)[0]] == ["USA", "DEU"]


def test_a_source_note_under_a_talk_or_over_footnotes_alone_ends_it(actors):
    head, footnote = HALE.format(over="", under=""), "1 The President said elsewhere that the ice was thin."
    assert [who for who, _ in reported(f"{TALK}\n{NOTE}{footnote}", actors, head=head)[0]] == ["USA", "DEU"]
    assert reported(NOTE + footnote, actors, head=head)[0] == []
