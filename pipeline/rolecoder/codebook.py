"""The codebook: the roles that are coded, as data that a researcher can change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from rolecoder.errors import RolecoderError, closest, closest_said
from rolecoder.study.safeyaml import load_yaml

NO_ROLE = "is not a role of the codebook"  # what is said of a label that is none
MAX_ROLES = 3  # a passage carries at most three


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role conception; ``rank`` runs from 1, the most active, upwards to the most passive."""

    code: str
    name: str
    rank: int
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """Roles in their order of activity, and where they come from."""

    name: str
    version: str
    source: str
    roles: tuple[Role, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order of activity: the order of every vector of roles."""
        return tuple(role.code for role in self.roles)

    @property
    def names(self) -> dict[str, str]:
        """Code -> name, in the order of activity."""
        return {role.code: role.name for role in self.roles}

    @property
    def ranks(self) -> tuple[int, ...]:
        """The rank of each role, in the order of ``codes``."""
        return tuple(role.rank for role in self.roles)

    @property
    def title(self) -> str:
        """Its name and version and, in brackets, where it comes from, as far as it says so."""
        source = self.source.rstrip(".")
        return " ".join(part for part in (self.name, self.version, f"({source})" if source else "") if part)

    @property
    def digest(self) -> str:
        """SHA-256 of what the codes mean: a bundle trained under another meaning does not fit."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def resolve(self, label: str, *, where: str | None = None) -> str:
        """Lead a code, a name or an alias to its code.

        Raises:
            RolecoderError: The codebook has no such role; the closest is named.
        """
        known = {spelling.casefold(): r.code for r in self.roles for spelling in (r.code, r.name, *r.aliases)}
        code = known.get(label.strip().casefold())
        if code is None:
            several = [known.get(part.strip().casefold()) for part in label.split(",")]
            if len(several) > 1 and None not in several:
                codes = ";".join(map(str, several))
                raise RolecoderError(f"{label!r}: roles parted by commas", mend=f"part them by semicolons: {codes}")
            near = closest(label, known)
            raise RolecoderError(
                f"{label!r} {NO_ROLE} {self.name!r}" + (f"; closest is {known[near]!r}" if near else ""),
                where=where,
                expected="one of " + ", ".join(self.codes),
                mend="correct it, or add it as an alias of its role in the codebook",
            )
        return code


def read_codebook(path: Path) -> Codebook:
    """Read a codebook from YAML and check it.

    Raises:
        RolecoderError: The file cannot be read, a field lacks or is unknown, a code, rank or
            spelling occurs twice, or means no role, or several, in labels.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as cause:
        raise RolecoderError(f"not a readable codebook ({cause})", where=str(path)) from cause
    if not isinstance(data, dict) or not isinstance(data.get("roles"), list):
        raise RolecoderError("no list of roles", where=str(path), expected="name, version, source and roles")
    book = codebook_from(data, where=str(path))
    for role in book.roles:
        for spelling in (role.code, role.name, *role.aliases):
            _check_spelling(spelling, f"{path}, role {role.code}")
    return book


def _check_spelling(spelling: str, where: str) -> None:
    """Refuse a code, name or alias that a coder could not write in a column of roles."""
    if ";" in spelling:
        raise RolecoderError(
            f"{spelling!r} has a semicolon, which parts roles in labels", where=where, mend="write it without"
        )
    if spelling.strip().casefold() in ("", "none", "na"):
        raise RolecoderError(
            f"a role is called {spelling!r}, which says in labels that a passage has no role",
            where=where,
            mend="call it otherwise; passages without a role need none in the codebook",
        )


def codebook_from(data: dict[str, object], *, where: str) -> Codebook:
    """Build a codebook from parsed YAML or JSON; see ``read_codebook`` for the errors."""
    rows = data["roles"]
    if not isinstance(rows, list) or not rows:
        raise RolecoderError("no roles", where=where, expected="a list of at least one role")
    roles = tuple(_role(row, f"{where}, role {number}") for number, row in enumerate(rows, start=1))
    book = Codebook(
        **{name: "" if data.get(name) is None else str(data[name]) for name in ("name", "version", "source")},
        roles=tuple(sorted(roles, key=lambda role: role.rank)),
    )
    spellings = [
        s.casefold() for r in roles for s in {r.code.casefold(), r.name.casefold(), *(a.casefold() for a in r.aliases)}
    ]
    doubled = sorted(
        {s for s in spellings if spellings.count(s) > 1} | {f"rank {n}" for n in book.ranks if book.ranks.count(n) > 1}
    )
    if doubled:
        raise RolecoderError(
            "occurs twice: " + ", ".join(doubled), where=where, expected="each code, name, alias and rank once"
        )
    return book


def with_roles(codebook: Codebook, more: Sequence[Mapping[str, object]]) -> Codebook:
    """The codebook with further roles: those that labels may carry and a model was trained without."""
    roles = [*asdict(codebook)["roles"], *more]
    return codebook_from(asdict(codebook) | {"roles": roles}, where=f"codebook {codebook.name}")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _role(row: object, where: str) -> Role:
    known = set(Role.__dataclass_fields__)
    lacking = [name for name in ("code", "name", "rank", "definition") if not isinstance(row, dict) or name not in row]
    if not isinstance(row, dict) or lacking:
        raise RolecoderError(f"a role without {', '.join(lacking)}", where=where)
    for said in (row["code"], row["name"], *_listed(row.get("aliases"))):
        if said is None or isinstance(said, bool):
            raise RolecoderError(
                f"a code, name or alias that YAML reads as {said}",
                where=where,
                mend="write it in quotes: no, yes, on, off, true, false and null are no words without them",
            )
    unknown = sorted(set(row) - known)
    if unknown:
        raise RolecoderError(f"unknown field {unknown[0]!r}" + closest_said(unknown[0], known), where=where)
    if not str(row["code"]).isidentifier() or not isinstance(row["rank"], int):
        raise RolecoderError(
            f"code {row['code']!r}, rank {row['rank']!r}",
            where=where,
            expected="a code of letters, digits and _, and a whole number",
        )
    for key in ("include", "exclude", "boundaries", "aliases"):
        if not isinstance(row.get(key) or [], (list, tuple)):
            raise RolecoderError(f"{key} is {row[key]!r}", where=where, expected="a list, one entry each")
    lists = {
        key: tuple(str(item) for item in row.get(key) or ()) for key in ("include", "exclude", "boundaries", "aliases")
    }
    return Role(
        code=str(row["code"]), name=str(row["name"]), rank=row["rank"], definition=str(row["definition"]), **lists
    )
