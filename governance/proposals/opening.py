"""Opening a proposal, revising it, giving it up, and standing behind somebody else's. Pure."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from governance import payloads
from governance.authority import PROPOSALS, head_ref, refuse_unless
from governance.charter.model import ChangeClass
from governance.commons import Commons
from governance.events import Event
from governance.membership.joining import acting_member
from governance.membership.roll import belongs
from governance.membership.state import INDEPENDENT
from governance.proposals.access import acted_on, ended, open_in
from governance.proposals.amending import refuse_unfit_charter
from governance.proposals.kinds import kind_of
from governance.proposals.state import Proposal, Stage
from governance.proposals.steps import standing_content
from policies.canonical import canonical_digest


class _Subject(NamedTuple):
    """What is proposed: what people bind to, and what kind of change it is."""

    content: str
    kind: ChangeClass


def proposed(state: Commons, event: Event, said: payloads.Proposed) -> Commons:
    """A proposal begins, in review."""
    refuse_unless(
        said.number == state.proposed + 1,
        f"the next proposal is number {state.proposed + 1}.",
        "Give it that number.",
    )
    stated = [said.revision is not None, said.withdrawal is not None, said.admission is not None]
    refuse_unless(
        sum(stated) == 1,
        "a proposal proposes one thing.",
        "Propose one at a time.",
    )
    _refuse_over_budget(state, event.actor)
    subject = _subject(state, event, said)
    _head_moves(event, said.number, said.revision)
    member = state.people.members.get(event.actor)
    made_by = frozenset({event.actor, *said.lineage})
    proposal = Proposal(
        number=said.number,
        title=said.title,
        opener=event.actor,
        author=event.actor,
        opened_at=event.at,
        active_at=event.at,
        changed_at=event.at,
        revised_at=event.at,
        authors=made_by,
        affiliations=_affiliations(state, made_by),
        content=subject.content,
        kind=subject.kind,
        since=event.at,
        revision=said.revision,
        withdrawal=said.withdrawal,
        admission=said.admission,
        revisions=(said.revision.head,) if said.revision else (),
        sponsor=event.actor if belongs(member) else None,
        raised=_raised(state, said.revision),
    )
    people = state.people
    if member is not None and belongs(member):
        members = people.members.set(event.actor, replace(member, proposed=member.proposed + 1))
        people = replace(people, members=members)
    opened = state.opened.set(event.actor, state.opened.get(event.actor, 0) + 1)
    state = replace(state, proposed=said.number, people=people, opened=opened)
    return acted_on(state, proposal, event.at)


def revised(state: Commons, event: Event, said: payloads.Revised) -> Commons:
    """A new revision: back to review, with the approvals of the old content behind it; objections stand."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    refuse_unless(
        event.actor in (proposal.author, proposal.sponsor),
        f"{event.actor} is neither the author of proposal {said.number} nor stands behind it.",
        f"Ask {proposal.author}, adopt it, or open your own.",
    )
    refuse_unless(
        proposal.revision is not None, "there is nothing in it that could be revised.", "Open another one."
    )
    subject = _of_revision(state, said.revision, event.at)
    _head_moves(event, said.number, said.revision, old=proposal.revisions[-1])
    authors = proposal.authors | {event.actor, *said.lineage}
    proposal = replace(
        proposal,
        revision=said.revision,
        revisions=(*proposal.revisions, said.revision.head),
        revised_at=event.at,
        authors=authors,
        affiliations=proposal.affiliations | _affiliations(state, authors),
        content=subject.content,
        kind=subject.kind,
        raised=proposal.raised or _raised(state, said.revision),
        stage=Stage.REVIEW,
        since=event.at if proposal.stage is not Stage.REVIEW else proposal.since,
        frozen=None,
        returned=None,
    )
    return acted_on(state, proposal, event.at)


def proposal_withdrawn(state: Commons, event: Event, said: payloads.ProposalWithdrawn) -> Commons:
    """The author gives it up; where a member stands behind it, it goes on as theirs."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    refuse_unless(
        event.actor in (proposal.author, proposal.sponsor),
        f"proposal {said.number} is not {event.actor}'s.",
        f"Ask {proposal.author}.",
    )
    others = [who for who in (proposal.author, proposal.sponsor) if who and who != event.actor]
    if others:
        return acted_on(state, replace(proposal, author=others[0], sponsor=others[0]), event.at)
    return ended(state, proposal, Stage.WITHDRAWN, event.at)


def adopted(state: Commons, event: Event, said: payloads.Adopted) -> Commons:
    """A member stands behind it: as its sponsor, who may go on with it and is an author from here on."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    member = acting_member(state, event)
    refuse_unless(
        proposal.sponsor is None or not belongs(state.people.members.get(proposal.sponsor)),
        f"{proposal.sponsor} stands behind proposal {said.number}.",
        "Review it instead, or open your own.",
    )
    affiliations = {member.affiliation} - {INDEPENDENT}
    proposal = replace(
        proposal,
        sponsor=event.actor,
        authors=proposal.authors | {event.actor},
        affiliations=proposal.affiliations | affiliations,
    )
    return acted_on(state, proposal, event.at)


