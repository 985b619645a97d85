"""The index's SQLite file: makes it, opens it, and sets a damaged or foreign one aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlmodel import SQLModel, create_engine

from registry.index.errors import DamagedIndexError, IndexWriteError
from registry.index.tables import APPLICATION, CREATE_TEXT, SCHEMA

READING_CONNECTIONS = 4
"""How many may read at once; each keeps the file and its write-ahead log open."""
_BUSY_SECONDS = 30.0
_TRUNCATE_SECONDS = 0.5
_CACHE_KIB = 4_096
_WRITE_CACHE_KIB = 32_768
"""Building anew touches pages all over the full-text tables; those that do not fit are written twice."""
_MEANS_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))

Note = Callable[[str], None]


class Database:
    """One open file. Reads see one state from their first look to their last; writes are one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reading = _engine(path, "BEGIN", READING_CONNECTIONS, _CACHE_KIB)
        # A write begins by taking the file's one write lock: two processes never decide on the same state.
        self._writing = _engine(path, "BEGIN IMMEDIATE", 1, _WRITE_CACHE_KIB)
        if _is_made(path):
            # Nothing is written: another process may just be taking in a large commons.
            return
        with self.write() as connection:
            SQLModel.metadata.create_all(connection, tables=_tables())
            connection.exec_driver_sql(CREATE_TEXT)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
        self._inode = path.stat().st_ino

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection within a read transaction. Raises `DamagedIndexError`."""
        with self._told(), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection within a write transaction; an exception takes all of it back.

        Raises `IndexWriteError` when it cannot be written, `DamagedIndexError` when it cannot be read.
        """
        with self._told(), self._writing.connect() as connection:
            with connection.begin():
                yield connection
            # What a large change filled the cache with is not needed between changes.
            connection.connection.cursor().execute("PRAGMA shrink_memory")

    def is_in_place(self) -> bool:
        """Whether the file at the path is still the one that was opened."""
        try:
            return self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def truncate_log(self) -> bool:
        """Empties the write-ahead log, which still holds pages as they were; False while readers use it."""
        with self._told(), closing(sqlite3.connect(self.path, timeout=_TRUNCATE_SECONDS)) as plain:
            busy, _, _ = plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def copy_to(self, to: Path) -> None:
        """A copy as of now, compact, in one file. Raises `IndexWriteError`; `to` must not exist."""
        with self._told(), closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as plain:
            plain.execute("VACUUM INTO ?", (str(to),))

    def close(self) -> None:
        """Closes every connection."""
        self._reading.dispose()
        self._writing.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlalchemy.exc.DBAPIError, sqlite3.Error) as error:
            raise _meant(self.path, error) from error


def open_database(path: Path, note: Note) -> Database:
    """The file at `path`, made when it is not there.

    A damaged or foreign file is moved to `<name>.damaged-N` beside it, and `note` is told. Raises
    `IndexWriteError` when nothing can be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and (why := _unusable(path)):
            note(f"{path.name} {why}: set aside as {set_aside(path).name} and built anew")
        return Database(path)
    except DamagedIndexError as error:
        note(f"{path.name} is damaged ({error.detail}): set aside as {set_aside(path).name} and built anew")
        return Database(path)
    except OSError as error:
        raise IndexWriteError(path, error.strerror or str(error)) from error


def set_aside(path: Path) -> Path:
    """Moves the file, with what belongs to it, out of the way; gives its new place."""
    number = 1
    while (place := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(place)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return place


def forget_set_aside(path: Path) -> None:
    """Removes files that were set aside: what was erased must not live on in them."""
    for place in path.parent.glob(f"{path.name}.damaged-*"):
        place.unlink(missing_ok=True)


def _is_made(path: Path) -> bool:
    """Whether the tables are there. A file that cannot be read is not: making them will say why."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as plain:
            application = plain.execute("PRAGMA application_id").fetchone()[0]
            return bool(application == APPLICATION)
    except sqlite3.Error:
        return False


def _unusable(path: Path) -> str | None:
    """Why a file cannot be gone on with, in words; None when it can."""
    if path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as plain:
            application = plain.execute("PRAGMA application_id").fetchone()[0]
            schema = plain.execute("PRAGMA user_version").fetchone()[0]
            tables = plain.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            pages, size = (plain.execute(f"PRAGMA page_{what}").fetchone()[0] for what in ("count", "size"))
    except sqlite3.DatabaseError as error:
        meant = _meant(path, error)
        return f"cannot be read ({meant.detail})" if isinstance(meant, DamagedIndexError) else None
    if application == 0 and not tables:
        # Another process is just making it: one of the two makes the tables, the other finds them.
        return None
    if application != APPLICATION:
        return "is no index of this program"
    if schema != SCHEMA:
        return f"was made by another version of this program (schema {schema}, not {SCHEMA})"
    # Pages that are only in the write-ahead log are counted too: a file that has one is not held to it.
    wal = path.with_name(path.name + "-wal")
    if not (wal.exists() and wal.stat().st_size) and path.stat().st_size < pages * size:
        return "is shorter than it says"
    return None


def _meant(path: Path, error: Exception) -> DamagedIndexError | IndexWriteError:
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlite_errorcode", None)
    detail = str(origin)
    if code is not None and code & 0xFF in _MEANS_DAMAGE:
        return DamagedIndexError(path, detail)
    if isinstance(origin, sqlite3.OperationalError) and detail.startswith("no such"):
        return DamagedIndexError(path, detail)
    return IndexWriteError(path, detail)


def _engine(path: Path, begin: str, size: int, cache_kib: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        poolclass=sqlalchemy.pool.QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def _prepare(plain: Any, _record: object) -> None:
        # The driver's own habit of beginning transactions late is switched off; we say when (below).
        plain.isolation_level = None
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA synchronous = NORMAL")
        # What is deleted is overwritten: a redaction must reach the free pages of this file as well.
        plain.execute("PRAGMA secure_delete = ON")
        plain.execute(f"PRAGMA cache_size = -{cache_kib}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _tables() -> list[sqlalchemy.Table]:
    names = ("mark", "commons", "policy", "label", "event", "touched", "shared_run")
    return [SQLModel.metadata.tables[name] for name in names]
