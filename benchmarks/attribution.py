"""How often holder and aspect are right, given the coded roles; and the fit of the cues' weights.

    python benchmarks/attribution.py          # cross-validated on the train labels; the shipped weights on dev.jsonl
    python benchmarks/attribution.py --fit    # learn the weights from the train labels again
    python benchmarks/attribution.py --model models/holsti-17    # with the model's second reading; 40 minutes

The train labels are train.csv and more.csv of labels/holsti-17, their texts under ROLECODER_DATA.  All labels were
coded by language models under the codebook, part of them twice and adjudicated; no human expert has checked them.
Groups count as the same where the actors table leads their names to one id.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.metrics import f1_score

from rolecoder.actors import Actors, read_actors
from rolecoder.annotations import Label, Labels, read_labels, with_ids
from rolecoder.attribute import SIDES, Correction, attribute
from rolecoder.attribution.aspects import aspect_cues, aspect_signs
from rolecoder.attribution.holders import holder_cues
from rolecoder.attribution.named import candidates
from rolecoder.attribution.passage import Attributable
from rolecoder.attribution.told import told_holders
from rolecoder.attribution.weights import HOLDER, Weights
from rolecoder.codebook import read_codebook
from rolecoder.coding import Model, open_model
from rolecoder.learning.point import learn_pointer
from rolecoder.model.opinion import learn_opinion
from rolecoder.model.pointer import LAYERS, Pointer, PointerSettings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ROLECODER_DATA", ROOT / ".." / "shared"))
TARGET = ROOT / "pipeline" / "rolecoder" / "attribution" / "weights.json"
ORIGIN = (
    "conditional logit on train.csv and more.csv of labels/holsti-17, passages with a role; coded by language models "
    "under the codebook (part of them twice, adjudicated), not checked by a human expert"
)
PENALTY = 3.0  # of the squared weights; chosen by cross-validation among 1, 2, 3, 5, 8
PRIOR = {  # hardly any labelled passage has a known addressee, or asks one state to play a role
    (HOLDER, "you"): 1.0,
    (HOLDER, "your own"): 1.0,
    (HOLDER, "state asked"): 2.0,
    ("prescription", "holder asked"): 1.0,
}
RAREST = 5  # a cue seen in fewer candidates is left out
FOLDS = 3  # with a model: each teaches an encoder
SMALL = 0.02  # a weight below it is left out
LEAN = {"conception": 1.0, "prescription": 1.6, "performance": 1.6}
Key = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """A labelled passage, and the cues of every holder and aspect that it may have."""

    row: Label
    item: Attributable
    document: str
    holder: str | None
    aspect: str
    candidates: list[tuple[tuple[str, str], dict[Key, float]]]


def main() -> None:
    actors = read_actors(ROOT / "corpora" / "actors.csv")
    book = read_codebook(ROOT / "labels" / "codebook.yaml")
    own = ROOT / "labels" / "holsti-17"
    train = cases(read_labels([own / "train.csv", own / "more.csv"], book, root=DATA / "corpora"), actors)
    if "--fit" in sys.argv:
        weights = fit(train, PENALTY)
        TARGET.write_text(
            json.dumps({"origin": weights.origin, "lean": weights.lean, "weights": weights.of}, indent=0) + "\n"
        )
        print(f"{sum(len(w) for w in weights.of.values())} weights written")
        return
    base = np.mean([case.holder == case.item.source for case in train])
    print(f"train: {len(train)} coded passages; holder is the source in {base:.3f}")
    for penalty in (PENALTY,) if "--all" not in sys.argv else (1.0, 2.0, 3.0, 5.0, 8.0):
        show(f"train, 5 folds by document, penalty {penalty}", train, crossed(train, penalty, actors))
    dev = cases(read_labels([DATA / "labels" / "dev.jsonl"], book), actors)
    base = np.mean([case.holder == case.item.source for case in dev])
    print(f"dev: {len(dev)} coded passages; holder is the source in {base:.3f}")
    show("dev, shipped weights", dev, attribute([case.item for case in dev], actors))
    if "--model" in sys.argv:
        with_model(Path(sys.argv[sys.argv.index("--model") + 1]), train, dev, actors)


def cases(labels: Labels, actors: Actors) -> list[Case]:
    """The passages that carry a role."""
    return [case(row, item, actors) for row, item in told_holders(with_ids(labels, actors), actors)]


def case(row: Label, item: Attributable, actors: Actors) -> Case:
    pairs = []
    signs = aspect_signs(item)
    for actor, held in holder_cues(item, actors, candidates(item, actors)).items():
        sides = aspect_cues(item, signs, actor, held, actors)
        for side in SIDES:
            cues = {(HOLDER, name): value for name, value in held.items() if value}
            cues |= {(side, name): value for name, value in sides.items() if value}
            pairs.append(((actor, str(side)), cues))
    return Case(row, item, row.document_id or row.label_id, row.holder, row.aspect, pairs)


def fit(given: list[Case], penalty: float) -> Weights:
    """Maximise the likelihood of the coded (holder, aspect) among the candidates, with a normal prior on weights."""
    usable = [c for c in given if (c.holder, c.aspect) in dict(c.candidates)]
    seen = Counter(key for c in usable for _, cues in c.candidates for key in cues)
    keys = sorted(key for key, count in seen.items() if count >= RAREST or key in PRIOR)
    column = {key: number for number, key in enumerate(keys)}
    rows, columns, values, gold, starts = [], [], [], [], [0]
    for c in usable:
        gold.append(starts[-1] + [pair for pair, _ in c.candidates].index((c.holder, c.aspect)))
        for number, (_, cues) in enumerate(c.candidates, start=starts[-1]):
            known = [(column[key], value) for key, value in cues.items() if key in column]
            rows += [number] * len(known)
            columns += [place for place, _ in known]
            values += [value for _, value in known]
        starts.append(starts[-1] + len(c.candidates))
    matrix = csr_matrix((values, (rows, columns)), shape=(starts[-1], len(keys)))
    prior = np.array([PRIOR.get(key, 0.0) for key in keys])
    begins, case_of = np.array(starts[:-1]), np.repeat(np.arange(len(usable)), np.diff(starts))
    coded = np.asarray(matrix[gold].sum(axis=0)).ravel()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.maximum.reduceat(scores, begins)
        raised = np.exp(scores - top[case_of])
        total = np.add.reduceat(raised, begins)
        away = weights - prior
        likelihood = (scores[gold] - top - np.log(total)).sum()
        slope = coded - matrix.T @ (raised / total[case_of])
        return penalty * away @ away / 2 - likelihood, penalty * away - slope

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    of: dict[str, dict[str, float]] = {part: {} for part in (HOLDER, *SIDES)}
    for (part, name), weight in zip(keys, found, strict=True):
        if abs(weight) >= SMALL:
            of[part][name] = round(float(weight), 3)
    return Weights(ORIGIN, of, LEAN)


def crossed(given: list[Case], penalty: float, actors: Actors) -> list[Any]:
    """Attribute each passage with weights learned from other documents."""
    fold = folds(given)
    found: list[Any] = [None] * len(given)
    for held_out in range(5):
        weights = fit([c for n, c in enumerate(given) if fold[n] != held_out], penalty)
        places = [n for n, c in enumerate(given) if fold[n] == held_out]
        for place, said in zip(
            places, attribute([given[n].item for n in places], actors, weights=weights), strict=True
        ):
            found[place] = said
    return found


def with_model(model: Path, train: list[Case], dev: list[Case], actors: Actors) -> None:
    """The same with what a model learns besides: taught on the other folds, then as it is, on dev.

    The encoder that it starts from has learnt the roles, not the holders, of all train passages; of dev it saw nothing.
    """
    book = read_codebook(ROOT / "labels" / "codebook.yaml")
    labels = Labels(codebook=book, rows=tuple(case.row for case in train))
    with open_model(model) as opened:
        second = "second reading" if opened.pointer else "second opinion"
        fold = folds(train, FOLDS)
        found: list[Any] = [None] * len(train)
        for held_out in range(FOLDS):
            learn = [n for n in range(len(train)) if fold[n] != held_out]
            places = [n for n in range(len(train)) if fold[n] == held_out]
            weights, items = fit([train[n] for n in learn], PENALTY), [train[n].item for n in places]
            said = attribute(items, actors, weights=weights)
            show(f"train, fold {held_out + 1} of {FOLDS}, cues alone", [train[n] for n in places], said, short=True)
            added = taught(opened, labels.only(learn), items, actors, weights)
            said = attribute(items, actors, weights=weights, correction=added)
            show(f"train, fold {held_out + 1} of {FOLDS}, {second}", [train[n] for n in places], said, short=True)
            for place, one in zip(places, said, strict=True):
                found[place] = one
        show(f"train, {FOLDS} folds by document, with the {second}", train, found)
        items = [case.item for case in dev]
        added = opened.second_reading(items, actors)
        show(f"dev, shipped weights, with the {second}", dev, attribute(items, actors, correction=added))


def taught(model: Model, labels: Labels, items: list[Attributable], actors: Actors, weights: Weights) -> Correction:
    """What the model's own encoder says of the items, taught on these labels."""
    if model.pointer is None:
        opinion = learn_opinion(labels, model.passing_vectors)
        assert opinion is not None  # noqa: S101
        return opinion.of(model.passing_vectors([item.text for item in items]), [item.source for item in items])
    base = Path(str(model.bundle.encoder_folder))
    with TemporaryDirectory() as folder:
        layers = Path(folder) / LAYERS
        head = learn_pointer(labels, actors, base, layers, PointerSettings(), weights=weights)
        assert head is not None  # noqa: S101
        return Pointer(base, layers, head).of(items, actors)


