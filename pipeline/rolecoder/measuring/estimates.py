"""Shares of the roles as estimated, with intervals that keep their level where few passages carry a role."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rolecoder.measuring.resampling import shares, student

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PULL = 10.0  # positives at which a role's own design effect weighs as much as that of all roles
SPURIOUS = 0.005  # where more draws than this part leave nothing of a role, it may be absent; so few, as roles are many
ALIKE = 1e-9  # pooled design effect no larger than which is what rounding leaves where documents are all alike
FEW = 3  # labelled positives below which the lower end is Agresti and Coull's


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimate:
    """Shares of the roles, and what each document adds to how far they may stray.

    ``strays`` sums to 0 over documents; its squares, summed, are the sampling variance.
    """

    name: str  # of the estimator
    share: Floats  # of all units, shape (n_roles,); may be below 0 or above 1 before it is reported
    strays: Floats  # shape (n_documents, n_roles)
    sizes: Floats  # each document's part of all units; shape (n_documents,)
    base: float  # passages that the variance is compared with: labelled ones, or all
    positives: Floats  # passages by which the role is known: labelled with it, or coded; shape (n_roles,)
    freedom: int  # documents behind it, less one
    heard: NDArray[np.bool_]  # documents with a passage by which a role is known; shape (n_documents,)
    pull: float = math.inf  # positives at which a role's own design effect weighs as much as that of all roles
    drawn: Floats | None = None  # shares under each draw of the error rates; shape (draws, n_roles)
    drawn_if: Callable[[Floats], Floats] | None = None  # the same if the true shares were these, (n_roles,)
    spread: Floats | None = None  # the same with the count drawn too: its quantiles are the interval of the share
    plain: Estimate | None = None  # the count,
    held: NDArray[np.bool_] | None = None  # and the roles whose interval holds that of the count; shape (n_roles,)
    remarks: Mapping[int, str] = field(default_factory=dict)  # what speaks against the share of a role, by its place

    @property
    def speaking(self) -> int:
        """Documents with a passage by which a role is known."""
        return int(self.heard.sum())

    @property
    def made_up(self) -> Floats:
        """Shares that sum to 1 over roles: what the role talk is made of; NaN where there is none."""
        return shares(self.share)

    @property
    def by_document(self) -> Floats:
        """Parts that sum to the share: shape (n_documents, n_roles)."""
        return self.sizes[:, None] * self.share + self.strays

    @property
    def variance(self) -> Floats:
        """Sampling variance of each share, clustered by document; shape (n_roles,)."""
        return self._variance(self.strays)

    def figures(self, level: float) -> dict[str, Floats]:
        """Shares of the role talk and of all units with their intervals, by the names of the tables' columns."""
        import numpy as np

        low, high = self.interval(level)
        share_low, share_high = self.interval_made_up(level)
        return {
            "share": self.made_up,
            "share_low": share_low,
            "share_high": share_high,
            "prevalence": np.clip(self.share, 0.0, 1.0),
            "prevalence_low": low,
            "prevalence_high": high,
        }

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Interval of the share of units that carry each role; see ``wilson_ends``."""
        if self.spread is not None and self.freedom >= 1:
            found = spread_ends(self.share, (self.spread, self.spread), level, self.freedom)
        else:
            found = self._ends(self.share, self.strays, self.drawn, self.base, self.freedom, level)
        return self._let_out(found, lambda count: count.interval(level))

    def interval_made_up(self, level: float) -> tuple[Floats, Floats]:
        """Interval of each role's share of the role talk: by linearisation of the ratio, or quantiles of draws."""
        made_up, freedom = self.made_up, self.speaking - 1
        talk = self.drawn_talk(level)
        if talk is not None and freedom >= 1 and made_up.sum() > 0:
            found = spread_ends(made_up, talk, level, freedom)
        else:
            strays, drawn = self._made_up_strays()
            found = self._ends(made_up, strays, drawn, self.positives.sum(), freedom, level)
        return self._let_out(found, lambda count: count.interval_made_up(level))

    def drawn_talk(self, level: float) -> tuple[Floats, Floats] | None:
        """Each role's share of the role talk where rates and count are drawn: the least and the most it may be.

        A share is never below 0, so that roles which are not there at all, and are many, add to the whole by chance and
        take away from the others.  So the most is of a whole without the roles that may be absent: those never coded,
        and those whose prevalence may be 0 by its interval.

        Returns:
            Shape (draws, n_roles) each, the first never above the second; None where there are no such draws.
        """
        import numpy as np

        if self.spread is None:
            return None
        least = shares(self.spread)
        sure = (self.positives > 0) & (np.quantile(self.spread, (1 - level) / 2, axis=0) > 0)
        whole = (self.spread * sure).sum(axis=1, keepdims=True) + np.where(sure, 0.0, self.spread)
        most = np.divide(self.spread, whole, out=np.ones_like(self.spread), where=whole > 0)
        return np.where(np.isnan(least), 0.0, least), most

    def _let_out(
        self, found: tuple[Floats, Floats], interval: Callable[[Estimate], tuple[Floats, Floats]]
    ) -> tuple[Floats, Floats]:
        """The interval, let out to hold that of the count where the role's is to."""
        import numpy as np

        if self.plain is None or self.held is None or not self.held.any():
            return found
        low, high = (np.where(self.held, other, own) for own, other in zip(found, interval(self.plain), strict=True))
        return np.fmin(found[0], low), np.fmax(found[1], high)

    @property
    def seen(self) -> Floats:
        """1 where a passage is known to carry the role, by label or by the coder; shape (n_roles,).

        Of the coder, where its codings may not all be false alarms: in 199 of 200 draws something is left of them.
        """
        import numpy as np

        left = True if self.spread is None else np.quantile(self.spread, SPURIOUS, axis=0) > 0
        return np.asarray(np.where((self.positives > 0) & left, 1.0, 0.0))

    @property
    def talk(self) -> float:
        """Passages by which roles are known, over the smallest design effect of the shares made up of them."""
        strays, drawn = self._made_up_strays()
        if len(strays) < 2 or not self.positives.sum():
            return float(self.positives.sum())
        effect = self._effect(self.made_up, strays, drawn, self.positives.sum(), self.speaking)
        return float(self.positives.sum() / effect.min())

    @property
    def drawn_made_up(self) -> Floats | None:
        """Shares that sum to 1 over roles, under each draw of the error rates; its own where a draw leaves nothing."""
        import numpy as np

        if self.drawn is None:
            return None
        found = shares(self.drawn)
        return np.asarray(np.where(np.isnan(found), self.made_up, found))

    @property
    def emptied(self) -> float:
        """Part of the draws of the error rates that leave nothing of the count, from 0 to 1."""
        return 0.0 if self.drawn is None else float((self.drawn.max(axis=1) <= 0).mean())

    def _made_up_strays(self) -> tuple[Floats, Floats | None]:
        there = self.share > 0  # of the others, which count as 0, the whole has no part
        whole = max(float(self.share[there].sum()), 1e-12)
        strays = (self.strays - self.strays[:, there].sum(axis=1, keepdims=True) * self.made_up) / whole
        return strays, self.drawn_made_up

    @staticmethod
    def _variance(strays: Floats) -> Floats:
        n = len(strays)
        variance: Floats = n / max(n - 1, 1) * (strays**2).sum(axis=0)
        return variance

    def _effect(self, share: Floats, strays: Floats, drawn: Floats | None, base: float, documents: int) -> Floats:
        variance = self._variance(strays)
        if drawn is not None:
            variance = variance + drawn.var(axis=0)
        return design_effect(share, variance, base, documents, self.positives, self.pull)

    def _ends(
        self, share: Floats, strays: Floats, drawn: Floats | None, base: float, freedom: int, level: float
    ) -> tuple[Floats, Floats]:
        import numpy as np

        if freedom < 1 or base <= 0:
            return np.full_like(share, np.nan), np.full_like(share, np.nan)
        p = np.clip(share, 0.0, 1.0)
        effect = self._effect(p, strays, drawn, base, freedom + 1)
        few = self.positives < FEW if math.isfinite(self.pull) else np.zeros(len(p), dtype=bool)
        low, high = wilson_ends(p, base / effect, student(level, freedom), few)
        if drawn is None:
            return low, high
        least, most = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)  # rates may stray to one side
        return np.minimum(low, np.clip(least, 0.0, p)), np.maximum(high, np.clip(most, p, 1.0))


