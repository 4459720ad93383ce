"""Memoirs: whose words a book holds.  Every text here is invented, in the manner of the kind."""

from dataclasses import replace

import pytest

from rolecoder.actors import read_actors
from rolecoder.pages.cleaning import clean
from rolecoder.readers.pagemarks import with_page_marks
from rolecoder.readers.record import Reading
from rolecoder.records import Document, Participant
from rolecoder.turns import read_turns

PROSE = (
    "In those years the river froze each winter and the boats lay still along the quay, while my father counted "
    "what the summer had brought and what the spring would cost us, and we children listened to him and learned "
    "to count as well as he did."
)
LONG = (
    "We shall keep the harbour open through the winter whatever the ministry decides, since the boats must sail, "
    "the grain must come in, and nobody in this town has ever yet been fed by a decree that was written two "
    "hundred miles away by men who never saw the ice."
)
SHORT = "No boat shall leave the harbour before the ice has gone from the river and the pilots have all come home"


@pytest.fixture(scope="module")
def actors(root):
    return read_actors(root / "corpora" / "actors.csv")


def whole(*paragraphs, **more):
    text = "\n\n".join(paragraphs)
    author = Participant(name="Anna Berg", actor="DNK")
    more = {"raw": text, "date": "1895", **more}
    return Document(
        document_id="d", text=text, doc_type="memoir", path="d.txt", sha256="0", participants=(author,), **more
    )


def book(*paragraphs):
    return whole("CHAPTER I", PROSE, PROSE, *paragraphs, PROSE)


def speakers(document, actors, words):
    """Who is given the words, with the state; the reason where they are no one's speech."""
    turns, dropped = read_turns(document, actors)
    place = document.text.index(words)
    out = [d.reason for d in dropped if d.start <= place < d.end]
    return out or [(t.speaker, t.actor) for t in turns if t.start <= place < t.end]


AUTHOR = [("Anna Berg", "DNK")]
NOBODY = [(None, None)]


def test_a_quotation_in_a_paragraph_is_that_of_the_one_named_before_it(actors):
    document = book(f"Late that evening Mr. Lund said to us: “{LONG}” Nobody answered him.")
    assert speakers(document, actors, "keep the harbour") == [("Mr. Lund", None)]
    assert speakers(document, actors, "Late that evening") == AUTHOR
    assert speakers(document, actors, "Nobody answered") == AUTHOR


def test_a_quotation_is_that_of_the_one_named_after_it(actors):
    document = book(f"“{LONG[:-1]},” replied the French Ambassador, who had risen.")
    assert speakers(document, actors, "keep the harbour") == [("French Ambassador", "FRA")]


def test_what_the_author_said_stays_the_authors(actors):
    for lead in (
        "I said to them all:",
        "My reply was as follows:",
        "I turned to Captain Lund, who stood near, and said:",
    ):
        assert speakers(book(f"{lead} “{LONG}”"), actors, "keep the harbour") == AUTHOR


def test_a_quotation_without_a_name_near_is_nobodys(actors):
    assert (
        speakers(book(f"On the wall of the customs house there hung a notice: “{LONG}”"), actors, "keep the") == NOBODY
    )


def test_a_pronoun_is_led_back_to_a_name_only_where_no_other_stands_near(actors):
    talk = ["In time Lund replied, and then Lund went.", "In time Quist replied, and then Quist went."]
    one = book(
        *talk, f"In the morning we met Lund at the quay. He was angry. “That is absurd,” he said. “{LONG}” We left."
    )
    two = book(*talk, f"In the morning we met Lund and Quist there. “That is absurd,” he said. “{LONG}” We left.")
    assert speakers(one, actors, "keep the harbour") == [("Lund", None)]
    assert speakers(two, actors, "keep the harbour") == NOBODY


def test_whose_letters_vexed_him_is_not_the_one_who_speaks_next(actors):
    talk = ["In time Lund replied, and then Lund went."]
    vexed = book(*talk, f"Lund's letters had caused him much grief. “That is absurd,” he said. “{LONG}” We left.")
    assert speakers(vexed, actors, "keep the harbour") == NOBODY
    glad = book(*talk, f"Lund's manner changed at once. “That is absurd,” he said. “{LONG}” We left.")
    assert speakers(glad, actors, "keep the harbour") == [("Lund", None)]


