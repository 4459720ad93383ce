import csv
import json
import math
from dataclasses import replace

import pytest
from encoders import small_codebook, small_labels, with_narnia
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.agreement import (
    cohen_kappa,
    compare_coders,
    differing,
    krippendorff_alpha,
    masi_distance,
    nominal_distance,
    set_f1,
)
from rolecoder.cli.app import main
from rolecoder.errors import RolecoderError
from rolecoder.joining import join_coders
from rolecoder.tabular.sheets import read_rows

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: four observers, twelve units.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# The same, section A: two observers, ten units, yes or no.
TWO_OBSERVERS = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
sets = st.frozensets(st.sampled_from("abcd"), max_size=3)


def test_alpha_gives_the_published_values():
    assert krippendorff_alpha(FOUR_OBSERVERS) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(TWO_OBSERVERS) == pytest.approx(0.095, abs=5e-4)
    interval = krippendorff_alpha(FOUR_OBSERVERS, lambda a, b: float((a - b) ** 2))
    assert interval == pytest.approx(0.849, abs=5e-4)


def test_alpha_is_not_defined_where_nothing_varies_or_nothing_is_shared():
    assert math.isnan(krippendorff_alpha([[1, 1], [1, 1]]))
    assert math.isnan(krippendorff_alpha([[1, None], [None, 2]]))
    with pytest.raises(RolecoderError, match="same units"):
        krippendorff_alpha([[1], [1, 2]])


@given(st.lists(st.tuples(sets, sets), min_size=2, max_size=12))
def test_alpha_does_not_depend_on_the_order_of_coders_or_units(pairs):
    one, other = map(list, zip(*pairs, strict=True))
    first = krippendorff_alpha([one, other], masi_distance)
    assert krippendorff_alpha([other[::-1], one[::-1]], masi_distance) == pytest.approx(first, nan_ok=True)
    assert math.isnan(first) or first <= 1 + 1e-12


def test_kappa_of_a_worked_example():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, by chance .5 x .6 + .5 x .4 = .5
    first, second = "y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)
    assert math.isnan(cohen_kappa("yy", "yy"))
    with pytest.raises(RolecoderError):
        cohen_kappa("y", "yn")


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("", "", 0), ("a", "a", 0), ("a", "", 1), ("a", "b", 1), ("ab", "a", 2 / 3), ("ab", "bc", 8 / 9)],
)
def test_masi_gives_the_values_of_its_definition(first, second, distance):
    # 1 - J x M: {a,b},{a}: 1 - 1/2 x 2/3; {a,b},{b,c}: 1 - 1/3 x 1/3
    assert masi_distance(set(first), set(second)) == pytest.approx(distance)


@given(sets, sets)
def test_masi_is_a_symmetric_distance_between_0_and_1(first, second):
    assert masi_distance(first, second) == masi_distance(second, first)
    assert 0 <= masi_distance(first, second) <= 1
    assert (masi_distance(first, second) == 0) == (first == second)
    assert nominal_distance(first, second) == float(first != second)


def test_two_coders_are_compared_on_what_both_read():
    labels = small_labels(4)
    other = labels.only(range(2, 16))
    agreement = compare_coders([labels, other])
    assert agreement.n == 14
    assert agreement.alpha_sets == agreement.alpha_any == agreement.kappa_any == agreement.micro_f1 == 1
    assert [role.f1 for role in agreement.roles] == [1, 1, 1]
    assert math.isnan(agreement.alpha_aspect)


def test_disagreement_shows_in_the_role_it_touches():
    labels = small_labels(4)
    rows = tuple(replace(row, roles=("helper",)) if row.roles == ("leader",) else row for row in labels.rows)
    agreement = compare_coders([labels, replace(labels, rows=rows)])
    by_role = {role.role: role for role in agreement.roles}
    assert by_role["leader"].n == (4, 0) and by_role["leader"].f1 == 0 and by_role["leader"].alpha < 0.01
    assert by_role["helper"].f1 == pytest.approx(2 * 4 / (4 + 8)) and by_role["loner"].alpha == 1
    assert agreement.micro_f1 == pytest.approx(2 * 8 / 24) and agreement.alpha_any == 1


def test_three_coders_have_alpha_but_no_kappa():
    agreement = compare_coders([small_labels(3)] * 3)
    assert agreement.kappa_any is None and agreement.micro_f1 is None and agreement.alpha_sets == 1
    assert agreement.roles[0].f1 is None


