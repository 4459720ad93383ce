"""Panels as real tables of a Word document, each with its caption and notes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from rolecoder.report.panels import Exhibit, Panel

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
ACROSS, LETTER = 25.7, 0.165  # cm between the margins, and of a letter in a table
ZIP_DATE = (2000, 1, 1, 0, 0, 0)


def document(exhibits: Sequence[Exhibit], title: str) -> bytes:
    """Make one Word document of all tables; the same tables give the same bytes."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_BREAK
    from docx.shared import Cm

    made = docx.Document()
    core = made.core_properties
    core.author, core.title, core.comments, core.last_modified_by = "rolecoder", title, "", ""
    core.created = core.modified = EPOCH.replace(tzinfo=None)
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _styles(made)
    made.add_heading(title, level=1)
    number = 0
    for exhibit in exhibits:
        for panel in exhibit.panels:
            number += 1
            if number > 1:
                made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            _table(made, panel, number)
    scratch = io.BytesIO()
    made.save(scratch)
    return _without_dates(scratch.getvalue())


def _styles(made: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 10), ("Caption", 10), ("Heading 1", 14)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "Times New Roman")
    made.styles["Normal"].paragraph_format.space_after = Pt(0)
    made.styles["Caption"].paragraph_format.space_after = Pt(4)
    made.styles["Caption"].paragraph_format.keep_with_next = True


def _table(made: Any, panel: Panel, number: int) -> None:
    from docx.shared import Pt

    caption = made.add_paragraph(style="Caption")
    caption.add_run("Table ")
    _field(caption, "SEQ Table \\* ARABIC", str(number))
    caption.add_run(f". {panel.caption}").bold = False
    table = made.add_table(rows=1, cols=len(panel.head))
    table.autofit = False
    for texts, row in zip([panel.head, *panel.rows], [table.rows[0], *(None for _ in panel.rows)], strict=True):
        _fill(row if row is not None else table.add_row(), texts, panel.align)
    _widths(table, panel)
    _rules(table, panel)
    if panel.notes:
        notes = made.add_paragraph()
        notes.paragraph_format.space_before = Pt(4)
        notes.add_run("Notes. ").italic = True
        notes.add_run(" ".join(panel.notes))
        for run in notes.runs:
            run.font.size = Pt(8)


def _fill(row: Any, texts: Sequence[str], align: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, text, letter in zip(row.cells, texts, align, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(_printable(text)).font.size = Pt(8.5)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
        if letter == "r":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))


def _widths(table: Any, panel: Panel) -> None:
    from docx.shared import Cm

    longest = [
        max([*map(len, panel.head[c].split()), *(len(row[c]) for row in panel.rows)]) for c in range(len(panel.head))
    ]
    firm = [0.6 + LETTER * min(length, 45) if a != "p" else 0.0 for length, a in zip(longest, panel.align, strict=True)]
    free = [float(min(length, 90)) if a == "p" else 0.0 for length, a in zip(longest, panel.align, strict=True)]
    rest = max(ACROSS - sum(firm), 0.3 * ACROSS)
    widths = [f + (rest * w / sum(free) if w else 0.0) for f, w in zip(firm, free, strict=True)]
    scale = min(ACROSS / sum(widths), 1.25)
    for place, bare in enumerate(widths):
        width = Cm(round(bare * scale, 2))
        table.columns[place].width = width
        for cell in table.columns[place].cells:
            cell.width = width


def _rules(table: Any, panel: Panel) -> None:
    """Draw the three rules of a printed table, and have the head repeated on every page."""
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell in table.rows[0].cells:
        _border(cell, top="8", bottom="4")
        for run in cell.paragraphs[0].runs:
            run.bold = True
    if len(table.rows) > 1:
        for place, row in enumerate(table.rows[-max(panel.foot, 1) :]):
            rules = {"top": "4"} if panel.foot and not place else {}
            rules |= {"bottom": "8"} if place == max(panel.foot, 1) - 1 else {}
            for cell in row.cells if rules else ():
                _border(cell, **rules)


def _border(cell: Any, **sizes: str) -> None:
    from docx.oxml.ns import qn

    borders = _element("w:tcBorders")
    for side in ("top", "bottom"):
        if side in sizes:
            rule = _element(f"w:{side}")
            for name, value in (("val", "single"), ("sz", sizes[side]), ("space", "0"), ("color", "000000")):
                rule.set(qn(f"w:{name}"), value)
            borders.append(rule)
    cell._tc.get_or_add_tcPr().append(borders)


def _field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that Word counts by itself, so that tables can be referred to and re-numbered."""
    from docx.oxml.ns import qn
    from docx.text.run import Run

    field = _element("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = _element("w:r")
    field.append(run)
    paragraph._p.append(field)
    Run(run, paragraph).text = shown


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _without_dates(content: bytes) -> bytes:
    """Pack the parts again, each with the same fixed date: python-docx writes the time of day."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, date_time=ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, parts.read(part.filename))
    return packed.getvalue()