def folds(given: list[Case], count: int = 5) -> list[int]:
    documents = sorted({c.document for c in given})
    random.Random(0).shuffle(documents)  # noqa: S311
    fold = {document: number % count for number, document in enumerate(documents)}
    return [fold[c.document] for c in given]


def show(title: str, given: list[Case], found: list[Any], *, short: bool = False) -> None:
    right = np.array([said.holder == c.holder for said, c in zip(found, given, strict=True)])
    true, said = [c.aspect for c in given], [s.aspect for s in found]
    each = f1_score(true, said, average=None, labels=list(SIDES))
    accuracy = np.mean([a == b for a, b in zip(true, said, strict=True)])
    print(f"{title}: holder {right.mean():.3f}; aspect macro-F1 {each.mean():.3f}, accuracy {accuracy:.3f}", flush=True)
    if short:
        return
    print("   F1 " + ", ".join(f"{side} {score:.2f}" for side, score in zip(SIDES, each, strict=True)))
    own = np.array([c.holder == c.item.source for c in given])
    print(
        f"   holder right where it is the source {right[own].mean():.3f}, where it is another {right[~own].mean():.3f}"
    )
    confidence = np.array([s.holder_confidence for s in found])
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            print(
                f"   confidence {low:.1f} to {min(high, 1):.1f}: {inside.sum():4d} passages, "
                f"mean {confidence[inside].mean():.2f}, right {right[inside].mean():.2f}"
            )


if __name__ == "__main__":
    main()
