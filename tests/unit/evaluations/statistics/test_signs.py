"""The sign-flip test, by counting every way to set the signs, and against McNemar's."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.statistics.mcnemar import mid_p_value
from evaluations.statistics.signs import sign_flip_value


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 500), st.integers(1, 9))
def test_of_whole_cases_it_is_mcnemars(fixed: int, broken: int, same: int, step: int) -> None:
    """Where every difference is of one size, whatever it is, the value is the mid-p, digit for digit."""
    assert sign_flip_value({step: fixed, -step: broken, 0: same}) == mid_p_value(fixed, broken)


@given(st.lists(st.integers(-4, 4), max_size=10))
def test_it_is_what_counting_every_sign_gives(differences: list[int]) -> None:
    """The share of sign patterns that lie farther out, and half of those that lie as far."""
    moved = [step for step in differences if step]
    observed = abs(sum(moved))
    sums = [
        abs(sum(sign * step for sign, step in zip(signs, moved, strict=True)))
        for signs in product((1, -1), repeat=len(moved))
    ]
    count = sum(found > observed for found in sums) + Fraction(sum(found == observed for found in sums), 2)
    # With every pattern as far out as it gets, half of one is still no evidence of anything.
    expected = 1.0 if not moved else float(count / len(sums))
    if len({abs(step) for step in moved}) > 1:
        assert float(sign_flip_value(Counter(differences))) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(-4, 4), max_size=40))
def test_it_does_not_matter_which_run_is_called_new(differences: list[int]) -> None:
    """Turning every sign changes nothing, and the value is a probability."""
    there = sign_flip_value(Counter(differences))
    assert there == sign_flip_value(Counter(-step for step in differences))
    assert 0 <= there <= 1


def test_nothing_differs_is_no_evidence() -> None:
    """Without a difference the value is 1."""
    assert sign_flip_value({}) == sign_flip_value({0: 9}) == 1


def test_a_hundred_thousand_cases_are_no_trouble() -> None:
    """Large counts of several sizes come out as the normal curve says, roughly."""
    value = float(sign_flip_value({1: 20_200, -1: 20_000, 2: 10_100, -2: 10_000, 3: 5_000, -3: 5_000}))
    # 400 out, with a variance of 40,200 + 4 * 20,100 + 9 * 10,000.
    assert value == pytest.approx(0.3849, abs=0.002)
