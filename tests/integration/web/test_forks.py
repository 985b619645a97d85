"""Forking on the site: one button, a commons of one's own, and who else did."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.accounts.place import PrivatePlace
from registry.services.found import found
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.verify import verify
from tests.integration.web.conftest import Serving
from tests.support.people import Person, account_settings
from tests.support.viewers import bearer


@pytest.fixture
def serving(
    tmp_path: Path, policy_files: Callable[[str], dict[str, bytes]], run_server: Callable[..., Any]
) -> Iterator[Serving]:
    root = tmp_path / "served"
    root.mkdir()
    with found(root / "roost.git", founder="ana") as repository:
        publish(repository, "spam", policy_files("spam"), actor="ana")
    place = PrivatePlace(path=tmp_path / "private.db")
    with run_server(root, accounts=account_settings(place)) as server:
        yield server


@pytest.fixture
def nora(serving: Serving) -> Iterator[Person]:
    with Person(serving.base, "nora") as person:
        assert person.sign_up().status_code == 303
        yield person


def _words(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def _fork(person: Person) -> httpx.Response:
    return person.send("/roost/spam/fork", page="/roost/spam")


def test_one_button_makes_a_commons_and_a_fork(serving: Serving, nora: Person) -> None:
    """It says where it began, is owned by who asked, counts as a fork, and verifies."""
    assert "Fork it into ~nora" in _words(nora.get("/roost/spam"))
    assert "None yet." in _words(nora.get("/roost/spam/forks"))
    made = _fork(nora)
    assert (made.status_code, made.headers["location"]) == (303, "/~nora/spam")
    assert "A fork of roost/spam 1.0.0." in _words(nora.get("/~nora/spam"))
    shown = nora.get("/api/v1/commons/~nora").json()
    assert (shown["founder"], shown["preset"]) == ("nora", "solo@1")
    assert "1 fork on this site." in _words(nora.get("/roost/spam"))
    assert "~nora/spam version 1.0.0 began from 1.0.0 Nothing changed yet." in _words(
        nora.get("/roost/spam/forks")
    )
    with open_commons(serving.root / "~nora.git") as own:
        assert verify(own).failure is None
        assert own.state().policies["spam"].owner == "nora"


def test_what_a_fork_changed_is_told(
    serving: Serving, nora: Person, policy_files: Callable[[str], dict[str, bytes]]
) -> None:
    """And how many releases it is behind."""
    _fork(nora)
    files = policy_files("spam")
    with open_commons(serving.root / "roost.git") as roost:
        longer = files["policy.md"].replace(b"# Goal\n", b"# Goal\nRead on.\n", 1)
        publish(roost, "spam", files | {"policy.md": longer}, actor="ana")
    with open_commons(serving.root / "~nora.git") as own:
        mine = dict(read_policy(own, "spam").folder.files)
        mine["cases.jsonl"] += b'{"id": "SP-900", "content": "Buy, buy", "label": "SP2"}\n'
        publish(own, "spam", mine, actor="nora")
    page = _words(nora.get("/roost/spam/forks"))
    assert "~nora/spam version 1.1.0 began from 1.0.0, 1 release behind 1 case was added." in page
    assert "What it changed , or how it differs from the newest" in page
    changed = _words(nora.get("/~nora/spam/upstream/diff?to=began"))
    assert "The text is the same." in changed
    assert "Buy, buy" in changed
    newest = _words(nora.get("/~nora/spam/upstream/diff"))
    assert "from roost/spam 1.0.1 to ~nora/spam 1.1.0" in newest
    assert "Removed line 2: Read on." in newest
    assert "Buy, buy" in newest


def test_how_a_fork_differs_is_told_of_forks_alone(serving: Serving, nora: Person) -> None:
    """One that says the same says so; what is no fork, or is asked otherwise, is refused in words."""
    _fork(nora)
    same = nora.get("/~nora/spam/upstream/diff")
    assert "Both say the same." in _words(same)
    assert "It has all of the newest release there." in _words(same)
    assert nora.get("/roost/spam/upstream/diff").status_code == 422
    assert nora.get("/~nora/spam/upstream/diff?to=roost").status_code == 400
    assert nora.get("/~nora/scam/upstream/diff").status_code == 404


def test_a_second_fork_of_it_is_refused(nora: Person) -> None:
    """One has it already; nothing is written, and one is told what to do."""
    assert _fork(nora).status_code == 303
    again = _fork(nora)
    assert again.status_code == 422
    assert "you have a policy of this name already" in again.text
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 2


def test_two_clicks_at_once_make_one(nora: Person) -> None:
    """However fast: one commons, one fork."""
    shown = nora.get("/roost/spam").text
    token = re.search(r'name="csrf" value="([^"]+)"', shown)
    assert token is not None
    answers: list[int] = []

    def click() -> None:
        client = httpx.Client(
            base_url=nora.client.base_url,
            cookies=nora.client.cookies,
            headers=nora.client.headers,
            timeout=30,
        )
        with client:
            answers.append(client.post("/roost/spam/fork", data={"csrf": token[1]}).status_code)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422, 422, 422]
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 2


def test_nobody_forks_without_an_account(serving: Serving, nora: Person) -> None:
    """Nor with a form of another page, nor what is not there."""
    with httpx.Client(base_url=serving.base, headers={"origin": serving.base}) as client:
        assert "Fork it into" not in client.get("/roost/spam").text
        assert client.post("/roost/spam/fork").status_code in (401, 403)
    assert nora.client.post("/roost/spam/fork", data={"csrf": "0" * 64}).status_code == 403
    assert nora.send("/roost/nothing/fork", page="/roost/spam").status_code == 404
    assert nora.send("/~nora/spam/fork", page="/roost/spam").status_code == 404
    assert not (serving.root / "~nora.git").exists()


def test_a_program_forks_as_the_button_does(serving: Serving, nora: Person) -> None:
    """It gets a receipt of the new commons' log, the same answer to the same key, and a second is refused."""
    token = nora.make_token("propose")
    path = "/api/v1/commons/roost/policies/spam/forks"
    with httpx.Client(base_url=serving.base, headers=bearer(token), timeout=30) as program:
        made = program.post(path, headers={"idempotency-key": "first"})
        assert made.status_code == 201, made.text
        document = made.json()
        assert (document["commons"], document["slug"], document["version"]) == ("~nora", "spam", "1.0.0")
        assert document["upstream"] == "roost/spam@1.0.0"
        events = program.get("/api/v1/commons/~nora/log").json()["items"]
        assert (events[0]["seq"], events[0]["digest"]) == (
            document["receipt"]["seq"],
            document["receipt"]["digest"],
        )
        shown = program.get("/api/v1/commons/~nora/policies/spam").json()
        assert shown["release"]["content"] == document["content"]
        again = program.post(path, headers={"idempotency-key": "first"})
        assert (again.status_code, again.content) == (201, made.content)
        assert again.headers["idempotency-replayed"] == "true"
        other = program.post(path)
        assert (other.status_code, "of this name already" in other.text) == (422, True)
        assert program.post(path.replace("spam", "scam")).status_code == 404
        assert program.post(path, headers={"if-match": f'"{document["content"]}"'}).status_code == 400
    assert nora.get("/api/v1/commons/~nora").json()["events"] == 2
