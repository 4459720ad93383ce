"""Gaps of a dyad: which profiles are compared, what is stated, and where nothing is."""

import math

import numpy as np
import pandas as pd
import pytest
from evidence import card_of, evidence_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecoder.annotations import Label
from rolecoder.codebook import Codebook, Role
from rolecoder.config import Bands, Gaps, Period, Profiles
from rolecoder.gaps import make_gaps, make_sensitivity, verdict
from rolecoder.measuring.resampling import Interval
from rolecoder.measuring.samples import NO_SAMPLE, Sample
from rolecoder.study.comparisons import comparisons

ROLES = ("leader", "ally", "protectee")
BOOK = Codebook(
    name="three",
    version="1",
    source="invented",
    roles=tuple(Role(code=c, name=c, rank=r, definition="") for c, r in zip(ROLES, (1, 5, 17), strict=True)),
)
FEW = Profiles(min_passages=2, min_documents=2, resamples=200, estimator="count")
DYAD = Gaps(dyads=("USA:JPN",))


def said(document, start, source, aspect, role, date="1990-08-13"):
    """A passage with its one coding, of a role of Japan."""
    place = f"{document}:{start}-{start + 5}"
    passage = {
        "passage_id": place,
        "document_id": document,
        "start": start,
        "end": start + 5,
        "text": "words",
        "before": "",
        "after": "",
        "words": 1,
        "speaker": None,
        "source": source,
        "source_reason": None,
        "addressee": None,
        "reported": False,
        "page": None,
        "doc_type": "telcon",
        "date": date,
    }
    coding = {
        "passage_id": place,
        "document_id": document,
        "role": role,
        "probability": 0.9,
        "threshold": 0.5,
        "source": source,
        "holder": "JPN",
        "holder_confidence": 1.0,
        "holder_reason": "",
        "aspect": aspect,
        "aspect_confidence": 1.0,
        "aspect_reason": "",
        "date": date,
    }
    return passage, coding


def gaps_of(spoken, study=FEW, gaps=DYAD, card=None, sample=NO_SAMPLE):
    passages, codings = zip(*spoken, strict=True) if spoken else ((), ())
    return make_gaps(evidence_of(passages, codings, ROLES, sample, card), BOOK, gaps, study)


def side(source, aspect, roles, prefix, per_document=1, date="1990-08-13"):
    return [said(f"{prefix}{i // per_document}", i * 10, source, aspect, role, date) for i, role in enumerate(roles)]


def labelled(passages, codings, aspect_of):
    """Labels of the passages by Japan, all of them known, that say of each what its coding does."""
    roles = {coding["passage_id"]: coding["role"] for coding in codings}
    return {
        p["passage_id"]: Label(
            label_id=p["passage_id"],
            text=p["text"],
            roles=(roles[p["passage_id"]],),
            holder="JPN",
            aspect=aspect_of(p["document_id"]),
            sampling_probability=1.0,
        )
        for p in passages
        if p["source"] == "JPN"
    }


@pytest.fixture
def crisis():
    """Washington prescribes the ally, half also the leader; Tokyo sees the protectee and does as an ally."""
    spoken = side("USA", "prescription", ["ally", "leader"] * 10, "u")
    spoken += side("JPN", "conception", ["protectee"] * 15 + ["ally"] * 5, "j")
    return spoken + side("JPN", "performance", ["ally"] * 12, "k")


def row(table, comparison, **more):
    found = table[(table["comparison"] == comparison)]
    for name, value in more.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_a_gap_compares_what_the_prescriber_asks_with_what_the_ally_sees(crisis):
    gaps, parts = gaps_of(crisis)
    gap = row(gaps, "prescription and conception")
    # (1/2, 1/2, 0) against (0, 1/4, 3/4)
    assert gap["total_variation_plain"] == pytest.approx(0.75)
    squared = (0.5 + 0.5 * math.log2(4 / 3) + 0.25 * math.log2(2 / 3) + 0.75) / 2
    assert gap["jensen_shannon_plain"] == pytest.approx(math.sqrt(squared))
    assert gap["activity_shift"] == pytest.approx((5 + 3 * 17) / 4 - (1 + 5) / 2)
    assert (gap["documents_left"], gap["passages_left"], gap["documents_right"], gap["passages_right"]) == (20,) * 4
    own = parts[parts["comparison"] == "prescription and conception"].set_index("role")
    assert own["contribution"].sum() == pytest.approx(gap["jensen_shannon_plain"] ** 2)
    assert own["difference"].to_dict() == pytest.approx({"leader": 0.5, "ally": 0.25, "protectee": -0.75})


