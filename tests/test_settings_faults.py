"""Slips in a file of settings: each is told with its row, what was found and expected, and how it is mended."""

import pytest

from rolecoder.config import read_study
from rolecoder.corpora.recipe import read_description
from rolecoder.errors import RolecoderError
from rolecoder.run import reading_of

STUDY = """\
study: mine
corpora:
  - path: texts
    {corpus}
{rest}
"""
LIBRARYS_OWN = ("valid", "Input", "String", "Tuple", "Dictionary", "boolean", "integer", "parse", "Keys", "NoneType")


def said(tmp_path, text, read=read_study):
    """What is said of a file, from its row on."""
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RolecoderError) as error:
        read(path)
    told = str(error.value).replace("; pipeline/SETTINGS.md lists every setting", "")
    assert not [word for word in LIBRARYS_OWN if word in told]
    return told.removeprefix(f"{path}:").removesuffix("\n  mend: pipeline/SETTINGS.md lists every setting")


@pytest.mark.parametrize(
    ("corpus", "told"),
    [
        ("since: nineteen", "4: corpora.0.since: holds 'nineteen'; expected a whole number\n  mend: write it in digits"),
        ("since: 1990-08-02", "holds 1990-08-02; expected a whole number\n  mend: write the year alone: 1990"),
        ('since: "August 1990"', "holds 'August 1990'; expected a whole number\n  mend: write 1990"),
        ("since: [1990]", "holds a list ([1990]); expected a whole number\n  mend: write one number in its place"),
        ("since: 90", "4: corpora.0.since: holds 90; expected 1000 or more"),
        ("since: yes", "4: corpora.0.since: holds yes; expected a number"),
        ("actors:", "4: corpora.0.actors: is empty; expected a list\n  mend: give it one, or delete the row"),
        ("since: 1999\n    until: 1990", "3: corpora.0: since 1999 is after until 1990: no document is of both"),
        ("actors: USA, JPN", "holds 'USA, JPN'; expected a list\n  mend: write `actors: [USA, JPN]`"),
        ("actors: [USA, NO]", 'holds NO; expected text\n  mend: put it in quotes (YAML reads NO as false): "NO"'),
        ("actors: {USA: 1}", "holds settings ({'USA': 1}); expected a list\n  mend: begin each item of the list with"),
        ("doc_types: [speeches]", "'press' or 'other'; closest is 'speech'"),
        ("sinse: 1990", "4: corpora.0.sinse: unknown setting 'sinse'; closest is 'since'"),
        ("ocr: auto", "unknown setting 'ocr' in this place\n  mend: it belongs under `reading`"),
        ("notes: [N]", "unknown setting 'notes' in this place\n  mend: it belongs at the left margin"),
    ],
)  # fmt: skip
def test_a_slip_in_a_corpus_is_told_with_its_row_and_mended(tmp_path, corpus, told):
    assert told in said(tmp_path, STUDY.format(corpus=corpus, rest=""))


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("title: 1990", '5: title: holds 1990; expected text\n  mend: put it in quotes: "1990"'),
        ("title:\n  - One", "5: title: holds a list (['One']); expected text\n  mend: write one text in its place"),
        ("notes: [Beware: a note]", '{\'Beware\': \'a note\'}); expected text\n  mend: a colon makes it a setting: write "B'),
        ("notes: A note, and more", '5: notes: holds \'A note, and more\'; expected a list\n  mend: write `notes: ["A no'),
        ("out: [runs]", "5: out: holds a list (['runs']); expected the path of a file or folder\n  mend: name one"),
        ("reading: fast", "expected settings, each as `name: value` (min_words, max_words, speakers, languages, ocr)"),
        ("reading: [{min_words: 5}]", "speakers, languages, ocr)\n  mend: take the hyphens or brackets away"),
        ("reading: {min_words: 1,000}", "5: reading: a setting is named 0; expected a name\n  mend: put it in quotes; in"),
        ("reading:\n  min_words: 1,000", "6: reading.min_words: holds '1,000'; expected a whole number\n  mend: write 1000"),
        ("reading: {max_words: 80.5}", "5: reading.max_words: holds 80.5; expected a whole number"),
        ("coding: {explain: maybe}", "5: coding.explain: holds 'maybe'; expected true or false"),
        ("coding: {thresholds: 0.5}", "5: coding.thresholds: holds 0.5; expected f1, {precision: 0.8} or {recall: 0.8}"),
        ("coding: {min_confidence: '0,5'}", "holds '0,5'; expected a number\n  mend: write 0.5"),
        ("profiles: {level: 95}", "5: profiles.level: holds 95; expected less than 1\n  mend: write 0.95 for 95 %"),
        ("profiles: {level: 2026-01-01}", "holds 2026-01-01; expected a number\n  mend: write it in digits"),
        ("coding: {thresholds: {target: 0.8}}", "5: coding.thresholds.target: unknown setting 'target'"),
        (r"notes: C:\texts", r"write `notes: ['C:\texts']`"),
        ("profiles: {level: 95%}", "holds '95%'; expected a number\n  mend: write 0.95"),
        ("profiles: {window: 5 years}", "holds '5 years'; expected a whole number\n  mend: write 5"),
        ("profiles: {window: yes}", "5: profiles.window: holds yes; expected a number\n  mend: write it in digits"),
        ("profiles: {period: Year}", "named periods, or {events: [...]}; closest is 'year'"),
        ('profiles: {period: ["1980-1990"]}', "(name, since, until)\n  mend: write `{name: ..., since: ..., until: ...}`"),
        ('profiles: {period: {events: ["1990"]}}', "(name, date)\n  mend: write `{name: ..., date: ...}`"),
        ("profiles: {period: {events: [{name: A, day: '1990'}]}}", "unknown setting 'day'; closest is 'date'"),
        ('gaps:\n  dyads:\n    - "USA-JPN"', "6: gaps.dyads: 'USA-JPN' is not a dyad; expected PRESCRIBER:ALLY"),
        ("gaps:\n  dyads:\n    - USA: JPN", '7: gaps.dyads.0: holds settings ({\'USA\': \'JPN\'}); expected text\n  mend: a co'),
        ("gaps: {bands: [0.3]}", "5: gaps.bands: holds a list ([0.3]); expected settings, each as `name: value` (converg"),
    ],
)  # fmt: skip
def test_a_slip_in_a_study_is_told_with_its_row_and_mended(tmp_path, rest, told):
    assert told in said(tmp_path, STUDY.format(corpus="", rest=rest))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", " is empty; expected settings, each as `name: value`"),
        ("study: my study\ncorpora: [{path: t}]", "1: study: holds 'my study'; expected letters, digits, - and _, without"),
        ("study: mine\ncorpora: texts", "2: corpora: holds 'texts'; expected a list\n  mend: write `corpora: [{path: texts}]`"),
        ("study: mine\ncorpora: [texts]", "2: corpora.0: holds 'texts'; expected settings, each as `name: value` (path, ac"),
        ("study: mine\ncorpora: []", "2: corpora: holds a list without anything in it; expected at least one"),
        ("corpora: [{path: t}]", "study: is lacking\n  mend: add `study: ...`: Short name, of letters, digits, - and _"),
        ("study: mine\ntitle: Japan: a role", "2: not a readable YAML file: a colon where none can be\n  mend: put a value"),
        ("study: mine\nreading:\n\tocr: auto", "3: not a readable YAML file: a tab\n  mend: put blanks in place of the tab"),
        ('study: "mine\ntitle: T', "1: not a readable YAML file: a quotation mark that is not closed"),
        ("study: mine\ncorpora: [{path: t}\ngaps: {}", "2: not a readable YAML file: brackets that end amiss"),
        ("study: mine\ngaps: {}\ngaps: {}", "3: not a readable YAML file: 'gaps' stands twice, also in row 2"),
        ("study: mine\ntitle: 1990-02-30", "2: not a readable YAML file: a value that cannot be: day is out of range"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_study_says_in_which_row_and_why(tmp_path, text, told):
    assert told in said(tmp_path, text)


def test_a_file_that_is_not_in_utf_8_says_in_which_row(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_bytes("study: mine\ntitle: Années\n".encode("cp1252"))
    with pytest.raises(RolecoderError, match=r"study\.yaml:2: .*not in UTF-8\n  mend: save the file in UTF-8"):
        read_study(path)


def test_further_faults_stand_below_the_first_each_with_its_row(tmp_path):
    rest = "profiles:\n  seed: x\n  unit: word\n  level: 2\n  window: -1"
    assert said(tmp_path, STUDY.format(corpus="", rest=rest)).splitlines() == [
        "7: profiles.unit: holds 'word'; expected 'passages', 'words' or 'documents'; closest is 'words'",
        "  row 9: profiles.window: holds -1; expected 0 or more",
        "  row 8: profiles.level: holds 2; expected less than 1",
        "  and 1 more",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: t\ndocuments:\n  - a.txt", "3: documents.0: holds 'a.txt'; expected settings, each as `name: value`"),
        ("name: t\nfile: '*.txt'", "2: file: unknown setting 'file'; closest is 'files'"),
        ("name: t\nfiles: '*.txt'", '2: files: holds \'*.txt\'; expected a list\n  mend: write `files: ["*.txt"]`'),
        ("name: t\nchecksums: [a]", "2: checksums: holds a list (['a']); expected settings, each as `name: value`"),
        ("name: t\nspeakers: {file: x, match: {}, name: N}", "2: speakers.match: holds settings without anything in it;"),
    ],
)  # fmt: skip
def test_a_slip_in_a_corpus_yaml_is_told_alike(tmp_path, text, told):
    assert told in said(tmp_path, text, read_description)


def test_a_study_and_the_description_of_a_corpus_are_told_apart(tmp_path):
    study, corpus = "study: s\ncorpora: [{path: t}]\n", "name: t\nfiles: ['*.txt']\n"
    assert "is a study, and describes no corpus" in said(tmp_path, study, read_description)
    assert "with `rolecoder code`" in said(tmp_path, corpus)


def test_a_language_on_the_command_line_is_a_code(tmp_path):
    with pytest.raises(RolecoderError, match="command line: languages: 'English' is not the code of a language"):
        reading_of(None, None, ["English"])


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ('"95"', "expected less than 1\n  mend: write 0.95 for 95 %"),
        ("100", "holds 100; expected less than 1"),
        ('"100"', "expected less than 1"),
    ],
)
def test_a_share_in_per_cent_may_stand_in_quotation_marks(level, told, tmp_path):
    found = said(tmp_path, STUDY.format(corpus="since: 1990", rest=f"profiles: {{level: {level}}}"))
    assert told in found and "write 1 " not in found
