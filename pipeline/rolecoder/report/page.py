"""The report as one page that needs no network: text, tables, figures, and every coded passage."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from rolecoder.annotations import Label
from rolecoder.errors import numbered
from rolecoder.files import slug
from rolecoder.report import citations, prose
from rolecoder.report.drawing import Drawn
from rolecoder.report.evidence import joined, matching
from rolecoder.report.expectations import RULES, hold
from rolecoder.report.findings import (
    COUNTED,
    DASH,
    WHOLE,
    Behind,
    Cell,
    Findings,
    basis,
    cells,
    count_behind,
    in_time,
    known,
    leads,
    phrase,
    share,
    sides,
)
from rolecoder.report.gap_exhibits import gap_key, gap_title
from rolecoder.report.method import order_of_roles
from rolecoder.report.panels import BETWEEN, Exhibit
from rolecoder.report.result_exhibits import documents_head, profile_notes

CONTEXT = 320  # characters of context shown on either side of a passage
FIRST = 24  # profiles, and gaps, that are told at the top of the page


def page(findings: Findings, exhibits: Sequence[Exhibit], drawn: Sequence[Drawn], *, more: bool = False) -> str:
    """Make the page; it opens from disk and loads nothing.

    Args:
        findings: Of a run.
        exhibits: All the tables.
        drawn: The figures.
        more: Whether the study has more figures than these.
    """
    import jinja2

    world = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    world.globals.update(address=_address, between=BETWEEN)
    found, sides_first = cells(findings), prose.sides_of_dyads(findings)
    empty = [cell for cell in found if not cell.filled]
    by_name = {exhibit.name: exhibit for exhibit in exhibits}
    return world.from_string(_asset("page.html.j2")).render(
        findings=findings,
        css=_asset("page.css"),
        js=_asset("page.js"),
        data=_script_safe(evidence_data(findings)),
        headline=prose.headline(findings),
        glance=[_glance(cell, findings) for cell in sides_first[:FIRST]],
        glance_more=_more(len(sides_first), "profile"),
        no_profile=prose.no_profile(findings),
        gap_lines=_gap_lines(findings),
        gaps_more=_more(len(findings.gaps), "gap"),
        held=[(item, slug(item.verdict)) for item in hold(findings)],
        rules=RULES,
        groups=_groups(found, findings),
        empty=[(phrase(c, findings), c.n_coded, c.n_documents, c.note or "no share") for c in empty],
        empty_documents=documents_head(empty),
        order=order_of_roles(findings),
        profile_notes=profile_notes(findings, [cell for cell in found if cell.filled]),
        more=more,
        figures=[_figure(figure) for figure in drawn],
        exhibits=by_name,
        caveats=prose.caveats(findings),
        methods=prose.methods_paragraph(findings),
        provenance=prose.provenance(findings),
        references=citations.references(findings),
    )


def evidence_data(findings: Findings) -> dict[str, Any]:
    """Every coded passage once, its codings, by the model or by hand, and its document; texts that recur stand once."""
    frame = joined(findings).sort_values(["document_id", "start", "role"], kind="stable")
    words = _Once()
    roles = {code: place for place, code in enumerate(findings.codebook.codes)}
    places: dict[str, int] = {}
    passages: list[list[Any]] = []
    codings: list[list[Any]] = []
    documents: dict[str, int] = {}
    told: list[list[Any]] = []
    why: dict[tuple[str, str], str] = {}
    if findings.explanations is not None:
        told_why = findings.explanations[["passage_id", "role", "why"]].itertuples(index=False)
        why = {(passage, role): text for passage, role, text in told_why}
    for row in ({str(k): known(v) for k, v in r.items()} for r in frame.to_dict("records")):
        if row["document_id"] not in documents:
            documents[row["document_id"]] = len(told)
            told.append([row[n] for n in ("document_id", "doc_type", "title", "date", "citation", "path")])
        if row["passage_id"] not in places:
            places[row["passage_id"]] = len(passages)
            passages.append(
                [
                    documents[row["document_id"]],
                    row["start"],
                    row["end"],
                    row["text"],
                    _tail(row["before"] or ""),
                    _head(row["after"] or ""),
                    words.place(row["speaker"]),
                    words.place(row["page"]),
                    int(bool(row["reported"])),
                    int(_denied(findings.labelled.get(row["passage_id"]))),
                ]
            )
        codings.append(
            [
                places[row["passage_id"]],
                roles.get(row["role"], -1),
                round(row["probability"], 4),
                _rounded(row["threshold"], 4),
                *(words.place(row[name]) for name in ("source", "holder", "aspect")),
                words.place(row["period"]),
                _rounded(row["holder_confidence"], 2),
                words.place(row["holder_reason"]),
                _rounded(row["aspect_confidence"], 2),
                words.place(row["aspect_reason"]),
                words.place(why.get((row["passage_id"], row["role"]))) if row["by"] == "model" else -1,
                int(row["by"] == "hand"),
                int(row["denied"]),
            ]
        )
    actors = {str(known(a)) for name in ("source", "holder") for a in frame[name] if known(a) is not None}
    return {
        "roles": [[role.code, role.name] for role in findings.codebook.roles],
        "actors": {actor: findings.actor(actor) for actor in sorted(actors)},
        "periods": [period for period in in_time(findings, frame["period"]) if period is not None],
        "words": words.texts,
        "documents": told,
        "passages": passages,
        "codings": codings,
    }


class _Once:
    """Gives each distinct text a number; a missing one has -1."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str | None) -> int:
        if text is None:
            return -1
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text]


