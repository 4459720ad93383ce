"""Figures of moving windows."""

import dataclasses

import pytest
from findings import CODES, make_findings

from rolecoder import tables
from rolecoder.report.citations import references
from rolecoder.report.figures import figures
from rolecoder.report.prose import methods_paragraph
from rolecoder.report.trend_figures import _unbroken


def window(since, role, share):
    return {
        "source": "JPN", "holder": "JPN", "aspect": "conception", "since": since, "until": since + 4, "role": role,
        "n_documents": 9, "n_passages": 200, "n_coded": 40, "share": share, "share_low": share, "share_high": share,
        "prevalence": share, "prevalence_low": None, "prevalence_high": None, "estimator": "count", "note": None,
    }  # fmt: skip


CHANGE = {
    "source": "JPN", "holder": "JPN", "aspect": "conception", "year": 1986, "year_low": 1985, "year_high": 1987,
    "p_value": 0.01, "since": 1980, "until": 1990, "n_before": 40, "n_after": 40, "distance": 0.4,
    "rises": CODES[1], "falls": CODES[0], "estimator": "count",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn():
    rows = [window(since, role, 1 / len(CODES)) for since in (1980, 1986) for role in CODES]
    moved = {"trends": tables.TRENDS.frame(rows), "changes": tables.CHANGES.frame([CHANGE])}
    return {figure.name: figure for figure in figures(dataclasses.replace(make_findings(turned={}), **moved))[0]}


def test_windows_are_drawn_with_the_years_in_which_the_profile_changed(drawn):
    figure = drawn["trend_JPN_JPN_conception"]
    assert "moving windows of 5 years, which overlap" in figure.caption
    assert "Lines break where a window holds too little" in figure.caption
    assert "Estimator: count." in figure.caption
    assert "permutation test of documents on the plain count" in figure.caption
    assert "Change in 1986 (1985 to 1987)" in figure.alt


def test_a_line_breaks_only_where_a_window_is_not_filled():
    rows = [window(since, role, 1 / len(CODES)) for since in (1980, 1981) for role in CODES]
    (figure,) = figures(dataclasses.replace(make_findings(turned={}), trends=tables.TRENDS.frame(rows)))[0]
    assert "Lines break" not in figure.caption
    assert _unbroken([1980, 1981, 1986, 1987, 1990]) == [slice(0, 2), slice(2, 4), slice(4, 5)]


def test_windows_measured_differently_are_not_joined_and_the_caption_and_the_methods_say_so():
    by_hand = {"estimator": "design-based"}
    rows = [window(since, role, 1 / len(CODES)) for since in (1980, 1981) for role in CODES]
    rows += [window(since, role, 1 / len(CODES)) | by_hand for since in (1982, 1983, 1984) for role in CODES]
    moved = {"trends": tables.TRENDS.frame(rows), "changes": tables.CHANGES.frame([CHANGE | by_hand])}
    found = dataclasses.replace(make_findings(turned={}, profiles={"window": 5}), **moved)
    caption = figures(found)[0][0].caption
    assert "Estimators: count in 2 windows (dots), design-based in 3 windows (rings);" in caption
    assert "Lines break where the estimator changes." in caption and "of all years (estimator: design-based)" in caption
    assert _unbroken([1980, 1981, 1982], ["count", "count", "EMQ"]) == [slice(0, 2), slice(2, 3)]
    said = methods_paragraph(found)
    assert (
        "Of 5 windows of 5 years, which move by one and overlap, 5 could be filled (3 by design-based, 2 by count)"
        in said
    )
    assert "a step between them may be that alone" in said and "by its own estimator" in said and "1 change was" in said
    assert "matteson2014" in references(found) and "matteson2014" not in references(make_findings())


def test_a_single_window_is_no_trend():
    rows = [window(1980, role, 1 / len(CODES)) for role in CODES]
    findings = dataclasses.replace(make_findings(turned={}), trends=tables.TRENDS.frame(rows))
    assert figures(findings)[0] == []
