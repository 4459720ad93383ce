import json
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from encoders import small_codebook

from rolecoder.actors import read_actors
from rolecoder.annotations import Label, Labels, coded_in_two_ways, read_labels, strange_actors, strange_kinds, with_ids
from rolecoder.codebook import read_codebook
from rolecoder.errors import RolecoderError
from rolecoder.labelled_cells import empty_roles
from rolecoder.labelled_texts import CONTEXT_WORDS, text_checksum
from rolecoder.tabular.sheets import PASSAGES, placed_rows, read_rows, unread

BOOK = small_codebook()


def jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(**changes):
    return {"id": "a", "text": "We lead.", "roles": ["leader"]} | changes


def refusal(path, **options):
    with pytest.raises(RolecoderError) as error:
        read_labels([path], BOOK, **options)
    return str(error.value)


def test_a_blank_cell_is_empty_and_a_row_with_an_undecided_role_is_coded(tmp_path):
    file = tmp_path / "labels.csv"
    rows = ["id,text,roles,undecided,sampling_probability", "a,One.,,,.5", "b,Two., ,,.5", "c,Three.,,leader,.5"]
    file.write_text("\n".join([*rows, "d,Four.,none,,.5"]) + "\n", encoding="utf-8")
    found = read_labels([file], small_codebook())
    assert [row.label_id for row in found.rows] == ["c", "d"] and found.waiting == {(None, 0.5): 2}


def test_the_same_labels_come_out_of_jsonl_csv_and_xlsx(tmp_path):
    full = row(roles=["leader", "helper"], doc_id="d", aspect="conception", source="JPN", holder="JPN", sure=2)
    plain = {"id": "b", "text": 'Ünder; the "sky", we meet.', "roles": []}
    lines = jsonl(tmp_path / "a.jsonl", full, plain)
    sheet = tmp_path / "a.csv"
    sheet.write_text(
        "id;text;roles;doc_id;aspect;source;holder;sure\r\n"
        'a;We lead.;"leader; helper";d;conception;JPN;JPN;2\r\n'
        'b;"Ünder; the ""sky"", we meet.";none;;;;;\r\n',
        encoding="utf-8-sig",
        newline="",
    )
    book = openpyxl.Workbook()
    for cells in (
        ("id", "text", "roles", "document_id", "aspect", "source", "holder", "sure"),
        ("a", "We lead.", "leader;Helper", "d", "conception", "JPN", "JPN", 2),
        ("b", plain["text"], None, None, None, None, None, None),
        (None,) * 8,
    ):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    from_lines, from_sheet, from_book = (read_labels([path], BOOK) for path in (lines, sheet, tmp_path / "a.xlsx"))
    assert from_lines.rows == from_sheet.rows == from_book.rows
    assert from_lines.digest == from_sheet.digest == from_book.digest
    assert from_lines.matrix.tolist() == [[1, 1, 0], [0, 0, 0]]
    assert from_lines.documents == ["d", "row b"]
    assert from_lines.sources == ("a.jsonl",)


def test_the_digest_knows_a_changed_role_but_not_the_order_of_rows(tmp_path):
    one = read_labels([jsonl(tmp_path / "1.jsonl", row(), row(id="b", text="x", roles=[]))], BOOK)
    other = read_labels([jsonl(tmp_path / "2.jsonl", row(id="b", text="x", roles=[]), row())], BOOK)
    changed = read_labels([jsonl(tmp_path / "3.jsonl", row(roles=["loner"]), row(id="b", text="x", roles=[]))], BOOK)
    assert one.digest == other.digest != changed.digest
    assert one.only([1]).rows == (one.rows[1],)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"roles": ["leadr"]}, "closest is 'leader'"),
        ({"roles": ["none", "leader"]}, "'none' beside a role"),
        ({"roles": ["leader"], "undecided": ["leader"]}, "leader is both given and undecided"),
        ({"text": "  "}, "no text"),
        ({"text": None}, "no text"),
        ({"id": None}, "no 'id'"),
        ({"aspect": "concepton"}, "closest is 'conception'"),
        ({"sure": "very"}, "sure 'very'"),
        ({"weight": -1}, "above 0"),
        ({"sampling_probability": 1.5}, "up to 1"),
        ({"weight": float("inf")}, "expected a number above 0\n"),
        ({"weight": 10**400}, "expected a number"),
    ],
)
def test_a_wrong_cell_is_named_with_file_row_and_what_was_expected(tmp_path, changes, said):
    path = jsonl(tmp_path / "bad.jsonl", row(id="first", text="other"), row(**changes))
    message = refusal(path)
    assert f"{path}:2" in message and said in message and "1 of 2" in message


