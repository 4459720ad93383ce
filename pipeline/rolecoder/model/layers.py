"""What the layers of an encoder have learnt beyond another's: a small file, laid over the packaged encoder.

Differences of matrices are stored as whole numbers of one byte with a scale for each row, so that one is off
by at most 1/254 of the largest in its row; those of single rows in half precision.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.encode import kind_of, pooling_ways, quiet, read_modules
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum

if TYPE_CHECKING:
    from torch import Tensor

FILE = "layers.safetensors"
WEIGHTS = "model.safetensors"
SETTINGS = (
    "config.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
)  # files of an encoder that say how it reads, taken along as they are
SCALE = ".scale"
BASE = "base"  # in the file's metadata: SHA-256 of the weights that the differences are to


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The encoder to start from."""

    base: Path  # folder of a sentence-transformers model: a transformer with mean pooling
    layers: Path | None = None  # what its layers have learnt since, see ``write_layers``

    def check(self) -> None:
        """Refuse what cannot be fine-tuned, before any time is spent.

        Raises:
            RolecoderError: The encoder pools in another way, its weights are elsewhere, or the layers are not its own.
        """
        modules = read_modules(self.base)
        kinds = [kind_of(module) for module in modules]
        wanted = "a transformer and mean pooling to be fine-tuned"
        if kinds[:2] != ["Transformer", "Pooling"]:
            raise RolecoderError(f"modules {', '.join(kinds)}", where=str(self.base), expected=wanted)
        ways = pooling_ways(self.base / str(modules[1]["path"]))
        if ways != ["mean_tokens"]:
            raise RolecoderError(f"pooling by {', '.join(ways)}", where=str(self.base), expected=wanted)
        if self.layers is not None:
            read_layers(self.layers, base=self.weights())

    def weights(self) -> str:
        """SHA-256 of the file of the weights, without the layers."""
        return file_checksum(self.base / WEIGHTS)

    def digest(self) -> str:
        """Tells two starts apart, also of the same weights."""
        beside = [self.base / name for name in SETTINGS] + ([self.layers] if self.layers else [])
        return self.weights() + "".join(file_checksum(path) for path in beside if path.is_file())

    def open(self, *, attention_dropout: bool = True) -> tuple[Any, Any]:
        """Tokenizer and transformer, the latter in single precision.

        Attention is computed step by step: texts are short, and the fused kernels are slower on them.

        Args:
            attention_dropout: Whether attention is thinned out in training as the encoder's own settings say; without,
                a step of training takes a seventh less.
        """
        import torch
        from transformers import AutoConfig, AutoModel, AutoTokenizer

        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        with quiet():
            config = AutoConfig.from_pretrained(str(self.base))
            for name in ("attention_probs_dropout_prob", "attention_dropout"):
                if not attention_dropout and hasattr(config, name):
                    setattr(config, name, 0.0)
            model = AutoModel.from_pretrained(
                str(self.base), config=config, dtype=torch.float32, attn_implementation="eager"
            )
            tokenizer = AutoTokenizer.from_pretrained(str(self.base))
        if self.layers is not None:
            add_layers(model, self.layers, base=self.weights())
        return tokenizer, model


def write_layers(before: Mapping[str, Tensor], after: Mapping[str, Tensor], path: Path, *, base: str) -> None:
    """Store how the weights of an encoder differ from those it started from.

    Args:
        before: Weights by name.
        after: Of the same shapes, some or all of them; weights that did not change are left out.
        path: A file to write.
        base: SHA-256 of the file that ``before`` was read from.

    Raises:
        RolecoderError: A weight is not a finite number.
    """
    import torch
    from safetensors.torch import save_file

    stored: dict[str, Tensor] = {}
    for name, new in after.items():
        difference = new.detach().float().cpu() - before[name].detach().float().cpu()
        if not torch.isfinite(difference).all():
            raise RolecoderError(f"{name} is not finite", expected="an encoder whose training did not run away")
        if not difference.any():
            continue
        if difference.dim() != 2:
            stored[name] = difference.half()
            continue
        scale = difference.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        stored[name] = torch.round(difference / scale).to(torch.int8)
        stored[name + SCALE] = scale
    save_file(stored, path, metadata={BASE: base})
    path.chmod(0o644)


@contextlib.contextmanager
def _opened(path: Path, framework: str) -> Iterator[Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework=framework) as file:
            yield file
    except (OSError, SafetensorError) as cause:
        raise RolecoderError(f"not readable ({cause})", where=str(path), expected="layers of an encoder") from cause


def check_layers(path: Path, *, base: str) -> None:
    """Refuse a file that is no file of layers, or of other weights, without reading what it holds.

    Args:
        path: Written by ``write_layers``.
        base: SHA-256 of the weights that they are to be added to.

    Raises:
        RolecoderError: The file is not readable, or belongs to other weights.
    """
    with _opened(path, "numpy") as file:
        belongs = (file.metadata() or {}).get(BASE)
    if belongs != base:
        raise RolecoderError(
            f"these layers belong to an encoder with SHA-256 {belongs}",
            where=str(path),
            expected=f"the one in use: {base}",
            mend="start from the encoder they were made with, or from another one whole: --encoder FOLDER",
        )


def read_layers(path: Path, *, base: str) -> dict[str, Tensor]:
    """Read stored differences: what to add to each weight.

    Args:
        path: Written by ``write_layers``.
        base: SHA-256 of the weights that they are to be added to.

    Raises:
        RolecoderError: The file is not readable, is not complete, or belongs to other weights.
    """
    check_layers(path, base=base)
    with _opened(path, "pt") as file:
        stored = {name: file.get_tensor(name) for name in file.keys()}
    scales = {name.removesuffix(SCALE) for name in stored if name.endswith(SCALE)}
    if scales != {name for name, tensor in stored.items() if tensor.dim() == 2 and not name.endswith(SCALE)}:
        raise RolecoderError("scales and matrices do not go together", where=str(path), expected="a whole file")
    return {
        name: tensor.float() * stored[name + SCALE] if name in scales else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(SCALE)
    }


def add_layers(model: Any, path: Path, *, base: str) -> None:
    """Lay stored differences over a model that was just opened.

    Args:
        model: A torch module; changed in place.
        path: Written by ``write_layers``.
        base: SHA-256 of the weights that the model was read from.

    Raises:
        RolecoderError: See ``read_layers``; or the differences do not fit the model.
    """
    import torch

    weights = dict(model.named_parameters())
    differences = read_layers(path, base=base)
    for name, difference in differences.items():
        if name not in weights or weights[name].shape != difference.shape:
            found = f"shape {tuple(weights[name].shape)}" if name in weights else "no such weight"
            raise RolecoderError(
                f"{name} has shape {tuple(difference.shape)}", where=str(path), expected=f"{found} in the encoder"
            )
    with torch.no_grad():
        for name, difference in differences.items():
            weights[name] += difference
