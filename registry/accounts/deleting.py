"""Deletes an account: everything but its handle, which nobody is to have again. Writes `private.db`."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col

from registry.accounts import finding
from registry.accounts.accounts import Accounts
from registry.accounts.tables import ResetRow, SessionRow, TokenRow


def delete_account(accounts: Accounts, handle: str) -> None:
    """Ends its sessions and tokens and forgets its password. Raises `UnknownAccountError`."""
    with accounts.database.write() as session:
        account = finding.known_account(session, handle)
        for rows in (SessionRow, TokenRow, ResetRow):
            session.exec(delete(rows).where(col(rows.account) == account.id))
        account.password = ""
        account.deleted_at = accounts.clock()
        session.add(account)
