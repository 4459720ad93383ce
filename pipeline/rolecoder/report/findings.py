"""What the report is made from, and how its cells, actors and roles are named in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from rolecoder.annotations import Label
from rolecoder.codebook import Codebook
from rolecoder.config import Study
from rolecoder.errors import numbered
from rolecoder.measuring.periods import with_periods
from rolecoder.measuring.samples import denied
from rolecoder.measuring.tallies import BY_HAND
from rolecoder.records import ASPECTS
from rolecoder.report.reasons import corrected_by_labels
from rolecoder.study.comparisons import comparisons
from rolecoder.study.expectation import split_dyad

if TYPE_CHECKING:
    import pandas as pd

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
COUNTED = "counted"  # given by hand, or by the model where no hand label denies it
WHOLE = (None, "", "all")  # names of a period that is the whole study


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that the report needs; the frames are those declared in ``rolecoder.tables``."""

    study: Study
    codebook: Codebook
    actor_names: Mapping[str, str]
    documents: pd.DataFrame
    passages: pd.DataFrame
    probabilities: pd.DataFrame
    codings: pd.DataFrame
    profiles: pd.DataFrame
    gaps: pd.DataFrame
    gap_parts: pd.DataFrame
    dropped: pd.DataFrame
    model_card: Mapping[str, object]
    record: Mapping[str, object]
    sensitivity: pd.DataFrame | None = None  # table gap_sensitivity
    trends: pd.DataFrame | None = None  # where the study has moving windows
    changes: pd.DataFrame | None = None
    explanations: pd.DataFrame | None = None  # where the study asks for them
    labelled: Mapping[str, Label] = field(default_factory=dict)  # hand labels of the run, by passage id
    corpora: tuple[Mapping[str, object], ...] = ()  # of each corpus.yaml: name, title, origin, licence, citation, ...

    @property
    def role_names(self) -> dict[str, str]:
        """Code -> name, in the order of activity."""
        return self.codebook.names

    @property
    def title(self) -> str:
        """The study's title, or its short name."""
        return self.study.title or self.study.study

    @cached_property
    def given(self) -> pd.DataFrame:
        """Every coding, by model and hand (``by``; probability: the model's), its period, whether a label denies it."""
        import pandas as pd

        codings = self.codings.assign(by="model", denied=denied(self.codings, self.labelled))
        codings = with_periods(codings, self.study.profiles.period)
        if not self.labelled:
            return codings
        chances, spoken = self.probabilities.set_index("passage_id"), self.passages.set_index("passage_id")
        rows = [
            {
                "passage_id": name,
                "role": role,
                "probability": chances.at[name, f"p_{role}"],
                "holder": label.holder,
                "aspect": label.aspect,
                **{column: spoken.at[name, column] for column in ("document_id", "source", "date")},
            }
            for name, label in self.labelled.items()
            for role in label.roles
        ]
        frame = pd.DataFrame(rows, columns=self.codings.columns).astype(self.codings.dtypes)
        told = frame.assign(by="hand", denied=False, holder_reason="labelled by hand", aspect_reason="labelled by hand")
        return pd.concat([codings, with_periods(told, self.study.profiles.period)], ignore_index=True)

    @cached_property
    def passages_behind(self) -> Counter[Behind]:
        """How many passages were given a role, in each profile and for each role of it, and by whom."""
        columns = ["passage_id", "source", "holder", "aspect", "period", "role", "by", "denied"]
        found = set()
        for passage, *of, role, by, no in self.given[columns].itertuples(index=False):
            source, holder, aspect, period = map(known, of)
            for told in product((None, role), (None, by, *([] if no else [COUNTED]))):
                found.add((passage, Behind(source, holder, aspect, period, *told)))
        return Counter(behind for _, behind in found)

    @cached_property
    def labels_count(self) -> dict[tuple[str, str], bool]:
        """Whether hand labels are to correct shares, of each source and period in which there are any."""
        spoken = with_periods(self.passages, self.study.profiles.period)
        spoken = spoken.assign(labelled=spoken["passage_id"].isin(list(self.labelled)))
        groups = spoken.groupby(["source", "period"])["labelled"].agg(["sum", "size"])
        by_hand = self.study.profiles.by_hand
        return {of: by_hand(int(labelled), int(size)) for of, labelled, size in groups.itertuples() if labelled}

    def actor(self, actor: str | None) -> str:
        """Name an actor in words."""
        if actor is None:
            return "Unknown"
        return self.actor_names.get(actor) or actor.removeprefix("group:")

    def side(self, gap: Mapping[Any, Any], which: str) -> str:
        """Name a side of a gap, ``left`` or ``right``: "United States about Japan: prescription"."""
        source, aspect = next(
            getattr(compared, which)
            for compared in comparisons(gap["prescriber"], gap["ally"])
            if compared.name == gap["comparison"]
        )
        about = "itself" if source == gap["ally"] else self.actor(gap["ally"])
        return f"{self.actor(source)} about {about}: {aspect}"

    def why_none(self, gap: Mapping[Any, Any]) -> str | None:
        """Why a gap has no number, its sides named in words; None where the table does not say."""
        note = known(gap["note"])
        if note is None:
            return None
        return str(note).replace(gap["left"], self.side(gap, "left")).replace(gap["right"], self.side(gap, "right"))


