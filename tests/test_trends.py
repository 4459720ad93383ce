"""Change points: found where there is one, rarely where there is none."""

import numpy as np
import pytest

from rolecoder.trends import find_changes

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


def test_documents_of_one_year_are_never_parted():
    rng = np.random.default_rng(3)
    counts, _ = series(rng, [BEFORE] * 10 + [AFTER] * 10)
    assert find_changes(counts, np.full(len(counts), 1990), 0.95, rng) == []
