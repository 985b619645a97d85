from __future__ import annotations

from pathlib import Path

import pytest

from registry.accounts.errors import DatabaseUnusableError
from registry.accounts.place import PASSWORD_VARIABLE, read_place


def test_path_is_a_file() -> None:
    """Whatever is no address."""
    assert read_place("data/private.db").path == Path("data/private.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_address_is_a_server(scheme: str) -> None:
    """The password comes apart, and is not shown."""
    place = read_place(f"{scheme}://commons@db.example:5433/private?sslmode=require", password="s3cret")
    assert place.url is not None
    assert place.url.drivername == "postgresql+psycopg"
    assert place.url.password == "s3cret"
    assert "s3cret" not in str(place)
    assert "db.example:5433/private" in str(place)


@pytest.mark.parametrize(
    "stated", ["postgresql://commons:s3cret@db/private", "postgresql://commons@db/private?password=s3cret"]
)
def test_password_on_the_command_line_is_refused(stated: str) -> None:
    """It says where it belongs, and does not repeat it."""
    with pytest.raises(DatabaseUnusableError) as refused:
        read_place(stated)
    assert PASSWORD_VARIABLE in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("stated", ["mysql://u:s3cret@db/x", "http://db/x", "postgresql://db:port/x"])
def test_other_databases_are_refused(stated: str) -> None:
    """With what is known here."""
    with pytest.raises(DatabaseUnusableError) as refused:
        read_place(stated)
    assert "postgresql://" in str(refused.value)
    assert "s3cret" not in str(refused.value)
