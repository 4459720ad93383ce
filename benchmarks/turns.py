"""Score speaker turns against annotated documents.

    python benchmarks/turns.py GOLD [--corpora FOLDER] [--json]

GOLD is a folder of gold files, or a table as ``benchmarks/turns.csv``.  A gold file names a document
(``path``, relative to the corpora folder), its turns with their first words and states, and strings
that must not begin a turn.  The table holds a row a turn, with offsets in place of words, and says of each
document whether it was ``annotated`` before the rules were made, so that its errors were seen, or after.

A turn's start counts as found when its first five words match, white space, case and punctuation aside;
of a narrative record either the reporting clause or the words after it count.  Words count as right when the
turn that holds them has the actor of the gold turn that holds them; words outside every gold turn are not
counted.

The annotations were made by a language model that read each document; no human expert has checked them.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rolecoder.actors import Actors, read_actors
from rolecoder.config import shipped
from rolecoder.errors import RolecoderError
from rolecoder.ingest import read_file
from rolecoder.records import Document, Turn
from rolecoder.turns import read_turns

FIRST_WORDS = 5
LABELS_LOST = 0.25  # a document in which more labels than this share are not in the text stands beside the mean


@dataclass(frozen=True)
class Score:
    """One document's figures; shares lie between 0 and 1."""

    document: str
    format: str
    gold: int
    found: int
    precision: float
    recall: float
    f1: float
    right_actor: float
    no_actor: float
    false_turns: int
    labels_lost: bool
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """Fold a text to its words: letters and digits only, in small letters."""
    plain = re.sub(r"['’ʼ‘]", "", text).casefold()
    return re.findall(r"[^\W_]+", plain)


def glued(text: str) -> str:
    """Fold a text to its letters and digits: letter-spacing does not matter then."""
    return "".join(words(text))


def start_key(text: str) -> str:
    """What two starts must share: the first five words, blanks aside."""
    return "".join(words(text)[:FIRST_WORDS])


def matches(start: str, turn: str) -> bool:
    """Tell whether a turn begins as ``start`` does, over five words or all that ``start`` has."""
    key, here = start_key(start), glued(turn[:400])
    return bool(key) and here.startswith(key)


def merged(turns: Sequence[Turn]) -> list[tuple[Turn, list[Turn]]]:
    """Put consecutive turns of one named speaker together."""
    runs: list[tuple[Turn, list[Turn]]] = []
    for turn in turns:
        last = runs[-1][1][-1] if runs else None
        if (
            last
            and turn.actor
            and turn.speaker
            and (last.actor, folded(last.speaker)) == (turn.actor, folded(turn.speaker))
        ):
            runs[-1][1].append(turn)
        else:
            runs.append((turn, [turn]))
    return runs


def folded(speaker: str | None) -> str:
    """What the names of one speaker share: the last word."""
    return (words(speaker or "") or [""])[-1]


def score(gold: dict[str, Any], document: Document, turns: Sequence[Turn]) -> Score:
    """Compare the turns of one document with its annotation."""
    wanted: list[dict[str, Any]] = gold["turns"]
    runs = merged(turns)
    allowed = [r["starts_with"] for t in wanted for r in t.get("relabelled_at", ())]
    begun = {id(turn): "".join(t.text for t in run[n:]) for _, run in runs for n, turn in enumerate(run)}
    pairs = align(wanted, [begun[id(turn)] for turn in turns])
    used = {found for _, found in pairs}
    hit = {number for number, _ in pairs}
    heads = {id(first) for first, _ in runs}
    extra = [
        turn.text
        for number, turn in enumerate(turns)
        if number not in used and id(turn) in heads and not any(matches(a, begun[id(turn)]) for a in allowed)
    ]
    precision = len(pairs) / (len(pairs) + len(extra)) if pairs or extra else 0.0
    recall = len(pairs) / len(wanted) if wanted else 0.0
    right, none = actor_shares(wanted, document, turns)
    lost = sum(t.get("label_in_text") is False for t in wanted)
    false = sum(matches(item["text"], t.text) for item in gold["not_turns"] for t in turns)
    return Score(
        document=gold["path"].rsplit("/", 1)[-1],
        format=gold["format"],
        gold=len(wanted),
        found=len(runs),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        right_actor=right,
        no_actor=none,
        false_turns=false,
        labels_lost=lost > LABELS_LOST * len(wanted),
        missed=tuple(t["starts_with"] for n, t in enumerate(wanted) if n not in hit),
        extra=tuple(text[:80] for text in extra),
    )