def test_each_side_says_in_words_whose_texts_and_which_aspect_it_is(crisis):
    gap = row(gaps_of(crisis)[0], "prescription and conception")
    assert (gap["left"], gap["right"]) == ("USA about JPN: prescription", "JPN about itself: conception")


def test_performance_is_told_by_the_allys_texts_or_by_the_prescribers_and_never_by_both(crisis):
    told = side("USA", "performance", ["protectee", "leader"], "w")
    gaps, _ = gaps_of(crisis + told)
    own = row(gaps, "prescription and performance, by the ally's texts")
    other = row(gaps, "prescription and performance, by the prescriber's texts")
    assert (own["passages_right"], other["passages_right"]) == (12, 2)
    assert row(gaps, "conception and performance")["passages_right"] == 12


def test_a_gap_with_too_little_on_a_side_has_no_number_and_no_parts_and_says_which_side(crisis):
    gaps, parts = gaps_of(crisis)
    empty = row(gaps, "prescription and performance, by the prescriber's texts")
    assert (
        empty["note"]
        == "USA about JPN: performance: 0 passages coded with a role in 0 documents; the study asks for 2 in 2"
    )
    numbers = [n for n in gaps.columns if n.startswith(("jensen", "total", "activity", "earth", "agreement"))]
    assert len(numbers) > 15 and empty[[*numbers, "p_value", "test", "verdict"]].isna().all()
    assert "prescription and performance, by the prescriber's texts" not in set(parts["comparison"])


def test_the_corrected_distance_and_its_interval_lie_in_order(crisis):
    for _, gap in gaps_of(crisis)[0].dropna(subset=["jensen_shannon"]).iterrows():
        for name in ("jensen_shannon", "total_variation"):
            assert 0 <= gap[f"{name}_low"] <= gap[name] <= gap[f"{name}_high"] <= 1
            assert gap[name] <= gap[f"{name}_plain"] + 1e-12
        assert gap["activity_shift_low"] <= gap["activity_shift"] <= gap["activity_shift_high"]


def test_profiles_without_a_common_role_are_at_risk_of_rupture():
    gaps, _ = gaps_of(
        side("USA", "prescription", ["leader"] * 30, "u") + side("JPN", "conception", ["protectee"] * 30, "j")
    )
    gap = row(gaps, "prescription and conception")
    assert gap["jensen_shannon"] == pytest.approx(1.0)
    assert gap["activity_shift"] == gap["activity_shift_high"] == pytest.approx(16.0)
    assert gap["verdict"] == "risk of rupture"


def test_equal_profiles_with_much_behind_them_converge():
    roles = list(ROLES) * 100
    gaps, _ = gaps_of(side("USA", "prescription", roles, "u") + side("JPN", "conception", roles, "j"))
    gap = row(gaps, "prescription and conception")
    assert (gap["jensen_shannon"], gap["total_variation"], gap["verdict"]) == (0, 0, "convergence")


def test_two_samples_of_one_profile_are_not_called_a_gap_though_the_plain_distance_is():
    rng = np.random.default_rng(3)
    draw = lambda: list(rng.choice(ROLES, 15))  # noqa: E731
    gaps, _ = gaps_of(side("USA", "prescription", draw(), "u") + side("JPN", "conception", draw(), "j"))
    gap = row(gaps, "prescription and conception")
    assert gap["jensen_shannon_plain"] > 0.1
    assert gap["jensen_shannon_low"] == 0


def test_a_side_of_one_document_has_a_distance_but_no_interval_and_no_verdict():
    study = Profiles(min_passages=1, min_documents=1, estimator="count")
    gaps, _ = gaps_of(
        side("USA", "prescription", ["ally"], "u") + side("JPN", "conception", ["ally", "leader"], "j"), study
    )
    gap = row(gaps, "prescription and conception")
    assert gap["jensen_shannon"] == gap["jensen_shannon_plain"] > 0
    assert np.isnan(gap["jensen_shannon_low"]) and pd.isna(gap["verdict"])
    assert gap["method"] == "as found; no interval from one document"


