"""The findings in a few lines of plain text."""

from __future__ import annotations

import textwrap

from rolecoder.report.expectations import hold
from rolecoder.report.findings import Findings, basis, behind, phrase, with_unit
from rolecoder.report.gap_exhibits import gap_key, gap_title
from rolecoder.report.prose import gap_sentence, headline, no_profile, sides_of_dyads

WIDTH = 100
MOST = 8  # profiles that are listed one by one


def summary(findings: Findings) -> str:
    """Sum the study up: what was read, the largest roles of each side, the gaps, the expectations."""
    lines = [findings.title, *_wrap(headline(findings), "")]
    sides = sides_of_dyads(findings)
    for cell in sides[:MOST]:
        lines += ["", f"{phrase(cell, findings)} ({basis(cell)})"]
        if not cell.filled:
            lines += _wrap(f"not filled: {cell.note or 'no share'}", "  ")
        names = findings.role_names
        for row in cell.top[:4]:
            figure = with_unit(row["share"], row["share_low"], row["share_high"])
            lines.append(f"  {names[row['role']]:<32} {figure:<22} {behind(row)}")
    if len(sides) > MOST:
        lines += ["", f"and {len(sides) - MOST} more profiles: see the tables"]
    if not sides:
        lines += ["", *_wrap(no_profile(findings), "")]
    lines += _gaps(findings)
    held = hold(findings)
    lines += ["", "What was expected"] if held else []
    for item in held:
        lines += _wrap(f"{item.text} ({item.citation}): {item.verdict.upper()}. {item.why}.", "  ")
    return "\n".join(lines)


def _gaps(findings: Findings) -> list[str]:
    rows = findings.gaps.to_dict("records")
    lines = ["", "Role gaps (Jensen-Shannon distance, 0 to 1)"] if rows else []
    for row in rows[: 2 * MOST]:
        lines += _wrap(f"{gap_title(gap_key(row), findings)}: {gap_sentence(row, findings)}", "  ")
    if len(rows) > 2 * MOST:
        lines.append(f"  and {len(rows) - 2 * MOST} more: see the tables")
    return lines


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "    " if indent else "")
