from __future__ import annotations

from fractions import Fraction

import pytest

from registry.web.refusals import BadQueryError
from registry.web.volume_query import read_volume_query


def test_what_is_left_out_has_usual_values() -> None:
    """Without a query it is 10,000 posts and 1 %, and nobody asked."""
    assert read_volume_query(None, None) == (10_000, "1", Fraction(1, 100), False)


@pytest.mark.parametrize(
    ("posts", "rate", "expected"),
    [
        ("1", "0", (1, "0", Fraction(0), True)),
        ("1,200,000", "100", (1_200_000, "100", Fraction(1), True)),
        (" 12 000 ", "0,50", (12_000, "0.5", Fraction(1, 200), True)),
        ("1000000000000", "00.000001", (10**12, "0.000001", Fraction(1, 10**8), True)),
    ],
)
def test_numbers_as_people_write_them(posts: str, rate: str, expected: tuple[object, ...]) -> None:
    """Separators of thousands and a decimal comma are read; the rate is given back in one spelling."""
    assert read_volume_query(posts, rate) == expected


@pytest.mark.parametrize(
    "posts", ["", "0", "-5", "1e6", "12.5", "1,00", "1000000000001", "١٢", "9" * 400, "1\n2"]
)
def test_bad_posts_are_refused_by_name(posts: str) -> None:
    """The refusal names the field and what it takes."""
    with pytest.raises(BadQueryError, match="`posts`"):
        read_volume_query(posts, "1")


@pytest.mark.parametrize("rate", ["", "101", "100.000001", "-1", "nan", "inf", "1e1", "0.1234567", "５", "."])
def test_bad_rates_are_refused_by_name(rate: str) -> None:
    """The refusal names the field and what it takes."""
    with pytest.raises(BadQueryError, match="`rate`"):
        read_volume_query("10", rate)
