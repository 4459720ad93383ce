"""From which side: what the words of a passage say for conception, prescription or performance, as features by rule."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rolecoder.actors import Actors
from rolecoder.attribution.passage import WE, Attributable, Features

TENSES: Mapping[str, re.Pattern[str]] = {
    "have done": re.compile(
        r"\b(?:ha(?:s|ve|d)|having)\s+(?:\w+ly\s+|also\s+|always\s+|already\s+|now\s+|been\s+|never\s+|consistently\s+)*"
        r"(?:\w+(?:ed|en|wn|ne)|sent|made|put|set|held|built|taken|given|led|met|sought|brought|kept|paid|stood|fought|begun|become|done)\b"
    ),
    "have always": re.compile(r"\bha(?:s|ve)\s+(?:always|consistently|never|constantly|long|ever)\b"),
    "did": re.compile(
        r"\b(?:sent|gave|made|took|led|held|built|paid|fought|signed|contributed|provided|hosted|helped|dispatched|organized|"
        r"participated|donated|established|launched|received|agreed|decided|met|convened|initiated|mediated|succeeded|supported|"
        r"proposed|joined|opened|offered|committed|increased|worked|played|voted|accepted|recognized|declared)\b"
    ),
    "doing": re.compile(
        r"\b(?:is|are|am|been)\s+(?:\w+ly\s+|also\s+|now\s+|currently\s+|still\s+|already\s+)*\w+ing\b"
    ),
    "will": re.compile(r"\b(?:will|shall|'ll|\u2019ll|would)\b"),
    "continue": re.compile(r"\b(?:continu\w+|remain\w*|carry\s+on|persever\w+)\b"),
    "must": re.compile(r"\b(?:must|should|ought|ha(?:s|ve)\s+to|needs?\s+to)\b"),
    "duty": re.compile(
        r"\b(?:dut(?:y|ies)|responsibilit(?:y|ies)|obligations?|mission|task|role|burden|incumbent|vocation|destiny|calling)\b"
    ),
    "commitment": re.compile(
        r"\b(?:commit(?:ted|ment|ments)|pledge\w*|determin(?:ed|ation)|resolve[d]?|dedicat\w+|devot\w+|stands?\s+ready|ready\s+to|prepared\s+to|willing\w*)\b"
    ),
    "policy": re.compile(
        r"\b(?:polic(?:y|ies)|principles?|position|believ\w+|conviction|convinced|foreign\s+policy|aim|goal|objective|philosophy|doctrine|basis|based)\b"
    ),
    "priority": re.compile(
        r"\b(?:priorit(?:y|ies)|first\s+task|main\s+task|cornerstone|foremost|essential|fundamental|primary)\b"
    ),
    "being": re.compile(r"\b(?:is|are|am)\s+(?:an?|the|one|our|its)\b"),
    "support": re.compile(
        r"\b(?:support|supports|back|stand\s+(?:by|with)|solidarity|reaffirm\w*|reiterat\w+|renew\w*)\b"
    ),
    "number": re.compile(
        r"(?<![\w.])(?:\$\s?)?\d[\d,.]*(?:\s*(?:million|billion|per\s+cent|percent|troops|tons|soldiers|men|countries|experts))?(?![\w])"
    ),
    "money": re.compile(
        r"[$\u00a3\u20ac]\s?\d|\b\d[\d,.]*\s+(?:million|billion|thousand)\b|\b(?:million|billion)\s+dollars\b"
    ),
    "year": re.compile(
        r"\b(?:19|20)\d\d\b|\b(?:last|this)\s+(?:year|month|week)\b|\b(?:recently|since|during\s+the\s+past)\b"
    ),
    "deeds": re.compile(
        r"\b(?:troops|contingents?|battalions?|forces|peacekeep\w+|peace-keeping|mission|doctors|experts|scholarships|tons|ships|"
        r"convoys?|aid|assistance|loans?|grants?|conference|talks|negotiations|summit|meeting|agreement|programme|project)\b"
    ),
    "hope": re.compile(
        r"\b(?:hope[sd]?|call\w*\s+(?:up)?on|urge\w*|appeal\w*|invite[sd]?|expect\w*|demand\w*|request\w*|want)\b"
    ),
    "thanks": re.compile(
        r"\b(?:thank\w*|grateful|gratitude|appreciat\w+|tribute|congratulat\w+|commend\w*|salute\w*|welcome[sd]?|applaud\w*)\b"
    ),
    "if": re.compile(r"\b(?:if|unless|could|might|may)\b"),
    "said": re.compile(r"\b(?:said|replied|added|asked|stated|told|noted|observed|remarked|explained)\b"),
}


def aspect_cues(item: Attributable, holder: str | None, holder_traits: Features, actors: Actors) -> Features:
    """Features of the side from which a role is spoken, once its holder is known.

    Args:
        item: The passage.
        holder: The actor whose role it is, where known.
        holder_traits: That actor's features as a holder.
        actors: The actors.
    """
    features = {"always": 1.0}
    for name, pattern in TENSES.items():
        count = len(pattern.findall(item.text))
        if count:
            features[name] = 1.0
            features[f"{name} again"] = float(count > 1)
    other = holder is not None and holder != item.source
    inside = (
        actors.includes(holder, item.source, item.date) if holder and other and holder.startswith("group:") else None
    )
    features["another"] = float(other)
    features["other state"] = float(other and not str(holder).startswith("group:"))
    features["group"] = float(other and str(holder).startswith("group:"))
    features["within group"] = float(inside is True)
    features["outside group"] = float(inside is False)
    for name in ("must", "called", "thanked", "acts", "by"):
        if other and holder_traits.get(name):
            features[f"holder {name}"] = 1.0
    if other:
        features.update(
            {
                f"another, {name}": 1.0
                for name in ("must", "duty", "have done", "did", "doing", "will", "being")
                if name in features
            }
        )
        features["another, we"] = float(WE.search(item.text) is not None)
    for role in item.roles:
        features[f"{role}"] = 1.0
        for name in ("have done", "did", "doing", "number", "deeds"):
            if name in features:
                features[f"{role}, {name}"] = 1.0
    features["talk"] = float(item.doc_type in ("telcon", "memcon"))
    return features
