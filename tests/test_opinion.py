from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels

from rolecoder.actors import read_actors
from rolecoder.attribute import Attributable, attribute
from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.model.opinion import Opinion, learn_opinion
from rolecoder.train import TrainSettings, train


def told(documents=60):
    """Labels whose aspect and holder hang on the role: a leader acts, a helper is another, a loner conceives."""
    sides = {"leader": ("USA", "performance"), "helper": ("JPN", "prescription"), "loner": ("USA", "conception")}
    labels = small_labels(documents)
    rows = [
        replace(row, source="USA", holder=sides[row.roles[0]][0], aspect=sides[row.roles[0]][1]) if row.roles else row
        for row in labels.rows
    ]
    return replace(labels, rows=tuple(rows))


def test_it_leans_toward_what_was_labelled_alike():
    opinion = learn_opinion(told(), LetterCounter().encode)
    vectors = LetterCounter().encode(["We lead our region today.", "We send aid to poorer states today."])
    add = opinion.of(vectors, ["USA", "USA"]).add
    assert add(0, "USA", "performance") > add(1, "USA", "performance")
    assert add(1, "JPN", "prescription") > add(0, "JPN", "prescription")
    assert add(1, "USA", "conception") < 0 < add(0, "USA", "conception")  # the second speaks of another
    assert add(0, "JPN", "conception") == 0.0


def test_a_row_counts_as_much_as_its_weight_says():
    labels = told()
    swapped = {"USA": "JPN", "JPN": "USA"}
    against = [
        replace(row, label_id=f"{row.label_id}b", holder=swapped[row.holder], weight=1e-9)
        for row in labels.rows
        if row.holder
    ]
    opinion = learn_opinion(labels, LetterCounter().encode)
    again = learn_opinion(replace(labels, rows=(*labels.rows, *against)), LetterCounter().encode)
    assert np.allclose(again.coefficients, opinion.coefficients, atol=0.01)


def test_too_few_labels_of_a_side_give_no_second_opinion():
    assert learn_opinion(told(20), LetterCounter().encode) is None
    assert learn_opinion(small_labels(60), LetterCounter().encode) is None


def test_rows_without_a_source_do_not_say_that_the_holder_is_another():
    labels = told()
    assert learn_opinion(replace(labels, rows=tuple(replace(row, source=None) for row in labels.rows)), len) is None


def test_it_can_change_whose_role_it_is_and_from_which_side(root):
    actors = read_actors(root / "corpora" / "actors.csv")
    item = Attributable(text="Japan has a duty that we share.", source="USA", roles=("developer",))
    strong = Opinion(
        coefficients=np.array([[40.0], [40.0], [0.0]], dtype=np.float32), intercepts=np.zeros(3, np.float32)
    )
    one, other = (
        attribute([item], actors, correction=strong.of(np.array([[sign]], dtype=np.float32), ["USA"]))[0]
        for sign in (1.0, -1.0)
    )
    assert (one.holder, one.aspect) == ("JPN", "performance") and other.holder == "USA"
    assert other.aspect != "performance"


def test_a_saved_model_keeps_it_and_one_without_it_loads(tmp_path):
    note = EncoderNote(identity="letters@1", dim=26)
    settings = TrainSettings(curve=False, resamples=5)
    bundle = train(told(), note, LetterCounter().encode, settings, name="small")
    loaded = load_bundle(save_bundle(bundle, tmp_path / "m", "card"))
    assert loaded.opinion.coefficients == pytest.approx(bundle.opinion.coefficients)
    plain = save_bundle(replace(bundle, opinion=None, curves={}, labelled=None), tmp_path / "old", "card")
    older = load_bundle(plain)
    assert older.opinion is None and older.curves == {} and older.labelled is None