def _denied(label: Label | None) -> bool:
    """Whether a coder by hand said that the passage carries no role."""
    return label is not None and not label.roles and not label.undecided


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].split(" ", 1)[-1]


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rsplit(" ", 1)[0] + " …"


def _script_safe(data: Mapping[str, Any]) -> str:
    """Write JSON that cannot end the script element that holds it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _asset(name: str) -> str:
    return resources.files("rolecoder.report").joinpath(name).read_text(encoding="utf-8")


def _address(behind: Behind) -> str:
    """The part of the page's address that filters the evidence to the passages behind a figure."""
    asked = {name: getattr(behind, name) for name in ("source", "holder", "aspect")}
    asked |= {"period": None if behind.period in WHOLE else behind.period, "role": behind.role, "by": behind.by}
    return "#passages?" + urlencode({name: value for name, value in asked.items() if value is not None})


def _glance(cell: Cell, findings: Findings) -> dict[str, str]:
    behind, given = cell.behind(), findings.given[matching(findings.given, cell)]
    fits = ~given["denied"] if behind.by == COUNTED else given["by"] == (behind.by or given["by"])
    n = given[fits]["passage_id"].nunique()
    return {
        "name": phrase(cell, findings),
        "href": _address(behind) if n else "",
        "n": f"{n:,} in {cell.n_documents:,}",
        "roles": prose.side_sentence(cell, findings),
    }


def _gap_lines(findings: Findings) -> list[tuple[str, str]]:
    return [
        (gap_title(gap_key(row), findings), prose.gap_sentence(row, findings))
        for row in findings.gaps.head(FIRST).to_dict("records")
    ]


def _more(number: int, one: str) -> str:
    """Count what is beyond the first; empty where there is nothing."""
    return numbered(number - FIRST, one) if number > FIRST else ""


def _groups(found: Sequence[Cell], findings: Findings) -> list[dict[str, Any]]:
    """One table per holder: its filled profiles side by side, a row per role."""
    by_holder: dict[str | None, list[Cell]] = {}
    for cell in found:
        if cell.filled:
            by_holder.setdefault(cell.holder, []).append(cell)
    names = findings.role_names
    return [
        {
            "holder": findings.actor(holder) if holder is not None else "All holders",
            "heads": [
                {
                    "sides": sides(cell.source, cell.holder, findings),
                    "what": ", ".join(
                        p for p in (cell.aspect, None if cell.period in WHOLE else cell.period) if p is not None
                    ),
                    "n": basis(cell),
                }
                for cell in group
            ],
            "rows": [
                {"name": name, "rank": rank, "cells": [_share_cell(cell, role) for cell in group]}
                for rank, (role, name) in enumerate(names.items(), start=1)
            ],
        }
        for holder, group in by_holder.items()
    ]


def _share_cell(cell: Cell, role: str) -> dict[str, Any]:
    row = next((row for row in cell.rows if row["role"] == role), None)
    if row is None:
        return {"share": DASH, "interval": "", "n": 0, "at": 0, "low": 0, "wide": 0, "href": "", "read": ""}
    of = leads(cell, row)
    at, low, high = float(row["share"]), known(row["share_low"]), known(row["share_high"])
    whole = low is not None and high is not None
    return {
        "share": share(at),
        "interval": f"[{share(low)}, {share(high)}]" if whole else "",
        "n": count_behind(row),
        "at": round(100 * at, 1),
        "low": round(100 * low, 1) if whole else 0,
        "wide": round(100 * (high - low), 1) if whole else 0,
        "href": _address(of) if of else "",
        "read": _read(cell, row),
    }


def _read(cell: Cell, row: Mapping[str, Any]) -> str:
    """Say what a share leads to, for those who hear the page."""
    if count_behind(row):
        return f"{numbered(count_behind(row), 'passage')}: read {'it' if count_behind(row) == 1 else 'them'}"
    other = numbered(int(row["n_role" if cell.by_hand else "n_positive"]), "passage")
    if cell.by_hand:
        return f"given to no passage by hand: read {other} to which the model gave it"
    return f"given to no passage by the model: read {other} labelled with it by hand"


def _figure(drawn: Drawn) -> dict[str, str]:
    source = "data:image/svg+xml;base64," + base64.b64encode(drawn.svg).decode("ascii")
    return {"name": drawn.name, "caption": drawn.caption, "alt": drawn.alt, "source": source}
