"""Profiles that are not divided by source: what the report counts, quotes and says of them."""

from dataclasses import replace

import pytest
from findings import CODES, make_findings
from lxml import html

from rolecoder.config import Profiles
from rolecoder.measuring.samples import NO_SAMPLE
from rolecoder.measuring.tallies import Evidence
from rolecoder.profiles import make_profiles
from rolecoder.report.citations import references
from rolecoder.report.evidence import quotations
from rolecoder.report.exhibits import exhibits
from rolecoder.report.findings import cells, phrase
from rolecoder.report.method import intervals, population, quantity
from rolecoder.report.page import page
from rolecoder.report.prose import caveats, methods_paragraph, no_profile
from rolecoder.report.summary import summary


def by_holder(findings):
    """The same findings with profiles that are of a holder and an aspect, whoever speaks."""
    settings = Profiles(by=("holder", "aspect"), estimator="count")
    found = Evidence(
        passages=findings.passages,
        codings=findings.codings,
        probabilities=findings.probabilities,
        sample=NO_SAMPLE,
        card={},
        roles=CODES,
    )
    study = findings.study.model_copy(update={"profiles": settings})
    return replace(findings, study=study, profiles=make_profiles(found, settings))


@pytest.fixture(scope="module")
def findings():
    return by_holder(make_findings())


def test_at_a_glance_counts_the_passages_of_every_source(findings):
    tree = html.fromstring(page(findings, exhibits(findings), []))
    rows = tree.xpath("//section[@id='glance']//tbody/tr")
    told = {row.xpath("string(th)"): row.xpath("string(td[2])") for row in rows}
    for cell in cells(findings):
        own = findings.codings.query("holder == @cell.holder and aspect == @cell.aspect")
        behind = f"{own['passage_id'].nunique()} in {own['document_id'].nunique()}"
        assert told.pop(phrase(cell, findings)) == behind
    assert told == {} and len(rows) == 4
    links = tree.xpath("//section[@id='glance']//tbody//a/@href")
    assert "#passages?holder=JPN&aspect=performance" in links


def test_profiles_that_no_dyad_compares_are_told_in_place_of_none(findings):
    assert findings.study.gaps.dyads
    text = summary(findings)
    assert "Japan, performance (" in text and "No profile" not in text


def test_that_there_is_no_profile_names_what_profiles_are_made_by(findings):
    none = replace(findings, profiles=findings.profiles.iloc[:0])
    assert no_profile(none) == "No profile was made: no passage with a role has a known holder, aspect."
    assert no_profile(none) in summary(none)
    assert no_profile(none) in page(none, exhibits(none), [])


def test_quotations_are_the_most_probable_of_all_sources(findings):
    surer = findings.codings["source"].map({"USA": 0.99, "JPN": 0.5})
    frame, printed, _ = quotations(replace(findings, codings=findings.codings.assign(probability=surer)))
    of_developers = [where for what, _, where in printed if what == "Japan, performance: Developer"]
    assert [where.rsplit("; ", 1)[1] for where in of_developers] == ["probability 0.99"] * 2
    assert frame.groupby(["holder", "aspect", "role"]).size().max() == 3


@pytest.mark.parametrize(
    ("settings", "whole"),
    [
        ({"by": ("holder", "aspect")}, ""),
        ({}, "source"),
        ({"period": "year"}, "source and period"),
        ({"by": ("holder",), "period": "year"}, "period"),
    ],
)
def test_a_prevalence_is_of_what_profiles_are_divided_by(findings, settings, whole):
    study = findings.study.model_copy(update={"profiles": Profiles(**settings)})
    own = replace(findings, study=study)
    assert population(own) == whole
    of = f"the part of all passages{f' of its {whole}' if whole else ''} that carry the role"
    assert of in quantity(own)


def test_how_gaps_were_measured_is_told_warned_of_and_cited_where_they_compare_other_profiles(findings):
    frame = findings.profiles
    by_hand = frame.assign(estimator=frame["estimator"].mask(frame["estimator"].notna(), "design-based"))
    scored = findings.gaps["jensen_shannon"].notna()
    gaps = findings.gaps.assign(
        **{f"estimator_{side}": scored.map({True: "adjusted count", False: None}) for side in ("left", "right")}
    )
    own = replace(findings, profiles=by_hand, gaps=gaps)
    told, cited = methods_paragraph(own), references(own)
    said = (
        "Gaps compare 3 profiles of one source, holder and aspect, which those of the study are not; their estimators:"
    )
    assert "Shares were measured design-based" in told and "Shares were measured by adjusted count" not in told
    assert f"{said} adjusted count in 3. Those by adjusted count were measured by adjusted count (Forman 2008)" in told
    assert any("model-assumed: they are right as far as" in text for text in caveats(own))
    assert "forman2008" in cited and "egami2023" in cited and "agresti1998" in cited
    way = next(exhibit for exhibit in exhibits(own) if exhibit.name == "gaps").panels[1]
    assert any(note.startswith(said) for note in way.notes)
    alike = replace(findings, gaps=gaps.replace({"adjusted count": "count"}))
    assert f"{said} count in 3. A profile needs" in methods_paragraph(alike).replace(f"{intervals(alike)} ", "")


def test_gaps_whose_sides_are_among_the_profiles_are_not_said_to_be_measured_again():
    assert "of one source, holder and aspect, which" not in methods_paragraph(make_findings())
