import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels
from safetensors.numpy import save

from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.errors import RolecoderError
from rolecoder.explain import VARIANTS, explain, stretches
from rolecoder.model.labelled import read_labelled
from rolecoder.tables import EXPLANATIONS
from rolecoder.train import TrainSettings, train


@pytest.fixture(scope="module")
def bundle():
    labels = small_labels(30)
    rows = tuple(replace(row, start=10 * i, end=10 * i + 9) for i, row in enumerate(labels.rows))
    note = EncoderNote(identity="letters@1", dim=26)
    settings = TrainSettings(curve=False, resamples=5, blocks=(("words",),))
    return train(replace(labels, rows=rows), note, LetterCounter().encode, settings, name="small")


def passages(*texts):
    return PassageTexts(text=texts, before=[""] * len(texts), after=[""] * len(texts))


def test_the_words_without_which_a_role_is_less_likely_are_named_strongest_first(bundle):
    texts = passages("Yesterday we send aid to poorer states, as the papers wrote.", "Nothing at all.")
    helper, nothing = explain(texts, [("helper",), ()], bundle, LetterCounter().encode)
    assert nothing == () and helper[0].role == "helper"
    falls = [stretch.fall for stretch in helper[0].words]
    assert falls == sorted(falls, reverse=True) and falls[0] > 0.1
    assert "papers" not in {stretch.text for stretch in helper[0].words}
    first = helper[0].words[0]
    without = texts.text[0][: first.start] + texts.text[0][first.end :].lstrip()
    odds = [classify(passages(t), bundle, LetterCounter().encode).probabilities[0, 1] for t in (texts.text[0], without)]
    assert np.log(odds[0] / (1 - odds[0])) - np.log(odds[1] / (1 - odds[1])) == pytest.approx(first.fall, abs=1e-6)


@pytest.mark.parametrize(("words", "size"), [(1, 1), (40, 1), (41, 2), (400, 10)])
def test_no_passage_is_cut_into_more_stretches_than_the_limit_and_none_of_its_words_is_left_over(words, size):
    text = " ".join(f"w{i}" for i in range(words))
    cuts = stretches(text)
    assert len(cuts) <= VARIANTS and len(text[cuts[0][0] : cuts[0][1]].split()) == size
    assert " ".join(text[start:end] for start, end in cuts) == text


def test_the_nearest_labelled_olderare_named_by_id_place_and_roles_never_by_text(bundle, tmp_path):
    loaded = load_bundle(save_bundle(bundle, tmp_path / "m", "card"))
    text = small_labels(30).rows[1].text  # a labelled passage itself: a helper
    (why,) = explain(passages(text), [("helper",)], loaded, LetterCounter().encode)[0]
    nearest, likeness = why.nearest[0]
    assert (nearest.place, nearest.roles) == ("label d0-1, d0:10-19", ("helper",)) and likeness > 0.99
    assert "label d0-1, d0:10-19 (helper; cosine" in why.why
    assert replace(nearest, document="row d0-1", start=None).place == "label d0-1"  # it names no document
    stored = (tmp_path / "m" / "labelled.safetensors").read_bytes()
    assert b"aid to poorer" not in stored and len(loaded.labelled.passages) == 90  # those without a role are not kept


def test_of_a_bundle_that_was_saved_without_ids_the_nearest_are_named_by_document_and_offsets(bundle, tmp_path):
    folder = save_bundle(bundle, tmp_path / "m", "card")
    older = [{k: v for k, v in asdict(p).items() if k != "label_id"} for p in bundle.labelled.passages]
    file = tmp_path / "labelled.safetensors"
    file.write_bytes(save({"vectors": bundle.labelled.vectors}, metadata={"passages": json.dumps(older)}))
    old = replace(load_bundle(folder), labelled=read_labelled(file, 26))
    (why,) = explain(passages(small_labels(30).rows[1].text), [("helper",)], old, LetterCounter().encode)[0]
    assert "Nearest labelled passages: d0:10-19 (helper; cosine" in why.why


def test_explanations_are_rows_of_their_table(bundle):
    found = explain(passages("We lead our region."), [("leader", "helper")], bundle, LetterCounter().encode)[0]
    frame = EXPLANATIONS.frame([why.as_row("d:0-19") for why in found])
    assert list(frame["role"]) == ["leader", "helper"]


def test_a_model_without_labelled_oldersays_so(bundle):
    (why,) = explain(passages("We lead."), [("leader",)], replace(bundle, labelled=None), LetterCounter().encode)[0]
    assert why.nearest is None and "no labelled passages stored" in why.why


def test_no_coded_passage_means_nothing_is_encoded(bundle):
    encoder = LetterCounter()
    assert explain(passages("One.", "Two."), [(), ()], replace(bundle), lambda texts: encoder.encode(texts)) == [(), ()]
    assert encoder.seen == []


def test_labelled_olderof_another_width_are_refused(bundle, tmp_path):
    narrow = replace(bundle.labelled, vectors=bundle.labelled.vectors[:, :5])
    with pytest.raises(RolecoderError, match="vectors of shape"):
        load_bundle(save_bundle(replace(bundle, labelled=narrow), tmp_path / "m", "card"))
