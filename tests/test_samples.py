"""Hand labels of a run's own passages: matched, refused with a reason, and weighed where only some are coded."""

import csv
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from rolecoder import gather
from rolecoder.actors import read_actors
from rolecoder.annotations import Label, text_checksum
from rolecoder.codebook import Codebook, Role, with_roles
from rolecoder.config import shipped
from rolecoder.errors import RolecoderError
from rolecoder.measuring.samples import read_sample, strata_of
from rolecoder.model.labelled import Labelled, LabelledPassage
from rolecoder.tables import PASSAGES, SAMPLE

BOOK = Codebook(
    name="two",
    version="1",
    source="invented",
    roles=tuple(Role(code=c, name=c, rank=r, definition="") for r, c in enumerate(("leader", "ally"), start=1)),
)
ACTORS = read_actors(shipped("corpora/actors.csv"))
COLUMNS = ("id", "text", "date", "roles", "holder", "aspect", "undecided", "stratum", "sampling_probability")


@pytest.fixture
def passages():
    rows = [
        {
            "passage_id": f"d:{i}-{i + 4}",
            "document_id": "d",
            "start": i,
            "end": i + 4,
            "text": f"word {i}",
            "before": "",
            "after": "",
            "words": 2,
            "speaker": None,
            "source": "JPN",
            "source_reason": None,
            "addressee": None,
            "reported": False,
            "page": None,
            "doc_type": "speech",
            "date": "1990",
        }
        for i in range(0, 40, 10)
    ]
    return PASSAGES.frame(rows)


def write(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({"stratum": "JPN 1", "sampling_probability": 0.5} | row)
    return path


def test_coded_rows_are_matched_to_passages_and_the_stratum_of_all_is_known(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "Ally", "holder": "JPN", "aspect": "conception"},
        {"id": "d:10-14", "text": "word 10", "roles": "none", "undecided": "leader"},
    )
    drawn = SAMPLE.frame(
        [{"passage_id": p, "stratum": "JPN 1", "sampling_probability": 0.5} for p in passages["passage_id"]]
    )
    sample = read_sample([file], passages, BOOK, ACTORS, drawn)
    assert sample.labels["d:0-4"].roles == ("ally",) and sample.labels["d:0-4"].sampling_probability == 0.5
    assert sample.labels["d:10-14"].roles == () and sample.labels["d:10-14"].undecided == ("leader",)
    assert set(sample.strata) == set(passages["passage_id"]) and sample.waiting == 0


def test_a_sentence_that_recurs_may_be_labelled_differently_in_each_passage(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "Ally", "holder": "JPN", "aspect": "conception"},
        {"id": "d:10-14", "text": "word 0", "roles": "none"},
    )
    sample = read_sample([file], passages.assign(text="word 0"), BOOK, ACTORS, None)
    assert [label.roles for label in sample.labels.values()] == [("ally",), ()]


def test_labels_of_another_draw_than_the_runs_last_keep_no_strata(tmp_path, passages):
    file = write(tmp_path / "a.csv", {"id": "d:0-4", "text": "word 0", "roles": "none"})
    drawn = SAMPLE.frame(
        [{"passage_id": p, "stratum": "JPN 2", "sampling_probability": 0.5} for p in passages["passage_id"]]
    )
    sample = read_sample([file], passages, BOOK, ACTORS, drawn)
    assert (sample.strata, sample.astray) == ({}, 1)
    assert read_sample([file], passages, BOOK, ACTORS, drawn.assign(stratum="JPN 1")).astray == 0


def test_a_holders_name_means_whom_it_meant_at_the_passages_date_whatever_the_file_says_of_it(tmp_path, passages):
    told = {"text": "word 0", "roles": "ally", "aspect": "conception", "holder": "Russia"}
    file = write(tmp_path / "a.csv", {"id": "d:0-4", "date": "1999", **told})
    for date, holder in (("1980-03-01", "SUN"), ("1999", "RUS"), (None, "RUS")):
        sample = read_sample([file], passages.assign(date=date), BOOK, ACTORS, None)
        assert sample.labels["d:0-4"].holder == holder


