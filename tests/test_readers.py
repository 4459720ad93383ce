"""One reader per format: bytes to text, and what the file says of itself."""

import datetime
import io
import json
import os
import stat
import zipfile
import zlib

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from rolecoder.errors import RolecoderError
from rolecoder.pages.cleaning import clean
from rolecoder.readers.formats import read_bytes
from rolecoder.records import Participant


def read(name, data, *, in_archive=False, ocr=False):
    return read_bytes(name, data if isinstance(data, bytes) else data.encode(), in_archive=in_archive, ocr=ocr)


def only(name, data, **options):
    (reading,) = read(name, data, **options)
    return reading


def values(reading):
    return {name: found.value for name, found in reading.metadata.items()}


# plain text


def test_utf8_is_read_with_its_byte_order_mark_kept_in_raw():
    assert only("a.txt", b"\xef\xbb\xbfPeace \xe2\x80\x94 now").raw == "\ufeffPeace — now"


def test_what_is_not_utf8_is_read_as_latin_1_code_point_for_code_point():
    reading = only("a.txt", b"caf\xe9 \x93peace\x94")
    assert len(reading.raw) == 12
    assert "Latin-1" in reading.mended[0]


def test_line_ends_count_once_in_a_file_and_as_they_are_in_an_archive():
    assert only("a.txt", b"one\r\ntwo\rthree").raw == "one\ntwo\nthree"
    assert only("a.txt", b"one\r\ntwo", in_archive=True).raw == "one\r\ntwo"


def test_utf16_is_read_by_its_mark():
    assert only("a.txt", "peace".encode("utf-16")).raw == "peace"


def test_form_feeds_count_pages():
    assert only("a.txt", b"one\ftwo\fthree\n").pages == ((0, "1"), (4, "2"), (8, "3"))
    assert only("a.txt", b"one\n\f\n").pages == ()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.txt", b"", "an empty file"),
        ("a.txt", b" \n\t ", "a file of blanks"),
        ("a.txt", bytes(range(256)) * 20, "full of control characters"),
        ("a.txt", b"\xff\xfep", "not readable as UTF-16"),
        ("a.txt", b"a" * 5_000_000, "a line of 5,000,000 characters"),
        ("a.jpg", b"x", "a format that is not read"),
        ("a.pdf", b"%PDF-1.4 nothing", "no readable PDF"),
        ("a.docx", b"PK not a zip", "no readable Word document"),
        ("a.epub", b"PK not a zip", "no readable EPUB"),
        ("a.xlsx", b"PK not a zip", "no readable workbook"),
        ("a.xml", b"just words < here", "XML that is not well formed"),
        ("a.json", b"{", "no readable JSON"),
        ("a.json", b"[" * 100_000, "no readable JSON"),
        ("a.json", b"[]", "a table without rows"),
        ("a.json", b"[1]", "row 1 is no object"),
        ("a.csv", b"speaker,date\nOlaf,1990\n", "no column of texts in row 1; its columns are speaker, date"),
        ("a.csv", b'text\n"never closed', "no readable CSV"),
        ("a.html", b"<html><body><script>1</script></body></html>", "HTML without text"),
        ("a.md", b"---\na: b: c\n---\nx", "front matter that is not YAML"),
        ("a.md", b"---\n- a\n---\nx", "front matter that is no mapping"),
        ("a.md", b"---\nspeakers: 3\n---\nx", "speakers that are no list"),
        ("a.md", b"---\nspeakers: [{nom: Olaf}]\n---\nx", "a speaker"),
    ],
)
def test_what_cannot_be_read_says_why(name, data, found):
    with pytest.raises(RolecoderError) as error:
        read(name, data)
    assert found in error.value.found


PRINTED = """7. Memorandum of ConversationSource

Bergen, April 6, 1962.

The Ambassador had read the note.1 He asked about the 2 ships in the harbour, and of 1960.2

* * *

* Source: A box of papers. Secret.

1 Dated April 4.

2 See Document 5.
"""


def test_a_footnote_may_go_on_in_paragraphs_of_its_own():
    end = "\n\n* Source: A file.\n\n1 The letter reads:\n\n“We shall sell the wheat.”\n\nA copy is attached.\n\n"
    raw = f"He wrote a letter.1 It was short.2{end}2 Dated May 4."
    kinds = [note.kind for note in only("a.txt", raw.encode()).notes]
    assert kinds == ["source", *["footnote"] * 4]
    goes_on = f"He wrote a letter.1 It was short.2{end}The talk went on."
    assert only("a.txt", goes_on.encode()).notes == ()


