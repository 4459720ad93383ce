"""Passages, codings and hand labels -> one estimate for each cell of source, holder, aspect and period.

What `profiles` reports as shares and `gaps` compares is made here, once, so that both rest on the
same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rolecoder.annotations import Label
from rolecoder.config import DIMENSIONS, Profiles
from rolecoder.errors import RolecoderError, closest_said, numbered
from rolecoder.measuring.assumed import adjusted, expected_prior
from rolecoder.measuring.cells import Key, cells_of, grouped, inner_names
from rolecoder.measuring.estimates import Estimate
from rolecoder.measuring.estimators import Drawn, ErrorRates, Population, counted, design_based, units_of
from rolecoder.measuring.periods import with_periods
from rolecoder.measuring.rates import error_rates, hardly_found, strayed_offsets
from rolecoder.measuring.resampling import generator
from rolecoder.measuring.samples import Sample, truth_of
from rolecoder.tables import CODINGS, PASSAGES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

BY_HAND = ("design-based", "labels only")  # estimators that rest on hand labels
ASSUMED = ("adjusted count", "EMQ")  # those that rest on what the model's own labels say of it
EMPTIED = 0.2  # part of the draws of error rates that may leave nothing of a cell
NOT_DRAWN = "were not drawn from, so that labels do not speak of them"
PARTLY = "labels drawn from a part of the passages"
BARE = 3  # hand-labelled passages of a cell below which its talk is not divided among roles
_SHARED = ("document_id", "source", "date")  # columns that a coding takes from its passage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What shares are worked out from."""

    passages: pd.DataFrame  # the table ``passages``
    codings: pd.DataFrame  # the table ``codings``
    probabilities: pd.DataFrame  # the table of probabilities: a row per passage
    sample: Sample
    card: Mapping[str, Any]  # bundle.json of the model, for its error rates
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """One cell: what stands behind it, and its estimate."""

    key: Mapping[str, str]
    documents: tuple[str, ...]  # all of the source and period, in the order of the estimate's rows
    coded_documents: int  # with a passage of the cell given any role: by the model and denied by no label that corrects
    # shares, or by such a label
    words: int  # of the source and period
    passages: int
    coded: int  # passages of the cell that the model gave any role
    behind: int  # passages of those documents given any role; by labels only: by hand alone
    behind_documents: int  # of these
    labelled: int  # passages of the source and period labelled by hand
    positives: NDArray[np.int64]  # of them, with each role and in this cell; shape (n_roles,)
    counts: NDArray[np.int64]  # passages coded with each role in this cell
    plain: Estimate
    best: Estimate | None  # None where too little stands behind the cell
    note: str | None  # why there is none
    aside: str | None  # why labels that are enough correct nothing here


def weak_roles(card: Mapping[str, Any], names: Mapping[str, str], estimators: Iterable[str]) -> str:
    """Name the roles that the model may hardly find, where shares rest on what it coded; empty where none does.

    Args:
        card: ``bundle.json`` of the model.
        names: Of the roles, by their codes.
        estimators: By which profiles were measured.
    """
    return hardly_found(card, names) if set(estimators) - set(BY_HAND) else ""


