"""Passages: every word in exactly one place, no speaker crossed, sentences whole."""

import importlib.util
import re
import sys
import time
import zipfile
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.errors import RolecoderError
from rolecoder.pages.cleaning import clean
from rolecoder.pages.sentences import sentences
from rolecoder.readers.formats import read_bytes
from rolecoder.records import Document, Dropped, Turn
from rolecoder.segment import cut

SENTENCE = "Our country has always stood by its friends in hard times. "  # 11 words


def document(text, **more):
    return Document(document_id="d", text=text, raw=text, doc_type="speech", path="d.txt", sha256="0", **more)


def turn(text, start=0, end=None, **more):
    end = len(text) if end is None else end
    return Turn(document_id="d", start=start, end=end, text=text[start:end], **more)


def texts(text, **more):
    return [passage.text for passage in cut(document(text), [turn(text)], [], **more)[0]]


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Adams of the U.S. Government met Dr. A. B. Bell.| He left.",
        "184. Today we act.| 185. The island is free.| No. 5 is here.",
        'He said: "We go."| Then he left.| "Go!" he said.| "Why?"| Nobody knew.',
        "We heard it in the U.S.| We came at 5 p.m.| The end . . .| The rest.",
        "See paras. 12 and 13, vol. 2.| They were written in 1945.| Others came later.",
        "The peo ple fled .| The Govemment stayed.",
        "Is it so?| (He did not say.)| We think so!| GEN. HART AGREED.",
        "So do I.| We must.| President J. F. Bell came.",
        "He was brief etc.| France was not.",
        "See Add. 1, sect. IX of it.| No.| I do not.",
        "The debt is $4.5 billion.| Theirs is 3.",
        "no mark at all",
        "H.E. Mr. Bell and H.M. Queen Ann came.| V. I. Hartog and T. Walder did not.",
        "We thank Nr. Hart.| The NPT.| Walder signed it.| He keeps to it.",
        "It is in Add. I, sect. IV of the report.| No.| I was not there.",
        'He said: "We stay." [12th meeting, para. 5.]| They left (A/48/9, p. 2).| [The rest] is known.',
        "Why do we owe them anything?” Hart would ask me.| “What did they do?”| Mr. Hart left.",
        "THE VIEW OF THE U.S. AND OF ITS FRIENDS IS KNOWN.| IT IS NOT OURS.",
        "The U.S.-U.S.S.R. Exchanges Act is at 31 El. c. 12 of the rolls.| It is in force.",
        "They went.” (A/59/2005, para. 148)| To me that is all.| (He sat down.)| The rest went.",
    ],
)
def test_sentences_end_where_a_reader_ends_them(marked):
    assert split(marked.replace("|", "")) == [piece.strip() for piece in marked.split("|")]


def test_sentences_of_a_stretch_count_from_the_beginning_of_the_text():
    assert sentences("xx. One. Two. yy", 4, 13) == [(4, 8), (9, 13)]
    assert sentences("   ") == []


def test_passages_hold_whole_sentences_between_thirty_and_eighty_words():
    passages = texts(SENTENCE * 20)
    assert [len(p.split()) for p in passages] == [77, 77, 66]
    assert all(p.endswith("times.") for p in passages)


def test_a_short_rest_joins_the_passage_before_it():
    assert [len(p.split()) for p in texts(SENTENCE * 8)] == [88]
    assert [len(p.split()) for p in texts(SENTENCE * 9)] == [99]
    assert [len(p.split()) for p in texts(SENTENCE * 10)] == [77, 33]


def test_paragraphs_are_not_joined_and_a_bit_below_eight_words_is_left_out_with_the_reason():
    text = "Peace and security\n\n" + SENTENCE + "\n\n" + SENTENCE.strip()
    passages, dropped = cut(document(text), [turn(text)], [])
    assert [p.text for p in passages] == [SENTENCE.strip()] * 2
    assert [(d.reason, d.words, text[d.start : d.end]) for d in dropped] == [
        ("too short to code: fewer than 8 words", 3, "Peace and security")
    ]


def test_a_blank_line_inside_a_sentence_does_not_end_a_passage():
    text = "We have always stood by our friends in the\n\nUnited Nations and shall do so\n\nin years to come."
    assert texts(text) == [text]


