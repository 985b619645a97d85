"""The change feed: what a mirror that polls it gets, whatever happens in between."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.services.bench import bench_policy
from registry.services.importing import import_folders
from registry.store.process import git_environment, git_path
from tests.support.histories import policy_files
from tests.support.shelf import make_shelf, release_next
from tests.support.vouched import reopened

Run = Callable[..., Any]
CHANGES = "/api/v1/commons/roost/changes"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """`roost` with `spam`, run once, and `scams`; `roost/teens` with `dares`."""
    return make_shelf(tmp_path)


def _ask(client: httpx.Client, **params: object) -> dict[str, Any]:
    answer = client.get(CHANGES, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _all(client: httpx.Client, limit: int, **params: object) -> list[dict[str, Any]]:
    """Everything, in steps, until there is no more."""
    found: list[dict[str, Any]] = []
    since = 0
    while True:
        answer = _ask(client, since=since, limit=limit, **params)
        found += answer["items"]
        since = answer["next"]
        if since == answer["last"]:
            return found


def test_steps_give_each_event_once_as_a_clone_counts(root: Path, run_server: Run, tmp_path: Path) -> None:
    """In steps of any size, each event comes once, in the order in which a clone's log has it."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        whole = _all(client, 200)
        assert _all(client, 1) == _all(client, 2) == whole
        git = [git_path(), "-C", str(tmp_path)]
        clone = f"{serving.base}/roost.git"
        subprocess.run(
            [*git, "clone", "-q", "--mirror", clone, "c.git"], check=True, env=git_environment("http")
        )
        log = [*git, "--git-dir=c.git", "log", "--reverse", "--format=%H %s", "refs/commons/log"]
        lines = subprocess.run(log, check=True, capture_output=True, text=True, env=git_environment("http"))
    assert [f"{item['commit']} {item['sentence']}" for item in whole] == lines.stdout.splitlines()
    assert [item["serial"] for item in whole] == list(range(1, len(whole) + 1))


def test_who_asks_on_misses_nothing(root: Path, run_server: Run) -> None:
    """From `next` on only what is new comes, and the list of commons says which of them moved."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        first = _ask(client)
        assert (first["items"][-1]["serial"], first["next"]) == (first["last"], first["last"])
        again = _ask(client, since=first["next"], commit=first["commit"])
        assert (again["items"], again["next"], again["commit"]) == ([], first["next"], first["commit"])
        version = release_next(root, "minor")
        item = _ask(client, since=first["next"], commit=first["commit"])["items"][0]
        moved = {found["name"]: found["events"] for found in client.get("/api/v1/commons").json()["items"]}
        assert moved == {"roost": first["last"] + 1, "roost/teens": 2}
        assert (item["type"], item["policy"], item["version"]) == ("published", "roost/spam", version)
        for link in (item["page"], item["url"], item["notice"]):
            assert client.get(link).status_code == 200, link


def test_every_link_of_every_change_answers(root: Path, run_server: Run) -> None:
    """Wherever a change leads, there is something."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        for item in _all(client, 50):
            for link in filter(None, (item["page"], item["url"], item["notice"])):
                assert client.get(link).status_code == 200, link


def test_policy_alone_with_what_many_share(root: Path, run_server: Run) -> None:
    """Asked for one policy, only its events come, those it shares too; `next` passes the rest."""
    with reopened(root / "roost.git") as repository:
        folders = {slug: policy_files(slug.title(), f"About {slug}.") for slug in ("rings", "tales")}
        import_folders(repository, folders, actor="ana", kind="folder")
        bench_policy(repository, "tales", actor="ana")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        found = _all(client, 1, policy="tales")
        assert [(item["type"], item["policy"], item["version"]) for item in found] == [
            ("imported", "roost/tales", "1.0.0"),
            ("run_recorded", "roost/tales", None),
        ]
        answer = _ask(client, since=found[-1]["serial"], policy="tales")
        assert (answer["items"], answer["next"]) == ([], answer["last"])
        everything = {item["serial"]: item for item in _all(client, 50)}
        assert everything[found[0]["serial"]]["policy"] is None


def test_numbers_outlive_the_index(root: Path, run_server: Run) -> None:
    """With the index deleted and built anew, every event has its number and a reader goes on from theirs."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        before = _ask(client)
        index = serving.library.index.path
    for file in index.parent.glob("index.db*"):
        file.unlink()
    release_next(root, "patch")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        after = _ask(client)
        assert after["items"][:-1] == before["items"]
        rest = _ask(client, since=before["next"], commit=before["commit"])["items"]
        assert [item["serial"] for item in rest] == [before["last"] + 1]


def test_log_that_was_set_back_is_told(root: Path, run_server: Run, tmp_path_factory: Any) -> None:
    """A reader who is ahead of a restored registry is told to start again, also once it has gone on since."""
    old = tmp_path_factory.mktemp("old")
    shutil.copytree(root / "roost.git", old / "roost.git")
    release_next(root, "minor")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        known = _ask(client)
    with run_server(old) as serving, httpx.Client(base_url=serving.base) as client:
        behind = client.get(CHANGES, params={"since": known["next"]})
        assert behind.status_code == 409
        assert behind.headers["content-type"] == "application/problem+json"
        assert "since=0" in behind.json()["remedy"]
        release_next(old, "major")
        other = client.get(CHANGES, params={"since": known["next"], "commit": known["commit"]})
        assert other.status_code == 409
        assert "another" in other.json()["detail"]
        assert client.get(CHANGES, params={"since": known["next"]}).status_code == 200


@pytest.mark.parametrize(
    "params, status",
    [
        ({"since": "-1"}, 400),
        ({"since": "x"}, 400),
        ({"since": "9" * 30}, 400),
        ({"limit": "0"}, 400),
        ({"limit": "201"}, 400),
        ({"commit": "abc"}, 400),
        ({"policy": "none"}, 404),
        ({"policy": "NOT A NAME"}, 404),
    ],
)
def test_refusals_are_problems(client: httpx.Client, params: dict[str, str], status: int) -> None:
    """What cannot be asked is refused as a problem with a remedy."""
    answer = client.get("/api/v1/commons/starter/changes", params=params)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["remedy"]
