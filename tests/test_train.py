from dataclasses import replace

import numpy as np
import pytest
from encoders import LetterCounter, small_codebook, small_labels

from rolecoder.bundle import EncoderNote
from rolecoder.classify import PassageTexts, classify
from rolecoder.encode import encode_texts
from rolecoder.errors import RolecoderError
from rolecoder.labelled_cells import WRITTEN
from rolecoder.learning.card import model_card
from rolecoder.learning.doubtful import MOST, doubtful_labels
from rolecoder.learning.doubts import check_classes, check_labels
from rolecoder.learning.fit import HeldOut
from rolecoder.train import TrainSettings, train

QUICK = TrainSettings(curve=False, resamples=20)


def trained(labels, settings=QUICK, **options):
    encoder = LetterCounter()
    note = EncoderNote(identity=encoder.identity, dim=encoder.dim)
    return train(labels, note, lambda texts: encode_texts(texts, encoder, {}), settings, name="small", **options)


def coded(bundle, *texts):
    passages = PassageTexts(text=texts, before=[""] * len(texts), after=[""] * len(texts))
    return classify(passages, bundle, LetterCounter().encode)


@pytest.fixture(scope="module")
def bundle():
    return trained(small_labels(40), TrainSettings(resamples=50), coded_by="Invented for tests.")


def test_it_learns_to_tell_roles_apart_on_documents_it_has_not_seen(bundle):
    scores = bundle.scores["all"]
    assert scores["micro_f1"]["value"] > 0.9 and scores["n"] == 160 and scores["n_documents"] == 40
    found = coded(bundle, "We send aid to poorer states today.", "The meeting opened at noon today.")
    assert found.given(0) == ("helper",) and found.given(1) == ()


@pytest.mark.parametrize("step", [1, -1])
def test_training_twice_gives_the_same_numbers_whatever_the_order_of_rows(bundle, step):
    labels = small_labels(40)
    turned = replace(labels, rows=labels.rows[::step])
    again = trained(turned, TrainSettings(resamples=50), coded_by="Invented for tests.")
    assert np.array_equal(again.head.thresholds, bundle.head.thresholds)
    assert all(
        np.array_equal(one.coefficients, other.coefficients)
        for one, other in zip(again.head.blocks, bundle.head.blocks, strict=True)
    )
    assert again.scores == bundle.scores
    assert again.labels["digest"] == bundle.labels["digest"]


def test_thresholds_are_raised_where_passages_were_sought(bundle):
    labels = small_labels(40)
    plain = trained(replace(labels, rows=tuple(replace(row, stratum=None) for row in labels.rows)))
    drawn = trained(replace(labels, rows=tuple(replace(row, sampling_probability=0.1) for row in labels.rows)))
    assert bundle.training["raised"] == 1.2 and plain.training["raised"] == drawn.training["raised"] == 1
    assert np.allclose(bundle.head.thresholds, np.minimum(1.2 * plain.head.thresholds, 0.99))
    assert np.array_equal(plain.head.thresholds, drawn.head.thresholds)
    assert "all raised 1.2 times" in model_card(bundle) and "all raised" not in model_card(plain)


def test_a_source_that_prescribes_to_itself_is_warned_of():
    labels = small_labels(20)
    first, *rest = labels.rows
    own = replace(first, source="USA", holder="USA", aspect="prescription")
    warning, about_holders = trained(replace(labels, rows=(own, *rest))).training["warnings"]
    assert "cues of the words alone" in about_holders
    assert "prescribes to its own state" in warning and warning.endswith(f"1 ({own.label_id})")


def test_labels_without_a_document_are_warned_of():
    labels = small_labels(20)
    bare = replace(labels, rows=(replace(labels.rows[0], document_id=None), *labels.rows[1:]))
    assert "name no document (doc_id): 1;" in trained(bare).training["warnings"][0]
    assert not any("doc_id" in warning for warning in trained(labels).training["warnings"])


def test_texts_that_recur_and_those_that_bear_another_holder_or_aspect_are_warned_of():
    labels = small_labels(20)
    first = replace(labels.rows[0], source="USA", holder="USA", aspect="conception")
    spaced = first.text.replace(" ", "  ")
    copies = [replace(first, label_id=f"copy{n}", text=spaced, document_id=f"d{n}") for n in range(4)]
    copies[1] = replace(copies[1], holder="JPN")
    copies[2] = replace(copies[2], source="JPN", holder="JPN", aspect="performance")  # "we" of another
    twice = [replace(row, label_id=f"{row.label_id} again") for row in labels.rows[1:5]]
    told = trained(replace(labels, rows=(first, *labels.rows[1:], *copies, *twice))).training["warnings"]
    assert told[:2] == [
        "texts that stand in several labelled passages: 5, in 13 passages (d0-0 (5 times), d0-1 (2 times), "
        "d0-2 (2 times), ...); each counts as often as it stands there",
        "such texts, of one source, that bear another holder or aspect in another passage: 1 (d0-0 and copy1)",
    ]
    aspect = replace(first, label_id="copy", aspect="performance")
    told = trained(replace(labels, rows=(first, *labels.rows[1:], aspect))).training["warnings"]
    assert "bear another holder or aspect in another passage: 1 (d0-0 and copy)" in told[1]
    assert not any("several" in warning for warning in trained(labels).training["warnings"])