def effective_size(found: Estimate) -> Floats:
    """Independent passages that tell as much as those counted do, shape (n_roles,)."""
    effect = design_effect(found.share, found.variance, found.base, found.freedom + 1, found.positives, math.inf)
    size: Floats = found.base / effect
    return size


def spread_ends(share: Floats, spread: tuple[Floats, Floats], level: float, freedom: int) -> tuple[Floats, Floats]:
    """Quantiles of the least and the most in each draw, farther from the share by Student's t where documents are few.

    Args:
        share: Shape (n_roles,).
        spread: The least and the most; shape (draws, n_roles) each.
        level: Of the interval.
        freedom: Documents, less one.

    Returns:
        Shape (n_roles,) each.
    """
    import numpy as np

    ends = (1 - level) / 2, (1 + level) / 2
    low, high = (np.quantile(drawn, end, axis=0) for drawn, end in zip(spread, ends, strict=True))
    p = np.clip(share, 0.0, 1.0)
    stretch = student(level, freedom) / student(level, 10**6)
    return np.clip(p - stretch * (p - low), 0.0, p), np.clip(p + stretch * (high - p), p, 1.0)


def design_effect(
    share: Floats, variance: Floats, base: float, documents: int, positives: Floats, pull: float
) -> Floats:
    """The variance of each share over that of as many independent labelled passages.

    A role's own value is too noisy to stand alone where few passages carry it, so it is never taken below a
    mean of itself and the value pooled over roles (Rao & Scott 1981), in which its own weighs as its
    positives and the pooled as ``pull``; with an infinite pull, never below the pooled value and 1.  A share nearer
    to 0 or 1 than one passage of ``base`` is compared with that of one: what refuted predictions leave of a role
    varies, however near to 0 it lies, and would else count as no sample at all.  Where nothing varies, the documents
    themselves count as the sample.

    Returns:
        Above 0; shape (n_roles,).
    """
    import numpy as np

    simple = np.maximum(share * (1 - share), 0.0) / base
    pooled = float(variance.sum() / simple.sum()) if simple.sum() else 0.0
    if pooled <= ALIKE:
        return np.full_like(share, max(base / documents, 1.0))
    one = min(1 / base, 0.5)
    own = variance / np.maximum(simple, one * (1 - one) / base)
    if math.isinf(pull):
        return np.asarray(np.maximum(np.maximum(own, pooled), 1.0))
    return np.asarray(np.maximum(own, (positives * own + pull * pooled) / (positives + pull)))


def wilson_ends(p: Floats, n: Floats, z: float, few: NDArray[np.bool_] | bool = False) -> tuple[Floats, Floats]:
    """Wilson's interval at the effective sample size; where positives are ``few``, Agresti and Coull's lower end.

    With p the share, n the effective sample size and z the quantile:
    (p + z^2/2n -+ z sqrt(p (1-p) / n + z^2/4n^2)) / (1 + z^2/n).

    References:
        Wilson (1927), Journal of the American Statistical Association 22(158); Agresti & Coull (1998), The
        American Statistician 52(2); under clustering Dean & Pagano (2015), Journal of Survey Statistics and
        Methodology 3(4).
    """
    import numpy as np

    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    wide = z * np.sqrt(middle * (1 - middle) / (n + z**2))
    low = np.where(few, middle - wide, middle - half)
    return np.where(p <= 0, 0.0, np.clip(low, 0.0, p)), np.where(p >= 1, 1.0, np.clip(middle + half, p, 1.0))
