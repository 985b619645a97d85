"""Brings `private.db` to the form that this program knows. Changes tables, all of them or none.

Called by every process at its start; of two at once the second waits and finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy.engine import Connection

from registry.accounts.database import Database
from registry.accounts.errors import DatabaseUnusableError

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "commons_revision"
APPLICATION = 0x50435056
"""Marks a SQLite file as ours ("PCPV")."""

_LOCK = 0x706F6C696379
_SCRIPTS = Path(__file__).parent / "migrations"


def revisions() -> tuple[str, ...]:
    """Every revision there is, oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config())
    return tuple(revision.revision for revision in script.walk_revisions())[::-1]


def newest() -> str:
    """The last revision, as the scripts' files are numbered.

    Found without Alembic, which takes 7 MB of memory and is needed only where something is to be done.
    """
    return max(path.name[:5] for path in (_SCRIPTS / "versions").glob("r[0-9]*_*.py"))


def migrate(database: Database, *, to: str = "head") -> str:
    """Makes the tables, or brings them from an older revision to this one; gives the revision.

    Raises `DatabaseUnusableError` for what is not ours, and for what a newer version of this program made:
    there is no way back from that but a backup.
    """
    wanted = newest() if to == "head" else to
    with database.connection() as connection:
        _one_at_a_time(connection, database)
        stands = _stands(connection, database)
        if stands == wanted:
            return wanted
        known = revisions()
        if stands is not None and stands not in known:
            raise DatabaseUnusableError(
                str(database.place),
                f"a newer version of this program has written it (revision {stands}; known is {known[-1]}).",
                "Use that version, or restore the backup that was made before it.",
            )
        if stands is not None and known.index(stands) > known.index(wanted):
            raise DatabaseUnusableError(
                str(database.place),
                f"it stands at revision {stands}, and there is no way back to {wanted}.",
                "Restore a backup that is as old.",
            )
        from alembic import command

        config = _config()
        config.attributes["connection"] = connection
        config.attributes["version_table"] = VERSION_TABLE
        command.upgrade(config, wanted)
        if not database.is_server:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    return wanted


def _one_at_a_time(connection: Connection, database: Database) -> None:
    # A file's write lock is held already, since this is a write transaction.
    if database.is_server:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '60s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _stands(connection: Connection, database: Database) -> str | None:
    """The revision of a database; None for an empty one. Raises `DatabaseUnusableError`."""
    tables = sqlalchemy.inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        version = sqlalchemy.table(VERSION_TABLE, sqlalchemy.column("version_num"))
        found = connection.execute(sqlalchemy.select(version.c.version_num)).scalars().all()
        if len(found) == 1:
            return str(found[0])
    elif not tables:
        return None
    raise DatabaseUnusableError(
        str(database.place),
        "something else is kept there.",
        "Name an empty database, or a file that is not there.",
    )


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
