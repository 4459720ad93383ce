"""Mutilated files end in an error that says why, or in a result; never in anything else."""

import io
import json
import random
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from rolecoder.cleaning import clean
from rolecoder.errors import RolecoderError
from rolecoder.readers.formats import read_bytes

sys.path.insert(0, str(Path(__file__).parent))
from test_readers import LINES, MARKDOWN, PAGE, TEI, epub, pdf

MUTATIONS = 200


def word():
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph("We keep the harbour open.")
    document.save(target)
    return target.getvalue()


def workbook():
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["text", "date"])
    book.active.append(["We keep the harbour open.", "1990"])
    book.save(target)
    return target.getvalue()


SAMPLES = {
    "a.txt": b"The President: We keep the harbour\nopen. (U)\n\f12\nSECRET\nOlaf: Thank you. P r e s i d e n t\n" * 3,
    "a.md": MARKDOWN.encode(),
    "a.html": PAGE.encode(),
    "a.xml": TEI.encode(),
    "a.pdf": pdf(LINES, LINES),
    "a.docx": word(),
    "a.epub": epub(),
    "a.xlsx": workbook(),
    "a.csv": b'id,text,date\n1,"We keep, the harbour",1990\n2,Open,\n',
    "a.json": json.dumps([{"text": "We keep the harbour", "year": 1990}] * 3).encode(),
    "a.jsonl": b'{"text": "We keep the harbour"}\n' * 3,
}


def mutated(data, chance):
    kind = chance.randrange(5)
    at = chance.randrange(len(data))
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 40))) + data[at:]
    if kind == 3:
        return data[:at] + data[at : at + 30] * chance.randrange(2, 200) + data[at:]
    return data[:at] + data[at + chance.randrange(1, 60) :]


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.filterwarnings("ignore")  # libraries warn of what is broken: so it is
def test_a_mutilated_file_ends_in_a_result_or_a_clear_error(name):
    chance = random.Random(f"seed of {name}")  # noqa: S311  not for secrets
    good = 0
    for _ in range(MUTATIONS):
        data = SAMPLES[name]
        for _ in range(chance.randrange(1, 4)):
            data = mutated(data, chance) or b" "
        try:
            readings = read_bytes(name, data, in_archive=False, ocr=False)
        except RolecoderError as error:
            assert error.found
            continue
        for reading in readings:
            mapped = clean(reading).mapped
            assert all(0 <= mapped.source(at) <= len(reading.raw) for at in range(0, len(mapped.text), 7))
        good += 1
    assert good or name in ("a.docx", "a.xlsx", "a.epub")
