"""Damaged and hostile files end in an error that says why, or in a result; never in anything else, and never for ever."""

import io
import json
import os
import re
import sys
from pathlib import Path

import docx
import pytest

from rolecoder.cli.app import main
from rolecoder.config import Corpus
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest
from rolecoder.pages.cleaning import clean
from rolecoder.readers import formats
from rolecoder.readers.formats import read_bytes
from rolecoder.readers.record import Reading
from rolecoder.records import Document, Dropped
from rolecoder.study.safeyaml import load_yaml

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import fuzz
import fuzz_bombs
import fuzz_samples
import fuzz_swollen

READERS = fuzz.READERS
MUTATIONS = 30
SEED = 7
LARGE = re.compile(r"MB|GB|99,999|million|billion|0,000|in forms|packed twice")  # for `python benchmarks/fuzz.py`
GOOD = "The harbour stays open for every ship that comes in peace, and so it will be in the years to come. " * 3


@pytest.fixture(scope="module")
def worker():
    process = fuzz.Worker(SEED)
    yield process
    process.close()


def quick_bombs(reader):
    """Handmade files that are soon made; what is one text in several wrappings is tried in one."""
    of_texts = {what for what, _, _ in fuzz_bombs.texts("a.txt")} if reader != "plain" else set()
    if reader in ("docx", "xlsx", "speakers.xlsx"):
        of_texts |= {what for what, _, _ in fuzz_bombs.archives("a.zip")}
    listed = enumerate(fuzz_bombs.bombs()[reader])
    return [number for number, (what, _, _) in listed if not LARGE.search(what) and what not in of_texts]


@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_or_hostile_file_ends_in_a_result_or_a_clear_error_in_bounds_of_time_and_memory(worker, reader):
    first = len(fuzz_bombs.bombs()[reader])
    for number in [*quick_bombs(reader), *range(first, first + MUTATIONS)]:
        what, _, ended, seconds, memory = worker.send(reader, number)
        assert ended in ("result", "error"), what
        assert seconds < fuzz.SLOW, what
        assert not memory > fuzz.BIG, what


def test_the_sound_files_that_are_mutated_are_read():
    for reader in READERS:
        for name, data in fuzz_samples.samples()[reader]:
            assert fuzz.attempt(reader, name, data) == "result", name


def test_inputs_are_made_from_their_number_alone():
    first, second = (fuzz.Inputs("tei", 3, {}).make(500) for _ in range(2))
    assert first == second != fuzz.Inputs("tei", 4, {}).make(500)


