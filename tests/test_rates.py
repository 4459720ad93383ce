"""Error rates out of a model's card."""

import json

import numpy as np
import pytest
from evidence import card_of

from rolecoder.errors import RolecoderError
from rolecoder.measuring.rates import error_rates, hardly_found, strayed_offsets

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
