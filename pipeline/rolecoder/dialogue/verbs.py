"""Verbs of a narrative record: which of them report words, and which only tell what someone did."""

from __future__ import annotations

import re

# Past tenses that report words, thoughts or wishes.  A regular past tense that is in neither list reports too.
SAYING = (
    "accepted accused adverted acknowledged added addressed admitted admonished advanced advised advocated "
    "affirmed agreed alleged alluded announced answered apologized apologised appealed appreciated argued asked "
    "asserted assured attacked attempted attributed began believed broached brought cautioned challenged "
    "characterized characterised cited claimed clarified commented complained concluded conceded concurred confided "
    "confirmed congratulated considered contended continued contradicted contrasted conveyed countered criticized "
    "criticised declared declined defended demanded demurred denied described disagreed disclosed discussed dismissed "
    "doubted dwelt elaborated emphasized emphasised encouraged endorsed enquired enumerated envisaged estimated "
    "exclaimed expected explained expounded expressed extended favored favoured feared felt foresaw found "
    "hastened hinted hoped identified illustrated implied indicated informed inquired insisted instanced instructed "
    "intended interjected interposed interrupted intimated introduced joked kept kidded "
    "listed made maintained mentioned mused noted objected observed offered opened opined opposed outlined "
    "persisted pleaded pledged pointed pondered posed praised predicted preferred presented pressed proceeded "
    "professed promised pronounced proposed protested put questioned quipped quoted raised reacted reaffirmed "
    "realized realised reassured recalled recapitulated recited recognized recognised recommended reemphasized "
    "referred reflected refused regarded regretted reiterated rejected rejoined related remarked remembered reminded "
    "reminisced renewed repeated replied reported requested responded restated resumed retorted returned revealed "
    "reverted reviewed rose said saw set shared signaled sought speculated spelled spoke stated stood stressed "
    "suggested summarized summarised summed supported supposed surmised suspected talked thanked theorized "
    "thought told touched tried turned underlined underscored understood undertook urged viewed voiced "
    "volunteered wanted warned wished wondered worried wrote"
).split()
# Verbs by which only a speaker is meant: they may stand anywhere in the first clause.
STRONG = frozenset(
    "said asked replied stated told added remarked commented noted answered explained observed responded suggested "
    "raised pointed emphasized emphasised stressed inquired enquired reiterated mentioned continued interjected "
    "expressed declared agreed read referred recalled repeated concluded thanked began opened argued insisted made "
    "opined".split()
)
REPLY = frozenset("replied answered responded retorted countered rejoined objected disagreed".split())
ASKING = frozenset("asked inquired questioned enquired wondered queried".split())
# What someone did without words; where no word of speech stands beside it, the sentence is the note taker's own.
DOING = frozenset(
    "met arrived departed left entered joined accompanied escorted attended visited lunched dined handed showed "
    "nodded read stopped listened conferred consulted retired excused rejoined walked received came presided rang "
    "telephoned phoned called hosted entertained invited smiled laughed grinned paused sat arranged shook waved "
    "played passed circulated withdrew greeted welcomed took gave went ran".split()
)
# Of those, the ones whose objects are at times words: "gave his opinion", "took the position", "went on".
SPOKEN_OBJECT = re.compile(
    r"(?:on\b|over to|further|into|back to|up\b|so far|the (?:position|view|line|opinion|impression|occasion|floor)|"
    r"(?:his|her|their|an?|some|the|no|further|his own|a (?:brief|full|short|detailed)|two|three|several)\s+"
    r"(?:\w+\s+){0,2}?(?:view|views|opinion|opinions|impression|impressions|account|review|reply|answer|explanation|"
    r"assessment|example|examples|assurance|assurances|exception|issue|summary|reasons?|rundown|run-down|report|"
    r"outline|indication|question|idea|statement|exposition|analysis|history|picture|background|figures?|hope)|"
    r"(?:\w+\s){0,2}(?:greetings|regards|condolences|word)\b|"
    r"for|this|that|it\b|him to|the [A-Z]\w+ to|as an|as the|attention)"
)
MILD = (
    r"(?:had\s+(?:no\s+(?:objection|word|doubt|comment|idea)|one\s+question)|did\s+not\s+(?:pursue|"
    r"think|believe|agree|reply|answer|know|want|wish|see|deny|object|comment|go)|was\s+(?:sure|"
    r"certain|of the opinion|aware|afraid|convinced|confident|glad|pleased|happy|inclined|"
    r"inquisitive|skeptical|interested|warning|grateful|doubtful|concerned|worried|anxious|"
    r"pessimistic|optimistic|delighted|impressed|surprised|prepared|ready|willing|not (?:sure|"
    r"certain|aware|convinced))|"
    r"drew\s+(?:\w+['’ʼ]s\s+|the\s+)?(?:attention|a\s+(?:parallel|distinction|comparison)|an\s+analogy)|"
    r"would\s+(?:like|appreciate|welcome)|could\s+(?:not|understand|assure|say|agree)|paid\s+tribute)"
)
REGULAR = r"(?!(?:seemed|appeared|tended|looked|needed|used)\b)[a-z]{2,}ed"  # a past tense that no list has
GESTURES = frozenset("nodded smiled laughed grinned paused shook waved".split())
BESIDE = re.compile(
    r"(?:\band|,)\s+(?:he\s+|she\s+|then\s+|also\s+){0,2}(?:" + "|".join(sorted(STRONG - {"read", "made"})) + r")\b|"
    r"\b(?:saying|stating|noting|adding|asking|explaining|remarking|commenting|observing|expressing|suggesting|"
    r"emphasizing|stressing|mentioning|pointing out|indicating|telling)\b|"
    r"^\s*that\b|\bto\s+(?:say|ask|tell\s+\w+)\s+(?:that|whether|if|for|about)\b"
)


def told_beside(verb: str, rest: str) -> bool:
    """Tell whether words are reported by a sentence whose verb only says what someone did.

    Args:
        verb: Its first word.
        rest: What follows the verb in the sentence.
    """
    if BESIDE.search(rest):
        return True
    if verb == "called":
        return re.match(r"\s*(?:for|this|that|it|attention)\b", rest) is not None
    spoken = ("took", "gave", "went", "ran", "passed", "received", "read", "joined", "greeted", "welcomed")
    return verb in spoken and SPOKEN_OBJECT.match(rest.lstrip()) is not None
