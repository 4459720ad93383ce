"""Shares and their intervals: hand-computed values, unbiasedness, and the edges."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from rolecoder.measuring.assumed import adjusted, expected_prior
from rolecoder.measuring.estimates import PULL, design_effect, wilson_ends
from rolecoder.measuring.estimators import Drawn, ErrorRates, Population, counted, design_based
from rolecoder.measuring.rates import rates_of

small_counts = arrays(np.float64, (6, 3), elements=st.integers(0, 5).map(float))


def people(documents, units=None, strata=None):
    n = len(documents)
    return Population(
        documents=np.asarray(documents, dtype=np.intp),
        units=np.ones(n) if units is None else np.asarray(units, dtype=float),
        strata=np.zeros(n, dtype=np.intp) if strata is None else np.asarray(strata, dtype=np.intp),
    )


def spread(counts, sizes):
    """One passage a row: of each document, so many with each role."""
    rows, documents = [], []
    for document, (own, size) in enumerate(zip(counts, sizes, strict=True)):
        for number in range(int(size)):
            rows.append([float(number < count) for count in own])
            documents.append(document)
    return people(documents), np.array(rows)


def drawn(rows, truth, probability=1.0):
    return Drawn(
        rows=np.asarray(rows, dtype=np.intp),
        probability=np.full(len(rows), probability),
        truth=np.asarray(truth, dtype=float),
    )


def test_one_passage_per_document_gives_the_wilson_interval_of_independent_passages():
    # 3 of 10, all different documents.  One role: its own design effect is n / (n - 1) = 10 / 9.
    low, high = counted(*spread([[1.0]] * 3 + [[0.0]] * 7, np.ones(10))).interval(0.95)
    n, p, z = 9.0, 0.3, stats.t.ppf(0.975, 9)
    middle, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (low[0], high[0]) == pytest.approx(((middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)))


def test_passages_that_are_all_alike_within_documents_count_as_one_each():
    one, ten = [[1.0]] * 4 + [[0.0]] * 6, [[10.0]] * 4 + [[0.0]] * 6
    ends = [counted(*spread(counts, np.full(10, size))).interval(0.95) for counts, size in ((one, 1), (ten, 10))]
    assert np.allclose(ends[0], ends[1])


def test_documents_that_are_all_alike_count_as_one_each_whatever_their_shares():
    truth = np.tile([[1.0, 0.0], [0.0, 1.0]], (25, 1))
    population = people(np.arange(50) // 10)
    z, n, p = stats.t.ppf(0.975, 4), 5.0, 0.5
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    for found in (design_based(population, truth * 0.8, drawn(range(50), truth)), counted(population, truth)):
        for low, high in (found.interval(0.95), found.interval_made_up(0.95)):
            assert low == pytest.approx([0.5 - half] * 2) and high == pytest.approx([0.5 + half] * 2)


def test_strays_of_the_role_talk_are_its_slope_over_what_is_above_zero():
    share, step = np.array([0.3, 0.2, -0.05]), 1e-7
    strays = np.array([[0.02, -0.01, 0.01], [-0.03, 0.02, 0.0], [0.01, -0.01, -0.01]])
    told = replace(counted(*spread([[1.0, 0.0, 0.0]] * 3, np.ones(3))), share=share, strays=strays)
    slopes = np.array([(replace(told, share=share + step * own).made_up - told.made_up) / step for own in strays])
    found, _ = told._made_up_strays()
    assert np.allclose(found[:, :2], slopes[:, :2], atol=1e-6)
    # The role below zero keeps its doubt, and takes none from others.
    assert np.allclose(found[:, 2], strays[:, 2] / 0.5)


def test_a_role_never_seen_has_an_upper_end_above_zero_and_one_always_seen_a_lower_end_below_one():
    low, high = counted(*spread([[0.0, 1.0]] * 5, np.ones(5))).interval(0.95)
    assert low[0] == 0 and 0.2 < high[0] < 1
    assert high[1] == 1 and 0 < low[1] < 0.8


def test_one_document_has_no_interval():
    low, high = counted(*spread([[3.0, 1.0]], [4])).interval(0.95)
    assert np.isnan(low).all() and np.isnan(high).all()


@given(counts=small_counts.filter(lambda c: c.sum() > 0), silent=st.integers(0, 20))
def test_every_interval_holds_its_share_and_stays_between_nought_and_one(counts, silent):
    found = counted(*spread(counts, counts.max(axis=1) + silent + 1))
    for share, (low, high) in ((found.share, found.interval(0.95)), (found.made_up, found.interval_made_up(0.95))):
        known = ~np.isnan(low)
        assert ((low >= 0) & (low <= share + 1e-12) & (share <= high + 1e-12) & (high <= 1))[known].all()


@given(counts=small_counts.filter(lambda c: c.sum() > 0), order=st.permutations(range(6)))
def test_the_order_of_the_documents_does_not_matter_to_an_interval(counts, order):
    sizes = counts.max(axis=1) + 1
    first, second = (counted(*spread(counts[o], sizes[o])).interval(0.9) for o in (list(range(6)), list(order)))
    assert np.allclose(first, second)


def test_parts_by_document_add_up_to_the_share_whatever_the_estimator():
    rng = np.random.default_rng(0)
    population, coded = spread([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0], [4.0, 0.0]], [5, 6, 3, 8])
    sample = drawn(range(0, 22, 2), coded[::2], 0.5)
    for found in (counted(population, coded), design_based(population, rng.random(coded.shape), sample)):
        assert found.by_document.sum(axis=0) == pytest.approx(found.share)
        assert found.strays.sum(axis=0) == pytest.approx([0, 0], abs=1e-12)


def test_words_and_documents_may_be_what_a_share_is_of():
    coded = np.array([[1.0], [0.0], [0.0], [1.0]])
    documents = [0, 0, 0, 1]
    by_words = counted(people(documents, [10, 30, 30, 30]), coded).share
    by_documents = counted(people(documents, [1 / 3, 1 / 3, 1 / 3, 1]), coded).share
    assert by_words == pytest.approx([0.4])
    assert by_documents == pytest.approx([(1 / 3 + 1) / 2])


def test_where_every_passage_is_labelled_the_share_is_that_of_the_labels_whatever_was_predicted():
    population, truth = spread([[2.0], [0.0], [6.0], [4.0]], [5, 6, 7, 8])
    found = design_based(population, np.random.default_rng(1).random(truth.shape), drawn(range(26), truth))
    assert found.share == pytest.approx(truth.mean(axis=0))
    assert found.interval(0.95)[0] < found.share < found.interval(0.95)[1]


def test_strata_drawn_at_different_rates_are_weighed_back():
    # Stratum 1 is a fifth of the passages and half of the sample; all of it carries the role, none of stratum 0.
    strata = np.array([0] * 80 + [1] * 20)
    truth = strata[:, None].astype(float)
    rows = [*range(0, 80, 8), *range(80, 100, 2)]
    chance = np.where(strata[rows] == 1, 0.5, 0.125)
    sample = Drawn(rows=np.array(rows), probability=chance, truth=truth[rows])
    found = design_based(people(np.arange(100) // 5, strata=strata), np.zeros((100, 1)), sample)
    assert found.share == pytest.approx([0.2])


def test_a_role_that_a_coder_left_open_is_estimated_from_the_others():
    truth = np.array([[1.0, 0.0], [1.0, np.nan], [0.0, 0.0], [0.0, 1.0]])
    found = design_based(people([0, 1, 2, 3]), np.zeros((4, 2)), drawn(range(4), truth))
    assert found.share == pytest.approx([0.5, 1 / 3])


def test_predictions_however_wrong_leave_the_mean_of_estimates_at_the_truth():
    rng = np.random.default_rng(3)
    truth = (rng.random((2000, 1)) < 0.2).astype(float)
    wrong = np.where(truth > 0, 0.1, 0.6) + 0.1 * rng.random((2000, 1))
    population, found = people(np.arange(2000) // 20), []
    for _ in range(200):
        rows = rng.choice(2000, 150, replace=False)
        found.append(design_based(population, wrong, drawn(rows, truth[rows], 150 / 2000)).share[0])
    assert np.mean(found) == pytest.approx(truth.mean(), abs=4 * np.std(found) / math.sqrt(200))


def test_good_predictions_make_the_interval_narrower_than_labels_alone():
    rng = np.random.default_rng(4)
    truth = (rng.random((3000, 2)) < 0.2).astype(float)
    good = np.clip(truth + 0.2 * rng.standard_normal(truth.shape), 0, 1)
    rows = rng.choice(3000, 200, replace=False)
    population, sample = people(np.arange(3000) // 20), drawn(rows, truth[rows], 200 / 3000)
    widths = [
        np.subtract(*design_based(population, predicted, sample).interval(0.95)[::-1]).mean()
        for predicted in (good, np.zeros_like(truth))
    ]
    assert widths[0] < 0.7 * widths[1]


def test_with_few_labelled_positives_predictions_are_left_aside_and_the_name_says_so():
    truth = np.zeros((40, 2))
    truth[:9, 0] = 1
    found = design_based(people(np.arange(40)), np.full((40, 2), 0.9), drawn(range(20), truth[:20], 0.5))
    assert found.name == "labels only"
    assert found.share == pytest.approx(truth[:20].mean(axis=0))
    assert design_based(people(np.arange(40)), truth, drawn(range(0, 40), np.ones((40, 2)))).name == "design-based"


def rates(sensitivity, false_alarms, draws=50):
    hit, wrong = np.atleast_1d(sensitivity).astype(float), np.atleast_1d(false_alarms).astype(float)
    return ErrorRates(
        sensitivity=hit,
        false_alarms=wrong,
        drawn_sensitivity=np.tile(hit, (draws, 1)),
        drawn_false_alarms=np.tile(wrong, (draws, 1)),
    )


def test_adjusted_count_takes_off_false_alarms_and_adds_what_is_missed():
    # 20 of 100 coded; (0.2 - 0.05) / (0.75 - 0.05)
    coded = (np.arange(100) < 20)[:, None].astype(float)
    genres = np.zeros(100, dtype=np.intp)
    found = adjusted(people(np.arange(100)), coded, np.ones(1), [rates(0.75, 0.05)], genres, np.random.default_rng(0))
    assert found.share == pytest.approx([0.15 / 0.7])
    none = adjusted(
        people(np.arange(100)), coded * 0, np.ones(1), [rates(0.75, 0.05)], genres, np.random.default_rng(0)
    )
    assert none.share == pytest.approx([-0.05 / 0.7]) and none.figures(0.95)["prevalence"] == [0]


def test_a_role_coded_no_more_often_than_its_false_alarms_is_not_known_to_be_there():
    few, many = (np.arange(100) < 6).astype(float), (np.arange(100) < 40).astype(float)
    both = rates(np.array([0.75, 0.75]), np.array([0.05, 0.05]))
    genres = np.zeros(100, dtype=np.intp)
    coded = np.stack([few, many], axis=1)
    found = adjusted(people(np.arange(100)), coded, np.ones(2), [both], genres, np.random.default_rng(0))
    assert found.share[0] > 0 and found.seen.tolist() == [0, 1]
    assert counted(people(np.arange(100)), coded).seen.tolist() == [1, 1]


def test_adjusted_count_corrects_each_genre_by_its_own_rates():
    coded = (np.arange(100) % 5 == 0)[:, None].astype(float)
    genres = (np.arange(100) < 50).astype(np.intp)
    found = adjusted(
        people(np.arange(100)), coded, np.ones(1), [rates(0.5, 0.0), rates(1.0, 0.0)], genres, np.random.default_rng(0)
    )
    assert found.share == pytest.approx([(0.4 + 0.2) / 2])


def test_adjusted_count_makes_no_more_passages_than_a_genre_has():
    # of ten passages of a genre in which one role of ten is found, two are coded: 20 passages would be ten
    coded = np.isin(np.arange(100), [0, 1, 50])[:, None].astype(float)
    genres = (np.arange(100) >= 10).astype(np.intp)
    found = adjusted(
        people(np.arange(100)), coded, np.ones(1), [rates(0.1, 0.0), rates(1.0, 0.0)], genres, np.random.default_rng(0)
    )
    assert found.share == pytest.approx([(10 + 1) / 100]) and found.drawn.max() == pytest.approx(0.11)
    assert found.by_document.sum(axis=0) == pytest.approx(found.share)


def test_with_rates_known_and_no_errors_the_interval_is_that_of_a_beta_distribution_at_the_effective_size():
    coded = (np.arange(400) % 5 == 0)[:, None].astype(float)
    exact = rates(1.0, 0.0, draws=20000)
    found = adjusted(
        people(np.arange(400)), coded, np.ones(1), [exact], np.zeros(400, dtype=np.intp), np.random.default_rng(0)
    )
    size = 400 / (400 / 399) / (stats.t.ppf(0.975, 399) / stats.norm.ppf(0.975)) ** 2
    wanted = stats.beta(0.2 * size + 0.5, 0.8 * size + 0.5).ppf([0.025, 0.975])
    assert np.ravel(found.interval(0.95)) == pytest.approx(wanted, abs=0.002)


def test_a_role_that_was_never_coded_and_that_the_coder_hardly_finds_may_still_be_there():
    coded = np.zeros((400, 1))
    ends = [
        adjusted(
            people(np.arange(400)), coded, np.ones(1), [rates(sensitivity, 0.0, draws=5000)],
            np.zeros(400, dtype=np.intp), np.random.default_rng(0),
        ).interval(0.95)[1][0]
        for sensitivity in (0.9, 0.05)
    ]  # fmt: skip
    assert ends[0] < 0.01 and ends[1] > 10 * ends[0]


def test_genres_that_share_their_rates_give_the_interval_of_one_genre():
    rng = np.random.default_rng(1)
    vague = ErrorRates(
        sensitivity=np.array([0.7]), false_alarms=np.array([0.05]),
        drawn_sensitivity=rng.beta(14, 6, (4000, 1)), drawn_false_alarms=np.full((4000, 1), 0.05),
    )  # fmt: skip
    coded = (np.arange(400) % 5 == 0)[:, None].astype(float)
    ends = [
        np.ravel(
            adjusted(
                people(np.arange(400)), coded, np.ones(1), [vague] * genres, np.arange(400) // 5 % genres,
                np.random.default_rng(0),
            ).interval(0.95)
        )
        for genres in (1, 4)
    ]  # fmt: skip
    assert ends[1] == pytest.approx(ends[0], abs=0.015)


def test_an_adjusted_count_of_one_document_has_no_interval():
    coded = (np.arange(60) < 12)[:, None].astype(float)
    one = np.zeros(60, dtype=np.intp)
    found = adjusted(people(one), coded, np.ones(1), [rates(0.7, 0.05)], one, np.random.default_rng(0))
    assert np.isnan(found.interval(0.95)).all() and np.isnan(found.interval_made_up(0.95)).all()


def test_rates_that_are_poorly_known_widen_the_interval():
    coded = (np.arange(400) % 5 == 0)[:, None].astype(float)
    known = rates(0.7, 0.05)
    rng = np.random.default_rng(0)
    vague = ErrorRates(
        sensitivity=known.sensitivity,
        false_alarms=known.false_alarms,
        drawn_sensitivity=rng.beta(7, 3, (50, 1)),
        drawn_false_alarms=known.drawn_false_alarms,
    )
    ends = [
        adjusted(
            people(np.arange(400)), coded, np.ones(1), [r], np.zeros(400, dtype=np.intp), np.random.default_rng(0)
        ).interval(0.95)
        for r in (known, vague)
    ]
    assert ends[1][1] - ends[1][0] > 1.3 * (ends[0][1] - ends[0][0])


def scored(share, seed=5, n=20000):
    """Probabilities calibrated where a tenth carry the role, of passages of which ``share`` do; shape (n, 1)."""
    rng = np.random.default_rng(seed)
    score = rng.standard_normal(n) + 2 * (rng.random(n) < share)
    odds = 0.1 / 0.9 * np.exp(2 * score - 2)
    return (odds / (1 + odds))[:, None]


def emq(chances, strayed, coded=None, others=0.0):
    coded = np.ones_like(chances) if coded is None else coded
    documents, rng = people(np.arange(len(chances))), np.random.default_rng(0)
    codings = coded.sum(axis=0) + others
    return expected_prior(
        documents, chances, coded, coded.sum(axis=0) / codings, codings, np.array([0.1]), strayed, rng
    )


def test_emq_finds_another_prevalence_out_of_probabilities_calibrated_at_the_first():
    found = emq(scored(0.3), np.zeros((1, 1)))
    assert found.share == pytest.approx([0.3], abs=0.02)


def test_emq_drawn_with_a_calibration_that_is_off_is_emq_of_the_probabilities_so_shifted():
    chances, shift = scored(0.3), 0.05
    odds = chances / (1 - chances) * np.exp(shift)
    moved, found = emq(odds / (1 + odds), np.zeros((1, 1))), emq(chances, np.array([[shift]]))
    assert found.drawn[0, 0] == pytest.approx(moved.share[0], abs=0.003)
    assert moved.share[0] > found.share[0] + 0.005


def test_the_portion_that_a_cell_has_of_emq_is_known_only_as_far_as_its_codings_tell():
    coded = np.zeros((20000, 1))
    coded[:5] = 1.0
    half, none = (emq(scored(0.3), np.zeros((1000, 1)), c, 5.0) for c in (coded, np.zeros_like(coded)))
    assert half.share == pytest.approx([0.15], abs=0.01) and half.speaking == 5
    low, high = half.interval(0.95)
    assert low[0] < 0.08 and high[0] > 0.22
    assert none.share == [0.0] and none.interval(0.95)[1][0] > 0.05


def test_where_all_talk_is_of_one_role_the_documents_count_as_the_sample_and_not_their_passages():
    one, ten = [[1.0, 0.0]] * 4, [[10.0, 0.0]] * 4
    found = [counted(*spread(counts, [size] * 4)) for counts, size in ((one, 1), (ten, 10))]
    assert found[0].talk == found[1].talk == pytest.approx(4)
    assert np.allclose(found[0].interval_made_up(0.95), found[1].interval_made_up(0.95))


def test_a_draw_of_the_rates_that_leaves_nothing_of_the_count_takes_no_interval_away():
    coded = (np.arange(600) % 60 == 0)[:, None] * np.array([1.0, 0.0])
    vague = ErrorRates(
        sensitivity=np.array([0.7, 0.7]), false_alarms=np.array([0.01, 0.01]),
        drawn_sensitivity=np.full((200, 2), 0.7),
        drawn_false_alarms=np.repeat([[0.01], [0.05]], [190, 10], axis=0) * np.ones(2),
    )  # fmt: skip
    found = adjusted(
        people(np.arange(600) // 20), coded, np.array([1.0, 0.0]), [vague], np.zeros(600, dtype=np.intp),
        np.random.default_rng(0),
    )  # fmt: skip
    assert found.emptied == pytest.approx(0.05)
    assert np.isfinite(found.interval_made_up(0.95)).all() and np.isfinite(found.talk)


def test_a_stratum_whose_labels_leave_a_role_open_counts_as_the_others_do():
    rows = np.arange(0, 400, 4)
    truth = (np.arange(100) % 5 == 0)[:, None].astype(float)
    truth[50:] = np.nan  # all of the second stratum
    strata = (np.arange(400) >= 200).astype(np.intp)
    people_ = replace(people(np.arange(400)), strata=strata)
    found = design_based(people_, np.zeros((400, 1)), Drawn(rows=rows, probability=np.full(100, 0.25), truth=truth))
    assert found.share == pytest.approx([0.2])
    first = np.arange(400) < 200
    alone = Drawn(rows=rows[:50], probability=np.full(50, 0.25), truth=truth[:50])
    half = design_based(people(np.arange(200)), np.zeros((200, 1)), alone)
    assert first[rows[:50]].all() and found.variance == pytest.approx(half.variance, rel=0.1)


def test_emq_on_the_boundary_reaches_as_far_as_its_likelihood_and_the_plain_count_allow_and_says_so():
    # eleven of 400 coded at low thresholds: odds of 8 for them, of .5 for the others, so that no share is likelier than 0
    odds = np.where(np.arange(400) < 11, 8.0, 0.5)[:, None] / 9  # at a prevalence of .1
    coded = (np.arange(400) < 11)[:, None].astype(float)
    alone, rng = people(np.arange(400)), np.random.default_rng(0)
    strayed = np.zeros((4000, 1))
    found = expected_prior(
        alone, odds / (1 + odds), coded, np.ones(1), coded.sum(axis=0), np.array([0.1]), strayed, rng
    )
    assert found.figures(0.95)["prevalence"] == [0] and found.seen == [0]
    assert "imply that no passage" in found.remarks[0]
    assert found.interval(0.95)[0] == 0 and found.interval(0.95)[1] >= counted(alone, coded).interval(0.95)[1]
    assert found.interval_made_up(0.95)[1] == 1
    # A role of which the passages say next to nothing may be anywhere below.
    dull = np.full((400, 1), 0.0999)
    none = np.zeros(1), np.zeros(1)
    open_ = expected_prior(alone, dull, coded * 0, *none, np.array([0.1]), strayed, rng)
    assert open_.interval(0.95)[1] > 0.5 and not open_.remarks
    bare = expected_prior(alone, np.full((400, 1), 1e-6), coded * 0, *none, np.array([0.1]), strayed, rng)
    assert bare.interval(0.95)[1] >= counted(alone, coded * 0).interval(0.95)[1]


def test_emq_on_the_boundary_holds_small_shares_as_often_as_it_should():
    held, rng = 0, np.random.default_rng(1)
    for _ in range(300):
        truth = rng.random(300) < 0.004
        score = rng.standard_normal(300) + 2 * truth
        odds = np.exp(2 * score - 2) / 9
        chances = (odds / (1 + odds))[:, None]
        found = expected_prior(
            people(np.arange(300)),
            chances,
            (chances > 0.5) * 1.0,
            (chances > 0.5).any(axis=0) * 1.0,
            (chances > 0.5).sum(axis=0) * 1.0,
            np.array([0.1]),
            np.zeros((400, 1)),
            rng,
        )
        low, high = found.interval(0.95)
        held += low[0] <= 0.004 <= high[0]
    assert held >= 282


def test_adjusted_count_at_its_cap_says_so_and_is_no_narrower_than_the_plain_count():
    coded = (np.arange(400) < 240)[:, None].astype(float)
    genres, alone = np.zeros(400, dtype=np.intp), people(np.arange(400))
    found = adjusted(alone, coded, np.ones(1), [rates(0.3, 0.0)], genres, np.random.default_rng(0))
    assert found.share == pytest.approx([1]) and "error rates do not hold here" in found.remarks[0]
    plain, (low, high) = counted(alone, coded).interval(0.95), found.interval(0.95)
    assert low[0] == pytest.approx(plain[0][0]) and high[0] == pytest.approx(1)
    assert not adjusted(alone, coded, np.ones(1), [rates(0.9, 0.0)], genres, np.random.default_rng(0)).remarks


def test_what_refuted_predictions_leave_of_a_role_has_no_wider_interval_than_its_error_says():
    variance = np.array([0.011**2, 0.0027**2, 0.0027**2, 0.0])
    share, positives = np.array([0.042, 0.002, 0.0001, 0.0]), np.array([7.0, 0.0, 0.0, 0.0])
    n = 116 / design_effect(share, variance, 116, 45, positives, PULL)
    high = wilson_ends(share, n, 2.0)[1]
    assert (np.diff(high) < 0).all() and high[1] < 0.02  # it had reached .018 and, for the third, .229


def test_shares_of_talk_hold_where_most_roles_are_never_there_and_are_coded_by_mistake():
    rng, held = np.random.default_rng(0), []
    true = np.array([0.3, 0.1, 0.05] + [0.0] * 12)
    hit, wrong = np.full(15, 0.3), np.full(15, 0.02)
    for _ in range(120):
        known_hits, known_alarms = rng.binomial(40, hit), rng.binomial(2000, wrong)
        rates = rates_of(
            {"tp": known_hits, "fn": 40 - known_hits, "with": np.ones(15)},
            {"fp": known_alarms, "tn": 2000 - known_alarms, "without": np.ones(15)},
            int(rng.integers(2**31)),
        )
        there = rng.random((600, 15)) < true
        coded = (rng.random(there.shape) < np.where(there, hit, wrong)).astype(float)
        whom = people(np.repeat(np.arange(60), 10))
        found = adjusted(whom, coded, np.ones(15), [rates], np.zeros(600, dtype=np.intp), rng)
        low, high = found.interval_made_up(0.95)
        assert ((low <= found.made_up) & (found.made_up <= high)).all()
        held.append((low <= true / true.sum()) & (true / true.sum() <= high))
    assert np.mean(held, axis=0).min() > 0.9


def test_without_draws_of_the_count_there_is_no_least_and_most_of_the_talk():
    found = counted(*spread([[1.0, 2.0, 1.0]] * 4, np.full(4, 3)))
    assert found.drawn_talk(0.95) is None
    drawn = np.array([[0.2, 0.2, 0.0], [0.2, 0.2, 0.4], [0.0, 0.0, 0.1]])
    least, most = replace(found, spread=drawn).drawn_talk(0.0)  # at this level a role is sure if half the draws have it
    assert np.allclose(least, [[0.5, 0.5, 0], [0.25, 0.25, 0.5], [0, 0, 1]])
    assert np.allclose(most, [[0.5, 0.5, 0], [0.25, 0.25, 0.5], [0, 0, 1]])
    least, most = replace(found, spread=np.vstack([drawn, [[0.2, 0.2, 0.0]] * 2])).drawn_talk(0.0)
    assert np.allclose(least[1], [0.25, 0.25, 0.5]) and np.allclose(most[1], [0.5, 0.5, 0.5])
    assert (replace(found, positives=np.zeros(3), spread=drawn + 0.1).drawn_talk(0.0)[1] == 1).all()  # none was coded
    nothing = replace(found, spread=np.zeros((2, 3))).drawn_talk(0.95)
    assert (nothing[0] == 0).all() and (nothing[1] == 1).all()
