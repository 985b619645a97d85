"""Talking a proposal over: reviews, holds and objections, asking for a vote. Comments: `commenting.py`."""

from __future__ import annotations

from governance import payloads
from governance.commons import Commons
from registry.services.acting import Signer
from registry.services.errors import InputRefusedError
from registry.services.proposals import open_proposal
from registry.services.saying import say
from registry.services.words import Words
from registry.store.repository import Acted, Repository

APPROVE, REQUEST_CHANGES = "approve", "request_changes"


def review(
    repository: Repository,
    number: int,
    verdict: str,
    *,
    actor: str,
    content: str | None = None,
    reason: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Reviews what is proposed now; with `content`, only if that is still it.

    Whoever asks for changes says which: raises `InputRefusedError`.
    """
    if verdict == REQUEST_CHANGES and not (reason and reason.strip()):
        raise InputRefusedError("the reason", "which changes is not said.", "Say what would be better.")

    def make(state: Commons, words: Words) -> payloads.Reviewed:
        return payloads.Reviewed(
            number=number,
            content=open_proposal(state, number, content).content,
            verdict=verdict,
            reason=words.optional(reason, "the reason"),
        )

    return say(repository, make, actor=actor, signer=signer)


def hold(
    repository: Repository,
    number: int,
    reason: str,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Asks for time; it ends by itself."""

    def make(state: Commons, words: Words) -> payloads.Held:
        open_proposal(state, number, content)
        return payloads.Held(number=number, reason=words.add(reason, "the reason"))

    return say(repository, make, actor=actor, signer=signer)


def object_to(
    repository: Repository,
    number: int,
    reason: str,
    remedy: str,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Objects, with what would resolve it."""

    def make(state: Commons, words: Words) -> payloads.Objected:
        open_proposal(state, number, content)
        return payloads.Objected(
            number=number, reason=words.add(reason, "the reason"), remedy=words.add(remedy, "the remedy")
        )

    return say(repository, make, actor=actor, signer=signer)


def resolve(
    repository: Repository,
    number: int,
    objection: int | None = None,
    *,
    actor: str,
    signer: Signer | None = None,
) -> Acted:
    """Takes one's own objection or hold as resolved; without a number, the last one that stands."""

    def make(state: Commons, _words: Words) -> payloads.ObjectionResolved:
        mine = [
            one.seq for one in open_proposal(state, number).objections if one.by == actor and not one.resolved
        ]
        return payloads.ObjectionResolved(
            number=number, objection=objection or (mine[-1] if mine else state.seq)
        )

    return say(repository, make, actor=actor, signer=signer)


def call_vote(
    repository: Repository,
    number: int,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Asks for a vote on what could also be agreed on without one."""

    def make(state: Commons, _words: Words) -> payloads.VoteCalled:
        return payloads.VoteCalled(number=open_proposal(state, number, content).number)

    return say(repository, make, actor=actor, signer=signer)


def adopt(
    repository: Repository,
    number: int,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Stands behind somebody else's proposal."""

    def make(state: Commons, _words: Words) -> payloads.Adopted:
        return payloads.Adopted(number=open_proposal(state, number, content).number)

    return say(repository, make, actor=actor, signer=signer)


def challenge(
    repository: Repository,
    number: int,
    reason: str,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Acted:
    """Challenges an acceptance before it comes into force."""

    def make(state: Commons, words: Words) -> payloads.Challenged:
        open_proposal(state, number, content)
        return payloads.Challenged(number=number, reason=words.add(reason, "the reason"))

    return say(repository, make, actor=actor, signer=signer)


def rule(
    repository: Repository,
    number: int,
    ruling: str,
    reason: str,
    *,
    actor: str,
    signer: Signer | None = None,
) -> Acted:
    """Rules on a challenge, as a member of the panel."""

    def make(state: Commons, words: Words) -> payloads.Ruled:
        open_proposal(state, number)
        return payloads.Ruled(number=number, ruling=ruling, reason=words.add(reason, "the reason"))

    return say(repository, make, actor=actor, signer=signer)


def call_emergency(
    repository: Repository,
    slug: str,
    version: str,
    reason: str,
    *,
    actor: str,
    signer: Signer | None = None,
) -> Acted:
    """Says that a release does harm now."""
    return say(
        repository,
        lambda _state, words: payloads.EmergencyCalled(
            slug=slug, version=version, reason=words.add(reason, "the reason")
        ),
        actor=actor,
        signer=signer,
    )
