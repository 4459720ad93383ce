"""Files are written whole or not at all, and errors say which could not be written."""

import resource

import pytest

from rolecoder.errors import RolecoderError
from rolecoder.files import replacing, write_bytes
from rolecoder.tables import DROPPED


@pytest.fixture
def little_room():
    """No file may grow beyond a hundred bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_errors_of_other_files_inside_the_block_pass_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "x.txt"):
        (tmp_path / "another.txt").read_text()
    with pytest.raises(ConnectionError), replacing(tmp_path / "x.txt"):
        raise ConnectionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [5_000, 500_000])
def test_a_write_that_fails_names_the_file_that_was_to_be(tmp_path, little_room, size):
    with pytest.raises(RolecoderError, match=r"x\.bin: could not be written \(File too large\)"):
        write_bytes(tmp_path / "x.bin", b"x" * size)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_cannot_be_written_is_named_as_well(tmp_path, little_room):
    row = {"stage": "ingest", "item": "a", "reason": "r", "words": 0, "start": None, "end": None}
    frame = DROPPED.frame([{"row": number, **row} for number in range(1000)])
    with pytest.raises(RolecoderError, match=r"dropped\.parquet: could not be written"):
        DROPPED.write(frame, tmp_path)
    assert list(tmp_path.iterdir()) == []
