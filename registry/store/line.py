"""Whoever waits for one thing at the same time, in a line: one leads, and carries out all. Touches nothing.

While a leader is at work others come and wait. The first of them to go on leads next, for all who wait by
then, so that what costs as much for many as for one is paid once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 32
"""So many are carried out together, or whoever comes would wait for ever more."""

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Waiting(Generic[Asked, Done]):
    """What somebody asks for, and in the end what came of it."""

    __slots__ = ("_done", "_error", "_over", "asked")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._over = threading.Event()
        self._done: Done | None = None
        self._error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was carried out or refused."""
        return self._over.is_set()

    def carried_out(self, done: Done) -> None:
        """It is done."""
        self._done = done
        self._over.set()

    def refused(self, error: BaseException) -> None:
        """It is not done."""
        self._error = error
        self._over.set()

    def outcome(self) -> Done:
        """What came of it, once that is known. Raises what it was refused with."""
        self._over.wait()
        if self._error is not None:
            raise self._error
        assert self._done is not None
        return self._done


class Line(Generic[Asked, Done]):
    """`lead` carries out some, in order: each is over when it returns. For threads of one process."""

    def __init__(self, lead: Callable[[list[Waiting[Asked, Done]]], None]) -> None:
        self._lead = lead
        self._leading = threading.Lock()
        self._guard = threading.Lock()
        self._waiting: list[Waiting[Asked, Done]] = []

    @property
    def is_busy(self) -> bool:
        """Whether somebody is at work, so that one would wait."""
        return self._leading.locked()

    def carried_out(self, asked: Asked, *, seconds: float) -> Done | None:
        """What came of it; None when its turn did not come within so many seconds. Raises its refusal."""
        own: Waiting[Asked, Done] = Waiting(asked)
        with self._guard:
            self._waiting.append(own)
        if not self._leading.acquire(timeout=seconds):
            with self._guard:
                if own in self._waiting:
                    self._waiting.remove(own)
                    return None
            # Somebody is just at it.
            return own.outcome()
        try:
            while not own.is_over:
                with self._guard:
                    those, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                self._lead(those)
        finally:
            self._leading.release()
        return own.outcome()
