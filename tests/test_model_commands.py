"""`evaluate`, `classify` and `code` with a model whose encoder is neither inside it nor the packaged one."""

import json
import re
from dataclasses import replace

import pytest
from encoders import small_labels, write_labels

from rolecoder.cli.app import main
from rolecoder.runfolder import RunFolder
from rolecoder.tables import PASSAGES

AID = "We send aid to poorer states today."


def call(capsys, *arguments):
    """Run the program in this process: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return stop.value.code, shown.out, shown.err


@pytest.fixture(scope="module")
def model(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    labels, book = write_labels(folder, small_labels(20))
    with pytest.raises(SystemExit) as stop:
        main(["train", *map(str, (labels, "--codebook", book, "--encoder", tiny, "--out", folder / "m"))])
    assert stop.value.code == 0
    return folder / "m"


def classified(capsys, model, tiny, tmp_path, *rows):
    """What `rolecoder classify` writes of some rows, by id, and what it says."""
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    code, _, err = call(capsys, "classify", tmp_path / "in.jsonl", "--model", model, "--encoder", tiny, "--out", out)
    assert code == 0, err
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row for row in written}, err


def test_a_model_is_used_with_the_encoder_that_it_was_trained_with(model, tiny, tmp_path, capsys):
    file, _ = write_labels(tmp_path, small_labels(6))
    code, out, _ = call(capsys, "evaluate", model, file, "--encoder", tiny, "--json", "--resamples", 0)
    assert code == 0 and json.loads(out)["n"] == 24
    rows, _ = classified(capsys, model, tiny, tmp_path, {"id": "a", "text": AID})
    assert rows["a"]["roles"] == "helper"
    assert "longer than" not in classified(capsys, model, tiny, tmp_path, {"id": "a", "text": AID})[1]
    _, err = classified(capsys, model, tiny, tmp_path, {"id": "a", "text": AID * 10}, {"id": "b", "text": AID * 12})
    assert "2 passages longer than the encoder reads" in err
    (tmp_path / "speech.txt").write_text(f"{AID} " * 12, encoding="utf-8")
    run = tmp_path / "run"
    code, _, err = call(capsys, "code", tmp_path / "speech.txt", "--model", model, "--encoder", tiny, "--out", run)
    assert code == 0 and "1 passage longer than the encoder reads" in err, err
    assert RunFolder(path=run).study().coding.encoder == str(tiny)


def test_thresholds_of_a_study_can_be_named_wherever_passages_are_coded(model, tiny, tmp_path, capsys):
    file, _ = write_labels(tmp_path, small_labels(6))
    scored = ("evaluate", model, file, "--encoder", tiny, "--json", "--resamples", 0)
    code, plain, err = call(capsys, *scored)
    assert code == 0 and "Thresholds" not in err
    code, out, err = call(capsys, *scored, "--recall", 0.3)
    coded = [sum(role["n_coded"] for role in json.loads(text)["roles"]) for text in (plain, out)]
    assert code == 0 and coded[1] < coded[0]
    assert "warning: Thresholds: for a recall of 0.3 in held-out" in err and "of 60 (" in err
    code, _, err = call(capsys, *scored, "--recall", 0.9, "--precision", 0.8)
    assert code == 1 and "thresholds name either a precision or a recall" in err
    file.write_text(json.dumps({"id": "a", "text": "We send aid, said", "doc_type": "press"}) + "\n", encoding="utf-8")
    given = ("classify", file, "--model", model, "--encoder", tiny, "--out", tmp_path / "out.jsonl", "--recall", 1)
    code, _, err = call(capsys, *given)
    assert code == 0 and "for a recall of 1" in err and "Of the genre press too few are labelled to tell." in err
    (tmp_path / "speech.txt").write_text(f"{AID} " * 12, encoding="utf-8")
    again = ("code", tmp_path / "speech.txt", "--model", model, "--encoder", tiny, "--out", tmp_path / "run")
    code, _, err = call(capsys, *again)
    assert code == 0 and "Thresholds" not in err
    kept = tmp_path / "run" / "study.yaml"
    kept.write_text(kept.read_text().replace("thresholds: f1", "thresholds: {precision: 0.9}"), encoding="utf-8")
    code, _, err = call(capsys, *again)
    assert code == 0 and "warning: Thresholds: for a precision of 0.9" in err


def test_labels_with_a_role_that_a_model_was_trained_without_are_scored_on_the_others(tiny, tmp_path, capsys):
    labels = small_labels(12)
    few = [
        row if "loner" not in row.roles or int(row.document_id[1:]) < 4 else replace(row, roles=())
        for row in labels.rows
    ]
    few[0] = replace(few[0], text=few[0].text + " today" * 80)
    file, book = write_labels(tmp_path, replace(labels, rows=tuple(few)))
    lean = tmp_path / "lean"
    code, _, err = call(capsys, "train", file, "--codebook", book, "--encoder", tiny, "--out", lean, "--drop-rare")
    assert (
        code == 0 and "1 passage longer than the 64 tokens that the encoder learns from: it does not see the end" in err
    )
    code, out, err = call(capsys, "evaluate", lean, file, "--encoder", tiny, "--json", "--resamples", 0)
    assert code == 0 and "1 passage longer than the encoder reads: it does not see the end" in err
    assert [row["role"] for row in json.loads(out)["roles"]] == ["leader", "helper"]
    assert "4 passages labelled with roles that this model was trained without (loner)" in err


def test_scores_on_what_a_model_has_learnt_from_are_warned_of(model, tiny, tmp_path, capsys):
    taught, elsewhere = small_labels(20), small_labels(6)
    beside = replace(taught.rows[0], label_id="n", text="Another passage of a document that was labelled.", roles=())
    far = replace(beside, document_id="elsewhere")
    alone = replace(beside, document_id=None)
    for rows, said in (
        (elsewhere.rows, "has learnt from at least"),
        ((beside,), "of the documents of 1 of"),
        ((far,), None),
        ((alone,), None),
    ):
        file, _ = write_labels(tmp_path, replace(taught, rows=rows))
        code, _, err = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 0)
        assert code == 0 and (said in err if said else "warning" not in err), err


def test_a_run_of_passages_that_the_model_has_learnt_from_is_warned_of(model, tiny, tmp_path, capsys):
    texts, run = tmp_path / "texts", tmp_path / "run"
    texts.mkdir()
    given = small_labels(20).rows
    for row in given[::2]:
        (texts / f"{row.label_id}.md").write_text(f"---\nactor: JPN\ndate: 1990-01-01\n---\n\n{row.text}\n")
    code, _, err = call(capsys, "code", texts, "--model", model, "--encoder", tiny, "--out", run)
    with_role = sum(bool(row.roles) for row in given[::2])
    said = f"warning: The model has learnt from at least {with_role} of the {len(given[::2])} passages."
    assert code == 0 and said in err, err
    for estimator, warned in (("adjusted_count", True), ("emq", True), ("count", False)):
        code, _, err = call(capsys, "profile", run, "--by", "source", "--estimator", estimator)
        assert code == 0 and (said in err) == warned, err
    for row in given[::2]:
        (texts / f"{row.label_id}.md").write_text(f"---\nactor: JPN\n---\n\nAnew: {row.text}\n")
    assert "has learnt from" not in call(capsys, "code", texts, "--model", model, "--encoder", tiny, "--out", run)[2]


def test_who_coded_other_labels_is_said_to_be_forgotten_only_where_it_is(model, tiny, tmp_path, capsys):
    run, files = tmp_path / "run", [tmp_path / name for name in ("first.csv", "wrong.csv", "second.csv")]
    (tmp_path / "speech.md").write_text("---\nactor: JPN\n---\n\n" + f"{AID} " * 3)
    assert call(capsys, "code", tmp_path / "speech.md", "--model", model, "--encoder", tiny, "--out", run)[0] == 0
    name, text = PASSAGES.read(run, ["passage_id", "text"]).iloc[0]
    for file, own in zip(files, (name, "of no run", name), strict=True):
        file.write_text(
            f'id,text,roles,sampling_probability,note\n{own},"{text}",none,1,{file.stem}\n', encoding="utf-8"
        )
    assert call(capsys, "profile", run, "--labels", files[0], "--coded-by", "Ann", "--by", "source")[0] == 0
    code, _, err = call(capsys, "profile", run, "--labels", files[1])
    assert code == 1 and "forgotten" not in err and RunFolder(path=run).study().profiles.coded_by == "Ann"
    code, _, err = call(capsys, "profile", run, "--labels", files[2])
    assert code == 0 and "are forgotten: say them of these" in err
    assert RunFolder(path=run).study().profiles.coded_by == ""


def test_what_profile_reads_is_scored_dates_that_a_spreadsheet_rewrote_and_a_sentence_with_other_roles(
    model, tiny, tmp_path, capsys
):
    file = tmp_path / "labels.csv"
    file.write_text("id,text,roles,date\n1,We lead our region.,leader,8/2/1990\n2,We lead our region.,none,8/3/1990\n")
    code, out, err = call(capsys, "evaluate", model, file, "--encoder", tiny, "--json", "--resamples", 0)
    assert code == 0, err
    assert json.loads(out)["n"] == 2


def test_holder_and_aspect_are_scored_where_labels_name_them(model, tiny, tmp_path, capsys):
    file, _ = write_labels(tmp_path, small_labels(6))
    bare = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 0)
    assert "holder" not in bare[1] and "average precision   ECE" in bare[1]
    assert "ECE, expected calibration error: how far" in bare[1]
    leader = next(line for line in bare[1].splitlines() if line.startswith("leader"))
    assert re.search(r"  0\.\d{3}$", leader)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row.update({"source": "Japan", "holder": "JPN", "aspect": "conception"} if row["roles"] else {})
    rows[0]["source"], rows[1]["holder"] = "Ruritania", "Atlantis"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, out, err = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 20)
    assert code == 0 and out.startswith("24 passages, 6 documents")
    assert "given the roles by hand: 17 passages of 6 documents" in out and "min_confidence" in out
    assert "holder right, where it is not the source (1 passage)" in out
    rows[2]["addressee"], rows[3]["date"] = "Narnia", "11.09.1980"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    more = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 0)[2]
    assert "'Narnia'" in more and "1 date not read, for want of YYYY-MM-DD" in more
    assert "labels.jsonl:1: 'Ruritania'" in err and "labels.jsonl:2: 'Atlantis'" in err
    code, out, _ = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 20, "--json")
    found = json.loads(out)["holders"]
    assert code == 0 and found["n"] == 17 and found["n_others"] == 1
    assert (
        0 < found["holder"]["low"] < found["holder"]["value"] < found["holder"]["high"]
        and found["min_confidence"] == 0.5
    )
    assert call(capsys, "evaluate", model, file, "--encoder", tiny, "--actors", tmp_path / "no.csv")[0] == 1


@pytest.mark.real_model
def test_without_that_encoder_the_error_says_how_to_name_it(model, tmp_path, capsys):
    file, _ = write_labels(tmp_path, small_labels(6))
    code, _, err = call(capsys, "evaluate", model, file)
    assert code == 1 and "does not fit the model" in err and "--encoder" in err and "coding.encoder" in err


def test_rows_that_leave_a_role_undecided_are_not_scored_and_are_counted(model, tiny, tmp_path, capsys):
    labels = small_labels(6)
    asked = replace(labels.rows[0], label_id="open", text="They may lead us one day.", roles=(), undecided=("leader",))
    file, _ = write_labels(tmp_path, replace(labels, rows=(*labels.rows, asked)))
    code, out, err = call(capsys, "evaluate", model, file, "--encoder", tiny, "--resamples", 0)
    assert code == 0 and "1 rows leave a role undecided: left out" in err
    assert out.startswith("24 passages, 6 documents; no intervals\n")


def test_sources_and_addressees_are_led_to_their_actors_and_what_is_none_is_said_and_left_empty(
    model, tiny, tmp_path, capsys
):
    said = {"a": "Japan", "b": "US", "c": " JPN", "d": "Frence", "e": "Soviet Union", "f": None}
    rows, err = classified(
        capsys,
        model,
        tiny,
        tmp_path,
        *({"id": name, "text": AID, "source": source, "date": "1990-08"} for name, source in said.items()),
        {"id": "g", "text": AID, "source": "USA", "addressee": "Japanese leader of none"},
    )
    found = {name: row["source"] for name, row in rows.items()}
    assert found == {"a": "JPN", "b": "USA", "c": "JPN", "d": None, "e": "SUN", "f": None, "g": "USA"}
    assert rows["a"]["holder"] == "JPN"  # itself, and not "Japan" beside it
    assert "1 row with a source that is no actor, left empty:" in err
    assert "in.jsonl:4: source 'Frence' is not an actor id; closest is 'FRA' (France)" in err
    assert "in.jsonl:7: addressee 'Japanese leader of none' is not an actor id" in err


def test_you_are_the_addressee(model, tiny, tmp_path, capsys):
    text = "You send aid to poorer states today."
    rows, _ = classified(
        capsys,
        model,
        tiny,
        tmp_path,
        {"id": "a", "text": text, "source": "USA", "addressee": "Japan", "doc_type": "telcon"},
    )
    assert rows["a"]["roles"] == "helper" and rows["a"]["holder"] == "JPN"


def test_a_date_in_another_form_is_said_and_left_empty(model, tiny, tmp_path, capsys):
    dates = ["02/05/1991", "1991-05-02", "1991", None]
    rows, err = classified(
        capsys, model, tiny, tmp_path, *({"id": n, "text": AID, "date": date} for n, date in enumerate(dates))
    )
    assert list(rows) == ["0", "1", "2", "3"]  # an id of 0 is one
    assert "1 row with a date that is not YYYY, YYYY-MM or YYYY-MM-DD, left empty:" in err
    assert "in.jsonl:1: date '02/05/1991'" in err and err.count("left empty") == 1


def test_a_kind_of_text_that_is_none_is_said_and_left_empty(model, tiny, tmp_path, capsys):
    given = {"text": "You send aid to poorer states today.", "source": "USA"}
    kinds = {"a": "phone call", "b": "Telcon"}
    rows, err = classified(
        capsys, model, tiny, tmp_path, *({"id": name, **given, "doc_type": kind} for name, kind in kinds.items())
    )
    assert len(rows) == 2 and err.count("doc_type") == 2
    assert "1 row with a doc_type that is none of speech, telcon, memcon, memoir, press, other, left empty:" in err
    assert "in.jsonl:1: doc_type 'phone call'" in err and "2 passages coded, 2 with a role" in err


def test_a_holder_less_sure_than_was_asked_for_is_empty_with_the_reason(model, tiny, tmp_path, capsys):
    (tmp_path / "in.csv").write_text(f"id,text,source\n1,{AID},USA\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    given = ("classify", tmp_path / "in.csv", "--model", model, "--encoder", tiny, "--out", out)
    code, _, err = call(capsys, *given, "--min-confidence", 1)
    row = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0 and row["holder"] is row["aspect"] is None and 0 < row["holder_confidence"] < 1
    assert row["holder_reason"].startswith("unsure: perhaps") and row["aspect_reason"]
    assert "1 passage coded, 1 with a role" in err


def test_of_rows_with_one_fault_five_are_named_and_all_counted(model, tiny, tmp_path, capsys):
    rows, err = classified(capsys, model, tiny, tmp_path, *({"id": n, "text": AID, "date": "May"} for n in range(8)))
    assert len(rows) == 8 and "8 rows with a date" in err and err.count("date 'May'") == 5 and "and 3 more" in err
    (tmp_path / "in.csv").write_text("id,text,source\n1,NA,NA\n2,We lead.,NA\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    _, _, err = call(capsys, "classify", tmp_path / "in.csv", "--model", model, "--encoder", tiny, "--out", out)
    assert "1 row without text" in err and "no actor" not in err


def test_holder_and_aspect_are_written_with_how_sure_they_are(model, tiny, tmp_path, capsys):
    rows, _ = classified(
        capsys,
        model,
        tiny,
        tmp_path,
        {"id": "a", "text": AID, "source": "USA"},
        {"id": "b", "text": "The meeting opened at noon today."},
        {"id": "c", "text": ""},
    )
    names = [f"{side}{what}" for side in ("holder", "aspect") for what in ("", "_confidence", "_reason")]
    assert list(rows["a"])[-6:] == names == list(rows["c"])[-6:] and rows["a"]["holder_reason"]
    assert rows["b"]["holder_reason"] is rows["c"]["aspect_reason"] is None
    for name in ("holder_confidence", "aspect_confidence"):
        assert 0 < rows["a"][name] <= 1 and rows["a"][name] == round(rows["a"][name], 4)
        assert rows["b"][name] is rows["c"][name] is None


def test_labels_by_offsets_without_checksums_are_learnt_from_and_told(tiny, tmp_path, capsys):
    labels = small_labels(6)
    rows = []
    for row in labels.rows:
        file = tmp_path / f"{row.document_id}.txt"
        start = file.stat().st_size if file.exists() else 0
        with file.open("a", encoding="utf-8") as handle:
            handle.write(row.text + "\n")
        place = {"path": file.name, "start": start, "end": start + len(row.text)}
        rows.append({"id": row.label_id, "roles": list(row.roles), **place})
    _, book = write_labels(tmp_path, labels)
    (tmp_path / "places.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--root", tmp_path, "--codebook", book, "--encoder", tiny, "--out", tmp_path / "m")
    code, _, err = call(capsys, "train", tmp_path / "places.jsonl", *options)
    assert code == 0, err
    assert "24 labels from 6 documents" in err
    assert "24 rows by offsets have no checksum: whether they still fit their documents was not checked" in err
    told = [line for line in err.splitlines() if line.startswith("warning: ")]
    assert len(told) == 2 == len(set(told)) and "fewer than 20 documents" in told[0]  # each once


def test_texts_of_labels_that_their_documents_do_not_have_there_are_told_before_an_encoder_is_opened(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("We lead.", encoding="utf-8")
    place = {"path": "a.txt", "start": 0, "end": 8}
    texts = ["We lead.", *(f"We follow {number}." for number in range(12))]
    rows = [{"id": str(n), "text": text, "roles": [], **place} for n, text in enumerate(texts)]
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    _, book = write_labels(tmp_path, small_labels(6))
    options = ("--root", tmp_path, "--codebook", book, "--encoder", tmp_path / "nowhere", "--out", tmp_path / "m")
    _, _, err = call(capsys, "train", tmp_path / "texts.jsonl", *options)
    first = f"{tmp_path / 'texts.jsonl'}:2: 'We follow 0.' for 'We lead.' at a.txt[0:8]"
    what = "12 rows have another text than the document at path, start and end; the row's is taken"
    assert f"warning: {what}\n  {first}\n" in err and "and 2 more" in err


def test_what_speaks_against_labels_is_told_before_an_encoder_is_opened(tmp_path, capsys):
    few, book = write_labels(tmp_path, small_labels(6))
    options = ("--codebook", book, "--encoder", tmp_path / "nowhere", "--out", tmp_path / "m")
    code, _, err = call(capsys, "train", few, *options)
    assert code == 1 and "nowhere" in err.splitlines()[-2] + err.splitlines()[-1]
    assert "warning: labelled in fewer than 20 documents, so scored with little certainty: leader (6)" in err
    write_labels(tmp_path, small_labels(3))
    code, _, err = call(capsys, "train", few, *options)
    assert code == 1 and "too few documents with a label: leader (3)" in err and "nowhere" not in err
