"""Change points: found where there is one, rarely where there is none."""

import numpy as np
import pytest
from evidence import evidence_of

from rolecoder.annotations import Label
from rolecoder.config import Profiles
from rolecoder.measuring.samples import Sample
from rolecoder.trends import find_changes, make_trends

BEFORE, AFTER = [0.6, 0.3, 0.1], [0.2, 0.3, 0.5]


def series(rng, shares, per_year=2, size=6):
    years = np.repeat(np.arange(1960, 1960 + len(shares)), per_year)
    counts = np.array([rng.multinomial(1 + rng.poisson(size), shares[year - 1960]) for year in years], dtype=float)
    return counts, years


def test_a_change_of_profile_is_dated_near_where_it_happened():
    rng = np.random.default_rng(0)
    counts, years = series(rng, [BEFORE] * 20 + [AFTER] * 20)
    found = find_changes(counts, years, 0.95, rng, permutations=199)
    assert [int(years[change.row]) for change in found] == [pytest.approx(1980, abs=2)]
    assert found[0].low <= found[0].row <= found[0].high
    assert years[found[0].low] <= 1980 <= years[min(found[0].high, len(years) - 1)]
    assert found[0].p_value <= 0.05


def test_two_changes_are_both_found():
    rng = np.random.default_rng(1)
    counts, years = series(rng, [BEFORE] * 15 + [AFTER] * 15 + [[0.1, 0.8, 0.1]] * 15)
    dated = [int(years[change.row]) for change in find_changes(counts, years, 0.95, rng, permutations=199)]
    assert dated == [pytest.approx(1975, abs=2), pytest.approx(1990, abs=2)]


def test_without_a_change_one_is_found_in_about_five_of_a_hundred_series():
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(200):
        counts, years = series(rng, [BEFORE] * 15, size=rng.integers(1, 12))
        alarms += bool(find_changes(counts, years, 0.95, rng, permutations=99))
    assert 2 <= alarms <= 20


def test_after_one_change_a_second_is_found_in_at_most_five_of_a_hundred_series():
    rng = np.random.default_rng(4)
    more = 0
    for _ in range(150):
        counts, years = series(rng, [BEFORE] * 15 + [AFTER] * 15, size=8)
        more += len(find_changes(counts, years, 0.95, rng, permutations=199)) > 1
    assert more <= 13  # 5 of 100 and two standard errors


def test_parts_below_zero_and_documents_that_speak_of_no_role_raise_no_false_alarm():
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(200):
        counts, years = series(rng, [BEFORE] * 15, size=3)
        silent = rng.random(len(counts)) < 0.4
        parts = np.where(silent[:, None], 0.0, counts) - 0.3 * rng.random((len(counts), 1))
        alarms += bool(find_changes(parts, years, 0.95, rng, heard=~silent, permutations=99))
    assert 2 <= alarms <= 20


def test_documents_of_one_year_are_never_parted():
    rng = np.random.default_rng(3)
    counts, _ = series(rng, [BEFORE] * 10 + [AFTER] * 10)
    assert find_changes(counts, np.full(len(counts), 1990), 0.95, rng) == []


def spoken(document, year):
    """A passage of a document of a year, coded with the role ``ally``."""
    where = {"passage_id": f"{document}:0-5", "document_id": document, "source": "NOR", "date": str(year)}
    words = dict.fromkeys(("speaker", "source_reason", "addressee", "page")) | {
        "text": "words",
        "before": "",
        "after": "",
    }
    sure = {"holder": "NOR", "aspect": "conception", "probability": 0.9, "threshold": 0.5}
    sure |= {
        f"{what}_{how}": value for what in ("holder", "aspect") for how, value in (("confidence", 1.0), ("reason", ""))
    }
    passage = where | words | {"start": 0, "end": 5, "words": 1, "reported": False, "doc_type": "speech"}
    return passage, where | sure | {"role": "ally"}


def test_windows_move_from_the_first_year_to_the_last_and_a_longer_one_says_that_it_is_not_filled():
    passages, codings = zip(*(spoken(f"d{year}", year) for year in (1990, 1991, 1992)), strict=True)
    found = evidence_of(passages, codings, ("ally", "leader"))

    def windows(years):
        study = Profiles(window=years, min_passages=1, min_documents=1, estimator="count")
        ally = make_trends(found, study)[0].query("role == 'ally'")
        return [tuple(row) for row in ally[["since", "until", "share", "note"]].to_numpy(dtype=object, na_value=None)]

    assert windows(2) == [(1990, 1991, 1.0, None), (1991, 1992, 1.0, None)]
    assert windows(3) == [(1990, 1992, 1.0, None)]
    told = "windows of 10000 years are asked for; the documents span 3"
    assert windows(10_000) == [(1990, 1992, None, told)]


def judged(codings, passages, truth):
    """The hand label of every passage, ``truth`` by year."""
    labels = {
        p["passage_id"]: Label(
            label_id=p["passage_id"],
            text="words",
            roles=(truth(int(p["date"]), place),),
            holder="NOR",
            aspect="conception",
            sampling_probability=1.0,
        )
        for place, p in enumerate(passages)
    }
    return evidence_of(passages, codings, ("ally", "leader"), Sample(labels=labels, strata={}))


def test_what_hand_labels_deny_is_no_change_and_what_they_say_is_one():
    passages, codings = zip(*(spoken(f"d{year}{n}", year) for year in range(1970, 2000) for n in "ab"), strict=True)
    wrong = [c | {"role": "ally" if c["date"] < "1985" else "leader"} for c in codings]
    study = Profiles(window=5, min_passages=1, min_documents=1, estimator="design_based")
    constant = make_trends(judged(wrong, passages, lambda _, place: ("ally", "leader")[place % 2]), study)[1]
    assert not len(constant)
    turned = make_trends(judged(codings, passages, lambda year, _: "ally" if year < 1985 else "leader"), study)[1]
    assert turned[["year", "estimator", "rises"]].values.tolist() == [[1985, "design-based", "leader"]]
    counted = make_trends(judged(wrong, passages, lambda *_: "ally"), study.model_copy(update={"estimator": "count"}))[
        1
    ]
    assert counted[["year", "estimator"]].values.tolist() == [[1985, "count"]]
