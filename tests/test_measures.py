"""Distances of two profiles with their intervals: what must hold between them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from rolecoder.measuring.measures import differences, measure, statistics_of
from rolecoder.measuring.resampling import aligned, resampled, shares

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
    data = pair(left, right)
    found = measure(data, RANKS, 0.95, resampled(data, 100, rng))
    moved, shift = found["earth_mover"], found["activity_shift"]
    assert moved.low <= moved.value <= moved.high and moved.high >= max(abs(shift.low), abs(shift.high))
    if shift.low > 0 or shift.high < 0:
        assert moved.value >= abs(shift.value) and moved.low >= min(abs(shift.low), abs(shift.high))


def test_intervals_of_differences_hold_the_truth_role_by_role_also_where_a_side_is_silent():
    rng, held = np.random.default_rng(0), []
    left, right = np.array([0.5, 0.3, 0.15, 0.04, 0.01]), np.array([0.1, 0.3, 0.2, 0.1, 0.3])
    for _ in range(300):
        own = (rng.dirichlet(20 * side, 20) for side in (left, right))
        data = pair(*(np.array([rng.multinomial(5, document) for document in side]) for side in own))
        low, high = differences(data, 0.95, resampled(data, 200, rng))
        found = shares(data.left.sum(axis=0)) - shares(data.right.sum(axis=0))
        assert (low <= found).all() and (found <= high).all() and low.min() >= -1 and high.max() <= 1
        held.append((low <= left - right) & (left - right <= high))
    assert (np.mean(held, axis=0) > 0.9).all() and 0.93 < np.mean(held) < 0.98


def test_differences_have_no_interval_without_resamples_or_from_one_document_and_are_wider_where_a_side_is_silent():
    left, right = np.array([[3, 1, 0, 0, 0]] * 6), np.array([[2, 1, 1, 0, 0]] * 6)
    data, rng = pair(left, right), np.random.default_rng(0)
    for bare, count in ((data, 0), (pair(left[:1], right), 100)):
        assert all(np.isnan(end).all() for end in differences(bare, 0.95, resampled(bare, count, rng)))
    low, high = differences(data, 0.95, resampled(data, 100, rng))
    assert high[0] - low[0] < 1e-9  # documents that all say the same
    assert low[2] == pytest.approx(-0.25) and 0 < high[2] + 0.25 < 0.5  # the left may still speak of it
    assert low[3] < 0 < high[3]
    ends = np.array([0.4, 0.1, 0, 0, 0]), np.array([0.9, 0.6, 0.3, 0.2, 0.2])  # of the intervals of both sides' shares
    low, high = differences(replace(data, ends=(ends, ends)), 0.95, resampled(data, 100, rng))
    assert low[0] == pytest.approx(0.25 - np.hypot(0.75 - 0.4, 0.9 - 0.5))
    assert high[0] == pytest.approx(0.25 + np.hypot(0.9 - 0.75, 0.5 - 0.4))


@pytest.mark.parametrize("seed", range(30))
def test_a_correction_never_takes_a_distance_above_what_was_found(seed):
    rng = np.random.default_rng(seed)
    left, right = (rng.multinomial(3, rng.dirichlet([0.4] * 5), 6) for _ in range(2))
    data = pair(left * rng.choice([1.0, -0.3], left.shape, p=[0.8, 0.2]), right)  # corrected shares may be below 0
    plain = {name: of(*(shares(side.sum(axis=0)) for side in (data.left, data.right))) for name, of in OF.items()}
    found = measure(data, RANKS, 0.95, resampled(data, 100, rng))
    assert found["total_variation"].value <= plain["total_variation"] + 1e-9
    moved = found["earth_mover"].value  # held to the shift, which is as it was found
    assert moved <= max(plain["earth_mover"], abs(found["activity_shift"].value)) + 1e-9


def test_where_both_sides_rest_on_error_rates_each_sides_least_stands_against_the_others_most():
    left, right = np.array([[3, 1, 0, 0, 0]] * 6), np.array([[2, 1, 1, 0, 0]] * 6)
    talk = [np.tile(shares(side.sum(axis=0).astype(float)), (9, 1)) for side in (left, right)]
    data = replace(pair(left, right), talk_drawn=((talk[0] - 0.1, talk[0]), (talk[1], talk[1] + 0.2)))
    drawn, wider = resampled(data, 100, np.random.default_rng(0)), stats.t.ppf(0.975, 5) / stats.norm.ppf(0.975)
    low, high = differences(data, 0.95, drawn)
    found = talk[0][0] - talk[1][0]
    assert np.allclose(low, found - 0.3 * wider) and np.allclose(high, found)
