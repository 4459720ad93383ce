"""`rolecoder train` with a tiny encoder, taught or as it is: what takes the place of an older model, and when."""

import shutil
from dataclasses import replace

import pytest
from encoders import small_labels, with_narnia, write_labels

from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.cli.app import main
from rolecoder.coding import open_model
from rolecoder.errors import RolecoderError
from rolecoder.learning.finetune import LESSONS
from rolecoder.learning.teach import NEW, put_in_place, tuned_folds
from rolecoder.model.pointer import LAYERS


def train(files, out, *options):
    """Run `rolecoder train` in this process; returns its exit code."""
    labels, book = map(str, files)
    with pytest.raises(SystemExit) as stop:
        main(["train", labels, "--codebook", book, "--out", str(out), *map(str, options)])
    return stop.value.code


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_labels(tmp_path_factory.mktemp("labels"), small_labels(20))


@pytest.fixture(scope="module")
def taught(files, tiny, tmp_path_factory):
    """A model with an encoder of its own."""
    folder = tmp_path_factory.mktemp("taught") / "m"
    assert train(files, folder, "--encoder", tiny, "--fine-tune") == 0
    return folder


@pytest.fixture
def model(taught, tmp_path):
    """A copy of it."""
    shutil.copytree(taught, tmp_path / "m")
    return tmp_path / "m"


def test_a_model_whose_encoder_was_taught_has_it_inside_and_codes(taught, tmp_path, capsys):
    assert load_bundle(taught).encoder_folder == str(taught / "encoder")
    assert not (taught / NEW).exists()
    (tmp_path / "in.csv").write_text("id,text\na,We send aid to poorer states today.\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["classify", str(tmp_path / "in.csv"), "--model", str(taught), "--out", str(tmp_path / "out.csv")])
    assert stop.value.code == 0
    assert "helper" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1]


def test_two_folds_must_do_where_a_half_of_the_labels_is_many():
    assert [tuned_folds(count) for count in (20, 24_999, 25_000, 35_153)] == [3, 3, 2, 2]


def test_a_training_without_an_encoder_takes_the_older_one_away_and_leaves_a_training_that_was_stopped(
    model, files, tiny
):
    lesson = model / NEW / LESSONS / "one.npz"
    lesson.parent.mkdir(parents=True)
    lesson.write_bytes(b"what a training that was stopped left")
    assert train(files, model, "--encoder", tiny) == 0
    assert load_bundle(model).encoder_folder is None and not (model / "encoder").exists()
    assert [path.name for path in (model / NEW).iterdir()] == [LESSONS] and lesson.exists()
    lesson.unlink()
    lesson.parent.rmdir()
    assert train(files, model, "--encoder", tiny) == 0
    assert not (model / NEW).exists()


def test_lessons_of_a_training_that_was_stopped_do_a_first_model_no_harm(files, tiny, tmp_path):
    (tmp_path / "m" / NEW / LESSONS).mkdir(parents=True)
    assert train(files, tmp_path / "m", "--encoder", tiny) == 0
    assert load_bundle(tmp_path / "m").encoder_folder is None


def test_an_older_model_stays_as_it_was_where_the_new_one_cannot_be_written(model):
    (model / NEW).write_text("A file where the new model is to be written.")
    with pytest.raises(RolecoderError, match="could not be written"):
        put_in_place(replace(load_bundle(model), name="newer"), model, "card")
    assert load_bundle(model).name == "m"
    with open_model(model) as opened:
        assert opened.bundle.encoder_folder


def test_a_model_that_was_stopped_while_it_took_its_place_takes_it_when_it_is_opened(model):
    shutil.copytree(model / "encoder", model / NEW / "encoder")
    save_bundle(replace(load_bundle(model), name="newer"), model / NEW, "card")
    (model / NEW / "bundle.json").replace(model / "bundle.json")  # as far as it came
    assert load_bundle(model).name == "newer" and (model / "README.md").read_text() == "card"
    assert not [path for path in (model / NEW).rglob("*") if path.is_file()]
    (model.parent / "README.md").write_text("not the model's")
    (model / NEW / "checksums.json").write_text('{"../README.md": "", ".": "", "/etc": ""}')
    with pytest.raises(RolecoderError, match="was changed"):
        load_bundle(model)
    assert (model.parent / "README.md").read_text() == "not the model's"


