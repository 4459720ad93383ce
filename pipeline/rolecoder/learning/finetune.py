"""A sentence encoder taught on hand labels: its vectors come to see roles rather than topics.

The upper layers are trained together with one logistic output per role, on mean-pooled vectors, by binary
cross-entropy (Devlin et al. 2019, NAACL; Sun et al. 2019, CCL, for the rates).  What is scored comes from encoders
that saw no label of the document.  What the lower layers make of the texts is computed once for all of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolecoder.encode import read_modules
from rolecoder.files import file_checksum, replacing
from rolecoder.learning.children import end_with_parent
from rolecoder.learning.folds import NO_FOLD
from rolecoder.model.halves import Halves, LowerStates, chunks
from rolecoder.model.layers import SETTINGS, WEIGHTS, Start
from rolecoder.model.lesson_steps import EASY, READ, Passes, mean_pooled, rise_and_fall
from rolecoder.progress import Advance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Truth = NDArray[np.int8]

LESSONS = "lessons"  # folder of what the lower layers make of the texts, and of what each fold gave


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSettings:
    """Choices of the fine-tuning; found on two folds of the project's train labels."""

    epochs: float = 2.0
    batch: int = 16
    rate: float = 1.5e-4  # highest learning rate of the encoder's layers
    head_rate: float = 1e-3
    warm_up: float = 0.1  # share of the steps over which the rates rise; then they fall to 0
    easy: float = EASY  # see ``Passes``
    read: float = READ
    frozen: int = 2  # lowest layers, which stay as they are with all below them; at least one is taught
    dropout: float = 0.1  # of the pooled vector
    decay: float = 0.01
    max_tokens: int = 160
    seed: int = 0
    workers: int = 2  # encoders trained side by side, each on one thread


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tuned:
    """What fine-tuning gives: held-out scores of the labelled texts, and the output layer of the encoder kept."""

    held_out: Floats  # log-odds by an encoder that saw no label of the document; shape (n, n_roles)
    coefficients: NDArray[np.float32]  # shape (n_roles, dim)
    intercepts: NDArray[np.float32]  # shape (n_roles,)
    settings: TuneSettings
    layers_digest: str | None = None  # SHA-256 of the layers it started from, where they were not those of the base


