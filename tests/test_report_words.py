"""The words of the report: what it says of the model, its labels and thresholds, and what it cites."""

import html
import inspect
import json
import shutil
import subprocess
from dataclasses import replace

import pandas
import pytest
import yaml
from findings import CODES, LABELS, RATES, make_findings

from rolecoder.config import Profiles
from rolecoder.gather import threshold_notes
from rolecoder.report import citations, latex, prose
from rolecoder.report.card import UNKNOWN_LABELS, labels_sentence, rescored
from rolecoder.report.exhibits import exhibits
from rolecoder.report.findings import DASH, profile_name, sides
from rolecoder.report.method import intervals
from rolecoder.report.page import page
from rolecoder.train import train


def test_what_the_author_is_to_add_stands_among_the_caveats_and_not_in_the_methods(findings):
    asked = "Report it from where the labels are described"
    assert any(asked in text for text in prose.caveats(findings))
    assert asked.casefold() not in prose.methods_paragraph(findings).casefold()


@pytest.mark.parametrize("asked", [{"precision": 0.8}, {"recall": 0.9}])
def test_thresholds_that_are_not_for_f1_are_named_where_scores_are(findings, made, asked):
    own = make_findings(coding={"thresholds": asked})
    [(measure, wanted)] = asked.items()
    said = f"for a {measure} of {wanted:g} in held-out labelled passages, role by role"
    notes = next(exhibit for exhibit in exhibits(own) if exhibit.name == "reliability").panels[0].notes
    assert said in prose.methods_paragraph(own) and said in " ".join(notes)
    assert said not in prose.methods_paragraph(findings) + " ".join(made["reliability"].panels[0].notes)


def test_roles_that_the_model_hardly_finds_are_told_where_shares_rest_on_its_count(findings):
    rates = {**findings.model_card["error_rates"]["all"], CODES[1]: {**RATES, "tp": 0, "fn": 9}}
    weak = replace(findings, model_card={**findings.model_card, "error_rates": {"all": rates}})
    said = f"{weak.role_names[CODES[1]]} (0 of 9)"
    assert said in " ".join(prose.caveats(weak)) and said not in " ".join(prose.caveats(findings))
    sides = {"estimator_left": "design-based", "estimator_right": "design-based"}
    by_hand = replace(weak, profiles=weak.profiles.assign(estimator="design-based"), gaps=weak.gaps.assign(**sides))
    assert said not in " ".join(prose.caveats(by_hand))


