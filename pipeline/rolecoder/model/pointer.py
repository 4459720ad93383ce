"""A second reading of whose role it is: an encoder reads the passage again, word by word, and points at the holder.

The encoder reads the roles, the last words before the passage, and the passage.  The states of the words that name
an actor, or that stand for the source ("we", "my") or the other side ("you"), say how likely it holds them, and from
which side; the mean of all states says how likely the source does, a group, or somebody whom the passage does not
name.  These log-odds are added to the sums of weights of the cues (``rolecoder.attribution``), which are part of what
it is taught with: it learns what they miss.  After the pointer networks of Vinyals et al. (2015, NeurIPS).
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.annotations import Labels
from rolecoder.attribute import SIDES, Correction
from rolecoder.attribution.aspects import aspect_cues, aspect_signs
from rolecoder.attribution.holders import holder_cues
from rolecoder.attribution.named import Candidates, candidates
from rolecoder.attribution.passage import ONE, WE, YOU, Attributable
from rolecoder.attribution.told import told_holders
from rolecoder.attribution.weights import Weights, shipped_weights
from rolecoder.model.halves import CHUNK, Halves, LowerStates
from rolecoder.model.layers import Start, check_layers, write_layers
from rolecoder.model.lesson_steps import MeanWeights, Passes, mean_pooled, padded, rise_and_fall, thinned
from rolecoder.records import Aspect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float32]

LAYERS = "pointer.safetensors"  # in a model's folder, what the upper layers have learnt
MAX_TOKENS = 176  # of a passage with its roles; what is longer is cut at its end
BEFORE_TOKENS = 64  # of the words before it, the last ones; what is ``just_before`` seldom has more
SHARPNESS = 0.75  # in cross-validation (6,665 passages) confidences are right as often as they say; at 1, .05 too high
FEWEST = 300  # labelled passages with a role, a holder that the cues propose, and an aspect; with fewer there is none
# Places, after the sides, of what speaks for the source, for a group, for somebody named beside the passage or implied.
OWN, GROUP, BESIDE = (len(SIDES) + n for n in range(3))
PASSAGE = len(SIDES) + 3  # numbers read off a passage as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerSettings:
    """Choices of the training; found by cross-validation on the project's train labels."""

    layers: int = 3  # of the encoder, from the top; those below stay as they are
    epochs: int = 4
    batch: int = 16
    rate: float = 1e-4  # highest learning rate of the layers
    head_rate: float = 1e-3
    warm_up: float = 0.1
    dropout: float = 0.2  # of the states
    decay: float = 0.01
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        """The settings, and what is the same in all models, for the record of a model."""
        return asdict(self) | {"sharpness": SHARPNESS, "tokens": MAX_TOKENS, "tokens_before": BEFORE_TOKENS}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointerHead:
    """How log-odds are read off the states of the encoder."""

    passage: Floats  # of the mean state: each side, the source, a group, one not named; shape (PASSAGE, dim)
    passage_bias: Floats  # shape (PASSAGE,)
    mention: Floats  # of the states of the words that name an actor, for each side; shape (n_sides, dim)
    mention_bias: Floats  # shape (n_sides,)
    before: Floats  # the same, of the words before the passage
    before_bias: Floats


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

        Each passage is read by itself, so that nothing depends on its neighbours; and on one thread: what is this small
        is hardly faster on more, and several times slower where other work wants them too.
        """
        found: list[dict[tuple[str, str], float]] = []
        if items:
            import torch
            from threadpoolctl import threadpool_limits

            texts = self._texts = self._texts or _Texts(*self._start.open())
            texts.encoder.eval()
            head = {name: torch.from_numpy(array.copy()) for name, array in asdict(self._head).items()}
            with torch.no_grad(), threadpool_limits(1):
                for item in items:
                    read = texts.tokens(item, candidates(item, actors))
                    states, mask = texts.states(read)
                    odds = {a: row.tolist() for a, row in _odds(states, mask, read, head).items()}
                    found.append({(a, s): v for a, row in odds.items() for s, v in zip(SIDES, row, strict=True)})

        def add(number: int, holder: str, aspect: Aspect) -> float:
            return found[number].get((holder, aspect), 0.0)

        return Correction(add=add, sharpness=SHARPNESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The tokens of a passage with what stands before it, and where those stand that name an actor."""

    ids: list[int]
    kinds: list[int]  # 1 for those of the passage
    actors: tuple[str, ...]  # that may hold the role
    places: tuple[tuple[tuple[int, ...], ...], ...]  # of each actor's mentions, the tokens of each
    opens: int  # where the passage begins; mentions above stand before it
    beside: frozenset[str]  # actors that the passage does not name
    source: str | None


