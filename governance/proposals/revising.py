"""Revising a proposal, giving it up, and standing behind somebody else's. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.membership.joining import acting_member
from governance.membership.roll import belongs
from governance.proposals.access import acted_on, ended, open_in
from governance.proposals.state import Stage
from governance.proposals.subject import (
    affiliations_of,
    raised_by_history,
    refuse_other_head,
    subject_of_revision,
)


def revised(state: Commons, event: Event, said: payloads.Revised) -> Commons:
    """A new revision: back to review, with the approvals of the old content behind it; objections stand.

    Whoever stood behind the old one has not seen this: it needs a member who does, where its maker is none.
    """
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    refuse_unless(
        event.actor in (proposal.author, proposal.sponsor),
        f"{event.actor} is neither the author of proposal {said.number} nor stands behind it.",
        f"Ask {proposal.author}, adopt it, or open your own.",
    )
    refuse_unless(
        proposal.revision is not None, "there is nothing in it that could be revised.", "Open another one."
    )
    refuse_unless(
        said.took is None or said.took in proposal.suggested,
        f"event {said.took} is no suggested edit on proposal {said.number} that could be taken.",
        "Name the number of a comment that suggests one, or revise without.",
    )
    subject = subject_of_revision(state, said.revision, event.at)
    refuse_other_head(event, said.number, said.revision, old=proposal.revisions[-1])
    authors = proposal.authors | {event.actor, *said.lineage}
    proposal = replace(
        proposal,
        revision=said.revision,
        revisions=(*proposal.revisions, said.revision.head),
        revised_at=event.at,
        revised_seq=event.seq,
        maker=event.actor,
        makers=proposal.makers | {event.actor},
        authors=authors,
        affiliations=proposal.affiliations | affiliations_of(state, authors, event.at),
        sponsor=event.actor if belongs(state.people.members.get(event.actor)) else None,
        suggested=tuple(seq for seq in proposal.suggested if seq != said.took),
        charter=state.charter,
        content=subject.content,
        kind=subject.kind,
        raised=proposal.raised or raised_by_history(state, said.revision),
        stage=Stage.REVIEW,
        since=event.at if proposal.stage is not Stage.REVIEW else proposal.since,
        frozen=None,
        round=1,
        returned=None,
    )
    return acted_on(state, proposal, event.at)


def proposal_withdrawn(state: Commons, event: Event, said: payloads.ProposalWithdrawn) -> Commons:
    """Its author gives it up, or its sponsor steps back; where the other one is left, it goes on as theirs.

    Only until a vote opens or it is accepted: from then on it is not the author's alone to take back.
    """
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    refuse_unless(
        event.actor in (proposal.author, proposal.sponsor),
        f"proposal {said.number} is not {event.actor}'s.",
        f"Ask {proposal.author}.",
    )
    if proposal.author == event.actor and proposal.sponsor in (None, event.actor):
        return ended(state, proposal, Stage.WITHDRAWN, event.at)
    if proposal.author == event.actor:
        assert proposal.sponsor is not None
        return acted_on(state, replace(proposal, author=proposal.sponsor), event.at)
    agreed = proposal.maker == proposal.author and belongs(state.people.members.get(proposal.author))
    return acted_on(state, replace(proposal, sponsor=proposal.author if agreed else None), event.at)


def adopted(state: Commons, event: Event, said: payloads.Adopted) -> Commons:
    """A member stands behind the revision at hand: may go on with it, and is an author from here on."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    acting_member(state, event)
    refuse_unless(
        proposal.sponsor is None,
        f"{proposal.sponsor} stands behind proposal {said.number}.",
        "Review it instead, or open your own.",
    )
    adopter = frozenset({event.actor})
    proposal = replace(
        proposal,
        sponsor=event.actor,
        makers=proposal.makers | adopter,
        authors=proposal.authors | adopter,
        affiliations=proposal.affiliations | affiliations_of(state, adopter, event.at),
    )
    return acted_on(state, proposal, event.at)