def test_roles_that_are_never_given_are_told():
    own = make_findings(coding={"thresholds": {"precision": 0.8}})
    card = {"error_rates": {"all": dict.fromkeys(CODES, RATES)}, "never": [CODES[1]]}
    [said] = threshold_notes(own.study.coding.thresholds, card, own.codebook, ())
    assert (
        said.startswith("Thresholds: for a precision of 0.8")
        and f"never given here: {own.role_names[CODES[1]]};" in said
    )
    assert threshold_notes("f1", card, own.codebook, ()) == []


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("precision", "right of those given there: 102 of 136 (75 %) in all passages; 2 of 3 (67 %) in those drawn at"),
        ("recall", "found of those labelled there: 102 of 153 (67 %) in all passages; 2 of 4 (50 %) in those drawn at"),
    ],
)
def test_what_a_target_reaches_is_told_of_ordinary_text_and_of_the_genres_that_are_coded(measure, said):
    own = make_findings(coding={"thresholds": {measure: 0.8}})
    few, none = ({**RATES, "tp": n, "fp": n // 2, "fn": n} for n in (2, 0))
    rates = {"all": dict.fromkeys(CODES, RATES), "random": dict.fromkeys(CODES, none) | {CODES[0]: few}}
    rates |= {
        "genre:memoir": {CODES[0]: {**few, "fp": 6}},
        "genre:speech": rates["all"],
        "genre:telcon": {CODES[0]: none},
    }
    genres = ("telcon", "memoir", "press", "memoir", None)
    [note] = threshold_notes(own.study.coding.thresholds, {"error_rates": rates}, own.codebook, genres)
    memoir = "2 of 8 (25 %)" if measure == "precision" else "2 of 4 (50 %)"
    telcon = "none given" if measure == "precision" else "none labelled"
    assert f"{said} random; {memoir} in the genre memoir; {telcon} in the genre telcon." in note
    assert "speech" not in note and "Of the genre press too few are labelled to tell." in note
    reported = replace(own, model_card={**own.model_card, "error_rates": rates})
    told = "drawn at random, 2 of the 3 roles that the model gives at these thresholds are right by label, where 4 are"
    assert told in " ".join(prose.caveats(reported)) and told in prose.methods_paragraph(reported)


def test_how_roles_are_given_and_sides_are_told_stands_in_the_methods(findings):
    told = prose.methods_paragraph(findings)
    unplaced = findings.codings["holder"].isna().sum()
    assert "probability on that brought the best F1 in cross-validation; a passage has at most 3 roles" in told
    assert f"Below a confidence of 0.5 holder and aspect are left open: {unplaced} of {len(findings.codings)} " in told
    assert "with Student's t" in told
    other = prose.methods_paragraph(make_findings(coding={"thresholds": {"recall": 0.9}, "min_confidence": 0.7}))
    card = findings.model_card
    raised = replace(findings, model_card=card | {"training": card.get("training", {}) | {"raised": 1.2}})
    assert "best F1 in cross-validation, times 1.2, since labels were sought" in prose.methods_paragraph(raised)
    assert "the best F1" not in other and "A passage has at most 3 roles" in other and "confidence of 0.7" in other


def test_how_well_each_genre_of_the_corpus_is_coded_is_told(findings):
    rates = {**findings.model_card["error_rates"], "genre:speech": {"bridge": {"tp": 6, "fp": 2, "fn": 4, "tn": 190}}}
    rates |= {"genre:telcon": {"bridge": {"tp": 0, "fp": 0, "fn": 1, "tn": 100}}, "genre:press": {"bridge": RATES}}
    own = replace(findings, model_card={**findings.model_card, "error_rates": rates})  # of speech, telcon and memoir
    said = (
        "all roles together: in speech texts it finds 60 % of 10 roles by label, and 75 % of 8 that it gives are right; of "
        "memoir, telcon texts too few passages are labelled to tell."
    )
    assert said in prose.methods_paragraph(own) and said in " ".join(prose.caveats(own))
    assert "By genre" not in prose.methods_paragraph(findings)


@pytest.mark.parametrize("random", [0, 5])
def test_scores_on_passages_that_were_sought_are_called_so(findings, random):
    labels = {**findings.model_card["labels"], "passages": 900, "sought": 850, "random": random}
    own = replace(findings, model_card={**findings.model_card, "labels": labels})
    told = "Of the 900 labelled passages that the model is scored on, 850 were sought for a role"
    for text in (" ".join(prose.caveats(own)), prose.methods_paragraph(own)):
        assert told in text and ("None was drawn at random" in text) == (not random)
    assert "sought" not in prose.methods_paragraph(findings)
    drawn = replace(findings, model_card={**findings.model_card, "labels": {**labels, "sought": 0, "drawn": 40}})
    assert "40 were drawn with a known probability, and each counts once" in prose.methods_paragraph(drawn)


def test_scores_are_those_at_thresholds_that_are_not_for_f1():
    own = make_findings(coding={"thresholds": {"precision": 0.8}})
    rates = {**own.model_card["error_rates"]["all"], CODES[1]: {"tp": 0, "fp": 0, "fn": 9}}
    own = replace(own, model_card={**own.model_card, "error_rates": {"all": rates}})
    rows = next(exhibit for exhibit in exhibits(own) if exhibit.name == "reliability").panels[0].rows
    assert rows[0][1:6] == ("9", "0.75", "0.67", "0.71", DASH)
    assert rows[1][1:6] == ("9", DASH, "0.00", "0.00", "0.58 [0.48, 0.68]")
    macro, micro = 16 / 17 * 12 / 17, 2 * 96 / (2 * 96 + 32 + 57)
    told = (
        f"averaged over roles with 8 labelled passages or more, is {macro:.2f} and its micro-averaged F1 {micro:.2f}."
    )
    assert told in prose.methods_paragraph(own)


def test_scores_of_the_models_own_thresholds_follow_from_its_error_rates(root):
    card = json.loads((root / "models" / "holsti-17" / "bundle.json").read_text(encoding="utf-8"))
    found, stored = rescored(card)["scores"]["all"], card["scores"]["all"]
    for name in ("macro_f1", "micro_f1"):
        assert found[name] == pytest.approx(stored[name]["value"])
    for own, row in zip(found["roles"], stored["roles"], strict=True):
        assert (own["role"], own["n"]) == (row["role"], row["n"])
        for name in ("precision", "recall", "f1"):
            assert own[name] == pytest.approx(row[name]["value"])


def test_the_shipped_model_says_in_a_sentence_how_many_of_its_labels_were_coded_twice(root):
    card = json.loads((root / "models" / "holsti-17" / "bundle.json").read_text(encoding="utf-8"))
    scored = card["labels"]["passages"]
    said = f"of the whole set of {scored + 924:,} passages ({scored:,} to learn from, 924 kept apart to evaluate on)"
    assert said in labels_sentence(card) and "were coded twice" in labels_sentence(card)


def test_documents_without_a_date_are_told_beside_the_dates(findings):
    undated = replace(findings, documents=findings.documents.assign(date=[None, *findings.documents["date"][1:]]))
    assert ", 1 of them without a date, cut into" in prose.methods_paragraph(undated)
    assert "without a date" not in prose.methods_paragraph(findings)


def test_what_is_in_no_profile_is_told_with_the_reason_of_each(findings):
    dated = findings.study.profiles.model_copy(update={"period": "year", "by": ("source", "holder", "aspect")})
    own = replace(findings, study=findings.study.model_copy(update={"profiles": dated}))
    codings = own.codings.assign(holder="JPN")
    places = list(range(len(codings)))
    codings["source"] = [None if place < 3 else "USA" for place in places]
    codings["date"] = [None if place < 5 else "1990-01-01" for place in places]
    told = f"Of {len(codings)} codings by the model 5 are in no profile: 3 of unknown source, 2 without a date."
    own = replace(own, codings=codings)
    assert told in prose.methods_paragraph(own) and any(told in text for text in prose.caveats(own))
    whole = replace(findings, codings=codings.assign(source="USA"))
    assert "by the model" not in " ".join([prose.methods_paragraph(whole).split("gave at least")[1][:120]])
    assert not any("uncounted.csv" in text for text in prose.caveats(whole))


def test_one_document_and_no_profile_are_told_in_the_singular_and_with_the_cause(findings):
    none = replace(findings, profiles=findings.profiles.iloc[:0], documents=findings.documents.head(1))
    said = prose.methods_paragraph(none)
    assert prose.no_profile(none) in said and "0 profiles" not in said
    assert f" of {findings.documents['date'].iloc[0]}, cut into" in said
    undated = replace(none, documents=none.documents.assign(date=None))
    assert "), without a date, cut into" in prose.methods_paragraph(undated)


def test_no_p_value_is_explained_where_there_is_none(findings, made):
    none = replace(findings, gaps=findings.gaps.assign(p_value=None, test=None))
    untested = next(exhibit for exhibit in exhibits(none) if exhibit.name == "gaps").panels[0].notes
    (note,) = [note for note in made["gaps"].panels[0].notes if note.startswith("p: ")]
    assert "and large where it does not" in note and "not adjusted for the number of gaps" in note
    assert not any(note.startswith("p: ") for note in untested)


@pytest.mark.parametrize(
    ("source", "cited"), [("Holsti (1970), read after Yang (2016)", True), ("Holsti (1970)", False)]
)
def test_what_the_codebook_and_the_coding_rest_on_is_cited_without_any_gap(findings, source, cited):
    bare = replace(findings, codebook=replace(findings.codebook, source=source), gaps=findings.gaps.iloc[:0])
    text = citations.references(bare)
    assert "holsti1970" in text and "reimers2019" in text and ("yang2016" in text) == cited


def test_a_codebook_of_ones_own_is_named_as_it_names_itself_and_its_order_is_its_own(findings):
    own = replace(findings, codebook=replace(findings.codebook, name="mine", version="0.1", source=""))
    methods, notes = prose.methods_paragraph(own), " ".join(exhibits(own)[0].panels[0].notes)
    assert (
        "roles of the codebook mine 0.1 by the model" in methods
        and "along the codebook's order of ranks, and" in methods
    )
    assert "Holsti" not in methods and dict(prose.provenance(own))["Codebook"] == "mine 0.1"
    assert "Codebook: mine 0.1." in notes and "Roles run in the codebook's order of ranks." in notes
    gaps = next(exhibit for exhibit in exhibits(own) if exhibit.name == "gaps")
    assert any("the first has roles of lower ranks" in note for panel in gaps.panels for note in panel.notes)
    shown = html.unescape(page(own, exhibits(own), []))
    assert "in the codebook's order of ranks. Each figure" in shown
    assumed = own.profiles.assign(
        estimator=own.profiles["estimator"].where(own.profiles["share"].isna(), "adjusted count")
    )
    told = "made up after the codebook holsti-17 and its shipped model"
    assert f"{told}, not those of this study, they held 94" in prose.methods_paragraph(replace(own, profiles=assumed))
    assert f"{told}, they held 94" in prose.methods_paragraph(replace(findings, profiles=assumed))
    methods = prose.methods_paragraph(findings)
    assert "along Holsti's order" in methods and "holsti-17 1.0 (Holsti (1970), International" in methods


def test_the_provenance_names_corpus_licence_model_encoder_and_seed(findings):
    pairs = dict(prose.provenance(findings))
    assert pairs["Corpus"] == "Invented texts" and pairs["Its licence"] == "CC0"
    assert pairs["Model"] == "invented-17" and "letters@1" in pairs["Encoder"]


@pytest.mark.parametrize(
    ("coded_by", "expected"),
    [
        (inspect.signature(train).parameters["coded_by"].default, UNKNOWN_LABELS),
        (" ", UNKNOWN_LABELS),
        ("two students, blind", "Labels that the model learnt from: two students, blind."),
    ],
)
def test_the_card_says_who_coded_the_labels_or_that_it_does_not_say(coded_by, expected):
    assert labels_sentence({"labels": {"coded_by": coded_by}}) == expected


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (None, "not stated in the model's card"),
        ("kappa .71 in 300 passages", "kappa .71 in 300 passages"),
        ({"micro_f1": 0.89, "kappa": {"value": 0.8}}, "micro f1 0.89, kappa 0.80"),
    ],
)
def test_the_agreement_of_coders_is_stated_or_said_not_to_be_known(findings, stated, said):
    card = {**findings.model_card, "labels": {"coded_by": LABELS} | ({"agreement": stated} if stated else {})}
    own = replace(findings, model_card=card)
    notes = {exhibit.name: exhibit for exhibit in exhibits(own)}["reliability"].panels[0].notes
    assert said in " ".join(notes) and said in prose.methods_paragraph(own)


