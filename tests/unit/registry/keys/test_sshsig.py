"""SSH signatures: OpenSSH's are taken, ours OpenSSH takes, and what is not exactly one is refused."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from governance.payloads import Token
from registry.keys.errors import KeyRefusedError, SignatureRefusedError
from registry.keys.public_key import PublicKey, key_of_blob, read_public_key
from registry.keys.sshsig import Signature, check_signature, parse_signature, read_armoured, signed_bytes
from registry.keys.statements import ACT, BALLOT
from registry.keys.wire import Reader, base64_text, natural, string
from tests.support.ssh import KINDS, SoftSecurityKey, ssh_accepts, ssh_sign

VECTORS = Path(__file__).parent / "vectors"
VECTOR_TYPES = sorted(path.stem for path in VECTORS.glob("*.sig"))
MESSAGE = b"The statement that was signed."


def vector(type_: str) -> tuple[PublicKey, Signature]:
    """A key and its signature over `MESSAGE` in namespace `ACT`, made by OpenSSH 9.2."""
    return read_public_key(VECTORS / f"{type_}.pub"), read_armoured((VECTORS / f"{type_}.sig").read_text())


KEY, SIGNATURE = vector("ssh-ed25519")


@pytest.mark.parametrize("type_", VECTOR_TYPES)
def test_kept_signatures(type_: str) -> None:
    """Signatures that OpenSSH made once are taken for ever, and are written again byte for byte."""
    key, signature = vector(type_)
    check_signature(signature, MESSAGE, ACT, key)
    check_signature(signature.compact, MESSAGE, ACT, key)
    assert signature.armoured == (VECTORS / f"{type_}.sig").read_text()
    assert parse_signature(signature.compact) == signature


@pytest.mark.parametrize("hash_", ["sha256", "sha512"])
@pytest.mark.parametrize("kind", KINDS)
def test_openssh_signs_and_we_check(keys: dict[str, Path], tmp_path: Path, kind: str, hash_: str) -> None:
    """Every kind of key and both hashes: what ssh-keygen signs is taken here, and written again by us,
    taken there."""
    key = read_public_key(keys[kind])
    signature = read_armoured(ssh_sign(keys[kind], MESSAGE, BALLOT, "-O", f"hashalg={hash_}"))
    assert signature.hash == hash_
    check_signature(signature.compact, MESSAGE, BALLOT, key)
    assert key_of_blob(signature.key) == key
    again = parse_signature(signature.compact).armoured
    assert ssh_accepts(tmp_path, key.line, again, MESSAGE, BALLOT)
    assert not ssh_accepts(tmp_path, key.line, again, MESSAGE, ACT)


@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_an_event(keys: dict[str, Path], kind: str) -> None:
    """The compact form of every kind of key, RSA of 4096 bits included, fits the field of an event."""
    compact = read_armoured(ssh_sign(keys[kind], MESSAGE, BALLOT)).compact
    assert msgspec.convert(compact, Token) == compact
    assert (len(compact) == 1500) == (kind == "rsa-4096")
    check_signature(compact, MESSAGE, BALLOT, read_public_key(keys[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_bound_to_statement_namespace_and_key(keys: dict[str, Path], kind: str) -> None:
    """A signature holds for its own statement, namespace and key only."""
    key = read_public_key(keys[kind])
    signature = read_armoured(ssh_sign(keys[kind], MESSAGE, ACT))
    check_signature(signature, MESSAGE, ACT, key)
    for message, namespace, rule in (
        (MESSAGE + b" ", ACT, "it does not fit"),
        (b"", ACT, "it does not fit"),
        (MESSAGE, BALLOT, f"it was made for '{ACT}', and not for '{BALLOT}'"),
        (MESSAGE, "", f"it was made for '{ACT}', and not for ''"),
    ):
        with pytest.raises(SignatureRefusedError, match=re.escape(rule)):
            check_signature(signature, message, namespace, key)
    # The namespace in the envelope is not what counts: the signed bytes name it as well.
    with pytest.raises(SignatureRefusedError, match="it does not fit"):
        check_signature(replace(signature, namespace=BALLOT), MESSAGE, BALLOT, key)
    with pytest.raises(SignatureRefusedError, match="it is not by the key SHA256:"):
        check_signature(signature, MESSAGE, ACT, SoftSecurityKey("ed25519").public)


def test_another_keys_name_on_it(keys: dict[str, Path]) -> None:
    """A signature into which somebody else's key was put is refused."""
    signature = read_armoured(ssh_sign(keys["ed25519"], MESSAGE, ACT))
    with pytest.raises(SignatureRefusedError, match="it does not fit"):
        check_signature(replace(signature, key=KEY.blob), MESSAGE, ACT, KEY)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
