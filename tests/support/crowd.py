"""A crowd at a real server: people who vote over HTTP and push with git, and note what they are told."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.ports import free_port
from tests.support.pushing import run_git
from tests.support.viewers import bearer
from tests.support.voting import NAME, NUMBER

POLICY = "policies/spam/policy.md"
TEXT = "Ordinary talk."
_ROOT = Path(__file__).parents[2]


class Server:
    """`commons serve` over a folder, in a process of its own that can be killed and started again."""

    def __init__(self, root: Path, private: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        arguments = ["serve", str(root), "--port", str(self.port), "--private-db", str(private)]
        self._command = [sys.executable, "-m", "registry.cli", *arguments, "--quiet", "--rate-limit", "off"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it is ready."""
        named = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._process = subprocess.Popen(
            self._command, env={**named, "PYTHONPATH": str(_ROOT)}, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while not self._is_ready():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server is not ready"
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """As an operator ends it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.base}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Told:
    """What somebody was told: receipts of what was taken in, what was refused, and what nobody knows.

    `unknown` was sent under one key again and again, and in the end the server did not know either.
    """

    receipts: list[dict[str, Any]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unknown: int = 0


class Voter:
    """Casts ballots, one after the other, each under a key of its own until it is answered for."""

    def __init__(self, server: Server, handle: str, token: str) -> None:
        self.handle = handle
        self.told = Told()
        self._server = server
        self._headers = {**bearer(token), "content-type": "application/json"}
        self._connection: http.client.HTTPConnection | None = None

    def go_on(self, enough: threading.Event) -> None:
        """Until then, and to the end of what was begun."""
        number = 0
        while not enough.is_set():
            number += 1
            self._cast(f"{self.handle}-{number}", "yes" if number % 2 else "no")
        if self._connection is not None:
            self._connection.close()

    def _cast(self, key: str, choice: str) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                status, body = self._post(key, choice)
            except (OSError, http.client.HTTPException):
                # Nobody knows what became of it: asked again under the same key, once there is a server.
                self._connection = None
                time.sleep(0.1)
                continue
            if status == 201:
                self.told.receipts.append(body["receipt"])
                return
            if status == 409:
                # The server that had this key was killed in the middle of it, and cannot say either.
                self.told.unknown += 1
                return
            if status != 503:
                self.told.refused.append(status)
                return
            time.sleep(0.2)
        raise AssertionError(f"{key}: no answer")

    def _post(self, key: str, choice: str) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self._server.base).netloc, timeout=60)
        path = f"/api/v1/commons/{NAME}/proposals/{NUMBER}/ballots"
        headers = {**self._headers, "idempotency-key": key}
        self._connection.request("POST", path, json.dumps({"choice": choice}), headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())


class Pusher:
    """Pushes one change after the other to a proposal of their own; each has words that no other has."""

    def __init__(self, server: Server, handle: str, token: str, clone: Path) -> None:
        self.handle = handle
        self.taken: list[str] = []
        self.refused: list[str] = []
        self.unknown: list[str] = []
        self._server = server
        self._clone = clone
        self._remote = server.base.replace("//", f"//{handle}:{token}@") + f"/{NAME}.git"

    def go_on(self, enough: threading.Event) -> None:
        """Until then, and to the end of what was begun."""
        number = 0
        while not enough.is_set():
            number += 1
            words = f"{TEXT} Said {self.handle}, {number}."
            run_git("reset", "-q", "--hard", "origin/main", cwd=self._clone)
            place = self._clone / POLICY
            place.write_text(place.read_text("utf-8").replace(TEXT, words), "utf-8")
            assert run_git("commit", "-q", "-a", "-m", "A change", cwd=self._clone).returncode == 0
            self._push(words)

    def _push(self, words: str) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            done = run_git(
                "push", self._remote, "HEAD:refs/for/main", "-o", f"title=By {self.handle}", cwd=self._clone
            )
            if done.returncode == 0:
                self.taken.append(words)
                return
            if "remote rejected" in done.stderr:
                self.refused.append(words)
                return
            # No server, or no place: as a person would, once more in a moment.
            time.sleep(0.2)
        self.unknown.append(words)


@contextmanager
def at_it(people: Sequence[Voter | Pusher]) -> Iterator[None]:
    """Everybody goes on as long as the block does, each on a thread. Raises what went wrong."""
    enough = threading.Event()
    wrong: list[BaseException] = []

    def run(person: Voter | Pusher) -> None:
        try:
            person.go_on(enough)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    if wrong:
        raise wrong[0]


def clones(repository: Path, folder: Path, handles: list[str]) -> dict[str, Path]:
    """A clone for each: made once and copied."""
    first = folder / "first"
    done = run_git("clone", "-q", str(repository), str(first))
    assert done.returncode == 0, done.stderr
    return {handle: Path(shutil.copytree(first, folder / f"of-{handle}")) for handle in handles}
