"""A load generator: one process, some connections kept alive, one request on each at a time. Sockets only."""

from __future__ import annotations

import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 16
_PIECE = 256 * 1024
_END = b"\r\n\r\n"


class Load(NamedTuple):
    """What came back: answers a second, and the status and length of each."""

    rate: float
    status: int
    length: int


def load(
    url: str, *, seconds: float, connections: int = CONNECTIONS, headers: Mapping[str, str] | None = None
) -> Load:
    """Asks for one address as fast as it is answered, from a process of its own.

    Raises `RuntimeError` when an answer differs in status or length from the first.
    """
    stated = [f"{name}: {value}" for name, value in (headers or {}).items()]
    command = [sys.executable, "-m", "tests.benchmarks.load", url, str(seconds), str(connections), *stated]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    rate, status, length = done.stdout.split()
    return Load(float(rate), int(status), int(length))


def _generate(url: str, seconds: float, connections: int, stated: list[str]) -> Load:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    request = "\r\n".join([f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *stated, "", ""]).encode()
    selector = selectors.DefaultSelector()
    heard: dict[socket.socket, bytes] = {}
    for _ in range(connections):
        made = socket.create_connection((parts.hostname, parts.port or 80))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.settimeout(30)
        selector.register(made, selectors.EVENT_READ)
        heard[made] = b""
    first: tuple[int, int] | None = None
    answers = 0
    # The first tenth warms up what the answer passes through and is not counted.
    begin = time.perf_counter() + seconds / 10
    end = begin + seconds
    for made in heard:
        made.sendall(request)
    while (now := time.perf_counter()) < end:
        for key, _events in selector.select(5):
            made = key.fileobj
            piece = made.recv(_PIECE)
            if not piece:
                raise RuntimeError("the server closed a connection that was kept")
            got = heard[made] + piece
            answer = whole(got)
            if answer is None:
                heard[made] = got
                continue
            heard[made] = b""
            made.sendall(request)
            first = first or answer
            if answer != first:
                raise RuntimeError(f"answered {answer}, and {first} at first: {got[:300]!r}")
            answers += now >= begin
    for made in heard:
        made.close()
    assert first is not None
    return Load(answers / seconds, *first)


def whole(got: bytes) -> tuple[int, int] | None:
    """Status and length of the body, once all of it is there."""
    head = got.find(_END)
    if head < 0:
        return None
    status = int(got[9:12])
    at = got.lower().find(b"content-length:", 0, head)
    length = int(got[at + 15 : got.find(b"\r\n", at)]) if at >= 0 else 0
    if status == 304:
        length = 0
    return (status, length) if len(got) - head - len(_END) >= length else None


if __name__ == "__main__":
    print(*_generate(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
