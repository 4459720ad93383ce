"""From scores of held-out passages to calibrated probabilities and thresholds.

Rare roles are pulled toward what all roles have in common: with a handful of passages, a slope
or a threshold of one's own is mostly noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PULL = 5.0  # penalty on the squared distance of a role's slopes from the common ones
SHRINK = 20.0  # positives at which a role's own threshold and the common one count alike
RAISED = 1.2  # times the threshold best for F1, where passages were sought: those are harder than what is to be coded
HIGHEST = 0.99  # threshold
GRID = 141  # thresholds tried, evenly spaced on log-odds from -4 to 3


def weigh_blocks(scores: Floats, truth: NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Find slopes and offsets that turn held-out scores into log-odds, for each role.

    Platt's logistic calibration (1999, Advances in Large Margin Classifiers) with a slope for each
    block, so that the blocks are weighed against each other too.  No role is taken to be separable.

    Args:
        scores: Of passages that the scorer was not trained on; shape (n, n_roles, n_blocks).
        truth: 1 where a passage carries a role; shape (n, n_roles).

    Returns:
        Slopes, shape (n_roles, n_blocks), and offsets, shape (n_roles,).
    """
    import numpy as np

    n_blocks = scores.shape[2]
    scores = np.ascontiguousarray(scores, dtype=np.float64)
    flat, targets = scores.reshape(-1, n_blocks), _targets(truth)
    even = np.append(np.full(n_blocks, 1 / n_blocks), 0.0)
    common = _fit(flat, _targets(truth.reshape(-1)), np.zeros(n_blocks), even, 1e-3)
    fitted = np.array(
        [_fit(scores[:, role], targets[:, role], common[:-1], common, PULL) for role in range(truth.shape[1])]
    )
    return fitted[:, :-1], fitted[:, -1]


def _targets(truth: NDArray[np.int8]) -> Floats:
    """Platt's targets, a little inside 0 and 1: (n + 1) / (n + 2) and 1 / (m + 2) for n positives and m others."""
    import numpy as np

    positive = truth.sum(axis=0)
    targets: Floats = np.where(truth == 1, (positive + 1) / (positive + 2), 1 / (len(truth) - positive + 2))
    return targets


def _fit(x: Floats, y: Floats, centre: Floats, start: Floats, pull: float) -> Floats:
    """Logistic regression whose slopes are pulled toward ``centre``; the offset is free but for a hair."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w[:-1] + w[-1]
        wrong = expit(z) - y
        value = np.logaddexp(0, z).sum() - y @ z + pull * ((w[:-1] - centre) ** 2).sum() + 1e-3 * w[-1] ** 2
        slope = np.append(x.T @ wrong + 2 * pull * (w[:-1] - centre), wrong.sum() + 2e-3 * w[-1])
        return float(value), slope

    fitted: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return fitted


def choose_thresholds(probabilities: Floats, truth: NDArray[np.int8], times: float = 1.0) -> Floats:
    """Find for each role the probability from which on giving it brings the best F1.

    The curve of F1 over log-odds is smoothed before its top is taken, and the role's own threshold
    is averaged with the one best for the macro-F1 of all roles: it weighs n / (n + SHRINK).

    Args:
        probabilities: Of passages that the model was not trained on; shape (n, n_roles).
        truth: 1 where a passage carries a role; same shape.
        times: By how much they are raised. The threshold best for F1 is half of the F1 that it brings, so that one
            chosen on passages that are hard to code is too low for others.

    Returns:
        Thresholds as probabilities, shape (n_roles,).

    References:
        Lipton, Elkan & Naryanaswamy (2014), ECML PKDD, for the half.
    """
    import numpy as np
    from scipy.special import expit, logit

    grid = np.linspace(-4, 3, GRID)
    odds = logit(np.clip(probabilities, 1e-9, 1 - 1e-9))
    n = truth.sum(axis=0)
    curves = np.empty((GRID, truth.shape[1]))
    for role in range(truth.shape[1]):
        positive = np.sort(odds[truth[:, role] == 1, role])
        hits = len(positive) - np.searchsorted(positive, grid)
        given = len(odds) - np.searchsorted(np.sort(odds[:, role]), grid)
        curves[:, role] = 2 * hits / np.maximum(n[role] + given, 1)
    common = _top(grid, curves.mean(axis=1))
    own = np.array([_top(grid, curves[:, role]) for role in range(truth.shape[1])])
    share = n / (n + SHRINK)
    thresholds: Floats = np.minimum(times * expit(share * own + (1 - share) * common), HIGHEST)
    return thresholds


def _top(grid: Floats, curve: Floats, width: int = 13) -> float:
    """Where the smoothed curve is highest; the middle of the plateau where it is so over a stretch."""
    import numpy as np

    padded = np.pad(curve, width // 2, mode="edge")
    smooth = np.convolve(padded, np.full(width, 1 / width), mode="valid")
    return float(grid[smooth >= smooth.max() - 1e-9].mean())
