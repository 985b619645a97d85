"""The registry's clock on a site: records what time brought about in the commons that are served.

A deadline does not act by itself: whoever acts next records what it called for. Where nobody comes by, this
does, a few times a minute, so that votes close and what was accepted comes into force. A thread of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from governance.errors import GovernanceError
from policies.errors import PolicyError
from registry.keys.errors import KeysError
from registry.services.errors import ServiceError
from registry.services.settling import is_due, settle
from registry.store.errors import StoreError
from registry.web.catalogue import Catalogue
from registry.web.refusals import UnknownCommonsError

SECONDS = 20.0

_TROUBLE = (StoreError, KeysError, GovernanceError, ServiceError, PolicyError, OSError)


class Clockwork:
    """Looks at every commons that waits for something. One in trouble is noted once, and tried again."""

    def __init__(
        self, catalogue: Catalogue, note: Callable[[str], None], *, seconds: float = SECONDS
    ) -> None:
        self._catalogue = catalogue
        self._note = note
        self._seconds = seconds
        self._quiet: dict[str, str | None] = {}
        self._noted: dict[str, str] = {}
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to look."""
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends, after the commons that is just being looked at."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> int:
        """Records whatever is due now, in the caller's thread; gives how many events that were."""
        done = 0
        for name in self._catalogue.names:
            if self._end.is_set():
                break
            head = self._catalogue.head(name)
            if self._quiet.get(name, "") != head:
                done += self._settled(name, head)
        return done

    def _settled(self, name: str, head: str | None) -> int:
        try:
            repository = self._catalogue.repository(name)
            state = repository.state()
            if not (state.proposals or state.agenda or state.people.applicants):
                # Nothing here waits for time to pass: not looked at again before something happens.
                self._quiet[name] = head
                return 0
            done = settle(repository) if is_due(state, repository.clock.now()) else 0
        except UnknownCommonsError:
            return 0
        except _TROUBLE as error:
            said = str(error)
            if self._noted.get(name) != said:
                self._noted[name] = said
                self._note(f"{name}: what is due could not be recorded: {said}")
            return 0
        self._noted.pop(name, None)
        return done

    def _run(self) -> None:
        while not self._end.wait(self._seconds):
            self.look()
