"""Connections that take a descriptor and give nothing back are ended."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from registry.web import connections
from tests.integration.web.conftest import Serving

UPLOAD = "/starter.git/git-upload-pack"


@contextmanager
def _connected(serving: Serving) -> Iterator[socket.socket]:
    host, _, port = serving.base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as made:
        yield made


def _ask(visitor: socket.socket) -> bytes:
    """A whole answer on a connection that is kept; head and body may come apart."""
    visitor.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = b""
    while not answer.endswith(b"\r\n\r\nok\n"):
        answer += (part := visitor.recv(65_536))
        assert part, answer
    return answer


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nX: "], ids=["nothing", "half a head"])
def test_a_head_that_never_ends(serving: Serving, monkeypatch: pytest.MonkeyPatch, first: bytes) -> None:
    """A connection on which no request gets whole is closed in time."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with _connected(serving) as visitor:
        visitor.sendall(first)
        began = time.monotonic()
        assert visitor.recv(1) == b""
    assert time.monotonic() - began < 5


def test_a_second_head_that_never_ends(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on a connection that has served one."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with _connected(serving) as visitor:
        assert _ask(visitor).startswith(b"HTTP/1.1 200")
        visitor.sendall(b"GET / HTTP/1.1\r\nX: ")
        while visitor.recv(65_536):
            pass


def test_a_head_that_is_too_large(serving: Serving) -> None:
    """A head that goes on and on is not gathered."""
    with _connected(serving) as visitor:
        answer = b""
        # What was refused is not read to its end, so the refusal itself may be lost on the way.
        with suppress(ConnectionError):
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 8_000_000)
            answer = visitor.recv(100)
    assert not answer or answer.startswith(b"HTTP/1.1 400")


def test_one_too_many(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit of connections a visitor is told to come back, and the others go on."""
    monkeypatch.setattr(connections, "most_connections", lambda: 1)
    with _connected(serving) as first:
        assert _ask(first).startswith(b"HTTP/1.1 200")
        with _connected(serving) as second:
            assert second.recv(100).startswith(b"HTTP/1.1 503")
        assert _ask(first).startswith(b"HTTP/1.1 200")


def test_a_bomb_that_git_does_not_wait_for(client: httpx.Client) -> None:
    """A packed body that git ends at its first bytes is refused as unreadable, not as our own failure."""
    answer = client.post(
        UPLOAD,
        content=gzip.compress(b"\0" * 60_000),
        headers={"content-type": "application/x-git-upload-pack-request", "content-encoding": "gzip"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("size", [4, 20_000, 60_000])
def test_a_body_that_git_does_not_read(client: httpx.Client, size: int) -> None:
    """A request that git ends early is answered at once, however much of it is still to come."""
    kind = {"content-type": "application/x-git-upload-pack-request"}
    for _ in range(20):
        answer = client.post(UPLOAD, content=b"0000" + b"A" * size, headers=kind, timeout=5)
        assert answer.status_code == 400
