"""Looks at suggestions: one at a time, and no more waiting than may."""

from __future__ import annotations

import asyncio
import threading

from registry.web.looking import Looking
from registry.web.refusals import LooksBusyError


def test_one_at_a_time_and_some_wait() -> None:
    """However many type, one look is at work; who comes beyond those who may wait is told to come back."""
    at_work, most = 0, 0
    gate = threading.Event()

    def look() -> str:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        gate.wait(10)
        at_work -= 1
        return "seen"

    async def many() -> list[str | BaseException]:
        looking = Looking(waiting=2)
        asked = [asyncio.create_task(looking.do(look)) for _ in range(5)]
        await asyncio.sleep(0.05)
        gate.set()
        try:
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            looking.close()

    said = asyncio.run(many())
    assert [isinstance(one, LooksBusyError) for one in said] == [False, False, False, True, True]
    assert most == 1
    refused = said[-1]
    assert isinstance(refused, LooksBusyError)
    assert refused.retry_after > 0
