"""Posts JSON over connections kept alive, one request on each at a time, from a process of its own."""

from __future__ import annotations

import itertools
import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.benchmarks.load import whole

_PIECE = 64 * 1024


class Post(NamedTuple):
    """A request: where to, with which token, and what."""

    path: str
    token: str
    body: str


class Posted(NamedTuple):
    """What came back within the time: answers, those of them that were 201, and how many ms they took."""

    seconds: float
    answers: int
    created: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Acts a second that were taken in."""
        return self.created / self.seconds


def post_all(base: str, posts: Sequence[Sequence[Post]], *, seconds: float) -> Posted:
    """Each connection sends its own posts, again and again, as fast as they are answered.

    Raises `RuntimeError` when a connection is closed or nothing comes back for half a minute.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.posting", base, str(seconds)],
        input=json.dumps(posts),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Posted(**json.loads(done.stdout))


def _request(host: str, post: Post) -> bytes:
    body = post.body.encode()
    lines = [
        f"POST {post.path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {post.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _post(base: str, posts: list[list[Post]], seconds: float) -> Posted:
    parts = urlsplit(base)
    selector = selectors.DefaultSelector()
    waiting = {}
    for own in posts:
        made = socket.create_connection((parts.hostname, parts.port or 80))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(made, selectors.EVENT_READ)
        waiting[made] = itertools.cycle([_request(parts.netloc, one) for one in own])
    heard = dict.fromkeys(waiting, b"")
    taken: list[float] = []
    created = 0
    # The first tenth warms up what a post passes through and is not counted.
    begin = time.perf_counter() + seconds / 10
    end = begin + seconds
    sent = {}
    for made, requests in waiting.items():
        sent[made] = time.perf_counter()
        made.sendall(next(requests))
    while time.perf_counter() < end:
        ready = selector.select(30)
        if not ready:
            raise RuntimeError("nothing was answered for half a minute")
        for key, _events in ready:
            made = key.fileobj
            piece = made.recv(_PIECE)
            if not piece:
                raise RuntimeError("the server closed a connection that was kept")
            heard[made] += piece
            answer = whole(heard[made])
            if answer is None:
                continue
            now = time.perf_counter()
            if now >= begin:
                taken.append((now - sent[made]) * 1000)
                created += answer[0] == 201
            heard[made] = b""
            sent[made] = time.perf_counter()
            made.sendall(next(waiting[made]))
    for made in waiting:
        made.close()
    taken.sort()
    middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    return Posted(seconds, len(taken), created, middle, late)


if __name__ == "__main__":
    asked = [[Post(*one) for one in own] for own in json.load(sys.stdin)]
    print(json.dumps(_post(sys.argv[1], asked, float(sys.argv[2]))._asdict()))