def test_the_bundle_says_what_it_learnt_from(bundle):
    assert bundle.labels["passages"] == 160 and bundle.labels["with_a_role"] == 120 and bundle.labels["random"] == 80
    assert bundle.labels["roles"]["leader"] == {"passages": 40, "documents": 40}
    assert bundle.labels["coded_by"] == "Invented for tests." and bundle.training["seed"] == 0
    assert set(bundle.scores) == {"all", "random", "sought", "curve"}
    assert bundle.scores["random"]["n"] == 80 == bundle.scores["sought"]["n"]


def test_error_rates_are_stored_for_each_way_of_drawing_and_each_common_genre():
    labels = small_labels(40)
    rows = tuple(replace(row, doc_type="speech" if i < 100 else "memoir") for i, row in enumerate(labels.rows))
    bundle = trained(replace(labels, rows=(*rows[:140], *(replace(row, doc_type="press") for row in rows[140:]))))
    assert set(bundle.error_rates) == {"all", "random", "sought", "genre:speech"}  # 40 memoirs, 20 press: too few
    counted = {name: bundle.error_rates[name]["leader"] for name in bundle.error_rates}
    assert [sum(counts[key] for key in ("tp", "fp", "fn", "tn")) for counts in counted.values()] == [160, 80, 80, 100]
    whole, scores = counted["all"], bundle.scores["all"]["roles"][0]
    assert whole["tp"] + whole["fn"] == 40 == whole["documents_positive"] and whole["tp"] > 30
    assert whole["tp"] / (whole["tp"] + whole["fp"]) == pytest.approx(scores["precision"]["value"])


def test_the_learning_curve_rises_in_passages_and_ends_with_all_of_them(bundle):
    points = bundle.scores["curve"]
    assert [point["passages"] for point in points] == [32, 64, 96, 128]
    assert points[-1]["micro_f1"] == pytest.approx(bundle.scores["all"]["micro_f1"]["value"])


def test_the_learning_curve_counts_what_is_learnt_from_where_documents_are_of_unequal_length():
    labels, many = small_labels(12), small_labels(60)
    memoir = tuple(
        replace(row, label_id=f"m{row.label_id}", document_id="memoir", text=f"{row.text} So it was.")
        for row in many.rows[:200]
    )
    bundle = trained(replace(labels, rows=(*labels.rows, *memoir)), TrainSettings(resamples=5))
    points = [point["passages"] for point in bundle.scores["curve"]]
    assert points == [9, 21, 190, 198]  # the memoir of 200 is drawn with three documents of four, and with all
    assert "From half of the documents to all of them brought" in model_card(bundle)


def test_passages_written_to_be_learnt_from_are_learnt_from_and_in_no_score():
    labels, few = small_labels(40), small_labels(8)
    changed = tuple(replace(row, text=row.text.replace("region", "quarter")) for row in labels.rows)
    written = tuple(
        replace(row, label_id=f"w{row.label_id}", document_id=f"w{row.document_id}", stratum=WRITTEN)
        for row in changed[:80]
    )
    bundle = trained(replace(few, rows=(*few.rows, *written)), TrainSettings(resamples=5))
    assert bundle.labels["passages"] == 32 == bundle.scores["all"]["n"] and bundle.labels["written"] == 80
    assert bundle.labels["roles"]["leader"] == {"passages": 8, "documents": 8}
    assert sum(bundle.error_rates["all"]["leader"][cell] for cell in ("tp", "fp", "fn", "tn")) == 32
    assert not any(passage.document.startswith("w") for passage in bundle.labelled.passages)
    assert [point["passages"] for point in bundle.scores["curve"]] == [26, 54, 80, 106]
    assert "80 passages that nobody said" in model_card(bundle)
    quarter = [
        coded(b, "The quarter looks to us to lead today.").probabilities[0].max() for b in (bundle, trained(few))
    ]
    assert quarter[0] > quarter[1]


def test_a_role_only_in_passages_written_to_be_learnt_from_is_refused():
    labels = small_labels(20)
    rows = tuple(replace(row, stratum=WRITTEN) if row.roles == ("leader",) else row for row in labels.rows)
    with pytest.raises(RolecoderError, match=r"leader \(0\)"):
        trained(replace(labels, rows=rows))