class _Texts:
    """Passages as the encoder reads them."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self._two_kinds = getattr(encoder.config, "type_vocab_size", 0) > 1  # whether it tells parts of a text apart

    def tokens(self, item: Attributable, may: Candidates) -> _Read:
        roles = self._cut(" ; ".join(role.replace("_", " ") for role in item.roles))[0]
        before, before_at = self._cut(item.just_before)
        text, text_at = self._cut(item.text)
        cls, sep = ([n] if n is not None else [] for n in (self.tokenizer.cls_token_id, self.tokenizer.sep_token_id))
        start = [*cls, *roles[: MAX_TOKENS // 2], *sep]
        before, before_at = before[-BEFORE_TOKENS:], before_at[-BEFORE_TOKENS:]
        text, text_at = text[: MAX_TOKENS - len(start) - 1], text_at[: MAX_TOKENS - len(start) - 1]
        opens = len(start) + len(before) + len(sep)
        found: dict[str, list[tuple[int, ...]]] = {item.source: []} if item.source else {}
        stand_for = [
            (actor, match.span())
            for actor, patterns in ((item.source, (WE, ONE)), (item.addressee, (YOU,)))
            for pattern in (patterns if actor else ())
            for match in pattern.finditer(item.text)
        ]
        inside = [(mention.actor, (mention.start, mention.end)) for mention in may.inside] + stand_for
        ahead = [(mention.actor, (mention.start, mention.end)) for mention in may.before]
        for mentions, at, first in ((inside, text_at, opens), (ahead, before_at, len(start))):
            for actor, (begin, end) in mentions:
                tokens = tuple(first + n for n, (left, right) in enumerate(at) if left < end and right > begin)
                found.setdefault(str(actor), []).extend([tokens] if tokens else [])
        for actor in (*([item.addressee] if item.addressee else []), *may.beside):
            found.setdefault(actor, [])
        ids = [*start, *before, *sep, *text, *sep]
        return _Read(
            ids=ids,
            kinds=[0] * opens + [1] * (len(ids) - opens),
            actors=tuple(found),
            places=tuple(map(tuple, found.values())),
            opens=opens,
            beside=frozenset(may.beside),
            source=item.source,
        )

    def _cut(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        told = self.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=True, max_length=MAX_TOKENS
        )
        return told["input_ids"], told["offset_mapping"]

    def states(self, passage: _Read) -> tuple[Any, Any]:
        """Last states, shape (tokens, dim), and 1 where there is a token."""
        batch = padded(self.tokenizer, [passage.ids], [passage.kinds] if self._two_kinds else None)
        return self.encoder(**batch).last_hidden_state[0], batch["attention_mask"][0]

    def below(self, passages: Sequence[_Read], halves: Halves, folder: Path) -> LowerStates:
        """What the lower half of the encoder makes of passages, in files of a folder."""
        paths = []
        for start in range(0, len(passages), CHUNK):
            chunk = passages[start : start + CHUNK]
            kinds = [passage.kinds for passage in chunk] if self._two_kinds else None
            paths.append(folder / f"{start}.npy")
            halves.write([passage.ids for passage in chunk], paths[-1], kinds)
        return LowerStates(paths, [len(passage.ids) for passage in passages])


def _odds(states: Any, mask: Any, read: _Read, head: dict[str, Any]) -> dict[str, Any]:
    """Log-odds of each actor for each side, shape (n_sides,); they matter only against one another."""
    import torch

    whole = head["passage"] @ mean_pooled(states[None], mask[None])[0] + head["passage_bias"]
    named_as = states @ head["mention"].T + head["mention_bias"]
    named_as = torch.cat([(states @ head["before"].T + head["before_bias"])[: read.opens], named_as[read.opens :]])
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
        if actor in read.beside:
            odds = odds + whole[BESIDE]
        found[actor] = odds
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A labelled passage: who may hold its role from which side, the sum of the cues' weights, and what is right."""

    read: _Read
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
    texts = _Texts(tokenizer, encoder)
    lessons = list(_lessons(labels, actors, texts, weights or shipped_weights()))
    if len(lessons) < FEWEST:
        return None
    head = _first_head(encoder.config.hidden_size)
    layers.parent.mkdir(parents=True, exist_ok=True)
    halves = Halves(tokenizer, encoder, -settings.layers)
    # Sums over more threads differ in the last digit.
    with threadpool_limits(1), tempfile.TemporaryDirectory(dir=layers.parent) as folder:
        below = texts.below([lesson.read for lesson in lessons], halves, Path(folder))
        _teach(halves, below, lessons, head, settings)
    write_layers(before, dict(encoder.named_parameters()), layers, base=start.weights())
    return PointerHead(**{name: weight.detach().numpy().copy() for name, weight in head.items()})


def _teach(
    halves: Halves, below: LowerStates, lessons: Sequence[_Lesson], head: dict[str, Any], settings: PointerSettings
) -> None:
    """Train the upper layers and the head, ``epochs`` times over all lessons; their mean over the second half stays."""
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
    passes = Passes(below.lengths, settings.batch, settings.epochs, order)
    schedule = rise_and_fall(optimiser, passes.steps, settings.warm_up)
    mean = MeanWeights([*own, *head.values()])
    weights = torch.tensor([lesson.weight for lesson in lessons])
    weights /= weights.mean()
    halves.train()
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


def _lessons(labels: Labels, actors: Actors, texts: _Texts, weights: Weights) -> Iterator[_Lesson]:
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
            sums=torch.tensor([scores[pair] for pair in pairs]),
            right=pairs.index(right),
            weight=1.0 if row.weight is None else row.weight,
        )


def _loss(states: Any, mask: Any, lesson: _Lesson, head: dict[str, Any]) -> Any:
    """Cross-entropy of the right holder and side among all pairs."""
    import torch

    odds = _odds(states, mask, lesson.read, head)
    scores = torch.stack([odds[actor][side] for actor, side in lesson.pairs]) + lesson.sums
    return torch.nn.functional.cross_entropy(scores[None], torch.tensor([lesson.right]))
