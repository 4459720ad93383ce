import numpy as np
import pytest
from encoders import LetterCounter, small_labels
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.feature_extraction.text import TfidfVectorizer

from rolecoder.bundle import EncoderNote, Words
from rolecoder.classify import MAX_ROLES, RUN, PassageTexts, classify, decide, word_matrix
from rolecoder.errors import RolecoderError
from rolecoder.train import TrainSettings, train

chances = st.floats(0, 1, width=16)


@pytest.fixture(scope="module")
def bundle():
    encoder = LetterCounter()
    note = EncoderNote(identity=encoder.identity, dim=26)
    return train(small_labels(20), note, encoder.encode, TrainSettings(curve=False, resamples=5), name="small")


def passages(*texts):
    return PassageTexts(text=texts, before=[""] * len(texts), after=[""] * len(texts))


@given(
    arrays(np.float64, (4, 6), elements=chances), arrays(np.float64, 6, elements=st.floats(0.0625, 0.9375, width=16))
)
def test_a_passage_gets_at_most_three_roles_each_above_its_threshold(p, thresholds):
    given_roles = decide(p, thresholds)
    assert (given_roles.sum(axis=1) <= MAX_ROLES).all() and (
        p[given_roles] >= np.broadcast_to(thresholds, p.shape)[given_roles]
    ).all()
    assert (given_roles.sum(axis=1) == np.minimum((p >= thresholds).sum(axis=1), MAX_ROLES)).all()


def test_the_clearest_roles_are_kept_judged_by_distance_from_the_threshold():
    p, thresholds = np.array([[0.6, 0.5, 0.9, 0.3]]), np.array([0.5, 0.1, 0.85, 0.1])
    assert decide(p, thresholds).tolist() == [[False, True, True, True]]


def test_roles_come_clearest_first(bundle):
    coded = classify(
        passages("We lead our region and send aid to poorer states, leave us alone."), bundle, LetterCounter().encode
    )
    wide = coded.__class__(
        roles=coded.roles,
        thresholds=np.array([0.5, 0.1, 0.2]),
        probabilities=np.array([[0.6, 0.5, 0.3]]),
        decided=np.ones((1, 3), dtype=bool),
    )
    assert wide.given(0) == ("helper", "loner", "leader")


def test_a_passage_is_coded_alike_alone_and_among_others_in_any_order(bundle):
    texts = [row.text for row in small_labels(30).rows]
    together = classify(passages(*texts), bundle, LetterCounter().encode).probabilities
    alone = np.vstack([classify(passages(t), bundle, LetterCounter().encode).probabilities for t in texts[:10]])
    backwards = classify(passages(*texts[::-1]), bundle, LetterCounter().encode).probabilities[::-1]
    assert np.abs(together[:10] - alone).max() < 1e-9 and np.abs(together - backwards).max() < 1e-9


def test_more_passages_than_one_block_are_coded_as_in_one(bundle):
    texts = [row.text for row in small_labels(3).rows]
    many = classify(passages(*(texts * 400)), bundle, LetterCounter().encode).probabilities
    assert np.abs(many[: len(texts)] - many[-len(texts) :]).max() < 1e-9 and len(many) == 4800


def test_no_passages_give_no_rows(bundle):
    assert classify(passages(), bundle, lambda texts: np.zeros((0, 26), np.float32)).probabilities.shape == (0, 3)


def test_words_are_weighed_as_scikit_learn_does():
    texts = ["We lead the région", "we follow, we lead", "the weather"]
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
    expected = theirs.fit_transform(texts)
    words = Words(terms=tuple(theirs.get_feature_names_out()), idf=theirs.idf_.astype(np.float32))
    assert np.allclose(word_matrix(texts, words).toarray(), expected.toarray(), atol=1e-6)
    assert word_matrix(["unknown"], words).nnz == 0


def test_runs_of_letters_are_weighed_as_scikit_learn_does_and_apart_from_words():
    texts = ["We lead the région", "we follow, we lead", "the weather"]
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, strip_accents="unicode")
    expected = np.hstack([words.fit_transform(texts).toarray(), runs.fit_transform(texts).toarray()])
    terms = (*words.get_feature_names_out(), *(RUN + run for run in runs.get_feature_names_out()))
    both = Words(terms=terms, idf=np.concatenate([words.idf_, runs.idf_]).astype(np.float32))
    assert np.allclose(word_matrix(texts, both).toarray(), expected, atol=1e-6)


def test_a_word_in_a_form_that_no_label_has_is_known_by_its_letters():
    word_and_run = Words(terms=("mediator", RUN + "media"), idf=np.ones(2, dtype=np.float32))
    assert word_matrix(["Mediators"], word_and_run).toarray().tolist() == [[0.0, 1.0]]


def test_vectors_of_another_width_are_refused(bundle):
    with pytest.raises(RolecoderError, match="vectors of shape"):
        classify(passages("a"), bundle, lambda texts: np.zeros((1, 25), np.float32))
    with pytest.raises(RolecoderError, match="one of each"):
        PassageTexts(text=["a"], before=[], after=[""])
