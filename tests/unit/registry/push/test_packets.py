"""Git's packets, however the body is cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from registry.push.errors import UnreadablePushError
from registry.push.packets import FLUSH, Band, Incoming, packet, packets, side_band

BODY = packet(b"one") + packet(b"") + FLUSH + b"PACKrest"


async def _cut(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_body_is_read_however_it_comes(size: int) -> None:
    """Packets, a flush, and then what is left, to the byte."""

    async def read() -> tuple[bytes | None, bytes | None, bytes | None, bytes, bool]:
        incoming = Incoming(_cut(BODY, size))
        lines = [await incoming.packet() for _ in range(3)]
        rest = b"".join([piece async for piece in incoming.rest()])
        return lines[0], lines[1], lines[2], rest, await incoming.at_end()

    assert asyncio.run(read()) == (b"one", b"", None, b"PACKrest", True)


@pytest.mark.parametrize("body", [b"", b"000", b"0002", b"zzzz", b"0_10", b" 010", b"fff1", b"0009abc"])
def test_what_is_no_packet_is_refused(body: bytes) -> None:
    """Too short, too long, or with another length than `git` writes."""

    async def read() -> None:
        await Incoming(_cut(body, 100)).packet()

    with pytest.raises(UnreadablePushError):
        asyncio.run(read())


def test_body_that_fails_is_known_to_be_broken() -> None:
    """Then nobody is left who could be told anything."""

    async def failing() -> AsyncIterator[bytes]:
        yield b"0008"
        raise ConnectionError

    async def read() -> tuple[bool, bool]:
        incoming = Incoming(failing())
        before = await incoming.at_end() or incoming.is_broken
        with pytest.raises(ConnectionError):
            await incoming.packet()
        return before, incoming.is_broken

    assert asyncio.run(read()) == (False, True)


def test_long_words_are_cut_into_bands() -> None:
    """No packet is longer than git reads, and nothing is lost."""
    data = bytes(range(256)) * 600
    pieces = [piece for piece in packets(side_band(Band.WORDS, data)) if piece is not None]
    assert all(len(piece) <= 65_516 and piece[0] == Band.WORDS for piece in pieces)
    assert b"".join(piece[1:] for piece in pieces) == data
