"""How fast a large study is measured and reported: python benchmarks/report.py [PASSAGES] [ESTIMATOR] [--profile].

Makes up a study of 200,000 passages, a tenth of them coded, by the leaders of 50 states, and times its profiles, the
gaps of one state with all others (2,000 resamples), and the whole report: for the estimators count and adjusted
count, and for design-based with 400 hand labels drawn at random from the hub's texts.  No text is real.
``--profile`` lists what took longest.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rolecoder.annotations import Label
from rolecoder.codebook import Codebook, read_codebook
from rolecoder.config import Study, shipped
from rolecoder.gaps import make_gaps
from rolecoder.measuring.samples import NO_SAMPLE, Sample
from rolecoder.measuring.tallies import Evidence
from rolecoder.profiles import make_profiles
from rolecoder.report import Findings, write_report
from rolecoder.tables import CODINGS, DOCUMENTS, DROPPED, PASSAGES, probabilities_table

if TYPE_CHECKING:
    import pandas as pd

ACTORS = tuple(f"{a}{b}X" for a in "ABCDEFGHIJ" for b in "ABCDE")
HUB = ACTORS[0]
PER_DOCUMENT, LABELLED, WORDS = (
    25,
    400,
    "the ships of our friends keep to the strait and the harvest of our coast".split(),
)
ESTIMATORS = ("count", "adjusted_count", "design_based")


def made_up(passages: int, codebook: Codebook, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Any]:
    """Documents, passages, codings and probabilities; every tenth passage is coded, of itself or of another state."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    documents = [f"doc-{number:06d}" for number in range(passages // PER_DOCUMENT)]
    of, place = np.divmod(np.arange(len(documents) * PER_DOCUMENT), PER_DOCUMENT)
    n = len(of)
    speakers = np.array(ACTORS)[of % len(ACTORS)]
    speakers[of % 3 == 0] = HUB  # a third of all speak for the hub
    dates = [f"{1990 + number % 5}-0{1 + number % 9}-11" for number in range(len(documents))]
    texts = [" ".join(rng.choice(WORDS, 45)) + "." for _ in range(n)]
    spoken = pd.DataFrame({"document_id": np.array(documents)[of], "start": 320 * place, "text": texts})
    spoken["end"] = spoken["start"] + spoken["text"].str.len()
    spoken["passage_id"] = [
        f"{d}:{s}-{e}" for d, s, e in zip(spoken["document_id"], spoken["start"], spoken["end"], strict=True)
    ]
    spoken = spoken.assign(
        before=np.roll(texts, 1), after=np.roll(texts, -1), words=45, speaker="The Premier", source=speakers,
        source_reason="made up", addressee=None, reported=False, page=None, doc_type="speech", date=np.array(dates)[of],
    )  # fmt: skip
    kinds = ("speech",) * len(documents)
    told = pd.DataFrame(
        {"document_id": documents, "doc_type": kinds, "title": "On ships", "date": dates, "place": None}
    )
    told = told.assign(
        actor=speakers[::PER_DOCUMENT], participants="[]", language="en", citation="Made up", path="made-up.txt",
        sha256="0" * 64, origins="{}", mended="[]", headed=0, text="made up", raw="made up", breaks="[]",
        pages="[]", notes="[]", doubts="[]",
    )  # fmt: skip
    chances = rng.beta(0.3, 9.0, (n, len(codebook.codes)))
    coded = rng.choice(n, n // 10, replace=False)
    first = rng.choice(len(codebook.codes), len(coded), p=rng.dirichlet(np.ones(len(codebook.codes))))
    more = rng.random(len(coded)) < 0.15  # carry a second role
    rows = np.concatenate([coded, coded[more]])
    given = np.concatenate([first, (first[more] + 1) % len(codebook.codes)])
    chances[rows, given] = rng.uniform(0.4, 0.99, len(rows))
    about = np.where(rng.random(n) < 0.6, speakers, np.where(speakers == HUB, rng.choice(ACTORS[1:], n), HUB))
    kind = np.where(rng.random(n) < 0.2, "performance", np.where(about == speakers, "conception", "prescription"))
    codings = spoken.iloc[rows][["passage_id", "document_id", "source", "date"]].assign(
        role=np.array(codebook.codes)[given], probability=chances[rows, given], threshold=0.4, holder=about[rows],
        holder_confidence=0.8, holder_reason="made up", aspect=kind[rows], aspect_confidence=0.7,
        aspect_reason="made up",
    )  # fmt: skip
    table = probabilities_table(codebook.codes)
    frame = pd.DataFrame(chances, columns=[f"p_{code}" for code in codebook.codes]).assign(
        passage_id=spoken["passage_id"]
    )
    return DOCUMENTS.check(told), PASSAGES.check(spoken), CODINGS.check(codings), table.check(frame)


def labelled(passages: pd.DataFrame, codings: pd.DataFrame, seed: int = 1) -> Sample:
    """Hand labels for passages of the hub drawn at random: mostly what was coded."""
    rng = np.random.default_rng(seed)
    own = passages[passages["source"] == HUB]
    drawn = own.iloc[rng.choice(len(own), LABELLED, replace=False)]
    by_passage = dict(iter(codings.groupby("passage_id")))
    labels = {}
    for name, text in zip(drawn["passage_id"], drawn["text"], strict=True):
        part = by_passage.get(name)
        given = part is not None and rng.random() < 0.8
        labels[name] = Label(
            label_id=name,
            text=text,
            roles=tuple(part["role"]) if given else (),
            holder=part["holder"].iloc[0] if given else None,
            aspect=part["aspect"].iloc[0] if given else None,
            source=HUB,
            sampling_probability=LABELLED / len(own),
        )
    return Sample(labels=labels, strata=dict.fromkeys(passages["passage_id"], "all"))


def card(codebook: Codebook) -> dict[str, Any]:
    """A model's card with error rates: sensitivity .70 and few false alarms, the same for every role."""
    counts = {"tp": 70, "fp": 60, "fn": 30, "tn": 5000, "documents_positive": 90, "documents_negative": 2400}
    rates = dict.fromkeys(codebook.codes, counts)
    return {"name": "made up", "error_rates": {"all": rates}, "labels": {"coded_by": "nobody: the study is made up"}}


def study(estimator: str) -> Study:
    """Every other state as a spoke of the hub."""
    settings = {"estimator": estimator, "resamples": 2000, "min_passages": 10, "min_documents": 3, "min_words": 0}
    dyads = [f"{HUB}:{actor}" for actor in ACTORS[1:]]
    data = {"study": "made-up", "corpora": [{"path": "made-up"}], "profiles": settings, "gaps": {"dyads": dyads}}
    return Study.model_validate(data)


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do the work and print how long it took."""
    start, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(f"  {what:<10} {time.perf_counter() - start:6.1f} s, {time.process_time() - cpu:6.1f} s of CPU", flush=True)
    return done


def measure(estimator: str, tables: tuple[pd.DataFrame, ...], codebook: Codebook) -> None:
    """Time profiles, gaps and report with one estimator; with design-based only the hub has labels."""
    documents, passages, codings, chances = tables
    by_hand = estimator == "design_based"
    settings = study("auto" if by_hand else estimator)
    found = Evidence(
        passages=passages,
        codings=codings,
        probabilities=chances,
        card=card(codebook),
        roles=codebook.codes,
        sample=labelled(passages, codings) if by_hand else NO_SAMPLE,
    )
    print(f"{estimator}: {len(passages):,} passages, {codings['passage_id'].nunique():,} coded, {len(ACTORS)} actors")
    shares = timed("profiles", lambda: make_profiles(found, settings.profiles))
    gaps, parts = timed("gaps", lambda: make_gaps(found, codebook, settings.gaps, settings.profiles))
    made = Findings(
        study=settings,
        codebook=codebook,
        actor_names={actor: actor.title() for actor in ACTORS},
        documents=documents,
        passages=passages,
        probabilities=chances,
        codings=codings,
        profiles=shares,
        gaps=gaps,
        gap_parts=parts,
        dropped=DROPPED.frame([]),
        model_card=card(codebook),
        record={"rolecoder": metadata.version("rolecoder")},
    )
    with tempfile.TemporaryDirectory() as scratch:
        files = timed("report", lambda: write_report(made, Path(scratch)))
        size = (Path(scratch) / "report.html").stat().st_size / 1e6
    filled = shares["share"].notna().sum() // len(codebook.codes)
    print(f"  {len(files)} files, the page {size:.1f} MB; {filled} of {len(shares) // len(codebook.codes)} profiles")


def main() -> None:
    codebook = read_codebook(shipped("labels/codebook.yaml"))
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()] or [200_000]
    tables = made_up(numbers[0], codebook)
    profiler = cProfile.Profile()
    if "--profile" in sys.argv:
        profiler.enable()
    for estimator in [name for name in ESTIMATORS if name in sys.argv] or ESTIMATORS:
        measure(estimator, tables, codebook)
    profiler.disable()
    if "--profile" in sys.argv:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
