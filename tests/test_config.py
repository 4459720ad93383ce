from pathlib import Path

import pytest

from rolecoder.actors import read_actors
from rolecoder.config import expand, read_study, revise, shipped, split_dyad
from rolecoder.errors import RolecoderError
from rolecoder.study.checks import check_actors, check_expectations

STUDY = """
study: mine
corpora: [{path: texts}]
actors: actors.csv
out: ../runs/mine
coding: {model: bundle}
"""
GAP = "{text: T, citation: C, dyad: 'USA:JPN', comparison: conception vs. performance"
DYADS = "gaps: {dyads: ['USA:JPN', 'JPN:KOR']}\n"
YEARS = (
    "profiles: {period: [{name: early, since: '1950', until: '1969'}, {name: late, since: '1970', until: '1989'}]}\n"
)


def study(tmp_path, text=STUDY):
    path = tmp_path / "configs" / "mine.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def test_paths_are_relative_to_the_study_not_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    found = study(tmp_path)
    assert found.corpora[0].path == tmp_path / "configs" / "texts"
    assert found.out == tmp_path / "runs" / "mine"
    assert found.coding.model == tmp_path / "configs" / "bundle"


def test_an_unknown_setting_is_an_error_that_names_the_closest(tmp_path):
    with pytest.raises(RolecoderError, match="unknown setting 'corpra'; closest is 'corpora'"):
        study(tmp_path, STUDY.replace("corpora", "corpra"))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("gaps: {dyads: ['USA']}", "'USA' is not a dyad"),
        ("gaps: {dyads: ['USA:USA']}", "names one actor twice"),
        ("profiles: {by: [speaker]}", "speaker is not among source"),
        ("gaps: {bands: {convergence: 0.6}}", "bands must rise"),
        ("profiles: {level: 95}", "profiles.level"),
        (
            "coding: {thresholds: {precision: 80}}",
            "coding.thresholds.precision: holds 80; expected 1 or less\n  mend: write 0.8 for 80 %",
        ),
        (
            "profiles: {period: {events: [{name: A, date: 1990-09-01}]}}",
            'a date without quotes\n  mend: write "1990-09-01"',
        ),
        ("coding: {thresholds: F1}", r"coding.thresholds: holds 'F1'; expected f1, .*\n  mend"),
        ("profiles: {period: month}", r"profiles.period: holds 'month'; expected all, year, quarter, a list of"),
        ("gaps: {dyads: 'USA:JPN'}", "gaps.dyads: holds 'USA:JPN'; expected a list"),
        (
            "profiles: {level: 95, unit: lines, frob: 1, seed: x}",
            r"profiles.seed: holds 'x'; expected .*\n  and 1 more",
        ),
        (
            "profiles: {period: 5}",
            r"profiles.period: holds 5; expected all, year, quarter, a list of named periods, or",
        ),
        (
            'profiles: {period: {events: [{name: A, date: "1990"}, {name: B, date: "2005-02-30"}]}}',
            "profiles.period.events.1.date: the event 'B': '2005-02-30' is not a date",
        ),
        (
            'profiles: {period: {events: [{name: A, date: "0001-01-01"}]}}',
            "events.0.date: the event 'A': '0001-01-01' is not a date",
        ),
        ("profiles: {period: {events: 1991}}", "profiles.period.events: holds 1991; expected a list"),
        ("reading: {languages: [English]}", "'English' is not the code of a language; expected two or three letters"),
        ("reading: {max_words: 20}", "reading: max_words 20 is below min_words 30"),
        (
            DYADS + "expectations: [{text: T, citation: C, dyad: 'USA:JPN', comparison: concepton and performance}]",
            "closest is 'conception and performance'",
        ),
        (f"expectations: [{GAP}}}]", "expectations.0.dyad: 'USA:JPN' is not among the dyads of gaps"),
        (DYADS + f"expectations: [{GAP}, period: late}}]", "period: 'late', but the study does not divide time"),
        (DYADS + YEARS + f"expectations: [{GAP}}}]", "expectations.0.period: none is named"),
        (DYADS + YEARS + f"expectations: [{GAP}, period: erly}}]", "closest is 'early'"),
        (
            DYADS + "profiles: {period: {events: [{name: war, date: '1990-08-02'}]}}\n"
            f"expectations: [{GAP}, period: until the war}}]",
            '(?s)\'until the war\' is not among the study\'s periods.*\n  "before war"\n  "from war on"',
        ),
        (DYADS + f"profiles: {{period: quarter}}\nexpectations: [{GAP}, period: '1991'}}]", "'1991' is no quarter"),
    ],
)
def test_a_wrong_value_says_which_and_what_was_expected(tmp_path, added, message):
    before = STUDY.replace("coding: {model: bundle}\n", "") if added.startswith("coding") else STUDY
    with pytest.raises(RolecoderError, match=message):
        check_expectations(study(tmp_path, before + added))


