"""What is known of a document: which place wins, and how the actors that it names are led to ids."""

import zipfile

import pytest

from rolecoder.actors import read_actors
from rolecoder.config import Corpus
from rolecoder.errors import RolecoderError
from rolecoder.ingest import ingest
from rolecoder.reading import read_one
from rolecoder.records import Document, Dropped

SPEECH = "We know that the work of peace is slow, and that it is not done by one of us alone but by all of us.\n"
STEPS = {  # what says of title and date, the strongest first, and how the origin names it
    "documents": ("Listed", "1964", "corpus.yaml"),
    "manifest": ("Tabled", "1963", "manifest.csv, row 2"),
    "pattern": ("Named", "1962", "file name ({title}_{year}.md)"),
    "header": ("Headed", "1961", "front matter"),
    "defaults": ("Assumed", "1960", "corpus.yaml, defaults"),
}


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


def read(path, known, **choice):
    found = list(ingest([Corpus(path=path, **choice)], known, ocr="never"))
    return [d for d in found if isinstance(d, Document)], [d for d in found if isinstance(d, Dropped)]


def corpus(folder, steps):
    """A corpus of one text of which each of the steps says something else."""
    head = '---\ntitle: Headed\ndate: "1961"\n---\n\n' if "header" in steps else ""
    (folder / "Named_1962.md").write_text(head + SPEECH)
    (folder / "manifest.csv").write_text("path,title,date\nNamed_1962.md,Tabled,1963\n")
    said = {
        "documents": 'documents: [{path: Named_1962.md, title: Listed, date: "1964"}]',
        "manifest": "manifest: manifest.csv",
        "pattern": 'pattern: "{title}_{year}.md"',
        "defaults": 'defaults: {title: Assumed, date: "1960"}',
    }
    lines = ["name: t", *(line for step, line in said.items() if step in steps)]
    (folder / "corpus.yaml").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize("strongest", STEPS)
def test_what_stands_nearer_to_the_researcher_goes_before_what_the_text_says(tmp_path, actors, strongest):
    steps = list(STEPS)[list(STEPS).index(strongest) :]
    (document,), _ = read(corpus(tmp_path, steps), actors)
    title, date, where = STEPS[strongest]
    assert (document.title, document.date) == (title, date)
    assert (document.origins["title"], document.origins["date"]) == (where, where)


def test_without_any_of_them_nothing_is_known(tmp_path, actors):
    (document,), _ = read(corpus(tmp_path, []), actors)
    assert (document.title, document.date) == (None, None)
    assert document.origins["date"] == "not in corpus.yaml, manifest, file name, header or heading"