def test_without_resamples_only_what_needs_them_lacks_an_interval(crisis):
    study = Profiles(min_passages=2, min_documents=2, resamples=0, estimator="count")
    gaps, parts = gaps_of(crisis, study)
    gap = row(gaps, "prescription and conception")
    assert np.isnan(gap["total_variation_low"])
    assert gap["jensen_shannon_low"] > 0
    assert len(parts) and parts[["difference_low", "difference_high"]].isna().all(axis=None)


def test_each_roles_difference_has_an_interval_that_holds_it(crisis):
    parts = gaps_of(crisis)[1]
    assert (parts["difference_low"] <= parts["difference"]).all()
    assert (parts["difference"] <= parts["difference_high"]).all()
    asked = row(parts, "prescription and conception", role="leader")  # of ten documents each
    assert 0 < asked["difference_low"] < 0.5 < asked["difference_high"] < 1


def test_documents_in_which_both_speak_are_resampled_jointly():
    # In every conversation both sides say the same.  Told apart as documents, that they go together is lost.
    def width(prefixes):
        spoken = []
        for i in range(40):
            spoken.append(said(f"{prefixes[0]}{i}", 0, "USA", "prescription", ROLES[i % 3]))
            spoken.append(said(f"{prefixes[1]}{i}", 10, "JPN", "conception", ROLES[i % 3]))
        gap = row(gaps_of(spoken)[0], "prescription and conception")
        return gap["activity_shift_high"] - gap["activity_shift_low"]

    assert width(("t", "t")) < 0.6 * width(("u", "j"))


def test_few_documents_with_nothing_in_common_leave_room_for_what_was_not_seen():
    def low(documents):
        spoken = side("USA", "prescription", ["leader"] * documents, "u")
        return row(gaps_of(spoken + side("JPN", "conception", ["protectee"] * documents, "j"))[0],
                   "prescription and conception")["jensen_shannon_low"]  # fmt: skip

    assert low(3) == 0
    assert 0.2 < low(10) < 0.7 < low(60) < 1


def test_few_documents_that_all_say_the_same_do_not_prove_convergence():
    gaps, _ = gaps_of(side("USA", "prescription", ["ally"] * 4, "u") + side("JPN", "conception", ["ally"] * 4, "j"))
    gap = row(gaps, "prescription and conception")
    assert gap["jensen_shannon"] == 0 and gap["jensen_shannon_high"] > 0.5
    assert gap["total_variation_high"] > 0.3 and gap["activity_shift_high"] > 5


def test_the_test_of_no_gap_is_clear_where_there_is_one_and_is_not_where_there_is_none(crisis):
    assert row(gaps_of(crisis)[0], "prescription and conception")["p_value"] == pytest.approx(1 / 201)
    roles = list(ROLES) * 10
    same, _ = gaps_of(side("USA", "prescription", roles, "u") + side("JPN", "conception", roles, "j"))
    assert row(same, "prescription and conception")["p_value"] == 1


def test_two_profiles_that_both_rest_on_error_rates_have_a_gap_that_carries_their_uncertainty():
    asked = side("USA", "prescription", ["leader", "ally"] * 12, "u", 4)
    passages, codings = zip(*asked, *side("JPN", "conception", ["protectee"] * 20, "j", 4), strict=True)
    card = card_of(ROLES, tp=700, fp=5, fn=300, tn=9500)
    study = FEW.model_copy(update={"estimator": "adjusted_count"})
    gaps, _ = make_gaps(evidence_of(passages, codings, ROLES, card=card), BOOK, DYAD, study)
    row = gaps.iloc[0]
    assert (row["estimator_left"], row["estimator_right"]) == ("adjusted count", "adjusted count")
    assert row["jensen_shannon_low"] <= row["jensen_shannon"] <= row["jensen_shannon_high"]


