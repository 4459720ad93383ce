"""The researcher's own table of speakers: who speaks for which state, where the texts do not say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rolecoder.actors import Actors
from rolecoder.errors import RolecoderError
from rolecoder.tabular.filled import read_filled

FIELDS = ("speaker", "actor", "document_id")
_BY_TABLE = "the researcher's table of speakers: "


def folded(speaker: str) -> str:
    """The spelling under which a speaker is looked up: in small letters, without an article or the mark of a label."""
    return " ".join(speaker.split()).rstrip(" .:").casefold().removeprefix("the ")


def by_table(speaker: str) -> str:
    """Why a turn's speaker has an actor: the table's row of this speaker, folded."""
    return f"{_BY_TABLE}{speaker}"


def row_of(reason: str) -> str | None:
    """The speaker, folded, of the row that is the reason; None where it is another."""
    return reason.removeprefix(_BY_TABLE) if reason.startswith(_BY_TABLE) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Actor ids by speaker, for all documents or for one."""

    rows: tuple[tuple[str, str, str], ...] = ()  # speaker, folded; actor; document id or ""

    def of(self, document_id: str) -> dict[str, str]:
        """Actors by speaker for one document; a row for that document wins over one for all."""
        general = {speaker: actor for speaker, actor, document in self.rows if not document}
        return general | {speaker: actor for speaker, actor, document in self.rows if document == document_id}


def read_speakers(path: Path | None, actors: Actors) -> Speakers:
    """Read ``speakers.csv`` with the columns speaker, actor and, if wanted, document_id.

    Raises:
        RolecoderError: The file cannot be read, a column lacks or is unknown, an actor is unknown, or
            two rows give one speaker two actors.
    """
    if path is None:
        return Speakers()
    table = read_filled(path, "table of speakers")
    known = {"speaker", "actor"} <= set(table.columns) <= set(FIELDS)
    if not known:
        raise RolecoderError(
            f"columns {', '.join(sorted(table.columns)[:12])[:300]}",
            where=str(path),
            expected="speaker, actor and, if wanted, document_id",
        )
    found: dict[tuple[str, str], tuple[str, int]] = {}  # speaker and document -> actor, and the row that says so
    for number, row in table.rows:
        where, speaker = f"{path}:{number}", row["speaker"].strip()
        if not speaker:
            raise RolecoderError("no speaker", where=where, expected="the name or title as it is printed")
        actor = actors.require(row["actor"].strip(), where=where)
        key = folded(speaker), row.get("document_id", "").strip()
        before, first = found.setdefault(key, (actor, number))
        if before != actor:
            raise RolecoderError(
                f"{speaker!r} speaks for {actor} here and for {before} in row {first}",
                where=where,
                expected="one actor for each speaker",
                mend="delete one of the two rows, or give one a document_id if it holds for that document alone",
            )
    return Speakers(rows=tuple((speaker, actor, document) for (speaker, document), (actor, _) in found.items()))
