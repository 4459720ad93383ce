from dataclasses import replace

import numpy as np
import pytest
from encoders import small_labels
from sklearn.metrics import f1_score

from rolecoder.actors import read_actors
from rolecoder.annotations import with_ids
from rolecoder.attribute import SIDES, Correction, attribute
from rolecoder.evaluate_holders import judge_holders, score_holders, told_rows


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


def labelled(**filled):
    """Labels of which each row with a role names holder, aspect and source."""
    named = {"source": "USA", "holder": "USA", "aspect": "conception", "doc_type": "speech"} | filled
    labels = small_labels(12)
    return replace(labels, rows=tuple(replace(row, **named) if row.roles else row for row in labels.rows))


def nothing_learnt(items, actors):
    return None


@pytest.mark.parametrize("column", ["source", "holder", "aspect"])
def test_only_rows_that_name_role_holder_aspect_and_source_are_judged(actors, column):
    labels = labelled()
    assert len(told_rows(labels, actors)) == 36  # 12 of the 48 rows carry no role
    rows = (replace(labels.rows[0], **{column: None}), *labels.rows[1:])
    assert len(told_rows(replace(labels, rows=rows), actors)) == 35


def test_a_source_that_is_no_actor_is_none_and_a_name_leads_to_one(actors):
    assert told_rows(with_ids(labelled(source="Ruritania"), actors), actors) == []
    assert {one.item.source for one in told_rows(with_ids(labelled(source="Japan"), actors), actors)} == {"JPN"}


def test_figures_are_those_of_what_attribution_says(actors):
    labels = labelled()
    holders, aspects = ("USA", "JPN", "USA"), ("conception", "performance", "prescription")
    rows = [
        replace(row, holder=holders[n % 3], aspect=aspects[n % 3]) if row.roles else row
        for n, row in enumerate(labels.rows)
    ]
    told = told_rows(replace(labels, rows=tuple(rows)), actors)
    scores = judge_holders(told, actors, nothing_learnt, min_confidence=0.5, resamples=0)
    said = attribute([one.item for one in told], actors)
    right = np.array([one.row.holder == given.holder for one, given in zip(told, said, strict=True)])
    others = np.array([one.row.holder != "USA" for one in told])
    assert scores.n == 36 and scores.n_documents == 12 and scores.n_others == others.sum() > 0
    assert scores.holder.value == pytest.approx(right.mean()) and 0 < right.mean() < 1
    assert scores.holder_of_others.value == pytest.approx(right[others].mean())
    true, given = [one.row.aspect for one in told], [one.aspect for one in said]
    seen = sorted(set(true))
    assert scores.aspect_macro_f1.value == pytest.approx(f1_score(true, given, average="macro", labels=seen))
    assert set(seen) <= set(SIDES)


def test_an_aspect_that_does_not_occur_by_hand_is_in_no_mean(actors):
    told = told_rows(labelled(holder="JPN"), actors)
    said = [replace(one, aspect="conception") for one in attribute([one.item for one in told], actors)]
    said[0] = replace(said[0], aspect="prescription")
    right = len(told) - 1
    scores = score_holders(told, said, resamples=400)
    assert {one.row.aspect for one in told} == {"conception"}
    assert scores.aspect_macro_f1.value == pytest.approx(2 * right / (2 * right + 1))
    assert scores.aspect_macro_f1.low > 0.9  # draws with the wrong one are means of one aspect too


def test_what_is_less_sure_than_a_study_asks_for_is_unknown_and_not_wrong(actors):
    labels = labelled()
    told = told_rows(labels, actors)
    items = [one.item for one in told]
    limit = sorted(one.holder_confidence for one in attribute(items, actors))[len(items) // 2] + 1e-4
    scores = judge_holders(told, actors, nothing_learnt, min_confidence=limit, resamples=0)
    said = attribute(items, actors, min_confidence=limit)
    unknown = np.array([one.holder is None for one in said])
    assert 0 < unknown.mean() < 1 and scores.holder_unknown.value == pytest.approx(unknown.mean())
    right = [one.row.holder == given.holder for one, given in zip(told, said, strict=True) if given.holder]
    assert scores.holder_known.value == pytest.approx(np.mean(right))
    assert scores.aspect_unknown.value == pytest.approx(np.mean([one.aspect is None for one in said]))
    none = judge_holders(told, actors, nothing_learnt, min_confidence=1.0, resamples=0)
    assert none.holder_unknown.value == 1 and none.holder_known.value is None


def test_what_a_model_has_learnt_counts(actors):
    told = told_rows(labelled(holder="JPN"), actors)
    learnt = Correction(add=lambda number, holder, aspect: 50.0 * (aspect == "performance"))
    before, after = (
        judge_holders(told, actors, read, min_confidence=0.5, resamples=0)
        for read in (nothing_learnt, lambda items, actors: learnt)
    )
    assert before.aspect_macro_f1.value > after.aspect_macro_f1.value == 0


def test_intervals_come_from_documents(actors):
    labels = labelled()
    rows = [replace(row, holder="JPN") if row.document_id in ("d0", "d1", "d2") else row for row in labels.rows]
    told = told_rows(replace(labels, rows=tuple(rows)), actors)
    said = [replace(one, holder="USA") for one in attribute([t.item for t in told], actors)]
    scores = score_holders(told, said, resamples=400)
    assert scores.holder.value == 0.75 and scores.holder.low < 0.6 and scores.holder.high > 0.9
    assert scores == score_holders(told, said, resamples=400)
    separate = [replace(one, document=one.row.label_id) for one in told]
    alone = score_holders(separate, said, resamples=400)
    assert alone.holder.high - alone.holder.low < scores.holder.high - scores.holder.low
    assert scores.as_json()["holder"]["value"] == 0.75
