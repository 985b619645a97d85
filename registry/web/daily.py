"""What an account may do so often a day: counted before it is done, and given back where it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registry.accounts.windows import Budget, Draw, draw, give_back
from registry.web.desk import Desk
from registry.web.refusals import DailyLimitError


@asynccontextmanager
async def drawn_from(desk: Desk, budget: Budget, whom: str, may: str) -> AsyncIterator[None]:
    """The block is one of what they `may`, in words such as `found 5 commons`. Raises `DailyLimitError`."""
    one = Draw(budget, whom)
    drawn = await desk.ask(lambda: draw(desk.accounts, [one]))
    if not drawn.allowed:
        raise DailyLimitError(may, drawn.seconds)
    try:
        yield
    except Exception:
        await desk.ask(lambda: give_back(desk.accounts, [one]))
        raise
