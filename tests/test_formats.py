"""Every format that is read, as a researcher's folder holds it: what comes out, what is reported, where values come from."""

import io
import json
import zipfile

import docx
import pytest

from rolecoder.config import Corpus
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest, read_file
from rolecoder.records import Document, Dropped

WORDS = "We stand by our friends in the region, and we will keep the promise that was given to them in the treaty of that year."


def texts_of(folder, **choice):
    found = list(ingest([Corpus(path=folder, **choice)]))
    return [d for d in found if isinstance(d, Document)], [d for d in found if isinstance(d, Dropped)]


def pdf(text):
    """A PDF with a text layer, or, without text, one of a picture only."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 11))
    FigureCanvasAgg(figure)
    if text:
        for number, line in enumerate(text):
            figure.text(0.1, 0.9 - 0.05 * number, line, fontsize=11)
    else:
        figure.subplots().imshow([[0, 1], [1, 0]])
        figure.axes[0].axis("off")
    scratch = io.BytesIO()
    figure.savefig(scratch, format="pdf", metadata={"CreationDate": None})
    return scratch.getvalue()


def epub(chapters):
    scratch = io.BytesIO()
    with zipfile.ZipFile(scratch, "w") as book:
        book.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="o/p.opf"/></rootfiles></container>'
        )
        items = "".join(
            f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        head = '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>My Years</dc:title><dc:creator>A. Writer</dc:creator></metadata>'
        book.writestr("o/p.opf", f"<package>{head}<manifest>{items}</manifest><spine>{spine}</spine></package>")
        for number, chapter in enumerate(chapters):
            book.writestr(f"o/c{number}.xhtml", f"<html><body><h1>Chapter {number}</h1><p>{chapter}</p></body></html>")
    return scratch.getvalue()


def word(paragraphs):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    scratch = io.BytesIO()
    document.save(scratch)
    return scratch.getvalue()


TEI = f"""<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0"><text><body>
<div type="document" n="3" xml:id="d3" frus:doc-dateTime-min="1969-11-20T10:18:00-05:00">
<head>3. Memorandum of Conversation<note n="1">Source: an archive.</note></head>
<p>The President said<pb n="12"/> that {WORDS}<note n="2">See another document.</note></p></div></body></text></TEI>"""

FILES = {
    "utf8.txt": WORDS.encode(),
    "bom.txt": b"\xef\xbb\xbf" + WORDS.encode(),
    "cp1252.txt": (WORDS + " The r\u00f4le of the caf\u00e9 \u2013 his own.").encode("cp1252"),
    "crlf.txt": WORDS.replace(", ", ",\r\n").encode(),
    "mark.md": f"---\ntitle: A speech\ndate: 1990-09-11\ndoc_type: speech\nactor: USA\n---\n\n{WORDS}\n".encode(),
    "page.html": f"<html><head><title>A page</title><script>no()</script></head><body><nav>Home</nav><p>{WORDS}</p></body></html>".encode(),
    "layer.pdf": pdf([WORDS[:60], WORDS[60:]]),
    "letter.docx": word([WORDS]),
    "book.epub": epub([WORDS, WORDS]),
    "frus.xml": TEI.encode(),
    "table.csv": f'id,text,date\nr1,"{WORDS}",1990\nr2,"{WORDS} Again.",1991\n'.encode(),
    "lines.jsonl": "".join(json.dumps({"id": f"j{n}", "text": f"{WORDS} {n}"}) + "\n" for n in range(2)).encode(),
    "one.json": json.dumps({"year": "1950", "name": "A. President", "text": WORDS + " Once."}).encode(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_its_words_and_offsets_that_lead_back(folder, name):
    for document in read_file(folder / name):
        assert "keep the promise that was given to them in the treaty" in document.text
        start = document.text.index("promise")
        first, last = document.raw_span(start, start + 7)
        assert document.raw[first:last] == "promise"
        assert "no()" not in document.text
        assert "See another document" not in document.text


def test_a_folder_is_read_whole_in_a_stable_order(folder):
    documents, dropped = texts_of(folder)
    assert dropped == []
    assert len(documents) == len(FILES) + 2
    assert [d.path for d in documents] == [d.path for d in texts_of(folder)[0]]
    assert len({d.document_id for d in documents}) == len(documents)


def test_each_value_says_where_it_was_found_or_why_it_is_missing(folder):
    (speech,) = read_file(folder / "mark.md")
    assert (speech.title, speech.date, speech.actor, speech.doc_type) == ("A speech", "1990-09-11", "USA", "speech")
    assert "front matter" in speech.origins["date"]
    (plain,) = read_file(folder / "utf8.txt")
    assert plain.date is None
    assert "not in" in plain.origins["date"]


def test_tei_gives_its_date_pages_and_notes(folder):
    (document,) = read_file(folder / "frus.xml")
    assert document.date == "1969-11-20"
    assert document.page_at(document.text.index("promise")) == "12"
    assert any("See another document" in note.text for note in document.notes)


def test_a_manifest_outweighs_the_file_name_and_the_header(tmp_path):
    (tmp_path / "a.md").write_bytes(FILES["mark.md"])
    (tmp_path / "manifest.csv").write_text(
        "path,title,date,speakers,actor\na.md,From the list,1999-01-02,B. Speaker,JPN\n"
    )
    ((document,), _) = texts_of(tmp_path)
    assert (document.title, document.date, document.actor) == ("From the list", "1999-01-02", "JPN")
    assert document.participants[0].name == "B. Speaker"
    assert "manifest.csv" in document.origins["title"]


BAD = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "broken.pdf": b"%PDF-1.7 not one",
    "broken.docx": b"PK\x03\x04 nothing",
    "broken.epub": b"no archive",
    "picture.png": b"\x89PNG\r\n",
    "broken.json": b"{",
    "notext.csv": b"id,words\n1,hello\n",
    "binary.txt": bytes(range(256)) * 40,
}


def test_what_cannot_be_read_is_told_with_its_reason_and_loses_no_other_file(tmp_path):
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_bytes(FILES["utf8.txt"])
    documents, dropped = texts_of(tmp_path)
    assert [d.document_id for d in documents] == ["good"]
    assert {d.item.rsplit("/", 1)[-1] for d in dropped} == set(BAD)
    assert min(len(d.reason) for d in dropped) > 10


def test_a_scan_without_a_text_layer_is_told_apart(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(pdf([]))
    (tmp_path / "good.txt").write_bytes(FILES["utf8.txt"])
    found = list(ingest([Corpus(path=tmp_path)], ocr="never"))
    (dropped,) = [d for d in found if isinstance(d, Dropped)]
    assert "text layer" in dropped.reason


def test_one_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "broken.pdf").write_bytes(BAD["broken.pdf"])
    with pytest.raises(RolecoderError, match="PDF"):
        read_file(tmp_path / "broken.pdf")


@pytest.fixture
def debate(tmp_path):
    """An archive as the UN General Debate Corpus has it, with its recipe."""
    with zipfile.ZipFile(tmp_path / "ungdc.zip", "w") as archive:
        for name in ("USA_45_1990", "JPN_45_1990", "RUS_40_1985"):
            archive.writestr(f"TXT/Session {name[4:6]} - {name[-4:]}/{name}.txt", f"{WORDS} {name}")
    recipe = "name: debate\nroot: ungdc.zip\nfiles: ['TXT/*/*.txt']\npattern: '{actor}_{session}_{year}.txt'\ndefaults: {doc_type: speech}\n"
    (tmp_path / "corpus.yaml").write_text(recipe)
    return tmp_path / "corpus.yaml"


def test_an_archive_is_read_as_it_is_and_file_names_tell_actor_and_year(debate):
    documents, dropped = texts_of(debate)
    assert {(d.document_id, d.date, d.doc_type) for d in documents} == {
        ("USA_45_1990", "1990", "speech"),
        ("JPN_45_1990", "1990", "speech"),
        ("RUS_40_1985", "1985", "speech"),
    }
    assert dropped == []


def test_what_the_study_did_not_choose_is_counted_and_says_so(debate):
    documents, dropped = texts_of(debate, actors=("JPN",), since=1990)
    assert [d.document_id for d in documents] == ["JPN_45_1990"]
    assert all("not selected" in d.reason for d in dropped)
    assert len(dropped) == 2


def test_an_unknown_field_of_a_recipe_names_the_closest(debate):
    debate.write_text(debate.read_text() + "licens: CC0\n")
    with pytest.raises(RolecoderError, match="licence"):
        texts_of(debate)
