"""The connections to `private.db`, on SQLite or PostgreSQL. Opens and writes it; knows no table."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session, create_engine

from registry.accounts.errors import DatabaseAwayError, DatabaseReadOnlyError, DatabaseUnusableError
from registry.accounts.place import PrivatePlace

CONNECTIONS = 4
"""At once, for each process."""

_BUSY_SECONDS = 5.0
_AWAY_SECONDS = 1.0
"""For so long nobody asks a server that did not answer: threads that wait for it are the whole site's."""

_SERVER: dict[str, Any] = {
    "connect_timeout": 3,
    "application_name": "policy-commons",
    # A network that swallows packets must not hold a thread for the quarter of an hour that TCP would.
    "tcp_user_timeout": 5_000,
    "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000",
}
_DURABLE, _QUICK = "durable", "quick"
_OURS = (
    sqlalchemy.exc.IntegrityError,
    sqlalchemy.exc.ProgrammingError,
    sqlalchemy.exc.DataError,
    sqlalchemy.exc.NotSupportedError,
)
_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


class Database:
    """Safe for threads, and for other processes over the same file or server. Close it when done."""

    def __init__(self, place: PrivatePlace) -> None:
        self.place = place
        self._away_until = 0.0
        self._engine = _on_file(place.path) if place.path is not None else _on_server(place)
        self._writing = {kind: self._engine.execution_options(writes=kind) for kind in (_DURABLE, _QUICK)}

    @property
    def is_server(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.place.url is not None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Rows as they stand now. Raises `DatabaseAwayError`, `DatabaseUnusableError`."""
        with self._told(), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """A transaction; an exception takes all of it back.

        Writers of a file are one at a time. What is not `durable` may be lost with the power, not with the
        process: counts, and when something was seen last. Raises `DatabaseAwayError` and
        `DatabaseUnusableError`.
        """
        with (
            self._told(),
            Session(self._writing[_DURABLE if durable else _QUICK]) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A write transaction for whoever changes the tables themselves."""
        with self._told(), self._writing[_DURABLE].begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        if time.monotonic() < self._away_until:
            raise self._away("the database did not answer just now.")
        try:
            yield
        except _OURS:
            # Whoever writes knows what the first means; the others are mistakes of this program.
            raise
        except sqlalchemy.exc.TimeoutError as error:
            raise self._away("all connections to the database are taken.") from error
        except sqlalchemy.exc.DBAPIError as error:
            raise self._meant(error) from error

    def _meant(self, error: sqlalchemy.exc.DBAPIError) -> DatabaseAwayError | DatabaseUnusableError:
        code = getattr(error.orig, "sqlite_errorcode", None)
        said = str(error.orig).strip().partition("\n")[0]
        if code is not None and code & 0xFF in _DAMAGE:
            return DatabaseUnusableError(
                str(self.place), f"the database is damaged ({said}).", "Put a backup of it in its place."
            )
        if self.is_server and (
            error.connection_invalidated or _is_away(getattr(error.orig, "sqlstate", None))
        ):
            self._away_until = time.monotonic() + _AWAY_SECONDS
        return self._away(f"the database cannot be used now ({said}).")

    def _away(self, rule: str) -> DatabaseAwayError:
        return DatabaseAwayError(str(self.place), rule)


def _is_away(state: str | None) -> bool:
    """Whether a server that says so takes no questions: no connection, no room, or it goes down."""
    return state is None or state.startswith(("08", "53", "57P"))


def _on_server(place: PrivatePlace) -> Engine:
    assert place.url is not None
    engine = create_engine(
        place.url,
        connect_args=_SERVER,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=_BUSY_SECONDS,
        # A server that was restarted left us connections that lead nowhere.
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes") == _QUICK:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


def _on_file(path: Path) -> Engine:
    _make_private(path)
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        poolclass=sqlalchemy.pool.QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=_BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def _prepare(plain: Any, _record: object) -> None:
        # The driver's own habit of beginning transactions late is switched off; we say when (below).
        plain.isolation_level = None
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA foreign_keys = ON")
        # A digest that was deleted is not to be found in the file's free pages.
        plain.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        if writes is None:
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if writes == _DURABLE else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_private(path: Path) -> None:
    """Makes the file before anybody else could, for its owner only; SQLite gives its log the same rights."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise DatabaseReadOnlyError(
            str(path),
            f"the file cannot be written ({error.strerror}).",
            "Make its folder writable, or name another place with --private-db.",
        ) from error