def test_the_figure_of_a_footnote_after_a_year_is_no_part_of_the_year():
    raw = "The plan of 19551 was good; that of 1956 was not. A third2 came in 1957.\n\n* Source: A file.\n\n1 See Document 5.\n\n2 Dated May 4."
    reading = only("a.txt", raw.encode())
    kept = "".join(char for at, char in enumerate(reading.raw) if not any(a <= at < b for a, b in reading.omit))
    assert kept.split("\n")[0] == "The plan of 1955 was good; that of 1956 was not. A third came in 1957."


def test_footnotes_at_the_end_of_a_printed_document_stand_apart():
    from rolecoder.pages.cleaning import clean

    reading = only("a.txt", PRINTED)
    assert [(note.kind, note.text) for note in reading.notes] == [
        ("source", "* Source: A box of papers. Secret."),
        ("footnote", "1 Dated April 4."),
        ("footnote", "2 See Document 5."),
    ]
    assert clean(reading).mapped.text.split("\n\n") == [
        "7. Memorandum of Conversation",
        "Bergen, April 6, 1962.",
        "The Ambassador had read the note. He asked about the 2 ships in the harbour, and of 1960.",
    ]


def test_what_follows_a_source_note_without_numbers_is_text():
    assert only("a.txt", PRINTED + "\nBut he came back the next day.\n").notes == ()


# markdown

MARKDOWN = """---
title: "A call: on the harbour"
date: 1990-05-04
doc_type: telcon
speakers:
  - {name: Einar Halvorsen, actor: NOR, title: Prime Minister}
summarises: "A record of the library"
---
# Heading

The *harbour* is [open](https://example.org/a_b). <!-- not this -->

> A quotation.
"""


def test_front_matter_gives_metadata_and_is_no_text():
    from rolecoder.pages.cleaning import clean

    reading = only("a.md", MARKDOWN)
    assert values(reading)["title"] == "A call: on the harbour"
    assert values(reading)["date"] == "1990-05-04"
    assert values(reading)["citation"] == "A record of the library"
    assert reading.participants == (Participant(name="Einar Halvorsen", actor="NOR", title="Prime Minister"),)
    assert clean(reading).mapped.text == "Heading\n\nThe harbour is open.\n\nA quotation."


def test_markdown_of_an_archive_is_read_whatever_its_line_ends_are():
    raw = MARKDOWN.replace("\n", "\r\n") + "\r\n***\r\n\r\nAt last.\r\n"
    reading = only("a.md", raw, in_archive=True)
    assert reading.raw == raw
    assert values(reading) == values(only("a.md", MARKDOWN))
    assert clean(reading).mapped.text == "Heading\n\nThe harbour is open.\n\nA quotation.\n\nAt last."
    assert values(only("a.md", MARKDOWN.replace("\n", "\r"), in_archive=True)) == values(reading)


def test_the_escapes_of_markdown_are_no_text():
    from rolecoder.pages.cleaning import clean

    assert clean(only("a.md", "He paid 3\\* and 4\\_ more.")).mapped.text == "He paid 3* and 4_ more."


def test_the_footnotes_of_markdown_are_notes():
    reading = only("a.md", "We met.[^1] So we did.\n\n[^1]: In Oslo,\n    in May.\n\nWe spoke.\n")
    assert clean(reading).mapped.text == "We met. So we did.\n\nWe spoke."
    assert [(note.kind, note.text) for note in reading.notes] == [("footnote", "In Oslo, in May.")]


def test_markdown_without_front_matter_is_text_alone():
    assert values(only("a.md", "Peace.\n\n---\n\nNow.")) == {}


