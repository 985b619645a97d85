"""The next step of the clock for a proposal: which event, when, and what it waits for. Pure.

This is the one place that knows how a proposal moves on by itself. The fold allows a step only if it is the
one named here, at the second named here; `explain` shows the same guards.
"""

from __future__ import annotations

from typing import NamedTuple

from governance.charter.model import ChangeClass, Charter, Mode, Visibility
from governance.commons import Commons
from governance.membership.roll import HOUR
from governance.proposals import guards
from governance.proposals.evidence import Says, effective_kind, says
from governance.proposals.guards import Guard, due_of
from governance.proposals.lot import ruling_of
from governance.proposals.state import Proposal, Stage

SEALED_OPENING_HOURS = 72
"""How long the registry has to open the boxes of a sealed vote, before the vote is void."""


class Step(NamedTuple):
    """An event that the clock owes: its type, when it is due, and a word that goes with it."""

    type: str
    due: int
    word: str = ""


class Path(NamedTuple):
    """A way on from where a proposal stands: the event it leads to, and what that waits for."""

    type: str
    guards: tuple[Guard, ...]
    word: str = ""


def next_step(state: Commons, proposal: Proposal) -> Step | None:
    """The step that comes first; None while nothing is due however long one waits."""
    steps = [
        Step(path.type, due, path.word)
        for path in paths(state, proposal)
        if (due := due_of(path.guards, proposal.changed_at)) is not None
    ]
    return min(steps, key=lambda step: step.due, default=None)


def rules_for(state: Commons, proposal: Proposal) -> Charter:
    """The rules that count for it: those frozen when its decision opened, or else those in force."""
    return (proposal.frozen.rules if proposal.frozen else state.rules).charter


def paths(state: Commons, proposal: Proposal) -> tuple[Path, ...]:
    """The ways on, most wanted first: where two fall due in one second, the first is taken."""
    return _PATHS[proposal.stage](state, proposal, rules_for(state, proposal))


def _from_review(state: Commons, proposal: Proposal, rules: Charter) -> tuple[Path, ...]:
    kind = effective_kind(proposal, rules)
    of_kind = rules.rules(kind)
    lapse = Path("lapsed", (_after("lapse", proposal.active_at, rules.objections.lapse, "objections.lapse"),))
    fresh = (guards.on_its_base(moved_below(state, proposal)), guards.not_returned(proposal))
    if of_kind.mode is Mode.OWNER:
        owner = guards.approved_by_owner(proposal, state.stewards, f"class.{kind}.mode")
        return Path("accepted", (owner, *fresh), "owner"), lapse
    if of_kind.mode is Mode.DIRECT:
        return Path("accepted", (guards.sponsored(proposal), *fresh), "direct"), lapse
    discussion = (*fresh, *guards.discussion(proposal, rules, kind))
    by_consent = (guards.reviewed(proposal, rules, kind), *discussion)
    if guards.needs_vote(proposal, rules, kind):
        return Path("voting_opened", by_consent), lapse
    if of_kind.mode is Mode.CONSENT:
        return Path("comment_opened", by_consent), lapse
    on_call = (guards.called(proposal, of_kind, kind), *discussion)
    return Path("comment_opened", by_consent), Path("voting_opened", on_call), lapse


def _from_comment(_state: Commons, proposal: Proposal, rules: Charter) -> tuple[Path, ...]:
    assert proposal.frozen is not None
    kind = effective_kind(proposal, rules)
    hours = (("hours", rules.rules(kind).objection),)
    over = (
        Guard("comment", True, f"class.{kind}.objection", hours, proposal.frozen.ends),
        guards.not_held(proposal),
    )
    unopposed = guards.unopposed(proposal)
    at_once = Path(
        "accepted", (guards.unanimous(proposal, proposal.frozen.roll, kind), unopposed), "unanimous"
    )
    meaning = says(proposal, rules)
    if meaning is Says.STOP:
        return (Path("returned", over, "evidence"),)
    if meaning is Says.VOTE or (not unopposed.holds and rules.rules(kind).mode is Mode.CONSENT_THEN_VOTE):
        return at_once, Path("voting_opened", over)
    if not unopposed.holds:
        return at_once, Path("escalated", over, ChangeClass.POLICY)
    return at_once, Path("accepted", (*over, unopposed), "consent")


