"""Intervals against hand-computed values, and how they behave at the edges."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rolecoder.measuring.distances import divergence_parts
from rolecoder.measuring.resampling import (
    aligned,
    generator,
    invert,
    jackknife,
    resampled,
    shares,
)

small_counts = arrays(np.float64, (6, 3), elements=st.integers(0, 5).map(float))


def half_sum(difference):
    return np.abs(difference).sum(axis=-1) / 2


def mean_difference(left, right):
    return (right - left) @ np.arange(left.shape[-1])


def pair(left, right):
    documents = [int((counts.sum(axis=1) > 0).sum()) for _, counts in (left, right)]
    return aligned(left, right, tuple(documents), (float(left[1].sum()), float(right[1].sum())))


def apart(left, right):
    names = lambda side, counts: ([f"{side}{i}" for i in range(len(counts))], np.array(counts, dtype=float))  # noqa: E731
    return pair(names("l", left), names("r", right))


def test_the_jackknife_of_a_mean_has_its_textbook_standard_error_and_no_bias():
    # One coding per document: the mean rank of the right side is a plain mean of 0, 1, 1, 2.
    left, right = [[1, 0, 0]] * 3, [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]
    found = jackknife(apart(left, right), mean_difference)
    assert found.plain == pytest.approx(1.0)
    assert found.bias == pytest.approx(0.0, abs=1e-12)
    assert found.error == pytest.approx(np.std([0, 1, 1, 2], ddof=1) / 2)


def test_the_jackknife_takes_away_most_of_the_bias_of_a_distance_between_equal_profiles():
    rng, share = np.random.default_rng(5), np.full(8, 1 / 8)
    plain, corrected = [], []
    for _ in range(200):
        data = apart(rng.multinomial(2, share, 20), rng.multinomial(2, share, 20))
        found = jackknife(data, lambda left, right: divergence_parts(left, right).sum(axis=-1))
        plain.append(found.plain)
        corrected.append(found.plain - found.bias)
    assert np.mean(plain) > 0.05
    assert abs(np.mean(corrected)) < 0.2 * np.mean(plain)


def test_sides_that_share_a_document_are_drawn_together_and_others_by_themselves():
    rows = np.ones((2, 2))
    assert not pair((["a", "b"], rows), (["c", "d"], rows)).joint
    shared = pair((["a", "b"], rows), (["b", "c"], rows))
    assert shared.joint
    assert shared.left.tolist() == [[1, 1], [1, 1], [0, 0]]
    assert shared.documents == (2, 2)


def test_a_document_on_both_sides_goes_into_both_in_every_draw():
    # Both sides hold the same documents with the same counts: whatever is drawn, they are equal.
    side = (["a", "b", "c"], np.array([[1.0, 0], [0, 2], [3, 1]]))
    left, right = resampled(pair(side, side), 200, np.random.default_rng(0))
    assert np.array_equal(left, right)
    assert left.std() > 0


def test_a_draw_that_leaves_a_side_empty_is_not_used():
    data = pair((["a", "b"], np.ones((2, 2))), (["b", "c", "d", "e"], np.ones((4, 2))))
    left, right = resampled(data, 500, np.random.default_rng(0))
    assert 0 < len(left) < 500
    assert not np.isnan(left).any() and not np.isnan(right).any()


def test_the_corrected_total_variation_lies_below_the_plain_one_and_inside_its_interval():
    rng = np.random.default_rng(1)
    data = apart(rng.multinomial(3, [0.6, 0.3, 0.1], 12), rng.multinomial(3, [0.3, 0.3, 0.4], 12))
    plain = half_sum(shares(data.left.sum(axis=0)) - shares(data.right.sum(axis=0)))
    found = invert(data, half_sum, resampled(data, 500, rng), 0.95)
    assert found.low <= found.value <= plain <= found.high <= 1


def test_doubt_about_error_rates_widens_the_interval_and_moves_the_estimate_only_where_one_side_rests_on_them():
    rng = np.random.default_rng(3)
    data = apart(rng.multinomial(3, [0.6, 0.3, 0.1], 40), rng.multinomial(3, [0.2, 0.3, 0.5], 40))
    drawn = resampled(data, 500, np.random.default_rng(0))
    p, q = (rng.dirichlet(50 * shares(side.sum(axis=0)), 500) for side in (data.left, data.right))
    known, both, one = (
        invert(replace(data, drawn=rates), half_sum, drawn, 0.95)
        for rates in (None, (p, q), (p, np.broadcast_to(q[:1], q.shape)))
    )
    assert both.value == known.value > one.value
    assert both.low < known.low and both.high > known.high and one.low < known.low


def test_equal_profiles_have_no_total_variation_but_an_upper_end():
    side = [[1, 0], [0, 1], [1, 0], [0, 1]]
    data = apart(side, side)
    found = invert(data, half_sum, resampled(data, 300, np.random.default_rng(0)), 0.95)
    assert (found.value, found.low) == (0, 0)
    assert found.high > 0.1


@settings(max_examples=25)
@given(left=small_counts, right=small_counts)
def test_inverted_intervals_stay_between_nought_and_one(left, right):
    keep = [side[side.sum(axis=1) > 0] for side in (left, right)]
    if min(map(len, keep)) < 2:
        return
    data = apart(*keep)
    found = invert(data, half_sum, resampled(data, 50, np.random.default_rng(0)), 0.95)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_each_key_has_its_own_stream_of_random_numbers_always_the_same():
    assert generator(0, "a", "bc").random() == generator(0, "a", "bc").random()
    assert (
        len({generator(*key).random() for key in [(0, "a", "bc"), (0, "ab", "c"), (1, "a", "bc"), (0, "a", None)]}) == 4
    )


def test_shares_of_nothing_are_missing():
    assert np.isnan(shares(np.zeros(3))).all()
    assert shares(np.array([1.0, 3.0])).tolist() == [0.25, 0.75]
