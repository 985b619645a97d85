"""The answer that goes on: a place for it is taken when it begins and given back however it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Scope, Send

from registry.web.streams import Streams
from registry.web.tailing import Listener

EVENTS = "text/event-stream"

# X-Accel-Buffering is nginx's: without it, events wait there until a buffer is full.
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class EventStream(ASGIStreamingResponse):
    """Server-sent events for one visitor; `follow` makes them once there is a place.

    Litestar's own answer leaves a cancelled generator to the garbage collector, and begins it in a thread.
    """

    __slots__ = ("_follow", "_streams", "_visitor")

    def __init__(
        self, streams: Streams, visitor: str, follow: Callable[[Listener], AsyncGenerator[bytes, None]]
    ) -> None:
        super().__init__(iterator=(), headers=dict(_HEADERS), media_type=EVENTS, status_code=200)
        self._streams = streams
        self._visitor = visitor
        self._follow = follow

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends events until the visitor or the server leaves. Raises what taking a place raises."""
        with self._streams.place(self._visitor) as listener:
            async with aclosing(self._follow(listener)) as events:
                self.iterator: Any = events
                await super().__call__(scope, receive, send)
