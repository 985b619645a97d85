"""Copies `private.db` to another file, while it is in use. Reads the database, writes the file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from registry.accounts.errors import AccountsError, DatabaseAwayError, DatabaseReadOnlyError
from registry.accounts.place import PrivatePlace


def copy_accounts(place: PrivatePlace, to: Path) -> int:
    """Writes a copy for its owner only, durably, whole or not at all; gives its size in bytes.

    Raises `AccountsError` where something is at `to` already and for a PostgreSQL database, whose own tools
    do it, `DatabaseReadOnlyError` and `DatabaseAwayError`.
    """
    if place.path is None:
        raise AccountsError(
            str(place), "PostgreSQL is backed up by its own tools.", f"Use `pg_dump --file={to}` there."
        )
    if to.exists():
        raise AccountsError(str(to), "something is there already.", "Choose another place.")
    temporary = to.with_name(f".{to.name}.{os.urandom(4).hex()}")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "rb+") as file:
            _copy(place.path, temporary)
            os.fsync(file.fileno())
        temporary.rename(to)
        _sync_folder(to.parent)
        return to.stat().st_size
    except OSError as error:
        raise DatabaseReadOnlyError(
            str(to), f"the copy cannot be written ({error.strerror}).", "Choose another place."
        ) from error
    except sqlite3.Error as error:
        raise DatabaseAwayError(str(place), f"the database cannot be read now ({error}).") from error
    finally:
        temporary.unlink(missing_ok=True)


def _copy(path: Path, to: Path) -> None:
    # SQLite's own way: one state of the database, whoever writes meanwhile.
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
