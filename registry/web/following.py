"""Looks at the repositories that commons follow, one after another. A thread of its own.

Which are followed, and where, only the operator says on the console (`commons follow`): no address that a
visitor gave is ever asked for anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from governance.errors import GovernanceError
from policies.errors import PolicyError
from registry.keys.errors import KeysError
from registry.services.errors import ServiceError
from registry.services.follow_record import read_following
from registry.services.following import LookedAtError, look
from registry.store.errors import StoreError
from registry.web.catalogue import Catalogue

SECONDS = 30.0

_TROUBLE = (StoreError, KeysError, GovernanceError, ServiceError, PolicyError, OSError)


class Followers:
    """Takes in what is new wherever a look is due; trouble is noted once, and tried again later and later."""

    def __init__(self, catalogue: Catalogue, note: Callable[[str], None], seconds: float = SECONDS) -> None:
        self._catalogue = catalogue
        self._note = note
        self._seconds = seconds
        self._noted: dict[str, str] = {}
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to look."""
        self._thread = threading.Thread(target=self._run, name="followers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends, and with it a look that is under way."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> int:
        """Looks wherever it is time to, in the caller's thread; gives how many imports that made."""
        done = 0
        for name in self._catalogue.names:
            if self._end.is_set():
                break
            done += self._looked(name)
        return done

    def _looked(self, name: str) -> bool:
        path = self._catalogue.path(name)
        try:
            following = read_following(path) if path is not None else None
            if following is None:
                return False
            with self._catalogue.lent(name) as repository:
                if repository.clock.now() < following.next_at:
                    return False
                came = look(repository, ended=self._end.is_set).came
        except LookedAtError:
            return False
        except _TROUBLE as error:
            said = str(error)
            if self._noted.get(name) != said and not self._end.is_set():
                self._noted[name] = said
                self._note(f"{name}: what it follows could not be taken in: {said}")
            return False
        self._noted.pop(name, None)
        return came is not None

    def _run(self) -> None:
        while not self._end.wait(self._seconds):
            self.look()
