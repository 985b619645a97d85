"""The first answer to a request with an Idempotency-Key, given again for a day. Writes `private.db`.

A key is claimed before the request is carried out. A process that dies in between leaves it claimed, and
whoever sends it again is told that nobody knows what became of it: nothing is ever done twice.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from registry.accounts.accounts import Accounts
from registry.accounts.errors import KeyInUseError, KeyReusedError
from registry.accounts.sessions import DAY
from registry.accounts.tables import AnswerRow

KEPT_SECONDS = DAY
CUT_OFF_SECONDS = 120
"""Longer than any request is worked on: what has no answer by then never gets one."""

_TABLE = AnswerRow.metadata.tables["answer"]


class Key(NamedTuple):
    """A key as one account sent it, with what was asked (`request`, a digest)."""

    handle: str
    key: str
    request: str

    @property
    def id(self) -> str:
        """What its answer is found by."""
        return hashlib.sha256(f"{self.handle}\n{self.key}".encode()).hexdigest()


class KeptAnswer(NamedTuple):
    """An answer as it was given. `headers` are JSON of whoever keeps them."""

    status: int
    headers: str
    body: bytes


def claim(accounts: Accounts, key: Key) -> KeptAnswer | None:
    """The first answer to this key; None where there is none yet, and then the key is the caller's.

    They carry the request out, and `keep` its answer or `release` the key. Raises `KeyReusedError`,
    `KeyInUseError`.
    """
    now = accounts.clock()
    with accounts.database.write() as session:
        session.exec(
            delete(AnswerRow).where(
                col(AnswerRow.id) == key.id, col(AnswerRow.began_at) <= now - KEPT_SECONDS
            )
        )
        insert = postgresql.insert if accounts.database.is_server else sqlite.insert
        values = {"id": key.id, "request": key.request, "began_at": now, "headers": "", "body": b""}
        claimed = insert(_TABLE).values(**values).on_conflict_do_nothing().returning(_TABLE.c.id)
        if session.connection().execute(claimed).first() is not None:
            return None
        row = session.get(AnswerRow, key.id)
        if row is None:
            # Released in this moment by who had it: as if it were still theirs.
            raise KeyInUseError(1)
        if row.request != key.request:
            raise KeyReusedError
        if row.status is None:
            raise KeyInUseError(1 if now - row.began_at < CUT_OFF_SECONDS else None)
        return KeptAnswer(row.status, row.headers, row.body)


def keep(accounts: Accounts, key: Key, answer: KeptAnswer) -> None:
    """Keeps what a claimed key was answered."""
    with accounts.database.write() as session:
        session.exec(
            update(AnswerRow)
            .where(col(AnswerRow.id) == key.id)
            .values(status=answer.status, headers=answer.headers, body=answer.body)
        )


def release(accounts: Accounts, key: Key) -> None:
    """Gives a claimed key back: nothing was done under it, so it may be tried again."""
    with accounts.database.write() as session:
        session.exec(delete(AnswerRow).where(col(AnswerRow.id) == key.id, col(AnswerRow.status).is_(None)))


def forget_ended(session: Session, now: int) -> None:
    """Removes answers that are a day old."""
    session.exec(delete(AnswerRow).where(col(AnswerRow.began_at) <= now - KEPT_SECONDS))
