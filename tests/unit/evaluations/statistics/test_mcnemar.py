"""The mid-p of paired answers, against scipy and by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.contingency_tables import mcnemar

from evaluations.statistics.mcnemar import mid_p

COUNTS = st.integers(min_value=0, max_value=400)


def test_three_against_twelve() -> None:
    """(3, 12): the exact p of 0.035156 less half of the chance of exactly this split, 455 in 32,768 twice."""
    assert mid_p(3, 12) == "0.021271"


def test_the_one_sided_exact_test_follows_from_it() -> None:
    """NeMo Evaluator tests one side exactly: 576 in 32,768 for the same, our value with the whole split."""
    assert (float(mid_p(3, 12)) + binom.pmf(3, 15, 0.5)) / 2 == pytest.approx(576 / 32_768, abs=6e-7)


@pytest.mark.parametrize(("fixed", "broken"), [(0, 1), (0, 5), (7, 7), (3, 12), (100, 141), (2, 900)])
def test_it_is_the_exact_test_less_the_observed_split(fixed: int, broken: int) -> None:
    """Mid-p is the exact two-sided p less the probability of what was seen, at most 1."""
    exact = binomtest(fixed, fixed + broken).pvalue
    seen = binom.pmf(fixed, fixed + broken, 0.5)
    expected = 1.0 if fixed == broken else exact - seen
    assert float(mid_p(fixed, broken)) == pytest.approx(expected, abs=6e-7)


def test_the_exact_test_is_that_of_statsmodels() -> None:
    """Adding the split back gives statsmodels' exact McNemar test."""
    expected = mcnemar([[30, 12], [3, 5]], exact=True).pvalue
    assert float(mid_p(12, 3)) + binom.pmf(3, 15, 0.5) == pytest.approx(expected, abs=6e-7)


def test_nothing_differs_is_no_evidence() -> None:
    """Without a discordant case p is 1."""
    assert mid_p(0, 0) == "1.000000"


@given(COUNTS, COUNTS)
def test_it_does_not_matter_which_run_is_called_new(fixed: int, broken: int) -> None:
    """The test is symmetric, and a probability."""
    assert mid_p(fixed, broken) == mid_p(broken, fixed)
    assert 0.0 <= float(mid_p(fixed, broken)) <= 1.0


@given(st.integers(min_value=1, max_value=200), COUNTS)
def test_a_clearer_split_is_stronger_evidence(broken: int, fixed: int) -> None:
    """Of equally many discordant cases, a more uneven split never has a larger p."""
    total = fixed + broken
    closest = total // 2
    assert float(mid_p(min(fixed, broken), max(fixed, broken))) <= float(mid_p(closest, total - closest))


def test_a_hundred_thousand_cases_are_no_trouble() -> None:
    """Large counts neither underflow nor lose their digits."""
    expected = 2 * binom.cdf(39_999, 81_000, 0.5) + binom.pmf(40_000, 81_000, 0.5)
    assert mid_p(40_000, 41_000) == f"{expected:.6f}"


def test_a_negative_count_is_refused() -> None:
    """Counts below zero raise with what was given."""
    with pytest.raises(ValueError, match="-1 and 2 are no counts"):
        mid_p(-1, 2)
