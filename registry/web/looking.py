"""Looks at suggestions while they are written: one after another on a thread of its own, and bounded.

Lint and rendering are work for a processor. However many people type, one thread does it: acts and pages go
on meanwhile, and whoever comes when too many wait is told so. The next key that they press asks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from registry.web.refusals import LooksBusyError
from registry.web.turns import Turns

WAITING = 32
"""Looks that may wait: at some 40 ms each for a starter policy, the last one waits for over a second."""

Found = TypeVar("Found")


class Looking:
    """Made once; `close()` it when the server ends."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="look")
        self._turns = Turns(1, waiting, LooksBusyError)

    async def do(self, verb: Callable[[], Found]) -> Found:
        """What `verb` gives. Raises what it raises, and `LooksBusyError`."""
        async with self._turns.one():
            return await asyncio.get_running_loop().run_in_executor(self._thread, verb)

    def close(self) -> None:
        """Lets no further look begin."""
        self._thread.shutdown(wait=False, cancel_futures=True)
