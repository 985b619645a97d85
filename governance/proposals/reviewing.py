"""Talking about a proposal: reviews, comments and answers, objections and holds, asking for a vote. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.charter.model import Mode
from governance.commons import Commons
from governance.events import Event
from governance.membership.affiliation import acts_for, counts_for
from governance.membership.joining import acting_member
from governance.membership.roll import HOUR, belongs, can_act
from governance.membership.state import Member
from governance.proposals.access import acted_on, changed, open_in
from governance.proposals.kinds import effective_kind
from governance.proposals.places import refuse_other_place
from governance.proposals.reviews import has_conflict
from governance.proposals.state import Objection, Review, Stage
from governance.proposals.steps import rules_for

MAX_UNANSWERED = 200
"""Comments that may wait for an answer on one proposal."""


def reviewed(state: Commons, event: Event, said: payloads.Reviewed) -> Commons:
    """Somebody on the roll, without a stake in it, reviews exactly this content."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    member = _voter(state, event, "review")
    owners = state.stewards if state.mode is Mode.OWNER else ()
    organisations = acts_for(member, event.at)
    refuse_unless(
        event.actor in owners or not has_conflict(proposal, event.actor, organisations),
        f"{event.actor} made a part of proposal {said.number}, or acts for an author's organisation.",
        "Somebody without a stake in it reviews; you may vote.",
    )
    refuse_unless(
        said.content == proposal.content,
        f"the review is of another content than proposal {said.number} has now.",
        "Read the revision at hand.",
    )
    review = Review(
        by=event.actor,
        affiliation=counts_for(member, event.at),
        acts_for=organisations,
        verdict=said.verdict,
        content=said.content,
        at=event.at,
    )
    first = all(known.by != event.actor for known in proposal.reviews)
    others = tuple(
        known for known in proposal.reviews if (known.by, known.content) != (event.actor, said.content)
    )
    if first:
        # What is owed for one's own proposals is a review of each of others, not many of one.
        members = state.people.members
        member = replace(members[event.actor], reviewed=member.reviewed + 1)
        state = replace(state, people=replace(state.people, members=members.set(event.actor, member)))
    return acted_on(state, replace(proposal, reviews=(*others, review)), event.at)


def commented(state: Commons, event: Event, said: payloads.Commented) -> Commons:
    """Words from anybody. Those from outside wait for an answer, and keep nothing from timing out."""
    proposal = open_in(state, said.number)
    refuse_other_place(proposal, said)
    if said.suggestion is not None:
        proposal = replace(proposal, suggested=(*proposal.suggested, event.seq))
    if belongs(state.people.members.get(event.actor)):
        return acted_on(state, proposal, event.at)
    waiting = proposal.unanswered
    refuse_unless(
        len(waiting) < MAX_UNANSWERED,
        f"{MAX_UNANSWERED} comments wait for an answer on proposal {said.number}.",
        "Wait until members have answered.",
    )
    return changed(state, replace(proposal, unanswered=(*waiting, event.seq)), event.at)


def answered(state: Commons, event: Event, said: payloads.Answered) -> Commons:
    """A member answers comments, one or many at once."""
    proposal = open_in(state, said.number)
    acting_member(state, event)
    named = set(said.comments)
    refuse_unless(
        bool(named) and named <= set(proposal.unanswered),
        "not all of these are comments that wait for an answer.",
        "Name those by the numbers of their events.",
    )
    waiting = tuple(seq for seq in proposal.unanswered if seq not in named)
    return acted_on(state, replace(proposal, unanswered=waiting), event.at)


def held(state: Commons, event: Event, said: payloads.Held) -> Commons:
    """A member asks for time, once; it ends by itself."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    hours = rules_for(state, proposal).objections.hold_expiry
    return _objecting(state, event, said.number, expires=event.at + hours * HOUR)


def objected(state: Commons, event: Event, said: payloads.Objected) -> Commons:
    """A member objects, with a reason and what would resolve it."""
    return _objecting(state, event, said.number, expires=None)


def objection_resolved(state: Commons, event: Event, said: payloads.ObjectionResolved) -> Commons:
    """Whoever objected sees it as resolved, a member still or not. Nobody else can say so but a vote."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    refuse_unless(
        any(
            one.seq == said.objection and one.by == event.actor and not one.resolved
            for one in proposal.objections
        ),
        f"event {said.objection} is no open objection of {event.actor}.",
        "Name one of your own.",
    )
    objections = tuple(
        replace(one, resolved=True) if one.seq == said.objection else one for one in proposal.objections
    )
    return acted_on(state, replace(proposal, objections=objections), event.at)


def vote_called(state: Commons, event: Event, said: payloads.VoteCalled) -> Commons:
    """A member asks for a vote on a change that could also be agreed on without one."""
    proposal = open_in(state, said.number, Stage.REVIEW)
    _voter(state, event, "ask for a vote")
    rules = state.charter_rules
    kind = effective_kind(proposal, rules)
    refuse_unless(
        rules.rules(kind).mode is Mode.CONSENT_THEN_VOTE,
        f"a change of the kind {kind} is not put to a vote on request (class.{kind}.mode).",
        "Object, if it should not be agreed on.",
    )
    refuse_unless(event.actor not in proposal.callers, f"{event.actor} has asked.", "Others have to.")
    return acted_on(state, replace(proposal, callers=(*proposal.callers, event.actor)), event.at)


def _objecting(state: Commons, event: Event, number: int, *, expires: int | None) -> Commons:
    proposal = open_in(state, number, Stage.REVIEW, Stage.COMMENT)
    _voter(state, event, "object")
    refuse_unless(
        proposal.frozen is None or event.actor in proposal.frozen.roll,
        f"{event.actor} was not on the roll when the comment period on proposal {number} opened.",
        "Comment; joining later changes no decision that is open.",
    )
    mine = [one for one in proposal.objections if one.by == event.actor]
    refuse_unless(
        not _repeats(mine, hold=expires is not None),
        f"{event.actor} has {'asked for time' if expires else 'objected'} already.",
        "One of a kind is enough: say more in a comment.",
    )
    objection = Objection(event.seq, event.actor, event.at, expires)
    return acted_on(state, replace(proposal, objections=(*proposal.objections, objection)), event.at)


def _repeats(mine: list[Objection], *, hold: bool) -> bool:
    """A hold is asked for once, or it would not end; an objection may follow one that was resolved."""
    return any((one.expires is not None) == hold and (hold or not one.resolved) for one in mine)


def _voter(state: Commons, event: Event, what: str) -> Member:
    """The member who acts, for long enough to decide with the others. Raises `RefusedError`."""
    member = acting_member(state, event)
    refuse_unless(
        can_act(member, state.charter_rules.membership, event.at),
        f"{event.actor} may not vote yet, and so may not {what} (membership.tenure_before_vote_hours).",
        "Comment, until you may.",
    )
    return member