def test_coders_of_other_passages_or_codebooks_cannot_be_compared():
    labels = small_labels(2)
    with pytest.raises(RolecoderError, match="no passage"):
        compare_coders([labels.only([0]), labels.only([1])])
    with pytest.raises(RolecoderError, match="one codebook"):
        compare_coders([labels, small_labels(2, small_codebook("leader", "helper", "loner", version="2"))])
    assert math.isnan(set_f1([set()], [set()]))


def coded(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "text", "roles", "holder", "aspect"])
        writer.writerows([f"p{number}", f"Text {number}.", *row] for number, row in enumerate(rows))
    return str(path)


def agree(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["agree", *map(str, arguments)])
    return stop.value.code


def test_the_command_compares_files_and_writes_what_is_to_be_decided(tmp_path, capsys):
    first = coded(
        tmp_path / "ann.csv", ("bridge", "Japan", "conception"), ("none", "", ""), ("developer", "USA", "performance")
    )
    second = coded(tmp_path / "ben.csv", ("Bridge", "JPN", "conception"), ("none", "", ""), ("none", "", ""))
    assert agree(first, second, "--out", tmp_path / "decide.csv") == 0
    told = capsys.readouterr().out
    assert "3 passages" in told and f"{'bridge':34}{'1, 1':>14}    1.00   1.00" in told
    assert f"{'developer':34}{'1, 0':>14}    0.00   0.00" in told
    with (tmp_path / "decide.csv").open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["id"] for row in rows] == ["p2"]  # p0: one holder, twice written
    assert rows[0]["roles, ann"] == "developer" and rows[0]["roles, ben"] == "none" and rows[0]["roles"] == ""
    assert agree(first, second, "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 3 and figures["micro_f1"] == pytest.approx(2 / 3)
    assert {role["role"]: role["alpha"] for role in figures["roles"]}["isolate"] is None  # given by nobody


def test_what_coders_agree_on_and_what_was_decided_becomes_one_file_of_labels(tmp_path, capsys):
    names = ["id", "text", "roles", "holder", "aspect", "doc_id", "sampling_probability"]

    def filled(name, *rows):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([names, *([r[0], f"Text {r[0]}.", *r[1:], "d", ".5"] for r in rows)])
        return tmp_path / name

    first = filled(
        "a.csv", ("1", "bridge", "Japan", "conception"), ("2", "developer", "USA", "performance"), ("3", "", "", "")
    )
    second = filled("b.csv", ("1", "bridge", "JPN", "conception"), ("2", "none", "", ""), ("3", "", "", ""))
    out, to_decide = tmp_path / "labels.csv", tmp_path / "decide.csv"
    assert agree(first, second, "--out", to_decide, "--labels", out) == 1  # nothing is decided yet
    assert "1 passage coded differently and not decided: 2" in capsys.readouterr().err and not out.exists()
    assert agree(first, second, "--decided", to_decide, "--labels", out) == 1  # its roles are empty still
    text = to_decide.read_text(encoding="utf-8-sig")
    to_decide.write_text(text.rstrip().removesuffix(",,") + "example,USA,conception\n", encoding="utf-8")
    assert agree(first, second, "--decided", to_decide, "--labels", out) == 0
    with out.open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert [(r["roles"], r["holder"], r["coders"], r["adjudicated"]) for r in rows] == [
        ("bridge", "JPN", "2", "False"),
        ("example", "USA", "2", "True"),
        ("", "", "", ""),
    ]
    assert {row["sampling_probability"] for row in rows} == {".5"} and {row["doc_id"] for row in rows} == {"d"}
    assert agree(first, second, "--labels", first) == 1  # never over what is read
    assert agree(first, second, "--decided", to_decide) == 1
    assert agree(first, second, "--out", out, "--labels", out) == 1
    to_decide.write_text("Idd,text,roles\n2,Text 2.,example\n", encoding="utf-8")
    assert agree(first, second, "--decided", to_decide, "--labels", out) == 1
    assert "names the columns id and roles" in capsys.readouterr().err


def test_alphas_of_holder_and_aspect_say_how_many_passages_they_rest_on(tmp_path, capsys):
    rows = [("bridge", "JPN", "conception"), ("bridge", "USA", "performance"), ("none", "", "")]
    first = coded(tmp_path / "a.csv", *rows, ("bridge", "JPN", "conception"))
    second = coded(tmp_path / "b.csv", *rows, ("bridge", "", "conception"))
    assert agree(first, second) == 0
    told = capsys.readouterr().out
    assert (
        "holder, Krippendorff's alpha                1.00  (2 passages: all gave a role, two or more its holder)"
        in told
    )
    assert "aspect, Krippendorff's alpha                1.00  (3 passages: " in told


def test_decisions_that_are_not_used_are_told(tmp_path, capsys):
    first = coded(tmp_path / "a.csv", ("bridge", "", ""), ("none", "", ""), ("bridge", "", ""))
    second = coded(tmp_path / "b.csv", ("none", "", ""), ("none", "", ""), ("bridge", "", ""))
    decided = coded(
        tmp_path / "d.csv", ("bridge", "", ""), ("developer", "", ""), ("bridge", "", ""), ("bridge", "JPN", "")
    )
    assert agree(first, second, "--decided", decided, "--labels", tmp_path / "labels.csv") == 0
    told = capsys.readouterr().err
    assert f"2 rows of {decided} not used" in told and "p3: no coder has coded it" in told
    assert "p1: all coders agree on none; decided developer" in told and "p2" not in told
    assert agree(first, first) == 1 and "given twice" in capsys.readouterr().err


def test_what_one_coder_said_of_another_role_is_not_said_of_the_one_decided():
    labels = small_labels(1)
    first = replace(labels.rows[0], roles=("leader",), holder="JPN", aspect="conception", date="1985")
    second = replace(first, roles=(), holder=None, aspect=None)
    files = [[{"id": first.label_id}]] * 2
    verdict = replace(first, roles=("helper",), holder=None, aspect=None)
    row = join_coders([replace(labels, rows=(one,)) for one in (first, second)], files, {first.label_id: verdict})
    assert row.to_dict("records")[0]["holder"] is None


def test_what_is_not_decided_anew_is_what_all_coders_said():
    labels = small_labels(1)
    first = replace(labels.rows[0], roles=("leader",), holder="JPN", aspect="conception", date="1985")
    second = replace(first, roles=("helper",), aspect="performance")
    files = [[{"id": row.label_id, "note": "x"} for row in (first,)]] * 2
    verdict = replace(first, roles=("helper",), holder=None, aspect=None, undecided=("leader",))
    coders = [replace(labels, rows=(row,)) for row in (first, second)]
    row = join_coders(coders, files, {first.label_id: verdict}).to_dict("records")[0]
    assert (row["roles"], row["holder"], row["aspect"], row["undecided"]) == ("helper", "JPN", None, "leader")
    none = join_coders(coders, files, {first.label_id: replace(verdict, roles=())}).to_dict("records")[0]
    assert (none["roles"], none["holder"]) == ("none", None)
    coders[1] = replace(labels, rows=(replace(first, roles=(), holder=None, aspect=None),))
    given = join_coders(coders, files, {first.label_id: replace(verdict, roles=("leader",), undecided=())})
    given = given.to_dict("records")[0]
    assert (given["roles"], given["holder"], given["aspect"]) == ("leader", "JPN", "conception")  # who gave none is out
    left = join_coders([replace(labels, rows=())] * 2, [[{"id": "a", "roles": ["leader"]}]] * 2, {})
    assert left.to_dict("records") == [{"id": "a", "roles": "leader"}]
    with pytest.raises(RolecoderError, match="without an id"):
        join_coders([labels], [[{"id": None}]], {})


def test_a_sentence_that_a_coder_coded_differently_elsewhere_is_compared_row_by_row(tmp_path, capsys):
    rows = "id,text,roles\n1,We lead our region.,{}\n2,We lead our region.,none\n3,Good morning.,none\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(rows.format("bridge"), encoding="utf-8")
    second.write_text(rows.format("none"), encoding="utf-8")
    out = tmp_path / "decide.csv"
    assert agree(first, second, "--out", out) == 0
    shown = capsys.readouterr()
    assert "3 passages that at least two" in shown.out
    assert (
        f"{first}: 1 text stands in several rows with different roles" in shown.err and f"{second}: " not in shown.err
    )
    assert [row["id"] for row in read_rows(out)] == ["1"]
    out.write_text("id,text,roles\n1,We lead our region.,bridge\n", encoding="utf-8")
    assert agree(first, second, "--decided", out, "--labels", tmp_path / "labels.csv") == 0
    assert [row["roles"] for row in read_rows(tmp_path / "labels.csv")] == ["bridge", "none", "none"]


def test_holders_that_lead_to_no_actor_are_all_named_with_their_rows_and_the_closest(tmp_path, capsys):
    rows = [("bridge", holder, "conception") for holder in ("Tokyo", "Japn", "group:our friends", "JPN;USA")]
    first = coded(tmp_path / "a.csv", *rows)
    second = coded(tmp_path / "b.csv", *[("none", "", "")] * 4)
    assert agree(first, second) == 0
    said = capsys.readouterr().err
    assert "warning: 2 holders lead to no actor, and `profile` refuses them" in said and said.count("a.csv:") == 2
    assert f"{first}:3: 'Japn' is not an actor id; closest is 'JPN' (Japan)" in said
    assert f"{first}:5: 'JPN;USA' is not an actor id; closest is 'group:JPN+USA'" in said
    decided = coded(tmp_path / "c.csv", *[("bridge", "Narnia", "conception")] * 4)
    third = coded(tmp_path / "d.csv", *[("none", "", "")] * 4)
    assert agree(second, third, "--decided", decided, "--labels", tmp_path / "labels.csv") == 0
    told = capsys.readouterr().err
    assert "4 holders lead to no actor" in told
    assert "c.csv:2: 'Narnia' is not an actor id, and in 3 rows more\n" in told


def test_holders_are_those_of_ones_own_table_of_actors(root, tmp_path, capsys):
    first = coded(tmp_path / "a.csv", ("bridge", "Narnia", "conception"), ("bridge", "USA", "conception"))
    second = coded(tmp_path / "b.csv", ("bridge", "NAR", "conception"), ("bridge", "USA", "conception"))
    assert agree(first, second, "--actors", with_narnia(root, tmp_path), "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["alpha_holder"] == 1 and "no actor" not in shown.err


def test_the_file_to_decide_says_who_spoke_and_when_where_the_coders_files_do():
    labels = small_labels(2)
    one = replace(labels, rows=tuple(replace(row, source="JPN") for row in labels.rows))
    other = replace(labels, rows=tuple(replace(row, roles=(), date="1990-08-13") for row in labels.rows))
    table = differing([one, other], ["a", "b"])
    assert list(table.columns)[:4] == ["id", "source", "date", "before"]
    assert set(table["source"]) == {"JPN"} and set(table["date"]) == {"1990-08-13"} and len(table) == 6


def test_ids_are_the_same_whatever_blanks_and_those_that_no_other_coder_has_are_told(tmp_path, capsys):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("id,text,roles\nP1,One.,none\nP2,Two.,none\nP3,Three.,none\n", encoding="utf-8")
    second.write_text("id,text,roles\n P1 ,One.,none\np2,Two.,none\n", encoding="utf-8")
    assert agree(first, second, "--labels", tmp_path / "out.csv") == 0
    shown = capsys.readouterr()
    assert "1 passage that at least two" in shown.out
    alike = "1 of these ids differ from others in capitals alone"
    assert f"{first}: 2 passages that no other coder has coded, in no figure: P2, P3; {alike}" in shown.err
    assert f"{second}: 1 passage that no other coder has coded, in no figure: p2; {alike}" in shown.err
    assert [row["id"] for row in read_rows(tmp_path / "out.csv")] == ["P1", "P2", "P3", "p2"]
    second.write_text("id,text,roles\np1,One.,none\n", encoding="utf-8")
    assert agree(first, second) == 1
    assert "the ids of their files begin with 'P1' and 'p1'" in capsys.readouterr().err


def test_rows_not_coded_yet_of_a_sheet_of_ones_own_are_warned_of(tmp_path, capsys):
    first = coded(
        tmp_path / "a.csv", ("bridge", "JPN", "conception"), ("none", "", ""), ("bridge", "JPN", "conception")
    )
    half = coded(tmp_path / "b.csv", ("bridge", "JPN", "conception"), ("none", "", ""), ("", "", ""))
    assert agree(first, half) == 0
    err = capsys.readouterr().err
    assert f"warning: {half}: 1 row with empty `roles` (while 1 say none): taken as no role; delete rows" in err
    assert f"{first}: " not in err


def test_files_that_cannot_be_compared_are_refused(tmp_path, capsys):
    first = coded(tmp_path / "a.csv", ("none", "", ""))
    other = tmp_path / "b.csv"
    other.write_text("id,text,roles\np0,Another text.,none\n", encoding="utf-8")
    for files, said in (
        ([first], "one coder only"),
        ([first, str(other)], "under 1 id of 1\n  label p0: 'Another text.' for 'Text 0.'"),
    ):
        assert agree(*files) == 1
        assert said in capsys.readouterr().err


def test_passages_coded_alike_are_not_to_be_decided():
    labels = small_labels(5)
    assert not len(differing([labels, labels], ["a", "a"]))
    half = replace(labels, rows=labels.rows[:2])
    assert list(differing([half, labels], ["a", "a"]).columns)[4:7] == ["roles, a 1", "holder, a 1", "aspect, a 1"]
