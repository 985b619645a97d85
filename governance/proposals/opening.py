"""Opening a proposal: anybody may, within what is left of others' attention. Pure.

Somebody from outside may open one too; it goes on once a member stands behind it.
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.membership.roll import belongs
from governance.proposals.access import acted_on
from governance.proposals.state import Proposal
from governance.proposals.subject import (
    affiliations_of,
    raised_by_history,
    refuse_other_head,
    subject_of,
)


def proposed(state: Commons, event: Event, said: payloads.Proposed) -> Commons:
    """A proposal begins, in review."""
    refuse_unless(
        said.number == state.proposed + 1,
        f"the next proposal is number {state.proposed + 1}.",
        "Give it that number.",
    )
    _refuse_over_budget(state, event.actor)
    subject = subject_of(state, event, said)
    refuse_other_head(event, said.number, said.revision)
    member = state.people.members.get(event.actor)
    makers = frozenset({event.actor})
    authors = makers | set(said.lineage)
    proposal = Proposal(
        number=said.number,
        title=said.title,
        opener=event.actor,
        author=event.actor,
        maker=event.actor,
        makers=makers,
        opened_at=event.at,
        active_at=event.at,
        changed_at=event.at,
        revised_at=event.at,
        revised_seq=event.seq,
        charter=state.charter,
        authors=authors,
        affiliations=affiliations_of(state, authors, event.at),
        content=subject.content,
        kind=subject.kind,
        since=event.at,
        revision=said.revision,
        withdrawal=said.withdrawal,
        admission=said.admission,
        revisions=(said.revision.head,) if said.revision else (),
        sponsor=event.actor if belongs(member) else None,
        raised=raised_by_history(state, said.revision),
    )
    people = state.people
    if member is not None and belongs(member):
        members = people.members.set(event.actor, replace(member, proposed=member.proposed + 1))
        people = replace(people, members=members)
    opened = state.opened.set(event.actor, state.opened.get(event.actor, 0) + 1)
    state = replace(state, proposed=said.number, people=people, opened=opened)
    return acted_on(state, proposal, event.at)


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
