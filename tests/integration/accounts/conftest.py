"""Every test here runs over a file and over a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.accounts.accounts import Accounts
from registry.accounts.place import PrivatePlace
from tests.support.accounts import Clock, opened
from tests.support.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> PrivatePlace:
    """An empty place."""
    if request.param == "sqlite":
        return PrivatePlace(path=tmp_path / "private.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.place()


@pytest.fixture
def clock() -> Clock:
    """The time of day."""
    return Clock()


@pytest.fixture
def accounts(place: PrivatePlace, clock: Clock) -> Iterator[Accounts]:
    """No account yet."""
    made = opened(place, clock)
    yield made
    made.close()
