"""What the tests share: where real texts lie, and a tiny encoder that counts its calls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent


settings.register_profile("all", deadline=None)  # other work on the machine is no fault of an example
settings.load_profile("all")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Vectors and recognised scans of the tests, apart from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLECODER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder that holds real corpora and labels."""
    folder = (ROOT / os.environ.get("ROLECODER_DATA", "../shared")).resolve()
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no real texts in {folder}: set ROLECODER_DATA to the folder that holds corpora/ and labels/")
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of a sentence-transformers model of one small layer."""
    from encoders import tiny_transformer

    return tiny_transformer(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def findings():
    """What a report is made from, invented."""
    from findings import make_findings

    return make_findings()


@pytest.fixture(scope="module")
def made(findings):
    """The report's exhibits by their names."""
    from rolecoder.report.exhibits import exhibits

    return {exhibit.name: exhibit for exhibit in exhibits(findings)}
