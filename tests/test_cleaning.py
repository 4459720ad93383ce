"""Raw text to the text that is coded: what is joined, what is left out, and the way back."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rolecoder.pages.cleaning import clean
from rolecoder.pages.offsets import Mapped, composed, edited
from rolecoder.pages.paragraphs import flattened
from rolecoder.readers.record import Reading

CALL = """SECRET
                              THE WHITE HOUSE
                                WASHINGTON

MEMORANDUM OF TELEPHONE CONVERSATION

SUBJECT:          Telephone Call with Prime Minister Halvorsen of
                  Norway (U)

PARTICIPANTS:     The President
                  Einar Halvorsen, Prime Minister
                  Notetaker: Mary Olden, NSC

DATE, TIME        May 4, 1990; 10:30 - 10:45 a.m.
AND PLACE:        The Oval Office


The President:    Good morning, Einar. I wanted to talk about
the fisheries and about   the harbour. (U)

Prime Minister Halvorsen:  Good morning. We shall keep the harbour open and
see to it that the (¢)                                          DECLASSIFIED
ships                                                        PER E.O. 12958
SECRET
Declassify on: OADR
\f                                SECRET    2

are escorted on their way through the straits. ({f)

The President: That is good news. (U)
"""


def text_of(raw, **fields):
    return clean(Reading(raw=raw, **fields)).mapped.text


def paragraphs(raw, **fields):
    return text_of(raw, **fields).split("\n\n")


def assert_leads_back(raw, mapped):
    """Every character that was copied stands where the map says; offsets never run backwards."""
    places = [mapped.source(at) for at in range(len(mapped.text))]
    assert places == sorted(places)
    assert all(0 <= place <= len(raw) for place in places)
    return [at for at, place in enumerate(places) if mapped.text[at] != raw[place : place + 1]]


def test_a_call_keeps_its_words_and_loses_its_furniture():
    found = paragraphs(CALL)
    assert found == [
        "THE WHITE HOUSE",
        "WASHINGTON",
        "MEMORANDUM OF TELEPHONE CONVERSATION",
        "SUBJECT: Telephone Call with Prime Minister Halvorsen of Norway",
        "PARTICIPANTS: The President",
        "Einar Halvorsen, Prime Minister",
        "Notetaker: Mary Olden, NSC",
        "DATE, TIME May 4, 1990; 10:30 - 10:45 a.m.",
        "AND PLACE: The Oval Office",
        "The President: Good morning, Einar. I wanted to talk about the fisheries and about the harbour.",
        "Prime Minister Halvorsen: Good morning. We shall keep the harbour open and see to it that the (¢) ships are "
        "escorted on their way through the straits.",
        "The President: That is good news.",
    ]


def test_what_was_repaired_is_told_with_counts():
    told = dict(item.rsplit(": ", 1) for item in clean(Reading(raw=CALL)).mended)
    assert int(told["classification marks"]) >= 3
    assert int(told["stamps"]) >= 4
    assert int(told["lines joined"]) >= 4


@pytest.mark.parametrize("mark", ["-(6 )—", "• (-C)-", "4^-)", ".(f),", "- (C >-", "(U)"])
def test_a_mark_that_was_misread_in_scraps_is_taken_from_the_end_of_what_is_said(mark):
    text = CALL.split("Prime Minister Halvorsen:  Good")[0]
    said = "Einar Halvorsen:  We shall keep the harbour open (if we can). Good. "
    cleaned = clean(Reading(raw=f"{text}{said}{mark}\n\nThe President:    Thank you. (U)\n"))
    assert "We shall keep the harbour open (if we can). Good.\n" in cleaned.mapped.text


def test_the_head_of_a_page_of_a_cable_is_left_out_and_the_sentence_around_it_goes_on():
    raw = "WE SHALL OPEN THE HARBORS OF THE NORTH\nPAGE 02        STATE 05508  01 OF 07  131610Z\nBEFORE THE END OF THE MONTH OF MAY.\nTEXT OF TELEGRAM 86STATE0005508 374\n"
    cleaned = clean(Reading(raw=raw))
    assert (
        cleaned.mapped.text.split()
        == "WE SHALL OPEN THE HARBORS OF THE NORTH BEFORE THE END OF THE MONTH OF MAY.".split()
    )
    assert (
        text_of("PAGE 02 of the letter speaks of the state of 1925 ships.")
        == "PAGE 02 of the letter speaks of the state of 1925 ships."
    )


def test_a_blank_that_was_lost_before_an_abbreviation_is_put_back():
    cleaned = clean(Reading(raw="We spoke of theUSSR and ofNATO. The iPhone of the Uno stays."))
    assert cleaned.mapped.text == "We spoke of the USSR and of NATO. The iPhone of the Uno stays."
    assert cleaned.mended == ("blanks put back before abbreviations: 2",)


def test_marks_in_brackets_stay_in_papers_without_stamps():
    raw = "The tax falls on three kinds of goods. (a)\n\nThe union (U) of both houses was carried.\n"
    assert text_of(raw) == raw.strip()


def test_a_paragraph_a_line_stays_one_and_a_broken_sentence_is_resumed():
    raw = (
        "My country has always looked to the sea, and to those who live by the sea for their bread.\n"
        "We therefore ask the Assembly to consider what becomes of a nation without\n \nharbours of its own.\n"
        "Thank you.\n"
    )
    assert paragraphs(raw) == [
        "My country has always looked to the sea, and to those who live by the sea for their bread.",
        "We therefore ask the Assembly to consider what becomes of a nation without harbours of its own.",
        "Thank you.",
    ]


WRAPPED = """We have come to this Assembly as the friends of
all who wish to live in peace with their neighbours,
and we bring the greetings of a people that has
known war in its own towns and in its own fields.
The work of peace is slow.
Nobody should expect that a treaty which was broken
for thirty years can be mended in an afternoon, and
my Government does not expect it. It asks for a first
step, and it will take that step together with those
who are willing.
Let me turn to the question of the river. It rises in
our mountains and runs to the sea through the lands of
three of our neighbours, each of which needs its water.
"""


def test_hard_wrapped_lines_without_blank_lines_part_at_short_last_lines():
    starts = [paragraph.split(" ")[:3] for paragraph in paragraphs(WRAPPED)]
    assert starts == [["We", "have", "come"], ["Nobody", "should", "expect"], ["Let", "me", "turn"]]
    assert text_of(WRAPPED).split() == WRAPPED.split()


def test_indented_lines_begin_paragraphs_where_no_blank_lines_do():
    lines = WRAPPED.splitlines()
    lines[5], lines[10] = " " + lines[5], " " + lines[10]
    found = paragraphs("\n".join(lines))
    assert any(each.startswith("Nobody should") for each in found)
    assert any(each.startswith("Let me turn") for each in found)


def test_windows_line_ends_count_as_one_break():
    assert text_of(WRAPPED.replace("\n", "\r\n")) == text_of(WRAPPED)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("the new govern-", "ment of the republic", "the new government of the republic"),
        ("the Secretary-", "General of this house", "the Secretary-General of this house"),
        ("a treaty on non-", "proliferation of arms", "a treaty on non-proliferation of arms"),
        ("of self-", "determination for all", "of self-determination for all"),
        ("a man-of-", "war in the harbour", "a man-of-war in the harbour"),
        ("of all self-govern-", "ment in the town", "of all self-government in the town"),
    ],
)
def test_words_divided_at_a_line_end_are_mended(first, second, whole):
    pad = "We shall not tire of saying to everybody who will hear it that"
    raw = f"{pad}\n{pad.lower()} {first}\n{second} {pad.lower()}\n{pad.lower()} it.\n"
    assert whole in text_of(raw)


@pytest.mark.parametrize(
    ("flat", "mended"),
    [
        ("a treaty on non- proliferation of arms", "a treaty on non-proliferation of arms"),
        ("the Secretary- General; the Secretary-General", "the Secretary-General; the Secretary-General"),
        ("the new govern- ment of the republic", "the new government of the republic"),
        ("before the pre- and post-war years", "before the pre- and post-war years"),
        ("we want freedom- they do not", "we want freedom- they do not"),
        ("an end - an end at last - to war", "an end - an end at last - to war"),
    ],
)
def test_words_divided_at_a_line_end_that_became_a_blank_are_mended_where_it_is_plain_how(flat, mended):
    assert edited(flat, flattened(flat)).text == mended


def test_a_hyphen_that_the_text_uses_elsewhere_stays():
    pad = "we ask for the co-operation of all, and again for that same thing"
    raw = f"We say that {pad}\nand that without the co-\noperation of all {pad}\nnothing can be done by us at all.\n"
    assert "without the co-operation of all" in text_of(raw)


def test_page_numbers_and_foot_lines_inside_a_sentence_are_left_out():
    raw = (
        "We ask every member of this body to weigh its vote with\ncare, for it will "
        "bind our children and those\n17\n\n\n"
        "of our neighbours, who have no voice in this hall and\nwho must live with what it does.\nA/51/PV.9\n"
    )
    assert text_of(raw) == (
        "We ask every member of this body to weigh its vote with care, for it will bind our children and those of our "
        "neighbours, who have no voice in this hall and who must live with what it does."
    )


def test_numbers_that_count_up_at_the_start_of_paragraphs_are_left_out():
    raw = "".join(f"{n}.\tThis is paragraph with the sense of number {n} in it.\n" for n in range(30, 40))
    assert all(each.startswith("This is") for each in paragraphs(raw))


def test_a_lone_number_at_the_start_of_a_paragraph_stays():
    assert text_of("1914. It was the year of the war.\n\nNobody forgot it.\n").startswith("1914. It was")
    assert text_of("3. Nothing else was said there.\n\nNobody forgot it.\n").startswith("3. Nothing")


def test_letter_spaced_words_are_put_together():
    raw = "P r e s i d e n t   H a l v o r s e n :   W e   k n o w .\n" + "\n".join(
        " ".join("wewillkeeptheharbouropenforyourshipsandforourown") + " ." for _ in range(14)
    )
    text = text_of(raw)
    assert "we will keep the harbour open for your ships and for our own" in text
    assert "p e n" not in text


def test_characters_are_mended():
    raw = (
        "\ufeffThe peopleâ€™s house\xa0stands. The “wall” and the ﬁrst stone.\n\nA co\u00adlour and a pro¬gram.\n\n"
        "In Вerlin they wait.\n"
    )
    assert text_of(raw) == (
        "The people’s house stands. The “wall” and the first stone.\n\nA colour and a program.\n\nIn Berlin they wait."
    )


def test_bytes_of_windows_1252_read_as_latin_1_are_mended():
    raw = b"The people\x92s \x93house\x94 stands.".decode("latin-1")
    assert text_of(raw) == "The people’s “house” stands."
    raw = b"We came \x85 we saw\x85 and we left.".decode("latin-1")
    assert text_of(raw) == "We came … we saw… and we left."


def test_words_in_other_scripts_are_left_alone():
    raw = "Москва и Ελλάδα, and Düsseldorf, Århus, Ñandú.\n"
    assert text_of(raw) == raw.strip()


def test_gutenberg_header_and_licence_are_left_out():
    raw = (
        "The Project Gutenberg EBook of A Life\n\n*** START OF THIS PROJECT GUTENBERG EBOOK A LIFE ***\n\n"
        "Produced by Ann\n\n"
        "CHAPTER I\n\nI was born by the sea.\n\nEnd of the Project Gutenberg EBook\n\n"
        "*** END OF THIS PROJECT GUTENBERG EBOOK A LIFE ***\nlicence\n"
    )
    assert paragraphs(raw) == ["CHAPTER I", "I was born by the sea."]


def test_a_licence_at_the_end_is_left_out_where_no_header_stands_before_the_text():
    talk = "We keep the harbour open.\n\n" * 300
    licence = "Keep these terms with the work.\n" * 200 + "*** END: FULL LICENSE *** (Project Gutenberg)\n"
    text = text_of(f"{talk}***END OF THE PROJECT GUTENBERG EBOOK A LIFE***\n{licence}")
    assert text == talk.strip()


def test_emphasis_around_a_label_and_the_blank_after_it_is_taken_out():
    assert text_of("**Mr. Lund: **No, we do not.") == "Mr. Lund: No, we do not."


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("We *must* keep it, and *we shall keep it.*", "We must keep it, and we shall keep it."),
        ("**We begin here. **Nous voilà.", "We begin here. Nous voilà."),
        ("Four * five, the quay* and the mill*.", "Four * five, the quay* and the mill*."),
        ("\\-- a mill, which \\-- I said", "-- a mill, which -- I said"),
        ("1\\. We keep the peace.", "1. We keep the peace."),
        ("It runs. (Laughter and applause.) We keep it [laughter] and mend it.", "It runs. We keep it and mend it."),
        ("Q (Laughter.)", "Q (Laughter.)"),
    ],
)
def test_marks_of_markdown_and_what_the_hall_did_are_no_words(raw, meant):
    assert text_of(raw) == meant


def test_a_paragraph_number_with_one_sign_misread_is_taken_out_between_its_neighbours():
    numbers = ["11.", "12.", "1>.", "14.", "15*", "16.", "17."]
    raw = "\n\n".join(f"{number} We keep the harbour open to all." for number in numbers)
    assert paragraphs(raw) == ["We keep the harbour open to all."] * 7


def test_a_figure_with_which_a_paragraph_begins_is_kept():
    raw = "\n\n".join(f"{n}. We keep the harbour open." for n in (11, 12, 13, 15, 16))
    raw = raw.replace("15.", "4000 Ships came in.\n\n15.")
    assert "4000 Ships came in." in paragraphs(raw)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("We sup-port the har-bour and the fisher-men.", "We support the harbour and the fisher-men."),
        ("A re-entry, a ship-building yard, a co-operation.", "A re-entry, a ship-building yard, a co-operation."),
        ("The be-tween, and again the be-tween.", "The be-tween, and again the be-tween."),
    ],
)
def test_a_word_that_the_page_divided_inside_a_line_is_put_together_where_its_halves_are_no_words(raw, meant):
    assert text_of(raw) == meant


SAID = [
    "We ask the town and every Member",
    "State that is with us here to keep",
    "its word to all the ships and to",
    "the boats of the North Sea and of",
]
LAST = "the harbour that is ours to keep."


def test_a_sentence_is_put_together_over_blank_lines_where_they_part_lines_too():
    raw = "\n\n".join([*SAID, LAST]) + "\n\n" + "\n".join([*SAID, LAST]) + "\n\n"
    assert paragraphs(raw * 4) == [" ".join([*SAID, LAST])] * 8


def test_a_heading_stands_alone_where_blank_lines_part_paragraphs_only():
    raw = "\n\n".join(["What we ask of every single Member", "\n".join([*SAID * 2, LAST])] * 3)
    assert paragraphs(raw)[0] == "What we ask of every single Member"


def test_headings_in_small_letters_right_above_their_text_stand_alone():
    heads = ["The old alliances", "Of Anton Walder Jr."]
    body = "\n".join([*SAID * 2, "the harbour."])
    for gap in ("\n\n", "\n"):
        raw = gap.join(f"{head}\n{body}" for head in heads)
        assert paragraphs(raw) == [part for head in heads for part in (head, body.replace("\n", " "))]


def test_one_short_line_above_a_sentence_and_verse_are_no_headings():
    body = "\n".join([*SAID * 2, LAST])
    raw = f"{body}\n\nTwenty years ago\n{body}\n\n{body}"
    assert paragraphs(raw)[1].startswith("Twenty years ago We ask the town")
    verse = "\n".join(["The boats of the bay", "The boats of the sea", "The song of the shore", "The wind and the lea"])
    assert paragraphs(f"{body}\n\n{verse}\n\n{body}")[1].startswith("The boats of the bay The boats of the sea")


def test_running_heads_are_left_out_save_the_first_which_may_be_the_title():
    pages = [
        f"MY LIFE AT SEA {n}\nOn the day number {n} we sailed on and saw no land at all\nuntil the evening came.\n"
        for n in range(9)
    ]
    assert text_of("\f".join(pages)).count("MY LIFE") == 1


def test_the_line_over_each_page_of_a_short_paper_is_a_running_head():
    pages = [
        f"MINISTRY OF TRADE\nOn the day number {n} we sailed on and saw\nno land until the evening came\n"
        for n in "abc"
    ]
    for some in (pages, pages[:2]):
        assert text_of("\f".join(some)).count("MINISTRY") == 1
    assert text_of("\f".join([*pages[:2], pages[2].replace("OF TRADE", "")])).count("MINISTRY") == 3


def test_labels_begin_paragraphs_even_where_no_blank_line_does():
    raw = (
        "Y:  We need the harbour before the winter comes and the\n    ice closes it to every ship that we have.\n"
        "H:  I know that. We will do what we can before the first\n    frost, but you must send the pilots.\n"
        "Y:  They are on their way.\nH:  Good.\n"
    )
    assert [each[:2] for each in paragraphs(raw)] == ["Y:", "H:", "Y:", "H:"]


WALKS = "We walked along the quay until the ice had gone from the river and then"


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("we all went down to", "Aalborg; nobody had told us"),
        ("nothing was wanting in the", "South Harbour: nobody had told us"),
        ("they all voted for Stephen", "A. Holm, whom nobody had told"),
    ],
)
def test_what_looks_like_a_label_begins_no_paragraph_in_the_midst_of_a_sentence(end, start):
    one = f"{WALKS}\n{WALKS.lower()} {end}\n{start} of it in the winter, and so we were not glad\nto hear it.\n"
    assert len(paragraphs(f"{one}\n{one}\n{one}")) == 3


def test_a_sentence_goes_on_after_a_short_line_that_ends_in_an_article():
    one = f"{WALKS}\n{WALKS.lower()} the boats\nlay still. The\nMayor saw them {WALKS.lower()}\nwent home.\n"
    assert len(paragraphs(f"{one}\n{one}\n{one}")) == 3


def test_paragraphs_of_a_format_with_markup_are_taken_as_they_are():
    raw = "First\n\nsecond of them without an end\n\nand a third."
    assert paragraphs(raw, layout="paragraphs") == ["First", "second of them without an end", "and a third."]


def test_a_sentence_that_a_picture_parts_is_put_together_in_a_format_with_markup():
    first = f"{WALKS} we went down to the bridge and to the old customs house of the"
    rest = f"Harbour and saw the boats lie still. {WALKS}."
    assert len(paragraphs(f"{first}\n\n{rest}", layout="paragraphs")) == 1
    assert len(paragraphs(f"{first} town,\n\nwhere {rest}", layout="paragraphs")) == 1
    for apart in (f"{first} town;\n\nwhere {rest}", f"{first} town\n\n{rest}", f"{first}\n\n{rest.upper()}"):
        assert len(paragraphs(apart, layout="paragraphs")) == 2


def test_omitted_spans_are_no_text_but_stay_in_raw():
    raw = "The river [a note here] rises."
    cleaned = clean(Reading(raw=raw, omit=((9, 23),)))
    assert cleaned.mapped.text == "The river rises."
    assert raw[cleaned.mapped.source(10)] == "r"


ODD = string.ascii_letters + "  \n\n\n\t\r\f.,:;-()[]0123456789\ufeff\xa0\xad¬ﬁ’“”âÂ€*_\x92\u2028"
RAW = st.text(alphabet=ODD, max_size=400) | st.lists(
    st.sampled_from(
        [
            "The President:",
            "we",
            "govern-",
            "ment.",
            "(U)",
            "SECRET",
            "12",
            "\n",
            "\n\n",
            "\f",
            "\t",
            "P r e s",
            "1.",
            "Co-",
        ]
    ),
    max_size=80,
).map(" ".join)


@given(raw=RAW)
def test_every_character_leads_back_to_raw(raw):
    mapped = clean(Reading(raw=raw)).mapped
    changed = assert_leads_back(raw, mapped)
    assert all(
        mapped.text[at].isspace() or mapped.text[at] in "fi’“”-ŠŽ" or not mapped.text[at].isascii() for at in changed
    )


@example(raw="0\xc2\x92\ufeff")
@given(raw=RAW)
def test_paragraphs_are_parted_by_one_blank_line_and_hold_no_break(raw):
    text = text_of(raw)
    assert text == text.strip()
    for paragraph in text.split("\n\n") if text else []:
        assert paragraph and paragraph == paragraph.strip()
        assert not set(paragraph) & set("\n\r\f\v\ufeff\xa0\t")
        assert "  " not in paragraph


@given(raw=RAW)
def test_no_word_comes_from_nowhere(raw):
    assert len("".join(text_of(raw).split())) <= len("".join(raw.split())) + 3 * raw.count("ﬁ") + raw.count("â")


EDITS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("xyz", max_size=9)), max_size=6)


@given(source=st.text("abc ", max_size=30), first=EDITS, second=EDITS)
def test_maps_compose(source, first, second):
    def cut(text, edits):
        return [(a, min(a + n, len(text)), w) for a, n, w in edits if a <= len(text)]

    inner = edited(source, cut(source, first))
    outer = edited(inner.text, cut(inner.text, second))
    both = composed(outer, inner)
    assert both.text == outer.text
    assert [both.source(at) for at in range(len(both.text))] == [
        inner.source(outer.source(at)) for at in range(len(outer.text))
    ]


def test_pages_lead_to_the_text_that_begins_there():
    mapped = edited("abc   def", [(3, 6, " ")])
    assert mapped == Mapped("abc def", ((0, 0), (4, 6)))
    assert mapped.places([0, 4, 6, 9]) == [0, 4, 4, 7]


def test_heads_of_united_nations_records_are_no_text_even_at_the_beginning_of_a_line():
    raw = (
        "We came here in peace, and we shall go\n12\nGeneral Assembly 21st plenary meeting\n"
        "Forty-eighth session 11 October 1993\nhome in peace.\n28/28 16-29559 The harbour is open to all of you.\n"
    )
    text = clean(Reading(raw=raw)).mapped.text
    assert "plenary" not in text and "session" not in text and "29559" not in text
    assert "The harbour is open" in text
    assert (
        "meeting" in clean(Reading(raw="The 21st plenary meeting was long. It was a meeting of friends.")).mapped.text
    )


def test_a_word_that_was_divided_at_a_line_that_is_no_more_is_put_together():
    raw = "We stand for self- determination. The deter- mination is ours; our determination is firm. Pre- and post-war aid."
    cleaned = clean(Reading(raw=raw))
    assert cleaned.mapped.text.startswith("We stand for self-determination. The determination is ours")
    assert "Pre- and post-war" in cleaned.mapped.text
    assert any("words divided" in said for said in cleaned.mended)


def test_applause_between_two_sentences_without_blanks_leaves_one_blank():
    assert "win. We will" in text_of("We will win.(Applause)We will not yield.\n")
