"""What the readers of each form hand back: stretches of text, each somebody's words or nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks: ``key`` tells two voices apart, whatever each is called in a place."""

    key: str
    speaker: str | None = None  # as printed
    actor: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A half-open stretch of text; ``voice`` is None where it is no one's speech, and ``reason`` says why."""

    start: int
    end: int
    voice: Voice | None = None
    reason: str = ""
    reported: bool = False


def tile(text: str, pieces: Iterable[Piece], *, gap: str) -> list[Piece]:
    """Order pieces so that every word lies in exactly one.

    Cuts are moved back to the blank before a word; where two pieces overlap, the first one keeps
    the words; words in no piece become one, with ``gap`` as the reason.
    """
    tiles: list[Piece] = []
    at = 0
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        start, end = max(_to_blank(text, piece.start), at), _to_blank(text, piece.end)
        if not text[start:end].strip():
            continue
        tiles += _trimmed(text, Piece(start=at, end=start, reason=gap))
        tiles += _trimmed(text, replace(piece, start=start, end=end))
        at = end
    return [*tiles, *_trimmed(text, Piece(start=at, end=len(text), reason=gap))]


def joined(text: str, tiles: Sequence[Piece]) -> list[Piece]:
    """Join neighbours of one voice, or left out for one reason, with nothing but blanks between them."""
    out: list[Piece] = []
    for piece in tiles:
        last = out[-1] if out else None
        if last is not None and _same(last, piece):
            out[-1] = replace(last, end=piece.end)
        else:
            out.append(piece)
    return out


def _same(a: Piece, b: Piece) -> bool:
    if a.voice is None or b.voice is None:
        return a.voice is b.voice and a.reason == b.reason
    return (a.voice.key, a.voice.actor, a.reported) == (b.voice.key, b.voice.actor, b.reported)


def _to_blank(text: str, at: int) -> int:
    """Move a cut inside a word back to its beginning: no word is cut in two."""
    at = min(max(at, 0), len(text))
    while 0 < at < len(text) and not text[at - 1].isspace() and not text[at].isspace():
        at -= 1
    return at


def _trimmed(text: str, piece: Piece) -> Iterator[Piece]:
    part = text[piece.start : piece.end]
    if part.strip():
        start = piece.start + len(part) - len(part.lstrip())
        yield replace(piece, start=start, end=start + len(part.strip()))
