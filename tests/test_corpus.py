"""Which files a corpus has, and what is known of each before it is read."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from rolecoder.corpora.corpus import open_corpus
from rolecoder.corpora.items import one_line
from rolecoder.corpora.manifests import read_manifest
from rolecoder.corpora.recipe import glob_regex, pattern_regex
from rolecoder.errors import RolecoderError
from rolecoder.records import Participant


@pytest.fixture
def folder(tmp_path):
    """A corpus folder with two texts and a corpus.yaml that can be rewritten."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "NOR_45_1990.txt").write_text("Peace.")
    (tmp_path / "texts" / "RUS_45_1990.txt").write_text("War.")
    return tmp_path


def described(folder, text):
    path = folder / "corpus.yaml"
    path.write_text("name: test\n" + text)
    return open_corpus(path)


def facts(files, name):
    (item,) = [item for item in files.items if item.name == name]
    known = files.known(item)
    return {key: found.value for key, found in known.facts.items()}, known


def test_a_file_name_pattern_gives_actor_and_date_and_codes_are_led_to_actors_of_their_time(folder):
    files = described(
        folder,
        'root: texts\npattern: "{actor}_{session}_{year}.txt"\n'
        'actor_codes: [{code: RUS, actor: SUN, until: "1991"}, {code: NOR, actor: SUN, until: "1989"}]\n',
    )
    assert [item.name for item in files.items] == ["NOR_45_1990.txt", "RUS_45_1990.txt"]
    assert facts(files, "NOR_45_1990.txt")[0] == {"actor": "NOR", "date": "1990"}
    said, known = facts(files, "RUS_45_1990.txt")
    assert said["actor"] == "SUN"
    assert "RUS stands for SUN until 1991" in known.facts["actor"].where


def test_a_default_may_name_a_part_of_the_file_name(folder):
    text = (
        'root: texts\npattern: "{actor}_{session}_{year}.txt"\ndefaults: {title: "Session {session}", place: Bergen}\n'
    )
    files = described(folder, text)
    said, known = facts(files, "NOR_45_1990.txt")
    assert said["title"] == "Session 45" and "file name" in known.facts["title"].where
    assert {name: found.value for name, found in files.defaults().facts.items()} == {"place": "Bergen"}


def test_a_book_is_dated_by_its_first_publication_where_a_manifest_tells_no_other_date(tmp_path):
    (tmp_path / "a.txt").write_text("Peace.")
    (tmp_path / "manifest.csv").write_text("path,doc_type,date,first_published\na.txt,memoir,,1917\n")
    (row,) = read_manifest(tmp_path / "manifest.csv").values()
    assert row[0]["date"].value == "1917" and "first_published" in row[0]["date"].where


def test_what_corpus_yaml_says_of_a_document_goes_before_its_file_name(folder):
    files = described(
        folder,
        'root: texts\npattern: "{actor}_{session}_{year}.txt"\ndefaults: {doc_type: speech}\ncitation: All of it\n'
        'documents: [{path: NOR_45_1990.txt, date: "1990-05-04", title: Peace, '
        "speakers: [{name: Olaf, actor: NOR}]}]\n",
    )
    said, known = facts(files, "NOR_45_1990.txt")
    assert (said["date"], said["title"], said["actor"]) == ("1990-05-04", "Peace", "NOR")
    assert known.speakers == (Participant(name="Olaf", actor="NOR"),)
    assert {name: found.value for name, found in files.defaults().facts.items()} == {
        "doc_type": "speech",
        "citation": "All of it",
    }


