"""Files are written whole or not at all, and errors say which could not be written."""

import subprocess
import sys

import pytest

from rolecoder.files import replacing


def with_little_room(tmp_path, code):
    """What a program says in which no file may grow beyond a hundred bytes; its own output goes to a pipe."""
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (100, r.getrlimit(r.RLIMIT_FSIZE)[1]))"
    lines = [
        "from pathlib import Path",
        "from rolecoder.errors import RolecoderError",
        f"folder = Path({str(tmp_path)!r})",
    ]
    lines += [limit, "try:", *(f"    {line}" for line in code), "except RolecoderError as error:", "    print(error)"]
    shown = subprocess.run([sys.executable, "-B", "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    return shown.stdout


def test_errors_of_other_files_inside_the_block_pass_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "x.txt"):
        (tmp_path / "another.txt").read_text()
    with pytest.raises(ConnectionError), replacing(tmp_path / "x.txt"):
        raise ConnectionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [5_000, 500_000])
def test_a_write_that_fails_names_the_file_that_was_to_be(tmp_path, size):
    code = ["from rolecoder.files import write_bytes", f"write_bytes(folder / 'x.bin', b'x' * {size})"]
    assert "x.bin: could not be written (File too large)" in with_little_room(tmp_path, code)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_cannot_be_written_is_named_as_well(tmp_path):
    row = {"stage": "ingest", "item": "a", "reason": "r", "words": 0, "start": None, "end": None}
    code = [
        "from rolecoder.tables import DROPPED",
        f"frame = DROPPED.frame([{{'row': number, **{row!r}}} for number in range(1000)])",
        "DROPPED.write(frame, folder)",
    ]
    assert "dropped.parquet: could not be written" in with_little_room(tmp_path, code)
    assert list(tmp_path.iterdir()) == []
