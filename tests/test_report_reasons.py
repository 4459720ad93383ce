"""Why a profile or a gap has no figure, and what stands behind one that has: in words that are true of it."""

from dataclasses import replace

import numpy as np
import pytest
from evidence import evidence_of
from findings import make_findings
from lxml import html
from matplotlib.figure import Figure

from rolecoder.annotations import Label
from rolecoder.config import Profiles
from rolecoder.measuring.estimators import Population, counted
from rolecoder.measuring.samples import Sample
from rolecoder.measuring.tallies import _not_enough
from rolecoder.profiles import make_profiles
from rolecoder.report import prose
from rolecoder.report.evidence import PRINTED, appendix, quotations
from rolecoder.report.exhibits import exhibits
from rolecoder.report.expectations import hold
from rolecoder.report.figures import figures
from rolecoder.report.findings import Behind, basis, cells, phrase
from rolecoder.report.method import quantity
from rolecoder.report.overview_figures import _path, heat_maps
from rolecoder.report.page import FIRST, _glance, page
from rolecoder.report.reasons import reason
from rolecoder.report.summary import summary

PASSAGES, DOCUMENTS = Profiles().shortfall(3, 2), Profiles().shortfall(40, 2)
NOTHING = "nothing is left of the count once the model's false alarms are taken off"
ROLE = {"text": "T", "citation": "C", "holder": "JPN", "aspect": "conception", "roles": ["protectee"]}
GAP = {"text": "G", "citation": "C", "dyad": "USA:JPN", "comparison": "prescription-conception"}


@pytest.fixture(scope="module")
def findings():
    return make_findings(min_passages=5, expectations=[ROLE, GAP])


@pytest.fixture(scope="module")
def many():
    """Findings with many profiles that no dyad compares."""
    turned = {("USA", f"group:G{number}", "prescription"): {"bridge": 1} for number in range(PRINTED // 2 + 5)}
    return make_findings(turned=turned, n_documents=8, per_document=200, min_passages=1, gaps={"dyads": []})


def without_shares(findings, **notes):
    """The same findings with profiles of some aspects not filled, for these reasons."""
    frame = findings.profiles.copy()
    for aspect, note in notes.items():
        frame.loc[frame["aspect"] == aspect, ["share", "estimator", "note"]] = [None, None, note]
    return replace(findings, profiles=frame)


def by_hand(findings):
    """The same findings as if every coding were a hand label that shares rest on."""
    frame = findings.profiles
    estimator = frame["estimator"].where(frame["estimator"].isna(), "design-based")
    return replace(findings, profiles=frame.assign(estimator=estimator, n_labelled=90, n_positive=frame["n_role"]))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (PASSAGES, "too few passages (n = 3)"),
        (Profiles().shortfall(1, 1), "too few passages (n = 1)"),
        (
            Profiles().shortfall(0, 0, aside="2 are labelled with one, too few labels to count"),
            "too few passages (n = 0)",
        ),
        (Profiles().shortfall(40, 2, aside="1 is labelled with one, left aside by count"), "too few documents (n = 2)"),
        (Profiles(min_passages=5000).shortfall(1200, 9), "too few passages (n = 1,200)"),
        (Profiles(min_passages=1000).shortfall(1200, 2), "too few documents (n = 2)"),
        (DOCUMENTS, "too few documents (n = 2)"),
        (Profiles(min_words=4000).shortfall(40, 9, 2500), "too few words (n = 2,500)"),
        (
            "1 passage labelled with a role by hand; 3 are needed to divide them",
            "too few labelled passages (n = 1)",
        ),
        (NOTHING, "nothing left after correction"),
        (f"USA about JPN: prescription: {DOCUMENTS}", "too few documents (n = 2)"),
        (f"A: prescription: {PASSAGES}; B: conception: {PASSAGES}", "too few passages (n = 3 and 3)"),
        (f"A: x: {PASSAGES}; B: y: {NOTHING}", "too few passages (n = 3); nothing left after correction"),
        ("another reason", "another reason"),
        (None, "no figure"),
    ],
)
def test_the_short_reason_is_that_of_the_note(note, said):
    assert reason(note) == said


