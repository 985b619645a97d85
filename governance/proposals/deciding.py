"""The steps of the clock between review and acceptance: comment period, escalation, acceptance, lapse. Pure.

Which step is due, and when, was checked before (`replay.py` asks `steps.py`); here is what it does.
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.charter.model import ChangeClass
from governance.commons import Commons
from governance.events import Event
from governance.membership.affiliation import speaks_for
from governance.membership.roll import HOUR, roll_at, roll_digest
from governance.proposals.access import changed, ended, open_in
from governance.proposals.kinds import effective_kind
from governance.proposals.state import Frozen, Proposal, Stage


def comment_opened(state: Commons, _event: Event, said: payloads.CommentOpened) -> Commons:
    """The final comment period begins: rules, kind, roll and content are frozen."""
    proposal = open_in(state, said.number, Stage.REVIEW)
    frozen = comment_frozen(state, proposal, said.due)
    refuse_unless(
        (said.content, said.ends, said.roll, said.voters)
        == (frozen.content, frozen.ends, frozen.digest, len(frozen.roll)),
        "the opening does not state what follows from the log.",
        "State what does.",
    )
    proposal = replace(proposal, stage=Stage.COMMENT, since=said.due, frozen=frozen)
    return changed(state, proposal, said.due)


def comment_frozen(state: Commons, proposal: Proposal, due: int) -> Frozen:
    """What is frozen when the final comment period opens at this second."""
    rules = state.charter_rules
    return frozen_at(state, proposal, due, rules.rules(effective_kind(proposal, rules)).objection)


def frozen_at(state: Commons, proposal: Proposal, due: int, hours: int) -> Frozen:
    """What a decision is taken under that opens at `due`; a vote keeps what its comment period froze."""
    ends = due + hours * HOUR
    if proposal.frozen is not None:
        return replace(proposal.frozen, opened=due, ends=ends)
    rules = state.charter_rules
    roll = roll_at(state.people, rules.membership, due)
    members, tenure = state.people.members, rules.membership.tenure_before_vote_hours
    groups = tuple(
        (name, frozenset(who for who in roll if speaks_for(members[who], delegates, tenure, due)))
        for name, delegates in sorted(rules.groups.items())
    )
    return Frozen(
        rules=state.rules,
        kind=effective_kind(proposal, rules),
        content=proposal.content,
        roll=roll,
        digest=roll_digest(roll),
        groups=groups,
        since=due,
        opened=due,
        ends=ends,
    )


def escalated(state: Commons, _event: Event, said: payloads.Escalated) -> Commons:
    """An objection or the evidence asks for more than the short way can give, so it goes the long one."""
    proposal = open_in(state, said.number, Stage.COMMENT)
    proposal = replace(proposal, stage=Stage.REVIEW, since=said.due, frozen=None, raised=ChangeClass(said.to))
    return changed(state, proposal, said.due)


def accepted(state: Commons, _event: Event, said: payloads.Accepted) -> Commons:
    """It is accepted without a vote."""
    return accepted_by(state, open_in(state, said.number), said.way, said.due)


def accepted_by(state: Commons, proposal: Proposal, way: str, due: int) -> Commons:
    """The proposal as accepted at this second; it comes into force later (`enactment.py`)."""
    proposal = replace(proposal, stage=Stage.ACCEPTED, since=due, way=way, accepted_at=due)
    return changed(state, proposal, due)


def lapsed(state: Commons, _event: Event, said: payloads.Lapsed) -> Commons:
    """Nothing happened for too long."""
    return ended(state, open_in(state, said.number), Stage.LAPSED, said.due)
