"""Passages in another language, or that a scan made noise of, are left out and counted; every text is invented."""

from importlib import import_module

import pytest

from rolecoder.cli.app import main
from rolecoder.readers.language import find_language, language_beside
from rolecoder.tables import DROPPED, PASSAGES

ENGLISH = "We shall keep the harbour open for all who come to us in peace, and we ask the same of our neighbours."
FRENCH = "Nous allons garder le port ouvert pour tous ceux qui viennent dans la paix, et nous ne demandons pas plus que cela."
SPANISH = (
    "Vamos a mantener el puerto abierto para todos los que vienen en paz, y no pedimos más que eso de los vecinos."
)
NAMES = "Berg, Olafsson, Petrov, Hale, Smith, Dupont, Garcia, Rossi, Lindqvist, Nakamura, Okafor, Chen, Silva, Haddad."


JAPANESE = (
    "我が国は、アジアの一員として、また西側の一員として、開発途上国への援助を拡充し、世界の平和に貢献してまいります。"
)
KOREAN = "우리는 한미동맹을 굳건히 하면서 자주국방을 추구하고, 동북아시아의 평화와 번영을 위해 노력할 것입니다."
CHINESE = "我们将继续坚持独立自主的和平外交政策，同各国人民一道，推动建设持久和平的世界。"
TURKISH = "Bu çok önemli bir konudur ve biz de bunun için her türlü adımı atmaya hazırız, çünkü onlar da bunu istiyor."
ARABIC = "ولم نكن في يوم من الأيام إلا دعاة سلام مع كل من يريد ذلك، ونحن نعمل على هذا من أجل شعوبنا."
SWAHILI = "Sisi kama taifa tutaendelea kufanya kazi na majirani zetu kwa ajili ya amani na usalama wa eneo hili. "


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ENGLISH, None),
        (JAPANESE, "ja"),
        (KOREAN, "ko"),
        (CHINESE, "zh"),
        (TURKISH, "tr"),
        (ARABIC, "ar"),
        ("In the words of the old song (海行かば), they went down to the sea and did not come back to us.", None),
        ("TROOPS DEPLOYED KUWAIT BORDER STOP FORCES WITHDRAWING STOP AWAIT ORDERS STOP SHIPS SAILED STOP", None),
        ("t h e p e a c e o f t h e r e g i o n i s a n a i m t h a t w e h o l d", None),
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
    assert language_beside(JAPANESE, ("en", "ja")) is None


@pytest.mark.parametrize(
    "language", ["en", "fr", "de", "id", "ja", "ko", "zh", "ru", "uk", "cs", "sk", "el", "fa", "hi"]
)
def test_example_sentences_of_spacy_are_known_by_their_language(language):
    sentences = import_module(f"spacy.lang.{language}.examples").sentences
    assert find_language(" ".join(sentences)) == language


def test_documents_in_scripts_without_spaces_or_in_a_language_unknown_here_are_left_out(tmp_path):
    texts = {"ja": JAPANESE, "ko": KOREAN, "zh": CHINESE, "ar": ARABIC, "sw": SWAHILI, "en": ENGLISH}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text * 8, encoding="utf-8")
    run("ingest", tmp_path, "--out", tmp_path / "run")
    passages, dropped = PASSAGES.read(tmp_path / "run"), DROPPED.read(tmp_path / "run")
    assert set(passages["document_id"]) == {"en"}
    reasons = dict(zip(dropped["item"], dropped["reason"], strict=True))
    assert all(f"its language is {name}," in reasons[name] for name in ("ja", "ko", "zh", "ar"))
    assert "hardly any of its words are common in en" in reasons["sw"]


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


def test_a_text_of_two_languages_is_coded_as_far_as_it_is_in_one_of_the_studys(tmp_path):
    (tmp_path / "a.txt").write_text("\n\n".join([FRENCH * 3, ENGLISH * 2, FRENCH * 3, ENGLISH * 2]), encoding="utf-8")
    (tmp_path / "b.txt").write_text("\n\n".join([ENGLISH * 3, JAPANESE, ENGLISH * 3]), encoding="utf-8")
    run("ingest", tmp_path, "--out", tmp_path / "run")
    passages, dropped = PASSAGES.read(tmp_path / "run"), DROPPED.read(tmp_path / "run")
    assert set(passages["document_id"]) == {"a", "b"} and not passages["text"].str.contains("port ouvert").any()
    assert passages["text"].str.contains("harbour").all()
    assert any("are rather ja" in reason for reason in dropped["reason"])
