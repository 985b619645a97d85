"""Finding an open proposal, and putting it back with what the clock owes it. Pure."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from governance import agenda
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.proposals.state import Ended, Proposal, Stage
from governance.proposals.steps import next_step


def open_in(state: Commons, number: int, *stages: Stage) -> Proposal:
    """An open proposal in one of these stages (in any, when none is named). Raises `RefusedError`."""
    proposal = state.proposals.get(number)
    if proposal is None:
        ended = state.ended.get(number)
        refuse_unless(ended is None, f"proposal {number} is over: {ended and ended.stage}.", "Open another.")
        refuse_unless(condition=False, rule=f"there is no proposal {number}.", remedy="Name an open one.")
    assert proposal is not None
    words = " or ".join(stages)
    refuse_unless(
        not stages or proposal.stage in stages,
        f"proposal {number} is in {proposal.stage}, and this belongs to {words}.",
        "Wait for that stage, or read what comes next with `commons explain`.",
    )
    return proposal


def acted_on(state: Commons, proposal: Proposal, at: int) -> Commons:
    """The state with a proposal that somebody did something about at this second."""
    return changed(state, replace(proposal, active_at=at), at)


def changed(state: Commons, proposal: Proposal, at: int) -> Commons:
    """The state with a proposal that changed at this second, and its next step on the agenda."""
    proposal = replace(proposal, changed_at=at)
    step = next_step(state, proposal)
    due = step.due if step else None
    if due == proposal.due:
        return replace(state, proposals=state.proposals.set(proposal.number, proposal))
    proposal = replace(proposal, due=due)
    state = replace(state, proposals=state.proposals.set(proposal.number, proposal))
    return agenda.noted(state, agenda.PROPOSAL, agenda.of_proposal(proposal.number), due)


def sent_back(proposal: Proposal, why: str, at: int) -> Proposal:
    """An accepted proposal back in review, where it waits for a new revision; its approvals are gone."""
    return replace(
        proposal,
        stage=Stage.REVIEW,
        since=at,
        frozen=None,
        ballots=Map(),
        yes=0,
        way=None,
        accepted_at=None,
        returned=why,
        reviews=(),
        challengers=(),
        seeds=(),
        lot=(),
        panel=(),
        rulings=(),
        upheld=False,
    )


def ended(state: Commons, proposal: Proposal, stage: Stage, at: int, **facts: object) -> Commons:
    """The state with this proposal over, and in brief from here on."""
    brief = Ended(
        number=proposal.number,
        title=proposal.title,
        author=proposal.author,
        stage=stage,
        at=at,
        content=proposal.content,
        kind=proposal.kind,
        slugs=proposal.slugs,
        revisions=proposal.revisions,
        way=proposal.way,
        closed_at=proposal.frozen.ends if proposal.frozen and proposal.frozen.method else None,
        **facts,  # type: ignore[arg-type]
    )
    state = replace(
        state,
        opened=state.opened.set(proposal.opener, state.opened[proposal.opener] - 1),
        proposals=state.proposals.delete(proposal.number),
        ended=state.ended.set(proposal.number, brief),
    )
    return agenda.noted(state, agenda.PROPOSAL, agenda.of_proposal(proposal.number), None)


def without_sponsor(state: Commons, handle: str, at: int) -> Commons:
    """The state after a member left: what they stood behind in review waits for another member."""
    for proposal in sorted(state.proposals.values(), key=lambda one: one.number):
        if proposal.sponsor == handle:
            state = changed(state, replace(proposal, sponsor=None), at)
    return state


def settled_anew(state: Commons, at: int) -> Commons:
    """The state after the rules or main changed: every open proposal looks at its next step again."""
    for proposal in sorted(state.proposals.values(), key=lambda one: one.number):
        state = changed(state, proposal, at)
    return state