def test_a_row_without_the_column_of_roles_is_refused_with_the_closest_name(tmp_path):
    path = jsonl(tmp_path / "bad.jsonl", {"id": "a", "text": "x", "role": "leader"})
    assert "closest is 'role'" in refusal(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("My labels\n\nid,text,roles\n1,a,none\n", "no column id or roles in the first row"),
        ("id,text,role\n1,a,none\n2,b,none\n", "no column roles in the first row; closest is 'role'"),
        ("", "no column id or roles in the first row"),
    ],
)
def test_a_csv_whose_first_row_lacks_columns_is_refused_once(tmp_path, text, said):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    message = refusal(tmp_path / "a.csv")
    assert said in message and "delete what stands above them" in message and "rows cannot be used" not in message


def test_no_more_than_five_faults_are_shown_but_all_are_counted(tmp_path):
    path = jsonl(tmp_path / "bad.jsonl", *(row(id=str(i), text=str(i), roles=["chief"]) for i in range(9)))
    message = refusal(path)
    assert "9 of 9 label rows" in message and "and 4 more" in message and message.count("chief") == 5


def test_an_id_twice_and_a_text_with_two_codes_are_refused(tmp_path):
    path = jsonl(tmp_path / "bad.jsonl", row(), row(text="Other."), row(id="c", text="We  lead.", roles=[]))
    message = refusal(path)
    assert "the id 'a' stands in" in message and "the same text in" in message and "coded none" in message
    assert message.startswith("2 of 3 label rows")


def test_one_text_with_two_codes_is_read_where_each_row_speaks_of_its_own_passage(tmp_path):
    path = jsonl(tmp_path / "a.jsonl", row(), row(id="b", text="We  lead.", roles=[]), row(id="c", text="Other."))
    found = read_labels([path], BOOK, of_a_run=True)
    assert [label.roles for label in found.rows] == [("leader",), (), ("leader",)] and coded_in_two_ways(found) == 1
    assert coded_in_two_ways(found.only([0, 2])) == 0
    twice = jsonl(tmp_path / "b.jsonl", row(), row(roles=[]))
    assert "the id 'a' stands in" in refusal(twice, of_a_run=True)


def test_a_row_with_two_faults_is_one_row_that_cannot_be_used(tmp_path):
    path = jsonl(tmp_path / "bad.jsonl", row(), row(roles=[]), row(id="c", text="Other."))
    assert refusal(path).startswith("1 of 3 label rows")


def test_a_column_of_a_workbook_without_a_name_moves_no_other(tmp_path):
    book = openpyxl.Workbook()
    for cells in (("id", None, " text ", "roles"), ("a", "a note", "We lead.", "leader"), (None,) * 4):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    assert read_rows(tmp_path / "a.xlsx") == [{"id": "a", "text": "We lead.", "roles": "leader"}]


def test_a_broken_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("empty.xml", "")
    assert "a.xlsx: no readable workbook" in refusal(tmp_path / "a.xlsx")


