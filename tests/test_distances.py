"""Distances against hand-computed and published values, and what must hold for any profiles."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rolecoder.errors import RolecoderError
from rolecoder.measuring import distances

RANKS = np.arange(1.0, 6.0)
positive = arrays(np.float64, 5, elements=st.floats(0, 1).map(lambda x: round(x, 6)))
profiles = positive.filter(lambda v: v.sum() > 0.01).map(lambda v: v / v.sum())


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(distances).failed == 0


def test_jensen_shannon_of_a_hand_computed_pair():
    # p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4):
    # D = (log2(4/3) + (1/2) log2(2/3) + (1/2) log2 2) / 2 = 0.311278
    found = distances.jensen_shannon(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    assert found**2 == pytest.approx(0.3112781244591328, abs=1e-12)


@given(moved=st.floats(0.01, 1))
def test_the_squared_distance_is_the_share_of_role_talk_that_the_other_side_lacks(moved):
    left = np.array([moved, 0.0, 1 - moved])
    right = np.array([0.0, moved, 1 - moved])
    assert distances.jensen_shannon(left, right) ** 2 == pytest.approx(moved)
    assert distances.total_variation(left, right) == pytest.approx(moved)


def test_all_talk_moved_by_three_ranks_is_a_shift_and_an_earth_mover_distance_of_three():
    left, right = np.array([0.5, 0.5, 0, 0, 0]), np.array([0, 0, 0, 0.5, 0.5])
    assert distances.activity_shift(left, right, RANKS) == pytest.approx(3.0)
    assert distances.earth_mover(left, right, RANKS) == pytest.approx(3.0)


def test_the_more_active_first_profile_has_a_positive_shift():
    active, passive = np.array([1.0, 0, 0, 0, 0]), np.array([0, 0, 0, 0, 1.0])
    assert distances.activity_shift(active, passive, RANKS) == 4.0
    assert distances.activity_shift(passive, active, RANKS) == -4.0


def test_a_profile_that_moves_to_both_ends_has_no_shift_but_a_distance():
    middle, ends = np.array([0, 0, 1.0, 0, 0]), np.array([0.5, 0, 0, 0, 0.5])
    assert distances.activity_shift(middle, ends, RANKS) == 0.0
    assert distances.earth_mover(middle, ends, RANKS) == 2.0


def test_kappa_and_pi_of_binary_values_are_those_of_the_two_by_two_table():
    # 50 items: both yes 20, both no 15, only the first 5, only the second 10.
    # Agreement .70; chance by own margins .5 x .6 + .5 x .4 = .50, so kappa = .40;
    # chance by the common margin .55: .55^2 + .45^2 = .505, so pi = .195 / .495.
    first = np.array([1.0] * 20 + [0.0] * 15 + [1.0] * 5 + [0.0] * 10)
    second = np.array([1.0] * 20 + [0.0] * 15 + [0.0] * 5 + [1.0] * 10)
    assert distances.cohens_kappa(first, second) == pytest.approx(0.4)
    assert distances.scotts_pi(first, second) == pytest.approx(0.195 / 0.495)


def test_agreement_is_not_defined_where_nothing_varies():
    flat = np.full(4, 0.25)
    assert math.isnan(distances.cohens_kappa(flat, flat))
    assert math.isnan(distances.scotts_pi(flat, flat))


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], [0.2, 0.3, 0.5]])
def test_what_is_not_a_profile_is_refused(wrong):
    with pytest.raises(RolecoderError, match="shares of the same roles"):
        distances.jensen_shannon(np.array([0.5, 0.5]), np.array(wrong))


def test_ranks_that_are_not_one_per_role_are_refused():
    with pytest.raises(RolecoderError, match="one rank per role"):
        distances.earth_mover(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([1.0, 2.0, 3.0]))


def test_agreement_of_negative_values_is_refused():
    with pytest.raises(RolecoderError, match="no negative value"):
        distances.scotts_pi(np.array([0.5, -0.5]), np.array([0.5, 0.5]))


@given(left=profiles, right=profiles)
def test_every_measure_keeps_its_bounds_and_its_symmetry(left, right):
    for measure in (distances.jensen_shannon, distances.total_variation):
        assert 0 <= measure(left, right) <= 1 + 1e-12
        assert measure(left, right) == pytest.approx(measure(right, left))
        assert measure(left, left) == 0
    shift, moved = distances.activity_shift(left, right, RANKS), distances.earth_mover(left, right, RANKS)
    assert distances.activity_shift(right, left, RANKS) == pytest.approx(-shift)
    assert abs(shift) - 1e-9 <= moved <= 4 + 1e-9
    kappa = distances.cohens_kappa(left, right)
    assert math.isnan(kappa) or -1 - 1e-9 <= kappa <= 1 + 1e-9
    assert math.isnan(kappa) or kappa == pytest.approx(distances.scotts_pi(left, right), abs=1e-6)


@given(left=profiles, right=profiles)
def test_total_variation_and_jensen_shannon_bound_each_other(left, right):
    moved, squared = distances.total_variation(left, right), distances.jensen_shannon(left, right) ** 2
    assert squared <= moved + 1e-9  # Lin (1991), theorem 3
    assert squared >= moved**2 / (2 * math.log(2)) - 1e-9  # Pinsker, to the middle profile


@given(left=profiles, right=profiles, order=st.permutations(range(5)))
def test_the_order_of_the_roles_does_not_matter(left, right, order):
    a, b, ranks = left[order], right[order], RANKS[order]
    assert distances.jensen_shannon(a, b) == pytest.approx(distances.jensen_shannon(left, right))
    assert distances.earth_mover(a, b, ranks) == pytest.approx(distances.earth_mover(left, right, RANKS), abs=1e-12)


@given(one=profiles, two=profiles, three=profiles)
def test_the_way_over_a_third_profile_is_never_shorter(one, two, three):
    for measure in (distances.jensen_shannon, distances.total_variation):
        assert measure(one, three) <= measure(one, two) + measure(two, three) + 1e-9


@given(left=profiles, right=profiles)
def test_the_parts_of_the_roles_are_never_negative_and_sum_to_the_squared_distance(left, right):
    parts = distances.divergence_parts(left, right)
    assert (parts >= 0).all()
    assert parts.sum() == pytest.approx(distances.jensen_shannon(left, right) ** 2, abs=1e-12)


def test_many_profiles_are_measured_at_once():
    left, right = np.eye(5), np.roll(np.eye(5), 1, axis=1)
    assert distances.jensen_shannon(left, right).tolist() == [1.0] * 5
    assert distances.earth_mover(left, right, RANKS).tolist() == [1.0, 1.0, 1.0, 1.0, 4.0]
