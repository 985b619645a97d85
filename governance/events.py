"""The event envelope and its one canonical form. Pure.

An event is what was decided or measured, as facts. The log is a chain of them: each names the SHA-256
of the one before, so that nothing in the middle can be changed, dropped or moved unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from governance.errors import MalformedEventError
from governance.payloads import (
    Count,
    Handle,
    Move,
    Oid,
    Payload,
    Seconds,
    Sha256,
    Token,
    read_payload,
)
from policies.canonical import sha256_hex

FORMAT = 1
"""Version of the envelope, its field `v`."""

MAX_EVENT_BYTES = 8 * 1024 * 1024
"""A longer event is refused. A redaction of a long history lists two ids for each rewritten commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An act that a rule allows, before it has a place in the log.

    `charter` is the blob id of the charter that a founding brings; None for every later act, which
    stands under the charter in force. `key` and `sig` are a member's own signature, where they signed.
    """

    type: str
    actor: str
    payload: Payload
    moves: tuple[Move, ...] = ()
    charter: str | None = None
    key: str | None = None
    sig: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the log.

    `seq` counts from 1; `at` is whole UTC seconds since 1970 and never goes backwards; `charter` is the
    blob id of the charter in force; `prev` the SHA-256 of the previous event's bytes (None for the
    first); `sig` is a signature by the key whose fingerprint is `key`: the actor's own, or the registry's.
    """

    seq: int
    type: str
    at: int
    actor: str
    charter: str
    payload: Payload
    moves: tuple[Move, ...]
    prev: str | None
    key: str | None = None
    sig: str | None = None


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The envelope with its payload still (or again) as JSON bytes."""

    v: int
    seq: Count
    type: str
    at: Seconds
    actor: Handle
    charter: Oid
    payload: msgspec.Raw
    moves: tuple[Move, ...]
    prev: Sha256 | None
    key: Token | None
    sig: Token | None = None


_decode = msgspec.json.Decoder(_Envelope).decode
_encode = msgspec.json.Encoder(order="sorted").encode


def encode_event(event: Event) -> bytes:
    """The event's canonical bytes: what is stored, hashed and signed.

    Every field is an integer or ASCII text by its schema, for which sorted, compact JSON is the
    canonical form of `policies.canonical` (a property test holds the two against each other).
    """
    return _encode(
        _Envelope(
            v=FORMAT,
            seq=event.seq,
            type=event.type,
            at=event.at,
            actor=event.actor,
            charter=event.charter,
            payload=msgspec.Raw(_encode(event.payload)),
            moves=event.moves,
            prev=event.prev,
            key=event.key,
            sig=event.sig,
        )
    )


def decode_event(raw: bytes) -> Event:
    """Reads an event, and refuses bytes that are not its canonical form.

    Raises `MalformedEventError` naming the field and the rule.
    """
    if len(raw) > MAX_EVENT_BYTES:
        raise MalformedEventError("event.json", f"{len(raw)} bytes is over the limit of {MAX_EVENT_BYTES}.")
    try:
        envelope = _decode(raw)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedEventError("event.json", f"{error}.") from None
    if envelope.v != FORMAT:
        raise MalformedEventError("v", f"format {envelope.v} is not known; this program reads {FORMAT}.")
    event = Event(
        seq=envelope.seq,
        type=envelope.type,
        at=envelope.at,
        actor=envelope.actor,
        charter=envelope.charter,
        payload=read_payload(envelope.type, envelope.payload),
        moves=envelope.moves,
        prev=envelope.prev,
        key=envelope.key,
        sig=envelope.sig,
    )
    # Equal bytes, and not only equal meaning: two spellings of one event would have two digests.
    if encode_event(event) != raw:
        raise MalformedEventError("event.json", "the bytes are not the canonical form of what they say.")
    return event


def event_digest(raw: bytes) -> str:
    """SHA-256 of an event's bytes: the next event's `prev`."""
    return sha256_hex(raw)


def place(draft: Draft, *, seq: int, at: int, charter: str, prev: str | None) -> Event:
    """Gives a draft its place in the log."""
    return Event(
        seq=seq,
        type=draft.type,
        at=at,
        actor=draft.actor,
        charter=charter,
        payload=draft.payload,
        moves=draft.moves,
        prev=prev,
        key=draft.key,
        sig=draft.sig,
    )
