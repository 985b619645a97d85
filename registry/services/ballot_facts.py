"""What a ballot is about and which number it has, for statements and sealed boxes. Touches nothing."""

from __future__ import annotations

from governance.commons import Commons
from governance.events import Draft, Event
from governance.membership.state import Member
from governance.payloads import BallotCast
from registry.keys.statements import ACT, BALLOT, BallotContext, act_statement, ballot_statement


def ballot_context(state: Commons, number: int) -> BallotContext | None:
    """What a ballot on a proposal is about; None where no vote on it was opened, or it is over.

    A ballot that comes so late is noted as any other act is, and counted nowhere.
    """
    proposal = state.proposals.get(number)
    frozen = proposal.frozen if proposal else None
    if frozen is None:
        return None
    return BallotContext(
        commons=state.name,
        proposal=number,
        content=frozen.content,
        charter=frozen.rules.blob,
        roll=frozen.digest,
    )


def signed_statement(state: Commons, act: Draft | Event, nonce: int) -> tuple[str, bytes]:
    """What a member signs for an act under this state: the namespace, and the statement in it."""
    said = act.payload
    context = ballot_context(state, said.number) if isinstance(said, BallotCast) else None
    if context is None or not isinstance(said, BallotCast):
        return ACT, act_statement(act, commons=state.name, charter=state.charter, nonce=nonce)
    return BALLOT, ballot_statement(context, member=act.actor, nonce=nonce, choice=said.choice, box=said.box)


def nonce_of(member: Member | None) -> int:
    """The number of a member's next signed act: what keeps an older one from being played again."""
    return (member.signed if member else 0) + 1
