"""What a record of conversation says of itself in its header."""

import pytest

from rolecoder.pages.cleaning import clean
from rolecoder.readers.header import find_date, kind_of, read_header
from rolecoder.readers.language import find_language
from rolecoder.readers.lines import Line
from rolecoder.readers.record import Reading
from rolecoder.readers.tei import read_tei
from rolecoder.records import Participant

MEMCON = """MEMORANDUM     OF    CONVERSATION

SUBJECT:          Meeting with King Olaf of
                  Norway (U)

PARTICIPANTS:     The President
                  James Tern, Assistant to the President
                      for Fisheries
                  Notetakers: Ann Lee, Bo Dahl and
                  Carl Ek

                  King Olaf

DATE,   TIME      May 4, 1990; 4:15 p.m.
AND PLACE:        The Residence, Bergen

The President said that the harbour was open.
"""

PRINTED = """12. Memorandum of ConversationSource


Bergen, April 6, 1962.

SUBJECT

Fisheries


PARTICIPANTS

Einar Halvorsen, Norwegian Ambassador

Mr. Tern

The Ambassador opened the conversation with a word on the weather of the winter and on the fisheries.
"""


def header_of(raw):
    header = clean(Reading(raw=raw)).header
    return {name: found.value for name, found in header.metadata.items()}, header.participants


def test_a_memorandum_names_date_place_subject_and_participants():
    said, people = header_of(MEMCON)
    assert said["date"] == "1990-05-04"
    assert said["place"] == "The Residence, Bergen"
    assert said["title"] == "Meeting with King Olaf of Norway"
    assert said["doc_type"] == "memcon"
    assert people == [
        Participant(name="The President"),
        Participant(name="James Tern", title="Assistant to the President for Fisheries"),
        Participant(name="Ann Lee", title="Notetaker"),
        Participant(name="Bo Dahl", title="Notetaker"),
        Participant(name="Carl Ek", title="Notetaker"),
        Participant(name="King Olaf"),
    ]


def test_an_office_keeps_its_state_and_goes_on_in_the_next_line():
    people = """PARTICIPANTS:     U.S.
                  The President
                  James Tern, Assistant to the President
                  for Fisheries
                  Norway
                  =     Einar Halvorsen, Foreign Minister of Norway _
                  Bo Dahl, Ambassador to the U.S.
"""
    _, found = header_of(
        f"MEMORANDUM OF CONVERSATION\n\nSUBJECT:          Herring\n{people}\nDATE:             May 4, 1990\n"
    )
    assert found == [
        Participant(name="The President"),
        Participant(name="James Tern", title="Assistant to the President for Fisheries"),
        Participant(name="Norway"),
        Participant(name="Einar Halvorsen", title="Foreign Minister of Norway _"),
        Participant(name="Bo Dahl", title="Ambassador to the U.S."),
    ]


def test_a_subject_that_speaks_of_a_call_makes_a_memorandum_a_telcon():
    said, _ = header_of(MEMCON.replace("Meeting with", "Telephone Call to"))
    assert said["doc_type"] == "telcon"


def test_a_printed_record_has_its_date_and_place_in_a_dateline():
    said, people = header_of(PRINTED)
    assert (said["date"], said["place"], said["title"]) == ("1962-04-06", "Bergen", "Fisheries")
    assert people == [Participant(name="Einar Halvorsen", title="Norwegian Ambassador"), Participant(name="Mr. Tern")]


def test_what_a_header_does_not_say_is_not_guessed():
    said, _ = header_of(MEMCON.replace("May 4, 1990", "1 11, 18989").replace("The Residence, Bergen", ""))
    assert "date" not in said
    assert "place" not in said


def test_a_speech_has_no_header():
    assert header_of("Mr. President,\n\nDate and place do not matter: what matters is peace.\n") == ({}, [])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Washington, April 6, 1962.", "1962-04-06"),
        ("the 6th of it, 14 Sept. 1961", "1961-09-14"),
        ("in February 1991", "1991-02"),
        ("1 11, 18989", None),
        ("", None),
    ],
)
def test_dates_are_read_as_precisely_as_they_are_given(text, date):
    assert find_date(text) == date