def test_a_turn_of_a_conversation_is_one_voices_with_the_words_that_name_it(actors):
    answer = "“You may take the boats,” said Baron Lund, “but you will never bring them home before the spring.”"
    document = book(
        answer, "“And yet I shall try it before the week is out, with or without your consent,” I answered."
    )
    assert speakers(document, actors, "“You may") == speakers(document, actors, "said Baron") == [("Baron Lund", None)]
    assert speakers(document, actors, "And yet I shall") == AUTHOR


def test_an_answer_without_a_name_is_not_given_to_the_speaker_before_it(actors):
    asked = "“Will you let the boats go out before the ice has gone from all the river?” I asked."
    document = book(asked, "“They will go when the pilots tell me so, and not an hour before that, as you know.”")
    assert speakers(document, actors, "They will go") == NOBODY


def test_a_quotation_over_paragraphs_that_each_open_with_a_mark_is_one_voices(actors):
    document = book("Mr. Lund wrote as follows:", f'"{LONG}', f'"{SHORT}."', "That was all.")
    assert speakers(document, actors, "No boat shall") == [("Mr. Lund", None)]
    assert speakers(document, actors, "That was all") == AUTHOR


def test_one_mark_may_serve_for_both_ends_of_a_quotation(actors):
    assert speakers(book(f"Then Mr. Lund said: ”{LONG}” We left."), actors, "keep the") == [("Mr. Lund", None)]


def test_the_state_of_one_quoted_is_read_off_the_office_that_the_book_gives_him(actors):
    document = book("There I met Baron Lund, the Swedish Minister, and his wife.", f"Baron Lund said: “{LONG}”")
    assert speakers(document, actors, "keep the harbour") == [("Baron Lund", "SWE")]
    away = book("There I met Baron Lund, the Minister to Sweden, and his wife.", f"Baron Lund said: “{LONG}”")
    assert speakers(away, actors, "keep the harbour") == [("Baron Lund", None)]


def test_a_leader_quoted_may_have_left_office_before_the_book_came_out(actors):
    lead = f"The next morning President Wilson said: “{LONG}” Nobody answered him."
    for date in ("1923", "1985"):  # Harold Wilson was no President
        document = whole("CHAPTER I", PROSE, lead, PROSE, date=date)
        assert speakers(document, actors, "keep the harbour") == [("President Wilson", "USA")]


def test_a_place_is_not_taken_for_a_speaker(actors):
    document = book("We walked to Quistby and back from Quistby.", f"I have here the report from Quistby: “{LONG}”")
    assert speakers(document, actors, "keep the harbour") == NOBODY


LETTER = ["AALBORG, May 3, 1890.", "SIR:", f"{LONG}", "I am, Sir, your obedient servant,", "O. LUND, Captain."]


def test_a_letter_needs_no_announcement_where_it_has_a_head_and_a_signature(actors):
    document = book(*LETTER, "TO THE HARBOUR MASTER.")
    assert speakers(document, actors, "AALBORG") == [("O. Lund", None)]
    assert speakers(document, actors, "keep the harbour") == [("O. Lund", None)]


def test_a_letter_that_the_author_signed_is_the_authors(actors):
    for signature in ("ANNA BERG.", "(Signed) A. BERG, Minister.", "Anna Berg."):
        assert speakers(book(*LETTER[:-1], signature), actors, "keep the harbour") == AUTHOR
    assert speakers(book(*LETTER[:-1], "NIELS BERG."), actors, "keep the harbour") == [("Niels Berg", None)]


def test_whom_a_letter_went_to_did_not_sign_it(actors):
    ending = "I am, Sir, your obedient servant, O. LUND, Captain. MAJOR-GENERAL P. QUIST."
    assert speakers(book(*LETTER[:3], ending), actors, "keep the harbour") == [("O. Lund", None)]


def test_a_letter_under_a_heading_that_names_its_writer_is_his(actors):
    document = book("LETTER FROM GENERAL QUIST", LONG, SHORT + ".", "CHAPTER II", PROSE)
    assert speakers(document, actors, "keep the harbour") == [("General Quist", None)]
    assert speakers(book("FROM THE RIVER TO THE SEA", LONG), actors, "keep the harbour") == AUTHOR


def test_a_note_in_brackets_is_set_apart_within_the_sentence_and_over_paragraphs(actors):
    document = book(
        f"The mayor [Footnote: He died later.] was there. {PROSE} [Footnote 2: {SHORT}.\n\n{LONG}] And so on."
    )
    turns, dropped = read_turns(document, actors)
    notes = [document.text[d.start : d.end] for d in dropped if d.reason == "footnote"]
    assert notes[:1] == ["[Footnote: He died later.]"]
    assert speakers(document, actors, "keep the harbour") == ["footnote"]
    assert speakers(document, actors, "And so on") == AUTHOR
    assert len([t for t in turns if t.speaker == "Anna Berg"]) == 1


