"""Opens the accounts that the settings name. Reads and writes `private.db`."""

from __future__ import annotations

from collections.abc import Callable

from registry.accounts.accounts import open_accounts
from registry.accounts.errors import DatabaseReadOnlyError
from registry.accounts.windows import Budget
from registry.web.desk import Desk
from registry.web.security import Watch
from registry.web.settings import Settings


def open_desk(settings: Settings, watch: Watch, note: Callable[[str], None]) -> Desk | None:
    """The desk; None where nobody is to sign in.

    Where the usual place cannot be written, nobody can, and the site is there to be read. Raises
    `AccountsError` for a place that the operator named and that cannot be used, and for one that holds
    something else.
    """
    stated = settings.accounts
    if stated is None:
        return None
    try:
        accounts = open_accounts(settings.private_place, cost=stated.cost)
    except DatabaseReadOnlyError as error:
        if stated.place is not None:
            raise
        note(f"{error.place} cannot be written: nobody can sign in, and everything can be read")
        return None
    rates = settings.rates
    writing = None if rates is None else Budget("writing", rates.writing, rates.seconds)
    return Desk(accounts, stated, watch, writing)
