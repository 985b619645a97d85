from __future__ import annotations

import asyncio

import pytest

from registry.web.refusals import AccountsBusyError
from registry.web.turns import Turns


async def _crowd(people: int) -> tuple[int, int, int]:
    """How many were at work at once, were done, and were told to come back."""
    turns = Turns(2, 3, AccountsBusyError)
    at_work = most = done = refused = 0

    async def one() -> None:
        nonlocal at_work, most, done, refused
        try:
            async with turns.one():
                at_work += 1
                most = max(most, at_work)
                await asyncio.sleep(0.001)
                at_work -= 1
                done += 1
        except AccountsBusyError:
            refused += 1

    await asyncio.gather(*(one() for _ in range(people)))
    return most, done, refused


def test_some_work_some_wait_and_the_rest_come_back() -> None:
    """Two at work and three who wait, of whom each gets a turn."""
    assert asyncio.run(_crowd(4)) == (2, 4, 0)
    assert asyncio.run(_crowd(9)) == (2, 5, 4)


def test_turn_that_fails_is_given_back() -> None:
    """What goes wrong at work takes nobody's place."""

    async def failing() -> None:
        turns = Turns(1, 0, AccountsBusyError)
        for _ in range(3):
            with pytest.raises(ValueError, match="wrong"):
                async with turns.one():
                    raise ValueError("wrong")

    asyncio.run(failing())
