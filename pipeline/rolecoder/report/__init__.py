"""Stage 8. Tables and figures of a run -> files for a paper and one page."""

from rolecoder.report.findings import Findings
from rolecoder.report.write import write_report

__all__ = ["Findings", "write_report"]