def test_a_figure_says_of_a_profile_what_it_lacks(findings):
    own = without_shares(findings, conception=DOCUMENTS, prescription=NOTHING)
    alt = next(figure.alt for figure in figures(own)[0] if figure.name == "profiles_USA_JPN")
    assert "Japan about itself, conception: too few documents (n = 2)." in alt
    assert "United States about Japan, prescription: nothing left after correction." in alt
    assert "too few passages" not in alt


def test_a_path_of_gaps_says_what_a_gap_lacks():
    axis = Figure().subplots()
    _path(axis, [None, {"jensen_shannon": None, "note": f"JPN about itself: conception: {DOCUMENTS}"}])
    assert [text.get_text() for text in axis.texts] == ["too few documents (n = 2)"]


def test_an_expectation_that_cannot_be_told_says_why(findings):
    gaps = findings.gaps.assign(jensen_shannon=None, note=f"JPN about itself: conception: {DOCUMENTS}")
    held = hold(replace(without_shares(findings, conception=NOTHING), gaps=gaps))
    assert [item.why for item in held] == ["nothing left after correction", "too few documents (n = 2)"]


def test_a_group_in_a_gap_is_named_as_an_actor_and_a_name_in_its_note_is_left(findings):
    row = {"prescriber": "group:EU", "ally": "JPN", "comparison": "prescription and conception", "period": "all"}
    row |= {"left": "group:EU about JPN: prescription", "right": "JPN about itself: conception"}
    row |= {"note": f"group:EU about JPN: prescription: {DOCUMENTS}; JPN about itself: conception: the USA of it"}
    assert findings.side(row, "left") == "European Union about Japan: prescription"
    assert findings.side(row, "right") == "Japan about itself: conception"
    told = findings.why_none(row)
    assert (
        told == f"European Union about Japan: prescription: {DOCUMENTS}; Japan about itself: conception: the USA of it"
    )


def test_the_methods_say_what_a_profile_needs_and_how_many_lack_what(findings):
    own = without_shares(findings, conception=NOTHING, prescription=DOCUMENTS)
    settings = own.study.profiles.model_copy(update={"min_words": 4000})
    own = replace(own, study=own.study.model_copy(update={"profiles": settings}))
    asked = "at least 5 passages coded in 3 documents and 4,000 words of its source to be filled"
    lack = "3 are not (2 with nothing left after correction, 1 with too few documents)"
    count = f"of {len(cells(own))} profiles"
    assert f"{asked}; {count} {lack}." in prose.methods_paragraph(own)


def test_passages_and_documents_are_counted_together_where_they_belong_together(findings):
    cell = next(c for c in cells(findings) if c.key[:3] == ("JPN", "JPN", "conception"))
    behind = f"{cell.n_coded} coded passages in {cell.n_documents} documents"
    assert basis(cell) == behind
    assert f"({behind})" in summary(findings) and f"({behind})" in hold(findings)[0].found


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("passages", "Its prevalence is the part of all passages of its source that carry the role in the profile."),
        ("words", "Its prevalence is the part of all words of its source that stand in passages with the role in the"),
        ("documents", "carry the role in the profile, as the mean over all documents of its source."),
    ],
)
def test_what_a_share_and_a_prevalence_are_of_is_a_whole_sentence_for_every_unit(findings, unit, said):
    told = quantity(replace(findings, profiles=findings.profiles.assign(unit=unit)))
    assert said in told and told.count("The share of a role is its part of the profile's role talk") == 1
    assert ("each passage counted" in told) == (unit != "passages")


def test_labels_that_correct_no_share_are_told_in_the_methods(findings):
    frame = findings.profiles
    japan = frame["source"] == "JPN"
    few = frame.assign(n_labelled=frame["source"].map({"JPN": 29}).fillna(90).astype(int))
    few["estimator"] = few["estimator"].where(few["estimator"].isna() | japan, "design-based")
    told = prose.methods_paragraph(replace(findings, profiles=few))
    said = "29 hand-labelled passages correct no share, since too few are labelled there: Japan (29 of 30)."
    assert f"Another {said}" in told and said not in prose.methods_paragraph(findings)
    alone = prose.methods_paragraph(
        replace(findings, profiles=frame.assign(n_labelled=few["n_labelled"].where(japan, 0)))
    )
    assert f"Of the study's labels {said}" in alone
    enough = few.assign(n_labelled=90)
    assert "correct no share" not in prose.methods_paragraph(replace(findings, profiles=enough))