class TestSecurityKey:
    """Keys in hardware: OpenSSH agrees with us on what they sign."""

    def test_it_signs(self, tmp_path: Path, kind: str) -> None:
        """A touched key's signature is taken by ssh-keygen and by us, and fits an event."""
        hardware = SoftSecurityKey(kind, b"ssh:commons")
        signature = hardware.sign(MESSAGE, BALLOT)
        assert ssh_accepts(tmp_path, hardware.public.line, signature.armoured, MESSAGE, BALLOT)
        check_signature(signature.compact, MESSAGE, BALLOT, hardware.public)
        assert msgspec.convert(signature.compact, Token) == signature.compact

    def test_untouched(self, kind: str) -> None:
        """A signature that a program made without anybody's touch is refused."""
        hardware = SoftSecurityKey(kind)
        for flags in (0, 4):
            with pytest.raises(SignatureRefusedError, match="nobody touched"):
                check_signature(hardware.sign(MESSAGE, ACT, flags=flags), MESSAGE, ACT, hardware.public)
        check_signature(hardware.sign(MESSAGE, ACT, flags=5), MESSAGE, ACT, hardware.public)

    def test_flags_and_counter_are_signed(self, kind: str) -> None:
        """Nobody can say afterwards that a key was touched, or was used more often."""
        hardware = SoftSecurityKey(kind)
        untouched = hardware.sign(MESSAGE, ACT, flags=0)
        later = hardware.sign(MESSAGE, ACT)
        for forged in (
            replace(untouched, blob=untouched.blob[:-5] + b"\x01" + untouched.blob[-4:]),
            replace(later, blob=later.blob[:-1] + bytes([later.blob[-1] + 1])),
        ):
            with pytest.raises(SignatureRefusedError, match="it does not fit"):
                check_signature(forged, MESSAGE, ACT, hardware.public)

    def test_bound_to_its_application(self, kind: str) -> None:
        """The same hardware key under another application's name is another key."""
        hardware = SoftSecurityKey(kind)
        signature = hardware.sign(MESSAGE, ACT)
        hardware.blob = hardware.blob.removesuffix(string(b"ssh:")) + string(b"ssh:other")
        with pytest.raises(SignatureRefusedError, match="it does not fit"):
            check_signature(replace(signature, key=hardware.blob), MESSAGE, ACT, hardware.public)


def packed(*fields: bytes, version: int = 1, magic: bytes = b"SSHSIG") -> str:
    return base64_text(magic + version.to_bytes(4, "big") + b"".join(map(string, fields)))


FIELDS = (SIGNATURE.key, ACT.encode(), b"", b"sha512", SIGNATURE.blob)
RAW = base64.b64decode(SIGNATURE.compact)

