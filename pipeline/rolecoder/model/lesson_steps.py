"""Steps that trainings of an encoder share: which layers and rates, how texts are put together, how states are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LambdaLR

STEP = 8  # tokens to whose multiples texts are filled up: fewer shapes, for each of which memory and time are spent
POOL = 20  # batches whose texts are sorted by length together: less padding, and still a mixed order


def upper_weights(encoder: Any, first: int) -> list[Any]:
    """Freeze an encoder but for its layers from ``first`` on, at least one; below 0 it counts from the top.

    Returns:
        The weights that are left to be taught.
    """
    import torch

    encoder.requires_grad_(False)
    stack = max((part for part in encoder.modules() if isinstance(part, torch.nn.ModuleList)), key=len)
    upper = [weight for layer in stack[min(first, len(stack) - 1) :] for weight in layer.parameters()]
    for weight in upper:
        weight.requires_grad_(True)
    return upper


def last_states(
    tokenizer: Any, encoder: Any, tokens: Sequence[list[int]], kinds: Sequence[list[int]] | None = None
) -> tuple[Tensor, Tensor]:
    """States of the last layer, in half the precision while training; and 1 where there is a token.

    Args:
        tokenizer: Of the encoder.
        encoder: A transformer.
        tokens: Of each text.
        kinds: 0 for tokens of its first part, 1 for those of its second; by default there is one part.

    Returns:
        Shapes (n, tokens, dim) and (n, tokens).
    """
    import torch

    parts = {"input_ids": list(tokens)} | ({"token_type_ids": list(kinds)} if kinds else {})
    batch = tokenizer.pad(parts, return_tensors="pt", pad_to_multiple_of=STEP)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=encoder.training):
        states = encoder(**batch).last_hidden_state
    return states, batch["attention_mask"]


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


def length_batches(lengths: Sequence[int], size: int, order: np.random.Generator) -> Iterator[list[int]]:
    """Mix the rows; texts of like length come together within stretches of some batches."""
    mixed = order.permutation(len(lengths)).tolist()
    for start in range(0, len(mixed), size * POOL):
        stretch = sorted(mixed[start : start + size * POOL], key=lambda row: lengths[row])
        groups = [stretch[at : at + size] for at in range(0, len(stretch), size)]
        yield from (groups[place] for place in order.permutation(len(groups)))
