"""Looks accounts up. Reads `private.db`."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import Session, col, select

from governance.payloads import HANDLE
from registry.accounts.accounts import Accounts
from registry.accounts.errors import UnknownAccountError
from registry.accounts.tables import AccountRow


class ListedAccount(NamedTuple):
    """An account as an operator sees it; `has_password` is False until its owner has chosen one."""

    handle: str
    created_at: int
    has_password: bool
    deleted_at: int | None


def account_of(session: Session, handle: str) -> AccountRow | None:
    """The account of a handle, unless it was deleted."""
    if not HANDLE.fullmatch(handle):
        # No database is asked for what somebody typed into the wrong field, or a server would choke on.
        return None
    chosen = select(AccountRow).where(AccountRow.handle == handle, col(AccountRow.deleted_at).is_(None))
    return session.exec(chosen).first()


def known_account(session: Session, handle: str) -> AccountRow:
    """The same. Raises `UnknownAccountError`."""
    account = account_of(session, handle)
    if account is None:
        raise UnknownAccountError(handle)
    return account


def handles(accounts: Accounts) -> frozenset[str]:
    """Every handle that an account has, or had before it was deleted."""
    with accounts.database.read() as session:
        return frozenset(session.exec(select(AccountRow.handle)))


def listed(accounts: Accounts) -> tuple[ListedAccount, ...]:
    """Every account, deleted ones too, by handle."""
    with accounts.database.read() as session:
        rows = session.exec(select(AccountRow).order_by(AccountRow.handle)).all()
        return tuple(
            ListedAccount(row.handle, row.created_at, bool(row.password), row.deleted_at) for row in rows
        )
