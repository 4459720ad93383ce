"""An encoder in two halves: the lower layers, which stay as they are, and the upper ones, which are taught.

What the lower half makes of a text is the same in every pass over it, and for every encoder that is taught from the
same start: it is computed once, written to disk and read from there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rolecoder.errors import RolecoderError
from rolecoder.files import replacing
from rolecoder.model.lesson_steps import STEP, padded, split, thinned, upper_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    Halved = NDArray[np.float16]

T = TypeVar("T")
CHUNK = 2048  # texts in a file; a token takes two bytes for each dimension, a text of 70 tokens some 54 kB
BATCH = 64  # texts that the lower half reads together
OFF = 0.02  # how far halves and whole may differ, in standard deviations of the states: half precision differs by less


def chunks(texts: Sequence[T]) -> list[Sequence[T]]:
    """The texts, or what is known of each, of one file after another."""
    return [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]


class LowerStates:
    """What the lower half made of texts, read from disk as it is asked for."""

    def __init__(self, paths: Sequence[Path], lengths: Sequence[int]) -> None:
        """Open the files.

        Args:
            paths: Written by ``Halves.write``, one of each of the ``chunks``.
            lengths: Tokens of each text.
        """
        import numpy as np

        self.lengths = tuple(lengths)
        self._files = [np.load(path, mmap_mode="r", allow_pickle=False) for path in paths]
        self._ends = [np.cumsum(chunk) for chunk in chunks(self.lengths)]

    def of(self, rows: Sequence[int]) -> list[Halved]:
        """States of the tokens of each text; shape (tokens, dim)."""
        found = []
        for row in rows:
            file, place = divmod(row, CHUNK)
            end = self._ends[file][place]
            found.append(self._files[file][end - self.lengths[row] : end])
        return found


class Halves:
    """A transformer whose halves are run apart."""

    def __init__(self, tokenizer: Any, encoder: Any, first: int) -> None:
        """Freeze the lower half.

        Args:
            tokenizer: Of the encoder.
            encoder: A transformer, changed in place; its states are thinned out by ``thinned`` from now on.
            first: The lowest layer of the upper half, see ``split``.

        Raises:
            RolecoderError: The encoder does not say the same in two halves as whole.
        """
        self._tokenizer, self._encoder = tokenizer, encoder
        try:
            self._holder, self._name, self._at = split(encoder, first)
            thinned(encoder)
            why = "" if self._same() else "they do not say what the whole says"
        except (AttributeError, IndexError, RuntimeError, TypeError, ValueError) as cause:
            why = str(cause).strip().split("\n")[0] or type(cause).__name__
        if why:
            raise RolecoderError(
                f"the layers of a {type(encoder).__name__} cannot be run in two halves: {why}",
                expected="a transformer like BERT, RoBERTa, MPNet or DistilBERT: embeddings, and layer upon layer",
                mend="start from another encoder: --encoder FOLDER",
            )
        self.taught = upper_weights(encoder, getattr(self._holder, self._name)[self._at :])

    def _same(self) -> bool:
        """Whether two halves say of two texts what the whole says."""
        import torch

        texts = ["Two halves", "make one whole, as long as nothing lies between them."]
        tokens = self._tokenizer(texts)["input_ids"]
        self._encoder.eval()
        with torch.no_grad():
            whole = self._encoder(**padded(self._tokenizer, tokens)).last_hidden_state
            halves, mask = self.states([states for _, states in sorted(self._lower(tokens))])
        return bool(((whole - halves)[mask > 0].abs() < OFF * whole.std()).all())

    @contextlib.contextmanager
    def _only(self, layers: slice) -> Iterator[Any]:
        whole = getattr(self._holder, self._name)
        setattr(self._holder, self._name, whole[layers])
        try:
            yield self._encoder
        finally:
            setattr(self._holder, self._name, whole)

    def _lower(
        self, tokens: Sequence[list[int]], kinds: Sequence[list[int]] | None = None
    ) -> Iterator[tuple[int, Halved]]:
        """Each text's row and states, in the order of their lengths."""
        import torch

        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            batch = padded(self._tokenizer, [tokens[row] for row in rows], kinds and [kinds[row] for row in rows])
            with self._only(slice(self._at)) as lower, torch.no_grad():
                states = lower(**batch).last_hidden_state.half().numpy()
            for row, found in zip(rows, states, strict=True):
                yield row, found[: len(tokens[row])].copy()

    def write(self, tokens: Sequence[list[int]], path: Path, kinds: Sequence[list[int]] | None = None) -> None:
        """Write what the lower half makes of texts, in half precision.

        Args:
            tokens: Of each text.
            path: File to write; one array, texts after one another, of shape (tokens, dim).
            kinds: See ``padded``.
        """
        import numpy as np
        import torch

        self._encoder.eval()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = dict(self._lower(tokens, kinds))
        with replacing(path) as handle:
            array = np.concatenate([states[row] for row in range(len(tokens))])
            np.lib.format.write_array_header_2_0(handle, np.lib.format.header_data_from_array_1_0(array))
            handle.write(array.tobytes())  # ``np.save`` writes past the handle, which tells of a full disk

    def states(self, below: Sequence[Halved]) -> tuple[Tensor, Tensor]:
        """States of the last layer, in half the precision while training; and 1 where there is a token.

        Args:
            below: Of each text, from the lower half; shape (tokens, dim).

        Returns:
            Shapes (n, tokens, dim) and (n, tokens).
        """
        import numpy as np
        import torch

        longest = -(-max(map(len, below)) // STEP) * STEP
        filled = np.zeros((len(below), longest, below[0].shape[1]), dtype=np.float16)
        mask = np.zeros((len(below), longest), dtype=np.int64)
        for text, found in enumerate(below):
            filled[text, : len(found)], mask[text, : len(found)] = found, 1
        given, there = torch.from_numpy(filled).float(), torch.from_numpy(mask)
        self._encoder.embeddings.forward = lambda *_, **__: given
        try:
            with (
                self._only(slice(self._at, None)) as upper,
                torch.autocast("cpu", dtype=torch.bfloat16, enabled=upper.training),
            ):
                return upper(input_ids=there, attention_mask=there).last_hidden_state, there
        finally:
            del self._encoder.embeddings.forward
