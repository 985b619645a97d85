"""Whole tallies against votes of the Debian project, whose quorum counts approvals as ours does.

The figures are those of `charter/debian.py`, with their sources, and one more from a blog: in 2006 the recall
of the project leader had 48 votes for it and 277 against, where 48 was the least that reaches the quorum
(vitavonni.de/blog/200610/2006101501, on debian.org/vote/2006/vote_005). Where no page states the number of
developers, a tally is held to every number for which the quorum is the published one.

A vote over the default option is a yes here, one below it a no.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from governance.ballots.counting import Held, tally
from governance.charter.formulas import quorum_of
from governance.charter.model import ChangeClass, Formula, Quorum
from governance.charter.resolve import resolve
from tests.unit.governance.charter.debian import VOTES, YEAR_2026, threshold

DEBIAN = Quorum(formula=Formula.SQRT, factor=Fraction(3, 2), floor=1)
OF_48 = tuple(number for number in range(900, 1100) if quorum_of(DEBIAN, number) == 48)
"""How many developers there may be where 48 votes reach the quorum and 47 do not."""


class Published(NamedTuple):
    """A vote as it was published."""

    source: str
    developers: tuple[int, ...]
    for_: int
    against: int
    ratio: int
    outcome: str


PUBLISHED = (
    *(
        Published(vote.source, (vote.developers,), option.for_, option.against, option.ratio, "accepted")
        for vote in VOTES
        for option in vote.options
    ),
    *(
        Published("debian.org/vote/2026/vote_002", OF_48, option.for_, option.against, option.ratio, outcome)
        for option, outcome in zip(YEAR_2026, ("rejected", "accepted"), strict=True)
    ),
    Published("debian.org/vote/2006/vote_005", OF_48, 48, 277, 1, "rejected"),
    # "There was one vote 2-", wrote its observer: had that been meant the other way, it had been 47.
    Published("debian.org/vote/2006/vote_005, by one less", OF_48, 47, 278, 1, "no_quorum"),
)


def outcome(developers: int, for_: int, against: int, ratio: int) -> str:
    rules = replace(
        resolve("commons@1", {}).classes.policy, quorum=DEBIAN, threshold=threshold(ratio), group_gate=None
    )
    roll = [f"d{number}" for number in range(developers)]
    choices = dict(zip(roll, ["yes"] * for_ + ["no"] * against, strict=False))
    held = (Held("a" * 40, rules, ChangeClass.POLICY),)
    return tally(choices, roll=frozenset(roll), groups=(), held_to=held).outcome


@pytest.mark.parametrize("vote", PUBLISHED, ids=lambda vote: f"{vote.source} {vote.for_}:{vote.against}")
def test_as_published(vote: Published) -> None:
    """The count comes to what Debian published, from the same votes and as many who could vote."""
    found = {outcome(number, vote.for_, vote.against, vote.ratio) for number in vote.developers}
    assert found == {vote.outcome}


def test_what_is_published() -> None:
    """There are six votes and more, passed and failed, by simple majority and by three to one."""
    assert len({vote.source.split(",")[0] for vote in PUBLISHED}) == 5
    assert len(PUBLISHED) == 7
    assert {vote.outcome for vote in PUBLISHED} == {"accepted", "rejected", "no_quorum"}
    assert {vote.ratio for vote in PUBLISHED} == {1, 3}
    assert len(OF_48) > 20
