"""The files of the report: their names, what fits a page, and what becomes of those of an earlier one."""

import io
from dataclasses import replace

import docx
import pytest
from findings import ACTORS, make_findings

from rolecoder.config import Study
from rolecoder.files import SLUG, slug
from rolecoder.report import latex, word
from rolecoder.report.drawing import Drawn
from rolecoder.report.exhibits import exhibits
from rolecoder.report.figures import _apart, figures
from rolecoder.report.findings import cells, phrase
from rolecoder.report.panels import Exhibit, Panel

NAMES = {"1989": "湾岸戦争の前", "1990": "湾岸戦争の後"}


def test_periods_named_in_any_script_have_figures_of_their_own():
    findings = make_findings(n_documents=60, periods=list(NAMES), min_passages=18)
    named = {name: getattr(findings, name).replace({"period": NAMES}) for name in ("profiles", "gaps", "gap_parts")}
    periods = [{"name": name, "since": year, "until": year} for year, name in NAMES.items()]
    study = Study.model_validate({**findings.study.model_dump(), "profiles": {"period": periods}})
    names = [figure.name for figure in figures(replace(findings, study=study, **named))[0]]
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


def test_a_long_head_over_numbers_breaks_by_words_to_the_width_of_its_column():
    name = "Kingdom of the Seven Northern Islands about itself"
    panel = Panel(
        caption="c", head=("Role", f"{name}, conception"), align="lr", rows=(("Bridge", "10.0 [1.0, 20.0] (12)"),)
    )
    text = latex.tables(Exhibit(name="t", title="t", frame=None, panels=(panel,)))
    lines = text[text.index("{@{}r@{}}") + len("{@{}r@{}}") : text.index(r"\end{tabular} \\ \midrule")].split(r" \\ ")
    assert " ".join(lines) == f"{name} conception" and lines[-1] == "conception"
    assert len(lines) > 3 and max(map(len, lines)) <= len(panel.rows[0][1])


@pytest.mark.parametrize(("name", "beside"), [("Japan", 3), ("Y" * 35, 1)])
def test_so_many_profiles_stand_side_by_side_as_a_page_has_room_for(findings, name, beside):
    own = replace(findings, actor_names={**ACTORS, "JPN": name})
    panels = exhibits(own)[0].panels
    heads = [head for panel in panels for head in panel.head[1:]]
    assert heads == [phrase(cell, own) for cell in cells(own) if cell.filled]
    assert max(len(panel.head) - 1 for panel in panels) == beside
    assert all(map(latex.fits, panels))
