"""Where accounts are kept, as `serve` and `account` are told it. Reads the environment for the password."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.places import SERVED

if TYPE_CHECKING:
    from registry.accounts.accounts import Accounts
    from registry.accounts.place import PrivatePlace

PrivateDb = Annotated[
    str | None,
    typer.Option(
        "--private-db",
        metavar="PLACE",
        help="Where accounts are kept: a file, or postgresql://user@host/database with its password in "
        "COMMONS_PRIVATE_DB_PASSWORD. By default private.db in the first folder.",
        show_default=False,
    ),
]
Data = Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The first folder that is served.")]
Site = Annotated[
    str, typer.Option("--site", metavar="URL", help="The site's address, to print links that work.")
]
Person = Annotated[str, typer.Argument(metavar="HANDLE", help="Whose account.", show_default=False)]

USUAL_DATA = SERVED
USUAL_SITE = "http://127.0.0.1:8000"


def stated_place(private_db: str | None) -> PrivatePlace | None:
    """The place that `--private-db` names; None where it names none. Raises `PlaceRefusedError`."""
    from registry.accounts.place import PASSWORD_VARIABLE, read_place

    if private_db is None:
        return None
    return read_place(private_db, password=os.environ.get(PASSWORD_VARIABLE) or None)


def place_of(data: Path, private_db: str | None) -> PrivatePlace:
    """Where the accounts of a site are.

    Raises `InputRefusedError` where none were ever kept: a slip in a folder's name is to make no database.
    """
    from registry.services.errors import InputRefusedError
    from registry.web.settings import AccountSettings, Settings

    stated = stated_place(private_db)
    place = Settings(roots=(data,), accounts=AccountSettings(place=stated)).private_place
    if place.path is not None and not place.path.is_file():
        raise InputRefusedError(
            str(place.path),
            "no accounts are kept there.",
            "Name the folder that is served with --data, or the database with --private-db; "
            "`commons serve` makes it.",
        )
    return place


@contextmanager
def accounts_at(data: Path, private_db: str | None) -> Iterator[Accounts]:
    """The accounts of a site, open while the block runs."""
    from registry.accounts.accounts import open_accounts

    accounts = open_accounts(place_of(data, private_db))
    try:
        yield accounts
    finally:
        accounts.close()


def link(site: str, path: str, code: str) -> str:
    """An address with a secret, which is told once."""
    return f"{site.rstrip('/')}{path}?code={code}"
