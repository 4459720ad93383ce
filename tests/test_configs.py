"""The studies that come with the project."""

import pytest

from rolecoder.actors import read_actors
from rolecoder.codebook import read_codebook
from rolecoder.config import read_study, shipped
from rolecoder.gather import actors_path
from rolecoder.measuring.samples import read_sample
from rolecoder.progress import silent
from rolecoder.run import read
from rolecoder.runfolder import RunFolder
from rolecoder.tables import DOCUMENTS, PASSAGES

STUDIES = ("gulf-war", "telcons", "ungdc-northeast-asia")


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_can_be_read_and_its_dyads_are_of_known_actors(root, tmp_path, monkeypatch, name):
    monkeypatch.setenv("ROLECODER_DATA", str(tmp_path))
    study = read_study(root / "configs" / f"{name}.yaml")
    known = read_actors(actors_path(study))
    assert study.study == name and study.gaps.dyads
    assert all(known.require(actor) for dyad in study.gaps.dyads for actor in dyad.split(":"))


def test_no_study_is_left_out_here(root):
    assert sorted(path.stem for path in (root / "configs").glob("*.yaml")) == sorted(STUDIES)


def test_the_labels_of_the_sample_study_are_of_its_passages(root, tmp_path):
    study = read_study(root / "configs" / "gulf-war.yaml").model_copy(update={"out": tmp_path})
    read(study, RunFolder(path=tmp_path), silent)
    assert len(DOCUMENTS.read(tmp_path)) == 34
    book, known = read_codebook(shipped("labels/codebook.yaml")), read_actors(actors_path(study))
    sample = read_sample(study.profiles.labels, PASSAGES.read(tmp_path), book, known, None)
    assert len(sample.labels) == 144 and sample.waiting == 0
