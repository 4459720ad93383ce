import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecoder.errors import RolecoderError
from rolecoder.learning.folds import grouped_folds


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 40)), min_size=60, max_size=90), st.integers(0, 3))
def test_no_document_and_no_text_stands_in_two_folds(rows, seed):
    documents = [f"d{document}" for document, _ in rows]
    texts = [f"text {document} {text // 10}" for document, text in rows]
    truth = np.array([[text % 3 == 0, text % 7 == 0] for _, text in rows], dtype=np.int8)
    if len(set(documents)) < 3:
        return
    folds = grouped_folds(documents, texts, truth, folds=3, seed=seed)
    for names in (documents, texts):
        assert all(len({f for n, f in zip(names, folds, strict=True) if n == name}) == 1 for name in set(names))
    assert set(folds) == {0, 1, 2}
    assert np.array_equal(folds, grouped_folds(documents, texts, truth, folds=3, seed=seed))


def test_documents_that_share_a_text_stay_together():
    documents = ["a", "b", "c", "d", "e"]
    texts = ["same words", "other", "same  words", "more", "other"]
    folds = grouped_folds(documents, texts, np.zeros((5, 1), dtype=np.int8), folds=3, seed=0)
    assert folds[0] == folds[2] and folds[1] == folds[4]
    with pytest.raises(RolecoderError, match="3 separate documents"):
        grouped_folds(documents, texts, np.zeros((5, 1), dtype=np.int8), folds=4, seed=0)


def test_every_fold_gets_its_part_of_a_rare_role():
    documents = [str(i) for i in range(200)]
    truth = np.zeros((200, 2), dtype=np.int8)
    truth[:10, 0], truth[:100, 1] = 1, 1
    folds = grouped_folds(documents, documents, truth, folds=5, seed=0)
    assert [int(truth[folds == fold, 0].sum()) for fold in range(5)] == [2] * 5
    assert all(18 <= truth[folds == fold, 1].sum() <= 22 and 38 <= (folds == fold).sum() <= 42 for fold in range(5))
