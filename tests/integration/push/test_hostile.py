"""Bytes that no git sends, and clients that are slow, or leave in the middle."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from registry.push.asked import FOR_MAIN
from registry.push.limits import PackLimits
from registry.store.objects import make
from registry.web.settings import PushLimits
from tests.integration.push.conftest import Roost, serving_roost
from tests.support.pushing import NOTHING, REQUEST, commands, pack, packed, words_of
from tests.support.viewers import basic

RECEIVE = "/roost.git/git-receive-pack"
SOME = "1" * 40
MOVE = (NOTHING, SOME, FOR_MAIN)
OPTIONS = ("title=Something",)
BLOB = packed(3, b"some words\n")


class Pusher:
    """Sends bytes as bo."""

    def __init__(self, roost: Roost) -> None:
        self.roost = roost
        self.headers = {**REQUEST, **basic("bo", roost.own_token("bo"))}

    def send(self, body: bytes, **more: str) -> httpx.Response:
        """The answer to a whole body."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return httpx.post(
            f"{self.roost.base}{RECEIVE}", content=body, headers={**self.headers, **headers}, timeout=60
        )

    def begin(self, body: bytes, length: int) -> http.client.HTTPConnection:
        """A push that announces more than it sends."""
        connection = http.client.HTTPConnection(urlsplit(self.roost.base).netloc, timeout=60)
        connection.putrequest("POST", RECEIVE)
        for name, value in (self.headers | {"content-length": str(length)}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection


@pytest.fixture(scope="module")
def roost(still: Roost) -> Roost:
    """One for all: nothing here changes it."""
    return still


@pytest.fixture
def pusher(roost: Roost) -> Pusher:
    """bo."""
    return Pusher(roost)


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory, scams: dict[str, bytes]) -> Iterator[Pusher]:
    """bo at a server with little room and patience."""
    limits = PushLimits(
        concurrent=2,
        per_visitor=2,
        queue_seconds=0.2,
        idle_seconds=3.0,
        request_bytes=200_000,
        pack=PackLimits(pack_bytes=50_000, objects=50),
    )
    with serving_roost(tmp_path_factory.mktemp("tight"), scams, push=limits) as roost:
        yield Pusher(roost)


def nothing_left(roost: Roost) -> None:
    """No git of a push runs any more, nothing lies aside, and nothing was recorded."""
    deadline = time.monotonic() + 10
    while _unpacking() or list((roost.place / "commons" / "pushes").glob("*")):
        assert time.monotonic() < deadline, "a push was left behind"
        time.sleep(0.02)
    assert roost.state().proposed == 0
    assert httpx.get(f"{roost.base}/healthz").status_code == 200


def _unpacking() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if "index-pack" in _line(one)]


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"0003",
        b"00 4",
        b"-001",
        b"fff9" + bytes(100),
        b"0010too short",
        commands(("x", "y", "z")),
        commands((NOTHING, SOME, "")),
        commands((NOTHING, SOME.replace("1", "G"), FOR_MAIN)),
        commands(MOVE)[:30],
        commands(MOVE, options=["title=x"] * 20),
        commands(MOVE, options=OPTIONS)[:-4],
    ],
    ids=str,
)
def test_what_is_no_push_is_refused(pusher: Pusher, body: bytes) -> None:
    """In one line, as a 400."""
    answer = pusher.send(body)
    assert answer.status_code == 400
    assert answer.text == "This is no push that can be read. Push with a current git.\n"
    nothing_left(pusher.roost)


@pytest.mark.parametrize(
    "broken",
    [
        pack(BLOB)[:-5],
        pack(BLOB)[:-20] + bytes(20),
        pack(BLOB, count=2),
        pack(BLOB)[:20],
        pack(packed(7, b"\x0b\x0b\x90\x0b", lead=bytes.fromhex(SOME))),
        pack(packed(3, b"some words\n", size=4_000)),
        b"KCAP" + pack(BLOB)[4:],
        pack(BLOB)[:12],
    ],
    ids=["cut", "checksum", "count", "early", "no base", "size", "name", "header"],
)
def test_broken_packs_are_refused(pusher: Pusher, broken: bytes) -> None:
    """With words, and nothing of them is kept."""
    answer = pusher.send(commands(MOVE, options=OPTIONS) + broken)
    assert answer.status_code == 200
    said = words_of(answer.content)
    assert "the objects: " in said
    assert f"ng {FOR_MAIN} " in said
    nothing_left(pusher.roost)


