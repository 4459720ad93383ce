"""Small, deterministic findings with invented texts: what the report is tried on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from rolecoder import tables
from rolecoder.codebook import Codebook, Role
from rolecoder.config import Study
from rolecoder.report import Findings

NAMES = (
    "Bastion of revolution-liberator", "Regional leader", "Regional protector", "Active independent",
    "Liberation supporter", "Anti-imperialist agent", "Defender of the faith", "Mediator-integrator",
    "Regional-subsystem collaborator", "Developer", "Bridge", "Faithful ally", "Independent", "Example",
    "Internal development", "Isolate", "Protectee",
)  # fmt: skip
ROLES = tuple(
    Role(
        code=name.lower().replace(" ", "_").replace("-", "_"), name=name, rank=rank, definition="an invented definition"
    )
    for rank, name in enumerate(NAMES, start=1)
)
CODEBOOK = Codebook(
    name="holsti-17", version="1.0", source="Holsti (1970), International Studies Quarterly 14(3)", roles=ROLES
)
CODES = CODEBOOK.codes
RATES = {"tp": 6, "fp": 2, "fn": 3, "tn": 80, "documents_positive": 9, "documents_negative": 60}
ACTORS = {
    "USA": "United States",
    "JPN": "Japan",
    "KOR": "South Korea",
    "CIV": "Côte d'Ivoire",
    "group:EU": "European Union",
}
MANNER = {
    "USA": "We ask that {other} carry its part of this load, the {noun} of the {place} no less than its cost.",
    "JPN": "Our {noun} rests on the {place}; my government will pay 50 % of what is owed & more <if the house agrees>.",
}
NOUNS = ("ships", "burden", "welfare", "guarantee", "treaty_of_trust", "harvest", "sea lanes", "budget #3")
PLACES = ("coast", "strait", "alliance", "islands", "market", "northern fields")
LABELS = "The labels were coded by language models under the codebook; no human expert has checked them."
METHOD = "share of the cell's codings, predicted and not corrected; percentile bootstrap over documents"
GAP_METHOD = "Jensen-Shannon distance, base 2; percentile bootstrap over documents on both sides"
TURNED = {
    ("USA", "JPN", "prescription"): {"faithful_ally": 9, "regional_protector": 5, "developer": 4, "bridge": 3},
    ("JPN", "JPN", "conception"): {"protectee": 11, "internal_development": 5, "developer": 4, "example": 1},
    ("JPN", "JPN", "performance"): {"developer": 9, "faithful_ally": 3},
    ("USA", "JPN", "performance"): {"developer": 3},
    ("USA", "USA", "conception"): {"regional_leader": 9, "regional_protector": 8, "bridge": 1},
}  # fmt: skip


def make_findings(
    *,
    n_documents: int = 24,
    per_document: int = 12,
    turned: dict[tuple[str, str, str], dict[str, int]] | None = None,
    periods: Sequence[str] = (),
    min_passages: int = 10,
    seed: int = 0,
    **settings: object,
) -> Findings:
    """Findings of an invented study.

    Args:
        n_documents: Number of documents, alternating between the states that speak in ``turned``.
        per_document: Passages of each; about half are coded.
        turned: (source, holder, aspect) -> role -> how often it is drawn.
        periods: Years; documents are dated in turn; empty: one period and no dates asked for.
        min_passages: Below it a cell is not filled.
        seed: Of the draw.
        settings: Further settings of the study.
    """
    turned = TURNED if turned is None else turned
    rng = np.random.default_rng(seed)
    documents, passages, codings = [], [], []
    speakers = sorted({source for source, _, _ in turned}) or ["USA", "JPN"]
    for number in range(n_documents):
        source = speakers[number % len(speakers)]
        year = periods[(number // len(speakers)) % len(periods)] if periods else "1990"
        document, own = _document(number, source, year, per_document, rng)
        documents.append(document)
        passages += own
        cells = [(cell, roles) for cell, roles in turned.items() if cell[0] == source]
        codings += [_coding(p, cells, rng) for p in own if cells and rng.random() < 0.5]
    codings = [coding for group in codings for coding in group]
    profiles = _profiles(codings, passages, periods, min_passages)
    study = Study.model_validate(
        {
            "study": "invented",
            "title": "Two allies & a crisis that never was",
            "corpora": [{"path": "corpora/invented/corpus.yaml"}],
            "profiles": {
                "by": ["source", "holder", "aspect", *(["period"] if periods else [])],
                "period": "year" if periods else "all",
                "min_passages": min_passages,
            },
            "gaps": {"dyads": ["USA:JPN"]},
            "notes": ["The texts were invented for this test; licence CC0."],
            **settings,
        }
    )
    gaps, parts = _gaps(profiles, study, list(periods) or ["all"])
    everything = tables.probabilities_table(CODES)
    return Findings(
        study=study,
        codebook=CODEBOOK,
        actor_names=ACTORS,
        documents=tables.DOCUMENTS.frame(documents),
        passages=tables.PASSAGES.frame(passages),
        probabilities=everything.frame(
            [{"passage_id": p["passage_id"]} | {f"p_{r}": 0.1 for r in CODES} for p in passages]
        ),
        codings=tables.CODINGS.frame(codings),
        profiles=tables.PROFILES.frame(profiles),
        gaps=tables.GAPS.frame(gaps),
        gap_parts=tables.GAP_PARTS.frame(parts),
        dropped=tables.DROPPED.frame(_dropped()),
        model_card=_card(),
        corpora=({"name": "invented", "title": "Invented texts", "licence": "CC0", "citation": "nobody (1990)"},),
        record={
            "rolecoder": "0.1.0",
            "python": "3.11.9",
            "libraries": {"numpy": "2.4.0", "pandas": "3.1.0"},
            "stages": {"read": {"counts": {"documents": n_documents, "passages": len(passages)}, "seconds": 1.5}},
        },
    )


def with_profiles(findings: Findings, **frames: object) -> Findings:
    """The same findings with other frames."""
    return dataclasses.replace(findings, **frames)


def _document(number: int, source: str, year: str, count: int, rng: np.random.Generator) -> tuple[dict, list[dict]]:
    name = f"{source.lower()}-{year}-{number:05d}"
    date = f"{year}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    doc_type = ("speech", "telcon", "memoir")[number % 3]
    manner = MANNER.get(source, "We of {other} keep to our {noun} by the {place}.")
    texts = [
        manner.format(
            other="our friends", noun=NOUNS[rng.integers(len(NOUNS))], place=PLACES[rng.integers(len(PLACES))]
        )
        + f" This is said for the {place + 1}th time."
        for place in range(count)
    ]
    text = "\n\n".join(texts)
    passages, start = [], 0
    for place, words in enumerate(texts):
        passages.append(
            {
                "passage_id": f"{name}:{start}-{start + len(words)}",
                "document_id": name,
                "start": start,
                "end": start + len(words),
                "text": words,
                "before": texts[place - 1] if place else "",
                "after": texts[place + 1] if place + 1 < count else "",
                "words": len(words.split()),
                "speaker": f"The Premier of {ACTORS[source]}",
                "source": source,
                "source_reason": "named in the document",
                "addressee": None,
                "reported": doc_type == "telcon",
                "page": str(1 + place // 4) if doc_type == "memoir" else None,
                "doc_type": doc_type,
                "date": date,
            }
        )
        start += len(words) + 2
    document = {
        "document_id": name,
        "doc_type": doc_type,
        "title": f"On the {PLACES[number % len(PLACES)]}, no. {number}",
        "date": date,
        "place": None,
        "actor": source if number % 7 else None,
        "participants": "[]",
        "language": "en",
        "citation": f"Archive of {ACTORS[source]}, box {number}, folder “A_{number}”, {date}" if number % 5 else None,
        "path": f"invented/{name}.txt",
        "sha256": "0" * 64,
        "origins": "{}",
        "mended": "[]",
        "doubts": "[]",
        "headed": 0,
        "text": text,
        "raw": text,
        "breaks": "[[0, 0]]",
        "pages": "[]",
        "notes": "[]",
    }
    return document, passages


def _coding(passage: dict, cells: list, rng: np.random.Generator) -> list[dict]:
    weights = np.array([sum(roles.values()) for _, roles in cells], dtype=float)
    (source, holder, aspect), roles = cells[rng.choice(len(cells), p=weights / weights.sum())]
    drawn = np.array(list(roles.values()), dtype=float)
    size = 2 if len(roles) > 1 and rng.random() < 0.15 else 1
    chosen = rng.choice(len(roles), size=size, replace=False, p=drawn / drawn.sum())
    return [
        {
            "passage_id": passage["passage_id"],
            "document_id": passage["document_id"],
            "role": list(roles)[place],
            "probability": round(float(rng.uniform(0.4, 0.99)), 3),
            "threshold": 0.4,
            "source": source,
            "holder": holder if rng.random() < 0.95 else None,
            "holder_confidence": 0.8,
            "holder_reason": "named in the passage" if source != holder else "first person",
            "aspect": aspect,
            "aspect_confidence": 0.7,
            "aspect_reason": "a verb of asking" if aspect == "prescription" else "a verb in the present",
            "date": passage["date"],
        }
        for place in chosen
    ]


def _profiles(codings: list[dict], passages: list[dict], periods: Sequence[str], least: int) -> list[dict]:
    groups: dict[tuple, list[dict]] = {}
    for c in codings:
        if c["holder"] is not None:
            groups.setdefault((c["source"], c["holder"], c["aspect"], c["date"][:4] if periods else None), []).append(c)
    rows = []
    for key, own in sorted(groups.items(), key=str):
        ids = {c["passage_id"] for c in own}
        said = sum(p["source"] == key[0] for p in passages)
        for role in CODES:
            count = sum(c["role"] == role for c in own)
            filled = len(ids) >= least
            share = count / len(own)
            low, high = wilson(count, len(own))
            rows.append(
                dict(zip(("source", "holder", "aspect", "period"), key, strict=True))
                | {
                    "role": role,
                    "unit": "passages",
                    "level": 0.95,
                    "n_words": 40 * said,
                    "n_labelled": 0,
                    "n_positive": 0,
                    "share_plain": share if filled else None,
                    "prevalence_plain": count / said if filled else None,
                    "estimator": "count" if filled else None,
                    "n_documents": len({c["document_id"] for c in own}),
                    "n_passages": said,
                    "n_coded": len(ids),
                    "n_role": count,
                    "share": share if filled else None,
                    "share_low": low if filled else None,
                    "share_high": high if filled else None,
                    "prevalence": count / said if filled else None,
                    "prevalence_low": None,
                    "prevalence_high": None,
                    "method": METHOD,
                    "note": None if filled else f"{len(ids)} passages coded; the study asks for {least}",
                }
            )
    return rows


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's interval at 95 %: stands in for the bootstrap."""
    z, p = 1.96, count / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, float((middle - half) / (1 + z * z / n))), min(1.0, float((middle + half) / (1 + z * z / n)))


