"""Scans are recognised: by a real tesseract where it is installed, by stand-ins for what happens around it."""

import io
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from rolecoder.actors import read_actors
from rolecoder.errors import RolecoderError
from rolecoder.ingest import read_file
from rolecoder.readers import ocr
from rolecoder.readers.formats import read_bytes
from rolecoder.turns import read_turns

sys.path.insert(0, str(Path(__file__).parent))
from test_readers import pdf

PAGE = [
    "MEMORANDUM OF CONVERSATION",
    "SUBJECT: Meeting with Prime Minister Berg of Denmark",
    "PARTICIPANTS: The President, Prime Minister Berg",
    "DATE: May 1, 1990",
    "The President: We keep the harbour open.",
    "Prime Minister Berg: We are glad of it.",
    "The President: Thank you.",
]
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="not installed: tesseract")
needs_shell = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")


def scan(*pages):
    """A PDF of pictures: each page of a PDF with text, drawn."""
    import pypdfium2

    drawn = []
    document = pypdfium2.PdfDocument(pdf(*pages))
    try:
        drawn = [page.render(scale=3).to_pil().convert("L") for page in document]
    finally:
        document.close()
    target = io.BytesIO()
    drawn[0].save(target, "PDF", resolution=216, save_all=True, append_images=drawn[1:])
    return target.getvalue()


def stand_in(folder, name, script, monkeypatch):
    """The only programs on the path are those of ``folder`` and the system's own."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(ocr.shutil, "which", lambda wanted: str(program) if wanted == name else None)


@needs_tesseract
def test_a_scan_is_read_page_by_page_with_its_page_numbers(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path))
    (reading,) = read_bytes("a.pdf", scan(PAGE, ["The President: Good bye."]), in_archive=False, ocr=True)
    assert "We keep the harbour open." in reading.raw
    assert [label for _, label in reading.pages] == ["1", "2"]
    second = reading.raw[reading.pages[1][0] :]
    assert "Good bye" in second and "harbour" not in second


@needs_tesseract
def test_a_recognised_scan_has_its_date_and_its_speakers(tmp_path, monkeypatch, root):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "a.pdf").write_bytes(scan(PAGE))
    (document,) = read_file(tmp_path / "a.pdf")
    turns, _ = read_turns(document, read_actors(root / "corpora" / "actors.csv"))
    assert document.date == "1990-05-01"
    assert [turn.text for turn in turns] == ["We keep the harbour open.", "We are glad of it.", "Thank you."]
    assert turns[1].actor == "DNK"


def test_a_scan_that_may_not_be_recognised_is_left_out_with_the_remedy(tmp_path):
    (tmp_path / "a.pdf").write_bytes(scan(PAGE))
    with pytest.raises(RolecoderError) as error:
        read_file(tmp_path / "a.pdf", ocr="never")
    assert "a scan of 1 page" in error.value.found and "--ocr auto" in error.value.found


def test_without_a_program_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path))
    monkeypatch.setattr(ocr.shutil, "which", lambda _: None)
    with pytest.raises(RolecoderError) as error:
        read_bytes("a.pdf", scan(PAGE), in_archive=False, ocr=True)
    assert "without a text layer" in error.value.found
    assert "apt install tesseract-ocr" in error.value.mend


def twice(lines, others):
    """A PDF in which a second text lies over the first, line over line."""
    over = "".join(f") Tj 1 0 0 1 73 {719 - 14 * n} Tm ({other}" for n, other in enumerate(others))
    return pdf([*lines, "-" + over])


def test_a_second_text_layer_over_the_first_is_told_where_the_page_cannot_be_recognised():
    (reading,) = read_bytes(
        "a.pdf", twice(PAGE, [line.replace("e", "c") for line in PAGE]), in_archive=False, ocr=False
    )
    assert "harbour open" in reading.raw and "harbour opcn" in reading.raw
    assert reading.mended == ("two text layers lie over each other: words stand twice",)


@needs_shell
def test_the_text_layer_of_a_page_that_cannot_be_recognised_anew_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    stand_in(tmp_path, "tesseract", "echo no language eng >&2; exit 3", monkeypatch)
    damaged = twice(PAGE, [line.replace("e", "c") for line in PAGE])
    (reading,) = read_bytes("a.pdf", damaged, in_archive=False, ocr=True)
    assert "harbour open" in reading.raw
    assert reading.mended == (
        "two text layers lie over each other: words stand twice",
        "the scan could not be recognised anew: tesseract failed (no language eng)",
    )


@needs_shell
def test_a_page_with_two_text_layers_is_recognised_anew_and_one_with_a_line_set_bold_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    stand_in(tmp_path, "tesseract", "cat > /dev/null; echo The harbour is open today.", monkeypatch)
    damaged, bold = twice(PAGE, [line.replace("e", "c") for line in PAGE]), twice(PAGE, PAGE)
    (reading,) = read_bytes("a.pdf", damaged, in_archive=False, ocr=True)
    assert reading.raw.strip() == "The harbour is open today."
    (reading,) = read_bytes("a.pdf", bold, in_archive=False, ocr=True)
    assert "We keep the harbour open." in reading.raw


@needs_shell
def test_ocrmypdf_is_used_where_only_that_is_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    script = 'while [ "$1" != --sidecar ]; do shift; done\nprintf "The harbour\\n\\fis open.\\n\\f" > "$2"\n'
    stand_in(tmp_path / "bin", "ocrmypdf", script, monkeypatch)
    (reading,) = read_bytes("a.pdf", scan(PAGE), in_archive=False, ocr=True)
    assert reading.raw == "The harbour\n\fis open.\n"
    assert [label for _, label in reading.pages] == ["1", "2"]


@needs_shell
def test_an_ocrmypdf_that_fails_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path / "cache"))
    stand_in(tmp_path / "bin", "ocrmypdf", "echo no language eng >&2\nexit 3\n", monkeypatch)
    with pytest.raises(RolecoderError, match=r"ocrmypdf failed \(no language eng\)"):
        read_bytes("a.pdf", scan(PAGE), in_archive=False, ocr=True)


@needs_tesseract
@pytest.mark.real_texts
def test_scanned_memoranda_are_recognised_nearly_as_their_published_text(data, tmp_path, monkeypatch):
    monkeypatch.setenv("ROLECODER_CACHE", str(tmp_path))
    folder = data / "corpora" / "telcons"
    for name in ("1989-06-07-bush-helmut-kohl-telcon-scowcroft", "1989-06-09-bush-benazir-bhutto-telcon-scowcroft"):
        (found,) = read_file(folder / "original" / f"{name}.pdf")
        (published,) = read_file(folder / "text" / f"{name}.txt")
        wanted = {word for word in published.text.split() if word.isalpha() and len(word) > 3}
        missing = wanted - set(found.text.split())
        assert len(missing) <= 0.05 * len(wanted), sorted(missing)[:20]
