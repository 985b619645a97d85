"""How many event streams are open, for whom, and when they end. For one thread: the event loop's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from registry.web.refusals import StreamsFullError, StreamsOfOneError
from registry.web.settings import StreamLimits
from registry.web.tailing import Listener, Tailer, TooManyListenersError


class Streams:
    """The places for streams. A stream costs a place and a coroutine that waits, never a thread."""

    def __init__(self, tailer: Tailer, limits: StreamLimits) -> None:
        self.limits = limits
        self.ended = False
        """Whether the server is going down: streams end, and their readers come back to the next one."""
        self._tailer = tailer
        self._listeners: set[Listener] = set()
        self._visitors: Counter[str] = Counter()

    @property
    def open(self) -> int:
        """How many are open now."""
        return len(self._listeners)

    @contextmanager
    def place(self, visitor: str) -> Iterator[Listener]:
        """A place for a stream, and what wakes it when something happened or everything ends.

        Raises `StreamsFullError`, `StreamsOfOneError`.
        """
        if self.open >= self.limits.concurrent or self.ended:
            raise StreamsFullError(self.limits.retry_after)
        if self._visitors.get(visitor, 0) >= self.limits.per_visitor:
            raise StreamsOfOneError(self.limits.per_visitor, self.limits.retry_after)
        with ExitStack() as until_left:
            try:
                listener = until_left.enter_context(self._tailer.subscribe())
            except TooManyListenersError:
                raise StreamsFullError(self.limits.retry_after) from None
            self._listeners.add(listener)
            self._visitors[visitor] += 1
            until_left.callback(self._leave, visitor, listener)
            yield listener

    def end(self) -> None:
        """Ends every stream. Called as soon as the server is told to stop: it waits for its connections."""
        self.ended = True
        for listener in self._listeners:
            listener.wake()

    def _leave(self, visitor: str, listener: Listener) -> None:
        self._listeners.discard(listener)
        self._visitors[visitor] -= 1
        if not self._visitors[visitor]:
            del self._visitors[visitor]
