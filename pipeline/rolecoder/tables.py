"""The tables of a run, column by column."""

from __future__ import annotations

from collections.abc import Sequence

from rolecoder.tabular.table import Column as Column
from rolecoder.tabular.table import Table as Table

DOCUMENTS = Table(
    name="documents",
    key=("document_id",),
    columns={
        "document_id": Column(kind="string", meaning="id, unique in the run"),
        "doc_type": Column(kind="string", meaning="speech, telcon, memcon, memoir, press or other"),
        "title": Column(kind="string", meaning="title", missing=True),
        "date": Column(kind="string", meaning="ISO date, as precise as known", missing=True),
        "place": Column(kind="string", meaning="place", missing=True),
        "actor": Column(kind="string", meaning="state of the main speaker", missing=True),
        "participants": Column(kind="string", meaning="JSON list of {name, actor, title}"),
        "language": Column(kind="string", meaning="ISO 639-1 code", missing=True),
        "citation": Column(kind="string", meaning="how to cite it", missing=True),
        "path": Column(kind="string", meaning="file, or archive!member"),
        "sha256": Column(kind="string", meaning="checksum of the file's bytes"),
        "origins": Column(
            kind="string", meaning="JSON object: metadata field -> where its value or its absence comes from"
        ),
        "mended": Column(kind="string", meaning="JSON list of what the cleaning repaired"),
        "doubts": Column(
            kind="string", meaning="JSON list of what was said of it and not taken over, or is doubtful in it"
        ),
        "headed": Column(kind="integer", meaning="offset in text at which the heading of a speech ends; 0 without one"),
        "text": Column(kind="string", meaning="the text that is coded; offsets count its code points"),
        "raw": Column(kind="string", meaning="the text as it stands in the file"),
        "breaks": Column(kind="string", meaning="JSON list of [offset in text, offset in raw]"),
        "pages": Column(kind="string", meaning="JSON list of [offset in text, page label]"),
        "notes": Column(kind="string", meaning="JSON list of {kind, text, raw_start, raw_end}"),
    },
)

TURNS = Table(
    name="turns",
    key=("document_id", "start"),
    columns={
        "document_id": Column(kind="string", meaning="the document"),
        "start": Column(kind="integer", meaning="first code point in documents.text"),
        "end": Column(kind="integer", meaning="one past the last"),
        "speaker": Column(kind="string", meaning="as printed", missing=True),
        "actor": Column(kind="string", meaning="state that the speaker speaks for", missing=True),
        "reason": Column(kind="string", meaning="how the actor was found, or why not", missing=True),
        "reported": Column(kind="boolean", meaning="told by a note taker"),
        "addressee": Column(kind="string", meaning="actor of the other side, where there is exactly one", missing=True),
    },
)

PASSAGES = Table(
    name="passages",
    key=("passage_id",),
    columns={
        "passage_id": Column(kind="string", meaning="document_id:start-end"),
        "document_id": Column(kind="string", meaning="the document"),
        "start": Column(kind="integer", meaning="first code point in documents.text"),
        "end": Column(kind="integer", meaning="one past the last"),
        "text": Column(kind="string", meaning="documents.text[start:end]"),
        "before": Column(kind="string", meaning="words of the same turn before it; may be empty"),
        "after": Column(kind="string", meaning="words of the same turn after it; may be empty"),
        "words": Column(kind="integer", meaning="number of words"),
        "speaker": Column(kind="string", meaning="as printed", missing=True),
        "source": Column(kind="string", meaning="state whose leader speaks", missing=True),
        "source_reason": Column(kind="string", meaning="how the source was found, or why not", missing=True),
        "addressee": Column(kind="string", meaning="actor of the other side", missing=True),
        "reported": Column(kind="boolean", meaning="told by a note taker"),
        "page": Column(kind="string", meaning="page label, where the source has pages", missing=True),
        "doc_type": Column(kind="string", meaning="of the document"),
        "date": Column(kind="string", meaning="of the document", missing=True),
    },
)

