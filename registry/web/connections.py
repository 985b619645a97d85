"""One visitor's connection: uvicorn's own, with an end to how many there are and how long a head may take.

uvicorn ends a connection that idles between two requests, but not one that never gets its first line
out (measured: a thousand of those took every descriptor, for as long as they liked). The size of a head
is limited by `h11_max_incomplete_event_size`, which uvicorn's other parser does not know.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
)


def most_connections() -> int:
    """Half of the descriptors there may be: the rest is for files and for git.

    Out of them, asyncio writes a trace for every attempt to accept (measured: 50,000 in ten seconds).
    """
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 10_000 if soft == resource.RLIM_INFINITY else max(16, soft // 2)


class Connection(H11Protocol):
    """Ends a connection that is one too many, or whose request's head takes longer than `HEAD_SECONDS`."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begins to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.write(_FULL)
            transport.close()
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hands the bytes on; a request that has begun by then is waited for no longer."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._wait_no_more()
        elif self._waiting is None and (before is None or before.response_complete):
            # The beginning of the next request, on a connection that is kept.
            self._wait()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._end)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