def _gaps(profiles: list[dict], study: Study, periods: Sequence[str]) -> tuple[list[dict], list[dict]]:
    gaps, parts = [], []
    for dyad in study.gaps.dyads:
        chief, ally = dyad.split(":")
        pairs = {
            "prescription and conception": ((chief, ally, "prescription"), (ally, ally, "conception")),
            "prescription and performance, by the ally's texts": (
                (chief, ally, "prescription"),
                (ally, ally, "performance"),
            ),
            "conception and performance": ((ally, ally, "conception"), (ally, ally, "performance")),
        }
        for period in periods:
            for name, keys in pairs.items():
                left, right = (_shares(profiles, key, None if period == "all" else period) for key in keys)
                gap, own = _gap((chief, ally, name, period), keys, left, right)
                gaps.append(gap)
                parts += own
    return gaps, parts


def _shares(profiles: list[dict], key: tuple, period: str | None) -> tuple[np.ndarray | None, int, int]:
    rows = [p for p in profiles if (p["source"], p["holder"], p["aspect"], p["period"]) == (*key, period)]
    if not rows:
        return None, 0, 0
    shares = None if rows[0]["share"] is None else np.array([row["share"] for row in rows])
    return shares, rows[0]["n_coded"], rows[0]["n_documents"]


def _gap(place: tuple, keys: tuple, left: tuple, right: tuple) -> tuple[dict, list[dict]]:
    row = dict(zip(("prescriber", "ally", "comparison", "period"), place, strict=True)) | {
        "left": f"{keys[0][0]} about {place[1]}: {keys[0][2]}",
        "right": f"{keys[1][0]} about {place[1]}: {keys[1][2]}",
        "documents_left": left[2],
        "documents_right": right[2],
        "passages_left": left[1],
        "passages_right": right[1],
        "estimator_left": None if left[0] is None else "count",
        "estimator_right": None if right[0] is None else "count",
        "method": GAP_METHOD,
        "unit": "passages",
        "level": 0.95,
        "band_convergence": 0.32,
        "band_strain": 0.5,
        "band_conflict": 0.71,
    }
    names = [
        f"{what}{end}"
        for what in ("jensen_shannon", "total_variation", "activity_shift", "earth_mover", "agreement")
        for end in ("", "_low", "_high")
    ]
    plain = ("jensen_shannon_plain", "total_variation_plain", "earth_mover_plain", "agreement_plain", "p_value")
    if left[0] is None or right[0] is None:
        return row | dict.fromkeys([*names, *plain, "verdict"]) | {
            "note": f"{row['left']}: {left[1]} passages coded"
        }, []
    p, q = left[0], right[0]
    m = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (np.where(p > 0, p * np.log2(p / m), 0) + np.where(q > 0, q * np.log2(q / m), 0)) / 2
    distance, moved, shift = (
        float(np.sqrt(part.sum())),
        float(np.abs(p - q).sum() / 2),
        float((q - p) @ np.arange(1, 18)),
    )
    figures = [
        distance,
        max(distance - 0.1, 0),
        min(distance + 0.1, 1),
        moved,
        max(moved - 0.1, 0),
        min(moved + 0.1, 1),
    ]
    figures += [shift, shift - 1, shift + 1, abs(shift), max(abs(shift) - 1, 0), abs(shift) + 1, 0.3, 0.1, 0.5]
    base = {name: row[name] for name in ("prescriber", "ally", "comparison", "period")}
    parts = [
        base
        | {"role": r, "share_left": a, "share_right": b, "difference": a - b, "contribution": float(c)}
        | {"difference_low": a - b - 0.1, "difference_high": a - b + 0.1}
        for r, a, b, c in zip(CODES, p.tolist(), q.tolist(), part, strict=True)
    ]
    return row | dict(zip(names, figures, strict=True)) | dict(
        zip(plain, (distance, moved, abs(shift), 0.3, 0.01), strict=True)
    ) | {
        "verdict": "strain to conflict",
        "note": None,
    }, parts


