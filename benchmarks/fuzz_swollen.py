"""Files that swell to gigabytes, nest to a million levels or lie of their size, cheaply made, for ``fuzz.py``."""

# ruff: noqa: E501  a file a line reads best
from __future__ import annotations

import functools
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fuzz_samples import docx, epub, members_of, pdf, shown, stream, xlsx

Bomb = tuple[str, str, Callable[[], bytes]]  # what it is, the file's name, and how to make it
MB = 1_000_000
GB = 1000 * MB
DEEP = MB  # levels
FLAT = b"/Filter /FlateDecode"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@dataclass(frozen=True, slots=True)
class Packed:
    """Deflated bytes that nobody ever held unpacked."""

    data: bytes
    size: int
    crc: int
    adler: int


@functools.cache
def packed(*pieces: tuple[bytes, int]) -> Packed:
    """Deflate pieces, each repeated so many times: a piece is packed once, and what was packed is repeated."""
    out, size, crc, adler = [], 0, 0, 1
    for piece, times in pieces:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        out.append((deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)) * times)
        size += len(piece) * times
        for _ in range(times):
            crc, adler = zlib.crc32(piece, crc), zlib.adler32(piece, adler)
    return Packed(b"".join(out) + b"\x03\x00", size, crc, adler)


@functools.cache
def bulky(unit: bytes = b" ", mb: int = 1) -> bytes:
    """Megabytes that shrink to a 95th, as text never does and as a member of an archive just may."""
    figures = random.Random(0).randbytes(9500).hex().encode()  # noqa: S311  not for secrets
    return (figures + unit * ((MB - len(figures)) // len(unit))) * mb


def unpacked(data: bytes) -> Packed:
    """Bytes as a member of an archive."""
    return packed((data, 1))


def archive(members: Mapping[str, Packed | bytes], says: int | None = None, *, local: int | None = None) -> bytes:
    """An archive; ``says`` is what it says of the size of its last member, and ``local`` what stands before that member."""
    out, entries, at = [], [], 0
    for number, (name, given) in enumerate(members.items(), start=1):
        member = given if isinstance(given, Packed) else unpacked(given)
        stated = says if says is not None and number == len(members) else member.size
        before = local if local is not None and number == len(members) else stated
        fields = [
            struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, member.crc, len(member.data), min(n, 2**32 - 1))
            for n in (before, stated)
        ]
        wide = [struct.pack("<HHQ", 1, 8, n) if n >= 2**32 - 1 else b"" for n in (before, stated)]
        label = name.encode()
        entries.append(
            b"PK\x01\x02\x14\x00"
            + fields[1]
            + struct.pack("<HHHHHII", len(label), len(wide[1]), 0, 0, 0, 0, at)
            + label
            + wide[1]
        )
        out.append(
            b"PK\x03\x04" + fields[0] + struct.pack("<HH", len(label), len(wide[0])) + label + wide[0] + member.data
        )
        at += len(out[-1])
    count, listed = min(len(members), 2**16 - 1), b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)
    return b"".join([*out, listed, end])  # fmt: skip


def replaced(sound: bytes, name: str, part: Packed | bytes, says: int | None = None) -> bytes:
    """A sound package, one of whose parts is another; it comes last."""
    members: dict[str, Packed | bytes] = {n: data for n, data in members_of(sound).items() if n != name}
    return archive(members | {name: part}, says)


def deep(opening: str, closing: str = "", before: str = "", after: str = "") -> bytes:
    """Something opened a million times."""
    return (before + opening * DEEP + "x" + closing * DEEP + after).encode()


def members(name: str) -> list[Bomb]:
    """Archives of gigabytes."""
    blanks = (b" " * MB, 1000)
    return [
        ("a member of 1 GB in 1 MB", name, lambda: archive({"a.txt": packed(blanks)})),
        ("a member of 1 GB that says it is 9,000 bytes", name, lambda: archive({"a.txt": packed(blanks)}, 9000)),
        ("a member of 1 GB that says it is 190 MB", name, lambda: archive({"a.txt": packed((bulky(), 1000))}, 190 * MB)),
        ("a member of 9,000 bytes that says it is 190 MB", name, lambda: archive({"a.txt": b"harbour " * 1125}, 190 * MB)),
        ("a member that says it is 1 GB", name, lambda: archive({"a.txt": b"harbour " * 1125}, GB)),
        ("a member that says it is 9,000 GB", name, lambda: archive({"a.txt": b"harbour " * 1125}, 9000 * GB)),
        ("a member of 1 GB that says so in one place only", name, lambda: archive({"a.txt": packed(blanks)}, 9000, local=GB)),
        ("a member of 1 GB that says so in the other place only", name, lambda: archive({"a.txt": packed(blanks)}, GB, local=9000)),
        ("20 members of 190 MB", name, lambda: archive({f"{n}.txt": packed((bulky(), 190)) for n in range(20)})),
        ("10 members of 2 MB", name, lambda: archive({f"{n}.txt": packed((bulky(b"harbour \n"), 2)) for n in range(10)})),
    ]  # fmt: skip


