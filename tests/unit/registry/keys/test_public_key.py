"""SSH public keys: what people paste, and what of it may be registered."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest

from governance.payloads import Token, Word
from registry.keys.algorithms import TYPES
from registry.keys.errors import KeyRefusedError
from registry.keys.public_key import Keyring, key_of_blob, parse_public_key, read_public_key
from registry.keys.wire import base64_text, natural, string
from tests.support.ssh import KINDS, SoftSecurityKey, keygen

VECTORS = Path(__file__).parent / "vectors"
LINE = (VECTORS / "ssh-ed25519.pub").read_text().strip()
BLOB = LINE.split()[1]
RAW = base64.b64decode(BLOB)
P256 = base64.b64decode((VECTORS / "ecdsa-sha2-nistp256.pub").read_text().split()[1])
RSA = base64.b64decode((VECTORS / "ssh-rsa.pub").read_text().split()[1])
# y = 0 encodes a point of order four: with it as a key, one signature would fit half of all messages.
SMALL_ORDER = bytes(32)
IDENTITY = bytes([1]) + bytes(31)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_openssh_makes(keys: dict[str, Path], kind: str) -> None:
    """A .pub file is read, and its fingerprint is the one that ssh-keygen prints."""
    key = read_public_key(keys[kind])
    bits, fingerprint, *_ = keygen("-l", "-f", f"{keys[kind]}.pub").stdout.decode().split()
    assert (key.fingerprint, kind in ("ed25519", f"ecdsa-{bits}", f"rsa-{bits}")) == (fingerprint, True)
    assert keys[kind].with_name(f"{kind}.pub").read_text() == f"{key.line} ana at home\n"
    assert read_public_key(keys[kind].with_name(f"{kind}.pub")) == key


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_security_keys(tmp_path: Path, kind: str) -> None:
    """A key in hardware is read and has ssh-keygen's fingerprint."""
    key = SoftSecurityKey(kind).public
    (tmp_path / "key.pub").write_text(f"{key.line}\n")
    assert keygen("-l", "-f", tmp_path / "key.pub").stdout.decode().split()[1] == key.fingerprint
    assert read_public_key(tmp_path / "key.pub") == key


@pytest.mark.parametrize("type_", TYPES)
def test_what_the_log_holds(type_: str) -> None:
    """Type, blob and fingerprint of every kind fit the fields of an event."""
    if type_.startswith("sk-"):
        key = SoftSecurityKey("ecdsa" if "ecdsa" in type_ else "ed25519", b"ssh:" + b"a" * 251).public
    else:
        key = read_public_key(VECTORS / f"{type_}.pub")
    assert key.type == type_
    assert msgspec.convert(key.text, Token) == key.text
    assert msgspec.convert(key.fingerprint, Token) == key.fingerprint
    assert msgspec.convert(key.type, Word) == key.type
    assert parse_public_key(key.text) == key


def test_the_longest_key_fits(keys: dict[str, Path]) -> None:
    """An RSA key of 4096 bits, the largest that is taken, fits the field of an event."""
    key = read_public_key(keys["rsa-4096"])
    assert msgspec.convert(key.text, Token) == key.text


@pytest.mark.parametrize(
    "text",
    [LINE, BLOB, f"{LINE}\n", f"{LINE}\r\n", f"{LINE} ana at home", f"{LINE} Zoë's key\n", f"  {LINE}  "],
)
def test_forms_of_a_line(text: str) -> None:
    """A line with or without its end and comment, or the blob alone, are the same key."""
    key = parse_public_key(text)
    assert (key.type, key.text, key.line) == ("ssh-ed25519", BLOB, LINE)
    assert key == key_of_blob(RAW)


def blob(*fields: bytes) -> str:
    return base64_text(b"".join(map(string, fields)))


