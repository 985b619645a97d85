"""Parts read from commons and what is made of them, kept between answers. Touches nothing itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from registry.web.caching import CacheUse, StampedCache

Part = TypeVar("Part")

_READ_AT_ONCE = 16


class Shelf:
    """Parts read from commons, each read once however many ask for it at the same time."""

    def __init__(self, limit: int) -> None:
        self._parts: StampedCache[object] = StampedCache(limit)
        self._reading = tuple(threading.Lock() for _ in range(_READ_AT_ONCE))
        # What is made from parts reads them meanwhile: locks of its own, so that it cannot wait for itself.
        self._making = tuple(threading.Lock() for _ in range(_READ_AT_ONCE))
        self._within = threading.local()

    @property
    def use(self) -> CacheUse:
        """How it is used."""
        return self._parts.use

    def part(
        self, key: tuple[str, ...], rests_on: Mapping[str, str], read: Callable[[], tuple[Part, int]]
    ) -> Part:
        """The part of this key; `read` gives it with its weight in bytes, and asks for no other part."""
        return self._once(key, rests_on, read, self._reading)

    def made(
        self, key: tuple[str, ...], rests_on: Mapping[str, str], make: Callable[[], tuple[Part, int]]
    ) -> Part:
        """What `make` gives from parts, with its weight in bytes; it asks for nothing else that is made."""
        return self._once(key, rests_on, make, self._making)

    def _once(
        self,
        key: tuple[str, ...],
        rests_on: Mapping[str, str],
        read: Callable[[], tuple[Part, int]],
        locks: Sequence[threading.Lock],
    ) -> Part:
        kind = "reading" if locks is self._reading else "making"
        if getattr(self._within, kind, False):
            # Some keys share a lock: whoever asks for one of them within another could wait for ever.
            raise AssertionError(f"{key[1:2]} is asked for while something else of its kind is {kind}")
        kept = self._parts.get(key, rests_on.__getitem__)
        if kept is None:
            # A large policy takes seconds to read: who asks meanwhile waits for the one who reads.
            with locks[hash(key) % _READ_AT_ONCE]:
                kept = self._parts.get(key, rests_on.__getitem__)
                if kept is None:
                    setattr(self._within, kind, True)
                    try:
                        kept, weight = read()
                    finally:
                        setattr(self._within, kind, False)
                    self._parts.put(key, kept, weight=weight, rests_on=rests_on)
        return cast("Part", kept)
