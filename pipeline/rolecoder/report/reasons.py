"""What a profile or a gap lacks, in a few words, out of the note that says why it has no figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rolecoder.config import Profiles
from rolecoder.measuring.tallies import BY_HAND, PARTLY

if TYPE_CHECKING:
    import pandas as pd

LACKS = re.compile(  # what the notes of profiles and gaps say of a profile without shares
    r"(?P<words>\d[\d,]*) words by|(?P<labelled>\d[\d,]*) passages? labelled (?:with a role )?by hand|"
    r"(?P<open>every label leaves)|(?P<draws>nothing is left of the count in \d+%)|nothing is left|"
    r"(?P<none>gave no passage)|"
    r"(?P<alone>is of one document)|"
    r"labelled with a role are of (?P<few>\d[\d,]*) documents?|(?P<beyond>were not drawn from)|"
    r"(?P<passages>\d[\d,]*) passages? coded(?: (?:or labelled )?with a role(?: \([^)]*\))?)?"
    r"(?: in (?P<documents>\d[\d,]*) documents?; the study asks for (?P<asked>\d[\d,]*))?"
)


def corrected_by_labels(row: Mapping[str, Any], settings: Profiles) -> bool:
    """Whether hand labels correct the shares of a profile, or would if it were filled; ``row`` is one of its rows."""
    if isinstance(row["estimator"], str):
        return row["estimator"] in BY_HAND
    return settings.by_hand(int(row["n_labelled"]), int(row["n_passages"])) and PARTLY not in str(row["note"])


def least_labelled(settings: Profiles) -> int:
    """How many passages of a source and period are to be labelled, or all of them, so that they correct its shares."""
    return 2 if settings.estimator == "design_based" else settings.min_labelled


def too_few_labels(profiles: pd.DataFrame, settings: Profiles) -> list[tuple[str, str, int, int]]:
    """Where hand labels are too few to correct a share, or lacking.

    Args:
        profiles: The table ``profiles``.
        settings: Of the study; of an estimator that uses no labels nothing is said.

    Returns:
        Source and period, each empty where profiles are of all; how many passages are labelled, and how many are
        needed.
    """
    if settings.estimator not in ("auto", "design_based"):
        return []
    least = least_labelled(settings)
    groups = profiles.drop_duplicates(["source", "period"]).fillna({"source": "", "period": ""}).replace("all", "")
    found = []
    for row in groups.to_dict("records"):
        have, needed = int(row["n_labelled"]), max(2, min(least, int(row["n_passages"])))
        if have < needed:
            found.append((str(row["source"]), str(row["period"]), have, needed))
    return found


def reason(note: str | None) -> str:
    """Say in a few words why a profile or a gap has no figure, from its note: "too few documents (n = 2)"."""
    told = [
        f"{what} (n = {' and '.join(numbers)})" if all(numbers) else what for what, numbers in lacking(note).items()
    ]
    return "; ".join(told) or note or "no figure"


def not_filled(titles: Sequence[tuple[str, str | None]], most: int, where: str) -> list[str]:
    """Name what has no figure, all that lack the same in one sentence.

    Args:
        titles: Of each, and the note that says why.
        most: So many are named.
        where: What says why of each.
    """
    by_reason: dict[str, list[str]] = {}
    for title, note in titles[:most]:
        by_reason.setdefault(reason(note), []).append(title)
    told = [f"Not filled, {why}: {'; '.join(own)}." for why, own in by_reason.items()]
    if len(titles) > most:
        told.append(f"Another {len(titles) - most:,} not filled: {where} says why of each.")
    return told


def lacking(note: str | None) -> dict[str, list[str]]:
    """What a profile, or either side of a gap, lacks -> the counts that are too small."""
    found: dict[str, list[str]] = {}
    for match in LACKS.finditer(note or ""):
        what, number = _lack(match)
        found.setdefault(what, []).append(number)
    return found


def _whole(written: str) -> int:
    return int(written.replace(",", ""))


def _lack(match: re.Match[str]) -> tuple[str, str]:
    if match["passages"]:
        enough = match["asked"] is not None and _whole(match["passages"]) >= _whole(match["asked"])
        return ("too few documents", match["documents"]) if enough else ("too few passages", match["passages"])
    if match["few"]:
        return "too few documents", match["few"]
    if match["beyond"]:
        return "labels drawn from a part of the passages", ""
    if match["words"]:
        return "too few words", match["words"]
    if match["open"]:
        return "a role left undecided by every label", ""
    if match["draws"]:
        return "often nothing left after correction", ""
    if match["none"]:
        return "no passage coded with a role", ""
    if match["alone"]:
        return "one document left after correction", ""
    labelled = match["labelled"]
    return ("too few labelled passages", labelled) if labelled else ("nothing left after correction", "")