REFUSED = {
    "empty": ("", "it is empty."),
    "blank": ("   \n", "it is empty."),
    "two lines": (f"{LINE}\n{LINE}\n", "more than one line"),
    "a line and a blank one": (f"{LINE}\n\n", "more than one line"),
    "a tab": (LINE.replace(" ", "\t"), "characters that cannot be seen"),
    "direction override": (f"{LINE} \u202e", "characters that cannot be seen"),
    "options": (f"no-pty {LINE}", "'no-pty' is no type of key"),
    "type alone": ("ssh-ed25519", "it is not base64"),
    "too long": (f"{LINE} {'a' * 5000}", "characters, and no key so many"),
    "private key": ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "it looks like a private key"),
    "putty": ("PuTTY-User-Key-File-3: ssh-ed25519\n", "it is a private key"),
    "pem": ("-----BEGIN PUBLIC KEY-----\nMIIB\n", "it is a key in PEM form"),
    "pkcs1": ("-----BEGIN RSA PUBLIC KEY-----\nMIIB\n", "it is a key in PEM form"),
    "rfc 4716": ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", "in the form of RFC 4716"),
    "signature": ("-----BEGIN SSH SIGNATURE-----\nU1NI\n", "it is a signature"),
    "dsa": ((VECTORS / "refused-dsa.pub").read_text(), "it is a DSA key"),
    "dsa blob": ((VECTORS / "refused-dsa.pub").read_text().split()[1], "it is a DSA key"),
    "short rsa": ((VECTORS / "refused-rsa-1024.pub").read_text(), "an RSA key of 1024 bits"),
    "certificate": ((VECTORS / "refused-certificate.pub").read_text(), "it is a certificate"),
    "certificate blob": (
        (VECTORS / "refused-certificate.pub").read_text().split()[1],
        "it is a certificate",
    ),
    "webauthn": ("webauthn-sk-ecdsa-sha2-nistp256@openssh.com AAAA", "it is a key of a browser"),
    "unknown type": (blob(b"ssh-ed448", bytes(57)), "'ssh-ed448' is no type of key"),
    "type of another": (f"ecdsa-sha2-nistp256 {BLOB}", "it says ecdsa-sha2-nistp256 and holds ssh-ed25519"),
    "no padding": (blob(b"ssh-rsa").rstrip("="), "it is not base64"),
    "url base64": (LINE.replace("+", "-"), "it is not base64"),
    "stray base64 bits": (f"{blob(b'ssh-rsa')[:-2]}1=", "not in the one form"),
    "not ASCII": (f"ssh-ed25519 {BLOB[:-1]}é", "it is not base64"),
    "cut off": (base64_text(RAW[:-1]), "it is cut off"),
    "trailing byte": (base64_text(RAW + b"\0"), "bytes follow its end"),
    "huge length": (base64_text(b"\xff\xff\xff\xff" + RAW), "it is cut off"),
    "short point": (blob(b"ssh-ed25519", bytes(31)), "no point that a real key has"),
    "small order": (blob(b"ssh-ed25519", SMALL_ORDER), "no point that a real key has"),
    "identity": (blob(b"ssh-ed25519", IDENTITY), "no point that a real key has"),
    "not on the curve": (blob(b"ssh-ed25519", bytes([2]) + bytes(31)), "no point that a real key has"),
    "other curve": (base64_text(P256.replace(b"nistp256", b"nistp384", 2)), "is no point of its curve"),
    "curve against type": (
        base64_text(P256[:23].replace(b"p256", b"p384") + P256[23:]),
        "its curve is another than its type says",
    ),
    "compressed point": (
        blob(b"ecdsa-sha2-nistp256", b"nistp256", b"\x02" + P256[-64:-32]),
        "not in the uncompressed form",
    ),
    "off the curve": (
        blob(b"ecdsa-sha2-nistp256", b"nistp256", P256[-65:-1] + bytes([P256[-1] ^ 1])),
        "no point of its curve",
    ),
    "point at infinity": (blob(b"ecdsa-sha2-nistp256", b"nistp256", b"\0"), "not in the uncompressed form"),
    "long rsa": (
        base64_text(string(b"ssh-rsa") + natural(65537) + natural((1 << 4097) | 1)),
        "an RSA key of 4098 bits",
    ),
    "small exponent": (
        base64_text(RSA.replace(b"\0\0\0\3\1\0\1", b"\0\0\0\1\3")),
        "none that a sound program makes",
    ),
    "even exponent": (
        base64_text(RSA.replace(b"\0\0\0\3\1\0\1", b"\0\0\0\3\1\0\2")),
        "none that a sound program makes",
    ),
    "huge exponent": (
        base64_text(string(b"ssh-rsa") + natural((1 << 64) | 1) + RSA[18:]),
        "none that a sound program makes",
    ),
    "even modulus": (base64_text(RSA[:-1] + bytes([RSA[-1] & 0xFE])), "none that a sound program makes"),
    "negative number": (base64_text(string(b"ssh-rsa") + string(b"\x81") + RSA[18:]), "not positive"),
    "zero": (base64_text(string(b"ssh-rsa") + string(b"") + RSA[18:]), "not positive"),
    "needless zero": (
        base64_text(string(b"ssh-rsa") + string(b"\0\1\0\1") + RSA[18:]),
        "not in its shortest form",
    ),
    "key of a website": (
        base64_text(SoftSecurityKey("ecdsa", b"https://example.org").blob),
        "another application than SSH",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """Anything else is refused with the place, the rule and what to do."""
    text, rule = REFUSED[case]
    with pytest.raises(KeyRefusedError) as refused:
        parse_public_key(text, "ana's key")
    error = refused.value
    assert rule in error.rule
    assert (error.place, bool(error.remedy)) == ("ana's key", True)
    assert str(error) == f"ana's key: {error.rule} {error.remedy}"


def test_a_private_key_is_never_repeated(keys: dict[str, Path]) -> None:
    """Whoever pastes a private key is told not to, and no byte of it comes back in the message."""
    private = keys["ed25519"].read_text()
    with pytest.raises(KeyRefusedError, match="Never give a private key away") as refused:
        parse_public_key(private)
    assert not any(line in str(refused.value) for line in private.splitlines()[1:-1])


def test_a_missing_file(tmp_path: Path) -> None:
    """A .pub file that is not there is an error of the system, by its name."""
    with pytest.raises(FileNotFoundError, match=r"none\.pub"):
        read_public_key(tmp_path / "none")


def test_a_key_shows_no_more_than_itself() -> None:
    """Keys are values: equal by blob, usable in sets, and printed without their inner parts."""
    assert len({parse_public_key(LINE), parse_public_key(BLOB)}) == 1
    assert "check" not in repr(parse_public_key(LINE))


def test_a_keyring_reads_each_key_once() -> None:
    """Asked again for the same text, a keyring gives the same object; malformed text is refused."""
    ring = Keyring()
    assert ring.key(BLOB) is ring.key(BLOB)
    with pytest.raises(KeyRefusedError):
        ring.key("AAAA")