def test_a_paragraph_with_an_asterisk_is_a_note_where_one_leads_to_it(actors):
    assert speakers(book("The old quay * was burnt.", "* It was built again later."), actors, "It was built") == [
        "footnote"
    ]
    assert speakers(book("The old quay was burnt.", "* It was built again later."), actors, "It was built") == AUTHOR


def test_a_note_runs_on_over_the_letter_that_it_announces(actors):
    document = book("The quay[1] was burnt.", "[1] The mayor wrote to me then:", f"“{SHORT}.”", "We went on.")
    assert speakers(document, actors, "No boat shall") == ["footnote"]
    assert speakers(document, actors, "We went on") == AUTHOR


def test_notes_at_the_end_are_notes_to_the_last_paragraph(actors):
    notes = ["FOOTNOTES", "(*1) The bridge is gone.", *LETTER, PROSE, "(*2) The quay too.", PROSE, PROSE]
    assert speakers(book(*[PROSE] * 8, *notes), actors, "keep the harbour") == ["footnotes"]


def test_notes_whose_heading_was_taken_out_as_a_running_head_are_still_notes(actors):
    text = "\n\n".join(["CHAPTER I", PROSE, PROSE, PROSE, SHORT + "."])
    raw = text.replace(SHORT, "FOOTNOTES\n\n" + SHORT)
    at, lost = text.index(SHORT), len("FOOTNOTES\n\n")
    pages = ((0, "1"), (at, "2"))
    document = whole(text, raw=raw, breaks=((0, 0), (at, at + lost)), pages=pages)
    assert speakers(document, actors, SHORT) == ["footnote"]


def test_a_caption_that_interrupts_a_sentence_is_no_part_of_it(actors):
    document = book(
        f"We walked to the quay, or [Illustration: THE QUAY\n\nIn the year of the ice] to the bridge. {PROSE}"
    )
    assert speakers(document, actors, "In the year of the ice") == ["caption"]
    assert speakers(document, actors, "to the bridge") == AUTHOR


def test_a_preface_that_names_the_author_is_not_the_authors(actors):
    told = "Mrs. Berg kept her papers in order, and in them Berg tells of it all."
    document = whole("PREFACE", f"{LONG} {told}", "CHAPTER I", *[PROSE] * 3)
    assert speakers(document, actors, "keep the harbour") == ["front matter"]


def test_what_project_gutenberg_puts_around_a_book_is_not_the_authors(actors):
    head = f"This book is free. *** START OF THIS PROJECT GUTENBERG EBOOK A LIFE *** {SHORT}"
    foot = f"End of Project Gutenberg's A Life, by Anna Berg {LONG}"
    document = whole(head, "CHAPTER I", *[PROSE] * 8, foot)
    assert speakers(document, actors, "keep the harbour") == ["Project Gutenberg's header and licence"]
    assert speakers(document, actors, "No boat shall") == ["Project Gutenberg's header and licence"]


def test_the_summary_under_a_chapters_heading_is_a_heading_too(actors):
    document = book(
        "CHAPTER II", "THE QUAY AND THE RIVER IN THE YEAR OF ICE--A WALK TO THE BRIDGE --WHAT THE MAYOR SAID.", PROSE
    )
    assert speakers(document, actors, "A WALK") == ["heading"]


def test_the_day_over_an_entry_of_a_diary_is_a_heading(actors):
    assert speakers(book("April 2.", SHORT + "."), actors, "April 2.") == ["heading"]
    assert speakers(book("April 2 was the day on which the ice broke."), actors, "April 2") == AUTHOR


def pages(mark, numbers):
    raw = "\n\n".join(f"{PROSE} {PROSE} {mark.format(n)} {PROSE}" for n in numbers)
    return with_page_marks(Reading(raw=raw))


@pytest.mark.parametrize("mark", ["[Pg {}]", "{{{}}}", "[{}]", "[p. {}]"])
def test_page_numbers_in_a_plain_text_are_kept_as_pages_and_taken_out_of_it(mark):
    reading = pages(mark, range(11, 17))
    assert [label for _, label in reading.pages] == ["11", "12", "13", "14", "15", "16"]
    assert mark.format(13) not in clean(reading).mapped.text