def test_ranks_and_agreement_stand_beside_the_distances(crisis):
    gap = row(gaps_of(crisis)[0], "prescription and conception")
    assert gap["earth_mover_plain"] == pytest.approx(gap["activity_shift"])  # all talk would move the same way
    # (.5, .5, 0) and (0, .25, .75): D = .25 + .0625 + .5625, E = (.5 - 1/3) + (.625 - 1/3)
    assert gap["agreement_plain"] == pytest.approx(1 - 0.875 / (0.5 + 0.625 - 2 / 3))


def test_verdicts_are_shown_under_bands_that_are_moved():
    roles = list(ROLES) * 100
    gaps, _ = gaps_of(side("USA", "prescription", roles, "u") + side("JPN", "conception", roles, "j"))
    high = row(gaps, "prescription and conception")["jensen_shannon_high"]
    ends = Bands(convergence=high + 0.02, strain=0.5, conflict=0.95)
    table = make_sensitivity(gaps.assign(verdict=gaps["verdict"]), ends).set_index("shift")["verdict"]
    assert table.to_dict() == {
        -0.1: "convergence to strain",
        -0.05: "convergence to strain",
        0.0: "convergence",
    }  # moved up, the last end would lie at 1 or beyond


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 0.1, "convergence"),
        (0.1, 0.2, "convergence"),
        (0.1, 0.3, "convergence to strain"),
        (0.21, 0.4, "strain"),
        (0.1, 0.9, "convergence to risk of rupture"),
        (0.7, 1.0, "risk of rupture"),
        (math.nan, math.nan, None),
    ],
)
def test_a_verdict_names_one_state_only_where_the_whole_interval_lies_in_it(low, high, words):
    assert verdict(Interval(value=0.2, low=low, high=high), Bands(convergence=0.2, strain=0.4, conflict=0.6)) == words


def test_a_row_of_gaps_can_be_read_without_the_study(crisis):
    bands = Bands(convergence=0.2, strain=0.4, conflict=0.6)
    study = FEW.model_copy(update={"level": 0.9, "unit": "words"})
    gaps, _ = gaps_of(crisis, study, DYAD.model_copy(update={"bands": bands}))
    assert gaps["note"].notna().any()
    for name, value in {
        "level": 0.9,
        "unit": "words",
        **{f"band_{k}": v for k, v in bands.model_dump().items()},
    }.items():
        assert (gaps[name] == value).all()
    for scored in gaps.dropna(subset=["verdict"]).to_dict("records"):
        ends = Bands(**{name: scored[f"band_{name}"] for name in ("convergence", "strain", "conflict")})
        low, high = scored["jensen_shannon_low"], scored["jensen_shannon_high"]
        assert verdict(Interval(value=scored["jensen_shannon"], low=low, high=high), ends) == scored["verdict"]


def test_each_period_has_its_own_gap_and_a_period_without_codings_says_so(crisis):
    late = side("JPN", "conception", ["ally"] * 4, "late", date="1992")
    gaps, _ = gaps_of(crisis + late, FEW.model_copy(update={"period": "year"}))
    assert set(gaps["period"]) == {"1990", "1992"}
    assert row(gaps, "prescription and conception", period="1990")["passages_right"] == 20
    assert "0 passages coded" in row(gaps, "prescription and conception", period="1992")["note"]


def test_named_periods_all_have_rows_even_where_nobody_speaks(crisis):
    named = tuple(Period(name=n, since=n, until=n) for n in ("1990", "1995"))
    gaps, _ = gaps_of(crisis, FEW.model_copy(update={"period": named}))
    assert list(gaps["period"].unique()) == ["1990", "1995"]


def test_without_any_coding_there_are_rows_that_say_so():
    gaps, parts = gaps_of([])
    assert len(gaps) == 4 and len(parts) == 0
    assert gaps["note"].notna().all()


def test_both_directions_and_many_dyads_are_scored_in_one_call_and_leave_each_other_as_they_are(crisis):
    alone, _ = gaps_of(crisis)
    many, _ = gaps_of(crisis, gaps=Gaps(dyads=("JPN:USA", "KOR:JPN", "USA:JPN", "USA:JPN")))
    assert len(many) == 3 * 4
    again = many[(many["prescriber"] == "USA") & (many["ally"] == "JPN")].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, alone)


