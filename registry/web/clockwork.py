"""The registry's clock on a site: records what time brought about in the commons that are served.

A deadline does not act by itself: whoever acts next records what it called for. Where nobody comes by, this
does, a few times a minute, so that votes close and what was accepted comes into force. A thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from governance.errors import GovernanceError
from policies.errors import PolicyError
from registry.keys.errors import KeysError
from registry.services.errors import ServiceError
from registry.services.settling import is_due, settle
from registry.store.errors import StoreError
from registry.web.catalogue import Catalogue
from registry.web.refusals import UnknownCommonsError
from registry.web.rhythm import Rhythm

SECONDS = 20.0

_TROUBLE = (StoreError, KeysError, GovernanceError, ServiceError, PolicyError, OSError)


class Clockwork(Rhythm):
    """Looks at every commons that waits for something."""

    def __init__(
        self, catalogue: Catalogue, note: Callable[[str], None], *, seconds: float = SECONDS
    ) -> None:
        super().__init__("clockwork", note, seconds)
        self._catalogue = catalogue
        self._quiet: dict[str, str | None] = {}

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
            self._trouble(name, "what is due could not be recorded", error)
            return 0
        self._well(name)
        return done