def test_roles_that_the_model_was_trained_without_are_taken_out_and_counted(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "leader; ally", "holder": "JPN", "aspect": "conception"},
        {"id": "d:10-14", "text": "word 10", "roles": "leader", "holder": "JPN", "aspect": "conception"},
    )
    ally = BOOK.roles[1]
    sample = read_sample([file], passages, BOOK, ACTORS, None, replace(BOOK, roles=(ally,)))
    assert [label.roles for label in sample.labels.values()] == [("ally",), ()] and sample.foreign == 2
    assert with_roles(replace(BOOK, roles=(ally,)), [asdict(BOOK.roles[0])]) == BOOK


def test_rows_not_coded_yet_are_counted_and_the_coded_ones_of_their_stratum_stand_for_them(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "none"},
        {"id": "d:10-14", "text": "word 10", "roles": ""},
        {"id": "d:20-24", "text": "word 20", "roles": "none", "stratum": "JPN 2"},
    )
    sample = read_sample([file], passages, BOOK, ACTORS, None)
    assert sample.waiting == 1 and set(sample.labels) == {"d:0-4", "d:20-24"}
    assert sample.labels["d:0-4"].sampling_probability == 0.25
    assert sample.labels["d:20-24"].sampling_probability == 0.5


def test_strata_of_two_draws_that_have_one_name_are_thinned_each_by_itself(tmp_path, passages):
    first = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "none"},
        {"id": "d:10-14", "text": "word 10", "roles": ""},
    )
    second = write(
        tmp_path / "b.csv", {"id": "d:20-24", "text": "word 20", "roles": "none", "sampling_probability": 0.4}
    )
    sample = read_sample([first, second], passages, BOOK, ACTORS, None)
    chances = {name: label.sampling_probability for name, label in sample.labels.items()}
    assert chances == {"d:0-4": 0.25, "d:20-24": 0.4}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "d:0-4", "text": "word 0", "roles": "none", "sampling_probability": ""}, "rolecoder plan"),
        ({"id": "e:0-4", "text": "word 0", "roles": "none"}, "1 of e, which the run does not have"),
        (
            {"id": "d:0-4", "text": "another text", "roles": "none"},
            "text differs there: d:0-4 ('another text' for 'word 0')",
        ),
        ({"id": "d:0-4", "text": "another text", "roles": "none"}, "1 of d, whose text differs there"),
        ({"id": "d:0-4", "text": "word 0", "roles": "aly"}, "aly"),
        ({"id": "d:0-4", "text": "word 0", "roles": "ally", "holder": "Jpan"}, "'Jpan' is not an actor id"),
    ],
)
def test_a_row_that_cannot_correct_a_share_is_refused_with_what_to_do(tmp_path, passages, row, said):
    with pytest.raises(RolecoderError) as caught:
        read_sample([write(tmp_path / "a.csv", row)], passages, BOOK, ACTORS, None)
    assert said in str(caught.value)


def test_labels_of_a_text_that_was_moved_are_known_by_their_words(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:4-8", "text": "word  0", "roles": "none"},
        {"id": "d:10-14", "text": "word 20", "roles": "ally"},  # another passage stands in its place now
    )
    sample = read_sample([file], passages, BOOK, ACTORS, None)
    assert {name: label.roles for name, label in sample.labels.items()} == {"d:0-4": (), "d:20-24": ("ally",)}
    assert sample.moved == {"d:4-8": "d:0-4", "d:10-14": "d:20-24"}
    draw = [{"passage_id": name, "stratum": "JPN 1", "sampling_probability": 0.5} for name in ("d:4-8", "d:10-14")]
    with_draw = read_sample([file], passages, BOOK, ACTORS, pd.DataFrame(draw))
    assert with_draw.strata == {"d:0-4": "JPN 1", "d:20-24": "JPN 1"}  # the draw follows its labels