def _from_voting(_state: Commons, proposal: Proposal, rules: Charter) -> tuple[Path, ...]:
    frozen = proposal.frozen
    assert frozen is not None
    if frozen.box is not None:
        over = _after("boxes", frozen.ends, SEALED_OPENING_HOURS, "ballot.visibility")
        return (Path("voting_voided", (over,)),)
    kind = effective_kind(proposal, rules)
    over = Guard("voting", True, f"class.{kind}.voting", (("hours", rules.rules(kind).voting),), frozen.ends)
    yes = sum(ballot.choice == "yes" for ballot in proposal.ballots.values()) if _all_cast(proposal) else 0
    facts = (("approving", yes), ("voters", len(frozen.roll)))
    everybody = Guard("unanimous", 0 < yes == len(frozen.roll), f"class.{kind}.mode", facts)
    return Path("voting_closed", (everybody,)), Path("voting_closed", (over,))


def _from_accepted(state: Commons, proposal: Proposal, _rules: Charter) -> tuple[Path, ...]:
    moved = moved_below(state, proposal)
    facts = (("moved", ", ".join(moved)),)
    return (Path("returned", (Guard("base", bool(moved), None, facts),), "base-moved"),)


def _from_stayed(_state: Commons, proposal: Proposal, rules: Charter) -> tuple[Path, ...]:
    over = _after("ruling", proposal.since, rules.panel.ruling_hours, "panel.ruling_hours")
    if not proposal.panel:
        facts = (("seeds", len(proposal.seeds)), ("drawn", len(proposal.lot)))
        drawn = Guard("seed", bool(proposal.lot), "panel.selection", facts)
        return Path("panel_drawn", (drawn,)), Path("stay_ended", (over,), "lapse")
    ruling = ruling_of(proposal, rules, final=False)
    facts = (("rulings", len(proposal.rulings)), ("panel", len(proposal.panel)))
    decided = Guard("majority", ruling is not None, "panel.quorum", facts)
    at_the_end = ruling_of(proposal, rules, final=True) or "lapse"
    return Path("stay_ended", (decided,), ruling or ""), Path("stay_ended", (over,), at_the_end)


def enactable_at(state: Commons, proposal: Proposal) -> int:
    """From which second an accepted proposal may come into force: when it can be challenged no more."""
    assert proposal.accepted_at is not None
    if proposal.upheld:
        return proposal.since
    rules = rules_for(state, proposal)
    return proposal.accepted_at + rules.rules(effective_kind(proposal, rules)).challenge * HOUR


def moved_below(state: Commons, proposal: Proposal) -> tuple[str, ...]:
    """The policies that it would change and that stand on main otherwise than when it began."""
    changes = proposal.revision.changes if proposal.revision else ()
    return tuple(
        change.slug
        for change in changes
        if (change.base and state.current_content(change.base)) != standing_content(state, change.slug)
    )


def standing_content(state: Commons, slug: str) -> str | None:
    """The content of a policy's newest release; None before the first."""
    policy = state.policies.get(slug)
    return state.current_content(policy.latest.content) if policy else None


def is_sealed(rules: Charter, proposal: Proposal) -> bool:
    """Whether its ballots are sealed: the charter asks for it, and no sealed vote on it was void."""
    return rules.ballot.visibility is Visibility.SEALED_UNTIL_CLOSE and proposal.round == 1


def _all_cast(proposal: Proposal) -> bool:
    """Looked at first: counting the ballots at each one cast would make a vote cost its square."""
    return proposal.frozen is not None and len(proposal.ballots) == len(proposal.frozen.roll)


def _after(code: str, start: int, hours: int, key: str) -> Guard:
    return Guard(code, True, key, (("hours", hours),), start + hours * HOUR)


_PATHS = {
    Stage.REVIEW: _from_review,
    Stage.COMMENT: _from_comment,
    Stage.VOTING: _from_voting,
    Stage.ACCEPTED: _from_accepted,
    Stage.STAYED: _from_stayed,
}
