"""Acts that only say something: an event and perhaps some words, and nothing on main."""

from __future__ import annotations

from collections.abc import Callable

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import TYPES, Payload
from registry.services.acting import Signer, act
from registry.services.words import Salt, Words, fresh_salt
from registry.store.objects import Change
from registry.store.repository import Acted, Repository

_TYPE_OF = {schema: type_ for type_, schema in TYPES.items()}

Say = Callable[[Commons, Words], Payload]
"""Given the state and where words go: what the event says."""


def say(
    repository: Repository,
    make: Say,
    *,
    actor: str,
    signer: Signer | None = None,
    salt: Salt = fresh_salt,
) -> Acted:
    """Records what `make` gives. Raises what it raises, and what the rules refuse (`RefusedError`)."""

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        words = Words(repository, salt)
        payload = make(state, words)
        moves = words.moves(change, state, actor, at)
        return Draft(type=_TYPE_OF[type(payload)], actor=actor, payload=payload, moves=moves)

    return act(repository, decide, signer=signer)