def test_a_role_has_no_threshold_where_no_passage_was_given_it(findings, made):
    given = set(findings.codings["role"])
    rows = made["reliability"].panels[0].rows
    assert [row[-1] for row in rows] == ["0.40" if code in given else DASH for code in CODES]


def test_calibration_errors_stand_beside_the_scores_whatever_the_thresholds(findings, made):
    own = {e.name: e for e in exhibits(make_findings(coding={"thresholds": {"precision": 0.8}}))}["reliability"]
    for exhibit in (made["reliability"], own):
        panel = exhibit.panels[0]
        at = panel.head.index("ECE")
        assert [row[at] for row in panel.rows][:2] == ["0.004", "0.008"] and len(panel.align) == len(panel.head)
        assert any("expected calibration error" in note and "mean over roles 0.021" in note for note in panel.notes)
        assert exhibit.frame["ece"][0] == 0.004
    older = {key: value for key, value in findings.model_card["scores"]["all"].items() if key != "ece"}
    older["roles"] = [{k: v for k, v in row.items() if k != "ece"} for row in older["roles"]]
    bare = replace(findings, model_card={**findings.model_card, "scores": {"all": older}})
    panel = {e.name: e for e in exhibits(bare)}["reliability"].panels[0]
    assert {row[panel.head.index("ECE")] for row in panel.rows} == {DASH}


