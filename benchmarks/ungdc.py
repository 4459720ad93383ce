"""Read, clean and cut the whole UN General Debate Corpus; check it against file names and workbook.

    python benchmarks/ungdc.py [--limit N] [--sample N --seed S --out FILE] [--even]

Prints the time taken, documents whose date, session, actor or speaker is not the one that the file's
name and the speakers' workbook give, how long passages are, and how many end without the mark that
ends a sentence.  ``--sample`` writes passages drawn at random, with the text around them, to be read
one by one: the mark alone does not say whether a sentence was cut.

The corpus is read through corpora/ungdc/corpus.yaml, from ROLECODER_DATA.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rolecoder.actors import Actors, read_actors
from rolecoder.config import Corpus, shipped
from rolecoder.ingest import ingest
from rolecoder.records import Document, Dropped, Passage
from rolecoder.segment import cut
from rolecoder.tabular.workbook import first_sheet
from rolecoder.turns import read_turns

RECIPE = shipped("corpora/ungdc/corpus.yaml")
MEMBER = re.compile(
    r"TXT/Session (?P<session>\d+) - (?P<year>\d{4})/(?P<code>[A-Z]+)_(?P<number>\d+)_(?P<again>\d{4})\.txt"
)
# Which state spoke under a code that another bears today: code, last year, actor.
SEATS = (("RUS", 1991, "SUN"), ("CHN", 1971, "TWN"), ("EU", 9999, "group:EU"))
SUCCESSION = ("YUG", 2003, "SCG")  # the federation bore its old code until 2006
# A sentence's last mark, quotation marks, and at times the source of what is quoted or a note of the record.
ENDED = re.compile(
    r"[.!?\u2026](?:\s?[\"'\u2019\u201d\u00bb)\]*])*(?:\d{1,2}|\s?[\[(][^\[\]()]{1,120}[\])]\.?[\"\u201d]?)?$"
)
KINDS = ("cut at a clause", "open")  # a sentence that is too long, and a paragraph without the mark
BINS = ((0, 29, "below 30"), (30, 80, "30 to 80"), (81, 130, "81 to 130"), (131, 10**9, "over 130"))
AROUND = 200


@dataclass
class Tally:
    """What was counted over the corpus."""

    documents: int = 0
    dropped: list[Dropped] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lengths: Counter[str] = field(default_factory=Counter)
    longest: int = 0
    ends: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    uncut: Counter[str] = field(default_factory=Counter)
    lonely: int = 0

    def note(self, what: str, example: str) -> None:
        """Count a fault and keep the first few cases."""
        self.wrong[what] += 1
        if len(self.examples[what]) < 5:
            self.examples[what].append(example)


class Sample:
    """Passages drawn at random: evenly from all, or as many from each decade."""

    def __init__(self, size: int, seed: int, *, even: bool) -> None:
        self.size, self.even = size, even
        self.random = random.Random(seed)  # noqa: S311
        self.drawn: dict[int, list[tuple[float, str]]] = defaultdict(list)

    def offer(self, document: Document, passages: list[Passage]) -> None:
        """Give each passage a lot; the lowest stay."""
        decade = int((document.date or "0")[:3]) * 10 if self.even else 0
        kept = self.drawn[decade]
        for passage in passages:
            lot = self.random.random()
            if self.size and (len(kept) < self.size or lot < kept[-1][0]):
                kept.append((lot, shown(document, passage)))
                kept.sort()
                del kept[self.size :]

    def texts(self) -> list[str]:
        """The passages drawn, in the order of their documents."""
        share = -(-self.size // max(len(self.drawn), 1))
        return sorted(text for kept in self.drawn.values() for _, text in kept[:share])[: self.size]


def shown(document: Document, passage: Passage) -> str:
    """A passage as it is read: between bars, with the text around it."""
    before = document.text[max(passage.start - AROUND, 0) : passage.start]
    after = document.text[passage.end : passage.end + AROUND]
    return f"{(document.date or '')[:4]} {passage.passage_id}\n{before}[[{passage.text}]]{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=0, help="stop after so many documents; 0 for all")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--even", action="store_true", help="as many passages from each decade")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    archive = Path(os.environ.get("ROLECODER_DATA", "../shared")) / "corpora" / "ungdc.zip"
    if not archive.is_file():
        sys.exit(f"no {archive}: set ROLECODER_DATA to the folder that holds corpora/ungdc.zip")
    sample = Sample(options.sample, options.seed, even=options.even)
    wall, processor = time.perf_counter(), time.process_time()
    tally = run(options.limit, sample)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{tally.documents} documents read and cut in {wall:.0f} s ({processor:.0f} s of one processor)")
    report(tally, archive, whole=not options.limit)
    if options.sample:
        text = "\n\n".join(f"#{n} {each}" for n, each in enumerate(sample.texts(), start=1))
        (options.out or Path("sample.txt")).write_text(text, encoding="utf-8")


def run(limit: int, sample: Sample) -> Tally:
    """Read and cut the corpus, document by document, and check each."""
    known, tally = read_actors(shipped("corpora/actors.csv")), Tally()
    people: Mapping[tuple[str, str, str], set[str]] = {}
    for found in ingest([Corpus(path=RECIPE)], ocr="never"):
        if isinstance(found, Dropped):
            tally.dropped.append(found)
            continue
        people = people or workbook(Path(found.path.partition("!")[0]))
        tally.documents += 1
        turns, left_out = read_turns(found, known)
        passages, uncut = cut(found, turns, left_out)
        check(found, {turn.actor for turn in turns}, known, people, tally)
        measure(found, passages, [*left_out, *uncut], tally)
        sample.offer(found, passages)
        if tally.documents == limit:
            break
    return tally


def workbook(archive: Path) -> dict[tuple[str, str, str], set[str]]:
    """Names of those who spoke, by code, session and year."""
    with zipfile.ZipFile(archive) as members:
        rows = first_sheet(members.read("Speakers_by_session.xlsx"))
    people: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for _, row in rows:
        code, session, year = (str(row[column] or "").strip() for column in ("ISO Code", "Session", "Year"))
        people[code, session, year].add(" ".join(str(row["Name of Person Speaking"] or "").split()))
    return people


def check(
    document: Document,
    spoken_for: set[str | None],
    known: Actors,
    people: Mapping[tuple[str, str, str], set[str]],
    tally: Tally,
) -> None:
    """Compare a document with its file's name and the workbook."""
    member = document.path.partition("!")[2]
    match = MEMBER.fullmatch(member)
    if match is None:
        tally.note("file name not understood", member)
        return
    code, year, session = match["code"], match["year"], int(match["session"])
    if (year, session) != (match["again"], int(match["number"])):
        tally.note("folder and file name disagree", member)
    if document.date != year:
        tally.note("date", f"{member}: {document.date}")
    if document.document_id.split("_")[:3] != [code, match["number"], year]:
        tally.note("session, as the document's id has it", f"{member}: {document.document_id}")
    wanted = actor_of(code, int(year))
    if spoken_for != {wanted}:
        tally.note("actor", f"{member}: {sorted(map(str, spoken_for))}, not {wanted}")
    if not known.known(wanted):
        tally.note("actor not in the table of actors", f"{member}: {wanted}")
    names = people.get((code, str(session), year), set()) - {""}
    given = {person.name for person in document.participants}
    if not names:
        tally.note("speaker: no row in the workbook" if not given else "speaker", f"{member}: {given}")
    elif len(names) > 1 and not given:
        tally.note("speaker: several rows in the workbook, none taken", f"{member}: {sorted(names)}")
    elif not given <= names or not given:
        tally.note("speaker", f"{member}: {given}, not {names}")