@pytest.mark.parametrize("path", ["texts/NOR_45_1990.txt", "above/texts/NOR_45_1990.txt", "elsewhere/NOR_45_1990.txt"])
def test_a_manifest_names_files_below_its_folder_or_the_one_above(tmp_path, path):
    above = tmp_path / "above"
    (above / "texts").mkdir(parents=True)
    (above / "texts" / "NOR_45_1990.txt").write_text("Peace.")
    (above / "texts" / "unlisted.txt").write_text("x")
    (above / "manifest.csv").write_text(
        "doc_id,path,doc_type,title,date,speakers,actor_iso3,extra\n"
        f'n1,{path},telcon,Call,1990-05-04,"Olaf, King;Tern",NOR,?\n'
        "n2,gone.txt,,,,,,\n"
    )
    files = open_corpus(above)
    said, known = facts(files, "texts/NOR_45_1990.txt")
    assert said["doc_id"] == "n1"
    assert (said["actor"], said["date"]) == ("NOR", "1990-05-04")
    assert known.facts["date"].where == "manifest.csv, row 2"
    assert known.speakers == (Participant(name="Olaf", title="King"), Participant(name="Tern"))
    assert [why for _, why in files.left_out] == [
        "not listed in the manifest of its folder",
        "listed in a manifest, but not there",
    ]


def test_a_manifest_that_corpus_yaml_names_may_not_list_files_that_are_not_there(folder):
    (folder / "texts" / "list.csv").write_text("path,title\nNOR_45_1990.txt,Peace\ngone.txt,Gone\n")
    files = described(folder, "root: texts\nmanifest: list.csv\n")
    assert [item.name for item in files.items] == ["NOR_45_1990.txt", "RUS_45_1990.txt"]
    assert files.left_out == [(f"{folder}/texts/gone.txt", "listed in a manifest, but not there")]


