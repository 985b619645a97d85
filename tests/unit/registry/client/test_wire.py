"""What a registry may answer, over real sockets: everything but the documented form is refused in words."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from registry.client.errors import (
    BadAnswerError,
    BusyRegistryError,
    FailedRegistryError,
    NotARegistryError,
    RedirectedError,
    RefusedQueryError,
    RegistryError,
    UnreachableError,
)
from registry.client.patience import Patience
from registry.client.site_address import checked_address
from registry.client.wire import Absent, Wire
from tests.support.scripted import Script, Scripted, answer, says, self_signed


class Thing(msgspec.Struct):
    """What is asked for."""

    name: str


QUICK = Patience(connect=5, silence=5, answer=5)


def ask(script: Script, *, patience: Patience = QUICK, sleep: Any = lambda _seconds: None) -> Thing:
    with Scripted(script) as server:
        wire = Wire(server.base, patience=patience, sleep=sleep)
        try:
            return wire.json("/api/v1/thing", Thing)
        finally:
            wire.close()


def test_an_answer_is_read_and_unknown_members_are_passed_over() -> None:
    """An older client goes on reading a newer registry, and asks for nothing packed."""
    with Scripted(says(answer(b'{"name": "spam", "new": [1]}'))) as server:
        wire = Wire(server.base + "/")
        assert wire.json("/thing", Thing, {"q": "a b&c"}) == Thing("spam")
        wire.close()
    head = server.asked[0].lower()
    assert head.startswith("get /thing?q=a+b%26c ")
    assert "accept-encoding: identity" in head
    assert "cookie" not in head


@pytest.mark.parametrize(
    ("raw", "error", "words"),
    [
        (answer(b"<html>", kind="text/html"), NotARegistryError, "with text/html"),
        (answer(b"<html>", kind="text/html", status="404 Not Found"), NotARegistryError, "status 404"),
        (answer(b"nginx", kind="text/html", status="502 Bad Gateway"), FailedRegistryError, "status 502"),
        (answer(b'{"name": "sp'), BadAnswerError, "cannot be read"),
        (answer(b'{"name": 7}'), BadAnswerError, "cannot be read"),
        (answer(b"\xff\xfe"), BadAnswerError, "cannot be read"),
        (answer(b'{"other": ' + b"[" * 100_000), BadAnswerError, "cannot be read"),
        (answer(gzip.compress(b"{}"), "Content-Encoding: gzip"), BadAnswerError, "unpacked"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", UnreachableError, "is not HTTP"),
        (b"", UnreachableError, "broke off"),
        (
            answer(b"", status="204 No Content"),
            NotARegistryError,
            "status 204",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
            UnreachableError,
            "broke off",
        ),
    ],
)
def test_what_no_registry_answers_is_refused(raw: bytes, error: type[RegistryError], words: str) -> None:
    """Pages, halves, other shapes, other protocols: each is an error that says what came instead."""
    with pytest.raises(error) as caught:
        ask(says(raw))
    assert words in str(caught.value)


def test_a_refusal_is_told_in_the_registrys_words() -> None:
    """A problem document gives its detail and its remedy; a 404 says of which kind it is."""
    problem = b'{"type": "/d#bad-query", "title": "No", "detail": "Not so.", "remedy": "Ask else."}'
    kind = "application/problem+json"
    with pytest.raises(RefusedQueryError, match=r"Not so\. Ask else\."):
        ask(says(answer(problem, kind=kind, status="400 Bad Request")))
    with pytest.raises(FailedRegistryError, match=r"Not so\. Ask else\."):
        ask(says(answer(problem, kind=kind, status="500 Internal Server Error")))
    with pytest.raises(Absent) as caught:
        ask(says(answer(problem, kind=kind, status="404 Not Found")))
    assert caught.value.kind == "bad-query"


def test_an_endless_answer_is_left() -> None:
    """Bytes are counted as they come: no length that was or was not stated lets more through."""

    def endless(_path: str, connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/markdown\r\nContent-Length: 10\r\n\r\n" + b"x" * 10
        )
        connection.sendall(b"HTTP/1.1 200 OK\r\n")

    def chunks(_path: str, connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/markdown\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        while True:
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")

    for script, fits in ((endless, True), (chunks, False)):
        with Scripted(script) as server:
            wire = Wire(server.base, patience=QUICK)
            if fits:
                assert wire.raw("/f", 10) == b"x" * 10
            else:
                with pytest.raises(BadAnswerError, match="larger than the 5,000 bytes"):
                    wire.raw("/f", 5_000)
            wire.close()


def test_a_trickle_and_a_silence_end() -> None:
    """An answer that comes byte by byte is left once it took too long, and one that never comes as well."""

    def trickle(_path: str, connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
        )
        while True:
            connection.sendall(b" ")

    def silence(_path: str, connection: socket.socket) -> None:
        connection.recv(1)

    with pytest.raises((UnreachableError, BadAnswerError)):
        ask(trickle, patience=Patience(connect=5, silence=5, answer=0.0))
    with pytest.raises(UnreachableError, match="does not answer in time"):
        ask(silence, patience=Patience(connect=5, silence=0.2, answer=5))


def test_a_busy_registry_is_asked_again_as_it_wishes() -> None:
    """A short Retry-After is waited for, and the answer then taken."""
    waits: list[float] = []
    busy = answer(b"{}", "Retry-After: 2", status="429 Too Many Requests")
    closed = answer(b"{}", status="503 Service Unavailable")
    fine = answer(b'{"name": "spam"}')
    assert ask(says(busy, closed, fine), sleep=waits.append) == Thing("spam")
    assert waits == [2.0, 1.0]


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("3600", 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None), ("9" * 40, None)],
)
def test_a_registry_that_stays_busy_is_left(stated: str, seconds: int | None) -> None:
    """A long wait is not waited for: the error says for how long, so that a script can."""
    waits: list[float] = []
    with pytest.raises(BusyRegistryError) as caught:
        ask(
            says(answer(b"{}", f"Retry-After: {stated}", status="503 Service Unavailable")),
            sleep=waits.append,
        )
    assert caught.value.seconds == seconds
    assert sum(waits) <= 2


def test_a_redirect_stays_on_the_same_site() -> None:
    """Within the site it is followed; another host, another port and a circle are refused."""
    with Scripted(says(answer(b'{"name": "elsewhere"}'))) as other:
        for to in (f"{other.base}/thing", "http://127.0.0.2/", "//example.org/x", "ftp://127.0.0.1/"):
            with pytest.raises(RedirectedError):
                ask(says(answer(b"", f"Location: {to}", status="302 Found")))
        assert other.asked == []
    with pytest.raises(RedirectedError, match="more than 3 times"):
        ask(says(answer(b"", "Location: /again", status="301 Moved Permanently")))
    fine = says(answer(b"", "Location: /there", status="308 Permanent Redirect"), answer(b'{"name": "here"}'))
    assert ask(fine) == Thing("here")


def test_a_redirect_never_gives_up_encryption() -> None:
    """From http to https of the same host is a step up; the other way round is refused."""
    wire = Wire("https://registry.example")
    up = wire._followed(httpx.URL("http://registry.example/a"), "https://registry.example/a")
    assert str(up) == "https://registry.example/a"
    for location in (
        "http://registry.example/a",
        "https://registry.example:8443/a",
        "https://x@registry.example/a",
    ):
        with pytest.raises(RedirectedError):
            wire._followed(httpx.URL("https://registry.example/a"), location)
    wire.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to make a certificate")
def test_a_certificate_must_be_valid(tmp_path: Path) -> None:
    """One that nobody vouches for ends the talk before anything was asked."""
    with Scripted(says(answer(b'{"name": "spam"}')), self_signed(tmp_path, subprocess.run)) as server:
        wire = Wire(server.base, patience=QUICK)
        with pytest.raises(UnreachableError, match=r"certificate|CERTIFICATE"):
            wire.json("/thing", Thing)
        wire.close()
    assert server.asked == []


def test_nobody_at_the_port() -> None:
    """A wrong port is told as one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wire = Wire(f"http://127.0.0.1:{port}", patience=QUICK)
    with pytest.raises(UnreachableError, match=r"no connection .* Is it running there\?"):
        wire.json("/thing", Thing)
    wire.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://registry.example", "no http"),
        ("http://", "no http"),
        ("http://registry.example:0", "no http"),
        ("http://registry.example:99999", "no http"),
        ("http://a b", "no http"),
        ("http://r.example/\x1b[2J", "no http"),
        ("http://ana:secret@registry.example", "name or password"),
        ("http://registry.example/?x=1", "query"),
        ("http://registry.example/starter.git", "Git clones"),
        ("http://r\u0435gistry.example", "no http"),
    ],
)
def test_what_is_no_registrys_address(address: str, words: str) -> None:
    """Each is refused in words, and a password is never repeated."""
    with pytest.raises(NotARegistryError) as caught:
        checked_address(address)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_address_is_kept_without_its_last_slash() -> None:
    """A path in front of the API is allowed, for a registry behind one."""
    assert checked_address("https://r.example/commons/") == "https://r.example/commons"