def make_tallies(
    evidence: Evidence, settings: Profiles, names: Sequence[str], cells: Mapping[Key, set[Key]] | None = None
) -> list[Tally]:
    """Form the cells and estimate each.

    Args:
        evidence: Inputs; the order of their rows does not matter.
        settings: Unit, estimator, floors and periods.
        names: What cells are formed by, of source, holder, aspect and period.
        cells: Those of each source, as ``cells_of`` gives them; by default of this evidence.

    Returns:
        Sorted by key: every cell that occurs among the codings or the hand labels, and, in each period in which its
        source speaks, each that has passages enough for the study over all periods.

    Raises:
        RolecoderError: A coding is of no passage or role, or the counts cannot be corrected.
    """
    passages, codings = PASSAGES.check(evidence.passages), CODINGS.check(evidence.codings)
    check_codings(passages, codings, evidence.roles)
    whole = [name for name in ("source", "period") if name in names]
    spoken = with_periods(passages, settings.period).sort_values("passage_id", kind="stable")
    spoken = spoken[spoken[whole].notna().all(axis=1)] if whole else spoken
    coded = with_periods(codings, settings.period)
    coded = coded[coded[whole].notna().all(axis=1)]
    chances = evidence.probabilities.set_index("passage_id")
    by_whole = dict(grouped(coded, whole))
    rates = cache(lambda genre: error_rates(evidence.card, evidence.roles, genre, settings.seed))
    if cells is None:
        cells = cells_of(passages, codings, evidence.sample.labels, settings, names)
    found = []
    for key, part in grouped(spoken, whole):
        group = _Group(part, by_whole.get(key, coded.iloc[:0]), chances, evidence, settings, tuple(names), rates)
        own = dict(zip(whole, key, strict=True))
        source = tuple(value for name, value in own.items() if name == "source")
        found += group.tallies(own, cells.get(source, set()))
    return sorted(found, key=lambda tally: tuple(tally.key.values()))


def check_codings(passages: pd.DataFrame, codings: pd.DataFrame, roles: Sequence[str]) -> None:
    """Refuse codings that are not of these passages or of this codebook."""
    strange = sorted(set(codings["role"]) - set(roles))
    if strange:
        raise RolecoderError(
            f"role {strange[0]!r} is not in the codebook" + closest_said(strange[0], roles),
            where="table codings",
            mend="profile with the codebook that the passages were coded with",
        )
    own = codings.merge(passages[["passage_id", *_SHARED]], on="passage_id", how="left", suffixes=("", "_passage"))
    differs = [(own[name].fillna("") != own[f"{name}_passage"].fillna("")) for name in _SHARED]
    wrong = own[differs[0] | differs[1] | differs[2]]
    if len(wrong):
        raise RolecoderError(
            f"the coding of {wrong['passage_id'].iloc[0]!r} has no passage of its document, source and date",
            where="table codings",
            mend="code the passages again, so that both tables are of one run",
        )


def _not_enough(found: Estimate | None, by_hand: int, *, given: bool) -> str | None:
    """Why a share cannot be divided among roles although passages enough stand behind it."""
    if found is None:
        return None
    if found.name in BY_HAND and by_hand < BARE:
        return f"{numbered(by_hand, 'passage')} labelled with a role by hand; {BARE} are needed to divide them"
    if found.name not in BY_HAND and not given:
        return "the model gave no passage of it a role, and the labels are too few to correct that"
    if not (found.share > 0).any():
        return "nothing is left of the count once the model's false alarms are taken off"
    if found.emptied > EMPTIED:
        return f"nothing is left of the count in {found.emptied:.0%} of the draws of the model's false alarms"
    return None


