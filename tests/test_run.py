"""A whole study with the shipped model: what goes in, what comes out, what is done again."""

import json
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from rolecoder import tables
from rolecoder.cli.app import main
from rolecoder.cli.code_corpus import telling_anew
from rolecoder.codebook import read_codebook
from rolecoder.config import Corpus, read_study, shipped
from rolecoder.errors import RolecoderError
from rolecoder.progress import silent
from rolecoder.records import Document
from rolecoder.run import reading_of, run_study, study_of
from rolecoder.runfolder import RunFolder

pytestmark = pytest.mark.real_model

STUDY = """
study: small
title: A small study
corpora: [{path: texts}]
out: run
profiles: {min_passages: 2, min_documents: 2, resamples: 200, by: [source, holder, aspect]}
gaps: {dyads: ["USA:JPN"]}
"""


@pytest.fixture(scope="module")
def study_folder(root, tmp_path_factory):
    """A study of ten documents of the sample corpus, a broken one and one that is empty."""
    folder = tmp_path_factory.mktemp("study")
    texts = folder / "texts"
    texts.mkdir()
    for path in sorted((root / "corpora/gulf-war-1990/documents").glob("*.md"))[:10]:
        shutil.copy(path, texts)
    (texts / "broken.pdf").write_bytes(b"%PDF-1.4 nothing of the kind")
    (texts / "empty.txt").write_bytes(b"")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(study_folder):
    """The study, done."""
    return run_study(read_study(study_folder / "study.yaml"))


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    assert stop.value.code == 0, shown.err
    return shown.out, shown.err


def test_every_word_that_is_read_is_coded_or_left_out_with_a_reason(run):
    counts = run.record()["stages"]["read"]["counts"]
    assert counts["words"] == counts["words in passages"] + counts["words left out"]
    dropped = tables.DROPPED.read(run.path)
    assert dropped["reason"].str.len().min() > 3
    assert int(dropped["words"].sum()) == counts["words left out"]


def test_what_cannot_be_read_is_reported_and_the_run_goes_on(run):
    dropped = tables.DROPPED.read(run.path)
    lost = {item.rsplit("/", 1)[-1] for item in dropped.loc[dropped["stage"] == "ingest", "item"]}
    assert lost == {"broken.pdf", "empty.txt"}
    assert len(tables.DOCUMENTS.read(run.path)) == 10


def document_of(row):
    told = {name: row[name] for name in ("document_id", "text", "raw", "doc_type", "path", "sha256")}
    return Document(**told, breaks=tuple(map(tuple, json.loads(row["breaks"]))))


def test_offsets_of_every_passage_lead_to_its_words_and_to_the_file(run):
    documents = {row["document_id"]: document_of(row) for row in tables.DOCUMENTS.read(run.path).to_dict("records")}
    for row in tables.PASSAGES.read(run.path).to_dict("records"):
        document = documents[row["document_id"]]
        assert document.text[row["start"] : row["end"]] == row["text"]
        start, end = document.raw_span(row["start"], row["end"])
        assert re.sub(r"\s", "", document.raw[start:end]).startswith(re.sub(r"\s", "", row["text"])[:20])


def test_every_passage_has_a_probability_for_every_role_and_codings_pass_their_threshold(run):
    codes = read_codebook(shipped("labels/codebook.yaml")).codes
    chances = tables.probabilities_table(codes).read(run.path).set_index("passage_id")
    assert sorted(chances.index) == sorted(tables.PASSAGES.read(run.path)["passage_id"])
    assert chances.to_numpy().min() >= 0
    assert chances.to_numpy().max() <= 1
    codings = tables.CODINGS.read(run.path)
    assert len(codings) > 5
    assert (codings["probability"] >= codings["threshold"]).all()
    assert codings.groupby("passage_id").size().max() <= 3


def test_an_unknown_source_holder_or_aspect_is_missing_with_a_reason(run):
    codings = tables.CODINGS.read(run.path)
    assert codings["holder_reason"].str.len().min() > 0
    assert codings["aspect_reason"].str.len().min() > 0
    assert not set(codings["holder"].dropna()) & {"", "unknown", "None", "nan"}


