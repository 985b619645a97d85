"""A commons that follows a repository elsewhere, on a site: taken in by itself, and said on its page."""

from __future__ import annotations

import html
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from registry.accounts.place import PrivatePlace
from registry.services.follow_record import read_following, write_following
from registry.services.following import follow, stop
from registry.services.found import found
from registry.services.opening import open_commons
from registry.web.catalogue import Catalogue
from registry.web.following import Followers
from tests.support.elsewhere import Elsewhere, spam
from tests.support.git_http import served_over_http
from tests.support.people import Person, account_settings


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    (tmp_path / "elsewhere").mkdir()
    made = Elsewhere(tmp_path / "elsewhere")
    made.commit(spam())
    return made


@pytest.fixture
def url(elsewhere: Elsewhere) -> Iterator[str]:
    with served_over_http(elsewhere.bare.parent) as address:
        yield f"{address}/community.git"


@pytest.fixture
def root(tmp_path: Path, url: str) -> Path:
    """A folder with a commons that follows."""
    root = tmp_path / "served"
    root.mkdir()
    with found(root / "roost.git", founder="ana") as repository:
        follow(repository, url, actor="ana")
    return root


def due(root: Path) -> None:
    """The next look is due now."""
    following = read_following(root / "roost.git")
    assert following is not None
    write_following(root / "roost.git", replace(following, next_at=0))


def words(client: httpx.Client, path: str = "/roost") -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def until(client: httpx.Client, said: str) -> str:
    """The page once it says this."""
    deadline = time.monotonic() + 20
    while said not in (page := words(client)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert said in page
    return page


def test_what_is_new_there_comes_in_by_itself(
    root: Path, url: str, elsewhere: Elsewhere, run_server: Callable[..., Any]
) -> None:
    """When it is time; the page says what is followed and how that goes, also when it goes wrong."""
    with run_server(root, follow_seconds=0.05) as serving, httpx.Client(base_url=serving.base) as client:
        page = words(client)
        assert f"Follows {url} , since" in page
        assert "Last looked at" in page
        elsewhere.commit(spam("Promotion at length."))
        time.sleep(0.3)
        assert client.get("/api/v1/commons/roost/policies/spam").json()["version"] == "1.0.0"
        due(root)
        until(client, "ana imported spam 1.0.1 from")
        assert client.get("/api/v1/commons/roost/policies/spam").json()["version"] == "1.0.1"
        elsewhere.bare.rename(elsewhere.bare.with_name("gone.git"))
        due(root)
        page = until(client, "it could not be reached")
        assert str(root) not in page
        with open_commons(root / "roost.git") as repository:
            stop(repository, actor="ana")
        assert "Follows" not in words(client)


def test_trouble_is_noted_once(root: Path, elsewhere: Elsewhere) -> None:
    """And the other commons go on; a look that is not due is none."""
    noted: list[str] = []
    catalogue = Catalogue((root,), open_limit=4)
    followers = Followers(catalogue, noted.append)
    assert followers.look() == 0
    assert noted == []
    elsewhere.bare.rename(elsewhere.bare.with_name("gone.git"))
    for _ in range(3):
        due(root)
        assert followers.look() == 0
    assert len(noted) == 1
    assert noted[0].startswith("roost: what it follows could not be taken in:")
    elsewhere.bare.with_name("gone.git").rename(elsewhere.bare)
    elsewhere.commit(spam("Promotion at length."))
    due(root)
    assert followers.look() == 1
    catalogue.close()


def test_a_server_that_stops_ends_a_look(root: Path) -> None:
    """However silent the other side is, and without a word of trouble."""
    noted: list[str] = []
    catalogue = Catalogue((root,), open_limit=4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        following = read_following(root / "roost.git")
        assert following is not None
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x.git"
        write_following(root / "roost.git", replace(following, url=url, next_at=0))
        followers = Followers(catalogue, noted.append, 0.01)
        followers.start()
        silent.settimeout(20)
        connection, _ = silent.accept()
        began = time.monotonic()
        followers.stop()
        connection.close()
    assert time.monotonic() - began < 10
    assert noted == []
    catalogue.close()


def test_nothing_is_suggested_meanwhile(root: Path, run_server: Callable[..., Any], tmp_path: Path) -> None:
    """Whoever would write a change is told before they begin, and where it is changed."""
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"))
    with run_server(root, accounts=accounts) as serving, Person(serving.base, "nora") as nora:
        nora.sign_up()
        refused = nora.get("/roost/spam/suggest")
        assert refused.status_code == 422
        assert "this commons follows http://127.0.0.1" in html.unescape(refused.text)
        assert "Change it there" in refused.text
        assert nora.send("/roost/spam/fork", page="/roost/spam").status_code == 303