def test_roles_labelled_by_hand_are_not_said_to_be_in_the_documents_coded_or_labelled(findings):
    own = by_hand(findings)
    cell = next(c for c in cells(own) if c.key[:3] == ("JPN", "JPN", "conception"))
    behind = f"{cell.n} roles labelled by hand; {cell.n_documents} documents coded or labelled"
    assert cell.n > cell.n_coded and basis(cell) == behind
    made = exhibits(own)
    assert f"({behind})" in summary(own) and behind in page(own, made, [])
    panel = next(panel for panel in made[0].panels if phrase(cell, own) in panel.head)
    column = panel.head.index(phrase(cell, own))
    assert {row[0]: row[column] for row in panel.rows[-panel.foot :]} == {
        "Passages coded by the model, labels aside": str(cell.n_coded),
        "Documents coded or labelled": str(cell.n_documents),
        "Hand-labelled passages of the source": "90",
        "Estimator": "design-based",
    }


@pytest.mark.parametrize(("estimator", "counts"), [("adjusted_count", False), ("design_based", True)])
def test_labels_that_are_left_aside_are_not_among_what_stands_behind_a_profile(findings, estimator, counts):
    spoken = findings.passages.set_index("passage_id")
    coded = set(findings.codings["passage_id"])
    name = next(name for name in spoken.index if name not in coded and spoken.at[name, "source"] == "JPN")
    label = Label(label_id=name, text=spoken.at[name, "text"], roles=("bridge",), holder="JPN", aspect="conception")
    study = findings.study.model_copy(update={"profiles": Profiles(estimator=estimator)})
    profiles = findings.profiles.assign(n_labelled=1)
    profiles = profiles.assign(estimator="design-based") if counts else profiles
    own = replace(findings, study=study, labelled={name: label}, profiles=profiles)
    cell = next(c for c in cells(own) if c.key[:3] == ("JPN", "JPN", "conception"))
    told = _glance(cell, own)
    assert told["n"] == f"{cell.n_coded + counts} in {cell.n_documents}" and ("by=model" in told["href"]) != counts
    assert ("coded or labelled" in basis(cell)) == counts
    assert exhibits(own)[0].panels[0].rows[-3][0] == ("Documents coded or labelled" if counts else "Documents coded")


@pytest.mark.parametrize(
    ("estimator", "n_role", "n_positive", "leads_to", "told"),
    [
        ("design-based", 3, 0, "", "given to no passage by hand: read 3 passages to which the model gave it"),
        ("design-based", 3, 1, "&by=hand", "1 passage: read it"),
        ("design-based", 0, 0, None, None),
        ("adjusted count", 0, 2, "", "given to no passage by the model: read 2 passages labelled with it by hand"),
        ("adjusted count", 3, 2, "&by=model", "3 passages: read them"),
    ],
)
def test_a_share_leads_to_whoever_gave_the_role(findings, estimator, n_role, n_positive, leads_to, told):
    frame = findings.profiles
    one = (frame["source"] == "JPN") & (frame["aspect"] == "conception") & (frame["role"] == "protectee")
    frame = frame.assign(n_labelled=90, estimator=frame["estimator"].where(frame["estimator"].isna(), estimator))
    frame.loc[one, ["n_role", "n_positive"]] = [n_role, n_positive]
    own = replace(findings, profiles=frame)
    tree = html.fromstring(page(own, exhibits(own), []))
    (cell,) = tree.xpath("//section[@id='profiles']//details[@open][1]//tr[th='Protectee']/td[1]")
    address = "#passages?source=JPN&holder=JPN&aspect=conception&role=protectee"
    assert cell.xpath("a/@href") == ([] if leads_to is None else [address + leads_to])
    assert told is None or cell.xpath("string(a/@aria-label)").endswith(f"], {told}")
    panel = next(p for p in exhibits(own)[0].panels if "Japan about itself, conception" in p.head)
    place = (list(own.role_names).index("protectee"), panel.head.index("Japan about itself, conception"))
    assert (panel.behind[place][0] is None) == (leads_to is None)