def test_the_benchmark_counts_what_a_reader_did_not_foresee_as_neither(monkeypatch):
    monkeypatch.setattr("rolecoder.readers.plain.check_size", lambda text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fuzz.attempt("plain", "a.txt", b"words")


# what a run makes of such files


@pytest.fixture
def archive_folder(tmp_path):
    """A good file, a bomb, half a PDF, a Word document that swells, and a file that may not be read."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "bomb.xml").write_bytes(fuzz_bombs.laughs("TEI"))
    whole = fuzz_samples.pdf(fuzz_samples.shown("The President: The harbour", "stays open for ships."))
    (folder / "half.pdf").write_bytes(whole[:60])
    (folder / "swells.docx").write_bytes(fuzz_samples.zipped({"word/document.xml": b"0" * 9_000_000}))
    (folder / "broken.zip").write_bytes(fuzz_samples.zipped({"a.txt": GOOD.encode()})[:40])
    (folder / "overlaps.zip").write_bytes(fuzz_bombs.overlapping(4))
    (folder / "nowhere.txt").symlink_to(folder / "not there")
    os.mkfifo(folder / "pipe.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(GOOD, encoding="utf-8")
    locked = folder / "locked.txt"
    locked.write_text("No one may read it.", encoding="utf-8")
    locked.chmod(0)
    if os.access(locked, os.R_OK):  # whoever runs the tests may read everything; this no one may
        locked.unlink()
        locked.symlink_to("/proc/self/mem")
    return folder


REASONS = {
    "bomb.xml": "declares entities",
    "half.pdf": "no readable PDF",
    "swells.docx": "would swell",
    "locked.txt": "cannot be read",
    "broken.zip": "no readable archive",
    "overlaps.zip": "overlap",
    "nowhere.txt": "a link that leads nowhere",
    "pipe.txt": "a device, socket or pipe",
    "caf?.txt": "a file name that is not UTF-8",
}


def test_hostile_files_lose_no_other_file_of_the_run(archive_folder):
    found = list(ingest([Corpus(path=archive_folder)]))
    assert [Path(each.path).name for each in found if isinstance(each, Document)] == ["good.txt"]
    dropped = {Path(each.item).name: each.reason for each in found if isinstance(each, Dropped)}
    assert dropped.keys() == REASONS.keys()
    for name, reason in REASONS.items():
        assert reason in dropped[name]


def test_ingest_says_why_files_were_left_out_and_ends_well(archive_folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ingest", str(archive_folder), "--out", str(tmp_path / "run")])
    shown = capsys.readouterr()
    assert stop.value.code == 0
    assert "Traceback" not in shown.out + shown.err
    listed = (tmp_path / "run" / "dropped.csv").read_text(encoding="utf-8-sig")
    for name, reason in REASONS.items():
        assert re.search(rf"left out: \S*{re.escape(name)}: .*{reason}", shown.err)
        assert re.search(rf"{re.escape(name)}.*{reason}", listed)


OF_DOCUMENTS = [reader for reader in READERS if reader in formats.SUFFIXES.values() or reader == "zip"]
NOT_FOR_PEOPLE = re.compile(r"Traceback|nobody foresaw")


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory):
    """The handmade bombs for every reader that are small and soon made, a file that says it is a gigabyte, and five good files."""
    folder = tmp_path_factory.mktemp("hostile")
    bombs = []
    for reader in OF_DOCUMENTS:
        listed = fuzz_bombs.bombs()[reader]
        for number in quick_bombs(reader):
            _, name, build = listed[number]
            if len(made := build()) < 100_000:
                bombs.append(folder / f"{reader}-{number}{Path(name).suffix}")
                bombs[-1].write_bytes(made)
    bombs.append(folder / "long.txt")
    with bombs[-1].open("wb") as handle:
        handle.truncate(1_000_000_000)
    said = {f"{number} {GOOD}" for number in range(5)}
    good = [folder / f"good{suffix}" for suffix in (".txt", ".md", ".html", ".jsonl", ".zip")]
    for path, text in zip(good, sorted(said), strict=True):
        kept = {".html": f"<p>{text}</p>", ".jsonl": json.dumps({"text": text})}.get(path.suffix, text).encode()
        path.write_bytes(fuzz_samples.zipped({"in.txt": kept}) if path.suffix == ".zip" else kept)
    return good, bombs


def test_a_folder_of_bombs_loses_no_good_file_and_leaves_no_bomb_out_in_silence(hostile_folder, tmp_path, capsys):
    good, bombs = hostile_folder
    with pytest.raises(SystemExit) as stop:
        main(["ingest", str(good[0].parent), "--ocr", "never", "--out", str(tmp_path / "run")])
    assert stop.value.code == 0
    assert not NOT_FOR_PEOPLE.search(capsys.readouterr().err)
    read, left = (
        (tmp_path / "run" / name).read_text(encoding="utf-8-sig") for name in ("documents.csv", "dropped.csv")
    )
    assert not NOT_FOR_PEOPLE.search(left)
    assert [path.name for path in good if not re.search(rf"{re.escape(str(path))}\b", read)] == []
    assert len(bombs) > 60
    named = {
        path: rf"{re.escape(str(path))}\b|^\d+,ingest,{path.stem}," for path in bombs
    }  # by its id in another language
    assert [path.name for path in bombs if not re.search(named[path], read + left, re.M)] == []


def test_a_member_that_swells_or_lies_loses_no_other_member_of_its_archive(tmp_path):
    made = {"in.txt": GOOD.encode(), "swells.txt": b" " * 9_000_000}
    for name, says in (("honest.zip", None), ("lies.zip", 9_000_000_000_000)):
        (tmp_path / name).write_bytes(fuzz_swollen.archive(made, says))
        read, dropped = ingest([Corpus(path=tmp_path / name)])
        assert read.path.endswith(f"{name}!in.txt")
        assert dropped.item.endswith(f"{name}!swells.txt")
        assert "would swell" in dropped.reason


def test_pages_that_are_each_slow_end_in_an_error_before_the_last():
    (build,) = (build for what, _, build in fuzz_swollen.pdfs() if what == "1,000 pages of 30 MB")
    with pytest.raises(RolecoderError, match="too much time or memory"):
        read("a.pdf", build())


def test_a_yaml_of_more_values_than_anyone_writes_points_to_a_manifest():
    import yaml

    for text in ("a: [" + "[]," * 100_000 + "]", "a: " + "b" * 2_000_000):
        with pytest.raises(yaml.YAMLError, match="list documents in a manifest"):
            load_yaml(text)


def test_turns_of_a_bomb_are_shown_or_refused_in_words(hostile_folder, capsys):
    good, bombs = hostile_folder
    firsts = {path.name.partition("-")[0]: path for path in bombs if path.suffix != ".zip"}
    for path in [*good[:4], *firsts.values()]:
        with pytest.raises(SystemExit) as stop:
            main(["turns", "--ocr", "never", str(path)])
        shown = capsys.readouterr()
        assert stop.value.code in ((0,) if path in good else (0, 1)), path
        assert not NOT_FOR_PEOPLE.search(shown.out + shown.err)
        assert path.name in shown.err or stop.value.code == 0


def test_a_fault_of_a_reader_is_reported_and_ends_no_run(monkeypatch):
    monkeypatch.setattr("rolecoder.readers.plain.read_plain", lambda *_, **__: [].pop())
    with pytest.raises(formats.Unforeseen, match=r"IndexError.*\n  mend: please report it"):
        read_bytes("a.txt", b"words", in_archive=False, ocr=False)


def test_a_pdf_that_would_keep_the_library_busy_for_days_is_given_up_and_the_next_is_read():
    with pytest.raises(RolecoderError, match="too much time or memory"):
        read("a.pdf", fuzz_bombs.laughing_forms())
    (reading,) = read(
        "b.pdf", fuzz_samples.pdf(fuzz_samples.shown("The President: The harbour", "stays open for ships."))
    )
    assert reading.raw.splitlines()[:2] == ["The President: The harbour", "stays open for ships."]


# what is read none the less


def read(name, data):
    return read_bytes(name, data if isinstance(data, bytes) else data.encode(), in_archive=False, ocr=False)


def test_json_on_one_line_is_read_however_long_the_line():
    rows = json.dumps([{"text": GOOD}] * 20_000)
    assert len(rows) > 5_000_000
    assert len(read("a.json", rows)) == 20_000


def test_a_text_too_long_loses_no_other_row_of_its_table():
    long, short = read("a.json", json.dumps([{"text": "a" * 5_000_000}, {"text": GOOD}]))
    with pytest.raises(RolecoderError, match="a line of 5,000,000 characters"):
        clean(long)
    assert clean(short).mapped.text == GOOD.strip()


def test_a_text_that_is_no_single_document_is_refused():
    with pytest.raises(RolecoderError, match=r"a text of 20,999,983 characters; expected one document"):
        read("a.txt", "We keep it open.\n" * 1_235_292 + "to the end of the .")
    with pytest.raises(RolecoderError, match="more than 500,000 lines"):
        clean(Reading(raw="a\n" * 500_001))


def test_separators_inside_the_texts_of_jsonl_end_no_line():
    assert [r.raw for r in read("a.jsonl", '{"text": "a\u2028b"}\n{"text": "c"}\r\n')] == ["a\u2028b", "c"]


def test_half_characters_are_replaced_since_no_table_could_be_written_with_them():
    (reading,) = read("a.json", r'{"text": "open \ud800 sea", "title": "\udfff", "speaker": "O\ud800"}')
    assert reading.raw == "open \ufffd sea"
    assert reading.metadata["title"].value == "\ufffd"
    assert reading.participants[0].name == "O\ufffd"
    assert "half characters" in reading.mended[0]


def test_a_list_of_texts_is_a_text_of_paragraphs_and_anything_else_is_refused():
    assert read("a.json", '{"text": ["One.", "Two."]}')[0].raw == "One.\n\nTwo."
    with pytest.raises(RolecoderError, match="row 2: a text that is none, but a dict"):
        read("a.json", '[{"text": "x"}, {"text": {"a": 1}}]')


def test_fields_beyond_the_header_of_a_csv_are_told_of():
    kept, short = read("a.csv", "date,text\n1990,The harbour, it is said, stays open.\n1991\n")
    assert kept.raw == "The harbour"
    assert kept.mended == ("fields beyond the header's columns, left out: 2",)
    assert (short.raw, short.mended) == ("", ())


def test_a_cell_of_a_word_document_is_read_once_with_the_tables_in_it():
    document, target = docx.Document(), io.BytesIO()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Tall."
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Wide."
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "Inner."
    document.save(target)
    (reading,) = read("a.docx", target.getvalue())
    assert reading.raw.split() == ["Tall.", "Wide.", "Inner."]


def test_a_sheet_is_read_whatever_it_says_of_its_size():
    row = fuzz_bombs.row_xml
    rows = row(1, ("A", "text"), ("B", "date")) + row(2, ("A", "open"), ("B", "1990"))
    (reading,) = read("a.xlsx", fuzz_samples.xlsx(fuzz_bombs.sheet_xml(rows, "A1:XFD1048576")))
    assert (reading.raw, reading.metadata["date"].value) == ("open", "1990")


def test_a_page_named_often_in_the_spine_of_a_book_is_read_once():
    (reading,) = read("a.epub", fuzz_bombs.spined(5))
    assert reading.raw.split() == ["We", "keep", "the", "harbour", "open."]


def test_members_that_overlap_or_are_packed_in_rare_ways_are_refused():
    with pytest.raises(RolecoderError, match="overlap"):
        read("a.epub", fuzz_bombs.overlapping(3))
    with pytest.raises(RolecoderError, match="a method that is not read"):
        read("a.epub", fuzz_samples.zipped({"META-INF/container.xml": b"<c/>"}, 14))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_entities_are_found_in_every_encoding(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    with pytest.raises(RolecoderError, match="declares entities"):
        read("a.xml", mark + "<!DOCTYPE a [<!ENTITY b 'c'>]><TEI><p>&b;</p></TEI>".encode(encoding))


def test_references_to_no_character_are_marked_in_xml_that_is_mended():
    (reading,) = read("a.xml", "<TEI><p>The &#xD800;harbour&#0; &#229;pen")
    assert reading.raw.split() == ["The", "\ufffdharbour\ufffd", "åpen"]


def test_front_matter_holds_single_values():
    for value in ("[a, b]", "{a: b}", "0x" + "f" * 5000, "!!set {a}"):
        with pytest.raises(RolecoderError, match=r"`title` is no single value|front matter that is not YAML"):
            read("a.md", f"---\ntitle: {value}\n---\nThe harbour.")


@pytest.mark.parametrize(
    "text", ["a: &x [1]\nb: *x", "d: 2001-99-99", "a: !!int ''", "a: " + "[" * 5000, "a: " + "9" * 5000]
)
def test_yaml_with_aliases_or_values_that_cannot_be_is_no_yaml(text):
    import yaml

    with pytest.raises(yaml.YAMLError):
        load_yaml(text)


def test_brackets_and_comments_of_markdown_are_read_as_before():
    (reading,) = read("a.md", "See [the note] and [the map](https://example.org/a_(b)). <!-- no --> <!-- never closed")
    kept = "".join(c for at, c in enumerate(reading.raw) if not any(a <= at < b for a, b in reading.omit))
    assert kept == "See [the note] and the map).  <!-- never closed"