@pytest.mark.parametrize("behind", [b"", b"more"])
def test_pack_without_the_commit_is_refused(pusher: Pusher, behind: bytes) -> None:
    """What is proposed has to come along."""
    said = words_of(pusher.send(commands(MOVE, options=OPTIONS) + pack(BLOB) + behind).content)
    assert "the pushed commit: it did not come along." in said
    nothing_left(pusher.roost)


def test_commit_without_its_files_is_refused(pusher: Pusher) -> None:
    """A tree, or a parent, that is nowhere."""
    who = "x <x@invalid> 1 +0000"
    data = f"tree {SOME}\nparent {SOME}\nauthor {who}\ncommitter {who}\n\nx\n".encode()
    oid = make("commit", data).oid
    body = commands((NOTHING, oid, FOR_MAIN), options=OPTIONS) + pack(packed(1, data))
    assert "the pushed commit: its history is not whole." in words_of(pusher.send(body).content)
    nothing_left(pusher.roost)


def test_bomb_of_deltas_is_stopped(pusher: Pusher) -> None:
    """A few kilobytes that ask for gigabytes end the git that unpacks them, and nothing else."""
    base = bytes(1_000_000)
    copy = b"\xf0" + (1_000_000).to_bytes(3, "little")
    target, count = 4_000_000_000, 4_000
    delta = _varint(len(base)) + _varint(target) + copy * count
    oid = bytes.fromhex(make("blob", base).oid)
    body = commands(MOVE, options=OPTIONS) + pack(packed(3, base), packed(7, delta, lead=oid))
    assert len(body) < 20_000
    before = psutil.Process().memory_info().rss
    assert "unpack to too much." in words_of(pusher.send(body).content)
    assert psutil.Process().memory_info().rss - before < 100_000_000
    nothing_left(pusher.roost)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


@pytest.mark.parametrize(
    "ref",
    ["-x", "refs/heads/@{", "..", "refs/for/main.lock", "refs/x/" + "y" * 300, "refs/for/ma\nin", "\x1b"],
)
def test_odd_ref_names_are_refused(pusher: Pusher, ref: str) -> None:
    """Nothing is made of a name but words."""
    said = words_of(pusher.send(commands((NOTHING, SOME, ref)) + pack(BLOB)).content)
    assert "changes are decided before they are on a branch." in said
    assert "\x1b" not in said
    nothing_left(pusher.roost)


def test_ten_thousand_refs_are_refused(pusher: Pusher) -> None:
    """All at once, in one answer."""
    many = [(NOTHING, SOME, f"refs/for/main{number}") for number in range(10_000)]
    assert "changes are decided" in words_of(pusher.send(commands(*many) + pack(BLOB)).content)
    assert "10,000 refs: one push makes one proposal." in words_of(
        pusher.send(commands(*[MOVE] * 10_000) + pack(BLOB)).content
    )
    nothing_left(pusher.roost)


def test_option_with_a_null_is_refused(pusher: Pusher) -> None:
    """It could end a text for one reader and not for another."""
    said = words_of(pusher.send(commands(MOVE, options=["title=a\0b"]) + pack(BLOB)).content)
    assert "option title: it holds control characters" in said
    nothing_left(pusher.roost)


