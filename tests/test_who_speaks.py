"""Who speaks in a text of few labels: two of one office, journalists named once, the one whom the manifest names."""

import pytest

from rolecoder.actors import read_actors
from rolecoder.config import Corpus
from rolecoder.ingest import ingest, read_file
from rolecoder.turns import read_turns


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


@pytest.fixture
def speak(tmp_path, actors):
    """Read a text, with the row of a manifest if given, to the speaker and state of each turn."""

    def read(text, *, table=None, **known):
        (tmp_path / "t.txt").write_text(text, encoding="utf-8")
        if known:
            quoted = ",".join(f'"{value}"' for value in known.values())
            (tmp_path / "manifest.csv").write_text(f"path,{','.join(known)}\nt.txt,{quoted}\n", encoding="utf-8")
            [document] = ingest([Corpus(path=tmp_path)], actors, ocr="never")
        else:
            [document] = read_file(tmp_path / "t.txt", actors)
        turns, _ = read_turns(document, actors, table)
        return [(turn.speaker, turn.actor) for turn in turns]

    return read


CALL = """MEMORANDUM OF TELEPHONE CONVERSATION

{head}
THE PRESIDENT: The harbour is open, and our ships carry your grain from the first of the month on.

{guest}: We thank you for the ships, and we send you apples and timber for them.

THE PRESIDENT: The apples have come, and the timber is on the way as we speak.
"""


HEAD = "SUBJECT: Call with President Lula of Brazil\nDATE: May 12, 2010\n"


@pytest.mark.parametrize(("guest", "head"), [("PRESIDENT LULA", ""), ("PRESIDENT LULA", HEAD), ("Lula", HEAD)])
def test_an_office_alone_is_not_the_guest_of_that_office_who_has_a_label_too(guest, head, speak):
    for home in ("ARG", "USA"):
        found = speak(CALL.format(head=head, guest=guest), doc_type="telcon", actor=home)
        assert found == [("THE PRESIDENT", home), (guest, "BRA"), ("THE PRESIDENT", home)]


def test_an_office_alone_beside_a_guest_of_it_is_no_ones_where_nothing_says_whose_record_it_is(speak):
    found = speak(CALL.format(head="", guest="PRESIDENT LULA"), doc_type="telcon")
    assert found == [("THE PRESIDENT", None), ("PRESIDENT LULA", "BRA"), ("THE PRESIDENT", None)]


PRESS = """Joint press conference
May 12, 2010

PRESIDENT LULA: The bridge over the river is open, and lorries cross it by day and by night.

PRESIDENT OBAMA: I crossed it this morning, and found it a good bridge.

{label}: {question}

PRESIDENT LULA: It bears forty tons, and there is no toll for the farmers.
"""
TEXT = "Minister, how heavy may a lorry be, and who pays the toll?"


@pytest.mark.parametrize(
    "label",
    [
        "JOURNALIST",
        "Reporter",
        "Reuters",
        "AFP",
        "Xinhua News Agency",
        "Anna Berg, TVN",
        "ANNA BERG (TVN)",
        "Anna Berg",
        "Q",
    ],
)
@pytest.mark.parametrize("doc_type", ["press", "speech"])
def test_a_journalist_who_is_named_once_speaks_for_no_state(label, doc_type, speak):
    text = PRESS.format(label=label, question=TEXT)
    if doc_type == "speech":
        text = text.replace("Joint press conference", "Remarks in Brasilia")
        text += "\nPRESIDENT OBAMA: It is a generous rule.\n\nPRESIDENT LULA: It is an old one.\n"
    found = speak(text, doc_type=doc_type)
    assert found[:4] == [
        ("PRESIDENT LULA", "BRA"),
        ("PRESIDENT OBAMA", "USA"),
        (label.partition(" (")[0], None),
        ("PRESIDENT LULA", "BRA"),
    ]


def test_one_question_after_a_point_is_the_questioners_too(speak):
    text = PRESS.format(label="Q", question=TEXT).replace("Q:", "Q.")
    assert [speaker for speaker, _ in speak(text)][2] == "Q"


