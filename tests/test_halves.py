"""An encoder is run in two halves, and its texts are passed over: the easy ones less often."""

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    GPT2Config,
    GPT2Model,
    MPNetConfig,
    MPNetModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from rolecoder.errors import RolecoderError
from rolecoder.model import halves
from rolecoder.model.halves import Halves, LowerStates
from rolecoder.model.layers import Start
from rolecoder.model.lesson_steps import EASY, READ, Passes, padded, thinned

SMALL = {
    "vocab_size": 200,
    "hidden_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "initializer_range": 0.3,  # so large that a layer left out is seen
}
KINDS = {
    "bert": lambda: BertModel(BertConfig(**SMALL)),
    "mpnet": lambda: MPNetModel(MPNetConfig(**SMALL, pad_token_id=0)),
    "xlm-roberta": lambda: XLMRobertaModel(XLMRobertaConfig(**SMALL, pad_token_id=0, max_position_embeddings=80)),
    "distilbert": lambda: DistilBertModel(
        DistilBertConfig(
            vocab_size=200,
            dim=16,
            n_layers=3,
            n_heads=2,
            hidden_dim=16,
            max_position_embeddings=80,
            initializer_range=0.3,
        )
    ),
}
TEXTS = ["We lead.", "We send aid and credit to poorer states.", "The meeting opened at noon."] * 3


