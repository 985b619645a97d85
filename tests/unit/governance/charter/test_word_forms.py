"""Times, numbers and fractions as a person would say them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from governance.charter.word_forms import counted, every, listed, number, share, span, times


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "one hour"),
        (20, "20 hours"),
        (24, "one day"),
        (36, "36 hours"),
        (48, "two days"),
        (72, "three days"),
        (100, "four days and four hours"),
        (168, "one week"),
        (336, "two weeks"),
        (504, "three weeks"),
        (720, "30 days"),
        (2160, "90 days"),
        (4320, "180 days"),
        (8760, "one year"),
        (17520, "two years"),
        (1512, "63 days"),
        (0, "no hours"),
    ],
)
def test_span(hours: int, words: str) -> None:
    """Hours are said in the largest unit that is easy to picture."""
    assert span(hours) == words


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "every hour"), (24, "every day"), (48, "every two days"), (168, "every week")]
)
def test_every(hours: int, words: str) -> None:
    """A rhythm leaves out the one."""
    assert every(hours) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1", "all"),
        ("1/2", "half"),
        ("1/3", "one third"),
        ("2/3", "two thirds"),
        ("3/4", "three quarters"),
        ("1/10", "one tenth"),
        ("7/20", "7 of 20"),
    ],
)
def test_share(value: str, words: str) -> None:
    """A fraction is said in words where there are some."""
    assert share(Fraction(value)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1", ""),
        ("2", "twice "),
        ("3/2", "one and a half times "),
        ("3", "three times "),
        ("5/4", "5/4 times "),
    ],
)
def test_times(value: str, words: str) -> None:
    """A factor stands before what it multiplies."""
    assert times(Fraction(value)) == words


def test_numbers() -> None:
    """Small numbers are words, large ones digits."""
    assert [number(0), number(12), number(13), number(1000)] == ["no", "twelve", "13", "1,000"]
    assert [counted(1, "member"), counted(2, "member")] == ["one member", "two members"]
    assert [listed(("a",)), listed(("a", "b", "c"))] == ["a", "a, b and c"]
