"""A second reading of whose role it is: an encoder reads the passage again, word by word, and points at the holder.

The roles stand before the passage.  The states of the words that name an actor, or that stand for the source ("we",
"my") or the other side ("you"), say how likely it holds them, and from which side; the mean of all states says how
likely the source does, or a group.  These log-odds are added to
the sums of weights of the cues (``rolecoder.attribution``), which are part of what it is taught with: it learns
what they miss.  After the pointer networks of Vinyals et al. (2015, NeurIPS).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.annotations import Label, Labels
from rolecoder.attribute import SIDES, Correction
from rolecoder.attribution.aspects import aspect_cues, aspect_signs
from rolecoder.attribution.holders import holder_cues
from rolecoder.attribution.named import named
from rolecoder.attribution.passage import ONE, WE, YOU, Attributable
from rolecoder.attribution.weights import Weights, shipped_weights
from rolecoder.finetune import last_states, length_batches, mean_pooled, rise_and_fall
from rolecoder.layers import Start, check_layers, write_layers
from rolecoder.records import Aspect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float32]
    Advance = Callable[[int, int | None], None]

LAYERS = "pointer.safetensors"  # in a model's folder, what the upper layers have learnt
MAX_TOKENS = 176  # of a passage with its roles; what is longer is cut at its end
FEWEST = 300  # labelled passages with a role, a holder that the cues propose, and an aspect; with fewer there is none
OWN, GROUP = len(SIDES), len(SIDES) + 1  # places, after the sides, of what speaks for the source and for a group
PASSAGE = len(SIDES) + 2  # numbers read off a passage as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerSettings:
    """Choices of the training; found by cross-validation on the project's train labels."""

    layers: int = 3  # of the encoder, from the top; those below stay as they are
    epochs: int = 3
    batch: int = 16
    rate: float = 1e-4  # highest learning rate of the layers
    head_rate: float = 1e-3
    warm_up: float = 0.1
    dropout: float = 0.2  # of the states
    decay: float = 0.01
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointerHead:
    """How log-odds are read off the states of the encoder."""

    passage: Floats  # of the mean state: each side, the source, a group; shape (PASSAGE, dim)
    passage_bias: Floats  # shape (PASSAGE,)
    mention: Floats  # of the states of the words that name an actor, for each side; shape (n_sides, dim)
    mention_bias: Floats  # shape (n_sides,)


class Pointer:
    """An encoder with its layers for the second reading, and what is read off its states."""

    def __init__(self, base: Path, layers: Path, head: PointerHead) -> None:
        """Check that all of it fits; the encoder is opened when there is something to read.

        Args:
            base: Folder of the encoder that was taught the roles.
            layers: Of its layers for the second reading.
            head: What is read off their states.

        Raises:
            RolecoderError: The layers are not those of the encoder.
        """
        self._start, self._head = Start(base=base, layers=layers), head
        check_layers(layers, base=self._start.weights())
        self._texts: _Texts | None = None

    def of(self, items: Sequence[Attributable], actors: Actors) -> Correction:
        """What to add if an actor held the role of a passage from a side.

        Each passage is read by itself, so that nothing depends on its neighbours.
        """
        found: list[dict[tuple[str, str], float]] = []
        if items:
            import torch

            texts = self._texts = self._texts or _Texts(*self._start.open())
            texts.encoder.eval()
            head = {name: torch.from_numpy(array.copy()) for name, array in asdict(self._head).items()}
            for item in items:
                with torch.no_grad():
                    read = texts.tokens(item, actors)
                    states, mask = texts.states([read])
                    odds = _odds(states[0], mask[0], read, head)
                found.append({(a, s): v for a, row in odds.items() for s, v in zip(SIDES, row.tolist(), strict=True)})

        def add(number: int, holder: str, aspect: Aspect) -> float:
            return found[number].get((holder, aspect), 0.0)

        return add


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The tokens of a passage, and where those stand that name an actor."""

    ids: list[int]
    actors: tuple[str, ...]  # that may hold the role
    places: tuple[tuple[tuple[int, ...], ...], ...]  # of each actor's mentions, the tokens of each
    source: str | None


class _Texts:
    """Passages as the encoder reads them."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder

    def tokens(self, item: Attributable, actors: Actors) -> _Read:
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for mention in named(item, actors):
            spans[mention.actor].append((mention.start, mention.end))
        for actor, patterns in ((item.source, (WE, ONE)), (item.addressee, (YOU,))):
            if actor:
                spans[actor] += [match.span() for pattern in patterns for match in pattern.finditer(item.text)]
        roles = " ; ".join(role.replace("_", " ") for role in item.roles)
        told = self.tokenizer(roles, item.text, truncation=True, max_length=MAX_TOKENS, return_offsets_mapping=True)
        inside = [n for n, part in enumerate(told.sequence_ids()) if part == 1]
        offsets = told["offset_mapping"]

        def tokens_of(start: int, end: int) -> tuple[int, ...]:
            return tuple(n for n in inside if offsets[n][0] < end and offsets[n][1] > start)

        places = tuple(tuple(t for span in found if (t := tokens_of(*span))) for found in spans.values())
        return _Read(ids=told["input_ids"], actors=tuple(spans), places=places, source=item.source)

    def states(self, passages: Sequence[_Read]) -> tuple[Any, Any]:
        """Last states, shape (n, tokens, dim), and 1 where there is a token."""
        states, mask = last_states(self.tokenizer, self.encoder, [passage.ids for passage in passages])
        return states.float(), mask


