"""Who may act and who may vote at a given second, and the digest that freezes a roll (principle 1A). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from governance.charter.model import Membership
from governance.membership.state import Member, People
from policies.canonical import canonical_digest

HOUR = 3_600


def belongs(member: Member | None) -> bool:
    """Whether somebody is a member now, active or not."""
    return member is not None and member.left_at is None


def can_act(member: Member | None, rules: Membership, at: int) -> bool:
    """Whether somebody has been a member for long enough to decide with the others.

    An inactive member may: acting is how one becomes active again.
    """
    return (
        member is not None
        and member.left_at is None
        and at - member.joined_at >= rules.tenure_before_vote_hours * HOUR
    )


def is_active(member: Member, rules: Membership, at: int) -> bool:
    """Whether a member acted lately enough to be on future rolls; acting again makes them so."""
    return at - member.active_at < rules.inactive_after_hours * HOUR


def can_vote(member: Member | None, rules: Membership, at: int) -> bool:
    """Whether a roll that is frozen at this second holds them: a member for long enough, and active."""
    return member is not None and can_act(member, rules, at) and is_active(member, rules, at)


def roll_at(people: People, rules: Membership, at: int) -> frozenset[str]:
    """Everybody who may vote in what opens at this second."""
    return frozenset(handle for handle, member in people.here.items() if can_vote(member, rules, at))


def roll_digest(roll: Iterable[str]) -> str:
    """SHA-256 of the roll as a sorted list: what an opening states, so that nobody is added later."""
    return canonical_digest(sorted(roll))
