"""Figures over time: moving windows, and the paths of gaps."""

import dataclasses

import pytest
from findings import CODES, make_findings
from matplotlib.figure import Figure

from rolecoder import tables
from rolecoder.config import Study
from rolecoder.report import write_report
from rolecoder.report.citations import references
from rolecoder.report.exhibits import exhibits
from rolecoder.report.figures import figures
from rolecoder.report.findings import cells, in_time
from rolecoder.report.overview_figures import _axis_of_time, _name_periods, _path
from rolecoder.report.prose import methods_paragraph
from rolecoder.report.trend_figures import _figure, _unbroken


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


def test_every_change_that_was_found_stands_in_a_table_with_or_without_a_figure(tmp_path):
    lone = CHANGE | {"source": "USA", "holder": None, "aspect": None, "year": 1999, "p_value": 0.0001}
    found = dataclasses.replace(
        make_findings(profiles={"window": 5}),
        trends=tables.TRENDS.frame([]),
        changes=tables.CHANGES.frame([CHANGE, lone]),
    )
    made = {exhibit.name: exhibit for exhibit in exhibits(found)}
    names = found.role_names[CODES[1]], found.role_names[CODES[0]]
    assert made["changes"].panels[0].rows == (
        ("Japan about itself, conception", "1986 [1985, 1987]", ".010", "0.40", "40 | 40", *names, "count"),
        ("United States speaking", "1999 [1985, 1987]", "<.001", "0.40", "40 | 40", *names, "count"),
    )
    write_report(found, tmp_path)
    assert {"changes.csv", "changes.tex", "changes.md"} <= {path.name for path in (tmp_path / "tables").iterdir()}
    assert "\\input{changes.tex}" in (tmp_path / "tables" / "tables.tex").read_text(encoding="utf-8")
    assert "Years in which a role profile changed" in (tmp_path / "report.html").read_text(encoding="utf-8")
    none = dataclasses.replace(found, changes=tables.CHANGES.frame([]))
    assert "changes" not in [exhibit.name for exhibit in exhibits(none)]


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
    assert "Windows by design-based were measured design-based: the model's predictions" in said
    assert (
        "matteson2014" in references(found)
        and "egami2023" in references(found)
        and "matteson2014" not in references(make_findings())
    )


def test_windows_of_one_year_do_not_overlap():
    rows = [window(since, role, 1 / len(CODES)) | {"until": since} for since in (1980, 1981) for role in CODES]
    moved = {"trends": tables.TRENDS.frame(rows), "changes": tables.CHANGES.frame([])}
    found = dataclasses.replace(make_findings(turned={}, profiles={"window": 1}), **moved)
    assert "Of 2 windows of 1 year, which move by one, 2 could be filled" in methods_paragraph(found)
    assert "Shares in moving windows of 1 year, " in (caption := figures(found)[0][0].caption)
    assert "overlap" not in caption + methods_paragraph(found)


def test_a_single_window_is_no_trend():
    rows = [window(1980, role, 1 / len(CODES)) for role in CODES]
    findings = dataclasses.replace(make_findings(turned={}), trends=tables.TRENDS.frame(rows))
    assert figures(findings)[0] == []


@pytest.mark.parametrize(
    ("bare", "said"),
    [
        ((), "overlap, with 95 % intervals;"),
        ((1981,), "(1 of 2 without, since"),
        ((1980, 1981), "without intervals,"),
    ],
)
def test_windows_of_one_document_are_said_to_have_no_interval(bare, said):
    ends = {"share_low": None, "share_high": None}
    rows = [
        window(since, role, 1 / len(CODES)) | (ends if since in bare else {})
        for since in (1980, 1981)
        for role in CODES
    ]
    (figure,) = figures(dataclasses.replace(make_findings(turned={}), trends=tables.TRENDS.frame(rows)))[0]
    assert said in figure.caption


def test_the_lowest_panel_of_either_column_bears_the_years(monkeypatch):
    drawn = []
    monkeypatch.setattr("rolecoder.report.trend_figures.save", lambda figure, *_: drawn.append(figure))
    rows = [window(since, role, 1 / 3) for since in (1980, 1981) for role in CODES[:3]]
    _figure(("JPN", "JPN", "conception"), rows, [], make_findings(turned={}))
    drawn[0].draw_without_rendering()
    shown = [any(label.get_visible() for label in axis.get_xticklabels()) for axis in drawn[0].axes if axis.axison]
    assert shown == [False, True, True]


