"""What a model keeps of passages it was taught on: their ids, places, roles and vectors, never their text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rolecoder.annotations import Label, Labels
from rolecoder.errors import RolecoderError
from rolecoder.labelled_texts import document_of, text_checksum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Encode = Callable[[Sequence[str]], Vectors]


LEARNT = "passages that the model has learnt from"  # a count of the stage that codes a run
DOUBTFUL = "doubtful.csv"  # in a model's folder, labels to be looked at again; no program reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPassage:
    """A labelled passage: where it stands, its roles, its id, and the SHA-256 of its text, white space collapsed."""

    document: str
    start: int | None  # code points of the document; None where the label gave none
    end: int | None
    roles: tuple[str, ...]
    checksum: str
    label_id: str | None = None  # None in older bundles

    @property
    def place(self) -> str:
        """The label's id where it is known, the document, and the offsets where they are known."""
        inside = self.document if self.start is None else f"{self.document}:{self.start}-{self.end}"
        if self.label_id is None:
            return inside
        alone = self.document == f"row {self.label_id}"  # it names no document
        return f"label {self.label_id}" + f", {inside}" * (not alone)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labelled:
    """Labelled passages with a role; each vector is stored up to its length, as whole numbers from -127 to 127."""

    passages: tuple[LabelledPassage, ...]
    vectors: NDArray[np.int8]  # shape (n, dim)

    def among(self, texts: Sequence[str]) -> int:
        """How many of these texts a model was taught on; those without a role are not kept, and not counted."""
        known = {passage.checksum for passage in self.passages}
        return sum(text_checksum(text) in known for text in texts)

    def the_same(self, labels: Iterable[Label]) -> int:
        """How many of these labels, by document and text, a model was taught on; models of before kept no ids: 0."""
        known = {(document_of(passage.label_id), passage.checksum) for passage in self.passages if passage.label_id}
        return sum((document_of(label.label_id), text_checksum(label.text)) in known for label in labels)

    def nearest(self, vectors: Vectors, count: int) -> list[list[tuple[LabelledPassage, float]]]:
        """Find the labelled passages most like each vector, with the cosine of the angle between them."""
        import numpy as np

        likeness = unit_rows(vectors) @ unit_rows(self.vectors).T
        order = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
        return [
            [(self.passages[at], float(likeness[row, at])) for at in places]
            for row, places in enumerate(order.tolist())
        ]


def learnt_in_words(counts: Mapping[str, int]) -> str:
    """Say how many of a run's passages the model was taught on, and what that does to shares; empty for none.

    Args:
        counts: Of the stage that coded them.
    """
    learnt, passages = counts.get(LEARNT, 0), counts.get("passages", 0)
    if not learnt:
        return ""
    return (
        f"The model has learnt from at least {learnt:,} of the {passages:,} passages. "
        "It codes those better than its error rates and calibration say, which are of passages that it had not seen: "
        "the more of them there are, the further are shares by adjusted count and EMQ from the truth."
    )


def unit_rows(vectors: NDArray[np.float32] | NDArray[np.int8]) -> Vectors:
    """Stretch each row to length 1; a row of zeros stays as it is."""
    import numpy as np

    wide = vectors.astype(np.float32)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    unit: Vectors = wide / np.maximum(lengths, np.float32(1e-12))
    return unit


def keep_labelled(labels: Labels, encode: Encode) -> Labelled:
    """Take the labelled passages that carry a role.

    Args:
        labels: What a model is taught on.
        encode: Of the encoder that the model will code with.
    """
    import numpy as np

    rows = [number for number, row in enumerate(labels.rows) if row.roles]
    vectors = encode([labels.texts[number] for number in rows])
    top = np.abs(vectors).max(axis=1, keepdims=True)
    passages = tuple(
        LabelledPassage(
            document=labels.documents[number],
            start=labels.rows[number].start,
            end=labels.rows[number].end,
            roles=labels.rows[number].roles,
            checksum=text_checksum(labels.texts[number]),
            label_id=labels.rows[number].label_id,
        )
        for number in rows
    )
    return Labelled(passages=passages, vectors=np.rint(vectors / np.where(top > 0, top, 1) * 127).astype(np.int8))


def labelled_bytes(labelled: Labelled) -> bytes:
    """Write as safetensors: the vectors, and in its header the passages as JSON."""
    from safetensors.numpy import save

    told = json.dumps([asdict(passage) for passage in labelled.passages], ensure_ascii=False)
    return save({"vectors": labelled.vectors}, metadata={"passages": told})


def read_labelled(path: Path, dim: int) -> Labelled:
    """Read what ``labelled_bytes`` wrote.

    Raises:
        RolecoderError: It is not readable, or not of this width.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as handle:
            told = json.loads((handle.metadata() or {})["passages"])
            vectors = handle.get_tensor("vectors")
        passages = tuple(LabelledPassage(**row | {"roles": tuple(row["roles"])}) for row in told)
    except (SafetensorError, KeyError, TypeError, ValueError) as cause:
        raise RolecoderError(f"not readable ({cause!r})", where=str(path)) from cause
    if vectors.shape != (len(passages), dim):
        raise RolecoderError(f"vectors of shape {vectors.shape}", where=str(path), expected=f"({len(passages)}, {dim})")
    return Labelled(passages=passages, vectors=vectors)
