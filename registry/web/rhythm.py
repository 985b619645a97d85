"""Something that a server looks at again and again, on a thread of its own, until the server ends."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable


class Rhythm(ABC):
    """`look` is called every so many seconds. Trouble with one commons is noted once, and tried again."""

    def __init__(self, name: str, note: Callable[[str], None], seconds: float) -> None:
        self._name = name
        self._note = note
        self._seconds = seconds
        self._noted: dict[str, str] = {}
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def look(self) -> int:
        """Does whatever is due, in the caller's thread; gives how much that was."""

    def start(self) -> None:
        """Begins to look."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends, after what is just being looked at."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def _trouble(self, commons: str, what: str, error: Exception) -> None:
        said = str(error)
        if self._noted.get(commons) != said:
            self._noted[commons] = said
            self._note(f"{commons}: {what}: {said}")

    def _well(self, commons: str) -> None:
        self._noted.pop(commons, None)

    def _run(self) -> None:
        while not self._end.wait(self._seconds):
            self.look()