CODINGS = Table(
    name="codings",
    key=("passage_id", "role"),
    columns={
        "passage_id": Column(kind="string", meaning="the passage"),
        "document_id": Column(kind="string", meaning="the document"),
        "role": Column(kind="string", meaning="code of the role"),
        "probability": Column(kind="number", meaning="that a coder gives this role, 0 to 1"),
        "threshold": Column(kind="number", meaning="at or above which the role is given"),
        "source": Column(kind="string", meaning="state whose leader speaks", missing=True),
        "holder": Column(kind="string", meaning="state or group whose role it is", missing=True),
        "holder_confidence": Column(kind="number", meaning="0 to 1"),
        "holder_reason": Column(kind="string", meaning="how it was found, or why not"),
        "aspect": Column(kind="string", meaning="conception, prescription or performance", missing=True),
        "aspect_confidence": Column(kind="number", meaning="0 to 1"),
        "aspect_reason": Column(kind="string", meaning="how it was found, or why not"),
        "date": Column(kind="string", meaning="of the document", missing=True),
    },
)

EXPLANATIONS = Table(
    name="explanations",
    key=("passage_id", "role"),
    columns={
        "passage_id": Column(kind="string", meaning="the passage"),
        "role": Column(kind="string", meaning="code of the role"),
        "words": Column(
            kind="string",
            meaning="JSON list of [start, end, words, fall of the role's log-odds without them]; offsets in the "
            "passage's text",
        ),
        "nearest": Column(kind="string", meaning="JSON list of [labelled passage by id and place, its roles, cosine]"),
        "why": Column(kind="string", meaning="both in words"),
    },
)

SAMPLE = Table(
    name="sample",
    key=("passage_id",),
    columns={
        "passage_id": Column(kind="string", meaning="the passage; every passage that could be drawn"),
        "stratum": Column(kind="string", meaning="group of like predictions from which passages are drawn at random"),
        "sampling_probability": Column(kind="number", meaning="with which it was drawn, 0 where its stratum was not"),
    },
)

DROPPED = Table(
    name="dropped",
    key=("row",),
    columns={
        "row": Column(kind="integer", meaning="running number"),
        "stage": Column(kind="string", meaning="stage that left it out"),
        "item": Column(kind="string", meaning="file or document id"),
        "reason": Column(kind="string", meaning="why"),
        "words": Column(kind="integer", meaning="words lost with it; 0 where it could not be read"),
        "start": Column(
            kind="integer", meaning="of a stretch of documents.text; missing where all was dropped", missing=True
        ),
        "end": Column(kind="integer", meaning="one past the stretch's last code point", missing=True),
    },
)


def _with_ends(name: str, meaning: str) -> dict[str, Column]:
    """A figure that may be missing, and the ends of its interval."""
    ends = {
        f"{name}_{end}": Column(kind="number", meaning=f"{side} end of the interval of {name}", missing=True)
        for end, side in (("low", "lower"), ("high", "upper"))
    }
    return {name: Column(kind="number", meaning=meaning, missing=True)} | ends


_CELL = {
    "source": Column(kind="string", meaning="state whose leaders speak; missing where not asked for", missing=True),
    "holder": Column(
        kind="string", meaning="state or group whose role it is; missing where not asked for", missing=True
    ),
    "aspect": Column(
        kind="string", meaning="conception, prescription or performance; missing where not asked for", missing=True
    ),
    "period": Column(kind="string", meaning="name of the period; missing where not asked for", missing=True),
}

_DOCUMENTS = (
    "documents with a passage in the cell, coded by the model or, where hand labels are to correct shares, labelled; "
    "there a passage whose label denies the role is not counted"
)

