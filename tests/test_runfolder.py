import json

import pytest

from rolecoder.config import Study
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum, write_text
from rolecoder.runfolder import RunFolder, software_digest


class Work:
    """A stage that counts how often it is done."""

    def __init__(self, folder):
        self.folder, self.times = folder, 0

    def __call__(self):
        self.times += 1
        return [write_text(self.folder / "out.txt", f"made {self.times}")], {"rows": 1}


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path)


def test_a_stage_is_done_once_while_nothing_it_rests_on_changes(tmp_path, work):
    folder = RunFolder(path=tmp_path)
    assert [folder.do("read", {"files": {"a": "1"}}, work) for _ in range(3)] == [True, False, False]
    assert work.times == 1


def test_a_stage_is_done_again_when_an_input_changes(tmp_path, work):
    folder = RunFolder(path=tmp_path)
    folder.do("read", {"files": {"a": "1"}}, work)
    folder.do("read", {"files": {"a": "2"}}, work)
    assert work.times == 2


@pytest.mark.parametrize("harm", [lambda p: p.unlink(), lambda p: p.write_text("made 1 and changed")])
def test_a_stage_is_done_again_when_its_output_is_gone_or_changed(tmp_path, work, harm):
    folder = RunFolder(path=tmp_path)
    folder.do("read", {}, work)
    harm(tmp_path / "out.txt")
    folder.do("read", {}, work)
    assert work.times == 2


def test_only_what_a_stage_wrote_before_and_writes_no_more_is_removed(tmp_path):
    folder, run = RunFolder(path=tmp_path / "run"), tmp_path / "run"
    old, changed, mine, kept = (run / "figures" / name for name in ("old.png", "changed.png", "mine.pdf", "kept.png"))
    outside = write_text(tmp_path / "study.yaml", "as written")
    folder.do("report", {"n": 1}, lambda: ([write_text(file, "as written") for file in (old, changed, kept)], {}))
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    record["stages"]["report"]["outputs"]["../study.yaml"] = file_checksum(outside)
    write_text(run / "run.json", json.dumps(record))
    for file in (changed, mine):
        write_text(file, "the user's own")
    folder.do("report", {"n": 2}, lambda: ([kept], {}))
    assert not old.exists() and all(file.exists() for file in (changed, mine, outside, kept))


def test_a_stage_that_fails_is_not_recorded_as_done(tmp_path, work):
    folder = RunFolder(path=tmp_path)

    def fail():
        work()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.do("read", {}, fail)
    assert folder.do("read", {}, work)


def test_a_stage_is_outdated_while_its_files_rest_on_codings_that_are_no_longer_held(tmp_path):
    folder = RunFolder(path=tmp_path)

    def made(name, text):
        return lambda: ([write_text(tmp_path / name, text)], {})

    def coded(text):
        folder.do("code", {"model": text}, made("codings.parquet", text))
        return folder.digests("code")["codings.parquet"]

    first = coded("first")
    folder.do("profile", {"codings": first}, made("profiles.csv", "a"))
    folder.do("gap", {"codings": first}, made("gaps.csv", "a"))
    assert folder.outdated() == []
    second = coded("second")
    assert folder.outdated() == ["profile", "gap"]
    folder.do("profile", {"codings": second}, made("profiles.csv", "b"))
    assert folder.outdated() == ["gap"]
    (tmp_path / "gaps.csv").unlink()
    assert folder.outdated() == []


def test_the_record_says_what_was_done_with_which_versions(tmp_path, work):
    folder = RunFolder(path=tmp_path)
    folder.do("read", {}, work)
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["stages"]["read"]["counts"] == {"rows": 1}
    assert record["libraries"]["scikit-learn"]
    assert record["software"] == software_digest()
    assert folder.digests("read").keys() == {"out.txt"}


def test_the_resolved_study_is_copied_into_the_run_and_read_back(tmp_path):
    study = Study.model_validate(
        {
            "study": "mine",
            "corpora": [{"path": tmp_path}],
            "actors": tmp_path / "a.csv",
            "out": tmp_path,
            "coding": {"model": tmp_path},
        }
    )
    folder = RunFolder(path=tmp_path)
    folder.write_study(study)
    assert folder.study() == study


def test_a_folder_that_is_no_run_says_what_makes_one(tmp_path):
    with pytest.raises(RolecoderError, match="rolecoder run"):
        RunFolder(path=tmp_path).study()


def test_a_damaged_record_is_an_error_that_says_so(tmp_path):
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RolecoderError, match="not a readable run record"):
        RunFolder(path=tmp_path).record()
