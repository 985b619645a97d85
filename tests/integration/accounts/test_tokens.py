from __future__ import annotations

import pytest

from registry.accounts import tokens
from registry.accounts.accounts import Accounts
from registry.accounts.deleting import delete_account
from registry.accounts.errors import AccountsError, FieldError, TooManyError
from registry.accounts.scopes import Scope
from registry.accounts.secret_text import SecretKind, new_secret
from registry.accounts.sessions import DAY
from registry.accounts.sign_up import sign_up
from registry.accounts.tidying import tidy
from tests.support.accounts import PASSWORD, Clock

SCOPES = (Scope.VOTE, Scope.READ)


@pytest.fixture(autouse=True)
def people(accounts: Accounts) -> None:
    """Ana and Bo have accounts."""
    for handle in ("ana", "bo"):
        sign_up(accounts, handle, PASSWORD, in_use=(), invitation=None)


def _made(accounts: Accounts, handle: str = "ana", days: int = tokens.USUAL_DAYS) -> tokens.NewToken:
    return tokens.create(accounts, handle, "a bot", SCOPES, days=days)


def test_token_says_whose_it_is_and_what_it_may(accounts: Accounts) -> None:
    """And is not kept as it is."""
    made = _made(accounts)
    known = tokens.find(accounts, made.secret)
    assert known is not None
    assert (known.handle, known.scopes) == ("ana", frozenset(SCOPES))
    with accounts.database.read() as session:
        rows = str(session.connection().exec_driver_sql("SELECT * FROM token").all())
    assert made.secret not in rows
    assert made.secret[7:20] not in rows


def test_owner_sees_how_it_begins_and_when_it_was_used(accounts: Accounts, clock: Clock) -> None:
    """The use is noted once a minute at the most."""
    made = _made(accounts)
    [(handle, listed)] = tokens.listed(accounts, "ana")
    assert (handle, listed.name, listed.hint, listed.scopes) == (
        "ana",
        "a bot",
        made.secret[:7],
        (Scope.READ, Scope.VOTE),
    )
    assert (listed.used_at, listed.ends_at) == (None, clock.at + 90 * DAY)
    seen = []
    for _ in range(5):
        tokens.find(accounts, made.secret)
        seen.append(tokens.listed(accounts, "ana")[0][1].used_at)
        clock.on(30)
    first = clock.at - 150
    assert seen == [first, first, first + 60, first + 60, first + 120]


def test_expired_token_counts_no_more(accounts: Accounts, clock: Clock) -> None:
    """To the second; its owner still sees it for a month."""
    made = _made(accounts, days=1)
    clock.on(DAY - 1)
    assert tokens.find(accounts, made.secret) is not None
    clock.on(1)
    assert tokens.find(accounts, made.secret) is None
    tidy(accounts)
    assert len(tokens.listed(accounts, "ana")) == 1
    clock.on(30 * DAY)
    tidy(accounts)
    assert tokens.listed(accounts) == ()


def test_revoking_looks_alike_whatever_it_was(accounts: Accounts) -> None:
    """One's own, another's, an unknown one, one that is gone, and text of any kind: nothing is told."""
    made, other = _made(accounts), _made(accounts, "bo")
    for ref in (made.listed.ref, made.listed.ref, other.listed.ref, "", "\x00", "' OR 1=1 --", "%", "é"):
        tokens.revoke(accounts, ref, "ana")
    assert tokens.find(accounts, made.secret) is None
    assert tokens.find(accounts, other.secret) is not None


def test_whoever_found_a_token_may_revoke_it(accounts: Accounts) -> None:
    """They could use it otherwise; revoking one that is none does nothing."""
    made, other = _made(accounts), _made(accounts)
    for secret in (made.secret, made.secret, new_secret(SecretKind.TOKEN), "", "\x00é"):
        tokens.revoke_secret(accounts, secret)
    assert tokens.find(accounts, made.secret) is None
    assert tokens.find(accounts, other.secret) is not None


def test_deleted_account_has_no_token(accounts: Accounts) -> None:
    """From that moment on."""
    made = _made(accounts)
    delete_account(accounts, "ana")
    assert tokens.find(accounts, made.secret) is None
    assert tokens.listed(accounts) == ()
    with pytest.raises(AccountsError):
        _made(accounts)


@pytest.mark.parametrize("secret", ["", "pc_", "pc_" + "0" * 36, "pc_\x00", "ps_" + "0" * 36, "é" * 39])
def test_what_is_no_token_is_nobodys(accounts: Accounts, secret: str) -> None:
    """Told from its text alone."""
    assert tokens.find(accounts, secret) is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb"])
def test_name_that_cannot_be_shown_is_refused(accounts: Accounts, name: str) -> None:
    """It says where the slip is."""
    with pytest.raises(FieldError) as refused:
        tokens.create(accounts, "ana", name, SCOPES, days=1)
    assert refused.value.place == "name"


def test_limits_of_a_token(accounts: Accounts) -> None:
    """A scope at the least, a year at the most, and fifty for each account."""
    for scopes, days, place in (((), 1, "scopes"), (SCOPES, 0, "days"), (SCOPES, 366, "days")):
        with pytest.raises(FieldError) as refused:
            tokens.create(accounts, "ana", "a bot", scopes, days=days)
        assert refused.value.place == place
    for _ in range(tokens.MOST):
        _made(accounts)
    with pytest.raises(TooManyError):
        _made(accounts)
    assert _made(accounts, "bo")