def test_a_manifest_in_a_folder_may_list_members_of_an_archive(tmp_path):
    for name in ("texts", "other"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("a.txt", "Peace.")
            archive.writestr("b.txt", "War.")
    (tmp_path / "manifest.csv").write_text("path,title\ntexts.zip!a.txt,Peace\ntexts.zip!gone.txt,Gone\n")
    files = open_corpus(tmp_path)
    assert facts(files, "texts.zip!a.txt")[0] == {"title": "Peace"}
    assert len(files.items) == 1
    assert {item.removeprefix(f"{tmp_path}/"): why for item, why in files.left_out} == {
        "other.zip": "not listed in the manifest of its folder",
        "texts.zip!b.txt": "not listed in the manifest of its folder",
        "texts.zip!gone.txt": "listed in a manifest, but not there",
    }


def test_a_row_of_an_archive_holds_for_all_texts_in_it_that_have_none_of_their_own(tmp_path):
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        for name in ("a.txt", "b.txt", "README.md"):
            archive.writestr(name, "We met.")
    (tmp_path / "manifest.csv").write_text("path,actor\nbundle.zip,NOR\nbundle.zip!b.txt,DNK\n")
    files = open_corpus(tmp_path)
    assert [(item.member, files.known(item).facts["actor"].value) for item in files.items] == [
        ("a.txt", "NOR"),
        ("b.txt", "DNK"),
    ]
    assert [why for _, why in files.left_out] == ["describes the corpus, and is no text of it"]


def test_beside_a_corpus_yaml_too_what_describes_a_corpus_is_no_text_unless_it_is_named(folder):
    for name in ("README.md", "LICENSE", "more/readme.txt", ".git/log.txt", "citation.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("About")
    files = described(folder, 'files: ["**/*", citation.md]\ndocuments: [{path: more/readme.txt, title: A memoir}]\n')
    assert [item.name for item in files.items] == [
        "citation.md",
        "more/readme.txt",
        "texts/NOR_45_1990.txt",
        "texts/RUS_45_1990.txt",
    ]
    assert {item.removeprefix(f"{folder}/"): why for item, why in files.left_out} == {
        ".git/log.txt": "a hidden file",
        "LICENSE": "describes the corpus, and is no text of it",
        "README.md": "describes the corpus, and is no text of it",
    }


def test_in_an_archive_too_what_describes_a_corpus_is_no_text(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("s/README.txt", "About")
        archive.writestr("s/a.txt", "Peace.")
    files = open_corpus(tmp_path / "x.zip")
    assert [item.name for item in files.items] == ["s/a.txt"]
    assert files.left_out == [(f"{tmp_path}/x.zip!s/README.txt", "describes the corpus, and is no text of it")]


def test_the_reason_for_which_a_file_is_left_out_tells_all_that_the_error_does():
    told = RolecoderError("5 members", where="x.zip", expected="at most 4", mend="split it")
    assert one_line(told) == "5 members; expected at most 4; to mend: split it"


def test_a_folder_without_a_list_gives_all_its_files_in_order_and_says_what_is_no_text(folder):
    (folder / "README.md").write_text("About")
    (folder / ".hidden").write_text("x")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("b/inner.txt", "Peace.")
    files = open_corpus(folder)
    assert [item.shown.removeprefix(str(folder)) for item in files.items] == [
        "/more.zip!b/inner.txt",
        "/texts/NOR_45_1990.txt",
        "/texts/RUS_45_1990.txt",
    ]
    assert [why for _, why in files.left_out] == ["a hidden file", "describes the corpus, and is no text of it"]


def test_a_single_file_is_known_by_the_corpus_that_lists_it(folder):
    described(folder, 'root: texts\npattern: "{actor}_{session}_{year}.txt"\n')
    files = open_corpus(folder / "texts" / "NOR_45_1990.txt")
    assert len(files.items) == 1
    assert facts(files, "NOR_45_1990.txt")[0]["actor"] == "NOR"


def test_a_single_file_that_no_corpus_lists_stands_alone(folder):
    (folder / "manifest.csv").write_text("doc_id,path\nx,other.txt\n")
    files = open_corpus(folder / "texts" / "NOR_45_1990.txt")
    assert files.description is None
    assert facts(files, "NOR_45_1990.txt")[0] == {}


def test_speakers_come_from_a_table_in_the_archive_and_doubtful_ones_are_not_taken(tmp_path):
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in [
        ["Year", "Session", "ISO Code", "Name", "Post"],
        [1990, 45, "NOR", "OLAF", "King"],
        [1990, 45, "NOR", "Olaf", "King"],
        [1990, 45, "SWE", "Anna", None],
        [1990, 45, "SWE", "Bertil", None],
    ]:
        book.active.append(row)
    book.save(target)
    with zipfile.ZipFile(tmp_path / "un.zip", "w") as archive:
        archive.writestr("who.xlsx", target.getvalue())
        archive.writestr("NOR_045_1990.txt", "Peace.")
        archive.writestr("SWE_45_1990.txt", "Peace.")
    files = described(
        tmp_path,
        'root: un.zip\npattern: "{actor}_{session}_{year}.txt"\n'
        "speakers: {file: who.xlsx, match: {actor: ISO Code, session: Session, year: Year}, name: Name, title: Post}\n",
    )
    assert [item.name for item in files.items] == ["NOR_045_1990.txt", "SWE_45_1990.txt"]
    assert facts(files, "NOR_045_1990.txt")[1].speakers == (Participant(name="Olaf", title="King"),)
    assert facts(files, "SWE_45_1990.txt")[1].speakers == ()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that is there and cannot be read")
def test_a_table_of_speakers_that_cannot_be_read_is_an_error_that_names_it(folder):
    (folder / "texts" / "who.xlsx").symlink_to("/proc/self/mem")
    text = 'root: texts\npattern: "{actor}_{n}.txt"\nspeakers: {file: who.xlsx, match: {actor: Code}, name: Name}\n'
    files = described(folder, text)
    with pytest.raises(RolecoderError, match=r"who\.xlsx cannot be read"):
        facts(files, "NOR_45_1990.txt")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rooot: texts\n", "unknown setting 'rooot'; closest is 'root'"),
        ("root: gone\n", "is not there"),
        ("defaults: {doc_type: novel}\n", "'novel' is not among speech"),
        ('documents: [{path: x, date: "May"}]\n', "'May' is not a date"),
        ("documents: [{title: x}]\n", "documents.0.path: is lacking"),
        (
            "speakers: {file: x.xlsx, match: {actor: A}, name: N}\n",
            "speakers.match: 'actor' is no part of the pattern, which is not given",
        ),
        (
            'pattern: "{actor}_{year}.txt"\nspeakers: {file: x.xlsx, match: {yeer: A}, name: N}\n',
            "'yeer' is no part of the pattern '{actor}_{year}.txt'; closest is 'year'",
        ),
        ('pattern: "{actor}.txt"\ndefaults: {title: "Session {session}"}\n', "defaults.title: 'session' is no part"),
        ("root: texts\nmanifest: gone.csv\n", "no such manifest"),
        ("root: ${NO_SUCH_FOLDER}/texts\n", "NO_SUCH_FOLDER, which is not set"),
    ],
)
def test_a_wrong_corpus_yaml_says_what_is_wrong(folder, text, found):
    with pytest.raises(RolecoderError, match=r"corpus\.yaml|gone\.csv|root|NO_SUCH") as error:
        described(folder, text)
    assert found in str(error.value)


def test_columns_of_a_manifest_that_are_nearly_known_are_told_of(folder):
    (folder / "texts" / "manifest.csv").write_text("Path;Date;Speekers\na.txt;1990;Ann Lee\n")
    with pytest.raises(RolecoderError, match=r"column 'Speekers'; closest of those that are read is 'speakers'"):
        open_corpus(folder / "texts")
    (folder / "texts" / "manifest.csv").write_text("Path;Date;Speakers;remark\na.txt;1990;Ann Lee;x\n")
    facts, people, _ = open_corpus(folder / "texts").manifest_rows[(folder / "texts" / "a.txt").absolute()]
    assert facts["date"].value == "1990" and people[0].name == "Ann Lee"
    (folder / "texts" / "manifest.csv").write_text("Path,actor,actor_iso3,ID,Dates\na.txt,NOR,,7,x\n")
    with pytest.raises(RolecoderError, match="'Dates'; closest"):
        open_corpus(folder / "texts")
    (folder / "texts" / "manifest.csv").write_text("Path,actor,actor_iso3,ID,Date,update\na.txt,NOR,,7,1990,x\n")
    facts, _, _ = open_corpus(folder / "texts").manifest_rows[(folder / "texts" / "a.txt").absolute()]
    assert {name: found.value for name, found in facts.items()} == {"actor": "NOR", "date": "1990", "doc_id": "7"}


def test_a_manifest_without_paths_says_so(folder):
    (folder / "manifest.csv").write_text("doc_id,pth\nx,y\n")
    with pytest.raises(RolecoderError, match=r"column .pth.; closest of those that are read is .path."):
        open_corpus(folder)


def test_a_broken_archive_and_a_missing_path_are_errors(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(RolecoderError, match="no readable archive"):
        open_corpus(tmp_path / "x.zip")
    with pytest.raises(RolecoderError, match="there is no such file or folder"):
        open_corpus(tmp_path / "gone")


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("**/*", "a.txt", True),
        ("**/*", "x/y/a.txt", True),
        ("*.txt", "x/a.txt", False),
        ("x/**/*.txt", "x/y/z/a.txt", True),
        ("x/**/*.txt", "x/a.txt", True),
        ("TXT/Session */???_??.txt", "TXT/Session 45 - 1990/NOR_45.txt", True),
        ("a.txt", "aatxt", False),
    ],
)
def test_globs_speak_of_whole_paths(glob, name, fits):
    import re

    assert bool(re.fullmatch(glob_regex(glob), name)) is fits


def test_patterns_take_file_names_apart():
    import re

    match = re.fullmatch(pattern_regex("{date}-{title}.txt"), "1990-05-04-first-speech.txt")
    assert match.groupdict() == {"date": "1990-05-04", "title": "first-speech"}
