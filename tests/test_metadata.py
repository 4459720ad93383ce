"""What is known of a document: which place wins, and how the actors that it names are led to ids."""

import zipfile

import pytest

from rolecoder.actors import read_actors
from rolecoder.config import Corpus
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest
from rolecoder.reading import read_one
from rolecoder.records import Document, Dropped

SPEECH = "We know that the work of peace is slow, and that it is not done by one of us alone but by all of us.\n"
STEPS = {  # what says of title and date, the strongest first, and how the origin names it
    "documents": ("Listed", "1964", "corpus.yaml"),
    "manifest": ("Tabled", "1963", "manifest.csv, row 2"),
    "pattern": ("Named", "1962", "file name ({title}_{year}.md)"),
    "header": ("Headed", "1961", "front matter"),
    "defaults": ("Assumed", "1960", "corpus.yaml, defaults"),
}


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


def read(path, known, **choice):
    found = list(ingest([Corpus(path=path, **choice)], known, ocr="never"))
    return [d for d in found if isinstance(d, Document)], [d for d in found if isinstance(d, Dropped)]


def corpus(folder, steps):
    """A corpus of one text of which each of the steps says something else."""
    head = '---\ntitle: Headed\ndate: "1961"\n---\n\n' if "header" in steps else ""
    (folder / "Named_1962.md").write_text(head + SPEECH)
    (folder / "manifest.csv").write_text("path,title,date\nNamed_1962.md,Tabled,1963\n")
    said = {
        "documents": 'documents: [{path: Named_1962.md, title: Listed, date: "1964"}]',
        "manifest": "manifest: manifest.csv",
        "pattern": 'pattern: "{title}_{year}.md"',
        "defaults": 'defaults: {title: Assumed, date: "1960"}',
    }
    lines = ["name: t", *(line for step, line in said.items() if step in steps)]
    (folder / "corpus.yaml").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize("strongest", STEPS)
def test_what_stands_nearer_to_the_researcher_goes_before_what_the_text_says(tmp_path, actors, strongest):
    steps = list(STEPS)[list(STEPS).index(strongest) :]
    (document,), _ = read(corpus(tmp_path, steps), actors)
    title, date, where = STEPS[strongest]
    assert (document.title, document.date) == (title, date)
    assert (document.origins["title"], document.origins["date"]) == (where, where)


def test_without_any_of_them_nothing_is_known(tmp_path, actors):
    (document,), _ = read(corpus(tmp_path, []), actors)
    assert (document.title, document.date) == (None, None)
    assert document.origins["date"] == "not in corpus.yaml, manifest, file name or header"


def tabled(folder, *rows, head="path,actor,date"):
    """A folder of texts a.txt, b.txt ... that a manifest lists."""
    lines = [head]
    for name, row in zip("abcdef", rows, strict=False):
        (folder / f"{name}.txt").write_text(f"{name}. {SPEECH}")
        lines.append(f"{name}.txt,{row}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_an_actor_is_led_to_its_id_of_the_time_and_the_origin_says_from_what(tmp_path, actors):
    documents, _ = read(tabled(tmp_path, "NOR,1990", "Norway,1990", "Congo,1965", "Congo,1995"), actors)
    assert [d.actor for d in documents] == ["NOR", "NOR", "COD", "COG"]
    assert [d.origins["actor"] for d in documents[:2]] == [
        "manifest.csv, row 2",
        "manifest.csv, row 3: Norway stands for NOR",
    ]
    assert not any(d.mended for d in documents)


def test_what_is_no_actor_is_not_taken_over_and_told_of_with_the_nearest(tmp_path, actors):
    (document,), _ = read(tabled(tmp_path, "Norwey,1990"), actors)
    assert document.actor is None
    assert document.mended == (document.origins["actor"],)
    assert "manifest.csv, row 2 says 'Norwey', which is no actor; closest is 'NOR'" in document.mended


def test_actors_of_participants_are_led_to_ids_as_well(tmp_path, actors):
    (tmp_path / "a.txt").write_text(SPEECH)
    people = "{name: Olaf, actor: Norwegian}, {name: Anna, actor: Atlantis}, {name: Bertil}"
    (tmp_path / "corpus.yaml").write_text(f"name: t\ndocuments: [{{path: a.txt, speakers: [{people}]}}]\n")
    (document,), _ = read(tmp_path, actors)
    assert [person.actor for person in document.participants] == ["NOR", None, None]
    (told,) = document.mended
    assert told.startswith("corpus.yaml: Anna says 'Atlantis', which is no actor")


def test_a_study_selects_actors_by_their_ids_however_the_corpus_writes_them(tmp_path, actors):
    folder = tabled(tmp_path, "Norway,1990", "SWE,1990", "Atlantis,1990")
    documents, dropped = read(folder, actors, actors=("NOR",))
    assert [d.actor for d in documents] == ["NOR"]
    assert [d.item.rsplit("/")[-1] for d in dropped] == ["b.txt", "c.txt"]
    assert dropped[0].reason.endswith("its actor is SWE")
    assert "its actor is not known (manifest.csv, row 4 says 'Atlantis'" in dropped[1].reason


def test_a_name_of_several_actors_waits_for_the_date_that_the_text_tells(tmp_path, actors):
    (tmp_path / "a.md").write_text(f'---\ndate: "1965"\n---\n\n{SPEECH}')
    (tmp_path / "manifest.csv").write_text("path,actor\na.md,Congo\n")
    (document,), _ = read(tmp_path, actors, actors=("COD",))
    assert (document.actor, document.date) == ("COD", "1965")


def test_the_commands_lead_actors_to_ids_as_well(tmp_path, root):
    tabled(tmp_path, "Norway,1990")
    ((document, _, _),) = read_one(tmp_path / "a.txt", root / "corpora" / "actors.csv", None)
    assert document.actor == "NOR"


def test_a_folder_of_which_nothing_can_be_read_says_why(tmp_path, actors):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(RolecoderError, match="no readable archive"):
        read(tmp_path, actors)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("README.md", "About")
    with pytest.raises(RolecoderError, match=r"describes the corpus, and is no text of it \(1 times\)"):
        read(tmp_path, actors)
