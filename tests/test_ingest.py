"""Files to documents: what is read, what is left out, and where each value comes from."""

import hashlib
import json
import zipfile

import pytest

from rolecoder.actors import read_actors
from rolecoder.config import Corpus
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest, read_file, source_files
from rolecoder.readers.archive import read_member
from rolecoder.readers.plain import read_plain
from rolecoder.records import Document, Dropped

SPEECH = "We know that the work of peace is slow, and that it is not done by one of us alone but by all of us.\n"


def read(path, **choice):
    found = list(ingest([Corpus(path=path, **choice)], ocr="never"))
    return [d for d in found if isinstance(d, Document)], [d for d in found if isinstance(d, Dropped)]


@pytest.fixture
def folder(tmp_path):
    for name in ("NOR_45_1990", "SWE_45_1990", "NOR_46_1991"):
        (tmp_path / f"{name}.txt").write_text(f"{name}. {SPEECH}")
    (tmp_path / "corpus.yaml").write_text(
        'name: t\nfiles: ["*.txt"]\npattern: "{actor}_{session}_{year}.txt"\n'
        "defaults: {doc_type: speech}\ncitation: C\n"
    )
    return tmp_path


def test_documents_come_in_the_order_of_names_with_metadata_and_its_origins(folder):
    documents, dropped = read(folder)
    assert [d.document_id for d in documents] == ["NOR_45_1990", "NOR_46_1991", "SWE_45_1990"]
    first = documents[0]
    assert (first.actor, first.date, first.doc_type, first.language, first.citation) == (
        "NOR",
        "1990",
        "speech",
        "en",
        "C",
    )
    assert first.sha256 == hashlib.sha256((folder / "NOR_45_1990.txt").read_bytes()).hexdigest()
    assert first.origins["actor"] == "file name ({actor}_{session}_{year}.txt)"
    assert first.origins["doc_type"] == "corpus.yaml, defaults"
    assert first.origins["title"] == "not in corpus.yaml, manifest, file name, header or heading"
    assert set(first.origins) == {"title", "date", "place", "actor", "doc_type", "participants", "language"}
    assert dropped == []


def test_the_day_of_an_archive_is_not_that_of_the_texts_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "export-2024-05-01.zip", "w") as archive:
        archive.writestr("kaifu.txt", SPEECH)
        archive.writestr("bush 1990-09-11.txt", f"Another. {SPEECH}")
        archive.writestr("x 1990-02-30.txt", f"A third. {SPEECH}")
    dates = {document.document_id: document.date for document in read(tmp_path)[0]}
    assert dates == {"kaifu": None, "bush 1990-09-11": "1990-09-11", "x 1990-02-30": None}


def test_a_memoir_by_default_is_not_of_the_day_in_its_files_name(tmp_path):
    (tmp_path / "kissinger 2019-03-04.txt").write_text(SPEECH)
    (tmp_path / "corpus.yaml").write_text('name: t\nfiles: ["*.txt"]\ndefaults: {doc_type: memoir, date: "1979"}\n')
    assert [document.date for document in read(tmp_path)[0]] == ["1979"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("1990-09-11-bush", SPEECH, ("1990-09-11", "file name")),
        ("bush_1990_09_11", SPEECH, ("1990-09-11", "file name")),
        ("1990-09-11", f"DATE: September 12, 1990\n\n{SPEECH}", ("1990-09-12", "heading: DATE")),
        ("1990-09-11 to 1990-09-12", SPEECH, (None, "not in")),
        ("1990-13-11", SPEECH, (None, "not in")),
        ("report 11990-09-110", SPEECH, (None, "not in")),
    ],
)
def test_a_day_in_the_name_of_a_file_is_its_date_where_nothing_else_says_one(tmp_path, name, text, found):
    (tmp_path / f"{name}.txt").write_text(text)
    [document] = read(tmp_path)[0]
    assert document.date == found[0] and document.origins["date"].startswith(found[1])


