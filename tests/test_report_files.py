"""The files of the report: their names, and what becomes of those of an earlier one."""

import io
from dataclasses import replace

import docx
import pytest
from findings import make_findings

from rolecoder.report import word
from rolecoder.report.drawing import Drawn
from rolecoder.report.figures import _apart, figures
from rolecoder.report.findings import SLUG, slug

NAMES = {"1989": "湾岸戦争の前", "1990": "湾岸戦争の後"}


def test_periods_named_in_any_script_have_figures_of_their_own():
    findings = make_findings(n_documents=60, periods=list(NAMES), min_passages=18)
    frames = ("profiles", "gaps", "gap_parts")
    named = {name: getattr(findings, name).replace({"period": NAMES}) for name in frames}
    names = [figure.name for figure in figures(replace(findings, **named))[0]]
    assert {f"profiles_USA_JPN_{name}" for name in NAMES.values()} <= set(names)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("trend", "group:EU", None, "a  b-c"), "trend_group_EU_a_b_c"),
        (("ﬁrst", "!"), "first"),
        (("x" * 300,), "x" * SLUG),
    ],
)
def test_a_file_name_is_of_letters_and_digits_and_not_too_long(parts, name):
    assert slug(*parts) == name


def test_figures_whose_names_differ_only_in_case_are_numbered():
    drawn = [
        Drawn(name=name, caption=name, alt="", pdf=b"", png=b"", svg=b"")
        for name in ("crisis", "Crisis", "crisis_2", "calm")
    ]
    apart = _apart(drawn)
    assert [figure.name for figure in apart] == ["crisis", "Crisis_2", "crisis_2_2", "calm"]
    assert [figure.caption for figure in apart] == [figure.caption for figure in drawn]


def test_a_title_longer_than_word_allows_is_cut_in_the_properties_only():
    title = "A long title of a study " * 20
    made = docx.Document(io.BytesIO(word.document([], title)))
    assert made.core_properties.title == title[:255]
    assert made.paragraphs[0].text == title
