"""Let the packaged encoder learn the language of leaders' statements from passages without labels.

    python models/leaders-minilm/make.py PASSAGES [...] --out FOLDER [--start LAYERS] [--device cuda] [--epochs 5]
        [--seed 0]

PASSAGES are tables with the columns document_id and text in reading order: the `passages.parquet` of a run, or a
CSV.  Two tasks together: guess words that are hidden (Devlin et al. 2019, NAACL), and tell the passage that stands
beside one from those of other places (a contrastive loss over the batch, van den Oord et al. 2018, arXiv:1807.03748).
The word embeddings stay.  With --start it goes on from layers made before.  A few minutes on a recent GPU, many hours
on a laptop.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch.nn import functional

from rolecoder.encode import open_encoder
from rolecoder.model.layers import FILE, Start, read_layers, write_layers
from rolecoder.model.lesson_steps import mean_pooled, rise_and_fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices of the adaptation; those of the shipped layers."""

    epochs: int = 5
    batch: int = 256  # passages; half as many pairs of neighbours
    rate: float = 3e-4  # highest learning rate of the encoder's layers
    head_rate: float = 1e-3
    warm_up: float = 0.06  # share of the steps
    hidden: float = 0.15  # share of the words to guess
    contrast: float = 0.5  # weight of the second task
    temperature: float = 0.05
    max_tokens: int = 128
    seed: int = 0
    device: str = "cpu"


def main() -> None:
    """Read the passages, adapt, write the layers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="layers to go on from, made before by this script")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    documents = read_passages(given.passages)
    print(f"{sum(map(len, documents)):,} passages of {len(documents):,} documents")
    settings = Settings(epochs=given.epochs, seed=given.seed, device=given.device)
    adapt(documents, Start(base=Path(open_encoder().folder), layers=given.start), given.out, settings)
    print(f"written: {given.out / FILE}")


def read_passages(tables: list[Path]) -> list[list[str]]:
    """The passages of each document with at least two, in reading order."""
    found = []
    for path in tables:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
        table = table.dropna(subset=["text"])
        found += [list(group["text"].astype(str)) for _, group in table.groupby("document_id", sort=False)]
    return [texts for texts in found if len(texts) > 1]


def adapt(documents: list[list[str]], start: Start, out: Path, settings: Settings) -> list[float]:
    """Adapt an encoder and write ``layers.safetensors``, what it learnt since its base, into ``out``.

    Returns:
        The loss of each step.
    """
    pairs = _pairs(documents)
    if len(pairs) < settings.batch // 2:
        raise SystemExit(f"{len(pairs)} pairs of neighbours; expected at least {settings.batch // 2}, a batch of them")
    torch.manual_seed(settings.seed)
    tokenizer, encoder = start.open()
    encoder.to(settings.device)
    before = {name: weight.detach().clone() for name, weight in encoder.named_parameters()}
    if start.layers is not None:  # what is written is laid over the base: it holds what was learnt before, too
        learnt = read_layers(start.layers, base=start.weights())
        before |= {name: before[name] - difference.to(settings.device) for name, difference in learnt.items()}
    words = encoder.get_input_embeddings()
    words.requires_grad_(False)
    guesser = _Guesser(words.weight).to(settings.device)
    layers = [weight for weight in encoder.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": settings.rate}, {"params": guesser.parameters(), "lr": settings.head_rate}],
        weight_decay=0.01,
    )
    steps = settings.epochs * (len(pairs) // (settings.batch // 2))
    schedule = rise_and_fall(optimiser, steps, settings.warm_up)
    losses = []
    encoder.train()
    for texts in _batches(pairs, settings):
        tokens = tokenizer(
            texts, truncation=True, max_length=settings.max_tokens, padding=True, return_tensors="pt"
        ).to(settings.device)
        ids, mask = tokens["input_ids"], tokens["attention_mask"]
        shown, hidden = _hide(ids, mask, tokenizer, settings.hidden)
        with torch.autocast(settings.device.split(":")[0], dtype=torch.bfloat16):
            states = encoder(input_ids=shown, attention_mask=mask).last_hidden_state
            guesses = guesser(states[hidden])
        loss = functional.cross_entropy(guesses.float(), ids[hidden])
        loss = loss + settings.contrast * _contrast(states, mask, settings.temperature)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        losses.append(loss.item())
        if len(losses) % 100 == 0:
            print(f"step {len(losses):,} of {steps:,}: loss {np.mean(losses[-100:]):.3f}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    write_layers(before, dict(encoder.named_parameters()), out / FILE, base=start.weights())
    return losses


class _Guesser(torch.nn.Module):
    """From a state to the odds of every word of the vocabulary, by the embeddings themselves."""

    def __init__(self, words: torch.Tensor) -> None:
        super().__init__()
        self.words = words
        self.dense = torch.nn.Linear(words.shape[1], words.shape[1])
        self.norm = torch.nn.LayerNorm(words.shape[1])
        self.bias = torch.nn.Parameter(torch.zeros(words.shape[0]))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return functional.linear(self.norm(functional.gelu(self.dense(states))), self.words) + self.bias


def _pairs(documents: list[list[str]]) -> list[tuple[str, str]]:
    """Neighbours, each passage in at most one pair; the last of an odd number in none."""
    return [(texts[i], texts[i + 1]) for texts in documents for i in range(0, len(texts) - 1, 2)]


def _batches(pairs: list[tuple[str, str]], settings: Settings) -> Iterator[list[str]]:
    """Texts of ``batch // 2`` pairs, the two of a pair one after the other; in each epoch mixed anew, whole batches."""
    order, size = np.random.default_rng(settings.seed), settings.batch // 2
    for _ in range(settings.epochs):
        mixed = order.permutation(len(pairs))
        for start in range(0, len(pairs) - size + 1, size):
            yield [text for row in mixed[start : start + size] for text in pairs[row]]


def _hide(ids: torch.Tensor, mask: torch.Tensor, tokenizer: Any, share: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Hide eight in ten of the words to guess, exchange one, leave one; gives what is shown, and which to guess."""
    ordinary = mask.bool() & (ids != tokenizer.cls_token_id) & (ids != tokenizer.sep_token_id)
    hidden = (torch.rand(ids.shape, device=ids.device) < share) & ordinary
    draw = torch.rand(ids.shape, device=ids.device)
    shown = ids.masked_fill(hidden & (draw < 0.8), tokenizer.mask_token_id)
    others = torch.randint(0, len(tokenizer), ids.shape, device=ids.device)
    return torch.where(hidden & (draw > 0.9), others, shown), hidden


def _contrast(states: torch.Tensor, mask: torch.Tensor, temperature: float) -> torch.Tensor:
    """Cross-entropy of finding the neighbour of each passage among those of the batch, both ways; InfoNCE."""
    vectors = functional.normalize(mean_pooled(states, mask), dim=-1)
    likeness = vectors[0::2] @ vectors[1::2].T / temperature
    right = torch.arange(len(likeness), device=likeness.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2


if __name__ == "__main__":
    main()
