"""All the tables of the report, in their order."""

from __future__ import annotations

from rolecoder.report.corpus_exhibits import corpus_exhibit, dropped_exhibit, evidence_exhibit, reliability_exhibit
from rolecoder.report.findings import Findings
from rolecoder.report.gap_exhibits import gaps_exhibit, parts_exhibit, sensitivity_exhibit
from rolecoder.report.panels import Exhibit
from rolecoder.report.result_exhibits import changes_exhibit, prevalence_exhibit, profiles_exhibit


def exhibits(findings: Findings) -> list[Exhibit]:
    """Make every table, in the order of the report."""
    results = (profiles_exhibit, prevalence_exhibit, gaps_exhibit, sensitivity_exhibit, parts_exhibit)
    behind = (
        reliability_exhibit,
        corpus_exhibit,
        evidence_exhibit,
        dropped_exhibit,
    )
    return [
        *(make(findings) for make in results),
        *changes_exhibit(findings),
        *(make(findings) for make in behind),
    ]
