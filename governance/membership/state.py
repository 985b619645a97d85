"""Members and applicants as the state holds them. Pure."""

from __future__ import annotations

import msgspec
from immutables import Map

INDEPENDENT = "independent"
"""The affiliation of those who act for no organisation; each of them counts as one of their own."""


class Key(msgspec.Struct, frozen=True, gc=False):
    """A member's public key. `until` is the event that revoked it; it counts from event `since` to there."""

    fingerprint: str
    public: str
    since: int
    until: int | None = None


class Former(msgspec.Struct, frozen=True, gc=False):
    """An organisation that somebody acted for, and the second until which."""

    affiliation: str
    until: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who belongs. `active_at` is their last act; `left_at` is set while they do not belong.

    Whoever comes back goes on with this record: keys, counts and former affiliations stay theirs.
    `signed` counts the acts that they signed with a key of their own, so that none can be played twice.
    `proposed` and `reviewed` count what they asked of others' attention, and gave.
    """

    handle: str
    joined_at: int
    active_at: int
    affiliation: str = INDEPENDENT
    affiliated_at: int = 0
    former: tuple[Former, ...] = ()
    left_at: int | None = None
    keys: tuple[Key, ...] = ()
    signed: int = 0
    proposed: int = 0
    reviewed: int = 0

    def key(self, fingerprint: str | None) -> Key | None:
        """A key that counts now, or None."""
        return next((key for key in self.keys if key.fingerprint == fingerprint and key.until is None), None)


class Voucher(msgspec.Struct, frozen=True, gc=False):
    """A member who vouched, with the organisation that they counted for then."""

    handle: str
    affiliation: str


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asked to join, and has not been admitted yet."""

    handle: str
    at: int
    affiliation: str = INDEPENDENT
    vouchers: tuple[Voucher, ...] = ()


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody that the log knows of.

    `members` keeps everybody who ever belonged; `present` has those who do now, with the second since when,
    so that a roll costs nothing for those who left. `invited` has who invited whom, `keys` whose each
    fingerprint is or was. `ready` are applicants who met what the charter asks for, with the second since
    when, in the order in which they are admitted. `joins` are the times of the admissions of the last thirty
    days.
    """

    members: Map[str, Member] = msgspec.field(default_factory=Map)
    present: Map[str, int] = msgspec.field(default_factory=Map)
    applicants: Map[str, Applicant] = msgspec.field(default_factory=Map)
    invited: Map[str, str] = msgspec.field(default_factory=Map)
    keys: Map[str, str] = msgspec.field(default_factory=Map)
    ready: tuple[tuple[int, str], ...] = ()
    joins: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many belong now."""
        return len(self.present)

    @property
    def here(self) -> dict[str, Member]:
        """Those who belong now, by their handles."""
        return {handle: self.members[handle] for handle in self.present}