def test_scores_on_passages_drawn_at_random_are_told_where_the_card_has_them(findings):
    scores = findings.model_card["scores"]
    random = {"any_precision": {"value": 0.375, "low": 0.25, "high": 0.5}, "any_recall": {"value": 0.35}}
    card = dict(findings.model_card) | {"scores": {**scores, "random": random}}
    told = replace(findings, model_card=card)
    assert any("37.5 % [25.0, 50.0] of those that the model gives a role" in text for text in prose.caveats(told))
    assert "or more, is 0.45" in prose.methods_paragraph(told)
    assert not any("drawn at random" in text for text in prose.caveats(findings))


@pytest.mark.parametrize(("sought", "said"), [(0.7, True), (0.5, False), (None, False)])
def test_ordinary_text_is_called_harder_only_where_the_scores_say_so(findings, sought, said):
    figure = {"value": 0.6, "low": 0.5, "high": 0.65}
    random = {f"any_{name}": figure for name in ("precision", "recall", "f1")}
    scores = {**findings.model_card["scores"], "random": random}
    scores |= {"sought": {"any_f1": {"value": sought, "low": sought, "high": sought}}} if sought else {}
    own = replace(findings, model_card={**findings.model_card, "scores": scores})
    assert ("Ordinary text is harder" in prose.methods_paragraph(own)) == said


