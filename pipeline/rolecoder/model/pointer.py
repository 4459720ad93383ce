"""A second reading of whose role it is: an encoder reads the passage again, word by word, and points at the holder.

The encoder reads the roles, the last words before the passage, and the passage.  The states of the words that name
an actor, or that stand for the source ("we", "my") or the other side ("you"), say how likely it holds them, and from
which side; the mean of all states says how likely the source does, a group, or somebody whom the passage does not
name.  These log-odds are added to the sums of weights of the cues (``rolecoder.attribution``), which are part of what
it is taught with: it learns what they miss.  After the pointer networks of Vinyals et al. (2015, NeurIPS).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.actors import Actors
from rolecoder.attribute import SIDES, Correction
from rolecoder.attribution.named import Candidates, candidates
from rolecoder.attribution.passage import ONE, WE, YOU, Attributable
from rolecoder.model.layers import Start, check_layers
from rolecoder.model.lesson_steps import EASY, READ, mean_pooled, padded
from rolecoder.records import Aspect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LAYERS = "pointer.safetensors"  # in a model's folder, what the upper layers have learnt
MAX_TOKENS = 176  # of a passage with its roles; what is longer is cut at its end
BEFORE_TOKENS = 64  # of the words before it, the last ones; what is ``just_before`` seldom has more
SHARPNESS = 0.75  # in cross-validation (6,665 passages) confidences are right as often as they say; at 1, .05 too high
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
    easy: float = EASY  # see ``Passes``
    read: float = READ
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
        self._texts: Texts | None = None

    def of(self, items: Sequence[Attributable], actors: Actors) -> Correction:
        """What to add if an actor held the role of a passage from a side.

        Each passage is read by itself, so that nothing depends on its neighbours; and on one thread: what is this small
        is hardly faster on more, and several times slower where other work wants them too.
        """
        found: list[dict[tuple[str, str], float]] = []
        if items:
            import torch
            from threadpoolctl import threadpool_limits

            texts = self._texts = self._texts or Texts(*self._start.open())
            texts.encoder.eval()
            head = {name: torch.from_numpy(array.copy()) for name, array in asdict(self._head).items()}
            with torch.no_grad(), threadpool_limits(1):
                for item in items:
                    read = texts.tokens(item, candidates(item, actors))
                    states, mask = texts.states(read)
                    odds = {a: row.tolist() for a, row in odds_of(states, mask, read, head).items()}
                    found.append({(a, s): v for a, row in odds.items() for s, v in zip(SIDES, row, strict=True)})

        def add(number: int, holder: str, aspect: Aspect) -> float:
            return found[number].get((holder, aspect), 0.0)

        return Correction(add=add, sharpness=SHARPNESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The tokens of a passage with what stands before it, and where those stand that name an actor."""

    ids: list[int]
    kinds: list[int]  # 1 for those of the passage
    actors: tuple[str, ...]  # that may hold the role
    places: tuple[tuple[tuple[int, ...], ...], ...]  # of each actor's mentions, the tokens of each
    opens: int  # where the passage begins; mentions above stand before it
    beside: frozenset[str]  # actors that the passage does not name
    source: str | None


class Texts:
    """Passages as the encoder reads them."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self.tokenizer, self.encoder = tokenizer, encoder
        self.two_kinds = getattr(encoder.config, "type_vocab_size", 0) > 1  # whether it tells parts of a text apart

    def tokens(self, item: Attributable, may: Candidates) -> Read:
        """Roles, the words before the passage and the passage, cut where they are too long, and who may hold the role.

        Args:
            item: The passage.
            may: See ``candidates``.
        """
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
        return Read(
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

    def states(self, passage: Read) -> tuple[Any, Any]:
        """Last states, shape (tokens, dim), and 1 where there is a token."""
        batch = padded(self.tokenizer, [passage.ids], [passage.kinds] if self.two_kinds else None)
        return self.encoder(**batch).last_hidden_state[0], batch["attention_mask"][0]


def odds_of(states: Any, mask: Any, read: Read, head: dict[str, Any]) -> dict[str, Any]:
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
