from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.accounts import sessions
from registry.accounts.accounts import Accounts
from registry.accounts.change_password import (
    RESET_SECONDS,
    change_password,
    offer_reset,
    reset_for,
    reset_password,
)
from registry.accounts.deleting import delete_account
from registry.accounts.errors import (
    AccountsError,
    LinkRefusedError,
    PasswordRefusedError,
    SignInRefusedError,
    UnknownAccountError,
)
from registry.accounts.sign_in import confirm
from registry.accounts.sign_up import create, sign_up
from tests.support.accounts import LIMITS, OTHER, PASSWORD, Clock


@pytest.fixture
def secret(accounts: Accounts) -> str:
    """Ana's session."""
    return sign_up(accounts, "ana", PASSWORD, in_use=(), invitation=None).secret


def _is(accounts: Accounts, password: str) -> bool:
    try:
        confirm(accounts, "ana", password, address="192.0.2.1", limits=LIMITS)
    except SignInRefusedError:
        return False
    return True


def test_new_password_counts_and_the_old_one_no_more(accounts: Accounts, secret: str) -> None:
    """One that breaks the rules changes nothing."""
    with pytest.raises(PasswordRefusedError):
        change_password(accounts, "ana", "iloveyou12345", keep=None)
    assert _is(accounts, PASSWORD)
    change_password(accounts, "ana", OTHER, keep=None)
    assert (_is(accounts, PASSWORD), _is(accounts, OTHER)) == (False, True)


def test_link_sets_a_password_once(accounts: Accounts, secret: str) -> None:
    """It ends every session, begins one, and then counts no more; looking at it uses nothing up."""
    link = offer_reset(accounts, "ana")
    assert [reset_for(accounts, link) for _ in range(3)] == ["ana"] * 3
    with pytest.raises(PasswordRefusedError):
        reset_password(accounts, link, "short")
    begun = reset_password(accounts, link, OTHER)
    assert sessions.find(accounts, secret) is None
    assert sessions.find(accounts, begun.secret) is not None
    assert (_is(accounts, PASSWORD), _is(accounts, OTHER)) == (False, True)
    for use in (reset_for, lambda *_: reset_password(accounts, link, PASSWORD)):
        with pytest.raises(LinkRefusedError):
            use(accounts, link)


def test_link_counts_once_of_many_at_the_same_time(accounts: Accounts, secret: str) -> None:
    """Eight who use it at once: one password."""
    link = offer_reset(accounts, "ana")

    def attempt(number: int) -> int | None:
        try:
            reset_password(accounts, link, f"{OTHER} number {number}")
        except LinkRefusedError:
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        won = [number for number in pool.map(attempt, range(8)) if number is not None]
    assert len(won) == 1
    assert _is(accounts, f"{OTHER} number {won[0]}")


def test_newer_link_replaces_the_older(accounts: Accounts, secret: str) -> None:
    """Only the last one that was printed counts."""
    older, newer = offer_reset(accounts, "ana"), offer_reset(accounts, "ana")
    with pytest.raises(LinkRefusedError):
        reset_for(accounts, older)
    assert reset_for(accounts, newer) == "ana"


def test_link_expires(accounts: Accounts, secret: str, clock: Clock) -> None:
    """After a day, to the second."""
    link = offer_reset(accounts, "ana")
    clock.on(RESET_SECONDS - 1)
    assert reset_for(accounts, link) == "ana"
    clock.on(1)
    with pytest.raises(LinkRefusedError):
        reset_password(accounts, link, OTHER)


def test_link_of_a_deleted_account_counts_no_more(accounts: Accounts, secret: str) -> None:
    """And none is made for it."""
    link = offer_reset(accounts, "ana")
    delete_account(accounts, "ana")
    with pytest.raises(LinkRefusedError):
        reset_password(accounts, link, OTHER)
    for handle in ("ana", "zed", "\x00"):
        with pytest.raises(UnknownAccountError):
            offer_reset(accounts, handle)


@pytest.mark.parametrize("link", ["", "x", "pr_" + "0" * 36, "pr_\x00", "' OR 1=1 --"])
def test_link_that_is_none_is_refused(accounts: Accounts, secret: str, link: str) -> None:
    """Whatever it holds."""
    for use in (lambda: reset_for(accounts, link), lambda: reset_password(accounts, link, OTHER)):
        with pytest.raises(AccountsError) as refused:
            use()
        assert isinstance(refused.value, LinkRefusedError)


def test_first_password_of_an_account_that_an_operator_made(accounts: Accounts) -> None:
    """Its owner chooses it by such a link."""
    create(accounts, "ana", in_use=())
    reset_password(accounts, offer_reset(accounts, "ana"), PASSWORD)
    assert _is(accounts, PASSWORD)
