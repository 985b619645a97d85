"""Looks at the repositories that commons follow, one after another. A thread of its own.

Which are followed, and where, only the operator says on the console (`commons follow`): no address that a
visitor gave is ever asked for anything.
"""

from __future__ import annotations

from collections.abc import Callable

from governance.errors import GovernanceError
from policies.errors import PolicyError
from registry.keys.errors import KeysError
from registry.services.errors import ServiceError
from registry.services.follow_record import read_following
from registry.services.following import LookedAtError, look
from registry.store.errors import StoreError
from registry.web.catalogue import Catalogue
from registry.web.rhythm import Rhythm

SECONDS = 30.0

_TROUBLE = (StoreError, KeysError, GovernanceError, ServiceError, PolicyError, OSError)


class Followers(Rhythm):
    """Takes in what is new wherever a look is due; one that failed is tried again later and later.

    With the server, a fetch that is under way ends at once.
    """

    def __init__(self, catalogue: Catalogue, note: Callable[[str], None], seconds: float = SECONDS) -> None:
        super().__init__("followers", note, seconds)
        self._catalogue = catalogue

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
            if not self._end.is_set():
                self._trouble(name, "what it follows could not be taken in", error)
            return False
        self._well(name)
        return came is not None
