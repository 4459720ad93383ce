"""How far coders agree: Krippendorff's alpha, Cohen's kappa and the MASI distance of role sets."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from rolecoder.annotations import Label, Labels
from rolecoder.errors import RolecoderError, listed, numbered
from rolecoder.labelled_texts import first_difference, same_text

if TYPE_CHECKING:
    import pandas as pd

Value = TypeVar("Value", bound=Hashable)
SIDES = ("aspect", "holder")  # one of each for a passage with a role
SHOWN = 5  # ids that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAgreement:
    """Agreement on one role: does a passage carry it or not."""

    role: str
    n: tuple[int, ...]  # passages to which each coder gave it
    alpha: float  # NaN where nobody gave it
    f1: float | None  # of two coders; None with more


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of coders who read the same passages."""

    n: int  # passages that at least two coders read
    alpha_sets: float  # role sets under the MASI distance
    alpha_any: float  # any role or none
    kappa_any: float | None  # of two coders; None with more
    micro_f1: float | None
    alpha_aspect: float  # where every coder who read it gave a role, and two or more an aspect
    alpha_holder: float  # the same with a holder
    n_aspect: int  # passages behind that
    n_holder: int
    roles: tuple[RoleAgreement, ...]


def nominal_distance(first: Hashable, second: Hashable) -> float:
    """0.0 for equal values, 1.0 for others."""
    return float(first != second)


def masi_distance(first: AbstractSet[Hashable], second: AbstractSet[Hashable]) -> float:
    """Distance of two sets: 1 - J x M, between 0.0 (equal) and 1.0 (nothing in common).

    J is the Jaccard index; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they
    overlap, 0 where they do not.  Two empty sets are equal.

    References:
        Passonneau (2006), Measuring agreement on set-valued items (MASI), LREC.

    >>> round(masi_distance({"a", "b"}, {"a"}), 3)
    0.667
    """
    if first == second:
        return 0.0
    common = len(first & second)
    if not common:
        return 1.0
    monotonic = 2 / 3 if first <= second or second <= first else 1 / 3
    return 1 - common / len(first | second) * monotonic