def test_held_out_scores_do_not_see_the_document_they_judge():
    labels = small_labels(40)
    rng = np.random.default_rng(0)
    codes = [row.roles for row in labels.rows]
    order = rng.permutation(len(codes))
    rows = tuple(replace(row, roles=codes[order[i]]) for i, row in enumerate(labels.rows))
    scores = trained(replace(labels, rows=rows)).scores["all"]
    assert scores["micro_f1"]["value"] < 0.6  # memory of the text would give 1


def test_a_row_that_leaves_a_role_undecided_is_no_denial_and_is_left_out_and_counted():
    labels = small_labels(12)
    asked = replace(labels.rows[0], label_id="open", text="They may lead us one day.", roles=(), undecided=("leader",))
    bundle = trained(replace(labels, rows=(*labels.rows, asked)))
    assert bundle.labels["passages"] == 48 == bundle.scores["all"]["n"]
    assert bundle.labels["digest"] == trained(labels).labels["digest"]
    assert "leave a role undecided: 1" in bundle.training["warnings"][-2]
    with pytest.raises(RolecoderError, match="every row leaves a role undecided"):
        trained(replace(labels, rows=(asked,)))


def test_progress_ends_at_its_total():
    told = []
    trained(small_labels(10), replace(QUICK, folds=3), progress=lambda *at: told.append(at))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_another_codebook_with_another_number_of_roles_works():
    labels = small_labels(12)
    names = {"leader": "captain", "helper": "nurse", "loner": "nurse"}
    rows = tuple(replace(row, roles=tuple(names[role] for role in row.roles)) for row in labels.rows)
    bundle = trained(replace(labels, codebook=small_codebook("captain", "nurse"), rows=rows))
    assert bundle.roles == ("captain", "nurse") and coded(bundle, "We send aid.").probabilities.shape == (1, 2)


@pytest.mark.parametrize(
    "blocks", [(("text",),), (("words",),), (("text", "words"),), (("text", "before"), ("words",))]
)
def test_features_side_by_side_or_stacked_can_be_chosen(blocks):
    bundle = trained(small_labels(12), replace(QUICK, blocks=blocks))
    assert [block.parts for block in bundle.head.blocks] == list(blocks)
    assert bundle.head.mixing.shape == (3, len(blocks)) and (bundle.head.words is None) == ("words" not in str(blocks))
    assert coded(bundle, "We lead our region today.").probabilities.shape == (1, 3)


def test_a_role_in_fewer_than_five_documents_is_refused_or_left_out_on_request():
    labels = small_labels(12)
    rare = tuple(
        row if "loner" not in row.roles or int(row.document_id[1:]) < 4 else replace(row, roles=())
        for row in labels.rows
    )
    labels = replace(labels, rows=rare)
    with pytest.raises(RolecoderError, match=r"loner \(4\)") as error:
        trained(labels)
    assert "--drop-rare" in str(error.value)
    bundle = trained(labels, replace(QUICK, drop_rare=True))
    assert bundle.roles == ("leader", "helper") and "left out of the model" in bundle.training["warnings"][0]
    assert bundle.training["warnings"][1] == (
        "labelled passages with no other role, which count as passages without a role: 4"
    )


def test_roles_in_fewer_than_twenty_documents_are_warned_of():
    _, warnings = check_classes(small_labels(12), QUICK)
    assert len(warnings) == 1 and "leader (12)" in warnings[0]
    assert check_classes(small_labels(20), QUICK)[1] == []


def test_fewer_documents_than_folds_are_told_before_anything_is_learnt():
    labels = small_labels(6)
    linked = replace(
        labels,
        rows=tuple(replace(row, text="We lead." if row.label_id[-2:] == "-0" else row.text) for row in labels.rows),
    )
    with pytest.raises(RolecoderError, match="1 separate documents; expected at least 5"):
        check_labels(linked, QUICK)


def test_nothing_is_learnt_where_every_role_is_rare():
    with pytest.raises(RolecoderError, match="too few documents"):
        trained(small_labels(3), replace(QUICK, drop_rare=True))


def test_a_weight_counts_like_that_many_passages():
    labels = small_labels(12)
    doubled = replace(labels, rows=tuple(replace(row, weight=2.0) for row in labels.rows))
    repeated = replace(
        labels,
        rows=labels.rows + tuple(replace(row, label_id=row.label_id + "again") for row in labels.rows),
    )
    settings = replace(QUICK, blocks=(("text",),))
    one, other = trained(doubled, settings), trained(repeated, settings)
    assert np.allclose(one.head.blocks[0].coefficients, other.head.blocks[0].coefficients, atol=1e-2)


