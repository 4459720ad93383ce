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


@pytest.mark.parametrize("guest", ["PRESIDENT LULA", "Lula"])
@pytest.mark.parametrize("head", ["", "SUBJECT: Call with President Lula of Brazil\nDATE: May 12, 2010\n"])
def test_an_office_alone_is_not_the_guest_of_that_office_who_has_a_label_too(guest, head, speak):
    if guest == "Lula" and not head:
        return  # nothing says that he is a president
    for home in ("ARG", "USA"):
        found = speak(CALL.format(head=head, guest=guest), doc_type="telcon", actor=home)
        assert found == [("THE PRESIDENT", home), (guest, "BRA"), ("THE PRESIDENT", home)]


def test_an_office_alone_beside_a_guest_of_it_is_no_ones_where_nothing_says_whose_record_it_is(speak):
    found = speak(CALL.format(head="", guest="PRESIDENT LULA"), doc_type="telcon")
    assert found == [("THE PRESIDENT", None), ("PRESIDENT LULA", "BRA"), ("THE PRESIDENT", None)]