def test_what_an_ally_says_of_itself_is_the_same_gap_for_every_prescriber(crisis):
    gaps, _ = gaps_of(crisis, gaps=Gaps(dyads=("USA:JPN", "KOR:JPN")))
    one, two = (row(gaps, "conception and performance", prescriber=p).drop("prescriber") for p in ("USA", "KOR"))
    pd.testing.assert_series_equal(one, two, check_names=False)


def test_the_comparisons_of_a_dyad_keep_their_names():
    assert [c.name for c in comparisons("USA", "JPN")] == [
        "prescription and conception",
        "prescription and performance, by the ally's texts",
        "prescription and performance, by the prescriber's texts",
        "conception and performance",
    ]


@settings(max_examples=25)
@given(
    asked=st.lists(st.sampled_from(ROLES), min_size=2, max_size=12),
    seen=st.lists(st.sampled_from(ROLES), min_size=2, max_size=12),
    shared=st.booleans(),
    random=st.randoms(use_true_random=False),
)
def test_gaps_keep_their_bounds_and_the_order_of_rows_changes_nothing(asked, seen, shared, random):
    spoken = side("USA", "prescription", asked, "t", per_document=2)
    spoken += [
        said(f"{'t' if shared else 'j'}{i % 3}", 1000 + i * 10, "JPN", "conception", r) for i, r in enumerate(seen)
    ]
    study = Profiles(min_passages=1, min_documents=1, resamples=50, estimator="count")
    gaps, parts = gaps_of(spoken, study)
    gap = row(gaps, "prescription and conception")
    for name in ("jensen_shannon", "total_variation"):
        assert 0 <= gap[name] <= 1 and 0 <= gap[f"{name}_plain"] <= 1 + 1e-12
    assert abs(gap["activity_shift"]) <= 16
    assert parts["contribution"].sum() == pytest.approx(gap["jensen_shannon_plain"] ** 2, abs=1e-9)
    again, parts_again = gaps_of(random.sample(spoken, len(spoken)), study)
    pd.testing.assert_frame_equal(again, gaps)
    pd.testing.assert_frame_equal(parts_again, parts)


def test_the_sides_of_a_gap_may_be_changed_over():
    usa, jpn = ["ally", "leader", "leader", "ally"], ["protectee", "ally", "protectee"]
    one, _ = gaps_of(side("USA", "prescription", usa, "u") + side("JPN", "conception", jpn, "j"))
    two, _ = gaps_of(side("USA", "prescription", jpn, "u") + side("JPN", "conception", usa, "j"))
    first, second = (row(table, "prescription and conception") for table in (one, two))
    assert first["jensen_shannon"] == pytest.approx(second["jensen_shannon"])
    assert first["activity_shift"] == pytest.approx(-second["activity_shift"])


def test_error_rates_of_the_model_widen_a_gap_and_the_sides_say_which_estimator_they_rest_on(crisis):
    card = card_of(ROLES, tp=60, fp=300, fn=40, tn=9700)
    study = FEW.model_copy(update={"estimator": "adjusted_count"})
    adjusted, plain = (
        row(found[0], "prescription and conception") for found in (gaps_of(crisis, study, card=card), gaps_of(crisis))
    )
    assert (adjusted["estimator_left"], plain["estimator_right"]) == ("adjusted count", "count")
    width = [gap["jensen_shannon_high"] - gap["jensen_shannon_low"] for gap in (adjusted, plain)]
    assert width[0] > width[1]
    assert adjusted["jensen_shannon_low"] <= adjusted["jensen_shannon"] <= adjusted["jensen_shannon_high"]


def test_emq_gives_no_test_since_it_has_no_parts_by_document_of_a_cell(crisis):
    card = card_of(ROLES, tp=600, fp=30, fn=400, tn=9700)
    card["error_rates"]["all"] = {r: rates | {"offset_error": 0.05} for r, rates in card["error_rates"]["all"].items()}
    gaps = gaps_of(crisis, FEW.model_copy(update={"estimator": "emq"}), card=card)[0]
    found = row(gaps, "prescription and conception")
    assert found["estimator_left"] == "EMQ" and not math.isnan(found["jensen_shannon"])
    assert math.isnan(found["p_value"]) and pd.isna(found["test"]) and "no test" in found["method"]


