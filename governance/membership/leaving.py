"""Leaving, affiliations and keys. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.membership.affiliation import MAX_FORMER, declared
from governance.membership.joining import acting_member
from governance.membership.state import Key, Member, People
from governance.proposals.access import without_sponsor

MAX_KEYS = 20
"""Keys that a member may have had, revoked ones included."""


def left(state: Commons, event: Event, _said: payloads.Left) -> Commons:
    """A member leaves, or an applicant withdraws. The handle stays theirs: coming back means applying.

    Rolls that are frozen stay as they are: a ballot that was cast counts, and one may still be cast. What
    they stood behind waits for another member to do so.
    """
    people = state.people
    if event.actor in people.applicants:
        ready = tuple(entry for entry in people.ready if entry[1] != event.actor)
        people = replace(people, applicants=people.applicants.delete(event.actor), ready=ready)
        return replace(state, people=people)
    member = acting_member(state, event)
    refuse_unless(
        event.actor not in state.stewards,
        f"{event.actor} is a steward by the charter (membership.stewards).",
        "Amend the charter first, so that somebody else is.",
    )
    people = replace(people, present=people.present.delete(event.actor))
    state = replace(state, people=_with(people, replace(member, left_at=event.at)))
    return without_sponsor(state, event.actor, event.at)


def affiliation_declared(state: Commons, event: Event, said: payloads.AffiliationDeclared) -> Commons:
    """A member says which organisation they act for, from here on."""
    member = declared(acting_member(state, event), said.affiliation, event.at)
    refuse_unless(
        len(member.former) <= MAX_FORMER,
        f"{event.actor} has left {MAX_FORMER} organisations in half a year.",
        "Stay with one for a while.",
    )
    return replace(state, people=_with(state.people, member))


def key_added(state: Commons, event: Event, said: payloads.KeyAdded) -> Commons:
    """A member has another key."""
    member = acting_member(state, event)
    fingerprint = fingerprint_of(said.public)
    refuse_unless(
        fingerprint not in state.people.keys,
        f"the key {fingerprint} is, or was, registered here.",
        "Make a new key; keys are not shared.",
    )
    refuse_unless(len(member.keys) < MAX_KEYS, f"{event.actor} has had {MAX_KEYS} keys.", "Use one of them.")
    key = Key(fingerprint, said.public, event.seq)
    people = replace(state.people, keys=state.people.keys.set(fingerprint, event.actor))
    return replace(state, people=_with(people, replace(member, keys=(*member.keys, key))))


def key_revoked(state: Commons, event: Event, said: payloads.KeyRevoked) -> Commons:
    """A key counts no more. What was signed with it before stands."""
    member = acting_member(state, event)
    refuse_unless(
        member.key(said.fingerprint) is not None,
        f"{event.actor} has no key {said.fingerprint} that counts.",
        "Name one of your own.",
    )
    keys = tuple(
        replace(key, until=event.seq) if key.fingerprint == said.fingerprint else key for key in member.keys
    )
    return replace(state, people=_with(state.people, replace(member, keys=keys)))


def witnessed(state: Commons, event: Event, _said: payloads.Witnessed) -> Commons:
    """A member vouches, over a key of their own, for the log as it stands."""
    member = acting_member(state, event)
    refuse_unless(
        member.key(event.key) is not None,
        "a witness signs with a key of their own.",
        "Register one with `commons member key add`, and sign with it.",
    )
    return replace(state, witnessed=(event.seq - 1, event.at))


def fingerprint_of(public: str) -> str:
    """`SHA256:...` as ssh-keygen prints it, of a public key's base64. Raises `RefusedError`.

    Whether it is a key that can sign is looked at before it is recorded, and by the verifier.
    """
    try:
        blob = base64.b64decode(public, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    # A key's blob begins with the length and the text of its type (RFC 4253, 6.6).
    length = int.from_bytes(blob[:4], "big")
    refuse_unless(
        0 < length < 64 and len(blob) > 4 + length and blob[4 : 4 + length].isascii(),
        "what is registered is no public key.",
        "Give its base64, without type and comment.",
    )
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _with(people: People, member: Member) -> People:
    return replace(people, members=people.members.set(member.handle, member))
