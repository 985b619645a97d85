"""A commons of a test's own, a real server over it, and people with tokens and clones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.commons import Commons
from registry.accounts import tokens
from registry.accounts.accounts import Accounts, open_accounts
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.sign_up import create
from registry.services.opening import open_commons
from registry.store.repository import Repository
from tests.integration.web.conftest import Serving, files_of, running
from tests.support.accounts import CHEAP
from tests.support.people import account_settings
from tests.support.pushing import Clone, make_roost

DAY = 86_400
MEMBERS = ("bo", "cy")
STRANGER = "dora"


class Roost:
    """The commons, the server over it, and its people."""

    def __init__(self, serving: Serving, place: Path, accounts: Accounts, folder: Path) -> None:
        self.base = serving.base
        self.place = place
        self.accounts = accounts
        self._folder = folder
        self._clones = 0

    def token(self, handle: str, *scopes: Scope) -> str:
        """A new token of somebody's, by default one to propose with."""
        return tokens.create(self.accounts, handle, "git", scopes or (Scope.PROPOSE,), days=30).secret

    def expired_token(self, handle: str) -> str:
        """One that was made to propose with, long ago."""
        long_ago = Accounts(self.accounts.database, cost=CHEAP, clock=lambda: int(time.time()) - 100 * DAY)
        return tokens.create(long_ago, handle, "git", (Scope.PROPOSE,), days=30).secret

    def clone(self, handle: str, *options: str, token: str | None = None) -> Clone:
        """A fresh clone of somebody's, who may propose."""
        self._clones += 1
        folder = self._folder / f"clone-{self._clones}"
        return Clone(self.base, folder, handle, token or self.token(handle), *options)

    @contextmanager
    def opened(self) -> Iterator[Repository]:
        """The commons as it stands."""
        with open_commons(self.place) as repository:
            yield repository

    def state(self) -> Commons:
        """The state at the log's head."""
        with self.opened() as repository:
            return repository.state()


@pytest.fixture
def scams(library: Path) -> dict[str, bytes]:
    """The files of a policy without lint errors."""
    return files_of(library / "scams")


@pytest.fixture
def run_roost(tmp_path: Path, scams: dict[str, bytes]) -> Callable[..., Iterator[Roost]]:
    """Makes the commons and serves it."""

    def run(*members: str, **settings: object) -> Iterator[Roost]:
        place = make_roost(tmp_path / "served", scams, *members)
        private = PrivatePlace(path=tmp_path / "private.db")
        accounts = open_accounts(private, cost=CHEAP)
        for handle in ("ana", *MEMBERS, STRANGER):
            create(accounts, handle, in_use=())
        stated = {"accounts": account_settings(private), **settings}
        with running(tmp_path / "served", **stated) as serving:
            yield Roost(serving, place, accounts, tmp_path)
        accounts.close()

    return run


@pytest.fixture
def roost(run_roost: Callable[..., Iterator[Roost]]) -> Iterator[Roost]:
    """Three friends."""
    yield from run_roost(*MEMBERS)


@pytest.fixture
def alone(run_roost: Callable[..., Iterator[Roost]]) -> Iterator[Roost]:
    """ana owns it; bo and cy are strangers there."""
    yield from run_roost()