def test_a_day_that_no_month_has_is_no_date():
    assert find_date("February 31, 1991") is None
    assert find_date("April 45, 1962") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We know that the work of peace is slow, and that it is not done by one of us alone but by all. " * 3, "en"),
        (
            "Nous savons que le travail de la paix est lent et qu'il ne se fait pas par un seul mais par tous. " * 3,
            "fr",
        ),
        (
            "Sabemos que el trabajo de la paz es lento y que no se hace por uno solo sino por todos los pueblos. " * 3,
            "es",
        ),
        ("Wir wissen, dass die Arbeit des Friedens langsam ist und nicht von einem allein getan wird. " * 3, "de"),
        ("Yes. No. Good-bye.", None),
        ("xqz vrr plk " * 40, None),
    ],
)
def test_a_language_is_named_by_its_commonest_words_or_not_at_all(text, language):
    assert find_language(text) == language


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("November 15 and 17, 1962", "1962-11"),
        ("October 23-24, 1995", "1995-10"),
        ("7 to 9 June 1989", "1989-06"),
        ("7 June 1989", "1989-06-07"),
        ("June 7, 1989 and later", "1989-06-07"),
        ("7 ſeptember 1789", "1789-09-07"),
    ],
)
def test_a_talk_of_several_days_is_dated_as_precisely_as_all_of_them_are(text, date):
    assert find_date(text) == date


CABLE = """PREC IMMEDIATE
FM AMEMBASSY BERGEN
TO RUEHC/SECSTATE WASHDC IMMEDIATE 4431
DTG 171208Z JAN 95
TAGS: PREL, NO
SUBJ:   {subject}

1. WE MET THE MINISTER TODAY.
"""


@pytest.mark.parametrize(
    ("subject", "kind"),
    [("MEETING WITH MINISTER HALE", "memcon"), ("TELEPHONE CALL FROM HALE", "telcon"), ("WHEAT PRICES", None)],
)
def test_a_cable_is_dated_by_its_sending_and_is_a_record_where_its_subject_is_a_talk(subject, kind):
    said, _ = header_of(CABLE.format(subject=subject))
    assert said["date"] == "1995-01-17"
    assert said.get("doc_type") == kind


def test_a_header_whose_keys_lost_their_first_letter_under_a_stamp_is_read():
    said, people = header_of(MEMCON.replace("SUBJECT", " UBJECT").replace("PARTICIPANTS", " ARTICIPANTS"))
    assert said["title"] == "Meeting with King Olaf of Norway"
    assert [person.name for person in people][:2] == ["The President", "James Tern"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Record of Conversation between Hale and Petrov", "memcon"),
        ("SUMMARY RECORD OF TELEPHONE CONVERSATION BETWEEN HALE AND PETROV", "telcon"),
        ("Address to the Diet", None),
    ],
)
def test_a_title_tells_a_record_of_a_call_or_of_a_meeting(title, kind):
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Telephone conversation with Prime Minister Kaifu", "The President: Hello."], "telcon"),
        (["TELEPHONE CALL TO KING FAHD", "The President: Hello."], "telcon"),
        (["Late last night I received a", "telephone call from President Gorbachev, who told me so."], None),
        (["A long day", "Telephone call from President Gorbachev, late at night."], None),
    ],
)
def test_a_title_that_names_a_telephone_conversation_makes_a_telcon_and_no_other_line(lines, kind):
    found = read_header([Line(start=0, end=len(text), text=text, indent=0) for text in lines]).metadata
    assert (found["doc_type"].value if "doc_type" in found else None) == kind


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("President Hale, Prime Minister Lund", {"President Hale": None, "Prime Minister Lund": None}),
        (
            "President Hale (US), Prime Minister Lund (Denmark), Robert Moss, and Anna de Berg",
            {"President Hale": "US", "Prime Minister Lund": "Denmark", "Robert Moss": None, "Anna de Berg": None},
        ),
        (
            "The President, Secretary Hale and Mr. Moss",
            {"The President": None, "Secretary Hale": None, "Mr. Moss": None},
        ),
        (
            "Thomas Hale, President, Anna Berg, Prime Minister",
            {"Thomas Hale": "President", "Anna Berg": "Prime Minister"},
        ),
        (
            "The President, Mr. Moss, NSC Staff, Premier Lund",
            {"The President": None, "Mr. Moss": "NSC Staff", "Premier Lund": None},
        ),
        ("Robert Moss, Assistant to the President", {"Robert Moss": "Assistant to the President"}),
        ("Mr. Moss, President's Private Secretary", {"Mr. Moss": "President's Private Secretary"}),
        ("Robert Moss, Policy Planning", {"Robert Moss": "Policy Planning"}),
        (
            "Secretary Hale, Robert Moss, Anna Berg, Policy Planning",
            {"Secretary Hale": None, "Robert Moss": None, "Anna Berg": "Policy Planning"},
        ),
        (
            "Prime Minister Lund of Denmark, Foreign Minister Berg of Denmark",
            {"Prime Minister Lund of Denmark": None, "Foreign Minister Berg of Denmark": None},
        ),
        ("Anna Berg, The Danish Ambassador", {"Anna Berg": "The Danish Ambassador"}),
        ("Anna Berg, Foreign Minister of Denmark", {"Anna Berg": "Foreign Minister of Denmark"}),
        ("Robert Moss, Assistant Secretary for Ice and Snow", {"Robert Moss": "Assistant Secretary for Ice and Snow"}),
    ],
)
def test_commas_part_people_who_are_named_and_not_a_name_from_its_office(line, people):
    _, found = header_of(f"Meeting on the ice\n\nParticipants: {line}\nDate: May 4, 1988\n\nThe ice is thick.\n")
    assert {person.name: person.title for person in found} == people


