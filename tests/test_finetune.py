"""An encoder is taught on labels: here a tiny one, made on the spot, so that nothing is downloaded."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from encoders import small_labels

from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.encode import open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.learning import finetune
from rolecoder.learning.card import model_card
from rolecoder.learning.finetune import LESSONS, TuneSettings, fine_tune
from rolecoder.learning.fit import TrainSettings
from rolecoder.model.layers import Start
from rolecoder.model.lesson_steps import Passes, rise_and_fall, split, upper_weights
from rolecoder.model.pointer import PointerSettings
from rolecoder.train import train

QUICK = TuneSettings(epochs=40, rate=3e-3, head_rate=3e-2, batch=8)


@pytest.fixture(scope="module")
def taught(tiny, tmp_path_factory):
    """Labels, their folds, what fine-tuning gave, and the folder of the encoder."""
    labels, folder = small_labels(20), tmp_path_factory.mktemp("model") / "encoder"
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    steps = []
    tuned = fine_tune(
        labels.texts,
        labels.matrix,
        folds,
        Start(base=tiny),
        folder,
        QUICK,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    return labels, folds, tuned, folder


def test_only_the_upper_layers_are_taught():
    from transformers import BertConfig, BertModel

    encoder = BertModel(
        BertConfig(vocab_size=9, hidden_size=4, num_hidden_layers=3, num_attention_heads=1, intermediate_size=4)
    )
    for first, taught in ((2, {"2"}), (-1, {"2"}), (-2, {"1", "2"}), (9, {"2"}), (0, {"0", "1", "2"})):
        holder, name, at = split(encoder, first)
        weights = upper_weights(encoder, getattr(holder, name)[at:])
        named = {name for name, weight in encoder.named_parameters() if weight.requires_grad}
        assert {name.split(".")[2] for name in named} == taught and len(weights) == len(named)
        assert all(name.startswith("encoder.layer.") for name in named)


def test_it_learns_to_tell_roles_apart_on_documents_it_has_not_seen(taught):
    labels, _, tuned, _ = taught
    right = (tuned.held_out > 0) == (labels.matrix == 1)
    assert right.mean() > 0.9


def test_the_encoder_kept_and_its_output_layer_belong_together(taught):
    labels, _, tuned, folder = taught
    vectors = open_encoder(str(folder)).encode(labels.texts)
    odds = vectors @ tuned.coefficients.T + tuned.intercepts
    assert ((odds > 0) == (labels.matrix == 1)).mean() > 0.95


def test_the_same_seed_gives_the_same_scores_and_the_encoder_is_told_of_once_it_is_written(taught, tiny, tmp_path):
    labels, folds, tuned, _ = taught
    new, told = tmp_path / "encoder", []
    again = fine_tune(
        labels.texts,
        labels.matrix,
        folds,
        Start(base=tiny),
        new,
        QUICK,
        written=lambda: told.append((new / "model.safetensors").is_file()),
    )
    assert np.allclose(again.held_out, tuned.held_out, atol=1e-5) and told == [True]


def test_the_second_reading_begins_as_soon_as_the_encoder_is_written(taught):
    labels, _, tuned, folder = taught
    opened, order = open_encoder(str(folder)), []
    note = EncoderNote(identity=opened.identity, dim=opened.dim, folder="encoder")

    def tune(_, folds, written):
        written()
        order.append("scores")
        return note, opened.encode, tuned

    point = SimpleNamespace(
        settings=PointerSettings(),
        begin=lambda given: order.append("pointing"),
        wait=lambda: order.append("waited for"),
    )
    train(labels, note, opened.encode, TrainSettings(resamples=2), name="m", tune=tune, point=point)
    assert order == ["pointing", "scores", "waited for"]


def test_a_bundle_with_a_taught_encoder_is_saved_opened_and_used(taught):
    labels, _, tuned, folder = taught
    opened = open_encoder(str(folder))
    note = EncoderNote(identity=opened.identity, dim=opened.dim, folder="encoder")
    bundle = train(
        labels,
        note,
        opened.encode,
        TrainSettings(resamples=20),
        name="m",
        tune=lambda _, folds, written: (note, opened.encode, tuned),
    )
    assert [block.parts for block in bundle.head.blocks] == [("text",), ("words",)]
    assert bundle.training["fine_tuning"]["epochs"] == QUICK.epochs and bundle.scores["curve"][0]["passages"]
    words = train(labels, note, opened.encode, TrainSettings(resamples=2, blocks=(("words",),)), name="words")
    assert len(words.scores["curve"]) == 4 and words.scores["curve"] == bundle.scores["curve"]
    card = model_card(bundle)
    assert "Fine-tuned" in card and "saw nothing of its document" in card and "learnt from" not in card
    assert "Files of labels: `made.csv`.  Who coded them" in card
    assert "These are the regressions on words alone, without the encoder" in card
    assert "What more labels would bring" in model_card(words) and "regressions on words alone" not in model_card(words)
    assert (
        "encoder reads 64 tokens;" in card and "it read the first 160." in card and "second reading takes" not in card
    )
    bundle.training["pointing"] = PointerSettings().as_json()
    assert "The second reading takes 176, the names of the roles included" in model_card(bundle)
    del bundle.training["pointing"]
    bundle.training["fine_tuning"]["layers"] = "ab" * 32
    assert "saw no label of its document" in model_card(bundle) and "layers abababab" in model_card(bundle)
    bundle.training["fine_tuning"]["layers"] = None
    save_bundle(bundle, folder.parent, card)
    again = load_bundle(folder.parent)
    own = open_encoder(again.encoder_folder)
    again.check_encoder(own.identity)
    texts = ("We send aid to poorer states today.", "The meeting opened at noon today.")
    coded = classify(PassageTexts(text=texts, before=["", ""], after=["", ""]), again, own.encode)
    assert coded.given(0) == ("helper",) and coded.given(1) == ()


def test_a_passage_counts_as_much_as_its_weight_says(tiny, taught, tmp_path):
    labels, folds, tuned, _ = taught
    texts, folds = [*labels.texts] * 2, np.concatenate([folds, folds])
    truth = np.vstack([labels.matrix, 1 - labels.matrix])  # each text once as it is, once coded the other way round
    weights = np.repeat([2.0, 2e-6], len(labels))
    again = fine_tune(texts, truth, folds, Start(base=tiny), tmp_path / "encoder", QUICK, weights=weights)
    right = (again.held_out[: len(labels)] > 0) == labels.matrix
    assert right.mean() > 0.9 and ((tuned.held_out > 0) == labels.matrix).mean() > 0.9


def test_an_encoder_that_is_no_transformer_with_pooling_is_refused(tmp_path):
    (tmp_path / "modules.json").write_text(json.dumps([{"type": "x.WordEmbeddings", "path": ""}]))
    with pytest.raises(RolecoderError, match="WordEmbeddings"):
        fine_tune(
            [],
            np.zeros((0, 1), dtype=np.int8),
            np.zeros(0, dtype=np.int64),
            Start(base=tmp_path),
            tmp_path / "e",
            QUICK,
        )


def test_a_training_that_was_stopped_goes_on_where_it_stopped(tiny, taught):
    labels, folds, tuned, folder = taught
    kept = sorted((folder.parent / LESSONS).glob("*.npz"))
    assert len(kept) == 3  # one for each fold and one for the encoder that is kept
    times = [path.stat().st_mtime_ns for path in kept]
    kept[0].unlink()
    again = fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, QUICK)
    assert np.allclose(again.held_out, tuned.held_out, atol=1e-5)
    after = sorted((folder.parent / LESSONS).glob("*.npz"))
    assert [path.name for path in after] == [path.name for path in kept]
    assert [path.stat().st_mtime_ns for path in after[1:]] == times[1:] and after[0].stat().st_mtime_ns != times[0]


def test_a_training_that_goes_on_does_not_take_another_trainings_encoder_for_its_own(tiny, tmp_path):
    labels = small_labels(6)
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    folder = tmp_path / "m" / "encoder"
    first, other = TuneSettings(epochs=1, batch=8), TuneSettings(epochs=1, batch=8, seed=1)
    tuned = fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, first)
    vectors = open_encoder(str(folder)).encode(labels.texts)
    fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, other)
    again = fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, first)
    assert np.allclose(open_encoder(str(folder)).encode(labels.texts), vectors, atol=1e-5)
    assert np.allclose(again.coefficients, tuned.coefficients, atol=1e-5)


def test_how_many_are_taught_side_by_side_does_not_make_a_training_start_anew(tiny, tmp_path):
    labels = small_labels(6)
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    folder = tmp_path / "m" / "encoder"

    def times(workers):
        settings = TuneSettings(epochs=1, batch=8, workers=workers)
        fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, settings)
        return {path: path.stat().st_mtime_ns for path in (tmp_path / "m" / LESSONS).iterdir()}

    assert times(2) == times(1)


def test_where_one_encoder_fails_the_others_are_not_begun(tiny, tmp_path):
    labels = small_labels(16)
    folds = np.array([int(name[1:]) % 8 for name in labels.documents])
    folder = tmp_path / "m" / "encoder"
    folder.parent.mkdir()
    folder.write_text("A file where the encoder, which is taught first, is to be written.")
    settings = TuneSettings(epochs=1, batch=8, workers=1)
    with pytest.raises(OSError, match="encoder"):
        fine_tune(labels.texts, labels.matrix, folds, Start(base=tiny), folder, settings)
    assert len(list((tmp_path / "m").glob(f"{LESSONS}/*.npz"))) < 6


def test_an_encoder_that_pools_by_its_first_token_is_refused(tiny, tmp_path):
    shutil.copytree(tiny, tmp_path / "cls")
    (tmp_path / "cls" / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 32, "pooling_mode_cls_token": True}), encoding="utf-8"
    )
    with pytest.raises(RolecoderError, match="pooling by cls_token"):
        Start(base=tmp_path / "cls").check()


def test_rates_rise_and_fall_over_the_steps_of_all_passes(tiny, tmp_path, monkeypatch):
    labels, steps = small_labels(20), []

    def noted(optimiser, count, warm_up):
        steps.append(count)
        return rise_and_fall(optimiser, count, warm_up)

    monkeypatch.setattr(finetune, "rise_and_fall", noted)
    settings = replace(QUICK, epochs=1.5)
    path = tmp_path / "below.npy"
    lengths = finetune._below(("We lead.", *labels.texts), path, Start(base=tiny), settings)
    lesson = finetune._Lesson(
        paths=(path,),
        lengths=lengths,
        learnt=tuple(range(1, len(lengths))),
        truth=labels.matrix,
        weights=labels.weights,
        unseen=(0,),
        number=0,
    )
    scores, _, _ = finetune._teach(lesson, Start(base=tiny), None, settings)
    passes = Passes(lengths[1:], settings.batch, settings.epochs, np.random.default_rng(0))
    assert steps == [passes.steps] and passes.steps > np.ceil(len(labels) / settings.batch)
    assert np.isfinite(scores).all()