@pytest.mark.parametrize(
    ("choice", "kept", "reason"),
    [
        ({"actors": ("NOR",)}, ["NOR_45_1990", "NOR_46_1991"], "its actor is SWE"),
        ({"since": 1991}, ["NOR_46_1991"], "its year is 1990"),
        ({"until": 1990}, ["NOR_45_1990", "SWE_45_1990"], "its year is 1991"),
        ({"actors": ("NOR",), "since": 1991}, ["NOR_46_1991"], "its year is 1990"),
    ],
)
def test_what_the_study_does_not_want_is_counted_and_not_read(folder, choice, kept, reason):
    for path in folder.glob("*.txt"):
        if path.stem not in kept:
            path.write_bytes(b"")  # whoever reads it says that it is empty
    documents, dropped = read(folder, **choice)
    assert [document.document_id for document in documents] == kept
    assert len(documents) + len(dropped) == 3
    assert any(reason in d.reason for d in dropped)
    assert all(d.reason.startswith("not selected by the study: ") and d.stage == "ingest" for d in dropped)


def test_a_document_of_unknown_actor_type_or_date_is_not_selected_by_one(tmp_path):
    (tmp_path / "a.txt").write_text(SPEECH)
    for choice, said in [({"actors": ("NOR",)}, "actor is not known"), ({"since": 1990}, "date is not known")]:
        with pytest.raises(RolecoderError, match=said):
            read(tmp_path, **choice)
    with pytest.raises(RolecoderError, match="its type is other"):
        read(tmp_path, doc_types=("speech",))


def test_one_bad_file_loses_no_other(folder):
    (folder / "corpus.yaml").unlink()
    (folder / "a.pdf").write_bytes(b"%PDF broken")
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.jpg").write_bytes(b"\xff\xd8")
    (folder / "d.json").write_text('[{"text": "' + SPEECH.strip() + '"}, {"text": "  "}]')
    documents, dropped = read(folder)
    assert [d.document_id for d in documents] == ["NOR_45_1990", "NOR_46_1991", "SWE_45_1990", "d-row-1"]
    reasons = {d.item.rsplit("/", 1)[-1]: d.reason for d in dropped}
    assert set(reasons) == {"a.pdf", "b.txt", "c.jpg", "d.json#row 2"}
    assert "no readable PDF" in reasons["a.pdf"]
    assert reasons["b.txt"] == "an empty file"
    assert "convert it to one of these" in reasons["c.jpg"]