def test_a_long_paragraph_that_breaks_off_goes_on_in_the_next_and_a_heading_does_not():
    broken = SENTENCE + "It was the envoy of the Republic of South\n\nRuritania who told us so on that day."
    assert texts(broken) == [broken]
    heading = "The part of our own country in the work for peace\n\n" + SENTENCE.strip()
    assert texts(heading) == heading.split("\n\n")


def headings(text):
    """What of a text is no passage, since it is a heading; every other paragraph is one."""
    passages, dropped = cut(document(text), [turn(text)], [])
    left = [text[d.start : d.end] for d in dropped if d.reason == "heading"]
    parts = {part.strip() for part in text.split("\n\n")}
    assert {*left, *(p.text for p in passages)} == {part for part in parts if len(part.split()) > 7}
    return left


@pytest.mark.parametrize(
    "heading",
    [
        "The state of our alliances in the north and the south",
        "What we ask of our partners in the coming years",
        "Peace, the shared burdens and the will of the peoples of the coast",
        "2. Relations with our neighbours beyond the great river",
        "The life and the work of Senator Anton Walder Jr.",
        "THE STATE OF OUR ALLIANCES IN THE NORTH AND SOUTH",
        "The Coast, the Hills and the Great Plain of the North",
    ],
)
def test_a_heading_of_eight_words_or_more_between_whole_sentences_is_no_passage(heading):
    for over in ("", SENTENCE + "\n\n", "Welcome.\n\nA word on the north\n\n"):
        assert headings(f"{over}{heading}\n\n{SENTENCE * 2}".strip()) == [heading]
    assert headings(f"{heading}\n\nMr. Speaker,\n\n{SENTENCE * 2}".strip()) == [heading]


@pytest.mark.parametrize(
    "said",
    [
        "Our neighbour began a war of terror on the whole coast",  # a full stop that was lost
        "The whole coast supports the reform of the old council",
        "All the towns of the coast want peace with the hills",
        "The fleet sailed to the islands in the far north sea",
        "With that, I'm glad to take any of the questions now",
        "We are a small and hard-working people of the north coast",
        "Mr. President of the House and Members of the Upper House",
        "• The state of our alliances in the north and the south",
        "The state of our alliances, in the north as in the south,",
    ],
)
def test_a_sentence_whose_full_stop_was_lost_is_a_passage(said):
    assert not headings(f"{SENTENCE}\n\n{said}\n\n{SENTENCE * 2}")


def test_what_has_the_form_of_a_heading_and_stands_over_no_prose_or_in_a_talk_is_a_passage():
    line = "The state of our alliances in the north and the south"
    for over, under in [
        ("", "The boats of the bay and the boats of the sea"),  # verse, or a list
        (SENTENCE, ""),
        (SENTENCE + "\n\nThe boats of the bay and the ships and the men of", SENTENCE * 2),
        ("The envoy spoke of many things to all of us, and of", SENTENCE * 2),
    ]:
        passages = texts("\n\n".join(filter(None, [over.strip(), line, under.strip()])))
        assert any(line in passage for passage in passages)
    talk = f"{SENTENCE}\n\n{line}\n\n{SENTENCE * 2}"
    record = Document(document_id="d", text=talk, raw=talk, doc_type="telcon", path="d.txt", sha256="0")
    assert line in [passage.text for passage in cut(record, [turn(talk)], [])[0]]


@pytest.mark.parametrize(
    ("announced", "follows"),
    [
        ("My Government asks this house for three things:", "(a) An end to the war, and to all that feeds it;"),
        ("We ask all of them to lay down their arms;", "We ask them to open the roads to the north."),
        ("Our Prime Minister said on the day of his election:", "“We shall not be moved, and we shall not move.”"),
        ("Our Prime Minister said on that day, as he left,", "“We shall not be moved, and we shall not move.”"),
        ("By its own Charter this house of ours has always promised", "“to keep the peace of all who live here”."),
        ("The Council of that year reaffirmed before all of us", "... the right of those people to their land."),
        (SENTENCE + "In the war against us they killed", "3 million of our people, and drove out more."),
    ],
)
def test_what_a_paragraph_announces_or_leaves_open_stays_with_it(announced, follows):
    text = f"{announced}\n\n{follows}"
    assert texts(text) == [text]


