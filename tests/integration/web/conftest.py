"""A shelf of real commons and a real server over it, shared by the tests of the site."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import uvicorn

from registry.accounts.place import PrivatePlace
from registry.services.bench import bench_policy
from registry.services.found import found, found_child
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.web.app import create_app
from registry.web.identifying import Identify, nobody
from registry.web.server import configuration
from registry.web.settings import AccountSettings, GitLimits, Settings
from registry.web.visit import Library
from tests.support.people import account_settings

GIT_LIMITS = GitLimits(
    concurrent=2, queue_seconds=0.2, seconds=20.0, idle_seconds=1.0, request_bytes=64 * 1024
)


class Serving(NamedTuple):
    """A running server: its address, the folder it serves and what it keeps in memory."""

    base: str
    root: Path
    library: Library


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Path:
    """`starter` with three policies, two versions of one and a baseline run; within it `starter/teens`,
    which has a proposal."""
    root = tmp_path_factory.mktemp("shelf")
    with found(root / "starter.git", founder="ana") as repository:
        for slug in ("scams", "scams-es", "self-harm"):
            publish(repository, slug, files_of(library / slug), actor="ana")
        bench_policy(repository, "scams", actor="ana")
        second = files_of(library / "scams")
        second["policy.md"] = second["policy.md"].replace(b"# Goal\n", b"# Goal\nDecide with care.\n", 1)
        publish(repository, "scams", second, actor="ana")
        bench_policy(repository, "scams", actor="ana")
        (root / "starter").mkdir()
        nested = root / "starter" / "teens.git"
        with found_child(repository, nested, name="teens", founder="ana", actor="ana") as child:
            dares = files_of(library / "dangerous-challenges")
            publish(child, "dangerous-challenges", dares, actor="ana")
            dares["policy.md"] = dares["policy.md"].replace(b"# Goal\n", b"# Goal\nLook twice.\n", 1)
            propose(child, Draft(folders={"dangerous-challenges": dares}), title="Look twice", actor="ana")
    return root


@pytest.fixture(scope="session")
def serving(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server over the shelf, on which people can sign up."""
    place = PrivatePlace(path=tmp_path_factory.mktemp("accounts") / "private.db")
    with running(shelf, accounts=account_settings(place)) as server:
        yield server


@pytest.fixture(scope="session")
def run_server() -> Callable[..., running]:
    """Starts a server of a test's own, over what it changes: `with run_server(root) as serving`."""
    return running


@pytest.fixture(scope="session")
def policy_files(library: Path) -> Callable[[str], dict[str, bytes]]:
    """The files of a starter policy by its slug."""
    return lambda slug: files_of(library / slug)


@pytest.fixture
def client(serving: Serving) -> Iterator[httpx.Client]:
    """A client of the server."""
    with httpx.Client(base_url=serving.base, timeout=30) as made:
        yield made


class running:  # noqa: N801 - reads as `with running(...)`
    """Runs the site in a thread, as the command does in a process."""

    def __init__(
        self,
        root: Path,
        git: GitLimits = GIT_LIMITS,
        identify: Identify = nobody,
        accounts: AccountSettings | None = None,
        **settings: Any,
    ) -> None:
        stated = Settings(**{"roots": (root,), "git": git, "rates": None, "accounts": accounts, **settings})
        self._app = create_app(stated, identify=None if accounts else identify)
        self._root = root
        config = configuration(self._app)
        config.port = 0
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> Serving:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return Serving(f"http://127.0.0.1:{port}", self._root, self._app.state.library)

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"
