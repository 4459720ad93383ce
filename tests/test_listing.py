"""Who is listed for which state: lists of participants as they stand on the page. Every text here is invented."""

import pytest

from rolecoder.actors import read_actors
from rolecoder.dialogue.cast import Cast
from rolecoder.dialogue.header import read_cast
from rolecoder.dialogue.listing import listed
from rolecoder.ingest import read_file
from rolecoder.records import Document
from rolecoder.turns import read_turns


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


HEAD = """THE WHITE HOUSE

MEMORANDUM OF CONVERSATION

SUBJECT:       Meeting with {partner}

{people}

DATE, TIME:    May 4, 1988, 10:00 - 11:00 a.m.
AND PLACE:     The Oval Office

"""
TALK = "{}: The ice in the harbor is thick, and {} ships wait for the thaw.\n\n"


def states(people, labels, folder, actors, partner="Prime Minister Lund of Denmark"):
    """The state of each label, and the participants that the document tells, from a file with such a list."""
    path = folder / "talk.txt"
    labels = ["The President", *labels]
    lines = [TALK.format(label, number) for number, label in enumerate(labels * 2, start=3)]
    path.write_text(HEAD.format(partner=partner, people=people) + "".join(lines), encoding="utf-8")
    (document,) = read_file(path)
    turns, _ = read_turns(document, actors)
    assert [turn.speaker for turn in turns] == labels * 2
    assert turns[0].actor == "USA"
    told = {participant.name: participant.title for participant in document.participants}
    return {turn.speaker: turn.actor for turn in turns if turn.speaker != "The President"}, told


LABELS = {"Mr. Hale": "USA", "Mr. Porter": "USA", "Mr. Lund": "DNK", "Ms. Berg": "DNK", "Mr. Dahl": "DNK"}


def test_two_columns_under_two_states_are_two_sides(tmp_path, actors):
    people = """PARTICIPANTS:  U.S.                                  Denmark

               The President                         Prime Minister Lund
               Robert Hale, Secretary of State       Anna Berg, Foreign Minister
               James Porter, Assistant to the        Jens Dahl
                  President                          Ole Friis"""
    found, told = states(people, [*LABELS, "Mr. Friis"], tmp_path, actors)
    assert found == LABELS | {"Mr. Friis": "DNK"}
    assert told["James Porter"] == "Assistant to the President"
    assert {"Jens Dahl", "Ole Friis", "Prime Minister Lund"} <= set(told)


def test_names_on_the_left_and_their_offices_on_the_right_are_no_two_sides(tmp_path, actors):
    people = """PARTICIPANTS:  The President
               Robert Hale             Secretary of State
               James Porter            NSC Staff
               Prime Minister Lund     of Denmark
               Anna Berg               Foreign Minister of Denmark
               Jens Dahl               Ambassador of Denmark"""
    found, told = states(people, list(LABELS), tmp_path, actors)
    assert found == LABELS
    assert told["Robert Hale"] == "Secretary of State"


@pytest.mark.parametrize(
    "people",
    [
        "U.S.: The President, Secretary Hale, James Porter (NSC). Denmark: Prime Minister Lund, Foreign Minister Berg, Jens Dahl.",
        "The President, Secretary Hale, James Porter (NSC); for Denmark: Prime Minister Lund, Foreign Minister Berg, Jens Dahl",
        "For the United States: The President, Secretary Hale, Mr. James Porter, NSC Staff; and "
        "for Denmark: Prime Minister Lund, Ms. Anna Berg, Foreign Minister, Mr. Jens Dahl",
    ],
)
def test_a_list_in_one_paragraph_names_each_one_and_his_side(tmp_path, actors, people):
    found, _ = states("PARTICIPANTS: " + people, list(LABELS), tmp_path, actors)
    assert found == LABELS


def test_an_office_that_the_united_states_lack_is_that_of_the_one_other_state_at_the_table(tmp_path, actors):
    people = (
        "PARTICIPANTS:  The President\n               Anna Berg, Foreign Minister\n               Jens Dahl, Adviser"
    )
    labels = ["Ms. Berg", "Mr. Dahl"]
    assert states(people, labels, tmp_path, actors)[0] == {"Ms. Berg": "DNK", "Mr. Dahl": None}
    several = "President Rask of Denmark and President Ohls of Sweden"
    assert states(people, labels, tmp_path, actors, partner=several)[0]["Ms. Berg"] is None


def test_an_office_without_a_title_after_a_run_of_names_is_no_person(tmp_path, actors):
    people = "PARTICIPANTS:  Secretary Hale, James Porter, Robert Moss, Policy Planning\n               Prime Minister Lund of Denmark"
    found, _ = states(people, ["Mr. Porter", "Prime Minister Lund"], tmp_path, actors)
    assert found["Prime Minister Lund"] == "DNK"
    cast = Cast(actors, "1988-05-04", "USA")
    (document,) = read_file(tmp_path / "talk.txt")
    names = [person.name for person in read_cast(document, cast).people]
    assert "Robert Moss" in names and "Policy Planning" not in names


@pytest.mark.parametrize(
    "guest",
    ["Ambassador Yuri Lund", "Yuri Lund, Minister of Defense", "Yuri Lund, Secretary General", "President Lund"],
)
def test_a_guest_before_the_american_note_taker_is_no_american_for_that(guest, tmp_path, actors):
    for helper in ("Notetaker: Robert Hale, NSC Staff", "Robert Hale, NSC Staff (Interpreter)"):
        people = f"PARTICIPANTS:  George Bush, President of the United States\n               {guest}\n{helper}"
        assert states(people, ["Mr. Lund"], tmp_path, actors, partner="the guest")[0] == {"Mr. Lund": None}


def test_an_american_before_his_own_sides_note_taker_is_one(tmp_path, actors):
    people = """PARTICIPANTS:  The President
               Robert Hale, Counselor
               James Porter, NSC Staff (Notetaker)
               Anna Berg, Foreign Minister of Denmark"""
    assert states(people, ["Mr. Hale"], tmp_path, actors)[0] == {"Mr. Hale": "USA"}


def test_no_american_stands_with_a_foreign_minister_of_no_named_state_in_one_paragraph(actors):
    for partner in ("Foreign Minister Lund", "Defense Minister Lund", "President Lund"):
        raw = f"PARTICIPANTS: Secretary Kissinger\n{partner}\nAmbassador Dahl"
        text = raw.replace("\n", " ")
        document = Document(document_id="d", text=text, raw=raw, doc_type="memcon", path="d", sha256="0")
        found = {entry: actor for actor, _, entry in listed(document, Cast(actors, "1975-06-05", "USA"))}
        assert found == {"Secretary Kissinger": "USA", partner: None, "Ambassador Dahl": None}


@pytest.mark.parametrize(
    ("people", "hale"),
    [
        ("Secretary Kissinger, Foreign Minister Miyazawa, Ambassador Hale, Ambassador Yasukawa", None),
        ("Secretary Kissinger, Foreign Minister Miyazawa, Mr. Hale, Ambassador Yasukawa, Ambassador Bohlen", None),
        ("Secretary Kissinger, Foreign Minister Miyazawa, Mr. Hale, Ambassador Yasukawa", "JPN"),
    ],
)
def test_a_list_whose_sides_take_turns_places_no_one(people, hale, actors):
    text = f"PARTICIPANTS: {people}\n\nThe ice is thick."
    document = Document(document_id="d", text=text, raw=text, doc_type="memcon", path="d", sha256="0")
    found = {entry.split()[-1]: actor for actor, _, entry in listed(document, Cast(actors, "1962-06-05", "USA"))}
    assert found["Hale"] == hale
