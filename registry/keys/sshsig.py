"""SSH signatures (OpenSSH's PROTOCOL.sshsig): read strictly, written, checked in process. Pure.

In an event a signature is the base64 of its blob, the armour and line breaks left out. Stricter than
the protocol asks: the reserved field, which no signature covers, must be empty, and nothing may follow.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from registry.keys.errors import SignatureRefusedError
from registry.keys.public_key import PublicKey
from registry.keys.wire import Reader, base64_text, string, unbase64

LONGEST = 2000
"""Characters of the compact form: what the field `sig` of an event takes."""

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_HEAD, _TAIL = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_ARMOUR = re.compile(rf"{_HEAD}\r?\n((?:[A-Za-z0-9+/=]{{1,76}}\r?\n){{1,100}}){_TAIL}(?:\r?\n)?")
_WIDTH = 70


@dataclass(frozen=True, slots=True)
class Signature:
    """A well-formed signature, which nobody has checked yet.

    `key` is the public key's blob that it names, `hash` that of the message, `blob` the key's own
    signature with its algorithm.
    """

    key: bytes
    namespace: str
    hash: str
    blob: bytes

    @property
    def compact(self) -> str:
        """What an event holds."""
        return base64_text(
            _MAGIC
            + _VERSION.to_bytes(4, "big")
            + string(self.key)
            + string(self.namespace.encode("ascii"))
            + string(b"")
            + string(self.hash.encode("ascii"))
            + string(self.blob)
        )

    @property
    def armoured(self) -> str:
        """As `ssh-keygen -Y sign` writes it and `-Y verify` reads it."""
        text = self.compact
        lines = (text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH))
        return "\n".join((_HEAD, *lines, _TAIL, ""))


def parse_signature(text: str) -> Signature:
    """Reads the compact form. Raises `SignatureRefusedError`."""
    if len(text) > LONGEST:
        raise _malformed(f"it has {len(text):,} characters; at most {LONGEST:,} are taken.")
    reader = Reader(unbase64(text, _malformed), _malformed)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise _malformed("it is no SSH signature.")
    if (version := reader.uint32()) != _VERSION:
        raise _malformed(f"it is of version {version}; version {_VERSION} is known.")
    key, namespace, reserved, hash_, blob = (reader.string() for _ in range(5))
    reader.end()
    if reserved:
        raise _malformed("its reserved field is not empty, and no signature covers that.")
    if hash_ not in _HASHES:
        raise _malformed(f"it is over the hash {hash_[:20]!r}; sha256 and sha512 are taken.")
    if not (namespace and namespace.isascii() and namespace.decode("ascii").isprintable()):
        raise _malformed("its namespace is empty or not plain ASCII.")
    return Signature(key, namespace.decode("ascii"), hash_.decode("ascii"), blob)


def read_armoured(text: str) -> Signature:
    """Reads what `ssh-keygen -Y sign` wrote. Raises `SignatureRefusedError`."""
    found = _ARMOUR.fullmatch(text)
    if found is None:
        raise _malformed(f"it is not one block from {_HEAD} to {_TAIL}.")
    return parse_signature("".join(found.group(1).split()))


def signed_bytes(namespace: str, message: bytes, hash_: str = "sha512") -> bytes:
    """What the key itself signs: never the message, but its digest, bound to the namespace."""
    digest = _HASHES[hash_.encode("ascii")](message).digest()
    fields = (namespace.encode("ascii"), b"", hash_.encode("ascii"), digest)
    return _MAGIC + b"".join(map(string, fields))


def check_signature(signature: str | Signature, message: bytes, namespace: str, key: PublicKey) -> None:
    """Returns when this key signed this message in this namespace.

    `signature` may be the compact form. Raises `SignatureRefusedError`, saying what does not fit.
    """
    if isinstance(signature, str):
        signature = parse_signature(signature)
    if signature.key != key.blob:
        raise SignatureRefusedError(
            "signature", f"it is not by the key {key.fingerprint}.", "Sign with the key that is registered."
        )
    if signature.namespace != namespace:
        raise SignatureRefusedError(
            "signature",
            f"it was made for {signature.namespace[:60]!r}, and not for {namespace!r}.",
            "A signature holds for what it was made for only: sign the statement itself.",
        )
    if not key.check(signature.blob, signed_bytes(namespace, message, signature.hash)):
        raise SignatureRefusedError(
            "signature",
            "it does not fit: the statement or the signature was changed, or the key did not make it.",
            "Sign the statement as it stands now.",
        )


def _malformed(rule: str) -> SignatureRefusedError:
    return SignatureRefusedError("signature", rule, "Sign again with ssh-keygen.")
