import json
from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_labels

from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.classify import PassageTexts, classify
from rolecoder.encode import open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.learning.teach import put_in_place
from rolecoder.train import TrainSettings, train


@pytest.fixture(scope="module")
def bundle():
    note = EncoderNote(identity="letters@1", dim=26)
    return train(small_labels(20), note, LetterCounter().encode, TrainSettings(curve=False, resamples=5), name="small")


@pytest.fixture
def saved(bundle, tmp_path):
    return save_bundle(bundle, tmp_path / "small", "# small\n")


def resum(folder):
    """Write the checksums anew, as somebody who tampers would."""
    import hashlib

    sums = json.loads((folder / "checksums.json").read_text())
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums}
    (folder / "checksums.json").write_text(json.dumps(sums))


def rewrite(folder, **changes):
    record = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps(record | changes))
    resum(folder)


def test_a_loaded_bundle_codes_as_the_one_that_was_saved(bundle, saved):
    loaded = load_bundle(saved)
    texts = [row.text for row in small_labels(5).rows]
    passages = PassageTexts(text=texts, before=[""] * len(texts), after=[""] * len(texts))
    one, other = (classify(passages, model, LetterCounter().encode) for model in (bundle, loaded))
    assert np.array_equal(one.probabilities, other.probabilities) and np.array_equal(one.decided, other.decided)
    assert loaded.codebook == bundle.codebook and loaded.folder == saved and loaded.encoder_folder is None
    assert json.dumps(loaded.scores) == json.dumps(bundle.scores) and loaded.labels == bundle.labels
    assert loaded.error_rates == bundle.error_rates and "all" in loaded.error_rates


@pytest.mark.parametrize("name", ["bundle.json", "head.safetensors", "words.json", "README.md"])
def test_one_changed_byte_is_refused_and_the_file_named(saved, name):
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(RolecoderError, match=f"{name} was changed"):
        load_bundle(saved)
    (saved / name).unlink()
    with pytest.raises(RolecoderError, match=f"{name} is not there"):
        load_bundle(saved)


def test_a_folder_that_is_no_bundle_is_refused_with_a_remedy(tmp_path, saved):
    with pytest.raises(RolecoderError, match=r"models/holsti-17"):
        load_bundle(tmp_path)
    with pytest.raises(RolecoderError, match="no folder"):
        load_bundle(tmp_path / "model")
    (saved / "checksums.json").write_text("{}")
    with pytest.raises(RolecoderError, match="not listed"):
        load_bundle(saved)
    (saved / "checksums.json").write_text('["bundle.json"]')
    with pytest.raises(RolecoderError, match="lists no checksums"):
        load_bundle(saved)
    (saved / "checksums.json").write_text("{oops")
    with pytest.raises(RolecoderError, match="not readable"):
        load_bundle(saved)


def test_checksums_never_lead_out_of_the_folder(saved):
    (saved / "checksums.json").write_text(json.dumps({"../outside": "0"}))
    with pytest.raises(RolecoderError, match="outside"):
        load_bundle(saved)


def test_another_schema_is_refused(saved):
    rewrite(saved, schema=99)
    with pytest.raises(RolecoderError, match="schema 99"):
        load_bundle(saved)


def test_a_library_of_another_major_version_is_refused_and_named(bundle, saved):
    rewrite(saved, versions=dict(bundle.versions) | {"scikit-learn": "0.24.2"})
    with pytest.raises(RolecoderError, match=r"scikit-learn 0\.24\.2"):
        load_bundle(saved)


def test_a_codebook_that_is_not_the_one_of_its_digest_is_refused(saved):
    record = json.loads((saved / "bundle.json").read_text())
    record["codebook"]["roles"][0]["definition"] = "Something else."
    rewrite(saved, codebook=record["codebook"])
    with pytest.raises(RolecoderError, match="digest"):
        load_bundle(saved)


def test_numbers_that_do_not_fit_the_codebook_or_the_features_are_refused(saved):
    rewrite(saved, blocks=[["text"], ["text"]])
    with pytest.raises(RolecoderError, match=r"block1\.coefficients"):
        load_bundle(saved)
    rewrite(saved, blocks=[["text"], ["magic"]])
    with pytest.raises(RolecoderError, match="unknown features magic"):
        load_bundle(saved)


def test_a_bundle_without_error_rates_still_loads(saved):
    record = json.loads((saved / "bundle.json").read_text())
    del record["error_rates"]
    (saved / "bundle.json").write_text(json.dumps(record))
    resum(saved)
    assert load_bundle(saved).error_rates == {}


@pytest.mark.parametrize("change", [{"name": None, "encoder": {"identity": "x"}}, {"versions": 3}, {"blocks": 7}])
def test_a_record_of_another_form_is_a_clear_error(saved, change):
    rewrite(saved, **change)
    with pytest.raises(RolecoderError, match="lacks something"):
        load_bundle(saved)


