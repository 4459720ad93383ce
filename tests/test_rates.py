"""Error rates out of a model's card."""

import json

import numpy as np
import pytest
from evidence import card_of

from rolecoder.errors import RolecoderError
from rolecoder.measuring.rates import count_errors, error_rates, hardly_found, rate_effects, strayed_offsets

ROLES = ("leader", "ally")


def test_rates_are_those_of_the_card_when_much_stands_behind_them():
    found = error_rates(card_of(ROLES, tp=700, fp=100, fn=300, tn=9900), ROLES)
    assert found.sensitivity == pytest.approx([0.7, 0.7], abs=0.002)
    assert found.false_alarms == pytest.approx([0.01, 0.01], abs=0.001)
    assert found.drawn_sensitivity.mean() == pytest.approx(0.7, abs=0.01)
    assert 0.01 < found.drawn_sensitivity.std() < 0.02  # root of .7 x .3 / 1000 is .0145


def test_false_alarms_come_from_ordinary_text_where_enough_of_it_was_scored():
    card = card_of(ROLES, 70, 300, 30, 700, random=(5, 4, 5, 396))
    assert error_rates(card, ROLES).false_alarms == pytest.approx([0.01, 0.01], abs=0.002)
    few = card_of(ROLES, 70, 300, 30, 700, random=(5, 4, 5, 40))
    assert error_rates(few, ROLES).false_alarms == pytest.approx([0.3, 0.3], abs=0.01)


def test_a_genre_with_enough_labels_has_rates_of_its_own():
    card = card_of(ROLES, 70, 30, 30, 970, genre__telcon=(20, 10, 80, 290))
    assert error_rates(card, ROLES, "telcon").sensitivity[0] < 0.25
    assert error_rates(card, ROLES, "speech").sensitivity[0] > 0.6


def test_a_role_that_the_model_never_found_keeps_a_small_sensitivity_with_much_doubt():
    card = card_of(ROLES, 70, 10, 30, 990)
    card["error_rates"]["all"]["ally"] |= {"tp": 0, "fn": 12, "documents_positive": 12}
    found = error_rates(card, ROLES)
    assert 0.05 < found.sensitivity[1] < 0.3
    low, high = np.quantile(found.drawn_sensitivity[:, 1], [0.025, 0.975])
    assert low < 0.03 and high > 5 * low


def test_roles_that_the_model_may_hardly_find_are_named_with_what_was_found():
    card, names = card_of(ROLES, 70, 10, 30, 990), {"leader": "Leader", "ally": "Ally"}
    assert hardly_found(card, names) == "" == hardly_found({"name": "old"}, names)
    card["error_rates"]["all"]["ally"] |= {"tp": 1, "fn": 12, "documents_positive": 13}
    assert "labelled with them it did: Ally (1 of 13). That" in hardly_found(card, names)
    card["error_rates"]["all"]["ally"] |= {"tp": 13, "fn": 0, "fp": 900, "tn": 100}
    assert hardly_found(card, names) == ""  # it is found, if everywhere


def test_no_draw_says_that_the_model_sees_less_than_chance():
    found = error_rates(card_of(ROLES, 2, 40, 8, 60), ROLES)
    assert (found.drawn_sensitivity > found.drawn_false_alarms).all()


def test_a_model_without_error_rates_is_refused_with_what_to_do():
    with pytest.raises(RolecoderError, match="no error rates") as caught:
        error_rates({"name": "old"}, ROLES)
    assert "rolecoder train" in str(caught.value) and "rolecoder plan" in str(caught.value)


def test_genres_without_rates_of_their_own_share_the_draws():
    card = card_of(ROLES, 70, 10, 30, 990)
    speech, press = (error_rates(card, ROLES, genre) for genre in ("speech", "press"))
    assert (speech.drawn_sensitivity == press.drawn_sensitivity).all()


def test_the_shipped_model_says_how_far_its_calibration_is_known(root):
    card = json.loads((root / "models" / "holsti-17" / "bundle.json").read_text(encoding="utf-8"))
    roles = list(card["labels"]["roles"])
    spread = strayed_offsets(card, roles).std(axis=0)
    assert spread.shape == (17,) and (spread > 0.02).all() and (spread < 2).all()


def test_a_model_that_does_not_store_how_far_its_calibration_is_known_gives_no_emq():
    with pytest.raises(RolecoderError, match="how far its calibration is known"):
        strayed_offsets(card_of(ROLES, 70, 10, 30, 990), ROLES)