def test_a_numbered_paragraph_and_a_list_of_letters_begin_paragraphs_of_their_own():
    for first, second in [
        (SENTENCE + "Nobody has ever doubted our word", "126, We need not say so again to this house of ours."),
        ("They told us that they would not come to our house", "(b) that they had been told so by our friends."),
    ]:
        assert texts(f"{first}\n\n{second}") == [first, second]


def test_a_list_of_items_is_cut_between_items():
    item = (
        "to stand by all our friends in the region and by their friends, whoever they may be, in good times and in bad;"
    )
    text = "We promise:\n\n" + "\n\n".join([item] * 20) + "\n\nand that is all."
    passages = texts(text)
    assert len(passages) > 2
    assert all(passage.endswith((";", ".")) for passage in passages)


def test_an_endless_sentence_is_cut_at_a_semicolon_before_a_comma_and_never_passes_130_words():
    clause = "we ask the others to stand by us and by our friends"  # 12 words
    long = "; ".join([", ".join([clause] * 3)] * 8) + "."
    passages = texts(long)
    assert all(p.endswith((";", ".")) for p in passages)
    assert max(len(p.split()) for p in passages) <= 130
    soup = "word " * 1000
    assert max(len(p.split()) for p in texts(soup)) <= 130


def test_no_passage_crosses_speakers_or_what_was_left_out():
    text = SENTENCE * 4
    middle, gap = len(SENTENCE) * 2, Dropped(stage="turns", item="d", reason="note", start=4, end=11, words=1)
    turns = [
        turn(text, 0, middle, speaker="A", actor="USA", reason="named", addressee="JPN"),
        turn(text, middle, speaker="B", reported=True),
    ]
    passages, dropped = cut(document(text, pages=((0, "7"), (middle, "8"))), turns, [gap])
    assert [(p.speaker, p.source, p.source_reason, p.addressee, p.reported, p.page) for p in passages] == [
        ("A", "USA", "named", "JPN", False, "7"),
        ("B", None, None, None, True, "8"),
    ]
    assert passages[0].start >= 11
    assert [d.words for d in dropped] == [1]


def test_a_passage_carries_up_to_seventy_words_of_its_own_turn_on_either_side():
    text = SENTENCE * 30
    turns = [turn(text, 0, len(SENTENCE) * 15), turn(text, len(SENTENCE) * 15)]
    passages, _ = cut(document(text), turns, [])
    first, second, *_, last = passages
    assert first.before == "" and last.after == ""
    assert len(first.after.split()) == 70 and len(second.before.split()) == 70
    assert first.after == " ".join(text[first.end :].split()[:70])
    assert second.before == " ".join(text[: second.start].split()[-70:])
    opening = next(p for p in passages if p.start == turns[1].start)
    assert opening.before == ""


def test_context_never_holds_a_piece_of_a_word():
    text = "x" * 3000 + " " + SENTENCE * 9 + "y" * 3000
    passages, _ = cut(document(text), [turn(text)], [])
    assert len(passages) > 1 and passages[0].after and passages[1].before
    for passage in passages:
        assert set((passage.before + " " + passage.after).split()) <= set(text.split())


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(RolecoderError, match="min_words 50, max_words 40"):
        cut(document("a"), [], [], min_words=50, max_words=40)


WORD = st.sampled_from(
    [
        "peace",
        "The",
        "U.S.",
        "we",
        "Mr.",
        "end.",
        "why?",
        "no;",
        "and",
        "war,",
        "184.",
        '"Yes."',
        "\n\n",
        "\n\n\n",
        "(a)",
        "J.",
    ]
)


