"""SSH public keys: read from what people paste, named by fingerprint. Reads a file where it says so.

In the log a key is its base64 blob alone: the type stands in the blob, and a comment would put a name or
a host into a record that cannot forget.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from registry.keys.algorithms import TYPES, Check, check_of
from registry.keys.errors import KeyRefusedError
from registry.keys.wire import Reader, Refuse, base64_text, unbase64

LONGEST_LINE = 4096
"""Characters of a line that is read: the largest key has 716, the rest is its comment."""

_REMEDY = "Give the line of an Ed25519 key's .pub file; `ssh-keygen -t ed25519` makes a key."
_OTHER_TYPES = {
    "ssh-dss": "it is a DSA key, which is too weak to sign here.",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com": "it is a key of a browser, and not of SSH.",
}
_CERTIFICATE = "-cert-v01@openssh.com"
# What people paste instead, by how it begins, and what to say. A private key is never repeated.
_OTHER_FILES = (
    ("-----BEGIN SSH SIGNATURE-----", "it is a signature.", _REMEDY),
    (
        "-----BEGIN PUBLIC KEY-----",
        "it is a key in PEM form.",
        "`ssh-keygen -i -m PKCS8 -f FILE` prints it as a line.",
    ),
    (
        "-----BEGIN RSA PUBLIC KEY-----",
        "it is a key in PEM form.",
        "`ssh-keygen -i -m PEM -f FILE` prints it as a line.",
    ),
    (
        "---- BEGIN SSH2 PUBLIC KEY ----",
        "it is a key in the form of RFC 4716.",
        "`ssh-keygen -i -f FILE` prints it as a line.",
    ),
    (
        "-----BEGIN ",
        "it looks like a private key or a certificate.",
        "Never give a private key away; give the line of the .pub file beside it.",
    ),
    (
        "PuTTY-User-Key-File",
        "it is a private key.",
        "Never give it away; `puttygen KEY -L` prints the public line.",
    ),
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that may sign here. Two are equal when their blobs are."""

    type: str
    blob: bytes
    check: Check = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The blob as base64: what the log holds."""
        return base64_text(self.blob)

    @property
    def line(self) -> str:
        """As it stands in a .pub file, without a comment."""
        return f"{self.type} {self.text}"

    @property
    def fingerprint(self) -> str:
        """`SHA256:...`, as `ssh-keygen -l` prints it."""
        return f"SHA256:{base64_text(hashlib.sha256(self.blob).digest()).rstrip('=')}"


def parse_public_key(text: str, place: str = "public key") -> PublicKey:
    """Reads one line of a .pub file, or the blob alone; the comment is dropped.

    Raises `KeyRefusedError` with `place` for anything else: another kind of file, options before the key,
    a second line, a certificate, a weak or malformed key.
    """

    def refuse(rule: str) -> KeyRefusedError:
        return KeyRefusedError(place, rule, _REMEDY)

    line = text.removesuffix("\n").removesuffix("\r")
    for begins, rule, remedy in _OTHER_FILES:
        if line.lstrip().startswith(begins):
            raise KeyRefusedError(place, rule, remedy)
    if len(line) > LONGEST_LINE:
        raise refuse(f"it has {len(line):,} characters, and no key so many.")
    if not line.isprintable():
        raise refuse("it is more than one line, or holds characters that cannot be seen.")
    words = line.split(maxsplit=2)
    if not words:
        raise refuse("it is empty.")
    if len(words) == 1:
        return _from_blob(unbase64(words[0], refuse), refuse)
    _refuse_type(words[0], refuse)
    key = _from_blob(unbase64(words[1], refuse), refuse)
    if key.type != words[0]:
        raise refuse(f"it says {words[0]} and holds {key.type}.")
    return key


def key_of_blob(blob: bytes, place: str = "public key") -> PublicKey:
    """Reads the bytes of a key, as they stand in a signature. Raises `KeyRefusedError`."""
    return _from_blob(blob, lambda rule: KeyRefusedError(place, rule, _REMEDY))


def public_file(path: Path) -> Path:
    """Where the public half of a key lies: `KEY.pub` itself, or beside `KEY`."""
    return path if path.suffix == ".pub" else path.with_name(f"{path.name}.pub")


def read_public_key(path: Path) -> PublicKey:
    """Reads the public half of a key from its `public_file`. Raises `KeyRefusedError` and `OSError`."""
    public = public_file(path)
    with public.open("rb") as file:
        raw = file.read(LONGEST_LINE * 4 + 1)
    return parse_public_key(raw.decode("utf-8", "replace"), str(public))


class Keyring:
    """Keys by the text that the log holds, each read once: for whoever checks thousands of signatures."""

    def __init__(self) -> None:
        self._keys: dict[str, PublicKey] = {}

    def key(self, text: str) -> PublicKey:
        """The key; raises `KeyRefusedError`, as `parse_public_key` does."""
        found = self._keys.get(text)
        if found is None:
            found = self._keys[text] = parse_public_key(text)
        return found


def _from_blob(blob: bytes, refuse: Refuse) -> PublicKey:
    rest = Reader(blob, refuse)
    type_ = rest.string().decode("ascii", "replace")
    _refuse_type(type_, refuse)
    check = check_of(type_, rest, refuse)
    assert check is not None
    rest.end()
    return PublicKey(type_, blob, check)


def _refuse_type(type_: str, refuse: Refuse) -> None:
    if type_ in TYPES:
        return
    if type_.endswith(_CERTIFICATE):
        raise refuse("it is a certificate; the plain key is wanted.")
    rule = _OTHER_TYPES.get(type_) or f"{type_[:40]!r} is no type of key that may sign here."
    raise refuse(rule)
