"""Which passages to label, and how many."""

import numpy as np
import pytest
from evidence import evidence_of
from hypothesis import given
from hypothesis import strategies as st
from test_profiles import coding, labelled, passage

from rolecoder.config import Profiles
from rolecoder.errors import RolecoderError
from rolecoder.measuring.samples import Sample
from rolecoder.measuring.strata import draw, stratify
from rolecoder.plan import _Outlook, as_coded, beside, plan_labels, said_around
from rolecoder.profiles import make_profiles

ROLES = ("leader", "ally", "protectee")


@given(
    expected=st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=200),
    budget=st.integers(1, 250),
    seed=st.integers(0, 9),
)
def test_every_passage_can_be_drawn_and_the_probabilities_are_those_of_the_draw(expected, budget, seed):
    strata = stratify(np.array(expected), budget)
    drawn, probability = draw(strata, budget, np.random.default_rng(seed), np.zeros(len(strata), dtype=bool))
    assert (probability > 0).all() and (probability <= 1).all()
    assert drawn.sum() == min(budget, len(expected))
    for stratum in np.unique(strata):
        inside = strata == stratum
        assert drawn[inside].mean() == pytest.approx(probability[inside][0])


def test_what_no_draw_before_could_reach_is_drawn_from_whatever_the_budget():
    strata = np.repeat([0, 1], [100, 40])
    done = np.arange(140) < 60
    drawn, chance = draw(strata, 10, np.random.default_rng(0), done)
    assert drawn[:100].sum() == 60 and drawn[100:].sum() == 12 and (chance > 0).all()


def test_a_second_draw_keeps_what_was_drawn_before():
    strata, rng = np.repeat([0, 1], [90, 10]), np.random.default_rng(0)
    first, _ = draw(strata, 20, rng, np.zeros(100, dtype=bool))
    more, probability = draw(strata, 40, rng, first)
    assert more[first].all() and more.sum() == 40
    assert probability[[0, 99]].tolist() == [30 / 90, 1.0]
    assert (draw(strata, 10, rng, more)[0] == more).all()


def test_passages_in_which_more_is_expected_are_drawn_more_often():
    expected = np.r_[np.full(900, 0.01), np.full(100, 1.0)]
    strata = stratify(expected, 100)
    _, probability = draw(strata, 100, np.random.default_rng(0), np.zeros(1000, dtype=bool))
    assert probability[950] > 3 * probability[10]
    assert len(np.unique(strata)) <= 8


def test_over_many_draws_weighing_by_the_probability_gives_the_truth():
    rng = np.random.default_rng(1)
    expected = rng.random(400)
    truth = rng.random(400) < expected / 2
    found = []
    for _ in range(300):
        drawn, probability = draw(stratify(expected, 60), 60, rng, np.zeros(400, dtype=bool))
        found.append((truth / probability)[drawn].sum() / 400)
    assert np.mean(found) == pytest.approx(truth.mean(), abs=4 * np.std(found) / 300**0.5)


@pytest.fixture
def run():
    passages = [passage(f"d{n:02d}", i * 10) for n in range(60) for i in range(10)]
    passages += [passage(f"u{n}", i * 10, source="USA") for n in range(5) for i in range(4)]
    codings = [coding(p, "ally") for p in passages[::7]]
    return passages, codings


STUDY = Profiles(min_labelled=2)


def test_the_narrower_the_interval_asked_for_the_more_there_is_to_label(run):
    evidence = evidence_of(*run, ROLES)
    sizes = []
    for width in (0.3, 0.15, 0.1):
        table, rows, needs = plan_labels(evidence, STUDY, width, sources=["JPN"])
        assert [need.where for need in needs] == ["JPN"]
        assert needs[0].reached <= width and needs[0].drawn == len(rows) == needs[0].wanted
        assert len(table) == 600 and {row["source"] for row in rows} == {"JPN"}
        sizes.append(len(rows))
    assert sizes[0] < sizes[1] < sizes[2]


