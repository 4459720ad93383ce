"""What the layers of an encoder have learnt beyond another's: a small file, laid over the packaged encoder.

The differences are stored as whole numbers of one byte with a scale for each row; a rounded difference is off
by at most 1/254 of the largest in its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.errors import RolecoderError

if TYPE_CHECKING:
    from torch import Tensor

FILE = "layers.safetensors"
SCALE = ".scale"
BASE = "base"  # in the file's metadata: SHA-256 of the weights that the differences are to


def write_layers(before: Mapping[str, Tensor], after: Mapping[str, Tensor], path: Path, *, base: str) -> None:
    """Store how the weights of an encoder differ from those it started from.

    Args:
        before: Weights by name.
        after: The same names and shapes; weights that did not change are left out.
        path: A file to write.
        base: SHA-256 of the file that ``before`` was read from.
    """
    import torch
    from safetensors.torch import save_file

    stored: dict[str, Tensor] = {}
    for name, new in after.items():
        difference = new.detach().float().cpu() - before[name].detach().float().cpu()
        if not difference.any():
            continue
        if difference.dim() != 2:
            stored[name] = difference.half()
            continue
        scale = difference.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        stored[name] = torch.round(difference / scale).to(torch.int8)
        stored[name + SCALE] = scale
    save_file(stored, path, metadata={BASE: base})


def add_layers(model: Any, path: Path, *, base: str) -> None:
    """Lay stored differences over a model that was just opened.

    Args:
        model: A torch module; changed in place.
        path: Written by ``write_layers``.
        base: SHA-256 of the weights that the model was read from.

    Raises:
        RolecoderError: The file is not readable, belongs to other weights, or does not fit the model.
    """
    import torch
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            belongs = (file.metadata() or {}).get(BASE)
            stored = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as cause:
        raise RolecoderError(f"not readable ({cause})", where=str(path), expected="layers of an encoder") from cause
    if belongs != base:
        raise RolecoderError(
            f"these layers belong to an encoder with SHA-256 {belongs}",
            where=str(path),
            expected=f"the one in use: {base}",
            mend="start from the encoder they were made with, or name another one whole",
        )
    weights = dict(model.named_parameters())
    unknown = sorted(name for name in stored if name.removesuffix(SCALE) not in weights)
    if unknown:
        raise RolecoderError(f"weights that the encoder lacks: {', '.join(unknown[:3])}", where=str(path))
    with torch.no_grad():
        for name, weight in weights.items():
            if name in stored:
                weight += stored[name].float() * stored.get(name + SCALE, torch.ones(1))