# HTML and EPUB

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Memoirs</title><meta name="date" content="1922-05-01">
<style>p {}</style></head><body><nav>Home</nav><h2>Chapter I</h2><p>I was <i>born</i><br>by the sea<span
class="pagenum">
<a id="Page_3">[Pg 3]</a></span> and left it.</p><div class="footnote"><p>[1] In 1859.</p></div>
<p>Words&nbsp;&amp; deeds.</p><h2>Chapter II</h2><p>Then came war.</p><script>x()</script></body></html>"""


def test_a_page_keeps_all_chapters_without_its_navigation():
    reading = only("a.html", PAGE)
    words = " ".join(reading.raw.split())
    assert "Chapter I I was born by the sea and left it." in words
    assert words.endswith("Chapter II Then came war.")
    assert "Home" not in words
    assert "x()" not in words
    assert values(reading) == {"title": "Memoirs", "date": "1922-05-01", "language": "en"}


def test_page_numbers_and_footnotes_of_a_book_are_kept_apart():
    reading = only("a.html", PAGE)
    assert reading.pages[0][1] == "3"
    (note,) = reading.notes
    assert note.text == "[1] In 1859."
    assert note.text in reading.raw[note.raw_start : note.raw_end]


@pytest.mark.parametrize(
    "style",
    ["pb-4", "mt-2 pb-3", "pb", "no-sidebar", "content-sidebar-wrap", "share-none", "has-caption", "no-footnotes"],
)
def test_what_a_class_is_called_loses_no_text_that_is_none_of_it(style):
    page = f'<html><body><div class="{style}"><p>We keep the harbour open, as Chapter 4 of the treaty says.</p></div>'
    reading = only("a.html", page)
    assert reading.raw.split() == "We keep the harbour open, as Chapter 4 of the treaty says.".split()
    assert (reading.pages, reading.notes, reading.mended) == ((), (), ())


@pytest.mark.parametrize(
    "style",
    ["sidebar", "left-sidebar", "post-navigation", "nav-wrapper", "social-sharing", "menu-list-1", "share-this x"],
)
def test_words_that_are_left_out_as_navigation_are_counted(style):
    reading = only("a.html", f'<html><body><div class="{style}">Home and about</div><p>We met.</p></body></html>')
    assert reading.raw.split() == ["We", "met."]
    assert reading.mended == ("words of navigation, asides and footers left out: 3",)


@pytest.mark.parametrize(
    ("mark", "label"),
    [
        ('<span class="pagenum">[Pg 12]</span>', "12"),
        ('<span class="x-pagenum">p. xii</span>', "xii"),
        ('<span class="page-number">[11] [12]</span>', "12"),
        ('<span class="pagenum">Page 12 of 30</span>', "12"),
        ('<span class="page-number">p. 12a</span>', "12a"),
        ('<span class="pagenum">[Pg lxxxviii]</span>', "lxxxviii"),
        ('<span class="pageNum">Vol. II, page 12</span>', "12"),
        ('<span class="pb" id="Page_12"></span>', "12"),
        ('<span role="doc-pagebreak" title="12"></span>', "12"),
    ],
)
def test_a_mark_of_a_page_holds_its_label_or_nothing(mark, label):
    reading = only("a.html", f"<html><body><p>We met{mark} again.</p></body></html>")
    assert [each for _, each in reading.pages] == [label]
    assert reading.raw.split() == ["We", "met", "again."]


@pytest.mark.parametrize(
    ("body", "text", "notes"),
    [
        ('<p>We met.<sup>3</sup></p><aside role="doc-footnote">3. In May.</aside>', "We met.", ["3. In May."]),
        ('<p>We met.<a epub:type="noteref">3</a> So.</p><li class="endnote">In May.</li>', "We met. So.", ["In May."]),
        ("<p>At 10<sup>th</sup> Street.</p>", "At 10th Street.", []),
        ("<p>Of 500 km<sup>2</sup> and 10<sup>6</sup> trees.</p>", "Of 500 km2 and 106 trees.", []),
    ],
)
def test_the_notes_of_a_page_and_the_figures_that_lead_to_them_are_no_text(body, text, notes):
    reading = only("a.html", f"<html><body>{body}</body></html>")
    assert " ".join(clean(reading).mapped.text.split()) == text
    assert [note.text for note in reading.notes] == notes


@pytest.mark.parametrize("cell", ["<p>{}</p>", "<td>{}</td>", "<p><span>{}</span></p>", "<li>{}</li>"])
def test_breaks_of_a_page_part_lines_wherever_they_stand_but_in_headings(cell):
    page = f"<html><body><h1>On<br>trade</h1>{cell.format('We met.<br><br>We spoke.')}</body></html>"
    assert clean(only("a.html", page)).mapped.text == "On trade\n\nWe met.\n\nWe spoke."


def test_words_in_asides_footers_and_navigation_of_a_page_are_counted():
    body = "<aside><p>We met</p></aside><p>We spoke.</p><footer>in Oslo</footer><nav>Home</nav>"
    reading = only("a.html", f"<html><body>{body}</body></html>")
    assert reading.raw.split() == ["We", "spoke."]
    assert reading.mended == ("words of navigation, asides and footers left out: 5",)


def test_html_in_latin_1_is_read_by_its_charset():
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>café</p></body></html>'
    assert "café" in only("a.htm", page.encode("latin-1")).raw


def test_a_page_saved_as_text_is_read_as_html():
    assert only("a.txt", PAGE).raw.lstrip().startswith("Chapter I")


def epub(*, encrypted="", said="", pages=("<p>First.</p>", "<p>Second.</p>")):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("META-INF/container.xml", '<c><rootfile full-path="OPS/book.opf"/></c>')
        if encrypted:
            named = f'<e:CipherReference xmlns:e="http://www.w3.org/2001/04/xmlenc#" URI="{encrypted}"/>'
            book.writestr("META-INF/encryption.xml", f"<encryption>{named}</encryption>")
        items = "".join(
            f'<item id="i{n}" href="p%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages))
        )
        order = "".join(f'<itemref idref="i{n}"/>' for n in reversed(range(len(pages))))
        book.writestr(
            "OPS/book.opf",
            f"<package><metadata><title>A Life</title><date>1922-01</date><language>en-GB</language>{said}</metadata>"
            f"<manifest>{items}</manifest><spine>{order}</spine></package>",
        )
        for n, page in enumerate(pages):
            book.writestr(f"OPS/p {n}.xhtml", f"<html><body>{page}</body></html>")
    return target.getvalue()


def test_a_book_is_read_in_the_order_of_its_spine():
    reading = only("a.epub", epub())
    assert reading.raw.split() == ["Second.", "First."]
    assert values(reading) == {"title": "A Life", "date": "1922-01", "language": "en"}


def test_the_creator_of_a_book_is_who_speaks_in_it_and_its_translator_is_not():
    assert only("a.epub", epub()).participants == ()
    said = '<creator role="aut">Karl Moe</creator><creator xmlns:opf="o" opf:role="trl">Ann Lee</creator>'
    reading = only("a.epub", epub(said=said))
    assert [person.name for person in reading.participants] == ["Karl Moe"]
    assert reading.metadata["participants"].where == "EPUB metadata (creator)"


def test_a_locked_book_says_so():
    with pytest.raises(RolecoderError, match="locked by rights management"):
        read("a.epub", epub(encrypted="OPS/p%201.xhtml"))


def test_a_book_of_which_only_fonts_are_encrypted_is_read():
    assert only("a.epub", epub(encrypted="OPS/fonts/serif.otf")).raw.split() == ["Second.", "First."]


# Word, workbooks, tables


def test_a_word_document_is_read_paragraph_by_paragraph_with_its_tables():
    document = docx.Document()
    document.core_properties.title = "Speech"
    document.add_paragraph("First.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.add_paragraph("Last.")
    target = io.BytesIO()
    document.save(target)
    reading = only("a.docx", target.getvalue())
    assert reading.raw.split("\n\n")[:3] == ["First.", "left right", "Last."]
    assert values(reading) == {"title": "Speech"}


def test_words_in_controls_tags_and_insertions_of_a_word_document_are_read_and_moved_ones_once():
    document = docx.Document()
    run = "<w:r><w:t>{}</w:t></w:r>"
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    held = "<w:sdt><w:sdtContent><w:p>" + run.format("First.") + "</w:p></w:sdtContent></w:sdt>"
    inside = "".join(
        f"<w:{tag}>{run.format(words)}</w:{tag}>"
        for tag, words in (("smartTag", "In Oslo "), ("ins", "we met"), ("moveFrom", " twice"), ("moveTo", " again."))
    )
    for part in (held, f"<w:p>{inside}</w:p>"):
        document.element.body.insert_element_before(parse_xml(part.replace(">", f" {names}>", 1)), "w:sectPr")
    target = io.BytesIO()
    document.save(target)
    assert only("a.docx", target.getvalue()).raw.split("\n\n")[:2] == ["First.", "In Oslo we met again."]


def test_a_word_document_without_text_says_so():
    target = io.BytesIO()
    docx.Document().save(target)
    with pytest.raises(RolecoderError, match="without text"):
        read("a.docx", target.getvalue())


def test_a_table_gives_one_document_a_row():
    first, second = read("a.csv", "\ufeffdoc_id;text;speaker;year;iso3\nx1;Peace;Olaf;1990;NOR\n;War;;;\n")
    assert values(first) == {"doc_id": "x1", "date": "1990", "actor": "NOR", "participants": ""}
    assert first.participants == (Participant(name="Olaf"),)
    assert (first.raw, first.member, second.member) == ("Peace", "row 1", "row 2")


def test_json_is_read_as_one_object_a_list_or_a_list_within():
    row = {"text": "Peace", "name": "Olaf", "year": 1990, "party": "x"}
    assert only("a.json", json.dumps(row)).member is None
    assert values(only("a.json", json.dumps(row)))["date"] == "1990"
    assert only("a.json", json.dumps([row])).member == "row 1"
    assert only("a.json", json.dumps({"data": [row]})).raw == "Peace"
    assert [r.raw for r in read("a.jsonl", json.dumps(row) + "\n\n" + json.dumps(row))] == ["Peace", "Peace"]


def test_a_workbook_is_read_like_a_table():
    book = openpyxl.Workbook()
    book.active.append(["title", "text", "date"])
    book.active.append(["A", "Peace", "4 May 1990"])
    target = io.BytesIO()
    book.save(target)
    reading = only("a.xlsx", target.getvalue())
    assert values(reading) == {"title": "A", "date": "4 May 1990"}
    assert reading.raw == "Peace"


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for lines in sheets:
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_days_in_a_workbook_are_dates():
    lines = [["date", "text"], [datetime.date(1990, 5, 4), "Peace"], [datetime.datetime(1990, 5, 5, 9, 30), "War"]]
    assert [values(reading) for reading in read("a.xlsx", workbook(lines))] == [
        {"date": "1990-05-04"},
        {"date": "1990-05-05"},
    ]


def test_of_a_workbook_every_sheet_with_a_column_of_texts_is_read_and_the_others_are_told_of():
    notes, texts = [["Notes"], ["Gathered in 1990."]], [["title", "text"], ["A", "Peace"]]
    found = read("a.xlsx", workbook([], notes, texts, [["text"], ["War"]]))
    assert [(one.raw, one.member) for one in found] == [("Peace", "row 1"), ("War", "Sheet3 row 1")]
    assert all("has no column of texts, and is not read" in one.doubts[0] for one in found)
    with pytest.raises(RolecoderError, match="its columns are Notes"):
        read("a.xlsx", workbook(notes, [["Sources"], ["A box."]]))


def test_lists_of_speakers_are_read_and_what_is_no_list_of_words_is_told_of():
    reading = only("a.jsonl", b'{"text": "Peace", "speakers": ["Ann Lee", "Jan Berg"], "actor": {"x": 1}}')
    assert [person.name for person in reading.participants] == ["Ann Lee", "Jan Berg"]
    assert "not read: 'actor'" in reading.doubts[0]


def test_an_office_after_a_name_in_a_table_is_parted_from_it():
    (person,) = only("a.csv", 'text,speakers\nPeace,"Karl Moe, Prime Minister of Norway"\n').participants
    assert person == Participant(name="Karl Moe", title="Prime Minister of Norway")


def test_rows_are_counted_below_the_header_with_blank_ones_between():
    lines = [[], ["text"], ["Peace"], [], ["War"]]
    assert [reading.member for reading in read("a.xlsx", workbook(lines))] == ["row 1", "row 3"]
    assert [reading.member for reading in read("a.csv", "text,title\nPeace,A\n\nWar,B\n")] == ["row 1", "row 3"]


def test_two_columns_of_one_name_that_is_read_are_refused():
    with pytest.raises(RolecoderError, match="two columns 'text'"):
        read("a.csv", "text,Text\nPeace,War\n")
    assert only("a.csv", "text,mood,mood\nPeace,a,b\n").raw == "Peace"


def test_a_cell_of_json_that_is_no_number_is_empty():
    reading = only("a.json", '[{"text": "Peace", "date": NaN, "actor": "NOR"}]')
    assert values(reading) == {"actor": "NOR"}


def test_the_header_of_a_sheet_may_stand_below_empty_rows():
    assert only("a.xlsx", workbook([[], ["title", "text"], ["A", "Peace"]])).raw == "Peace"


def test_columns_that_are_not_read_are_told_of_with_those_that_are():
    for name, data in (("a.csv", b"State;text\nARG;Peace\n"), ("a.json", b'[{"State": "ARG", "text": "Peace"}]')):
        doubt = only(name, data).doubts[0]
        assert doubt.startswith("columns that are not read: 'State'; those that are: text, title, date, actor,")
    assert not only("a.csv", b"Actor,TEXT\nARG,Peace\n").doubts


def test_a_row_of_a_workbook_without_a_text_loses_no_other():
    lines = [["title", "text"], ["A"], ["B", "Peace"]]
    assert [reading.raw for reading in read("a.xlsx", workbook(lines))] == ["", "Peace"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "text;title\nPeace;café\n"),
        ("a.json", '[{"text": "Peace", "title": "café"}]'),
        ("a.jsonl", '{"text": "Peace", "title": "café"}'),
    ],
)
def test_a_table_that_is_not_utf8_says_how_it_was_read(name, data):
    reading = only(name, data.encode("latin-1"))
    assert values(reading)["title"] == "café"
    assert reading.mended == ("decoded as Latin-1, since it is not UTF-8",)
    assert only(name, data).mended == ()


# TEI

TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0">
<text><front><div><list type="persons"><item><persName xml:id="p_H">Halvorsen, Einar</persName>, Prime Minister of
Norway until 1970</item></list></div></front><body>
<div type="document" n="5" xml:id="d5" frus:doc-dateTime-min="1969-04-01T12:24:00-05:00"
frus:doc-dateTime-max="1969-04-01T13:00:00-05:00">
<head>5. Memorandum of Conversation<note type="source">Source: a box. Secret.</note></head>
<opener><dateline><placeName>Bergen</placeName>, <date when="1969-04-02">April 2</date>.</dateline></opener>
<list type="participants"><head>PARTICIPANTS</head><item><persName corresp="#p_H">Einar
Halvorsen</persName></item><item>Mr. Tern, notetaker</item></list>
<p><persName>Halvorsen</persName><gloss>FM</gloss> said that the har<pb n="9"/> bour<note>It was closed.</note> was
open.</p></div>
<div type="document" xml:id="d6"><head>6. Telephone Conversation</head><opener><dateline><date
from="1969-05-01" to="1969-05-03">May</date></dateline></opener>
<p>Halvorsen:<hi>Yes</hi>.</p></div></body></text></TEI>"""


