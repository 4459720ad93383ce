"""The tables behind the results: how well the model finds each role, the corpus, the quotations, what was left out."""

from __future__ import annotations

from dataclasses import replace

from rolecoder.errors import numbered
from rolecoder.evaluate import ECE, unseen
from rolecoder.report.card import agreement_sentence, labels_sentence, model_name, overall, role_scores
from rolecoder.report.evidence import appendix, quotations
from rolecoder.report.findings import DASH, Findings, estimate, known
from rolecoder.report.method import hand_coders, scored_card, thresholds
from rolecoder.report.panels import Exhibit, Panel

FIGURES = ("precision", "recall", "f1", "average_precision", "ece")


def reliability_exhibit(findings: Findings) -> Exhibit:
    """How well the model finds each role in passages whose labels it did not learn from."""
    import pandas as pd

    names = findings.role_names
    limits = dict(zip(findings.codings["role"], findings.codings["threshold"], strict=True))
    card = scored_card(findings)
    scores = role_scores(card, names, limits)
    rows = [
        (
            names[s.role],
            f"{s.n:,}",
            *(estimate(*value) for value in (s.precision, s.recall, s.f1, s.average_precision)),
            _fine(s.ece[0]),
            DASH if s.threshold is None else f"{s.threshold:.2f}",
        )
        for s in scores
    ]
    notes: tuple[str, ...] = (
        f"Model: {model_name(findings.model_card)}. Scores by cross-validation, grouped by document: each passage is "
        f"scored by a model that saw {unseen(findings.model_card.get('training'))} of its document.",
        "n: passages that carry the role by label. AP: average precision. Threshold: the probability from which the "
        f"role is given{_chosen(findings)}; a dash where no passage of this study was given it.",
        f"ECE: {ECE}; mean over roles {_fine(overall(card, 'ece')[0])}.",
        labels_sentence(findings.model_card),
        agreement_sentence(findings.model_card),
        *hand_coders(findings),
    )
    missing = [name for code, name in names.items() if code not in {s.role for s in scores}]
    if missing:
        notes = (*notes, "No scores in the model's card: " + ", ".join(missing) + ".")
    frame = pd.DataFrame(
        [
            {
                "role": s.role,
                "role_name": names[s.role],
                "n": s.n,
                **{
                    f"{what}{end}": number
                    for what in FIGURES
                    for end, number in zip(("", "_low", "_high"), getattr(s, what), strict=True)
                },
                "threshold": s.threshold,
            }
            for s in scores
        ],
        columns=["role", "role_name", "n"]
        + [f"{w}{e}" for w in FIGURES for e in ("", "_low", "_high")]
        + ["threshold"],
    )
    panel = Panel(
        caption="How well the model finds each role",
        head=("Role", "n", "Precision", "Recall", "F1", "AP", "ECE", "Threshold"),
        rows=tuple(rows),
        align="lrrrrrrr",
        notes=notes,
    )
    return Exhibit(name="reliability", title="Reliability of the coding", frame=frame, panels=(panel,))


def _fine(value: float | None) -> str:
    """Print a calibration error, which is small."""
    return DASH if value is None else f"{value:.3f}"


def _chosen(findings: Findings) -> str:
    what = thresholds(findings)
    told = "precision, recall and F1 are those at it, on the passages that it was chosen on and without intervals"
    return f", chosen {what}; {told}" if what else ""


