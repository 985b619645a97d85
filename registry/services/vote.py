"""Casts a ballot, open or sealed, and gives a receipt that the voter can look for in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from governance.ballots.counting import CHOICES
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import BallotCast
from governance.proposals.state import Frozen, Proposal, Stage
from registry.keys.errors import SignatureRefusedError
from registry.keys.sealed import seal
from registry.keys.statements import BallotContext
from registry.services.acting import Signer, act
from registry.services.ballot_facts import ballot_context, nonce_of
from registry.services.errors import InputRefusedError
from registry.services.proposals import open_proposal
from registry.store.objects import Change
from registry.store.repository import Repository


class Receipt(NamedTuple):
    """Where the ballot stands: its event's number, the SHA-256 of its bytes, and the log commit with it.

    `sealed` says whether the choice can be read only after the close; `signed` whether the voter signed.
    """

    number: int
    seq: int
    digest: str
    commit: str
    sealed: bool
    signed: bool


class SignedBallot(NamedTuple):
    """A ballot from its voter's own machine: a choice, or a box that holds one, and the signature over it."""

    choice: str | None
    box: str | None
    fingerprint: str
    signature: str


class BallotPaper(NamedTuple):
    """What a ballot is made of: the frozen facts of the vote, the box's public key where ballots are sealed,
    and the number of the member's next signed act."""

    context: BallotContext
    box: str | None
    member: str
    nonce: int


class _Made(NamedTuple):
    """Somebody who signed already."""

    fingerprint: str
    signature: str

    def sign(self, _message: bytes, _namespace: str) -> str:
        """What they signed; whether it fits is looked at by whoever asks."""
        return self.signature


def vote(
    repository: Repository,
    number: int,
    choice: str,
    *,
    actor: str,
    content: str | None = None,
    signer: Signer | None = None,
) -> Receipt:
    """Casts a ballot; an earlier one of the same member counts no more. Raises what the rules refuse."""
    if choice not in CHOICES:
        raise InputRefusedError(f"choice {choice!r}", f"it is one of {', '.join(CHOICES)}.", "Name one.")

    def made(state: Commons, frozen: Frozen) -> BallotCast:
        if frozen.box is None:
            return BallotCast(number=number, content=frozen.content, choice=choice)
        nonce = nonce_of(state.people.members.get(actor))
        context = ballot_context(state, number)
        assert context is not None
        box = seal(frozen.box, context, member=actor, choice=choice, nonce=nonce)
        return BallotCast(number=number, content=frozen.content, box=box)

    return _cast(repository, number, made, actor, content, signer)


def cast_signed(
    repository: Repository,
    number: int,
    signed: SignedBallot,
    *,
    actor: str,
    content: str | None = None,
) -> Receipt:
    """Casts a ballot that its voter made elsewhere. Raises what the rules refuse, and `InputRefusedError`
    for a signature that does not fit the vote as it stands now."""

    if (signed.choice is None) == (signed.box is None):
        raise InputRefusedError(
            "the ballot",
            "it states a choice or a box, and one of them only.",
            "Send the one that you signed.",
        )

    def made(_state: Commons, frozen: Frozen) -> BallotCast:
        return BallotCast(number=number, content=frozen.content, choice=signed.choice, box=signed.box)

    try:
        return _cast(repository, number, made, actor, content, _Made(signed.fingerprint, signed.signature))
    except SignatureRefusedError as error:
        raise InputRefusedError(
            "the ballot", f"its {error}", "Ask for a ballot paper, and sign exactly that."
        ) from error


def ballot_paper(state: Commons, number: int, member: str) -> BallotPaper:
    """What a member's next ballot is of. Raises `UnknownProposalError`, and `InputRefusedError` while no vote
    is open."""
    frozen = _open_vote(open_proposal(state, number))
    context = ballot_context(state, number)
    assert context is not None
    return BallotPaper(context, frozen.box, member, nonce_of(state.people.members.get(member)))


def _open_vote(proposal: Proposal) -> Frozen:
    if proposal.stage is not Stage.VOTING or proposal.frozen is None:
        raise InputRefusedError(
            f"proposal {proposal.number}",
            f"no vote on it is open; it is in {proposal.stage}.",
            "`commons explain` says what comes next.",
        )
    return proposal.frozen


def _cast(
    repository: Repository,
    number: int,
    made: Callable[[Commons, Frozen], BallotCast],
    actor: str,
    content: str | None,
    signer: Signer | None,
) -> Receipt:

    def decide(state: Commons | None, _change: Change, _at: int) -> Draft:
        assert state is not None
        frozen = _open_vote(open_proposal(state, number, content))
        return Draft(type="ballot_cast", actor=actor, payload=made(state, frozen))

    acted = act(repository, decide, signer=signer)
    entry = acted.entry
    said = entry.event.payload
    assert isinstance(said, BallotCast)
    return Receipt(
        number=number,
        seq=entry.event.seq,
        digest=entry.digest,
        commit=entry.commit,
        sealed=said.box is not None,
        signed=signer is not None,
    )
