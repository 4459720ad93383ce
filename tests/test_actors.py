"""The actors: what texts call them, when, and what they do not."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.actors import read_actors
from rolecoder.errors import RolecoderError
from rolecoder.names.actortable import COLUMNS
from rolecoder.names.gazetteer import Gazetteer

HEADER = ",".join(COLUMNS)
SHIPPED = Path(__file__).resolve().parent.parent / "corpora" / "actors.csv"


@pytest.fixture(scope="module")
def actors():
    return read_actors(SHIPPED)


def found(actors, text, date=None):
    return [(text[m.start : m.end], m.actor, m.kind) for m in actors.find(text, date)]


def table(tmp_path, *rows, header=HEADER):
    path = tmp_path / "actors.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "date", "actor"),
    [
        ("JPN", None, "JPN"),
        ("Japan", None, "JPN"),
        ("the united kingdom", None, "GBR"),
        ("Côte d\u2019Ivoire", None, "CIV"),
        ("Turkiye", None, "TUR"),
        ("Russia", "1985", "SUN"),
        ("Russia", None, "RUS"),
        ("Soviet Union", "2005", "SUN"),
        ("China", "1960", "TWN"),
        ("China", "1971", "TWN"),
        ("China", "1971-11-15", "CHN"),
        ("Congo", "1961", "COD"),
        ("Congo", "1980", "COG"),
        ("Congo", None, None),
        ("Viet-Nam", "1968", "RVN"),
        ("ZAR", None, "COD"),
        ("EU", None, "group:EU"),
        ("Tokyo", None, "JPN"),
        ("Iran (Islamic Republic of)", None, "IRN"),
        ("Korea, Republic of", "1990", "KOR"),
        ("Atlantis", None, None),
        ("us", None, None),
        ("US", None, "USA"),
    ],
)
def test_a_name_leads_to_the_actor_it_meant_on_the_date(actors, name, date, actor):
    assert actors.resolve(name, date) == actor


@pytest.mark.parametrize(
    ("group", "date", "actor"),
    [
        ("group:industrialised countries", None, "group:developed countries"),
        ("group:Latin America", None, "group:Latin American states"),
        ("group:USA and Russia", "1985", "group:SUN+USA"),
        ("group:United States and Russia", "1996", "group:RUS+USA"),
        ("group:France, Germany and Romania", None, "group:DEU+FRA+ROU"),
        ("group:EU and ASEAN", None, "group:ASEAN+EU"),
        ("group:RUS+USA", None, "group:RUS+USA"),
        ("group:Japan and Atlantis", None, None),
        ("group:nobody", None, None),
    ],
)
def test_groups_are_led_to_one_spelling_and_ad_hoc_groups_to_their_members(actors, group, date, actor):
    assert actors.resolve(group, date) == actor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The US told us so.", [("US", "USA", "name")]),
        ("LET US GO FORWARD", []),
        ("Latin American and American ships", [("Latin American", "LA", "demonym"), ("American", "USA", "demonym")]),
        ("anti-American talk", []),
        ("New Guinea, Equatorial Guinea and Guinea", [("Equatorial Guinea", "GNQ", "name"), ("Guinea", "GIN", "name")]),
        ("Nigeria and Niger", [("Nigeria", "NGA", "name"), ("Niger", "NER", "name")]),
        ("along the Jordan River to Jordan", [("Jordan", "JOR", "name")]),
        ("a turkey in Turkey", [("Turkey", "TUR", "name")]),
        ("George Washington, and later Washington", [("Washington", "USA", "capital")]),
        ("the West Indies and the West", [("the West", "West", "group")]),
        ("The Kremlin answered", [("Kremlin", "RUS", "capital")]),
        (
            "Major powers and Prime Minister Major",
            [("Major powers", "great", "group"), ("Prime Minister Major", "GBR", "leader")],
        ),
        ("The industrialized Countries must help", [("industrialized Countries", "developed", "group")]),
        ("the U.S. and Japan\u2019s allies", [("U.S.", "USA", "name"), ("Japan", "JPN", "name")]),
        ("THE SOVIET UNION", [("SOVIET UNION", "SUN", "name")]),
    ],
)
def test_running_text_names_actors_and_lookalikes_are_passed_over(actors, text, expected):
    groups = {
        "LA": "group:Latin American states",
        "West": "group:Western allies",
        "great": "group:great powers",
        "developed": "group:developed countries",
    }
    assert found(actors, text) == [(words, groups.get(actor, actor), kind) for words, actor, kind in expected]


def test_georgia_is_a_state_of_the_world_only_since_1991(actors):
    assert found(actors, "in Georgia", "1976") == []
    assert found(actors, "in Georgia", "1995") == [("Georgia", "GEO", "name")]
    assert found(actors, "from Atlanta, Georgia", "1995") == []


@pytest.mark.parametrize(
    ("printed", "date", "actor"),
    [
        ("President Bush", "1990-08-13", "USA"),
        ("PM Nawaz:", "1991-02-02", "PAK"),
        ("Prime Minister Kaifu", "1990", "JPN"),
        ("KHRUSHCHEV", "1961-06", "SUN"),
        ("King Fahd of Saudi Arabia", None, "SAU"),
        ("French President", None, "FRA"),
        ("Prime Minister Major", "1992", "GBR"),
        ("Major", "1992", "GBR"),
        ("Major", None, None),
        ("Soviet Ambassador Dobrynin", "1962", "SUN"),
        ("US Ambassador to Japan", None, "USA"),
        ("Ambassador to Japan", None, None),
        ("President of the United States", None, "USA"),
        ("The President", "1990", None),
        ("Milosevic", "1995", "SRB"),
        ("Milosevic", "1999", "YUG"),
        ("Kohl", "2005", "DEU"),
        ("Primakov", "1991-02", "SUN"),
        ("Primakov", "1997", "RUS"),
        ("Sir Alec", "1971", "GBR"),
        ("Ambassador Dinitz", "1973-10", "ISR"),
        ("Foreign Minister Fahmy", "1974", "EGY"),
        ("Huang Chen", "1975", "CHN"),
        ("Ambassador Ushiba", "1971", "JPN"),
        ("Secretary Schlesinger", "1974", "USA"),
        ("Trump", "2026", "USA"),
        ("Nazarbayev", "1992", "KAZ"),
        ("Lee Jae-myung", "2025-09", "KOR"),
        ("Manfred Wörner", "1990", "group:NATO"),
        ("Donald Tusk", "2009", "POL"),
        ("Donald Tusk", "2016", "group:EU"),
        ("Somebody Else", "1990", None),
        ("Japan", None, None),
    ],
)
def test_a_person_or_office_speaks_for_a_state_and_an_office_alone_for_none(actors, printed, date, actor):
    assert actors.leader(printed, date) == actor


def test_a_person_who_serves_all_states_or_bears_anothers_name_is_no_states_leader(actors):
    assert found(actors, "We thank Mr. Ban Ki-moon, and Mr. Ban thanks us.", "2011") == []
    assert [actors.leader("Ban Ki-moon", date) for date in ("2005", "2011", None)] == ["KOR", None, None]
    assert [actors.named("Ban Ki-moon", date) for date in ("2005", None)] == ["KOR", None]
    assert (
        actors.leader("Boutros Boutros-Ghali", "1980") == "EGY"
        and actors.leader("Boutros Boutros-Ghali", "1994") is None
    )
    assert found(actors, "Mr. Javier Perez de Cuellar", "1985") == []
    assert actors.leader("Xiomara Castro", "2023") == "HND"
    assert found(actors, "Yahya A.J.J. Jammeh", "2002")[0][1] == "GMB"
    assert actors.leader("Pham Van Dong", "1979") == "VNM" and actors.leader("Pham Van Dong", "1970") == "VDR"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Queen Victoria, King Birendra Bir Bikram Shah Dev and King Zahir Shah", "1985"),
        ("Ho Chi Minh City", "1990"),
        ("the Indians on our frontier", "1832"),
        ("in sub- Saharan lands", "1995"),
        ("the Brundtland Commission told Secretary Ken Salazar", "2010"),
        ("he told Prime Minister May 14 times", "1961"),
        ("The Federal Chancellor has spoken", "1980"),
    ],
)
def test_names_that_look_like_anothers_are_passed_over(actors, text, date):
    assert found(actors, text, date) == []


def test_the_shah_and_the_indians_are_found_all_the_same(actors):
    assert found(actors, "The Shah told us; the Shah of Iran smiled.", "1972") == [
        ("The Shah", "IRN", "leader"),
        ("the Shah of Iran", "IRN", "leader"),
    ]
    assert actors.leader("Shah", "1972") == "IRN" and actors.leader("German Federal Chancellor", "1972") == "DEU"
    assert [m[1] for m in found(actors, "Indians", "1930") + found(actors, "Indians", "1962")] == ["IND", "IND"]


def test_china_has_a_name_at_all_times(actors):
    assert [actors.resolve("China", date) for date in ("1900", "1943", "1960", "1980")] == ["CHN", "TWN", "TWN", "CHN"]


def test_a_seat_is_its_holders_on_the_date(actors):
    assert actors.at("RUS", "1991") == "SUN"
    assert actors.at("RUS", "1992-01-01") == "RUS"
    assert actors.at("CHN", "1971") == "TWN"
    assert actors.at("CHN", "1971-11-15") == "CHN"
    assert actors.at("JPN", "1960") == "JPN"
    assert actors.at("RUS", None) == "RUS"


def test_an_id_that_is_none_is_refused_with_the_closest(actors):
    assert actors.require("JPN") == "JPN"
    assert actors.require("group:RUS+USA") == "group:RUS+USA"
    with pytest.raises(RolecoderError, match=r"x\.csv:3: 'U\.S\.' is not an actor id; closest is 'USA'"):
        actors.require("U.S.", where="x.csv:3")
    with pytest.raises(RolecoderError, match="closest is 'BEL'"):
        actors.require("Belgum")
    with pytest.raises(RolecoderError, match="'qqqqqq' is not an actor id; expected"):
        actors.require("qqqqqq")


def test_actors_have_names_and_ad_hoc_groups_list_theirs(actors):
    assert actors.name("JPN") == "Japan"
    assert actors.name("group:RUS+USA") == "Russia and United States"
    assert actors.joint(["USA", "group:EU", "USA"]) == "group:EU+USA"


def test_states_together_that_are_a_group_of_the_table_bear_its_id(actors):
    both = "group:Arab and African states"
    assert actors.joint(["group:Arab states", "group:African states"]) == both
    assert actors.resolve("group:African states+Arab states") == both
    assert actors.resolve("group:Arab States and African countries") == both
    assert actors.joint(["group:Latin American states", "group:Caribbean states"]).endswith("and Caribbean states")
    assert actors.resolve("group:USA+RUS") == "group:RUS+USA"


def test_a_bad_table_is_refused_with_file_and_row(tmp_path):
    def refused(match, *rows, header=HEADER):
        with pytest.raises(RolecoderError, match=match):
            read_actors(table(tmp_path, *rows, header=header))

    refused("expected the columns actor, name", header="actor,name")
    refused(r"actors\.csv:3: actor 'AAA' occurs twice", "AAA,A,state", "AAA,B,state")
    refused(r"actors\.csv:2: actor 'Aa' of kind 'state'", "Aa,A,state")
    refused("of kind 'nation'", "AAA,A,nation")
    refused("'AAA' has no name", "AAA,,state")
    refused("date '19x'", "AAA,A,state,19x")
    refused("since 1990 until 1980", "AAA,A,state,1990,1980")
    refused("entry 'B|1|2|3'", "AAA,A,state,,,B|1|2|3")
    refused("leader 'Joe|King'", "AAA,A,state,,,,,,,,,Joe|King")
    refused(
        r"actors\.csv:3: 'X' is a name of 'BBB' and, at the same time, of 'AAA'",
        "AAA,A,state,,,X",
        "BBB,B,state,,,X",
    )
    refused("member 'ZZZ' is not an actor id", "AAA,A,state", "group:g,G,group,,,,,,,,AAA;ZZZ")
    refused("more cells than the header has columns", "AAA,A,state,,,,,,,,,,,x")
    with pytest.raises(RolecoderError, match="no such table of actors"):
        read_actors(tmp_path / "absent.csv")


def test_a_group_holds_its_members_on_the_date_and_says_nothing_where_none_are_listed(actors):
    assert actors.includes("group:EU", "AUT", "1996") is True
    assert actors.includes("group:EU", "AUT", "1990") is False
    assert actors.includes("group:EU", "AUT") is True
    assert actors.includes("group:SUN+USA", "SUN") is True
    assert actors.includes("group:progressive forces", "CUB") is None
    assert actors.includes("group:EU", None) is None


def test_organisations_hold_their_members_of_today(actors):
    for group, actor, before, since in (
        ("BRICS", "EGY", "2023", "2024"),
        ("Shanghai Cooperation Organization", "IRN", "2020", "2024"),
        ("G7", "RUS", "1990", "2005"),
        ("Triple Alliance", "ITA", "1880", "1900"),
        ("Axis", "JPN", "1930", "1942"),
    ):
        assert [actors.includes(f"group:{group}", actor, date) for date in (before, since)] == [False, True]
    assert [actors.includes("group:ECOWAS", "MLI", date) for date in ("2020", "2026")] == [True, False]
    assert [actors.includes("group:developing countries", "KOR", date) for date in ("1980", "2010")] == [True, False]


def test_two_actors_may_bear_one_name_one_after_the_other(tmp_path):
    both = read_actors(table(tmp_path, "AAA,A,state,,,X||1950", "BBB,B,state,,,X|1951|"))
    assert (both.resolve("X", "1950"), both.resolve("X", "1951")) == ("AAA", "BBB")
    assert both.resolve("X") == "BBB"


def test_the_shipped_table_is_read_in_under_fifty_milliseconds():
    def seconds():
        start = time.process_time()
        read_actors(SHIPPED)
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 0.05 * 2  # twice the figure: a slow machine is no bug


@given(
    st.lists(st.sampled_from(["Japan", "Latin America", "America", "Koreas", "and", "Niger", "Nigeria"]), max_size=8)
)
def test_matches_are_in_order_and_do_not_overlap(words):
    text = " ".join(words)
    matches = list(Gazetteer(["Japan", "Latin America", "America", "Niger", "Nigeria"]).find(text))
    assert all(a.end() <= b.start() for a, b in pairwise(matches))
    assert [m.group() for m in matches if m.group() == "Niger"] == ["Niger"] * words.count("Niger")


@pytest.mark.real_texts
def test_every_holder_and_source_of_the_labels_and_every_file_of_the_un_corpus_is_known(actors, data):
    import json
    import zipfile

    files = [data / "labels" / f"{name}.jsonl" for name in ("train", "dev")]
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")]
    rows = [json.loads(line) for line in lines if line]
    named = {(row[key], row["date"]) for row in rows for key in ("holder", "source") if row[key]}
    assert {name for name, date in named if actors.resolve(name, date) is None} == set()
    with zipfile.ZipFile(data / "corpora" / "ungdc.zip") as archive:
        members = archive.namelist()
    codes = {Path(m).stem.split("_")[0] for m in members if m.endswith(".txt") and Path(m).stem.count("_") == 2}
    assert {code for code in codes if not code.startswith(".") and actors.resolve(code) is None} == set()


def test_office_and_surname_together_mean_the_leader_in_that_office_then(actors):
    assert actors.leader("Prime Minister Gandhi", "1989-06-08") == "IND"
    assert actors.leader("PM Gandhi", "1975-01-01") == "IND"


def test_a_text_that_looks_back_may_mean_whoever_had_come_to_office(actors):
    assert actors.leader("Shevardnadze", "1995") == "GEO"
    assert actors.leader("Shevardnadze", "1995", looking_back=True) is None  # of the Soviet Union before
    assert actors.leader("Shevardnadze", "1990", looking_back=True) == "SUN"
    assert actors.leader("Wilson", "1985") is None
    assert actors.leader("President Wilson", "1985", looking_back=True) == "USA"
    assert actors.leader("Prime Minister Wilson", "1995", looking_back=True) == "GBR"


def test_a_text_that_looks_back_reads_names_of_states_and_words_that_are_names_as_others_do(actors):
    for printed in ("Russian President", "the Chinese Premier", "Prime Minister of Vietnam", "President of Georgia"):
        assert actors.leader(printed, "1995", looking_back=True) == actors.leader(printed, "1995") is not None
    for printed in ("Wilson", "Major", "Colonel Ford", "The Major"):
        assert actors.leader(printed, "2008", looking_back=True) is None


@pytest.mark.parametrize(
    ("printed", "date", "actor"),
    [
        ("Prime Minister Lee", "1967", "SGP"),
        ("Prime Minister Lee", "1990", "SGP"),
        ("President Lee", "1995", "TWN"),
        ("President Lee", "2010", "KOR"),
        ("Premier Li", "1993", "CHN"),
        ("Premier Zhao", "1984", "CHN"),
        ("President Hu", "2005", "CHN"),
        ("President Hu", "1985", None),
        ("President Hu", None, None),
        ("President Thieu", "1970", "RVN"),
        ("President Rhee", "1955", "KOR"),
        ("President Kim", "1972", "PRK"),
        ("President Kim", "1999", "KOR"),
    ],
)
def test_an_office_and_the_name_of_a_family_that_stands_first_are_known_within_its_dates(actors, printed, date, actor):
    assert actors.leader(printed, date) == actor


@pytest.mark.parametrize(
    ("printed", "date", "actor"),
    [
        ("Mr. Lee", "1967", None),
        ("Mr. Lee", "2010", "KOR"),
        ("Mr. Fischer", "1975", None),
        ("Mr. Fischer", "2001", "DEU"),
        ("President Fischer", "2010", None),
        ("Ambassador Howe", "1975", None),
        ("Mr. Baker", None, None),
        ("President Carter", "1995", "USA"),
    ],
)
def test_a_common_surname_after_an_office_that_its_bearer_did_not_hold_counts_within_his_dates(
    actors, printed, date, actor
):
    assert actors.leader(printed, date) == actor


@pytest.mark.parametrize(
    "printed", ["Mr. Holland", "MR. HOLLAND", "Mr. Jordan", "Mr. French", "Mrs. Ireland", "Dr. Paris"]
)
def test_a_person_called_after_a_state_is_none(actors, printed):
    assert actors.leader(printed, "1955") is None
    assert found(actors, f"The Dutch envoy met {printed} in Rome", "1955")[1:] == [("Rome", "ITA", "capital")]
    assert actors.leader(f"{printed} of Iraq", "1955") == "IRQ"


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("Mr. Bush said so", "1990", [("Bush", "USA", "leader")]),  # the one of whom "Mr." is not needed
        ("Mr. Lee said so", "1966", []),
        ("Chairman Mao taught so", "1977", [("Chairman Mao", "CHN", "leader")]),
        ("President Kim Il Sung and Premier Li Peng", "1993-09-01", ["President Kim Il Sung", "Premier Li Peng"]),
        ("President Kim Dae Jung", "2000-06-15", ["President Kim Dae Jung"]),
    ],
)
def test_a_common_surname_out_of_its_dates_hides_no_other_name(actors, text, date, expected):
    of = {"President Kim Il Sung": "PRK", "Premier Li Peng": "CHN", "President Kim Dae Jung": "KOR"}
    assert found(actors, text, date) == [e if isinstance(e, tuple) else (e, of[e], "leader") for e in expected]
