"""An encoder learns to point at the holder of a role: here a tiny one, on sentences made for it."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from encoders import small_codebook, small_labels
from safetensors.numpy import load_file, save_file

from rolecoder.actors import read_actors
from rolecoder.annotations import Label, Labels
from rolecoder.attribute import Attributable, attribute
from rolecoder.attribution.named import candidates
from rolecoder.attribution.told import told_holders
from rolecoder.attribution.weights import Weights
from rolecoder.bundle import EncoderNote, load_bundle, save_bundle
from rolecoder.coding import open_model
from rolecoder.encode import open_encoder
from rolecoder.errors import RolecoderError
from rolecoder.files import file_checksum
from rolecoder.learning.point import FEWEST, learn_pointer
from rolecoder.learning.teach import SecondReading
from rolecoder.model.layers import Start
from rolecoder.model.pointer import (
    BEFORE_TOKENS,
    LAYERS,
    MAX_TOKENS,
    SHARPNESS,
    Pointer,
    PointerSettings,
    Texts,
)
from rolecoder.train import TrainSettings, train

QUICK = PointerSettings(layers=1, epochs=6, rate=3e-3, head_rate=3e-2)
SILENT = Weights("none", {part: {} for part in ("holder", "conception", "prescription", "performance")}, {})
STATES = {"France": "FRA", "Poland": "POL", "Japan": "JPN", "Brazil": "BRA", "India": "IND", "Kenya": "KEN"}
ENDS = ("Our experts share aid at home", "The weather in the hall was fine", "We shun every bloc at sea")


def passages(count):
    """Two states in each, in either order; the role is that of the one which sends aid, not of the one alone."""
    names, rows = list(STATES), []
    for number in range(count):
        one, other = names[number % 6], names[(number // 6 + number % 6 + 1) % 6]
        if one == other:
            one = names[(number + 1) % 6]
        parts = [f"{one} send aid and credit.", f"{other} alone behind our hills."]
        text = " ".join([*(parts if number % 2 else parts[::-1]), f"{ENDS[number % 3]}."])
        rows.append(
            Label(
                label_id=f"p{number}",
                text=text,
                roles=("helper",),
                holder=STATES[one],
                aspect="performance" if number % 2 else "conception",
                source="USA",
                document_id=f"d{number}",
            )
        )
    return Labels(codebook=small_codebook(), rows=tuple(rows), sources=("made.csv",))


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


@pytest.fixture(scope="module")
def learnt(tiny, actors, tmp_path_factory):
    """What was learnt of 400 passages, and the file of its layers."""
    layers = tmp_path_factory.mktemp("pointer") / LAYERS
    return learn_pointer(passages(400), actors, tiny, layers, QUICK, weights=SILENT), layers


def items(labels):
    return [Attributable(text=row.text, source=row.source, roles=row.roles) for row in labels.rows]


def test_it_finds_the_holder_among_states_that_only_their_words_tell_apart(tiny, actors, learnt):
    head, layers = learnt
    unseen = passages(460).only(list(range(400, 460)))
    pointer = Pointer(tiny, layers, head)
    silent = attribute(items(unseen), actors, weights=replace(SILENT, lean=dict.fromkeys(SILENT.of, 1.0)))
    said = attribute(
        items(unseen),
        actors,
        weights=replace(SILENT, lean=dict.fromkeys(SILENT.of, 1.0)),
        correction=pointer.of(items(unseen), actors),
    )
    right = np.mean([s.holder == row.holder for s, row in zip(said, unseen.rows, strict=True)])
    by_chance = np.mean([s.holder == row.holder for s, row in zip(silent, unseen.rows, strict=True)])
    assert right > 0.9 > 0.6 > by_chance
    assert np.mean([s.aspect == row.aspect for s, row in zip(said, unseen.rows, strict=True)]) > 0.9


def test_a_passage_is_read_by_itself(tiny, actors, learnt):
    head, layers = learnt
    pointer = Pointer(tiny, layers, head)
    several = items(passages(12))
    together, alone = (pointer.of(some, actors).add for some in (several, several[7:8]))
    for holder in ("USA", passages(12).rows[7].holder):
        assert together(7, holder, "conception") == pytest.approx(alone(0, holder, "conception"), abs=1e-6)
    assert alone(0, "CHN", "conception") == 0.0  # not among those that may hold it


def test_the_words_before_a_passage_are_read_too(tiny, actors, learnt):
    head, layers = learnt
    pointer = Pointer(tiny, layers, head)
    item = Attributable(text="They send aid.", before="We thank Poland and Japan.", source="USA", roles=("helper",))
    add = pointer.of([item], actors).add
    assert add(0, "POL", "performance") != 0.0 != add(0, "JPN", "performance")
    other = pointer.of([replace(item, before="We thank Poland, and we thank Japan.")], actors).add
    assert other(0, "POL", "performance") != add(0, "POL", "performance")
    assert pointer.of([replace(item, before="")], actors).add(0, "POL", "performance") == 0.0
    silent = Pointer(tiny, layers, replace(head, before=head.before * 0, before_bias=head.before_bias * 0))
    assert silent.of([item], actors).add(0, "POL", "performance") != add(0, "POL", "performance")
    inside = replace(item, text="Poland and Kenya send aid.", before="Much was said.")
    assert silent.of([inside], actors).add(0, "POL", "performance") == pytest.approx(
        pointer.of([inside], actors).add(0, "POL", "performance")
    )
    assert pointer.of([item], actors).sharpness == SHARPNESS < 1


def test_the_places_of_a_mention_are_those_of_its_tokens(tiny, actors):
    texts = Texts(*Start(base=tiny).open())

    def ids(text):
        return texts.tokenizer(text, add_special_tokens=False)["input_ids"]

    item = Attributable(
        text="We thank Kenya. " * 90 + "We thank Brazil.",
        before="Peace is dear to us. " * 40 + "We thank Poland.",
        source="USA",
        roles=("helper",),
    )
    read = texts.tokens(item, candidates(item, actors))
    places = dict(zip(read.actors, read.places, strict=True))
    assert len(read.ids) == len(read.kinds) <= MAX_TOKENS + BEFORE_TOKENS + 1
    assert read.kinds == [0] * read.opens + [1] * (len(read.ids) - read.opens)
    assert read.ids[: len(ids("helper")) + 1] == [texts.tokenizer.cls_token_id, *ids("helper")]
    assert read.ids[read.opens - 1] == read.ids[-1] == texts.tokenizer.sep_token_id
    assert read.ids[read.opens :][: len(ids("We thank Kenya."))] == ids("We thank Kenya.")
    for name, first, last in (("Poland", 0, read.opens - 1), ("Kenya", read.opens, len(read.ids))):
        assert places[STATES[name]] and all(first < min(place) <= max(place) < last for place in places[STATES[name]])
        assert {tuple(read.ids[n] for n in place) for place in places[STATES[name]]} == {tuple(ids(name))}
    assert places["BRA"] == ()  # named beyond what the encoder takes
    assert "POL" in read.beside and not {"KEN", "USA", "BRA"} & read.beside
    bare = texts.tokens(
        replace(item, before="", source=None), candidates(replace(item, before="", source=None), actors)
    )
    assert bare.ids[bare.opens - 2 : bare.opens] == [texts.tokenizer.sep_token_id] * 2 and not bare.beside


def test_the_addressee_is_whom_a_label_names_else_the_other_of_two_who_speak(actors):
    labels = passages(3)
    sides = [("USA", "KEN"), ("JPN", None), ("USA", "Narnia")]
    rows = tuple(
        replace(row, source=source, addressee=addressee, doc_type="telcon", document_id="talk")
        for row, (source, addressee) in zip(labels.rows, sides, strict=True)
    )
    told = [item.addressee for _, item in told_holders(replace(labels, rows=rows), actors)]
    assert told == ["KEN", "USA", "JPN"]


def test_it_is_taught_in_a_process_of_its_own_that_gives_what_it_learnt_or_what_was_wrong(tiny, root, tmp_path):
    lines = (root / "corpora" / "actors.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    own = [line for line in lines if line.startswith(("actor,", "USA,"))]
    (tmp_path / "actors.csv").write_text("".join(own), encoding="utf-8")
    reading = SecondReading(tmp_path, QUICK, read_actors(tmp_path / "actors.csv"))
    shutil.copytree(tiny, tmp_path / "encoder")
    reading.begin(passages(FEWEST + 50))
    assert reading.wait() is None  # too few labels: of these holders, none is in this table
    (tmp_path / "encoder" / "modules.json").unlink()
    (tmp_path / "encoder" / "model.safetensors").unlink()
    reading.begin(small_labels(20))
    with pytest.raises(RolecoderError, match="second reading ended"):
        reading.wait()


def test_the_same_seed_teaches_the_same(tiny, actors, learnt, tmp_path):
    head, layers = learnt
    again = learn_pointer(passages(400), actors, tiny, tmp_path / LAYERS, QUICK, weights=SILENT)
    assert np.allclose(again.mention, head.mention, atol=1e-5)
    assert (tmp_path / LAYERS).stat().st_size == layers.stat().st_size


def test_a_row_counts_as_much_as_its_weight_says(tiny, actors, tmp_path):
    labels = passages(400)
    others = [
        replace(row, label_id=f"{row.label_id}b", holder="USA", aspect="conception", weight=1e-6) for row in labels.rows
    ]
    both = replace(labels, rows=(*labels.rows, *others))
    head = learn_pointer(
        both, actors, tiny, tmp_path / LAYERS, replace(QUICK, epochs=QUICK.epochs // 2), weights=SILENT
    )
    unseen = passages(460).only(list(range(400, 460)))
    said = attribute(
        items(unseen),
        actors,
        weights=replace(SILENT, lean=dict.fromkeys(SILENT.of, 1.0)),
        correction=Pointer(tiny, tmp_path / LAYERS, head).of(items(unseen), actors),
    )
    assert np.mean([s.holder == row.holder for s, row in zip(said, unseen.rows, strict=True)]) > 0.9


def test_too_few_labels_of_holders_teach_nothing(tiny, actors, tmp_path):
    assert learn_pointer(passages(FEWEST - 1), actors, tiny, tmp_path / LAYERS, QUICK) is None
    assert learn_pointer(small_labels(100), actors, tiny, tmp_path / LAYERS, QUICK) is None
    assert not (tmp_path / LAYERS).exists()


def test_a_model_keeps_it_beside_its_own_encoder(tiny, actors, learnt, tmp_path):
    head, layers = learnt
    folder = tmp_path / "m"
    shutil.copytree(tiny, folder / "encoder")
    shutil.copyfile(layers, folder / LAYERS)
    opened = open_encoder(str(folder / "encoder"))
    note = EncoderNote(identity=opened.identity, dim=opened.dim, folder="encoder")
    settings = TrainSettings(resamples=5, curve=False)
    point = SimpleNamespace(settings=QUICK, wait=lambda: head)
    bundle = train(small_labels(20), note, opened.encode, settings, name="m", point=point)
    assert bundle.opinion is None and bundle.training["pointing"]["epochs"] == QUICK.epochs
    save_bundle(bundle, folder, "card")
    assert load_bundle(folder).pointer.passage == pytest.approx(head.passage)
    one = items(passages(400))[:1]
    with open_model(folder) as model:
        added = model.second_reading(one, actors).add
        direct = Pointer(tiny, layers, head).of(one, actors).add
        assert added(0, "FRA", "conception") == pytest.approx(direct(0, "FRA", "conception"), abs=1e-5)
    numbers = load_file(folder / "head.safetensors")
    save_file({name: array for name, array in numbers.items() if ".before" not in name}, folder / "head.safetensors")
    sums = json.loads((folder / "checksums.json").read_text())
    sums["head.safetensors"] = file_checksum(folder / "head.safetensors")
    (folder / "checksums.json").write_text(json.dumps(sums))
    with pytest.raises(RolecoderError, match="older version of rolecoder"):
        load_bundle(folder)
    (folder / LAYERS).write_bytes(b"x")
    with pytest.raises(RolecoderError, match="changed"):
        load_bundle(folder)
    save_bundle(replace(bundle, pointer=None), folder, "card")
    assert load_bundle(folder).pointer is None and not (folder / LAYERS).exists()
