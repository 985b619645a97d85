"""Two servers, each a process of its own, over one PostgreSQL; and one whose PostgreSQL goes away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.accounts import OTHER
from tests.support.people import Person, account_settings
from tests.support.postgres import Postgres
from tests.support.viewers import bearer

ROOT = Path(__file__).parents[3]


@contextmanager
def serving(root: Path, url: str) -> Iterator[str]:
    """`commons serve` in a process of its own; gives the address."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    arguments = ["serve", str(root), "--port", "0", "--private-db", url, "--sign-up", "open", "--quiet"]
    process = subprocess.Popen(
        [sys.executable, "-m", "registry.cli", *arguments],
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(60, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("Serving on ")), None)
        if line is None:
            process.kill()
            pytest.fail(f"the server did not start: {process.communicate()[1]}")
        timer.cancel()
        yield line.split()[2]
    finally:
        timer.cancel()
        process.terminate()
        process.communicate(timeout=20)
    # uvicorn ends everything and then gives the signal back.
    assert process.returncode in (0, -signal.SIGTERM)


@pytest.fixture(scope="module")
def two(
    shelf: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Two servers that were started at once over an empty database."""
    place = postgres.place()
    assert place.url is not None
    roots = [tmp_path_factory.mktemp("host") / "shelf" for _ in range(2)]
    for root in roots:
        shutil.copytree(shelf, root)
    addresses: list[str] = []
    with ExitStack() as running:
        servers = [serving(root, place.url.set(drivername="postgresql").render_as_string()) for root in roots]
        starting = [
            threading.Thread(target=lambda one=one: addresses.append(running.enter_context(one)))
            for one in servers
        ]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        assert len(addresses) == 2
        yield addresses[0], addresses[1]


def test_who_signed_in_at_one_is_known_at_the_other(two: tuple[str, str]) -> None:
    """And signed out at one, they are nobody at the other from the next request on."""
    with Person(two[0], "nora") as here, Person(two[1], "nora") as there:
        assert here.sign_up().status_code == 303
        assert not there.is_signed_in
        there.client.cookies.update(here.client.cookies)
        assert there.is_signed_in
        there.send("/sign-out", page="/account")
        assert not here.is_signed_in


def test_token_that_is_revoked_at_one_counts_nowhere(two: tuple[str, str]) -> None:
    """Made at one it works at the other at once, and revoked there it does not work here."""
    with Person(two[0], "olaf") as olaf:
        olaf.sign_up()
        token = olaf.make_token("read")
        assert httpx.get(f"{two[1]}/api/v1/viewer", headers=bearer(token)).json()["handle"] == "olaf"
        name = httpx.get(f"{two[1]}/api/v1/viewer", headers=bearer(token)).json()["token"]
        gone = httpx.delete(f"{two[1]}/api/v1/tokens/{name}", headers=bearer(token))
        assert gone.status_code == 204
        assert httpx.get(f"{two[0]}/api/v1/viewer", headers=bearer(token)).status_code == 401


def test_tries_are_counted_over_both(two: tuple[str, str]) -> None:
    """Whoever guesses has no more tries for going from one to the other."""
    with Person(two[0], "pia") as here, Person(two[1], "pia") as there:
        here.sign_up()
        here.client.cookies.clear()
        given = [person.sign_in(OTHER).status_code for _ in range(6) for person in (here, there)]
        assert given == [403] * 10 + [429] * 2


def test_handle_is_given_once(two: tuple[str, str]) -> None:
    """Of two who ask for it at the same moment at two servers, one gets it."""
    with Person(two[0], "quentin") as here, Person(two[1], "quentin") as there:
        given: list[int] = []
        asking = [
            threading.Thread(target=lambda one=one: given.append(one.sign_up().status_code))
            for one in (here, there)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert sorted(given) == [303, 422]


def test_while_postgresql_is_away_the_site_is_read(
    shelf: Path, postgres: Postgres, run_server: Callable[..., Any]
) -> None:
    """Whoever brings nothing is served as ever; who is signed in is told when to come back, and then is."""
    with (
        run_server(shelf, accounts=account_settings(postgres.place())) as server,
        Person(server.base, "rita") as rita,
        httpx.Client(base_url=server.base) as anybody,
    ):
        rita.sign_up()
        postgres.stop()
        try:
            assert anybody.get("/starter/scams").status_code == 200
            assert anybody.get("/sign-in").status_code == 200
            away = rita.get("/starter/scams")
            assert away.status_code == 503
            assert int(away.headers["retry-after"]) >= 1
            assert "Accounts cannot be reached" in away.text
            api = anybody.get("/api/v1/viewer", headers=bearer("pc_" + "0" * 36))
            assert api.status_code == 401, "what is no token is known without any database"
        finally:
            postgres.start()
        # For a second nobody asks a server that did not answer.
        threading.Event().wait(1.2)
        assert rita.is_signed_in
