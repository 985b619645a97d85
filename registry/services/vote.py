"""Casts a ballot, open or sealed, and gives a receipt that the voter can look for in the log."""

from __future__ import annotations

from typing import NamedTuple

from governance.ballots.counting import CHOICES
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import BallotCast
from governance.proposals.state import Stage
from registry.keys.sealed import seal
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

    def decide(state: Commons | None, _change: Change, _at: int) -> Draft:
        assert state is not None
        proposal = open_proposal(state, number, content)
        frozen = proposal.frozen
        if proposal.stage is not Stage.VOTING or frozen is None:
            raise InputRefusedError(
                f"proposal {number}",
                f"no vote on it is open; it is in {proposal.stage}.",
                "`commons explain` says what comes next.",
            )
        payload = BallotCast(number=number, content=frozen.content, choice=choice)
        if frozen.box is not None:
            nonce = nonce_of(state.people.members.get(actor))
            context = ballot_context(state, number)
            assert context is not None
            box = seal(frozen.box, context, member=actor, choice=choice, nonce=nonce)
            payload = BallotCast(number=number, content=frozen.content, box=box)
        return Draft(type="ballot_cast", actor=actor, payload=payload)

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
