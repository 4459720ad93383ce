"""Which labels are learned, whom they mean, and who speaks where there are none. Every text here is invented."""

import pytest

from rolecoder.actors import read_actors
from rolecoder.ingest import read_file
from rolecoder.reading import read_one
from rolecoder.records import Document, Participant
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


def test_a_list_of_who_takes_part_and_the_title_over_it_are_no_speech(tmp_path, actors):
    for key in ("Participants", "Speakers", "Present", "PARTICIPANTS"):
        head = MEETING.format("Thomas Hale of the United States; Erik Lund of Denmark").replace("Participants", key)
        found, dropped = read(tmp_path, actors, head, ["HALE", "LUND"] * 3)
        assert [speaker for speaker, _ in found] == ["HALE", "LUND"] * 3
        assert {dropped[part] for part in dropped if "Thomas Hale" in part or "Ice" in part} == {"header"}


def test_the_title_over_a_press_conference_is_no_speech_in_one_paragraph_with_place_and_date(tmp_path, actors):
    head = "JOINT PRESS CONFERENCE\nPresident Thomas Hale and Prime Minister Erik Lund\nAarhus, November 16, 2005\n\n"
    found, dropped = read(tmp_path, actors, head, ["PRESIDENT HALE", "PRIME MINISTER LUND"] * 2)
    assert [speaker for speaker, _ in found] == ["PRESIDENT HALE", "PRIME MINISTER LUND"] * 2
    assert "header" in dropped.values()


HALE, LUND = Participant(name="Thomas Hale", actor="USA"), Participant(name="Erik Lund", actor="DNK")
MOSS = Participant(name="Robert Moss", title="Secretary of State of the United States")
TAKER = Participant(name="Anna Berg", actor="DNK", title="Interpreter")
DOE = Participant(name="Jane Doe")


@pytest.mark.parametrize("doc_type", ["speech", "other", "press"])
@pytest.mark.parametrize(
    ("people", "owner", "speaker", "actor"),
    [
        ((HALE, LUND), None, None, None),
        ((HALE, LUND), "USA", None, None),
        ((HALE, MOSS), None, None, "USA"),
        ((HALE, DOE), None, None, None),
        ((HALE, DOE), "USA", None, "USA"),
        ((HALE, TAKER), None, "Thomas Hale", "USA"),
        ((HALE, HALE), None, "Thomas Hale", "USA"),
    ],
)
def test_words_without_a_label_are_no_one_states_where_speakers_of_several_are_named(
    doc_type, people, owner, speaker, actor, actors
):
    text = "\n\n".join(LINES)
    document = Document(
        document_id="d",
        text=text,
        raw=text,
        doc_type=doc_type,
        path="d.txt",
        sha256="0",
        participants=people,
        actor=owner,
    )
    turns, dropped = read_turns(document, actors)
    assert not dropped
    assert [(turn.speaker, turn.actor) for turn in turns] == [(speaker, actor)]
    assert (turns[0].reason == "several speakers are named, and no label says who speaks") == (actor is None)


def test_a_list_of_who_takes_part_is_no_speech_where_no_label_stands_either(tmp_path, actors):
    path = tmp_path / "talk.txt"
    for title in ("Remarks on the Ice", "Paper on the Ice"):
        people = "Participants: Thomas Hale of the United States; Erik Lund of Denmark\nDate: May 1, 1990"
        path.write_text(f"{title}\n\n{people}\n\n{LINES[0]}\n\n{LINES[1]}\n", encoding="utf-8")
        (document,) = read_file(path)
        turns, dropped = read_turns(document, actors)
        assert [(turn.text, turn.actor) for turn in turns] == [("\n\n".join(LINES), None)]
        assert {d.reason for d in dropped} == {"header"}


def test_names_and_offices_in_one_run_are_people_of_their_own_states(tmp_path, root):
    (tmp_path / "a.txt").write_text(
        "MEMORANDUM OF CONVERSATION\n\nSUBJECT: Talks on the Gulf\n"
        "PARTICIPANTS: George Bush, President of the United States, Toshiki Kaifu, Prime Minister of Japan\n"
        "DATE: September 29, 1990\n\n"
        + "Bush: We look to you for help.\n\nKaifu: We shall send doctors to the Gulf.\n\n"
        * 2,
        encoding="utf-8",
    )
    _, turns, _ = read_one(tmp_path / "a.txt", root / "corpora" / "actors.csv", None)[0]
    assert [turn.actor for turn in turns] == ["USA", "JPN"] * 2
