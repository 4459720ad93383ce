"""The tables of the report: what stands in them, and that LaTeX, Markdown and Word can hold it."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from findings import ACTORS, CODES, LABELS, NAMES, make_findings
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.config import Bands, Profiles
from rolecoder.gaps import make_sensitivity
from rolecoder.measuring.tallies import BY_HAND
from rolecoder.report import citations, latex, markdown, prose, word
from rolecoder.report.corpus_exhibits import corpus_exhibit
from rolecoder.report.dyad_figures import parts_by_role
from rolecoder.report.evidence import appendix, joined, matching, quotations
from rolecoder.report.exhibits import exhibits
from rolecoder.report.findings import DASH, MINUS, cells, estimate, known, phrase, share
from rolecoder.report.gap_exhibits import larger, parts_exhibit, reading, sensitivity_exhibit
from rolecoder.report.method import ASSUMED
from rolecoder.report.panels import Exhibit, Panel
from rolecoder.report.reasons import reason
from rolecoder.report.summary import summary


def test_roles_stand_in_their_order_of_activity_and_none_is_left_out(made):
    for panel in made["profiles"].panels:
        assert tuple(row[0] for row in panel.rows[: -panel.foot]) == NAMES


def test_a_profile_cell_has_share_interval_and_n(findings, made):
    cell = next(c for c in cells(findings) if c.key[:3] == ("JPN", "JPN", "conception"))
    row = cell.rows[CODES.index("protectee")]
    expected = (
        f"{100 * row['share']:.1f} [{100 * row['share_low']:.1f}, {100 * row['share_high']:.1f}] ({row['n_role']})"
    )
    panel = next(p for p in made["profiles"].panels if phrase(cell, findings) in p.head)
    assert panel.rows[CODES.index("protectee")][panel.head.index(phrase(cell, findings))] == expected


def test_a_role_that_never_occurs_stays_in_the_table(made):
    assert any(text.startswith("0.0 [0.0, ") and text.endswith("(0)") for text in made["profiles"].panels[0].rows[0])


def test_the_notes_state_method_codebook_and_what_the_labels_are(made):
    notes = " ".join(made["profiles"].panels[0].notes)
    assert "not corrected for its errors" in notes and "holsti-17 1.0" in notes and LABELS in notes


def test_a_profile_that_is_not_filled_has_no_column_and_the_notes_say_why():
    findings = make_findings(n_documents=6, min_passages=10)
    empty = [cell for cell in cells(findings) if not cell.filled]
    first, *rest = exhibits(findings)[0].panels
    assert empty
    for cell in empty:
        assert phrase(cell, findings) not in first.head
        (note,) = (note for note in first.notes if phrase(cell, findings) in note)
        assert note.startswith(f"Not filled, {reason(cell.note)}: ")
        assert not any(phrase(cell, findings) in note for panel in rest for note in panel.notes)


def test_every_dropped_item_is_counted(findings, made):
    assert sum(int(row[2]) for row in made["dropped"].panels[0].rows) == len(findings.dropped)


def test_the_corpus_table_adds_up_to_all_documents_and_passages(findings, made):
    total = made["corpus"].panels[0].rows[-1]
    assert [int(text.replace(",", "")) for text in total[2:5:2]] == [len(findings.documents), len(findings.passages)]
    assert int(total[6]) == findings.codings["passage_id"].nunique()


def test_a_document_without_a_main_speaker_is_of_the_state_of_all_who_speak_in_it(findings, made):
    lone = findings.documents[findings.documents["actor"].isna()]["document_id"]
    assert len(lone) and not any(row[1] == "Unknown" for row in made["corpus"].panels[0].rows)
    silent = replace(findings, passages=findings.passages.assign(source=float("nan")))
    rows = corpus_exhibit(silent).panels[0].rows
    assert sum(int(row[2]) for row in rows if row[1] == "Unknown") == len(lone)


def test_differences_of_roles_stand_with_their_intervals_where_they_have_any(findings, made):
    panel = made["gap_parts"].panels[0]
    difference = float(panel.rows[0][3].split()[0].replace("\N{MINUS SIGN}", "-"))
    ends = [f"{difference + end:+.1f}".replace("-", "\N{MINUS SIGN}") for end in (-10, 10)]
    assert panel.rows[0][3].endswith(f" [{ends[0]}, {ends[1]}]") and "its 95 % interval" in panel.notes[0]
    none = replace(findings, gap_parts=findings.gap_parts.assign(difference_low=None, difference_high=None))
    bare = {exhibit.name: exhibit for exhibit in exhibits(none)}["gap_parts"].panels[0]
    assert "[" not in bare.rows[0][3] and "interval" not in bare.notes[0]


def test_a_role_whose_difference_may_be_0_is_read_neither_way(findings):
    one = findings.gap_parts[findings.gap_parts["comparison"] == "prescription and conception"].copy()
    sure, unsure, bare = one.index[:3]
    one.loc[[sure, unsure, bare], ["share_left", "share_right", "difference"]] = (0.3, 0.0, 0.3)
    one.loc[unsure, "difference_low"] = 0.0
    one.loc[bare, ["difference_low", "difference_high"]] = None
    one.loc[sure, ["difference_low", "difference_high"]] = (0.1, 0.5)
    made = parts_exhibit(replace(findings, gap_parts=one))
    words = "prescribed, not conceived"
    assert [row[-1] for row in made.panels[0].rows[:3]] == [words, "", words]
    assert list(made.frame["reading"][:3]) == [words, "", words]
    assert made.panels[0].rows[-5][0] == words.capitalize() and "whatever their intervals" in made.panels[0].notes[-1]


def test_the_figure_of_a_gap_says_where_its_largest_part_may_be_0(findings):
    wide = findings.gap_parts.assign(difference_low=-1.0, difference_high=1.0)
    told = [next(parts_by_role(replace(findings, gap_parts=parts))).alt for parts in (findings.gap_parts, wide)]
    assert ["though the interval of its difference holds 0" in alt for alt in told] == [False, True]


def test_the_parts_of_a_gap_add_up_to_the_whole(made):
    for panel in made["gap_parts"].panels:
        assert panel.foot == 5
        assert sum(float(row[4]) for row in panel.rows[:-5]) == pytest.approx(100, abs=0.9)
        assert sum(float(row[4]) for row in panel.rows[-5:-1]) == pytest.approx(100, abs=0.21)
        assert panel.rows[-1][4] == "100.0"


def test_roles_that_both_sides_talk_of_are_not_summed_with_those_of_one_side(findings):
    one = findings.gap_parts[findings.gap_parts["comparison"] == "prescription and conception"].copy()
    pairs = [(0.844, 0.299), (0.1, 0.0), (0.056, 0.2), (0.0, 0.501)] + [(0.0, 0.0)] * (len(one) - 4)
    one["share_left"], one["share_right"] = zip(*pairs, strict=True)
    one["difference"] = one["share_left"] - one["share_right"]
    panel = parts_exhibit(replace(findings, gap_parts=one)).panels[0]
    assert [(row[0], row[3]) for row in panel.rows[-5:]] == [
        ("Prescribed, not conceived", "+10.0"),
        ("Prescribed more than conceived", "+54.5"),
        ("Conceived more than wanted", f"{MINUS}14.4"),
        ("Conceived, not wanted", f"{MINUS}50.1"),
        ("The whole gap", "0.0"),
    ]


@pytest.mark.parametrize(
    ("comparison", "difference", "words"),
    [
        ("prescription and conception", 0.1, "prescribed, not conceived"),
        ("prescription and conception", -0.1, "conceived, not wanted"),
        ("prescription and performance, by the ally's texts", 0.1, "prescribed, not performed"),
        ("conception and performance", 0.1, "promised, not performed"),
        ("conception and performance", 0.0, ""),
    ],
)
def test_a_part_of_a_gap_is_read_by_the_side_that_talks_more_of_the_role(comparison, difference, words):
    assert reading(comparison, difference) == words
    assert reading(comparison, difference, both=True) == words.replace(", not ", " more than ")
    assert larger(comparison, difference) == (f"{words.split(',')[0]} more, or alone" if words else "")


def test_the_sides_of_a_comparison_that_has_no_words_of_its_own_are_named_by_their_place():
    assert (larger("other", 1), larger("other", -1)) == ("more in the first", "more in the second")


def test_readings_under_other_bands_stand_side_by_side(findings):
    import dataclasses

    shifted = make_sensitivity(findings.gaps, findings.study.gaps.bands)
    own = {exhibit.name: exhibit for exhibit in exhibits(dataclasses.replace(findings, sensitivity=shifted))}
    panel = own["gap_sensitivity"].panels[0]
    assert panel.head[3] == "as set" and len(panel.rows) == findings.gaps["verdict"].notna().sum()
    assert latex.tables(own["gap_sensitivity"]).count("raggedright") == len(panel.head)


@pytest.mark.parametrize(
    ("ends", "shifts", "said"),
    [
        ((0.32, 0.5, 0.71), 5, None),
        ((0.1, 0.5, 0.71), 4, f"Without the shifts by {MINUS}0.10, which would move an end out of 0 to 1."),
        ((0.05, 0.5, 0.95), 1, f"Without the shifts by {MINUS}0.10, {MINUS}0.05, +0.05, +0.10, which would move"),
    ],
)
def test_shifts_that_would_move_a_band_out_of_the_scale_are_told(ends, shifts, said):
    bands = Bands(**dict(zip(("convergence", "strain", "conflict"), ends, strict=True)))
    own = make_findings(gaps={"dyads": ["USA:JPN"], "bands": bands.model_dump()})
    panel = sensitivity_exhibit(replace(own, sensitivity=make_sensitivity(own.gaps, bands))).panels[0]
    assert len(panel.head) == 1 + shifts
    assert len(panel.notes) == 1 if said is None else panel.notes[1].startswith(said)


def test_a_table_taller_than_a_page_breaks_over_pages():
    row = ("Poland and the United States, prescription and conception", ".31 [.20, .42]", "strain to conflict")
    short = Panel(caption="Gaps", head=("Gap", "Distance", "Reading"), align="prp", rows=(row,) * 9, notes=("A note.",))
    tall, noted = replace(short, rows=(row,) * 24), replace(short, notes=("Not filled. " * 400,))
    made = [
        latex.tables(Exhibit(name="gaps", title="Gaps", frame=None, panels=(panel,))) for panel in (short, tall, noted)
    ]
    assert ["longtable}{" in text for text in made] == [False, True, True]


def test_a_table_too_wide_for_a_page_is_set_smaller():
    wide = Panel(
        caption="Scores", head=("Role", *"ABCDEFGH"), align="lrrrrrrrr", rows=(("Bridge", *["0.62 [0.51, 0.71]"] * 8),)
    )
    narrow = replace(wide, head=wide.head[:4], align="lrrr", rows=(wide.rows[0][:4],))
    made = [latex.tables(Exhibit(name="scores", title="Scores", frame=None, panels=(p,))) for p in (wide, narrow)]
    assert [latex.fits(panel) for panel in (wide, narrow)] == [False, True]
    assert [r"\centering\scriptsize" in text for text in made] == [True, False]
    tall = latex.tables(
        Exhibit(name="s", title="S", frame=None, panels=(replace(wide, rows=wide.rows * 60, notes=("N",)),))
    )
    assert r"\begingroup\scriptsize" in tall and r"\footnotesize\noindent\emph{Notes.}" in tall


def test_quotations_are_the_most_probable_of_their_profile_and_role(findings, made):
    frame = made["evidence"].frame
    best = findings.codings.groupby("role")["probability"].max()
    assert frame.groupby("role")["probability"].max().to_dict() == best.to_dict()
    assert (frame["place"] <= 3).all()


def test_no_quotation_is_of_a_passage_in_no_period_and_each_says_its_own():
    found = make_findings(periods=("1990", "1991"), min_passages=3)
    late = [{"name": "the crisis", "since": "1991", "until": "1991"}]
    settings = Profiles.model_validate(found.study.profiles.model_dump() | {"period": late})
    own = replace(found, study=found.study.model_copy(update={"profiles": settings}))
    frame, _, (note,) = quotations(own)
    assert set(frame["period"]) == {"the crisis"} and set(frame["date"].str[:4]) == {"1991"}
    rows, (told,) = appendix(frame, own)
    assert rows and all(", the crisis: " in what for what, _, _ in rows)
    assert "over all periods" in note and "over all periods" in told


def test_the_passages_behind_a_cell_are_as_many_as_the_cell_says(findings):
    frame = joined(findings)
    for cell in cells(findings):
        own = frame[matching(frame, cell)]
        assert [int((own["role"] == row["role"]).sum()) for row in cell.rows] == [row["n_role"] for row in cell.rows]


def test_a_study_with_nothing_coded_still_has_every_table():
    empty = exhibits(make_findings(turned={}))
    assert [exhibit.name for exhibit in empty] == [
        "profiles", "prevalence", "gaps", "gap_sensitivity", "gap_parts", "reliability", "corpus", "evidence", "dropped",
    ]  # fmt: skip
    assert empty[0].panels[0].notes[-1] == "No profile is filled."
    for exhibit in empty:
        assert latex.tables(exhibit) and markdown.tables(exhibit)
    assert word.document(empty, "empty")


def test_a_study_without_documents_still_has_a_summary_and_tables():
    findings = make_findings(n_documents=0)
    assert "0 documents" in summary(findings)
    assert exhibits(findings)[6].panels[0].rows == (("All", "", "0", "0", "0", "0", "0"),)


def test_profiles_that_were_not_asked_for_a_source_match_every_source(findings):
    frame = findings.profiles[findings.profiles["holder"] == "JPN"].drop_duplicates("role").assign(source=None)
    cell = cells(make_like(findings, frame))[0]
    own = joined(findings)
    assert phrase(cell, findings).startswith("Japan")
    assert set(own[matching(own, cell)]["source"]) <= {"USA", "JPN"}


def make_like(findings, profiles):
    import dataclasses

    return dataclasses.replace(findings, profiles=profiles)


@pytest.mark.parametrize("value", [None, float("nan")])
def test_what_is_missing_is_a_dash_and_never_zero(value):
    assert (share(value), estimate(value, value, value), known(value)) == (DASH, DASH, None)


def test_an_estimate_without_an_interval_stands_alone():
    assert estimate(0.5, None, None) == "0.50"


@given(st.text(max_size=60))
def test_latex_gets_only_what_it_can_print(text):
    escaped = latex.escape(text)
    assert all(" " <= letter <= "~" or letter in latex.KNOWN for letter in escaped)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("50 % & #3_a", r"50 \% \& \#3\_a"),
        ("a\\b{c}", r"a\textbackslash{}b\{c\}"),
        ("Côte d'Ivoire", "Côte d'Ivoire"),
        ("\u0430", "{[}U+0430{]}"),
        ("ﬁrst", "first"),
    ],
)
def test_latex_escapes_its_special_characters(text, escaped):
    assert latex.escape(text) == escaped


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_a_markdown_row_has_as_many_cells_as_the_table_has_columns(texts):
    lines = markdown._table(Panel(caption="c", head=("a", "b"), rows=(tuple(texts),), align="lr"), 1).splitlines()
    assert [line.replace("\\|", "").count("|") for line in lines[2:5]] == [3, 3, 3]


def test_the_word_document_holds_real_tables_with_captions_and_repeated_heads(made):
    import docx

    content = word.document(list(made.values()), "Two allies")
    document = docx.Document(io.BytesIO(content))
    panels = [panel for exhibit in made.values() for panel in exhibit.panels]
    assert len(document.tables) == len(panels)
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(panels)
    assert "SEQ Table" in captions[0]._p.xml and "tblHeader" in document.tables[0]._tbl.xml
    assert [cell.text for cell in document.tables[0].rows[0].cells] == list(panels[0].head)


def test_the_word_document_bears_no_time_of_day(made):
    with zipfile.ZipFile(io.BytesIO(word.document([made["corpus"]], "t"))) as parts:
        assert {part.date_time for part in parts.infolist()} == {word.ZIP_DATE}


def test_the_csv_has_ids_and_names(made):
    text = made["profiles"].frame.to_csv(index=False)
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["holder_name"] == ACTORS[first["holder"]] and first["role_name"] in NAMES


def test_the_methods_paragraph_has_the_studys_own_figures(findings):
    text = prose.methods_paragraph(findings)
    assert f"{len(findings.documents)} documents" in text and LABELS in text
    assert "averaged over roles with 8 labelled passages or more, is 0.45 [0.35, 0.55]" in text


def by(findings, estimator, n_labelled=0):
    """The same findings as if every filled profile, and either side of a gap, had another estimator."""
    frame, gaps = findings.profiles, findings.gaps
    own = frame.assign(estimator=frame["estimator"].where(frame["estimator"].isna(), estimator), n_labelled=n_labelled)
    ends = {name: gaps[name].where(gaps[name].isna(), estimator) for name in ("estimator_left", "estimator_right")}
    return replace(findings, profiles=own, gaps=gaps.assign(**ends))


@pytest.mark.parametrize(
    ("estimator", "said", "cited"),
    [
        ("count", "They are not corrected", "wilson1927"),
        ("adjusted count", "model-assumed", "forman2008"),
        ("EMQ", "they held 30 to 83 of 100 prevalences", "saerens2002"),
        ("design-based", "80 hand-labelled passages given by the study", "angelopoulos2023,"),
        ("design-based", "in design-based profiles with the lower end of Agresti", "angelopoulos2023ppi"),
        ("labels only", "from hand labels alone", "egami2023"),
    ],
)
def test_the_words_of_the_report_are_those_of_the_estimator_that_was_used(findings, estimator, said, cited):
    own = by(findings, estimator, 40 if estimator in BY_HAND else 0)  # two states speak: 40 of each
    told = " ".join([*prose.caveats(own), prose.methods_paragraph(own)])
    assert said in told and cited in citations.references(own)
    assert ("not corrected" in told) == (estimator == "count")
    assert ("model-assumed" in told) == (estimator in ASSUMED)
    assert ("forman2008" in citations.references(own)) == (estimator == "adjusted count")


@pytest.mark.parametrize("settings", [{"level": 0.8}, {"unit": "words"}])
@pytest.mark.parametrize(("estimator", "held"), [("adjusted count", "94 to 99 of 100"), ("EMQ", "30 to 83 of 100")])
def test_what_intervals_held_in_simulations_is_said_only_of_intervals_like_those(estimator, held, settings):
    assert held in prose.methods_paragraph(by(make_findings(), estimator))
    other = prose.methods_paragraph(by(make_findings(profiles=settings), estimator))
    assert "are quantiles of draws of" in other and "simulated" not in other


def test_what_speaks_against_a_figure_stands_below_the_table(findings):
    frame = findings.profiles
    role = (frame["role"] == CODES[9]) & (frame["aspect"] == "performance") & (frame["source"] == "JPN")
    own = make_like(findings, frame.assign(remark=frame["remark"].mask(role, "at its cap")))
    notes = exhibits(own)[0].panels[0].notes
    assert "Japan about itself, performance, Developer: at its cap." in notes
    assert not any("at its cap" in note for note in exhibits(findings)[0].panels[0].notes)


def test_hand_labels_are_counted_once_however_many_estimators_rest_on_them(findings):
    frame = by(findings, "design-based", 40).profiles
    some = frame["estimator"].notna() & (frame["source"] == "JPN") & (frame["aspect"] == "performance")
    text = prose.methods_paragraph(
        make_like(findings, frame.assign(estimator=frame["estimator"].mask(some, "labels only")))
    )
    assert text.count("hand-labelled passage") == 1
    assert "Behind the shares that rest on hand labels are 80 hand-labelled passages given by the study" in text
    assert "a profile rests on those of its source." in text
    assert "from hand labels alone: they give the profile fewer than ten roles" in text


@pytest.mark.parametrize(
    ("coded_by", "agreement", "said"),
    [
        ("two students, blind.", "kappa .71", ["rest on: two students, blind.", "coders: kappa .71."]),
        ("", "kappa .71", ["rest on: [say who coded them].", "coders: kappa .71."]),
        ("", "", ["rest on: [say who coded them].", "coders: [say how far they agreed]."]),
    ],
)
def test_who_coded_the_labels_that_correct_shares_is_said_or_left_to_fill_in(coded_by, agreement, said):
    whole = make_findings(profiles={"coded_by": coded_by, "agreement": agreement})
    own = by(whole, "design-based", 40)
    made = {exhibit.name: " ".join(exhibit.panels[0].notes) for exhibit in exhibits(own)}
    for told in (prose.methods_paragraph(own), made["reliability"], made["profiles"]):
        assert f"Hand labels that shares {said[0]}" in told and f"their {said[1]}" in told
    asked = any("fill the brackets in the methods" in text for text in prose.caveats(own))
    assert asked == (not (coded_by and agreement))
    assert any(f"as good as those labels. Hand labels that shares {said[0]}" in t for t in prose.caveats(own)) != asked
    assert "Hand labels" in dict(prose.provenance(own)) and "Hand labels" not in dict(prose.provenance(whole))
    assert "that shares rest on:" not in prose.methods_paragraph(whole)


def test_that_the_model_learnt_from_the_labels_stands_in_the_methods(findings):
    record = {**findings.record, "stages": {"profile": {"counts": {"labelled and learnt from": 7}}}}
    told = prose.methods_paragraph(replace(by(findings, "design-based", 40), record=record))
    assert "The model has learnt from at least 7 of the hand labels that shares rest on." in told
    assert "has learnt from at least" not in prose.methods_paragraph(replace(findings, record=record))
    record = {**findings.record, "stages": {"profile": {"counts": {"labelled, known by other labels": 5}}}}
    told = prose.methods_paragraph(replace(by(findings, "design-based", 40), record=record))
    assert "knows at least 5 passages of those labelled by hand from other labels; shares" in told
    assert "hold all the same, unless it was trained on labels of the same draw." in told
    assert "relied on" not in told


@pytest.mark.parametrize(("estimator", "told"), [("adjusted count", True), ("EMQ", True), ("count", False)])
def test_that_the_model_learnt_from_passages_of_the_run_stands_where_shares_rest_on_its_errors(
    findings, estimator, told
):
    counts = {"passages": 300, "passages that the model has learnt from": 120}
    own = replace(by(findings, estimator, 0), record={**findings.record, "stages": {"code": {"counts": counts}}})
    said = "The model has learnt from at least 120 of the 300 passages. It codes those better than its error rates"
    assert (said in prose.methods_paragraph(own)) == told
    assert any(said in caveat for caveat in prose.caveats(own)) == told
    assert "has learnt from" not in prose.methods_paragraph(by(findings, estimator, 0))


def test_bands_are_the_studys_convention_only_where_it_sets_them(findings):
    assert "which are defaults of rolecoder on Yang's (2016) scale" in prose.methods_paragraph(findings)
    bands = {"convergence": 0.2, "strain": 0.4, "conflict": 0.6}
    own = make_findings(gaps={"dyads": ["USA:JPN"], "bands": bands})
    assert "which are the study's convention on Yang's" in prose.methods_paragraph(own)


def test_layers_that_had_read_the_documents_are_not_said_to_have_seen_nothing(findings):
    def notes(training):
        own = replace(findings, model_card={**findings.model_card, "training": training})
        return {exhibit.name: exhibit for exhibit in exhibits(own)}["reliability"].panels[0].notes[0]

    assert "a model that saw no label of its document" in notes({"fine_tuning": {"layers": "abab"}})
    assert "a model that saw nothing of its document" in notes({"fine_tuning": None})


def test_an_f_test_is_said_and_cited_where_it_took_the_place_of_the_permutation(findings):
    assert "Brunner" not in prose.methods_paragraph(findings) and "brunner1997" not in citations.references(findings)
    gaps = findings.gaps.assign(test=findings.gaps["p_value"].notna().map({True: "F", False: None}))
    own = replace(findings, gaps=gaps)
    count = int(gaps["test"].notna().sum())
    assert count and f"in {count} comparison" in prose.methods_paragraph(own)
    assert "brunner1997" in citations.references(own)
    notes = next(exhibit for exhibit in exhibits(own) if exhibit.name == "gaps").panels[0].notes
    assert any("against an F distribution" in note for note in notes)


def test_a_role_that_only_hand_labels_know_is_among_the_largest(findings):
    frame = findings.profiles
    cell = next(c for c in cells(make_like(findings, frame.assign(n_role=0))) if c.filled)
    assert cell.top and cell.top[0]["share"] == max(row["share"] for row in cell.rows)


def test_the_summary_names_sides_gaps_and_verdicts():
    findings = make_findings(
        expectations=[
            {"text": "T", "citation": "C", "holder": "JPN", "aspect": "conception", "roles": ["protectee"]},
        ]
    )
    text = summary(findings)
    for part in ("24 documents", "Japan about itself, conception", "Protectee", "n = ", "Role gaps", "T (C): AGREES"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 110