def test_figures_that_lead_to_notes_are_no_pages():
    assert not pages("[{}]", [1, 2, 1, 2, 3, 1, 2]).pages
    assert not with_page_marks(Reading(raw=" ".join(f"the quay[{n}] and" for n in range(1, 30)))).pages


def test_most_of_a_book_is_its_authors_in_every_format(data, actors):
    from rolecoder.ingest import read_file

    shares = []
    for name in ("kaiser_memoirs.txt", "kaiser_memoirs.htm"):
        (document,) = read_file(data / "corpora" / "memoirs" / name)
        turns, dropped = read_turns(document, actors)
        inside = sum(d.words for d in dropped if any(t.start <= d.start < t.end for t in turns))
        others = sum(len(t.text.split()) for t in turns if t.actor != "DEU" or t.speaker != "Wilhelm II")
        shares.append(sum(len(t.text.split()) for t in turns) - inside - others)
    assert abs(shares[0] - shares[1]) < 0.01 * shares[0]
    assert 75_000 < shares[0] < 82_000


def page(body):
    """A book in HTML, read and cleaned."""
    from rolecoder.readers.web import read_html

    reading = read_html(f"<html><body><h2>CHAPTER I</h2><p>{PROSE}</p><p>{PROSE}</p>{body}</body></html>".encode())[0]
    cleaned = clean(reading).mapped
    author = Participant(name="Anna Berg", actor="DNK")
    return Document(
        document_id="d",
        text=cleaned.text,
        raw=reading.raw,
        breaks=cleaned.breaks,
        doc_type="memoir",
        path="d.htm",
        sha256="0",
        date="1895",
        participants=(author,),
    )


def test_a_block_quotation_of_a_page_is_that_of_the_one_whose_words_announce_it(actors):
    document = page(
        f"<p>Mr. Lund remarks of the mill:</p><blockquote><p>{LONG}</p><p>{SHORT}.</p></blockquote>"
        f"<p>So far the book.</p><p>{PROSE}</p>"
    )
    assert speakers(document, actors, "keep the harbour") == [("Mr. Lund", None)]
    assert speakers(document, actors, "No boat shall") == [("Mr. Lund", None)]
    assert speakers(document, actors, "So far the book") == AUTHOR


def test_what_a_page_sets_in_without_announcing_it_stays_the_authors(actors):
    document = page(f"<p>We went home.</p><blockquote><p>{LONG}</p></blockquote><p>{PROSE}</p>")
    assert speakers(document, actors, "keep the harbour") == AUTHOR


def test_the_name_before_an_aside_did_not_say_what_another_says_after_it(actors):
    told = "We walked to Quistby. In Quistby, in the spring of that year, a fisherman said to me at supper"
    assert speakers(book(f"{told}: “{LONG}”"), actors, "keep the harbour") == NOBODY


def test_a_heading_that_speaks_of_signing_is_no_signature(actors):
    document = book("The paper reads as follows:", LONG, "HE SIGNED AGAINST HIS WILL", PROSE)
    assert speakers(document, actors, "keep the harbour") == AUTHOR


def test_an_office_without_a_name_is_not_the_authors_states_where_another_state_is_named_near(actors):
    author = (Participant(name="Anna Berg", actor="USA"),)

    def told(words):
        text = "\n\n".join(["CHAPTER I", PROSE, PROSE, f"{words}: “{LONG}”", PROSE])
        return Document(
            document_id="d", text=text, raw=text, doc_type="memoir", path="d.txt", sha256="0", date="1985",
            actor="USA", participants=author,
        )  # fmt: skip

    assert speakers(told("At home the President said to us"), actors, "keep the harbour")[0][1] == "USA"
    near = told("We came to France in the spring. The President said to us")
    assert speakers(near, actors, "keep the harbour") == [("President", None)]


def told_by(actors, signature, *lead):
    document = book(*lead, "AALBORG, May 3, 1890.", "MAYOR P. QUIST, Aalborg.", f"{LONG}", *signature)
    return speakers(document, actors, "keep the harbour")


def test_an_initial_that_is_also_an_article_signs_a_letter_with_the_name_after_it(actors):
    assert told_by(actors, ["A. HOLM."]) == [("A. Holm", None)]


def test_the_initials_of_an_office_may_follow_a_sovereigns_signature(actors):
    document = book("For the President of the Council personally:", LONG, "CHRISTIAN, R. D.")
    assert speakers(document, actors, "keep the harbour") == [("Christian", None)]