def _subject(state: Commons, event: Event, said: payloads.Proposed) -> _Subject:
    if said.revision is not None:
        return _of_revision(state, said.revision, event.at)
    acting_member(state, event)
    if said.withdrawal is not None:
        policy = state.policies.get(said.withdrawal.slug)
        refuse_unless(
            policy is not None and policy.release(said.withdrawal.version) is not None,
            f"{said.withdrawal.slug} {said.withdrawal.version} was never released.",
            "Name a release.",
        )
        withdrawal = f"{said.withdrawal.slug}@{said.withdrawal.version}"
        return _Subject(canonical_digest({"withdrawal": withdrawal}), ChangeClass.POLICY)
    assert said.admission is not None
    refuse_unless(
        said.admission in state.people.applicants, f"{said.admission} has not applied.", "Ask them to apply."
    )
    return _Subject(canonical_digest({"admission": said.admission}), ChangeClass.MEMBERSHIP)


def _of_revision(state: Commons, revision: payloads.Revision, at: int) -> _Subject:
    slugs = [change.slug for change in revision.changes]
    refuse_unless(
        bool(slugs) or revision.charter is not None, "the revision changes nothing.", "Change something."
    )
    refuse_unless(slugs == sorted(set(slugs)), "policies are not named once, in order.", "Sort them by name.")
    for change in revision.changes:
        refuse_unless(
            change.base != change.head, f"{change.slug} does not change.", "Leave it out, or change it."
        )
        refuse_unless(
            change.base == standing_content(state, change.slug),
            f"{change.slug} is not what this was made from: it changed on main meanwhile.",
            "Begin from what main holds now.",
        )
        refuse_unless(bool(change.touches), f"{change.slug}: nothing is said to differ.", "Say what differs.")
        refuse_unless(
            (change.base is None) == (change.declared == "first"),
            f"{change.slug}: a first version is declared `first`, and only that.",
            "Declare what it is.",
        )
    if revision.charter is not None:
        refuse_unfit_charter(state, revision.charter, at)
    content = {
        "policies": {change.slug: change.head for change in revision.changes},
        "charter": revision.charter.blob if revision.charter else None,
    }
    return _Subject(canonical_digest(content), kind_of(state, revision))


def _raised(state: Commons, revision: payloads.Revision | None) -> ChangeClass | None:
    """What a member took back comes again only as a change of policy, in the longer way."""
    changes = revision.changes if revision else ()
    return ChangeClass.POLICY if any(change.head in state.undone for change in changes) else None


def _head_moves(
    event: Event,
    number: int,
    revision: payloads.Revision | None,
    *,
    old: str | None = None,
) -> None:
    """The proposal's head goes to the revision; approvals and ballots bind to its content all the same."""
    expected = [] if revision is None else [(head_ref(number), old, revision.head)]
    refuse_unless(
        [(move.ref, move.old, move.new) for move in event.moves if move.ref.startswith(PROPOSALS)]
        == expected,
        f"the head of proposal {number} does not go to its revision.",
        "Move it there.",
    )


def _refuse_over_budget(state: Commons, actor: str) -> None:
    """Attention is scarce: only so many open at a time, and each after the first is paid for in reviews."""
    limits = state.charter_rules.attention
    opened = state.opened.get(actor, 0)
    refuse_unless(
        opened < limits.open_proposals_per_member,
        f"{actor} has {opened} open proposals, the most there may be (attention.open_proposals_per_member).",
        "Bring one of them to its end first.",
    )
    member = state.people.members.get(actor)
    if member is None or not belongs(member) or state.people.count == 1:
        return
    owed = member.proposed * limits.reviews_owed_per_proposal
    refuse_unless(
        member.reviewed >= owed,
        f"{actor} has reviewed {member.reviewed} proposals of others and owes {owed} "
        "(attention.reviews_owed_per_proposal).",
        "Review what others proposed first.",
    )


def _affiliations(state: Commons, handles: frozenset[str]) -> frozenset[str]:
    members = state.people.members
    return frozenset(members[handle].affiliation for handle in handles if handle in members) - {INDEPENDENT}
