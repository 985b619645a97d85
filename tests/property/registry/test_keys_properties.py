"""Properties of keys, signatures and boxes: no bit can be changed unseen, and no bytes break a parser."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nacl.bindings import crypto_box_seal

from registry.keys.box_key import box_key
from registry.keys.errors import BoxRefusedError, KeyRefusedError, SignatureRefusedError
from registry.keys.public_key import PublicKey, key_of_blob, parse_public_key, read_public_key
from registry.keys.sealed import Opened, SealedBallot, Spoilt, check_box, open_boxes, seal
from registry.keys.secret import Secret
from registry.keys.sshsig import Signature, check_signature, parse_signature, read_armoured
from registry.keys.statements import ACT, BallotContext
from registry.keys.wire import Reader, base64_text, natural, string, unbase64
from tests.support.ssh import SoftSecurityKey

VECTORS = Path(__file__).parents[2] / "unit" / "registry" / "keys" / "vectors"
MESSAGE = b"The statement that was signed."
KINDS = (*sorted(path.stem for path in VECTORS.glob("*.sig")), "sk-ed25519", "sk-ecdsa")
KEY = box_key(Secret(bytes(32)), commons="roost", proposal=1, round_number=1)
CONTEXT = BallotContext(commons="roost", proposal=1, content="c" * 64, charter="d" * 40, roll="e" * 64)
CHOICES = ("yes", "no", "abstain")


@cache
def signed(kind: str) -> tuple[PublicKey, Signature]:
    """A key of this kind and its signature over `MESSAGE`."""
    if kind.startswith("sk-"):
        hardware = SoftSecurityKey(kind.removeprefix("sk-"))
        return hardware.public, hardware.sign(MESSAGE, ACT)
    return read_public_key(VECTORS / f"{kind}.pub"), read_armoured((VECTORS / f"{kind}.sig").read_text())


def flip(raw: bytes, bit: int) -> bytes:
    bit %= len(raw) * 8
    return raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]


kinds = st.sampled_from(KINDS)
bits = st.integers(0, 10**5)


@given(kind=kinds, bit=bits)
def test_a_changed_signature(kind: str, bit: int) -> None:
    """Any bit changed anywhere in a signature, its envelope included, and it is refused."""
    key, signature = signed(kind)
    changed = flip(base64.b64decode(signature.compact), bit)
    with pytest.raises(SignatureRefusedError):
        check_signature(base64_text(changed), MESSAGE, ACT, key)


@given(kind=kinds, bit=bits)
def test_a_changed_character(kind: str, bit: int) -> None:
    """Any bit changed in the text of a signature, and it is refused."""
    key, signature = signed(kind)
    changed = flip(signature.compact.encode(), bit).decode("latin-1")
    with pytest.raises(SignatureRefusedError):
        check_signature(changed, MESSAGE, ACT, key)


@given(kind=kinds, bit=bits)
def test_a_changed_key(kind: str, bit: int) -> None:
    """A key with any bit changed is no key, or one that did not sign, even where the signature names it."""
    key, signature = signed(kind)
    changed = flip(key.blob, bit)
    try:
        other = key_of_blob(changed)
    except KeyRefusedError:
        return
    for named in (signature, replace(signature, key=changed)):
        with pytest.raises(SignatureRefusedError):
            check_signature(named, MESSAGE, ACT, other)


@given(kind=kinds, bit=bits)
def test_a_changed_message(kind: str, bit: int) -> None:
    """A statement with any bit changed is not the one that was signed."""
    key, signature = signed(kind)
    with pytest.raises(SignatureRefusedError):
        check_signature(signature, flip(MESSAGE, bit), ACT, key)


@given(kind=kinds, other=st.text(max_size=40))
def test_a_changed_namespace(kind: str, other: str) -> None:
    """No other namespace takes a signature, be it asked for only or written on it as well."""
    assume(other != ACT)
    key, signature = signed(kind)
    with pytest.raises(SignatureRefusedError):
        check_signature(signature, MESSAGE, other, key)
    if other.isascii() and other:
        with pytest.raises(SignatureRefusedError):
            check_signature(replace(signature, namespace=other), MESSAGE, other, key)


@given(kind=kinds)
def test_unchanged(kind: str) -> None:
    """What was not changed is taken: the tests above can fail."""
    key, signature = signed(kind)
    check_signature(signature.compact, MESSAGE, ACT, key)


ssh_like = st.lists(st.binary(max_size=40) | st.sampled_from([b"ssh-ed25519", b"ssh-rsa", b"nistp256"])).map(
    lambda fields: b"".join(map(string, fields))
)


@given(st.binary(max_size=300) | ssh_like)
def test_any_blob(raw: bytes) -> None:
    """Any bytes are a key in its one form, or are refused by name; nothing else is raised."""
    try:
        key = key_of_blob(raw)
    except KeyRefusedError:
        return
    assert parse_public_key(key.line) == key


@given(st.text(max_size=200) | st.builds("{} {}".format, st.sampled_from(KINDS), st.text(max_size=60)))
def test_any_line(text: str) -> None:
    """Any text is a key or is refused by name."""
    with suppress(KeyRefusedError):
        assert parse_public_key(text).text in text


signature_like = st.builds(
    lambda head, raw: base64_text(head + raw),
    st.sampled_from([b"", b"SSHSIG", b"SSHSIG\0\0\0\1"]),
    st.binary(max_size=200) | ssh_like,
)


@given(st.text(max_size=200) | signature_like)
def test_any_signature(text: str) -> None:
    """Any text is a signature in its one form, or is refused by name."""
    for read in (parse_signature, read_armoured):
        with suppress(SignatureRefusedError):
            assert read(text).compact == text


@given(kind=kinds, blob=st.binary(max_size=200) | ssh_like)
def test_any_inner_signature(kind: str, blob: bytes) -> None:
    """Whatever a key is given as its own signature, it is refused and nothing else is raised."""
    key, signature = signed(kind)
    with pytest.raises(SignatureRefusedError):
        check_signature(replace(signature, blob=blob), MESSAGE, ACT, key)


@given(kind=kinds, raw=st.binary(max_size=100))
def test_any_number_in_a_signature(kind: str, raw: bytes) -> None:
    """The same behind the right algorithm."""
    key, signature = signed(kind)
    algorithm = Reader(signature.blob, ValueError).string()
    for blob in (string(algorithm) + string(raw), string(algorithm) + string(raw) + b"\1\0\0\0\0"):
        with pytest.raises(SignatureRefusedError):
            check_signature(replace(signature, blob=blob), MESSAGE, ACT, key)


@given(st.integers(1, 1 << 600), st.binary(max_size=80))
def test_wire(value: int, raw: bytes) -> None:
    """Numbers and strings read back as they were written, and so does base64."""
    reader = Reader(natural(value) + string(raw), ValueError)
    assert (reader.natural(), reader.string()) == (value, raw)
    reader.end()
    assert unbase64(base64_text(raw), ValueError) == raw


@given(st.binary(min_size=1, max_size=20))
def test_a_number_has_one_form(raw: bytes) -> None:
    """Bytes that read as a number are the bytes that the number is written as."""
    reader = Reader(string(raw), ValueError)
    try:
        value = reader.natural()
    except ValueError:
        return
    assert natural(value) == string(raw)


handles = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?", fullmatch=True)
words = st.from_regex(r"[a-z0-9][a-z0-9_.@-]{0,63}", fullmatch=True)
nonces = st.integers(0, (1 << 53) - 1)


@given(member=handles, choice=words, nonce=nonces)
def test_a_sealed_choice(member: str, choice: str, nonce: int) -> None:
    """Any choice of any member fits a box, has its one size, and comes out again; only where it is known."""
    box = seal(KEY.public_text, CONTEXT, member=member, choice=choice, nonce=nonce)
    ballot = SealedBallot(member, nonce, box)
    assert len(box) == 408
    check_box(box)
    assert open_boxes(KEY, CONTEXT, [ballot], [choice]) == [Opened(choice, None)]
    assert open_boxes(KEY, CONTEXT, [ballot], []) == [Opened(None, Spoilt.UNKNOWN_CHOICE)]


@given(box=st.text(max_size=420) | st.binary(min_size=300, max_size=310).map(base64_text), nonce=nonces)
def test_any_box(box: str, nonce: int) -> None:
    """Whatever stands in the log as a box is opened as spoilt, and nothing is raised."""
    found = open_boxes(KEY, CONTEXT, [SealedBallot("ana", nonce, box)], CHOICES)
    assert found == [Opened(None, Spoilt.UNOPENABLE)]


@given(content=st.binary(max_size=256))
def test_any_content(content: bytes) -> None:
    """Whatever stands in a box that opens, it is a choice or a reason."""
    box = base64_text(crypto_box_seal(content.ljust(256, b"\0"), KEY.public))
    (found,) = open_boxes(KEY, CONTEXT, [SealedBallot("ana", 1, box)], CHOICES)
    assert found == Opened(None, Spoilt.MALFORMED)


@given(st.text(max_size=80))
def test_any_box_text(text: str) -> None:
    """The check at the door refuses by name whatever is no box."""
    with pytest.raises(BoxRefusedError):
        check_box(text)