def tabled(folder, *rows, head="path,actor,date"):
    """A folder of texts a.txt, b.txt ... that a manifest lists."""
    lines = [head]
    for name, row in zip("abcdef", rows, strict=False):
        (folder / f"{name}.txt").write_text(f"{name}. {SPEECH}")
        lines.append(f"{name}.txt,{row}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_an_actor_is_led_to_its_id_of_the_time_and_the_origin_says_from_what(tmp_path, actors):
    documents, _ = read(tabled(tmp_path, "NOR,1990", "Norway,1990", "Congo,1965", "Congo,1995"), actors)
    assert [d.actor for d in documents] == ["NOR", "NOR", "COD", "COG"]
    assert [d.origins["actor"] for d in documents[:2]] == [
        "manifest.csv, row 2",
        "manifest.csv, row 3: Norway stands for NOR",
    ]
    assert not any(d.mended for d in documents)


def test_what_is_no_actor_is_not_taken_over_and_told_of_with_the_nearest(tmp_path, actors):
    (document,), _ = read(tabled(tmp_path, "Norwey,1990"), actors)
    assert document.actor is None
    assert document.doubts == (document.origins["actor"],)
    assert "manifest.csv, row 2 says 'Norwey', which is no actor; closest is 'NOR'" in document.doubts


def test_two_letters_that_may_be_a_states_are_not_taken_for_a_group(tmp_path, actors):
    documents, _ = read(tabled(tmp_path, "AU,2023", "EC,1980", "EU,2000", "group:African states,2023"), actors)
    assert [d.actor for d in documents] == [None, None, "group:EU", "group:African states"]
    assert documents[0].doubts == (documents[0].origins["actor"],)
    assert "'AU', which may be a state or a group: write three letters" in documents[0].doubts[0]


def test_a_date_that_the_text_or_its_files_name_contradicts_is_told_of(tmp_path, actors):
    texts = {
        "a.txt": "Remarks in Tokyo\nOctober 12, 1990",
        "1990-10-12-b.txt": "",
        "c.txt": "Remarks\nOctober 12, 1990",
    }
    for name, over in texts.items():
        (tmp_path / name).write_text(f"{over}\n\n{name}. {SPEECH}")
    rows = "a.txt,JPN,1980-10-12\n1990-10-12-b.txt,JPN,1991-10-12\nc.txt,JPN,1990-10\n"
    (tmp_path / "manifest.csv").write_text("path,actor,date\n" + rows)
    documents, _ = read(tmp_path, actors)
    doubts = {document.date: " ".join(document.doubts) for document in documents}
    assert "'1980-10-12' and goes first" in doubts["1980-10-12"] and "heading" in doubts["1980-10-12"]
    assert doubts["1991-10-12"].startswith("file name says '1990-10-12', manifest.csv, row 3 says '1991-10-12'")
    assert doubts["1990-10"] == ""


def test_actors_of_participants_are_led_to_ids_as_well(tmp_path, actors):
    (tmp_path / "a.txt").write_text(SPEECH)
    people = "{name: Olaf, actor: Norwegian}, {name: Anna, actor: Atlantis}, {name: Bertil}"
    (tmp_path / "corpus.yaml").write_text(f"name: t\ndocuments: [{{path: a.txt, speakers: [{people}]}}]\n")
    (document,), _ = read(tmp_path, actors)
    assert [person.actor for person in document.participants] == ["NOR", None, None]
    (told,) = document.doubts
    assert told.startswith("corpus.yaml: Anna says 'Atlantis', which is no actor")


def test_a_study_selects_actors_by_their_ids_however_the_corpus_writes_them(tmp_path, actors):
    folder = tabled(tmp_path, "Norway,1990", "SWE,1990", "Atlantis,1990")
    documents, dropped = read(folder, actors, actors=("NOR",))
    assert [d.actor for d in documents] == ["NOR"]
    assert [d.item.rsplit("/")[-1] for d in dropped] == ["b.txt", "c.txt"]
    assert dropped[0].reason.endswith("its actor is SWE")
    assert "its actor is not known (manifest.csv, row 4 says 'Atlantis'" in dropped[1].reason


def test_a_name_of_several_actors_waits_for_the_date_that_the_text_tells(tmp_path, actors):
    (tmp_path / "a.md").write_text(f'---\ndate: "1965"\n---\n\n{SPEECH}')
    (tmp_path / "manifest.csv").write_text("path,actor\na.md,Congo\n")
    (document,), _ = read(tmp_path, actors, actors=("COD",))
    assert (document.actor, document.date) == ("COD", "1965")


def test_the_commands_lead_actors_to_ids_as_well(tmp_path, root):
    tabled(tmp_path, "Norway,1990")
    ((document, _, _),) = read_one(tmp_path / "a.txt", root / "corpora" / "actors.csv", None)
    assert document.actor == "NOR"


def test_a_folder_of_which_nothing_can_be_read_says_why(tmp_path, actors):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(RolecoderError, match="no readable archive"):
        read(tmp_path, actors)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("README.md", "About")
    with pytest.raises(RolecoderError, match=r"describes the corpus, and is no text of it \(1 document\)"):
        read(tmp_path, actors)


HEADED = {
    "fields": "Title: Policy speech to the Diet\nSpeaker: Toshiki Kaifu, Prime Minister\nDate: October 12, 1990\nPlace: Tokyo",
    "lines": "Policy speech to the Diet\n\nTokyo, 12 October 1990",
    "capitals": "POLICY SPEECH BY PRIME MINISTER KAIFU ON THE CRISIS IN THE GULF\n\nOctober 12, 1990",
    "one field": "Policy Speech to the Diet\n\nDATE: 1990-10-12",
    "lines without blanks between": "Policy Speech to the Diet\nToshiki Kaifu\nTokyo\n12th of October 1990",
    "fields without blanks between": "TITLE: POLICY SPEECH\nSPEAKER: Toshiki Kaifu\nDELIVERED: 1990/10/12\nVENUE: Tokyo",
    "the page's own day": "Published 5 June 2019\nPolicy Speech to the Diet\nDelivered October 12, 1990\nRetrieved: May 1, 2020",
    "a day that it speaks of": "Policy Speech After the August 2, 1990 Invasion\n\nOctober 12, 1990",
    "a byline": "Policy Speech to the Diet\nby Toshiki Kaifu\n(October 12, 1990)",
    "a date before it": "October 12, 1990: Policy Speech to the Diet",
}
SAID = (
    "Japan has long sought peace, and it is to be a bridge over which the poor may come to trade with the rich.\n\n" * 3
)


@pytest.fixture
def speech_under(tmp_path, root):
    """Read a speech under what stands over it: the document, its turns, and what is not coded."""

    def read_under(over, name="a.txt"):
        (tmp_path / name).write_text(f"{over}\n\n{SAID}", encoding="utf-8")
        return read_one(tmp_path / name, root / "corpora" / "actors.csv", None)[0]

    return read_under


@pytest.mark.parametrize("form", list(HEADED))
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_the_heading_of_a_speech_gives_title_and_date_and_is_not_coded(speech_under, form, name):
    document, turns, dropped = speech_under(HEADED[form], name)
    assert document.date == "1990-10-12" and document.doc_type == "speech"
    assert document.title and document.title.casefold().startswith("policy speech")
    assert "October" not in document.title and "Kaifu" not in document.title.removesuffix(
        "KAIFU ON THE CRISIS IN THE GULF"
    )
    assert turns[0].text.startswith("Japan has long sought") and "header" in {d.reason for d in dropped}
    assert any(word in document.origins["date"] for word in ("heading", "header", "dateline"))


def test_a_speaker_named_over_a_speech_gives_its_source(speech_under):
    document, turns, _ = speech_under(HEADED["fields"])
    assert document.participants[0].name == "Toshiki Kaifu" and turns[0].actor == "JPN"
    assert speech_under("Country: Japan")[1][0].actor == "JPN"


@pytest.mark.parametrize(
    "over",
    [
        "Policy Speech by Prime Minister Toshiki Kaifu to the Diet",
        "POLICY SPEECH BY PRIME MINISTER KAIFU BEFORE THE DIET",
        "Policy Speech to the Diet\nToshiki Kaifu\nPrime Minister of Japan",
        "Policy Speech to the Diet\nToshiki Kaifu, Prime Minister",
    ],
)
def test_a_known_leader_named_over_a_speech_is_its_speaker(speech_under, over):
    _, turns, _ = speech_under(f"{over}\nOctober 12, 1990")
    assert turns[0].actor == "JPN" and "kaifu" in turns[0].speaker.casefold()


@pytest.mark.parametrize(
    ("over", "source", "speaker"),
    [
        ("Address by Charles de Gaulle", "FRA", "Charles de Gaulle"),
        ("Speech by President Luiz Inácio Lula da Silva at the Summit", "BRA", "President Luiz Inácio Lula da Silva"),
        ("Address by Valéry Giscard d'Estaing", "FRA", "Valéry Giscard d'Estaing"),
    ],
)
def test_a_leader_with_a_small_word_in_his_name_is_known(tmp_path, speech_under, over, source, speaker):
    year = {"BRA": 2023, "FRA": 1975 if "Estaing" in over else 1963}[source]
    _, turns, _ = speech_under(f"{over}\nMay 12, {year}")
    assert (turns[0].actor, turns[0].speaker) == (source, speaker)


def test_the_date_at_the_end_of_a_title_of_two_lines_is_read(speech_under):
    document, _, _ = speech_under(
        "Address by Foreign Secretary Manalo\nat the 58th Regional Dialogue, Jakarta, 14 July 2023"
    )
    assert document.date == "2023-07-14" and document.title.endswith("Regional Dialogue, Jakarta")


@pytest.mark.parametrize(
    "over",
    [
        "Remarks on the Visit of Prime Minister Kaifu",
        "A Talk with Kaifu and Bush",
        "Remarks at a Dinner Hosted by Prime Minister Kaifu in Tokyo",
        "Statement on the Invasion of Kuwait by Saddam Hussein",
        "Saddam Hussein Must Go",
        "Remarks at the Opening\nGeorge Bush Presidential Library",
        "Remarks at the Funeral\nRonald Reagan",
        "Statement by President Bush and Prime Minister Kaifu",
    ],
)
def test_a_leader_of_whom_a_title_speaks_is_not_the_speaker(speech_under, over):
    assert speech_under(f"{over}\n\nOctober 12, 1990")[1][0].actor is None


@pytest.mark.parametrize(
    "first",
    [
        "Mr. President",
        "Distinguished Members of the Assembly",
        "Since Chairman Hale",
        "On behalf of the Foreign",
        "The",
        "We are met in a dark hour",
        "iitir,e .,--71,!- , ,07,iiiiiiiii.Viiai it, '",
        "The attack of September 11, 2001, hurt every one of us deeply.",
    ],
)
def test_a_salutation_or_a_broken_sentence_is_no_title(speech_under, first):
    document = speech_under(first)[0]
    assert document.title is None and document.date is None


def test_the_date_of_which_a_title_speaks_is_not_that_of_the_speech(speech_under):
    document = speech_under("Remarks on the Attacks of September 11, 2001")[0]
    assert document.title == "Remarks on the Attacks of September 11, 2001" and document.date is None


@pytest.mark.parametrize(
    "first",
    [
        "On September 11, 2001, America was attacked\nby terrorists who hate our way of life.",
        "On August 2, 1990, Iraq\ninvaded Kuwait and took it.",
        "On August 2, 1990, Iraq invaded Kuwait and all the world stood up.",
        "Thursday, August 2, 1990, Iraq struck Kuwait\nand the world stood up.",
        "Today, October 12, 1990, Japan stands ready",
        "SPEAKER: The House will come to order.",
        "President: We will not let this stand",
        "President: Have a seat, please.",
        "Posted along our borders, our soldiers keep the peace that others have broken, and we thank them for it.",
        "Copyright is a right of ours, and it must be kept from those who would take it.",
        "Published lies about our nation have spread from door to door.",
        "Country: We love our country",
        "France and Germany\nhave made peace, after three wars.",
        "By God and the People of Poland\nwe have won our freedom.",
        "In the Name of God, the Compassionate, the Merciful",
    ],
)
def test_the_first_words_of_a_speech_are_no_heading(speech_under, first):
    document, _, dropped = speech_under(first)
    assert document.headed == 0 and document.date is None and not document.participants
    assert "header" not in {d.reason for d in dropped}


@pytest.mark.parametrize(
    "over",
    [
        "By Toshiki Kaifu\n{title}",
        "Toshiki Kaifu, Prime Minister of Japan\n\n{title}",
        "October 12, 1990\n{title}",
        "{title}\nSpeaker: Toshiki Kaifu",
        "{title}\n\nTokyo, 12 October 1990",
    ],
)
@pytest.mark.parametrize(
    "title", ["The state of our alliances in the north", "In memory of the old envoy, Anton Walder Jr."]
)
def test_a_title_in_small_letters_beside_a_name_or_a_date_is_no_speech(speech_under, over, title):
    document, turns, dropped = speech_under(over.format(title=title))
    assert turns[0].text.startswith("Japan has long sought")
    left = "".join(document.text[d.start : d.end] for d in dropped if d.reason == "header")
    assert title in left


def test_a_title_may_end_in_an_abbreviation(speech_under):
    document, turns, _ = speech_under("Remarks on the Birthday of Anton Walder, Jr.\nOctober 12, 1990")
    assert (document.title, document.date) == ("Remarks on the Birthday of Anton Walder, Jr.", "1990-10-12")
    assert turns[0].text.startswith("Japan has long sought")


@pytest.mark.parametrize(
    "first", ["On behalf of the towns of the north", "We are met in a dark hour", "Dear friends of Japan"]
)
def test_the_first_words_of_a_speech_under_its_date_are_no_title(speech_under, first):
    document, turns, _ = speech_under(f"October 12, 1990\n\n{first}")
    assert document.title is None and turns[0].text.startswith(first)


@pytest.mark.parametrize(
    ("over", "title", "date"),
    [
        ("Remarks Marking September 11, 2001", "Remarks Marking September 11, 2001", None),
        ("Ten Years Since the Fall of the Wall, November 9, 1989", "Ten Years Since the Fall of the Wall", None),
        ("Policy speech\nOctober 12, 1990", "Policy speech", "1990-10-12"),
        ("Televised address to the nation\n\nOctober 12, 1990, 8:30 p.m.", "Televised address", "1990-10-12"),
        ("Policy Speech\nDelivered on Friday, the 12th day of October, 1990", "Policy Speech", "1990-10-12"),
    ],
)
def test_titles_and_dates_are_what_they_are_said_to_be(speech_under, over, title, date):
    document, _, _ = speech_under(over)
    assert document.title.startswith(title) and document.date == date


def test_the_first_word_of_a_speech_on_a_line_of_its_own_is_no_heading(speech_under):
    over = "Policy Speech\nOctober 12, 1990\n\nWar\nhas come again to our shores."
    document, turns, _ = speech_under(over)
    assert (document.title, document.date) == ("Policy Speech", "1990-10-12") and turns[0].text.startswith("War")


def test_the_day_of_birth_of_whom_a_text_is_headed_by_is_not_its_date(speech_under):
    assert speech_under("George Bush\n(Born June 12, 1924)")[0].date is None


def test_several_speakers_of_a_heading_are_told_apart(speech_under):
    document, turns, _ = speech_under("Speakers: George Bush, Toshiki Kaifu\nDate: October 12, 1990")
    assert [p.name for p in document.participants] == ["George Bush", "Toshiki Kaifu"] and turns[0].actor is None


@pytest.mark.parametrize("written", ["12-03-2004", "31 February 2004", "2004.13.01", "the twelfth of March"])
def test_a_date_over_a_speech_that_is_none_is_left_empty_and_told(tmp_path, actors, written):
    (tmp_path / "a.txt").write_text(f"Speaker: Toshiki Kaifu\nDate: {written}\n\n{SAID}", encoding="utf-8")
    document = read(tmp_path, actors)[0][0]
    assert document.date is None and f"{written!r}, which is no date" in document.origins["date"]


@pytest.mark.parametrize("date", ["2003-02-30", "3003-05-11", "2003-04-31", "1900-02-29"])
def test_a_day_that_the_calendar_has_not_is_no_date_in_a_manifest(tmp_path, actors, date):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text(f"path,date\na.txt,{date}\n")
    document = read(tmp_path, actors)[0][0]
    assert document.date is None and "which is no date" in document.origins["date"]


def test_what_a_manifest_says_goes_before_the_heading(tmp_path, root):
    (tmp_path / "a.txt").write_text(f"{HEADED['fields']}\n\n{SAID}", encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("path,title,date,doc_type\na.txt,Another title,1991-01-01,press\n")
    document = next(d for d in ingest([Corpus(path=tmp_path)], read_actors(root / "corpora" / "actors.csv")))
    assert (document.title, document.date, document.doc_type) == ("Another title", "1991-01-01", "press")


def test_two_rows_of_a_manifest_that_say_different_things_of_a_file_are_an_error(tmp_path, actors):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("path,date\na.txt,1990\na.txt,1990\n")
    assert read(tmp_path, actors)[0][0].date == "1990"
    (tmp_path / "manifest.csv").write_text("path,date\na.txt,1990\na.txt,1991\n")
    with pytest.raises(RolecoderError, match=r"manifest.csv:3: another row of 'a.txt', which says otherwise"):
        read(tmp_path, actors)


def test_the_front_matter_may_name_one_speaker_and_a_slip_in_a_field_is_told(tmp_path, actors):
    (tmp_path / "a.md").write_text(f"---\nspeaker: Toshiki Kaifu\nplcae: Tokyo\nmood: grave\n---\n\n{SAID}")
    document = read(tmp_path, actors)[0][0]
    assert document.participants[0].name == "Toshiki Kaifu"
    assert [told for told in document.doubts if "plcae" in told] and not any("mood" in told for told in document.doubts)


def test_a_date_that_cannot_be_right_is_quoted_where_the_study_selects_by_year(tmp_path, actors):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("path,date\na.txt,203-08-12\n")
    (tmp_path / "b.txt").write_text("We shall keep the peace.", encoding="utf-8")
    with pytest.raises(RolecoderError, match=r"its date is not known .*'203-08-12', which is no date"):
        read(tmp_path, actors, since=1990)


def test_a_type_is_read_however_it_is_written_in_a_manifest(tmp_path, actors):
    (tmp_path / "manifest.csv").write_text("path,doc_type\na.txt,SPEECH\n")
    (tmp_path / "a.txt").write_text(f"{HEADED['lines']}\n\n{SAID}")
    (document,), _ = read(tmp_path, actors)
    assert (document.doc_type, document.date, document.doubts) == ("speech", "1990-10-12", ())


def test_the_byline_of_a_memoir_names_its_author_and_is_not_coded(tmp_path, root):
    (tmp_path / "manifest.csv").write_text("path,doc_type\na.txt,memoir\n")
    (tmp_path / "a.txt").write_text(f"By Karl Moe, Foreign Minister of Norway\n\n{SAID}")
    _, turns, dropped = read_one(tmp_path / "a.txt", root / "corpora" / "actors.csv", None)[0]
    assert [(turn.speaker, turn.actor) for turn in turns] == [("Karl Moe", "NOR")]
    assert [each.reason for each in dropped] == ["header"] and turns[0].text.startswith("Japan has long")


def test_a_row_whose_one_speaker_holds_another_states_office_than_its_actors_is_told_of(tmp_path, actors):
    rows = ('USA,"Karl Moe, Foreign Minister of Norway"', 'NOR,"Karl Moe, Foreign Minister of Norway"', "USA,Karl Moe")
    found, _ = read(tabled(tmp_path, *rows, head="path,actor,speakers"), actors)
    assert [document.actor for document in found] == ["USA", "NOR", "USA"]
    assert [len(document.doubts) for document in found] == [1, 0, 0]
    assert "speaker 'Karl Moe, Foreign Minister of Norway', who is NOR's; the actor goes first" in found[0].doubts[0]


def test_columns_of_a_manifest_that_are_not_read_are_told_of_and_other_names_of_those_that_are_count(tmp_path, actors):
    head = "path,titel,speaker,country,type,actor,name,source"
    (document,), _ = read(tabled(tmp_path, "x,Karl Moe,Norway,speech,,y,z", head=head), actors)
    assert (document.participants[0].name, document.actor, document.doc_type) == ("Karl Moe", "NOR", "speech")
    assert (document.title, document.citation) == (None, None)
    [doubt] = document.doubts
    assert doubt.startswith("manifest.csv: columns that are not read: 'titel', 'name', 'source'; those that are: path,")


def test_front_matter_is_read_under_the_same_names_as_tables(tmp_path, actors):
    front = "author: Karl Moe, Foreign Minister of Norway\ncountry: Norway\nyear: 1990\ntype: speech\nurl: [a, {b: c}]"
    (tmp_path / "a.md").write_text(f"---\n{front}\n---\n\n{SAID}")
    (document,), _ = read(tmp_path, actors)
    [person] = document.participants
    assert (person.name, person.title) == ("Karl Moe", "Foreign Minister of Norway")
    assert (document.actor, document.date, document.doc_type) == ("NOR", "1990", "speech")


def test_a_long_first_line_that_says_by_whom_a_statement_is_is_its_heading(speech_under):
    over = "STATEMENT BY H.E. KARL MOE, PRIME MINISTER OF NORWAY, CHAIR OF THE COUNCIL, ON BEHALF OF THE ASSOCIATION OF THE NORTHERN STATES\n5 May 1990"
    document, turns, _ = speech_under(over)
    assert document.title and document.title.endswith("NORTHERN STATES") and document.doc_type == "speech"
    assert [(turn.actor, turn.text[:5]) for turn in turns] == [("NOR", "Japan")]
