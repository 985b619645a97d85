"""What thousands of requests of every kind leave behind: nothing."""

from __future__ import annotations

import os
import random
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from registry.index.database import READING_CONNECTIONS
from registry.store.process import git_environment, git_path
from registry.web.catalogue import PROCESSES

REQUESTS = 10_000 if "COMMONS_SOAK" in os.environ else 600
VISITORS = 4
GROWTH = 24 * 1024 * 1024
"""Memory that a warm server may still gain, in bytes: allocators keep what threads freed."""

PATHS = (
    "/",
    "/starter",
    "/starter/scams",
    "/starter/scams@1.0.0",
    "/starter/scams/cases",
    "/starter/log",
    "/starter/teens",
    "/starter/none",
    "/static/style.css",
    "/static/none",
    "/search?q=money",
    "/api/v1/commons",
    "/api/v1/commons/starter/policies",
    "/api/v1/commons/starter/policies/scams/cases?limit=5",
    "/api/v1/commons/starter/runs",
    "/api/v1/commons/none",
    "/api/v1/openapi.json",
    "/readyz",
    "/metrics",
    "/%00",
    "/a" * 600,
)
REFS = "/starter.git/info/refs?service=git-upload-pack"
UPLOAD = "/starter.git/git-upload-pack"


class _State(NamedTuple):
    """What a process holds.

    Two pools fill as visitors happen to meet, and stay: the index's connections and the processes that read
    objects. They are counted apart, against their own limits, so that all the rest may not grow at all.
    """

    descriptors: int
    """Open files and sockets, without those of the two pools."""
    threads: int
    children: int
    index_files: int
    memory: int


INDEX_FILES = 2 * (READING_CONNECTIONS + 1) + 1
"""Each connection has the file and its write-ahead log open, readers and the writer; they share one more."""
PIPES_PER_CHILD = 3


def _held(process: psutil.Process) -> _State:
    children = len(process.children(recursive=True))
    targets = [target for link in Path(f"/proc/{process.pid}/fd").iterdir() if (target := _target(link))]
    index_files = sum("/index.db" in target for target in targets)
    return _State(
        len(targets) - index_files - PIPES_PER_CHILD * children,
        process.num_threads(),
        children,
        index_files,
        process.memory_info().rss,
    )


def _target(link: Path) -> str | None:
    """What a descriptor stands for; None when it was closed while we looked."""
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return None


@contextmanager
def _serving(root: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The command itself, in a process of its own: nothing of the test is counted with it."""
    command = [sys.executable, "-m", "registry.cli", "serve", str(root), "--port", "0"]
    command += ["--rate-limit", "off", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("Serving on "))
        try:
            yield line.split()[2], psutil.Process(process.pid)
        finally:
            process.terminate()


def _visit(base: str, seed: int, requests: int, folder: Path) -> None:
    """One visitor's requests, in an order of their own."""
    chosen = random.Random(seed)
    tags: dict[str, str] = {}
    with httpx.Client(base_url=base, timeout=30) as client:
        for number in range(requests):
            path = chosen.choice(PATHS)
            kind = number % 10
            if kind < 4:
                tags[path] = client.get(path).headers.get("etag", "")
            elif kind < 6:
                client.get(path, headers={"if-none-match": tags.get(path, "*")})
            elif kind == 6:
                client.head(path)
            elif kind == 7:
                client.post("/api/v1/commons/starter", content=b"x" * chosen.randrange(100_000))
            else:
                _leave(base, path, chosen.random() < 0.5)
            if number % 100 == 50:
                _leave_a_clone(base)
            if number % 100 == 99:
                _clone(base, folder / f"{seed}-{number}")


def _connected(base: str) -> socket.socket:
    parts = urlsplit(base)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def _leave(base: str, path: str, abruptly: bool) -> None:
    """Asks, and does not wait for the answer."""
    with _connected(base) as visitor:
        visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if abruptly:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _leave_a_clone(base: str) -> None:
    with _connected(base) as visitor:
        kind = "application/x-git-upload-pack-request"
        head = f"POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 999\r\n\r\n"
        visitor.sendall(head.encode() + b"0014command=ls-refs\n")
        time.sleep(0.02)


def _clone(base: str, to: Path) -> None:
    subprocess.run(
        [git_path(), "clone", "-q", "--bare", f"{base}/starter.git", str(to)],
        check=True,
        env=git_environment("http"),
    )


def _settled(process: psutil.Process, before: _State | None = None) -> _State:
    """What it holds once connections and git processes have ended: at rest, or no more than before."""
    deadline = time.monotonic() + 15
    last = _held(process)
    while time.monotonic() < deadline:
        time.sleep(0.3)
        held = _held(process)
        if before is None and held[:4] == last[:4]:
            break
        if before is not None and held.descriptors <= before.descriptors and held.threads <= before.threads:
            break
        last = held
    return _held(process)


def _all_visit(base: str, requests: int, folder: Path) -> None:
    """Several visitors at a time. Raises what one of them met."""
    folder.mkdir()
    with ThreadPoolExecutor(VISITORS) as visitors:
        seeds = range(VISITORS)
        list(visitors.map(lambda seed: _visit(base, seed, requests // VISITORS, folder), seeds))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads what descriptors stand for in /proc")
def test_thousands_of_requests_leave_nothing_behind(shelf: Path, tmp_path: Path) -> None:
    """After pages, JSON, 304s, 404s, clones and visitors who left midway, the server holds what it held."""
    with _serving(shelf) as (base, process):
        _all_visit(base, max(300, REQUESTS // 5), tmp_path / "warming")
        before = _settled(process)
        _all_visit(base, REQUESTS, tmp_path / "visiting")
        after = _settled(process, before)
        commons = httpx.get(f"{base}/api/v1/commons").json()["total"]
    assert after.descriptors <= before.descriptors
    # Visitors who happen to come at once may still find a pool's places in use; then it grows to its end.
    assert after.threads <= before.threads + VISITORS
    assert after.children <= commons * PROCESSES
    assert after.index_files <= INDEX_FILES
    assert after.memory <= before.memory + GROWTH
