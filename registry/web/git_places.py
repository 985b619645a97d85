"""Places for clones, or for pushes: so many in all, only some for one visitor. For one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registry.web.git_refusals import GitBusyError, GitManyError
from registry.web.settings import GitLimits


class Places:
    """Who waits longer than `queue_seconds` for a place is told to come back."""

    def __init__(self, limits: GitLimits, what: str = "clones", *, who: str = "address") -> None:
        self._limits = limits
        self._what = what
        self._who = who
        self._all = asyncio.Semaphore(limits.concurrent)
        self._own: dict[str, _Own] = {}
        self.running = 0
        self.refused = {"busy": 0, "visitor": 0}

    @asynccontextmanager
    async def one(self, visitor: str) -> AsyncIterator[None]:
        """A place while the context lasts. Raises `GitManyError`, `GitBusyError`."""
        own = self._own.setdefault(visitor, _Own(self._limits.per_visitor))
        own.users += 1
        try:
            # One's own place first: who waits for it takes nobody else's.
            if not await _taken(own.places, self._limits.queue_seconds):
                self.refused["visitor"] += 1
                raise GitManyError(
                    self._limits.per_visitor, self._what, self._limits.retry_after, who=self._who
                )
            try:
                if not await _taken(self._all, self._limits.queue_seconds):
                    self.refused["busy"] += 1
                    raise GitBusyError(f"All places for {self._what} are taken.", self._limits.retry_after)
                self.running += 1
                try:
                    yield
                finally:
                    self.running -= 1
                    self._all.release()
            finally:
                own.places.release()
        finally:
            own.users -= 1
            if not own.users:
                del self._own[visitor]


class _Own:
    """One visitor's places, kept while they use or wait for one."""

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.users = 0


async def _taken(places: asyncio.Semaphore, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await places.acquire()
    except TimeoutError:
        return False
    return True
