import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.errors import RolecoderError
from rolecoder.files import replacing, write_csv, write_text
from rolecoder.tables import DROPPED, Column, Table, probabilities_table

ROWS = Table(
    name="rows",
    key=("id",),
    columns={
        "id": Column(kind="string", meaning="key"),
        "n": Column(kind="integer", meaning="count", missing=True),
        "p": Column(kind="number", meaning="share", missing=True),
        "yes": Column(kind="boolean", meaning="flag"),
    },
)


def row(**changes):
    return {"id": "a", "n": 1, "p": 0.5, "yes": True} | changes


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    st.lists(
        st.tuples(
            texts, st.none() | st.integers(-(2**40), 2**40), st.none() | st.floats(allow_nan=False), st.booleans()
        ),
        unique_by=lambda r: r[0],
    )
)
def test_what_is_written_is_what_is_read(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("table")
    frame = ROWS.frame([{"id": a, "n": n, "p": p, "yes": b} for a, n, p, b in rows])
    ROWS.write(frame, folder)
    pd.testing.assert_frame_equal(ROWS.read(folder), frame)


def test_missing_values_stay_missing_and_are_not_zero(tmp_path):
    ROWS.write(ROWS.frame([row(n=None, p=None)]), tmp_path)
    assert ROWS.read(tmp_path)[["n", "p"]].isna().all(axis=None)


def test_a_table_written_in_parts_is_one_table(tmp_path):
    with ROWS.writing(tmp_path) as add:
        add(ROWS.frame([row(id="a")]))
        add(ROWS.frame([row(id="b", n=None)]))
    assert list(ROWS.read(tmp_path)["id"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(), row()], "occurs twice"),
        ([row(yes=None)], "no value in column 'yes'"),
        ([row(id=None)], "no value in column 'id'"),
        ([row(n="many")], "wrong type"),
    ],
)
def test_a_row_against_the_declaration_is_refused(rows, message):
    with pytest.raises(RolecoderError, match=message):
        ROWS.frame(rows)


def test_columns_that_lack_or_are_unknown_are_named():
    with pytest.raises(RolecoderError, match="lacking: n; not known: m"):
        ROWS.check(pd.DataFrame([row()]).rename(columns={"n": "m"}))


def test_columns_that_are_asked_for_are_read_with_those_of_the_key(tmp_path):
    ROWS.write(ROWS.frame([row(), row(id="b", n=None)]), tmp_path)
    found = ROWS.read(tmp_path, ["n"])
    assert list(found.columns) == ["id", "n"] and found["n"].isna().tolist() == [False, True]
    pd.DataFrame({"id": ["a"]}).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(RolecoderError, match="not a readable table"):
        ROWS.read(tmp_path, ["n"])


def test_a_table_that_is_not_there_says_what_makes_it(tmp_path):
    with pytest.raises(RolecoderError, match="rolecoder run"):
        ROWS.read(tmp_path)


def test_a_damaged_table_is_an_error_that_says_so(tmp_path):
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(RolecoderError, match="not a readable table"):
        ROWS.read(tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = write_text(tmp_path / "a" / "x.txt", "old")
    with pytest.raises(KeyboardInterrupt), replacing(target) as handle:
        handle.write(b"half of the n")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["x.txt"]


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RolecoderError, match=r"x\.txt: could not be written"):
        write_text(tmp_path / "file" / "x.txt", "text")


def test_csv_opens_in_excel_as_utf_8_and_leaves_missing_values_empty(tmp_path):
    path = write_csv(pd.DataFrame({"name": ["Kōfu", None]}), tmp_path / "t.csv")
    assert path.read_bytes() == b'\xef\xbb\xbfname\nK\xc5\x8dfu\n""\n'


def test_a_dropped_item_may_be_a_whole_file_or_a_stretch():
    frame = DROPPED.frame(
        [
            {"row": 1, "stage": "ingest", "item": "a.pdf", "reason": "broken", "words": 0, "start": None, "end": None},
            {"row": 2, "stage": "turns", "item": "b", "reason": "heading", "words": 3, "start": 0, "end": 12},
        ]
    )
    assert frame["start"].isna().tolist() == [True, False]


def test_the_probabilities_have_one_column_per_role():
    assert list(probabilities_table(["lead", "ally"]).columns) == ["passage_id", "p_lead", "p_ally"]
