"""What is compared in a dyad: four pairs of profiles of the ally's roles.

For PRESCRIBER:ALLY, first and second:

| comparison | first | second |
|---|---|---|
| prescription and conception | prescriber's texts, prescription | ally's texts, conception |
| prescription and performance, by the ally's texts | prescriber's texts, prescription | ally's texts, performance |
| prescription and performance, by the prescriber's texts | the same | prescriber's texts, performance |
| conception and performance | ally's texts, conception | ally's texts, performance |
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two profiles of the ally's roles, each as (source, aspect)."""

    name: str
    left: tuple[str, str]
    right: tuple[str, str]


def comparisons(prescriber: str, ally: str) -> tuple[Comparison, ...]:
    """The four comparisons of a dyad, in the order of the table."""
    asked, seen = (prescriber, "prescription"), (ally, "conception")
    done, told = (ally, "performance"), (prescriber, "performance")
    return (
        Comparison("prescription and conception", asked, seen),
        Comparison("prescription and performance, by the ally's texts", asked, done),
        Comparison("prescription and performance, by the prescriber's texts", asked, told),
        Comparison("conception and performance", seen, done),
    )


NAMES = tuple(comparison.name for comparison in comparisons("prescriber", "ally"))
