"""Codings of a run with a tiny encoder: explained where asked, and none of a role that is never given."""

from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels

from rolecoder.actors import read_actors
from rolecoder.bundle import EncoderNote
from rolecoder.coding import Model, code_run
from rolecoder.config import Coding
from rolecoder.model.thresholds import NEVER
from rolecoder.progress import silent
from rolecoder.tables import CODINGS, DOCUMENTS, EXPLANATIONS, PASSAGES
from rolecoder.train import TrainSettings, train


class Untruncated(LetterCounter):
    """Letters, whatever the length."""

    def truncated(self, texts):
        return np.zeros(len(texts), dtype=bool)


@pytest.fixture(scope="module")
def bundle():
    note = EncoderNote(identity="letters@1", dim=26)
    return train(small_labels(30), note, LetterCounter().encode, TrainSettings(curve=False, resamples=5), name="small")


@pytest.fixture
def folder(tmp_path):
    """A run with three passages, two of them with a role."""
    texts = ("We lead our region today.", "We send aid to poorer states today.", "The meeting opened at noon today.")
    names = ("document_id", "doc_type", "path", "sha256", "participants", "origins", "mended", "doubts", "text", "raw")
    document = dict.fromkeys((*names, "breaks", "pages", "notes"), "x") | {"document_id": "d", "headed": 0}
    rows = [
        {"passage_id": f"d:{i}-{i + 1}", "document_id": "d", "start": i, "end": i + 1, "text": text}
        | {"before": "", "after": "", "words": 5, "source": "USA", "reported": False, "doc_type": "speech"}
        for i, text in enumerate(texts)
    ]
    DOCUMENTS.write(DOCUMENTS.frame([document]), tmp_path)
    PASSAGES.write(PASSAGES.frame(rows), tmp_path)
    return tmp_path


def run(bundle, folder, root, **choices):
    known = read_actors(root / "corpora" / "actors.csv")
    model = Model(bundle=bundle, encoder=Untruncated(), store={}, batch_size=8)
    return code_run(folder, model, known, Coding(**choices), silent)


def test_explanations_stand_beside_the_codings_only_where_asked_for(bundle, folder, root):
    files, counts = run(bundle, folder, root)
    assert counts["codings"] == 2 and not any("explanations" in file.name for file in files)
    assert "why" not in (folder / "codings.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    files, again = run(bundle, folder, root, explain=True)
    assert again == counts and folder / "explanations.parquet" in files
    explained, codings = EXPLANATIONS.read(folder), CODINGS.read(folder)
    assert set(zip(explained["passage_id"], explained["role"], strict=True)) == set(
        zip(codings["passage_id"], codings["role"], strict=True)
    )
    assert "Nearest labelled passages: label d" in (folder / "codings.csv").read_text(encoding="utf-8-sig")


def test_a_role_that_does_not_reach_what_is_asked_gets_no_codes(bundle, folder, root):
    limits = bundle.head.thresholds.copy()
    limits[0] = NEVER
    run(replace(bundle, head=replace(bundle.head, thresholds=limits)), folder, root)
    assert set(CODINGS.read(folder)["role"]) == {"helper"}