def parts(
    name: str, sound: Callable[[], bytes], part: str, opening: str, closing: str, unit: str, element: str
) -> list[Bomb]:
    """Documents of zipped XML, one of whose parts does harm; ``unit`` is one thing of many in it, ``element`` one that nests."""
    start, end = opening.encode(), closing.encode()

    def made(what: Packed | bytes, says: int | None = None) -> bytes:
        return replaced(sound(), part, what, says)

    def filled(mb: int, filler: bytes) -> Packed:
        return packed((start, 1), (filler, mb), (end, 1))

    short, around = unit.replace("@", "open").encode(), unit.encode().split(b"@")
    many = short * (MB // len(short))

    def long() -> Packed:
        return packed((start, 1), (around[0] + bulky(b"harbour ", 9) + around[1], 20), (end, 1))

    return [
        ("a part of 1 GB in 1 MB", name, lambda: made(filled(1000, b" " * MB))),
        ("a part of 1 GB that says it is 9,000 bytes", name, lambda: made(filled(1000, b" " * MB), 9000)),
        ("a part of 1 GB that says it is 190 MB", name, lambda: made(filled(1000, many), 190 * MB)),
        ("a part of 1 GB of things", name, lambda: made(filled(1000, many))),
        ("a part of 190 MB of blanks", name, lambda: made(filled(190, bulky()))),
        ("a part of 180 MB of long texts", name, lambda: made(long())),
        ("two pictures of 190 MB", name, lambda: replaced(replaced(sound(), "a.png", packed((bulky(), 190))), "b.png", packed((bulky(), 190)))),
        ("a million levels", name, lambda: made(deep(f"<{element}>", f"</{element}>", opening, closing))),
        ("a million levels, never closed", name, lambda: made(deep(f"<{element}>", "", opening))),
        ("a million levels in what its parts are", name, lambda: replaced(sound(), "[Content_Types].xml", deep("<Types>"))),
    ]  # fmt: skip


def packages() -> dict[str, list[Bomb]]:
    """DOCX, XLSX and EPUB."""
    body = f"<w:document {WORD}><w:body>"
    text = "<w:p><w:r><w:t>@</w:t></w:r></w:p>"
    sheet = f"<worksheet {SHEET}><sheetData><row><c t='inlineStr'><is><t>text</t></is></c></row>"
    cell = "<row><c t='inlineStr'><is><t>@</t></is></c></row>"
    book = functools.partial(epub, b"<p>x</p>")

    @functools.cache
    def full() -> Packed:
        rows = b"".join(b"<row><c><v>%d</v></c></row>" % (n * 7919 % 100_003) for n in range(40_000))
        return packed((sheet.encode() + rows, 1), (rows, 15), (b"</sheetData></worksheet>", 1))

    return {
        "docx": parts("a.docx", docx, "word/document.xml", body, "</w:body></w:document>", text, "w:p"),
        "xlsx": [
            *parts("a.xlsx", xlsx, "xl/worksheets/sheet1.xml", sheet, "</sheetData></worksheet>", cell, "row"),
            ("texts shared, of 1 GB", "a.xlsx", lambda: replaced(xlsx(), "xl/sharedStrings.xml", packed((f"<sst {SHEET}>".encode(), 1), (b"<si><t/></si>" * 70_000, 1100)))),
            ("texts shared, of 150 MB", "a.xlsx", lambda: replaced(xlsx(), "xl/sharedStrings.xml", packed((f"<sst {SHEET}>".encode(), 1), (b"<si><t>" + bulky(b"harbour ", 9) + b"</t></si>", 17), (b"</sst>", 1)))),
            ("640,000 rows", "a.xlsx", lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", full())),
            ("20 sheets of 640,000 rows", "a.xlsx", lambda: sheets(20, full())),
        ],
        "epub": [
            *parts("a.epub", book, "0.xhtml", "<html><body>", "</body></html>", "<p>@</p>", "div"),
            ("a package of a million levels", "a.epub", lambda: replaced(book(), "book.opf", deep("<item>"))),
            ("a container of a million levels", "a.epub", lambda: replaced(book(), "META-INF/container.xml", deep("<c>"))),
            ("eight pages of 59 MB", "a.epub", lambda: pages(8, packed((bulky(), 59)))),
            ("eight pages of a million tags", "a.epub", lambda: pages(8, packed((b"<b/>" * MB, 1)))),
            ("60,000 pages", "a.epub", lambda: pages(60_000, unpacked(b"<p>open</p>"))),
        ],
    }  # fmt: skip


def sheets(count: int, sheet: Packed) -> bytes:
    """A workbook with the same sheet often."""
    made = members_of(xlsx())
    for name, mark in (
        ("xl/workbook.xml", b"<sheet "),
        ("xl/_rels/workbook.xml.rels", b"<Relationship "),
        ("[Content_Types].xml", b"<Override "),
    ):
        whole = made[name]
        at = next(m for m in whole.split(mark)[1:] if b"sheet" in m)
        one = mark + at[: at.index(b"/>") + 2]
        often = [
            one.replace(b"sheet1.xml", b"sheet%d.xml" % n)
            .replace(b"rId1", b"rIdx%d" % n)
            .replace(b'sheetId="1"', b'sheetId="%d"' % n)
            .replace(b'"Sheet"', b'"S%d"' % n)
            for n in range(1, count + 1)
        ]
        made[name] = whole.replace(one, b"".join(often))
    made.pop("xl/worksheets/sheet1.xml")
    return archive({**made, **{f"xl/worksheets/sheet{n}.xml": sheet for n in range(1, count + 1)}})  # fmt: skip


def pages(count: int, page: Packed) -> bytes:
    """A book of so many pages."""
    sound = members_of(epub(*[b""] * min(count, 1)))
    items = "".join(f'<item id="i{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(count))
    order = "".join(f'<itemref idref="i{n}"/>' for n in range(count))
    sound["book.opf"] = f"<package><manifest>{items}</manifest><spine>{order}</spine></package>".encode()
    sound.pop("0.xhtml")
    return archive({**sound, **{f"{n}.xhtml": page for n in range(count)}})


def flat(*pieces: tuple[bytes, int], more: bytes = b"", filters: bytes = FLAT) -> bytes:
    """A packed stream of a PDF."""
    made = packed(*pieces)
    return stream(b"\x78\xda" + made.data + struct.pack(">I", made.adler), filters + b" " + more)


def pdfs() -> list[Bomb]:
    """PDFs whose streams swell to a gigabyte, or that are slow page after page."""
    blanks, name = (b" " * MB, 1000), "a.pdf"
    full = shown(*["We keep the harbour open for every ship."] * 40)
    words = b"BT /F1 12 Tf (harbour) Tj ET "
    font = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 7 0 R >> >> >>"

    def with_font(more: bytes, swollen: bytes) -> bytes:
        made = pdf(
            full, objects=(b"null", b"null", b"<< /Type /Font /Subtype /TrueType /BaseFont /Abc %s >>" % more, swollen)
        )
        return made.replace(
            made[made.index(b"<< /Type /Page /Parent") : made.index(b"endobj", made.index(b"<< /Type /Page /Parent"))],
            font + b"\n",
        )

    return [
        ("a page of 1 GB of blanks", name, lambda: pdf(flat(blanks))),
        ("a page of 1 GB of words", name, lambda: pdf(flat((words * (MB // len(words)), 1000)))),
        ("a page of 1 GB packed twice", name, lambda: pdf(stream(zlib.compress(b"\x78\xda" + packed(blanks).data), b"/Filter [/FlateDecode /FlateDecode]"))),
        ("ten streams of 1 GB on a page", name, lambda: pdf(b"<< >>", objects=(b"null", *[flat(blanks)] * 10)).replace(b"/Contents 4 0 R", b"/Contents [%s]" % b" ".join(b"%d 0 R" % n for n in range(6, 16)))),
        ("1 GB of rows with a predictor", name, lambda: pdf(flat(blanks, more=b"/DecodeParms << /Predictor 15 /Columns 2147483647 >>"))),
        ("a string of 100 MB", name, lambda: pdf(b"BT /F1 12 Tf (" + b"harbour " * (100 * MB // 8) + b") Tj ET")),
        ("a string of 1 GB", name, lambda: pdf(flat((b"BT /F1 12 Tf (", 1), (b"harbour " * (MB // 8), 1000), (b") Tj ET", 1)))),
        ("a table of letters of 1 GB", name, lambda: with_font(b"/ToUnicode 8 0 R", flat((b"<00> <0041> ", 1), (b"1 beginbfchar <41> <0041> endbfchar\n" * 30_000, 1000)))),
        ("a font of 1 GB", name, lambda: with_font(b"/FontDescriptor << /Type /FontDescriptor /FontName /Abc /Flags 32 /FontFile2 8 0 R >>", flat(blanks))),
        ("a picture of 1 GB", name, lambda: pdf(full + b" /X Do", objects=(flat(blanks, more=b"/Type /XObject /Subtype /Image /Width 31622 /Height 31622 /BitsPerComponent 8 /ColorSpace /DeviceGray"),))),
        ("objects in a stream of 1 GB", name, lambda: pdf(full, objects=(flat((b"9 0 10 4 null ", 1), blanks, more=b"/Type /ObjStm /N 100000000 /First 8"),))),
        ("a table of places of 1 GB", name, lambda: placed(flat(blanks, more=b"/Type /XRef /W [1 4 2] /Size 142857142 /Root 1 0 R"))),
        ("a page of 1 GB of runs of bytes", name, lambda: pdf(stream((b"8120") * 8 * MB, b"/Filter [/ASCIIHexDecode /RunLengthDecode]"))),
        ("1,000 pages of 30 MB", name, lambda: pdf(flat((words * (MB // len(words)), 30)), tree=b"<< /Type /Pages /Kids [%s] /Count 1000 >>" % (b"3 0 R " * 1000))),
        ("1,000 pages of 40,000 words", name, lambda: pdf(flat((b"BT /F1 1 Tf " + b"1 0 0 1 72 720 Tm () Tj " * 40_000 + b"ET", 1)), tree=b"<< /Type /Pages /Kids [%s] /Count 1000 >>" % (b"3 0 R " * 1000))),
        ("a million levels of lists", name, lambda: pdf(full, objects=(b"[" * MB,))),
        ("a million levels on a page", name, lambda: pdf(b"[" * MB + full)),
        ("a million levels of blocks on a page", name, lambda: pdf(b"q " * MB + full + b" Q" * MB)),
        ("a tree of 10,000 levels of pages", name, lambda: pdf(full, tree=b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>", objects=(b"null", *(b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n - 1, n + 1) for n in range(6, 10_006))))),
    ]  # fmt: skip


def placed(table: bytes) -> bytes:
    """A PDF whose table of places is a stream."""
    body = pdf(shown("We keep the harbour open."))
    body = body[: body.rindex(b"xref\n0")]
    return body + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (table, len(body))


def levels() -> dict[str, list[Bomb]]:
    """Nested a million levels deep: markup, JSON, YAML."""
    yamls: list[tuple[str, Callable[[], bytes]]] = [
        ("a million levels of lists", lambda: b"title: " + b"[" * DEEP),
        ("a million levels of mappings", lambda: b"title: " + b"{a: " * DEEP),
        ("a million levels of dashes", lambda: b"title:\n" + b"- " * DEEP),
        ("a million levels of questions", lambda: b"? " * DEEP),
        ("a million lists, closed", lambda: b"title: [" + b"[]," * DEEP + b"]"),
        ("a line of 100 MB", lambda: b"title: " + b"harbour " * (100 * MB // 8)),
        ("100 MB of lines", lambda: b"a: b\n" * 20 * MB),
        ("a name of 100 MB", lambda: b"x" * 100 * MB + b": y\n"),
        ("an anchor of 100 MB", lambda: b"title: &" + b"x" * 100 * MB + b" y\n"),
        ("blanks of 100 MB", lambda: b"title: y" + b" " * 100 * MB + b"#\n"),
    ]

    def marked(name: str, root: str) -> list[Bomb]:
        return [
        ("a million levels", name, lambda: deep("<p>", "</p>", f"<{root}>", f"</{root}>")),
        ("a million levels, never closed", name, lambda: deep("<div>", "", f"<{root}>")),
        ("a million documents in documents", name, lambda: deep("<div type='document'>", "", f"<{root}>")),
        ("700,000 levels, closed", name, lambda: (f"<{root}>" + "<p>" * 700_000 + "x" + "</p>" * 700_000).encode()),
        ]  # fmt: skip

    nested = [
        ("a million levels of lists", lambda: deep("[", "]")),
        ("a million levels of objects", lambda: deep('{"text":', "}")),
        ("a million levels, never closed", lambda: deep('{"text":[')),
        ("a million levels under the text", lambda: deep("[", "]", '{"text": ', "}")),
    ]
    return {
        "html": marked("a.html", "html"),
        "tei": marked("a.xml", "TEI"),
        "json": [(what, "a.json", make) for what, make in nested],
        "jsonl": [(what, "a.jsonl", lambda make=make: b'{"text": "x"}\n' + make()) for what, make in nested],
        "markdown": [(what, "a.md", lambda make=make: b"---\n" + make() + b"\n---\nWe keep it open.\n") for what, make in yamls],
        "corpus.yaml": [(what, "corpus.yaml", make) for what, make in yamls],
    }  # fmt: skip
