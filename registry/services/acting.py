"""One act of a person: what the clock owes comes first, then theirs, signed by them where they have a key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from governance.commons import Commons
from governance.errors import ClockBehindError
from governance.events import Draft
from registry.keys.public_key import parse_public_key
from registry.keys.sshsig import check_signature
from registry.services.ballot_facts import nonce_of, signed_statement
from registry.services.settling import settle
from registry.store.errors import BusyError
from registry.store.objects import Change
from registry.store.repository import Acted, Around, Decide, Repository

_ATTEMPTS = 5

Guard = Callable[[Commons], None]
"""Looks at the very state that is decided on, and raises where the act is not to be."""


def whatever(_state: Commons) -> None:
    """Every state will do."""


class Signer(Protocol):
    """Somebody's key, or the agent that has it."""

    @property
    def fingerprint(self) -> str:
        """`SHA256:...` of the public half."""
        ...

    def sign(self, message: bytes, namespace: str) -> str:
        """The signature in its compact form."""
        ...


def act(
    repository: Repository,
    decide: Decide,
    *,
    signer: Signer | None = None,
    before: Around | None = None,
    after: Around | None = None,
) -> Acted:
    """Records an act after everything that is overdue. Raises what `decide` and the rules raise."""

    def signed(state: Commons | None, change: Change, at: int) -> Draft:
        draft = decide(state, change, at)
        return draft if signer is None or state is None else _signed(state, draft, signer)

    for attempt in range(_ATTEMPTS):
        settle(repository)
        try:
            acted = repository.act(signed, before=before, after=after)
        except ClockBehindError:
            # A deadline passed between the two, or another process recorded what brought one about.
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            # What it was the last condition of follows at once. The act stands already: where somebody else
            # is at work for long, they or whoever comes next record what follows.
            with suppress(BusyError):
                settle(repository)
            return acted
    raise AssertionError("the last attempt returns or raises")


def _signed(state: Commons, draft: Draft, signer: Signer) -> Draft:
    nonce = nonce_of(state.people.members.get(draft.actor))
    namespace, statement = signed_statement(state, draft, nonce)
    sig = signer.sign(statement, namespace)
    member = state.people.members.get(draft.actor)
    key = member.key(signer.fingerprint) if member else None
    if key is not None:
        # What does not hold now would stand in the log for good, and break it for whoever verifies.
        check_signature(sig, statement, namespace, parse_public_key(key.public))
    return replace(draft, key=signer.fingerprint, sig=sig)
