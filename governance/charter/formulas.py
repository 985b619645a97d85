"""The named formulas of voting: exact integers and fractions, never a float. Pure.

Sources: Debian's constitution 1.9, 4.2 (a quorum of 3Q with Q half the square root of the number of
developers, not rounded) and A.5 (at least the quorum must prefer an option; a simple majority is
strict, a supermajority is met when it is reached). A quorum here counts approvals, so that adding
a No never turns a fail into a pass.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from governance.charter.model import Formula, Quorum

HALF = Fraction(1, 2)

GROUP_BALLOTS = 3
"""A group of affected people has its gate once this many of its members have voted."""


def quorum_of(quorum: Quorum, voters: int) -> int:
    """How many approvals are needed when this many can vote.

    The smallest whole number that is at least the formula's value, and never below the floor.
    """
    return max(quorum.floor, _FORMULAS[quorum.formula](quorum.factor, voters))


def passes(yes: int, no: int, threshold: Fraction) -> bool:
    """Whether this share of yes among yes and no is enough.

    A half must be passed; any other threshold must be reached. Without a single yes nothing passes.
    """
    if yes == 0:
        return False
    share = Fraction(yes, yes + no)
    return share > threshold if threshold == HALF else share >= threshold


def affiliation_cap(share: Fraction, size: int) -> int:
    """How many of `size` reviewers or panel members may come from one affiliation; one always may."""
    return max(1, size * share.numerator // share.denominator)


def dominates(tighter: Quorum, looser: Quorum) -> bool:
    """Whether a quorum is at least as high as another for any number of voters.

    Two different formulas cross somewhere, and are never taken for ordered.
    """
    return (
        tighter.formula == looser.formula
        and tighter.factor >= looser.factor
        and tighter.floor >= looser.floor
    )


def _sqrt(factor: Fraction, voters: int) -> int:
    # q >= factor * sqrt(voters) exactly when q * q >= factor * factor * voters, rounded up.
    square = _ceil(factor * factor * voters)
    return isqrt(square - 1) + 1 if square else 0


def _share(factor: Fraction, voters: int) -> int:
    return _ceil(factor * voters)


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


_FORMULAS = {Formula.SQRT: _sqrt, Formula.SHARE: _share}
