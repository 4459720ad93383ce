"""Passages in another language, or that a scan made noise of, are left out and counted; every text is invented."""

import pytest

from rolecoder.cli.app import main
from rolecoder.readers.language import language_beside
from rolecoder.tables import DROPPED, PASSAGES

ENGLISH = "We shall keep the harbour open for all who come to us in peace, and we ask the same of our neighbours."
FRENCH = "Nous allons garder le port ouvert pour tous ceux qui viennent dans la paix, et nous ne demandons pas plus que cela."
SPANISH = (
    "Vamos a mantener el puerto abierto para todos los que vienen en paz, y no pedimos más que eso de los vecinos."
)
NAMES = "Berg, Olafsson, Petrov, Hale, Smith, Dupont, Garcia, Rossi, Lindqvist, Nakamura, Okafor, Chen, Silva, Haddad."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ENGLISH, None),
        (FRENCH, "fr"),
        (SPANISH, "es"),
        (NAMES, None),
        ("Le port est ouvert.", None),
        (
            "As the poet of our coast has said, le port est ouvert à tous, and so it is and will be for all who come.",
            None,
        ),
    ],
)
def test_a_passage_is_foreign_only_where_it_is_plainly_in_another_language(text, found):
    assert language_beside(text, ("en",)) == found


def test_a_language_that_the_study_codes_is_not_foreign():
    assert language_beside(FRENCH, ("en", "fr")) is None


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    body = "\n\n".join([ENGLISH * 3, FRENCH * 2, ENGLISH * 3])
    (folder / "a.txt").write_text(body, encoding="utf-8")
    (folder / "b.txt").write_text(SPANISH * 8, encoding="utf-8")
    (folder / "manifest.csv").write_text("path,doc_type,actor\na.txt,speech,DNK\nb.txt,speech,ESP\n")
    return folder


def run(*arguments):
    with pytest.raises(SystemExit) as done:
        main([str(argument) for argument in arguments])
    assert done.value.code == 0


def test_foreign_passages_and_documents_are_left_out_with_the_reason_and_counted(corpus, tmp_path):
    run("ingest", corpus, "--out", tmp_path / "run")
    passages, dropped = PASSAGES.read(tmp_path / "run"), DROPPED.read(tmp_path / "run")
    assert not passages["text"].str.contains("port ouvert").any()
    left = dropped[dropped["reason"].str.contains("not in en, which the study codes")]
    assert left["words"].sum() == len((FRENCH * 2).split())
    assert dropped["reason"].str.contains("its language is es").sum() == 1


def test_the_study_may_code_another_language(corpus, tmp_path):
    run("ingest", corpus, "--out", tmp_path / "run", "--language", "en", "--language", "es")
    passages = PASSAGES.read(tmp_path / "run")
    assert passages["text"].str.contains("puerto").any() and not passages["text"].str.contains("port ouvert").any()


def test_passages_that_are_the_noise_of_a_scan_are_left_out_with_the_reason(tmp_path):
    noise = "Tbe h@rb0ur i5 0p#n t~o a1l wh0 c~me, ~~ |} x_x 3% q;z k(l " * 6
    (tmp_path / "a.txt").write_text("\n\n".join([ENGLISH * 3, noise, ENGLISH * 3, noise]), encoding="utf-8")
    run("ingest", tmp_path / "a.txt", "--out", tmp_path / "run")
    passages, dropped = PASSAGES.read(tmp_path / "run"), DROPPED.read(tmp_path / "run")
    assert len(passages) and not passages["text"].str.contains("0p#n").any()
    assert dropped["reason"].str.contains("noise of a scan").any()
