from __future__ import annotations

import re

import pytest

from registry.accounts.secret_text import SecretKind, digest, is_well_formed, new_secret


def test_secret_has_prefix_random_part_and_checksum() -> None:
    """A scanner finds a token by one pattern; two are never alike."""
    made = {new_secret(SecretKind.TOKEN) for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"pc_[0-9A-Za-z]{36}", secret) for secret in made)
    assert all(is_well_formed(SecretKind.TOKEN, secret) for secret in made)


def test_the_extremes_of_chance_fit_too() -> None:
    """The least and the greatest random number give secrets of the same length."""
    for chosen in (lambda _below: 0, lambda below: below - 1):
        assert is_well_formed(SecretKind.RESET, new_secret(SecretKind.RESET, chosen))


def test_every_slip_in_copying_is_told() -> None:
    """Each single sign changed, two neighbours swapped, one lost or one added: not well-formed."""
    secret = new_secret(SecretKind.TOKEN)
    for at in range(len(secret)):
        other = "a" if secret[at] != "a" else "b"
        assert not is_well_formed(SecretKind.TOKEN, secret[:at] + other + secret[at + 1 :])
        assert not is_well_formed(SecretKind.TOKEN, secret[:at] + secret[at + 1 :])
        assert not is_well_formed(SecretKind.TOKEN, secret[:at] + "x" + secret[at:])
        if secret[at : at + 2] != secret[at : at + 2][::-1]:
            swapped = secret[:at] + secret[at : at + 2][::-1] + secret[at + 2 :]
            assert not is_well_formed(SecretKind.TOKEN, swapped)


@pytest.mark.parametrize(
    "text", ["", "pc_", "pc_" + "é" * 36, "pc_" + "0" * 36 + "\n", "\x00" * 39, "pc_" * 9_000]
)
def test_what_is_no_secret_is_refused(text: str) -> None:
    """Whatever it holds and however long it is."""
    assert not is_well_formed(SecretKind.TOKEN, text)


def test_a_secret_of_one_kind_is_none_of_another() -> None:
    """A session is no token, though both are random."""
    for kind in SecretKind:
        secret = new_secret(kind)
        assert [other for other in SecretKind if is_well_formed(other, secret)] == [kind]


def test_only_a_digest_is_kept() -> None:
    """It has a fixed form and tells nothing of the secret."""
    secret = new_secret(SecretKind.TOKEN)
    assert re.fullmatch(r"[0-9a-f]{64}", digest(secret))
    assert digest(secret) != digest(new_secret(SecretKind.TOKEN))
