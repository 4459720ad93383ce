from pathlib import Path

import pytest

from rolecoder.config import expand, read_study, revise, shipped, split_dyad
from rolecoder.errors import RolecoderError

STUDY = """
study: mine
corpora: [{path: texts}]
actors: actors.csv
out: ../runs/mine
coding: {model: bundle}
"""


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
        ("gaps: {dyads: ['USA:USA']}", "is not a dyad"),
        ("profiles: {by: [speaker]}", "speaker is not among source"),
        ("gaps: {bands: {convergence: 0.6}}", "bands must rise"),
        ("profiles: {level: 95}", "profiles.level"),
    ],
)
def test_a_wrong_value_says_which_and_what_was_expected(tmp_path, added, message):
    with pytest.raises(RolecoderError, match=message):
        study(tmp_path, STUDY + added)


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
    assert split_dyad("USA:JPN") == ("USA", "JPN")
    with pytest.raises(ValueError, match="expected PRESCRIBER:ALLY"):
        split_dyad("USA-JPN")
