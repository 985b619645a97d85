"""Votes of the Debian project, typed in from its published pages: what the formulas are held against.

Each page states the number of developers, Q (half its square root), the quorum 3Q, and for each option
the votes over the default option and the other way round. The constitution says how they are used:
4.2(7) for Q, A.5 (A.6 before 2022) for the quorum and the majority. Up to version 1.5 a supermajority
had to be passed; since 1.6 (December 2015) it has to be reached, which is what this project does.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Option(NamedTuple):
    """Votes for an option over the default and against it, the ratio it needed, and what was published."""

    for_: int
    against: int
    ratio: int
    passed: bool


class Vote(NamedTuple):
    """A vote: where it was published, how many could vote, and the figures as they stand there."""

    source: str
    developers: int
    half_root: str
    quorum: str
    options: tuple[Option, ...]


VOTES = (
    # Option 1's votes against follow from the published ratio of 1.021.
    Vote(
        "debian.org/vote/2005/vote_002",
        967,
        "15.5483118054662",
        "46.6449354163986",
        (Option(146, 143, 1, True),),
    ),
    Vote("debian.org/vote/2007/vote_002", 1037, "16.1012421881046", "48.3037265643138", ()),
    Vote("lists.debian.org/debian-vote/2008/12/msg00503", 1021, "15.9765453086705", "47.9296359260114", ()),
    Vote("lists.debian.org/debian-vote/2009/03/msg00094", 1018, "15.9530561335438", "47.8591684006314", ()),
    # A change of the constitution, which needs 3:1.
    Vote(
        "debian.org/vote/2016/vote_003",
        1040,
        "16.1245154965971",
        "48.3735464897913",
        (Option(289, 13, 3, True),),
    ),
    # An election with one candidate.
    Vote(
        "debian.org/vote/2023/vote_001",
        996,
        "15.7797338380595",
        "47.3392015141785",
        (Option(259, 15, 1, True),),
    ),
)

REACHED = (
    ("debian.org/vote/2005/vote_002", 967, 146),
    ("debian.org/vote/2005/vote_002", 967, 188),
    ("debian.org/vote/2007/vote_002", 1037, 132),
    ("debian.org/vote/2023/vote_001", 996, 259),
)
"""Options that were published as having reached the quorum, with their votes."""

# debian.org/vote/2026/vote_002, as quoted by readers of the page: one proposal needed 3:1 and was dropped.
YEAR_2026 = (Option(144, 257, 3, False), Option(281, 126, 1, True))


def threshold(ratio: int) -> Fraction:
    """A ratio of yes to no as a share of yes: 3:1 is 3/4, 1:1 is 1/2."""
    return Fraction(ratio, ratio + 1)