@given(st.lists(WORD, max_size=400), st.integers(1, 20), st.integers(20, 90), st.data())
def test_every_word_of_every_turn_lies_in_exactly_one_passage_or_is_left_out(words, low, high, data):
    text = " ".join(words)
    blanks = [m.start() for m in re.finditer(r"\s", text)]
    places = sorted(data.draw(st.lists(st.sampled_from(blanks), max_size=4))) if blanks else []
    edges = [0, *places, len(text)]
    turns = [turn(text, a, b, speaker=str(i)) for i, (a, b) in enumerate(pairwise(edges)) if b > a]
    gaps = [Dropped(stage="turns", item="d", reason="note", start=t.start, end=t.end) for t in turns[1:2]]
    passages, dropped = cut(document(text), turns, gaps, min_words=low, max_words=high)
    assert all(text[p.start : p.end] == p.text for p in passages)
    spans = sorted([(p.start, p.end) for p in passages] + [(d.start, d.end) for d in dropped + gaps])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert [w for a, b in spans for w in text[a:b].split()] == text.split()
    assert all(any(t.start <= p.start and p.end <= t.end and t.speaker == p.speaker for t in turns) for p in passages)
    assert all(len(p.text.split()) <= high * 1.625 for p in passages)


@given(st.text(max_size=300))
def test_any_text_is_cut_without_losing_a_word(text):
    passages, dropped = cut(document(text), [turn(text)], [])
    assert sum(len(p.text.split()) for p in passages) + sum(d.words for d in dropped) == len(text.split())


@pytest.mark.parametrize("noise", [". ", ".", "?!", "Mr. ", '."" ', "A. b. "])
def test_noise_takes_no_more_than_a_moment(noise):
    start = time.process_time()
    texts(noise * 50_000)
    assert time.process_time() - start < 5


@pytest.mark.real_texts
def test_un_speeches_are_cut_without_a_passage_over_130_words(data):
    with zipfile.ZipFile(data / "corpora" / "ungdc.zip") as archive:
        names = sorted(n for n in archive.namelist() if n.endswith("_1983.txt") and "MACOSX" not in n)[:20]
        speeches = [" ".join(archive.read(name).decode("utf-8", "replace").split()) for name in names]
    for speech in speeches:
        passages = texts(speech)
        assert max(len(p.split()) for p in passages) <= 130
        assert sum(len(p.split()) < 30 for p in passages) <= 0.1 * len(passages) + 1


@pytest.mark.real_texts
def test_fewer_than_one_in_a_hundred_passages_of_un_speeches_breaks_off(root, data):
    bench = benchmark(root, "ungdc")
    with zipfile.ZipFile(data / "corpora" / "ungdc.zip") as archive:
        names = sorted(name for name in archive.namelist() if bench.MEMBER.fullmatch(name))[::130]
        speeches = [
            clean(read_bytes(name, archive.read(name), in_archive=True, ocr=False)[0]).mapped.text for name in names
        ]
    passages = [passage for speech in speeches for passage in texts(speech)]
    assert len(passages) > 3000
    assert sum(bench.ENDED.search(passage) is None for passage in passages) < 0.01 * len(passages)
    assert max(len(passage.split()) for passage in passages) <= 130


@pytest.mark.real_texts
def test_marked_sentence_ends_of_real_paragraphs_are_found(root, data):
    bench = benchmark(root, "sentences")
    paragraphs = list(bench.marked(data / "corpora"))
    precision, recall, _ = bench.quality(bench.own, paragraphs)
    assert len(paragraphs) > 150
    assert precision >= 0.99 and recall >= 0.97


def test_former_states_speak_under_the_codes_of_their_successors(root):
    bench = benchmark(root, "ungdc")
    asked = [("RUS", 1991), ("RUS", 1992), ("CHN", 1971), ("CHN", 1972), ("YUG", 2002), ("YUG", 2003), ("EU", 2012)]
    assert [bench.actor_of(*each) for each in asked] == ["SUN", "RUS", "TWN", "CHN", "YUG", "SCG", "group:EU"]


def benchmark(root, name):
    spec = importlib.util.spec_from_file_location(f"{name}_benchmark", root / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_text_around_a_passage_leaves_out_a_label_that_stands_inside_its_turn():
    words = " ".join(f"first{n}" for n in range(40)) + "."
    more = " ".join(f"then{n}" for n in range(40)) + "."
    text = f"{words}\n\nAnn: {more}"
    label = text.index("Ann:")
    gap = Dropped(stage="turns", item="d", reason="label", words=1, start=label, end=label + 4)
    (one, two), _ = cut(document(text), [turn(text)], [gap])
    assert one.after == more and two.before == words
