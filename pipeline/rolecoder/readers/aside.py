"""The text layer of a PDF, taken in a process of its own.

The library that reads PDF is written in C: a file made to do harm can keep it busy for days, or take all
memory, and nothing inside the same process could stop it.  The process is started once and used again.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO, Any

from rolecoder.errors import RolecoderError

SECONDS = 6  # of processor time that a PDF may take, and
SECONDS_A_PAGE = 0.1  # more for each page; most take some hundredths
PATIENCE = 60.0  # seconds to wait for a page, on a machine that is busy with other things
MEMORY = 1_300_000_000  # bytes of address space beside the file itself
COMMAND = "from rolecoder.readers.aside import serve; serve()"
LENGTH = struct.Struct(">Q")


class Aside:
    """The process, and what it answers."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self.process = subprocess.Popen(  # noqa: S603  this very Python, with a fixed command
            [sys.executable, "-P", "-c", COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
        self.owner = os.getpid()
        self.answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        if self.process.stdout is not None:
            while (answer := receive(self.process.stdout)) is not None:
                self.answers.put(answer)
        self.answers.put(None)

    def ask(self, data: bytes) -> dict[str, Any] | None:
        """The answer for one file; None where the process ended or kept silent."""
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                send(self.process.stdin, data)
            while answer := self.answers.get(timeout=PATIENCE):
                found: dict[str, Any] = json.loads(answer)
                if found:  # an empty one says that a page is done
                    return found
        return None

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


_running: list[Aside] = []  # none or one


def text_layer(data: bytes) -> dict[str, Any]:
    """The texts of the pages, their labels, and the title of a PDF.

    Raises:
        RolecoderError: It is broken, locked or too long, or takes too much time or memory.
    """
    if _running and _running[0].owner != os.getpid():
        _running.clear()  # the process belongs to the one that this one was forked from
    if not _running:
        _running.append(Aside())
        atexit.register(_end)
    try:
        found = _running[0].ask(data)
    except queue.Empty:
        found = None
    if found is None:
        _end()
        raise RolecoderError(
            "a PDF that takes too much time or memory to read",
            expected=f"at most {SECONDS} seconds, {SECONDS_A_PAGE} more for each page, and {MEMORY // 10**6:,} MB",
            mend="check where it comes from; if you trust it, open it in a viewer and print it to PDF again",
        )
    if "error" in found:
        raise RolecoderError(found["error"], expected=found["expected"], mend=found["mend"])
    return found


def _end() -> None:
    while _running:
        aside = _running.pop()
        if aside.owner == os.getpid():
            aside.end()


def send(stream: IO[bytes], data: bytes) -> None:
    """Write a message, its length before it."""
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a message; None where there is no more."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def serve() -> None:
    """Answer for file after file until there are no more: the process's own work."""
    from rolecoder.readers.pdflayer import layer

    while (data := receive(sys.stdin.buffer)) is not None:
        clock = _Clock(time.process_time())
        _limit(len(data), clock)
        try:
            answer: dict[str, Any] = layer(data, clock.page_done)
        except RolecoderError as cause:
            answer = {"error": cause.found, "expected": cause.expected, "mend": cause.mend}
        send(sys.stdout.buffer, json.dumps(answer).encode("ascii"))


@dataclass(slots=True)
class _Clock:
    """The processor time that one file has left: more with each page that is done."""

    start: float  # s
    pages: int = 0

    def page_done(self) -> None:
        """Say so, and allow the next page its time."""
        send(sys.stdout.buffer, b"{}")
        self.pages += 1
        self.limit()

    def limit(self) -> None:
        """End this process where the time is used up."""
        _bound("RLIMIT_CPU", int(self.start + SECONDS + SECONDS_A_PAGE * self.pages) + 1)


def _limit(size: int, clock: _Clock) -> None:
    _bound("RLIMIT_AS", MEMORY + 3 * size)
    _bound("RLIMIT_CORE", 0)
    clock.limit()


def _bound(kind: str, amount: int) -> None:
    """Set a limit of this process, where the system has such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        limit = getattr(resource, kind)
        resource.setrlimit(limit, (amount, resource.getrlimit(limit)[1]))
