"""How many passages to label, and which: what labels will bring, and the draw that brings it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecoder.config import Profiles
from rolecoder.errors import RolecoderError
from rolecoder.measuring.cells import grouped
from rolecoder.measuring.estimates import wilson_ends
from rolecoder.measuring.estimators import Drawn, Population, counted, design_based, units_of
from rolecoder.measuring.periods import with_periods
from rolecoder.measuring.resampling import generator, student
from rolecoder.measuring.samples import Sample, truth_of
from rolecoder.measuring.strata import IN_EACH, draw, stratify
from rolecoder.measuring.tallies import Evidence
from rolecoder.records import span_of
from rolecoder.tables import SAMPLE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEAR = 1.1  # times the least width that labels can give: beyond it, more of them are not asked for
AROUND, WINDOW = 70, 1000  # words shown before and after a passage; characters in which they are sought
DRAWN = ("said_before", "text", "said_after", "stratum", "sampling_probability", "before", "after")
LEAST_LABELLED = 30  # below which what labels will bring is taken from the model's probabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one source and period asks for."""

    where: str  # "JPN", "JPN 1990", or "all"
    passages: int
    labelled: int  # by hand so far
    width: float  # of the widest interval as things stand; of labels alone where there are none: 1
    wanted: int  # labelled passages that the width asked for takes in all, or that bring it near the least there is
    reached: float  # width to expect then
    drawn: int  # new passages in this draw


def plan_labels(
    evidence: Evidence,
    settings: Profiles,
    width: float,
    *,
    sources: Sequence[str] = (),
    drawn: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]], list[Need]]:
    """Draw the passages to label so that no role's interval is wider than ``width``.

    What each label will bring is taken from the labels there are, else from the model's probabilities as if they were
    right.  Documents, which labels cannot multiply, set a floor.  A second draw adds to the strata of the first; where
    these are not known, what is labelled stands for itself alone, and the new passages for the rest.

    Args:
        evidence: A coded run; ``sample`` holds the labels so far.
        settings: Periods, unit, level and seed.
        width: From end to end of the interval of a role's prevalence, in the study's unit, above 0.
        sources: Only of these; empty: of all.
        drawn: The table ``sample`` of the draw before, if any.

    Returns:
        The table ``sample`` of this draw; the rows to label, those labelled before first and the new ones in random
        order; and what each source and period asks for.
    """
    import pandas as pd

    passages = with_periods(evidence.passages, settings.period).sort_values("passage_id", kind="stable")
    if len(passages) and passages["period"].isna().all():
        raise RolecoderError(
            "no passage to draw from: none falls into a period",
            where="period: " + (settings.period if isinstance(settings.period, str) else "the study's own"),
            expected="dated passages",
            mend="give the documents dates, or do not divide time: `rolecoder profile RUN --period all`",
        )
    whole = [name for name in ("source", "period") if name in {*settings.by, "period"}]
    passages = passages[passages[whole].notna().all(axis=1)]
    known = sorted(passages["source"].dropna().unique())
    if sources:
        passages = passages[passages["source"].isin(list(sources))]
    if not len(passages):
        of = f" of {', '.join(sources)}" if sources else ""
        expected = f"one of {', '.join(known)}" if sources and known else "a coded run with passages of a known source"
        raise RolecoderError(f"no passage{of} to draw from", expected=expected)
    chances = evidence.probabilities.set_index("passage_id")
    old = drawn.set_index("passage_id") if drawn is not None else None
    samples, rows, needs = [], [], []
    for key, part in grouped(passages, whole):
        where = " ".join(name for name in key if name != "all") or "all"
        group = _Frame(where, part, chances, evidence, old, settings.unit)
        need, sample, own = group.plan(width, settings)
        needs.append(need)
        samples.append(sample)
        rows += own
    rng = generator(settings.seed, "order of labelling")
    order = rng.permutation(len(rows))
    rows = sorted((rows[i] for i in order), key=lambda row: row["id"] not in evidence.sample.labels)
    return SAMPLE.check(pd.concat(samples, ignore_index=True)), rows, needs


