"""Browsers that are signed in. Reads and writes `private.db`.

A session is found by a secret that only its browser has. It ends when it was idle for two weeks or is three
months old, whichever comes first, and with its account.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from registry.accounts.accounts import REF, Accounts
from registry.accounts.secret_text import SecretKind, digest, new_secret
from registry.accounts.tables import AccountRow, SessionRow

DAY = 86_400
IDLE_SECONDS = 14 * DAY
LONGEST_SECONDS = 90 * DAY
SEEN_EVERY = 300
"""Seconds after which it is noted anew that a session is in use."""
MOST = 50
"""Sessions of one account; one more ends the one that was idle longest."""

AGENT_CHARACTERS = 60


class KnownSession(NamedTuple):
    """A session that counts now."""

    account: int
    handle: str
    ref: str


class ListedSession(NamedTuple):
    """A session as the account's page shows it."""

    ref: str
    agent: str
    created_at: int
    seen_at: int


class NewSession(NamedTuple):
    """A session that begins; the secret is told once."""

    secret: str
    handle: str


def begin(session: Session, accounts: Accounts, account: AccountRow, agent: str) -> NewSession:
    """Begins a session, within a transaction of whoever made sure who it is."""
    assert account.id is not None
    now, secret = accounts.clock(), new_secret(SecretKind.SESSION, accounts.random)
    older = (
        select(SessionRow).where(SessionRow.account == account.id).order_by(col(SessionRow.seen_at).desc())
    )
    for surplus in session.exec(older.offset(MOST - 1)).all():
        session.delete(surplus)
    session.add(
        SessionRow(
            id=digest(secret),
            ref=accounts.ref(),
            account=account.id,
            agent=agent[:AGENT_CHARACTERS],
            created_at=now,
            seen_at=now,
            ends_at=now + LONGEST_SECONDS,
        )
    )
    return NewSession(secret, account.handle)


def find(accounts: Accounts, secret: str) -> KnownSession | None:
    """Whose session this is; None when it is over."""
    now = accounts.clock()
    with accounts.database.read() as session:
        found = session.exec(
            select(SessionRow, AccountRow)
            .join(AccountRow, col(AccountRow.id) == SessionRow.account)
            .where(SessionRow.id == digest(secret), col(AccountRow.deleted_at).is_(None))
        ).first()
        if found is None or _is_over(found[0], now):
            return None
        row, account = found
        known = KnownSession(row.account, account.handle, row.ref)
        is_stale = now - row.seen_at >= SEEN_EVERY
    if is_stale:
        with accounts.database.write(durable=False) as session:
            session.exec(update(SessionRow).where(col(SessionRow.id) == digest(secret)).values(seen_at=now))
    return known


def listed(accounts: Accounts, account: int) -> tuple[ListedSession, ...]:
    """The sessions of an account, the one used last first."""
    now = accounts.clock()
    chosen = select(SessionRow).where(SessionRow.account == account).order_by(col(SessionRow.seen_at).desc())
    with accounts.database.read() as session:
        rows = [row for row in session.exec(chosen) if not _is_over(row, now)]
        return tuple(ListedSession(row.ref, row.agent, row.created_at, row.seen_at) for row in rows)


def end(accounts: Accounts, account: int, ref: str) -> None:
    """Ends one session of an account. Ending what is no session of theirs does nothing, and says nothing."""
    if not REF.fullmatch(ref):
        return
    with accounts.database.write() as session:
        session.exec(delete(SessionRow).where(col(SessionRow.account) == account, col(SessionRow.ref) == ref))


def end_others(session: Session, account: int, keep: str | None) -> None:
    """Ends every session of an account but the one named `keep`."""
    gone = delete(SessionRow).where(col(SessionRow.account) == account)
    session.exec(gone if keep is None else gone.where(col(SessionRow.ref) != keep))


def forget_ended(session: Session, now: int) -> None:
    """Removes sessions that are over."""
    over = (col(SessionRow.ends_at) <= now) | (col(SessionRow.seen_at) <= now - IDLE_SECONDS)
    session.exec(delete(SessionRow).where(over))


def _is_over(row: SessionRow, now: int) -> bool:
    return row.ends_at <= now or row.seen_at <= now - IDLE_SECONDS
