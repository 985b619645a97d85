"""The index of all commons that are served: lists, search and feeds, without reading Git.

A view, local to this host: everything in it was taken in from the logs, up to a commit that it remembers,
and can be taken in again. Delete the file and nothing is lost.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from registry.index import queries
from registry.index.asked import Asked
from registry.index.columns import Columns
from registry.index.database import Database, Note, forget_set_aside, open_database, set_aside
from registry.index.errors import DamagedIndexError, IndexWriteError
from registry.index.projection import TakenIn, Told, forget, reached, take_in
from registry.index.tables import TEXT_TABLE, CommonsRow, table_of
from registry.store.repository import Repository

FILE = "index.db"
_SERIAL, _SCRUB = "serial", "scrub"
_COMMONS = table_of(CommonsRow)

Read = TypeVar("Read")


def _quiet(_line: str) -> None:
    """Nobody listens."""


def _untold(_done: int, _total: int) -> None:
    """Nobody counts along."""


class Index(Asked):
    """Safe for threads, and for other processes over the same file. Close it when done."""

    def __init__(self, path: Path, note: Note) -> None:
        self.path = path
        self.note = note
        self.refill: Callable[[], None] = lambda: None
        """Takes everything in again; called when the file turned out damaged, by whoever stumbled over it."""
        self._database = open_database(path, note)
        self._guard = threading.Lock()
        self._noticing = threading.Lock()
        self._columns: tuple[int, Columns] | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.serial = 0
        """Grows whenever something was taken in, by this process or (once `refresh` looked) another."""
        self._seen = -1
        self.refresh()

    @classmethod
    def open(cls, path: Path, *, note: Note = _quiet) -> Index:
        """The index at `path`, made when it is not there; `note` is told what an operator should know.

        A damaged or foreign file is set aside beside it. Where nothing can be written there, it is kept
        in a temporary place and taken in anew at each start.
        """
        try:
            return cls(path, note)
        except IndexWriteError as error:
            note(f"{path} cannot be written ({error.detail}): the index is kept in a temporary place")
            folder = tempfile.TemporaryDirectory(prefix="commons-index-")
            index = cls(Path(folder.name) / FILE, note)
            index._temporary = folder
            return index

    def reached(self, commons: str) -> str | None:
        """The log commit that is taken in of a commons."""
        return self._read(lambda connection: reached(connection, commons))

    def names(self) -> tuple[str, ...]:
        """The commons that are taken in, by name."""
        chosen = select(_COMMONS.c.name).order_by(_COMMONS.c.name)
        return self._read(lambda connection: tuple(connection.execute(chosen).scalars()))

    def follow(self, repository: Repository, *, told: Told = _untold) -> TakenIn:
        """Takes in what a log has beyond what was taken in; `told` counts policies.

        All of it or, when it fails, nothing. Raises `IndexWriteError`, and what reading the log raises.
        """
        view = repository.view()
        if view.state is not None and view.head is not None:
            known = self.reached(view.state.name)
            if known == view.head:
                return TakenIn(view.state.name, view.head, 0, 0, erased=False)

        def change(connection: Connection) -> TakenIn:
            taken = take_in(connection, repository, view, told)
            if taken.erased:
                _erase(connection)
            return taken

        taken = self._change(change)
        self._scrub()
        return taken

    def keep_only(self, names: Collection[str]) -> tuple[str, ...]:
        """Forgets commons that are not among `names`; gives those forgotten."""
        gone = tuple(name for name in self.names() if name not in names)
        if gone:

            def change(connection: Connection) -> None:
                for name in gone:
                    forget(connection, name)
                _erase(connection)

            self._change(change)
            self._scrub()
        return gone

    def forget(self, name: str) -> None:
        """Forgets a commons, so that it is taken in from its beginning."""
        self._change(lambda connection: forget(connection, name))

    def refresh(self) -> int:
        """Looks whether another process took something in; gives the serial.

        Also finishes an erasure that a crash, or a reader that took its time, left unfinished.
        """
        self._notice(self._read(lambda connection: queries.mark(connection, _SERIAL)))
        with suppress(IndexWriteError):
            self._scrub()
        return self.serial

    def snapshot(self, to: Path) -> None:
        """Writes a compact copy to one file. Raises `IndexWriteError`; `to` must not exist."""
        self._database.copy_to(to)

    def close(self) -> None:
        """Closes the file; a temporary one goes."""
        self._database.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _columns_of(self, connection: Connection) -> Columns:
        serial = queries.mark(connection, _SERIAL)
        kept = self._columns
        if kept is not None and kept[0] == serial:
            return kept[1]
        with self._guard:
            kept = self._columns
            if kept is None or kept[0] != serial:
                kept = self._columns = (serial, queries.columns_of(connection))
            return kept[1]

    def _change(self, change: Callable[[Connection], Read]) -> Read:
        def counted(connection: Connection) -> tuple[Read, int]:
            result = change(connection)
            serial = queries.mark(connection, _SERIAL) + 1
            queries.set_mark(connection, _SERIAL, serial)
            return result, serial

        def write(database: Database) -> tuple[Read, int]:
            with database.write() as connection:
                return counted(connection)

        database = self._database
        try:
            result, serial = write(database)
        except DamagedIndexError as error:
            self._begin_anew(database, error)
            # The other commons were in the damaged file too.
            self.refill()
            result, serial = write(self._database)
        self._notice(serial)
        return result

    def _notice(self, serial: int) -> None:
        # The file's own number begins again when it is built anew; ours only grows.
        with self._noticing:
            if serial != self._seen:
                self._seen = serial
                self.serial += 1

    def _read(self, read: Callable[[Connection], Read]) -> Read:
        database = self._database
        try:
            with database.read() as connection:
                return read(connection)
        except DamagedIndexError as error:
            self._begin_anew(database, error)
        except msgspec.DecodeError as error:
            self._begin_anew(database, DamagedIndexError(self.path, str(error)))
        self.refill()
        with self._database.read() as connection:
            return read(connection)

    def _begin_anew(self, damaged: Database, error: DamagedIndexError) -> None:
        """Sets the damaged file aside, once for however many readers stumbled over it.

        `damaged` is the one that failed: another thread may have put a good one in its place by now.
        """
        with self._guard:
            if self._database is not damaged:
                return
            damaged.close()
            place = set_aside(self.path)
            self.note(
                f"{self.path.name} is damaged ({error.detail}): set aside as {place.name} and built anew"
            )
            self._database = open_database(self.path, self.note)
            self._columns = None
        with self._noticing:
            self._seen = -1
            self.serial += 1

    def _scrub(self) -> None:
        """After something was erased: the write-ahead log, and files set aside, still hold it as it was."""
        if self._read(lambda connection: queries.mark(connection, _SCRUB)) and self._database.truncate_log():
            forget_set_aside(self.path)
            with self._database.write() as connection:
                queries.set_mark(connection, _SCRUB, 0)


def _erase(connection: Connection) -> None:
    """Deleted words live on in the full-text index until it is rebuilt from what is left."""
    connection.execute(text(f"INSERT INTO {TEXT_TABLE} ({TEXT_TABLE}) VALUES ('rebuild')"))  # noqa: S608
    queries.set_mark(connection, _SCRUB, 1)
