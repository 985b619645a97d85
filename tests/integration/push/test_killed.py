"""Clients and servers that are killed in the middle of pushes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from registry.push.aside import set_aside
from registry.push.asked import FOR_MAIN
from registry.services.opening import open_commons
from registry.services.verify import verify
from registry.store.process import git_path
from registry.store.refs import HostPaths
from registry.store.repository import Repository
from tests.integration.push.conftest import Roost
from tests.support.acts import start_process, wait_until
from tests.support.pushing import Clone

POLICY = "policies/scams/policy.md"
GOAL = b"# Goal\n"


def test_killed_client_leaves_nothing(roost: Roost) -> None:
    """kill -9 of git while its objects are on the way; pushed again, it is one proposal."""
    clone = roost.clone("bo")
    clone.replace(POLICY, GOAL, GOAL + b"Decide with care.\n")
    clone.write("policies/scams/notes.md", os.urandom(200_000))
    clone.commit()
    for wait in (0.05, 0.1, 0.2, 0.3):
        process = subprocess.Popen(
            [git_path(), "push", clone.remote, f"HEAD:{FOR_MAIN}", "-o", "title=Care"],
            cwd=clone.folder,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 10
    while list((roost.place / "commons" / "pushes").glob("*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    clone.git("rm", "-q", "-f", "policies/scams/notes.md")
    clone.commit()
    assert clone.push("-o", "title=Care").code == 0
    assert roost.state().proposed == 1
    with roost.opened() as repository:
        assert verify(repository).failure is None


def test_killed_server_leaves_the_commons_whole(roost: Roost) -> None:
    """kill -9 of a server in the middle of pushes: nothing half, nothing twice, and the next goes through."""
    clones = [roost.clone("bo") for _ in range(3)]
    for number, clone in enumerate(clones):
        clone.replace(POLICY, GOAL, GOAL + f"Decide with care, {number} times.\n".encode())
        clone.commit()
    for wait in (0.2, 0.5):
        with _process(roost) as (base, process):
            threads = [
                threading.Thread(target=_push, args=(clone, base, roost, f"Care {number}"))
                for number, clone in enumerate(clones)
            ]
            for thread in threads:
                thread.start()
            time.sleep(wait)
            process.kill()
            for thread in threads:
                thread.join()
    with open_commons(roost.place) as repository:
        assert verify(repository).failure is None
    for number, clone in enumerate(clones):
        assert clone.push("-o", f"title=Care {number}").code == 0
    assert roost.state().proposed == 3


def _push(clone: Clone, base: str, roost: Roost, title: str) -> None:
    remote = clone.remote.replace(roost.base.removeprefix("http://"), base.removeprefix("http://"))
    clone.push("-o", f"title={title}", remote=remote)


class _process:  # noqa: N801 - reads as `with _process(...)`
    """Another server over the same commons and accounts, as a process of its own."""

    def __init__(self, roost: Roost) -> None:
        place = roost.place.parent
        private = place.parent / "private.db"
        arguments = ["serve", str(place), "--port", "0", "--private-db", str(private), "--quiet"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "registry.cli", *arguments], stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> tuple[str, subprocess.Popen[str]]:
        assert self._process.stdout is not None
        line = next(line for line in self._process.stdout if line.startswith("Serving on "))
        return line.split()[2], self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def test_push_of_a_killed_server_goes_when_the_commons_is_opened(roost: Roost) -> None:
    """At the next start, or with `commons recover`; a push that is under way at another server stays."""
    pushes = HostPaths(roost.place).pushes
    made = []
    for name in ("first", "second"):
        process = start_process(leave_behind, roost.place, roost.place.parent / name)
        wait_until((roost.place.parent / name).exists)
        process.kill()
        process.join()
        made.append(len(list(pushes.iterdir())))
        if name == "second":
            with Repository(roost.place) as repository:
                assert [line for line in repository.recover() if "push" in line] != []
        else:
            with set_aside(roost.place) as ours, open_commons(roost.place):
                assert list(pushes.iterdir()) == [ours]
    assert made == [1, 1]
    assert list(pushes.iterdir()) == []


def leave_behind(commons: Path, made: Path) -> None:
    """A server in the middle of a push."""
    with set_aside(commons):
        made.touch()
        time.sleep(60)
