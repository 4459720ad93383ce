"""Stage 8. Findings -> tables, figures and one page in a folder."""

from __future__ import annotations

from pathlib import Path

from rolecoder.files import write_bytes, write_csv, write_text
from rolecoder.report import citations, latex, markdown, prose, word
from rolecoder.report.corpus_exhibits import appendix_exhibit
from rolecoder.report.exhibits import exhibits
from rolecoder.report.figures import figures
from rolecoder.report.findings import Findings
from rolecoder.report.page import page


def write_report(findings: Findings, folder: Path) -> list[Path]:
    """Write every table, figure and the page; the same findings give the same bytes.

    Args:
        findings: Of a run.
        folder: Takes ``tables/``, ``figures/`` and ``report.html``; made where it is not there.

    Returns:
        The files written.

    Raises:
        RolecoderError: A file cannot be written, or an expectation names an unknown role.
    """
    made = exhibits(findings)
    drawn, more = figures(findings)
    tables = folder / "tables"
    paths = []
    for exhibit in made:
        paths += [
            write_csv(exhibit.frame, tables / f"{exhibit.name}.csv"),
            write_text(tables / f"{exhibit.name}.tex", latex.tables(exhibit)),
            write_text(tables / f"{exhibit.name}.md", markdown.tables(exhibit)),
        ]
    names = [exhibit.name for exhibit in made]
    appendix = [appendix_exhibit(exhibit, findings) for exhibit in made if exhibit.name == "evidence"]
    paths += [
        write_text(tables / "tables.tex", latex.document(names)),
        write_bytes(tables / "tables.docx", word.document(made, findings.title)),
        write_bytes(tables / "evidence.docx", word.document(appendix, f"{findings.title}: evidence")),
        write_text(folder / "methods.md", prose.methods_paragraph(findings) + "\n"),
        write_text(folder / "references.bib", citations.references(findings)),
    ]
    for figure in drawn:
        paths.append(write_bytes(folder / "figures" / f"{figure.name}.pdf", figure.pdf))
        paths.append(write_bytes(folder / "figures" / f"{figure.name}.png", figure.png))
    paths.append(write_text(folder / "report.html", page(findings, made, drawn, more=more)))
    return paths
