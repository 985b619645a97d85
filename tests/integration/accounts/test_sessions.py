from __future__ import annotations

import pytest

from registry.accounts import sessions
from registry.accounts.accounts import Accounts
from registry.accounts.change_password import change_password
from registry.accounts.deleting import delete_account
from registry.accounts.secret_text import SecretKind, new_secret
from registry.accounts.sessions import IDLE_SECONDS, LONGEST_SECONDS, SEEN_EVERY, KnownSession
from registry.accounts.sign_in import sign_in
from registry.accounts.sign_up import sign_up
from registry.accounts.tidying import tidy
from tests.support.accounts import LIMITS, OTHER, PASSWORD, Clock


@pytest.fixture
def secret(accounts: Accounts) -> str:
    """Ana's session."""
    return sign_up(accounts, "ana", PASSWORD, in_use=(), invitation=None, agent="Firefox on Linux").secret


def _again(accounts: Accounts, agent: str = "") -> str:
    return sign_in(accounts, "ana", PASSWORD, address="192.0.2.1", limits=LIMITS, agent=agent).secret


def _known(accounts: Accounts, secret: str) -> KnownSession:
    found = sessions.find(accounts, secret)
    assert found is not None
    return found


def test_only_a_digest_is_kept(accounts: Accounts, secret: str) -> None:
    """Whoever reads the database has no session."""
    with accounts.database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM session").all()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert secret[3:20] not in str(rows)


def test_unknown_session_is_nobodys(accounts: Accounts, secret: str) -> None:
    """Another secret, a cut one, none, and what a database would choke on."""
    for other in (new_secret(SecretKind.SESSION), secret[:-1], "", "\x00", "é"):
        assert sessions.find(accounts, other) is None


def test_idle_session_ends(accounts: Accounts, secret: str, clock: Clock) -> None:
    """To the second; one that is used goes on."""
    clock.on(IDLE_SECONDS - 1)
    assert _known(accounts, secret)
    clock.on(IDLE_SECONDS - 1)
    assert _known(accounts, secret)
    clock.on(IDLE_SECONDS)
    assert sessions.find(accounts, secret) is None


def test_no_session_outlives_three_months(accounts: Accounts, secret: str, clock: Clock) -> None:
    """However much it is used."""
    for _ in range(9):
        clock.on(LONGEST_SECONDS // 10)
        assert _known(accounts, secret)
    clock.on(LONGEST_SECONDS // 10)
    assert sessions.find(accounts, secret) is None


def test_use_is_noted_now_and_then(accounts: Accounts, secret: str, clock: Clock) -> None:
    """Not at every request: it would cost a write each."""
    account, begun = _known(accounts, secret).account, clock.at
    clock.on(SEEN_EVERY - 1)
    _known(accounts, secret)
    assert sessions.listed(accounts, account)[0].seen_at == begun
    clock.on(1)
    _known(accounts, secret)
    assert sessions.listed(accounts, account)[0].seen_at == clock.at


def test_sessions_are_listed_and_ended_one_by_one(accounts: Accounts, secret: str, clock: Clock) -> None:
    """The one used last first, with what the browser said it is."""
    clock.on(10)
    second = _again(accounts, "Safari on iPhone" + "x" * 500)
    account = _known(accounts, secret).account
    listed = sessions.listed(accounts, account)
    assert [found.agent[:16] for found in listed] == ["Safari on iPhone", "Firefox on Linux"]
    assert len(listed[0].agent) == sessions.AGENT_CHARACTERS
    sessions.end(accounts, account, _known(accounts, secret).ref)
    assert sessions.find(accounts, secret) is None
    assert _known(accounts, second)


def test_nobody_ends_another_accounts_session(accounts: Accounts, secret: str) -> None:
    """Nor does a name that is none do anything."""
    bo = sign_up(accounts, "bo", PASSWORD, in_use=(), invitation=None).secret
    ref = _known(accounts, secret).ref
    for name in (ref, "", "' OR 1=1 --", "\x00", "%"):
        sessions.end(accounts, _known(accounts, bo).account, name)
    assert _known(accounts, secret)


def test_new_password_ends_the_other_sessions(accounts: Accounts, secret: str) -> None:
    """Of that account, and keeps the one at hand."""
    other, bo = _again(accounts), sign_up(accounts, "bo", PASSWORD, in_use=(), invitation=None).secret
    change_password(accounts, "ana", OTHER, keep=_known(accounts, secret).ref)
    assert sessions.find(accounts, other) is None
    assert _known(accounts, secret)
    assert _known(accounts, bo)


def test_deleted_account_has_no_session(accounts: Accounts, secret: str) -> None:
    """From that moment on."""
    delete_account(accounts, "ana")
    assert sessions.find(accounts, secret) is None


def test_sessions_of_an_account_are_bounded(accounts: Accounts, secret: str, clock: Clock) -> None:
    """One more ends the one that was idle longest."""
    made = []
    for _ in range(sessions.MOST):
        clock.on(1)
        made.append(_again(accounts))
    assert len(sessions.listed(accounts, _known(accounts, made[0]).account)) == sessions.MOST
    assert sessions.find(accounts, secret) is None


def test_tidying_removes_what_is_over_and_nothing_else(accounts: Accounts, secret: str, clock: Clock) -> None:
    """Whenever it runs."""
    clock.on(IDLE_SECONDS - 1)
    fresh = _again(accounts)
    tidy(accounts)
    clock.on(1)
    tidy(accounts)
    assert [sessions.find(accounts, each) is not None for each in (secret, fresh)] == [False, True]
    with accounts.database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM session").scalar() == 1
