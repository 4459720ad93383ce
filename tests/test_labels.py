"""Which labels are learned and whom they mean, from files with a list of their own. Every text here is invented."""

import pytest

from rolecoder.actors import read_actors
from rolecoder.ingest import read_file
from rolecoder.turns import read_turns


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


LINES = (
    "The ice in the harbor is thick, and the ships of both our countries wait for the thaw.",
    "We have sent out two icebreakers, and we shall send a third as soon as its crew is found.",
)
LISTED = (
    "Paul Hartwell, Secretary of State; Tano Oda, Foreign Minister of Japan; John Kells, Assistant Secretary of State"
)
RECORD = "MEMORANDUM OF CONVERSATION\n\nParticipants: {}\nDate: February 6, 2004\n\n"
MEETING = "Meeting on the Ice\n\nParticipants: {}\nDate: February 6, 2004\n\n"


def read(folder, actors, head, labels):
    """Speaker and state of each turn of a file, each label before a sentence or two, and the reasons of the rest."""
    path = folder / "talk.txt"
    path.write_text(head + "".join(f"{label}: {LINES[n % 2]}\n\n" for n, label in enumerate(labels)), encoding="utf-8")
    (document,) = read_file(path)
    turns, dropped = read_turns(document, actors)
    assert all(turn.text.startswith(LINES) for turn in turns if turn.speaker in labels)
    return [(turn.speaker, turn.actor) for turn in turns], {
        document.text[d.start : d.end]: d.reason for d in dropped if d.start is not None
    }


def test_a_surname_of_few_capitals_is_that_of_the_one_listed_though_he_speaks_once(tmp_path, actors):
    labels = ["HARTWELL", "KELLS", "HARTWELL", "ODA", "HARTWELL"]
    found, _ = read(tmp_path, actors, RECORD.format(LISTED), labels)
    assert [speaker for speaker, _ in found] == labels
    assert dict(found)["ODA"] == "JPN"


@pytest.mark.parametrize(
    "people", ["Tano Oda of Japan; Ann Orr of Canada", "Oda Tano of Japan; Orr Ann of Canada", "Mr. Oda; Ms. Orr"]
)
def test_surnames_of_few_capitals_cut_a_text_that_is_no_record(tmp_path, actors, people):
    labels = ["ODA", "ORR"] * 4
    found, _ = read(tmp_path, actors, MEETING.format(f"Paul Hartwell of the United States; {people}"), labels)
    assert [speaker for speaker, _ in found if speaker in labels] == labels


def test_a_surname_of_few_capitals_is_no_ones_initials_but_his_whom_they_fit(tmp_path, actors):
    found, _ = read(tmp_path, actors, RECORD.format(LISTED.replace("Kells", "Adams")), ["HARTWELL", "ODA", "NEA"] * 2)
    assert dict(found)["NEA"] is None  # Adams ends in no A of his
    found, _ = read(tmp_path, actors, RECORD.format("Ole Krag, Foreign Minister of Denmark; " + LISTED), ["ODA", "OEK"])
    assert dict(found) == {"ODA": "JPN", "OEK": "DNK"}


def test_surnames_of_few_capitals_that_no_list_names_are_labels_where_they_recur(tmp_path, actors):
    labels = ["HARTWELL", "VAN"] * 5
    found, _ = read(tmp_path, actors, "An Evening in the Town Hall\n\nMarch 12, 2004\n\n", labels)
    assert [speaker for speaker, _ in found] == labels


def test_a_short_record_with_one_label_that_recurs_is_no_narrative(tmp_path, actors):
    for labels in (["HARTWELL", "ODA", "HARTWELL"], ["HARTWELL", "HARTWELL"], ["HARTWELL", "ODA"]):
        found, dropped = read(tmp_path, actors, RECORD.format(LISTED), labels)
        assert {speaker for speaker, _ in found} == set(labels)
        assert "narration" not in dropped.values()


def test_two_of_those_listed_who_speak_under_their_names_make_a_conversation_of_any_text(tmp_path, actors):
    people = "President Hale (US), Prime Minister Lund (Denmark), Robert Moss, Anna Berg"
    for labels in (["Hale", "Lund"], ["Hale", "Lund", "Berg", "Moss"], ["Hale", "Lund"] * 3 + ["Moss"]):
        found, _ = read(tmp_path, actors, MEETING.format(people), labels)
        assert [speaker for speaker, _ in found if speaker in labels] == labels
        assert dict(found)["Hale"] == "USA" and dict(found)["Lund"] == "DNK"