MALFORMED = {
    "empty": ("", "it is cut off"),
    "not base64": ("=", "it is not base64"),
    "line break": (SIGNATURE.compact[:70] + "\n" + SIGNATURE.compact[70:], "it is not base64"),
    "stray bits": (f"{base64_text(RAW[:-1])[:-3]}B==", "not in the one form"),
    "too long": (base64_text(bytes(1503)), "it has 2,004 characters; at most 2,000"),
    "magic": (packed(*FIELDS, magic=b"SSHSIH"), "it is no SSH signature"),
    "version": (packed(*FIELDS, version=2), "it is of version 2"),
    "no namespace": (packed(FIELDS[0], b"", *FIELDS[2:]), "its namespace is empty or not plain ASCII"),
    "namespace": (packed(FIELDS[0], b"a\nb", *FIELDS[2:]), "its namespace is empty or not plain ASCII"),
    "reserved": (packed(*FIELDS[:2], b"x", *FIELDS[3:]), "its reserved field is not empty"),
    "sha1": (packed(*FIELDS[:3], b"sha1", FIELDS[4]), "it is over the hash b'sha1'"),
    "no hash": (packed(*FIELDS[:3], b"", FIELDS[4]), "it is over the hash b''"),
    "big SHA512": (packed(*FIELDS[:3], b"SHA512", FIELDS[4]), "it is over the hash b'SHA512'"),
    "a field less": (packed(*FIELDS[:4]), "it is cut off"),
    "a field more": (packed(*FIELDS, b""), "bytes follow its end"),
    "a byte more": (base64_text(RAW + b"\0"), "bytes follow its end"),
    "huge length": (base64_text(RAW[:10] + b"\xff\xff\xff\xff" + RAW[14:]), "it is cut off"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(case: str) -> None:
    """A signature that is not exactly what the protocol says is refused with place, rule and remedy."""
    text, rule = MALFORMED[case]
    with pytest.raises(SignatureRefusedError) as refused:
        parse_signature(text)
    assert rule in refused.value.rule
    assert str(refused.value) == f"signature: {refused.value.rule} Sign again with ssh-keygen."


ARMOURED = SIGNATURE.armoured


@pytest.mark.parametrize(
    "text",
    [
        "",
        SIGNATURE.compact,
        f"\n{ARMOURED}",
        f"{ARMOURED}\n",
        f"Signed:\n{ARMOURED}",
        ARMOURED * 2,
        ARMOURED.replace("-----END SSH SIGNATURE-----", ""),
        ARMOURED.replace("BEGIN SSH SIGNATURE", "BEGIN PGP SIGNATURE"),
        ARMOURED.replace("\n", "\n\n"),
        ARMOURED.replace("U1NI", "U1 NI"),
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        f"-----BEGIN SSH SIGNATURE-----\n{'A' * 77}\n-----END SSH SIGNATURE-----\n",
    ],
)
def test_malformed_armour(text: str) -> None:
    """Armour is one block from its first line to its last, and nothing around it."""
    with pytest.raises(SignatureRefusedError):
        read_armoured(text)


@pytest.mark.parametrize("text", [ARMOURED.rstrip("\n"), ARMOURED.replace("\n", "\r\n")])
def test_line_ends(text: str) -> None:
    """A missing last line's end and the line ends of Windows change nothing."""
    assert read_armoured(text) == SIGNATURE


def inner(type_: str) -> tuple[PublicKey, bytes, bytes]:
    """A key, and algorithm and number of its signature."""
    key, signature = vector(type_)
    reader = Reader(signature.blob, ValueError)
    return key, reader.string(), reader.string()


def refuse_blob(key: PublicKey, blob: bytes) -> str:
    with pytest.raises(SignatureRefusedError) as refused:
        check_signature(Signature(key.blob, ACT, "sha512", blob), MESSAGE, ACT, key)
    return refused.value.rule


def test_sha1_is_refused() -> None:
    """RSA with SHA-1, the algorithm `ssh-rsa`, is refused even by a good key."""
    key, algorithm, raw = inner("ssh-rsa")
    assert algorithm == b"rsa-sha2-512"
    assert "its algorithm is b'ssh-rsa'" in refuse_blob(key, string(b"ssh-rsa") + string(raw))
    assert "it does not fit" in refuse_blob(key, string(b"rsa-sha2-256") + string(raw))


@pytest.mark.parametrize("type_", VECTOR_TYPES)
def test_malformed_inside(type_: str) -> None:
    """Inside, too, algorithm and lengths must be the key's own, and nothing may follow."""
    key, algorithm, raw = inner(type_)
    good = string(algorithm) + string(raw)
    assert "its algorithm is b'none'" in refuse_blob(key, string(b"none") + string(raw))
    assert "bytes follow its end" in refuse_blob(key, good + b"\0")
    assert "it is cut off" in refuse_blob(key, good[:-1])
    assert refuse_blob(key, b"") == "it is cut off."
    for other in (raw[1:], raw + b"\0", b"", b"\0" + raw):
        rule = refuse_blob(key, string(algorithm) + string(other))
        assert type_.startswith("ecdsa") or rule.startswith(f"it has {len(other)} bytes")


def test_numbers_of_ecdsa() -> None:
    """The two numbers stand in their shortest form, and are positive."""
    key, algorithm, raw = inner("ecdsa-sha2-nistp256")
    reader = Reader(raw, ValueError)
    r, s = reader.natural(), reader.natural()

    def rule(numbers: bytes) -> str:
        return refuse_blob(key, string(algorithm) + string(numbers))

    longer = string(b"\0" + natural(r)[4:]) + natural(s)
    assert "not in its shortest form" in rule(longer)
    assert "not positive" in rule(string(b"") + natural(s))
    assert "not positive" in rule(string(b"\xff") + natural(s))
    assert "it does not fit" in rule(natural(r) + natural(1 << 300))


def test_a_second_ecdsa_signature_is_known_to_exist() -> None:
    """Of an ECDSA signature anyone can make another valid one, as is documented; it states nothing else."""
    key, algorithm, raw = inner("ecdsa-sha2-nistp256")
    reader = Reader(raw, ValueError)
    r, s = reader.natural(), reader.natural()
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = Signature(key.blob, ACT, "sha512", string(algorithm) + string(natural(r) + natural(order - s)))
    check_signature(twin, MESSAGE, ACT, key)
    with pytest.raises(SignatureRefusedError):
        check_signature(twin, MESSAGE + b".", ACT, key)


def test_weak_keys_in_a_signature(tmp_path: Path) -> None:
    """A key that may not sign here is refused when it is read out of a signature, as on its own."""
    weak = (VECTORS / "refused-rsa-1024.pub").read_text().split()[1]
    with pytest.raises(KeyRefusedError, match="RSA key of 1024 bits"):
        key_of_blob(base64.b64decode(weak), str(tmp_path))


def test_signed_bytes() -> None:
    """The bytes that a key signs, as PROTOCOL.sshsig lays them out."""
    digest = bytes.fromhex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert signed_bytes("a", b"abc", "sha256") == (
        b"SSHSIG\0\0\0\1a\0\0\0\0\0\0\0\6sha256\0\0\0\x20" + digest
    )
