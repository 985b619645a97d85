"""Follows the logs of all commons that are served, and keeps the index with them. A thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from governance.errors import GovernanceError
from registry.index.errors import IndexingError
from registry.index.index import Index
from registry.index.projection import TakenIn
from registry.store.errors import StoreError
from registry.web.catalogue import Catalogue
from registry.web.refusals import UnknownCommonsError

SECONDS = 1.0
_MAX_LISTENERS = 1_000

Told = Callable[[str, int, int], None]
"""Progress: which commons, how many policies are taken in, of how many."""


def _untold(_name: str, _done: int, _total: int) -> None:
    """Nobody counts along."""


class Progressed(NamedTuple):
    """What one look at all logs took in."""

    commons: int
    policies: int
    events: int


class TooManyListenersError(Exception):
    """As many wait for news as may."""


class Tailer:
    """Takes new events into the index about once a second, and wakes those who wait for them.

    A commons that cannot be read is noted once and passed over; the others go on.
    """

    def __init__(self, catalogue: Catalogue, index: Index, *, seconds: float = SECONDS) -> None:
        self._catalogue = catalogue
        self._index = index
        self._seconds = seconds
        # Taken again by the same thread when what it follows with turns out damaged (`_refill`).
        self._following = threading.RLock()
        self._listeners: set[Listener] = set()
        self._listening = threading.Lock()
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._serial = -1
        self._heads: dict[str, str] = {}
        self.troubles: dict[str, str] = {}
        """Commons that could not be taken in, and why. For the operator."""
        index.refill = self._refill

    def start(self) -> None:
        """Begins to follow."""
        self._thread = threading.Thread(target=self._run, name="tailer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends, after the commons that is just being taken in; those who wait are woken."""
        self._end.set()
        self._wake()
        if self._thread is not None:
            self._thread.join()

    @property
    def is_ready(self) -> bool:
        """Whether every commons was looked at since the start."""
        return self._serial >= 0

    def is_in_step(self) -> bool:
        """Whether every log that is served stands where the index has taken it in to."""
        return all(
            self._heads.get(name) == (self._catalogue.head(name) or "") for name in self._catalogue.names
        )

    def caught_up(self, names: Iterable[str] | None = None, *, told: Told = _untold) -> Progressed:
        """Takes in whatever is behind now, in the caller's thread. Costs next to nothing when nothing is.

        Raises nothing for a commons that cannot be read: it is noted in `troubles`.
        """
        wanted = self._catalogue.names if names is None else tuple(names)
        behind = [name for name in wanted if self._heads.get(name) != (self._catalogue.head(name) or "")]
        if not behind:
            return Progressed(0, 0, 0)
        with self._following:
            taken = [found for name in behind if (found := self._follow(name, told)) is not None]
        if any(item.events for item in taken):
            self._wake()
        return Progressed(
            sum(bool(item.events) for item in taken),
            sum(item.policies for item in taken),
            sum(item.events for item in taken),
        )

    @contextmanager
    def subscribe(self) -> Iterator[Listener]:
        """Something to wait on, from within an event loop, until the index moves.

        Raises `TooManyListenersError`.
        """
        listener = Listener(asyncio.get_running_loop())
        with self._listening:
            if len(self._listeners) >= _MAX_LISTENERS:
                raise TooManyListenersError
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._listening:
                self._listeners.discard(listener)

    @property
    def ended(self) -> bool:
        """Whether the server is going down: whoever waits should stop waiting."""
        return self._end.is_set()

    def _run(self) -> None:
        while not self._end.is_set():
            with suppress(IndexingError):
                self._look()
            self._end.wait(self._seconds)

    def _look(self) -> None:
        """One round: commons that came or went, news in each log, and what other processes took in."""
        self._catalogue.rescan(self._seconds)
        names = self._catalogue.names
        with self._following:
            for name in self._index.keep_only(names):
                self._heads.pop(name, None)
        self.caught_up(names)
        if self._index.refresh() != self._serial:
            self._serial = self._index.serial
            self._wake()

    def _follow(self, name: str, told: Told) -> TakenIn | None:
        head = self._catalogue.head(name) or ""
        try:
            repository = self._catalogue.repository(name)
            taken = self._index.follow(repository, told=lambda done, total: told(name, done, total))
        except (StoreError, GovernanceError, UnknownCommonsError, IndexingError, OSError) as error:
            self.troubles[name] = str(error)
            # A damaged log is not read again every second; it is when it moves.
            if not isinstance(error, IndexingError):
                self._heads[name] = head
            return None
        self.troubles.pop(name, None)
        self._heads[name] = taken.head
        return taken

    def _refill(self) -> None:
        """Everything once more: the index was begun anew in the middle of a read."""
        self._heads.clear()
        self.caught_up()

    def _wake(self) -> None:
        with self._listening:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.wake()


class Listener:
    """Wakes one coroutine. However often it is woken while nobody waits, one wait returns at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._news = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Whether there is news; False after so many seconds without."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        self._news.clear()
        return True

    def wake(self) -> None:
        """From any thread; a loop that has ended needs no waking."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._news.set)
