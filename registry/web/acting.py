"""Where acts of people are recorded: on threads of their own, so that pages are served meanwhile.

Whoever comes when too many wait is told to come back; nothing was done then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from registry.store.repository import Repository
from registry.web.catalogue import Catalogue
from registry.web.refusals import ActsBusyError
from registry.web.settings import ActLimits
from registry.web.turns import Turns

Done = TypeVar("Done")


class Acting:
    """Made once; `close` it in the end."""

    def __init__(self, catalogue: Catalogue, limits: ActLimits) -> None:
        self._catalogue = catalogue
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="acting")
        self._turns = Turns(limits.threads, limits.waiting, lambda: ActsBusyError(limits.retry_after))

    async def do(self, commons: str, verb: Callable[[Repository], Done]) -> Done:
        """What a service gives that acts in a commons.

        A visitor who leaves meanwhile takes nothing back. Raises `UnknownCommonsError`, `ActsBusyError` and
        what the service raises.
        """

        def act() -> Done:
            with self._catalogue.lent(commons) as repository:
                return verb(repository)

        return await self.alone(act)

    async def alone(self, act: Callable[[], Done]) -> Done:
        """The same for an act in no commons that there is. Raises `ActsBusyError` and what it raises."""
        async with self._turns.one():
            work = partial(copy_context().run, act)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Ends, once what is being recorded is."""
        self._threads.shutdown(wait=True, cancel_futures=True)
