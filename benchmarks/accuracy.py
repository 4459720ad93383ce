"""How well the shipped model codes, beside what a user would pick instead: tables from labels only.

    ROLECODER_DATA=/path/to/data python benchmarks/accuracy.py
    python benchmarks/accuracy.py --train labels/holsti-17/train.csv labels/holsti-17/more.csv --root .../corpora

Baselines learn from the train labels, or, as in the second line, from all that the shipped model learnt from; their
thresholds are from cross-validation grouped by document.  The shipped model is used as it is.  All are scored on
the dev labels under ROLECODER_DATA, which none of them has seen.

Holder and aspect are scored given the roles by hand: the plain baseline says that the source holds the role, from the
side that is commonest in the train labels; cues are those of the words, with the weights that come with the program.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rolecoder.actors import read_actors
from rolecoder.annotations import Labels, read_labels, with_ids
from rolecoder.attribute import attribute
from rolecoder.bundle import load_bundle
from rolecoder.classify import PassageTexts, classify, logistic
from rolecoder.coding import open_model
from rolecoder.config import shipped
from rolecoder.encode import encode_texts, open_encoder
from rolecoder.evaluate import Estimate, Scores, evaluate
from rolecoder.evaluate_holders import score_holders, told_rows
from rolecoder.learning.folds import grouped_folds
from rolecoder.model.vectors import VectorStore
from rolecoder.records import Attribution

Array = NDArray[np.float64]
FOLDS = 5
PAIRED = 1500  # passages that SetFit learns from: its pairs make all of them the work of hours


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to score passages: trained on some labels, it gives a score per passage and role."""

    name: str
    scores: Callable[[Labels, Labels], Array]
    calibrated: bool = False  # its scores are log-odds


def main() -> None:
    """Print the table."""
    folder = Path(os.environ.get("ROLECODER_DATA", "../shared")) / "labels"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, nargs="+", default=[folder / "train.jsonl"], help="for the baselines")
    parser.add_argument("--dev", type=Path, default=folder / "dev.jsonl")
    parser.add_argument("--root", type=Path, help="folder of the documents, for labels that give offsets")
    parser.add_argument("--model", type=Path, help="a bundle, in place of the shipped one")
    parser.add_argument("--resamples", type=int, default=1000)
    chosen = parser.parse_args()
    bundle = load_bundle(chosen.model or shipped("models/holsti-17"))
    train, dev = (read_labels(paths, bundle.codebook, root=chosen.root) for paths in (chosen.train, [chosen.dev]))
    seen = set(train.documents) & set(dev.documents)
    print(
        f"{len(train):,} passages to learn from, {len(dev):,} to score, {len(seen)} documents in both; "
        f"in brackets, 95 % intervals by {chosen.resamples:,} resamples of documents\n"
    )
    print(f"{'':34}{'macro-F1':>19}{'micro-F1':>19}{'any role, F1':>19}{'calibration error':>22}")
    with VectorStore() as store:
        packaged = open_encoder(checksum=store.checksum)
        vectors: dict[str, NDArray[np.float32]] = {}
        for labels in (train, dev):
            vectors |= dict(zip(labels.texts, encode_texts(labels.texts, packaged, store), strict=True))
        definitions = encode_texts([role.definition for role in bundle.codebook.roles], packaged, store)
        with threadpool_limits(1):  # the matrices are small: more threads only wait for one another
            for method in _methods(vectors, definitions):
                print(_line(method.name, _baseline(method, train, dev, chosen.resamples)), flush=True)
        fitted = _setfit(train, dev, chosen.resamples)
        print(_line("SetFit", fitted) if fitted else f"{'SetFit':34}not measured: pip install -e .[dev]", flush=True)
        own = open_encoder(bundle.encoder_folder, checksum=store.checksum)
        bundle.check_encoder(own.identity)
        sides = {side: [getattr(row, side) for row in dev.rows] for side in ("text", "before", "after")}
        coded = classify(PassageTexts(**sides), bundle, lambda texts: encode_texts(texts, own, store))
    scores = evaluate(
        dev.matrix, coded.probabilities, coded.decided, dev.documents, bundle.roles, resamples=chosen.resamples
    )
    print(_line(f"shipped model {bundle.name}", scores) + "\n")
    heads = ("precision", "recall", "F1", "average precision")
    print(f"{'shipped model, by role':34}{'n':>5}  " + "  ".join(f"{head:>17}" for head in heads))
    for role in scores.roles:
        figures = (role.precision, role.recall, role.f1, role.average_precision)
        print(f"{role.role:34}{role.n:5}  " + "  ".join(f"{figure.printed():>17}" for figure in figures))
    holders(train, dev, chosen.model or shipped("models/holsti-17"), chosen.resamples)
    print(f"\nThe labels: {bundle.labels['coded_by']}")


def holders(train: Labels, dev: Labels, model: Path, resamples: int) -> None:
    """Print how often holder and aspect are right, given the roles by hand."""
    actors = read_actors(shipped("corpora/actors.csv"))
    commonest = Counter(row.aspect for row in train.rows if row.roles and row.aspect).most_common(1)[0][0]
    told = told_rows(with_ids(dev, actors), actors)
    items = [one.item for one in told]
    plain = [
        Attribution(
            holder=item.source,
            holder_confidence=1.0,
            holder_reason="",
            aspect=commonest,
            aspect_confidence=1.0,
            aspect_reason="",
        )
        for item in items
    ]
    with open_model(model) as opened:
        second = attribute(items, actors, correction=opened.second_reading(items, actors))
    ways = {f"source, {commonest} (plain)": plain, "cues alone": attribute(items, actors), "shipped model": second}
    print(f"\n{'given the roles by hand':34}{'holder right':>23}{'of others':>19}{'aspect, macro-F1':>19}")
    for name, found in ways.items():
        scores = score_holders(told, found, resamples=resamples)
        print(
            f"{name:34}{scores.holder.printed(3):>23}{scores.holder_of_others.printed():>19}"
            f"{scores.aspect_macro_f1.printed():>19}"
        )
    print(f"{scores.n} passages of {scores.n_documents} documents; of others: where the holder is not the source")


