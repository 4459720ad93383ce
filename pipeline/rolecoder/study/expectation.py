"""What the literature leads one to expect of a study, and the dyads that it speaks of."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from rolecoder.errors import closest
from rolecoder.study.comparisons import NAMES
from rolecoder.study.sections import Section, Share

DYAD = re.compile(r"(?P<prescriber>(?:group:)?(?!group:)[^:]*[^:\s])\s*:\s*(?P<ally>group:.*\S|(?!group:)[^:]+)", re.I)
JOINTS = ("and", "vs")


class Expectation(Section):
    """What the literature leads one to expect: roles that stand out in a profile, or the size of a gap.

    Of roles it names a holder and an aspect; of a gap, a dyad and a comparison.
    """

    text: str = Field(description="The expectation as a sentence.")
    citation: str = Field(description="Who says so, and where.")
    holder: str | None = Field(None, description="State whose role it is.")
    source: str | None = Field(None, description="State whose leaders speak; by default the holder.")
    aspect: Literal["conception", "prescription", "performance"] | None = Field(
        None, description="From which side the roles are spoken of."
    )
    roles: tuple[str, ...] = Field((), description="Codes of the roles that should stand out.")
    dyad: str | None = Field(None, description="PRESCRIBER:ALLY, one of the dyads of `gaps`.")
    comparison: str | None = Field(None, description=f"Which gap of the dyad: {'; '.join(NAMES)}.")
    above: Share | None = Field(None, description="The distance should lie above; by default the end of convergence.")
    below: Share | None = Field(None, description="The distance should lie below.")
    period: str | None = Field(
        None, description="Name of the period; must be there where the study divides time: 1991, 1991-Q1, or as named."
    )

    @field_validator("comparison")
    @classmethod
    def _comparison(cls, comparison: str | None) -> str | None:
        if comparison is not None and not any(same_comparison(comparison, name) for name in NAMES):
            near = closest(comparison, NAMES)
            said = f"closest is {near!r}" if near else f"expected one of {'; '.join(NAMES)}"
            raise ValueError(f"{comparison!r} is not a comparison of a dyad; {said}")
        return comparison

    @model_validator(mode="after")
    def _of_one_kind(self) -> Expectation:
        of_roles = bool(self.roles and self.holder and self.aspect)
        of_gap = bool(self.dyad and self.comparison)
        stray = (self.dyad, self.comparison, self.above, self.below) if of_roles else (self.holder, self.source)
        if of_roles == of_gap or any(value is not None for value in stray) or (of_gap and (self.roles or self.aspect)):
            raise ValueError("an expectation has either holder, aspect and roles, or dyad and comparison")
        if self.above is not None and self.below is not None:
            raise ValueError("an expectation of a gap has either above or below")
        if self.dyad is not None:
            split_dyad(self.dyad)
        return self


def same_comparison(one: str, other: str) -> bool:
    """Whether two spellings name the same comparison, whatever stands between the aspects."""
    words = [re.findall(r"[^\W\d_]+", text.casefold()) for text in (one, other)]
    return [w for w in words[0] if w not in JOINTS] == [w for w in words[1] if w not in JOINTS]


def split_dyad(dyad: str) -> tuple[str, str]:
    """Split ``PRESCRIBER:ALLY``, for example ``USA:JPN``; either may be a group, ``group:NATO:TUR``.

    Raises:
        ValueError: It is not two different actor ids with a colon between them.
    """
    parted = DYAD.fullmatch(dyad.strip())
    if parted is None:
        raise ValueError(f"{dyad!r} is not a dyad; expected PRESCRIBER:ALLY, for example USA:JPN or group:NATO:TUR")
    prescriber, ally = (re.sub("^group:", "group:", parted[side], flags=re.I) for side in ("prescriber", "ally"))
    if prescriber == ally:
        raise ValueError(f"{dyad!r} names one actor twice; expected PRESCRIBER:ALLY, two actors, for example USA:JPN")
    return prescriber, ally
