"""Distances of two profiles with their intervals: what must hold between them."""

import numpy as np
import pytest

from rolecoder.config import Profiles
from rolecoder.measuring.measures import measure, statistics_of
from rolecoder.measuring.resampling import aligned, shares

RANKS = np.arange(1.0, 6.0)
OF = statistics_of(RANKS)


def pair(left, right):
    sides = [([f"{name}{n}" for n in range(len(c))], c.astype(float)) for name, c in (("l", left), ("r", right))]
    return aligned(*sides, (len(left), len(right)), (float(left.sum()), float(right.sum())))


@pytest.mark.parametrize("seed", range(12))
def test_talk_moves_at_least_as_far_as_the_shift_where_the_shift_is_not_chance(seed):
    rng = np.random.default_rng(seed)
    shares = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
    left, right = rng.multinomial(5, shares, 20), rng.multinomial(5, shares[::-1] if seed % 2 else shares, 20)
    found = measure(pair(left, right), RANKS, Profiles(resamples=100), rng)
    moved, shift = found["earth_mover"], found["activity_shift"]
    assert moved.low <= moved.value <= moved.high and moved.high >= max(abs(shift.low), abs(shift.high))
    if shift.low > 0 or shift.high < 0:
        assert moved.value >= abs(shift.value) and moved.low >= min(abs(shift.low), abs(shift.high))


@pytest.mark.parametrize("seed", range(30))
def test_a_correction_never_takes_a_distance_above_what_was_found(seed):
    rng = np.random.default_rng(seed)
    left, right = (rng.multinomial(3, rng.dirichlet([0.4] * 5), 6) for _ in range(2))
    data = pair(left * rng.choice([1.0, -0.3], left.shape, p=[0.8, 0.2]), right)  # corrected shares may be below 0
    plain = {name: of(*(shares(side.sum(axis=0)) for side in (data.left, data.right))) for name, of in OF.items()}
    found = measure(data, RANKS, Profiles(resamples=100), rng)
    assert found["total_variation"].value <= plain["total_variation"] + 1e-9
    moved = found["earth_mover"].value  # held to the shift, which is as it was found
    assert moved <= max(plain["earth_mover"], abs(found["activity_shift"].value)) + 1e-9
