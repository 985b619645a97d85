"""Payloads about who belongs: joining, vouching, leaving, affiliations and keys. Pure."""

from __future__ import annotations

from governance.payloads.base import Handle, Payload, Seconds, Token, Word


class Invited(Payload, frozen=True):
    """A member asks somebody to join."""

    member: Handle


class Applied(Payload, frozen=True):
    """Somebody asks to join. `affiliation` is the organisation they act for, if any."""

    affiliation: Word = "independent"


class Vouched(Payload, frozen=True):
    """A member vouches for an applicant."""

    member: Handle


class Admitted(Payload, frozen=True):
    """An applicant met what the charter asks for (`by` says which way of joining), at `due`."""

    member: Handle
    by: Word
    due: Seconds


class Left(Payload, frozen=True):
    """A member leaves, or an applicant withdraws. The handle is not given to anybody else."""


class AffiliationDeclared(Payload, frozen=True):
    """A member says which organisation they act for."""

    affiliation: Word


class KeyAdded(Payload, frozen=True):
    """A public key that a member may sign acts with from here on: its base64, which holds its type."""

    public: Token


class KeyRevoked(Payload, frozen=True):
    """A key of one's own that counts for nothing from here on. `fingerprint` is `SHA256:...`."""

    fingerprint: Token


class Witnessed(Payload, frozen=True):
    """A member has seen the log up to here, and says so over a key of their own.

    The event's own `prev` is what was seen: whoever holds this can show that a log without it was rewritten.
    """
