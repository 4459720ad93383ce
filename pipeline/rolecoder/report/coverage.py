"""How much of what was coded stands in profiles, and how many profiles are filled."""

from __future__ import annotations

from collections import Counter

from rolecoder.config import DIMENSIONS
from rolecoder.errors import numbered
from rolecoder.measuring.periods import with_periods
from rolecoder.measuring.tallies import BARE
from rolecoder.report.findings import Findings, cells, known
from rolecoder.report.method import population
from rolecoder.report.reasons import lacking
from rolecoder.report.times import why_outside


def uncounted(findings: Findings) -> str:
    """Say how many of the model's codings are in no profile, each with the first reason that holds; empty for none."""
    setting, codings = findings.study.profiles, findings.codings
    asked = {*setting.by, *(["period"] if setting.period != "all" else [])}
    names = [name for name in DIMENSIONS if name in asked]
    frame = with_periods(codings, setting.period)
    whole = frame[names].notna().all(axis=1)
    reasons: Counter[str] = Counter()
    for row in frame[~whole].to_dict("records"):
        lacks = next(name for name in names if known(row[name]) is None)
        reasons[why_outside(known(row["date"]), setting.period) if lacks == "period" else f"of unknown {lacks}"] += 1
    if not reasons:
        return ""
    why = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
    verb = "is" if reasons.total() == 1 else "are"
    return f"Of {numbered(len(codings), 'coding')} by the model {reasons.total():,} {verb} in no profile: {why}."


def floors(findings: Findings) -> str:
    """Say what a profile needs to be filled, and how many lack what."""
    setting, found = findings.study.profiles, cells(findings)
    how = "coded or labelled with a role that no label denies" if any(cell.with_labels for cell in found) else "coded"
    least = [f"{numbered(setting.min_passages, 'passage')} {how} in {numbered(setting.min_documents, 'document')}"]
    if "labels only" in set(findings.profiles["estimator"].dropna()):
        least[0] += f" (by labels alone, {BARE} labelled with a role in as many)"
    if setting.min_words:
        whole = population(findings)
        least.append(f"{numbered(setting.min_words, 'word')} {f'of its {whole}' if whole else 'in all'}")
    empty = Counter(" and ".join(lacking(cell.note)) or "no share" for cell in found if not cell.filled)
    why = ", ".join(f"{number:,} with {what}" for what, number in empty.most_common())
    return f"A profile needs at least {' and '.join(least)} to be filled; of {numbered(len(found), 'profile')} " + (
        f"{empty.total():,} {'is' if empty.total() == 1 else 'are'} not ({why})." if empty else "all are."
    )