def test_a_role_that_is_none_in_an_expectation_is_told_before_anything_is_read(study_folder, tmp_path):
    expected = "expectations: [{text: T, citation: C, holder: JPN, aspect: conception, roles: [protectees]}]\n"
    text = STUDY.replace("texts", str(study_folder / "texts")).replace("out: run", f"out: {tmp_path / 'run'}")
    (tmp_path / "study.yaml").write_text(text + expected, encoding="utf-8")
    with pytest.raises(RolecoderError, match=r"expectations.0.roles: 'protectees' .*closest is 'protectee'"):
        run_study(read_study(tmp_path / "study.yaml"))
    assert not (tmp_path / "run").exists()


def test_an_unchanged_study_is_not_done_again_and_encodes_nothing(run, study_folder):
    def state():
        return {
            path: path.stat().st_mtime_ns
            for path in run.path.rglob("*")
            if path.is_file() and path.name != "study.yaml"
        }

    before = state()
    code = (
        "import sys; from pathlib import Path; from rolecoder.config import read_study;"
        "from rolecoder.run import run_study;"
        f"run_study(read_study(Path({str(study_folder / 'study.yaml')!r})));"
        "print(sorted({'torch', 'sentence_transformers', 'matplotlib'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
    assert state() == before


def test_a_run_that_was_stopped_goes_on_and_gives_the_same_result(run, study_folder, tmp_path):
    study = read_study(study_folder / "study.yaml").model_copy(update={"out": tmp_path / "again"})

    def stop(what, unit):
        if what == "coding":
            raise KeyboardInterrupt
        return silent(what, unit)

    with pytest.raises(KeyboardInterrupt):
        run_study(study, progress=stop)
    read = (study.out / "passages.parquet").stat().st_mtime_ns
    again = run_study(study, until="gap")
    assert (study.out / "passages.parquet").stat().st_mtime_ns == read
    for table in (tables.PASSAGES, tables.CODINGS, tables.PROFILES, tables.GAPS):
        pd.testing.assert_frame_equal(table.read(again.path), table.read(run.path))


def test_the_order_of_the_files_and_the_size_of_a_batch_change_nothing(run, study_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "fresh"))
    study = read_study(study_folder / "study.yaml")
    coding = study.coding.model_copy(update={"batch_size": 7})
    other = run_study(study.model_copy(update={"out": tmp_path / "other", "coding": coding}), until="code")
    codes = read_codebook(shipped("labels/codebook.yaml")).codes
    one, two = (tables.probabilities_table(codes).read(folder.path).set_index("passage_id") for folder in (run, other))
    assert (one - two.loc[one.index]).abs().to_numpy().max() < 1e-5


