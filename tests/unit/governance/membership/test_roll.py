"""Who may act, who may vote, and the digest of a roll."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from governance.charter.presets import COMMONS
from governance.charter.resolve import resolve
from governance.membership.roll import belongs, can_act, can_vote, roll_at, roll_digest
from governance.membership.state import Member
from policies.canonical import sha256_hex
from tests.support.communities import village
from tests.support.made import HOUR

RULES = resolve(COMMONS, {}).membership
"""Two weeks before one votes, half a year until one is inactive."""
TENURE, INACTIVE = 336 * HOUR, 4320 * HOUR
BO = Member(handle="bo", joined_at=0, active_at=0)


@pytest.mark.parametrize(
    ("at", "acts", "votes"),
    [
        (TENURE - 1, False, False),
        (TENURE, True, True),
        (INACTIVE - 1, True, True),
        (INACTIVE, True, False),
    ],
)
def test_tenure_and_activity(at: int, acts: bool, votes: bool) -> None:
    """One acts after the tenure, and is on rolls until one was away too long."""
    assert (can_act(BO, RULES, at), can_vote(BO, RULES, at)) == (acts, votes)


def test_who_left() -> None:
    """Nobody who left, or never came, acts or votes."""
    gone = replace(BO, left_at=1)
    assert (belongs(BO), belongs(gone), belongs(None)) == (True, False, False)
    for member in (gone, None):
        assert not can_act(member, RULES, TENURE)
        assert not can_vote(member, RULES, TENURE)


def test_digest() -> None:
    """A roll's digest is that of its sorted handles as JSON, however it is ordered."""
    expected = sha256_hex(b'["ana","bo"]')
    assert roll_digest(["bo", "ana"]) == roll_digest({"ana", "bo"}) == expected


def test_returning_by_acting() -> None:
    """Who was away is on no roll, and is back on them by acting."""
    commons = village()
    commons.wait(4320)
    rules = commons.state.charter_rules.membership
    assert roll_at(commons.state.people, rules, commons.at) == frozenset()
    number = commons.propose("bo")
    commons.approve(number, "cy")
    assert roll_at(commons.state.people, rules, commons.at) == {"bo", "cy"}
    commons.wait(2)
    frozen = commons.open(number).frozen
    assert frozen is not None
    assert frozen.roll == {"bo", "cy"}
