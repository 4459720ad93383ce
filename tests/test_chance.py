"""The tests of "no gap"."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rolecoder.measuring.assumed import adjusted
from rolecoder.measuring.chance import doubted, f_test, no_gap, permutation_test
from rolecoder.measuring.estimators import ErrorRates, Population, counted
from rolecoder.measuring.resampling import aligned


def apart(left, right, names=("l", "r")):
    tallies = [
        ([f"{n}{i:02d}" for i in range(len(c))], np.array(c, dtype=float))
        for n, c in zip(names, (left, right), strict=True)
    ]
    documents = [len(counts) for _, counts in tallies]
    return aligned(*tallies, tuple(documents), tuple(float(counts.sum()) for _, counts in tallies))


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


def test_a_few_long_documents_against_many_short_ones_are_held_against_an_f_distribution():
    rng = np.random.default_rng(2)
    share = np.array([0.3, 0.3, 0.2, 0.1, 0.1])
    alarms, changed_over = 0, 0
    for _ in range(400):
        data = apart(rng.multinomial(1 + rng.poisson(15, 8), share), rng.multinomial(1 + rng.poisson(2, 40), share))
        found = no_gap(data, 99, rng)
        assert found == (f_test(data), "F")
        alarms += found[0] <= 0.05
        changed_over += permutation_test(data, 99, rng) <= 0.05
    assert 8 <= alarms <= 32 and changed_over < alarms  # 2 to 8 in 100
    far = apart(rng.multinomial(15, share, 8), rng.multinomial(3, share[::-1], 40))
    assert no_gap(far, 99, rng)[0] < 0.01
    other = apart(rng.multinomial(3, share[::-1], 40), rng.multinomial(15, share, 8))
    assert no_gap(other, 99, rng)[1] == "F"  # whichever side it is
    assert math.isnan(no_gap(far, 0, rng)[0])


@pytest.mark.parametrize(
    ("left", "right"),
    [([[3, 2]] * 5, [[1, 0]] * 40), ([[3, 2]] * 20, [[1, 0]] * 25), ([[1, 1]] * 8, [[1, 1]] * 40)],
    ids=["too few for it", "about as many", "no longer"],
)
def test_elsewhere_documents_are_changed_over(left, right):
    assert no_gap(apart(left, right), 99, np.random.default_rng(0))[1] == "permutation"


def test_documents_on_both_sides_are_always_changed_over():
    both = [[9, 5]] * 8 + [[1, 0]] * 40
    assert no_gap(apart(both, [[0, 1]] * 48, names=("t", "t")), 99, np.random.default_rng(0))[1] == "permutation"


def test_the_f_test_of_two_roles_is_the_square_of_welchs_t():
    from scipy.stats import ttest_ind

    left, right = np.array([12, 15, 9, 14, 10, 13, 16, 11]), np.array([8, 11, 7, 12, 9, 6, 10, 13, 9, 8, 7, 12])
    sides = [np.column_stack([side, 20 - side]) for side in (left, right)]  # documents of one length: shares are means
    assert f_test(apart(*sides)) == pytest.approx(ttest_ind(left, right, equal_var=False).pvalue, rel=0.02)


def test_sides_without_any_spread_are_tested_by_permutation_also_where_a_few_documents_are_long():
    for left, right, least, most in (
        ([[15, 0]] * 6, [[0, 3]] * 9, 1 / 1000, 0.005),
        ([[2, 2]] * 8, [[1, 1]] * 40, 1, 1),
    ):
        data = apart(left, right)
        found, test = no_gap(data, 999, np.random.default_rng(0))
        assert math.isnan(f_test(data)) and test == "permutation" and least <= found <= most


def test_the_same_seed_gives_the_same_answer():
    data = apart([[2, 1], [1, 1], [0, 3]], [[1, 0], [2, 2]])
    assert p(data, seed=4) == p(data, seed=4)


def test_a_role_that_corrections_leave_at_nothing_does_not_drown_the_others():
    rng = np.random.default_rng(3)
    left, right = (rng.multinomial(6, share, 20) + 0.0 for share in ([0.8, 0.2], [0.5, 0.5]))
    plain = p(apart(left, right))
    nothing = rng.normal(size=(40, 1)) * 1e-3
    nothing -= nothing.mean() - 1e-17  # as much below 0 as above it, but for rounding
    with_it = p(apart(np.hstack([left, nothing[:20]]), np.hstack([right, nothing[20:]])))
    assert plain < 0.02 and with_it == pytest.approx(plain, abs=0.02)
    few, many = rng.multinomial(60, [0.8, 0.2], 8) + 0.0, rng.multinomial(6, [0.5, 0.5], 40) + 0.0
    noise = [np.vstack([nothing[: n - 1], -nothing[: n - 1].sum(axis=0)]) for n in (8, 40)]
    assert f_test(apart(np.hstack([few, noise[0]]), np.hstack([many, noise[1]]))) < 0.01


def test_sides_that_corrections_leave_mostly_below_nothing_are_still_told_apart():
    rng = np.random.default_rng(4)
    spoken = [rng.multinomial(2, share, 30) + 0.0 for share in ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])]
    left, right = (side - [off] for side, off in zip(spoken, ([0.5, 0.9, 0.9], [0.9, 0.5, 0.9]), strict=True))
    assert (left + right).sum() < 0
    assert no_gap(apart_by_parts(left, right), 199, rng)[0] < 0.02
    nothing = left - 2
    assert math.isnan(no_gap(apart_by_parts(nothing, nothing), 199, rng)[0])


def apart_by_parts(left, right):
    data = [([f"{n}{i}" for i in range(len(side))], side) for n, side in (("l", left), ("r", right))]
    return aligned(*data, (len(left), len(right)), (30.0, 30.0))


def test_what_error_rates_may_make_of_two_sides_is_no_gap():
    data = apart([[8.0, 2.0]] * 20, [[6.0, 4.0]] * 20)
    strays = np.random.default_rng(1).normal(0, 0.2, 500)
    assert p(data) < 0.01
    assert p(replace(data, doubt=np.column_stack([strays, -strays]))) > 0.1
    assert p(replace(data, doubt=np.column_stack([strays, -strays]) / 100)) < 0.01
    few = apart([[16.0, 4.0], [18.0, 2.0]] * 3, [[2.0, 1.0], [1.0, 1.0]] * 10)
    assert no_gap(few, 99, np.random.default_rng(0))[1] == "F" and f_test(few) < 0.05
    assert f_test(replace(few, doubt=np.column_stack([strays, -strays]))) > 0.1


def test_sides_that_err_alike_are_not_doubted_and_those_that_do_not_are():
    rng = np.random.default_rng(0)
    rates = [
        ErrorRates(
            sensitivity=np.full(3, seen),
            false_alarms=np.full(3, alarms),
            drawn_sensitivity=np.clip(rng.normal(seen, 0.1, (500, 3)), 0.3, 0.95),
            drawn_false_alarms=np.clip(rng.normal(alarms, 0.01, (500, 3)), 0.0, 0.2),
        )
        for seen, alarms in ((0.8, 0.02), (0.6, 0.05))
    ]
    documents = np.repeat(np.arange(20), 10)
    people = Population(documents=documents, units=np.ones(200), strata=np.zeros(200, dtype=np.intp))
    coded = (rng.random((200, 3)) < [0.3, 0.2, 0.1]).astype(float)

    def of_genres(part):
        genres = (documents >= 20 * (1 - part)).astype(np.intp)
        return adjusted(people, coded, np.ones(3), rates, genres, np.random.default_rng(1))

    def doubt(left, right):
        sides = [
            ([f"{name}{i:02d}" for i in range(20)], e.by_document * 200) for name, e in (("l", left), ("r", right))
        ]
        return doubted(aligned(*sides, (20, 20), (100.0, 100.0)), (left, right)).doubt

    by_hand = counted(people, coded)
    assert doubt(by_hand, by_hand) is None
    assert doubt(of_genres(0.5), of_genres(0.5)) is None
    assert doubt(of_genres(0.1), of_genres(0.9)).std() > 0.01
    assert doubt(of_genres(0.5), by_hand).std() > 0.01
