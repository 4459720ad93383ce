"""From which side: what the words of a passage say for conception, prescription or performance."""

from __future__ import annotations

from rolecoder.actors import Actors
from rolecoder.attribution.passage import WE, Attributable, Cues, rule
from rolecoder.records import CONVERSATIONS

SIGNS = {
    "have done": rule(
        r"\b(?:ha(?:s|ve|d)|having) (?:(?:\w+ly|also|always|already|now|been|never) )*"
        r"(?:\w+(?:ed|en|wn|ne)|sent|made|put|set|held|built|led|met|sought|brought|kept|paid|stood|fought|begun|become)\b"
    ),
    "have always": rule(r"\bha(?:s|ve) (?:always|consistently|never|constantly|long|ever)\b"),
    "did": rule(
        r"\b(?:sent|gave|made|took|led|held|built|paid|fought|signed|contributed|provided|hosted|helped|dispatched|"
        r"organized|participated|donated|established|launched|received|agreed|decided|met|convened|initiated|mediated|"
        r"succeeded|supported|proposed|joined|opened|offered|committed|increased|worked|played|voted|accepted|"
        r"recognized|declared)\b"
    ),
    "doing": rule(r"\b(?:is|are|am|been) (?:(?:\w+ly|also|now|still|already) )*\w+ing\b"),
    "will": rule(r"\b(?:will|shall|would)\b | (?:'|\u2019)ll\b"),
    "continue": rule(r"\b(?:continu\w+|remain\w*|carry on|persever\w+)\b"),
    "must": rule(r"\b(?:must|should|ought|ha(?:s|ve) to|needs? to)\b"),
    "duty": rule(
        r"\b(?:dut(?:y|ies)|responsibilit(?:y|ies)|obligations?|mission|task|role|burden|incumbent|vocation|destiny|"
        r"calling)\b"
    ),
    "commitment": rule(
        r"\b(?:commit(?:ted|ments?)|pledge\w*|determin(?:ed|ation)|resolved?|dedicat\w+|devot\w+|stands? ready|"
        r"ready to|prepared to|willing\w*)\b"
    ),
    "policy": rule(
        r"\b(?:polic(?:y|ies)|principles?|position|believ\w+|conviction|convinced|aim|goal|objective|philosophy|"
        r"doctrine|basis|based)\b"
    ),
    "priority": rule(
        r"\b(?:priorit(?:y|ies)|(?:first|main) task|cornerstone|foremost|essential|fundamental|primary)\b"
    ),
    "being": rule(r"\b(?:is|are|am) (?:an?|the|one|our|its)\b"),
    "support": rule(r"\b(?:supports?|back|stand (?:by|with)|solidarity|reaffirm\w*|reiterat\w+|renew\w*)\b"),
    "number": rule(r"(?<![\w.])\d[\d,.]*"),
    "money": rule(r"[$\u00a3\u20ac]\s?\d | \b\d[\d,.]* (?:million|billion|thousand)\b | \b[mb]illion dollars\b"),
    "year": rule(r"\b(?:(?:19|20)\d\d|(?:last|this) (?:year|month|week)|recently|since|during the past)\b"),
    "deeds": rule(
        r"\b(?:troops|contingents?|battalions?|forces|peace-?keep\w+|mission|doctors|experts|scholarships|tons|ships|"
        r"convoys?|aid|assistance|loans?|grants?|conference|talks|negotiations|summit|meeting|agreement|programme|"
        r"project)\b"
    ),
    "hope": rule(
        r"\b(?:hope[sd]?|call\w* (?:up)?on|urge\w*|appeal\w*|invite[sd]?|expect\w*|demand\w*|request\w*|want)\b"
    ),
    "thanks": rule(
        r"\b(?:thank\w*|grateful|gratitude|appreciat\w+|tribute|congratulat\w+|commend\w*|salute\w*|welcome[sd]?|"
        r"applaud\w*)\b"
    ),
    "if": rule(r"\b(?:if|unless|could|might|may)\b"),
    "said": rule(r"\b(?:said|replied|added|asked|stated|told|noted|observed|remarked|explained)\b"),
}
WITH_ROLE = ("have done", "did", "doing", "number", "deeds")
AS_HOLDER = ("must", "called", "asked", "thanked", "acts", "by")
WITH_ANOTHER = ("must", "duty", "have done", "did", "doing", "will", "being")


def aspect_signs(item: Attributable) -> Cues:
    """Gather the cues that rest on the passage and its roles alone."""
    cues = {"always": 1.0, "talk": float(item.doc_type in CONVERSATIONS)}
    for name, pattern in SIGNS.items():
        count = len(pattern.findall(item.text))
        if count:
            cues |= {name: 1.0, f"{name} again": float(count > 1)}
    for role in item.roles:
        cues |= {role: 1.0} | {f"{role}, {name}": 1.0 for name in WITH_ROLE if name in cues}
    return cues


def aspect_cues(item: Attributable, signs: Cues, holder: str, holder_cues: Cues, actors: Actors) -> Cues:
    """Gather the cues of the side from which a role is spoken if ``holder`` holds it.

    Args:
        item: The passage.
        signs: What ``aspect_signs`` found in it.
        holder: The actor whose role it would be.
        holder_cues: That actor's cues as a holder.
        actors: The actors.
    """
    if holder == item.source:
        return signs
    group = holder.startswith("group:")
    inside = actors.includes(holder, item.source, item.date) if group else None
    return (
        signs
        | {
            "another": 1.0,
            "other state": float(not group),
            "group": float(group),
            "within group": float(inside is True),
            "outside group": float(inside is False),
            "another, we": float(WE.search(item.text) is not None),
        }
        | {f"another, {name}": 1.0 for name in WITH_ANOTHER if name in signs}
        | {f"holder {name}": 1.0 for name in AS_HOLDER if name in holder_cues}
    )