def test_a_sentence_that_ends_at_a_tag_is_parted_from_the_next():
    reading = only(
        "a.xml", "<TEI><text><body><p>We met in June.<persName>Olaf</persName> said so.</p></body></text></TEI>"
    )
    assert "June. Olaf said" in reading.raw


def test_a_document_without_a_head_has_the_title_of_its_file_and_a_page_without_a_number_is_none():
    head = "<teiHeader><fileDesc><titleStmt><title>On the harbour</title></titleStmt></fileDesc></teiHeader>"
    body = '<p>We met<pb/>again. It <pb n="[4]"/>is open.</p>'
    reading = only("a.xml", f"<TEI>{head}<text><body>{body}</body></text></TEI>")
    assert values(reading) == {"title": "On the harbour"}
    assert [label for _, label in reading.pages] == ["4"]
    assert reading.raw.split() == ["We", "met", "again.", "It", "is", "open."]
    headed = only("a.xml", f"<TEI>{head}<text><body><head>A call</head>{body}</body></text></TEI>")
    assert values(headed) == {"title": "A call"}
    assert values(only("a.xml", "<TEI><text><p>We read <title>The Gull</title>.</p></text></TEI>")) == {}


def test_each_document_of_a_volume_is_a_document():
    first, second = read("v.xml", TEI)
    assert (first.member, second.member) == ("d5", "d6")
    assert values(first)["title"] == "5. Memorandum of Conversation"
    assert values(first)["doc_type"] == "memcon"
    assert values(first)["place"] == "Bergen"
    assert values(second)["doc_type"] == "telcon"


