"""Accounts over either database, with a clock that is set by hand and passwords that hash in no time."""

from __future__ import annotations

from registry.accounts.accounts import Accounts
from registry.accounts.database import Database
from registry.accounts.migrating import migrate
from registry.accounts.passwords import Cost
from registry.accounts.place import PrivatePlace
from registry.accounts.sign_in import TryLimits

CHEAP = Cost(memory=8, passes=1)
PASSWORD = "seven lamps under water"
OTHER = "a crow in the orchard"
START = 1_800_000_000
LIMITS = TryLimits()


class Clock:
    """Stands until it is moved."""

    def __init__(self, at: int = START) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def on(self, seconds: int) -> None:
        """Moves on."""
        self.at += seconds


def opened(place: PrivatePlace, clock: Clock) -> Accounts:
    """The accounts at a place."""
    database = Database(place)
    migrate(database)
    return Accounts(database, cost=CHEAP, clock=clock)
