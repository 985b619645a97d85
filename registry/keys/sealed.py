"""Sealed ballots: a choice in a box that stays shut until the vote is over. Pure but for the sealing.

A box is a NaCl sealed box (X25519, XSalsa20-Poly1305) around exactly `CONTENT_BYTES` bytes: canonical
JSON, filled up with zero bytes before it is sealed. Every field has a longest form and all of them
together fit, so no choice can be too long: neither the length of a box nor a refusal tells anything.

What a hostile voter or host could try:

- *Padding oracle*: none. Padding is inside the authenticated content and is looked at only after the
  whole box was found whole, when the key is public anyway.
- *Changing a box*: any other bit gives a box that does not open; the ephemeral key is part of the nonce.
- *Copying somebody's box*: the content names its member, so a copy under another handle is spoilt. The
  member's older box does not return either: the content names the ballot's nonce.
- *Moving a box to another vote*: each vote and round has its own key, and the content names the vote's
  digest.
- *Anyone can seal*: a box proves nothing about who made it. That the member's own signature does, over
  the box and its context, or the registry's attestation.
- *The host* holds the secret that opens every box early. Secrecy against it is not promised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import islice
from typing import Annotated, NamedTuple

import msgspec
from nacl.bindings import crypto_box_seal, crypto_box_seal_open
from nacl.exceptions import CryptoError

from governance.payloads import Count, Handle, Sha256, Word
from registry.keys.box_key import BoxKey, box_public_key
from registry.keys.errors import BoxRefusedError
from registry.keys.statements import BallotContext
from registry.keys.wire import base64_text, unbase64

CONTENT_BYTES = 256
BOX_BYTES = CONTENT_BYTES + 48
"""With the ephemeral public key and the authenticator before it."""

BOX_CHARACTERS = 408
"""A box as base64 text: how it stands in the log."""

_CHUNK = 500
_FORMAT = 1


class Spoilt(StrEnum):
    """Why a ballot does not count. The list is closed."""

    UNOPENABLE = "unopenable"
    MALFORMED = "malformed"
    OTHER_VOTE = "other_vote"
    OTHER_MEMBER = "other_member"
    OTHER_BALLOT = "other_ballot"
    UNKNOWN_CHOICE = "unknown_choice"


class SealedBallot(NamedTuple):
    """A ballot as the log has it: whose, the nonce of its statement, and the box as text."""

    member: str
    nonce: int
    box: str


class Opened(NamedTuple):
    """What was in a box: the choice, or why there is none."""

    choice: str | None
    spoilt: Spoilt | None


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    v: int
    context: Sha256
    member: Handle
    nonce: Annotated[Count, msgspec.Meta(lt=1 << 53)]
    choice: Word


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(_Content).decode


def seal(public_text: str, context: BallotContext, *, member: str, choice: str, nonce: int) -> str:
    """Puts a choice into a box of the vote whose public key this is; gives the box as text.

    Raises `BoxRefusedError` for a public key or a value that no box can hold.
    """
    public = box_public_key(public_text)
    facts = {"v": _FORMAT, "context": context.digest, "member": member, "nonce": nonce, "choice": choice}
    try:
        raw = _encode(msgspec.convert(facts, _Content))
    except msgspec.ValidationError as error:
        raise BoxRefusedError("ballot", f"{error}.", "Vote under your handle, for a listed choice.") from None
    try:
        return base64_text(crypto_box_seal(raw.ljust(CONTENT_BYTES, b"\0"), public))
    except CryptoError:
        raise BoxRefusedError(
            "public key of the ballot box", "nothing can be sealed with it.", "Tell the registry's operator."
        ) from None


def check_box(text: str) -> None:
    """Returns when the text has the form of a box: what can be said of it before the close.

    Raises `BoxRefusedError`.
    """
    _bytes_of(text)


def open_boxes(
    key: BoxKey,
    context: BallotContext,
    ballots: Iterable[SealedBallot],
    choices: Collection[str],
    *,
    threads: int = 4,
) -> list[Opened]:
    """What each ballot says, in the order given. Whatever stands in a box, nothing is raised.

    libsodium works outside Python's lock, so threads open boxes side by side.
    """
    digest, known = context.digest, frozenset(choices)

    def open_some(some: Sequence[SealedBallot]) -> list[Opened]:
        return [_open(key, digest, ballot, known) for ballot in some]

    chunks = _chunked(ballots)
    if threads < 2:
        return [opened for some in chunks for opened in open_some(some)]
    with ThreadPoolExecutor(threads) as pool:
        return [opened for some in pool.map(open_some, chunks) for opened in some]


def _open(key: BoxKey, digest: str, ballot: SealedBallot, choices: frozenset[str]) -> Opened:
    try:
        content = crypto_box_seal_open(_bytes_of(ballot.box), key.public, key.private)
    except (BoxRefusedError, CryptoError):
        return Opened(None, Spoilt.UNOPENABLE)
    said = _read(content)
    if said is None:
        return Opened(None, Spoilt.MALFORMED)
    if said.context != digest:
        return Opened(None, Spoilt.OTHER_VOTE)
    if said.member != ballot.member:
        return Opened(None, Spoilt.OTHER_MEMBER)
    if said.nonce != ballot.nonce:
        return Opened(None, Spoilt.OTHER_BALLOT)
    if said.choice not in choices:
        return Opened(None, Spoilt.UNKNOWN_CHOICE)
    return Opened(said.choice, None)


def _bytes_of(text: str) -> bytes:
    raw = unbase64(text, _no_box) if len(text) == BOX_CHARACTERS else b""
    if len(raw) != BOX_BYTES:
        raise _no_box(f"it has not the {BOX_BYTES} bytes that every box has.")
    return raw


def _no_box(rule: str) -> BoxRefusedError:
    return BoxRefusedError("ballot box", rule, "Seal the choice again.")


def _read(content: bytes) -> _Content | None:
    """The content, if it is in its one form: another form could carry a mark of the voter's."""
    try:
        said = _decode(content.rstrip(b"\0"))
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if said.v != _FORMAT or _encode(said).ljust(CONTENT_BYTES, b"\0") != content:
        return None
    return said


def _chunked(ballots: Iterable[SealedBallot]) -> Iterator[list[SealedBallot]]:
    rest = iter(ballots)
    while some := list(islice(rest, _CHUNK)):
        yield some
