"""Figures as text: exact ratios, written with six decimals. Pure.

Canonical JSON has no floats, and two machines must write one figure in one way. So every figure is a
ratio of whole numbers until it is written, and is then rounded half to even to six places. A figure
without a denominator is None: it is undefined, which is neither 0 nor 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

PLACES = 6
_SCALE = 10**PLACES


def written(value: Fraction | None) -> str | None:
    """`value` with six decimals, such as `"0.863636"`; None stays None."""
    if value is None:
        return None
    scaled = round(value * _SCALE)  # Fraction rounds half to even, exactly.
    whole, rest = divmod(abs(scaled), _SCALE)
    return f"{'-' if scaled < 0 else ''}{whole}.{rest:0{PLACES}d}"


def ratio(count: int, n: int) -> Fraction | None:
    """`count / n`, None when `n` is 0."""
    return Fraction(count, n) if n else None


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of those that are defined; None when none is."""
    defined = [value for value in values if value is not None]
    return sum(defined, Fraction()) / len(defined) if defined else None
