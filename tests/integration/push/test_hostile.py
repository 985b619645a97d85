"""Bytes that no git sends."""

from __future__ import annotations

import gzip
import socket
from urllib.parse import urlsplit

import psutil
import pytest

from registry.push.asked import FOR_MAIN
from registry.store.objects import make
from tests.integration.push.conftest import RECEIVE, Pusher, Roost, nothing_left
from tests.support.pushing import NOTHING, commands, pack, packed, words_of

SOME = "1" * 40
MOVE = (NOTHING, SOME, FOR_MAIN)
OPTIONS = ("title=Something",)
BLOB = packed(3, b"some words\n")


@pytest.fixture(scope="module")
def roost(still: Roost) -> Roost:
    """One for all: nothing here changes it."""
    return still


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


def test_packed_push_is_understood(pusher: Pusher) -> None:
    """A gzip body is the same push."""
    body = commands(MOVE, options=OPTIONS) + pack(BLOB)
    said = pusher.send(gzip.compress(body), content_encoding="gzip").content
    assert said == pusher.send(body).content


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