def _odds(states: Any, mask: Any, read: _Read, head: dict[str, Any]) -> dict[str, Any]:
    """Log-odds of each actor for each side, shape (n_sides,); they matter only against one another."""
    import torch

    whole = head["passage"] @ mean_pooled(states[None], mask[None])[0] + head["passage_bias"]
    named_as = states @ head["mention"].T + head["mention_bias"]
    found = {}
    for actor, places in zip(read.actors, read.places, strict=True):
        odds = whole[: len(SIDES)]
        if places:
            each = torch.stack([named_as[list(tokens)].mean(0) for tokens in places])
            odds = odds + torch.logsumexp(each, 0) - math.log(len(places))
        if actor == read.source:
            odds = odds + whole[OWN]
        elif actor.startswith("group:"):
            odds = odds + whole[GROUP]
        found[actor] = odds
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A labelled passage: who may hold its role from which side, the sum of the cues' weights, and what is right."""

    read: _Read
    pairs: tuple[tuple[str, int], ...]
    sums: Tensor  # shape (n_pairs,)
    right: int


def learn_pointer(
    labels: Labels,
    actors: Actors,
    base: Path,
    layers: Path,
    settings: PointerSettings,
    *,
    weights: Weights | None = None,
    progress: Advance | None = None,
) -> PointerHead | None:
    """Teach the upper layers of an encoder to point at the holder.

    Args:
        labels: Of which those count that have a role, a holder among the actors that the cues propose, and an aspect.
        actors: All actors.
        base: Folder of the model's own encoder.
        layers: File to write, what its upper layers have learnt; not written where labels are too few.
        settings: See ``PointerSettings``.
        weights: Of the cues; by default those that come with the package.
        progress: Called with the steps done and of all.

    Returns:
        How log-odds are read off the states; None with fewer than ``FEWEST`` passages to learn from.
    """
    import torch
    from threadpoolctl import threadpool_limits

    start = Start(base=base)
    torch.manual_seed(settings.seed)
    tokenizer, encoder = start.open(attention_dropout=False)
    before = {name: weight.detach().clone() for name, weight in encoder.named_parameters()}
    texts = _Texts(tokenizer, encoder)
    lessons = list(_lessons(labels, actors, texts, weights or shipped_weights()))
    if len(lessons) < FEWEST:
        return None
    head = _first_head(encoder.config.hidden_size)
    with threadpool_limits(1):  # sums over more threads differ in the last digit
        _teach(texts, lessons, head, settings, progress)
    layers.parent.mkdir(parents=True, exist_ok=True)
    write_layers(before, dict(encoder.named_parameters()), layers, base=start.weights())
    return PointerHead(**{name: weight.detach().numpy().copy() for name, weight in head.items()})


