"""Properties of quorum and threshold, for any number of voters and any fraction."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from governance.charter.formulas import dominates, passes, quorum_of
from governance.charter.model import Formula, Quorum

voters = st.integers(0, 10**9)
ballots = st.integers(0, 10**6)
factors = st.fractions(min_value=Fraction(1, 9999), max_value=100, max_denominator=9999)
shares = st.fractions(min_value=Fraction(1, 9999), max_value=1, max_denominator=9999)
floors = st.integers(1, 10_000)
quorums = st.one_of(
    st.builds(Quorum, formula=st.just(Formula.SQRT), factor=factors, floor=floors),
    st.builds(Quorum, formula=st.just(Formula.SHARE), factor=shares, floor=floors),
)


@given(factors, voters)
def test_smallest_that_reaches_the_root(factor: Fraction, count: int) -> None:
    """The quorum reaches the factor times the square root, and one less would not."""
    needed = quorum_of(Quorum(formula=Formula.SQRT, factor=factor, floor=1), count)
    square = factor * factor * count
    assert needed * needed >= square
    assert needed == 1 or (needed - 1) * (needed - 1) < square


@given(shares, voters)
def test_smallest_that_reaches_the_share(factor: Fraction, count: int) -> None:
    """The quorum reaches the share of those who can vote, and one less would not; it is never above them."""
    needed = quorum_of(Quorum(formula=Formula.SHARE, factor=factor, floor=1), count)
    assert needed >= factor * count
    assert needed == 1 or needed - 1 < factor * count
    assert needed <= max(count, 1)


@given(quorums, voters, voters)
def test_more_voters_never_lower_the_quorum(quorum: Quorum, few: int, many: int) -> None:
    """A quorum grows with the number of voters, and never falls below its floor."""
    few, many = sorted((few, many))
    assert quorum.floor <= quorum_of(quorum, few) <= quorum_of(quorum, many)


@given(quorums, quorums, voters)
def test_what_dominates_is_never_lower(one: Quorum, other: Quorum, count: int) -> None:
    """A quorum that dominates another is at least as high for any number of voters."""
    if dominates(one, other):
        assert quorum_of(one, count) >= quorum_of(other, count)


@given(ballots, ballots, ballots, shares)
def test_a_no_never_helps(yes: int, no: int, more: int, share: Fraction) -> None:
    """Adding a No never turns a fail into a pass, adding a Yes never a pass into a fail."""
    if passes(yes, no + more, share):
        assert passes(yes, no, share)
    if passes(yes, no, share):
        assert passes(yes + more, no, share)


@given(ballots, ballots, shares, shares)
def test_a_higher_threshold_is_harder(yes: int, no: int, low: Fraction, high: Fraction) -> None:
    """What passes a threshold passes every lower one, but for a half, which has to be passed."""
    low, high = sorted((low, high))
    if passes(yes, no, high) and low != Fraction(1, 2):
        assert passes(yes, no, low)
    if passes(yes, no, high) and low == Fraction(1, 2) < high:
        assert passes(yes, no, low)
