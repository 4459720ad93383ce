"""Which splitter finds sentence ends best, and how fast: rules of our own, spaCy, syntok, pysbd, blingfire.

    python benchmarks/sentences.py [--wrong]

Quality is measured on paragraphs drawn at random from UN speeches, FRUS, telcons recognised from scans
and memoirs.  ``sentence_ends.csv`` says where each stands (characters of the file, and the checksum of
its words), and where its sentences end, counted in the paragraph with white space run together; none
of the text is in it.  A language model marked the ends, reading every place where a full stop,
question or exclamation mark or ellipsis stands before a blank, without seeing any splitter's answer; no
human expert has checked them.  Our own rules may be tuned on one half; the other is left untouched.

Speed is measured on whole UN speeches.  All is read from ROLECODER_DATA; a splitter that is not
installed is left out.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rolecoder.pages.sentences import sentences

Splitter = Callable[[str], list[int]]  # where sentences end, the last one included

MARKS = Path(__file__).with_name("sentence_ends.csv")
PARTS = ("tuning", "untouched")
KINDS = ("un", "frus", "telcons", "memoirs")


@dataclass(frozen=True)
class Marked:
    """A paragraph whose sentence ends are known; places are those where the next sentence begins."""

    kind: str
    document: str
    text: str
    part: str
    ends: frozenset[int]
    either: frozenset[int]  # places where both answers are right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="show where our own rules err in the tuning half")
    options = parser.parse_args()
    corpora = Path(os.environ.get("ROLECODER_DATA", "../shared")) / "corpora"
    if not corpora.is_dir():
        sys.exit(f"no {corpora}: set ROLECODER_DATA to the folder that holds corpora/")
    paragraphs = list(marked(corpora))
    if options.wrong:
        show_errors([each for each in paragraphs if each.part == PARTS[0]])
        return
    found = splitters()
    for part in PARTS:
        half = [each for each in paragraphs if each.part == part]
        print(f"\n{part}: {len(half)} paragraphs, {sum(len(each.ends) for each in half)} ends inside them")
        heads = " ".join(f"{kind:>8}" for kind in KINDS)
        print(f"{'splitter':<12} {'precision':>9} {'recall':>7} {'F1':>6}   F1 in {heads}")
        for name, split in found.items():
            precision, recall, f1 = quality(split, half)
            kinds = [quality(split, [each for each in half if each.kind == kind])[2] for kind in KINDS]
            shares = " ".join(f"{f1:8.3f}" for f1 in kinds)
            print(f"{name:<12} {precision:9.3f} {recall:7.3f} {f1:6.3f}         {shares}")
    speeches = list(some_speeches(corpora / "ungdc.zip"))
    size = sum(len(text) for text in speeches) / 1e6
    print(f"\n{size:.1f} million characters of UN speeches")
    for name, split in found.items():
        print(f"{name:<12} {size / seconds(split, speeches):7.1f} MB/s")


def marked(corpora: Path) -> Iterator[Marked]:
    """Read the marked paragraphs out of their files; one that has changed is an error."""
    with MARKS.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        whole = read(corpora, row["document"])
        text = " ".join(whole[int(row["start"]) : int(row["end"])].split())
        if hashlib.sha256(text.encode()).hexdigest()[:16] != row["sha256"]:
            sys.exit(f"{row['document']}: the paragraph at {row['start']} is not the one that was marked")
        places = {name: frozenset(next_word(text, int(at)) for at in row[name].split()) for name in ("ends", "either")}
        yield Marked(row["kind"], row["document"], text, row["part"], places["ends"], places["either"])


def read(corpora: Path, document: str) -> str:
    archive, _, member = document.partition("!")
    if not member:
        return (corpora / document).read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(corpora / archive) as members:
        return members.read(member).decode("utf-8", "replace")


def next_word(text: str, at: int) -> int:
    """The place of the first character after ``at`` that is no blank: there all splitters mean the same."""
    return len(text) - len(text[at:].lstrip())


def answers(split: Splitter, paragraph: Marked) -> set[int]:
    """Where a splitter begins a new sentence inside the paragraph, as far as that can be wrong."""
    starts = {next_word(paragraph.text, end) for end in split(paragraph.text)}
    return starts - {len(paragraph.text)} - paragraph.either


def quality(split: Splitter, paragraphs: list[Marked]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the ends inside paragraphs."""
    given = [answers(split, each) for each in paragraphs]
    right = sum(len(found & each.ends) for found, each in zip(given, paragraphs, strict=True))
    precision = right / max(sum(map(len, given)), 1)
    recall = right / max(sum(len(each.ends) for each in paragraphs), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def show_errors(paragraphs: list[Marked]) -> None:
    for each in paragraphs:
        given = answers(own, each)
        for at in sorted(given ^ each.ends):
            what = "no end" if at in given else "missed"
            print(f"{what}: {each.document}: {each.text[max(at - 40, 0) : at]}| {each.text[at : at + 30]}")


def seconds(split: Splitter, speeches: list[str]) -> float:
    start = time.process_time()
    for speech in speeches:
        split(speech)
    return time.process_time() - start


def some_speeches(archive: Path, count: int = 60) -> Iterator[str]:
    with zipfile.ZipFile(archive) as members:
        names = sorted(n for n in members.namelist() if n.endswith(".txt") and Path(n).stem.count("_") == 2)
        for name in random.Random(0).sample([n for n in names if "MACOSX" not in n], count):  # noqa: S311
            yield " ".join(members.read(name).decode("utf-8", "replace").split())


def own(text: str) -> list[int]:
    return [end for _, end in sentences(text)]


def splitters() -> dict[str, Splitter]:
    """Every splitter that is installed, by name."""
    found: dict[str, Splitter] = {"own rules": own}
    for name, make in (("spaCy", spacy), ("syntok", syntok), ("pysbd", pysbd), ("blingfire", blingfire)):
        try:
            found[name] = make()
        except ImportError:
            print(f"{name} is not installed")
    return found


def spacy() -> Splitter:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**8
    return lambda text: [s.end_char for s in nlp(text).sents]


def syntok() -> Splitter:
    from syntok import segmenter

    def split(text: str) -> list[int]:
        sents = [sentence for paragraph in segmenter.analyze(text) for sentence in paragraph]
        return [s[-1].offset + len(s[-1].value) for s in sents]

    return split


def pysbd() -> Splitter:
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.start + len(span.sent.rstrip()) for span in segmenter.segment(text)]


def blingfire() -> Splitter:
    import blingfire

    return lambda text: [end for _, end in blingfire.text_to_sentences_and_offsets(text)[1]]


if __name__ == "__main__":
    main()