def test_dates_come_from_attributes_and_a_range_is_no_more_precise_than_it_is():
    first, second = read("v.xml", TEI)
    assert values(first)["date"] == "1969-04-01"
    assert first.metadata["date"].where == "TEI attribute doc-dateTime-min"
    assert values(second)["date"] == "1969-05"
    assert "a range" in second.metadata["date"].where


def test_notes_stand_apart_and_words_that_meet_at_a_tag_do_not_run_together():
    from rolecoder.pages.cleaning import clean

    first, second = read("v.xml", TEI)
    assert [note.text for note in first.notes] == ["Source: a box. Secret.", "It was closed."]
    assert clean(first).mapped.text.endswith("Halvorsen FM said that the har bour was open.")
    assert clean(second).mapped.text.endswith("Halvorsen: Yes.")
    assert [label for _, label in first.pages] == ["9"]


def test_participants_come_from_their_list_with_what_the_volume_says_of_them():
    first, _ = read("v.xml", TEI)
    assert first.participants == (
        Participant(name="Einar Halvorsen", title="Prime Minister of Norway until 1970"),
        Participant(name="Mr. Tern", title="notetaker"),
    )


def test_speakers_of_tei_are_labels_and_what_an_editor_mended_is_read_once():
    speakers = (
        "<sp><speaker>Halvorsen</speaker><p>We met.</p></sp><u><note type='speaker'>Mr. Tern:</note>So we did.</u>"
    )
    mended = "<p>The <choice><sic>harbor</sic><corr>harbour</corr></choice> is <sic>opne</sic>.</p>"
    reading = only("a.xml", f"<TEI><text><body>{speakers}{mended}</body></text></TEI>")
    paragraphs = ["Halvorsen:", "We met.", "Mr. Tern:", "So we did.", "The harbour is opne."]
    assert [" ".join(part.split()) for part in reading.raw.split("\n\n") if part.strip()] == paragraphs