def test_in_a_list_of_several_lines_what_follows_a_name_without_an_office_is_where_that_one_works():
    _, found = header_of(
        "Meeting on the ice\n\nPARTICIPANTS:  Thomas Hale, North Harbor\n               Anna Berg, Lower Quay\n"
        "DATE:          May 4, 1988\n\nThe ice is thick.\n"
    )
    assert {person.name: person.title for person in found} == {
        "Thomas Hale": "North Harbor",
        "Anna Berg": "Lower Quay",
    }


@pytest.mark.parametrize("field", ["DATE: May 3, 1994", "Date: May 3, 1994", "DATE    3 May 1994"])
def test_a_date_may_be_the_one_field_under_the_title_of_a_record(field):
    said, _ = header_of(f"MEMORANDUM OF CONVERSATION\n\n{field}\n\nTHE PRESIDENT: The harbour is open.\n")
    assert said == {"doc_type": "memcon", "date": "1994-05-03"}


def test_a_date_alone_makes_no_header_where_no_title_calls_it_a_record():
    assert header_of("The harbour\n\nDATE: May 3, 1994\n\nThe harbour is open, and the fish are in.\n") == ({}, [])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("7. Minutes of a Meeting of the Harbour Council", "memcon"),
        ("Minutes of the 31st Meeting of the Harbour Council", "memcon"),
        ("Memorandum of a Telephone Conversation Between Hale and Petrov", "telcon"),
        ("Memorandum From the Clerk About His Telephone Conversation With Hale", None),
        ("The minutes of the meeting", None),
    ],
)
def test_every_reader_tells_records_by_one_rule(title, kind):
    assert kind_of(title) == kind
    [reading] = read_tei(f"<TEI><text><body><div><head>{title}</head><p>Fish.</p></div></body></text></TEI>".encode())
    assert (reading.metadata["doc_type"].value if "doc_type" in reading.metadata else None) == kind
    said, _ = header_of(f"{title}\n\nBergen, May 3, 1994.\n\nThe clerk said that the harbour was open.\n")
    assert said.get("doc_type") == kind


def test_the_minutes_of_a_meeting_keep_their_title():
    said, _ = header_of("7. Minutes of a Meeting of the Harbour Council\n\nMr. Hale said that the fish were in.\n")
    assert said["title"] == "7. Minutes of a Meeting of the Harbour Council"


@pytest.mark.parametrize("line", ["May 5, 1970", "Tuesday, May 5, 1970 - 9:00 p.m.", "5 May 1970"])
def test_a_date_on_a_line_of_its_own_over_a_record_is_its_date(line):
    said, _ = header_of(f"MEMORANDUM OF CONVERSATION\n\n{line}\n\nPARTICIPANTS: Ann Lee, Bo Dahl\n\nMr. Lee spoke.\n")
    assert said["date"] == "1970-05-05"


def test_a_date_on_a_line_of_its_own_gives_way_to_what_the_record_says_of_its_date():
    stamp = "SECRET\nMay 3, 2001\nMEMORANDUM OF CONVERSATION\n\n"
    for more in ("DATE: May 5, 1970\n", "Oslo, May 5, 1970.\n"):
        said, _ = header_of(f"{stamp}{more}PARTICIPANTS: Ann Lee, Bo Dahl\n\nMr. Lee spoke.\n")
        assert said["date"] == "1970-05-05"