@pytest.mark.parametrize("texts", [["same", "same", "b", "c"], ["same", "a", "b", "c"]])
def test_a_label_is_never_moved_to_one_of_two_passages_with_its_words_nor_two_labels_to_one(tmp_path, passages, texts):
    rows = [{"id": f"d:{place}-{place + 4}", "text": "same", "roles": "none"} for place in (1, 2)]
    for given in (rows[: texts.count("a") + 1], rows):
        with pytest.raises(RolecoderError, match="where their text stands or is labelled twice"):
            read_sample([write(tmp_path / "a.csv", *given)], passages.assign(text=texts), BOOK, ACTORS, None)


def test_all_labels_that_lost_their_passage_are_told_at_once_by_document(tmp_path, passages):
    rows = [{"id": f"gone:{place}-{place + 4}", "text": f"g {place}", "roles": "none"} for place in (0, 10)]
    rows += [
        {"id": "d:0-4", "text": "old words", "roles": "none"},
        {"id": "d:10-14", "text": "word 10", "roles": "none"},
    ]
    with pytest.raises(RolecoderError) as caught:
        read_sample([write(tmp_path / "a.csv", *rows)], passages, BOOK, ACTORS, None)
    said = str(caught.value)
    assert "3 labels of 4 are of no passage of the run" in said
    assert "2 of gone, which the run does not have" in said and "1 of d, whose text differs there" in said


def test_holders_may_be_names(tmp_path, passages):
    file = write(
        tmp_path / "a.csv",
        {"id": "d:0-4", "text": "word 0", "roles": "ally", "holder": "Japan", "aspect": "conception"},
        {
            "id": "d:10-14",
            "text": "word 10",
            "roles": "ally",
            "holder": "group:like-minded states",
            "aspect": "conception",
        },
        {"id": "d:20-24", "text": "word 20", "roles": "ally"},
        {"id": "d:30-34", "text": "word 30", "roles": "none"},
    )
    sample = read_sample([file], passages, BOOK, ACTORS, None)
    assert [row.holder for row in sample.labels.values()] == ["JPN", "group:like-minded states", None, None]


def test_quotes_and_dashes_that_a_spreadsheet_rewrote_are_the_same_text(tmp_path, passages):
    typed = passages.assign(text=passages["text"].where(passages["passage_id"] != "d:0-4", '"Aid" -- allies\' aid...'))
    row = {"id": "d:0-4", "text": "“Aid” – allies’ aid…", "roles": "none"}
    assert "d:0-4" in read_sample([write(tmp_path / "a.csv", row)], typed, BOOK, ACTORS, None).labels


def test_without_labels_there_is_an_empty_sample(passages):
    assert read_sample([], passages, BOOK, ACTORS, None).labels == {}


def test_labels_that_taught_the_model_are_counted(monkeypatch, tmp_path):
    passages = [
        LabelledPassage(
            document="d", start=None, end=None, roles=("leader",), checksum=text_checksum(text), label_id=label_id
        )
        for label_id, text in (("We lead.", "We  lead."), ("mine 1", "We help."), (None, "We stand apart."))
    ]
    taught = Labelled(passages=tuple(passages), vectors=np.zeros((3, 2), dtype=np.int8))
    monkeypatch.setattr(gather, "load_bundle", lambda _: SimpleNamespace(labelled=taught))
    texts = ("We lead.", "We follow.", "We help.", "We stand apart.")
    labels = {text: Label(label_id=text, text=text, roles=("leader",)) for text in texts}
    study = SimpleNamespace(coding=SimpleNamespace(model=tmp_path))
    assert gather.learnt_from(study, labels) == (1, 2) and gather.learnt_from(study, {}) == (0, 0)


def test_a_stratum_of_which_nothing_could_be_drawn_is_none():
    drawn = pd.DataFrame({"passage_id": ["a", "b"], "stratum": ["USA 1", "USA 2"], "sampling_probability": [0.5, 0.0]})
    assert strata_of([("a", "USA 1")], drawn) == {"a": "USA 1"}
