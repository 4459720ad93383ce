import json
from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.config import Study
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum
from rolecoder.model.thresholds import MIN_GIVEN, NEVER, choose_for, counts_at, make_curve
from rolecoder.train import TrainSettings, train


def made(seed=0, n=400, roles=3):
    rng = np.random.default_rng(seed)
    truth = (rng.random((n, roles)) < 0.2).astype(np.int8)
    return np.clip(0.35 * truth + 0.6 * rng.random((n, roles)), 0, 1), truth


@settings(max_examples=25)
@given(wanted=st.floats(0.3, 0.95), seed=st.integers(0, 20))
def test_a_named_precision_is_reached_by_the_lowest_threshold_that_does(wanted, seed):
    p, truth = made(seed)
    curve = make_curve(p, truth)
    for role, limit in enumerate(choose_for(curve, "precision", wanted)):
        if limit == NEVER:
            continue
        chosen = p[:, role] >= limit
        assert chosen.sum() >= MIN_GIVEN and truth[chosen, role].mean() >= wanted - 1e-9
        for lower in curve.thresholds[curve.thresholds < limit]:
            assert truth[p[:, role] >= lower, role].mean() < wanted + 1e-6


@settings(max_examples=25)
@given(wanted=st.floats(0.05, 1.0), seed=st.integers(0, 20))
def test_a_named_recall_is_reached_by_the_highest_threshold_that_does(wanted, seed):
    p, truth = made(seed)
    curve = make_curve(p, truth)
    for role, limit in enumerate(choose_for(curve, "recall", wanted)):
        assert p[truth[:, role] == 1, role].size * wanted <= (p[truth[:, role] == 1, role] >= limit).sum() + 1e-4
        for higher in curve.thresholds[curve.thresholds > limit]:
            assert (p[truth[:, role] == 1, role] >= higher).mean() < wanted + 1e-6


def test_a_precision_that_no_threshold_reaches_means_the_role_is_never_given():
    p, truth = made()
    truth[:, 1] = 0
    limits = choose_for(make_curve(p, truth), "precision", 0.9)
    assert limits[1] == NEVER and limits[0] < 1


def test_a_precision_of_too_few_passages_is_not_believed():
    p, truth = np.full((50, 1), 0.1), np.zeros((50, 1), dtype=np.int8)
    p[: MIN_GIVEN - 1], truth[: MIN_GIVEN - 1] = 0.9, 1
    assert choose_for(make_curve(p, truth), "precision", 0.9)[0] == NEVER
    p[MIN_GIVEN - 1], truth[MIN_GIVEN - 1] = 0.9, 1
    assert choose_for(make_curve(p, truth), "precision", 0.9)[0] < NEVER


@pytest.fixture(scope="module")
def bundle():
    note = EncoderNote(identity="letters@1", dim=26)
    return train(small_labels(30), note, LetterCounter().encode, TrainSettings(curve=False, resamples=5), name="small")


def test_a_saved_model_chooses_as_the_one_that_was_trained_and_a_role_never_given_gets_no_code(bundle, tmp_path):
    loaded = load_bundle(save_bundle(bundle, tmp_path / "m", "card"))
    chosen = loaded.with_thresholds("recall", 0.9)
    assert np.array_equal(chosen.head.thresholds, bundle.with_thresholds("recall", 0.9).head.thresholds)
    assert chosen.never == ()
    limits = chosen.head.thresholds.copy()
    limits[0] = NEVER
    muted = replace(chosen, head=replace(chosen.head, thresholds=limits))
    assert muted.never == ("leader",)
    texts = [row.text for row in small_labels(4).rows]
    passages = PassageTexts(text=texts, before=[""] * len(texts), after=[""] * len(texts))
    decided = classify(passages, muted, LetterCounter().encode).decided
    assert not decided[:, 0].any() and decided[:, 1].any()


def test_error_rates_are_those_at_the_thresholds_asked_for(bundle, tmp_path):
    loaded = load_bundle(save_bundle(bundle, tmp_path / "m", "card"))
    assert set(loaded.curves) == set(bundle.error_rates) == {"all", "random", "sought"}
    before, after = (model.error_rates for model in (loaded, loaded.with_thresholds("recall", 1.0)))
    for subset in before:
        for role, counts in after[subset].items():
            assert counts["documents_positive"] == before[subset][role]["documents_positive"]
            own = before[subset][role]
            assert counts["tp"] + counts["fn"] == own["tp"] + own["fn"] and counts["fp"] + counts["tn"] == (
                own["fp"] + own["tn"]
            )
    assert all(counts["fn"] == 0 for counts in after["all"].values())
    limits = loaded.head.thresholds.copy()
    limits[0] = NEVER
    counts = counts_at(loaded.curves["all"], limits, before["all"])
    assert counts["leader"]["tp"] == counts["leader"]["fp"] == 0


@settings(max_examples=10)
@given(seed=st.integers(0, 20))
def test_counts_of_a_curve_are_those_of_its_passages(seed):
    p, truth = made(seed)
    limits = np.full(truth.shape[1], 0.35, dtype=np.float32)
    names = [f"role {n}" for n in range(truth.shape[1])]
    for column, counts in enumerate(counts_at(make_curve(p, truth), limits, {n: {} for n in names}).values()):
        given_, there = p[:, column] >= float(limits[column]), truth[:, column] == 1
        assert counts["tp"] == (given_ & there).sum() and counts["fp"] == (given_ & ~there).sum()
        assert counts["fn"] == (~given_ & there).sum() and counts["tn"] == (~given_ & ~there).sum()


def test_a_model_from_before_curves_were_kept_by_subset_is_used_and_saved_but_not_at_other_thresholds(bundle, tmp_path):
    folder = save_bundle(bundle, tmp_path / "m", "card")
    numbers = load_file(folder / "head.safetensors")
    older = {name: array[0] if name in ("curve.given", "curve.hits") else array for name, array in numbers.items()}
    save_file(older, folder / "head.safetensors")
    sums = json.loads((folder / "checksums.json").read_text())
    sums["head.safetensors"] = file_checksum(folder / "head.safetensors")
    (folder / "checksums.json").write_text(json.dumps(sums))
    loaded = load_bundle(folder)
    with pytest.raises(RolecoderError, match="train it again"):
        loaded.with_thresholds("recall", 0.9)
    assert load_bundle(save_bundle(loaded, tmp_path / "again", "card")).curves == {}


def test_a_model_without_the_curve_says_that_it_must_be_trained_again(bundle):
    with pytest.raises(RolecoderError, match=r"(?s)precision of 0\.8.*train it again"):
        replace(bundle, curves={}).with_thresholds("precision", 0.8)


def study(**coding):
    return Study.model_validate({"study": "s", "corpora": [{"path": "x"}], "coding": coding}).coding


def test_a_study_names_f1_a_precision_or_a_recall():
    assert study().thresholds == "f1" == study(thresholds="f1").thresholds
    assert study(thresholds={"precision": 0.8}).thresholds.measure == ("precision", 0.8)
    assert study(thresholds={"recall": 0.9}).thresholds.measure == ("recall", 0.9)


@pytest.mark.parametrize("wrong", ["f2", {}, {"precision": 0.8, "recall": 0.8}, {"precision": 1.5}, {"recal": 0.5}])
def test_other_thresholds_are_refused(wrong):
    with pytest.raises(ValueError, match="thresholds"):
        study(thresholds=wrong)
