"""Joining a commons and leaving it, vouching, affiliations, keys and witnessing."""

from __future__ import annotations

from governance import payloads
from governance.membership.roll import belongs
from registry.keys.public_key import PublicKey
from registry.services.acting import Signer
from registry.services.found import check_handle
from registry.services.saying import say
from registry.store.repository import Acted, Repository


def invite(repository: Repository, member: str, *, actor: str, signer: Signer | None = None) -> Acted:
    """Asks somebody in."""
    check_handle(member)
    return say(repository, lambda _state, _words: payloads.Invited(member=member), actor=actor, signer=signer)


def join(
    repository: Repository, *, actor: str, affiliation: str = "independent", signer: Signer | None = None
) -> Acted:
    """Asks to be let in; `is_member` says whether that was enough."""
    check_handle(actor)
    return say(
        repository,
        lambda _state, _words: payloads.Applied(affiliation=affiliation),
        actor=actor,
        signer=signer,
    )


def vouch(repository: Repository, member: str, *, actor: str, signer: Signer | None = None) -> Acted:
    """Vouches for an applicant; `is_member` says whether that was enough."""
    return say(repository, lambda _state, _words: payloads.Vouched(member=member), actor=actor, signer=signer)


def leave(repository: Repository, *, actor: str, signer: Signer | None = None) -> Acted:
    """Leaves, or takes an application back."""
    return say(repository, lambda _state, _words: payloads.Left(), actor=actor, signer=signer)


def declare_affiliation(
    repository: Repository, affiliation: str, *, actor: str, signer: Signer | None = None
) -> Acted:
    """Says which organisation one acts for."""
    return say(
        repository,
        lambda _state, _words: payloads.AffiliationDeclared(affiliation=affiliation),
        actor=actor,
        signer=signer,
    )


def add_key(repository: Repository, key: PublicKey, *, actor: str, signer: Signer | None = None) -> Acted:
    """Registers a key to sign with."""
    return say(
        repository, lambda _state, _words: payloads.KeyAdded(public=key.text), actor=actor, signer=signer
    )


def revoke_key(
    repository: Repository, fingerprint: str, *, actor: str, signer: Signer | None = None
) -> Acted:
    """Takes a key out of use."""
    return say(
        repository,
        lambda _state, _words: payloads.KeyRevoked(fingerprint=fingerprint),
        actor=actor,
        signer=signer,
    )


def witness(repository: Repository, *, actor: str, signer: Signer) -> Acted:
    """Vouches, over a key of one's own, for the log as it stands."""
    return say(repository, lambda _state, _words: payloads.Witnessed(), actor=actor, signer=signer)


def is_member(repository: Repository, handle: str) -> bool:
    """Whether somebody belongs, after all that is due."""
    return belongs(repository.state().people.members.get(handle))
