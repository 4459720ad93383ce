"""Panels as real tables of a Word document, each with its caption and notes."""

from __future__ import annotations

import datetime
import html
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from rolecoder.report.panels import Exhibit, Panel

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
ACROSS, LETTER = 25.7, 0.165  # cm between the margins, and of a letter in a table
TWIPS = 1440 / 2.54  # Word's unit of length, per cm
RIGHT = '<w:jc w:val="right"/>'
TITLE = 255  # letters of the title that the properties of a file may hold
ZIP_DATE = (2000, 1, 1, 0, 0, 0)


def document(exhibits: Sequence[Exhibit], title: str) -> bytes:
    """Make one Word document of all tables; the same tables give the same bytes."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_BREAK
    from docx.shared import Cm

    made = docx.Document()
    core = made.core_properties
    core.author, core.title, core.comments, core.last_modified_by = "rolecoder", title[:TITLE], "", ""
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
    caption._p.addnext(_rows(panel))
    if panel.notes:
        notes = made.add_paragraph()
        notes.paragraph_format.space_before = Pt(4)
        notes.add_run("Notes. ").italic = True
        notes.add_run(" ".join(panel.notes))
        for run in notes.runs:
            run.font.size = Pt(8)


def _rows(panel: Panel) -> Any:
    """The table itself, written as XML at once: python-docx takes a hundred times as long, cell by cell."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths = [round(width * TWIPS) for width in _widths(panel)]
    last, rule = len(panel.rows), len(panel.rows) - panel.foot + 1 if panel.foot else None
    rows = []
    for place, texts in enumerate([panel.head, *panel.rows]):
        lines = {"top": 8, "bottom": 4} if not place else {"top": 4} if place == rule else {}
        lines |= {"bottom": 8} if place == last and place else {}
        head = "<w:tblHeader/>" if not place else ""
        cells = [
            _cell(text, width, letter == "r", lines, not place)
            for text, width, letter in zip(texts, widths, panel.align, strict=True)
        ]
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        "</w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(text: str, width: int, right: bool, lines: Mapping[str, int], bold: bool) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side, size in lines.items()
    )
    borders = f"<w:tcBorders>{rules}</w:tcBorders>" if rules else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr><w:p><w:pPr><w:spacing w:before="20" '
        f'w:after="20"/>{RIGHT if right else ""}</w:pPr><w:r><w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="17"/>'
        f'</w:rPr><w:t xml:space="preserve">{html.escape(_printable(text), quote=False)}</w:t></w:r></w:p></w:tc>'
    )


def _widths(panel: Panel) -> list[float]:
    """The width of each column in cm."""
    longest = [
        max([*map(len, panel.head[c].split()), *(len(row[c]) for row in panel.rows)]) for c in range(len(panel.head))
    ]
    firm = [0.6 + LETTER * min(length, 45) if a != "p" else 0.0 for length, a in zip(longest, panel.align, strict=True)]
    free = [float(min(length, 90)) if a == "p" else 0.0 for length, a in zip(longest, panel.align, strict=True)]
    rest = max(ACROSS - sum(firm), 0.3 * ACROSS)
    widths = [f + (rest * w / sum(free) if w else 0.0) for f, w in zip(firm, free, strict=True)]
    scale = min(ACROSS / sum(widths), 1.25)
    return [bare * scale for bare in widths]


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
