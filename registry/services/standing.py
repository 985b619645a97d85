"""Where somebody belongs, and leaving all of it before their account goes. Reads and writes repositories.

What somebody did stays in the logs, under their handle: a recount needs it, and nobody else gets the handle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from governance.commons import Commons
from governance.membership.roll import belongs
from governance.membership.state import Key
from registry.services.errors import StewardError
from registry.services.membership import leave
from registry.store.repository import Acted, Repository


class Standing(NamedTuple):
    """What somebody is in a commons: member, applicant, steward; `keys` are those that count now."""

    commons: str
    member: bool
    applicant: bool
    steward: bool
    keys: tuple[Key, ...]


def standing_in(state: Commons, handle: str) -> Standing | None:
    """What somebody is in a commons; None where they neither belong nor have asked to."""
    member = state.people.members.get(handle)
    is_member, is_applicant = belongs(member), handle in state.people.applicants
    is_steward = handle in state.stewards
    if not (is_member or is_applicant or is_steward):
        return None
    keys = tuple(key for key in member.keys if key.until is None) if member is not None else ()
    return Standing(state.name, is_member, is_applicant, is_steward, keys)


def check_can_leave(standings: Iterable[Standing]) -> None:
    """Raises `StewardError` for whoever looks after a commons: nobody would, once they have left."""
    looked_after = tuple(found.commons for found in standings if found.steward)
    if looked_after:
        raise StewardError(looked_after)


def leave_one(repository: Repository, handle: str) -> Acted:
    """Leaves a commons, or takes an application back. Raises `StewardError`, and what recording raises."""
    found = standing_in(repository.state(), handle)
    check_can_leave(() if found is None else (found,))
    return leave(repository, actor=handle)


def leave_everywhere(repositories: Sequence[Repository], handle: str) -> tuple[str, ...]:
    """Leaves every one of these commons, and takes applications back; gives the names of those left.

    All are looked at before the first is left. Cut off in the middle, the same call goes on. Raises
    `StewardError`, and what recording raises.
    """
    standings = [(repository, standing_in(repository.state(), handle)) for repository in repositories]
    found = [(repository, stands) for repository, stands in standings if stands is not None]
    check_can_leave(stands for _, stands in found)
    for repository, _ in found:
        leave(repository, actor=handle)
    return tuple(stands.commons for _, stands in found)