class _Group:
    """The passages of one source and period, and the cells among them."""

    def __init__(
        self,
        spoken: pd.DataFrame,
        coded: pd.DataFrame,
        chances: pd.DataFrame,
        evidence: Evidence,
        settings: Profiles,
        names: tuple[str, ...],
        rates: Callable[[str], ErrorRates],
    ) -> None:
        import numpy as np

        self.evidence, self.settings, self.rates = evidence, settings, rates
        self.inner = inner_names(names)
        roles = evidence.roles
        self.ids = [str(value) for value in spoken["passage_id"]]
        place = {name: row for row, name in enumerate(self.ids)}
        self.documents, codes = np.unique(spoken["document_id"].astype(str), return_inverse=True)
        self.words = int(spoken["words"].sum())
        self.genres = [str(value) for value in spoken["doc_type"]]
        self.population = Population(
            documents=codes.astype(np.intp), units=units_of(spoken, codes, settings.unit), strata=self._strata()
        )
        self.chances = chances.reindex(self.ids)[[f"p_{role}" for role in roles]].to_numpy(dtype=np.float64)
        columns = {role: column for column, role in enumerate(roles)}
        every = [columns[value] for value in coded["role"]]  # also of codings that are in no cell
        said = self.population.units[[place[value] for value in coded["passage_id"]]]
        self.all_codes = np.bincount(every, minlength=len(roles)).astype(np.float64)
        self.all_units = np.bincount(every, said, minlength=len(roles))
        coded = coded[coded[self.inner].notna().all(axis=1)]
        self.rows = np.array([place[value] for value in coded["passage_id"]], dtype=np.intp)
        self.columns = np.array([columns[value] for value in coded["role"]], dtype=np.intp)
        keys = zip(*(coded[name].astype(str) for name in self.inner), strict=True)
        self.cells = list(keys) if self.inner else [()] * len(coded)
        self.labelled = [row for row, name in enumerate(self.ids) if name in evidence.sample.labels]
        strata = evidence.sample.strata
        self.beyond = sum(name not in strata for name in self.ids) if strata else 0  # the labels do not speak of them

    def _strata(self) -> Indices:
        import numpy as np

        strata = self.evidence.sample.strata
        found: Indices = np.unique([strata.get(name, "") for name in self.ids], return_inverse=True)[1].astype(np.intp)
        return found

    def tallies(self, whole: Mapping[str, str], cells: set[Key]) -> list[Tally]:
        """One tally for each of these cells, and for each that occurs among codings or labels."""
        labels = [self.evidence.sample.labels[self.ids[row]] for row in self.labelled]
        known = {tuple(getattr(label, name) for name in self.inner) for label in labels if label.roles}
        own = {*self.cells, *(cell for cell in known if None not in cell)}
        return [self._tally(whole, cell) for cell in sorted(own | cells)]

    @property
    def _aside(self) -> str | None:
        """Why labels that are enough do not correct shares: they were drawn from a part of the passages."""
        if not (self.beyond and self.labelled and self.settings.by_hand(len(self.labelled), len(self.ids))):
            return None
        whose = f"{numbered(len(self.labelled), 'label')} left aside"
        return f"{whose}: {self.beyond:,} of {numbered(len(self.ids), 'passage')} {NOT_DRAWN}"

    def _tally(self, whole: Mapping[str, str], cell: tuple[str, ...]) -> Tally:
        import numpy as np

        inside = np.array([own == cell for own in self.cells], dtype=bool)
        coded = np.zeros_like(self.chances)
        coded[self.rows[inside], self.columns[inside]] = 1.0
        truth = self._truth(cell)
        given = coded.any(axis=1)
        positives = np.nansum(truth, axis=0).astype(np.int64)
        labelled = np.array(self.labelled, dtype=np.intp)
        by_hand = labelled[(truth == 1).any(axis=1)]
        behind = np.flatnonzero(given)
        if self._by_hand:  # a label decides of what the model coded, unless it leaves that open
            left_open = (np.isnan(truth) & (coded[labelled] > 0)).any(axis=1)
            behind = np.union1d(np.setdiff1d(behind, labelled[~left_open]), by_hand)
        documents = self._documents(behind)
        aside = "" if self._by_hand else self._not_counted(len(by_hand))
        note = self.settings.shortfall(len(behind), documents, self.words, aside) or self._lacking(truth)
        plain = counted(self.population, coded)
        best = None if note else self._best(plain, coded, inside, truth)
        note = note or _not_enough(best, len(by_hand), given=bool(given.any()))
        rests = by_hand if best is not None and best.name == "labels only" else behind
        note = note or self.settings.too_alike(self._documents(rests))
        best, rests = (None, behind) if note else (best, rests)
        key = {**whole, **dict(zip(self.inner, cell, strict=True))}
        return Tally(
            key={name: key[name] for name in DIMENSIONS if name in key},
            documents=tuple(map(str, self.documents)),
            coded_documents=documents,
            words=self.words,
            passages=len(self.ids),
            coded=int(given.sum()),
            behind=len(rests),
            behind_documents=self._documents(rests),
            labelled=len(self.labelled),
            positives=positives,
            counts=coded.sum(axis=0).astype(np.int64),
            plain=plain,
            best=best,
            note=note,
            aside=self._aside,
        )

    def _not_counted(self, labels: int) -> str:
        """Say why labels of a cell count as nothing; empty where there are none."""
        auto = self.settings.estimator == "auto"
        why = "too few labels to count" if auto else f"left aside by {self.settings.estimator}"
        one = "is" if labels == 1 else "are"
        return f"{labels:,} {one} labelled with one, {PARTLY if self._aside else why}" if labels else ""

    def _documents(self, rows: Indices) -> int:
        """How many documents these passages are of."""
        import numpy as np

        return len(np.unique(self.population.documents[rows]))

    def _truth(self, cell: tuple[str, ...]) -> Floats:
        labels = [self.evidence.sample.labels[self.ids[row]] for row in self.labelled]

        def place(label: Label) -> tuple[str | None, ...]:
            return tuple(getattr(label, name) for name in self.inner)

        def may_be(label: Label) -> bool:
            return all(said in (None, own) for said, own in zip(place(label), cell, strict=True))

        return truth_of(labels, self.evidence.roles, lambda label: place(label) == cell, may_be)

    @property
    def _by_hand(self) -> bool:
        enough = self.settings.by_hand(len(self.labelled), len(self.ids))
        return enough and (not self.beyond or self.settings.estimator == "design_based")

    def _lacking(self, truth: Floats) -> str | None:
        """What hand labels that are to correct the shares lack."""
        import numpy as np

        if not self._by_hand:
            return None
        if len(self.labelled) < 2:
            return f"{numbered(len(self.labelled), 'passage')} labelled by hand; the estimator design_based needs 2"
        if self.beyond:
            return self._aside
        undecided = [self.evidence.roles[place] for place in np.flatnonzero(np.isnan(truth).all(axis=0))]
        return f"every label leaves {', '.join(undecided)} undecided" if undecided else None

    def _best(self, plain: Estimate, coded: Floats, inside: NDArray[np.bool_], truth: Floats) -> Estimate:
        """The estimate that the study asks for, or that fits what there is."""
        import numpy as np

        asked = self.settings.estimator
        portion = self.population.units @ coded / np.where(self.all_units > 0, self.all_units, 1.0)
        if self._by_hand:
            return self._by_design(coded, portion, truth)
        if asked == "count":
            return plain
        if asked == "emq":
            trained = self.evidence.card["labels"]["roles"]
            total = float(self.evidence.card["labels"]["passages"])
            prior = np.array([trained[role]["passages"] / total for role in self.evidence.roles])
            strayed = strayed_offsets(self.evidence.card, self.evidence.roles, self.settings.seed)
            rng = generator(self.settings.seed, "portion", *map(str, coded.sum(axis=0)), str(len(coded)))
            return expected_prior(self.population, self.chances, coded, portion, self.all_codes, prior, strayed, rng)
        genres = sorted(set(self.genres))
        which = np.array([genres.index(genre) for genre in self.genres], dtype=np.intp)
        rng = generator(self.settings.seed, "count", *map(str, coded.sum(axis=0)), str(len(coded)))
        return adjusted(self.population, coded, portion, [self.rates(genre) for genre in genres], which, rng)

    def _by_design(self, coded: Floats, portion: Floats, truth: Floats) -> Estimate:
        """Predict each passage by its probability, for this cell as far as its codings say whose role it is."""
        import numpy as np

        predicted = self.chances * portion
        predicted[self.rows, self.columns] = 0.0  # the codings say in which cell a passage is
        predicted = np.where(coded > 0, self.chances, predicted)
        labels = self.evidence.sample.labels
        chance = [labels[self.ids[row]].sampling_probability or 1.0 for row in self.labelled]
        drawn = Drawn(rows=np.array(self.labelled, dtype=np.intp), probability=np.array(chance), truth=truth)
        return design_based(self.population, predicted, drawn)
