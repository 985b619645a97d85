"""Taking back, within the time for it, what came into force without a vote. Pure.

One member is enough, so it must not be a way to void what many decide: nothing is taken back while a decision
is open that builds on it. Whoever minds it objects there, or votes no. What was taken back comes again only
as a change of policy.
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.charter.model import ChangeClass, strictest
from governance.commons import Commons
from governance.events import Event
from governance.membership.joining import acting_member
from governance.membership.roll import can_act
from governance.proposals.access import settled_anew
from governance.proposals.line import in_line_on, standing_content
from governance.proposals.state import Ended, Proposal, Stage
from governance.record import head_is, released


def undone(state: Commons, event: Event, said: payloads.Undone) -> Commons:
    """A member takes it back: what stood before is released again. Raises `RefusedError`."""
    brief = state.ended.get(said.number)
    member = acting_member(state, event)
    refuse_unless(
        brief is not None and brief.undo_until is not None and event.at < brief.undo_until,
        f"proposal {said.number} cannot be taken back, or not any more (class.*.undo).",
        "Propose to change it.",
    )
    assert brief is not None
    refuse_unless(
        can_act(member, state.charter_rules.membership, event.at),
        f"{event.actor} may not vote yet, and so may not take it back (membership.tenure_before_vote_hours).",
        "Ask somebody who may.",
    )
    _refuse_built_upon(state, brief)
    restored = tuple((release.slug, release.content) for release in said.releases)
    expected = tuple((slug, state.current_content(content)) for slug, content in brief.before)
    refuse_unless(
        restored == expected, "not what stood before is released.", "Release that, with its next number."
    )
    taken_back = frozenset(standing_content(state, slug) for slug in brief.slugs)
    head_is(event, said.commit)
    policies = released(state, event, said.releases, brief.author)
    state = _without(state, brief)
    state = replace(
        state,
        policies=policies,
        undone=state.undone.update({content: event.seq for content in taken_back if content}),
        proposals=state.proposals.update(
            {number: _raised(proposal, taken_back) for number, proposal in state.proposals.items()}
        ),
    )
    return settled_anew(state, event.at)


def _refuse_built_upon(state: Commons, brief: Ended) -> None:
    refuse_unless(
        all(content for _, content in brief.before),
        "it brought a new policy, before which there was nothing.",
        "Propose the withdrawal of its release.",
    )
    refuse_unless(
        all(state.enacted_on.get(slug) == brief.number for slug in brief.slugs),
        "one of its policies changed again since.",
        "Take back what came later first, or propose to change it.",
    )
    upon = in_line_on(state, brief.slugs)
    refuse_unless(
        upon is None,
        f"proposal {upon and upon.number} builds on it and is being decided.",
        "Object to that one, or vote no; or wait until it is over.",
    )


def _without(state: Commons, brief: Ended) -> Commons:
    """The state in which what came before this one is the last that changed its policies, as it was."""
    over = state.ended.set(brief.number, replace(brief, stage=Stage.UNDONE, undo_until=None))
    enacted_on = state.enacted_on
    for slug, number in brief.earlier:
        earlier = over.get(number)
        if earlier is None:
            enacted_on = enacted_on.delete(slug)
            continue
        enacted_on = enacted_on.set(slug, number)
        over = over.set(number, replace(earlier, superseded_by=None))
    return replace(state, ended=over, enacted_on=enacted_on)


def _raised(proposal: Proposal, taken_back: frozenset[str | None]) -> Proposal:
    """An open proposal of the very content that was taken back goes the longer way as well."""
    heads = {change.head for change in proposal.revision.changes} if proposal.revision else set()
    if heads.isdisjoint(taken_back):
        return proposal
    raised = ChangeClass.POLICY
    return replace(proposal, raised=strictest((proposal.raised or raised, raised)))
