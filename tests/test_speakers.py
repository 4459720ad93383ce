"""The researcher's own table: who speaks for which state, where the texts do not say."""

import pytest

from rolecoder import tables
from rolecoder.actors import read_actors
from rolecoder.cli.app import main
from rolecoder.errors import RolecoderError
from rolecoder.speakers import Speakers, by_table, read_speakers


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


@pytest.fixture
def table(tmp_path, actors):
    """Read a table of these lines."""

    def read(*lines):
        (tmp_path / "speakers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_speakers(tmp_path / "speakers.csv", actors)

    return read


def test_a_row_for_a_document_goes_before_one_for_all(table):
    speakers = table(
        "speaker,actor,document_id", "The Chair,NOR,", "chair,DNK,b", "The  chair,SWE,c", "Hale,USA,", "HALE,USA,"
    )
    assert speakers.of("a") == {"chair": "NOR", "hale": "USA"}
    assert speakers.of("b") == {"chair": "DNK", "hale": "USA"}
    assert speakers.of("c") == {"chair": "SWE", "hale": "USA"}
    assert table("speaker,actor", "Hale,USA").of("a") == {"hale": "USA"}


def test_without_a_table_nobody_is_known(actors):
    assert read_speakers(None, actors) == Speakers()
    assert Speakers().of("a") == {}


@pytest.mark.parametrize(
    ("lines", "row", "found"),
    [
        (("Hale,USA,", "Berg,Denmrk,"), ":3", "'Denmrk' is not an actor id; closest is 'DNK' (Denmark)"),
        (("Hale,USA,", ",DNK,"), ":3", "no speaker"),
        (("Hale,USA,", "Berg,DNK,", "HALE,GBR,"), ":4", "'HALE' speaks for GBR here and for USA in row 2"),
        (("Hale,USA,x", "The Hale,GBR,x"), ":3", "'The Hale' speaks for GBR here and for USA in row 2"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_and_named(table, lines, row, found):
    with pytest.raises(RolecoderError) as error:
        table("speaker,actor,document_id", *lines)
    assert (error.value.found, error.value.where.endswith(f"speakers.csv{row}")) == (found, True)


@pytest.mark.parametrize("header", ["speaker,state", "speaker,actor,document", "speaker"])
def test_a_table_of_other_columns_is_refused(table, header):
    with pytest.raises(RolecoderError) as error:
        table(header, ",".join(["Hale", "USA", "x"][: header.count(",") + 1]))
    assert error.value.found == "columns " + ", ".join(sorted(header.split(",")))
    assert "speaker, actor" in error.value.expected


def test_a_table_that_cannot_be_read_is_refused(tmp_path, actors):
    (tmp_path / "speakers.csv").write_bytes(b"speaker,actor\nOl\xe9,NOR\n")
    for name in ("speakers.csv", "gone.csv"):
        with pytest.raises(RolecoderError, match=r"(not a readable|no such) table of speakers"):
            read_speakers(tmp_path / name, actors)


CALL = """MEMORANDUM OF TELEPHONE CONVERSATION

SUBJECT: Telephone call on the harbour
PARTICIPANTS: The Envoy
Mr. Quux
DATE: May 1, 1990

The Envoy: We keep the harbour open, and we shall keep it open for as long as the ships of our friends need it.

Mr. Quux: We are glad of it, and we thank you for the grain that came to our towns before the ice did.
"""


def test_passages_are_of_the_state_that_the_table_names(tmp_path, capsys):
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(CALL.replace("our towns", f"our {name} town"), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(
        "speaker,actor,document_id\nEnvoy,NOR,\nMr. Quux,DNK,\nMr. Quux,SWE,second\nMr. Quuux,SWE,\n", encoding="utf-8"
    )
    texts = [str(tmp_path / f"{name}.txt") for name in ("first", "second")]
    with pytest.raises(SystemExit) as stop:
        main(["ingest", *texts, "--speakers", str(tmp_path / "mine.csv"), "--out", str(tmp_path / "run")])
    assert stop.value.code == 0
    assert "in the table of speakers, but under no turn: mr. quuux\n" in capsys.readouterr().err
    passages = tables.PASSAGES.read(tmp_path / "run")
    assert set(zip(passages["document_id"], passages["speaker"], passages["source"], strict=True)) == {
        ("first", "The Envoy", "NOR"),
        ("first", "Mr. Quux", "DNK"),
        ("second", "The Envoy", "NOR"),
        ("second", "Mr. Quux", "SWE"),
    }
    assert set(passages["source_reason"]) == {by_table(name) for name in ("envoy", "mr. quux")}