def fine_tune(
    texts: Sequence[str],
    truth: Truth,
    folds: NDArray[np.int64],
    start: Start,
    folder: Path,
    settings: TuneSettings,
    *,
    weights: Floats | None = None,
    written: Callable[[], None] | None = None,
    progress: Advance | None = None,
) -> Tuned:
    """Teach an encoder once for each fold, to score that fold, and once on everything, to keep.

    Args:
        texts: Of the labelled passages.
        truth: 1 where a passage carries a role; shape (n, n_roles).
        folds: The fold of each passage, documents kept whole; shape (n,).  All learn from those in ``NO_FOLD``.
        start: The encoder to start from.
        folder: Where the taught encoder is written, in half precision; replaces what is there.  What each fold gave is
            kept beside it until the model is saved, so that a training that was stopped goes on where it stopped.
        settings: See ``TuneSettings``.
        weights: How much each passage counts, against one another; shape (n,).  By default all count alike.
        written: Called as soon as ``folder`` is written, while others are still taught.
        progress: Called with the encoders done and of all.

    Raises:
        RolecoderError: See ``Start.check``.
    """
    import numpy as np

    start.check()
    weights = np.ones(len(texts)) if weights is None else weights
    held_out = np.zeros(truth.shape)
    held = map(int, np.unique(folds[folds != NO_FOLD]))
    parts: list[int | None] = [None, *held]  # None: everything, to keep; it takes longest
    digest = start.digest()
    paths = [folder.parent / LESSONS / f"{_name(chunk, digest, settings)}.npy" for chunk in chunks(texts)]
    with _pool(settings.workers) as pool:
        below = [
            pool.submit(_below, tuple(chunk), path, start, settings)
            for chunk, path in zip(chunks(texts), paths, strict=True)
        ]
        lengths = tuple(length for job in below for length in job.result())
        jobs = {}
        for fold in parts:
            inside = np.flatnonzero(folds == fold) if fold is not None else np.empty(0, dtype=np.int64)
            outside = np.flatnonzero(folds != fold) if fold is not None else np.arange(len(texts))
            lesson = _Lesson(
                paths=tuple(paths),
                lengths=lengths,
                learnt=tuple(outside.tolist()),
                truth=truth[outside],
                weights=weights[outside],
                unseen=tuple(inside.tolist()),
                number=fold or 0,
            )
            jobs[pool.submit(_taught, lesson, start, folder, settings)] = inside
        for done, job in enumerate(as_completed(jobs), start=1):
            scores, coefficients, intercepts = job.result()
            held_out[jobs[job]] = scores
            if not len(jobs[job]):
                kept = coefficients, intercepts
                if written is not None:
                    written()
            if progress is not None:
                progress(done, len(parts))
    layers = file_checksum(start.layers) if start.layers else None
    return Tuned(held_out=held_out, coefficients=kept[0], intercepts=kept[1], settings=settings, layers_digest=layers)


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes to teach in; without one of them the others are of no use: where one fails, begin no more."""
    import multiprocessing

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=end_with_parent) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _name(texts: Sequence[str], digest: str, settings: TuneSettings) -> str:
    """Tells apart what the lower layers of a start, by its digest, make of texts."""
    said = json.dumps([texts, settings.frozen, settings.max_tokens])
    return hashlib.sha256((said + digest).encode()).hexdigest()[:32]


def _below(texts: Sequence[str], path: Path, start: Start, settings: TuneSettings) -> tuple[int, ...]:
    """Write what the lower layers make of texts, unless it was written before; and count the tokens of each."""
    import torch

    torch.set_num_threads(1)
    tokenizer, encoder = start.open(attention_dropout=False)
    tokens = tokenizer(list(texts), truncation=True, max_length=settings.max_tokens)["input_ids"]
    if not path.is_file():
        Halves(tokenizer, encoder, settings.frozen).write(tokens, path)
    return tuple(map(len, tokens))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lesson:
    """What one encoder is taught on, and the texts that it scores; it is kept where it scores none."""

    paths: tuple[Path, ...]  # what the lower layers make of all texts, see ``LowerStates``
    lengths: tuple[int, ...]  # of all texts, in tokens
    learnt: tuple[int, ...]  # rows of the texts that it is taught on
    truth: Truth  # of these
    weights: Floats
    unseen: tuple[int, ...]  # rows of those that it scores
    number: int  # of the fold

    def digest(self, settings: TuneSettings) -> str:
        """Tells two lessons apart; how many are taught side by side changes nothing."""
        chosen = {name: value for name, value in asdict(settings).items() if name != "workers"}
        names = [path.name for path in self.paths]  # they tell the texts, and the encoder to start from
        said = json.dumps([names, self.learnt, self.unseen, self.number, chosen, self.weights.tolist()])
        return hashlib.sha256(said.encode() + self.truth.tobytes()).hexdigest()[:32]


def _taught(
    lesson: _Lesson, start: Start, folder: Path, settings: TuneSettings
) -> tuple[Floats, NDArray[np.float32], NDArray[np.float32]]:
    """Teach one encoder, or read what it gave before; runs in a process of its own, on one thread."""
    import numpy as np

    before = folder.parent / LESSONS / f"{lesson.digest(settings)}.npz"
    keep = not lesson.unseen
    if before.is_file():
        with np.load(before, allow_pickle=False) as found:
            if not keep or ((folder / WEIGHTS).is_file() and file_checksum(folder / WEIGHTS) == str(found["encoder"])):
                return found["scores"], found["coefficients"], found["intercepts"]
    scores, coefficients, intercepts = _teach(lesson, start, folder if keep else None, settings)
    with replacing(before) as handle:
        encoder = file_checksum(folder / WEIGHTS) if keep else ""
        np.savez(handle, scores=scores, coefficients=coefficients, intercepts=intercepts, encoder=encoder)
    return scores, coefficients, intercepts


def _teach(
    lesson: _Lesson, start: Start, folder: Path | None, settings: TuneSettings
) -> tuple[Floats, NDArray[np.float32], NDArray[np.float32]]:
    """Teach one encoder."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(settings.seed * 1000 + lesson.number)
    model, below = _Model(start, lesson.truth, settings), LowerStates(lesson.paths, lesson.lengths)
    model.learn(below, lesson, np.random.default_rng([settings.seed, lesson.number]))
    scores = model.scores(below, lesson.unseen)
    if folder is not None:
        model.save(folder)
    head = model.head
    return scores, head.weight.detach().numpy().copy(), head.bias.detach().numpy().copy()


