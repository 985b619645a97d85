"""Words beside the log, named in it by a salted digest."""

from __future__ import annotations

import pytest

from governance.errors import MalformedEventError
from governance.texts import MAX_TEXT_BYTES, SALT_BYTES, Text, open_text, seal_text
from policies.canonical import sha256_hex

SALT = bytes(range(SALT_BYTES))


def test_seal() -> None:
    """Words are bound to their salt in canonical bytes, and named by those bytes' digest."""
    raw = '{"salt":"000102030405060708090a0b0c0d0e0f","text":"Löschung"}'.encode()
    assert seal_text("Löschung", SALT) == Text(id=sha256_hex(raw), raw=raw, words="Löschung")


def test_salt_hides() -> None:
    """The same words under another salt have another name, so a short text cannot be found by trying."""
    assert seal_text("555-0100", SALT).id != seal_text("555-0100", bytes(SALT_BYTES)).id


def test_open() -> None:
    """What was sealed opens as the same words."""
    sealed = seal_text("it names\na neighbour", SALT)
    assert open_text(sealed.raw, sealed.id) == sealed


@pytest.mark.parametrize("size", [0, 15, 17])
def test_salt_length(size: int) -> None:
    """A salt of another length is a mistake in the program, and said so."""
    with pytest.raises(ValueError, match=f"a salt has 16 bytes, not {size}"):
        seal_text("x", bytes(size))


def test_longest() -> None:
    """A text up to the limit is kept, and one byte more is refused with the limit."""
    frame = len(seal_text("", SALT).raw)
    assert len(seal_text("x" * (MAX_TEXT_BYTES - frame), SALT).raw) == MAX_TEXT_BYTES
    with pytest.raises(MalformedEventError, match="65537 bytes is over the limit of 65536"):
        seal_text("x" * (MAX_TEXT_BYTES - frame + 1), SALT)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b'{"salt":"00"}', b'{"text":7}', b"\xff", b"[" * 100_000],
    ids=["empty", "list", "no text", "number", "not UTF-8", "deep"],
)
def test_unreadable(raw: bytes) -> None:
    """Stored bytes that match their digest and hold no words are refused by name."""
    text_id = sha256_hex(raw)
    with pytest.raises(MalformedEventError, match=f"text {text_id[:12]}: the stored words are not"):
        open_text(raw, text_id)


def test_swapped() -> None:
    """Words that are not those the log names are refused."""
    sealed, other = seal_text("yes", SALT), seal_text("no", SALT)
    with pytest.raises(MalformedEventError, match="do not match their digest"):
        open_text(other.raw, sealed.id)