def test_files_of_ones_own_are_refused_before_the_training_and_stay(files, tiny, tmp_path, monkeypatch, capsys):
    def train_nothing(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr("rolecoder.train.train", train_nothing)
    own, book = tmp_path / "README.md", tmp_path / "encoder" / "book.txt"
    own.write_text("My project.")
    monkeypatch.chdir(tmp_path)
    assert train(files, ".", "--encoder", tiny) == 1
    said = capsys.readouterr().err
    assert "not of an older model\n  README.md" in said and "name another folder with --out" in said
    own.unlink()
    book.parent.mkdir()
    book.write_text("My ciphers.")
    assert train(files, tmp_path, "--encoder", tiny, "--fine-tune") == 1 and str(book) in capsys.readouterr().err
    assert train(files, book / "m", "--encoder", tiny) == 1 and f"{book}: not a folder" in capsys.readouterr().err
    assert book.read_text() == "My ciphers."


def test_holders_are_those_of_ones_own_table_of_actors_in_the_second_reading_too(
    tiny, root, tmp_path, monkeypatch, capsys
):
    def read_nothing(folder, settings, actors, tell):
        raise RolecoderError(f"Narnia is {actors.resolve('Narnia', None)}")

    monkeypatch.setattr("rolecoder.learning.teach.SecondReading", read_nothing)
    labels, book = write_labels(tmp_path, small_labels(20))
    file = tmp_path / "narnia.jsonl"
    line = '{"id": "n", "text": "We help.", "roles": "helper", "holder": "Narnia", "source": "NAR"}\n'
    file.write_text(labels.read_text(encoding="utf-8") + line, encoding="utf-8")
    options = ("--encoder", tiny, "--fine-tune", "--actors", with_narnia(root, tmp_path))
    assert train((file, book), tmp_path / "m", *options) == 1
    said = capsys.readouterr().err
    assert "Narnia is NAR" in said and "no actor" not in said


def test_a_new_model_that_lies_beside_files_of_ones_own_does_not_take_their_place(model):
    shutil.copytree(model / "encoder", model / NEW / "encoder")
    (model / "encoder" / "notes.txt").write_text("My notes.")
    with pytest.raises(RolecoderError, match=r"notes\.txt"):
        put_in_place(replace(load_bundle(model), name="newer"), model, "card")
    assert (model / "encoder" / "notes.txt").read_text() == "My notes."
    (model / "encoder" / "notes.txt").unlink()
    assert load_bundle(model).name == "newer"


def test_a_model_that_cannot_take_its_place_is_told_of(model, monkeypatch):
    shutil.copytree(model / "encoder", model / NEW / "encoder")
    save_bundle(replace(load_bundle(model), name="newer"), model / NEW, "card")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rolecoder.model.bundlecheck.move_model", full)
    with pytest.raises(RolecoderError, match="cannot take the older one's place"):
        load_bundle(model)


def test_what_points_at_holders_moves_with_the_encoder(model, tiny, tmp_path):
    bundle = load_bundle(model)
    new = tmp_path / "other" / NEW
    shutil.copytree(model / "encoder", new / "encoder")
    (new / LAYERS).write_bytes(b"layers that no training has finished")
    put_in_place(bundle, tmp_path / "other", "card")
    moved = tmp_path / "other"
    assert load_bundle(moved).encoder_folder == str(moved / "encoder")
    assert not (moved / LAYERS).exists() and not (moved / NEW).exists()


def test_an_encoder_that_would_be_replaced_with_the_model_is_not_started_from(model, files, capsys):
    assert train(files, model, "--encoder", model / "encoder") == 1
    assert "lies in the folder of the model" in capsys.readouterr().err
    assert load_bundle(model).encoder == EncoderNote(
        identity=load_bundle(model).encoder.identity, dim=32, folder="encoder"
    )
