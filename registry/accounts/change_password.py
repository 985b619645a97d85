"""A new password: for who knows the old one, or by a link that the operator gave. Writes `private.db`."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from registry.accounts import finding, sessions
from registry.accounts.accounts import Accounts
from registry.accounts.errors import LinkRefusedError
from registry.accounts.password_rules import check_password
from registry.accounts.secret_text import SecretKind, digest, is_well_formed, new_secret
from registry.accounts.sessions import NewSession
from registry.accounts.tables import AccountRow, ResetRow

RESET_SECONDS = 3_600 * 24
WHAT = "reset"


def change_password(accounts: Accounts, handle: str, password: str, *, keep: str | None) -> None:
    """A new password for somebody whose old one was confirmed; ends every session but the one named `keep`.

    Raises `PasswordRefusedError`.
    """
    stored = accounts.passwords.hash(check_password(password, handle))
    with accounts.database.write() as session:
        account = finding.known_account(session, handle)
        _put(session, accounts, account, stored)
        sessions.end_others(session, _id(account), keep)


def offer_reset(accounts: Accounts, handle: str) -> str:
    """A secret with which one new password may be chosen within a day; told once. It replaces an older one.

    Raises `UnknownAccountError`.
    """
    secret, now = new_secret(SecretKind.RESET, accounts.random), accounts.clock()
    with accounts.database.write() as session:
        account = finding.known_account(session, handle)
        session.exec(delete(ResetRow).where(col(ResetRow.account) == _id(account)))
        session.add(
            ResetRow(account=_id(account), id=digest(secret), created_at=now, ends_at=now + RESET_SECONDS)
        )
    return secret


def reset_for(accounts: Accounts, secret: str) -> str:
    """The handle that a reset is for. Changes nothing. Raises `LinkRefusedError`."""
    with accounts.database.read() as session:
        return _resetting(session, accounts, secret)[1].handle


def reset_password(accounts: Accounts, secret: str, password: str, *, agent: str = "") -> NewSession:
    """Uses a reset up: sets the password, ends every session and begins one.

    Raises `LinkRefusedError`, `PasswordRefusedError`.
    """
    stored = accounts.passwords.hash(check_password(password, reset_for(accounts, secret)))
    with accounts.database.write() as session:
        row, account = _resetting(session, accounts, secret)
        gone = session.exec(delete(ResetRow).where(col(ResetRow.id) == row.id))
        if gone.rowcount != 1:
            raise LinkRefusedError(WHAT)
        _put(session, accounts, account, stored)
        sessions.end_others(session, _id(account), None)
        return sessions.begin(session, accounts, account, agent)


def forget_ended(session: Session, now: int) -> None:
    """Removes resets that have expired."""
    session.exec(delete(ResetRow).where(col(ResetRow.ends_at) <= now))


def _put(session: Session, accounts: Accounts, account: AccountRow, stored: str) -> None:
    account.password = stored
    account.changed_at = accounts.clock()
    session.add(account)


def _resetting(session: Session, accounts: Accounts, secret: str) -> tuple[ResetRow, AccountRow]:
    if not is_well_formed(SecretKind.RESET, secret):
        raise LinkRefusedError(WHAT)
    found = session.exec(
        select(ResetRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == ResetRow.account)
        .where(ResetRow.id == digest(secret), col(AccountRow.deleted_at).is_(None))
    ).first()
    if found is None or found[0].ends_at <= accounts.clock():
        raise LinkRefusedError(WHAT)
    return found[0], found[1]


def _id(account: AccountRow) -> int:
    assert account.id is not None
    return account.id