def test_a_record_that_lacks_a_field_is_a_clear_error(saved):
    record = json.loads((saved / "bundle.json").read_text())
    del record["labels"]
    (saved / "bundle.json").write_text(json.dumps(record))
    resum(saved)
    with pytest.raises(RolecoderError, match="'labels'"):
        load_bundle(saved)
    (saved / "bundle.json").write_text("[]")
    resum(saved)
    with pytest.raises(RolecoderError, match="schema None"):
        load_bundle(saved)


def test_a_head_that_is_not_safetensors_is_refused(saved):
    (saved / "head.safetensors").write_bytes(b"\x80\x04pickle")
    resum(saved)
    with pytest.raises(RolecoderError, match=r"head\.safetensors"):
        load_bundle(saved)


def test_another_encoder_is_refused(bundle):
    bundle.check_encoder("letters@1")
    with pytest.raises(RolecoderError, match=r"(?s)letters@2.*does not fit.*--encoder"):
        bundle.check_encoder("letters@2")


def test_an_encoder_inside_the_bundle_is_found_and_its_files_are_checked(bundle, tmp_path):
    folder = tmp_path / "own"
    (folder / "encoder" / "1_Pooling").mkdir(parents=True)
    (folder / "encoder" / "1_Pooling" / "config.json").write_text("{}")
    save_bundle(replace(bundle, encoder=replace(bundle.encoder, folder="encoder")), folder, "card")
    assert load_bundle(folder).encoder_folder == str(folder / "encoder")
    (folder / "encoder" / "1_Pooling" / "config.json").write_text("{ }")
    with pytest.raises(RolecoderError, match=r"encoder/1_Pooling/config\.json was changed"):
        load_bundle(folder)


def test_saving_again_replaces_the_older_bundle(bundle, saved):
    save_bundle(replace(bundle, name="newer"), saved, "# newer\n")
    assert load_bundle(saved).name == "newer"


def test_what_only_the_older_bundle_has_is_taken_away_and_nothing_else(bundle, tmp_path):
    folder = tmp_path / "m"
    (folder / "encoder" / "1_Pooling").mkdir(parents=True)
    (folder / "encoder" / "1_Pooling" / "config.json").write_text("{}")
    save_bundle(replace(bundle, encoder=replace(bundle.encoder, folder="encoder")), folder, "card")
    (folder / "notes.txt").write_text("The user's own.")
    words_left_out = replace(bundle.head, blocks=bundle.head.blocks[:1], mixing=bundle.head.mixing[:, :1], words=None)
    save_bundle(replace(bundle, head=words_left_out, labelled=None), folder, "card")
    left = {path.name for path in folder.iterdir()}
    assert left == {"bundle.json", "head.safetensors", "README.md", "checksums.json", "notes.txt"}
    assert load_bundle(folder).head.words is None


def test_doubtful_labels_lie_beside_the_model_may_be_written_in_and_go_with_it(bundle, tmp_path):
    row = {"id": "d0-0", "document": "d0", "role": "leader", "label": "given", "probability": 0.01, "text": 'We, "all"'}
    folder = save_bundle(replace(bundle, doubtful=(row,)), tmp_path / "m", "card")
    written = (folder / "doubtful.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == ["id,document,role,label,probability,text", 'd0-0,d0,leader,given,0.01,"We, ""all"""']
    (folder / "doubtful.csv").write_text("read again")
    assert load_bundle(folder).doubtful == ()
    (folder / "doubtful.csv").unlink()
    assert load_bundle(folder).name == bundle.name
    put_in_place(replace(bundle, doubtful=(row,)), folder, "card")
    assert (folder / "doubtful.csv").is_file()
    put_in_place(replace(bundle, doubtful=()), folder, "card")
    assert not (folder / "doubtful.csv").exists()
    (folder / "doubtful.csv").write_text("The user's own.")
    with pytest.raises(RolecoderError, match=r"doubtful\.csv"):
        put_in_place(replace(bundle, doubtful=(row,)), folder, "card")


def test_files_outside_the_folder_are_never_taken_away(bundle, saved):
    (saved.parent / "outside").write_text("The user's own.")
    (saved / "checksums.json").write_text(json.dumps({"../outside": "0"}))
    save_bundle(bundle, saved, "card")
    assert (saved.parent / "outside").exists() and load_bundle(saved).name == bundle.name


@pytest.mark.real_model
def test_the_shipped_model_loads_fits_the_packaged_encoder_and_says_what_its_labels_are(root):
    from rolecoder.codebook import read_codebook

    shipped = load_bundle(root / "models" / "holsti-17")
    if shipped.encoder_folder is None:
        shipped.check_encoder(open_encoder().identity)
    assert shipped.codebook.digest == read_codebook(root / "labels" / "codebook.yaml").digest
    card = (root / "models" / "holsti-17" / "README.md").read_text(encoding="utf-8")
    for said in (
        "language models",
        "No human expert",
        "bastion_of_revolution",
        "isolate",
        "protectee",
        "bridge",
        "| memoir |",
    ):
        assert said in card, said
    assert shipped.scores["all"]["macro_f1"]["value"] > 0.45