def gap_words(findings, bare, **none):
    """Notes on gaps and the methods, as if the first gaps were of one document and some figures of all had no ends."""
    alone = findings.gaps["jensen_shannon"].notna().cumsum() <= bare
    gaps = findings.gaps.assign(**none)
    gaps["jensen_shannon_low"] = gaps["jensen_shannon_low"].mask(alone)
    own = replace(findings, gaps=gaps)
    far, way = next(exhibit for exhibit in exhibits(own) if exhibit.name == "gaps").panels
    return " ".join(far.notes), " ".join(way.notes), prose.methods_paragraph(own)


def test_gaps_of_one_document_are_said_to_be_as_found_without_interval_and_test(findings):
    scored = int(findings.gaps["jensen_shannon"].notna().sum())
    far, way, methods = gap_words(findings, 0)
    assert "one document:" not in far + way + methods and "Distances and agreement are less" in methods
    far, way, methods = gap_words(findings, 1)
    assert all(
        f"1 gap of {scored}, those without an interval: all figures are as found" in notes for notes in (far, way)
    )
    assert f"In {scored - 1:,} of them distances and agreement are less" in methods
    assert "The other 1 has no interval, since a side is of one document" in methods
    far, way, methods = gap_words(findings, scored)
    assert "None has an interval" in methods and "less the bias" not in methods
    assert "less what chance" not in far + way and "Method:" not in far and "Intervals at" not in far


def test_the_earth_movers_distance_is_said_to_be_as_found_where_nothing_was_resampled(findings):
    assert "on average, less what chance alone adds" in gap_words(findings, 0)[1]
    assert "on average, as found." in gap_words(findings, 0, earth_mover_low=None)[1]


def test_two_profiles_that_two_dyads_compare_are_one_comparison(findings):
    again = replace(findings, gaps=findings.gaps.assign(prescriber="KOR"))
    both = replace(findings, gaps=pandas.concat([findings.gaps, again.gaps], ignore_index=True))
    said = f"Of {len(findings.gaps)} comparisons of two profiles"
    assert said in prose.methods_paragraph(findings) and said in prose.methods_paragraph(both)


def test_profiles_of_one_document_are_counted_and_have_no_interval(findings):
    filled = findings.profiles["share"].notna()
    of_one = filled & (findings.profiles["aspect"] == "performance") & (findings.profiles["source"] == "JPN")
    both = ["share_low", "prevalence_low"]
    for alone, masked, said in (
        (of_one, both, "In 1 filled profile shares have none, since what shares rest on is of one document; in 1 prev"),
        (of_one, ["share_low"], "rest on is of one document; prevalences have theirs."),
        (filled, ["share_low"], "shares have none, since"),
        (filled, both, "There are no intervals, since"),
    ):
        whole = findings.profiles.assign(prevalence_low=findings.profiles["prevalence_low"].where(~filled, 0.0))
        bare = {name: whole[name].mask(alone) for name in masked}
        own = replace(findings, profiles=whole.assign(**bare))
        assert said in prose.methods_paragraph(own) and said in " ".join(exhibits(own)[0].panels[0].notes)
    assert "by the number of documents." in intervals(findings) and "since" not in intervals(findings)


