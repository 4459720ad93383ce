"""Passages of a run labelled by hand, as `rolecoder plan` drew them: rows of a file -> passages of the run.

What is not coded yet is left out and counted; the passages of its stratum that are coded then stand for
it, which holds where they were coded in the order of the file (it is random).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rolecoder.actors import Actors
from rolecoder.annotations import Draw, Label, Labels, read_labels, strange_actors, with_ids
from rolecoder.codebook import Codebook
from rolecoder.errors import RolecoderError, closest_said, listed, numbered
from rolecoder.labelled_texts import document_of, first_difference, plain_text, same_text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]


SHOWN = 5  # holders, or labels, that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Hand-labelled passages of a run by passage id, and the stratum of every passage of the run."""

    labels: Mapping[str, Label]  # each with its sampling_probability, made smaller where its stratum is half coded
    strata: Mapping[str, str]  # by passage id; empty where the draw was not of this run
    waiting: int = 0  # drawn and not coded yet
    astray: int = 0  # labels of strata that the run does not keep, so that strata are not used
    foreign: int = 0  # labelled with a role that the model was trained without
    moved: Mapping[str, str] = field(default_factory=dict)  # id in the file -> that of the passage, where they differ


NO_SAMPLE = Sample(labels={}, strata={})


def read_sample(
    paths: Sequence[Path],
    passages: pd.DataFrame,
    codebook: Codebook,
    actors: Actors,
    drawn: pd.DataFrame | None,
    learnt: Codebook | None = None,
) -> Sample:
    """Read the coded sample of a run and match it to the run's passages.

    Args:
        paths: CSV, JSONL or XLSX; ``id`` is the passage's (ids are places in a document: where it was moved since, its
            text tells which it is), ``roles`` says "none" where there is none and is empty
            where the passage is not coded yet (in JSONL: null).
        passages: The table ``passages`` of the run.
        codebook: Its codes, names and aliases are known as roles.
        actors: Whom holders are of; a coder's own ``group:...`` may stand for itself.
        drawn: The table ``sample`` of the run, where `rolecoder plan` drew it.
        learnt: The codebook of the model, where it was trained without some of the roles: these are taken out of the
            labels, which say of the others what they said.

    Raises:
        RolecoderError: A row has no sampling probability, or its text is that of no passage of the run, or of several;
            its holder is no actor; or what ``read_labels`` finds.
    """
    if not paths:
        return NO_SAMPLE
    texts, dates = (dict(zip(passages["passage_id"], passages[name], strict=True)) for name in ("text", "date"))
    given = read_labels(paths, codebook, of_a_run=True)  # each row speaks of its own passage
    labels = given.without([code for code in codebook.codes if code not in (learnt or codebook).codes])
    foreign = sum(len(row.roles) < len(was.roles) for row, was in zip(labels.rows, given.rows, strict=True))
    for row in labels.rows:
        _check(row)
    places = _placed(labels.rows, texts)
    own = (replace(row, label_id=places[row.label_id]) for row in labels.rows)
    timely = (replace(row, date=dates[row.label_id] or None) for row in own)  # that of the run, as all else is
    named = with_ids(replace(labels, rows=tuple(timely)), actors)
    _check_holders(named, actors)
    coded, moved = named.rows, {was: name for was, name in places.items() if was != name}
    drawn = followed(drawn, moved)
    strata = strata_of(((row.label_id, row.stratum) for row in coded), drawn)
    known = {} if drawn is None else dict(zip(drawn["passage_id"], drawn["stratum"], strict=True))
    return Sample(
        labels=_thinned(coded, labels.waiting),
        strata=strata,
        waiting=sum(labels.waiting.values()),
        astray=sum(row.stratum not in (None, known.get(row.label_id)) for row in coded),
        foreign=foreign,
        moved=moved,
    )


def strata_of(coded: Iterable[tuple[str, str | None]], drawn: pd.DataFrame | None) -> dict[str, str]:
    """The stratum of each passage that could be drawn; none at all where labels are of another draw.

    Args:
        coded: Passage and stratum of each coded label; a label that does not say its stratum may be of any draw.
        drawn: The table ``sample`` of the run, if any.
    """
    could = drawn[drawn["sampling_probability"] > 0] if drawn is not None else None
    strata = dict(zip(could["passage_id"], could["stratum"], strict=True)) if could is not None else {}
    return strata if all(stratum in (None, strata.get(name)) for name, stratum in coded) else {}


def _check(row: Label) -> None:
    if row.sampling_probability is None:
        raise RolecoderError(
            "no sampling_probability",
            where=f"label {row.label_id}",
            expected="the probability with which the passage was drawn from the corpus, above 0 and up to 1",
            mend="draw the passages with `rolecoder plan`; passages picked for their content cannot correct a share",
        )


