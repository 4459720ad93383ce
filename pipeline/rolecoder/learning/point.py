"""How an encoder learns the second reading: to point at the holder of a role, see ``rolecoder.model.pointer``.

It is taught with the sums of weights of the cues, and so learns what they miss.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.annotations import Labels
from rolecoder.attribute import SIDES
from rolecoder.attribution.aspects import aspect_cues, aspect_signs
from rolecoder.attribution.holders import holder_cues
from rolecoder.attribution.named import candidates
from rolecoder.attribution.told import told_holders
from rolecoder.attribution.weights import Weights, shipped_weights
from rolecoder.model.halves import Halves, LowerStates, chunks
from rolecoder.model.layers import Start, write_layers
from rolecoder.model.lesson_steps import MeanWeights, Passes, rise_and_fall, thinned
from rolecoder.model.pointer import PASSAGE, PointerHead, PointerSettings, Read, Texts, odds_of

if TYPE_CHECKING:
    from torch import Tensor

FEWEST = 300  # labelled passages with a role, a holder that the cues propose, and an aspect; with fewer there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A labelled passage: who may hold its role from which side, the sum of the cues' weights, and what is right."""

    read: Read
    pairs: tuple[tuple[str, int], ...]
    sums: Tensor  # shape (n_pairs,)
    right: int
    weight: float  # how much it counts


def learn_pointer(
    labels: Labels,
    actors: Actors,
    base: Path,
    layers: Path,
    settings: PointerSettings,
    *,
    weights: Weights | None = None,
) -> PointerHead | None:
    """Teach the upper layers of an encoder to point at the holder.

    Args:
        labels: With ids; those count that have a role, a holder among the actors that the cues propose, and an aspect.
        actors: All actors.
        base: Folder of the model's own encoder.
        layers: File to write, what its upper layers have learnt; not written where labels are too few.
        settings: See ``PointerSettings``.
        weights: Of the cues; by default those that come with the package.

    Returns:
        How log-odds are read off the states; None with fewer than ``FEWEST`` passages to learn from.
    """
    import torch
    from threadpoolctl import threadpool_limits

    start = Start(base=base)
    torch.manual_seed(settings.seed)
    tokenizer, encoder = start.open(attention_dropout=False)
    before = {name: weight.detach().clone() for name, weight in encoder.named_parameters()}
    texts = Texts(tokenizer, encoder)
    lessons = list(_lessons(labels, actors, texts, weights or shipped_weights()))
    if len(lessons) < FEWEST:
        return None
    head = _first_head(encoder.config.hidden_size)
    layers.parent.mkdir(parents=True, exist_ok=True)
    halves = Halves(tokenizer, encoder, -settings.layers)
    # Sums over more threads differ in the last digit.
    with threadpool_limits(1), tempfile.TemporaryDirectory(dir=layers.parent) as folder:
        below = _below(texts, [lesson.read for lesson in lessons], halves, Path(folder))
        encoder.train()
        _teach(halves, below, lessons, head, settings)
    write_layers(before, dict(encoder.named_parameters()), layers, base=start.weights())
    return PointerHead(**{name: weight.detach().numpy().copy() for name, weight in head.items()})


def _below(texts: Texts, passages: Sequence[Read], halves: Halves, folder: Path) -> LowerStates:
    """What the lower half of the encoder makes of passages, in files of a folder."""
    paths = []
    for number, chunk in enumerate(chunks(passages)):
        kinds = [passage.kinds for passage in chunk] if texts.two_kinds else None
        paths.append(folder / f"{number}.npy")
        halves.write([passage.ids for passage in chunk], paths[-1], kinds)
    return LowerStates(paths, [len(passage.ids) for passage in passages])


def _teach(
    halves: Halves, below: LowerStates, lessons: Sequence[_Lesson], head: dict[str, Any], settings: PointerSettings
) -> None:
    """Train the upper layers and the head, ``epochs`` times; their mean over the second half stays.

    How hard a passage is to begin with is what the cues alone say of it.
    """
    import numpy as np
    import torch

    own = halves.taught
    optimiser = torch.optim.AdamW(
        [{"params": own, "lr": settings.rate}, {"params": list(head.values()), "lr": settings.head_rate}],
        weight_decay=settings.decay,
        fused=True,
    )
    order, dropout = np.random.default_rng(settings.seed), torch.nn.Dropout(settings.dropout)
    thinned(dropout)
    by_cues = [_cross_entropy(lesson.sums, lesson).item() for lesson in lessons]
    passes = Passes(
        below.lengths, settings.batch, settings.epochs, order, by_cues, easy=settings.easy, read=settings.read
    )
    schedule = rise_and_fall(optimiser, passes.steps, settings.warm_up)
    mean = MeanWeights([*own, *head.values()])
    weights = torch.tensor([lesson.weight for lesson in lessons])
    weights /= weights.mean()
    for step, (rows, counting) in enumerate(passes, start=1):
        states, mask = halves.states(below.of(rows))
        states = dropout(states.float())
        losses: Any = torch.stack([_loss(states[n], mask[n], lessons[row], head) for n, row in enumerate(rows)])
        passes.note(rows, losses)
        (losses * weights[rows] * torch.tensor(counting)).mean().backward()
        torch.nn.utils.clip_grad_norm_(own, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        if 2 * step > passes.steps:
            mean.add()
    mean.put()


def _first_head(dim: int) -> dict[str, Any]:
    import torch

    shapes = {"passage": (PASSAGE, dim), "passage_bias": (PASSAGE,)}
    for place in ("mention", "before"):
        shapes |= {place: (len(SIDES), dim), f"{place}_bias": (len(SIDES),)}
    return {
        name: torch.nn.Parameter(torch.zeros(shape) if "bias" in name else 0.01 * torch.randn(shape))
        for name, shape in shapes.items()
    }


def _lessons(labels: Labels, actors: Actors, texts: Texts, weights: Weights) -> Iterator[_Lesson]:
    import torch

    for row, item in told_holders(labels, actors):
        signs = aspect_signs(item)
        scores: dict[tuple[str, int], float] = {}
        may = candidates(item, actors)
        for actor, held in holder_cues(item, actors, may).items():
            sums = weights.score(held, aspect_cues(item, signs, actor, held, actors))
            scores |= {(actor, number): value for number, value in enumerate(sums)}
        right = row.holder or "", SIDES.index(row.aspect)
        if right not in scores:
            continue
        pairs = tuple(scores)
        yield _Lesson(
            read=texts.tokens(item, may),
            pairs=pairs,
            sums=torch.tensor([scores[pair] for pair in pairs], dtype=torch.float32),
            right=pairs.index(right),
            weight=1.0 if row.weight is None else row.weight,
        )


def _loss(states: Any, mask: Any, lesson: _Lesson, head: dict[str, Any]) -> Any:
    """How far a passage's states and cues are from what is right."""
    import torch

    odds = odds_of(states, mask, lesson.read, head)
    scores = torch.stack([odds[actor][side] for actor, side in lesson.pairs]) + lesson.sums
    return _cross_entropy(scores, lesson)


def _cross_entropy(scores: Any, lesson: _Lesson) -> Any:
    """Of the right holder and side among all pairs, by scores of shape (n_pairs,)."""
    import torch

    return torch.nn.functional.cross_entropy(scores[None], torch.tensor([lesson.right]))