def beside(drawn: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """The table ``sample`` of a draw, and what draws before it hold of passages that could not be drawn in it."""
    import pandas as pd

    others = kept[~kept["passage_id"].isin(drawn["passage_id"])]
    return SAMPLE.check(pd.concat([drawn, others], ignore_index=True))


def of_unknown_strata(sample: Sample) -> bool:
    """Whether there are labels drawn with several probabilities, and no strata that say what each stands for."""
    chances = {round(label.sampling_probability or 0.0, 9) for label in sample.labels.values()}
    return not sample.strata and len(chances) > 1


def said_around(text: str, passage_id: str) -> dict[str, object]:
    """What stands before and after a passage in its document, whoever says it, for the eyes of a coder.

    ``before`` and ``after`` of a passage are what the same speaker said, as the model reads it; who codes by hand needs
    the question that was answered too.
    """
    start, end = span_of(passage_id)
    before, after = text[max(start - WINDOW, 0) : start].split(), text[end : end + WINDOW].split()
    return {"said_before": " ".join(before[-AROUND:]), "said_after": " ".join(after[:AROUND])}


def as_coded(
    row: dict[str, object], filed: Mapping[str, object] | None, but: Sequence[str] = DRAWN
) -> dict[str, object]:
    """A row to label with all that stands in the file that it was labelled in, but for what the new draw says."""
    if filed is None:
        return row
    told = {name: _cell(cell) for name, cell in filed.items() if name not in but}
    return row | {name: cell for name, cell in told.items() if cell is not None}


def _cell(value: object) -> object:
    return (";".join(map(str, value)) or "none") if isinstance(value, list) else value


class _Frame:
    """The passages of one source and period that can be drawn."""

    def __init__(
        self,
        where: str,
        part: pd.DataFrame,
        chances: pd.DataFrame,
        evidence: Evidence,
        old: pd.DataFrame | None,
        unit: str,
    ) -> None:
        import numpy as np

        self.where, self.part, self.labels = where, part, evidence.sample.labels
        codes = np.unique(part["document_id"].astype(str), return_inverse=True)[1]
        self.documents = codes.astype(np.intp)
        self.units = units_of(part, self.documents, unit)
        self.roles = evidence.roles
        self.ids = [str(name) for name in part["passage_id"]]
        self.chances = chances.reindex(self.ids)[[f"p_{role}" for role in evidence.roles]].to_numpy(dtype=np.float64)
        known = old is not None and old.index.isin(self.ids).any()
        self.names = [str(old["stratum"].get(name, "")) for name in self.ids] if old is not None and known else None
        self.done = np.array([name in self.labels for name in self.ids])
        self.apart = old is None and of_unknown_strata(evidence.sample)

    def plan(self, width: float, settings: Profiles) -> tuple[Need, pd.DataFrame, list[dict[str, object]]]:
        """Find how many labels it takes, and draw the new ones."""
        import numpy as np
        import pandas as pd

        labelled, total = int(self.done.sum()), len(self.ids)
        now = self._expected(settings) if labelled < LEAST_LABELLED else self._measured(settings)
        wanted = now.needed(width, total)
        wanted = max(wanted, min(settings.min_labelled, total))
        rng = generator(settings.seed, "labels", self.where, str(labelled))
        if self.apart and labelled:
            wanted = max(wanted, min(labelled + IN_EACH, total))
            strata, drawn, chance = self._beside(wanted - labelled, rng)
        else:
            strata = self._strata(wanted)
            drawn, chance = draw(strata, wanted, rng, self.done)
        names = [f"{self.where} {number + 1}" for number in strata]
        sample = pd.DataFrame({"passage_id": self.ids, "stratum": names, "sampling_probability": chance})
        in_all = max(wanted, int(drawn.sum()))  # more where more are labelled already
        need = Need(
            where=self.where,
            passages=total,
            labelled=labelled,
            width=now.width(labelled) if labelled else 1.0,
            wanted=in_all,
            reached=now.width(in_all),
            drawn=int(drawn.sum()) - labelled,
        )
        rows = [self._row(place, names[place], float(chance[place])) for place in map(int, np.flatnonzero(drawn))]
        return need, sample, rows

    def _beside(
        self, budget: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.float64]]:
        """Draw from what is not labelled; what is makes up a stratum of its own, all of it known.

        However it was chosen before, shares that add the two up are right over all draws of the rest.
        """
        import numpy as np

        rest = np.flatnonzero(~self.done)
        strata, drawn, chance = np.zeros(len(self.ids), dtype=np.intp), self.done.copy(), np.ones(len(self.ids))
        if len(rest):
            own = stratify(self.chances[rest].sum(axis=1), budget)
            drawn[rest], chance[rest] = draw(own, budget, rng, np.zeros(len(rest), dtype=bool))
            strata[rest] = own + 1
        return strata, drawn, chance

    def _strata(self, budget: int) -> NDArray[np.intp]:
        import numpy as np

        if self.names is not None:
            return np.asarray(np.unique(self.names, return_inverse=True)[1].astype(np.intp))
        return stratify(self.chances.sum(axis=1), budget)

    def _population(self) -> Population:
        return Population(documents=self.documents, units=self.units, strata=self._strata(len(self.documents)))

    def _expected(self, settings: Profiles) -> _Outlook:
        """As if the model's probabilities were right: its errors leave the mean of p (1 - p), by squared units."""
        import numpy as np

        found = counted(self._population(), self.chances)
        weights = (self.units / self.units.mean()) ** 2
        within = (weights[:, None] * self.chances * (1 - self.chances)).mean(axis=0)
        return _Outlook(np.clip(found.share, 0.0, 1.0), found.variance, within, settings.level, len(found.sizes))

    def _measured(self, settings: Profiles) -> _Outlook:
        """As the labels there are have it: the variance beyond that between documents shrinks with more of them."""
        import numpy as np

        rows = np.flatnonzero(self.done)
        truth = truth_of([self.labels[self.ids[row]] for row in rows], self.roles, lambda _: True)
        chance = np.array([self.labels[self.ids[row]].sampling_probability or 1.0 for row in rows])
        population = self._population()
        found = design_based(population, self.chances, Drawn(rows=rows, probability=chance, truth=truth))
        whole = found.variance
        between = np.minimum(counted(population, self.chances).variance, whole)
        share = np.clip(found.share, 0.5 / len(rows), 1.0)  # what was never labelled may be half a passage
        pooled = float((whole - between).sum() / max(float((share * (1 - share)).sum()), 1e-12))
        within = np.maximum(whole - between, pooled * share * (1 - share)) * len(rows)
        return _Outlook(share, between, within, settings.level, len(found.sizes))

    def _row(self, place: int, stratum: str, chance: float) -> dict[str, object]:
        """One row of the file to label."""
        passage = self.part.iloc[place]
        shown = {"doc_id": "document_id", "source": "source", "doc_type": "doc_type", "date": "date"}
        return {
            "id": self.ids[place],
            **{name: passage[column] for name, column in shown.items()},
            "said_before": None,
            "text": passage["text"],
            "said_after": None,
            **dict.fromkeys(("roles", "holder", "aspect", "undecided")),
            "stratum": stratum,
            "sampling_probability": round(chance, 10),
            "before": passage["before"],
            "after": passage["after"],
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Outlook:
    """How wide the widest interval will be with more labels."""

    share: Floats
    between: Floats  # variance of documents, which labels leave as it is
    within: Floats  # variance of one labelled passage about its prediction
    level: float
    documents: int

    def width(self, labels: int) -> float:
        """Width of the widest role's interval with so many labelled passages."""
        import numpy as np

        if labels < 1:
            return 1.0
        z = student(self.level, max(min(labels, self.documents) - 1, 1))
        simple = np.maximum(self.share * (1 - self.share), 1e-6)
        n = simple / np.maximum(self.between + self.within / labels, 1e-12)
        low, high = wilson_ends(self.share, n, z)
        return float((high - low).max())

    def needed(self, width: float, most: int) -> int:
        """The fewest labels that bring the width down to this, or near the least that all ``most`` would give."""
        width = max(width, NEAR * self.width(most))
        low, high = 1, most
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.width(middle) <= width else (middle + 1, high)
        return low