def test_a_numeral_over_a_chapter_signs_no_letter(actors):
    assert told_by(actors, ["XXXIV.--THE END OF THE ICE."]) == AUTHOR


def test_a_rank_on_a_line_of_its_own_belongs_to_the_signature_before_it(actors):
    document = book(*LETTER[:-1], "O. LUND.", "Field Marshal.", "Marshal Lund left us in the spring of that year.")
    assert speakers(document, actors, "Field Marshal.") == [("O. Lund", None)]
    assert speakers(document, actors, "Marshal Lund left") == AUTHOR


def test_an_afterthought_that_ends_in_the_signers_initials_is_the_signers(actors):
    more = "I have your note of May 1, and thank you for it."
    assert speakers(book(*LETTER[:-1], "O. LUND.", f"{more} O. L."), actors, more) == [("O. Lund", None)]
    assert speakers(book(*LETTER[:-1], "O. LUND.", f"{more} A. B."), actors, more) == AUTHOR


def test_a_reply_to_what_the_author_wrote_is_not_the_authors(actors):
    reply = book("Toward noon the post brought this reply to my last letter:", f'"{LONG}"')
    assert speakers(reply, actors, "keep the harbour") == NOBODY
    assert speakers(book("The following was my last letter:", f'"{LONG}"'), actors, "keep the harbour") == AUTHOR


def test_the_sentence_after_a_question_in_quotation_marks_does_not_say_who_asked_it(actors):
    asked = book(f'I said to them: "{LONG[:-1]}, or do you know better?" He said that he did.')
    assert speakers(asked, actors, "keep the harbour") == AUTHOR


def test_sentences_after_an_answer_are_the_authors_own(actors):
    document = book(f"“{LONG}” With this he took his hat and went down to the quay to see the boats.")
    assert speakers(document, actors, "keep the harbour") == NOBODY
    assert speakers(document, actors, "took his hat") == AUTHOR


def test_a_caption_of_two_sentences_in_capitals_is_no_ones_speech(actors):
    caption = "THE QUAY IN THE YEAR OF ICE, SEEN FROM THE CUSTOMS HOUSE. NOTE THE BOATS THAT LIE AT THE BRIDGE."
    assert speakers(book(caption), actors, "NOTE THE BOATS") == ["heading"]


@pytest.mark.parametrize("marks", ["'{}'", "‘{}’"])
def test_a_book_may_quote_between_single_marks(actors, marks):
    papers = [f"I read it in the {marks.format('Courier')} of '88, the pilots' own paper, that year." for _ in range(3)]
    document = book(*papers, f"Then Mr. Lund said, {marks.format(LONG)} Nobody answered.")
    assert speakers(document, actors, "keep the harbour") == [("Mr. Lund", None)]
    assert speakers(document, actors, "Nobody answered") == AUTHOR
    assert speakers(document, actors, "the pilots' own") == AUTHOR


def test_apostrophes_are_no_marks_where_a_book_quotes_between_double_ones(actors):
    document = book('He said "yes" and "no" and "perhaps".', f"We came 'cross the ice. {LONG} That was the boys' quay.")
    assert speakers(document, actors, "keep the harbour") == AUTHOR


def test_a_preface_to_the_speeches_of_the_author_is_not_the_authors(actors):
    told = " ".join(["In this volume I print what Berg said." for _ in range(6)])
    document = whole(
        "PREFACE TO BERG'S SPEECHES", f"{LONG} {told}", "CONTENTS", "The Quay", "I.--THE QUAY", *[PROSE] * 9
    )
    assert speakers(document, actors, "keep the harbour") == ["front matter"]


def test_a_table_of_contents_ends_at_a_long_paragraph_under_a_heading(actors):
    document = whole(
        "PREFACE", PROSE, "CONTENTS", "The Quay 1", "The Ice 9", "I.--THE QUAY", f"{PROSE} {PROSE} {LONG}", "End."
    )
    assert speakers(document, actors, "The Ice 9") == ["table of contents"]
    assert speakers(document, actors, "keep the harbour") == AUTHOR


def test_an_index_under_a_heading_of_notes_is_an_index(actors):
    document = book(*[PROSE] * 8, "FOOTNOTES", "INDEX", "Aalborg, 3, 14", "Boats, 7")
    assert speakers(document, actors, "Aalborg, 3") == ["index, bibliography or notes at the end"]


