"""What the operator reads of a running server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from registry.services.found import found

FIELDS = ["time", "level", "event", "method", "route", "path", "status", "bytes", "ms", "request_id"]


class _Told(NamedTuple):
    """A server's address, and what it wrote until it ended."""

    base: str
    lines: list[str]

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@contextmanager
def _serving(root: Path, *options: str) -> Iterator[_Told]:
    command = [sys.executable, "-m", "registry.cli", "serve", str(root), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = next(line for line in process.stdout if line.startswith("Serving on "))
    told = _Told(line.split()[2], [])
    try:
        yield told
    finally:
        process.terminate()
        _, written = process.communicate(timeout=20)
        told.lines.extend(written.splitlines())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logged")
    found(folder / "roost.git", founder="ana").close()
    return folder


def test_a_line_for_each_request(root: Path) -> None:
    """Where a program reads, every request is one JSON object with these fields; its id is on the answer."""
    with _serving(root) as told, httpx.Client(base_url=told.base) as client:
        first = client.get("/roost?who=someone", headers={"x-request-id": "from-a-proxy.1"})
        second = client.get("/roost", headers={"if-none-match": first.headers["etag"]})
        third = client.get("/roost/none")
    entries = told.entries
    assert [list(entry) for entry in entries] == [FIELDS] * 3
    assert [entry["status"] for entry in entries] == [200, 304, 404]
    assert [entry["route"] for entry in entries] == ["/{commons}", "/{commons}", "/{commons}/{address}"]
    assert entries[0]["bytes"] == len(first.content)
    assert entries[1]["bytes"] == 0
    assert [entry["request_id"] for entry in entries] == [
        "from-a-proxy.1",
        second.headers["x-request-id"],
        third.headers["x-request-id"],
    ]
    # Queries and addresses are personal data.
    assert "someone" not in "".join(told.lines)
    assert "127.0.0.1" not in "".join(told.lines)


def test_nothing_that_a_visitor_sends_begins_a_line(root: Path) -> None:
    """Line ends and terminal codes in addresses, methods and ids do not reach the log as such."""
    with _serving(root) as told:
        parts = urlsplit(told.base)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as visitor:
            visitor.sendall(
                b"GET /x%0a%7B%22a%22:1%7D%1b[2J%e2%80%ae%c2%9b HTTP/1.1\r\nHost: x\r\n"
                b'X-Request-ID: abcdefgh","status":"200\r\nConnection: close\r\n\r\n'
            )
            answer = b"".join(iter(lambda: visitor.recv(65_536), b""))
    entry = told.entries[0]
    assert len(told.lines) == 1
    assert re.fullmatch(r"[\x20-\x7e]+", told.lines[0])
    assert entry["path"] == "/x%0A%7B%22a%22:1%7D%1B%5B2J%E2%80%AE%C2%9B"
    assert re.fullmatch(r"[0-9a-f]{16}", entry["request_id"])
    assert f"x-request-id: {entry['request_id']}\r\n".encode() in answer


def test_an_error_is_one_line_with_its_trace(tmp_path: Path) -> None:
    """What goes wrong inside is told with its trace, in the same line, under the request's id."""
    found(tmp_path / "roost.git", founder="ana").close()
    with _serving(tmp_path) as told:
        for file in (tmp_path / "roost.git" / "objects").rglob("*"):
            if file.is_file():
                file.chmod(0o600)
                file.write_bytes(b"damaged")
        (tmp_path / "roost.git" / "commons" / "snapshot").unlink(missing_ok=True)
        (tmp_path / "roost.git" / "refs" / "commons" / "log").write_text("0" * 39 + "1\n")
        answer = httpx.get(f"{told.base}/roost")
    assert answer.status_code == 500
    error, request = told.entries
    assert (error["level"], error["event"]) == ("error", "answered 500 to /roost")
    assert error["trace"].startswith("Traceback")
    assert error["request_id"] == request["request_id"] == answer.headers["x-request-id"]


def test_a_reader_that_stalls_does_not_stall_the_site(root: Path) -> None:
    """Nobody reads the log, its pipe is full, and the site answers on."""
    with _serving(root) as told, httpx.Client(base_url=told.base, timeout=5) as client:
        # 64 KiB fit into a pipe; a line takes some 700 bytes.
        statuses = {client.get("/api/v1/none-" + "x" * 480).status_code for _ in range(200)}
    assert statuses == {404}
    assert len(told.lines) == 200
