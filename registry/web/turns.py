"""Turns at work that only some can do at once; whoever comes when too many wait is told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from registry.web.refusals import WebError


class Turns:
    """Room for some at work and some who wait; `full` makes the refusal of whoever comes beyond."""

    def __init__(self, at_work: int, waiting: int, full: Callable[[], WebError]) -> None:
        self._most = at_work + waiting
        self._full = full
        self._inside = 0
        self._turn = asyncio.Semaphore(at_work)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place, once it is one's turn. Raises what `full` makes."""
        if self._inside >= self._most:
            raise self._full()
        self._inside += 1
        try:
            async with self._turn:
                yield
        finally:
            self._inside -= 1