PROFILES = Table(
    name="profiles",
    key=("source", "holder", "aspect", "period", "role"),
    columns=_CELL
    | {
        "role": Column(kind="string", meaning="code of the role"),
        "unit": Column(kind="string", meaning="what prevalence is of: passages, words, or the mean over documents"),
        "n_documents": Column(kind="integer", meaning=_DOCUMENTS),
        "n_passages": Column(kind="integer", meaning="all passages of the cell's source and period, coded or not"),
        "n_words": Column(kind="integer", meaning="their words"),
        "n_coded": Column(kind="integer", meaning="passages in the cell that the model gave any role"),
        "n_role": Column(kind="integer", meaning="passages in the cell that the model gave this role"),
        "n_labelled": Column(kind="integer", meaning="passages of the source and period labelled by hand"),
        "n_positive": Column(kind="integer", meaning="of them, those with this role in this cell"),
        **_with_ends("share", "of the cell's role talk, corrected; sums to 1 over roles; missing where not filled"),
        **_with_ends(
            "prevalence", "of all units of the source and period, those with this role in this cell, corrected"
        ),
        "level": Column(kind="number", meaning="of the intervals, for example .95"),
        "share_plain": Column(
            kind="number",
            meaning="share as counted, for comparison; missing too where the model gave no passage of the cell a role",
            missing=True,
        ),
        "prevalence_plain": Column(kind="number", meaning="prevalence as counted, for comparison", missing=True),
        "estimator": Column(
            kind="string", meaning="design-based, labels only, adjusted count, EMQ or count", missing=True
        ),
        "method": Column(kind="string", meaning="estimator of the cell and interval of the row, in words"),
        "note": Column(kind="string", meaning="why the cell is not filled; missing where it is", missing=True),
        "remark": Column(
            kind="string", meaning="what speaks against the role's figures; missing where nothing does", missing=True
        ),
    },
)

_DYAD = {
    "prescriber": Column(kind="string", meaning="state that prescribes"),
    "ally": Column(kind="string", meaning="state whose role is prescribed, conceived and performed"),
    "comparison": Column(kind="string", meaning="which two profiles of the ally are compared"),
    "period": Column(kind="string", meaning="name of the period"),
}

_BEHIND = (
    "passages behind the {} profile, coded or labelled with a role; where labels are to correct it, less those whose "
    "label denies the role; where estimator_{} is labels only: labelled"
)

GAPS = Table(
    name="gaps",
    key=("prescriber", "ally", "comparison", "period"),
    columns=_DYAD
    | {
        "left": Column(kind="string", meaning="the first profile, in words: whose texts, which aspect"),
        "right": Column(kind="string", meaning="the second profile, in words"),
        "documents_left": Column(kind="integer", meaning="documents of passages_left"),
        "documents_right": Column(kind="integer", meaning="documents of passages_right"),
        "passages_left": Column(kind="integer", meaning=_BEHIND.format("first", "left")),
        "passages_right": Column(kind="integer", meaning=_BEHIND.format("second", "right")),
        "unit": Column(kind="string", meaning="what shares are of: passages, words, or the mean over documents"),
        "estimator_left": Column(kind="string", meaning="of the first profile's shares", missing=True),
        "estimator_right": Column(kind="string", meaning="of the second profile's shares", missing=True),
        **_with_ends("jensen_shannon", "distance, base 2, 0 to 1, less what chance alone adds"),
        "jensen_shannon_plain": Column(kind="number", meaning="as estimated; chance makes it larger", missing=True),
        **_with_ends(
            "total_variation", "share of role talk that would have to move, 0 to 1, less what chance alone adds"
        ),
        "total_variation_plain": Column(kind="number", meaning="as estimated; chance makes it larger", missing=True),
        **_with_ends(
            "activity_shift",
            "mean rank right - mean rank left, in ranks; > 0: the first profile has the lower ranks, in Holsti's order "
            "the more active roles",
        ),
        **_with_ends("earth_mover", "ranks that talk would move on average, less what chance alone adds"),
        "earth_mover_plain": Column(kind="number", meaning="as estimated; chance makes it larger", missing=True),
        **_with_ends("agreement", "Scott's pi, which is Cohen's kappa here: 1 the same, 0 as by chance; less its bias"),
        "agreement_plain": Column(
            kind="number", meaning="as estimated; chance brings it nearer to what chance gives", missing=True
        ),
        "p_value": Column(kind="number", meaning="how often chance alone sets the sides so far apart", missing=True),
        "test": Column(kind="string", meaning="what p_value is of: permutation, or F; missing with it", missing=True),
        "verdict": Column(
            kind="string", meaning="band, or bands spanned by the interval, on Yang's scale", missing=True
        ),
        **{
            f"band_{name}": Column(
                kind="number", meaning=f"upper end of {name} on jensen_shannon, as the study sets it"
            )
            for name in ("convergence", "strain", "conflict")
        },
        "level": Column(kind="number", meaning="of the intervals, for example .95"),
        "method": Column(kind="string", meaning="distance and interval, in words"),
        "note": Column(kind="string", meaning="why there is no number; missing where there is one", missing=True),
    },
)

