"""Figures are exact ratios until they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evaluations.figures import mean, ratio, written


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(19, 22), "0.863636"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(1), "1.000000"),
        (Fraction(0), "0.000000"),
        (Fraction(-1, 3), "-0.333333"),
        (Fraction(-1, 10**9), "0.000000"),
        (Fraction(12345, 10), "1234.500000"),
        (Fraction(5, 10**7), "0.000000"),
        (Fraction(15, 10**7), "0.000002"),
        (None, None),
    ],
)
def test_a_figure_has_six_decimals_rounded_half_to_even(value: Fraction | None, expected: str | None) -> None:
    """A ratio is written with six decimals, ties go to the even digit, and undefined stays None."""
    assert written(value) == expected


def test_a_ratio_without_a_denominator_is_undefined() -> None:
    """Nothing out of nothing is None, not 0."""
    assert ratio(0, 0) is None
    assert ratio(0, 3) == 0


def test_a_mean_skips_what_is_undefined() -> None:
    """Undefined values are in neither sum nor count, and a mean of none is None."""
    assert mean([Fraction(1, 2), None, Fraction(1)]) == Fraction(3, 4)
    assert mean([None]) is None
    assert mean([]) is None
