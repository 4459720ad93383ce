"""One file of labels out of those of several coders, and out of what was decided where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.agreement import coded_as
from rolecoder.annotations import Label, Labels
from rolecoder.errors import RolecoderError, numbered

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


def join_coders(coders: Sequence[Labels], files: Sequence[Sequence[Row]], decided: Mapping[str, Label]) -> pd.DataFrame:
    """Take from each passage what its coders agree on, else what was decided.

    Args:
        coders: The labels of each that count; passages are the same where their id is.
        files: All rows of each coder's file as they stand there.
        decided: Labels by id, of passages that coders coded differently.

    Returns:
        A row for each passage of any file, in the order of the files: all its columns, with ``roles``, ``holder`` and
        ``aspect``, how many ``coders`` it had and whether it was ``adjudicated``.  What nobody has
        coded stays as it is.

    Raises:
        RolecoderError: A passage was coded differently and is not decided.
    """
    import pandas as pd

    by_id = [{row.label_id: row for row in labels.rows} for labels in coders]
    as_filed: dict[str, Row] = {}
    counted: set[str] = set()
    for own, rows in zip(by_id, files, strict=True):
        for row in rows:
            if row.get("id") is None:
                raise RolecoderError("a row without an id", expected="an id in every row of the coders' files")
            name = str(row["id"])
            if name not in as_filed or (name in own and name not in counted):
                as_filed[name] = row
        counted |= own.keys()
    found, waiting = [], []
    for name, row in as_filed.items():
        given = [own[name] for own in by_id if name in own]
        differ = len({coded_as(label) for label in given}) > 1
        if differ and name not in decided:
            waiting.append(name)
        elif given:
            found.append(dict(row) | _codes(given, decided[name] if differ else given[0]))
            found[-1] |= {"coders": len(given), "adjudicated": differ}
        else:
            found.append({key: ";".join(value) if isinstance(value, list) else value for key, value in row.items()})
    if waiting:
        raise RolecoderError(
            f"{numbered(len(waiting), 'passage')} coded differently and not decided: {', '.join(waiting[:5])}"
            + (", ..." if len(waiting) > 5 else ""),
            expected="roles (or none) for each of them in the file that --decided names",
            mend="--out FILE writes them, with what each coder said",
        )
    return pd.DataFrame(found, dtype=object)  # a whole number stays one beside an empty cell


def unused(coders: Sequence[Labels], decided: Mapping[str, Label]) -> list[str]:
    """Say of each decision that ``join_coders`` has no use for why that is so.

    Args:
        coders: The labels of each that count.
        decided: Labels by id.

    Returns:
        A line for each passage that no coder has coded, or that its coders agree on and that was decided otherwise.
    """
    by_id = [{row.label_id: row for row in labels.rows} for labels in coders]
    told = []
    for name, label in decided.items():
        given = [own[name] for own in by_id if name in own]
        agreed = given[0] if len({coded_as(one) for one in given}) == 1 else None
        if not given:
            told.append(f"{name}: no coder has coded it")
        elif agreed and _otherwise(label, agreed):
            whose = "all coders agree on" if len(given) > 1 else "its one coder says"
            told.append(f"{name}: {whose} {_shown(agreed)}; decided {_shown(label)}")
    return told


def _otherwise(label: Label, agreed: Label) -> bool:
    """Whether a decision says something else; a holder or aspect that it leaves empty is none."""
    sides = ((label.holder, agreed.holder), (label.aspect, agreed.aspect))
    return set(label.roles) != set(agreed.roles) or any(said and said != other for said, other in sides)


def _shown(label: Label) -> str:
    return ", ".join(filter(None, (";".join(label.roles) or "none", label.holder, label.aspect)))


def _codes(given: Sequence[Label], label: Label) -> dict[str, str | None]:
    """What a passage is coded with; holder and aspect not decided are those of all who gave a role, if one gave it."""
    sided = [one for one in given if one.roles]
    sided = sided if any({*one.roles} & {*label.roles} for one in sided) else []
    holders, aspects = {one.holder for one in sided}, {one.aspect for one in sided}
    return {
        "roles": ";".join(label.roles) or "none",
        "holder": label.holder or (holders.pop() if label.roles and len(holders) == 1 else None),
        "aspect": label.aspect or (aspects.pop() if label.roles and len(aspects) == 1 else None),
        "undecided": ";".join(label.undecided) or None,
    }