def test_a_draft_without_namespace_or_end_is_read_as_far_as_it_goes():
    reading = only("draft.xml", '<div type="document" n="1"><head>One</head><p>Some & words <b>here')
    assert " ".join(reading.raw.split()).startswith("One Some")
    assert "not well formed" in reading.mended[0]


# PDF


def pdf(*pages):
    """A small PDF with a text layer; of each page, its lines."""
    bodies = []
    for lines in pages:
        shown = "".join(f"1 0 0 1 72 {720 - 14 * n} Tm ({line}) Tj " for n, line in enumerate(lines) if line)
        bodies.append(f"BT /F1 12 Tf {shown} ET")
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for body in bodies:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>"
        )
        objects.append(f"<< /Length {len(body)} >>\nstream\n{body}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


LINES = ["The President: We keep the harbour", "open for ships.", "", "Olaf: Thank you for it."]


def test_a_pdf_keeps_its_lines_blank_lines_and_pages():
    reading = only("a.pdf", pdf(LINES, ["Another page of words here."]))
    assert reading.raw.split("\f")[0].splitlines() == LINES
    assert [label for _, label in reading.pages] == ["1", "2"]
    assert reading.raw[reading.pages[1][0] :].startswith("Another page")


def numbered(*heads):
    goods = "salt timber grain copper wool glass linen amber".split()
    pages = (
        [head, f"We keep the harbour open for {good}", f"and for the ships with {good}"]
        for good, head in zip(goods, heads, strict=False)
    )
    return only("a.pdf", pdf(*pages))


def test_a_pdfs_pages_bear_their_printed_numbers_and_lose_the_heads_beside_them():
    heads = ["PREFACE", *(f"CHAPTER {n // 3}. The Quay {n}" for n in range(1, 8))]
    reading = numbered(*heads)
    assert [label for _, label in reading.pages] == ["[1]", "1", "2", "3", "4", "5", "6", "7"]
    text = clean(reading).mapped.text
    assert "CHAPTER" not in text and text.startswith("PREFACE")
    assert text.count("We keep the harbour open") == text.count("and for the ships") == len(heads)


def test_numbers_that_do_not_count_up_with_the_pages_are_no_page_numbers():
    reading = numbered(*(f"In the year {n}" for n in (1914, 1919, 1890, 1871, 1848, 1814)))
    assert [label for _, label in reading.pages] == ["1", "2", "3", "4", "5", "6"]
    assert not reading.omit


def test_a_hyphen_at_a_lines_end_of_a_pdf_ends_the_line():
    lines = ["We keep the har-", "bour open for all of you who come to us.", "Then all went in -", "Olaf: We do."]
    assert only("a.pdf", pdf(lines)).raw.splitlines()[:4] == lines


def test_blanks_between_letters_that_stand_wide_apart_are_closed():
    shown = "".join(
        f"1 0 0 1 {72 + 8 * n} 700 Tm ({letter}) Tj "
        for n, letter in enumerate("We keep the harbour open")
        if letter != " "
    )
    plain = pdf(["@"])
    body = f"BT /F1 10 Tf {shown} ET".encode()
    old = plain[plain.index(b"BT ") : plain.index(b" ET") + 3]
    data = plain.replace(b"/Length %d " % len(old), b"/Length %d " % len(body)).replace(old, body)
    assert only("a.pdf", data).raw.strip() == "We keep the harbour open"


def test_a_scan_is_recognised_as_one():
    with pytest.raises(RolecoderError) as error:
        read("a.pdf", pdf([], []))
    assert error.value.found == "a scan of 2 pages without a text layer"
    assert "--ocr auto" in error.value.mend


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for tesseract is a shell script")
def test_scans_are_recognised_once_where_tesseract_is_installed(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat > /dev/null\necho called >> {tmp_path}/calls\necho The harbour is open.\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    scan = pdf([], [])
    first, second = only("a.pdf", scan, ocr=True), only("a.pdf", scan, ocr=True)
    assert first.raw.split("\f") == ["The harbour is open.\n"] * 2
    assert first == second
    assert (tmp_path / "calls").read_text().split() == ["called", "called"]
    assert "recognised from a scan" in first.mended[0]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for tesseract is a shell script")
def test_a_tesseract_that_fails_is_reported(tmp_path, monkeypatch):
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho no language eng >&2\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    with pytest.raises(RolecoderError, match="no language eng"):
        read("a.pdf", pdf([]), ocr=True)


# safety


def zipped(name, data):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("name", ["a.epub", "a.docx", "a.xlsx"])
def test_a_zip_bomb_is_refused(name):
    with pytest.raises(RolecoderError, match="would swell"):
        read(name, zipped("META-INF/container.xml", b"0" * 30_000_000))


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;">]><TEI><text><p>&c;</p></text></TEI>'
    with pytest.raises(RolecoderError, match="declares entities"):
        read("a.xml", bomb)


def test_markup_nested_without_end_is_refused():
    with pytest.raises(RolecoderError):
        read("a.xml", "<TEI>" + "<p>" * 100_000 + "x" + "</p>" * 100_000 + "</TEI>")
    with pytest.raises(RolecoderError, match="deeper"):
        read("a.html", "<html><body>" + "<div>" * 240 + "x")


def test_a_damaged_member_of_an_archive_is_reported():
    data = bytearray(zipped("META-INF/container.xml", zlib.compress(os.urandom(2000))))
    data[60] ^= 0xFF
    with pytest.raises(RolecoderError, match="EPUB"):
        read("a.epub", bytes(data))


def test_a_note_in_brackets_inside_a_sentence_is_kept_apart_and_the_sentence_goes_on():
    from rolecoder.pages.cleaning import clean

    reading = only("a.txt", "We went [Footnote 1: By sea, it is said [by some].] to the harbour of the old town.\n")
    assert [note.text for note in reading.notes] == ["[Footnote 1: By sea, it is said [by some].]"]
    assert clean(reading).mapped.text == "We went to the harbour of the old town."


def test_marks_of_pages_in_a_plain_text_are_its_pages():
    raw = "".join(f"[Pg {number}] " + "We went to the harbour in the morning. " * 20 for number in range(7, 14))
    reading = only("a.txt", raw)
    assert [label for _, label in reading.pages] == [str(number) for number in range(7, 14)]


def test_a_caption_of_a_page_is_a_note_and_preformatted_lines_keep_their_paragraphs():
    page = (
        '<html><body><p>We went home.</p><div class="caption">Olaf at sea</div><figure><figcaption>The old harbour</figcaption>'
        "</figure><pre>*** START OF THE BOOK ***\nWe came\nback.\n\nWe stayed.</pre></body></html>"
    )
    reading = only("a.html", page)
    assert [(note.kind, note.text) for note in reading.notes] == [
        ("caption", "Olaf at sea"),
        ("caption", "The old harbour"),
    ]
    assert [part for part in reading.raw.split("\n\n") if part][-3:] == [
        "*** START OF THE BOOK ***",
        "We came back.",
        "We stayed.",
    ]


def test_a_speaker_of_tei_whose_label_ends_has_no_second_end_and_one_without_words_none():
    spoken = "<sp><speaker>MR. TERN.</speaker><p>We met.</p></sp><sp><speaker/><p>We parted.</p></sp>"
    spoken += "<p>Article <seg>one</seg> of it.</p>"
    reading = only("a.xml", f"<TEI><text><body>{spoken}</body></text></TEI>")
    assert reading.raw.strip().split("\n\n") == ["MR. TERN.", "We met.", "We parted.", "Article one of it."]


def test_a_surname_before_a_comma_is_part_of_the_name_and_a_double_column_that_decides_nothing_is_read():
    (reading,) = read("a.csv", 'text,author,source,Source\nPeace,"Moe, Karl; Ann Lee, Prime Minister",x,y\n')
    assert [(p.name, p.title) for p in reading.participants] == [("Moe, Karl", None), ("Ann Lee", "Prime Minister")]