def corpus_exhibit(findings: Findings) -> Exhibit:
    """What was read: documents, words and passages by type and by state, as a note of the table says."""
    import pandas as pd

    passages = findings.passages
    coded = set(findings.codings["passage_id"])
    marked = passages.assign(coded=passages["passage_id"].isin(coded), placed=passages["source"].notna())
    sums = marked.groupby("document_id").agg(
        passages=("passage_id", "size"), with_speaker=("placed", "sum"), coded=("coded", "sum")
    )
    heard = passages.dropna(subset=["source"]).groupby("document_id")["source"].unique()
    alone = {document: sources[0] for document, sources in heard.items() if len(sources) == 1}
    given = zip(findings.documents["document_id"], findings.documents["actor"], strict=True)
    states = pd.Series([known(actor) or alone.get(document) for document, actor in given], findings.documents.index)
    documents = findings.documents[["document_id", "doc_type"]].assign(
        actor=states, words=[len(text.split()) for text in findings.documents["text"]]
    )
    joined = documents.join(sums, on="document_id").fillna({"passages": 0, "with_speaker": 0, "coded": 0})
    frame = (
        joined.groupby(["doc_type", "actor"], dropna=False, sort=True)
        .agg(
            documents=("document_id", "size"),
            **{name: (name, "sum") for name in ("words", "passages", "with_speaker", "coded")},
        )
        .reset_index()
        .astype(dict.fromkeys(("documents", "words", "passages", "with_speaker", "coded"), "int64"))
    )
    frame.insert(2, "actor_name", [findings.actor(known(actor)) for actor in frame["actor"]])
    numbers = ["documents", "words", "passages", "with_speaker", "coded"]
    rows = [
        (row["doc_type"], row["actor_name"], *(f"{row[name]:,}" for name in numbers))
        for row in frame.to_dict("records")
    ]
    rows.append(("All", "", *(f"{int(frame[name].sum()):,}" for name in numbers)))
    lost = findings.dropped
    notes = (
        "State: of the main speaker, or of the office that made the record; where neither is given, the only one "
        "that is known to speak, else unknown. With speaker: passages whose speaker's state is known. "
        "Coded: passages with at least one role.",
        f"Left out: {numbered(len(lost), 'item')} with {numbered(int(lost['words'].sum()), 'word')}; the table of what "
        "was left out says why.",
    )
    panel = Panel(
        caption="The corpus",
        head=("Type", "State", "Documents", "Words", "Passages", "With speaker", "Coded"),
        rows=tuple(rows),
        align="llrrrrr",
        notes=notes,
        foot=1,
    )
    return Exhibit(name="corpus", title="The corpus", frame=pd.DataFrame(frame), panels=(panel,))


def evidence_exhibit(findings: Findings) -> Exhibit:
    """The strongest quotations of each role and profile, with their citations."""
    frame, printed, notes = quotations(findings)
    panel = Panel(
        caption="The strongest passages of each role",
        head=("Profile and role", "Passage", "Where"),
        rows=tuple(printed),
        align="ppp",
        notes=notes,
    )
    return Exhibit(name="evidence", title="Evidence", frame=frame, panels=(panel,))


def appendix_exhibit(evidence: Exhibit, findings: Findings) -> Exhibit:
    """All quotations of evidence.csv whose profile is known, as a document of their own: no actor is left out."""
    printed, notes = appendix(evidence.frame, findings)
    panel = replace(evidence.panels[0], rows=tuple(printed), notes=notes)
    return replace(evidence, panels=(panel,))


def dropped_exhibit(findings: Findings) -> Exhibit:
    """What was left out and why, the same reasons together."""
    lost = findings.dropped
    sums = lost.groupby(["stage", "reason"], sort=True).agg(items=("row", "size"), words=("words", "sum")).reset_index()
    sums = sums.sort_values(["words", "items"], ascending=False, kind="stable")
    shown = sums.head(60).to_dict("records")
    notes = ["Words: of text lost with it; 0 where the file could not be read."]
    if len(sums) > len(shown):
        notes.append(f"Another {numbered(len(sums) - len(shown), 'reason')} in dropped.csv.")
    panel = Panel(
        caption="What was left out, and why",
        head=("Stage", "Reason", "Items", "Words"),
        rows=tuple((r["stage"], r["reason"], f"{r['items']:,}", f"{r['words']:,}") for r in shown),
        align="lprr",
        notes=tuple(notes) if shown else ("Nothing was left out.",),
    )
    return Exhibit(name="dropped", title="What was left out", frame=lost, panels=(panel,))