def test_a_volume_of_speeches_is_read_as_a_book(actors):
    talk = f"Then Mr. Lund said to me: “{LONG}”"
    speech = whole("CONTENTS", "The Quay 1", "I.--THE QUAY", *[PROSE] * 900, talk)
    volume = replace(speech, doc_type="speech")
    assert speakers(volume, actors, "keep the harbour") == [("Mr. Lund", None)]
    assert speakers(volume, actors, "The Quay 1") == ["front matter"]


def test_what_the_author_did_does_not_lead_to_the_next_answer_unless_it_announces_words(actors):
    told = "I gave him no more boats than before."
    answer = f"“{LONG}”"
    assert speakers(book(f"We talked of the ice. {told}", answer), actors, "keep the harbour") == NOBODY
    assert speakers(book("That day I gave them this order:", answer), actors, "keep the harbour") == AUTHOR


def test_i_in_the_words_of_another_is_not_the_author(actors):
    document = book(f"We sat down. “I have asked you to come,” began Mr. Lund, “since {LONG}”")
    assert speakers(document, actors, "keep the harbour") == [("Mr. Lund", None)]


def test_a_day_may_be_followed_by_the_day_of_the_week(actors):
    assert speakers(book("May 3, 1890, Monday.", PROSE), actors, "May 3") == ["heading"]


def test_the_head_of_a_note_in_an_appendix_is_a_heading_and_no_note(actors):
    document = book("APPENDIX", "[NOTE B.]--Letter to Mr. Lund", LONG)
    assert speakers(document, actors, "[NOTE B.]") == speakers(document, actors, "Letter to Mr.") == ["heading"]
    assert speakers(document, actors, "keep the harbour") == AUTHOR


def test_a_treaty_printed_article_by_article_is_not_the_authors(actors):
    articles = ["Article 1.", LONG, "Article 2.", f"{SHORT}.", f"{SHORT}, too.", "Article 3.", f"{SHORT} for good."]
    document = book(
        "This treaty was as follows:", "Treaty of the Ice", *articles, "Aalborg, May, 1890.", "We went home."
    )
    for words in ("Treaty of the Ice", "keep the harbour", "home for good", "Aalborg, May"):
        assert speakers(document, actors, words) == NOBODY
    assert speakers(document, actors, "We went home") == AUTHOR
    drawn = book("I drew up the treaty as follows:", *articles, "We went home.")
    assert speakers(drawn, actors, "keep the harbour") == AUTHOR
    assert speakers(book("So it went.", *articles), actors, "keep the harbour") == AUTHOR


KEEPS = "Denmark will keep the harbour open as the friend of its neighbours"


@pytest.mark.parametrize(
    ("told", "speaker"),
    [
        ("In March I came to Berlin. Count Lund said: “{}.”", ("Count Lund", None)),
        ("The German Chancellor replied, “{}.” Then we dined.", ("German Chancellor", "DEU")),
        ("We walked on to the quay. “{},” he said.", (None, None)),
        (
            "“You must understand,” she said, “that {}.” I answered that I did, and that I had seen it coming.",
            (None, None),
        ),
        (
            "“So it is,” said Count Lund. “{}.” I did not believe a word of it, and told my wife so.",
            ("Count Lund", None),
        ),
        ("In March I came to Berlin. I told the Count: “{}.”", ("Anna Berg", "DNK")),
        ("One day I answered him, “{}”; to which Count Lund said nothing.", ("Anna Berg", "DNK")),
        ("I asked for leave. “{},” I said, and he let us go.", ("Anna Berg", "DNK")),
        ("I came home and told them so. “{},” wrote a paper of Bergen that week.", (None, None)),
        ("He spoke of the “{}” which nobody wanted.", ("Anna Berg", "DNK")),
        ("We declared with one voice, “{}.” Then we dined.", ("Anna Berg", "DNK")),
    ],
)
def test_a_short_quotation_is_that_of_the_one_whom_a_clause_beside_it_names(told, speaker, actors):
    assert speakers(book(told.format(KEEPS)), actors, KEEPS) == [speaker]


def test_an_answer_to_a_quotation_is_not_joined_to_it(actors):
    document = book(
        f"Said I, “Is the harbour open to us and to all our boats?” To which he replied, “{KEEPS}.” We went home."
    )
    assert speakers(document, actors, "Is the harbour") == AUTHOR
    assert speakers(document, actors, KEEPS) == NOBODY