def test_what_documents_alone_leave_wide_is_said_and_not_all_is_drawn(run):
    _, rows, needs = plan_labels(evidence_of(*run, ROLES), STUDY, 0.001, sources=["JPN"])
    assert needs[0].reached > 0.001 and len(rows) < 600


@pytest.mark.parametrize("unit", ["words", "documents"])
def test_the_width_is_that_of_the_studys_unit(unit):
    passages = [passage(f"d{n:02d}", i * 10) for n in range(60) for i in range(2 if n % 2 else 20)]
    passages = [p | {"words": 300 if n % 9 == 0 else 10} for n, p in enumerate(passages)]
    codings = [coding(p, "ally") for p in passages[::7]]
    study, by_passages = (Profiles(min_labelled=2, unit=name, by=("source",)) for name in (unit, "passages"))
    drawn, rows, (need,) = plan_labels(evidence_of(passages, codings, ROLES), study, 0.25)
    (plain,) = plan_labels(evidence_of(passages, codings, ROLES), by_passages, 0.25)[2]
    assert need.wanted > 1.3 * plain.wanted and need.reached <= 0.25
    by_id = {p["passage_id"]: p for p in passages}
    said = {row["id"]: ("ally",) if n % 4 == 0 else () for n, row in enumerate(rows)}
    labels = {
        row["id"]: labelled(by_id[row["id"]], said[row["id"]], row["sampling_probability"], row["stratum"])
        for row in rows
    }
    strata = dict(zip(drawn["passage_id"], drawn["stratum"], strict=True))
    coded = evidence_of(passages, codings, ROLES, sample=Sample(labels=labels, strata=strata))
    table = make_profiles(coded, study)
    found = (table["prevalence_high"] - table["prevalence_low"]).max()
    assert plan_labels(coded, study, 0.25, drawn=drawn)[2][0].width == pytest.approx(found, rel=0.15)


def test_rows_hold_what_a_coder_needs_and_the_draw_is_the_same_each_time(run):
    first = plan_labels(evidence_of(*run, ROLES), STUDY, 0.2)[1]
    again = plan_labels(evidence_of(run[0][::-1], run[1], ROLES), STUDY, 0.2)[1]
    assert first == again
    assert {"id", "text", "before", "after", "roles", "holder", "aspect", "sampling_probability", "stratum"} <= set(
        first[0]
    )
    assert {row["roles"] for row in first} == {None}


def test_a_coder_sees_what_others_said_before_and_after_a_passage():
    text = "Q. Will you help?\nA. We shall.\nQ. " + "And how? " * 60
    start = text.index("We shall.")
    shown = said_around(text, f"doc:1:{start}-{start + 9}")
    assert shown["said_before"] == "Q. Will you help? A." and shown["said_after"].startswith("Q. And how?")
    assert len(shown["said_after"].split()) == 70


def test_a_second_draw_keeps_the_labels_and_adds_to_their_strata(run):
    evidence = evidence_of(*run, ROLES)
    table, rows, _ = plan_labels(evidence, STUDY, 0.25, sources=["JPN"])
    by_id = {p["passage_id"]: p for p in run[0]}
    labels = {
        row["id"]: labelled(
            by_id[row["id"]], ("ally",) if n % 5 == 0 else (), row["sampling_probability"], row["stratum"]
        )
        for n, row in enumerate(rows)
    }
    coded = evidence_of(
        *run, ROLES, sample=Sample(labels=labels, strata=dict(zip(table["passage_id"], table["stratum"], strict=True)))
    )
    more, added, needs = plan_labels(coded, STUDY, 0.12, sources=["JPN"], drawn=table)
    assert needs[0].labelled == len(rows) and needs[0].drawn == len(added) - len(rows) > 0
    assert {row["id"] for row in added[: len(rows)]} == set(labels)
    enough = plan_labels(coded, STUDY, 0.9, sources=["JPN"], drawn=table)[2][0]
    assert enough.wanted == enough.labelled + enough.drawn == len(rows)  # not the few that so wide intervals ask for
    merged = more.merge(table, on="passage_id", suffixes=("", "_before"))
    assert (merged["stratum"] == merged["stratum_before"]).all()
    assert (merged["sampling_probability"] >= merged["sampling_probability_before"] - 1e-9).all()


