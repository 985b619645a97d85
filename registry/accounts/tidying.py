"""Removes what has expired. Writes `private.db`."""

from __future__ import annotations

from registry.accounts import answers, change_password, invitations, sessions, tokens, windows
from registry.accounts.accounts import Accounts

EVERY_SECONDS = 600.0

_KINDS = (answers, change_password, invitations, sessions, tokens, windows)


def tidy(accounts: Accounts) -> None:
    """One round. Nothing that counts is touched, whenever it runs and however often."""
    now = accounts.clock()
    for kind in _KINDS:
        with accounts.database.write(durable=False) as session:
            kind.forget_ended(session, now)
