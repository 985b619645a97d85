"""A commons of a test's own, a real server over it, and people with tokens and clones."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
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
from tests.support.pushing import REQUEST, Clone, make_roost
from tests.support.viewers import basic

DAY = 86_400
MEMBERS = ("bo", "cy")
STRANGER = "dora"
RECEIVE = "/roost.git/git-receive-pack"


class Roost:
    """The commons, the server over it, and its people."""

    def __init__(self, serving: Serving, place: Path, accounts: Accounts, folder: Path) -> None:
        self.base = serving.base
        self.place = place
        self.accounts = accounts
        self._folder = folder
        self._clones = 0
        self._tokens: dict[str, str] = {}

    def token(self, handle: str, *scopes: Scope) -> str:
        """A new token of somebody's, by default one to propose with."""
        return tokens.create(self.accounts, handle, "git", scopes or (Scope.PROPOSE,), days=30).secret

    def own_token(self, handle: str) -> str:
        """Somebody's usual one, to propose with."""
        if handle not in self._tokens:
            self._tokens[handle] = self.token(handle)
        return self._tokens[handle]

    def expired_token(self, handle: str) -> str:
        """One that was made to propose with, long ago."""
        long_ago = Accounts(self.accounts.database, cost=CHEAP, clock=lambda: int(time.time()) - 100 * DAY)
        return tokens.create(long_ago, handle, "git", (Scope.PROPOSE,), days=30).secret

    def clone(self, handle: str, *options: str, token: str | None = None) -> Clone:
        """A fresh clone of somebody's, who may propose."""
        self._clones += 1
        folder = self._folder / f"clone-{self._clones}"
        return Clone(self.base, folder, handle, token or self.own_token(handle), *options)

    @contextmanager
    def opened(self) -> Iterator[Repository]:
        """The commons as it stands."""
        with open_commons(self.place) as repository:
            yield repository

    def state(self) -> Commons:
        """The state at the log's head."""
        with self.opened() as repository:
            return repository.state()


class Pusher:
    """Sends bytes as bo."""

    def __init__(self, roost: Roost) -> None:
        self.roost = roost
        self.headers = {**REQUEST, **basic("bo", roost.own_token("bo"))}

    def send(self, body: bytes, **more: str) -> httpx.Response:
        """The answer to a whole body."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return httpx.post(
            f"{self.roost.base}{RECEIVE}", content=body, headers={**self.headers, **headers}, timeout=60
        )

    def begin(self, body: bytes, length: int) -> http.client.HTTPConnection:
        """A push that announces more than it sends."""
        connection = http.client.HTTPConnection(urlsplit(self.roost.base).netloc, timeout=60)
        connection.putrequest("POST", RECEIVE)
        for name, value in (self.headers | {"content-length": str(length)}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection


def nothing_left(roost: Roost) -> None:
    """No git of a push runs any more, nothing lies aside, and nothing was recorded."""
    deadline = time.monotonic() + 10
    while _unpacking() or list((roost.place / "commons" / "pushes").glob("*")):
        assert time.monotonic() < deadline, "a push was left behind"
        time.sleep(0.02)
    assert roost.state().proposed == 0
    assert httpx.get(f"{roost.base}/healthz").status_code == 200


def _unpacking() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if "index-pack" in _line(one)]


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def serving_roost(
    folder: Path, files: Mapping[str, bytes], *members: str, **settings: Any
) -> Iterator[Roost]:
    """Makes the commons with these members, and serves it as it ships but for some settings."""
    place = make_roost(folder / "served", files, *members)
    private = PrivatePlace(path=folder / "private.db")
    accounts = open_accounts(private, cost=CHEAP)
    for handle in ("ana", *MEMBERS, STRANGER):
        create(accounts, handle, in_use=())
    stated = {"accounts": account_settings(private), **settings}
    with running(folder / "served", **stated) as serving:
        yield Roost(serving, place, accounts, folder)
    accounts.close()


@pytest.fixture(scope="session")
def scams(library: Path) -> dict[str, bytes]:
    """The files of a policy without lint errors."""
    return files_of(library / "scams")


@pytest.fixture
def roost(tmp_path: Path, scams: dict[str, bytes]) -> Iterator[Roost]:
    """Three friends, for one test."""
    with serving_roost(tmp_path, scams, *MEMBERS) as made:
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, scams: dict[str, bytes]) -> Iterator[Roost]:
    """The same for tests that leave it as it is."""
    with serving_roost(tmp_path_factory.mktemp("still"), scams, *MEMBERS) as made:
        yield made


@pytest.fixture
def alone(tmp_path: Path, scams: dict[str, bytes]) -> Iterator[Roost]:
    """ana owns it; bo and cy are strangers there."""
    with serving_roost(tmp_path, scams) as made:
        yield made


@pytest.fixture
def pusher(roost: Roost) -> Pusher:
    """bo."""
    return Pusher(roost)
