"""The interval of a paired difference, against published figures and the test that it inverts."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.statistics.tango import difference


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int]:
    n = draw(st.integers(min_value=1, max_value=2_000))
    fixed = draw(st.integers(min_value=0, max_value=n))
    return fixed, draw(st.integers(min_value=0, max_value=n - fixed)), n


def test_twelve_against_two_of_fifty() -> None:
    """The table that the literature uses gives 0.0611 to 0.3447 (Newcombe 1998, table II, method 8)."""
    found = difference(12, 2, 50)
    assert (found.value, found.low, found.high) == ("0.200000", "0.061112", "0.344709")


@pytest.mark.parametrize(("n", "low"), [(40, "-0.087622"), (80, "-0.045818"), (200, "-0.018845")])
def test_no_flip_still_has_a_width(n: int, low: str) -> None:
    """With zero flips the bound is z^2 / (n + z^2): few cases exclude little."""
    found = difference(0, 0, n)
    assert (found.value, found.low, found.high) == ("0.000000", low, low.removeprefix("-"))


@given(tables())
def test_the_interval_holds_the_difference(table: tuple[int, int, int]) -> None:
    """The point lies within the bounds, and the bounds between -1 and 1."""
    found = difference(*table)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 <= float(found.low) <= float(found.value) <= float(found.high) <= 1


@given(tables())
def test_it_does_not_matter_which_run_is_called_new(table: tuple[int, int, int]) -> None:
    """Swapping the runs mirrors the interval."""
    fixed, broken, n = table
    found, mirrored = difference(fixed, broken, n), difference(broken, fixed, n)
    assert (found.low, found.high) == (_negated(mirrored.high), _negated(mirrored.low))


@given(tables())
def test_a_bound_is_where_the_score_test_begins_to_refuse(table: tuple[int, int, int]) -> None:
    """At a bound inside -1 to 1 the score statistic, written the textbook way, is the quantile."""
    fixed, broken, n = table
    found = difference(fixed, broken, n)
    for bound in (float(found.low or 0), float(found.high or 0)):
        if -0.99 < bound < 0.99 and abs((fixed - broken) / n - bound) > 1e-3:
            assert abs(_score(fixed, broken, n, bound)) == pytest.approx(1.959964, abs=0.02)


def test_of_no_cases_nothing_is_known() -> None:
    """With n of 0 value and bounds are None."""
    found = difference(0, 0, 0)
    assert (found.value, found.low, found.high) == (None, None, None)


@pytest.mark.parametrize("table", [(3, 3, 5), (-1, 0, 5)])
def test_counts_that_do_not_fit_are_refused(table: tuple[int, int, int]) -> None:
    """More flips than cases, or fewer than none, raise with what was given."""
    with pytest.raises(ValueError, match="are not among"):
        difference(*table)


def _negated(figure: str | None) -> str:
    assert figure is not None
    return figure if float(figure) == 0 else figure[1:] if figure.startswith("-") else f"-{figure}"


def _score(b: int, c: int, n: int, delta: float) -> float:
    linear = 2 * n * delta - b - c - delta * (b - c)
    nuisance = (sqrt(linear**2 + 8 * n * c * delta * (1 - delta)) - linear) / (4 * n)
    return (b - c - n * delta) / sqrt(n * (2 * nuisance + delta * (1 - delta)))
