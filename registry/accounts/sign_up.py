"""Makes accounts: for who signs up, and for whom an operator makes one. Writes `private.db`."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy
from sqlmodel import Session, select

from policies.names import look_alike_key
from registry.accounts import finding, invitations, sessions
from registry.accounts.accounts import Accounts
from registry.accounts.errors import HandleRefusedError
from registry.accounts.handles import check_form, check_free, typed
from registry.accounts.password_rules import check_password
from registry.accounts.sessions import NewSession
from registry.accounts.tables import AccountRow


def sign_up(
    accounts: Accounts,
    handle: str,
    password: str,
    *,
    in_use: Collection[str],
    invitation: str | None,
    agent: str = "",
) -> NewSession:
    """Makes an account and signs it in. `in_use` are the handles that stand in logs here.

    With an invitation, it is used up; one that names a handle gives that handle, also where it stands in a
    log already. Raises `HandleRefusedError`, `PasswordRefusedError`, `LinkRefusedError`.
    """
    wanted = typed(handle)
    promised = invitations.promised(accounts, invitation) if invitation is not None else None
    if promised is not None and wanted != promised:
        raise HandleRefusedError("handle", f"This invitation is for the handle {promised}.", "Use that one.")
    chosen = check_form(wanted) if promised else check_free(wanted, {*in_use, *finding.handles(accounts)})
    stored = accounts.passwords.hash(check_password(password, chosen))
    with accounts.database.write() as session:
        if invitation is not None:
            invitations.use_up(session, accounts, invitation)
        account = _add(session, accounts, chosen, stored, vouched=promised is not None)
        return sessions.begin(session, accounts, account, agent)


def create(accounts: Accounts, handle: str, *, in_use: Collection[str], vouched: bool = False) -> str:
    """Makes an account without a password; gives the handle.

    `vouched` says that the operator knows whose it is, also where it stands in a log already. Raises
    `HandleRefusedError`.
    """
    wanted = typed(handle)
    chosen = check_form(wanted) if vouched else check_free(wanted, {*in_use, *finding.handles(accounts)})
    with accounts.database.write() as session:
        _add(session, accounts, chosen, "", vouched=vouched)
    return chosen


def _add(session: Session, accounts: Accounts, handle: str, stored: str, *, vouched: bool) -> AccountRow:
    """Adds the row, within a transaction. Raises `HandleRefusedError` when somebody was faster."""
    now, alike = accounts.clock(), look_alike_key(handle)
    if vouched and session.exec(select(AccountRow.id).where(AccountRow.look_alike == alike)).first():
        # Both stand in logs, and neither can be renamed there.
        alike = f"={handle}"
    account = AccountRow(handle=handle, look_alike=alike, password=stored, created_at=now, changed_at=now)
    session.add(account)
    try:
        session.flush()
    except sqlalchemy.exc.IntegrityError:
        raise HandleRefusedError(
            "handle", "This handle is taken, was once, or looks like one that is.", "Choose another."
        ) from None
    return account
