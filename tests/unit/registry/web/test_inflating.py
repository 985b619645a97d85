from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.git_refusals import GitSlowError, GitTooLargeError, GitUnreadableError
from registry.web.inflating import PIECE, DisconnectedError, plain_body, unpacked_body
from registry.web.refusals import WebError


def _receive(pieces: list[bytes], *, ends: bool = True) -> Any:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": not ends or index < len(pieces) - 1}
        for index, piece in enumerate(pieces)
    ]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        return {"type": "http.disconnect"}

    return receive


def _all(body: AsyncIterator[bytes]) -> list[bytes]:
    async def gather() -> list[bytes]:
        return [piece async for piece in body]

    return asyncio.run(gather())


@given(data=st.binary(max_size=4_000), at=st.lists(st.integers(0, 4_000), max_size=5))
def test_unpacked_is_what_was_packed(data: bytes, at: list[int]) -> None:
    """However the packed body is cut into pieces, the same bytes come out."""
    packed = gzip.compress(data)
    cuts = [0, *sorted(min(place, len(packed)) for place in at), len(packed)]
    pieces = [packed[start:end] for start, end in pairwise(cuts)]
    assert b"".join(_all(unpacked_body(_receive(pieces), limit=10_000, idle=1))) == data


def test_bomb_is_stopped_while_it_unpacks() -> None:
    """A body that unpacks past the limit is refused, never holding more than a piece of it."""
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(GitTooLargeError):
        _all(unpacked_body(_receive([bomb]), limit=1_000_000, idle=1))


def test_pieces_are_small() -> None:
    """No piece of an unpacked body is longer than `PIECE`."""
    pieces = _all(unpacked_body(_receive([gzip.compress(bytes(1_000_000))]), limit=2_000_000, idle=1))
    assert max(map(len, pieces)) <= PIECE
    assert sum(map(len, pieces)) == 1_000_000


@pytest.mark.parametrize(
    "packed",
    [b"", b"plain text", gzip.compress(b"whole", mtime=0)[:-1], b"\x1f\x8b" + bytes(20)],
    ids=["empty", "plain", "cut off", "bad header"],
)
def test_broken_packing_is_refused(packed: bytes) -> None:
    """What is not one whole gzip body is refused."""
    with pytest.raises(GitUnreadableError):
        _all(unpacked_body(_receive([packed]), limit=1_000, idle=1))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(packed: bytes) -> None:
    """Whatever comes, it is unpacked or refused, and nothing else is raised."""
    with suppress(WebError):
        _all(unpacked_body(_receive([packed]), limit=1_000, idle=1))


def test_plain_body_has_the_same_limit() -> None:
    """A plain body past the limit is refused; one at the limit is read."""
    assert _all(plain_body(_receive([b"ab", b"cd"]), limit=4, idle=1)) == [b"ab", b"cd"]
    with pytest.raises(GitTooLargeError):
        _all(plain_body(_receive([b"ab", b"cde"]), limit=4, idle=1))


def test_leaving_is_told() -> None:
    """A visitor who leaves in the middle of the body ends the reading."""
    with pytest.raises(DisconnectedError):
        _all(plain_body(_receive([b"ab"], ends=False), limit=10, idle=1))


def test_stalled_body_is_given_up() -> None:
    """A body that stops coming is given up after the idle time."""

    async def never() -> Any:
        await asyncio.sleep(60)

    with pytest.raises(GitSlowError):
        _all(plain_body(never, limit=10, idle=0.01))


def test_cancelling_ends_the_reading() -> None:
    """Whoever is told to stop in the moment in which a piece comes stops."""

    async def run() -> None:
        came: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        async def receive() -> dict[str, Any]:
            return await came

        async def read() -> None:
            async for _ in plain_body(receive, limit=10, idle=60):
                await asyncio.sleep(0)

        reading = asyncio.create_task(read())
        await asyncio.sleep(0.01)
        came.set_result({"type": "http.request", "body": b"a", "more_body": True})
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, 2)

    asyncio.run(run())
