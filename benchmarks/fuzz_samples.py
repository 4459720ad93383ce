"""Small sound files of every format, for ``fuzz.py`` to mutate."""

# ruff: noqa: E501  a file a line reads best
from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path

Sample = tuple[str, bytes]  # a file's name and its bytes

TALK = """MEMORANDUM OF TELEPHONE CONVERSATION

SUBJECT:       Call with Prime Minister Halvorsen of Norland (U)
PARTICIPANTS:  The President
               Einar Halvorsen, Prime Minister of Norland
DATE, TIME     May 4, 1990, 9:05 - 9:20 a.m. EST
AND PLACE:     The Oval Office

The President:  We keep the harbour open for every ship that comes in peace, and we shall go on doing
so in the coming year. (U)

PM Halvorsen:  Thank you. Our fisher-
men rely on it.  I will tell the cabinet so. (C)
\f                                                                  DECLASSIFIED
CONFIDENTIAL                        2                               PER E.O. 12958

T h e  P r e s i d e n t :  G o o d  b y e ,  m y  f r i e n d .
"""
FRONT = '---\ntitle: "A call: on the harbour"\ndate: 1990-05-04\ndoc_type: telcon\nspeakers:\n  - {name: Einar Halvorsen, actor: NOR}\n---\n'
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>A Life</title><meta name='date' content='1922-01-03'></head><body>"
    "<nav>Home</nav><h1>Chapter I</h1><p>We kept the harbour&nbsp;open<span class='pagenum'>[12]</span> for all "
    "ships.<br>No one was turned away.</p><div class='footnote'>1 In May.</div><table><tr><td>a</td></tr></table></body></html>"
)
TEI = (
    "<?xml version='1.0' encoding='UTF-8'?><TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><title type='complete'>A "
    "Volume</title></teiHeader><text><front><list type='persons'><item><persName xml:id='p1'>Halvorsen, Einar</persName>, "
    "Prime Minister</item></list></front><body><div type='document' n='1' xml:id='d1'><head>1. Memorandum of "
    "Conversation<note n='1' type='source'>Source: A box.</note></head><opener><dateline><placeName>Bergen</placeName>, "
    "<date when='1962-04-06'>April 6, 1962</date></dateline></opener><list type='participants'><item><persName "
    "corresp='#p1'>Halvorsen</persName>, of Norland</item></list><p>The Prime Minister said <pb n='12'/> that the harbour "
    "<hi rend='italic'>stays</hi> open.</p></div><div type='document' n='2' xml:id='d2'><p>And so it did.</p></div>"
    "</body></text></TEI>"
)
TABLE = 'id;title;date;speaker;text\n1;"On; harbours";1990-05-04;Halvorsen;"We keep the harbour\nopen."\n2;;1991;;Open still.\n'
ROWS = [
    {"id": n, "year": 1990 + n, "president": "Halvorsen", "text": "We keep the harbour open. " * 5} for n in range(3)
]
DESCRIPTION = """name: harbour
title: Talks on the harbour
root: .
files: ["*.txt"]
pattern: "{actor}_{session}_{year}.txt"
defaults: {doc_type: speech, language: en}
actor_codes:
  - {code: NRL, actor: NOR, until: "1990"}
documents:
  - path: NRL_45_1990.txt
    date: "1990-05-04"
    speakers: [{name: Einar Halvorsen, actor: NOR, title: Prime Minister}]
checksums: {}
"""
MANIFEST = 'doc_id,path,doc_type,title,date,speakers,actor_iso3\nh1,NRL_45_1990.txt,speech,On harbours,1990-05-04,"Halvorsen, Prime Minister",NOR\n'
SPEAKERS = "speaker,actor,document_id\nHalvorsen,NOR,\nThe President,USA,h1\n"


def pdf(*pages: bytes, objects: tuple[bytes, ...] = (), tree: bytes | None = None) -> bytes:
    """A PDF whose pages have these content streams; ``objects`` come after, ``tree`` stands for the page tree."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(pages)))
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    parts.append(tree or b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)))
    forms = 3 + 2 * len(pages)
    for n, body in enumerate(pages):
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /XObject << /X %d 0 R "
            b">> /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>" % (4 + 2 * n, forms)
        )
        parts.append(body if body.startswith(b"<<") else stream(body))
    out, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate((*parts, *objects), start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(offsets) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(offsets) + 1,
        out.rfind(b"xref\n"),
    )


def stream(body: bytes, more: bytes = b"") -> bytes:
    """A stream object of a PDF."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (more, len(body), body)


