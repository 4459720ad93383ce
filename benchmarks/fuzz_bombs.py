"""Files that are meant to do harm, made by hand, for ``fuzz.py``."""

# ruff: noqa: E501  a file a line reads best
from __future__ import annotations

import functools
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

from fuzz_samples import FRONT, TALK, docx, epub, pdf, shown, stream, xlsx, zipped
from fuzz_swollen import levels, members, packages, pdfs, replaced

Bomb = tuple[str, str, Callable[[], bytes]]  # what it is, the file's name, and how to make it
MB = 1_000_000
BIG = 100 * MB


def laughs(root: str, *, levels: int = 12, fan: int = 10) -> bytes:
    """Entities that hold entities: what they stand for is beyond any memory."""
    rows = "".join(f"<!ENTITY e{n} '{fan * ('&e' + str(n - 1) + ';')}'>" for n in range(1, levels))
    last = f"&e{levels - 1};"
    head = f"<?xml version='1.0'?><!DOCTYPE {root} [<!ENTITY e0 'ha'>{rows}]>"
    return f"{head}<{root}><p a='{last}'>{last}</p></{root}>".encode()


def quadratic(root: str) -> bytes:
    """One long entity, named often."""
    return f"<!DOCTYPE {root} [<!ENTITY e '{'ha' * 500_000}'>]><{root}>{'<p>&e;</p>' * 50_000}</{root}>".encode()


