"""Keys of ballot boxes: one per vote and round, and the published half must be the right one."""

from __future__ import annotations

import msgspec
import pytest
from nacl.public import PrivateKey

from governance.payloads import Sha256
from registry.keys.box_key import BoxKey, box_key, box_public_key, published_key
from registry.keys.errors import BoxRefusedError
from registry.keys.secret import Secret

SECRET = Secret(bytes(range(32)))
KEY = box_key(SECRET, commons="roost", proposal=12, round_number=1)


def test_it_follows_from_the_secret() -> None:
    """The same vote has the same key, to the byte: a restored registry opens what was sealed before."""
    assert (
        box_key(Secret(bytes(range(32))), commons="roost", proposal=12, round_number=1).private == KEY.private
    )
    assert KEY.public_text == "419d1eee812d3750bf3429d0222a1a45ae5bf4cc29e31658f256bbb04af43846"
    assert bytes(PrivateKey(KEY.private).public_key) == KEY.public


def test_each_vote_has_its_own() -> None:
    """Another commons, proposal, round or secret has another key."""
    made = {
        KEY.private,
        box_key(SECRET, commons="nest", proposal=12, round_number=1).private,
        box_key(SECRET, commons="roost", proposal=1, round_number=12).private,
        box_key(SECRET, commons="roost", proposal=12, round_number=2).private,
        box_key(Secret(bytes(32)), commons="roost", proposal=12, round_number=1).private,
    }
    assert len(made) == 5


def test_published() -> None:
    """Both halves fit the fields of an event, and the private one read back is the same pair."""
    assert msgspec.convert(KEY.private_text, Sha256) == KEY.private.hex()
    assert msgspec.convert(KEY.public_text, Sha256) == KEY.public.hex()
    again = published_key(KEY.private_text, KEY.public_text)
    assert (again.private, again.public) == (KEY.private, KEY.public)


OTHER = box_key(SECRET, commons="roost", proposal=13, round_number=1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "64 hex digits"),
        (KEY.private_text[:-1], "64 hex digits"),
        (f"{KEY.private_text}\n", "64 hex digits"),
        (KEY.private_text.upper(), "64 hex digits"),
        (OTHER.private_text, "it does not open the box of this vote"),
        (f"{KEY.private[0] | 1:02x}{KEY.private_text[2:]}", "clamped"),
        (f"{KEY.private_text[:-2]}{KEY.private[31] | 0x80:02x}", "clamped"),
        (f"{KEY.private_text[:-2]}{KEY.private[31] & 0x3F:02x}", "clamped"),
    ],
)
def test_a_wrong_private_half(text: str, rule: str) -> None:
    """What does not open the box, or is another spelling of what does, is refused."""
    with pytest.raises(BoxRefusedError, match=rule) as refused:
        published_key(text, KEY.public_text)
    assert refused.value.place == "private key of the ballot box"


@pytest.mark.parametrize(
    "text", ["", KEY.public_text[:-1], KEY.public_text.upper(), f"{KEY.public_text[:-2]}ff", "zz" * 32]
)
def test_a_malformed_public_half(text: str) -> None:
    """A public half that is not the one spelling of a key is refused."""
    with pytest.raises(BoxRefusedError, match="public key of the ballot box"):
        box_public_key(text)


def test_traces_do_not_hold_it() -> None:
    """A repr shows the public half only."""
    assert repr(KEY) == f"BoxKey(public={KEY.public_text})"
    assert repr(BoxKey(KEY.private)) == repr(KEY)