@pytest.mark.parametrize(
    ("asked", "estimator", "by"),
    [
        ("auto", "adjusted count", "model"),  # two labels are too few
        ("adjusted_count", "adjusted count", "model"),
        ("design_based", "design-based", "counted"),
        ("design_based", "labels only", "hand"),
    ],
)
def test_the_n_of_a_gap_leads_to_the_passages_that_it_counts(findings, asked, estimator, by):
    spoken = findings.passages.set_index("passage_id")
    coded = set(findings.codings["passage_id"])
    silent = [name for name in spoken.index if name not in coded and spoken.at[name, "source"] == "JPN"][:2]
    labelled = {
        name: Label(label_id=name, text=spoken.at[name, "text"], roles=("bridge",), holder="JPN", aspect="conception")
        for name in silent
    }
    study = findings.study.model_copy(update={"profiles": Profiles(estimator=asked)})
    own = replace(
        findings, study=study, labelled=labelled, gaps=findings.gaps.assign(estimator_right=estimator, period="all")
    )
    first = next(n for n, row in enumerate(own.gaps.to_dict("records")) if row["comparison"][-10:] == "conception")
    made = {exhibit.name: exhibit for exhibit in exhibits(own)}
    _, right = made["gaps"].panels[0].behind[first, 1]
    assert right.by == by
    counted = {"model": 0, "counted": 2, "hand": 2}[by] + (0 if by == "hand" else own.gaps.at[first, "passages_right"])
    assert own.passages_behind[right] == counted
    roles = list(own.role_names)
    of_roles = {role: made["gap_parts"].panels[0].behind.get((roles.index(role), 2), (None,))[0] for role in roles}
    assert of_roles["protectee"].by == (None if by == "hand" else by)  # no label gives it: whoever else did
    denied = next(name for name in sorted(coded) if spoken.at[name, "source"] == "JPN" and name not in labelled)
    said = {**labelled, denied: Label(label_id=denied, text=spoken.at[denied, "text"], roles=())}
    once = replace(own, labelled=said)
    given = once.given[once.given["passage_id"] == denied]
    (told,) = {Behind(*row) for row in given[["source", "holder", "aspect", "period"]].itertuples(index=False)}
    assert given["denied"].all() and once.passages_behind[replace(told, by="model")] > 0
    assert once.passages_behind[told] - once.passages_behind[replace(told, by="counted")] == 1
    assert of_roles["bridge"].by == (None if by == "model" else by) and of_roles["regional_leader"] is None


def test_a_heat_map_counts_no_passages_of_an_actor_without_shares(monkeypatch):
    drawn = []
    monkeypatch.setattr("rolecoder.report.overview_figures.save", lambda figure, *_: drawn.append(figure))
    own = make_findings(turned={(s, s, "conception"): {"bridge": 1} for s in ("JPN", "KOR", "USA")}, n_documents=30)
    frame = own.profiles.copy()
    frame.loc[frame["holder"] == "KOR", ["share", "estimator", "note"]] = [None, None, PASSAGES]
    list(heat_maps(replace(own, profiles=frame)))
    japan, korea, _ = (text.get_text() for text in drawn[0].axes[0].get_xticklabels())
    assert korea == "South Korea" and japan.startswith("Japan (")


def test_quotations_of_profiles_that_are_not_filled_are_not_denied(findings):
    own = without_shares(findings, conception=NOTHING, prescription=NOTHING, performance=NOTHING)
    frame, printed, notes = quotations(own)
    assert len(frame) and printed == []
    assert notes[0].endswith(
        f"there are none; evidence.csv has {len(frame)} quotations, at most 3 of each role in a profile."
    )
    assert quotations(make_findings(turned={}))[2] == ("No passage was given a role.",)


def test_a_list_of_quotations_that_is_cut_says_so(many):
    _, printed, notes = quotations(many)
    assert len(printed) == PRINTED
    assert f"of the largest role of each filled profile (the first {PRINTED} of {PRINTED + 10});" in notes[0]


