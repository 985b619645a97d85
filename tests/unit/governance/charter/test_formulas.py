"""Quorum, threshold and the cap of an affiliation, against published votes and by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from governance.charter.formulas import GROUP_BALLOTS, affiliation_cap, dominates, passes, quorum_of
from governance.charter.model import Formula, Quorum
from tests.unit.governance.charter.debian import REACHED, VOTES, YEAR_2026, Option, Vote, threshold

DEBIAN = Quorum(formula=Formula.SQRT, factor=Fraction(3, 2), floor=1)


@pytest.mark.parametrize("vote", VOTES, ids=lambda vote: vote.source)
def test_debian_quorum(vote: Vote) -> None:
    """The quorum of one and a half square roots is the first whole number that reaches the published 3Q."""
    published = Fraction(vote.quorum)
    assert quorum_of(DEBIAN, vote.developers) - 1 < published <= quorum_of(DEBIAN, vote.developers)
    assert abs(Fraction(vote.half_root) ** 2 * 4 - vote.developers) < Fraction(1, 10**9)
    assert abs(published - 3 * Fraction(vote.half_root)) < Fraction(1, 10**9)


@pytest.mark.parametrize(("source", "developers", "votes"), REACHED)
def test_debian_reached(source: str, developers: int, votes: int) -> None:
    """Options that Debian published as having reached the quorum reach ours."""
    assert votes >= quorum_of(DEBIAN, developers)


@pytest.mark.parametrize("option", [*(option for vote in VOTES for option in vote.options), *YEAR_2026])
def test_debian_majority(option: Option) -> None:
    """An option passes, or fails, as Debian published."""
    assert passes(option.for_, option.against, threshold(option.ratio)) is option.passed


def test_debian_fence_post() -> None:
    """Six of eight are three quarters and enough, as in Debian's constitution since version 1.6."""
    assert passes(6, 2, Fraction(3, 4))
    assert not passes(5, 2, Fraction(3, 4))


@pytest.mark.parametrize(
    ("voters", "expected"),
    [(0, 3), (1, 3), (2, 3), (4, 3), (5, 4), (9, 5), (30, 9), (36, 9), (37, 10), (100, 15), (10**6, 1500)],
)
def test_square_root(voters: int, expected: int) -> None:
    """One and a half square roots, rounded up, and never fewer than the floor."""
    assert quorum_of(Quorum(formula=Formula.SQRT, factor=Fraction(3, 2), floor=3), voters) == expected


def test_just_above_a_square() -> None:
    """Ten voters need four approvals by their square root, since three would be nine."""
    assert quorum_of(Quorum(formula=Formula.SQRT, factor=Fraction(1), floor=1), 10) == 4
    assert quorum_of(Quorum(formula=Formula.SQRT, factor=Fraction(1), floor=1), 9) == 3


def test_group_ballots() -> None:
    """A group of affected people is asked apart from three votes on, as the design has it."""
    assert GROUP_BALLOTS == 3


@pytest.mark.parametrize(
    ("voters", "expected"), [(0, 2), (1, 2), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (1000, 500), (1001, 501)]
)
def test_share(voters: int, expected: int) -> None:
    """Half of those who can vote, rounded up, and never fewer than the floor."""
    assert quorum_of(Quorum(formula=Formula.SHARE, factor=Fraction(1, 2), floor=2), voters) == expected


@pytest.mark.parametrize(
    ("yes", "no", "share", "expected"),
    [
        (2, 1, "1/2", True),
        (1, 1, "1/2", False),  # a half has to be passed
        (2, 1, "2/3", True),  # any other threshold has to be reached
        (199, 100, "2/3", False),
        (3, 1, "3/4", True),
        (1, 2, "1/3", True),
        (5, 0, "1", True),
        (5, 1, "1", False),
        (0, 0, "1/2", False),
        (0, 0, "1/3", False),
        (0, 5, "1/3", False),
    ],
)
def test_passes(yes: int, no: int, share: str, expected: bool) -> None:
    """A half is passed, another share reached, and nothing passes without a yes."""
    assert passes(yes, no, Fraction(share)) is expected


@pytest.mark.parametrize(
    ("share", "size", "expected"), [("1/3", 1, 1), ("1/3", 2, 1), ("1/3", 5, 1), ("1/3", 6, 2), ("1", 5, 5)]
)
def test_affiliation_cap(share: str, size: int, expected: int) -> None:
    """A share of the seats, rounded down, and one in any case."""
    assert affiliation_cap(Fraction(share), size) == expected


def test_dominates() -> None:
    """A quorum is as high as another of its formula with no higher factor and floor, and of no other."""
    high = Quorum(formula=Formula.SHARE, factor=Fraction(1, 3), floor=3)
    low = Quorum(formula=Formula.SHARE, factor=Fraction(1, 4), floor=3)
    root = Quorum(formula=Formula.SQRT, factor=Fraction(1, 4), floor=3)
    assert dominates(high, low)
    assert dominates(low, low)
    assert not dominates(low, high)
    assert not dominates(high, root)
    assert not dominates(high, Quorum(formula=Formula.SHARE, factor=Fraction(1, 4), floor=4))
