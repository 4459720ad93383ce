import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from rolecoder.errors import RolecoderError
from rolecoder.evaluate import evaluate

ROLES = ("leader", "helper")


def score(truth, probabilities, decided, documents=None, **options):
    truth, probabilities, decided = np.array(truth), np.array(probabilities, dtype=float), np.array(decided)
    roles = [f"r{column}" for column in range(truth.shape[1])]
    return evaluate(truth, probabilities, decided, documents or [str(i) for i in range(len(truth))], roles, **options)


def made(seed, n=60, roles=4, ties=False):
    rng = np.random.default_rng(seed)
    truth = rng.random((n, roles)) < 0.3
    p = np.clip(0.6 * truth + 0.5 * rng.random((n, roles)), 0, 1)
    return truth, np.round(p, 1) if ties else p, p > 0.4


@pytest.mark.parametrize("ties", [False, True])
def test_scores_are_those_of_scikit_learn(ties):
    truth, p, decided = made(1, ties=ties)
    scores = score(truth, p, decided, resamples=0)
    precision, recall, f1, n = precision_recall_fscore_support(truth, decided)
    assert [r.precision.value for r in scores.roles] == pytest.approx(list(precision))
    assert [r.recall.value for r in scores.roles] == pytest.approx(list(recall))
    assert [r.f1.value for r in scores.roles] == pytest.approx(list(f1))
    assert [r.n for r in scores.roles] == list(n) and scores.macro_f1.value == pytest.approx(f1.mean())
    assert scores.micro_f1.value == pytest.approx(precision_recall_fscore_support(truth, decided, average="micro")[2])
    assert [r.average_precision.value for r in scores.roles] == pytest.approx(
        [average_precision_score(truth[:, r], p[:, r]) for r in range(4)]
    )
    assert scores.macro_f1.low is None and scores.resamples == 0


def test_any_role_counts_a_passage_once():
    scores = score([[1, 1], [0, 0], [1, 0]], [[0.9] * 2] * 3, [[1, 0], [0, 1], [0, 0]], resamples=0)
    assert scores.any_precision.value == scores.any_recall.value == scores.any_f1.value == 0.5


def test_calibration_error_of_a_worked_example():
    # bin .2: two passages, mean .2, one positive: |.2 - .5| x 2/4; bin .9: two, mean .95, both positive: .05 x 2/4
    scores = score([[1], [0], [1], [1]], [[0.2], [0.2], [0.9], [1.0]], [[0], [0], [1], [1]], resamples=0)
    assert scores.ece.value == pytest.approx(0.3 / 2 + 0.05 / 2)


def test_rare_roles_stay_out_of_the_compared_mean_only():
    truth = np.zeros((20, 2), dtype=int)
    truth[:8, 0] = truth[:7, 1] = 1
    decided = truth.copy()
    decided[:, 1] = 0
    scores = score(truth, decided * 0.9, decided, resamples=0)
    assert scores.macro_f1.value == 1 and scores.macro_f1_all.value == 0.5


def test_what_is_not_defined_is_none_and_never_zero():
    scores = score([[0, 1]], [[0.1, 0.9]], [[0, 0]], resamples=10)
    assert scores.roles[0].precision.value is scores.roles[0].recall.value is scores.roles[0].f1.value is None
    assert scores.roles[0].average_precision.value is None and scores.roles[1].precision.value is None
    assert scores.roles[1].recall.value == 0 and scores.macro_f1.value is None


def test_intervals_hold_the_value_follow_the_seed_and_widen_with_clustering():
    truth, p, decided = made(2, n=200)
    alone = score(truth, p, decided, resamples=300)
    again = score(truth, p, decided, resamples=300)
    assert alone == again != score(truth, p, decided, resamples=300, seed=1)
    for estimate in (alone.macro_f1, alone.micro_f1, alone.any_f1, alone.ece, alone.roles[0].average_precision):
        assert estimate.low <= estimate.value <= estimate.high
    repeated = [np.repeat(array[:20], 10, axis=0) for array in (truth, p, decided)]
    clustered = score(*repeated, [str(i // 10) for i in range(200)], resamples=300)
    separate = score(*repeated, resamples=300)
    assert clustered.n_documents == 20 and clustered.n == 200
    width = [s.micro_f1.high - s.micro_f1.low for s in (clustered, separate)]
    assert width[0] > 2 * width[1]


def test_a_resample_is_what_scoring_the_drawn_documents_gives():
    # one document with a hit, one with a miss: every resample is one of three tables, F1 = 1, 2/3 or 0
    scores = score([[1]] * 2, [[0.9], [0.1]], [[1], [0]], resamples=400)
    assert (scores.micro_f1.low, scores.micro_f1.value, scores.micro_f1.high) == (0, pytest.approx(2 / 3), 1)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_every_score_lies_between_0_and_1(seed, n):
    truth, p, decided = made(seed, n=n)
    scores = score(truth, p, decided, [str(i % 3) for i in range(n)], resamples=20)
    figures = [scores.macro_f1_all, scores.micro_f1, scores.any_f1, scores.ece]
    figures += [getattr(r, name) for r in scores.roles for name in ("precision", "recall", "f1", "average_precision")]
    for figure in figures:
        assert figure.value is None or 0 <= figure.value <= 1 + 1e-9
        assert figure.low is None or figure.low <= figure.high


def test_a_thousand_resamples_of_five_thousand_passages_take_seconds():
    import time

    truth, p, decided = made(3, n=5000, roles=17)
    start = time.process_time()
    score(truth, p, decided, [str(i // 2) for i in range(5000)], resamples=1000)
    assert time.process_time() - start < 15


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(RolecoderError, match="one row per passage"):
        evaluate(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2)), ["a"], ROLES)
    with pytest.raises(RolecoderError, match="at least one passage"):
        evaluate(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2)), [], ROLES)


def test_scores_can_be_written_as_json():
    import json

    shown = json.loads(json.dumps(score([[1]], [[0.9]], [[1]], resamples=5).as_json()))
    assert shown["roles"][0]["f1"]["value"] == 1 and shown["level"] == 0.95


def test_a_score_of_one_document_has_no_interval_and_a_perfect_one_of_few_a_wide_one():
    truth = np.eye(8, 2, dtype=int)
    truth[2:5, 1] = 1
    alone = score(truth, truth * 0.9, truth, ["d"] * 8, resamples=200)
    assert alone.micro_f1.value == 1 and alone.micro_f1.low is None
    one, four = score(truth, truth * 0.9, truth, resamples=200).roles
    assert (one.recall.value, one.recall.low) == (1, None)
    one_document = score(truth, truth * 0.9, truth, ["d"] * 5 + ["e", "f", "g"], resamples=200)
    assert one_document.any_recall.value == 1 and one_document.any_recall.low is None
    assert four.recall.value == four.recall.high == 1 and four.recall.low == pytest.approx(0.28, abs=0.02)
