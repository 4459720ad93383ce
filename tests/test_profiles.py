"""Role profiles: what is counted, what is not, and what is filled."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from evidence import card_of, evidence_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecoder.annotations import Label
from rolecoder.config import Period, Profiles
from rolecoder.errors import RolecoderError
from rolecoder.measuring.samples import NO_SAMPLE, Sample
from rolecoder.measuring.tallies import make_tallies
from rolecoder.profiles import LABELLED, labels_left_out, left_out, make_profiles
from rolecoder.tables import CODINGS, PASSAGES, PROFILES
from rolecoder.trends import make_trends

ROLES = ("leader", "ally", "protectee")
ALL = Profiles(min_passages=1, min_documents=1, estimator="count")
WORDS = defaultdict(lambda: 7)  # of a passage


def passage(document, start, source="JPN", date="1990-08-13"):
    return {
        "passage_id": f"{document}:{start}-{start + 5}",
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
        "doc_type": "speech",
        "date": date,
    }


def coding(of, role, holder="JPN", aspect="conception"):
    return {
        "passage_id": of["passage_id"],
        "document_id": of["document_id"],
        "role": role,
        "probability": 0.9,
        "threshold": 0.5,
        "source": of["source"],
        "holder": holder,
        "holder_confidence": 1.0,
        "holder_reason": "we",
        "aspect": aspect,
        "aspect_confidence": 1.0,
        "aspect_reason": "we",
        "date": of["date"],
    }


def profiles_of(passages, codings, study=ALL, roles=ROLES, sample=NO_SAMPLE, card=None):
    return make_profiles(evidence_of(passages, codings, roles, sample, card), study)


@pytest.fixture
def corpus():
    """Three documents of four passages by JPN, one of two by USA; seven passages coded."""
    passages = [passage(d, i * 10) for d in ("a", "b", "c") for i in range(4)]
    passages += [passage("u", i * 10, source="USA") for i in range(2)]
    codings = [
        coding(passages[0], "ally"),
        coding(passages[0], "protectee"),
        coding(passages[1], "ally"),
        coding(passages[4], "protectee"),
        coding(passages[8], "ally"),
        coding(passages[9], "ally", aspect="performance"),
        coding(passages[12], "ally", aspect="prescription"),
    ]
    return passages, codings


def test_share_is_of_codings_and_prevalence_of_all_passages_of_the_source(corpus):
    table = profiles_of(*corpus)
    cell = table[(table["source"] == "JPN") & (table["aspect"] == "conception")].set_index("role")
    assert cell["n_role"].to_dict() == {"leader": 0, "ally": 3, "protectee": 2}
    assert (cell["n_coded"] == 4).all() and (cell["n_documents"] == 3).all() and (cell["n_passages"] == 12).all()
    assert cell["share"].to_dict() == pytest.approx({"leader": 0, "ally": 3 / 5, "protectee": 2 / 5})
    assert cell["prevalence"].to_dict() == pytest.approx({"leader": 0, "ally": 3 / 12, "protectee": 2 / 12})


def test_every_role_of_the_codebook_stands_in_every_cell_and_a_zero_has_an_interval(corpus):
    table = profiles_of(*corpus)
    assert len(table) == 3 * 3
    zero = table[(table["role"] == "leader") & (table["aspect"] == "conception")].iloc[0]
    assert (zero["share"], zero["share_low"]) == (0, 0)
    assert 0 < zero["prevalence_high"] < zero["share_high"] < 1


def test_a_cell_with_too_little_behind_it_has_counts_but_no_number_and_says_why(corpus):
    table = profiles_of(*corpus, study=Profiles(min_passages=4, min_documents=3, estimator="count"))
    small = table[table["aspect"] != "conception"]
    assert small[["share", "share_low", "share_high", "prevalence", "prevalence_low"]].isna().all().all()
    assert set(small["note"]) == {"1 passage coded with a role in 1 document; the study asks for 4 in 3"}
    assert small["n_role"].sum() == 2
    assert table[table["aspect"] == "conception"]["note"].isna().all()


def test_a_cell_of_one_document_has_shares_but_no_interval(corpus):
    row = profiles_of(*corpus).query("source == 'USA' and role == 'ally'").iloc[0]
    assert row["share"] == 1 and np.isnan(row["share_low"])
    assert row["method"] == "count, not corrected for the coder's errors; no interval from one document"


def test_more_documents_with_the_same_shares_narrow_the_interval():
    def width(documents):
        passages = [passage(f"d{d}", i * 10) for d in range(documents) for i in range(2)]
        codings = [coding(p, ROLES[number % 2]) for number, p in enumerate(passages)]
        row = profiles_of(passages, codings).query("role == 'leader'").iloc[0]
        return row["share_high"] - row["share_low"]

    assert width(40) < width(10) < width(4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"holder": None}, "its holder is unknown"),
        ({"aspect": None}, "its aspect is unknown"),
        ({"holder": None, "aspect": None}, "its holder is unknown"),
    ],
)
def test_a_coding_with_an_unknown_is_counted_as_left_out_with_its_reason(corpus, change, reason):
    passages, codings = corpus
    codings[0] |= change
    (dropped,) = left_out(CODINGS.frame(codings), ALL, WORDS)
    assert (dropped.stage, dropped.item, dropped.start, dropped.end, dropped.words) == ("profiles", "a", 0, 5, 7)
    assert dropped.reason == f"a coding is in no profile: {reason}"
    (also,) = left_out(CODINGS.frame(codings), ALL, WORDS, labelled={codings[0]["passage_id"]})
    assert also.reason.startswith(dropped.reason) and also.reason.endswith(LABELLED)
    assert profiles_of(passages, codings)["n_role"].sum() == 6


def test_a_label_of_no_source_or_period_is_listed_with_its_reason_and_takes_no_codings_place():
    passages = [passage("a", 0), passage("b", 0, source=None), passage("c", 0, date=None), passage("d", 0, date="1992")]
    passages += [passage("e", 0, date="1990"), passage("f", 0, source=None)]
    study = ALL.model_copy(update={"period": (Period(name="crisis", since="1990-08", until="1991"),)})
    by_hand = {p["passage_id"] for p in passages[:5]}
    told = [(row.item, row.reason, row.words) for row in labels_left_out(PASSAGES.frame(passages), study, by_hand)]
    assert told == [
        ("b", "a label is in no profile: its source is unknown", 1),
        ("c", "a label is in no profile: the document has no date", 1),
        ("d", "a label is in no profile: outside the study's periods", 1),
        ("e", "a label is in no profile: the date 1990 is too imprecise for the study's periods", 1),
    ]
    codings = CODINGS.frame([coding(passages[0], "ally", holder=None), coding(passages[2], "ally")])
    nobodys, undated = left_out(codings, study, WORDS, labelled=by_hand)
    assert nobodys.reason.endswith(LABELLED) and undated.reason.endswith("the document has no date")
    assert not labels_left_out(PASSAGES.frame(passages[:1] + passages[2:]), ALL, by_hand)


def test_an_unknown_that_no_cell_asks_for_is_no_reason_to_leave_a_coding_out(corpus):
    passages, codings = corpus
    codings[0]["holder"] = None
    study = Profiles(by=("source",), min_passages=1, min_documents=1, estimator="count")
    assert left_out(CODINGS.frame(codings), study, WORDS) == []
    table = profiles_of(passages, codings, study)
    assert table["holder"].isna().all() and table["period"].isna().all()
    assert table["n_role"].sum() == 7


def test_without_the_source_the_prevalence_is_of_all_passages(corpus):
    passages, codings = corpus
    passages.append(passage("x", 0, source=None))
    study = Profiles(by=("holder",), min_passages=1, min_documents=1, estimator="count")
    assert set(profiles_of(passages, codings, study)["n_passages"]) == {15}


def test_periods_divide_the_passages_as_well_as_the_codings_and_the_undated_are_left_out():
    passages = [
        passage("a", 0, date="1990-08-13"),
        passage("a", 10, date="1990-08-13"),
        passage("b", 0, date="1991-01"),
    ]
    passages += [passage("c", 0, date=None), passage("d", 0, date="1990")]
    codings = [coding(p, "ally") for p in passages]
    study = Profiles(period="quarter", min_passages=1, min_documents=1, estimator="count")
    table = profiles_of(passages, codings, study).query("role == 'ally'")
    assert dict(zip(table["period"], table["n_passages"], strict=True)) == {"1990-Q3": 2, "1991-Q1": 1}
    assert [d.reason for d in left_out(CODINGS.frame(codings), study, WORDS)] == [
        "a coding is in no profile: the document has no date",
        "a coding is in no profile: the date 1990 is too imprecise for a quarter",
    ]


def test_a_cell_of_one_year_stands_in_every_year_in_which_its_source_speaks():
    passages = [passage("a", 0, date="1990"), passage("b", 0, date="1991"), passage("c", 0, date="1992")]
    passages += [passage("d", 0, date="1993", source="USA"), passage("e", 0, date=None)]
    codings = [coding(passages[0], "ally"), coding(passages[4], "ally", holder="KOR")]
    by_hand = labelled(passages[2], ("leader",), holder="JPN", aspect="performance")
    sample = Sample(labels={by_hand.label_id: by_hand}, strata={})
    study = Profiles(period="year", min_passages=1, min_documents=1, estimator="count", window=2)
    table = profiles_of(passages, codings, study, sample=sample).query("role == 'ally'")
    assert table[["source", "aspect", "period", "n_coded"]].values.tolist() == [
        ["JPN", aspect, year, int((aspect, year) == ("conception", "1990"))]
        for aspect in ("conception", "performance")
        for year in ("1990", "1991", "1992")
    ]  # not of what is undated, nor in a year without a word of JPN
    none = table[table["n_coded"] == 0]
    assert none["share"].isna().all() and none["note"].str.contains("the study asks for 1 in 1").all()
    trends = make_trends(evidence_of(passages, codings, ROLES, sample), study)[0].query("role == 'ally'")
    assert trends[["since", "aspect", "share"]].astype(object).where(trends.notna(), None).values.tolist() == [
        [since, aspect, 1.0 if (since, aspect) == (1990, "conception") else None]
        for since in (1990, 1991, 1992)
        for aspect in ("conception", "performance")
    ]


def test_named_periods_of_the_study_name_the_cells():
    passages = [passage("a", 0, date="1990-08-13"), passage("b", 0, date="1992")]
    study = Profiles(
        period=(Period(name="crisis", since="1990-08", until="1991"),),
        min_passages=1,
        min_documents=1,
        estimator="count",
    )
    table = profiles_of(passages, [coding(p, "ally") for p in passages], study)
    assert set(table["period"]) == {"crisis"}


def test_the_period_all_holds_every_passage_where_it_is_asked_for(corpus):
    study = Profiles(by=("source", "period"), min_passages=1, min_documents=1, estimator="count")
    assert set(profiles_of(*corpus, study=study)["period"]) == {"all"}


def test_no_codings_give_an_empty_table():
    assert len(profiles_of([passage("a", 0)], [])) == 0


def test_a_role_that_the_codebook_lacks_is_refused_with_the_closest(corpus):
    passages, codings = corpus
    codings[0]["role"] = "allies"
    with pytest.raises(RolecoderError, match="closest is 'ally'"):
        profiles_of(passages, codings)


@pytest.mark.parametrize("change", [{"passage_id": "z:0-5"}, {"source": "USA"}, {"document_id": "b"}, {"date": None}])
def test_a_coding_that_does_not_fit_its_passage_is_refused(corpus, change):
    passages, codings = corpus
    codings[0] |= change
    with pytest.raises(RolecoderError, match="passage"):
        profiles_of(passages, codings)


@st.composite
def studies(draw):
    documents = draw(st.lists(st.integers(1, 5), min_size=1, max_size=8))
    passages = [
        passage(f"d{d}", i * 10, source=draw(st.sampled_from(["JPN", "USA", None])))
        for d, size in enumerate(documents)
        for i in range(size)
    ]
    codings = []
    for p in passages:
        holder, aspect = (
            draw(st.sampled_from(["JPN", None])),
            draw(st.sampled_from(["conception", "performance", None])),
        )
        codings += [coding(p, role, holder, aspect) for role in draw(st.sets(st.sampled_from(ROLES), max_size=3))]
    return passages, codings


@settings(max_examples=40)
@given(study=studies())
def test_shares_of_a_cell_sum_to_one_and_kept_and_left_out_make_up_all_codings(study):
    passages, codings = study
    table = profiles_of(passages, codings)
    sums = table.groupby(["source", "holder", "aspect"])["share"].sum()
    assert np.allclose(sums, 1)
    assert table["n_role"].sum() + len(left_out(CODINGS.frame(codings), ALL, WORDS)) == len(codings)
    filled = table.dropna(subset=["share_low"])
    for name in ("share", "prevalence"):
        assert (filled[f"{name}_low"] <= filled[name] + 1e-12).all()
        assert (filled[name] <= filled[f"{name}_high"] + 1e-12).all()
    assert (table["n_role"] <= table["n_coded"]).all() and (table["n_coded"] <= table["n_passages"]).all()


@settings(max_examples=20)
@given(study=studies(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_and_other_cells_change_nothing(study, random):
    passages, codings = study
    table = profiles_of(passages, codings)
    shuffled = random.sample(passages, len(passages)), random.sample(codings, len(codings))
    pd.testing.assert_frame_equal(profiles_of(*shuffled), table)
    alone = profiles_of(passages, [c for c in codings if c["aspect"] == "conception"])
    same = table[table["aspect"] == "conception"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, same)


def labelled(of, roles=(), probability=0.5, stratum="1", holder="JPN", aspect="conception", undecided=()):
    return Label(
        label_id=of["passage_id"],
        text=of["text"],
        roles=tuple(roles),
        holder=holder if roles else None,
        aspect=aspect if roles else None,
        sampling_probability=probability,
        stratum=stratum,
        undecided=tuple(undecided),
    )


@pytest.fixture
def coded_by_hand():
    """Thirty documents of four passages by JPN; the model codes half of those that carry a role, and some that do not."""
    passages = [passage(f"d{n:02d}", i * 10) for n in range(30) for i in range(4)]
    truth = [("ally",) if n % 3 == 0 else ("protectee",) if n % 7 == 0 else () for n in range(120)]
    codings = [
        coding(p, role) for n, (p, roles) in enumerate(zip(passages, truth, strict=True)) for role in roles if n % 2
    ]
    codings += [coding(passages[n], "leader") for n in (4, 8, 10)]
    every_other = {p["passage_id"]: labelled(p, roles) for p, roles in list(zip(passages, truth, strict=True))[::2]}
    return passages, codings, truth, Sample(labels=every_other, strata={})


STUDY = Profiles(min_passages=1, min_documents=1)


def test_hand_labels_drawn_with_known_probability_correct_the_shares(coded_by_hand):
    passages, codings, truth, sample = coded_by_hand
    table = profiles_of(passages, codings, STUDY, sample=sample).set_index("role")
    found = [truth[n] for n in range(0, 120, 2)]
    assert set(table["estimator"]) == {"design-based"} and (table["n_labelled"] == 60).all()
    assert table.loc["ally", "n_positive"] == sum("ally" in roles for roles in found)
    assert table.loc["ally", "prevalence_plain"] == pytest.approx(sum(c["role"] == "ally" for c in codings) / 120)
    assert table.loc["ally", "prevalence"] > 1.5 * table.loc["ally", "prevalence_plain"]
    assert (table["prevalence_low"] <= table["prevalence"]).all() and (
        table["prevalence"] <= table["prevalence_high"]
    ).all()
    assert table["share"].sum() == pytest.approx(1)


def test_the_method_of_a_row_names_the_interval_that_the_row_has(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    table = profiles_of(passages, codings, STUDY.model_copy(update={"level": 0.9}), sample=sample).set_index("role")
    rare = {
        role: "; lower end Agresti and Coull's, as fewer than 3 labelled" in table.loc[role, "method"] for role in ROLES
    }
    assert rare == {role: bool(table.loc[role, "n_positive"] < 3) for role in ROLES} and set(rare.values()) == {
        True,
        False,
    }
    assert (table["level"] == 0.9).all()
    alone = profiles_of(passages, codings, STUDY.model_copy(update={"estimator": "count"}), sample=sample)
    assert not alone["method"].str.contains("Agresti").any()


def test_a_cell_without_codings_has_no_plain_share_to_compare(coded_by_hand):
    passages, _, _, sample = coded_by_hand
    table = profiles_of(passages, [], STUDY, sample=sample)
    assert table["share"].notna().all() and table["note"].isna().all()
    assert table["share_plain"].isna().all() and (table["prevalence_plain"] == 0).all()
    assert "missing too where the model gave no passage of the cell a role" in PROFILES.columns["share_plain"].meaning


def test_where_all_is_labelled_the_estimate_is_the_hand_count(coded_by_hand):
    passages, codings, truth, _ = coded_by_hand
    labels = {p["passage_id"]: labelled(p, roles, probability=1.0) for p, roles in zip(passages, truth, strict=True)}
    table = profiles_of(passages, codings, STUDY, sample=Sample(labels=labels, strata={})).set_index("role")
    for role in ROLES:
        assert table.loc[role, "prevalence"] == pytest.approx(sum(role in roles for roles in truth) / 120)


def test_a_role_that_no_label_has_is_none_where_all_is_labelled_whatever_the_rounding():
    passages = [passage(f"d{n:02d}", i * 10) for n in range(21) for i in range(2)]
    codings = [coding(p, "leader") for p in passages[::7]]
    labels = {p["passage_id"]: labelled(p, ("ally",) * (n % 3 == 0), probability=1.0) for n, p in enumerate(passages)}
    table = profiles_of(passages, codings, STUDY, sample=Sample(labels=labels, strata={})).set_index("role")
    assert table.loc["leader", "prevalence"] == 0 and table.loc["leader", "prevalence_high"] < 0.3


def test_a_cell_that_only_the_labels_know_is_in_the_table(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    first = next(iter(sample.labels))
    other = {first: labelled(passages[0], ("leader",), holder="USA", aspect="prescription")}
    table = profiles_of(passages, codings, STUDY, sample=Sample(labels={**sample.labels, **other}, strata={}))
    assert ("USA", "prescription") in set(zip(table["holder"], table["aspect"], strict=True))


def test_without_labels_the_models_error_rates_correct_the_count(corpus):
    card = card_of(ROLES, tp=700, fp=500, fn=300, tn=9500)
    table = (
        profiles_of(*corpus, study=STUDY, card=card)
        .query("source == 'JPN' and aspect == 'conception'")
        .set_index("role")
    )
    assert set(table["estimator"]) == {"adjusted count"} and "model-assumed" in table["method"].iloc[0]
    # 4 of 12 in all, of which 3 in this cell: (3/12 - 3/4 x .05) / (.7 - .05)
    assert table.loc["ally", "prevalence"] == pytest.approx((3 / 12 - 3 / 4 * 0.05) / 0.65, rel=0.02)
    assert table.loc["leader", "prevalence"] == 0 < table.loc["leader", "prevalence_high"]


def test_words_below_the_studys_minimum_leave_a_cell_unfilled(corpus):
    study = Profiles(min_passages=1, min_documents=1, min_words=4000, estimator="count")
    table = profiles_of(*corpus, study=study)
    assert table["share"].isna().all()
    assert table["note"].iloc[0].endswith("the study asks for 4,000")


def test_events_divide_time_into_what_is_before_between_and_after():
    study = Profiles(
        period={"events": [{"name": "invasion", "date": "1990-08-02"}, {"name": "truce", "date": "1991-03"}]}
    )
    assert [(p.name, p.since, p.until) for p in study.period] == [
        ("before invasion", "1000", "1990-08-01"),
        ("invasion to truce", "1990-08-02", "1991-02-28"),
        ("from truce on", "1991-03-01", "2099"),
    ]


def test_two_labelled_passages_are_too_few_to_divide_among_roles(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    few = {
        name: label if n < 2 or not label.roles else labelled(passages[0], ())
        for n, (name, label) in enumerate(sample.labels.items())
    }
    table = profiles_of(passages, codings, STUDY, sample=Sample(labels=few, strata={}))
    assert table["share"].isna().all()
    assert "labelled with a role by hand; 3 are needed" in table["note"].iloc[0]


def test_labels_of_all_passages_are_enough_however_few_they_are(corpus):
    passages, codings = corpus
    labels = {p["passage_id"]: labelled(p, ("ally",), probability=1.0) for p in passages if p["source"] == "JPN"}
    table = profiles_of(
        passages, codings, STUDY, sample=Sample(labels=labels, strata={}), card=card_of(ROLES, 70, 30, 30, 870)
    )
    own = table.query("source == 'JPN' and aspect == 'conception'").set_index("role")
    assert own.loc["ally", "prevalence"] == pytest.approx(1) and own.loc["ally", "n_positive"] == 12
    assert set(own["estimator"]) == {"design-based"}


def test_prevalences_are_of_passages_of_words_or_the_mean_over_documents():
    passages = [passage("a", i * 10) for i in range(4)] + [passage("b", 0)]
    for number, one in enumerate(passages):
        one["words"] = 10 * (number + 1)  # 10, 20, 30, 40 in a; 50 in b
    codings = [coding(passages[3], "ally"), coding(passages[4], "ally")]
    for unit, wanted in (("passages", 2 / 5), ("words", 90 / 150), ("documents", (1 / 4 + 1) / 2)):
        study = Profiles(min_passages=1, min_documents=1, estimator="count", unit=unit)
        table = profiles_of(passages, codings, study).set_index("role")
        assert table.loc["ally", "prevalence"] == pytest.approx(wanted), unit


def test_labels_too_few_to_correct_a_share_do_not_fill_its_cell(coded_by_hand):
    passages, _, truth, sample = coded_by_hand
    some = Sample(labels=dict(list(sample.labels.items())[:20]), strata={})
    card = card_of(ROLES, tp=700, fp=500, fn=300, tn=9500)
    codings = [coding(p, role) for p, roles in list(zip(passages, truth, strict=True))[-8:] for role in roles]
    study = Profiles(min_passages=5, min_documents=1)
    table = profiles_of(passages, codings, study, sample=some, card=card)
    assert table["note"].str.contains("the study asks for 5").all() and len(codings) < 5
    positive = sum(bool(label.roles) for label in some.labels.values())
    said = f"passages coded with a role ({positive} are labelled with one, too few labels to count) in "
    assert table["note"].str.contains(said, regex=False).all() and positive > 1
    count = profiles_of(passages, codings, study.model_copy(update={"estimator": "count"}), sample=some)
    assert count["note"].str.contains("labelled with one, left aside by count)", regex=False).all()


def test_a_role_left_open_bears_on_the_cell_of_its_label_alone(corpus):
    passages, codings = corpus
    here = [labelled(p, ["ally"] if n < 4 else [], probability=1.0) for n, p in enumerate(passages[:12])]
    open_label = replace(here[11], undecided=("leader",), holder="JPN", aspect="performance")
    sample = Sample(labels={label.label_id: label for label in [*here[:11], open_label]}, strata={})
    card = card_of(ROLES, tp=700, fp=500, fn=300, tn=9500)
    table = profiles_of(passages, codings, STUDY, sample=sample, card=card).set_index(["source", "aspect", "role"])
    assert table.loc[("JPN", "conception", "leader"), "prevalence"] == 0
    assert table.loc[("JPN", "conception", "ally"), "prevalence"] == pytest.approx(4 / 12)


def test_labels_correct_the_shares_from_the_number_that_the_study_asks_for(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    card = card_of(ROLES, tp=700, fp=500, fn=300, tn=9500)
    for count, estimator in ((29, "adjusted count"), (30, "design-based")):
        some = Sample(labels=dict(list(sample.labels.items())[:count]), strata={})
        table = profiles_of(passages, codings, STUDY, sample=some, card=card)
        assert estimator in set(table["estimator"]), count
        assert (table["estimator"] == "adjusted count").all() == (count == 29)


def test_trends_are_shares_of_windows_of_years_and_date_the_change():
    passages = [passage(f"d{y}{n}", i * 10, date=str(y)) for y in range(1970, 1990) for n in "ab" for i in range(2)]
    codings = [coding(p, "ally" if p["date"] < "1980" else "leader") for p in passages]
    undated = passage("x", 0, date=None)
    evidence = evidence_of([*passages, undated], [*codings, coding(undated, "protectee")], ROLES)
    study = Profiles(min_passages=1, min_documents=1, estimator="count", window=4)
    trends, changes = make_trends(evidence, study)
    assert sorted({(row.since, row.until) for row in trends.itertuples()}) == [(y, y + 3) for y in range(1970, 1987)]
    share = trends.set_index(["since", "role"])["share"]
    assert (
        share[1970, "ally"] == 1 and share[1978, "ally"] == share[1978, "leader"] == 0.5 and share[1986, "leader"] == 1
    )
    assert (trends[trends["role"] == "protectee"]["share"] == 0).all()  # what has no date is in no window
    (change,) = changes.to_dict("records")
    assert change["year"] == 1980 and change["year_low"] <= 1980 <= change["year_high"]
    assert "leader" in str(change["rises"]) and "ally" in str(change["falls"])


def test_codings_of_unknown_holder_bear_their_part_of_the_false_alarms():
    passages = [passage(f"d{n // 25}", n % 25 * 10) for n in range(1000)]
    card = card_of(ROLES, tp=8000, fp=200, fn=2000, tn=9800)
    study = Profiles(min_passages=1, min_documents=1, estimator="adjusted_count")
    known = [coding(p, "ally") for p in passages[::25]]
    half = [{**c, "holder": None} if n % 2 else c for n, c in enumerate(known)]
    shares = [
        profiles_of(passages, codings, study, card=card).set_index("role").loc["ally", "prevalence"]
        for codings in (known, half)
    ]
    assert shares[0] == pytest.approx((0.04 - 0.02) / 0.78, rel=0.01)
    assert shares[1] == pytest.approx(shares[0] / 2, rel=0.01)


def test_a_source_with_one_labelled_passage_stops_neither_profiles_nor_trends(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    alone = passage("usa", 0, source="USA")
    one = labelled(alone, ("ally",), holder="USA", aspect="conception")
    more = Sample(labels={**sample.labels, one.label_id: one}, strata={})
    every = [*codings, coding(alone, "ally", holder="USA")]
    card = card_of(ROLES, tp=700, fp=5, fn=300, tn=9500)
    found = evidence_of([*passages, alone], every, ROLES, more, card)
    trends, _ = make_trends(found, STUDY.model_copy(update={"window": 1, "estimator": "auto"}))
    assert len(trends)
    table = make_profiles(found, STUDY.model_copy(update={"estimator": "design_based"}))
    assert set(table.query("source == 'USA'")["note"]) == {
        "1 passage labelled by hand; the estimator design_based needs 2"
    }
    assert table.query("source == 'JPN'")["note"].isna().any()


def test_a_role_that_every_label_leaves_open_is_not_said_to_be_absent(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    unsure = {name: replace(label, undecided=("protectee",)) for name, label in sample.labels.items()}
    table = profiles_of(passages, codings, STUDY, sample=Sample(labels=unsure, strata={}))
    assert set(table["note"]) == {"every label leaves protectee undecided"} and table["share"].isna().all()


def test_a_count_that_the_models_sensitivity_cannot_explain_is_remarked_and_holds_the_plain_interval():
    passages = [passage(f"d{n // 10}", n % 10 * 10) for n in range(200)]
    card = card_of(ROLES, tp=300, fp=10, fn=700, tn=9990)
    study = Profiles(min_passages=1, min_documents=1, estimator="adjusted_count")
    codings = [coding(p, "ally") for n, p in enumerate(passages) if n % 2] + [coding(passages[0], "leader")]
    table = profiles_of(passages, codings, study, card=card).set_index("role")
    assert "error rates do not hold here" in table.loc["ally", "remark"]
    assert table.loc[["leader", "protectee"], "remark"].isna().all() and table["note"].isna().all()
    plain = profiles_of(passages, codings).set_index("role").loc["ally"]
    for what in ("share", "prevalence"):
        assert table.loc["ally", f"{what}_low"] <= plain[f"{what}_low"]
        assert table.loc["ally", f"{what}_high"] >= plain[f"{what}_high"] - 1e-12


@pytest.mark.parametrize("estimator", ["adjusted_count", "emq"])
def test_a_cells_part_of_the_codings_is_of_the_units_that_the_study_asks_for(estimator):
    # one long document speaks of its own role, nine short ones of another's; the role is in every second passage
    passages = [passage("long", i * 10) for i in range(100)]
    passages += [passage(f"short{n}", i * 10) for n in range(9) for i in range(6)]
    codings = [coding(p, "ally", holder="JPN" if p["document_id"] == "long" else "USA") for p in passages[::2]]
    card = card_of(ROLES, tp=9990, fp=10, fn=10, tn=9990)
    study = STUDY.model_copy(update={"estimator": estimator, "unit": "documents"})
    card["error_rates"]["all"] = {r: rates | {"offset_error": 0.01} for r, rates in card["error_rates"]["all"].items()}
    found = evidence_of(passages, codings, ROLES, card=card)
    table = make_profiles(found, study).set_index(["holder", "role"])["prevalence"]
    assert table["JPN", "ally"] == pytest.approx(0.05, abs=0.01)
    assert table["USA", "ally"] == pytest.approx(0.45, abs=0.02)


def test_labels_do_not_speak_of_passages_that_were_not_drawn_from(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    card = card_of(ROLES, tp=700, fp=5, fn=300, tn=9500)
    drawn_from = {p["passage_id"]: "all 1" for p in passages}
    later = [passage(f"e{n}", i * 10, date="1999-01-01") for n in range(5) for i in range(4)]
    known = Sample(labels=sample.labels, strata=drawn_from)
    assert set(profiles_of(passages, codings, STUDY, sample=known, card=card)["estimator"]) == {"design-based"}
    table = profiles_of([*passages, *later], codings, STUDY, sample=known, card=card)
    assert set(table["estimator"]) == {"adjusted count"}
    assert table["method"].str.contains("60 labels left aside: 20 of 140 passages were not drawn from").all()
    many = STUDY.model_copy(update={"min_passages": 1000})
    few = profiles_of([*passages, *later], codings, many, sample=known, card=card)
    assert few["note"].str.contains("labelled with one, labels drawn from a part of the passages)", regex=False).all()
    asked = STUDY.model_copy(update={"estimator": "design_based"})
    refused = profiles_of([*passages, *later], codings, asked, sample=known, card=card)
    assert refused["share"].isna().all() and refused["note"].str.contains("were not drawn from").all()
    by_year = STUDY.model_copy(update={"period": "year"})
    table = profiles_of([*passages, *later], codings, by_year, sample=known, card=card)
    assert set(table.query("period == '1990'")["estimator"]) == {"design-based"}


def test_a_cell_that_rests_on_labels_alone_needs_documents_enough_among_them():
    passages = [passage(f"d{n:02d}", i * 10) for n in range(30) for i in range(4)]
    codings = [coding(p, "leader") for p in passages[::13]]
    labels = {p["passage_id"]: labelled(p, ("ally",) * (n < 3)) for n, p in enumerate(passages) if n % 2 or n < 3}
    sample = Sample(labels=labels, strata={})
    table = profiles_of(passages, codings, STUDY, sample=sample).set_index("role")
    assert set(table["estimator"]) == {"labels only"} and table["n_positive"].sum() == 3
    asked = STUDY.model_copy(update={"min_documents": 3})
    table = profiles_of(passages, codings, asked, sample=sample)
    assert (
        set(table["note"]) == {"its passages labelled with a role are of 1 document; the study asks for 3"}
        and table["share"].isna().all()
    )


def test_a_passage_whose_label_denies_the_role_stands_behind_nothing(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    coded = sorted({row["passage_id"] for row in codings} & set(sample.labels))
    no = {name: replace(label, roles=()) if name in coded else label for name, label in sample.labels.items()}
    undecided = {name: replace(no[name], undecided=ROLES) if name in coded else no[name] for name in no}
    own, left_open = (
        make_tallies(evidence_of(passages, codings, ROLES, sample=Sample(labels=labels, strata={})), STUDY, ())[0]
        for labels in (no, undecided)
    )
    assert coded and left_open.behind - own.behind == len(coded)
    spoken_of = {row["passage_id"] for row in codings} - set(coded)
    assert own.behind == len(spoken_of | {name for name, label in no.items() if label.roles})
    aside = STUDY.model_copy(update={"estimator": "count"})
    (whole,) = make_tallies(evidence_of(passages, codings, ROLES, sample=Sample(labels=no, strata={})), aside, ())
    assert whole.behind == whole.coded == len({row["passage_id"] for row in codings})


def test_behind_a_cell_of_which_labels_are_too_few_stands_all_that_counts(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    carry = sorted(name for name, label in sample.labels.items() if label.roles)
    few = {name: label if name in carry[:2] else replace(label, roles=()) for name, label in sample.labels.items()}
    evidence = evidence_of(passages, codings, ROLES, sample=Sample(labels=few, strata={}))
    (found,) = make_tallies(evidence, STUDY, ())
    assert found.note is not None and found.note.startswith("2 passages labelled with a role by hand")
    unlabelled = {row["passage_id"] for row in codings} - set(few)
    assert found.behind == len(unlabelled | set(carry[:2]))


def test_a_label_without_a_holder_is_no_proof_that_the_cell_lacks_its_role(coded_by_hand):
    passages, codings, _, sample = coded_by_hand
    carry = [name for name, label in sample.labels.items() if "ally" in label.roles]
    half = {name: replace(label, holder=None) if name in carry[::2] else label for name, label in sample.labels.items()}
    denied = {name: replace(label, roles=()) if name in carry[::2] else label for name, label in sample.labels.items()}
    unsaid, no = (
        profiles_of(passages, codings, STUDY, sample=Sample(labels=some, strata={})).set_index("role")
        for some in (half, denied)
    )
    assert unsaid.loc["ally", "n_positive"] == no.loc["ally", "n_positive"]
    assert unsaid.loc["ally", "prevalence"] > no.loc["ally", "prevalence"]
