"""A real, deterministic, offline encoder, and passages to learn from: no patching anywhere."""

import numpy as np

from rolecoder.annotations import Label, Labels
from rolecoder.codebook import Codebook, Role


class LetterCounter:
    """How often each of a-z occurs; remembers what it was asked to encode."""

    def __init__(self, identity="letters@1"):
        self.identity, self.dim, self.seen, self.batches = identity, 26, [], []

    def encode(self, texts):
        self.seen.extend(texts)
        self.batches.append(len(texts))
        return np.array([[t.count(chr(97 + i)) for i in range(26)] for t in texts], dtype=np.float32)


def small_codebook(*codes, version="1"):
    """A codebook of a few roles: rank in the order given."""
    roles = tuple(
        Role(code=code, name=code.replace("_", " ").capitalize(), rank=rank, definition=f"The state acts as {code}.")
        for rank, code in enumerate(codes or ("leader", "helper", "loner"), start=1)
    )
    return Codebook(name="small", version=version, source="made for tests", roles=roles)


WORDS = {
    "leader": ("We lead our region", "Our duty is to steer the region", "The region looks to us to lead"),
    "helper": ("We send aid to poorer states", "Our experts help others build", "We share aid and credit"),
    "loner": ("We keep out of all quarrels", "Leave us alone behind our hills", "We shun every bloc and quarrel"),
    "": ("The weather in the hall was fine", "The meeting opened at noon", "Thank you for the kind words"),
}
TAILS = ("today", "as before", "in this year", "and for ever", "with patience", "at home", "at sea", "on land")


def small_labels(documents=30, codebook=None):
    """Labelled passages: each document has one passage of each role and one of none."""
    rows = []
    for document in range(documents):
        for place, (role, phrases) in enumerate(WORDS.items()):
            text = f"{phrases[document % 3]} {TAILS[(document + place) % 8]}, said speaker {document} on day {place}."
            rows.append(
                Label(
                    label_id=f"d{document}-{place}",
                    text=text,
                    roles=(role,) if role else (),
                    document_id=f"d{document}",
                    stratum="random" if document % 2 else "sought",
                )
            )
    return Labels(codebook=codebook or small_codebook(), rows=tuple(rows), sources=("made.csv",))
