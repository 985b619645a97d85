"""How much one visitor may ask, who a visitor is, and what a request may bring."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from registry.web.settings import GitLimits, NetworkSettings, RateLimits, RequestLimits
from tests.integration.web.conftest import Serving

Run = Callable[..., Any]

API = "/api/v1/commons/starter"
REFS = "/starter.git/info/refs?service=git-upload-pack"
TRY = f"{API}/policies/scams/try"
FEW = RateLimits(reading=5, costly=3, git=2)
OTHER = "127.0.0.2"
"""A second visitor: on Linux, the whole network 127.0.0.0/8 is this machine."""


@contextmanager
def _client(server: Serving, address: str = "127.0.0.1", **headers: str) -> Iterator[httpx.Client]:
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(base_url=server.base, transport=transport, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def limited(shelf: Path, run_server: Run) -> Iterator[Serving]:
    with run_server(shelf, rates=FEW) as server:
        yield server


def test_budget_runs_out_and_is_told(shelf: Path, run_server: Run) -> None:
    """Every answer says what is left; past it comes a 429 that says when to go on, and then one may."""
    rates = RateLimits(reading=3, seconds=2)
    with run_server(shelf, rates=rates) as server, _client(server) as client:
        answers = [client.get(API) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"reading";q=3;w=2'}
        left = [answer.headers["ratelimit"] for answer in answers]
        assert [re.fullmatch(r'"reading";r=(\d);t=[12]', told)[1] for told in left] == ["2", "1", "0", "0"]  # type: ignore[index]
        refused = answers[-1]
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"].endswith("#too-many-requests")
        page = client.get("/starter")
        assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
        assert "Too many requests" in page.text
        time.sleep(int(refused.headers["retry-after"]))
        assert client.get(API).status_code == 200


def test_unchanged_and_unknown_count_too(limited: Serving) -> None:
    """A 304, a HEAD and a 404 draw on the budget like any answer, and say what is left of it."""
    with _client(limited, "127.0.0.3") as client:
        tag = client.get(API).headers["etag"]
        answers = [
            client.get(API, headers={"if-none-match": tag}),
            client.head(API),
            client.get("/starter/none"),
            client.get("/%00"),
        ]
    assert [answer.status_code for answer in answers] == [304, 200, 404, 404]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=3", "r=2", "r=1", "r=0"]


def test_budgets_are_separate(limited: Serving) -> None:
    """Whoever searched or cloned too much can still read, and watching the server costs nothing."""
    with _client(limited, "127.0.0.4") as client:
        costly = [client.get("/api/v1/search?q=x") for _ in range(4)]
        git = [client.get(REFS) for _ in range(3)]
        assert [costly[-1].status_code, git[-1].status_code] == [429, 429]
        assert git[-1].headers["content-type"] == "text/plain; charset=utf-8"
        assert git[-1].text.count("\n") == 1
        assert client.get(API).status_code == 200
        assert [client.get("/healthz").status_code for _ in range(10)] == [200] * 10


def test_visitors_are_counted_each_for_themselves(limited: Serving) -> None:
    """One visitor's requests do not count for another, whatever address they claim to come from."""
    with _client(limited, "127.0.0.5") as first, _client(limited, "127.0.0.6") as second:
        for number in range(6):
            last = first.get(API, headers={"x-forwarded-for": f"10.0.0.{number}"})
        assert last.status_code == 429
        assert second.get(API).status_code == 200


def test_named_proxy_is_believed(shelf: Path, run_server: Run) -> None:
    """Behind a named proxy each visitor has a budget; what they wrote before its word is not read."""
    network = NetworkSettings(trusted_proxies=(ip_network("127.0.0.1"), ip_network("10.9.0.0/16")))
    with run_server(shelf, rates=FEW, network=network) as server, _client(server) as proxy:

        def ask(forwarded: str) -> int:
            return proxy.get(API, headers={"x-forwarded-for": forwarded}).status_code

        assert [ask("192.0.2.1") for _ in range(6)][-1] == 429
        assert ask("192.0.2.2") == 200
        assert ask("192.0.2.3, 192.0.2.1") == 429
        assert ask("192.0.2.3, 192.0.2.1, 10.9.1.1") == 429
        # All addresses of one subscriber's network are one visitor.
        assert [ask(f"2001:db8:1:2::{number}") for number in range(6)][-1] == 429
        assert ask("2001:db8:1:3::1") == 200
        shown = proxy.get("/starter", headers={"x-forwarded-for": "192.0.2.9", "x-forwarded-proto": "https"})
        assert f"https://{urlsplit(server.base).netloc}/starter.git" in shown.text