def test_papers_and_a_single_one_who_answers_are_told_apart_without_a_list(speak):
    text = "Press briefing\nMay 12, 2010\n\nReuters: Is the bridge open?\n\nBeata Nowy: It is.\n\n"
    text += "China Daily: You said that it would bear forty tons.\n\nBeata Nowy: It does, and more than that."
    assert [speaker for speaker, _ in speak(text)] == ["Reuters", "Beata Nowy", "China Daily", "Beata Nowy"]


@pytest.mark.parametrize("aside", ["Note: is it a bridge?", "Security: can we have it alone?", "As Reuters: is it so?"])
def test_a_heading_and_a_remark_with_a_colon_are_no_journalists(aside, speak):
    text = PRESS.format(label="Q", question=TEXT).replace("good bridge.", f"good bridge.\n\n{aside}")
    assert len(speak(text)) == 4


def test_a_journalist_who_only_gives_thanks_does_not_take_the_words_that_follow(speak):
    text = PRESS.format(
        label="Reporter", question="Thank you, Mr. President.\n\nOne more word about the toll before you go."
    )
    assert [speaker for speaker, _ in speak(text)][2:] == ["Reporter", "PRESIDENT OBAMA", "PRESIDENT LULA"]


BRIEFING = """Press briefing
May 12, 2010

{label}: The bridge is open, and lorries cross it by day and by night.

Reuters: Who pays the toll?

{label}: The farmers pay none.
"""


@pytest.mark.parametrize("label", ["BEATA NOWY", "MINISTER", "Minister Nowy", "A"])
@pytest.mark.parametrize("speakers", ["Beata Nowy", "Beata Nowy, Minister", ""])
def test_the_manifests_actor_is_the_state_of_the_one_who_answers_and_of_no_journalist(label, speakers, speak):
    found = speak(BRIEFING.format(label=label), doc_type="press", actor="CHN", speakers=speakers)
    assert found == [(label, "CHN"), ("Reuters", None), (label, "CHN")]


def test_the_manifests_actor_is_not_anothers_who_answers_beside_the_one_it_names(speak):
    text = BRIEFING.format(label="BEATA NOWY") + "\nKARL MOE: They did until May.\n\nKARL MOE: And they grumbled."
    found = speak(text, doc_type="press", actor="CHN", speakers="Beata Nowy")
    assert found[0] == ("BEATA NOWY", "CHN")
    assert found[-1] == ("KARL MOE", None)
    assert {state for _, state in speak(text, doc_type="press", actor="CHN")} == {None}


def test_the_manifests_actor_is_not_that_of_a_guest_whose_state_is_known(speak):
    text = CALL.format(head="", guest="PRESIDENT LULA")
    found = speak(text, doc_type="telcon", actor="ARG", speakers="Lula, President of Brazil")
    assert [state for _, state in found] == ["ARG", "BRA", "ARG"]


@pytest.mark.parametrize(
    ("office", "state"),
    [
        ("Minister of Foreign Affairs of Turkey", "TUR"),
        ("the Turkish Foreign Minister", "TUR"),
        ("Minister", None),
        ("Turkish Television", None),
        ("to the President of Turkey", None),
    ],
)
def test_an_office_in_brackets_after_the_name_in_a_label_tells_the_state(office, state, speak):
    text = BRIEFING.replace("{label}", f"BEATA NOWY ({office})", 1).replace("{label}", "BEATA NOWY")
    assert speak(text) == [("BEATA NOWY", state), ("Reuters", None), ("BEATA NOWY", state)]


SPEECH = "\n\n".join(["The harbour is open, and our boats carry the grain of the whole coast through the winter."] * 3)