def test_nothing_readable_at_all_is_an_error_that_says_why(tmp_path):
    with pytest.raises(RolecoderError, match="there are no files"):
        read(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(RolecoderError, match="an empty file \\(1 document\\)"):
        read(tmp_path)
    with pytest.raises(RolecoderError, match="no such file"):
        read(tmp_path / "gone")


def test_ids_are_unique_and_the_same_text_is_read_once(tmp_path):
    for name in ("a/x.txt", "b/x.txt", "c/x.txt", "c/x.text"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SPEECH + ("Peace to us all.\n" if name == "a/x.txt" else name[2:]))
    documents, dropped = read(tmp_path)
    assert [d.document_id for d in documents] == ["x", "b-x", "c-x"]
    assert [d.reason for d in dropped] == ["the same text was read before as b-x"]


def test_copies_are_told_of_and_kept_and_so_is_an_id_that_another_document_has(tmp_path):
    (tmp_path / "t.csv").write_text("doc_id,text\nx,We met.\nx,We spoke.\ny,We met.\n")
    (tmp_path / "u.txt").write_text("We spoke.")
    found = [each for each in ingest([Corpus(path=tmp_path)]) if isinstance(each, Document)]
    assert [each.document_id for each in found] == ["x", f"{tmp_path.name}-x", "y", "u"]
    assert [each.doubts for each in found] == [
        (),
        (f"column doc_id says doc_id 'x', which another document has; called '{tmp_path.name}-x'",),
        ("the same text as x; both are counted",),
        (f"the same text as {tmp_path.name}-x; both are counted",),
    ]


def test_a_file_that_is_not_the_one_of_its_checksum_is_read_and_told_of(folder):
    text = (folder / "corpus.yaml").read_text()
    right = hashlib.sha256((folder / "NOR_45_1990.txt").read_bytes()).hexdigest()
    (folder / "corpus.yaml").write_text(
        text + f"checksums: {{NOR_45_1990.txt: {right}, NOR_46_1991.txt: {'a' * 64}, gone.txt: x}}\n"
    )
    documents, dropped = read(folder)
    assert [any("checksum" in m for m in d.mended) for d in documents] == [False, True, False]
    assert [d.reason for d in dropped] == ["listed in corpus.yaml, but not there"]


def test_members_of_an_archive_are_read_as_they_are(tmp_path):
    with zipfile.ZipFile(tmp_path / "un.zip", "w") as archive:
        archive.writestr("s/NOR_45_1990.txt", SPEECH.replace("slow, ", "slow,\r\n"))
        archive.writestr("s/.DS_Store", "x")
    documents, dropped = read(tmp_path / "un.zip")
    assert documents[0].path == f"{tmp_path}/un.zip!s/NOR_45_1990.txt"
    assert "\r\n" in documents[0].raw
    assert "\r" not in documents[0].text
    assert dropped[0].reason == "a hidden file"


def test_a_header_fills_what_nothing_before_it_says(tmp_path):
    record = (
        "MEMORANDUM OF TELEPHONE CONVERSATION\n\nSUBJECT:   Call to Olaf\n\nPARTICIPANTS:  The President\n\n"
        "DATE:  May 4, 1990\nPLACE:   Bergen\n\nThe President: " + SPEECH
    )
    (tmp_path / "call.txt").write_text(record)
    (tmp_path / "manifest.csv").write_text("doc_id,path,title\nc1,call.txt,The call\n")
    (document,) = read_file(tmp_path / "call.txt")
    assert (document.document_id, document.title, document.date, document.place) == (
        "c1",
        "The call",
        "1990-05-04",
        "Bergen",
    )
    assert document.doc_type == "telcon"
    assert document.origins["title"] == "manifest.csv, row 2"
    assert document.origins["date"] == "header: DATE"
    assert document.origins["participants"] == "header: PARTICIPANTS"


def test_values_that_cannot_be_right_are_not_taken_over(tmp_path, root):
    row = {"text": SPEECH, "country": "Atlantis", "type": "novel", "date": "Whitsun"}
    (tmp_path / "a.json").write_text(json.dumps(row))
    (document,) = read_file(tmp_path / "a.json", read_actors(root / "corpora" / "actors.csv"))
    assert (document.actor, document.doc_type, document.date) == (None, "other", None)
    assert "column country says 'Atlantis', which is no actor" in document.origins["actor"]
    assert "'novel', which is no type" in document.origins["doc_type"]


def test_progress_is_told_of_every_file(folder):
    told = []
    list(ingest([Corpus(path=folder)], progress=lambda done, total: told.append((done, total))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_run_rests_on_every_file_that_it_reads(folder):
    assert [p.name for p in source_files([Corpus(path=folder)])] == [
        "NOR_45_1990.txt",
        "NOR_46_1991.txt",
        "SWE_45_1990.txt",
        "corpus.yaml",
    ]


def test_a_file_that_cannot_be_read_is_an_error_for_itself(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(RolecoderError, match="an empty file"):
        read_file(tmp_path / "a.txt")


def test_pages_lead_into_the_text(tmp_path):
    (tmp_path / "a.txt").write_text(f"{SPEECH}\n\f{SPEECH.replace('slow', 'long')}")
    (document,) = read_file(tmp_path / "a.txt")
    assert document.page_at(0) == "1"
    assert document.page_at(document.text.index("long")) == "2"


def test_the_sample_corpus_is_read_whole(root):
    documents, dropped = read(root / "corpora" / "gulf-war-1990")
    assert len(documents) == 34
    assert dropped == []
    assert all(
        d.date and d.actor and d.doc_type != "other" and d.participants and d.language == "en" for d in documents
    )
    assert not any("checksum" in told for d in documents for told in d.mended)


@pytest.mark.real_texts
def test_every_label_lies_at_its_offsets(data):
    rows = {}
    for part in ("train", "dev"):
        for line in (data / "labels" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows.setdefault(row["path"], []).append(row)
    with zipfile.ZipFile(data / "corpora" / "ungdc.zip") as archive:
        for path, labelled in rows.items():
            name, _, member = path.partition("!")
            content = read_member(archive, member) if member else (data / "corpora" / name).read_bytes()
            raw = read_plain(content, keep_newlines=bool(member))[0].raw
            for row in labelled:
                assert " ".join(raw[row["start"] : row["end"]].split()) == row["text"], row["id"]


@pytest.mark.real_texts
def test_the_words_of_hand_coded_turns_survive_cleaning(data):
    """Of words in lower case, nearly all must come through; stamps and marks within the spans need not."""
    kept = total = 0
    for path in sorted((data / "gold" / "turns").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        (document,) = read_file(data / "corpora" / gold["path"])
        flat = "".join(c for c in document.text.lower() if c.isalnum())
        for turn in gold["turns"]:
            start = turn.get("starts_with_rejoined") or turn["starts_with"]
            kept += "".join(c for c in start.lower() if c.isalnum()) in flat
            total += 1
    assert kept / total >= 0.99


@pytest.mark.real_texts
def test_every_speech_of_one_un_session_has_its_actor_and_year(data, root, monkeypatch):
    monkeypatch.setenv("ROLECODER_DATA", str(data))
    documents, _ = read(root / "corpora" / "ungdc" / "corpus.yaml", since=1985, until=1985)
    assert len(documents) == 137
    assert all(d.date == "1985" and d.actor for d in documents)
    assert sum(bool(d.participants) for d in documents) >= 135  # the speakers' table lacks the others
    assert {d.actor for d in documents if "RUS" in d.document_id} == {"SUN"}


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2012/09/25", "2012-09-25"),
        ("2012-9-5", "2012-09-05"),
        ("20120925", "2012-09-25"),
        ("2012-09-25T10:00:00Z", "2012-09-25"),
        ("25 September 2012", "2012-09-25"),
        ("2012.0", "2012"),
        ("2012-13-01", None),
        ("31.05.2012", None),
        ("9/25/12", None),
    ],
)
def test_a_date_in_a_table_is_read_in_full_or_left_empty_and_told_of(tmp_path, written, date):
    file = tmp_path / "a.csv"
    file.write_text(f"text,date\nWe thank our ally for all it did.,{written}\n", encoding="utf-8")
    (document,) = read_file(file)
    assert document.date == date
    assert bool(document.doubts) == (date is None) and all(f"says {written!r}" in told for told in document.doubts)


def test_a_row_of_a_table_whose_state_or_date_another_file_overrules_is_told_of(tmp_path, root):
    actors = read_actors(root / "corpora" / "actors.csv")
    header, text = "text,date,country", "We thank our ally for all that it did in these years of war."
    (tmp_path / "a.csv").write_text(f"{header}\n{text},2011-01-31,Argentina\n{text} So be it.,2010,Brazil\n")
    (tmp_path / "manifest.csv").write_text("path,date,actor\na.csv,2011,BRA\n")
    found = [one for one in ingest([Corpus(path=tmp_path)], actors) if isinstance(one, Document)]
    assert [(one.actor, one.date) for one in found] == [("BRA", "2011")] * 2
    assert [told.split(",")[0] for one in found for told in one.doubts] == [
        "column country says 'Argentina'",
        "column date says '2010'",
    ]