def krippendorff_alpha(
    ratings: Sequence[Sequence[Value | None]], distance: Callable[[Value, Value], float] = nominal_distance
) -> float:
    """Agreement beyond chance of any number of coders, with values missing: 1 - D_observed / D_expected.

    Values are paired within units: each pair of a unit with m values counts 1 / (m - 1).  The expected
    distance pairs all such values, n in number, whatever their unit, over n (n - 1) pairs.

    Args:
        ratings: One sequence per coder, one value per unit; None where the coder did not read it.
        distance: Between two values, symmetric, 0 for equal ones; squared already where the
            measurement level asks for it.

    Returns:
        1.0 for full agreement, 0.0 for chance, below 0.0 for systematic disagreement; NaN where all
        values are the same or no unit has two.

    Raises:
        RolecoderError: The coders have different numbers of units.

    References:
        Krippendorff (2019), Content Analysis, 4th ed., ch. 12; Krippendorff (2011), Computing
        Krippendorff's alpha-reliability, University of Pennsylvania.

    >>> krippendorff_alpha([[1, 1, 2, 2], [1, 1, 2, 2]])
    1.0
    """
    if len({len(coder) for coder in ratings}) != 1:
        raise RolecoderError(f"coders with {[len(coder) for coder in ratings]} units", expected="the same units")
    units = [[value for value in unit if value is not None] for unit in zip(*ratings, strict=True)]
    coincidences: defaultdict[tuple[Value, Value], float] = defaultdict(float)
    for unit in units:
        if len(unit) > 1:
            counts = Counter(unit)
            for one, n_one in counts.items():
                for other, n_other in counts.items():
                    pairs = n_one * (n_other - (one == other))
                    coincidences[one, other] += pairs / (len(unit) - 1)
    totals: defaultdict[Value, float] = defaultdict(float)
    for (one, _), weight in coincidences.items():
        totals[one] += weight
    n = sum(totals.values())
    observed = sum(weight * distance(one, other) for (one, other), weight in coincidences.items())
    expected = sum(a * b * distance(one, other) for one, a in totals.items() for other, b in totals.items())
    return 1 - (n - 1) * observed / expected if expected else math.nan


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Agreement beyond chance of two coders: (p_observed - p_expected) / (1 - p_expected).

    Returns:
        1.0 for full agreement, 0.0 for chance; NaN where both give one and the same value throughout.

    Raises:
        RolecoderError: They did not code the same number of units, or none.

    References:
        Cohen (1960), Educational and Psychological Measurement 20(1).

    >>> cohen_kappa("yynn", "yynn")
    1.0
    """
    if len(first) != len(second) or not first:
        raise RolecoderError(f"{len(first)} and {len(second)} units", expected="the same units, at least one")
    n = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    one, other = Counter(first), Counter(second)
    expected = sum(one[value] * other[value] for value in one) / n**2
    return (observed - expected) / (1 - expected) if expected < 1 else math.nan


def set_f1(first: Sequence[AbstractSet[Hashable]], second: Sequence[AbstractSet[Hashable]]) -> float:
    """F1 over all roles of all passages: 2 x common / (given by one + given by the other); NaN for no roles."""
    common = sum(len(a & b) for a, b in zip(first, second, strict=True))
    given = sum(map(len, first)) + sum(map(len, second))
    return 2 * common / given if given else math.nan


def compare_coders(coders: Sequence[Labels]) -> Agreement:
    """Compare two or more coders on the passages, by id, that at least two of them read.

    Raises:
        RolecoderError: Fewer than two coders, different codebooks, no passage in common, or one id with two texts.
    """
    if len(coders) < 2:
        raise RolecoderError("labels of one coder only", expected="a file for each of two coders or more")
    if len({coder.codebook.digest for coder in coders}) != 1:
        raise RolecoderError("coders under different codebooks", expected="one codebook")
    by_id = [{row.label_id: row for row in coder.rows} for coder in coders]
    reads = Counter(label_id for rows in by_id for label_id in rows)
    shared = [label_id for label_id, count in reads.items() if count > 1]
    if not shared:
        shown = [f"{next(iter(rows))!r}" for rows in by_id if rows]
        raise RolecoderError(
            f"no passage that two coders read: the ids of their files begin with {' and '.join(shown)}",
            expected="the same ids in all files; capitals matter",
        )
    _check_texts({label_id: [rows[label_id].text for rows in by_id if label_id in rows] for label_id in shared})
    read = [[rows.get(label_id) for label_id in shared] for rows in by_id]
    sets = [[frozenset(row.roles) if row else None for row in coder] for coder in read]
    pair = len(coders) == 2
    both = [(a, b) for a, b in zip(*sets[:2], strict=True) if a is not None and b is not None] if pair else []
    first, second = [a for a, _ in both], [b for _, b in both]
    coded = [all(row is None or row.roles for row in unit) for unit in zip(*read, strict=True)]
    where_coded = [[row if keep else None for row, keep in zip(coder, coded, strict=True)] for coder in read]
    aspects, holders = ([[row and getattr(row, of) for row in coder] for coder in where_coded] for of in SIDES)
    return Agreement(
        n=len(shared),
        alpha_sets=krippendorff_alpha(sets, masi_distance),
        alpha_any=krippendorff_alpha([[None if s is None else bool(s) for s in coder] for coder in sets]),
        kappa_any=cohen_kappa([bool(s) for s in first], [bool(s) for s in second]) if pair else None,
        micro_f1=set_f1(first, second) if pair else None,
        alpha_aspect=krippendorff_alpha(aspects),
        alpha_holder=krippendorff_alpha(holders),
        n_aspect=_paired(aspects),
        n_holder=_paired(holders),
        roles=tuple(_role(code, sets) for code in coders[0].codebook.codes),
    )


def _check_texts(texts: Mapping[str, Sequence[str]]) -> None:
    """Refuse ids under which coders read different texts."""
    parted = {}
    for label_id, (first, *others) in texts.items():
        if other := next((text for text in others if not same_text(text, first)), None):
            parted[label_id] = first_difference(other, first)
    if parted:
        raise RolecoderError(
            f"the coders' files have different texts under {numbered(len(parted), 'id')} of {len(texts):,}"
            + listed([f"label {label_id}: {shown}" for label_id, shown in parted.items()], SHOWN),
            mend="copy the column text from one file to the others, where a spreadsheet or a coder has changed it; "
            "give different passages different ids",
        )


def unshared(coders: Sequence[Labels]) -> list[list[str]]:
    """The ids of the passages of each coder that no other one coded: they are in no figure."""
    reads = Counter(row.label_id for coder in coders for row in coder.rows)
    return [[row.label_id for row in coder.rows if reads[row.label_id] == 1] for coder in coders]


def _paired(ratings: Sequence[Sequence[object]]) -> int:
    """How many units have two values or more: those that alpha rests on."""
    return sum(sum(value is not None for value in unit) > 1 for unit in zip(*ratings, strict=True))


def differing(
    coders: Sequence[Labels], names: Sequence[str], said: Mapping[str, Mapping[str, Any]] | None = None
) -> pd.DataFrame:
    """The passages that coders coded differently, in roles, holder or aspect, for another one to decide.

    Args:
        coders: As ``compare_coders`` takes them.
        names: Of the coders; they end the names of their columns.
        said: ``said_before`` and ``said_after`` by id, what others said too; by default the labels' own context.

    Returns:
        ``id``, ``source`` and ``date`` where the coders' files have them, the context and ``text``, ``roles``,
        ``holder`` and ``aspect`` of each coder, and empty ones to fill in; in the order of the first coder's file.
    """
    import pandas as pd

    by_id = [{row.label_id: row for row in coder.rows} for coder in coders]
    ends = [f"{name} {number}" if names.count(name) > 1 else name for number, name in enumerate(names, start=1)]
    known = [name for name in ("source", "date") if _first_said(name, (row for coder in coders for row in coder.rows))]
    found = []
    for label_id in dict.fromkeys(label_id for rows in by_id for label_id in rows):
        read = {end: rows[label_id] for end, rows in zip(ends, by_id, strict=True) if label_id in rows}
        if len({coded_as(row) for row in read.values()}) < 2:
            continue
        first, around = next(iter(read.values())), (said or {}).get(label_id, {})
        row: dict[str, object] = {
            "id": label_id,
            **{name: _first_said(name, read.values()) for name in known},
            "before": around.get("said_before") or first.before,
            "text": first.text,
            "after": around.get("said_after") or first.after,
        }
        for end, given in read.items():
            row |= {f"roles, {end}": ";".join(given.roles) or "none"}
            row |= {f"holder, {end}": given.holder, f"aspect, {end}": given.aspect}
        found.append(row | {"roles": None, "holder": None, "aspect": None})
    told = [f"{what}, {end}" for end in ends for what in ("roles", "holder", "aspect")]
    return pd.DataFrame(found, columns=["id", *known, "before", "text", "after", *told, "roles", "holder", "aspect"])


def _first_said(name: str, labels: Iterable[Label]) -> str | None:
    """The first value that any of these labels has in a field."""
    return next((value for label in labels if (value := getattr(label, name))), None)


def coded_as(label: Label) -> tuple[frozenset[str], str | None, str | None]:
    """All that makes two codings of a passage the same or not: roles, holder and aspect."""
    return frozenset(label.roles), label.holder, label.aspect


def _role(code: str, sets: Sequence[Sequence[frozenset[str] | None]]) -> RoleAgreement:
    marks = [[None if some is None else code in some for some in coder] for coder in sets]
    counts = tuple(coder.count(True) for coder in marks)
    f1 = None
    if len(marks) == 2 and any(counts):
        both = list(zip(*marks, strict=True)).count((True, True))
        f1 = 2 * both / (counts[0] + counts[1])
    return RoleAgreement(role=code, n=counts, alpha=krippendorff_alpha(marks), f1=f1)