def test_texts_without_words_are_a_clear_error():
    labels = small_labels(12)
    rows = tuple(replace(row, text="? " * (i + 1)) for i, row in enumerate(labels.rows))
    with pytest.raises(RolecoderError, match="no word to learn from"):
        trained(replace(labels, rows=rows))


def test_the_card_says_who_coded_how_well_and_where_the_limits_are(bundle):
    card = model_card(bundle)
    for said in (
        "Invented for tests.",
        "160 passages from 40 documents",
        "What more labels would bring",
        "Limits",
        "Roles with fewer than 100 labelled passages, whose figures above are uncertain: `leader` (40)",
        "80 of the passages were sought for a role",
        "| all others |",
        "letters@1",
        "ordinary text",
        "| average precision | ECE |",
        "ECE, expected calibration error: how far",
    ):
        assert said in card, said
    [error] = [role["ece"]["value"] for role in bundle.scores["all"]["roles"] if role["role"] == "leader"]
    assert f"{error:.3f}" in next(line for line in card.splitlines() if line.startswith("| `leader`")).split(" | ")[-1]
    assert "What more labels" not in model_card(trained(small_labels(12)))
    assert "roles are rarer" not in card and "precision is lower" not in card  # as the figures have it
    lower = {name: dict(bundle.scores[name]) for name in ("random", "sought")}
    lower["random"]["any_precision"] = {"value": 0.1, "low": None, "high": None}
    lower["sought"]["any_precision"] = {"value": 0.9, "low": None, "high": None}
    told = model_card(replace(bundle, scores={**bundle.scores, **lower}))
    assert "In ordinary text precision is lower: see the table" in told


def test_only_passages_that_say_so_were_sought_and_those_drawn_with_a_probability_are_counted():
    labels = small_labels(12)
    rows = [replace(row, stratum=None) if row.stratum == "sought" else row for row in labels.rows]
    rows[0] = replace(rows[0], stratum="JPN 1", sampling_probability=0.5)
    card = model_card(trained(replace(labels, rows=tuple(rows))))
    assert "sought for a role" not in card and "1 of the passages were drawn with a known probability" in card


def with_slips(labels):
    """The same with two slips: a leader that is called a helper, a passage without a role that is called a loner."""
    rows = list(labels.rows)
    rows[0], rows[7] = replace(rows[0], roles=("helper",)), replace(rows[7], roles=("loner",), quoted=False)
    return replace(labels, rows=tuple(rows))


def test_labels_that_the_model_contradicts_on_documents_it_has_not_seen_are_listed():
    labels = with_slips(small_labels(40))
    bundle = trained(labels)
    listed = {(row["id"], row["role"], row["label"]): row for row in bundle.doubtful}
    wrong = listed["d0-0", "helper", "given"]
    assert wrong["text"] == labels.rows[0].text and wrong["document"] == "d0" and wrong["probability"] < 0.5
    assert listed["d0-0", "leader", "not given"]["probability"] > 0.5
    assert listed["d1-3", "loner", "given"]["text"] is None  # its text lies in its document
    assert len(listed) == sum(bundle.training["doubtful"].values())
    card = model_card(bundle)
    assert "`doubtful.csv`, beside this card" in card and "not who is right" in card
    assert bundle.labels["digest"] == trained(replace(labels, rows=labels.rows[::-1])).labels["digest"]


def test_where_model_and_labels_agree_no_label_is_listed(bundle):
    clean = replace(bundle, doubtful=(), training={**bundle.training, "doubtful": {"given": 0, "not given": 0}})
    assert "looked at again" not in model_card(clean)
    older = {name: value for name, value in bundle.training.items() if name != "doubtful"}
    assert "looked at again" not in model_card(replace(bundle, training=older))


def test_of_many_contradicted_labels_those_are_listed_that_are_contradicted_most():
    labels = small_labels(40)
    truth = labels.matrix.copy()
    chances = np.linspace(0.01, 0.99, truth.size).reshape(truth.shape)
    held_out = HeldOut(scores=np.zeros((*truth.shape, 1)), probabilities=chances, decided=truth == 0)
    rows, counts = doubtful_labels(labels, held_out)
    assert counts == {"given": 120, "not given": 360} and len(rows) == 2 * MOST
    given = [row["probability"] for row in rows if row["label"] == "given"]
    others = [row["probability"] for row in rows if row["label"] == "not given"]
    assert given == sorted(given) and others == sorted(others, reverse=True) and len(given) == MOST
    assert given[0] == pytest.approx(chances[truth == 1].min(), abs=1e-4)
    assert others[0] == pytest.approx(chances[truth == 0].max(), abs=1e-4)