@functools.cache
def lying(size: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive whose one member is 20 MB and says that it is ``size``."""
    data = zipped({"a.txt": b"0" * 20 * MB}, method)
    return data.replace(struct.pack("<I", 20 * MB), struct.pack("<I", size))


def overlapping(members: int, size: int = 1 * MB) -> bytes:
    """An archive whose members are all the same few bytes."""
    one = zipped({"a.txt": b"harbour " * (size // 8)})
    start = one.index(b"PK\x01\x02")
    entry = one[start : one.index(b"PK\x05\x06")]
    name = entry.index(b"a.txt")
    entries = b"".join(entry[:28] + struct.pack("<H", 11) + entry[30:name] + b"%07d.txt" % n for n in range(members))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, members, members, len(entries), start, 0)
    return one[:start] + entries + end


def nested(levels: int = 6) -> bytes:
    """Archives in archives."""
    data = zipped({f"{n}.txt": b"0" * MB for n in range(16)})
    for _ in range(levels):
        data = zipped({f"{n}.zip": data for n in range(16)})
    return data


def flagged(bits: int) -> bytes:
    """An archive whose member has these general flags, such as 1: encrypted."""
    data = bytearray(zipped({"a.txt": TALK.encode()}))
    data[6] |= bits
    data[data.index(b"PK\x01\x02") + 8] |= bits
    return bytes(data)


def doubled(count: int, opening: str, closing: str = "", inner: str = "x") -> bytes:
    """Something opened ``count`` times and closed as often."""
    return (opening * count + inner + closing * count).encode()


def laughing_forms(levels: int = 12, fan: int = 10) -> bytes:
    """A PDF whose page draws a form that draws forms."""
    first = 5
    forms = [
        stream(
            b"/X Do " * fan,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
            % (first + n + 1),
        )
        for n in range(levels)
    ]
    return pdf(b"/X Do", objects=(*forms, stream(shown("ha"), b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")))


def sheet_xml(rows: str, dimension: str = "A1:B2") -> str:
    """The XML of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'


def row_xml(number: int, *cells: tuple[str, str]) -> str:
    """The XML of a row of texts, by column."""
    shown_cells = "".join(f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in cells)
    return f'<row r="{number}">{shown_cells}</row>'


def texts(name: str, before: bytes = b"", after: bytes = b"") -> list[Bomb]:
    """Texts that are hard on whatever reads lines, words and blanks."""
    kinds: list[tuple[str, Callable[[], bytes]]] = [
        ("a line of 100 MB", lambda: b"harbour " * (BIG // 8)),
        ("a word of 3.9 MB", lambda: b"A" * (39 * MB // 10)),
        ("100 MB of lines", lambda: (b"We keep the harbour open for every ship that comes in peace.\n" * (BIG // 61))),
        ("19 MB of lines of one letter", lambda: b"a\n" * (19 * MB // 2)),
        ("NUL bytes", lambda: b"\x00" * MB + b"harbour"),
        ("NUL bytes among words", lambda: b"har\x00bour " * 2 + b"The harbour stays open. " * 5000),
        ("surrogates in UTF-16", lambda: b"\xff\xfe" + b"\x00\xd8a\x00" * 50_000),
        ("surrogates in UTF-8", lambda: b"\xed\xa0\x80 harbour" * 10_000),
        ("combining characters alone", lambda: "\u0301".encode() * 300_000),
        ("letters with a hundred accents", lambda: ("e" + "\u0301" * 100).encode() * 3_000),
        ("3.9 MB of letter-spaced letters", lambda: b"a b c d e f g h " * (39 * MB // 160)),
        ("letter-spaced lines", lambda: b"P r e s i d e n t  H a l v o r s e n :\n" * 90_000),
        ("blanks between two words", lambda: b"(U) A. Secret." + b" " * MB + b"(x\n" + b"(U) " * 9),
        ("blanks after stops", lambda: b"(U) (U) DECL: " + (b". " + b" " * 30_000) * 20 + b"x"),
        ("stops and no words", lambda: b"(U) (U) DECL: " + b". ! " * (MB // 8)),
        ("marks without end", lambda: b"(U) (U) DECL: x" + b". (a" * (MB // 8)),
        ("tabs and blanks in turn", lambda: b"(U) (U) DECL: " + b"\t " * (MB // 2) + b"x"),
        ("stamps and dashes", lambda: b"(U) (U)\nSECRET" + b"-- 1 -" * 40 + b"x\n"),
        ("labels without colon", lambda: (b"A." + b" " * 200_000 + b"x\n") * 4),
        ("hyphens at the end of 60,000 lines", lambda: b"".join(b"the long har%dx-\nbour went to the big sea and came ab-\n" % n for n in range(60_000))),
        ("garbled bytes", lambda: ("â€" * 20_000 + " Ã©" * 10_000).encode() + "Â".encode() * 100_000),
        ("emphasis without end", lambda: b"_a " * 80_000 + b"**b " * 80_000),
        ("Cyrillic among Latin", lambda: ("a\u0430" * 300_000 + "1 ").encode() * 2),
        ("form feeds alone", lambda: b"x\f" * 600_000),
        ("notes without end", lambda: b"A text.1\n\n* Source: A box.\n\n" + b"".join(b"%d Note.\n\n" % (n % 999) for n in range(60_000))),
        ("a note of 3 MB", lambda: b"A text.1\n\n* Source: " + b"A box in a room.\n" * (3 * MB // 17)),
        ("dates without end", lambda: b"DATE: " + b"May 4, " * 100_000 + b"\nSUBJECT: May\nPARTICIPANTS: " + b"A, " * 100_000),
        ("a Gutenberg header without end", lambda: b"Gutenberg\n*** START OF THE PROJECT GUTENBERG EBOOK\nProduced by\n" + b" \n x" * 60_000),
    ]  # fmt: skip
    return [(kind, name, (lambda make=make: before + make() + after)) for kind, make in kinds]  # type: ignore[misc]


def markup(name: str, root: str) -> list[Bomb]:
    """XML and HTML."""
    opened, closed = f"<{root}>".encode(), f"</{root}>".encode()
    entity16 = laughs(root).decode().replace("<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-16'?>")
    late = laughs(root).decode().partition("?>")
    return [
        ("entities in entities", name, lambda: laughs(root)),
        ("entities in entities, in UTF-16", name, lambda: entity16.encode("utf-16")),
        ("entities behind a long comment", name, lambda: f"{late[0]}?><!--{'-x' * 100_000}-->{late[2]}".encode()),
        ("one long entity, often", name, lambda: quadratic(root)),
        ("an entity from outside", name, lambda: f"<!DOCTYPE {root} [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><{root}>&e;</{root}>".encode()),
        ("a document type from outside", name, lambda: f"<!DOCTYPE {root} SYSTEM 'http://127.0.0.1:9/x.dtd'><{root}><p>x</p></{root}>".encode()),
        ("100,000 levels", name, lambda: opened + doubled(100_000, "<p>", "</p>") + closed),
        ("100,000 levels, never closed", name, lambda: opened + doubled(100_000, "<div>")),
        ("190 levels of notes in notes", name, lambda: opened + doubled(190, "<note><list type='participants'><item>a", inner="<item>x</item>" * 5000)),
        ("190 levels of lists", name, lambda: opened + doubled(90, "<list type='participants'><item>", "</item></list>", "<item>x</item>" * 20_000) + closed),
        ("a million attributes", name, lambda: attributes(root)),
        ("an attribute of 50 MB", name, lambda: f"<{root}><p a='{'x' * 50 * MB}'>x</p></{root}>".encode()),
        ("50 MB of tags", name, lambda: opened + b"<p>a</p>" * (50 * MB // 8) + closed),
        ("50 MB of empty tags", name, lambda: opened + b"<b/>" * (50 * MB // 4) + closed),
        ("a text of 55 MB", name, lambda: opened + b"<p>" + b"harbour " * (55 * MB // 8) + b"</p>" + closed),
        ("a line of 100 MB", name, lambda: opened + b"<p>" + b"harbour " * (BIG // 8) + b"</p>" + closed),
        ("an open quote", name, lambda: f"<{root}><p a=\"{'x>' * MB}".encode()),
        ("signs of entities", name, lambda: opened + b"&amp;&#x10FFFF;&#0;&#xD800;&" * 50_000 + closed),
        ("persons without end", name, lambda: opened + b"<item>" + b"".join(b"<persName xml:id='p%d'>Olaf</persName>, x" % n for n in range(40_000)) + b"</item>" + closed),
    ]  # fmt: skip


def attributes(root: str) -> bytes:
    """An element with a million attributes."""
    listed = " ".join(f"a{n}='x'" for n in range(MB))
    return f"<{root}><p {listed}>x</p></{root}>".encode()


def archives(name: str) -> list[Bomb]:
    """Zip archives."""
    slow = (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return [
        ("a member of 100 MB in 100 kB", name, lambda: zipped({"a.txt": b"0" * 100 * MB})),
        ("a member that lies of its size", name, lambda: lying(9000)),
        *((f"a member that lies, packed by method {m}", name, lambda m=m: lying(9000, m)) for m in slow),
        *((f"a member of 20 MB, packed by method {m}", name, lambda m=m: lying(19 * MB, m)) for m in slow),
        ("archives in archives", name, nested),
        ("100,000 members", name, lambda: zipped({f"{n}.dat": b"" for n in range(100_000)})),
        ("20,000 members that overlap", name, lambda: overlapping(20_000)),
        ("names that climb out", name, lambda: zipped({"../../up.txt": TALK.encode(), "a/../../b.txt": TALK.encode()})),
        ("absolute names", name, lambda: zipped({"/etc/a.txt": TALK.encode(), "C:\\a.txt": TALK.encode()})),
        ("odd names", name, lambda: zipped({"a\x00b.txt": TALK.encode(), "x" * 60_000 + ".txt": TALK.encode(), "\udcff.txt".encode("utf-8", "surrogatepass").decode("latin-1"): b"x"})),
        ("one name twice", name, lambda: zipped({"a.txt": TALK.encode(), "b.txt": b"Another."}).replace(b"b.txt", b"a.txt")),
        ("an encrypted member", name, lambda: flagged(1)),
        ("a patched member", name, lambda: flagged(0x20)),
        ("every flag", name, lambda: flagged(0xFF)),
    ]  # fmt: skip


def documents() -> dict[str, list[Bomb]]:
    """PDF, DOCX, EPUB and XLSX."""
    flat = b"/Filter /FlateDecode"
    full = shown(*["We keep the harbour open for every ship."] * 40)
    good = pdf(full, full)
    cyclic = b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>"
    wide = "".join(f"<w:tc><w:tcPr><w:gridSpan w:val='{n}'/></w:tcPr><w:p/></w:tc>" for n in (2**31 - 1, 10**9))
    cell = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    para = "<w:p><w:r><w:t>open </w:t></w:r></w:p>"
    two = row_xml(1, ("A", "text"), ("B", "date"))
    laugh = laughs("worksheet")
    return {
        "pdf": [
            ("a page tree that holds itself", "a.pdf", lambda: pdf(full, tree=cyclic)),
            ("a billion pages", "a.pdf", lambda: pdf(full, tree=b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>")),
            ("a negative count", "a.pdf", lambda: pdf(full, tree=b"<< /Type /Pages /Kids [3 0 R] /Count -7 >>")),
            ("4,900 pages that are one", "a.pdf", lambda: pdf(shown("We keep it open."), tree=b"<< /Type /Pages /Kids [%s] /Count 4900 >>" % (b"3 0 R " * 4900))),
            ("10,000 pages that are one", "a.pdf", lambda: pdf(full, tree=b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % (b"3 0 R " * 10_000))),
            ("a table of places cut off", "a.pdf", lambda: good[: good.rindex(b"xref") + 30]),
            ("a table of places elsewhere", "a.pdf", lambda: good.replace(b"startxref\n", b"startxref\n9999999")),
            ("half a file", "a.pdf", lambda: good[: len(good) // 2]),
            ("forms in forms", "a.pdf", laughing_forms),
            ("a page of 300 MB in 300 kB", "a.pdf", lambda: pdf(stream(zlib.compress(b"BT /F1 12 Tf (harbour) Tj ET " * 10 * MB), flat))),
            ("a page of 600 MB of blanks", "a.pdf", lambda: pdf(stream(zlib.compress(b" " * 600 * MB), flat))),
            ("a page packed twice", "a.pdf", lambda: pdf(stream(zlib.compress(zlib.compress(b"(a) Tj " * 100 * MB)), b"/Filter [/FlateDecode /FlateDecode]"))),
            ("a million words on a page", "a.pdf", lambda: pdf(b"BT /F1 1 Tf " + b"1 0 0 1 72 720 Tm (open) Tj " * MB + b"ET")),
            ("100,000 levels of lists", "a.pdf", lambda: pdf(full, objects=(b"[" * 100_000,))),
            ("a label for every page of a billion", "a.pdf", lambda: good.replace(b"/Pages 2 0 R", b"/Pages 2 0 R /PageLabels << /Nums [0 << /S /r /St 2147483647 >>] >>")),
        ],
        "docx": [
            ("a cell as wide as a billion", "a.docx", lambda: docx(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>{para}")),
            ("cells that go on from above", "a.docx", lambda: docx(f"<w:tbl>{f'<w:tr>{cell}</w:tr>' * 3000}</w:tbl>{para}")),
            ("1,000 columns in 300 rows", "a.docx", lambda: docx(f"<w:tbl>{('<w:tr>' + cell.replace('<w:vMerge/>', '') * 1000 + '</w:tr>') * 300}</w:tbl>{para}")),
            ("a million paragraphs", "a.docx", lambda: docx(para * MB)),
            ("100,000 levels", "a.docx", lambda: docx("<w:p>" * 100_000 + "</w:p>" * 100_000)),
            ("tables in tables", "a.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 60 + para + "</w:tc></w:tr></w:tbl>" * 60)),
            ("entities", "a.docx", lambda: zipped({**sound_docx(), "word/document.xml": laughs("document")})),
            ("entities in its properties", "a.docx", lambda: zipped({**sound_docx(), "docProps/core.xml": laughs("coreProperties")})),
            ("a line of 100 MB", "a.docx", lambda: docx(f"<w:p><w:r><w:t>{'harbour ' * (BIG // 8)}</w:t></w:r></w:p>")),
            ("a picture that swells", "a.docx", lambda: zipped({**sound_docx(), "word/media/a.png": b"0" * 150 * MB})),
        ],
        "epub": [
            ("a page of 100,000 levels", "a.epub", lambda: epub(b"<html><body>" + b"<div>" * 100_000)),
            ("entities in a page", "a.epub", lambda: epub(laughs("html"))),
            ("a page a million times in the spine", "a.epub", lambda: spined(MB)),
            ("a page 20,000 times in the spine", "a.epub", lambda: spined(20_000)),
            ("a package that is not there", "a.epub", lambda: zipped({"META-INF/container.xml": b'<c><rootfile full-path="../x.opf"/></c>'})),
            ("a line of 55 MB", "a.epub", lambda: epub(b"<html><body><p>" + b"harbour " * (55 * MB // 8))),
            ("a page that swells", "a.epub", lambda: epub(b"<p>x</p>" + b" " * 50 * MB)),
        ],
        "xlsx": [
            ("a sheet that says it is full", "a.xlsx", lambda: xlsx(sheet_xml(two + row_xml(2, ("A", "open"), ("B", "1990")), "A1:XFD1048576"))),
            ("a cell in the last corner", "a.xlsx", lambda: xlsx(sheet_xml(two + row_xml(1_048_576, ("A", "open"), ("XFD", "x"))))),
            ("a row beyond all rows", "a.xlsx", lambda: xlsx(sheet_xml(two + row_xml(99_999_999_999, ("A", "open"))))),
            ("a cell in the last column of 20,000 rows", "a.xlsx", lambda: xlsx(sheet_xml(two + "".join(row_xml(n, ("A", "open"), ("XFD", "x")) for n in range(2, 20_002))))),
            ("a million rows", "a.xlsx", lambda: xlsx(sheet_xml(two + "".join(row_xml(n, ("A", "open")) for n in range(2, MB))))),
            ("entities in a sheet", "a.xlsx", lambda: xlsx(laugh.decode())),
            ("entities in the shared texts", "a.xlsx", lambda: xlsx(None, sharedStrings=laugh)),
            ("entities behind a long comment", "a.xlsx", lambda: xlsx(None, sharedStrings=laugh.replace(b"?>", b"?><!--" + b" x" * 10_000 + b"-->", 1))),
            ("shared texts without end", "a.xlsx", lambda: xlsx(None, sharedStrings=b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + b"<si><t/></si>" * 10 * MB + b"</sst>")),
            ("100,000 levels", "a.xlsx", lambda: xlsx("<worksheet>" + "<a>" * 100_000)),
            ("a text of 100 MB", "a.xlsx", lambda: xlsx(sheet_xml(row_xml(1, ("A", "text")) + row_xml(2, ("A", "harbour " * (BIG // 8)))))),
        ],
    }  # fmt: skip


def entities() -> dict[str, list[Bomb]]:
    """Entities where they are not looked for: in other encodings, behind blanks, in parts of documents."""

    def hidden(root: str) -> list[tuple[str, Callable[[], bytes]]]:
        head = "<?xml version='1.0'?>"
        laugh, parameters = (
            laughs(root).decode(),
            "".join(f"<!ENTITY % p{n} '{10 * f'%p{n - 1};'}'>" for n in range(1, 12)),
        )
        return [
            ("entities in entities, in UTF-32", lambda: laugh.replace(head, "").encode("utf-32")),
            ("entities in entities, in EBCDIC", lambda: laugh.replace("1.0'?>", "1.0' encoding='IBM037'?>").encode("cp037")),
            ("entities in entities behind blanks", lambda: b" \n" * 10_000 + laugh.replace(head, "").encode()),
            ("entities in entities behind blanks, in UTF-16", lambda: (" \n" * 10_000 + laugh.replace(head, "")).encode("utf-16")),
            ("entities of the document type", lambda: f"<!DOCTYPE {root} [<!ENTITY % p0 'ha'>{parameters}%p11;]><{root}>x</{root}>".encode()),
            ("one long entity of 1 MB, often", lambda: quadratic(root)),
            ("one long entity of 1 MB behind blanks, often", lambda: b" \n" * 10_000 + quadratic(root)),
        ]  # fmt: skip

    found: dict[str, list[Bomb]] = {
        "html": [(what, "a.html", make) for what, make in hidden("html")],
        "tei": [(what, "a.xml", make) for what, make in hidden("TEI")],
    }
    for reader, name, sound, part, root in (
        ("docx", "a.docx", docx, "word/document.xml", "document"),
        ("docx", "a.docx", docx, "[Content_Types].xml", "Types"),
        ("epub", "a.epub", lambda: epub(b"x"), "book.opf", "package"),
        ("epub", "a.epub", lambda: epub(b"x"), "0.xhtml", "html"),
        ("xlsx", "a.xlsx", xlsx, "xl/worksheets/sheet1.xml", "worksheet"),
        ("xlsx", "a.xlsx", xlsx, "xl/sharedStrings.xml", "sst"),
    ):
        found.setdefault(reader, []).extend(
            (f"{what}: {part}", name, lambda sound=sound, part=part, make=make: replaced(sound(), part, make()))
            for what, make in hidden(root)
        )
    return found


def wholes() -> dict[str, list[Bomb]]:
    """As much as a reader takes, or a little more; a sign outside the usual ones makes a text four times as large."""
    sign, row = "\U0001f6a2".encode(), b'{"text": "open", "date": "1 May 1990", "speaker": "Olaf"}'
    found: dict[str, list[Bomb]] = {
        reader: [
            (f"a line of {mb} MB with a ship", name, lambda mb=mb, before=before: before + b"harbour " * (mb * MB // 8) + sign),
            (f"{mb} MB of lines with a ship", name, lambda mb=mb, before=before: before + b"We keep it open.\n" * (mb * MB // 17) + sign),
        ]
        for reader, name, mb, before in (
            ("plain", "a.txt", 79, b""), ("markdown", "a.md", 79, b""), ("html", "a.html", 59, b"<html><p>"),
            ("csv", "a.csv", 109, b"text\n"), ("json", "a.json", 109, b'["'), ("jsonl", "a.jsonl", 109, b""),
        )
    }  # fmt: skip
    found["plain"] += [("a line of 290 MB", "a.txt", lambda: b"harbour " * (290 * MB // 8) + sign)]
    found["csv"] += [
        ("99,999 dates", "a.csv", lambda: b"text,date,speaker,id\n" + b"open,1 May 1990,Olaf,x\n" * 99_999),
        ("a million dates", "a.csv", lambda: b"text,date,speaker,id\n" + b"open,1 May 1990,Olaf,x\n" * MB),
        ("a header of 100 MB", "a.csv", lambda: b"text,b" + b"x" * BIG + b"\nopen,1\n"),
        ("a line of 100 MB without a field", "a.csv", lambda: b"text\n" + b"harbour " * (BIG // 8)),
        (
            "100 MB of short fields",
            "a.csv",
            lambda: b"text" + b",a" * 16_000 + b"\n" + (b"x" + b",y" * 16_000 + b"\n") * 3000,
        ),
    ]
    found["json"] += [
        ("a million rows", "a.json", lambda: b"[" + b",".join([row] * MB) + b"]"),
        ("99,999 rows", "a.json", lambda: b"[" + b",".join([row] * 99_999) + b"]"),
        ("14.9 million numbers under the text", "a.json", lambda: b'{"text": [' + b"1.5," * (149 * MB // 10) + b"1]}"),
        (
            "1.9 million empty objects in a row",
            "a.json",
            lambda: b'[{"text": "x", "a": [' + b"{}," * (19 * MB // 10) + b"1]}]",
        ),
    ]
    found["jsonl"] += [("99,999 rows", "a.jsonl", lambda: (row + b"\n") * 99_999)]
    return found  # fmt: skip


def sound_docx() -> dict[str, bytes]:
    """The members of a sound Word document."""
    from fuzz_samples import members_of

    return members_of(docx())


def spined(times: int) -> bytes:
    """A book whose spine names one page often."""
    from fuzz_samples import members_of

    members = members_of(epub(b"<html><body><p>We keep the harbour open.</p></body></html>"))
    members["book.opf"] = members["book.opf"].replace(b'<itemref idref="i0"/>', b'<itemref idref="i0"/>' * times)
    return zipped(members)


def tables() -> dict[str, list[Bomb]]:
    """CSV, JSON and JSONL."""
    field = "harbour " * (BIG // 8)
    return {
        "csv": [
            ("a field of 100 MB", "a.csv", lambda: f'text,date\n"{field}",1990\nOpen.,1991\n'.encode()),
            ("a million columns", "a.csv", lambda: b"text" + b",a" * MB + b"\n" + b"x\n" * 1000),
            ("a million columns with names of their own", "a.csv", lambda: ("text," + ",".join(map(str, range(MB))) + "\nx\n").encode()),
            ("a million fields beyond the header", "a.csv", lambda: b"text\nx" + b",a" * MB),
            ("16,000 columns and 100,000 short rows", "a.csv", lambda: b"text" + b",a" * 16_000 + b"\n" + b"x\n" * 100_000),
            ("30 million rows", "a.csv", lambda: b"text\n" + b"x\n" * 30 * MB),
            ("a quote never closed", "a.csv", lambda: b'text\n"' + b"open\n" * 10 * MB),
            ("quotes in quotes", "a.csv", lambda: b"text\n" + b'"' * (2 * MB)),
            ("NUL bytes", "a.csv", lambda: b"text\nop\x00en\n"),
            ("dates of 1 MB", "a.csv", lambda: b"text,date\nopen,\"" + b"1 May, " * 150_000 + b"\"\n"),
        ],
        "json": [
            ("a text of 100 MB", "a.json", lambda: json.dumps([{"text": field}, {"text": "Open."}]).encode()),
            ("100,000 levels of lists", "a.json", lambda: doubled(100_000, "[", "]", "")),
            ("100,000 levels of objects", "a.json", lambda: doubled(100_000, '{"text":', "}", "1")),
            ("900 levels under the text", "a.json", lambda: b'{"text":' + doubled(900, "[", "]", "1") + b"}"),
            ("a whole number of a million figures", "a.json", lambda: b'{"text": "x", "year": ' + b"9" * MB + b"}"),
            ("a whole number of 4,000 figures", "a.json", lambda: b'{"text": "x", "year": ' + b"9" * 4000 + b"}"),
            ("a number beyond all numbers", "a.json", lambda: b'{"text": "x", "year": 1e99999, "date": NaN}'),
            ("half surrogates", "a.json", lambda: b'[{"text": "x \\ud800 y", "title": "\\udfff", "id": "\\ud800"}]'),
            ("33 million empty lists", "a.json", lambda: b"[" + b"[]," * (BIG // 3) + b"1]"),
            ("33 million empty objects", "a.json", lambda: b"[" + b"{}," * (BIG // 3) + b"1]"),
            ("25 million numbers", "a.json", lambda: b"[" + b"1.5," * (BIG // 4) + b"1]"),
            ("a million names", "a.json", lambda: b"{" + b",".join(b'"a%d":1' % n for n in range(MB)) + b',"text":"x"}'),
            ("one name many times", "a.json", lambda: b"{" + b'"text":"x",' * MB + b'"text":"y"}'),
            ("a text that is a list", "a.json", lambda: b'[{"text": ["a", {"b": null}]}, {"text": 5}, {"text": true}]'),
        ],
        "jsonl": [
            ("a text of 100 MB", "a.jsonl", lambda: json.dumps({"text": field}).encode() + b'\n{"text": "Open."}'),
            ("100,000 levels", "a.jsonl", lambda: b'{"text": "x"}\n' + doubled(100_000, "[", "]", "")),
            ("30 million lines", "a.jsonl", lambda: b"{}\n" * (BIG // 3)),
            ("separators of lines in a text", "a.jsonl", lambda: '{"text": "a\u2028b\x0b\x0c"}\n{"text": "c\u2029d"}'.encode()),
        ],
    }  # fmt: skip


def lists() -> dict[str, list[Bomb]]:
    """What stands beside the texts: corpus.yaml, manifests, tables of speakers."""
    chain = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    merge = "m0: &m0 {k: v}\n" + "".join(
        f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
    )
    yamls: list[tuple[str, Callable[[], bytes]]] = [
        ("aliases of aliases", lambda: f"{chain}name: *a11\ntitle: *a11\n".encode()),
        ("merges of merges", lambda: f"{merge}name: x\n".encode()),
        ("aliases as speakers", lambda: f"{chain}speakers: *a11\ndefaults: {{speakers: *a11}}\n".encode()),
        ("an alias of itself", lambda: b"title: &a [*a]\nname: x\n"),
        ("10,000 levels", lambda: b"title: " + b"[" * 10_000),
        ("a value of 3 MB", lambda: b"title: " + b"x" * 3 * MB),
        ("100,000 lines", lambda: b"".join(b"a%d: b\n" % n for n in range(100_000))),
        ("odd types", lambda: b"title: 2001-99-99\ndate: 0o9\n? [a]\n: !!set {a}\nname: !!binary x\n"),
        ("a tag of Python", lambda: b"title: !!python/object/apply:os.system [ls]\n"),
        ("numbers of 5,000 figures", lambda: b"title: " + b"9" * 5000 + b"\nname: 1:2:3:4:5:6\n"),
    ]  # fmt: skip
    wide = b"path" + b",a" * MB + b"\n" + b"x\n" * 1000
    return {
        "markdown": [(what, "a.md", (lambda make=make: b"---\n" + make() + b"---\nWe keep it open.\n")) for what, make in yamls],
        "corpus.yaml": [(what, "corpus.yaml", make) for what, make in yamls]
        + [("a pattern of patterns", "corpus.yaml", lambda: b'name: x\nfiles: ["' + b"**/*" * 200 + b'x"]\npattern: "' + b"{actor}" * 3 + b'"\n'),
           ("a pattern with many parts", "corpus.yaml", lambda: b'name: x\npattern: "' + b"".join(b"{p%d}" % n for n in range(60)) + b'.pdf"\n'),
           ("a root that is a file of the system", "corpus.yaml", lambda: b"name: x\nroot: /etc/passwd\n")],
        "manifest.csv": [("a million columns", "manifest.csv", lambda: wide), ("a field of 100 MB", "manifest.csv", lambda: b'path,title\na.txt,"' + b"x" * BIG + b'"\n'),
                         ("NUL bytes", "manifest.csv", lambda: b"path\na\x00.txt\n"), ("a name of 5,000 letters", "manifest.csv", lambda: b"path\n" + b"a" * 5000 + b".txt\n"),
                         ("paths that climb out", "manifest.csv", lambda: b"path\n../../../../etc/passwd\n/etc/passwd\n")],
        "speakers.csv": [("a million columns", "speakers.csv", lambda: wide), ("a field of 100 MB", "speakers.csv", lambda: b'speaker,actor\n"' + b"x" * BIG + b'",USA\n'),
                         ("NUL bytes", "speakers.csv", lambda: b"speaker,actor\na\x00,USA\n"), ("short rows", "speakers.csv", lambda: b"speaker,actor\nOlaf\n"), ("long rows", "speakers.csv", lambda: b"speaker,actor\nOlaf,NOR,a,b,c\n")],
        "speakers.xlsx": [("no rows", "speakers.xlsx", lambda: xlsx(sheet_xml("")))],
    }  # fmt: skip


def bombs() -> dict[str, list[Bomb]]:
    """Handmade harm by reader."""
    found: dict[str, list[Bomb]] = {"plain": texts("a.txt"), "markdown": texts("a.md"), "zip": archives("a.zip")}
    found["markdown"] += [
        ("brackets without end", "a.md", lambda: b"[" * 800_000),
        ("links without end", "a.md", lambda: b"[a](" * 200_000),
        ("comments without end", "a.md", lambda: b"-->" + b"<!--" * 200_000),
        ("rules of dashes", "a.md", lambda: b"- " * 400_000 + b"x"),
        ("quotes of quotes", "a.md", lambda: b"> " * 400_000 + b"x"),
        ("front matter without end", "a.md", lambda: FRONT[:-4].encode() + b"a: b\n" * 100_000),
    ]
    found["html"] = markup("a.html", "html") + texts("b.html", b"<html><body><pre>", b"</pre>")[3:]
    found["tei"] = markup("a.xml", "TEI")
    for more in (documents(), tables(), lists(), packages(), levels(), entities(), wholes(), {"pdf": pdfs()}):
        for reader, made in more.items():
            found.setdefault(reader, []).extend(made)
    found["zip"] += members("a.zip")
    for reader, name in (
        ("epub", "b.epub"),
        ("docx", "b.docx"),
        ("xlsx", "b.xlsx"),
        ("speakers.xlsx", "speakers.xlsx"),
    ):
        found[reader] = found.get(reader, []) + archives(name) + members(name)
    return found