def test_false_alarms_are_of_the_genre_where_no_passages_were_drawn_at_random():
    card = card_of(ROLES, tp=700, fp=100, fn=300, tn=9900, genre__telcon=(80, 200, 20, 800))
    assert error_rates(card, ROLES, "telcon").false_alarms == pytest.approx([0.2, 0.2], abs=0.01)
    drawn = card_of(ROLES, tp=700, fp=100, fn=300, tn=9900, genre__telcon=(80, 200, 20, 800), random=(20, 5, 10, 965))
    assert error_rates(drawn, ROLES, "telcon").false_alarms == pytest.approx([0.005, 0.005], abs=0.003)


def test_decisions_are_counted_with_documents_and_mean_probabilities():
    truth, decided = np.array([[1], [1], [0], [0], [0]]), np.array([[1], [0], [1], [0], [0]])
    p = np.array([[0.9], [0.3], [0.6], [0.2], [0.1]])
    assert count_errors(truth, p, decided, ["a", "a", "a", "b", "c"], ["leader"])["leader"] == pytest.approx(
        {
            "tp": 1,
            "fp": 1,
            "fn": 1,
            "tn": 2,
            "documents_positive": 1,
            "documents_negative": 3,
            "effect_positive": 2.0,  # both are of one document
            "effect_negative": 3.0,  # three documents say so little that all count as one passage
            "probability_positive": 0.6,
            "probability_negative": 0.3,
            "offset_error": 0.3 / 0.79,  # strays of the documents .2, -.2 and -.1; the sum of p (1 - p) is .79
        }
    )


def test_a_role_that_never_occurs_has_no_mean_probability_of_positives():
    found = count_errors(np.zeros((2, 1)), np.full((2, 1), 0.1), np.zeros((2, 1)), ["a", "b"], ["leader"])["leader"]
    assert found["probability_positive"] is None and found["documents_positive"] == 0 and found["tn"] == 2


@pytest.mark.parametrize("alike", [1, 8])
def test_the_design_effect_of_a_rate_is_how_many_passages_of_a_document_err_alike(alike):
    given = np.repeat(np.random.default_rng(1).random((400, 3)) < 0.3, alike, axis=0)
    names = np.arange(len(given)) // alike
    assert rate_effects(given, np.ones_like(given), names) == pytest.approx([alike] * 3, rel=0.05)


def test_errors_that_are_not_alike_within_documents_count_each_by_itself():
    given = np.random.default_rng(2).random((2000, 3)) < 0.3
    effects = rate_effects(given, np.ones_like(given), np.arange(2000) // 20)
    assert (effects >= 1).all() and effects.max() < 1.6  # not 20


def test_a_role_with_few_telling_passages_takes_its_design_effect_from_all():
    rng = np.random.default_rng(3)
    given = np.repeat(rng.random((200, 2)) < 0.4, 5, axis=0)
    given[:, 1] = False
    given[7, 1] = True  # one that errs by itself
    inside = np.ones_like(given)
    effects = rate_effects(given, inside, np.arange(1000) // 5)
    assert effects[0] == pytest.approx(5, rel=0.05) and 4 < effects[1] < effects[0]


def test_the_doubt_about_a_rate_is_that_of_its_independent_passages():
    card = card_of(ROLES, tp=700, fp=100, fn=300, tn=9900)
    for counts in card["error_rates"]["all"].values():
        counts |= {"documents_positive": 50, "documents_negative": 50}
    before = error_rates(card, ROLES).drawn_sensitivity.std(axis=0)
    for counts in card["error_rates"]["all"].values():
        counts |= {"effect_positive": 4.0, "effect_negative": 4.0}
    after = error_rates(card, ROLES).drawn_sensitivity.std(axis=0)
    assert before == pytest.approx(np.sqrt(0.7 * 0.3 / 50), rel=0.1)  # a model that does not store it
    assert after == pytest.approx(np.sqrt(0.7 * 0.3 / 250), rel=0.1)


def test_roles_of_one_document_say_nothing_of_how_documents_part():
    alike, single = np.repeat([[1], [0], [1], [0]], 3, axis=0), np.tile([[1], [0]], (6, 1))
    names = np.arange(12) // 3
    alone = rate_effects(alike, np.ones_like(alike), names)[0]
    given, inside = np.hstack([alike, single]), np.hstack([np.ones((12, 1)), np.arange(12)[:, None] < 3])
    assert rate_effects(given, inside, names)[0] == pytest.approx(alone)