def test_the_appendix_leaves_out_no_actor_and_no_role_and_says_what_it_holds(many, findings):
    frame, _, _ = quotations(many)
    rows, (note,) = appendix(frame, many)
    known = frame[frame["holder"].notna()]
    assert [text for _, text, _ in rows] == [f"“{text}”" for text in known["text"]]
    assert {what.split(" about ")[1].split(",")[0] for what, _, _ in rows} == {f"G{n}" for n in range(PRINTED // 2 + 5)}
    assert note.startswith("Of every profile, filled or not, and every role in it: the passages with the highest")
    assert note.endswith(
        f"; evidence.csv has {len(frame) - len(known)} more, whose source or holder or aspect is not known."
    )
    own = without_shares(findings, conception=NOTHING)
    roles = {what for what, _, _ in appendix(quotations(own)[0], own)[0]}
    assert "Japan about itself, conception: Protectee" in roles
    assert appendix(quotations(make_findings(turned={}))[0], own) == (
        [],
        ("No passage of a known profile was given a role.",),
    )


def test_what_is_not_told_at_a_glance_is_counted(many):
    count = len(cells(many))
    assert f"{count - FIRST} profiles more" in page(many, exhibits(many), [])


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("nothing is left of the count in 45% of the draws of the model's false alarms", "often nothing left"),
        ("1 passage labelled by hand; the estimator design_based needs 2", "too few labelled passages (n = 1)"),
        ("every label leaves faithful_ally undecided", "a role left undecided by every label"),
        ("USA about JPN: prescription: what the corrections leave of it is of one document", "one document left"),
        (
            "USA about JPN: every label leaves ally undecided; JPN: 3 passages coded or labelled with a role in 1 document; "
            "the study asks for 10 in 3",
            "a role left undecided by every label; too few passages (n = 3)",
        ),
    ],
)
def test_the_reasons_of_corrections_are_told_in_few_words(note, said):
    assert reason(note).startswith(said) and "USA" not in reason(note)


def test_every_note_that_corrections_write_is_told_in_few_words():
    alone = Population(documents=np.arange(4), units=np.ones(4), strata=np.zeros(4, dtype=np.intp))
    found = counted(alone, np.eye(4)[:, :2])
    told = [
        reason(_not_enough(replace(found, name="labels only"), 2, given=True)),
        reason(_not_enough(found, 0, given=False)),
        reason(_not_enough(replace(found, share=-found.share), 0, given=True)),
        reason(_not_enough(replace(found, drawn=np.array([[0.0, 0.0], [0.1, 0.0]])), 0, given=True)),
    ]
    gone = "nothing left after correction"
    none = "no passage coded with a role"
    assert told == ["too few labelled passages (n = 2)", none, gone, "often nothing left after correction"]


@pytest.mark.parametrize(
    ("roles", "undecided", "labelled", "said"),
    [
        (("ally",), (), 1, "too few labelled passages (n = 1)"),
        (("ally",), ("leader",), 3, "a role left undecided by every label"),
    ],
)
def test_every_note_that_hand_labels_write_is_told_in_few_words(roles, undecided, labelled, said):
    words = dict.fromkeys(("speaker", "source_reason", "addressee", "page", "date"))
    words |= {"text": "words", "before": "", "after": "", "words": 1, "reported": False, "doc_type": "speech"}
    names = [f"d{n}:0-5" for n in range(4)]
    passages = [
        words | {"passage_id": name, "document_id": name[:2], "start": 0, "end": 5, "source": "JPN"} for name in names
    ]
    labels = {
        name: Label(label_id=name, text="words", roles=roles, undecided=undecided, holder="JPN", aspect="conception")
        for name in names[:labelled]
    }
    study = Profiles(estimator="design_based", min_passages=1, min_documents=1)
    table = make_profiles(evidence_of(passages, [], ("ally", "leader"), Sample(labels=labels, strata={})), study)
    assert {reason(note) for note in table["note"]} == {said}


def test_labels_of_one_document_and_of_a_part_of_the_passages_are_told_in_few_words():
    alike = "its passages labelled with a role are of 1 document; the study asks for 3"
    assert reason(alike) == "too few documents (n = 1)"
    beyond = "40 labels left aside: 20 of 140 passages were not drawn from, so that labels do not speak of them"
    assert reason(beyond) == "labels drawn from a part of the passages"