def test_a_draw_from_one_source_keeps_the_strata_of_the_draw_from_another(run):
    evidence = evidence_of(*run, ROLES)
    usa, jpn = (plan_labels(evidence, STUDY, 0.25, sources=[source])[0] for source in ("USA", "JPN"))
    both = beside(jpn, usa)
    assert len(both) == len(usa) + len(jpn) == 620
    assert set(both["stratum"]) == {*usa["stratum"], *jpn["stratum"]}
    again = beside(jpn, both.assign(stratum="old"))
    assert set(again["stratum"]) == {"old", *jpn["stratum"]} and len(again) == 620


def test_labels_of_another_draw_stand_for_themselves_and_the_new_ones_for_the_rest(run):
    own = [p for p in run[0] if p["source"] == "JPN"]
    labels = {p["passage_id"]: labelled(p, (), (0.5, 0.25)[n % 2], f"old {n % 2}") for n, p in enumerate(own[:100])}
    coded = evidence_of(*run, ROLES, sample=Sample(labels=labels, strata={}))
    truth = {p["passage_id"]: n % 7 == 0 or n < 60 for n, p in enumerate(own)}  # far from the labels' own mean
    found = []
    for seed in range(60):
        table, rows, needs = plan_labels(coded, Profiles(min_labelled=2, seed=seed), 0.5, sources=["JPN"])
        assert {row["sampling_probability"] for row in rows[:100]} == {1.0}
        assert {row["id"] for row in rows[:100]} == set(labels) and len(rows) == needs[0].wanted == 112
        chances = table.set_index("passage_id")["sampling_probability"]
        assert len(table) == 600 and (chances > 0).all()
        found.append(sum(truth[row["id"]] / row["sampling_probability"] for row in rows) / 600)
    assert np.mean(found) == pytest.approx(np.mean(list(truth.values())), abs=4 * np.std(found) / 60**0.5)


def test_strata_that_are_labelled_whole_take_nothing_from_the_others():
    strata, rng = np.repeat([0, 1], [100, 100]), np.random.default_rng(0)
    drawn, _ = draw(strata, 110, rng, strata == 0)
    assert drawn.sum() == 110


def test_undated_passages_are_named_as_the_reason_where_time_is_divided(run):
    undated = [p | {"date": None} for p in run[0]]
    with pytest.raises(RolecoderError, match=r"(?s)period: year: no passage to draw from: none falls into.*period all"):
        plan_labels(evidence_of(undated, [], ROLES), Profiles(period="year"), 0.1)


def test_a_row_that_was_coded_keeps_all_that_stands_in_its_file_but_the_draw(run):
    row = plan_labels(evidence_of(*run, ROLES), STUDY, 0.2)[1][0]
    filed = {"id": row["id"], "roles": ["protectee"], "coders": 2, "my notes": "?", "stratum": "old", "text": "old"}
    assert as_coded(row, None) == row
    kept = as_coded(row, filed)
    assert kept == row | {"roles": "protectee", "coders": 2, "my notes": "?"}
    assert as_coded(row, filed | {"roles": []})["roles"] == "none"
    assert as_coded({}, filed, but=()) == {**filed, "roles": "protectee"}


def test_a_source_that_says_nothing_is_an_error(run):
    with pytest.raises(RolecoderError, match="no passage of FRA to draw from; expected one of "):
        plan_labels(evidence_of(*run, ROLES), STUDY, 0.1, sources=["FRA"])


def test_few_documents_make_the_interval_that_labels_will_reach_wider():
    share, variance = np.array([0.1]), np.array([0.0004])
    few, many = (_Outlook(share, variance, share * 0.5, 0.95, documents).width(200) for documents in (4, 200))
    assert few > 1.4 * many
