"""How often something may be done: counts that all web processes over one database share.

A window begins with the first draw, so that waiting until it ends always helps. What is refused counts no
further. Rows hold a digest of whom they count, never an address or what somebody typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from registry.accounts.accounts import Accounts
from registry.accounts.tables import WindowRow

TABLE = WindowRow.metadata.tables["limit_window"]


class Budget(NamedTuple):
    """So often in so many seconds."""

    name: str
    quota: int
    seconds: int


class Drawn(NamedTuple):
    """Whether a draw is within its budget, how many are left, and in how many seconds it is full again."""

    allowed: bool
    left: int
    seconds: int


class Draw(NamedTuple):
    """A budget, and whom it is drawn on for."""

    budget: Budget
    whom: str

    @property
    def id(self) -> str:
        """What its count is found by."""
        return hashlib.sha256(f"{self.budget.name}\n{self.whom}".encode("utf-8", "replace")).hexdigest()


def draw(accounts: Accounts, draws: Sequence[Draw]) -> Drawn:
    """Counts each in turn, up to the first that is over its budget; gives the last one counted."""
    now = accounts.clock()
    with accounts.database.write(durable=False) as session:
        for each in draws:
            drawn = _draw(session, each, now)
            if not drawn.allowed:
                break
    return drawn


def give_back(accounts: Accounts, draws: Sequence[Draw]) -> None:
    """Takes back what turned out to be no try at all."""
    with accounts.database.write(durable=False) as session:
        ids = [each.id for each in draws]
        session.exec(
            update(WindowRow)
            .where(col(WindowRow.id).in_(ids), col(WindowRow.used) > 0)
            .values(used=TABLE.c.used - 1)
        )


def forget(accounts: Accounts, one: Draw) -> None:
    """Lets a window begin anew."""
    with accounts.database.write(durable=False) as session:
        session.exec(delete(WindowRow).where(col(WindowRow.id) == one.id))


def forget_ended(session: Session, now: int) -> None:
    """Removes windows that are over."""
    session.exec(delete(WindowRow).where(col(WindowRow.ends_at) <= now))


def kept(accounts: Accounts) -> int:
    """How many windows are kept."""
    with accounts.database.read() as session:
        return session.exec(select(func.count()).select_from(WindowRow)).one()


def _draw(session: Session, each: Draw, now: int) -> Drawn:
    quota, ends = each.budget.quota, now + each.budget.seconds
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    over = TABLE.c.ends_at <= now
    # One statement, so that two processes never count from the same number.
    statement = (
        insert(TABLE)
        .values(id=each.id, used=1, ends_at=ends)
        .on_conflict_do_update(
            index_elements=[TABLE.c.id],
            set_={
                "used": case((over, 1), (TABLE.c.used > quota, TABLE.c.used), else_=TABLE.c.used + 1),
                "ends_at": case((over, ends), else_=TABLE.c.ends_at),
            },
        )
        .returning(TABLE.c.used, TABLE.c.ends_at)
    )
    used, ends_at = session.connection().execute(statement).one()
    return Drawn(used <= quota, max(0, quota - used), max(1, ends_at - now))
