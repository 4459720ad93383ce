"""Layers that learnt without labels: kept as differences, laid over the weights that they belong to."""

import importlib.util
import sys
from dataclasses import replace

import numpy as np
import pytest
from encoders import small_labels

from rolecoder.encode import open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.learning.finetune import TuneSettings, fine_tune
from rolecoder.model.layers import FILE, Start, add_layers, write_layers


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
    before = opened(Start(base=tiny))
    after = {name: weight + 0.1 * torch.randn_like(weight) for name, weight in before.items()}
    after["embeddings.word_embeddings.weight"] = before["embeddings.word_embeddings.weight"]
    file = tmp_path / FILE
    write_layers(before, after, file, base=Start(base=tiny).weights())
    for name, weight in opened(Start(base=tiny, layers=file)).items():
        moved = (after[name] - before[name]).reshape(-1, weight.shape[-1])
        allowed = moved.abs().amax(1, keepdim=True) / 254 + 1e-4
        assert ((weight - after[name]).reshape(moved.shape).abs() <= allowed).all(), name


def test_layers_of_another_encoder_are_refused(tiny, tmp_path):
    before = opened(Start(base=tiny))
    write_layers(before, {name: weight + 1 for name, weight in before.items()}, tmp_path / FILE, base="f" * 64)
    with pytest.raises(RolecoderError, match="belong to an encoder with SHA-256 ffff"):
        Start(base=tiny, layers=tmp_path / FILE).open()


def test_layers_with_weights_that_the_encoder_lacks_are_refused(tiny, tmp_path):
    before = opened(Start(base=tiny))
    extra = next(iter(before.values()))
    write_layers(before | {"more": extra}, {"more": extra + 1}, tmp_path / FILE, base=Start(base=tiny).weights())
    with pytest.raises(RolecoderError, match=r"more has shape .* no such weight"):
        Start(base=tiny, layers=tmp_path / FILE).open()


def test_layers_of_another_shape_are_refused(tiny, tmp_path):
    before = opened(Start(base=tiny))
    name = "encoder.layer.0.attention.self.query.weight"
    write_layers(
        {name: before[name][:1]}, {name: before[name][:1] + 1}, tmp_path / FILE, base=Start(base=tiny).weights()
    )
    with pytest.raises(RolecoderError, match=r"has shape \(1, 32\).*expected shape \(32, 32\)"):
        Start(base=tiny, layers=tmp_path / FILE).open()


def test_layers_that_are_not_there_are_refused_before_any_encoder_is_taught(tiny, tmp_path):
    labels = small_labels(6)
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    start = Start(base=tiny, layers=tmp_path / "none.safetensors")
    with pytest.raises(RolecoderError, match="not readable"):
        fine_tune(labels.texts, labels.matrix, folds, start, tmp_path / "m" / "encoder", TuneSettings(epochs=1))
    assert not (tmp_path / "m").exists()


def test_the_packaged_encoder_starts_from_the_layers_and_another_does_not(root, tiny):
    from rolecoder.learning.teach import start_from

    assert start_from(open_encoder()).layers == root / "models" / "leaders-minilm" / FILE
    assert start_from(open_encoder(str(tiny))).layers is None


def test_a_file_that_holds_no_layers_is_refused(tiny, tmp_path):
    (tmp_path / FILE).write_bytes(b"nothing of the kind")
    with pytest.raises(RolecoderError, match="not readable"):
        add_layers(Start(base=tiny).open()[1], tmp_path / FILE, base="")


def test_fine_tuning_starts_from_the_layers(tiny, tmp_path):
    labels = small_labels(6)
    folds = np.array([int(name[1:]) % 2 for name in labels.documents])
    before = opened(Start(base=tiny))
    file = tmp_path / FILE
    write_layers(
        before,
        {k: v * 1.5 for k, v in before.items() if k != "embeddings.word_embeddings.weight"},
        file,
        base=Start(base=tiny).weights(),
    )
    quick = TuneSettings(epochs=1, batch=8)
    plain, moved = (
        fine_tune(labels.texts, labels.matrix, folds, start, tmp_path / "m" / "encoder", quick).held_out
        for start in (Start(base=tiny), Start(base=tiny, layers=file))
    )
    assert not np.allclose(plain, moved)


def test_adapting_lowers_the_loss_and_writes_layers_that_fit(make, tiny, tmp_path):
    texts = [label.text for label in small_labels(30).rows]
    documents = [texts[i : i + 6] for i in range(0, len(texts), 6)]
    settings = make.Settings(epochs=20, batch=16, rate=1e-2, head_rate=1e-2, max_tokens=32)
    losses = make.adapt(documents, Start(base=tiny), tmp_path, settings)
    assert np.mean(losses[-20:]) < np.mean(losses[:20]) - 0.5
    before, after = opened(Start(base=tiny)), opened(Start(base=tiny, layers=tmp_path / FILE))
    changed = {name for name in before if not (before[name] == after[name]).all()}
    assert "encoder.layer.0.attention.self.query.weight" in changed
    assert "embeddings.word_embeddings.weight" not in changed
    again = make.adapt(
        documents, Start(base=tiny, layers=tmp_path / FILE), tmp_path / "on", replace(settings, epochs=1)
    )
    assert np.mean(again) < np.mean(losses[:20]) - 0.2  # it goes on from what was learnt
    on = opened(Start(base=tiny, layers=tmp_path / "on" / FILE))  # and what is written is laid over the base
    name = "encoder.layer.0.attention.self.query.weight"
    assert (on[name] - after[name]).norm() < (on[name] - before[name]).norm()


def test_the_script_runs_with_its_defaults_and_refuses_too_few_passages(make, tmp_path, monkeypatch):
    (tmp_path / "p.csv").write_text("document_id,text\na,one\na,two\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["make.py", str(tmp_path / "p.csv"), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="1 pairs of neighbours; expected at least 128"):
        make.main()


def test_passages_come_by_document_in_reading_order(make, tmp_path):
    (tmp_path / "p.csv").write_text("document_id,text\na,one\nb,alone\na,two\na,three\n", encoding="utf-8")
    assert make.read_passages([tmp_path / "p.csv"]) == [["one", "two", "three"]]


@pytest.mark.real_model
def test_the_shipped_layers_belong_to_the_packaged_encoder(root):
    base = open_encoder().folder
    start = Start(base=base, layers=root / "models" / "leaders-minilm" / FILE)
    start.check()
    plain, adapted = opened(Start(base=base)), opened(start)
    assert all(np.isfinite(weight.numpy()).all() for weight in adapted.values())
    moved = {
        name.split(".")[2] for name in plain if name.startswith("encoder") and not (plain[name] == adapted[name]).all()
    }
    assert moved == {"0", "1", "2", "3", "4", "5"}
