import numpy as np
import pytest
from scipy.special import expit

from rolecoder.learning.calibrate import choose_thresholds, weigh_blocks


def drawn(n=4000, seed=0):
    """Scores whose true log-odds are 1.5 x first - 2; the second block is noise."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, 2, 2))
    truth = (rng.random((n, 2)) < expit(1.5 * scores[:, :, 0] - 2)).astype(np.int8)
    return scores, truth


def test_slopes_and_offsets_that_made_the_labels_are_found_again():
    slopes, offsets = weigh_blocks(*drawn())
    assert slopes == pytest.approx(np.array([[1.5, 0], [1.5, 0]]), abs=0.15)
    assert offsets == pytest.approx(np.array([-2, -2]), abs=0.15)


def test_calibrated_probabilities_have_the_mean_of_the_labels():
    scores, truth = drawn()
    slopes, offsets = weigh_blocks(scores, truth)
    assert expit((scores * slopes).sum(axis=-1) + offsets).mean(axis=0) == pytest.approx(truth.mean(axis=0), abs=1e-3)


def test_a_rare_roles_slopes_are_pulled_toward_the_common_ones():
    scores, truth = drawn()
    rare = np.flatnonzero(truth[:, 1])[:3]  # three passages that happen to score low
    scores[rare, 1, 0] = -2
    truth[:, 1] = 0
    truth[rare, 1] = 1
    slopes, offsets = weigh_blocks(scores, truth)
    common = weigh_blocks(scores[:, :1], truth[:, :1])[0][0, 0]
    assert -0.5 < slopes[1, 0] < common and np.isfinite(offsets).all()


def test_the_threshold_of_a_common_role_is_near_the_one_that_is_best_for_f1():
    rng = np.random.default_rng(1)
    p = rng.random((20_000, 1))
    truth = (rng.random(p.shape) < p).astype(np.int8)
    # calibrated and uniform: F1 at t is (1 - t^2) / (.5 + 1 - t), best where t = F1 / 2 = 1 - sqrt(.5) / ... = .38
    grid = np.linspace(0, 0.9, 901)
    best = grid[np.argmax((1 - grid**2) / (1.5 - grid))]
    assert choose_thresholds(p, truth)[0] == pytest.approx(best, abs=0.05)


def test_a_role_with_few_passages_takes_the_threshold_of_all():
    rng = np.random.default_rng(2)
    p = rng.random((4000, 2))
    truth = (rng.random(p.shape) < p).astype(np.int8)
    truth[:, 1] = 0
    truth[np.argmax(p[:, 1]), 1] = 1  # its own best threshold would be next to 1
    thresholds = choose_thresholds(p, truth)
    assert thresholds[1] < 0.9 and thresholds.shape == (2,) and ((thresholds > 0) & (thresholds < 1)).all()


def test_raised_thresholds_stay_below_1():
    p = np.linspace(0.01, 0.99, 400)[:, None]
    truth = (p > 0.9).astype(np.int8)
    plain, raised, most = (choose_thresholds(p, truth, times)[0] for times in (1.0, 1.05, 9.0))
    assert raised == pytest.approx(1.05 * plain) and most == 0.99


def test_a_role_without_passages_has_a_threshold_too():
    thresholds = choose_thresholds(np.full((10, 1), 0.1), np.zeros((10, 1), dtype=np.int8))
    assert 0 < thresholds[0] < 1


def test_of_thresholds_that_are_all_the_best_the_middle_one_is_taken():
    odds = np.array([-3.0] * 300 + [2.0] * 300)[:, None]
    truth = (odds > 0).astype(np.int8)
    threshold = choose_thresholds(expit(odds), truth)[0]
    assert np.log(threshold / (1 - threshold)) == pytest.approx(-0.5, abs=0.3)