def _placed(rows: Sequence[Label], texts: Mapping[str, str]) -> dict[str, str]:
    """Find the passage of each label: that of its id, or else the only one of its document that has its text.

    Raises:
        RolecoderError: A label's document is gone or its text changed; or its text stands twice in the document.
    """
    found = {row.label_id: row.label_id for row in rows if same_text(row.text, texts.get(row.label_id, ""))}
    astray = [row for row in rows if row.label_id not in found]
    if not astray:
        return found
    among, documents = {document_of(row.label_id) for row in astray}, {document_of(name) for name in texts}
    by_text: dict[tuple[str, str], list[str]] = {}
    for name, text in texts.items():
        if (document := document_of(name)) in among:
            by_text.setdefault((document, plain_text(text)), []).append(name)
    asked = Counter((document_of(row.label_id), plain_text(row.text)) for row in rows)
    lost: dict[str, list[str]] = {}  # what is wrong, and with which labels
    for row in astray:
        key = document, _ = document_of(row.label_id), plain_text(row.text)
        if len(by_text.get(key, ())) == asked[key] == 1:
            found[row.label_id] = by_text[key][0]
        elif document not in documents:
            near = closest_said(document, sorted(documents)[:2000])
            lost.setdefault(f"of {document}, which the run does not have{near}", []).append(row.label_id)
        elif key in by_text:
            lost.setdefault(f"of {document}, where their text stands or is labelled twice", []).append(row.label_id)
        else:
            there = texts.get(row.label_id)
            differs = f" ({first_difference(row.text, there)})" if there is not None else ""
            lost.setdefault(f"of {document}, whose text differs there", []).append(row.label_id + differs)
    if lost:
        number = sum(map(len, lost.values()))
        faults = [f"{len(names):,} {why}: {', '.join(names[:SHOWN])}" for why, names in lost.items()]
        raise RolecoderError(
            f"{numbered(number, 'label')} of {len(rows):,} {'is' if number == 1 else 'are'} of no passage of the run"
            + listed(faults, SHOWN),
            mend="copy the column text back from the file that `rolecoder plan` wrote where a spreadsheet or a coder "
            "changed it; else the texts or how they are read have changed since the passages were drawn, or the labels "
            "are of another run: take these rows out of the file, and the other labels hold; `rolecoder plan RUN "
            "--labels FILE` then draws what is wanting",
        )
    return found


def followed(drawn: pd.DataFrame | None, moved: Mapping[str, str]) -> pd.DataFrame | None:
    """The table ``sample`` of a run with its passages where those that are labelled have moved to.

    Args:
        drawn: The table, if any.
        moved: As of ``Sample``.
    """
    if drawn is None or not moved:
        return drawn
    return drawn.assign(passage_id=drawn["passage_id"].map(lambda name: moved.get(name, name)))


def _check_holders(labels: Labels, actors: Actors) -> None:
    if strange := strange_actors(labels, actors):
        told = listed([f"label {label_id}: {why}" for label_id, why in strange.items()], SHOWN)
        verb = "leads" if len(strange) == 1 else "lead"
        raise RolecoderError(
            f"{numbered(len(strange), 'holder')} {verb} to no actor{told}",
            expected="a code or name of the table of actors, or group:NAME",
            mend="correct the labels, or add the name to the table of actors (corpora/actors.csv)",
        )


def _thinned(coded: Sequence[Label], waiting: Mapping[Draw, int]) -> dict[str, Label]:
    """Coded rows by passage, each stratum's probability times the part of its drawn passages that are coded.

    Strata of two draws may have one name; where their probabilities differ they are kept apart.
    """
    done = Counter((row.stratum, row.sampling_probability) for row in coded)
    found = {}
    for row in coded:
        own = row.stratum, row.sampling_probability
        part = done[own] / (done[own] + waiting.get(own, 0))
        found[row.label_id] = replace(row, sampling_probability=(row.sampling_probability or 1.0) * part)
    return found


def denied(codings: pd.DataFrame, labels: Mapping[str, Label]) -> Flags:
    """Whether a hand label says that the passage of a coding does not carry its role, of its holder and aspect.

    Args:
        codings: The table ``codings``; an empty holder or aspect fits any.
        labels: By passage; one that leaves the role open denies nothing.

    Returns:
        A flag for each row; shape (n,).
    """
    import numpy as np

    def denies(label: Label | None, role: str, *of: object) -> bool:
        if label is None:
            return False
        pairs = zip((label.holder, label.aspect), of, strict=True)
        may_be = all(said is None or not isinstance(own, str) or said == own for said, own in pairs)
        return not (may_be and role in (*label.roles, *label.undecided))

    rows = codings[["passage_id", "role", "holder", "aspect"]].itertuples(index=False)
    return np.array([denies(labels.get(name), role, *of) for name, role, *of in rows], dtype=bool)


def truth_of(
    labels: Sequence[Label],
    roles: Sequence[str],
    inside: Callable[[Label], bool],
    may_be: Callable[[Label], bool] | None = None,
) -> Floats:
    """1 where a label gives a role and counts, NaN where it leaves open whether it does; shape (labels, roles).

    Args:
        labels: Of the passages.
        roles: The columns.
        inside: Whether a label's roles count.
        may_be: Whether the roles of a label of which that is not said, as its holder is empty, and those that its coder
            left undecided might count; by default the former cannot, and the latter may.
    """
    import numpy as np

    columns = {role: column for column, role in enumerate(roles)}
    truth = np.zeros((len(labels), len(columns)))
    for row, label in enumerate(labels):
        if inside(label):
            truth[row, [columns[role] for role in label.roles]] = 1.0
        elif may_be is not None and may_be(label):
            truth[row, [columns[role] for role in label.roles]] = np.nan
        if may_be is None or may_be(label):
            truth[row, [columns[role] for role in label.undecided]] = np.nan
    return truth
