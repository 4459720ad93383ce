"""The model bundle: a trained model on disk, with all that is needed to use it and to refuse misuse.

``bundle.json`` says what the model is, ``head.safetensors`` holds its numbers, ``words.json`` its
terms, ``labelled.safetensors`` where the passages with a role that it was taught on stand, ``README.md``
is its card, and ``checksums.json`` lists the SHA-256 of each.  A model with an encoder of its own holds it in
``encoder/``, and in ``pointer.safetensors`` the layers that point at holders.  No pickle.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rolecoder.codebook import Codebook, codebook_from, with_roles
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum, write_bytes, write_csv, write_text
from rolecoder.model.bundlecheck import HEAD, RECORD, SUMS, check_files, check_versions, names_of, read_json, take_away
from rolecoder.model.labelled import DOUBTFUL, Labelled, labelled_bytes, read_labelled
from rolecoder.model.opinion import Opinion
from rolecoder.model.pointer import LAYERS, PASSAGE, PointerHead
from rolecoder.model.thresholds import NEVER, Curve, choose_for, counts_at, lacking_curve
from rolecoder.records import ASPECTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SCHEMA = 1
VECTOR_PARTS = ("text", "before", "after")
WORD_PARTS = ("words",)
_WORDS, _LABELLED, _CARD = "words.json", "labelled.safetensors", "README.md"
PARTS = (RECORD, HEAD, SUMS, DOUBTFUL, _WORDS, _LABELLED, _CARD)  # of a model, besides an encoder of its own
_OPINION = ("opinion.coefficients", "opinion.intercepts")
_POINTER = tuple(f"pointer.{part}{of}" for part in ("passage", "mention", "before") for of in ("", "_bias"))
_CURVE = ("curve.thresholds", "curve.given", "curve.hits")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderNote:
    """The encoder that the model was trained with; ``folder`` where it lies inside the bundle."""

    identity: str
    dim: int
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """Terms of one or two words, and how much a rare one counts."""

    terms: tuple[str, ...]
    idf: Floats  # shape (n_terms,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One logistic regression per role on parts that stand side by side."""

    parts: tuple[str, ...]
    coefficients: Floats  # shape (n_roles, n_features)
    intercepts: Floats  # shape (n_roles,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """All that turns features into probabilities and decisions.

    The log-odds of a role are ``offsets + sum over blocks of mixing x score of the block``: a
    calibration after Platt that weighs the blocks against each other at the same time.
    """

    blocks: tuple[Block, ...]
    words: Words | None
    mixing: Floats  # shape (n_roles, n_blocks)
    offsets: Floats  # shape (n_roles,)
    thresholds: Floats  # shape (n_roles,), probabilities

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part that a block needs, once."""
        return tuple(dict.fromkeys(part for block in self.blocks for part in block.parts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """A trained model and where it comes from."""

    name: str
    codebook: Codebook
    encoder: EncoderNote
    head: Head
    labels: Mapping[str, Any]  # digest, counts, who coded
    scores: Mapping[str, Any]  # from cross-validation grouped by document
    training: Mapping[str, Any]  # settings and seed
    versions: Mapping[str, str]
    error_rates: Mapping[str, Any] = field(default_factory=dict)  # subset -> role -> counts; empty in older bundles
    labelled: Labelled | None = None  # None in older bundles
    curves: Mapping[str, Curve] = field(default_factory=dict)  # by subset, as error_rates; empty in older bundles
    opinion: Opinion | None = None  # on holder and aspect; None where labels say too little, or there is a pointer
    pointer: PointerHead | None = None  # on holder and aspect; with an encoder of its own only
    doubtful: tuple[Mapping[str, Any], ...] = ()  # rows of DOUBTFUL; written, and not read again
    folder: Path | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """Codes in the order of every vector of roles."""
        return self.codebook.codes

    @property
    def full_codebook(self) -> Codebook:
        """That of its labels: with the roles that were too rare to be in the model (older models do not tell them)."""
        return with_roles(self.codebook, self.training.get("left_out", []))

    @property
    def encoder_folder(self) -> str | None:
        """Where the bundle's own encoder lies; None where it uses one from outside."""
        inside = self.encoder.folder
        return str(self.folder / inside) if self.folder is not None and inside is not None else None

    @property
    def never(self) -> tuple[str, ...]:
        """Roles that are not given, since what the study asks of them is not reached in held-out documents."""
        return tuple(r for r, limit in zip(self.roles, self.head.thresholds, strict=True) if limit == NEVER)

    def with_thresholds(self, measure: Literal["precision", "recall"], wanted: float) -> Bundle:
        """Choose the thresholds that reach a precision or a recall; see ``rolecoder.model.thresholds``.

        The error rates become those at these thresholds.

        Raises:
            RolecoderError: The model was made before models kept what that takes.
        """
        if not self.curves:
            raise lacking_curve(self.name, f"{measure} of {wanted:g}")
        chosen = choose_for(self.curves["all"], measure, wanted)
        rates = {subset: counts_at(curve, chosen, self.error_rates[subset]) for subset, curve in self.curves.items()}
        return replace(self, head=replace(self.head, thresholds=chosen), error_rates=rates)

    def check_encoder(self, identity: str) -> None:
        """Refuse any encoder but the one the model was trained with.

        Raises:
            RolecoderError: It is another.
        """
        if identity != self.encoder.identity:
            raise RolecoderError(
                f"encoder {identity!r} does not fit the model {self.name!r}",
                expected=self.encoder.identity,
                mend="name the encoder that the model was trained with, by --encoder or in a study by coding.encoder; "
                "one inside the model, and the packaged one, need no naming",
            )


def save_bundle(bundle: Bundle, folder: Path, card: str) -> Path:
    """Write a bundle; its files replace those of an older one, and what only that one has is taken away.

    Args:
        bundle: What to write.
        folder: Made where it is not there.  The model's encoder and ``LAYERS``, already written, are taken along.
        card: The model card, Markdown.

    Raises:
        RolecoderError: The folder cannot be written.
    """
    import numpy as np
    import pandas as pd
    from safetensors.numpy import save

    head, older = bundle.head, names_of(folder)
    arrays = {"mixing": head.mixing, "offsets": head.offsets, "thresholds": head.thresholds}
    for number, block in enumerate(head.blocks):
        arrays |= {f"block{number}.coefficients": block.coefficients, f"block{number}.intercepts": block.intercepts}
    if head.words is not None:
        arrays["idf"] = head.words.idf
        write_text(folder / _WORDS, json.dumps(head.words.terms, ensure_ascii=False, indent=0) + "\n")
    if bundle.curves:
        curves = [bundle.curves[subset] for subset in bundle.error_rates]
        counts = (np.stack([getattr(curve, name) for curve in curves]) for name in ("given", "hits"))
        arrays |= dict(zip(_CURVE, (curves[0].thresholds, *counts), strict=True))
    if bundle.opinion is not None:
        arrays |= dict(zip(_OPINION, (bundle.opinion.coefficients, bundle.opinion.intercepts), strict=True))
    if bundle.pointer is not None:
        arrays |= {name: getattr(bundle.pointer, name.split(".")[1]) for name in _POINTER}
    if bundle.labelled is not None:
        write_bytes(folder / _LABELLED, labelled_bytes(bundle.labelled))
    record = {
        "schema": SCHEMA,
        "name": bundle.name,
        "encoder": asdict(bundle.encoder),
        "blocks": [block.parts for block in head.blocks],
        "codebook": asdict(bundle.codebook),
        "codebook_digest": bundle.codebook.digest,
        **{key: getattr(bundle, key) for key in ("labels", "training", "versions", "scores", "error_rates")},
    }
    numbers = {key: np.ascontiguousarray(array, dtype=np.float32) for key, array in arrays.items()}
    write_bytes(folder / HEAD, save(numbers))
    write_text(folder / RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / _CARD, card)
    if bundle.doubtful:
        write_csv(pd.DataFrame(bundle.doubtful), folder / DOUBTFUL)
    parts = {_WORDS: head.words, _LABELLED: bundle.labelled, LAYERS: bundle.pointer, DOUBTFUL: bundle.doubtful}
    files = [RECORD, HEAD, *(name for name, part in parts.items() if part), _CARD]
    if bundle.encoder.folder is not None:
        inside = folder / bundle.encoder.folder
        files += [str(p.relative_to(folder).as_posix()) for p in sorted(inside.rglob("*")) if p.is_file()]
    sums = {name: file_checksum(folder / name) for name in files}
    write_text(folder / SUMS, json.dumps(sums, indent=1) + "\n")
    take_away(folder, older - sums.keys())
    return folder


def load_bundle(folder: Path) -> Bundle:
    """Load a bundle and check all of it before any text is read.

    Raises:
        RolecoderError: It is not a bundle, of another schema, changed on disk, its numbers do not
            fit one another, or it was made with a library of another major version.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    check_files(folder)
    record = read_json(folder / RECORD)
    schema = record.get("schema") if isinstance(record, dict) else None
    if schema != SCHEMA:
        raise RolecoderError(
            f"schema {schema!r}",
            where=str(folder / RECORD),
            expected=f"{SCHEMA}",
            mend="the model was made by another version of rolecoder: train it anew",
        )
    try:
        arrays = load((folder / HEAD).read_bytes())
    except SafetensorError as cause:
        raise RolecoderError(f"not readable ({cause})", where=str(folder / HEAD)) from cause
    try:
        return _assemble(record, arrays, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise RolecoderError(
            f"lacks something, or has it in another form ({cause!r})",
            where=str(folder / RECORD),
            mend="copy the model anew from where it came, or train it again",
        ) from cause


def _assemble(record: Mapping[str, Any], arrays: Mapping[str, Floats], folder: Path) -> Bundle:
    check_versions(record["versions"], folder)
    codebook = codebook_from(record["codebook"], where=f"{folder / RECORD}: codebook")
    if codebook.digest != record["codebook_digest"]:
        raise RolecoderError("the codebook is not the one that its digest names", where=str(folder / RECORD))
    pointing = _POINTER[0] in arrays
    if pointing and _POINTER[-1] not in arrays:
        raise RolecoderError(
            "its second reading of holders is that of an older version of rolecoder",
            where=str(folder / HEAD),
            expected="one that reads the words before a passage too",
            mend="train it again, or use the version that made it",
        )
    if pointing and (record["encoder"]["folder"] is None or LAYERS not in read_json(folder / SUMS)):
        raise RolecoderError(
            f"it points at holders, but {LAYERS} or its own encoder is not listed",
            where=str(folder / SUMS),
            mend="copy the model anew from where it came, or train it again",
        )
    return Bundle(
        name=record["name"],
        codebook=codebook,
        encoder=EncoderNote(**record["encoder"]),
        head=_head(record, arrays, folder, len(codebook.codes)),
        **{key: record[key] for key in ("labels", "scores", "training", "versions")},
        error_rates=record.get("error_rates", {}),
        labelled=_labelled(folder, int(record["encoder"]["dim"])),
        curves=_curves(arrays, tuple(record.get("error_rates", {}))),
        opinion=Opinion(**_named(arrays, _OPINION)) if _OPINION[0] in arrays else None,
        pointer=PointerHead(**_named(arrays, _POINTER)) if pointing else None,
        folder=folder,
    )


def _named(arrays: Mapping[str, Floats], names: tuple[str, ...]) -> dict[str, Floats]:
    return {name.split(".")[1]: arrays[name] for name in names}


def _curves(arrays: Mapping[str, Floats], subsets: tuple[str, ...]) -> dict[str, Curve]:
    if _CURVE[0] not in arrays:
        return {}
    thresholds, *counts = (arrays[name] for name in _CURVE)
    given, hits = (count if count.ndim == 3 else count[None] for count in counts)  # an older bundle: of all passages
    if len(given) != len(subsets):
        return {}
    return {
        name: Curve(thresholds=thresholds, given=g, hits=h) for name, g, h in zip(subsets, given, hits, strict=True)
    }


def _labelled(folder: Path, dim: int) -> Labelled | None:
    checked = _LABELLED in read_json(folder / SUMS)  # only what the sums list was
    return read_labelled(folder / _LABELLED, dim) if checked else None


def _head(record: Mapping[str, Any], arrays: Mapping[str, Floats], folder: Path, n_roles: int) -> Head:
    words = None
    if "idf" in arrays:
        words = Words(terms=tuple(read_json(folder / _WORDS)), idf=arrays["idf"])
    widths = {part: int(record["encoder"]["dim"]) for part in VECTOR_PARTS}
    widths |= {part: len(words.terms) if words else 0 for part in WORD_PARTS}
    blocks = []
    expected: dict[str, tuple[int, ...]] = {"mixing": (n_roles, len(record["blocks"]))}
    expected |= dict.fromkeys(("offsets", "thresholds"), (n_roles,))
    if _CURVE[0] in arrays:
        size = arrays[_CURVE[0]].shape[0]
        subsets = len(record.get("error_rates", {})) or len(arrays[_CURVE[1]])
        counts = (n_roles, size) if arrays[_CURVE[1]].ndim == 2 else (subsets, n_roles, size)
        expected |= {_CURVE[0]: (size,), _CURVE[1]: counts, _CURVE[2]: counts}
    if _OPINION[0] in arrays:
        expected |= dict(zip(_OPINION, ((3, widths["text"]), (3,)), strict=True))
    if _POINTER[0] in arrays:
        for name in _POINTER:
            rows = PASSAGE if name.startswith("pointer.passage") else len(ASPECTS)
            expected[name] = (rows,) if name.endswith("_bias") else (rows, widths["text"])
    if words:
        expected["idf"] = (len(words.terms),)
    for number, parts in enumerate(record["blocks"]):
        unknown = [part for part in parts if part not in widths]
        if unknown:
            raise RolecoderError(f"unknown features {', '.join(unknown)}", where=str(folder / RECORD))
        names = f"block{number}.coefficients", f"block{number}.intercepts"
        expected |= {names[0]: (n_roles, sum(widths[part] for part in parts)), names[1]: (n_roles,)}
        blocks.append((tuple(parts), *names))
    shapes = {key: array.shape for key, array in arrays.items()}
    if shapes != expected:
        wrong = sorted(key for key in set(shapes) | set(expected) if shapes.get(key) != expected.get(key))
        raise RolecoderError(
            f"the numbers of {', '.join(wrong)} have shapes {[shapes.get(key) for key in wrong]}",
            where=str(folder / HEAD),
            expected=f"{[expected.get(key) for key in wrong]}",
        )
    return Head(
        blocks=tuple(Block(parts=parts, coefficients=arrays[c], intercepts=arrays[i]) for parts, c, i in blocks),
        words=words,
        **{key: arrays[key] for key in ("mixing", "offsets", "thresholds")},
    )
