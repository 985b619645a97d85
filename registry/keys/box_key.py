"""The key pair of one ballot box: sealed with the public half, opened once the private one is published.

One pair per vote and round (X25519, RFC 7748), derived from the registry's secret, so that a backup of
that keeps every open vote countable. Pure, given the secret.
"""

from __future__ import annotations

import re

from nacl.bindings import crypto_scalarmult_base

from registry.keys.errors import BoxRefusedError
from registry.keys.secret import Secret

_HEX = re.compile(r"[0-9a-f]{64}")


class BoxKey:
    """Both halves. `public_text` goes into the log when a vote opens, `private_text` when it closes.

    Each is 64 hex digits. The private half is in its clamped form, so that it has one spelling.
    """

    __slots__ = ("private", "public")

    def __init__(self, private: bytes) -> None:
        self.private = private
        self.public: bytes = crypto_scalarmult_base(private)

    def __repr__(self) -> str:
        """The public half only: traces are not kept as carefully as keys."""
        return f"BoxKey(public={self.public_text})"

    @property
    def public_text(self) -> str:
        """The public half."""
        return self.public.hex()

    @property
    def private_text(self) -> str:
        """The private half: for the log, once the vote is over."""
        return self.private.hex()


def box_key(secret: Secret, *, commons: str, proposal: int, round_number: int) -> BoxKey:
    """The pair of one vote; a vote that is run again has another round, and so another box."""
    raw = secret.derive("ballot-box@1", commons=commons, proposal=proposal, round=round_number)
    return BoxKey(_clamped(raw))


def published_key(private_text: str, public_text: str) -> BoxKey:
    """The pair as the log tells it after the close.

    Raises `BoxRefusedError` when the text is malformed or is not the private half of this box.
    """
    if not _HEX.fullmatch(private_text):
        raise _refused("it is not 64 hex digits.")
    raw = bytes.fromhex(private_text)
    if _clamped(raw) != raw:
        raise _refused("it is not in the clamped form of RFC 7748, section 5.")
    key = BoxKey(raw)
    if key.public_text != public_text:
        raise _refused(f"it does not open the box of this vote, whose public key is {public_text[:64]}.")
    return key


def box_public_key(public_text: str) -> bytes:
    """The public half of a box as bytes. Raises `BoxRefusedError`."""
    raw = bytes.fromhex(public_text) if _HEX.fullmatch(public_text) else b""
    if not raw or raw[31] & 0x80:
        raise BoxRefusedError(
            "public key of the ballot box",
            "it is not 64 hex digits of an X25519 key.",
            "Take it from the event that opened the vote.",
        )
    return raw


def _clamped(raw: bytes) -> bytes:
    return bytes([raw[0] & 0xF8, *raw[1:31], raw[31] & 0x7F | 0x40])


def _refused(rule: str) -> BoxRefusedError:
    return BoxRefusedError(
        "private key of the ballot box", rule, "Take it from the event that closed the vote."
    )
