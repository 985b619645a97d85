from __future__ import annotations

import pytest

from registry.accounts.errors import PasswordRefusedError
from registry.accounts.password_rules import LEAST, MOST, check_password
from registry.accounts.passwords import Passwords, normal
from tests.support.accounts import CHEAP, OTHER, PASSWORD


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(CHEAP)


def test_hash_is_argon2id_with_a_salt_of_its_own(passwords: Passwords) -> None:
    """Two of one password differ; both fit it and nothing else."""
    first, second = passwords.hash(PASSWORD), passwords.hash(PASSWORD)
    assert first != second
    assert first.startswith("$argon2id$v=19$")
    assert passwords.fits(first, PASSWORD)
    assert not passwords.fits(first, OTHER)
    assert not passwords.fits("", PASSWORD)


def test_nothing_fits_the_decoy(passwords: Passwords) -> None:
    """It costs as much as any other, and stays the same."""
    assert passwords.decoy == passwords.decoy
    assert not passwords.fits(passwords.decoy, "")
    assert not passwords.is_outdated(passwords.decoy)


def test_other_costs_are_outdated(passwords: Passwords) -> None:
    """So that a higher one reaches whoever signs in."""
    assert Passwords(CHEAP._replace(passes=2)).is_outdated(passwords.hash(PASSWORD))


@pytest.mark.parametrize("password", ["", "x" * 200_000, "\x00", "\ud800", "é" * 5_000, "ﷺ" * 1_000])
def test_any_text_can_be_tried(passwords: Passwords, password: str) -> None:
    """However long, and whatever it holds."""
    assert not passwords.fits(passwords.hash(PASSWORD), password)


def test_all_of_a_long_password_counts(passwords: Passwords) -> None:
    """Unlike with hashes that look at the first 72 bytes only."""
    assert not passwords.fits(passwords.hash("a" * 100 + "b"), "a" * 100 + "c")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        OTHER,
        "Fußballverein 1904 e.V.",
        "これはパスワードです長い",
        "🦊🌲🍄🪶🦉🌙⭐🔥🌊🍂",
        "Tr0ub4dour&3xyz",
        "a b c 7 d e f 9 x",
    ],
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    """In any script; spaces count like any character. It is given back as it is hashed."""
    assert check_password(password, "ana") == normal(password)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short one",
        "x" * (LEAST - 1),
        "seven lamps " * 20,
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "iloveyou12345",
        "policycommons",
        "ana-lives-here-and-there",
        "ANA lives here and there",
        "seven lamps\x00under water",
        "seven lamps\tunder\nwater",
        "seven lamps \ufffd water",
        "seven lamps \u0378 water",
    ],
)
def test_what_is_guessed_first_or_typed_in_two_ways_is_refused(password: str) -> None:
    """With the rule and what to do."""
    with pytest.raises(PasswordRefusedError) as refused:
        check_password(password, "ana")
    assert refused.value.place == "password"
    assert refused.value.rule
    assert refused.value.remedy
    assert not password or password not in str(refused.value)


def test_length_is_that_of_what_is_hashed() -> None:
    """One sign of another script may stand for eighteen."""
    with pytest.raises(PasswordRefusedError, match=f"more than {MOST}"):
        check_password("ﷺ" * 20, "ana")