GAP_PARTS = Table(
    name="gap_parts",
    key=("prescriber", "ally", "comparison", "period", "role"),
    columns=_DYAD
    | {
        "role": Column(kind="string", meaning="code of the role"),
        "share_left": Column(kind="number", meaning="share in the first profile"),
        "share_right": Column(kind="number", meaning="share in the second profile"),
        "difference": Column(kind="number", meaning="share_left - share_right"),
        "difference_low": Column(kind="number", meaning="lower end of its interval", missing=True),
        "difference_high": Column(kind="number", meaning="upper end of its interval", missing=True),
        "contribution": Column(kind="number", meaning="part of jensen_shannon_plain squared; sums to it over roles"),
    },
)

GAP_SENSITIVITY = Table(
    name="gap_sensitivity",
    key=("prescriber", "ally", "comparison", "period", "shift"),
    columns=_DYAD
    | {
        "shift": Column(kind="number", meaning="by how much all ends of the bands are moved; 0: the study's own"),
        "verdict": Column(kind="string", meaning="what the verdict would then be"),
        "same": Column(kind="boolean", meaning="whether it is the study's own verdict"),
    },
)

TRENDS = Table(
    name="trends",
    key=("source", "holder", "aspect", "since", "role"),
    columns={name: column for name, column in _CELL.items() if name != "period"}
    | {
        "since": Column(kind="integer", meaning="first year of the window"),
        "until": Column(kind="integer", meaning="last year of the window"),
        "role": Column(kind="string", meaning="code of the role"),
        "n_documents": Column(kind="integer", meaning=_DOCUMENTS),
        "n_passages": Column(kind="integer", meaning="all passages of the source in the window"),
        "n_coded": Column(kind="integer", meaning="passages in the cell that the model gave any role"),
        **_with_ends("share", "of the cell's role talk, corrected; sums to 1 over roles"),
        **_with_ends("prevalence", "of all units of the source in the window, corrected"),
        "estimator": Column(kind="string", meaning="see profiles", missing=True),
        "note": Column(kind="string", meaning="why the window is not filled; missing where it is", missing=True),
    },
)

CHANGES = Table(
    name="changes",
    key=("source", "holder", "aspect", "year"),
    columns={name: column for name, column in _CELL.items() if name != "period"}
    | {
        "year": Column(kind="integer", meaning="first year of the new profile"),
        "year_low": Column(kind="integer", meaning="lower end of the interval of year"),
        "year_high": Column(kind="integer", meaning="upper end of the interval of year"),
        "p_value": Column(
            kind="number",
            meaning="how often documents in chance order differ as much at any year; either side of a first change is "
            "searched with half of what the level leaves to chance",
        ),
        "since": Column(kind="integer", meaning="first year of the profile before the change"),
        "until": Column(kind="integer", meaning="last year of the profile after it"),
        "n_before": Column(kind="integer", meaning="documents before the change that speak of a role"),
        "n_after": Column(kind="integer", meaning="documents after it that do"),
        "distance": Column(kind="number", meaning="Jensen-Shannon distance of the profiles before and after, as found"),
        "rises": Column(kind="string", meaning="the role whose share rises most"),
        "falls": Column(kind="string", meaning="the role whose share falls most"),
        "estimator": Column(
            kind="string",
            meaning="what the test rests on: the profile's own estimator over all years; count in place of EMQ, whose "
            "figures are not of single documents",
        ),
    },
)


def probabilities_table(roles: Sequence[str]) -> Table:
    """Declare the table with one probability per role for every passage, coded or not."""
    columns = {"passage_id": Column(kind="string", meaning="the passage")}
    columns |= {f"p_{role}": Column(kind="number", meaning=f"that a coder gives {role}") for role in roles}
    return Table(name="probabilities", key=("passage_id",), columns=columns)
