from __future__ import annotations

import pytest

from registry.accounts import finding, tokens
from registry.accounts.accounts import Accounts
from registry.accounts.change_password import offer_reset
from registry.accounts.deleting import delete_account
from registry.accounts.errors import UnknownAccountError
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import sign_up
from tests.support.accounts import PASSWORD


def test_nothing_of_an_account_is_left_but_its_handle(accounts: Accounts) -> None:
    """No hash, no session, no token, no link; and others keep theirs."""
    for handle in ("ana", "bo"):
        sign_up(accounts, handle, PASSWORD, in_use=(), invitation=None)
        tokens.create(accounts, handle, "a bot", [Scope.READ], days=1)
        offer_reset(accounts, handle)
    delete_account(accounts, "ana")
    found = {listed.handle: listed for listed in finding.listed(accounts)}
    assert found["ana"].deleted_at == accounts.clock()
    assert not found["ana"].has_password
    assert found["bo"].deleted_at is None
    with accounts.database.read() as session:
        for table in ("session", "token", "reset"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 1
        hashes = (
            session.connection().exec_driver_sql("SELECT password FROM account ORDER BY handle").scalars()
        )
        assert [bool(kept) for kept in hashes] == [False, True]


def test_account_is_deleted_once(accounts: Accounts) -> None:
    """Nor can one that never was."""
    sign_up(accounts, "ana", PASSWORD, in_use=(), invitation=None)
    delete_account(accounts, "ana")
    for handle in ("ana", "zed"):
        with pytest.raises(UnknownAccountError):
            delete_account(accounts, handle)