def test_a_comparison_may_be_joined_in_other_ways_and_a_period_of_the_study_is_taken(tmp_path):
    (held,) = study(tmp_path, f"{STUDY}{DYADS}{YEARS}expectations: [{GAP}, period: late}}]").expectations
    assert (held.comparison, held.period) == ("conception vs. performance", "late")


def test_a_document_type_that_is_none_is_an_error(tmp_path):
    with pytest.raises(RolecoderError, match=r"corpora.0.doc_types.0: holds 'telcons'; .*closest is 'telcon'\n"):
        study(tmp_path, STUDY.replace("path: texts", "path: texts, doc_types: [telcons]"))


def test_a_setting_that_lacks_is_named_without_the_whole_study(tmp_path):
    with pytest.raises(RolecoderError) as error:
        study(tmp_path, STUDY.replace("study: mine", "title: Mine"))
    assert "study: is lacking" in str(error.value)
    assert "texts" not in str(error.value)


def test_an_encoder_that_is_a_folder_is_sought_beside_the_study(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    asked = STUDY.replace("bundle}", "bundle, encoder: mine/small}")
    assert study(tmp_path, asked).coding.encoder == "mine/small"
    (tmp_path / "configs" / "mine" / "small").mkdir(parents=True)
    assert study(tmp_path, asked).coding.encoder == str(tmp_path / "configs" / "mine" / "small")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("", None),
        ("corpora: [{path: texts, actors: [JAP]}]", "corpora.0.actors: 'JAP' is not an actor id; closest is 'JPN'"),
        ("gaps: {dyads: ['USA:JPA']}", "gaps.dyads, USA:JPA: 'JPA' is not an actor id"),
        (
            "expectations: [{text: T, citation: C, holder: Japn, aspect: conception, roles: [x]}]",
            "expectations.0.holder",
        ),
        (
            "expectations: [{text: T, citation: C, holder: JPN, source: us, aspect: conception, roles: [x]}]",
            "expectations.0.source",
        ),
    ],
)
def test_actors_that_the_study_names_are_of_the_table(tmp_path, root, changed, said):
    known = read_actors(root / "corpora" / "actors.csv")
    text = STUDY.replace("corpora: [{path: texts}]", changed) if changed.startswith("corpora") else STUDY + changed
    found = study(tmp_path, text)
    if said is None:
        check_actors(found, known)
        return
    with pytest.raises(RolecoderError) as error:
        check_actors(found, known)
    assert said in str(error.value)


def test_a_file_that_is_not_yaml_is_an_error(tmp_path):
    with pytest.raises(RolecoderError, match="not a readable YAML file"):
        study(tmp_path, "study: [")
    with pytest.raises(RolecoderError, match="holds a list"):
        study(tmp_path, "[1]")


def test_a_variable_in_a_path_is_filled_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_DATA", str(tmp_path))
    assert expand(Path("${ROLECODER_DATA}/corpora"), tmp_path / "x" / "s.yaml") == tmp_path / "corpora"


def test_a_variable_that_is_not_set_is_an_error_that_says_how_to_set_it(tmp_path, monkeypatch):
    monkeypatch.delenv("ROLECODER_DATA", raising=False)
    with pytest.raises(RolecoderError, match="export ROLECODER_DATA="):
        study(tmp_path, STUDY.replace("texts", "'${ROLECODER_DATA}/texts'"))


def test_what_comes_with_the_project_is_found_wherever_one_stands(root, monkeypatch, tmp_path):
    monkeypatch.delenv("ROLECODER_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert shipped("pyproject.toml") == root / "pyproject.toml"


def test_what_does_not_come_with_the_project_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("ROLECODER_HOME", str(tmp_path))
    with pytest.raises(RolecoderError, match="set ROLECODER_HOME"):
        shipped("corpora/actors.csv")


def test_settings_from_the_command_line_are_checked_as_those_of_a_study(tmp_path):
    found = study(tmp_path)
    assert revise(found.profiles, {"by": ("source", "period"), "period": "year"}).by == ("source", "period")
    with pytest.raises(RolecoderError, match="speaker is not among"):
        revise(found.profiles, {"by": ("speaker",)})


def test_a_dyad_is_a_prescriber_and_an_ally():
    assert split_dyad("USA:JPN") == split_dyad(" USA : JPN ") == ("USA", "JPN")
    assert split_dyad("group:NATO:TUR") == ("group:NATO", "TUR") and split_dyad("USA:group:NATO") == (
        "USA",
        "group:NATO",
    )
    for wrong in ("group:NATO", "USA:group:", "USA:JPN:KOR", ":JPN"):
        with pytest.raises(ValueError, match="is not a dyad"):
            split_dyad(wrong)
    with pytest.raises(ValueError, match="expected PRESCRIBER:ALLY"):
        split_dyad("USA-JPN")
