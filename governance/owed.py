"""The event that the clock owes first, ready to be recorded: it follows from the log alone. Pure.

The store only adds what it alone can make: the objects that keep the revisions of a proposal that ends.
"""

from __future__ import annotations

from collections.abc import Callable

from governance import agenda, payloads
from governance.ballots.counting import ACCEPTED, METHOD
from governance.ballots.voting import count, vote_frozen
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Move, Payload
from governance.proposals.deciding import comment_frozen
from governance.proposals.state import Proposal
from governance.proposals.steps import Step, is_sealed, rules_for
from governance.registrar import REGISTRAR
from governance.stepping import owed_step

Clearing = Callable[[Commons, Proposal], tuple[Move, ...]]
"""The moves that take the head of a proposal away and keep its revisions."""
Box = Callable[[Commons, Proposal], str]
"""The public key of the box that the ballots of a vote are sealed to."""


def owed_draft(state: Commons, at: int, *, clearing: Clearing, box: Box) -> Draft | None:
    """The first event that is overdue at this second; None when the clock owes nothing."""
    owed = agenda.owed(state, at)
    if owed is None:
        return None
    if owed.kind == agenda.ADMISSION:
        by = state.charter_rules.membership.join
        return _draft("admitted", payloads.Admitted(member=owed.what, by=by, due=owed.at))
    if owed.kind == agenda.EMERGENCY:
        slug, _, version = owed.what.partition("@")
        ended = payloads.EmergencyEnded(slug=slug, version=version, due=owed.at)
        return _draft("emergency_ended", ended)
    step = owed_step(state, owed)
    proposal = state.proposals[int(owed.what)]
    payload = _MAKE[step.type](state, proposal, step, box)
    moves = clearing(state, proposal) if proposal.revision and _ends(step, payload) else ()
    return _draft(step.type, payload, moves)


def _draft(type_: str, payload: Payload, moves: tuple[Move, ...] = ()) -> Draft:
    return Draft(type=type_, actor=REGISTRAR, payload=payload, moves=moves)


def _ends(step: Step, payload: Payload) -> bool:
    if isinstance(payload, payloads.VotingClosed):
        return payload.tally.outcome != ACCEPTED
    return step.type == "lapsed" or (step.type, step.word) == ("stay_ended", "void")


def _comment_opened(state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    frozen = comment_frozen(state, proposal, step.due)
    return payloads.CommentOpened(
        number=proposal.number,
        content=frozen.content,
        due=step.due,
        ends=frozen.ends,
        roll=frozen.digest,
        voters=len(frozen.roll),
    )


def _voting_opened(state: Commons, proposal: Proposal, step: Step, box: Box) -> Payload:
    rules = rules_for(state, proposal)
    sealed_to = box(state, proposal) if is_sealed(rules, proposal) else None
    frozen = vote_frozen(state, proposal, step.due, sealed_to)
    return payloads.VotingOpened(
        number=proposal.number,
        content=frozen.content,
        base=proposal.revision.base if proposal.revision else None,
        charter=frozen.rules.blob,
        roll=frozen.digest,
        voters=len(frozen.roll),
        method=METHOD,
        suites=rules.evidence.suites,
        due=step.due,
        closes=frozen.ends,
        box=sealed_to,
    )


def _voting_closed(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    choices = {member: ballot.choice for member, ballot in proposal.ballots.items()}
    return payloads.VotingClosed(number=proposal.number, tally=count(proposal, choices), due=step.due)


def _voting_voided(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.VotingVoided(number=proposal.number, due=step.due)


def _accepted(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.Accepted(number=proposal.number, way=step.word, due=step.due)


def _escalated(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.Escalated(number=proposal.number, to=step.word, due=step.due)


def _returned(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.Returned(number=proposal.number, why=step.word, due=step.due)


def _lapsed(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.Lapsed(number=proposal.number, due=step.due)


def _panel_drawn(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.PanelDrawn(number=proposal.number, panel=proposal.lot, due=step.due)


def _stay_ended(_state: Commons, proposal: Proposal, step: Step, _box: Box) -> Payload:
    return payloads.StayEnded(number=proposal.number, ruling=step.word, due=step.due)


_MAKE = {
    "comment_opened": _comment_opened,
    "escalated": _escalated,
    "accepted": _accepted,
    "returned": _returned,
    "lapsed": _lapsed,
    "voting_opened": _voting_opened,
    "voting_closed": _voting_closed,
    "voting_voided": _voting_voided,
    "panel_drawn": _panel_drawn,
    "stay_ended": _stay_ended,
}