def _dropped() -> list[dict]:
    names = ("row", "stage", "item", "reason", "words", "start", "end")
    rows = (
        (1, "ingest", "broken_file.pdf", "no text layer", 0, None, None),
        (2, "turns", "usa-1990-00000", "head of the document", 12, 0, 80),
        (3, "turns", "jpn-1990-00001", "head of the document", 9, 0, 60),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _card() -> dict[str, object]:
    estimate = lambda value: {"value": value, "low": value - 0.1, "high": value + 0.1}  # noqa: E731
    return {
        "name": "invented-17",
        "labels": {"coded_by": LABELS, "passages": 900},
        "encoder": {"identity": "letters@1 (26 letters, not normalised)", "dim": 26, "folder": None},
        "scores": {
            "all": {
                "macro_f1": estimate(0.45),
                "micro_f1": estimate(0.52),
                "ece": estimate(0.021),
                "roles": [
                    {
                        "role": role,
                        "n": 40 + place,
                        "precision": estimate(0.6),
                        "recall": estimate(0.5),
                        "f1": estimate(0.55),
                        "average_precision": estimate(0.58) if place else {"value": None, "low": None, "high": None},
                        "ece": estimate(0.004 * (place + 1)),
                    }
                    for place, role in enumerate(CODES)
                ],
            }
        },
        "error_rates": {"all": {role: dict(RATES) for role in CODES}},
    }