class _Model:
    """A transformer with mean pooling and one logistic output per role."""

    def __init__(self, start: Start, truth: Truth, settings: TuneSettings) -> None:
        import numpy as np
        import torch

        self.base, self.settings = start.base, settings
        tokenizer, self.encoder = start.open(attention_dropout=False)
        self.halves = Halves(tokenizer, self.encoder, settings.frozen)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, truth.shape[1])
        share = np.clip(truth.mean(axis=0), 1e-3, 0.5)
        with torch.no_grad():
            self.head.bias.copy_(torch.logit(torch.tensor(share, dtype=torch.float32)))
        self.dropout = torch.nn.Dropout(settings.dropout)

    def learn(self, below: LowerStates, lesson: _Lesson, order: np.random.Generator) -> None:
        """Train on all texts, ``epochs`` times over, see ``Passes``.

        A text's weight is taken against the mean of all, so that the rates mean the same whatever the weights.
        """
        import torch
        from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

        s = self.settings
        optimiser = torch.optim.AdamW(
            [
                {"params": self.halves.taught, "lr": s.rate, "weight_decay": s.decay},
                {"params": list(self.head.parameters()), "lr": s.head_rate, "weight_decay": s.decay},
            ],
            fused=True,
        )
        lengths = [below.lengths[row] for row in lesson.learnt]
        passes = Passes(lengths, s.batch, s.epochs, order, easy=s.easy, read=s.read)
        schedule = rise_and_fall(optimiser, passes.steps, s.warm_up)
        wanted = torch.tensor(lesson.truth, dtype=torch.float32)
        weights = torch.tensor(lesson.weights / lesson.weights.mean(), dtype=torch.float32)
        self.encoder.train()
        for places, counting in passes:
            odds = self.head(self.dropout(self._pooled(below, [lesson.learnt[place] for place in places])))
            losses: Any = cross_entropy(odds, wanted[places], reduction="none").sum(1)
            passes.note(places, losses)
            (losses * weights[places] * torch.tensor(counting)).mean().backward()
            torch.nn.utils.clip_grad_norm_(self.halves.taught, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
        self.encoder.eval()

    def scores(self, below: LowerStates, unseen: Sequence[int]) -> Floats:
        """Log-odds of each role; shape (len(unseen), n_roles)."""
        import numpy as np
        import torch

        found = np.zeros((len(unseen), self.head.out_features))
        order = np.argsort([below.lengths[row] for row in unseen], kind="stable")
        with torch.no_grad():
            for start in range(0, len(order), 64):
                places = order[start : start + 64]
                found[places] = self.head(self._pooled(below, [unseen[place] for place in places])).numpy()
        return found

    def _pooled(self, below: LowerStates, rows: Sequence[int]) -> Any:
        """Mean of the last layer over the tokens of each text; shape (len(rows), dim)."""
        return mean_pooled(*self.halves.states(below.of(rows)))

    def save(self, folder: Path) -> None:
        """Write a sentence-transformers model: weights in half precision, vectors not normalised."""
        from safetensors.torch import save_file

        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in SETTINGS:
            if (self.base / name).is_file():
                shutil.copyfile(self.base / name, folder / name)
        modules = read_modules(self.base)[:2]
        (folder / "modules.json").write_text(json.dumps(modules, indent=1) + "\n", encoding="utf-8")
        shutil.copytree(self.base / modules[1]["path"], folder / modules[1]["path"])
        halves = {name: tensor.half().contiguous() for name, tensor in self.encoder.state_dict().items()}
        weights = folder / WEIGHTS
        save_file(halves, weights, metadata={"format": "pt"})
        weights.chmod(0o644)