@pytest.fixture
def tokenizer(tiny):
    """Of the tiny encoder; others read its numbers as well."""
    return Start(base=tiny).open()[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", [0, 2, -1])
def test_two_halves_say_what_the_whole_says(kind, first, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(halves, "CHUNK", 4)
    torch.manual_seed(0)
    encoder = KINDS[kind]().eval()
    tokens = tokenizer(TEXTS)["input_ids"]
    batch = padded(tokenizer, tokens)
    with torch.no_grad():
        given = {name: batch[name] for name in ("input_ids", "attention_mask")}
        every = encoder(**given, output_hidden_states=True).hidden_states
    whole = every[-1]
    assert all((whole - states)[batch["attention_mask"] > 0].abs().mean() > 0.3 for states in every[:-1])
    halved, paths = Halves(tokenizer, encoder, first), []
    for start in range(0, len(tokens), 4):
        paths.append(tmp_path / f"{start}.npy")
        halved.write(tokens[start : start + 4], paths[-1])
    below = LowerStates(paths, [len(ids) for ids in tokens])
    with torch.no_grad():
        rows = [8, 3, 1, 0]
        states, mask = halved.states(below.of(rows))
    for row, found, there in zip(rows, states, mask, strict=True):
        assert there.sum() == len(tokens[row])
        assert torch.allclose(found[there > 0], whole[row, : len(tokens[row])], atol=0.05)
    assert len(encoder.state_dict()) == len(KINDS[kind]().state_dict())  # it is whole again


def test_both_kinds_of_tokens_pass_through_the_lower_half(tokenizer, tmp_path):
    torch.manual_seed(0)
    encoder = KINDS["bert"]().eval()
    tokens, halved = tokenizer(TEXTS[:2])["input_ids"], Halves(tokenizer, encoder, 1)
    kinds = [[0, 0, *[1] * (len(ids) - 2)] for ids in tokens]
    halved.write(tokens, tmp_path / "two.npy", kinds)
    halved.write(tokens, tmp_path / "one.npy")
    two, one = (LowerStates([tmp_path / f"{name}.npy"], list(map(len, tokens))).of([1])[0] for name in ("two", "one"))
    assert np.abs(two.astype(float) - one).max() > 0.1
    with torch.no_grad():
        whole = encoder(**padded(tokenizer, [tokens[1]], [kinds[1]])).last_hidden_state[0, : len(tokens[1])]
        states, _ = halved.states([two])
    assert torch.allclose(states[0, : len(tokens[1])], whole, atol=0.05)


def test_an_encoder_that_cannot_be_halved_is_refused(tokenizer):
    odd = GPT2Model(GPT2Config(vocab_size=200, n_embd=16, n_layer=2, n_head=2))
    with pytest.raises(RolecoderError, match="GPT2Model cannot be run in two halves"):
        Halves(tokenizer, odd, 1)
    with pytest.raises(RolecoderError, match="a Linear cannot be run in two halves: it has no list of layers"):
        Halves(tokenizer, torch.nn.Linear(2, 2), 1)


def test_why_an_encoder_cannot_be_halved_is_told(tokenizer, monkeypatch):
    def full(*_, **__):
        raise RuntimeError("not enough memory: 9 bytes were asked for\nand more lines")

    encoder = KINDS["bert"]()
    monkeypatch.setattr(encoder, "forward", full)
    with pytest.raises(RolecoderError, match="two halves: not enough memory: 9 bytes were asked for;"):
        Halves(tokenizer, encoder, 1)


def test_an_encoder_with_something_upon_its_layers_is_refused(tokenizer):
    encoder = KINDS["bert"]()
    above, forward = torch.nn.Linear(16, 16), encoder.encoder.forward

    def more(*args, **kwargs):
        found = forward(*args, **kwargs)
        found.last_hidden_state = above(found.last_hidden_state)
        return found

    encoder.encoder.forward = more
    with pytest.raises(RolecoderError, match="BertModel cannot be run in two halves"):
        Halves(tokenizer, encoder, 1)


def test_states_are_thinned_out_only_while_taught():
    torch.manual_seed(0)
    part = torch.nn.Dropout(0.1)
    thinned(part)
    ones = torch.ones(501, 333, requires_grad=True)
    found = part(ones)
    found.sum().backward()
    assert abs((found == 0).float().mean() - 0.1) < 0.005 and abs(found.mean() - 1) < 0.01
    assert torch.equal(ones.grad, found) and not torch.equal(part(ones), found)
    assert torch.equal(part.eval()(ones), ones)
    assert part.train()(ones.bfloat16()).dtype is torch.bfloat16


def test_later_passes_read_all_that_was_hard_and_some_of_what_was_easy_which_counts_more():
    count, size = 240, 16
    passes = Passes([5 + n % 7 for n in range(count)], size, 3, np.random.default_rng(0))
    losses, seen = torch.arange(count, dtype=torch.float32), [{}]  # the first are the easiest
    for rows, counting in passes:
        if len(seen[-1]) + len(rows) > (count if len(seen) == 1 else count * (1 - EASY + EASY * READ)):
            seen.append({})
        assert not seen[-1].keys() & set(rows)
        seen[-1].update(zip(rows, counting, strict=True))
        passes.note(rows, losses[rows])
    first, second, third = seen
    assert first == dict.fromkeys(range(count), 1.0)
    for later in (second, third):
        assert {row for row in later if row >= count * EASY} == set(range(int(count * EASY), count))
        assert all(later[row] == pytest.approx(later[count - 1] / READ) for row in later if row < count * EASY)
        assert sum(later.values()) == pytest.approx(len(later))
    assert second.keys() != third.keys()
    assert passes.steps == 15 + 2 * 10


def test_a_part_of_a_pass_is_as_many_steps():
    for epochs, steps in ((0.5, 5), (1, 10), (1.6, 10 + 4), (2, 10 + 7)):
        assert len(list(Passes([4] * 100, 10, epochs, np.random.default_rng(0)))) == steps
    assert [rows for rows, _ in Passes([4], 16, 2, np.random.default_rng(0))] == [[0], [0]]
    assert [sorted(rows) for rows, _ in Passes([4, 4], 16, 2, np.random.default_rng(0))] == [[0, 1], [0, 1]]
    whole = list(Passes([4] * 100, 10, 2, np.random.default_rng(0), read=1))
    assert len(whole) == 20 and all(set(counts) == {1.0} for _, counts in whole)


def test_where_it_is_known_beforehand_what_is_hard_the_first_pass_reads_less_too():
    losses = [float(n) for n in range(40)]  # the first are the easiest
    passes = Passes([4] * 40, 8, 1, np.random.default_rng(0), losses)
    seen = {row: count for rows, counting in passes for row, count in zip(rows, counting, strict=True)}
    easy, hard = {row for row in seen if row < 20}, set(range(20, 40))
    assert seen.keys() == easy | hard and len(easy) == 7 and passes.steps == 4
    size = 27 / 40  # of the texts are read
    assert all(seen[row] == pytest.approx(size * 20 / 7) for row in easy)
    assert all(seen[row] == pytest.approx(size) for row in hard)
