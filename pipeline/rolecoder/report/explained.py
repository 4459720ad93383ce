"""Why a role was given, where the run says so: the words that spoke for it, and the nearest labelled passages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NAME = "explanations.parquet"
COLUMNS = ("passage_id", "role", "words", "nearest")


def read_explanations(folder: Path) -> pd.DataFrame | None:
    """Read the run's explanations as far as they are there: None without them, a lacking column empty."""
    import pandas as pd

    file = folder / NAME
    if not file.is_file():
        return None
    frame = pd.read_parquet(file)
    if not {"passage_id", "role"} <= set(frame.columns):
        return None
    return frame.reindex(columns=list(COLUMNS)).drop_duplicates(["passage_id", "role"])


def why(frame: pd.DataFrame | None) -> dict[tuple[str, str], tuple[str, str]]:
    """(passage, role) -> words and nearest passages, each empty where it is not known."""
    if frame is None:
        return {}
    told = frame.astype(object).where(frame.notna(), "").astype(str)
    return {(p, r): (w, n) for p, r, w, n in told.itertuples(index=False) if w or n}
