"""Tokens for programs. Reads and writes `private.db`."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from registry.accounts import finding
from registry.accounts.accounts import REF, Accounts
from registry.accounts.errors import FieldError, TooManyError
from registry.accounts.scopes import Scope
from registry.accounts.secret_text import SecretKind, digest, is_well_formed, new_secret
from registry.accounts.sessions import DAY
from registry.accounts.tables import AccountRow, TokenRow

USUAL_DAYS, MOST_DAYS = 90, 365
MOST = 50
"""Tokens of one account."""
NAME_CHARACTERS = 60
USED_EVERY = 60
"""Seconds after which it is noted anew that a token is in use."""

_HINT = 7


class KnownToken(NamedTuple):
    """A token that counts now."""

    handle: str
    ref: str
    scopes: frozenset[Scope]
    ends_at: int


class ListedToken(NamedTuple):
    """A token as its owner sees it; `hint` is how it begins."""

    ref: str
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    created_at: int
    ends_at: int
    used_at: int | None


class NewToken(NamedTuple):
    """A token that was just made; the secret is told once."""

    secret: str
    listed: ListedToken


def create(accounts: Accounts, handle: str, name: str, scopes: Collection[Scope], *, days: int) -> NewToken:
    """Makes a token. Raises `FieldError`, `TooManyError`, `UnknownAccountError`."""
    named = " ".join(name.split())
    if not named or len(named) > NAME_CHARACTERS or not named.isprintable():
        raise FieldError(
            "name", f"A token has a name of 1 to {NAME_CHARACTERS} characters.", "Say what will use it."
        )
    if not scopes:
        raise FieldError("scopes", "A token without a scope can do nothing.", "Choose one at least.")
    if not 1 <= days <= MOST_DAYS:
        raise FieldError(
            "days", f"A token lasts 1 to {MOST_DAYS} days.", "Make a new one when it has expired."
        )
    secret, now = new_secret(SecretKind.TOKEN, accounts.random), accounts.clock()
    with accounts.database.write() as session:
        account = finding.known_account(session, handle)
        assert account.id is not None
        owned = select(func.count()).select_from(TokenRow).where(TokenRow.account == account.id)
        if session.exec(owned).one() >= MOST:
            raise TooManyError("tokens", f"You have {MOST} tokens.", "Revoke one that nothing uses.")
        row = TokenRow(
            id=digest(secret),
            ref=accounts.ref(),
            account=account.id,
            name=named,
            hint=secret[:_HINT],
            scopes=" ".join(scope for scope in Scope if scope in scopes),
            created_at=now,
            ends_at=now + days * DAY,
        )
        session.add(row)
        return NewToken(secret, _listed(row))


def find(accounts: Accounts, secret: str) -> KnownToken | None:
    """Whose token this is and what it may do; None when it is unknown, expired or revoked."""
    if not is_well_formed(SecretKind.TOKEN, secret):
        return None
    now, id_ = accounts.clock(), digest(secret)
    with accounts.database.read() as session:
        found = session.exec(
            select(TokenRow, AccountRow)
            .join(AccountRow, col(AccountRow.id) == TokenRow.account)
            .where(TokenRow.id == id_, col(AccountRow.deleted_at).is_(None))
        ).first()
        if found is None or found[0].ends_at <= now:
            return None
        row, account = found
        known = KnownToken(account.handle, row.ref, frozenset(_scopes(row)), row.ends_at)
        is_stale = row.used_at is None or now - row.used_at >= USED_EVERY
    if is_stale:
        with accounts.database.write(durable=False) as session:
            session.exec(update(TokenRow).where(col(TokenRow.id) == id_).values(used_at=now))
    return known


def listed(accounts: Accounts, handle: str | None = None) -> tuple[tuple[str, ListedToken], ...]:
    """Whose each token is, and the token, newest first: of one account or of all; expired ones too."""
    chosen = (
        select(TokenRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == TokenRow.account)
        .order_by(col(TokenRow.created_at).desc(), TokenRow.ref)
    )
    if handle is not None:
        chosen = chosen.where(AccountRow.handle == handle)
    with accounts.database.read() as session:
        return tuple((account.handle, _listed(row)) for row, account in session.exec(chosen))


def revoke(accounts: Accounts, ref: str, handle: str | None = None) -> None:
    """Revokes a token by its name; with `handle`, only one of theirs.

    Whether there was one is not told: revoking what is no token, or another's, looks the same.
    """
    if not REF.fullmatch(ref):
        return
    gone = delete(TokenRow).where(col(TokenRow.ref) == ref)
    if handle is not None:
        owners = select(AccountRow.id).where(AccountRow.handle == handle)
        gone = gone.where(col(TokenRow.account).in_(owners))
    with accounts.database.write() as session:
        session.exec(gone)


def revoke_secret(accounts: Accounts, secret: str) -> None:
    """Revokes a token that somebody found. Whoever has it may: they could use it otherwise."""
    with accounts.database.write() as session:
        session.exec(delete(TokenRow).where(col(TokenRow.id) == digest(secret)))


def forget_ended(session: Session, now: int) -> None:
    """Removes tokens that expired a month ago: until then their owner may wonder what stopped working."""
    session.exec(delete(TokenRow).where(col(TokenRow.ends_at) <= now - 30 * DAY))


def _listed(row: TokenRow) -> ListedToken:
    return ListedToken(row.ref, row.name, row.hint, _scopes(row), row.created_at, row.ends_at, row.used_at)


def _scopes(row: TokenRow) -> tuple[Scope, ...]:
    return tuple(map(Scope, row.scopes.split()))
