"""Connections that take a descriptor and give nothing back are ended."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import uvicorn

from registry.web import connections
from registry.web.server import configuration
from tests.integration.web.conftest import Serving

UPLOAD = "/starter.git/git-upload-pack"
PIECE = 64 * 1024
LONG = 160 * PIECE


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
    """A head that goes on and on is not gathered, and not waited for either."""
    began = time.monotonic()
    with _connected(serving) as visitor:
        answer = b""
        # What was refused is not read to its end, so the refusal itself may be lost on the way.
        with suppress(ConnectionError):
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 8_000_000)
            answer = visitor.recv(100)
    assert not answer or answer.startswith(b"HTTP/1.1 400")
    assert time.monotonic() - began < connections.HEAD_SECONDS / 2


def test_a_head_of_many_small_lines(serving: Serving) -> None:
    """A head that comes whole, but is too large, is refused like one that does not end."""
    with _connected(serving) as visitor:
        visitor.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 4_000 + b"\r\n")
        assert visitor.recv(100).startswith(b"HTTP/1.1 400")


async def _long_answer(scope: Any, _receive: Any, send: Any) -> None:
    """An application that answers with more than a kernel takes in for a visitor who reads nothing."""
    if scope["type"] != "http":
        return
    length = {"headers": [(b"content-length", b"%d" % LONG)]}
    await send({"type": "http.response.start", "status": 200, **length})
    for _ in range(LONG // PIECE):
        await send({"type": "http.response.body", "body": bytes(PIECE), "more_body": True})
    await send({"type": "http.response.body"})


@pytest.fixture
def long_answers() -> Iterator[str]:
    config = configuration(_long_answer)  # type: ignore[arg-type]
    config.port, config.lifespan = 0, "off"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def test_an_answer_that_is_not_read(long_answers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor who asks for much and reads nothing of it is cut off; one who reads slowly is not."""
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.3)
    with _small(long_answers) as idle, _small(long_answers) as slow:
        for visitor in (idle, slow):
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        heard = 0
        while heard < LONG:
            heard += len(piece := slow.recv(PIECE))
            assert piece, heard
            if heard % 11 == 0:
                time.sleep(0.01)
        assert time.monotonic() - began > 3 * connections.STALLED_SECONDS
        left = 0
        with suppress(ConnectionError):
            while piece := idle.recv(PIECE):
                left += len(piece)
    assert left < LONG


@contextmanager
def _small(base: str) -> Iterator[socket.socket]:
    """A connection whose visitor's side takes in as little as there can be."""
    host, _, port = base.removeprefix("http://").partition(":")
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        made.settimeout(20)
        made.connect((host, int(port)))
        yield made


def test_requests_sent_far_ahead(serving: Serving) -> None:
    """A few requests may be sent before the first is answered; thousands of them are not gathered."""
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with _connected(serving) as visitor:
        visitor.sendall(one * 10)
        answers = b""
        while answers.count(b"ok\n") < 10:
            answers += visitor.recv(65_536)
    with _connected(serving) as visitor:
        visitor.sendall(one * 1_000)
        answers = b""
        with suppress(ConnectionError):
            while piece := visitor.recv(65_536):
                answers += piece
    assert answers.count(b"HTTP/1.1 200") <= 17


def test_a_closed_socket_has_nothing_outstanding() -> None:
    """A visitor who reset the connection leaves a transport without a descriptor; that is no error."""

    class Lost:
        def get_extra_info(self, _name: str) -> socket.socket:
            made = socket.socket()
            made.close()
            return made

        def get_write_buffer_size(self) -> int:
            return 0

    assert connections._outstanding(cast("Any", Lost())) == 0


def test_a_reset_connection_leaves_no_timer_behind(
    shelf: Path, run_server: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the visitor resets a connection that is kept, what would have closed it later is called off."""
    called_off = threading.Event()
    lost = connections.Connection.connection_lost

    def looked_at(self: connections.Connection, exc: Exception | None) -> None:
        lost(self, exc)
        if exc is not None and self.timeout_keep_alive_task is None and self._watching is None:
            called_off.set()

    monkeypatch.setattr(connections.Connection, "connection_lost", looked_at)
    with run_server(shelf) as serving, _connected(serving) as visitor:
        visitor.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert visitor.recv(1) == b"H"
        # With nothing lingering, closing sends a reset.
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        visitor.close()
        assert called_off.wait(5)


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
