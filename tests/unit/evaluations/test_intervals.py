"""Wilson's interval, against published figures and scipy."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from evaluations.intervals import Interval, clopper_pearson, proportion, wilson


def test_the_interval_of_47_out_of_50() -> None:
    """47 of 50 gives 0.8378 to 0.9794, with its level, method and n."""
    assert wilson(47, 50) == Interval(low="0.837829", high="0.979385", level="0.95", method="wilson", n=50)


@pytest.mark.parametrize(
    ("successes", "n"),
    [(0, 1), (1, 1), (0, 10), (10, 10), (1, 3), (19, 22), (36, 40), (2563, 3728), (1, 100_000)],
)
@pytest.mark.parametrize("level", ["0.90", "0.95", "0.99"])
def test_it_agrees_with_scipy(successes: int, n: int, level: str) -> None:
    """Bounds agree with scipy's Wilson interval to the six decimals written."""
    interval = wilson(successes, n, level)
    expected = binomtest(successes, n).proportion_ci(confidence_level=float(level), method="wilson")
    assert interval is not None
    assert float(interval.low) == pytest.approx(expected.low, abs=6e-7)
    assert float(interval.high) == pytest.approx(expected.high, abs=6e-7)


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (0, 10), (10, 10), (19, 22), (2563, 3728)])
def test_the_exact_interval_agrees_with_scipy(successes: int, n: int) -> None:
    """Clopper and Pearson's bounds agree with scipy's exact interval, and say what they are."""
    interval = clopper_pearson(successes, n)
    expected = binomtest(successes, n).proportion_ci(method="exact")
    assert interval is not None
    assert (interval.method, interval.n) == ("clopper-pearson", n)
    assert float(interval.low) == pytest.approx(expected.low, abs=6e-7)
    assert float(interval.high) == pytest.approx(expected.high, abs=6e-7)


def test_the_ends_are_exactly_the_ends() -> None:
    """No success gives a lower bound of 0 without a minus sign, all give an upper bound of 1."""
    none, every = wilson(0, 7), wilson(7, 7)
    assert none is not None
    assert every is not None
    assert (none.low, every.high) == ("0.000000", "1.000000")


def test_of_nothing_there_is_no_interval() -> None:
    """With n of 0 both value and interval are None."""
    assert wilson(0, 0) is None
    assert (proportion(0, 0).value, proportion(0, 0).interval) == (None, None)


@pytest.mark.parametrize(("successes", "n", "level"), [(3, 2, "0.95"), (-1, 2, "0.95"), (1, 2, "0.5")])
def test_what_is_no_proportion_is_refused(successes: int, n: int, level: str) -> None:
    """Counts outside 0 to n, and levels without a quantile, raise with what was given."""
    with pytest.raises(ValueError, match=r"is not"):
        wilson(successes, n, level)


def test_a_proportion_carries_count_n_and_value() -> None:
    """36 of 40 is 0.900000."""
    found = proportion(36, 40)
    assert (found.count, found.n, found.value) == (36, 40, "0.900000")