def test_what_a_table_prints_of_a_document_or_a_corpus_is_made_anew_where_it_changes(study_folder, root, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    for path in sorted((study_folder / "texts").glob("*.md"))[:3]:
        shutil.copy(path, texts)
    first = sorted(path.name for path in texts.iterdir())[0]
    actors = tmp_path / "actors.csv"
    shutil.copy(root / "corpora" / "actors.csv", actors)
    (tmp_path / "study.yaml").write_text(STUDY + "actors: actors.csv\n", encoding="utf-8")

    def made(licence, title):
        (texts / "corpus.yaml").write_text(
            f"name: small\nlicence: {licence}\ndocuments: [{{path: {first}, title: {title}}}]\n", encoding="utf-8"
        )
        folder = run_study(read_study(tmp_path / "study.yaml"))
        page = (folder.path / "report" / "report.html").read_text(encoding="utf-8")
        return (folder.path / "codings.csv").read_text(encoding="utf-8"), page

    codings, page = made("First licence", "First title")
    assert "First licence" in page
    changed, page = made("Second licence", "Second title")
    assert "Second licence" in page and "First licence" not in page
    assert "First title" not in changed and codings.count("First title") == changed.count("Second title")
    actors.write_text(actors.read_text(encoding="utf-8").replace("JPN,Japan,", "JPN,Nippon,"), encoding="utf-8")
    assert "Nippon" in made("Second licence", "Second title")[1]


def test_settings_that_end_in_an_error_are_not_kept_and_coding_again_keeps_the_others(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,text,roles,sampling_probability\nx,Text.,none,.5\n", encoding="utf-8")
    before = RunFolder(path=folder).study()
    with pytest.raises(SystemExit):
        main(["profile", str(folder), "--labels", str(wrong)])
    assert "1 label of 1 is of no passage of the run" in capsys.readouterr().err
    assert RunFolder(path=folder).study().profiles == before.profiles
    call(capsys, "code", before.corpora[0].path, "--out", folder)
    after = RunFolder(path=folder).study()
    assert after.profiles == before.profiles and after.gaps == before.gaps and after.study == before.study


def test_coding_a_path_again_takes_the_documents_that_the_run_took_and_ocr_is_as_asked_for(run, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    study = RunFolder(path=folder).study()
    path = study.corpora[0].path
    chosen = study.model_copy(update={"corpora": (Corpus(path=path, since="1991", actors=("JPN",)),)})
    RunFolder(path=folder).write_study(chosen)
    never, again = reading_of(None, "never", None), reading_of(None, "auto", None)
    kept = study_of([path, tmp_path], folder, reading=never)
    assert kept.corpora[0] == chosen.corpora[0] and kept.corpora[1] == Corpus(path=tmp_path)
    assert (kept.reading.ocr, study_of([path], folder, reading=again).reading.ocr) == ("never", "auto")


def test_a_dyad_or_period_given_later_leaves_a_run_with_expectations_that_opens(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    expected = "expectations: [{text: T, citation: C, dyad: 'USA:JPN', comparison: conception and performance}]"
    kept = (folder / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(kept.replace("expectations: []", expected), encoding="utf-8")
    _, said = call(capsys, "gap", folder, "--dyad", "United States:Saudi Arabia")
    assert "takes the place of the run's dyads: USA:JPN; name all" in said
    call(capsys, "profile", folder, "--period", "year", "--by", "source,holder,aspect,period")
    call(capsys, "report", folder)


def test_a_dyad_of_whose_ally_no_role_is_coded_is_refused_and_not_kept(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    before = (folder / "study.yaml").read_bytes()
    with pytest.raises(SystemExit) as done:
        main(["gap", str(folder), "--dyad", "USA:KWT"])
    assert done.value.code == 1 and "no coding of the run is of a role of KWT" in capsys.readouterr().err
    assert (folder / "study.yaml").read_bytes() == before


def test_a_dyad_of_which_nothing_is_spoken_does_not_keep_others_from_being_scored(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    _, said = call(capsys, "gap", folder, "--dyad", "USA:KWT", "--dyad", "USA:JPN", "--dyad", "group:NATO:SAU")
    assert "warning: USA:KWT: no coding of the run is of a role of KWT\n" in said
    assert said.count("none by SAU") == 1 and "so group:NATO:SAU is compared" not in said
    gaps = tables.GAPS.read(folder)
    assert set(gaps[gaps["jensen_shannon"].notna()]["ally"]) == {"JPN"} and len(gaps) == 12
    assert set(gaps[gaps["ally"] == "KWT"]["method"]) == {"not filled"}
    before = (folder / "study.yaml").read_bytes()
    with pytest.raises(SystemExit) as done:
        main(["gap", str(folder), "--dyad", "USA:JPN", "--dyad", "USA:JPNN"])
    assert done.value.code == 1 and "JPNN" in capsys.readouterr().err
    assert (folder / "study.yaml").read_bytes() == before


def test_a_dyad_is_found_by_ids_in_any_case_and_what_a_silent_side_leaves_to_compare_is_said(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    call(capsys, "gap", folder, "--dyad", "kor:jpn", "--dyad", "usa:Jpn")
    assert RunFolder(path=folder).study().gaps.dyads == ("KOR:JPN", "USA:JPN")
    _, said = call(capsys, "gap", folder, "--dyad", "group:NATO:JPN")
    assert "no passage by group:NATO (it has: " in said
    assert "so group:NATO:JPN is compared only in: conception and performance\n" in said
    with pytest.raises(SystemExit) as done:
        main(["gap", str(folder), "--dyad", "group:NATO:SAU"])
    assert done.value.code == 1 and "and none by SAU: nothing can be compared" in capsys.readouterr().err
    assert RunFolder(path=folder).study().gaps.dyads == ("group:NATO:JPN",)


def test_what_the_sides_of_gaps_lack_is_said_once_for_each_side(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    _, said = call(capsys, "gap", folder, "--dyad", "JPN:USA")
    assert "JPN:USA: no number in" in said
    assert said.count("JPN about USA: prescription: ") == 1 and said.count("JPN about USA: performance: ") == 1


def test_coding_again_keeps_what_is_not_given_anew(run, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    study = RunFolder(path=folder).study()
    coding = study.coding.model_copy(update={"explain": True, "encoder": "mine"})
    reading = study.reading.model_copy(update={"min_words": 10, "max_words": 20})
    RunFolder(path=folder).write_study(study.model_copy(update={"coding": coding, "reading": reading, "out": folder}))
    again = study_of([tmp_path], folder, reading=reading_of(None, "never", None))
    assert (again.coding.explain, again.coding.encoder, again.reading.min_words) == (True, "mine", 10)
    assert again.reading.ocr == "never" and again.profiles == study.profiles
    other = study_of([tmp_path], folder, shipped("models/holsti-17"))
    assert other.coding.encoder is None and other.coding.explain


def test_coding_or_reading_anew_says_what_rests_on_earlier_codings_or_passages(
    run, study_folder, tmp_path, capsys, monkeypatch
):
    folder, texts = tmp_path / "runs" / "run", tmp_path / "texts"
    shutil.copytree(run.path, folder)
    shutil.copytree(study_folder / "texts", texts)
    call(capsys, "code", texts, "--out", folder)
    call(capsys, "report", folder)
    monkeypatch.chdir(folder.parent)
    _, said = call(capsys, "code", "../texts", "--out", "run")
    assert "rest on earlier" not in said and "run of other texts" not in said
    for path in sorted(texts.glob("*.md"))[3:]:
        path.unlink()
    _, said = call(capsys, "code", texts, "--out", folder)
    assert (
        "profiles, gaps, report rest on earlier codings until you run these again: `profile`, `gap`, `report`" in said
    )
    call(capsys, "report", folder)
    _, said = call(capsys, "code", texts, "--out", folder)
    assert "rest on earlier" not in said and "; the reasons stand beside them in codings.csv" in said
    sorted(texts.glob("*.md"))[0].unlink()
    _, said = call(capsys, "ingest", texts, "--out", folder)
    assert "codings, profiles, gaps, report rest on earlier passages until you run these again: `code`" in said


def test_an_output_that_is_an_input_is_refused(tmp_path, capsys):
    rows = tmp_path / "rows.csv"
    rows.write_text("id,text,roles\na,We stand by our ally.,none\n", encoding="utf-8")
    for words in (["classify", rows, "--out", rows], ["agree", rows, rows, "--out", rows]):
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        assert stop.value.code == 1 and "one that is read" in capsys.readouterr().err
    assert "We stand" in rows.read_text(encoding="utf-8")


def test_what_a_manifest_says_and_is_not_taken_over_is_told(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("We stand by our ally and shall go on to do so in years to come.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("We thank our ally and shall do so in years to come, as before.", encoding="utf-8")
    rows = "path,date,actor\na.txt,25.7.1969,JAP\nb.txt,29 September 1983,JPN\n"
    (tmp_path / "manifest.csv").write_text(rows, encoding="utf-8")
    _, said = call(capsys, "ingest", tmp_path, "--out", tmp_path / "run")
    assert (
        "'25.7.1969', which is no date" in said
        and "September" not in said
        and "'JAP', which is no actor; closest is 'JPN'" in said
    )
    assert "1983-09-29" in set(tables.DOCUMENTS.read(tmp_path / "run")["date"])


def test_a_bundle_with_one_byte_changed_is_refused_before_any_text_is_read(study_folder, tmp_path, capsys):
    bundle = tmp_path / "bundle"
    shutil.copytree(shipped("models/holsti-17"), bundle)
    weights = bundle / "head.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    with pytest.raises(SystemExit) as stop:
        main(["code", str(study_folder / "texts"), "--model", str(bundle), "--out", str(tmp_path / "run")])
    assert stop.value.code == 1
    assert "head.safetensors was changed" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_the_report_has_its_tables_figures_and_page(run):
    report = run.path / "report"
    for name in ("profiles", "gaps", "gap_parts", "reliability", "corpus", "evidence"):
        assert {path.suffix for path in (report / "tables").glob(f"{name}.*")} >= {".csv", ".tex", ".md"}
    assert (report / "tables" / "tables.docx").stat().st_size > 5000
    assert "no human expert has checked" in (report / "report.html").read_text(encoding="utf-8").casefold()


def test_the_commands_work_one_after_the_other(study_folder, tmp_path, capsys):
    out = tmp_path / "steps"
    _, err = call(capsys, "ingest", study_folder / "texts", "--out", out)
    assert "10 documents" in err
    assert "broken.pdf" in err
    _, err = call(capsys, "code", study_folder / "texts", "--model", shipped("models/holsti-17"), "--out", out)
    assert "passages coded" in err
    frame = pd.read_csv(out / "codings.csv", encoding="utf-8-sig")
    assert {"role", "probability", "source_reason", "holder", "aspect", "text", "title"} <= set(frame.columns)
    left, documents = pd.read_csv(out / "dropped.csv", encoding="utf-8-sig"), tables.DOCUMENTS.read(out)
    texts = documents.set_index("document_id")["text"]
    for row in left[left["start"].notna()].itertuples():
        assert " ".join(texts[row.item][int(row.start) :].split()).startswith(row.begins)
    shown, _ = call(capsys, "profile", out, "--by", "source,period", "--period", "year")
    assert shown.startswith("source,holder,aspect,period,role")
    shown, err = call(capsys, "gap", out, "--dyad", "USA:JPN")
    assert "prescription and conception" in shown and "keeps for all that follows: dyads" in err
    shown, _ = call(capsys, "report", out)
    assert "report.html" in shown


def test_run_prints_a_summary_and_where_the_files_lie(study_folder, capsys):
    shown, _ = call(capsys, "run", study_folder / "study.yaml")
    assert "10 documents" in shown
    assert "report.html" in shown


def test_turns_are_one_json_object_each_and_lead_back_to_the_file(root, capsys):
    path = root / "corpora/gulf-war-1990/documents/1990-08-13-bush-kaifu-telcon.md"
    shown, _ = call(capsys, "turns", path, "--json")
    turns = [json.loads(line) for line in shown.splitlines()]
    raw = path.read_text(encoding="utf-8")
    assert {turn["actor"] for turn in turns} == {"USA", "JPN"}
    for turn in turns:
        assert raw[turn["start"] : turn["end"]].split()[:3] == turn["text"].split()[:3]
    shown, _ = call(capsys, "turns", path)
    assert "Prime Minister Kaifu [JPN]" in shown


def test_classify_writes_one_row_for_each_id_and_loses_no_good_row(tmp_path, capsys):
    rows = [
        {
            "id": "a",
            "text": "We shall defend our neighbours; that is our duty.",
            "source": "USA",
            "date": "1990",
        },
        {"id": "b", "text": ""},
        {"id": "a", "text": "again"},
        {"text": "no id"},
        {"id": "c", "text": "The weather was fine that day in the capital."},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for out in (tmp_path / "out.csv", tmp_path / "out.jsonl"):
        _, err = call(capsys, "classify", source, "--out", out)
        assert f"{source}:3: the id 'a' stands in {source}:1 already" in err
        assert f"{source}:4: no id" in err
    frame = pd.read_csv(tmp_path / "out.csv", encoding="utf-8-sig")
    assert list(frame["id"]) == ["a", "b", "c"]  # b has no text, and keeps its place
    codes = read_codebook(shipped("labels/codebook.yaml")).codes
    sides = [f"{side}{what}" for side in ("holder", "aspect") for what in ("", "_confidence", "_reason")]
    assert list(frame.columns) == ["id", "roles", *(f"p_{code}" for code in codes), "source", *sides]
    assert frame[sides[1::3]].notna().all(axis=1).tolist() == frame["roles"].notna().tolist()
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["id"]: line["roles"] for line in lines}["b"] == ""


def test_a_name_that_says_neither_csv_nor_jsonl_is_refused(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("id,text\na,b\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["classify", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.xls")])
    assert stop.value.code == 1
    assert ".csv or .jsonl" in capsys.readouterr().err


BOOK = """
name: weather
version: "1"
source: made up for the test
roles:
  - {code: sunny, name: Sunny, rank: 1, definition: It shines}
  - {code: rainy, name: Rainy, rank: 2, definition: It rains}
"""


def test_a_model_of_another_codebook_is_trained_scored_and_used_without_a_change_of_code(tmp_path, capsys):
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    suns = [
        "the sun shone over the bay",
        "a bright and cloudless noon",
        "sunlight lay on the hills",
        "hot clear sunshine all day",
    ]
    rains = [
        "rain fell on the roofs",
        "a wet and rainy evening",
        "the downpour soaked the road",
        "steady rain and drizzle",
    ]
    rest = ["the council met on Tuesday", "ships left the harbour", "prices rose a little", "he wrote two letters"]
    rows = ["id,text,roles,doc_id"]
    for number in range(12):
        for word, role, group in (("sun", "sunny", suns), ("rain", "Rainy", rains), ("rest", "", rest)):
            rows.append(f"{word}{number},{group[number % 4]} in the year {1900 + number},{role},d{number}")
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(rows) + "\n", encoding="utf-8")
    shown, err = call(
        capsys,
        "train",
        labels,
        "--codebook",
        tmp_path / "book.yaml",
        "--out",
        tmp_path / "model",
        "--coded-by",
        "One coder.",
    )
    assert "One coder." in shown
    assert "fewer than 20 documents" in err
    shown, _ = call(capsys, "evaluate", tmp_path / "model", labels, "--json", "--resamples", 20)
    scores = json.loads(shown)
    assert scores["macro_f1"]["value"] > 0.8
    assert {role["role"] for role in scores["roles"]} == {"sunny", "rainy"}
    shown, _ = call(capsys, "evaluate", tmp_path / "model", labels, "--resamples", 20)
    assert re.search(r"sunny\s+12", shown)
    (tmp_path / "in.csv").write_text("id,text\na,rain fell on the roofs again\n", encoding="utf-8")
    call(capsys, "classify", tmp_path / "in.csv", "--model", tmp_path / "model", "--out", tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv", encoding="utf-8-sig").loc[0, "roles"] == "rainy"


def test_a_label_with_an_unknown_role_is_refused_with_its_row_and_the_closest_role(tmp_path, capsys):
    labels = tmp_path / "labels.csv"
    labels.write_text("id,text,roles\na,We stand by our ally,faithfull_ally\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["train", str(labels), "--out", str(tmp_path / "model")])
    assert stop.value.code == 1
    err = capsys.readouterr().err
    assert "labels.csv:2" in err
    assert "closest is 'faithful_ally'" in err and "under another codebook, name it (--codebook)" in err
    assert not (tmp_path / "model").exists()


def test_a_folder_with_no_texts_is_an_error_that_says_so(tmp_path, capsys):
    (tmp_path / "texts").mkdir()
    with pytest.raises(SystemExit) as stop:
        main(["ingest", str(tmp_path / "texts"), "--out", str(tmp_path / "run")])
    assert stop.value.code == 1
    assert "no text could be read" in capsys.readouterr().err


def test_doctor_finds_everything_that_is_needed(capsys):
    shown, err = call(capsys, "doctor")
    assert "MISSING" not in shown
    assert "models/holsti-17" in shown
    assert "All that is needed is there" in err


def test_the_record_of_the_run_names_versions_model_and_counts(run):
    record = RunFolder(path=run.path).record()
    assert record["stages"]["code"]["counts"]["passages"] == len(tables.PASSAGES.read(run.path))
    assert record["libraries"]["torch"]


def with_other_strata(file, folder):
    rows = pd.read_csv(file, dtype=object)
    coded = rows[rows["roles"].notna()].assign(stratum="of another draw")
    coded["sampling_probability"] = ["0.5", "0.25"] * (len(coded) // 2) + ["1"] * (len(coded) % 2)
    coded.to_csv(folder / "other.csv", index=False)
    return folder / "other.csv"


def test_passages_are_drawn_labelled_in_a_spreadsheet_and_correct_the_shares(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    file = tmp_path / "to-label.csv"
    _, said = call(capsys, "plan", folder, "--width", ".15", "--out", file)
    assert "passages to label" in said
    drawn = tables.SAMPLE.read(folder)
    before = RunFolder(path=folder).record()["stages"]
    run_study(RunFolder(path=folder).study().model_copy(update={"out": folder}))
    assert RunFolder(path=folder).record()["stages"] == before  # a draw alone changes no figure
    assert set(drawn["passage_id"]) <= set(tables.PASSAGES.read(folder)["passage_id"])
    rows = pd.read_csv(file, dtype=object)
    assert rows["roles"].isna().all() and rows["sampling_probability"].astype(float).between(0, 1).all()
    for number in rows.index:
        carries = number % 3 == 0
        own = rows.loc[number, "source"]
        rows.loc[number, ["roles", "holder", "aspect"]] = (
            ["developer", own, "conception"] if carries else ["none", None, None]
        )
    rows.to_csv(file, index=False)
    call(capsys, "profile", folder, "--labels", file)
    after = tables.PROFILES.read(folder)
    for source in ("JPN", "USA"):  # a third of the labels of each
        own = after[(after["source"] == source) & (after["holder"] == source) & (after["aspect"] == "conception")]
        shares = own.set_index("role")["prevalence"]
        assert set(own["estimator"]) <= {"design-based", "labels only"}
        assert shares["developer"] > 0.2 and shares.drop("developer").max() < 0.1
    rows.loc[0, "roles"] = None  # one is not coded yet
    rows.loc[3, "holder"] = None  # one has a role that is nobody's
    rows.to_csv(file, index=False)
    _, said = call(capsys, "profile", folder, "--labels", file, "--coded-by", "two students", "--agreement", "all")
    assert "keeps for all that follows: labels, coded_by, agreement;" in said
    assert "1 with a role lack its holder or aspect" in said
    assert RunFolder(path=folder).record()["stages"]["profile"]["counts"]["drawn and not labelled yet"] == 1
    call(capsys, "gap", folder)
    more = tmp_path / "more.csv"
    _, said = call(capsys, "plan", folder, "--width", ".1", "--labels", file, "--out", more)
    both = pd.read_csv(more, dtype=object).set_index("id")
    done = rows[rows["roles"].notna()].set_index("id")
    assert (both.loc[done.index, "roles"] == done["roles"]).all()
    assert RunFolder(path=folder).study().profiles.labels == (file,)  # not the plan's own
    other = ("plan", folder, "--labels", with_other_strata(file, tmp_path), "--width", ".1")
    with pytest.raises(SystemExit):  # of another draw than the last, which is now that of more.csv
        main(list(map(str, (*other, "--out", tmp_path / "c.csv"))))
    assert "of another draw than the last one of this run" in capsys.readouterr().err
    (folder / "sample.parquet").unlink()
    with pytest.raises(SystemExit):
        main(list(map(str, (*other, "--source", "JPN", "--out", tmp_path / "c.csv"))))
    assert "leave --source out" in capsys.readouterr().err
    call(capsys, *other, "--out", tmp_path / "c.csv")
    anew = pd.read_csv(tmp_path / "c.csv", dtype=object).set_index("id")
    assert set(anew.loc[done.index, "sampling_probability"].astype(float)) == {1.0}
    assert (anew.loc[done.index, "roles"] == done["roles"]).all()
    refused = pytest.raises(SystemExit)
    with refused:
        main(["plan", str(folder), "--out", str(file)])
    assert "may hold labels" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["profile", str(folder), "--labels", str(file), "--no-labels"])
    assert "both --labels and --no-labels" in capsys.readouterr().err
    _, said = call(capsys, "profile", folder, "--no-labels")
    assert "keeps for all that follows: no labels;" in said
    kept = RunFolder(path=folder).study().profiles
    assert (kept.labels, kept.coded_by, kept.agreement) == ((), "", "")  # what was said of them is forgotten
    assert not set(tables.PROFILES.read(folder)["estimator"].dropna()) & {"design-based", "labels only"}


def test_sources_drawn_one_after_the_other_keep_the_strata_of_both(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    labels = []
    for source in ("USA", "JPN"):
        file = tmp_path / f"{source}.csv"
        call(capsys, "plan", folder, "--width", ".15", "--source", source, "--out", file)
        rows = pd.read_csv(file, dtype=object)
        rows.assign(roles="developer", holder=source, aspect="conception").to_csv(file, index=False)
        labels += ["--labels", file]
    strata = tables.SAMPLE.read(folder)["stratum"]
    assert {name.split()[0] for name in strata} == {"USA", "JPN"}
    _, said = call(capsys, "profile", folder, *labels)
    assert "strata of the hand labels" not in said
    call(capsys, "plan", folder, "--width", ".1", *labels, "--out", tmp_path / "more.csv")
    (folder / "sample.parquet").unlink()
    _, said = call(capsys, "profile", folder, *labels)
    assert "the strata of the hand labels are not used, since " in said


def test_labels_that_count_nowhere_and_weights_that_are_not_used_are_told_and_counted(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    passages = tables.PASSAGES.read(folder)
    some = pd.concat([passages[passages["source"].notna()].head(3), passages[passages["source"].isna()].head(1)])
    rows = some[["passage_id", "text"]].rename(columns={"passage_id": "id"})
    rows = rows.assign(roles="none", sampling_probability=0.5, weight=[2, 1, None, None])
    rows.to_csv(tmp_path / "labels.csv", index=False)
    _, said = call(capsys, "profile", folder, "--labels", tmp_path / "labels.csv")
    assert "passages labelled by hand that count nowhere: 1 of 4\n  1: its source is unknown\n" in said
    assert "the weight of 2 labels is for training and not used here" in said
    counts = RunFolder(path=folder).record()["stages"]["profile"]["counts"]
    assert (counts["labelled, of no source or period"], counts["labelled with a weight"]) == (1, 2)
    outside = pd.read_csv(folder / "uncounted.csv")["reason"]
    assert (outside == "a label is in no profile: its source is unknown").sum() == 1


def test_labels_too_few_to_count_are_not_said_to(run, tmp_path, capsys):
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    study = RunFolder(path=folder).study()
    coding = study.coding.model_copy(update={"min_confidence": 0.99})  # leaves many without a holder or aspect
    run_study(study.model_copy(update={"coding": coding, "out": folder}), until="code")
    codings, passages = tables.CODINGS.read(folder), tables.PASSAGES.read(folder)
    alone = ~codings["passage_id"].duplicated(keep=False)
    outside = codings.loc[alone & (codings["holder"].isna() | codings["aspect"].isna()), "passage_id"]
    own = passages.loc[passages["source"].notna() & passages["passage_id"].isin(outside)].head(2)
    assert len(own) == 2
    rows = own[["passage_id", "text"]].assign(roles="developer", holder=own["source"], aspect="conception")
    rows.assign(sampling_probability=0.5).to_csv(tmp_path / "labels.csv", index=False)
    labels = ("--labels", tmp_path / "labels.csv")
    _, said = call(capsys, "profile", folder, *labels, "--period", "quarter", "--by", "source,holder,aspect,period")
    assert "2 of them are of passages labelled by hand)" in said
    assert "2 passages labelled by hand correct no share" in said
    assert "coded with a role (" in said and "too few labels to count)" in said
    _, said = call(capsys, "profile", folder, "--estimator", "count")
    assert "the estimator count leaves the 2 passages labelled by hand aside" in said and "too few" not in said


def test_texts_that_changed_since_are_said_to_be_read_anew(monkeypatch, tmp_path, capsys):
    told = []
    monkeypatch.setattr("rolecoder.cli.code_corpus.report_coding", lambda study, folder: told.append(folder.path))
    record = tmp_path / "run.json"
    for before, after, count in (({}, "1", 0), ("1", "1", 0), ("1", "2", 1)):
        record.write_text(json.dumps({"stages": {"read": {"inputs": before}}} if before else {}))
        with telling_anew(None, tmp_path):
            record.write_text(json.dumps({"stages": {"read": {"inputs": after}}}))
        assert len(told) == count == capsys.readouterr().err.count("have changed since: read and coded anew")
    assert told == [tmp_path]


def test_run_says_how_many_codings_are_in_no_profile_as_profile_does(monkeypatch, run, study_folder, capsys):
    told = []
    monkeypatch.setattr("rolecoder.cli.run_study.say_uncounted", lambda folder, corrected: told.append(corrected))
    call(capsys, "run", study_folder / "study.yaml")
    assert told == [False]


def test_the_feed_says_what_its_columns_are_in_json_schema(run):
    for name, table in (("profiles", tables.PROFILES), ("gaps", tables.GAPS), ("gap_parts", tables.GAP_PARTS)):
        schema = json.loads((run.path / f"{name}.schema.json").read_text(encoding="utf-8"))
        frame = table.read(run.path)
        assert list(schema["items"]["properties"]) == list(frame.columns)
        assert re.fullmatch(r"\d+\.\d+", schema["version"])
