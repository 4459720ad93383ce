"""What is known of the roles of the shipped codebook; of another one it counts only where codes are spelt alike."""

from __future__ import annotations

from collections.abc import Sequence

from rolecoder.attribution.passage import rule

# Groups of which a role is typically spoken.
TYPICAL = {
    "developer": ("group:developed countries", "group:donor countries", "group:G7"),
    "active_independent": ("group:non-aligned",),
    "regional_leader": ("group:great powers", "group:superpowers", "group:permanent members"),
    "mediator_integrator": ("group:permanent members", "group:great powers", "group:African states"),
    "protectee": ("group:small states", "group:non-nuclear states"),
    "defender_of_the_faith": ("group:democratic states", "group:free nations", "group:NATO", "group:Western allies"),
    "regional_protector": ("group:NATO", "group:Western allies", "group:free nations"),
    "faithful_ally": ("group:NATO", "group:Western allies"),
}
# Beginnings of the words in which a role is spoken of: they show which sentence bears it.
WORDS = {
    role: rule(rf"\b(?:{words.strip()})", case=False)
    for role, words in {
        "bastion_of_revolution": r"revolution | arm(?:s|ed) | internationalis | base\b | struggl | fighters",
        "regional_leader": r"lead | responsib | guid | steer | initiative | spokes | voice | vanguard | role",
        "regional_protector": r"""
            defen[cds] | protect | secur | guarant | deter | shield | aggress | attack | troops | forces""",
        "active_independent": r"non-?align | bloc | independen | neutral | peace | judg | co-?exist",
        "liberation_supporter": r"""
            liberat | self-determin | support | solidar | struggl | independen | colonial | freedom""",
        "anti_imperialist_agent": r"""
            imperial | colonial | hegemon | zionis | struggl | fight | oppos | combat | against""",
        "defender_of_the_faith": r"""
            free(?:dom)?\b | democra | human rights | value | faith | islam | socialis | defend | liberty |
            principle | tyrann""",
        "mediator_integrator": r"""
            mediat | good offices | peace-?keep | negotiat | talks | reconcil | settle | dialogue | conflict |
            dispute | contingent | troops""",
        "regional_subsystem_collaborator": r"""
            integrat | region | communit | union | co-?operat | associat | common | unity | together""",
        "developer": r"""
            aid\b | assist | help | develop | donor | financ | resourc | per cent | debt | humanitarian |
            transfer | contribut | scholarship | fund""",
        "bridge": r"""
            bridge | link | crossroad | between | meeting[ -]place | connect | gateway | east and west |
            cultures | dialogue""",
        "faithful_ally": r"""
            all(?:y|ies|iance) | loyal | commit | partner | shoulder | stand (?:by|with) | treaty | friend""",
        "independent": r"""
            independen | sovereign | own | interfer | decide | self- | free\b | choose | choice | dictat |
            pressure""",
        "example": r"""
            example | model | show | proof | prove | inspir | lesson | experience | light | beacon | learn |
            demonstrat""",
        "internal_development": r"""
            develop | build | econom | people | reform | reconstruct | priorit | prosper | welfare | effort |
            poverty | educat""",
        "isolate": r"neutral | isolat | involve | entangl | stay out | apart | outside | seclu",
        "protectee": r"""
            protect | guarant | secur | defen[cds] | shield | umbrella | rely | depend | forces | assist | help""",
    }.items()
}
# Roles played towards others, or with them: who is asked for something in a passage on one is mostly not its holder.
TOWARDS = (
    "liberation_supporter",
    "anti_imperialist_agent",
    "mediator_integrator",
    "regional_subsystem_collaborator",
    "protectee",
)
SENTENCE = rule(r"[^.!?;]+(?:[.!?;]+|$)")


def bearing(text: str, roles: Sequence[str]) -> list[tuple[int, int]]:
    """Find the sentences that bear the roles: those with most of their words; all, where those are not known."""
    spans = [match.span() for match in SENTENCE.finditer(text)]
    words = [WORDS[role] for role in roles if role in WORDS]
    counts = [sum(len(pattern.findall(text, *span)) for pattern in words) for span in spans]
    return [span for span, count in zip(spans, counts, strict=True) if count == max(counts)]


def bears(text: str, roles: Sequence[str]) -> bool:
    """Whether a stretch of text has words of one of the roles, and who does what it says would hold that role."""
    return any(WORDS[role].search(text) for role in roles if role in WORDS and role not in TOWARDS)
