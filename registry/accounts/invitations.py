"""Links with which one person each may sign up. Reads and writes `private.db`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Session, col, select

from registry.accounts import finding
from registry.accounts.accounts import Accounts
from registry.accounts.errors import HandleRefusedError, LinkRefusedError
from registry.accounts.handles import check_form, typed
from registry.accounts.secret_text import SecretKind, digest, is_well_formed, new_secret
from registry.accounts.sessions import DAY
from registry.accounts.tables import InvitationRow

WHAT = "invitation"


def invite(accounts: Accounts, handle: str | None = None, *, days: int = 14) -> str:
    """Makes an invitation, for one handle or for whichever is free; gives its secret, which is told once.

    Raises `HandleRefusedError` for a handle that has an account, or had one.
    """
    named = check_form(typed(handle)) if handle is not None else None
    if named is not None and named in finding.handles(accounts):
        raise HandleRefusedError(
            "handle",
            f"{named} has an account, or had one.",
            "Use `commons account reset` for a new password.",
        )
    secret, now = new_secret(SecretKind.INVITATION, accounts.random), accounts.clock()
    with accounts.database.write() as session:
        session.add(InvitationRow(id=digest(secret), handle=named, created_at=now, ends_at=now + days * DAY))
    return secret


def promised(accounts: Accounts, secret: str) -> str | None:
    """The handle that an invitation is for; None for any. Raises `LinkRefusedError`."""
    with accounts.database.read() as session:
        return _counting(session, accounts, secret).handle


def use_up(session: Session, accounts: Accounts, secret: str) -> None:
    """Uses an invitation up, within the transaction of the sign-up. Raises `LinkRefusedError`."""
    _counting(session, accounts, secret)
    gone = session.exec(delete(InvitationRow).where(col(InvitationRow.id) == digest(secret)))
    if gone.rowcount != 1:
        raise LinkRefusedError(WHAT)


def waiting(accounts: Accounts) -> Collection[str | None]:
    """The handles that invitations wait for; None for each that is for any."""
    with accounts.database.read() as session:
        return session.exec(
            select(InvitationRow.handle).where(InvitationRow.ends_at > accounts.clock())
        ).all()


def forget_ended(session: Session, now: int) -> None:
    """Removes invitations that have expired."""
    session.exec(delete(InvitationRow).where(col(InvitationRow.ends_at) <= now))


def _counting(session: Session, accounts: Accounts, secret: str) -> InvitationRow:
    row = (
        session.get(InvitationRow, digest(secret)) if is_well_formed(SecretKind.INVITATION, secret) else None
    )
    if row is None or row.ends_at <= accounts.clock():
        raise LinkRefusedError(WHAT)
    return row