@pytest.mark.parametrize(
    ("heading", "speaker", "state"),
    [
        ("A New Harbour\nby Karl Moe, Prime Minister of Denmark\n23 April 2010", "Karl Moe", "DNK"),
        ("A New Harbour\n\nBy Karl Moe, Prime Minister\n\n23 April 2010", "Karl Moe", None),
        ("A New Harbour\nby Karl Moe, the Danish Foreign Minister\nOslo, 23 April 2010", "Karl Moe", "DNK"),
        ("Speech by Karl Moe, Prime Minister of Denmark\n23 April 2010", "Karl Moe", "DNK"),
        (
            "Address by Karl Moe, Foreign Minister of Denmark, to the Parliament of Norway\n23 April 2010",
            "Karl Moe",
            "DNK",
        ),
        ("A New Harbour\nby Karl Moe, Ambassador to Denmark\n23 April 2010", "Karl Moe", None),
        ("The Harbour\nby Karl Moe, Bergen\n23 April 2010", None, None),
    ],
)
def test_the_one_after_by_in_a_heading_speaks_for_the_state_of_his_office(heading, speaker, state, speak):
    assert speak(f"{heading}\n\n{SPEECH}\n") == [(speaker, state)]


@pytest.mark.parametrize("row", ["A", "A.", "a:"])
def test_the_researchers_table_may_name_a_label_as_it_is_printed(row, speak):
    text = BRIEFING.replace("Reuters", "Q").format(label="A")
    assert speak(text, table={row: "AUS"}) == [("A", "AUS"), ("Q", None), ("A", "AUS")]
    assert speak(text, table={row: "AUS", "Q": "NZL"}, doc_type="press", actor="CHN")[0] == ("A", "AUS")


def test_the_researchers_table_may_name_a_journalist(speak):
    text = PRESS.format(label="Reuters", question=TEXT)
    assert speak(text, table={"Reuters": "GBR"})[2] == ("Reuters", "GBR")


def test_a_leader_who_answers_with_questions_is_no_questioner(speak):
    text = "Interview\n\nHans: Do you see a role for Germany?\n\nGenscher: Germany is a bridge. Is that not plain?\n\n"
    text += "Hans: Not to all.\n\nGenscher: Then let me ask: who else could be one?\n"
    assert speak(text, date="1988", actor="DEU", doc_type="press") == [("Hans", None), ("Genscher", "DEU")] * 2
    text = "Interview\n\nLee Kuan Yew: Should we be afraid?\n\nInterviewer: Are you not?\n\nLee Kuan Yew: What of?\n"
    found = speak(text, date="1975", actor="SGP", doc_type="press")
    assert found == [("Lee Kuan Yew", "SGP"), ("Interviewer", None), ("Lee Kuan Yew", "SGP")]


@pytest.mark.parametrize(
    "aside",
    [
        "Energy: what do we want? We want supplies that are safe.",
        "Times: the times have changed, and we know it.",
        "Radio Berlin: we shall extend its service.",
        "Our aim: is it peace? It is.",
    ],
)
def test_a_paragraph_that_answers_itself_stays_with_the_leader(aside, speak):
    text = PRESS.format(label="Q", question=TEXT).rstrip() + f"\n\n{aside}\n\nQ: Thank you.\n"
    assert [speaker for speaker, _ in speak(text)][-2:] == ["PRESIDENT LULA", "Q"]


def test_thanks_before_a_question_are_no_close(speak):
    question = "Thank you, Mr. President.\n\nThere are those who say that Brazil must lead. Will it lead?"
    found = speak(PRESS.format(label="Q", question=question))
    assert [speaker for speaker, _ in found][2:] == ["Q", "PRESIDENT LULA"]