@dataclass(frozen=True, slots=True)
class Behind:
    """Which coded passages stand behind a figure: whose texts, whose role, which aspect, period and role."""

    source: str | None
    holder: str | None
    aspect: str | None
    period: str | None
    role: str | None = None  # None: any
    by: str | None = None  # "hand", "model" or COUNTED; None: either


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One profile: whose texts, whose role, which aspect, which period, and its shares."""

    source: str | None
    holder: str | None
    aspect: str | None
    period: str | None
    n_documents: int
    n_passages: int
    n_coded: int
    n_labelled: int
    with_labels: bool  # whether hand labels count among what stands behind it
    estimator: str | None
    method: str
    note: str | None
    rows: tuple[Mapping[str, Any], ...]  # one per role, in the order of activity

    @property
    def key(self) -> tuple[str | None, str | None, str | None, str | None]:
        """What the profile is of."""
        return (self.source, self.holder, self.aspect, self.period)

    def behind(self, role: str | None = None) -> Behind:
        """Name the coded passages of one role of the profile; or of all, as labels that count leave and add to them."""
        by = COUNTED if role is None and self.with_labels else "hand" if self.by_hand else "model"
        return Behind(*self.key, role, by if self.n_labelled else None)

    @property
    def by_hand(self) -> bool:
        """Whether its shares rest on hand labels."""
        return bool(self.rows) and known(self.rows[0].get("estimator")) in BY_HAND

    @property
    def n(self) -> int:
        """What stands behind its shares: roles labelled by hand, or passages that the model gave any role."""
        return sum(int(row["n_positive"]) for row in self.rows) if self.by_hand else self.n_coded

    @property
    def counted(self) -> str:
        """That number as what it counts: "22 roles by hand", "40 passages"."""
        return f"{numbered(self.n, 'role')} by hand" if self.by_hand else numbered(self.n, "passage")

    @property
    def filled(self) -> bool:
        """Whether there is enough behind the cell for shares."""
        return self.note is None and all(known(row["share"]) is not None for row in self.rows)

    @property
    def top(self) -> list[Mapping[str, Any]]:
        """The rows that occur at all, largest share first."""
        found = [row for row in self.rows if row["share"] > 0] if self.filled else []
        return sorted(found, key=lambda row: -float(row["share"]))


def known(value: Any) -> Any:
    """Turn the missing values of a data frame into None."""
    if value is None or str(value) == "<NA>":
        return None
    return None if value != value else value  # NaN is not itself


def cells(findings: Findings) -> list[Cell]:
    """Take the table of profiles apart into its profiles: first those of the study's dyads, then by name and time.

    A profile whose rows lack a role of the codebook is as it is in the table: nothing is added.
    """
    order = {code: place for place, code in enumerate(findings.codebook.codes)}
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for record in findings.profiles.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        groups.setdefault(tuple(known(row[name]) for name in ("source", "holder", "aspect", "period")), []).append(row)
    found = []
    for (source, holder, aspect, period), rows in groups.items():
        rows.sort(key=lambda row: order.get(row["role"], len(order)))
        first = rows[0]
        found.append(
            Cell(
                source=source,
                holder=holder,
                aspect=aspect,
                period=period,
                n_documents=int(first["n_documents"]),
                n_passages=int(first["n_passages"]),
                n_coded=int(first["n_coded"]),
                n_labelled=int(first["n_labelled"]),
                with_labels=corrected_by_labels(first, findings.study.profiles),
                estimator=known(first["estimator"]),
                method=first["method"],
                note=known(first["note"]),
                rows=tuple(rows),
            )
        )
    first_states = {state: place for place, state in enumerate(dyad_states(findings))}
    last = len(first_states)
    periods = in_time(findings, [cell.period for cell in found])
    return sorted(
        found,
        key=lambda c: (
            first_states.get(c.holder or "", last),
            c.holder or "",
            ASPECTS.index(c.aspect) if c.aspect in ASPECTS else len(ASPECTS),
            first_states.get(c.source or "", last),
            c.source or "",
            periods.index(c.period),
        ),
    )


def in_time(findings: Findings, periods: Iterable[Any]) -> list[Any]:
    """The periods that occur, each once, in their order in time; those that the study does not name by name."""
    chosen = findings.study.profiles.period
    named = [] if isinstance(chosen, str) else [period.name for period in chosen]
    place = {name: number for number, name in enumerate(named)}
    return sorted(set(map(known, periods)), key=lambda name: (place.get(name, len(named)), name or ""))


def dyad_states(findings: Findings) -> list[str]:
    """The states of the study's dyads, allies first, each once."""
    pairs = [split_dyad(dyad) for dyad in findings.study.gaps.dyads]
    return list(dict.fromkeys([ally for _, ally in pairs] + [chief for chief, _ in pairs]))


