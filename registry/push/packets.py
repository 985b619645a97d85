"""Git's packets, in both directions: lengths in four hexadecimal digits, then bytes. Touches nothing.

Source: git documentation, "gitprotocol-common" (pkt-line) and "gitprotocol-pack" (side-band-64k).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from enum import IntEnum

from registry.push.errors import UnreadablePushError

FLUSH = b"0000"
_HEAD = 4
_LONGEST = 65_520
_SIDE_BAND = _LONGEST - _HEAD - 1


class Band(IntEnum):
    """What a packet of a side band is: for git, or for whoever sits in front of it."""

    REPORT = 1
    WORDS = 2


def packet(data: bytes) -> bytes:
    """One packet."""
    return f"{len(data) + _HEAD:04x}".encode() + data


def side_band(band: Band, data: bytes) -> bytes:
    """As many packets of a side band as it takes."""
    pieces = (data[start : start + _SIDE_BAND] for start in range(0, len(data), _SIDE_BAND))
    return b"".join(packet(bytes((band,)) + piece) for piece in pieces)


class Incoming:
    """A body read packet by packet, and then as it comes.

    `is_broken` once the body itself has failed: then nobody is left who could be told anything.
    """

    def __init__(self, body: AsyncIterator[bytes]) -> None:
        self.is_broken = False
        self._body = self._heard(body)
        self._held = bytearray()

    async def packet(self) -> bytes | None:
        """The next packet; None for a flush. Raises `UnreadablePushError`."""
        head = await self.exactly(_HEAD)
        try:
            # What `int` takes besides digits (blanks, signs, `_`) is no length.
            length = int(head, 16) if head.isalnum() else -1
        except ValueError:
            length = -1
        if length == 0:
            return None
        if not _HEAD <= length <= _LONGEST:
            raise UnreadablePushError
        return await self.exactly(length - _HEAD)

    async def exactly(self, count: int) -> bytes:
        """So many bytes. Raises `UnreadablePushError` when the body ends before."""
        while len(self._held) < count:
            piece = await anext(self._body, None)
            if piece is None:
                raise UnreadablePushError
            self._held += piece
        taken = bytes(self._held[:count])
        # From its beginning a bytearray gives without moving the rest.
        del self._held[:count]
        return taken

    async def at_end(self) -> bool:
        """Whether nothing more comes."""
        while not self._held:
            piece = await anext(self._body, None)
            if piece is None:
                return True
            self._held += piece
        return False

    async def rest(self) -> AsyncIterator[bytes]:
        """All that is left."""
        held = bytes(self._held)
        self._held.clear()
        if held:
            yield held
        async for piece in self._body:
            yield piece

    async def drop(self) -> None:
        """Reads what is left, to be rid of it."""
        async for _ in self.rest():
            pass

    async def _heard(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        self.is_broken = True
        async for piece in body:
            self.is_broken = False
            yield piece
            self.is_broken = True
        self.is_broken = False


def packets(data: bytes) -> Iterator[bytes | None]:
    """The packets of an answer that is all there; None for a flush."""
    position = 0
    while position < len(data):
        length = int(data[position : position + _HEAD], 16)
        yield data[position + _HEAD : position + length] if length else None
        position += length or _HEAD
