"""Holm's correction for looking at several slices at once. Pure.

Holm, Scand. J. Statist. 6:65-70 (1979): keeps the chance of any false alarm among all of them at the
level, without asking that they be independent, which overlapping slices are not.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def holm(values: Mapping[Name, Decimal]) -> dict[Name, Decimal]:
    """Adjusted p-values by name, in the order given: each may be held against the level as it stands."""
    ordered = sorted(values.items(), key=lambda item: item[1])
    adjusted: dict[Name, Decimal] = {}
    largest = Decimal(0)
    for place, (name, value) in enumerate(ordered):
        # An earlier test that did not pass stops the later ones: the adjusted values never fall.
        largest = max(largest, min(value * (len(ordered) - place), Decimal(1)))
        adjusted[name] = largest
    return {name: adjusted[name] for name in values}
