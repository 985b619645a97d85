"""What a ballot is about and which number it has, for statements and sealed boxes. Touches nothing."""

from __future__ import annotations

from governance.commons import Commons
from governance.membership.state import Member
from registry.keys.statements import BallotContext


def ballot_context(state: Commons, number: int) -> BallotContext:
    """What a ballot in the vote on a proposal is about; of a vote that is over, what it was about."""
    proposal = state.proposals[number]
    frozen = proposal.frozen
    assert frozen is not None
    return BallotContext(
        commons=state.name,
        proposal=number,
        content=frozen.content,
        charter=frozen.rules.blob,
        roll=frozen.digest,
    )


def nonce_of(member: Member | None) -> int:
    """The number of a member's next signed act: what keeps an older one from being played again."""
    return (member.signed if member else 0) + 1
