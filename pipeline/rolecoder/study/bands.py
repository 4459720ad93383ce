"""Where the states of an alliance end on the scale of distances."""

from __future__ import annotations

from pydantic import Field, model_validator

from rolecoder.study.sections import Section, Share

SHIFTS = (-0.10, -0.05, 0.0, 0.05, 0.10)  # of the ends of the bands, to see what verdicts hang on


class Bands(Section):
    """Upper ends, on the Jensen-Shannon distance, of Yang's three lower states of an alliance.

    Yang (2016) draws the scale and sets no figures on it; these are a convention, not a finding, and a
    study may set its own.  The squared distance can be read as the share of role talk that is in
    roles the other side lacks, and the ends are where that share passes a tenth, a quarter and a half
    (their roots, rounded).  Two checks stand behind them.  Among states' conceptions in labelled
    passages of the United Nations' debate and of presidents (coded by language models, not by experts),
    the closest pairs, such as the United States and Britain, lay about .36 apart, one state's decades
    0 to .56, and half of all pairs beyond .78.  With few passages the interval is wide and the verdict
    spans bands, as it should.
    """

    convergence: Share = Field(0.32, description="Upper end of convergence.")
    strain: Share = Field(0.50, description="Upper end of strain.")
    conflict: Share = Field(0.71, description="Upper end of conflict; beyond it lies risk of rupture.")

    @model_validator(mode="after")
    def _rising(self) -> Bands:
        if not 0 < self.convergence < self.strain < self.conflict < 1:
            raise ValueError("bands must rise: 0 < convergence < strain < conflict < 1")
        return self

    def shifted(self, by: float) -> Bands | None:
        """All ends moved by as much; None where one would leave 0 to 1."""
        ends = {name: round(end + by, 6) for name, end in self.model_dump().items()}
        return Bands(**ends) if all(0 < end < 1 for end in ends.values()) else None
