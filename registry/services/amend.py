"""Changes the charter as its owner, sets the registry's key, quotes a parent's bounds."""

from __future__ import annotations

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import CharterAmended, Move, RegistryKeySet
from registry.services.acting import Guard, Signer, act, whatever
from registry.services.revisions import charter_text
from registry.services.vouching import Vouching
from registry.store.objects import Change
from registry.store.refs import CHARTER_PATH, MAIN
from registry.store.repository import Acted, Decide, Repository
from registry.store.trees import TreeEditor


def amend_charter(
    repository: Repository,
    raw: bytes,
    *,
    actor: str,
    signer: Signer | None = None,
    guard: Guard = whatever,
) -> Acted:
    """Puts a charter in force at once, where that is the owner's to do.

    Raises `MalformedCharterError`, what `guard` raises and what the rules refuse: elsewhere it has to be
    proposed.
    """
    return act(repository, amending(repository, raw, actor=actor, guard=guard), signer=signer)


def amending(repository: Repository, raw: bytes, *, actor: str, guard: Guard = whatever) -> Decide:
    """The act itself."""

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        guard(state)
        main = state.refs[MAIN]
        text = charter_text(change, raw)
        editor = TreeEditor(repository.reader, change, repository.reader.commit(main).tree)
        editor.put_file(CHARTER_PATH, raw)
        commit = change.commit(
            tree=editor.write(), parents=[main], handle=actor, at=at, message="Amend the charter"
        )
        moves = (Move(ref=MAIN, old=main, new=commit),)
        return Draft(type="charter_amended", actor=actor, payload=CharterAmended(charter=text), moves=moves)

    return decide


def set_registry_key(repository: Repository, *, actor: str) -> Acted:
    """Makes this host's key the one with which the registry vouches from here on.

    Before anything that the clock owes: without a key nothing of it could be recorded.
    """
    public = Vouching(repository.paths).public_key(repository.state().name)
    payload = RegistryKeySet(public=public)
    return repository.act(
        lambda _state, _change, _at: Draft(type="registry_key_set", actor=actor, payload=payload)
    )


def charter_bytes(repository: Repository) -> bytes:
    """The file of the charter in force."""
    return repository.reader.blob(repository.state().charter)
