"""Dates and periods."""

import doctest

import pandas as pd
import pytest

from rolecoder.config import Period, Profiles, revise
from rolecoder.errors import RolecoderError
from rolecoder.measuring import periods
from rolecoder.measuring.periods import period_of, why_no_period, with_periods

CRISIS = (
    Period(name="before", since="1989", until="1990-08-01"),
    Period(name="crisis", since="1990-08-02", until="1991-04"),
)


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(periods).failed == 0


@pytest.mark.parametrize(
    ("date", "split", "name"),
    [
        (None, "all", "all"),
        ("1990", "year", "1990"),
        ("1990-08-13", "year", "1990"),
        ("1990-08-13", "quarter", "1990-Q3"),
        ("1990-12", "quarter", "1990-Q4"),
        ("1990-08-01", CRISIS, "before"),
        ("1990-08-02", CRISIS, "crisis"),
        ("1989", CRISIS, "before"),
        ("1991-04", CRISIS, "crisis"),
        ("1991-04-30", CRISIS, "crisis"),
    ],
)
def test_a_date_falls_in_the_period_that_holds_every_day_it_may_mean(date, split, name):
    assert period_of(date, split) == name


@pytest.mark.parametrize(
    ("date", "split", "reason"),
    [
        (None, "year", "the document has no date"),
        ("1990", "quarter", "the date 1990 is too imprecise for a quarter"),
        ("1990-08", CRISIS, "the date 1990-08 is too imprecise for the study's periods"),
        ("1991-05-01", CRISIS, "outside the study's periods"),
    ],
)
def test_a_date_without_a_period_says_why(date, split, reason):
    assert period_of(date, split) is None
    assert why_no_period(date, split) == reason


def test_a_missing_date_in_a_table_has_no_period():
    frame = pd.DataFrame({"date": pd.Series(["1990-01", None], dtype="str")})
    named = with_periods(frame, "quarter")["period"]
    assert named[0] == "1990-Q1"
    assert named.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (("a", "1990", "1991"), ("b", "1991-12-31", "1992"), "overlap"),
        (("a", "1990", "1990"), ("a", "1991", "1991"), "names of their own"),
        (("a", "1992", "1990"), ("b", "1993", "1993"), "ends before it begins"),
        (("a", "August", "1990"), ("b", "1993", "1993"), "is not a date"),
    ],
)
def test_periods_that_would_count_a_passage_twice_or_never_are_refused(first, second, what):
    named = [dict(zip(("name", "since", "until"), one, strict=True)) for one in (first, second)]
    with pytest.raises(RolecoderError, match=what):
        revise(Profiles(), {"period": named})