def test_files_of_another_kind_or_unreadable_or_empty_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.csv").write_bytes(b"id,text,roles\n1,caf\xe9,none\n")
    (tmp_path / "b.csv").write_text("id,text,roles\n1,a,none,more\n")
    (tmp_path / "a.xlsx").write_bytes(b"not a zip")
    (tmp_path / "a.jsonl").write_text("{oops\n")
    (tmp_path / "b.jsonl").write_text("[1]\n")
    (tmp_path / "c.jsonl").write_text("\n")
    for name, said in {
        "a.txt": "kind .txt",
        "a.csv": "not a readable table",
        "b.csv": "more cells",
        "a.xlsx": "no readable workbook",
        "a.jsonl": "not JSON",
        "b.jsonl": "not a JSON object",
        "c.jsonl": "no labels",
        "absent.csv": "no such table",
    }.items():
        assert said in refusal(tmp_path / name), name


def test_rows_without_text_are_filled_from_their_documents(tmp_path):
    long = " ".join(f"w{number}" for number in range(100))
    (tmp_path / "plain.txt").write_bytes(f"{long}\r\nWe  lead\r\nthem. {long}".encode())
    (tmp_path / "old.txt").write_bytes("Señor, we lead.".encode("latin-1"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("in/speech.txt", b"One.\r\nWe lead.")
    start = len(long) + 1
    places = [
        {"path": "plain.txt", "start": start, "end": start + 14, "checksum": text_checksum("We lead them.")},
        {"path": "old.txt", "start": 7, "end": 15, "checksum": text_checksum("we lead.")},
        {"path": "all.zip!in/speech.txt", "start": 6, "end": 14, "checksum": text_checksum("We lead.")},
    ]
    rows = [{"id": str(n), "roles": "leader", **place} for n, place in enumerate(places)]
    labels = read_labels([jsonl(tmp_path / "places.jsonl", *rows)], BOOK, root=tmp_path)
    assert labels.texts == ["We lead them.", "we lead.", "We lead."] and not any(row.quoted for row in labels.rows)
    own = read_labels([jsonl(tmp_path / "own.jsonl", rows[0] | {"text": "We lead them."})], BOOK)
    assert own.rows[0].quoted and own.digest == replace(own, rows=(replace(own.rows[0], quoted=False),)).digest
    assert len(labels.rows[0].before.split()) == len(labels.rows[0].after.split()) == CONTEXT_WORDS
    assert labels.rows[0].before.endswith("w99") and labels.rows[0].after.startswith("w0")


def test_a_place_whose_text_changed_or_is_not_there_is_refused(tmp_path):
    (tmp_path / "plain.txt").write_text("We follow.")
    place = {"id": "1", "roles": "", "path": "plain.txt", "start": 0, "end": 10, "checksum": text_checksum("We lead.")}
    path = jsonl(tmp_path / "places.jsonl", place, place | {"id": "2", "path": "gone.txt"})
    message = refusal(path, root=tmp_path)
    assert "is not what was coded" in message and "gone.txt cannot be read" in message
    assert "name the folder" in refusal(path)


def test_the_path_of_a_row_by_offsets_is_its_document_where_no_doc_id_is(tmp_path):
    (tmp_path / "a.txt").write_text("We lead. We follow.")
    places = [{"path": "a.txt", "start": 0, "end": 8}, {"path": "a.txt", "start": 9, "end": 19, "doc_id": "speech"}]
    words = {"path": "a.txt", "text": "Of another."}  # a column of one's own, as it has no place
    rows = [{"id": str(n), "roles": "", **place} for n, place in enumerate([*places, words])]
    labels = read_labels([jsonl(tmp_path / "places.jsonl", *rows)], BOOK, root=tmp_path)
    assert labels.documents == ["a.txt", "speech", "row 2"]


def test_words_around_that_a_row_by_offsets_names_itself_are_taken(tmp_path):
    (tmp_path / "a.txt").write_text("Raw. We lead. Noise.")
    place = {"roles": "leader", "path": "a.txt", "start": 5, "end": 13, "checksum": text_checksum("We lead.")}
    rows = [{"id": "1", "before": "Cleaned.", **place}, {"id": "2", "before": " ", "after": "Clean too.", **place}]
    labels = read_labels([jsonl(tmp_path / "places.jsonl", *rows)], BOOK, root=tmp_path)
    assert [(row.before, row.after) for row in labels.rows] == [("Cleaned.", "Noise."), ("Raw.", "Clean too.")]


def test_offsets_without_a_checksum_are_read_and_counted_if_there_is_text_at_them(tmp_path):
    (tmp_path / "a.txt").write_text("We lead.")
    file = tmp_path / "places.csv"
    file.write_text("id,path,start,end,roles,checksum\n1,a.txt,0,8,leader,\n2,a.txt,3,8,none,NA\n")
    labels = read_labels([file], BOOK, root=tmp_path)
    assert labels.texts == ["We lead.", "lead."] and labels.unchecked == 2
    file.write_text(
        "id,path,start,end,roles\n1,a.txt,3,90,none\n2,a.txt,-3,8,none\n3,a.txt,2,3,none\n4,a.txt,5,3,none\n"
    )
    message = refusal(file, root=tmp_path)
    assert "4 of 4 label rows" in message and "no text at a.txt[3:90]: the file has 8 code points" in message
    assert "start counts from 0" in message


def test_a_text_that_is_not_the_one_at_its_place_is_told_with_what_the_document_has_and_is_taken(tmp_path):
    (tmp_path / "a.txt").write_text("We lead.\nWe \n follow. “We go.”")
    first = {"path": "a.txt", "start": 0, "end": 8, "roles": ""}
    rows = [
        first | {"id": "1", "text": "We lead."},
        first | {"id": "2", "text": "We  follow.", "start": 9, "end": 21},  # white space aside
        first | {"id": "3", "text": '"We go."', "start": 22, "end": 30},  # and what a spreadsheet rewrites
        first | {"id": "4", "text": "We leave them."},
        first | {"id": "5", "text": "We stay.", "end": 90},
        first | {"id": "6", "text": "We go on.", "path": "gone.txt"},
        first | {"id": "7", "text": "We say no.", "end": None},
    ]
    path = jsonl(tmp_path / "rows.jsonl", *rows)
    labels = read_labels([path], BOOK, root=tmp_path)
    assert [row.text for row in labels.rows] == [row["text"] for row in rows] and not labels.unchecked
    four, five, six = labels.differing
    assert four == f"{path}:4: 'We leave them.' for 'We lead.' at a.txt[0:8]"
    assert five == f"{path}:5: no text at a.txt[0:90]: the file has 30 code points"
    assert six.startswith(f"{path}:6: gone.txt cannot be read")
    assert not read_labels([path], BOOK).differing  # without a folder there is no document


def test_a_file_that_is_no_plain_text_is_told_to_be_none(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 We lead.")
    (tmp_path / "b.rtf").write_bytes(b"{\\rtf1 We lead.}")
    (tmp_path / "c.txt").write_text("We lead.", encoding="utf-16")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("e.txt", "We lead.")
    names = ["a.pdf", "b.rtf", "c.txt", "d.zip"]
    rows = [{"id": name, "roles": "", "path": name, "start": 0, "end": 8, "checksum": "x"} for name in names]
    message = refusal(jsonl(tmp_path / "places.jsonl", *rows), root=tmp_path)
    for name in names:
        assert f"{name} is no plain text, of which offsets are" in message
    assert "another version" not in message and "archive.zip!member" in message and "save it as .txt" in message


@pytest.mark.parametrize("start", ["283.0", "abc", float("inf")])
def test_a_place_that_is_no_whole_number_is_refused(tmp_path, start):
    (tmp_path / "plain.txt").write_text("We lead.")
    place = {"id": "1", "roles": "", "path": "plain.txt", "start": start, "end": 8, "checksum": "x"}
    message = refusal(jsonl(tmp_path / "places.jsonl", place), root=tmp_path)
    assert f"start {start!r}, end 8; expected whole numbers" in message


def test_rows_are_read_as_they_are(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("id,text,roles,source\n1,a,none,\n")
    assert read_rows(path) == [{"id": "1", "text": "a", "roles": "none", "source": None}]


@pytest.mark.real_texts
def test_the_shipped_labels_lead_to_the_texts_that_were_coded(root, data):
    book = read_codebook(root / "labels" / "codebook.yaml")
    shipped = read_labels([root / "labels" / "holsti-17" / "dev.csv"], book, root=data / "corpora")
    original = read_labels([data / "labels" / "dev.jsonl"], book)
    assert {r.label_id: (r.text, r.roles) for r in shipped.rows} == {
        r.label_id: (r.text, r.roles) for r in original.rows
    }


def test_the_shipped_labels_hold_no_text(root):
    for path in sorted((root / "labels" / "holsti-17").glob("*.csv")):
        rows = read_rows(path)
        assert {"text", "before", "after"}.isdisjoint(rows[0]) and len(rows) > 900
        assert all(len(str(value)) <= 130 for row in rows for value in row.values() if value), path


def test_passages_written_to_be_learnt_from_are_marked_so_and_name_known_actors(root):
    book, actors = read_codebook(root / "labels" / "codebook.yaml"), read_actors(root / "corpora" / "actors.csv")
    labels = with_ids(read_labels([root / "labels" / "written.csv"], book), actors)
    assert not labels.scored and len(labels) > 1500 and all(row.source and row.date for row in labels.rows)
    assert not strange_actors(labels, actors) and not strange_kinds(labels)
    assert all(bool(row.roles) == bool(row.holder and row.aspect) for row in labels.rows)
    assert not [row for row in labels.rows if row.prescribes(row.source)]


def test_dates_are_read_in_forms_that_mean_one_day_and_others_are_refused(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("id,text,roles,date\n1,One.,none,1980-03-01\n2,Two.,none,1 March 1980\n3,Three.,none,1980\n")
    assert [row.date for row in read_labels([file], BOOK).rows] == ["1980-03-01", "1980-03-01", "1980"]
    file.write_text("id,text,roles,date\n1,One.,none,3/1/1980\n2,Two.,none,01.03.1980\n")
    with pytest.raises(RolecoderError, match=r"(?s)2 of 2 label rows.*a.csv:2: date '3/1/1980'; expected YYYY-MM-DD"):
        read_labels([file], BOOK)


def test_of_a_run_a_date_that_a_spreadsheet_rewrote_is_left_out(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("id,text,roles,date\n1,One.,none,11/14/1990\n2,Two.,none,1990.0\n")
    assert [row.date for row in read_labels([file], BOOK, of_a_run=True).rows] == [None, "1990"]


def test_a_day_of_a_workbook_is_a_date(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "text", "roles", "date"])
    book.active.append(["1", "One.", "none", datetime(1990, 8, 2)])
    book.save(tmp_path / "a.xlsx")
    assert read_labels([tmp_path / "a.xlsx"], BOOK).rows[0].date == "1990-08-02"


def test_holders_and_sources_are_led_to_whom_they_meant_then(root):
    actors = read_actors(root / "corpora" / "actors.csv")
    told = [("Russia", "the Soviet Union", "1980-03-01"), ("Russia", "JPN", "1999"), ("group:mine", None, None)]
    rows = tuple(
        Label(label_id=str(n), text="", roles=(), holder=holder, source=source, date=date)
        for n, (holder, source, date) in enumerate([*told, ("Narnia", None, None)])
    )
    labels = with_ids(Labels(codebook=BOOK, rows=rows), actors)
    assert [(row.holder, row.source) for row in labels.rows[:3]] == [
        ("SUN", "SUN"),
        ("RUS", "JPN"),
        ("group:mine", None),
    ]
    assert list(strange_actors(labels, actors)) == ["3"]
    assert not strange_actors(labels, actors, "source")
    elsewhere = replace(labels, rows=(replace(labels.rows[0], source="Narnia"),))
    assert strange_actors(elsewhere, actors, "source")["0"].startswith("'Narnia' is not an actor id")


def test_addressees_are_read_and_led_to_actors_and_change_no_digest_where_there_are_none(tmp_path, root):
    actors = read_actors(root / "corpora" / "actors.csv")
    rows = [row(addressee="Japan", date="1990"), row(id="b", text="Other.", addressee="Narnia")]
    labels = with_ids(read_labels([jsonl(tmp_path / "a.jsonl", *rows)], BOOK), actors)
    assert [label.addressee for label in labels.rows] == ["JPN", "Narnia"]
    assert list(strange_actors(labels, actors, "addressee")) == ["b"]
    silent, empty, other = (
        read_labels([jsonl(tmp_path / "b.jsonl", row(**more))], BOOK).digest
        for more in ({}, {"addressee": None}, {"addressee": "JPN"})
    )
    assert silent == empty != other
    assert (
        silent == "f530e0adeb5cfd4ee7d67abb3e3963e60325890ca9c1b24832fa7e8b5d65444c"
    )  # as before there was such a column


def test_capitals_of_columns_and_aspects_and_a_decimal_comma_below_one_are_read(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("ID;Text;ROLES;Aspect;Sampling_Probability\n1;We lead.;leader;Conception;0,25\n", encoding="utf-8")
    (row,) = read_labels([file], BOOK).rows
    assert (row.label_id, row.roles, row.aspect, row.sampling_probability) == ("1", ("leader",), "conception", 0.25)
    file.write_text("id;text;roles;weight\n1;We lead.;leader;1,500\n", encoding="utf-8")
    assert "weight '1,500'; expected a number (write decimals with a point)" in refusal(file)


def book_of(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(path)
    return path


def test_a_cell_that_says_na_is_empty(tmp_path):
    file = tmp_path / "r.csv"
    columns = "id,text,doc_id,doc_type,roles,aspect,holder,date,undecided,sampling_probability"
    file.write_text(f'{columns}\n1,We lead.,NA,"NA",leader,NA,NA,NA,NA,NA\n2,Two.,NA,NA,NA,NA,NA,NA,NA,.5\n')
    found = read_labels([file], BOOK)
    assert found.rows == (Label(label_id="1", text="We lead.", roles=("leader",)),)
    assert found.documents == ["row 1"] and found.waiting == {(None, 0.5): 1}
    file.write_text("id,text,roles\n1,NA,none\n")
    assert "no text" in refusal(file)


def test_all_sheets_with_the_columns_are_read_and_the_others_are_named(tmp_path):
    head = ("id", "text", "roles")
    sheets = {"Notes": [("What I did",), ("Read.",)], "A": [head, ("1", "We lead.", "leader")]}
    file = book_of(tmp_path / "a.xlsx", **sheets, B=[head, ("2", "Two.", "chief")])
    assert f"{file}, sheet B:2: 'chief' is not a role" in refusal(file)
    file = book_of(tmp_path / "a.xlsx", **sheets, B=[head, ("2", "Two.", "none")])
    assert [row.label_id for row in read_labels([file], BOOK).rows] == ["1", "2"]
    assert unread(file) == [f"{file}, sheet Notes: it has no column id or roles"]
    message = refusal(book_of(tmp_path / "b.xlsx", Notes=sheets["Notes"], A=[("id", "role"), ("1", "leader")]))
    assert (
        "no sheet with rows has the columns needed" in message
        and "sheet Notes: What I did\n  sheet A: id, role" in message
    )


def test_rows_with_empty_roles_are_counted_and_doubted_where_others_say_none_or_they_name_a_holder():
    plain = [{"roles": None}, {"roles": "ally"}, {"roles": None, "undecided": "ally"}, {"roles": []}]
    drawn = {"roles": None, "sampling_probability": 0.5}
    assert empty_roles([*plain, drawn]) == (1, "")
    assert empty_roles([*plain, {"roles": "None"}]) == (1, "while 1 say none")
    sided = {"roles": None, "aspect": "conception"}
    assert empty_roles([*plain, sided, {"roles": "none"}]) == (2, "1 of them with a holder or aspect, while 1 say none")
    assert empty_roles(plain[1:]) == (0, "")


def test_merged_cells_are_told_of_the_sheets_that_are_read(tmp_path):
    head, file = ("id", "text", "roles"), tmp_path / "a.xlsx"
    sheets = {"Notes": [("What I did", None), ("Read.", "All.")], "A": [head, ("1", "One.", "ally"), ("2", "Two.")]}
    book = openpyxl.load_workbook(book_of(file, **sheets))
    book["Notes"].merge_cells("A1:B1")
    book.save(file)
    notes = f"{file}, sheet Notes: it has no column id or roles"
    assert unread(file) == [notes]
    book["A"].merge_cells("C2:C3")
    book.save(file)
    assert unread(file) == [notes, f"{file}, sheet A: merged cells, but for the first of each; part them and fill all"]
    del book["Notes"]
    book.save(file)
    assert unread(file)[0].startswith(f"{file}: merged cells")


def test_a_formula_that_no_program_has_worked_out_is_no_empty_cell(tmp_path):
    head = ("id", "text", "roles", "holder", "mine")
    rows = [
        ("1", "One.", "=C9", "USA", None),
        ("2", "Two.", "ally", '=A1&"x"', None),
        ("3", "Three.", "ally", "", "=1+1"),
    ]
    file = book_of(tmp_path / "a.xlsx", Labels=[head, *rows])
    message = refusal(file)
    assert message.startswith(f"{file}: 2 cells with a formula whose value the file does not have")
    assert f"\n  {file}:2: column 'roles'\n  {file}:3: column 'holder';" in message and ":4" not in message
    assert "mend: open the file in a spreadsheet program and save it there" in message
    with pytest.raises(RolecoderError, match="sheet B:2: column 'text'"):
        list(placed_rows(book_of(tmp_path / "b.xlsx", A=[head, rows[0]], B=[("id", "text"), ("1", "=A1")]), PASSAGES))


def test_a_formula_with_its_value_is_read_one_whose_value_is_empty_too(tmp_path):
    file = book_of(tmp_path / "a.xlsx", A=[("id", "text", "roles", "holder"), ("1", "One.", "=C9", "=D9")])
    with zipfile.ZipFile(file) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    name = "xl/worksheets/sheet1.xml"
    for cell, value in ((b"C", b"leader"), (b"D", b"")):  # as Excel and LibreOffice save text that they worked out
        saved = rb'<c r="%c2" t="str"><f>%c9</f><v>%b</v></c>' % (cell, cell, value)
        parts[name], count = re.subn(rb'<c r="%c2"><f>.*?</c>' % cell, saved, parts[name])
        assert count == 1
    with zipfile.ZipFile(file, "w") as after:
        for part, content in parts.items():
            after.writestr(part, content)
    (label,) = read_labels([file], BOOK).rows
    assert (label.roles, label.holder) == (("leader",), None)


def test_capitals_of_strata_and_kinds_of_text_do_not_matter_and_unknown_kinds_are_counted(tmp_path):
    file = tmp_path / "a.csv"
    head = "id,text,roles,stratum,doc_type"
    file.write_text(f"{head}\n1,A.,none,Random,Speech\n2,B.,none,WRITTEN,Oration\n3,C.,none,Mine,\n")
    found = read_labels([file], BOOK)
    assert [(row.stratum, row.doc_type) for row in found.rows] == [
        ("random", "speech"),
        ("written", "oration"),
        ("Mine", None),
    ]
    assert strange_kinds(found) == {"oration": 1} and found.scored == [0, 2]


def test_columns_that_are_misspelt_are_told_and_those_of_ones_own_are_not(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(
        "id,text,roles,Holders,strata,document,my notes,coder,before,said_before,date,dates\n1,A.,none" + "," * 9
    )
    assert [line.removeprefix(f"{file}: ") for line in unread(file)] == [
        "column 'Holders'; closest is 'holder'",
        "column 'strata'; closest is 'stratum'",
        "column 'document'; closest is 'document_id'",
    ]


def test_a_file_that_is_given_twice_is_refused(tmp_path, monkeypatch):
    jsonl(tmp_path / "a.jsonl", row())
    monkeypatch.chdir(tmp_path)
    for other in ("a.jsonl", "./a.jsonl", tmp_path / "a.jsonl"):
        with pytest.raises(RolecoderError, match="given twice"):
            read_labels([Path("a.jsonl"), Path(other)], BOOK)


def test_two_columns_of_one_header_are_refused_in_every_format(tmp_path):
    head, cells = ("id", "text", "roles", "roles"), ("1", "We lead.", "leader", None)
    (tmp_path / "a.csv").write_text(",".join(head) + "\n1,We lead.,leader,\n")
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "We lead.", "roles": "leader", "roles": null}\n')
    book_of(tmp_path / "a.xlsx", A=[head, cells])
    for name, said in {"a.csv": "two columns 'roles'", "a.jsonl": "two fields 'roles'"}.items():
        assert said in refusal(tmp_path / name) and "rename or delete one of them" in refusal(tmp_path / name)
    assert refusal(tmp_path / "a.jsonl").startswith(f"{tmp_path / 'a.jsonl'}:1: two fields")
    assert refusal(tmp_path / "a.xlsx").startswith(f"{tmp_path / 'a.xlsx'}: two columns 'roles'")
    notes = [("id", "notes", "notes"), ("1", "a", "b")]  # of a sheet that is not read
    found = read_labels([book_of(tmp_path / "b.xlsx", Notes=notes, A=[head[:3], cells[:3]])], BOOK)
    assert found.rows[0].roles == ("leader",)


@pytest.mark.parametrize("pair", [("doc_id", "document_id"), ("id", "passage_id"), ("Roles", "roles")])
def test_two_names_of_one_field_are_refused_and_both_named_in_every_format(tmp_path, pair):
    read = {"doc_id": "doc_id", "id": "id", "Roles": "roles"}[pair[0]]
    cells = {"id": "1", "text": "We lead.", "roles": "none"} | {pair[0]: "leader", pair[1]: None}
    (tmp_path / "a.csv").write_text(
        ",".join(cells) + "\n" + ",".join(str(cell or "") for cell in cells.values()) + "\n"
    )
    book_of(tmp_path / "a.xlsx", A=[tuple(cells), tuple(cells.values())])
    book_of(tmp_path / "b.xlsx", Notes=[("a",), ("b",)], A=[tuple(cells), tuple(cells.values())])
    jsonl(tmp_path / "a.jsonl", row(id="first", text="Other."), cells)
    places = {"a.csv": "", "a.xlsx": "", "b.xlsx": ", sheet A", "a.jsonl": ":2"}
    for name, place in places.items():
        message = refusal(tmp_path / name)
        assert message.startswith(f"{tmp_path / name}{place}: columns ") and f"are both read as '{read}'" in message
        assert all(repr(one) in message for one in pair) and "mend: rename or delete one of them" in message


def test_rows_of_one_file_may_name_a_field_in_two_ways(tmp_path):
    other = {"passage_id": "b", "document_id": "d", "text": "Other.", "roles": "none"}
    assert read_labels([jsonl(tmp_path / "a.jsonl", row(doc_id="d"), other)], BOOK).documents == ["d", "d"]


def test_names_of_a_field_that_is_not_read_may_stand_side_by_side(tmp_path):
    file = tmp_path / "passages.csv"
    file.write_text("id,text,doc_id,document_id\n1,We lead.,a,b\n")
    assert [row["id"] for _, row in placed_rows(file, PASSAGES)] == ["1"]
