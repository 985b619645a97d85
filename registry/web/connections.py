"""One visitor's connection: uvicorn's own, with an end to how many there are and how long each may take.

uvicorn ends a connection that idles between two requests. It does not end one that never gets its first
line out (measured: a thousand of those took every descriptor, for as long as they liked), nor one whose
visitor asks and then reads nothing; it gathers a head of any size, and any number of requests sent ahead.
"""

from __future__ import annotations

import asyncio
import fcntl
import resource
import sys
import termios
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from registry.web.streams import Streams

HEAD_SECONDS = 10.0
HEAD_BYTES = 16 * 1_024
STALLED_SECONDS = 30.0
SENT_AHEAD = 16
"""Requests that a visitor may send before the first of them is answered."""

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
)


def most_connections() -> int:
    """Half of the descriptors there may be: the rest is for files and for git.

    Out of them, asyncio writes a trace for every attempt to accept (measured: 50,000 in ten seconds).
    """
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 10_000 if soft == resource.RLIM_INFINITY else max(16, soft // 2)


def _outstanding(transport: asyncio.Transport) -> int:
    """Bytes written that the visitor has not taken yet, those in the kernel's buffer with them.

    Without these, a slow visitor looks like one who reads nothing: the kernel takes more from us only
    when a third of its buffer, which may hold megabytes, is free (measured).
    """
    queued = bytearray(4)
    # A socket that is closed already has no descriptor to ask about.
    with suppress(OSError, ValueError):
        fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, queued)
    return transport.get_write_buffer_size() + int.from_bytes(queued, sys.byteorder)


class _TooMuchError(Exception):
    """Raised in a callback of the parser, which makes it the 400 of a request that cannot be read."""


class Connection(HttpToolsProtocol):
    """Ends a connection that is one too many, that no head comes on, or whose answer is not read."""

    _waiting: asyncio.TimerHandle | None = None
    _watching: asyncio.TimerHandle | None = None
    _unsent = 0
    _in_head = True
    _heard = 0

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
        self._watch_no_more()
        # uvicorn leaves this timer running when the visitor reset the connection; it would ask a dead socket.
        self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        """Hands the bytes on; a request that has begun by then is waited for no longer."""
        before = self.cycle
        self._heard = self._heard + len(data) if self._in_head else 0
        super().data_received(data)
        if self.cycle is not before:
            self._wait_no_more()
        elif self._waiting is None and (before is None or before.response_complete):
            # The beginning of the next request, on a connection that is kept.
            self._wait()
        if self._in_head and self._heard > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too large.")

    def on_headers_complete(self) -> None:
        """Begins to answer, unless the head is too large or too many answers are due already."""
        # A head that came in one piece was not counted while it came.
        if self._heard > HEAD_BYTES and self._head_bytes() > HEAD_BYTES:
            raise _TooMuchError
        if len(self.pipeline) >= SENT_AHEAD:
            raise _TooMuchError
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes now is the head of the next request."""
        self._in_head = True
        self._heard = 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """More is to be sent than the visitor has taken: from now on, they must take some."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """They did."""
        super().resume_writing()
        self._watch_no_more()

    def on_response_complete(self) -> None:
        """An answer is whole; if the connection closes after it, what is unsent is waited for so long."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked."""
        super().timeout_keep_alive_handler()
        self._watch()

    def shutdown(self) -> None:
        """The server is told to stop: it waits for answers that are under way, and a stream has no end."""
        streams = getattr(getattr(self.config.loaded_app, "state", None), "streams", None)
        if isinstance(streams, Streams):
            streams.end()
        super().shutdown()

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._end)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
        self._watch()

    def _watch(self) -> None:
        if self._watching is None:
            self._unsent = _outstanding(self.transport)
            self._watching = self.loop.call_later(STALLED_SECONDS, self._look)

    def _watch_no_more(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _look(self) -> None:
        """Cuts a connection whose visitor took nothing meanwhile: closing it would wait for them for ever."""
        self._watching = None
        if _outstanding(self.transport) >= self._unsent:
            self.transport.abort()
        else:
            self._watch()
