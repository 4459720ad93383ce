"""Layers that learnt without labels: kept as differences, laid over the weights that they belong to."""

import importlib.util
import sys

import numpy as np
import pytest
from encoders import small_labels

from rolecoder.encode import PUBLISHED, open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.finetune import Start, TuneSettings, fine_tune
from rolecoder.layers import FILE, add_layers, write_layers


@pytest.fixture(scope="module")
def make(root):
    """The script that made the shipped layers."""
    spec = importlib.util.spec_from_file_location("make_layers", root / "models" / "leaders-minilm" / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def opened(start):
    return {name: weight.detach().clone() for name, weight in start.open()[1].named_parameters()}


def test_differences_come_back_to_within_a_254th_of_the_largest_of_their_row(tiny, tmp_path):
    import torch

    torch.manual_seed(1)
    before = opened(Start(tiny))
    after = {name: weight + 0.1 * torch.randn_like(weight) for name, weight in before.items()}
    after["embeddings.word_embeddings.weight"] = before["embeddings.word_embeddings.weight"]
    file = tmp_path / FILE
    write_layers(before, after, file, base=Start(tiny).weights())
    for name, weight in opened(Start(tiny, file)).items():
        moved = (after[name] - before[name]).reshape(-1, weight.shape[-1])
        allowed = moved.abs().amax(1, keepdim=True) / 254 + 1e-4
        assert ((weight - after[name]).reshape(moved.shape).abs() <= allowed).all(), name


def test_layers_of_another_encoder_are_refused(tiny, tmp_path):
    before = opened(Start(tiny))
    write_layers(before, {name: weight + 1 for name, weight in before.items()}, tmp_path / FILE, base="f" * 64)
    with pytest.raises(RolecoderError, match="belong to an encoder with SHA-256 ffff"):
        Start(tiny, tmp_path / FILE).open()


def test_layers_with_weights_that_the_encoder_lacks_are_refused(tiny, tmp_path):
    before = opened(Start(tiny))
    extra = next(iter(before.values()))
    write_layers(before | {"more": extra}, {"more": extra + 1}, tmp_path / FILE, base=Start(tiny).weights())
    with pytest.raises(RolecoderError, match="lacks: more"):
        Start(tiny, tmp_path / FILE).open()


def test_a_file_that_holds_no_layers_is_refused(tiny, tmp_path):
    (tmp_path / FILE).write_bytes(b"nothing of the kind")
    with pytest.raises(RolecoderError, match="not readable"):
        add_layers(Start(tiny).open()[1], tmp_path / FILE, base="")


def test_fine_tuning_starts_from_the_layers(tiny, tmp_path):
    labels = small_labels(6)
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    before = opened(Start(tiny))
    file = tmp_path / FILE
    write_layers(
        before,
        {k: v * 1.5 for k, v in before.items() if k != "embeddings.word_embeddings.weight"},
        file,
        base=Start(tiny).weights(),
    )
    quick = TuneSettings(epochs=1, batch=8)
    plain, moved = (
        fine_tune(labels.texts, labels.matrix, folds, start, tmp_path / "m" / "encoder", quick).held_out
        for start in (Start(tiny), Start(tiny, file))
    )
    assert not np.allclose(plain, moved)


def test_adapting_lowers_the_loss_and_writes_layers_that_fit(make, tiny, tmp_path):
    texts = [label.text for label in small_labels(30).rows]
    documents = [texts[i : i + 6] for i in range(0, len(texts), 6)]
    losses = make.adapt(
        documents, tiny, tmp_path, make.Settings(epochs=20, batch=16, rate=1e-2, head_rate=1e-2, max_tokens=32)
    )
    assert np.mean(losses[-20:]) < np.mean(losses[:20]) - 0.5
    before, after = opened(Start(tiny)), opened(Start(tiny, tmp_path / FILE))
    changed = {name for name in before if not (before[name] == after[name]).all()}
    assert "encoder.layer.0.attention.self.query.weight" in changed
    assert "embeddings.word_embeddings.weight" not in changed


def test_passages_come_by_document_in_reading_order(make, tmp_path):
    (tmp_path / "p.csv").write_text("document_id,text\na,one\nb,alone\na,two\na,three\n", encoding="utf-8")
    assert make.read_passages([tmp_path / "p.csv"]) == [["one", "two", "three"]]


@pytest.mark.real_model
def test_the_shipped_layers_belong_to_the_packaged_encoder(root):
    base = open_encoder().folder
    start = Start(base, root / "models" / "leaders-minilm" / FILE)
    assert start.weights() == PUBLISHED
    plain, adapted = opened(Start(base)), opened(start)
    assert all(np.isfinite(weight.numpy()).all() for weight in adapted.values())
    moved = {
        name.split(".")[2] for name in plain if name.startswith("encoder") and not (plain[name] == adapted[name]).all()
    }
    assert moved == {"0", "1", "2", "3", "4", "5"}
