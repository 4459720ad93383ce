"""What the header of a conversation's record says: date, place, subject, who took part."""

from __future__ import annotations

import re
from typing import Any

MONTHS = "January February March April May June July August September October November December".split()
_DAY = re.compile(rf"\b({'|'.join(MONTHS)}|{'|'.join(m[:3] for m in MONTHS)})[a-z]*\.?\s+(\d{{1,2}})\s*,\s*((?:1[6-9]|20)\d\d)\b", re.I)
_FIELD = re.compile(
    r"^[ \t]*(SUBJECT|PARTICIPANTS?|NOTETAKERS?|DATE,?\s*TIME(?:\s*AND\s*PLACE)?|DATE(?: AND PLACE)?|AND PLACE|PLACE)[ \t]*[:;]?[ \t]*(.*)$",
    re.I | re.M,
)
_DATELINE = re.compile(rf"^[ \t]*([A-Z][A-Za-z. ]+?),\s+((?:{'|'.join(MONTHS)})\s+\d{{1,2}},\s+\d{{4}})", re.M)
LONG = 4000  # characters within which a header stands


def read_header(text: str, doc_type: str | None) -> dict[str, Any]:
    """Read the header block at the top of a telcon or memcon; other texts have none.

    Args:
        text: The document's text as it stands in the file.
        doc_type: Of the document, where it is known; None: judged by the header itself.

    Returns:
        Of doc_type, title, date, place and speakers those that are there.
    """
    from rolecoder.letterspacing import is_spaced, rejoin

    top = "\n".join(rejoin(line) if is_spaced(line) else line for line in text[:LONG].splitlines())
    found: dict[str, Any] = {}
    if doc_type is None:
        folded = " ".join(top.split()).casefold()
        if "memorandum of telephone" in folded or "telephone conversation" in folded[:400]:
            found["doc_type"] = doc_type = "telcon"
        elif "memorandum of conversation" in folded:
            found["doc_type"] = doc_type = "memcon"
    if doc_type not in ("telcon", "memcon"):
        return found
    fields = _fields(top)
    if "subject" in fields:
        found["title"] = fields["subject"]
    dated = next((fields[name] for name in fields if name.startswith("date")), "")
    line = _DATELINE.search(top)
    date = iso_date(dated) or (iso_date(line.group(2)) if line else None)
    if date:
        found["date"] = date
    place = fields.get("and place") or fields.get("place") or (line.group(1).strip() if line else None)
    if place:
        found["place"] = place
    return found


def iso_date(text: str) -> str | None:
    """Find a day written as "June 7, 1989"; None where there is none that exists."""
    match = _DAY.search(" ".join(text.split()))
    if match is None:
        return None
    month = next(n for n, name in enumerate(MONTHS, start=1) if name[:3].casefold() == match.group(1)[:3].casefold())
    day = int(match.group(2))
    return f"{match.group(3)}-{month:02}-{day:02}" if 1 <= day <= 31 else None


def _fields(top: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(top):
        name = " ".join(match.group(1).split()).casefold()
        value = " ".join(match.group(2).split())
        rest = top[match.end() :].split("\n")[1:4]
        for line in rest:
            if not line.strip() or _FIELD.match(line) or not line.startswith((" ", "\t")):
                break
            value += " " + " ".join(line.split())
        fields.setdefault(name, re.sub(r"\s*\([A-Z]\)$", "", value))
    return {name: value for name, value in fields.items() if value}
