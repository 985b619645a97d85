"""Closes a sealed vote: opens every box with the key that is published with the count."""

from __future__ import annotations

from governance.ballots.counting import ACCEPTED, CHOICES
from governance.ballots.voting import count
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import OpenedBallot, VotingClosed
from governance.proposals.state import Proposal
from governance.registrar import REGISTRAR
from registry.keys.box_key import BoxKey
from registry.keys.sealed import SealedBallot, open_boxes
from registry.services.ballot_facts import ballot_context
from registry.services.clearing import clearing
from registry.store.objects import Change


def closing_draft(state: Commons, change: Change, at: int, proposal: Proposal, key: BoxKey) -> Draft:
    """The count of a sealed vote that is over, with what was in each box and the key to look again."""
    frozen = proposal.frozen
    assert frozen is not None
    opened = opened_ballots(state, proposal, key)
    choices = {ballot.member: ballot.choice for ballot in opened}
    tally = count(proposal, choices)
    payload = VotingClosed(
        number=proposal.number,
        tally=tally,
        due=frozen.ends,
        key=key.private_text,
        opened=opened,
    )
    over = tally.outcome != ACCEPTED and proposal.revision is not None
    moves = clearing(change, at)(state, proposal) if over else ()
    return Draft(type="voting_closed", actor=REGISTRAR, payload=payload, moves=moves)


def opened_ballots(state: Commons, proposal: Proposal, key: BoxKey) -> tuple[OpenedBallot, ...]:
    """What was in each member's last box, in order of their handles."""
    members = sorted(proposal.ballots)
    sealed = [
        SealedBallot(member, ballot.nonce, ballot.box or "")
        for member in members
        for ballot in [proposal.ballots[member]]
    ]
    context = ballot_context(state, proposal.number)
    assert context is not None
    return tuple(
        OpenedBallot(member=member, choice=found.choice, spoilt=found.spoilt)
        for member, found in zip(members, open_boxes(key, context, sealed, CHOICES), strict=True)
    )