def test_old_git_gets_its_report(pusher: Pusher) -> None:
    """Without bands there is the report alone, and without that nothing."""
    plain = pusher.send(commands(MOVE, able="report-status")[:-4] + pack(BLOB))
    assert plain.content.startswith(b"000eunpack ok\n")
    assert f"ng {FOR_MAIN} ".encode() in plain.content
    assert pusher.send(commands(MOVE, able="")[:-4] + pack(BLOB)).content == b""


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content_type": "text/plain"}, b"0000", 415),
        ({"content_encoding": "br"}, b"0000", 415),
        ({"content_encoding": "gzip"}, b"0000", 400),
        ({"content_encoding": "gzip"}, gzip.compress(commands(MOVE) + bytes(300_000)), 413),
        ({}, commands(MOVE) + bytes(300_000), 413),
    ],
    ids=["type", "encoding", "no gzip", "bomb", "too long"],
)
def test_bodies_are_held_to_limits(tight: Pusher, headers: dict[str, str], body: bytes, status: int) -> None:
    """As those of clones."""
    assert tight.send(body, **headers).status_code == status
    nothing_left(tight.roost)


def test_packed_push_is_understood(pusher: Pusher) -> None:
    """A gzip body is the same push."""
    body = commands(MOVE, options=OPTIONS) + pack(BLOB)
    said = pusher.send(gzip.compress(body), content_encoding="gzip").content
    assert said == pusher.send(body).content


def test_too_large_pushes_are_told_so(tight: Pusher) -> None:
    """By what git itself sends: too many bytes, and too many objects."""
    clone = tight.roost.clone("bo")
    clone.write("policies/scams/notes.md", os.urandom(100_000))
    clone.commit()
    pushed = clone.push("-o", "title=X")
    assert pushed.code == 1
    assert "the objects: they are over the limit of " in pushed.said
    clone.git("reset", "-q", "--hard", "HEAD^")
    for number in range(60):
        clone.write(f"policies/scams/{number}.md", str(number).encode())
    clone.commit()
    assert "objects are over the limit of 50." in clone.push("-o", "title=X").said
    nothing_left(tight.roost)


def test_full_house_is_told_to_come_back(tight: Pusher) -> None:
    """When every place is taken the answer is 503 or 429 with Retry-After; a slow sender gets a 408."""
    start = commands(MOVE, options=OPTIONS) + pack(BLOB)[:20]
    held = [tight.begin(start, 1_000) for _ in range(2)]
    deadline = time.monotonic() + 10
    while len(list((tight.roost.place / "commons" / "pushes").glob("*"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    busy = tight.send(b"0000")
    assert (busy.status_code, busy.headers["retry-after"]) in ((503, "5"), (429, "5"))
    assert [connection.getresponse().status for connection in held] == [408, 408]
    for connection in held:
        connection.close()
    nothing_left(tight.roost)
    assert tight.send(b"0000").status_code == 200


@pytest.mark.parametrize("sent", [0, 2, 60, 120, 150, 160])
def test_leaving_leaves_nothing(pusher: Pusher, sent: int) -> None:
    """Whoever hangs up in the middle, of commands or objects, leaves no process and no folder."""
    body = commands(MOVE, options=OPTIONS) + pack(BLOB)
    connection = pusher.begin(body[:sent], len(body) + 50)
    time.sleep(0.1)
    connection.close()
    nothing_left(pusher.roost)


def test_what_a_killed_server_left_is_taken_away(pusher: Pusher) -> None:
    """By the next push, once no push can last so long; what is at work now stays."""
    pushes = pusher.roost.place / "commons" / "pushes"
    for name, age in (("old", 7_200), ("new", 60)):
        (pushes / name / "objects").mkdir(parents=True)
        then = time.time() - age
        os.utime(pushes / name, (then, then))
    pusher.send(commands(MOVE, options=OPTIONS) + pack(BLOB))
    assert [path.name for path in pushes.iterdir()] == ["new"]
    shutil.rmtree(pushes / "new")


def test_lying_length_is_no_push(pusher: Pusher) -> None:
    """Bytes behind the length that was stated are another request, and a bad one."""
    body = commands(MOVE, options=OPTIONS) + pack(BLOB)
    with socket.create_connection(urlsplit(pusher.roost.base).netloc.split(":"), timeout=10) as connection:
        lines = [f"POST {RECEIVE} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body) - 30}"]
        lines += [f"{name}: {value}" for name, value in pusher.headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = connection.recv(65_536)
    assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
    nothing_left(pusher.roost)
