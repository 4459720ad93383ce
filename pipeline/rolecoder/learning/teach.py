"""How an encoder is taught beside the training of a model: on the roles, then to point at their holders.

Both are handed to ``rolecoder.train.train``.  What they write lies in a folder of what is not yet part of the model,
where a training that was stopped goes on, until ``put_in_place``.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rolecoder.bundle import Bundle, EncoderNote, save_bundle
from rolecoder.encode import PUBLISHED, SentenceEncoder, encode_texts, open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.learning.children import end_with_parent
from rolecoder.learning.point import learn_pointer
from rolecoder.model.bundlecheck import NEW, SUMS, move_model
from rolecoder.model.pointer import LAYERS, PointerHead, PointerSettings
from rolecoder.progress import Progress, silent
from rolecoder.study.places import shipped

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from rolecoder.actors import Actors
    from rolecoder.annotations import Labels
    from rolecoder.learning.finetune import Tuned, TuneSettings
    from rolecoder.model.layers import Start

    Vectors = NDArray[np.float32]
    Encode = Callable[[Sequence[str]], Vectors]
    Tune = Callable[[Labels, NDArray[np.int64], Callable[[], None] | None], tuple[EncoderNote, Encode, Tuned]]

MANY = 25_000  # labels of which a half is enough to be judged by
ADAPTED = "models/leaders-minilm/layers.safetensors"  # learnt from leaders' statements without labels


def tuned_folds(labels: int) -> int:
    """Folds of a fine-tuning: an encoder is taught for each, and an hour must be enough."""
    return 3 if labels < MANY else 2


def start_from(encoder: SentenceEncoder) -> Start:
    """The packaged encoder is taught from what it learnt of leaders' statements; another one as it is.

    Raises:
        RolecoderError: What it learnt is not found.
    """
    from rolecoder.model.layers import Start

    if encoder.weights_checksum != PUBLISHED:
        return Start(base=encoder.folder)
    try:
        return Start(base=encoder.folder, layers=shipped(ADAPTED))
    except RolecoderError as cause:
        mend = "set ROLECODER_HOME to the project's folder, or start from another encoder: --encoder FOLDER"
        raise RolecoderError(cause.found, expected=cause.expected, mend=mend) from cause


def teacher(start: Start, folder: Path, settings: TuneSettings, progress: Progress = silent) -> Tune:
    """How an encoder is taught the roles.

    Args:
        start: The encoder to start from.
        folder: Where it is written, as ``encoder``.
        settings: See ``TuneSettings``.
        progress: Shows how many encoders are done.
    """
    from rolecoder.learning.finetune import fine_tune

    def tune(
        labels: Labels, folds: NDArray[np.int64], written: Callable[[], None] | None
    ) -> tuple[EncoderNote, Callable[[Sequence[str]], NDArray[np.float32]], Tuned]:
        with progress("fine-tuning", "encoders") as advance:
            tuned = fine_tune(
                labels.texts,
                labels.matrix,
                folds,
                start,
                folder / "encoder",
                settings,
                weights=labels.weights,
                written=written,
                progress=advance,
            )
        taught = open_encoder(str(folder / "encoder"))
        note = EncoderNote(identity=taught.identity, dim=taught.dim, folder="encoder")
        return note, lambda texts: encode_texts(texts, taught, {}), tuned

    return tune


class SecondReading:
    """How the taught encoder learns to point at the holder of a role: in a process of its own."""

    def __init__(
        self, folder: Path, settings: PointerSettings, actors: Actors, tell: Callable[[str], None] | None = None
    ) -> None:
        """Get ready.

        Args:
            folder: Holds ``encoder``; the layers are written beside it.
            settings: See ``PointerSettings``.
            actors: All that may hold a role.
            tell: Told when nothing but this is left to wait for.
        """
        self.settings, self._folder, self._actors, self._tell = settings, folder, actors, tell
        self._answer: Connection | None = None

    def begin(self, labels: Labels) -> None:
        """Start to learn."""
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._answer, answering = context.Pipe(duplex=False)
        given = (answering, labels, self._actors, self._folder, self.settings)
        context.Process(target=_point, args=given, daemon=True).start()
        answering.close()  # so that the end of the child is the end of the answer

    def wait(self) -> PointerHead | None:
        """What was learnt; None with too few labels.

        Raises:
            RolecoderError: It was stopped, or what ``learn_pointer`` finds.
        """
        if self._answer is None:
            return None
        if self._tell is not None and not self._answer.poll():
            self._tell("\nWaiting for the second reading, which learns to point at the holder: some minutes.")
        try:
            found: PointerHead | RolecoderError | None = self._answer.recv()
        except EOFError as cause:
            raise RolecoderError(
                "the second reading ended before it was learnt",
                expected="a process that nobody stops; most often memory ran out",
                mend="train again with more memory; the encoders that were taught are kept",
            ) from cause
        if isinstance(found, RolecoderError):
            raise found
        return found


def _point(answering: Connection, labels: Labels, actors: Actors, folder: Path, settings: PointerSettings) -> None:
    """Learn to point at the holder and send what was learnt, or what was wrong."""
    end_with_parent()
    try:
        answering.send(learn_pointer(labels, actors, folder / "encoder", folder / LAYERS, settings))
    except RolecoderError as cause:
        answering.send(cause)


def put_in_place(bundle: Bundle, folder: Path, card: str) -> None:
    """Write a trained model beside an older one, and let it take its place when all of it is there.

    Args:
        bundle: The model; an encoder of its own lies in ``NEW``.
        folder: Of the model; made where it is not there.
        card: The model card, Markdown.

    Raises:
        RolecoderError: The folder cannot be written; an older model is as it was.
    """
    new = folder / NEW
    with contextlib.suppress(OSError):
        (new / SUMS).unlink()  # until it is whole again
    save_bundle(bundle, new, card)
    move_model(new, folder)
    if bundle.encoder.folder is not None:
        shutil.rmtree(new)
    else:
        with contextlib.suppress(OSError):  # a training with an encoder was stopped, and may go on there
            new.rmdir()
