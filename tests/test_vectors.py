import os
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from encoders import LetterCounter

from rolecoder.encode import encode_texts
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum
from rolecoder.model.vectors import VectorStore, cache_folder


@pytest.fixture
def store(tmp_path):
    with VectorStore(tmp_path) as opened:
        yield opened


def vector(number=1.0):
    return np.full(3, number, dtype=np.float32)


def test_it_is_a_mapping_that_outlives_its_process(store, tmp_path):
    store["a"] = vector(1)
    store.update({"b": vector(2), "c": vector(3)})
    del store["b"]
    store.close()
    with VectorStore(tmp_path) as again:
        assert list(again) == ["a", "c"] and len(again) == 2 and "b" not in again
        assert np.array_equal(again["c"], vector(3))
        with pytest.raises(KeyError):
            again["b"]
        with pytest.raises(KeyError):
            del again["b"]


def test_many_keys_are_found_at_once(store):
    store.update({str(number): vector(number) for number in range(1300)})
    found = store.find([str(number) for number in range(2000)])
    assert len(found) == 1300 and np.array_equal(found["1299"], vector(1299))


def test_encoding_gives_the_same_with_and_without_the_store(store):
    texts = ["we lead", "we follow", "we lead"]
    first = encode_texts(texts, LetterCounter(), store)
    again = LetterCounter()
    assert np.array_equal(first, encode_texts(texts, again, store)) and again.seen == []
    assert np.array_equal(first, encode_texts(texts, LetterCounter(), {}))


def test_the_environment_variable_says_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    with VectorStore() as store:
        assert store.path.parent == tmp_path / "mine"
    monkeypatch.delenv("ROLECODER_CACHE")
    assert cache_folder().name == "rolecoder"


def test_what_was_stored_before_a_kill_is_there_after_it(tmp_path):
    code = (
        "import os, sys, signal, pathlib, numpy as np\n"
        "from rolecoder.model.vectors import VectorStore\n"
        "store = VectorStore(pathlib.Path(sys.argv[1]))\n"
        "store.update({'kept': np.ones(3, np.float32)})\n"
        "store._base.execute('BEGIN IMMEDIATE')\n"
        "store._base.execute('INSERT INTO vectors VALUES (1, 0, 2)')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -signal.SIGKILL
    with VectorStore(tmp_path) as store:
        assert list(store) == ["kept"]
        store["more"] = vector()


def test_two_runs_use_it_at_once(tmp_path):
    with VectorStore(tmp_path) as one, VectorStore(tmp_path) as other:
        one["a"] = vector(1)
        assert np.array_equal(other["a"], vector(1))
        other["b"] = vector(2)
        assert len(one) == 2


def test_a_full_disk_is_a_clear_error_and_loses_nothing(store, tmp_path):
    store["a"] = vector(1)
    pages = store._base.execute("PRAGMA page_count").fetchone()[0]
    store._base.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(RolecoderError, match="full") as error:
        store.update({str(number): np.ones(384, np.float32) for number in range(100)})
    assert "ROLECODER_CACHE" in str(error.value)
    assert list(store) == ["a"]


def test_a_file_that_is_no_store_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "vectors.sqlite").write_bytes(b"this is not a data base, but it is long enough to be read as one" * 20)
    with pytest.raises(RolecoderError, match="delete that file"):
        VectorStore(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RolecoderError, match="cannot be made"):
        VectorStore(tmp_path / "file" / "cache")


def test_a_vector_damaged_on_disk_counts_as_missing(store, tmp_path):
    store.update({"a": vector(1), "b": vector(2)})
    with sqlite3.connect(store.path) as base:
        base.execute("UPDATE vectors SET vector = x'0000803F0000803F00000000' WHERE key = 'a'")
    base.close()
    assert "a" not in store and np.array_equal(store["b"], vector(2))


def test_a_checksum_is_computed_once_for_an_unchanged_file_and_anew_for_a_changed_one(store, tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    first = store.checksum(path)
    assert first == file_checksum(path) == store.checksum(path)
    path.write_bytes(b"other")
    os.utime(path, (1, 1))
    assert store.checksum(path) == file_checksum(path) != first
    with pytest.raises(RolecoderError, match="cannot be read"):
        store.checksum(tmp_path / "absent")
    with pytest.raises(RolecoderError, match="cannot be read"):
        file_checksum(tmp_path / "absent")
