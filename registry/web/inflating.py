"""The body of a request in pieces, plain or unpacked from gzip, never more than a limit."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from litestar.types import Receive

from registry.web.git_refusals import GitSlowError, GitTooLargeError, GitUnreadableError

PIECE = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class DisconnectedError(Exception):
    """The visitor is gone; nobody is left to answer."""


async def plain_body(receive: Receive, *, limit: int, idle: float) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `GitTooLargeError` past `limit` bytes, `GitSlowError` when it stalls."""
    seen = 0
    more = True
    while more:
        try:
            # Not `wait_for`: it may swallow a cancellation (3.11), and the next piece be waited for in vain.
            async with asyncio.timeout(idle):
                message = await receive()
        except TimeoutError:
            raise GitSlowError(idle) from None
        if message["type"] != "http.request":
            raise DisconnectedError
        piece, more = message["body"], message["more_body"]
        seen += len(piece)
        _check(seen, limit)
        if piece:
            yield piece


async def unpacked_body(receive: Receive, *, limit: int, idle: float) -> AsyncIterator[bytes]:
    """The body unpacked piece by piece, so that a bomb is stopped at `limit` and not in memory."""
    inflater = zlib.decompressobj(_GZIP)
    seen = 0
    # A packed body is never longer than what it unpacks to by more than its frame.
    async for packed in plain_body(receive, limit=limit + PIECE, idle=idle):
        for piece in _inflated(inflater, packed):
            seen += len(piece)
            _check(seen, limit)
            yield piece
    if not inflater.eof:
        raise GitUnreadableError("The packed request is cut off.", "Send it again.")


def _inflated(inflater: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    while packed and not inflater.eof:
        try:
            piece = inflater.decompress(packed, PIECE)
        except zlib.error as error:
            raise GitUnreadableError(
                "The packed request is not gzip.", "Send it plain or as gzip."
            ) from error
        packed = inflater.unconsumed_tail
        if piece:
            yield piece


def _check(seen: int, limit: int) -> None:
    if seen > limit:
        raise GitTooLargeError("The request is too large.", f"At most {limit} bytes are read.")