def divided(findings, period):
    """The same findings with the time of the study divided otherwise."""
    settings = {**findings.study.model_dump(), "profiles": {"period": period}}
    return dataclasses.replace(findings, study=Study.model_validate(settings))


@pytest.mark.parametrize(
    ("period", "spoken", "axis"),
    [
        ("year", ["1990", "1987"], ["1987", "1988", "1989", "1990"]),
        ("quarter", ["1990-Q2", "1989-Q4"], ["1989-Q4", "1990-Q1", "1990-Q2"]),
        ("all", ["all"], []),
    ],
)
def test_years_and_quarters_stand_at_their_place_in_time(period, spoken, axis):
    assert _axis_of_time(divided(make_findings(turned={}), period), spoken) == axis


def test_named_periods_stand_in_their_order_in_time_however_they_are_written():
    later, earlier = ({"name": name, "since": year, "until": year} for name, year in (("A", "1990"), ("B", "1989")))
    findings = make_findings(n_documents=60, periods=["1989", "1990"], min_passages=18)
    own = divided(findings, [later, earlier])
    own = dataclasses.replace(own, profiles=own.profiles.replace({"period": {"1990": "A", "1989": "B"}}))
    told = [cell.period for cell in cells(own) if cell.key[:3] == ("JPN", "JPN", "conception")]
    assert told == ["B", "A"] == in_time(own, ["A", "B"]) == [named.name for named in own.study.profiles.period]


def test_names_of_periods_are_broken_into_lines_and_of_very_many_some_are_named():
    few, many = Figure().subplots(), Figure().subplots()
    _name_periods(few, ["before the harbour was closed", "from the closing to the long winter", "from then on"])
    assert [text.get_text().count("\n") for text in few.get_xticklabels()] == [1, 1, 0]
    _name_periods(many, [str(year) for year in range(1930, 1990)])
    assert [text.get_text() for text in many.get_xticklabels()][:3] == ["1930", "1933", "1936"]


@pytest.mark.parametrize(("bare", "said"), [(0, "distance with 95 % intervals,"), (1, "(1 of "), (9, "without inter")])
def test_a_path_of_gaps_says_which_have_no_interval(bare, said):
    findings = make_findings(n_documents=60, periods=["1989", "1990"], min_passages=18)
    alone = findings.gaps["jensen_shannon"].notna().cumsum() <= bare
    gaps = findings.gaps.assign(jensen_shannon_low=findings.gaps["jensen_shannon_low"].mask(alone))
    drawn = figures(dataclasses.replace(findings, gaps=gaps))[0]
    assert said in next(figure.caption for figure in drawn if figure.name.startswith("gap_over_time"))


def test_profiles_of_one_document_are_said_to_be_drawn_without_an_interval():
    findings = make_findings()
    bare = dataclasses.replace(findings, profiles=findings.profiles.assign(share_low=None, share_high=None))
    for own, said in ((findings, "Lines: 95 % intervals. "), (bare, "intervals, none of a profile of one document. ")):
        assert said in next(figure.caption for figure in figures(own)[0] if figure.name == "profiles_USA_JPN")


def test_a_path_of_gaps_breaks_where_the_estimator_of_a_side_changes_and_the_caption_says_so():
    findings = make_findings(n_documents=60, periods=["1989", "1990"], min_passages=18)
    first = "prescription and conception"
    other = (findings.gaps["period"] == "1990") & (findings.gaps["comparison"] == first)
    gaps = findings.gaps.assign(estimator_left=findings.gaps["estimator_left"].mask(other, "design-based"))
    said = "Lines break where the estimator of a side changes, since a step may be that of the estimators; it changes with: 1990."
    captions = [
        next(figure.caption for figure in figures(own)[0] if figure.name.startswith("gap_over_time"))
        for own in (findings, dataclasses.replace(findings, gaps=gaps))
    ]
    assert [said in caption for caption in captions] == [False, True]


def test_distances_by_other_estimators_are_not_joined():
    axes = Figure().subplots(1, 2)
    by = [
        {"jensen_shannon": 0.4, "jensen_shannon_low": None, "estimator_left": e, "estimator_right": "EMQ"}
        for e in "aab"
    ]
    for axis, rows in zip(axes, (by, by[:2]), strict=True):
        _path(axis, rows)
    assert [sum(len(line.get_xdata()) > 1 for line in axis.lines) for axis in axes] == [1, 1]
