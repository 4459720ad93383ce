"""Steps that trainings of an encoder share: which layers and rates, how texts are put together."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LambdaLR

STEP = 8  # tokens to whose multiples texts are filled up: fewer shapes, for each of which memory and time are spent
EASY = 0.5  # share of the texts that count as easy: those that were easiest when they were last read
READ = 1 / 3  # share of these that a further pass reads
POOL = 100  # batches whose texts are sorted by length together: less padding, and still a mixed order


def split(encoder: Any, first: int) -> tuple[Any, str, int]:
    """Where an encoder's layers lie, and which of them is the lowest to be taught.

    Args:
        encoder: A transformer.
        first: The number of that layer, at most the last; below 0 it counts from the top.

    Returns:
        The part of the encoder that holds the list of layers, the list's name there, and the layer's number.

    Raises:
        ValueError: There is no list of layers.
    """
    import torch

    lists = [
        (len(part), holder, name)
        for holder in encoder.modules()
        for name, part in holder.named_children()
        if isinstance(part, torch.nn.ModuleList)
    ]
    if not lists:
        raise ValueError("it has no list of layers")
    count, holder, name = max(lists, key=lambda found: found[0])
    return holder, name, min(first, count - 1) if first >= 0 else max(count + first, 0)


def upper_weights(encoder: Any, layers: Iterable[Any]) -> list[Any]:
    """Freeze an encoder but for some of its layers.

    Returns:
        The weights that are left to be taught.
    """
    encoder.requires_grad_(False)
    upper = [weight for layer in layers for weight in layer.parameters()]
    for weight in upper:
        weight.requires_grad_(True)
    return upper


def thinned(encoder: Any) -> None:
    """Let an encoder's dropout draw its numbers eight at a time, which takes a third of the time.

    What is left out is a whole number of 256ths, the nearest to what the encoder's settings say.
    """
    import torch

    def forward(part: Any, states: Tensor) -> Tensor:
        if not part.training:
            return states
        left_out = round(part.p * 256)
        drawn = torch.empty(-(-states.numel() // 8), dtype=torch.int64).random_(-(2**63), None).view(torch.uint8)
        kept = (drawn[: states.numel()] >= left_out).view(states.shape).to(states.dtype)
        return states.mul(kept.mul_(256 / (256 - left_out)))

    parts: list[Any] = [part for part in encoder.modules() if isinstance(part, torch.nn.Dropout) and part.p]
    for part in parts:
        part.forward = functools.partial(forward, part)


def padded(tokenizer: Any, tokens: Sequence[list[int]], kinds: Sequence[list[int]] | None = None) -> Any:
    """Texts of one length, as an encoder reads them.

    Args:
        tokenizer: Of the encoder.
        tokens: Of each text.
        kinds: 0 for tokens of its first part, 1 for those of its second; by default there is one part.
    """
    parts = {"input_ids": list(tokens)} | ({"token_type_ids": list(kinds)} if kinds else {})
    return tokenizer.pad(parts, return_tensors="pt", pad_to_multiple_of=STEP)


def mean_pooled(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the last layer over the tokens of each text, in single precision.

    Args:
        states: Shape (n, tokens, dim).
        mask: 1 where there is a token; shape (n, tokens).
    """
    weights = mask.unsqueeze(-1).float()
    return (states.float() * weights).sum(1) / weights.sum(1)


def rise_and_fall(optimiser: Optimizer, steps: int, warm_up: float) -> LambdaLR:
    """Let the rates rise over a share of the steps, then fall to 0, both in a straight line."""
    from torch.optim.lr_scheduler import LambdaLR

    return LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / (warm_up * steps)) * max(0.0, 1 - step / steps))


class MeanWeights:
    """The mean of weights over the later steps of a training, which serves better than the last of them.

    References:
        Izmailov et al. (2018), Uncertainty in Artificial Intelligence, for averaging along one training.
    """

    def __init__(self, weights: Sequence[Any]) -> None:
        self._weights, self._mean, self._seen = weights, [weight.detach().clone() for weight in weights], 0

    def add(self) -> None:
        """Take the weights as they are now into the mean."""
        self._seen += 1
        for mean, weight in zip(self._mean, self._weights, strict=True):
            mean.lerp_(weight.detach(), 1 / self._seen)

    def put(self) -> None:
        """Give the weights their mean."""
        for mean, weight in zip(self._mean, self._weights, strict=True):
            weight.data.copy_(mean)


class Passes:
    """Passes over texts in batches: those easy when last read are later read less often, and count as much more.

    The mean of what texts count is 1 in every pass, so that a step is, on average, what it is when all are read, in
    fewer steps.  After Katharopoulos & Fleuret (2018, ICML), with a rule that takes two numbers.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        size: int,
        epochs: float,
        order: np.random.Generator,
        losses: Sequence[float] | None = None,
        *,
        easy: float = EASY,
        read: float = READ,
    ) -> None:
        """Count the steps.

        Args:
            lengths: Of the texts, in tokens; those of like length come together within stretches of some batches.
            size: Texts in a batch.
            epochs: Passes, the last perhaps over a part.
            order: Mixes the texts.
            losses: How hard the texts are before they are read; by default the first pass reads all.
            easy: Share of the texts that count as easy.
            read: Share of these that a further pass reads, above 0.
        """
        self._lengths, self._size, self._order = lengths, size, order
        self._whole = losses is None
        self._losses = [math.inf] * len(lengths) if losses is None else list(losses)
        self._easy = int(easy * len(lengths))
        self._read = math.ceil(read * self._easy)
        later = len(lengths) - self._easy + self._read
        first = min(epochs, 1.0) if self._whole else 0.0
        self.steps = round(first * math.ceil(len(lengths) / size) + (epochs - first) * math.ceil(later / size))

    def __iter__(self) -> Iterator[tuple[list[int], list[float]]]:
        """Rows of the texts of each step, and how much each counts."""
        return itertools.islice(self._batches(), self.steps)

    def _batches(self) -> Iterator[tuple[list[int], list[float]]]:
        if self._whole:
            yield from self._mixed(dict.fromkeys(range(len(self._lengths)), 1.0))
        while True:
            ordered = sorted(range(len(self._lengths)), key=lambda row: self._losses[row])
            easy, hard = ordered[: self._easy], ordered[self._easy :]
            read = self._order.choice(easy, self._read, replace=False).tolist() if easy else []
            size = (len(hard) + len(read)) / len(ordered)
            yield from self._mixed(
                dict.fromkeys(hard, size) | dict.fromkeys(read, size * len(easy) / max(len(read), 1))
            )

    def _mixed(self, counting: dict[int, float]) -> Iterator[tuple[list[int], list[float]]]:
        rows = sorted(counting)
        mixed = [rows[place] for place in self._order.permutation(len(rows)).tolist()]
        for start in range(0, len(mixed), self._size * POOL):
            stretch = sorted(mixed[start : start + self._size * POOL], key=lambda row: self._lengths[row])
            groups = [stretch[at : at + self._size] for at in range(0, len(stretch), self._size)]
            for place in self._order.permutation(len(groups)).tolist():
                yield groups[place], [counting[row] for row in groups[place]]

    def note(self, rows: Sequence[int], losses: Tensor) -> None:
        """Take down how hard texts were; before their weights, shape (len(rows),)."""
        for row, loss in zip(rows, losses.tolist(), strict=True):
            self._losses[row] = loss