def sides(source: str | None, holder: str | None, findings: Findings) -> str:
    """Name whose texts and whose role: "Japan about itself", "United States about Japan"; None: not asked for."""
    if source is None:
        return "All speakers" if holder is None else findings.actor(holder)
    if holder is None:
        return f"{findings.actor(source)} speaking"
    return f"{findings.actor(source)} about {'itself' if source == holder else findings.actor(holder)}"


def profile_name(of: Iterable[str | None], findings: Findings) -> str:
    """Name a profile by its source, holder and aspect: "Japan about itself, conception"."""
    source, holder, aspect = of
    words = sides(source, holder, findings)
    return f"{words}, {aspect}" if aspect else words


def phrase(cell: Cell, findings: Findings) -> str:
    """Name a profile in words: "Japan about itself, conception, 1990"."""
    name = profile_name(cell.key[:3], findings)
    return name if cell.period in WHOLE else f"{name}, {cell.period}"


def basis(cell: Cell) -> str:
    """Say what stands behind a profile, each number as what it counts: "40 coded passages in 12 documents"."""
    documents = numbered(cell.n_documents, "document")
    what = f"{numbered(cell.n, 'role')} labelled by hand" if cell.by_hand else numbered(cell.n_coded, "coded passage")
    return f"{what}; {documents} coded or labelled" if cell.with_labels else f"{what} in {documents}"


def count_behind(row: Mapping[str, Any]) -> int:
    """How many passages stand behind a share: those labelled with the role by hand where it rests on labels."""
    return int(row["n_positive"] if known(row.get("estimator")) in BY_HAND else row["n_role"])


def leads(cell: Cell, row: Mapping[str, Any]) -> Behind | None:
    """Name the passages that a share leads to; None where neither the model nor a hand label gave the role to any.

    They are those that the share's n counts; where n is 0, whoever else gave the role to a passage.
    """
    if not row["n_role"] and not row["n_positive"]:
        return None
    behind = cell.behind(row["role"])
    return behind if count_behind(row) else replace(behind, by=None)


def behind(row: Mapping[str, Any]) -> str:
    """Print what stands behind a share: "n = 12", or "n = 4 by hand" where it rests on hand labels."""
    return f"n = {count_behind(row)}" + (" by hand" if known(row.get("estimator")) in BY_HAND else "")


def share(value: object) -> str:
    """Print a share as per cent with one decimal; missing as a dash."""
    number = known(value)
    return DASH if number is None else f"{100 * float(number):.1f}"


def p_value(value: object) -> str:
    """Print a p-value with three decimals: ".012", "<.001"; missing as a dash."""
    number = known(value)
    return DASH if number is None else "<.001" if number < 0.001 else f"{number:.3f}".removeprefix("0")


def estimate(value: object, low: object, high: object, *, per_cent: bool = False) -> str:
    """Print a figure with its interval: "0.41 [0.33, 0.52]"; a missing one as a dash."""
    if known(value) is None:
        return DASH
    show = share if per_cent else _plain
    bare = show(value)
    return bare if known(low) is None or known(high) is None else f"{bare} [{show(low)}, {show(high)}]"


def _plain(value: Any) -> str:
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", MINUS)


def with_unit(value: object, low: object, high: object) -> str:
    """Print a share in per cent with its sign: "42.1 % [30.0, 55.2]"."""
    bare, _, interval = estimate(value, low, high, per_cent=True).partition(" ")
    return f"{bare} % {interval}".rstrip()