def align(wanted: Sequence[dict[str, Any]], found: Sequence[str]) -> list[tuple[int, int]]:
    """Match starts in order: the longest common sequence of gold turns and found ones."""
    size = [[0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    same = [[any(matches(s, f) for s in starts(w)) for f in found] for w in wanted]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            size[i][j] = size[i + 1][j + 1] + 1 if same[i][j] else max(size[i + 1][j], size[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(wanted) and j < len(found):
        if same[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif size[i + 1][j] >= size[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def starts(turn: dict[str, Any]) -> list[str]:
    """The ways in which a gold turn may begin."""
    return [s for s in (turn.get("starts_with_rejoined"), turn["starts_with"], turn.get("said_starts_with")) if s]


def actor_shares(wanted: Sequence[dict[str, Any]], document: Document, turns: Sequence[Turn]) -> tuple[float, float]:
    """Shares of the gold turns' characters whose turn has the right actor, and that have no actor at all."""
    spoken = {p: t.actor for t in turns for p in range(t.start, t.end)}
    right = none = total = 0
    for turn, held in zip(wanted, spans(wanted, document), strict=True):
        for place in held:
            if document.text[place].isalnum():
                actor = spoken.get(place)
                total += 1
                right += actor == turn["actor"] and place in spoken
                none += actor is None
    return (right / total, none / total) if total else (0.0, 0.0)


def spans(wanted: Sequence[dict[str, Any]], document: Document) -> list[list[int]]:
    """The offsets in the document's text that each gold turn holds: by its place in the file, or its first words."""
    if all(t.get("char_start") is not None for t in wanted):
        raw = [document.raw_offset(place) for place in range(len(document.text))]
        return [[p for p, r in enumerate(raw) if t["char_start"] <= r < t["char_end"]] for t in wanted]
    places = [p for p, c in enumerate(document.text) if c.isalnum()]
    line = "".join(document.text[p].casefold()[:1] for p in places)
    begins, at = [], 0
    for turn in wanted:
        found = [p for s in starts(turn)[:2] if (p := line.find(glued(s), at)) >= 0]
        begins.append(min(found, default=-1))
        at = begins[-1] + 1 if begins[-1] >= 0 else at
    held = []
    for number, (begin, turn) in enumerate(zip(begins, wanted, strict=True)):
        following = next((p for p in begins[number + 1 :] if p >= 0), len(line))
        held.append(places[begin : min(following, begin + int(turn["n_words_approx"] * 4.85))] if begin >= 0 else [])
    return held


def table(scores: Sequence[Score]) -> str:
    """Set the scores out, with means by format, the documents that lost their labels apart."""
    rows = [f"{'document':58} {'format':26} gold found   P     R     F1   actor none  false"]
    for s in scores:
        rows.append(
            f"{s.document[:57]:58} {s.format:26} {s.gold:4} {s.found:5}  {s.precision:.2f}  {s.recall:.2f}  {s.f1:.3f}"
            f" {s.right_actor:.3f} {s.no_actor:.2f} {s.false_turns:4}" + ("  (labels lost)" if s.labels_lost else "")
        )
    for name, f1, actor, count in means(scores):
        rows.append(f"{'mean, ' + name:58} {'n=' + str(count):26} {'':27}{f1:.3f} {actor:.3f}")
    return "\n".join(rows)


def means(scores: Sequence[Score]) -> list[tuple[str, float, float, int]]:
    """Document-level means by format."""
    groups: dict[str, list[Score]] = {}
    for s in scores:
        kind, _, later = s.format.partition(", ")
        name = "labelled" if kind == "labelled" else "narrative and mixed"
        groups.setdefault(
            "labels lost in the text" if s.labels_lost else f"{name}{', ' * bool(later)}{later}", []
        ).append(s)
    return [
        (name, sum(s.f1 for s in group) / len(group), sum(s.right_actor for s in group) / len(group), len(group))
        for name, group in sorted(groups.items())
    ]


def run(gold: Path, corpora: Path, actors: Actors) -> list[Score]:
    """Score every document of a folder of gold files, or of a table."""
    annotated = read_table(gold, corpora) if gold.suffix == ".csv" else read_folder(gold)
    scores = []
    for where, document in annotated:
        path = corpora / document["path"]
        if not path.is_file():
            raise RolecoderError(
                f"{document['path']} is not in {corpora}", where=where, mend="name the folder with --corpora"
            )
        read = read_file(path)[0]
        if gold.suffix == ".csv":
            _quote(document, read)
        scores.append(score(document, read, read_turns(read, actors)[0]))
    return scores


def read_folder(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The gold files of a folder, each with its place."""
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise RolecoderError(f"no gold files (*.json) in {folder}", mend="name the folder that holds them")
    read = [(str(file), json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return [(where, gold) for where, gold in read if "turns" in gold]


def read_table(table: Path, corpora: Path) -> list[tuple[str, dict[str, Any]]]:
    """The documents of a table of turns; each is checked to be the text that was annotated."""
    documents: dict[str, dict[str, Any]] = {}
    with table.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            path = corpora / row["path"]
            new = row["path"] not in documents
            if new and path.is_file() and not hashlib.sha256(path.read_bytes()).hexdigest().startswith(row["sha256"]):
                raise RolecoderError(f"{row['path']} is not the text that was annotated", where=f"{table}:{number}")
            gold = documents.setdefault(row["path"], {"path": row["path"], "turns": [], "not_turns": [], "format": ""})
            gold["format"] = row["format"] + (", annotated later" if row["annotated"] == "after" else "")
            offsets = {name: int(row[name]) if row[name] else None for name in ("start", "end", "said")}
            gold["turns"].append({"actor": row["actor"] or None, "char_start": offsets["start"], **offsets})
            gold["turns"][-1]["char_end"] = offsets["end"]
    return [(f"{table}", gold) for gold in documents.values()]


def _quote(gold: dict[str, Any], document: Document) -> None:
    """Put the first words of each turn of a table in place of their offsets."""
    raw = [document.raw_offset(place) for place in range(len(document.text))]
    for turn in gold["turns"]:
        end = bisect_left(raw, turn["char_end"])
        for name, key in (("start", "starts_with"), ("said", "said_starts_with")):
            begin = end if turn[name] is None else bisect_left(raw, turn[name])
            turn[key] = " ".join(document.text[begin:end].split()[: FIRST_WORDS + 2])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score speaker turns against annotated documents.")
    parser.add_argument("gold", type=Path, help="folder with gold files (*.json), or a table of turns (*.csv)")
    parser.add_argument("--corpora", type=Path, help="folder that the gold files' paths are relative to")
    parser.add_argument("--actors", type=Path, help="table of actors; by default the shipped one")
    parser.add_argument("--json", action="store_true", help="scores as JSON")
    parser.add_argument("--misses", action="store_true", help="print the starts that were missed or made up")
    given = parser.parse_args(arguments)
    corpora = given.corpora or Path(os.environ.get("ROLECODER_DATA", "../shared")) / "corpora"
    try:
        scores = run(given.gold, corpora, read_actors(given.actors or shipped("corpora/actors.csv")))
    except RolecoderError as error:
        print(error, file=sys.stderr)
        return 1
    if given.json:
        print(
            json.dumps({"documents": [asdict(s) for s in scores], "means": means(scores)}, ensure_ascii=False, indent=1)
        )
        return 0
    print(table(scores))
    if given.misses:
        for s in scores:
            for text in s.missed:
                print(f"{s.document[:30]} missed: {text}")
            for text in s.extra:
                print(f"{s.document[:30]} extra:  {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
