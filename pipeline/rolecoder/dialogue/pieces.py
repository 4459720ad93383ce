"""What the readers of each form hand back: stretches of text, each somebody's words or nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

JOINT = "said of both sides together"
NUMBER = "number of a paragraph"
# What may stand inside one speaker's turn without ending it; it is no part of what is said.
INSIDE = frozenset(
    {"label", "stage direction", NUMBER, "editor's note", "footnote", "scrap of the page", "rule", "caption"}
)


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


def joined(tiles: Sequence[Piece]) -> list[Piece]:
    """Join what one voice says without another's words between, and neighbours left out for one reason.

    A label that names the same speaker again, a stage direction or a note does not end what is said: it
    stays a piece of its own, which the joined piece runs over.
    """
    out: list[Piece] = []
    spoken: int | None = None  # the last piece with a voice
    ended = False  # the last piece of all is not the last in ``out``
    for piece in tiles:
        if piece.voice is not None:
            over = out[spoken + 1 :] if spoken is not None else []
            if spoken is not None and _same(out[spoken], piece) and all(other.reason in INSIDE for other in over):
                out[spoken], ended = replace(out[spoken], end=piece.end), bool(over)
                continue
            spoken = len(out)
        elif out and not ended and out[-1].voice is None and out[-1].reason == piece.reason:
            out[-1] = replace(out[-1], end=piece.end)
            continue
        out.append(piece)
        ended = False
    return out


def _same(a: Piece, b: Piece) -> bool:
    if a.voice is None or b.voice is None:
        return False
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