def actor_of(code: str, year: int) -> str:
    """The state that spoke under a code in a year."""
    if code == SUCCESSION[0] and year >= SUCCESSION[1]:
        return SUCCESSION[2]
    return next((actor for seat, until, actor in SEATS if seat == code and year <= until), code)


def measure(document: Document, passages: list[Passage], left_out: list[Dropped], tally: Tally) -> None:
    """Count lengths and last marks of the passages, and the words that are in none."""
    decade = int((document.date or "0")[:3]) * 10
    for passage in passages:
        words = len(passage.text.split())
        tally.lengths[next(name for low, high, name in BINS if low <= words <= high)] += 1
        tally.longest = max(tally.longest, words)
        inside = document.text[passage.end : passage.end + 1] == " "  # the paragraph goes on
        kind = "ended" if ENDED.search(passage.text) else KINDS[0] if inside else KINDS[1]
        tally.ends[decade][kind] += 1
        tally.lonely += len(passages) > 1 and not passage.before and not passage.after
    for item in left_out:
        tally.uncut[re.sub(r"\d+ words?", "n words", item.reason)] += item.words


def report(tally: Tally, archive: Path, *, whole: bool) -> None:
    with zipfile.ZipFile(archive) as members:
        files = sum(MEMBER.fullmatch(name) is not None for name in members.namelist())
    if whole:
        print(f"{files} speeches in the archive, {files - tally.documents} not read")
    for item in tally.dropped[:10]:
        print(f"  not read: {item.item}: {item.reason}")
    print("\ndisagreements with file name and workbook")
    for what, count in sorted(tally.wrong.items()):
        print(f"  {what}: {count}")
        for example in tally.examples[what]:
            print(f"      {example}")
    total = sum(tally.lengths.values())
    print(f"\n{total} passages, the longest of {tally.longest} words; {tally.lonely} of several without text around")
    for _, _, name in BINS:
        print(f"  {name:<10} {tally.lengths[name]:>7} {tally.lengths[name] / max(total, 1):8.2%}")
    print("\nlast character of a passage, by decade")
    for line in by_decade(tally):
        print(line)
    print("\nwords in no passage")
    for reason, words in tally.uncut.most_common(8):
        print(f"  {reason}: {words}")


def by_decade(tally: Tally) -> Iterator[str]:
    yield f"  {'':<6} {'passages':>9} {KINDS[0]:>15} {KINDS[1]:>8}"
    whole: Counter[str] = Counter()
    for decade, kinds in [*sorted(tally.ends.items()), (0, whole)]:
        whole.update(kinds if decade else ())
        count = kinds.total()
        shares = [kinds[kind] / max(count, 1) for kind in KINDS]
        yield f"  {decade or 'all':<6} {count:>9} {shares[0]:>15.2%} {shares[1]:>8.2%}"


if __name__ == "__main__":
    main()
