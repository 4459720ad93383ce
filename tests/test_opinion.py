from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels

from rolecoder.actors import read_actors
from rolecoder.attribute import Attributable, attribute
from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.labelled_cells import WRITTEN
from rolecoder.learning.card import model_card
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


def trained(labels, **options):
    note = EncoderNote(identity="letters@1", dim=26)
    return train(
        labels, note, LetterCounter().encode, TrainSettings(curve=False, resamples=50), name="small", **options
    )


def test_a_second_opinion_is_kept_where_it_beats_the_cues_on_other_documents_and_both_are_told():
    bundle = trained(told())
    held = bundle.scores["holders"]
    assert bundle.opinion is not None and held["kept"] and held["n"] == 180 and held["n_documents"] == 60
    assert held["opinion"]["log_loss"] < held["cues"]["log_loss"]
    assert held["opinion"]["aspect_macro_f1"]["value"] > held["cues"]["aspect_macro_f1"]["value"]
    assert held["cues"]["holder"]["low"] <= held["cues"]["holder"]["value"] <= held["cues"]["holder"]["high"]
    card = model_card(bundle)
    assert "### Holder and aspect, given the roles by hand\n\n180 passages from 60 documents" in card
    assert "the second opinion was kept" in card and "| cues of the words alone | 0." in card


def shuffled(labels):
    """The same with the sides of the documents exchanged: nothing in the texts tells them."""
    sides = [(row.holder, row.aspect) for row in labels.rows if row.roles]
    order = iter(np.random.default_rng(0).permutation(len(sides)))
    rows = []
    for row in labels.rows:
        holder, aspect = sides[next(order)] if row.roles else (None, None)
        rows.append(replace(row, holder=holder, aspect=aspect))
    return replace(labels, rows=tuple(rows))


def test_one_that_is_no_better_is_left_out_and_this_is_told():
    labels = shuffled(told())
    assert learn_opinion(labels, LetterCounter().encode) is not None
    bundle = trained(labels)
    assert bundle.opinion is None and not bundle.scores["holders"]["kept"]
    assert any("no better on documents" in warning for warning in bundle.training["warnings"])
    assert "the second opinion was left out" in model_card(bundle)


def test_passages_written_to_be_learnt_from_are_learnt_from_and_not_judged():
    labels = told()
    written = [
        replace(row, label_id=f"w{row.label_id}", document_id=f"w{row.document_id}", text=f"{row.text} Yes.")
        for row in labels.rows
    ]
    rows = (*told(12).rows, *(replace(row, stratum=WRITTEN) for row in written))
    held = trained(replace(labels, rows=rows)).scores["holders"]
    assert held["n"] == 36 and held["kept"]  # twelve documents alone are too few to learn it


def test_labels_whose_actors_are_none_of_the_table_teach_without_a_second_opinion():
    labels = told()
    strange = {"USA": "Ruritania", "JPN": "Atlantis", None: None}
    rows = [replace(row, source=strange[row.source], holder=strange[row.holder]) for row in labels.rows]
    bundle = trained(replace(labels, rows=tuple(rows)))
    assert bundle.opinion is None and "holders" not in bundle.scores
    assert any("could not be measured" in warning for warning in bundle.training["warnings"])
    mixed = [replace(row, holder="Atlantis") if row.holder == "JPN" else row for row in labels.rows]
    held = trained(replace(labels, rows=tuple(mixed))).scores["holders"]
    assert held["n"] == 180 and held["cues"]["n_log_loss"] == 120


def test_too_few_labels_for_it_still_say_how_well_the_cues_do_and_none_say_nothing():
    bundle = trained(told(20))
    assert bundle.opinion is None and set(bundle.scores["holders"]) == {"n", "n_documents", "kept", "cues"}
    assert "too few for a second opinion" in model_card(bundle)
    assert "Holder and aspect, given" not in model_card(trained(small_labels(20)))


def test_the_card_of_a_model_whose_second_opinion_was_not_measured_says_so():
    bundle = trained(told())
    older = replace(bundle, scores={name: value for name, value in bundle.scores.items() if name != "holders"})
    assert "second opinion adds to the cues of the words was not measured" in model_card(older)
    assert "Holder and aspect, given" not in model_card(replace(older, opinion=None))
