"""Throw damaged and hostile files at every reader, and count how they end.

    python benchmarks/fuzz.py [--inputs 2000] [--reader NAME] [--seed N]

Each input ends in a result or in an error that says what is wrong, within ten seconds of processor time (thirty
for an archive) and 1,500 MB;
whatever else happens is counted, and the file is kept to try again.  Inputs are handmade bombs first,
then sound files cut off, with bits flipped, with pieces taken out, repeated, exchanged or put in; of
archives, the members too.  Where ROLECODER_DATA names the folder that holds ``corpora/``, every tenth
input comes from real files, read in place.  Each reader works in a process of its own with a limit on
its address space, and is put an end to where an input takes too long.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_bombs import bombs
from fuzz_samples import Sample, members_of, real_samples, samples, zipped

ADDRESSES = 6_000_000_000  # bytes of address space a reader may ask for
PATIENCE = 180.0  # seconds until an input is given up, on a machine that is busy with other things
SLOW = 10.0  # seconds of processor time, and
BIG = 1500.0  # MB, beyond which an input counts as a failure
# An archive is read file by file: here up to ten of 2 MB, with 200,000 lines each at worst.
SLOWER = {"zip": 30.0}
READERS = tuple(samples())
ZIPS = ("docx", "epub", "xlsx", "zip", "speakers.xlsx")
WORDS = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"<p>" * 60, b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", "\u0301".encode() * 50, "\u2028".encode(), b"\r", b"\f", b'"', b"'", b"{", b"}", b"[", b"]" * 30,
    b",", b";;", b"\\", b"\\ud800", b"-1", b"0", b"4294967296", b"99999999999999999999", b"1e999", b"NaN", b"null",
    b"---\n", b": ", b"*a", b"&a ", b"<<: ", b"!!set ", b"endobj", b"stream\n", b"/Kids [2 0 R]", b"(U)",
    b"SECRET - 1 -", b"SUBJECT:", b"DATE: 1 11, 18989", b" " * 300, b"-\n", b"\t" * 50,
)  # fmt: skip
KEPT_AS = "NRL_45_1990.txt"
KEPT = "We keep the harbour open for every ship that comes in peace, and so we shall go on in the years to come.\n"


@dataclass
class Score:
    """What became of one reader's inputs."""

    reader: str
    inputs: int = 0
    results: int = 0
    errors: int = 0
    slowest: tuple[float, str] = (0.0, "")  # s, which input
    highest: tuple[float, str] = (0.0, "")  # MB, which input
    failures: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every input ended as it should."""
        return not self.failures


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A file after one to four accidents."""
    for _ in range(chance.randrange(1, 5)):
        data = _accident(data or b" ", others, chance)
    return data