def test_one_visitor_cannot_hold_every_place(shelf: Path, run_server: Run) -> None:
    """Who holds all places that one visitor may have is told so; the others are for the others."""
    git = GitLimits(concurrent=3, per_visitor=2, queue_seconds=0.2, idle_seconds=20.0)
    with run_server(shelf, git=git) as server, ExitStack() as held:
        for _ in range(2):
            visitor = held.enter_context(closing(_connected(server)))
            kind = "application/x-git-upload-pack-request"
            visitor.sendall(_post("/starter.git/git-upload-pack", f"Content-Type: {kind}", 1_000) + b"0014")
        with _client(server) as same, _client(server, OTHER) as other:
            refused = _until(lambda: same.get(REFS), 429)
            assert refused.headers["retry-after"] == "5"
            assert "2 clones at a time" in refused.text
            assert other.get(REFS).status_code == 200


def _until(ask: Callable[[], httpx.Response], status: int) -> httpx.Response:
    deadline = time.monotonic() + 10
    while (answer := ask()).status_code != status:
        assert time.monotonic() < deadline, answer.status_code
    return answer


def _connected(server: Serving) -> socket.socket:
    parts = urlsplit(server.base)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def _post(target: str, header: str, length: int | None) -> bytes:
    stated = "" if length is None else f"Content-Length: {length}\r\n"
    return f"POST {target} HTTP/1.1\r\nHost: x\r\n{header}\r\n{stated}\r\n".encode()


def _answer(server: Serving, request: bytes) -> bytes:
    """All that comes back until the server closes or the answer is whole."""
    with closing(_connected(server)) as visitor:
        visitor.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = visitor.recv(65_536)
            if not piece:
                break
            answer += piece
        return answer


@pytest.fixture(scope="module")
def hasty(shelf: Path, run_server: Run) -> Iterator[Serving]:
    """A server that waits for bodies half a second only."""
    with run_server(shelf, requests=RequestLimits(body=1_000, body_seconds=0.5)) as server:
        yield server


JSON = "Content-Type: application/json"
BODIES = {
    "stated too large": (_post(TRY, JSON, 1_001), 413),
    "too large unstated": (
        _post(TRY, f"{JSON}\r\nTransfer-Encoding: chunked", None) + b"800\r\n" + b"a" * 0x800,
        413,
    ),
    "shorter than stated": (_post(TRY, JSON, 900) + b"{}", 408),
    "never begun": (_post(TRY, JSON, 900), 408),
    "another type": (_post(TRY, "Content-Type: text/csv", 3) + b"a,b", 415),
    "packed": (_post(TRY, f"{JSON}\r\nContent-Encoding: gzip", 3) + b"abc", 415),
    "no length and no body": (_post(TRY, JSON, None), 400),
    "no JSON": (_post(TRY, JSON, 3) + b"{a}", 400),
    "two lengths": (_post(TRY, f"{JSON}\r\nContent-Length: 2", 3) + b"{}", 400),
    "length and chunks": (_post(TRY, f"{JSON}\r\nTransfer-Encoding: chunked", 3) + b"0\r\n\r\n", 400),
    "a negative length": (_post(TRY, JSON, -1) + b"{}", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "a host that is none": (b'GET / HTTP/1.1\r\nHost: a"><b>\r\n\r\n', 400),
}


@pytest.mark.parametrize("name", BODIES)
def test_broken_bodies_and_heads_are_refused(hasty: Serving, name: str) -> None:
    """A body that is too large, too slow, of a wrong type or length is refused at once, as a 4xx."""
    request, status = BODIES[name]
    began = time.monotonic()
    answer = _answer(hasty, request)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
    assert time.monotonic() - began < 3
    assert httpx.get(f"{hasty.base}/healthz").status_code == 200


def test_longer_than_stated_is_no_second_request(hasty: Serving) -> None:
    """What follows a body of the stated length is no part of it: it is refused, and the connection ended."""
    with closing(_connected(hasty)) as visitor:
        visitor.sendall(_post(TRY, JSON, 2) + b"{}trailing\r\n\r\n")
        answers = b""
        while piece := visitor.recv(65_536):
            answers += piece
    assert answers.count(b"HTTP/1.1 400 ") == answers.count(b"HTTP/1.1 ") > 0
    assert b"connection: close" in answers
