"""The registry's own key: attests events that no member signed themselves. Pure, given the secret.

An Ed25519 key that follows from the secret. Its signatures are plain SSH signatures, so
`ssh-keygen -Y verify` checks them like anybody's.
"""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.events import Event, encode_event
from registry.keys.errors import SignatureRefusedError
from registry.keys.public_key import PublicKey, key_of_blob
from registry.keys.secret import Secret
from registry.keys.sshsig import Signature, check_signature, signed_bytes
from registry.keys.statements import EVENT
from registry.keys.wire import string

_TYPE = "ssh-ed25519"
_HASH = "sha512"


class RegistryKey:
    """The key of one commons on this host; `public` is what the log registers."""

    __slots__ = ("_private", "public")

    def __init__(self, secret: Secret, commons: str) -> None:
        seed = secret.derive("registry-key@1", commons=commons)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        blob = string(_TYPE.encode()) + string(self._private.public_key().public_bytes_raw())
        self.public: PublicKey = key_of_blob(blob)

    def sign(self, message: bytes, namespace: str) -> str:
        """The compact signature: the same for the same message."""
        raw = self._private.sign(signed_bytes(namespace, message, _HASH))
        blob = string(_TYPE.encode()) + string(raw)
        return Signature(self.public.blob, namespace, _HASH, blob).compact

    def attest(self, event: Event) -> Event:
        """The event with this key's fingerprint and signature."""
        named = replace(event, key=self.public.fingerprint, sig=None)
        return replace(named, sig=self.sign(encode_event(named), EVENT))


def attested_bytes(event: Event) -> bytes:
    """What an attestation is over: the event's canonical bytes without `sig`, its `key` included."""
    return encode_event(replace(event, sig=None))


def check_attestation(event: Event, key: PublicKey) -> None:
    """Returns when the registry's key attests the event. Raises `SignatureRefusedError`."""
    if event.sig is None or event.key != key.fingerprint:
        raise SignatureRefusedError(
            f"event {event.seq}",
            f"it is not attested by the registry's key {key.fingerprint}.",
            "Compare with another clone.",
        )
    check_signature(event.sig, attested_bytes(event), EVENT, key)
