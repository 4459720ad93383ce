"""Stage 8. Tables and figures of a run -> files for a paper and one page."""
