"""What every verb of this package is given: database, hasher, clock and chance. Opens `private.db`."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

from registry.accounts.database import Database
from registry.accounts.migrating import migrate
from registry.accounts.passwords import Cost, Passwords
from registry.accounts.place import PrivatePlace
from registry.accounts.secret_text import Random

REF = re.compile(r"[0-9a-f]{16}")
"""A name for a session or a token."""


def _now() -> int:
    return int(time.time())


class Accounts:
    """The accounts of one site. Safe for threads and beside other processes. Close it when done."""

    def __init__(
        self,
        database: Database,
        *,
        cost: Cost | None = None,
        clock: Callable[[], int] = _now,
        random: Random = secrets.randbelow,
    ) -> None:
        self.database = database
        self.passwords = Passwords(cost)
        self.clock = clock
        self.random = random

    def close(self) -> None:
        """Closes every connection."""
        self.database.close()

    def ref(self) -> str:
        """A name for a session or a token (`REF`), which opens nothing."""
        return f"{self.random(1 << 64):016x}"


def open_accounts(place: PrivatePlace, *, cost: Cost | None = None) -> Accounts:
    """The accounts kept at a place, made or brought up to date. Raises `AccountsError`."""
    database = Database(place)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Accounts(database, cost=cost)