def test_doubt_about_error_rates_of_one_side_alone_counts_against_a_gap():
    asked = side("USA", "prescription", ["leader"] * 28 + ["ally"] * 12, "u", 2)
    spoken = [*asked, *side("JPN", "conception", ["leader"] * 16 + ["ally"] * 24, "j", 2)]
    passages, codings = zip(*spoken, strict=True)
    labels = labelled(passages, codings, lambda _: "conception")
    study = FEW.model_copy(update={"estimator": "auto", "min_labelled": 10})
    sure, unsure = (
        row(
            gaps_of(spoken, study, card=card, sample=Sample(labels=labels, strata={}))[0], "prescription and conception"
        )
        for card in (card_of(ROLES, tp=6000, fp=30, fn=4000, tn=97000), card_of(ROLES, tp=3, fp=3, fn=2, tn=970))
    )
    assert sure["p_value"] < unsure["p_value"]


def test_one_side_may_rest_on_hand_labels_and_the_other_on_error_rates(crisis):
    passages, codings = zip(*crisis, strict=True)
    labels = labelled(passages, codings, lambda name: "conception" if name.startswith("j") else "performance")
    study = FEW.model_copy(update={"estimator": "auto", "min_labelled": 10})
    card = card_of(ROLES, tp=60, fp=300, fn=40, tn=9700)
    gap = row(
        gaps_of(crisis, study, card=card, sample=Sample(labels=labels, strata={}))[0], "prescription and conception"
    )
    assert (gap["estimator_left"], gap["estimator_right"]) == ("adjusted count", "design-based")
    assert 0 < gap["jensen_shannon_low"] < gap["jensen_shannon_high"] <= 1


def test_what_stands_behind_labels_only_are_the_labelled_passages_with_a_role(crisis):
    coded = [spoken for spoken in crisis if spoken[0]["source"] == "JPN"]
    passages = [passage for passage, _ in coded]
    labels = {
        p["passage_id"]: Label(
            label_id=p["passage_id"],
            text=p["text"],
            roles=("ally",) if n in (0, 1, 2, 20, 21, 22, 23) else (),
            holder="JPN",
            aspect="conception" if n < 20 else "performance",
            sampling_probability=1.0,
        )
        for n, p in enumerate(passages)
    }
    study = FEW.model_copy(update={"estimator": "auto", "min_passages": 3})
    found = gaps_of(crisis, study, card=card_of(ROLES, 60, 30, 40, 9700), sample=Sample(labels=labels, strata={}))[0]
    gap = row(found, "conception and performance")
    assert (gap["estimator_left"], gap["estimator_right"]) == ("labels only", "labels only")
    assert (gap["passages_left"], gap["passages_right"]) == (3, 4) == (gap["documents_left"], gap["documents_right"])
    more = study.model_copy(update={"min_passages": 5})  # labels deny the others that the model coded
    found = gaps_of(crisis, more, card=card_of(ROLES, 60, 30, 40, 9700), sample=Sample(labels=labels, strata={}))[0]
    assert "3 passages coded or labelled with a role in 3 documents" in row(found, "conception and performance")["note"]


def test_a_side_of_which_corrections_leave_one_document_has_no_distance_and_says_so():
    asked = side("USA", "prescription", ["leader"] * 2, "once") + side(
        "USA", "prescription", ["leader"] * 14, "many", 14
    )
    passages, codings = zip(*asked, *side("JPN", "conception", ["ally"] * 40, "j", 4), strict=True)
    silent = [
        {**passages[0], "passage_id": f"s{n // 10}:{n % 10 * 10}-{n % 10 * 10 + 5}", "document_id": f"s{n // 10}"}
        for n in range(584)
    ]
    card = card_of(ROLES, tp=7000, fp=100, fn=3000, tn=9900)  # some six false alarms among the sixteen codings
    study = FEW.model_copy(update={"estimator": "adjusted_count"})
    rows, parts = make_gaps(evidence_of([*passages, *silent], codings, ROLES, card=card), BOOK, DYAD, study)
    found = row(rows, "prescription and conception")
    assert found["note"] == ("USA about JPN: prescription: what the corrections leave of it is of one document")
    assert np.isnan(found["jensen_shannon"]) and not len(parts)