def _methods(vectors: Mapping[str, NDArray[np.float32]], definitions: NDArray[np.float32]) -> list[Method]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([vectors[text] for text in texts])

    def on_vectors(train: Labels, test: Labels) -> Array:
        x, z = encode(train.texts), encode(test.texts)
        return _columns(lambda y: LogisticRegression(max_iter=1000).fit(x, y).decision_function(z), train)

    def on_words(model: Callable[[], LogisticRegression | LinearSVC]) -> Callable[[Labels, Labels], Array]:
        from sklearn.feature_extraction.text import TfidfVectorizer

        def scores(train: Labels, test: Labels) -> Array:
            words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
            x, z = words.fit_transform(train.texts), words.transform(test.texts)
            return _columns(lambda y: model().fit(x, y).decision_function(z), train)

        return scores

    def nearest(_: Labels, test: Labels) -> Array:
        similarity = (encode(test.texts) @ definitions.T).astype(np.float64)
        return np.where(similarity == similarity.max(axis=1, keepdims=True), similarity, -1.0)

    return [
        Method(name="nearest definition", scores=nearest),
        Method(name="MiniLM + logistic (plain)", scores=on_vectors, calibrated=True),
        Method(
            name="TF-IDF + logistic",
            scores=on_words(lambda: LogisticRegression(C=10, class_weight="balanced", solver="liblinear")),
            calibrated=True,
        ),
        Method(name="TF-IDF + linear SVM", scores=on_words(lambda: LinearSVC(C=0.3, class_weight="balanced"))),
    ]


def _setfit(train: Labels, dev: Labels, resamples: int) -> Scores | None:
    """SetFit (Tunstall et al. 2022, arXiv:2209.11055) on the packaged encoder; None where it is not installed.

    One training on pairs of ``PAIRED`` passages, which takes a quarter of an hour of a core, then a logistic regression
    per role; thresholds from the documents of one fold kept aside.
    """
    if importlib.util.find_spec("setfit") is None:
        return None
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    folds = grouped_folds(train.documents, train.texts, train.matrix, folds=FOLDS, seed=0)
    outside = np.random.default_rng(0).permutation(np.flatnonzero(folds != 0))[:PAIRED]
    taught, aside = train.only(outside), train.only(np.flatnonzero(folds == 0))
    model = SetFitModel.from_pretrained(str(open_encoder(None).folder), multi_target_strategy="one-vs-rest")
    told = Dataset.from_dict({"text": taught.texts, "label": taught.matrix.tolist()})
    settings = {"batch_size": 16, "num_epochs": 1, "num_iterations": 1, "seed": 0, "report_to": "none"}
    with tempfile.TemporaryDirectory() as kept:
        Trainer(model=model, args=TrainingArguments(output_dir=kept, **settings), train_dataset=told).train()
    held_out, chances = (np.asarray(model.predict_proba(of.texts, as_numpy=True)) for of in (aside, dev))
    thresholds = np.array([_best(held_out[:, r], aside.matrix[:, r]) for r in range(held_out.shape[1])])
    return evaluate(dev.matrix, chances, chances >= thresholds, dev.documents, dev.codebook.codes, resamples=resamples)


def _columns(score: Callable[[NDArray[np.int8]], Array], train: Labels) -> Array:
    return np.column_stack([score(train.matrix[:, role]) for role in range(train.matrix.shape[1])])


def _baseline(method: Method, train: Labels, dev: Labels, resamples: int) -> Scores:
    folds = grouped_folds(train.documents, train.texts, train.matrix, folds=FOLDS, seed=0)
    held_out = np.empty(train.matrix.shape)
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        held_out[inside] = method.scores(train.only(np.flatnonzero(folds != fold)), train.only(inside))
    if method.name == "nearest definition":  # one threshold for all: nothing else is learnt
        thresholds = np.full(held_out.shape[1], _best(held_out.ravel(), train.matrix.ravel()))
    else:
        thresholds = np.array([_best(held_out[:, r], train.matrix[:, r]) for r in range(held_out.shape[1])])
    scores = method.scores(train, dev)
    chances = logistic(scores) if method.calibrated else _ranks(scores)
    found = evaluate(dev.matrix, chances, scores >= thresholds, dev.documents, dev.codebook.codes, resamples=resamples)
    return found if method.calibrated else replace(found, ece=Estimate(value=None))


def _ranks(scores: Array) -> Array:
    return (scores - scores.min()) / max(float(np.ptp(scores)), 1e-9)


def _best(scores: Array, truth: NDArray[np.int8]) -> float:
    """The score from which on F1 is highest."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (truth.sum() + np.arange(1, len(order) + 1))
    return float(scores[order[int(np.argmax(f1))]])


def _line(name: str, scores: Scores) -> str:
    means = (scores.macro_f1, scores.micro_f1, scores.any_f1)
    return f"{name:34}" + "".join(f"{m.printed():>19}" for m in means) + f"{scores.ece.printed(3):>22}"


if __name__ == "__main__":
    main()