def shown(*lines: str) -> bytes:
    """The content of a page that shows lines of text."""
    body = "".join(f"1 0 0 1 72 {720 - 14 * n} Tm ({line}) Tj " for n, line in enumerate(lines))
    return f"BT /F1 12 Tf {body} ET".encode()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def epub(*pages: bytes) -> bytes:
    """A small book."""
    items = "".join(f'<item id="i{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages)))
    order = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    package = f"<package><metadata><title>A Life</title><date>1922</date></metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    members = {"META-INF/container.xml": b'<c><rootfile full-path="book.opf"/></c>', "book.opf": package.encode()}
    return zipped(members | {f"{n}.xhtml": page for n, page in enumerate(pages)})


def docx(body: str | None = None) -> bytes:
    """A Word document; ``body`` replaces what its body holds."""
    import docx as word

    document, target = word.Document(), io.BytesIO()
    document.add_heading("On harbours")
    document.add_paragraph("We keep the harbour open for every ship.")
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "Halvorsen"
    document.save(target)
    if body is None:
        return target.getvalue()
    members = members_of(target.getvalue())
    xml = members["word/document.xml"].decode()
    members["word/document.xml"] = (xml[: xml.index("<w:body>") + 8] + body + "</w:body></w:document>").encode()
    return zipped(members)


def xlsx(sheet: str | None = None, **parts: bytes) -> bytes:
    """A workbook; ``sheet`` replaces the XML of its sheet, ``parts`` other parts by their last name."""
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in (
        ["text", "date", "speaker"],
        ["We keep the harbour open.", "1990-05-04", "Halvorsen"],
        ["Open.", 1991, None],
    ):
        book.active.append(row)
    book.save(target)
    members = members_of(target.getvalue())
    if sheet is not None:
        members["xl/worksheets/sheet1.xml"] = sheet.encode()
    for name in members:
        members[name] = parts.get(Path(name).stem, members[name])
    return zipped(members)


def members_of(data: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def samples() -> dict[str, list[Sample]]:
    """Sound files by reader."""
    paged = pdf(
        shown("The President: We keep the harbour", "open for ships.", "", "Olaf: Thank you."), shown("Page two of it.")
    )
    packed = pdf(stream(zlib.compress(shown(*["We keep the harbour open for ships."] * 30)), b"/Filter /FlateDecode"))
    tall = "Mr. Olaf (Norland): " + "We keep the harbour open, and it will stay so. " * 20
    printed = (
        "7. Memorandum of ConversationSource\n\nHe read the note.1\n\n* * *\n\n* Source: A box.\n\n1 Dated April.\n"
    )
    return {
        "plain": [("a.txt", TALK.encode()), ("b.txt", tall.encode("utf-16")), ("c.txt", "caf\xe9, d\x92accord\r\n".encode("latin-1") * 9), ("d.txt", printed.encode()), ("e.txt", b"\n".join(b"%d. A point of the harbour." % n for n in range(40)))],
        "markdown": [("a.md", (FRONT + "# Harbours\n\n> The *harbour* is [open](https://example.org/a_b). <!-- no -->\n\n" + TALK).encode())],
        "html": [("a.html", PAGE.encode()), ("b.htm", PAGE.replace("<html", "<meta charset='latin-1'><html").encode("latin-1"))],
        "tei": [("a.xml", TEI.encode()), ("b.xml", TEI.replace(" xmlns='http://www.tei-c.org/ns/1.0'", "").replace("</div>", "", 1).encode())],
        "pdf": [("a.pdf", paged), ("b.pdf", packed)],
        "docx": [("a.docx", docx())],
        "epub": [("a.epub", epub(b"<html><body><p>First.</p></body></html>", PAGE.encode()))],
        "csv": [("a.csv", TABLE.encode()), ("b.tsv", b"text\tyear\nWe keep it open\t1990\n")],
        "json": [("a.json", json.dumps(ROWS).encode()), ("b.json", json.dumps({"rows": ROWS}, indent=1).encode())],
        "jsonl": [("a.jsonl", b"\n".join(json.dumps(row).encode() for row in ROWS))],
        "xlsx": [("a.xlsx", xlsx())],
        "zip": [("a.zip", zipped({"x/a.txt": TALK.encode(), "b.json": json.dumps(ROWS).encode(), "c.zip": b"PK"}))],
        "corpus.yaml": [("corpus.yaml", DESCRIPTION.encode())],
        "manifest.csv": [("manifest.csv", MANIFEST.encode())],
        "speakers.csv": [("speakers.csv", SPEAKERS.encode())],
        "speakers.xlsx": [("speakers.xlsx", xlsx())],
    }  # fmt: skip


def real_samples(data: Path, most: int = 400_000) -> dict[str, list[Sample]]:
    """Real files of the corpora, the smallest of their kind; of plain text the first part of several."""
    corpora, found = data / "corpora", dict[str, list[Sample]]()
    for reader, glob, count in (
        ("tei", "frus/tei/*.xml", 3), ("tei", "frus/tei_drafts/*.xml", 3), ("pdf", "telcons/*/*.pdf", 5),
        ("html", "memoirs/*.htm", 2), ("json", "us_sotu_json/*.json", 3), ("plain", "telcons/text/*.txt", 6),
        ("plain", "us_presidents/*.txt", 2), ("plain", "memoirs/*.txt", 3),
    ):  # fmt: skip
        smallest = sorted(corpora.glob(glob), key=lambda path: path.stat().st_size)[:count]
        found.setdefault(reader, []).extend(
            (path.name, path.read_bytes()[: None if reader == "pdf" else most]) for path in smallest
        )
    if (corpora / "ungdc.zip").is_file():
        with zipfile.ZipFile(corpora / "ungdc.zip") as archive:
            names = [name for name in archive.namelist() if name.endswith(".txt")][:: 10_000 // 4]
            found.setdefault("plain", []).extend((f"{n}.txt", archive.read(name)) for n, name in enumerate(names))
            found["xlsx"] = [
                (Path(name).name, archive.read(name)) for name in archive.namelist() if name.endswith(".xlsx")
            ]
    return found
