import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecoder.errors import RolecoderError, closest
from rolecoder.records import Document, Passage, Turn


def document(**changes) -> Document:
    fields = {
        "document_id": "d1",
        "text": "We lead.",
        "raw": "We lead.",
        "doc_type": "speech",
        "path": "d1.txt",
        "sha256": "0",
    }
    return Document(**(fields | changes))


def test_a_passage_whose_span_is_not_as_long_as_its_text_is_refused():
    with pytest.raises(RolecoderError, match=r"d1\[0:5\]: a span of 5 characters whose text has 8"):
        Passage(document_id="d1", start=0, end=5, text="We lead.")


def test_a_turn_that_starts_before_the_text_is_refused():
    with pytest.raises(RolecoderError, match="a span of"):
        Turn(document_id="d1", start=-1, end=7, text="We lead.")


@pytest.mark.parametrize("date", ["1990", "1990-08", "1990-08-13", None])
def test_a_date_is_as_precise_as_it_is_known(date):
    assert document(date=date).date == date


@pytest.mark.parametrize("date", ["90", "1990-13", "1990-08-32", "August 1990", "1990-08-13T10:00"])
def test_a_date_that_is_not_iso_is_refused(date):
    with pytest.raises(RolecoderError, match="YYYY"):
        document(date=date)


def test_an_unknown_document_type_is_refused():
    with pytest.raises(RolecoderError, match="one of speech, telcon"):
        document(doc_type="sermon")


def test_offsets_in_the_text_lead_back_to_the_file():
    #      0123456789012345
    raw = "We stand\nfirm.\x0cYes"
    text = "We stand firm. Yes"
    held = document(text=text, raw=raw, breaks=((0, 0), (15, 15)))
    assert [held.raw_offset(i) for i in (0, 8, 9, 15)] == [0, 8, 9, 15]
    start, end = held.raw_span(9, 14)
    assert raw[start:end] == "firm."


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=8))
def test_every_kept_character_leads_back_to_itself_whatever_was_cut_out(pieces):
    raw, text, breaks = "", "", []
    for gap, kept in pieces:
        raw += "#" * gap
        breaks.append((len(text), len(raw)))
        letters = "".join(chr(97 + (len(raw) + i) % 26) for i in range(kept))
        raw, text = raw + letters, text + letters
    held = document(text=text, raw=raw, breaks=tuple(breaks))
    assert "".join(raw[held.raw_offset(i)] for i in range(len(text))) == text


def test_a_passage_is_cited_by_the_page_on_which_it_begins():
    held = document(pages=((0, "xii"), (4, "1")))
    assert [held.page_at(0), held.page_at(3), held.page_at(4)] == ["xii", "xii", "1"]
    assert document().page_at(0) is None


def test_a_passage_is_named_by_its_place():
    assert Passage(document_id="d1", start=3, end=7, text="lead").passage_id == "d1:3-7"


def test_an_error_says_what_where_and_how_to_mend_it():
    error = RolecoderError("column 'actor' holds 'U.S.'", where="a.csv:3", expected="an actor id", mend="write USA")
    assert str(error) == "a.csv:3: column 'actor' holds 'U.S.'; expected an actor id\n  mend: write USA"


def test_the_closest_choice_is_named_only_where_it_is_near():
    assert closest("faithfull_ally", ["faithful_ally", "isolate"]) == "faithful_ally"
    assert closest("zzz", ["faithful_ally", "isolate"]) is None