MEETING = """Joint press conference
5 May 2012

{one}: Our harbours stay open, and our ships carry the grain of the whole coast.

{other}: We thank you for the ships, and we send you timber for them.

{one}: The timber has come, and the next ships are on the way as we speak.

{other}: Then let us go on to the questions of the press.
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Président Élie", "Minister Åkesson"),
        ("Élie", "Øystein Åkesson"),
        ("President von Amsberg", "Minister al-Hakim"),
        ("de Ruiter", "al-Hakim"),
        ("Secretary del Rosario", "Minister ter Boom"),
        ("SECRETARY DEL ROSARIO", "MINISTER DELA CRUZ"),
        ("Ministra dos Santos", "Minister della Valle"),
        ("Minister de la Torre", "Giscard d'Estang"),
    ],
)
def test_names_with_accents_and_small_words_before_them_are_labels(one, other, speak):
    known = {"doc_type": "press", "speakers": f"{one}, President of France; {other}, Foreign Minister of Norway"}
    assert speak(MEETING.format(one=one, other=other), **known) == [(one, "FRA"), (other, "NOR")] * 2


@pytest.mark.parametrize("second", ["", " (through an interpreter)"])
def test_the_state_alone_in_brackets_after_a_name_is_the_speakers(second, speak):
    text = MEETING.format(one=f"Ms. NOWY (Poland){second}", other=f"Mr. LUND (the Netherlands){second}")
    assert speak(text) == [("Ms. NOWY", "POL"), ("Mr. LUND", "NLD")] * 2


def test_an_accent_that_is_a_sign_of_its_own_makes_no_other_name(speak):
    text = MEETING.format(one="President E\u0301lie", other="Minister Lund")
    known = {"doc_type": "press", "speakers": "Jean \u00c9lie, President of France; Olaf Lund, Minister of Norway"}
    assert speak(text, **known) == [("President \u00c9lie", "FRA"), ("Minister Lund", "NOR")] * 2


def test_a_name_with_small_words_reports_in_a_record_and_makes_no_label_of_a_sentence(speak):
    head = "MEMORANDUM OF CONVERSATION\n\nSUBJECT: Ships\nDATE: May 5, 1970\nPARTICIPANTS:\n"
    people = "Ann Lee, Secretary of State, United States\nJuan de la Torre, Foreign Minister, Peru\n\n"
    told = (
        "Foreign Minister de la Torre said that Peru would open its harbours to every ship of the coast.\n\n"
        "The Secretary replied that the United States would send its ships there in the summer.\n\n"
        "de la Torre added that the old treaty: Article 5 above all, should stand.\n"
    )
    assert [state for _, state in speak(head + people + told)] == ["PER", "USA", "PER"]


AID = """Department of State, Central Files

MEMORANDUM OF CONVERSATION

DATE: May 4, 1955
SUBJECT: Aid
PARTICIPANTS: Ambassador Munoz of Brazil
Mr. Holland, Assistant Secretary
Mr. Jordan, ARA

Ambassador Munoz said that the road to the north had been open since the end of the rains in March.

Mr. Jordan added that more lorries would come in the summer.

Ambassador Munoz hoped that they would come before the harvest.

Mr. Holland replied that the first of them were on the way.
"""


def test_one_who_is_called_after_a_state_speaks_for_his_own(speak):
    assert speak(AID) == [
        ("Ambassador Munoz", "BRA"),
        ("Mr. Jordan", "USA"),
        ("Ambassador Munoz", "BRA"),
        ("Mr. Holland", "USA"),
    ]


CALLED = """THE WHITE HOUSE

MEMORANDUM OF TELEPHONE CONVERSATION

SUBJECT: Telephone Conversation with President {guest}
{list}DATE: {date}

The President: The harbour is open, and our ships carry your grain from the first of the month on.

President {guest}: We thank you for the ships, and we send you apples and timber for them.
"""
BUSH = "PARTICIPANTS: George Bush, President of the United States\nTodor Velikov, President\n"


@pytest.mark.parametrize(
    ("guest", "people", "date", "actor"),
    [
        ("Ordabayev", "", "June 4, 1992", None),
        ("Nazarbayev", "", "June 4, 1992", "KAZ"),
        ("Velikov", BUSH, "March 2, 1991", None),
        ("Hu", "", "May 3, 2004", "CHN"),
    ],
)
def test_a_president_named_in_the_subject_is_no_american_for_that(guest, people, date, actor, speak):
    found = speak(CALLED.format(guest=guest, list=people, date=date))
    assert found == [("The President", "USA"), (f"President {guest}", actor)]


def test_a_vice_president_with_a_name_is_not_the_records_own_for_that(speak):
    text = (
        "THE WHITE HOUSE\n\nMEMORANDUM OF CONVERSATION\n\nPARTICIPANTS: President {own}\nDATE: May 4, {year}\n\n"
        "President {own}: The harbour is open.\n\nVice President {guest}: We need the ships.\n"
    )
    for own, guest, year, actor in (("Nixon", "Ky", 1969, "RVN"), ("Bush", "Vetrov", 1992, None)):
        found = speak(text.format(own=own, guest=guest, year=year))
        assert found == [(f"President {own}", "USA"), (f"Vice President {guest}", actor)]
    assert speak(text.format(own="Bush", guest="Quayle", year=1992))[1] == ("Vice President Quayle", "USA")


def test_a_title_in_capitals_names_both_sides(speak):
    text = """THE WHITE HOUSE

