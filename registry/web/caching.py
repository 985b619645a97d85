"""A bounded memory of values that hold only while the commons they came from stand where they stood.

Every entry names what it rests on (a commons, and a stamp such as its log's head). An entry whose stamp
has moved is never given out, and the first use that notices drops every entry of the commons as it stood
before: what a redaction erased does not live on here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

Stamp = Callable[[str], str]
"""Where a commons stands now."""


class _Entry(NamedTuple, Generic[Value]):
    value: Value
    weight: int
    rests_on: Mapping[str, str]


class CacheUse(NamedTuple):
    """Since the start: questions answered and not; now: entries and their weight in bytes."""

    hits: int
    misses: int
    entries: int
    weight: int


class StampedCache(Generic[Value]):
    """Least recently used entries go first once their weights (bytes) add up to more than `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._weight = 0
        self._entries: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()
        self._stands: dict[str, str] = {}
        self._guard = threading.Lock()
        self._hits = 0
        self._misses = 0

    @property
    def weight(self) -> int:
        """What the entries weigh together."""
        return self._weight

    @property
    def use(self) -> CacheUse:
        """How it is used, for who watches over the server."""
        return CacheUse(self._hits, self._misses, len(self._entries), self._weight)

    def get(self, key: Hashable, stamp: Stamp) -> Value | None:
        """The value, unless a commons that it rests on has moved on."""
        with self._guard:
            entry = self._entries.get(key)
            if entry is None:
                self._misses += 1
                return None
            self._entries.move_to_end(key)
        # The stamps are read outside the guard: each may cost a look at the disk.
        for name, stood in entry.rests_on.items():
            if stamp(name) != stood:
                break
        else:
            self._hits += 1
            return entry.value
        stands = {name: stamp(name) for name in entry.rests_on}
        with self._guard:
            self._notice(stands)
            self._misses += 1
        return None

    def put(self, key: Hashable, value: Value, *, weight: int, rests_on: Mapping[str, str]) -> None:
        """Keeps a value; one that is heavier than the limit is not kept."""
        with self._guard:
            self._notice(rests_on)
            self._remove(key)
            if weight > self._limit:
                return
            self._entries[key] = _Entry(value, weight, dict(rests_on))
            self._weight += weight
            while self._weight > self._limit:
                self._remove(next(iter(self._entries)))

    def _notice(self, stands: Mapping[str, str]) -> None:
        """Drops what rests on a commons that stood elsewhere before."""
        moved = {name: at for name, at in stands.items() if self._stands.get(name) != at}
        if moved:
            self._stands.update(moved)
            for key in [key for key, entry in self._entries.items() if _is_stale(entry, moved)]:
                self._remove(key)

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._weight -= entry.weight


def _is_stale(entry: _Entry[Value], moved: Mapping[str, str]) -> bool:
    return any(moved.get(name, stood) != stood for name, stood in entry.rests_on.items())
