"""The kinds of SSH keys that may sign here: how each is read, and how its signature is checked. Pure.

Sources: RFC 4253 and 8332 (RSA), RFC 5656 (ECDSA), RFC 8709 (Ed25519), OpenSSH's PROTOCOL.u2f (security
keys). What OpenSSH would still take and we do not: DSA and SHA-1, RSA under 2048 bits, points that no
honest key has.

Ed25519 is checked by libsodium, which takes half the time of OpenSSL (measured: 17,500 against 8,800 a
second) and refuses more; the rest by OpenSSL through `cryptography`. An ECDSA signature can be turned into a
second valid one of the same statement by anyone (s against n - s); so nothing may rest on a signature's
bytes being the only ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from registry.keys.errors import SignatureRefusedError
from registry.keys.wire import Reader, Refuse

Check = Callable[[bytes, bytes], bool]
"""Whether an SSH signature blob fits a message; raises `SignatureRefusedError` for a malformed blob."""

SMALLEST_RSA, LARGEST_RSA = 2048, 4096
"""In bits. The largest is what fits the `sig` field of an event, key and signature together."""

_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    "nistp256": (ec.SECP256R1(), hashes.SHA256()),
    "nistp384": (ec.SECP384R1(), hashes.SHA384()),
    "nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
_RSA_HASHES: dict[bytes, hashes.HashAlgorithm] = {
    b"rsa-sha2-256": hashes.SHA256(),
    b"rsa-sha2-512": hashes.SHA512(),
}
_ED25519_BYTES = 64
# Exponents: FIPS 186-5, section 5.1; a huge one would make every check slow.
_LEAST_EXPONENT, _MOST_EXPONENT = 1 << 16, 1 << 64
_TOUCHED = 0x01


def check_of(type_: str, rest: Reader, refuse: Refuse) -> Check | None:
    """Reads the fields of a key blob behind its type; None for a type that may not sign here."""
    loader = _LOADERS.get(type_)
    return None if loader is None else loader(type_, rest, refuse)


def _malformed(rule: str) -> SignatureRefusedError:
    return SignatureRefusedError("signature", rule, "Sign again with ssh-keygen.")


def _fields(signature: bytes, *algorithms: bytes) -> tuple[Reader, bytes]:
    reader = Reader(signature, _malformed)
    named = reader.string()
    if named not in algorithms:
        wanted = " or ".join(name.decode() for name in algorithms)
        raise _malformed(f"its algorithm is {named[:40]!r}; this key's is {wanted}.")
    return reader, named


def _ed25519_key(rest: Reader, refuse: Refuse) -> bytes:
    raw = rest.string()
    # A point of small order would make one signature fit every statement.
    if len(raw) != 32 or not crypto_core_ed25519_is_valid_point(raw):
        raise refuse("it is no point that a real key has.")
    return raw


def _ed25519(type_: str, rest: Reader, refuse: Refuse) -> Check:
    key, algorithm = _ed25519_key(rest, refuse), type_.encode()

    def check(signature: bytes, message: bytes) -> bool:
        reader, _ = _fields(signature, algorithm)
        raw = reader.string()
        reader.end()
        return _ed25519_fits(key, raw, message)

    return check


def _ed25519_fits(key: bytes, raw: bytes, message: bytes) -> bool:
    if len(raw) != _ED25519_BYTES:
        raise _malformed(f"it has {len(raw)} bytes; an Ed25519 signature has {_ED25519_BYTES}.")
    try:
        crypto_sign_open(raw + message, key)
    except BadSignatureError:
        return False
    return True


def _ecdsa_key(curve: ec.EllipticCurve, rest: Reader, refuse: Refuse) -> ec.EllipticCurvePublicKey:
    name, point = rest.string(), rest.string()
    if _CURVES.get(name.decode("ascii", "replace"), (None,))[0] is not curve:
        raise refuse("its curve is another than its type says.")
    if point[:1] != b"\x04":
        raise refuse("its point is not in the uncompressed form.")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    except ValueError:
        raise refuse("it is no point of its curve.") from None


def _ecdsa(type_: str, rest: Reader, refuse: Refuse) -> Check:
    curve, digest = _CURVES[type_.removeprefix("ecdsa-sha2-")]
    key, algorithm = _ecdsa_key(curve, rest, refuse), type_.encode()

    def check(signature: bytes, message: bytes) -> bool:
        reader, _ = _fields(signature, algorithm)
        raw = reader.string()
        reader.end()
        return _ecdsa_fits(key, digest, raw, message)

    return check


def _ecdsa_fits(
    key: ec.EllipticCurvePublicKey, digest: hashes.HashAlgorithm, raw: bytes, message: bytes
) -> bool:
    numbers = Reader(raw, _malformed)
    r, s = numbers.natural(), numbers.natural()
    numbers.end()
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def _rsa(_type: str, rest: Reader, refuse: Refuse) -> Check:
    e, n = rest.natural(), rest.natural()
    bits = n.bit_length()
    if not SMALLEST_RSA <= bits <= LARGEST_RSA:
        raise refuse(f"it is an RSA key of {bits} bits; {SMALLEST_RSA} to {LARGEST_RSA} are taken.")
    if not (_LEAST_EXPONENT < e < _MOST_EXPONENT and e % 2 and n % 2):
        raise refuse("its RSA numbers are none that a sound program makes.")
    key = rsa.RSAPublicNumbers(e, n).public_key()
    size = (bits + 7) // 8

    def check(signature: bytes, message: bytes) -> bool:
        reader, algorithm = _fields(signature, *_RSA_HASHES)
        raw = reader.string()
        reader.end()
        if len(raw) != size:
            raise _malformed(f"it has {len(raw)} bytes; one by this RSA key has {size}.")
        try:
            key.verify(raw, message, padding.PKCS1v15(), _RSA_HASHES[algorithm])
        except InvalidSignature:
            return False
        return True

    return check


def _security_key(type_: str, rest: Reader, refuse: Refuse) -> Check:
    """A key in hardware: it signs the application, its own flags and counter, and a digest."""
    fits: Check
    if type_.startswith("sk-ssh-ed25519"):
        edwards = _ed25519_key(rest, refuse)

        def fits(raw: bytes, message: bytes) -> bool:
            return _ed25519_fits(edwards, raw, message)
    else:
        curve, digest = _CURVES["nistp256"]
        weierstrass = _ecdsa_key(curve, rest, refuse)

        def fits(raw: bytes, message: bytes) -> bool:
            return _ecdsa_fits(weierstrass, digest, raw, message)

    application, algorithm = rest.string(), type_.encode()
    if not application.startswith(b"ssh:") or len(application) > 255:
        raise refuse("it is a security key of another application than SSH.")
    bound = hashlib.sha256(application).digest()

    def check(signature: bytes, message: bytes) -> bool:
        reader, _ = _fields(signature, algorithm)
        raw, flags, counter = reader.string(), reader.take(1), reader.take(4)
        reader.end()
        if not flags[0] & _TOUCHED:
            raise _malformed("nobody touched the security key that made it.")
        return fits(raw, bound + flags + counter + hashlib.sha256(message).digest())

    return check


_LOADERS: dict[str, Callable[[str, Reader, Refuse], Check]] = {
    "ssh-ed25519": _ed25519,
    "ecdsa-sha2-nistp256": _ecdsa,
    "ecdsa-sha2-nistp384": _ecdsa,
    "ecdsa-sha2-nistp521": _ecdsa,
    "ssh-rsa": _rsa,
    "sk-ssh-ed25519@openssh.com": _security_key,
    "sk-ecdsa-sha2-nistp256@openssh.com": _security_key,
}

TYPES = tuple(_LOADERS)
"""The types of keys that may sign, as they stand before a public key."""
