"""Whom somebody acts for, and for how long an organisation that they left still counts. Pure.

Affiliations are declared, never proven. What can be kept is that nobody changes sides for an afternoon: an
organisation that one left counts as a conflict of interest for half a year, and so does its share.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from governance.membership.roll import HOUR
from governance.membership.state import INDEPENDENT, Former, Member

FORMER_HOURS = 4_320
"""How long an organisation counts after somebody has left it."""
MAX_FORMER = 20
"""Organisations that somebody may have left within that time."""


def declared(member: Member, affiliation: str, at: int) -> Member:
    """The member as acting for this organisation from here on."""
    if affiliation == member.affiliation:
        return member
    left = (Former(member.affiliation, at),) if member.affiliation != INDEPENDENT else ()
    kept = (one for one in _lately(member, at) if one.affiliation not in (affiliation, member.affiliation))
    return replace(member, affiliation=affiliation, affiliated_at=at, former=(*kept, *left))


def acts_for(member: Member, at: int) -> frozenset[str]:
    """The organisations that make a conflict of interest: the one at hand, and those left lately."""
    all_of_them = {member.affiliation, *(one.affiliation for one in _lately(member, at))}
    return frozenset(all_of_them - {INDEPENDENT})


def counts_for(member: Member, at: int) -> str:
    """The organisation whose share somebody takes: who left one for none still takes of its share."""
    if member.affiliation != INDEPENDENT:
        return member.affiliation
    lately = _lately(member, at)
    return lately[-1].affiliation if lately else INDEPENDENT


def speaks_for(member: Member, delegates: Iterable[str], tenure_hours: int, at: int) -> bool:
    """Whether somebody speaks for affected people: for one of these organisations, and for long enough."""
    return member.affiliation in delegates and at - member.affiliated_at >= tenure_hours * HOUR


def counted_by_affiliation(affiliations: Iterable[str], at_most: int) -> int:
    """How many of these count when an organisation gives `at_most` of them; each independent counts."""
    independent = 0
    others: dict[str, int] = {}
    for affiliation in affiliations:
        if affiliation == INDEPENDENT:
            independent += 1
        else:
            others[affiliation] = min(others.get(affiliation, 0) + 1, at_most)
    return independent + sum(others.values())


def _lately(member: Member, at: int) -> tuple[Former, ...]:
    return tuple(one for one in member.former if at - one.until < FORMER_HOURS * HOUR)
