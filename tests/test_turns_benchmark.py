"""The benchmark of turns: its own arithmetic, and the figures on the annotated documents."""

import hashlib
import importlib.util
import sys

import pytest

from rolecoder.actors import read_actors
from rolecoder.errors import RolecoderError
from rolecoder.records import Document, Turn


@pytest.fixture(scope="module")
def bench(root):
    spec = importlib.util.spec_from_file_location("turns_benchmark", root / "benchmarks" / "turns.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TEXT = "Good morning to you all here today. Yes, it is good indeed my friend, and it will be so."


def document():
    return Document(document_id="d", text=TEXT, raw=TEXT, doc_type="telcon", path="d.txt", sha256="0")


def turn(start, end, actor, speaker):
    return Turn(document_id="d", start=start, end=end, text=TEXT[start:end], speaker=speaker, actor=actor)


def gold(**more):
    first = {
        "starts_with": "Good morning to you all",
        "actor": "USA",
        "n_words_approx": 7,
        "char_start": 0,
        "char_end": 35,
    }
    second = {
        "starts_with": "Yes, it is good indeed",
        "actor": "DNK",
        "n_words_approx": 7,
        "char_start": 36,
        "char_end": 87,
    }
    return {"path": "d.txt", "format": "labelled", "turns": [first, second], "not_turns": [{"text": "Yes,"}], **more}


def test_turns_as_annotated_score_one(bench):
    score = bench.score(gold(not_turns=[]), document(), [turn(0, 35, "USA", "A"), turn(36, 87, "DNK", "B")])
    assert (score.precision, score.recall, score.f1, score.right_actor, score.no_actor) == (1, 1, 1, 1, 0)


def test_a_missed_start_costs_recall_and_the_words_of_the_other(bench):
    score = bench.score(gold(), document(), [turn(0, 87, "USA", "A")])
    assert (score.precision, score.recall) == (1, 0.5)
    assert score.right_actor == pytest.approx(28 / (28 + 38))


def test_a_made_up_start_costs_precision_and_a_forbidden_one_is_counted(bench):
    cut = [turn(0, 35, "USA", "A"), turn(36, 69, "DNK", "B"), turn(70, 87, None, None)]
    score = bench.score(gold(), document(), cut)
    assert (score.precision, score.recall, score.false_turns) == (pytest.approx(2 / 3), 1, 1)
    assert score.no_actor > 0


def test_consecutive_turns_of_one_speaker_count_as_one(bench):
    cut = [turn(0, 12, "USA", "A"), turn(13, 35, "USA", "A"), turn(36, 87, "DNK", "B")]
    assert bench.score(gold(), document(), cut).precision == 1


def test_no_gold_files_is_said_and_not_scored(bench, tmp_path, capsys):
    assert bench.main([str(tmp_path)]) == 1
    assert "no gold files" in capsys.readouterr().err


@pytest.mark.real_texts
def test_the_annotated_documents_reach_the_figures(bench, data, root):
    folder = data / "gold" / "turns"
    if not folder.is_dir():
        pytest.skip(f"no annotated turns in {folder}")
    scores = bench.run(folder, data / "corpora", read_actors(root / "corpora" / "actors.csv"))
    means = {name: (f1, right) for name, f1, right, _ in bench.means(scores)}
    assert means["labelled"][0] >= 0.97
    assert means["labelled"][1] >= 0.97
    assert means["narrative and mixed"][0] >= 0.85
    assert means["narrative and mixed"][1] >= 0.88
    assert sum(s.false_turns for s in scores) == 0


def test_a_table_of_turns_is_scored_by_offsets_and_says_which_documents_came_later(bench, tmp_path, root):
    head = (
        "THE WHITE HOUSE\n\nMEMORANDUM OF TELEPHONE CONVERSATION\n\nSUBJECT: Call to Prime Minister Berg of Denmark\n\n"
    )
    text = f"{head}The President: Good morning to you all here.\n\nPrime Minister Berg: And to you, my dear friend."
    (tmp_path / "d.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    begin, second = text.index("Good"), text.index("And to")
    table = tmp_path / "turns.csv"
    table.write_text(
        "path,sha256,format,annotated,n,start,end,said,speaker,actor\n"
        f"d.txt,{digest},labelled,after,1,{begin},{second - 23},,The President,USA\n"
        f"d.txt,{digest},labelled,after,2,{second},{len(text)},,Prime Minister Berg,DNK\n"
    )
    (score,) = bench.run(table, tmp_path, read_actors(root / "corpora" / "actors.csv"))
    assert (score.gold, score.format) == (2, "labelled, annotated later")
    assert (score.precision, score.recall, score.right_actor, score.missed) == (1, 1, 1, ())
    (tmp_path / "d.txt").write_text(text + " More.", encoding="utf-8")
    with pytest.raises(RolecoderError, match="not the text that was annotated"):
        bench.run(table, tmp_path, read_actors(root / "corpora" / "actors.csv"))


@pytest.mark.real_texts
def test_documents_annotated_after_the_rules_were_made_reach_the_figures_too(bench, data, root):
    scores = bench.run(
        root / "benchmarks" / "turns.csv", data / "corpora", read_actors(root / "corpora" / "actors.csv")
    )
    reached = {name: (f1, actor) for name, f1, actor, _ in bench.means(scores)}
    f1, actor = reached["narrative and mixed, annotated later"]
    assert f1 >= 0.85 and actor >= 0.88
    assert reached["labelled"] >= (0.97, 0.97)
