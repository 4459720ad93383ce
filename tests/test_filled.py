import pytest

from rolecoder.errors import RolecoderError
from rolecoder.tabular.filled import read_filled


def filled(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_filled(path, "manifest")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_cells_may_be_parted_as_any_spreadsheet_program_does(tmp_path, mark):
    found = filled(tmp_path, "\ufeffpath, title\na.txt,Über uns\n".replace(",", mark))
    assert found.columns == ("path", "title") and found.rows == ((2, {"path": "a.txt", "title": "Über uns"}),)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    found = filled(tmp_path, 'path,title\n"a","two\nlines"\n\nb\n,\nc,x\n')
    assert [number for number, _ in found.rows] == [2, 4, 6]
    assert found.rows[1][1] == {"path": "b", "title": ""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("path,title\na,b,c\n", "more cells than the header has columns"),
        ("path,path\n", "two columns 'path'"),
        (",".join(map(str, range(1001))), "1,001 columns"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path, text, said):
    with pytest.raises(RolecoderError, match=said):
        filled(tmp_path, text)


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path):
    assert filled(tmp_path, "path\na,,\n").rows == ((2, {"path": "a"}),)


@pytest.mark.parametrize("end", ['b.txt,"May, A.",AUS\n', "b.txt,X,AUS\n"])
def test_a_quotation_mark_that_is_not_closed_never_makes_rows_one(tmp_path, end):
    with pytest.raises(RolecoderError, match="may not be closed") as error:
        filled(tmp_path, 'path,speaker,actor\n0.txt,X,USA\na.txt,"Marcos, F.\n' + end)
    assert "t.csv:3" in str(error.value)


@pytest.mark.parametrize("row", ['a.txt,"Chicken Kiev" speech\n', 'a.txt,"Chicken Kiev" \n', 'a.txt,"Chicken Kiev\n'])
def test_a_stray_quotation_mark_in_a_row_of_its_own_is_no_fault(tmp_path, row):
    [(number, cells)] = filled(tmp_path, f"path,title\n{row}").rows
    assert number == 2 and cells["path"] == "a.txt" and "Chicken Kiev" in cells["title"]