def test_what_intervals_hold_is_said_of_the_estimator_that_it_is_true_of(findings):
    frame = findings.profiles
    some = frame["estimator"].notna() & (frame["source"] == "JPN")
    mixed = replace(findings, profiles=frame.assign(estimator=frame["estimator"].mask(some, "adjusted count")))
    assert "Those of shares and prevalences by adjusted count are quantiles of draws" in intervals(mixed)
    assert "error rates" not in intervals(findings)


def test_profiles_that_ask_for_neither_source_nor_holder_are_of_all_speakers(findings):
    assert sides(None, None, findings) == "All speakers" == profile_name((None, None, None), findings)
    assert (sides("JPN", None, findings), sides(None, "JPN", findings)) == ("Japan speaking", "Japan")
    assert (
        sides("USA", "JPN", findings) == "United States about Japan" and sides("JPN", "JPN", findings)[-6:] == "itself"
    )


@pytest.mark.parametrize(
    ("period", "dates", "said"),
    [
        ("year", ["1990-01-01", "1991", None], "by year; of 3 passages 1 is in no period (1 without a date)."),
        (
            "quarter",
            ["1990-01-01", "1990"],
            "by quarter; of 2 passages 1 is in no period (1 with too imprecise a date).",
        ),
        (
            [
                {"name": "war", "since": "1990", "until": "1991-04"},
                {"name": "after", "since": "1991-05", "until": "1992"},
            ],
            ["1970", "1970", "1991", "1990"],
            "into war (from 1990 to 1991-04); after (from 1991-05 to 1992); of 4 passages 3 are in no period "
            "(2 outside the periods, 1 with too imprecise a date).",
        ),
        (
            {"events": [{"name": "the shock", "date": "1971-07-15"}]},
            ["1970"],
            "into before the shock (to 1971-07-14); from the shock on (from 1971-07-15); of 1 passage all are in a period.",
        ),
    ],
)
def test_the_methods_say_how_time_is_divided_and_how_much_is_in_no_period(findings, period, dates, said):
    passages = findings.passages.head(len(dates)).assign(date=dates)
    study = findings.study.model_copy(update={"profiles": Profiles(period=period)})
    assert f"Time is divided {said}" in prose.methods_paragraph(replace(findings, study=study, passages=passages))
    assert "Time is divided" not in prose.methods_paragraph(findings)


def test_the_software_with_its_version_and_corpora_that_say_how_are_cited(findings, root):
    own = replace(findings, corpora=(*findings.corpora, {"name": "a_b {c}", "citation": "A & B {50 %"}, {"name": "d"}))
    cited = citations.references(own)
    stated = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert f"title = {{{stated['title']}}}" in cited and f"author = {{{{{stated['authors'][0]['name']}}}}}" in cited
    assert "note = {Software, version 0.1.0}" in cited
    assert "@misc{corpus-invented,\n  key = {invented},\n  note = {nobody (1990)}\n}" in cited
    assert "@misc{corpus-a-b-c,\n  key = {a-b-c},\n  note = {A \\& B (50 \\%}\n}" in cited
    assert cited.count("@misc{corpus-") == 2


@pytest.mark.skipif(not (shutil.which("bibtex") and shutil.which("pdflatex")), reason="not installed: bibtex, pdflatex")
def test_the_references_compile_as_they_are(findings, tmp_path):
    own = replace(findings, corpora=({"name": "a_b", "citation": "Ä & B, 50 %"},))
    (tmp_path / "references.bib").write_text(citations.references(own), encoding="utf-8")
    text = "\\nocite{*}\\bibliographystyle{plain}\\bibliography{references}\\end{document}\n"
    (tmp_path / "paper.tex").write_text(latex.PREAMBLE + text, encoding="utf-8")
    setting = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    for command in (setting, ["bibtex", "paper"], setting):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stdout[-2000:]
    assert "Ä" in (tmp_path / "paper.bbl").read_text(encoding="utf-8")