def _accident(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    end = min(at + int(chance.expovariate(1 / 40)) + 1, len(data))
    kind = chance.randrange(9)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return _flipped(data, chance)
    if kind == 2:
        return _renumbered(data, at, chance)
    piece, rest = data[at:end], data[end:]
    if kind == 3:
        piece *= chance.randrange(2, 300)
    elif kind == 4:
        piece = b""
    elif kind == 5:
        piece = bytes(len(piece))
    elif kind == 6:
        piece += chance.choice(WORDS)
    elif kind == 7:
        piece += chance.randbytes(chance.randrange(1, 40))
    else:
        other = chance.choice(others)
        start = chance.randrange(len(other))
        piece = other[start : start + chance.randrange(1, 2000)]
    return data[:at] + piece + rest


def _flipped(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.randrange(1, 20)):
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _renumbered(data: bytes, at: int, chance: random.Random) -> bytes:
    """Another number in place of one near a place; cut off there where none is near."""
    numbers = list(re.finditer(rb"\d+", data[at : at + 2000]))
    if not numbers:
        return data[:at]
    number = chance.choice(numbers)
    other = chance.choice((b"0", b"-1", b"65536", b"2147483647", b"9" * 30))
    return data[: at + number.start()] + other + data[at + number.end() :]


def mutated_members(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """An archive, sound in itself, one of whose members had accidents."""
    members = members_of(data)
    name = chance.choice(sorted(members))
    members[name] = mutated(members[name], others, chance)
    if chance.random() < 0.1:
        del members[chance.choice(sorted(members))]
    return zipped(members)


class Inputs:
    """The inputs of one reader, each made from its number alone."""

    def __init__(self, reader: str, seed: int, real: dict[str, list[Sample]]) -> None:
        self.reader, self.seed = reader, seed
        self.bombs = bombs().get(reader, [])
        self.samples, self.real = samples()[reader], real.get(reader, [])
        self.others = [data for listed in samples().values() for _, data in listed]

    def make(self, number: int) -> tuple[str, str, bytes]:
        """What the input is, the name of its file, and its bytes."""
        if number < len(self.bombs):
            what, name, build = self.bombs[number]
            return what, name, build()
        chance = random.Random(f"{self.reader} {self.seed} {number}")  # noqa: S311  not for secrets
        name, data = chance.choice(self.real if self.real and number % 10 == 0 else self.samples)
        inside = self.reader in ZIPS and chance.random() < 0.7
        made = mutated_members(data, self.others, chance) if inside else mutated(data, self.others, chance)
        return f"mutated {name}, number {number} of seed {self.seed}", name, made


def attempt(reader: str, name: str, data: bytes) -> str:
    """Read one file as a run does; returns "result" or "error".

    Raises:
        BaseException: Whatever is neither.
    """
    from rolecoder.errors import RolecoderError
    from rolecoder.readers.formats import Unforeseen

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # libraries warn of what is broken: so it is
            if reader in ("zip", "corpus.yaml", "manifest.csv", "speakers.csv", "speakers.xlsx"):
                return _beside_a_good_file(reader, name, data)
            return _documents(name, data)
    except Unforeseen as error:
        raise error.__cause__ or error from None
    except RolecoderError as error:
        if not error.found or "Traceback" in str(error) or len(str(error)) > 4000:
            raise AssertionError(f"an error that teaches nothing: {str(error)[:300]!r}") from error
        return "error"


def _documents(name: str, data: bytes) -> str:
    """Read and clean; a file of several documents is a result where one of them is."""
    from rolecoder.errors import RolecoderError
    from rolecoder.pages.cleaning import clean
    from rolecoder.readers.formats import read_bytes

    ended, last = "error", None
    for reading in read_bytes(name, data, in_archive=False, ocr=False):
        try:
            mapped = clean(reading).mapped
        except RolecoderError as error:
            last = error
            continue
        step = max(len(mapped.text) // 1000, 1)
        for at in range(0, len(mapped.text), step):
            if not 0 <= mapped.source(at) <= len(reading.raw):
                raise AssertionError(f"offset {at} leads to {mapped.source(at)}, outside the raw text")
        ended = "result"
    if ended == "error" and last is not None:
        raise last
    return ended


def _beside_a_good_file(reader: str, name: str, data: bytes) -> str:
    """Read a folder that holds the file and a good one, which must not be lost to an archive beside it."""
    from rolecoder.actors import read_actors
    from rolecoder.config import Corpus, shipped
    from rolecoder.ingest import ingest
    from rolecoder.records import Document
    from rolecoder.speakers import read_speakers

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / name).write_bytes(data)
        if reader == "speakers.csv":
            read_speakers(folder / name, read_actors(shipped("corpora/actors.csv")))
            return "result"
        if reader == "speakers.xlsx":
            table = "{file: speakers.xlsx, match: {session: date, actor: speaker}, name: text}"
            pattern = '"{actor}_{session}_{year}.txt"'
            (folder / "corpus.yaml").write_text(f"name: x\npattern: {pattern}\nspeakers: {table}\n", encoding="utf-8")
        (folder / KEPT_AS).write_text(KEPT, encoding="utf-8")
        read = sum(isinstance(found, Document) for found in ingest([Corpus(path=folder)]))
        if reader == "zip":
            return "result" if read > 1 else "error"
        return "result"


def serve(pipe: Connection, seed: int, data: Path | None) -> None:
    """Try the inputs whose readers and numbers come through the pipe."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries in C complain there
    real, known = real_samples(data) if data else {}, dict[str, Inputs]()
    while (asked := pipe.recv()) is not None:
        reader, number = asked
        if reader not in known:
            known[reader] = Inputs(reader, seed, real)
        what, name, made = known[reader].make(number)
        pipe.send((what, name))
        _forget_peak()
        start = _worked()
        try:
            ended = attempt(reader, name, made)
        except Exception as cause:
            ended = "".join(traceback.format_exception_only(cause)).strip()[:300] + " at " + _where(cause)
        pipe.send((ended, _worked() - start, _peak()))


def _where(cause: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(cause.__traceback__) if "rolecoder" in f.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _family() -> list[str]:
    """This process and those that it started, as numbers."""
    with contextlib.suppress(OSError):
        started = [path.read_text(encoding="ascii") for path in Path("/proc/self/task").glob("*/children")]
        return ["self", *" ".join(started).split()]
    return ["self"]


def _worked() -> float:
    """Processor time of this process and those that it started, in seconds."""
    ticks = 0
    for number in _family()[1:]:
        with contextlib.suppress(OSError):  # those that ended are in what the system tells of this process
            told = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return sum(os.times()[:4]) + ticks / os.sysconf("SC_CLK_TCK")


def _forget_peak() -> None:
    for number in _family():
        with contextlib.suppress(OSError):
            Path(f"/proc/{number}/clear_refs").write_text("5", encoding="ascii")


def _peak() -> float:
    """The most memory held since the peak was forgotten, in MB; NaN where the system does not tell."""
    kilobytes = []
    for number in _family():
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
            kilobytes += [int(found) for found in re.findall(r"VmHWM:\s+(\d+)", status)]
    return sum(kilobytes) / 1000 if kilobytes else float("nan")


class Worker:
    """A process that reads, started again where an input ended it."""

    def __init__(self, seed: int, data: Path | None = None) -> None:
        self.arguments = (seed, data)
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, *self.arguments), daemon=True)
        self.process.start()
        theirs.close()

    def send(self, reader: str, number: int) -> tuple[str, str, str, float, float]:
        """Try one input: what it is, its file's name, how it ended, seconds and MB."""
        self.pipe.send((reader, number))
        what, name = self.pipe.recv()
        start = time.perf_counter()
        try:
            if self.pipe.poll(PATIENCE):
                return what, name, *self.pipe.recv()
            ended = f"not done after {PATIENCE:.0f} s"
        except EOFError:
            self.process.join()
            ended = f"the process died (exit code {self.process.exitcode})"
        seconds = time.perf_counter() - start
        self.process.kill()
        self._start()
        return what, name, ended, seconds, float("nan")

    def close(self) -> None:
        """End the process."""
        self.pipe.send(None)
        self.process.join(5)
        self.process.kill()


def measure(reader: str, inputs: int, seed: int = 0, *, data: Path | None = None, keep: Path | None = None) -> Score:
    """Try a reader's bombs, then mutated files; ``inputs`` in all, or the bombs where they are more.

    Args:
        reader: One of ``READERS``.
        inputs: How many inputs.
        seed: Another seed makes other mutations.
        data: The folder that holds ``corpora/``; real files are mutated too.
        keep: Folder for the files that did not end as they should.
    """
    score, made = Score(reader), Inputs(reader, seed, real_samples(data) if data else {})
    worker = Worker(seed, data)
    for number in range(max(inputs, len(made.bombs))):
        what, name, ended, seconds, memory = worker.send(reader, number)
        score.inputs += 1
        score.results += ended == "result"
        score.errors += ended == "error"
        score.slowest = max(score.slowest, (seconds, what))
        score.highest = max(score.highest, (memory, what)) if memory == memory else score.highest
        if ended not in ("result", "error") or seconds > SLOWER.get(reader, SLOW) or memory > BIG:
            kept = ""
            if keep is not None:
                target = keep / f"{reader}-{number}-{name}"
                target.write_bytes(made.make(number)[2])
                kept = f" [{target}]"
            score.failures.append(f"{reader} {number}: {what}: {ended}, {seconds:.1f} s, {memory:.0f} MB{kept}")
    worker.close()
    return score


def shown(scores: list[Score]) -> Iterator[str]:
    """The table, line by line."""
    yield f"{'reader':14} {'inputs':>7} {'results':>8} {'errors':>7} {'else':>5} {'slowest, s':>11} {'highest, MB':>12}"
    for s in scores:
        other = s.inputs - s.results - s.errors
        counts = f"{s.reader:14} {s.inputs:7,} {s.results:8,} {s.errors:7,} {other:5,}"
        yield f"{counts} {s.slowest[0]:11.1f} {s.highest[0]:12,.0f}   {s.slowest[1]} | {s.highest[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=2000, help="inputs a reader")
    parser.add_argument(
        "--reader", choices=READERS, action="append", help="only this reader; may be said several times"
    )
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    folder = os.environ.get("ROLECODER_DATA")
    data = Path(folder) if folder and (Path(folder) / "corpora").is_dir() else None
    keep = Path(tempfile.mkdtemp(prefix="rolecoder-fuzz-"))
    scores = []
    for reader in chosen.reader or READERS:
        scores.append(measure(reader, chosen.inputs, chosen.seed, data=data, keep=keep))
        print(list(shown(scores))[-1], file=sys.stderr, flush=True)
        for failure in scores[-1].failures[:40]:
            print("  " + failure, file=sys.stderr, flush=True)
    print("\n".join(shown(scores)))
    if any(not score.sound for score in scores):
        sys.exit(f"not all inputs ended as they should; they are kept in {keep}")


if __name__ == "__main__":
    main()
