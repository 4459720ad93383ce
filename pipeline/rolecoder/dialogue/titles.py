"""Offices and forms of address, and what a printed reference to a person is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The value is what several spellings have in common.
TITLES: dict[str, str] = {
    "president-elect": "president",
    "vice president": "vice president",
    "vice-president": "vice president",
    "deputy prime minister": "deputy prime minister",
    "prime minister": "prime minister",
    "deputy foreign minister": "deputy foreign minister",
    "foreign minister": "foreign minister",
    "minister of foreign affairs": "foreign minister",
    "minister for foreign affairs": "foreign minister",
    "foreign secretary": "foreign secretary",
    "foreign and commonwealth secretary": "foreign secretary",
    "chief cabinet secretary": "chief cabinet secretary",
    "deputy minister": "deputy minister",
    "vice minister": "deputy minister",
    "defense minister": "defense minister",
    "defence minister": "defense minister",
    "minister of defense": "defense minister",
    "finance minister": "finance minister",
    "minister-counselor": "counselor",
    "minister counselor": "counselor",
    "acting under secretary": "under secretary",
    "deputy under secretary": "under secretary",
    "under secretary of state": "under secretary",
    "under secretary for political affairs": "under secretary",
    "under secretary": "under secretary",
    "undersecretary": "under secretary",
    "assistant secretary of state": "assistant secretary",
    "assistant secretary of defense": "assistant secretary",
    "deputy assistant secretary": "assistant secretary",
    "acting assistant secretary": "assistant secretary",
    "assistant secretary": "assistant secretary",
    "asst. secretary": "assistant secretary",
    "asst. sec": "assistant secretary",
    "deputy secretary": "deputy secretary",
    "acting secretary": "secretary",
    "secretary of state": "secretary",
    "secretary of defense": "secretary of defense",
    "secretary of the treasury": "secretary of the treasury",
    "secretary of commerce": "secretary of commerce",
    "secretary of agriculture": "secretary of agriculture",
    "secretary-general": "secretary general",
    "secretary general": "secretary general",
    "general secretary": "general secretary",
    "first secretary": "first secretary",
    "second secretary": "diplomat",
    "third secretary": "diplomat",
    "party secretary": "general secretary",
    "secretary": "secretary",
    "chief of staff": "chief of staff",
    "chief of protocol": "chief of protocol",
    "protocol chief": "chief of protocol",
    "ambassador-at-large": "ambassador",
    "ambassador at large": "ambassador",
    "permanent representative": "ambassador",
    "ambassador": "ambassador",
    "amb.": "ambassador",
    "amb": "ambassador",
    "high commissioner": "ambassador",
    "charge d'affaires": "charge",
    "chargé d'affaires": "charge",
    "charge": "charge",
    "counselor": "counselor",
    "counsellor": "counselor",
    "consul general": "consul",
    "consul": "consul",
    "national security adviser": "adviser",
    "national security advisor": "adviser",
    "president": "president",
    "pres.": "president",
    "premier": "premier",
    "chancellor": "chancellor",
    "chairman": "chairman",
    "taoiseach": "taoiseach",
    "minister": "minister",
    "pm": "prime minister",
    "fm": "foreign minister",
    "king": "king",
    "queen": "queen",
    "emperor": "emperor",
    "crown prince": "crown prince",
    "prince": "prince",
    "sultan": "sultan",
    "amir": "emir",
    "emir": "emir",
    "sheikh": "sheikh",
    "shah": "shah",
    "pope": "pope",
    "general": "general",
    "gen.": "general",
    "admiral": "admiral",
    "rear admiral": "admiral",
    "vice admiral": "admiral",
    "colonel": "colonel",
    "marshal": "marshal",
    "senator": "senator",
    "governor": "governor",
    "congressman": "congressman",
    "representative": "representative",
    "speaker": "speaker",
    "director": "director",
    "administrator": "administrator",
    "commissioner": "commissioner",
    "attorney general": "attorney general",
    "director general": "director",
    "vice premier": "vice premier",
    "vice foreign minister": "vice foreign minister",
    "special envoy": "envoy",
    "envoy": "envoy",
}
HONORIFICS = (
    "mr mrs ms miss dr sir lord lady m mme mlle messrs herr señor senor monsieur professor "
    "prof hon the his her excellency majesty"
).split()
# The small words before a surname, and as they stand in a pattern.
PARTICLES = frozenset(
    (
        "de la le las los du des del dela della dello delle dei da di dos y von vom van zu zur der den ter "
        "af av al el ul ud ur bin ibn bint binti ben abdel abdul"
    ).split()
)
PARTICLE = "|".join(sorted(PARTICLES, key=len, reverse=True))
_BY_LENGTH = sorted(TITLES, key=len, reverse=True)
TITLE = re.compile(
    r"(?<![\w-])(?:" + "|".join(re.escape(t).replace(r"\ ", r"\s+") for t in _BY_LENGTH) + r")s?(?![\w-])", re.I
)
NAME_TOKEN = re.compile(r"[^\W\d_](?:[\w'’ʼ.-]*\w)?")
SUFFIX = frozenset("jr sr ii iii iv esq".split())
GENERATION = re.compile(r",?\s+(?:Jr|Sr|II|III|IV)\b\.?")
TURKISH = str.maketrans("İı", "ii")  # letters that ``TITLE`` takes for an i: "PRESİDENT"


@dataclass(frozen=True, slots=True)
class Reference:
    """A printed reference to a person: "the French Foreign Minister", "PM Nawaz", "Kohl"."""

    titles: tuple[str, ...]  # as ``TITLES`` names them
    names: tuple[str, ...]  # folded; the last is taken for the surname
    others: tuple[str, ...] = ()  # words in small letters or that belong to neither

    @property
    def surname(self) -> str:
        """The last name, or nothing."""
        return self.names[-1] if self.names else ""


def refer(printed: str) -> Reference:
    """Take a printed reference apart: one without what follows a comma."""
    rest = GENERATION.sub("", printed.replace("ʼ", "'").replace("’", "'"))
    titles = tuple(title_of(m.group()) for m in TITLE.finditer(rest))
    names: list[str] = []
    others: list[str] = []
    for token in NAME_TOKEN.findall(TITLE.sub(" ", rest)):
        folded = token.casefold().strip(".'")
        folded = folded.removesuffix("'s").rstrip("0123456789")  # the number of a footnote run in
        if not folded or folded in HONORIFICS or folded in SUFFIX:
            continue
        (names if token[0].isupper() or particle(token) or token[0].isdigit() else others).append(folded)
    while len(names) > 1 and names[-1] in PARTICLES:  # alone it is a name: "Mr. Ben"
        names.pop()
    return Reference(titles, tuple(names), tuple(others))


def particle(word: str) -> bool:
    """Tell the small word before a name, or run into it: "de", "al-Faisal", "d'Estaing"."""
    first, _, rest = word.partition("-")
    if word[:2] in ("d'", "d’"):
        return word[2:3].isupper()
    return first in PARTICLES and (word == first or rest[:1].isupper())


def title_of(printed: str) -> str:
    """The office that a spelling stands for."""
    spelt = " ".join(printed.translate(TURKISH).split()).casefold()
    return TITLES.get(spelt) or TITLES[spelt.removesuffix("s")]
