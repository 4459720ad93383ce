"""What speaks against learning from labels, before anything is learnt: roles too rare, and doubts to tell of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rolecoder.annotations import Label, Labels, same_texts, without_undecided
from rolecoder.errors import RolecoderError, numbered
from rolecoder.learning.fit import TrainSettings
from rolecoder.learning.folds import separate

SHOWN = 3  # passages that a doubt names


def check_labels(labels: Labels, settings: TrainSettings) -> tuple[Labels, list[str]]:
    """Take the labels that a model can learn from, and say what speaks against its scores or lessons.

    Args:
        labels: With ids; rows that leave a role undecided are left out.
        settings: Which roles are too rare, and what becomes of them.

    Returns:
        The labels, under a codebook without the roles left out, and the warnings.

    Raises:
        RolecoderError: Every row leaves a role undecided, there are fewer documents than folds, or what
            ``check_classes`` finds.
    """
    kept, warnings = check_classes(without_undecided(labels), settings)
    separate(kept.judged.documents, kept.judged.texts, settings.folds)
    return kept, warnings + _doubts(kept, len(labels))


def check_classes(labels: Labels, settings: TrainSettings) -> tuple[Labels, list[str]]:
    """Refuse or leave out roles with labels in too few documents; warn of those with few.

    Returns:
        The labels, under a codebook without the roles left out, and the warnings.

    Raises:
        RolecoderError: Roles are too rare and ``settings.drop_rare`` is not set.
    """
    counts = {role: len(documents) for role, documents in documents_by_role(labels).items()}
    rare = [role for role, count in counts.items() if count < settings.min_documents]
    shown = ", ".join(f"{role} ({counts[role]})" for role in rare)
    if (rare and not settings.drop_rare) or len(rare) == len(counts):
        raise RolecoderError(
            f"too few documents with a label: {shown}",
            expected=f"at least {settings.min_documents} documents for each role of the codebook",
            mend="code more passages of these roles, or leave them out of the model: --drop-rare",
        )
    warnings = [f"left out of the model, in fewer than {settings.min_documents} documents: {shown}"] if rare else []
    if emptied := sum(bool(row.roles) and set(row.roles) <= set(rare) for row in labels.rows):
        warnings.append(f"labelled passages with no other role, which count as passages without a role: {emptied:,}")
    few = [role for role, count in counts.items() if settings.min_documents <= count < settings.few_documents]
    if few:
        shown = ", ".join(f"{role} ({counts[role]})" for role in few)
        warnings.append(
            f"labelled in fewer than {settings.few_documents} documents, so scored with little certainty: {shown}"
        )
    return labels.without(rare), warnings


def documents_by_role(labels: Labels) -> dict[str, set[str]]:
    """The documents in which a role is labelled, of each role; those written to be learnt from do not count."""
    found: dict[str, set[str]] = {code: set() for code in labels.codebook.codes}
    for number in labels.scored:
        for role in labels.rows[number].roles:
            found[role].add(labels.documents[number])
    return found


def _doubts(labels: Labels, given: int) -> list[str]:
    """What speaks against scores or lessons of these labels, of as many as were given."""
    doubts = []
    if open_rows := given - len(labels):
        doubts.append(f"labelled passages left out, since they leave a role undecided: {open_rows:,}")
    if alone := sum(row.document_id is None for row in labels.rows):
        doubts.append(
            f"labelled passages that name no document (doc_id): {alone:,}; each counts as a document of its own, so "
            "where they are not, scores look better and intervals narrower than they are"
        )
    if own := [row.label_id for row in labels.rows if row.source and row.prescribes(row.source)]:
        doubts.append(
            f"labelled passages that say a source prescribes to its own state, which makes a conception: {len(own):,} "
            f"({_some(own, ', ')})"
        )
    return doubts + _recurrences(labels)


def _recurrences(labels: Labels) -> list[str]:
    """Texts that stand in several rows, and those of one source that bear another holder or aspect in one of them."""
    recurring = same_texts(labels)
    if not recurring:
        return []
    shown = _some([f"{rows[0].label_id} ({numbered(len(rows), 'time')})" for rows in recurring], ", ")
    doubts = [
        f"texts that stand in several labelled passages: {len(recurring):,}, in {sum(map(len, recurring)):,} passages "
        f"({shown}); each counts as often as it stands there"
    ]
    if unlike := [pair for rows in recurring if (pair := _unlike(rows))]:
        doubts.append(
            "such texts, of one source, that bear another holder or aspect in another passage: "
            f"{len(unlike):,} ({_some([f'{one} and {other}' for one, other in unlike], '; ')})"
        )
    return doubts


def _unlike(rows: Sequence[Label]) -> tuple[str, ...] | None:
    """The first two passages of one source whose holder or aspect differ, where both say it."""
    first = defaultdict[tuple[str, str | None], dict[str, str]](dict)  # passages by what they say, of each source
    for row in rows:
        for side, said in (("holder", row.holder), ("aspect", row.aspect)):
            if said and row.source:
                first[side, row.source].setdefault(said, row.label_id)
    return next((tuple(ids.values())[:2] for ids in first.values() if len(ids) > 1), None)


def _some(names: Sequence[str], between: str) -> str:
    return between.join([*names[:SHOWN], *["..."] * (len(names) > SHOWN)])
