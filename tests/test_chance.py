"""The permutation test of "no gap"."""

import math

import numpy as np
import pytest

from rolecoder.chance import permutation_test
from rolecoder.resampling import pair


def apart(left, right, names=("l", "r")):
    tallies = [
        ([f"{n}{i:02d}" for i in range(len(c))], np.array(c, dtype=float))
        for n, c in zip(names, (left, right), strict=True)
    ]
    return pair(*tallies)


def p(data, permutations=999, seed=0):
    return permutation_test(data, permutations, np.random.default_rng(seed))


def test_three_documents_against_three_are_rarely_set_apart_by_chance_and_exactly_so():
    # Of the 20 ways to choose three of six documents, two set the sides apart as they are.
    assert p(apart([[1, 0]] * 3, [[0, 1]] * 3), 4999) == pytest.approx(0.1, abs=0.015)


def test_the_same_documents_on_both_sides_are_no_gap():
    side = [[1, 0], [0, 2], [3, 1]]
    assert p(apart(side, side)) == 1
    assert p(apart(side, side, names=("t", "t"))) == 1


def test_a_difference_inside_every_document_is_found_though_documents_differ_more_among_themselves():
    # Conversations differ widely; in each, the second side speaks a little more of the second role.
    left = [[20 - i, i] for i in range(0, 20, 2)]
    right = [[19 - i, i + 1] for i in range(0, 20, 2)]
    assert p(apart(left, right, names=("t", "t"))) < 0.01
    assert p(apart(left, right)) > 0.5


def test_the_test_keeps_its_level_where_documents_differ_in_length():
    rng = np.random.default_rng(2)
    share = np.array([0.4, 0.3, 0.2, 0.1])
    alarms = 0
    for _ in range(200):
        left = rng.multinomial(1 + rng.poisson(12, 15), share)
        right = rng.multinomial(1 + rng.poisson(1, 30), share)
        alarms += permutation_test(apart(left, right), 99, rng) <= 0.05
    assert 2 <= alarms <= 20


def test_without_permutations_there_is_no_test():
    assert math.isnan(p(apart([[1, 0]] * 3, [[0, 1]] * 3), 0))


def test_the_same_seed_gives_the_same_answer():
    data = apart([[2, 1], [1, 1], [0, 3]], [[1, 0], [2, 2]])
    assert p(data, seed=4) == p(data, seed=4)
