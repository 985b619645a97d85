"""What somebody can do about who belongs to a commons right now, and why not the rest. Records nothing.

As for proposals (`possible.py`), joining and leaving are tried on the rules themselves. Whom an invitation is
for, or which key is meant, is not known before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from governance import payloads
from governance.commons import Commons
from governance.errors import RefusedError
from governance.membership.roll import belongs
from governance.payloads import Payload
from registry.services.errors import StewardError
from registry.services.possible import refusal_of_payload
from registry.services.standing import check_can_leave, standing_in
from registry.store.repository import Repository


class MembershipAct(StrEnum):
    """What may be done about who belongs, in the order in which a page shows it."""

    JOIN = "join"
    VOUCH = "vouch"
    INVITE = "invite"
    AFFILIATE = "affiliate"
    ADD_KEY = "add-key"
    REVOKE_KEY = "revoke-key"
    LEAVE = "leave"


class PossibleMembership(NamedTuple):
    """An act: `refusal` is None where it is open, and else says why it is not."""

    act: MembershipAct
    refusal: RefusedError | StewardError | None


def possible_memberships(repository: Repository, handle: str) -> tuple[PossibleMembership, ...]:
    """What somebody could do, being who they are in a commons."""
    state = repository.state()
    return tuple(
        PossibleMembership(act, _refusal(repository, state, handle, act, payload))
        for act, payload in _acts(state, handle)
    )


def _refusal(
    repository: Repository, state: Commons, handle: str, act: MembershipAct, payload: Payload | None
) -> RefusedError | StewardError | None:
    if act is MembershipAct.LEAVE:
        standing = standing_in(state, handle)
        try:
            check_can_leave(() if standing is None else (standing,))
        except StewardError as error:
            return error
    return None if payload is None else refusal_of_payload(repository, handle, payload)


def _acts(state: Commons, handle: str) -> Iterator[tuple[MembershipAct, Payload | None]]:
    """The acts of somebody, each with what it says; None where that is known only once it is sent."""
    member = state.people.members.get(handle)
    if not belongs(member):
        if handle in state.people.applicants:
            yield MembershipAct.LEAVE, payloads.Left()
        else:
            yield MembershipAct.JOIN, payloads.Applied()
        return
    assert member is not None
    waiting = [one for one in sorted(state.people.applicants) if one != handle]
    if waiting:
        yield MembershipAct.VOUCH, payloads.Vouched(member=waiting[0])
    yield MembershipAct.INVITE, None
    yield MembershipAct.AFFILIATE, None
    yield MembershipAct.ADD_KEY, None
    if any(key.until is None for key in member.keys):
        yield MembershipAct.REVOKE_KEY, None
    yield MembershipAct.LEAVE, payloads.Left()
