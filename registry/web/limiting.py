"""How much a visitor may ask in a minute, and the header fields that say so. Takes a clock, touches nothing.

The fields are RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-11 (structured
fields, RFC 9651). The library `limits` counts too, but keeps every address until its window ends, however
many come (200,000 of them in a test), and took 15 µs and a timer thread for what takes 1 µs here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from registry.web.budgets import Budget
from registry.web.settings import RateLimits

Header = tuple[bytes, bytes]


class Taken(NamedTuple):
    """Whether a request is within its budget of `quota` in `window` seconds, full again after `seconds`."""

    allowed: bool
    headers: tuple[Header, Header]
    quota: int
    window: int
    seconds: int


def quoted(budget: str) -> bytes:
    """A budget's name as a structured field has it."""
    return f'"{budget}"'.encode()


def policy(name: bytes, quota: int, seconds: int) -> Header:
    """What a budget holds."""
    return (b"ratelimit-policy", b"%b;q=%d;w=%d" % (name, quota, seconds))


def stands(name: bytes, left: int, seconds: int) -> Header:
    """What is left of it."""
    return (b"ratelimit", b"%b;r=%d;t=%d" % (name, left, seconds))


class _Window:
    """A visitor's minute: it begins with their first request, so that not everybody's begins at once."""

    __slots__ = ("ends", "used")

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.used = 0


class _Counts:
    """The windows of one budget, the oldest first; at most so many, whoever comes."""

    def __init__(self, budget: Budget, quota: int, limits: RateLimits) -> None:
        self._quota = quota
        self._limits = limits
        self._windows: dict[str, _Window] = {}
        self._name = quoted(budget)
        self._policy = policy(self._name, quota, limits.seconds)

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, visitor: str, now: float) -> Taken:
        window = self._windows.get(visitor)
        if window is None or window.ends <= now:
            window = self._begin(visitor, now)
        allowed = window.used < self._quota
        window.used += allowed
        seconds = math.ceil(window.ends - now)
        fields = self._policy, stands(self._name, self._quota - window.used, seconds)
        return Taken(allowed, fields, self._quota, self._limits.seconds, seconds)

    def _begin(self, visitor: str, now: float) -> _Window:
        # Taken out first: windows stand in the order in which they end.
        self._windows.pop(visitor, None)
        while self._windows:
            oldest = next(iter(self._windows))
            if self._windows[oldest].ends > now and len(self._windows) < self._limits.visitors:
                break
            # A flood of addresses pushes out the oldest counts; it cannot grow our memory.
            del self._windows[oldest]
        window = self._windows[visitor] = _Window(now + self._limits.seconds)
        return window


class Limiter:
    """Counts requests by visitor and budget. For one thread: the event loop's."""

    def __init__(self, limits: RateLimits, clock: Callable[[], float]) -> None:
        self._clock = clock
        quotas = {Budget.READING: limits.reading, Budget.COSTLY: limits.costly, Budget.GIT: limits.git}
        self.refused = dict.fromkeys(Budget, 0)
        self._counts = {budget: _Counts(budget, quota, limits) for budget, quota in quotas.items()}

    def take(self, budget: Budget, visitor: str) -> Taken:
        """Counts one request; a refused one costs nothing more, so waiting always helps."""
        taken = self._counts[budget].take(visitor, self._clock())
        self.refused[budget] += not taken.allowed
        return taken

    @property
    def visitors(self) -> int:
        """How many windows are kept."""
        return sum(map(len, self._counts.values()))
