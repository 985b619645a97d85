"""Where `private.db` is: a file, or a PostgreSQL database. Touches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from registry.accounts.errors import PlaceRefusedError

FILE = "private.db"
PASSWORD_VARIABLE = "COMMONS_PRIVATE_DB_PASSWORD"  # noqa: S105 - its name

_SERVERS = ("postgresql", "postgres")


class PrivatePlace(NamedTuple):
    """A file (SQLite) or the address of a PostgreSQL database: one of the two."""

    path: Path | None = None
    url: URL | None = None

    def __str__(self) -> str:
        """As an operator may read it, without a password."""
        return str(self.path) if self.url is None else self.url.render_as_string(hide_password=True)


def read_place(stated: str, *, password: str | None = None) -> PrivatePlace:
    """What `--private-db` means: a path, or `postgresql://user@host/database`.

    The password comes apart, since whoever is on this machine can read every command line. Raises
    `PlaceRefusedError`.
    """
    scheme, colon, _ = stated.partition("://")
    if not colon:
        return PrivatePlace(path=Path(stated))
    if scheme.partition("+")[0] not in _SERVERS:
        # Not repeated: it may hold a password.
        raise PlaceRefusedError(
            "--private-db", "of databases on servers, only PostgreSQL is known here.", "Use postgresql://..."
        )
    try:
        url = make_url(stated)
    except (ArgumentError, ValueError):
        raise PlaceRefusedError(
            "--private-db",
            "this is no address of a database.",
            "Such as postgresql://commons@db.example/commons",
        ) from None
    if url.password is not None or "password" in url.query:
        raise PlaceRefusedError(
            "--private-db",
            "a password on a command line can be read by everybody on this machine.",
            f"Take it out, change it, and put the new one into {PASSWORD_VARIABLE}.",
        )
    return PrivatePlace(url=url.set(drivername="postgresql+psycopg", password=password))
