"""Holding the findings against the literature: the rule, hand-computed."""

import dataclasses

import pytest
from findings import make_findings

from rolecoder.config import Expectation, Study
from rolecoder.report.expectations import hold, same_comparison, standing

OWN = {"text": "Japan is a protectee.", "citation": "nobody (1990)", "holder": "JPN", "aspect": "conception"}


def row(role, share, low, high):
    return {"role": role, "share": share, "share_low": low, "share_high": high}


def verdict(**expectation):
    held = hold(make_findings(expectations=[expectation]))
    return held[0].verdict, held[0]


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.07, 0.3, "stands out"), (0.0, 0.05, "stands back"), (0.02, 0.2, "open")]
)
def test_a_role_stands_out_where_its_interval_lies_above_an_even_share(low, high, expected):
    assert standing(row("bridge", 0.04, low, high), None, 1 / 17) == expected


def test_a_role_stands_back_where_its_interval_lies_below_that_of_the_largest_other():
    small, large = row("bridge", 0.05, 0.01, 0.11), row("developer", 0.6, 0.45, 0.75)
    assert standing(small, large, 1 / 17) == "stands back"


def test_a_role_without_an_interval_is_open():
    assert standing(row("bridge", 0.5, float("nan"), float("nan")), None, 1 / 17) == "open"


def test_the_finding_agrees_where_the_named_roles_are_the_largest():
    said, held = verdict(**OWN, roles=["protectee", "internal_development"])
    assert said == "agrees", held
    assert "Protectee" in held.found and "n = " in held.found and "[" in held.found


def test_the_finding_agrees_in_part_where_another_role_is_larger():
    said, held = verdict(**OWN, roles=["internal_development"])
    assert (said, "Protectee, not named, has a larger share" in held.why) == ("agrees in part", True)


def test_the_finding_agrees_in_part_where_one_of_two_roles_stands_out():
    assert verdict(**OWN, roles=["protectee", "bridge"])[0] == "agrees in part"


def test_the_finding_does_not_agree_where_no_named_role_stands_out():
    assert verdict(**OWN, roles=["regional_leader", "bridge"])[0] == "does not agree"


def test_too_few_passages_cannot_tell():
    findings = make_findings(min_passages=500, expectations=[{**OWN, "roles": ["protectee"]}])
    held = hold(findings)[0]
    assert held.verdict == "cannot be told" and held.why.startswith("too few passages (n = ")


def test_a_profile_that_does_not_exist_cannot_tell():
    held = hold(make_findings(expectations=[{**OWN, "holder": "KOR", "roles": ["protectee"]}]))[0]
    assert (held.verdict, held.why) == ("cannot be told", "not among the findings")


GAP = {"text": "They diverge.", "citation": "nobody (1990)", "dyad": "USA:JPN", "comparison": "prescription-conception"}


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({}, "agrees"),
        ({"above": 0.9}, "cannot be told"),
        ({"below": 0.5}, "does not agree"),
        ({"above": 0.5}, "agrees"),
    ],
)
def test_a_gap_agrees_where_its_whole_interval_lies_on_the_expected_side(limit, expected):
    assert verdict(**GAP, **limit)[0] == expected


def test_a_gap_above_one_cannot_be_reached_and_does_not_agree():
    assert verdict(**{**GAP, "above": 1.0})[0] in ("does not agree", "cannot be told")


def test_a_gap_that_was_not_scored_cannot_tell():
    held = hold(make_findings(n_documents=4, expectations=[GAP]))[0]
    assert held.verdict == "cannot be told"
    assert "no distance" in held.found


def test_a_gap_without_an_interval_cannot_tell():
    findings = make_findings(expectations=[GAP])
    bare = findings.gaps.assign(jensen_shannon_low=float("nan"), jensen_shannon_high=float("nan"))
    assert hold(dataclasses.replace(findings, gaps=bare))[0].why == "no interval was computed"


def test_comparisons_are_the_same_whatever_stands_between_the_aspects():
    assert same_comparison("prescription-conception", "prescription and conception")
    assert same_comparison("Prescription vs. conception", "prescription and conception")
    assert not same_comparison("conception-prescription", "prescription and conception")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "t", "citation": "c"},
        {**OWN, "roles": ["bridge"], "dyad": "USA:JPN", "comparison": "x"},
        {**GAP, "above": 0.1, "below": 0.9},
        {**GAP, "dyad": "USA"},
        {**OWN},
    ],
)
def test_an_expectation_is_either_of_roles_or_of_a_gap(wrong):
    with pytest.raises(ValueError, match=r"expectation|dyad"):
        Expectation.model_validate(wrong)


def test_a_study_holds_expectations():
    study = Study.model_validate(
        {"study": "s", "corpora": [{"path": "x"}], "gaps": {"dyads": ["USA:JPN"]}, "expectations": [{**GAP}]}
    )
    assert study.expectations[0].comparison == "prescription-conception"
