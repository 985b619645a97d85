"""How much one push may bring, how long it may take, and what is left when somebody leaves in the middle."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Iterator

import pytest

from registry.push.asked import FOR_MAIN
from registry.push.limits import PackLimits
from registry.web.settings import PushLimits
from tests.integration.push.conftest import Pusher, Roost, nothing_left, serving_roost
from tests.support.pushing import NOTHING, commands, pack, packed

SOME = "1" * 40
MOVE = (NOTHING, SOME, FOR_MAIN)
OPTIONS = ("title=Something",)
BLOB = packed(3, b"some words\n")


@pytest.fixture(scope="module")
def roost(still: Roost) -> Roost:
    """One for all: nothing here changes it."""
    return still


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
