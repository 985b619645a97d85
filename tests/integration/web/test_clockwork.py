"""What time brought about is recorded by a site that runs, and trouble with one commons is nobody else's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.services.deliberation import APPROVE, review
from registry.services.propose import propose
from registry.services.verify import verify
from registry.store.repository import Repository
from registry.web.catalogue import Catalogue
from registry.web.clockwork import Clockwork
from tests.support.circles import HOUR, circle, wording
from tests.support.histories import ManualClock
from tests.support.vouched import reopened


def _agreed(path: Path, hours: int) -> None:
    """A commons in which something was agreed on so many hours ago, and nobody came by since."""
    with circle(path, clock=ManualClock(int(time.time()) - hours * HOUR)) as repository:
        number = propose(repository, wording("Adverts."), title="Adverts", actor="bo").number
        review(repository, number, APPROVE, actor="cleo")
        assert repository.state().proposals[number].stage == "comment"


def _stage(client: httpx.Client) -> str:
    return str(client.get("/api/v1/commons/roost/proposals/1").json()["stage"])


def test_what_is_due_happens_by_itself(tmp_path: Path, run_server: Callable[..., Any]) -> None:
    """The comment period ended hours ago: with the site up it comes into force, and a clone agrees."""
    _agreed(tmp_path / "roost.git", 22)
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base) as client:
        assert _stage(client) == "comment"
    with (
        run_server(tmp_path, clock_seconds=0.05) as serving,
        httpx.Client(base_url=serving.base) as client,
    ):
        deadline = time.monotonic() + 20
        while _stage(client) != "enacted" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _stage(client) == "enacted"
        assert client.get("/api/v1/commons/roost/policies/spam").json()["version"] == "1.0.1"
    with reopened(tmp_path / "roost.git") as repository:
        assert verify(repository).failure is None


def test_what_is_not_due_waits(tmp_path: Path) -> None:
    """Nothing is recorded before its time, however often one looks."""
    _agreed(tmp_path / "roost.git", 3)
    catalogue = Catalogue((tmp_path,), open_limit=4)
    clock = Clockwork(catalogue, lambda line: pytest.fail(line))
    assert [clock.look() for _ in range(3)] == [0, 0, 0]
    catalogue.close()


def test_trouble_is_noted_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commons that cannot be written is told of once; when it can be, what was due is recorded."""
    _agreed(tmp_path / "roost.git", 22)
    noted: list[str] = []
    catalogue = Catalogue((tmp_path,), open_limit=4)
    clock = Clockwork(catalogue, noted.append)

    def refuses(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Repository, "act", refuses)
        assert (clock.look(), clock.look()) == (0, 0)
    assert [line.partition(":")[0] for line in noted] == ["roost"]
    assert clock.look() > 0
    assert clock.look() == 0
    catalogue.close()


def test_it_ends_with_the_site(tmp_path: Path) -> None:
    """No thread stays behind."""
    _agreed(tmp_path / "roost.git", 3)
    catalogue = Catalogue((tmp_path,), open_limit=4)
    clock = Clockwork(catalogue, lambda _: None, seconds=0.01)
    clock.start()
    time.sleep(0.05)
    clock.stop()
    assert "clockwork" not in {thread.name for thread in threading.enumerate()}
    catalogue.close()