MEMORANDUM OF CONVERSATION BETWEEN THE PRESIDENT AND PRIME MINISTER SATO AT THE GUEST HOUSE

DATE: November 14, 1967

The President said that the harbour was open and that the ships would sail.

Prime Minister Sato replied that the ships were too small for the grain.

The President noted that there were larger ones.
"""
    assert speak(text) == [("The President", "USA"), ("Prime Minister Sato", "JPN"), ("The President", "USA")]


def test_a_press_conference_that_speaks_of_anothers_ministry_is_its_own_states(speak):
    text = "Press conference\n\nTHE PRESIDENT: The Department of State has called.\n\nQ: When?\n\nTHE PRESIDENT: At noon.\n"
    found = speak(text, doc_type="press", actor="KOR", date="1999-05-03")
    assert [actor for speaker, actor in found if speaker != "Q"] == ["KOR", "KOR"]


def test_a_british_list_gives_downing_street_to_the_united_kingdom(speak):
    text = """10 DOWNING STREET

Present:
Prime Minister
Foreign Secretary
Mr. C D Hale
President Mitterrand
M. Lenoir

The Prime Minister said that the harbour was open and that the ships would sail.

President Mitterrand replied that the ships were too small for the grain.

The Foreign Secretary asked whether there were larger ones.
"""
    found = speak(text, doc_type="memcon", date="1990-01-20")
    assert found == [("The Prime Minister", "GBR"), ("President Mitterrand", "FRA"), ("The Foreign Secretary", "GBR")]


@pytest.mark.parametrize("present", ["{0}\n{1}\nMr. Coles\n{2}\n{3}\n", "{0:45}{2}\n{1:45}{3}\nMr. Coles\n"])
def test_a_letterhead_of_downing_street_is_british_wherever_the_talk_was(present, speak):
    people = ("The Prime Minister", "Foreign and Commonwealth Secretary", "The President", "Mr. Haig")
    text = f"""10 Downing Street

RECORD OF A CONVERSATION BETWEEN THE PRIME MINISTER AND PRESIDENT REAGAN AT THE WHITE HOUSE

Present:
{present.format(*people)}
The Prime Minister said that the harbour was open again, and that the ships would sail as soon as the ice had gone, \
which might be before the end of the month.

President Reagan replied that the ships were too small.

The Foreign Secretary asked whether there were larger ones.

Mr. Haig said that there were.
"""
    found = speak(text, doc_type="memcon", date="1981-02-26")
    assert [actor for _, actor in found] == ["GBR", "USA", "GBR", "USA"]


def test_a_source_named_over_a_statement_is_no_part_of_it_and_does_not_end_it(speak):
    text = (
        "{}Source: Ministry of Foreign Affairs\n\nThe harbour is open again. We thank all those who came to help us.\n"
    )
    for title in ("", "Statement by the Minister\n\n"):
        assert speak(text.format(title), doc_type="press", actor="JPN") == [(None, "JPN")]


def test_the_title_of_a_press_conference_is_no_one_who_takes_part(speak):
    text = "THE PRESIDENT: The harbour is open.\n\nQ: Since when?\n\nTHE PRESIDENT: Since noon.\n"
    for title in ("Presidents News Conference", "Remarks at President Hales Press Conference"):
        found = speak(text, doc_type="speech", actor="USA", date="1999-05-03", title=title, speakers="John Hale")
        assert {actor for speaker, actor in found if speaker == "THE PRESIDENT"} == {"USA"}