def _teach(
    texts: _Texts, lessons: Sequence[_Lesson], head: dict[str, Any], settings: PointerSettings, progress: Advance | None
) -> None:
    """Train the upper layers and the head, ``epochs`` times over all lessons."""
    import numpy as np
    import torch

    own = _upper(texts.encoder, settings.layers)
    optimiser = torch.optim.AdamW(
        [{"params": own, "lr": settings.rate}, {"params": list(head.values()), "lr": settings.head_rate}],
        weight_decay=settings.decay,
        fused=True,
    )
    steps = settings.epochs * math.ceil(len(lessons) / settings.batch)
    schedule = rise_and_fall(optimiser, steps, settings.warm_up)
    order = np.random.default_rng(settings.seed)
    dropout = torch.nn.Dropout(settings.dropout)
    texts.encoder.train()
    done = 0
    for _ in range(settings.epochs):
        for rows in length_batches([len(lesson.read.ids) for lesson in lessons], settings.batch, order):
            chosen = [lessons[row] for row in rows]
            states, mask = texts.states([lesson.read for lesson in chosen])
            states = dropout(states)
            losses = [_loss(states[n], mask[n], lesson, head) for n, lesson in enumerate(chosen)]
            loss: Any = torch.stack(losses).mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(own, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            done += 1
            if progress is not None:
                progress(done, steps)


def _first_head(dim: int) -> dict[str, Any]:
    import torch

    shapes = {"passage": (PASSAGE, dim), "passage_bias": (PASSAGE,), "mention": (len(SIDES), dim)}
    shapes |= {"mention_bias": (len(SIDES),)}
    return {
        name: torch.nn.Parameter(torch.zeros(shape) if "bias" in name else 0.01 * torch.randn(shape))
        for name, shape in shapes.items()
    }


def _upper(encoder: Any, layers: int) -> list[Any]:
    """The weights of the upper layers, which alone are taught."""
    import torch

    encoder.requires_grad_(False)
    stack = max((part for part in encoder.modules() if isinstance(part, torch.nn.ModuleList)), key=len)
    upper = [weight for layer in stack[-layers:] for weight in layer.parameters()]
    for weight in upper:
        weight.requires_grad_(True)
    return upper


def told_holders(labels: Labels, actors: Actors) -> Iterator[tuple[Label, Attributable]]:
    """The labelled passages with a role and an aspect, as attribution reads them."""
    sides = defaultdict(set)  # who speaks in a document: of two in a conversation, each is the other's addressee
    for row in labels.rows:
        sides[row.document_id].add(actors.resolve(row.source or "", row.date))
    for row in labels.rows:
        if not (row.roles and row.aspect):
            continue
        source = actors.resolve(row.source or "", row.date)
        others = sides[row.document_id] - {None, source}
        talk = row.doc_type in ("telcon", "memcon") and source is not None and len(others) == 1
        yield (
            row,
            Attributable(
                text=row.text,
                before=row.before,
                after=row.after,
                source=source,
                addressee=next(iter(others)) if talk else None,
                doc_type=row.doc_type,
                date=row.date,
                roles=row.roles,
            ),
        )


def _lessons(labels: Labels, actors: Actors, texts: _Texts, weights: Weights) -> Iterator[_Lesson]:
    import torch

    for row, item in told_holders(labels, actors):
        signs = aspect_signs(item)
        scores: dict[tuple[str, int], float] = {}
        for actor, held in holder_cues(item, actors).items():
            sums = weights.score(held, aspect_cues(item, signs, actor, held, actors))
            scores |= {(actor, number): value for number, value in enumerate(sums)}
        right = actors.resolve(row.holder or "", row.date), SIDES.index(row.aspect)
        if right not in scores:
            continue
        pairs = tuple(scores)
        yield _Lesson(
            read=texts.tokens(item, actors),
            pairs=pairs,
            sums=torch.tensor([scores[pair] for pair in pairs]),
            right=pairs.index(right),
        )


def _loss(states: Any, mask: Any, lesson: _Lesson, head: dict[str, Any]) -> Any:
    """Cross-entropy of the right holder and side among all pairs."""
    import torch

    odds = _odds(states, mask, lesson.read, head)
    scores = torch.stack([odds[actor][side] for actor, side in lesson.pairs]) + lesson.sums
    return torch.nn.functional.cross_entropy(scores[None], torch.tensor([lesson.right]))
