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
from governance.membership.roll import HOUR, roll_at, roll_digest
from governance.proposals.access import changed, ended, open_in, sent_back
from governance.proposals.evidence import effective_kind
from governance.proposals.state import Frozen, Proposal, Stage


def comment_opened(state: Commons, _event: Event, said: payloads.CommentOpened) -> Commons:
    """The final comment period begins: rules, roll and content are frozen."""
    proposal = open_in(state, said.number, Stage.REVIEW)
    rules = state.charter_rules
    hours = rules.rules(effective_kind(proposal, rules)).objection
    frozen = frozen_at(state, proposal, said.due, said.due + hours * HOUR)
    refuse_unless(
        (said.content, said.ends, said.roll, said.voters)
        == (frozen.content, frozen.ends, frozen.digest, len(frozen.roll)),
        "the opening does not state what follows from the log.",
        "State what does.",
    )
    proposal = replace(proposal, stage=Stage.COMMENT, since=said.due, frozen=frozen)
    return changed(state, proposal, said.due)


def frozen_at(
    state: Commons,
    proposal: Proposal,
    due: int,
    ends: int,
    *,
    method: str | None = None,
    box: str | None = None,
) -> Frozen:
    """What a decision is taken under that opens at `due`; a comment period's rules and roll stay for its vote."""
    kept = proposal.frozen
    rules = kept.rules if kept else state.rules
    charter = rules.charter
    roll = kept.roll if kept else roll_at(state.people, charter.membership, due)
    members = state.people.members
    groups = tuple(
        (name, frozenset(handle for handle in roll if members[handle].affiliation in delegates))
        for name, delegates in sorted(charter.groups.items())
    )
    return Frozen(
        rules=rules,
        content=proposal.content,
        roll=roll,
        digest=kept.digest if kept else roll_digest(roll),
        groups=kept.groups if kept else groups,
        opened=due,
        ends=ends,
        method=method,
        box=box,
    )


def escalated(state: Commons, _event: Event, said: payloads.Escalated) -> Commons:
    """An objection stood at the end of the short way, so it goes the long one."""
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


def returned(state: Commons, _event: Event, said: payloads.Returned) -> Commons:
    """Something is in the way, so it goes back to review."""
    proposal = open_in(state, said.number, Stage.COMMENT, Stage.ACCEPTED)
    return changed(state, sent_back(proposal, said.why, said.due), said.due)


def lapsed(state: Commons, _event: Event, said: payloads.Lapsed) -> Commons:
    """Nothing happened for too long."""
    return ended(state, open_in(state, said.number), Stage.LAPSED, said.due)
