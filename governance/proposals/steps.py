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
from governance.proposals.evidence import Says, says
from governance.proposals.guards import Guard, due_of
from governance.proposals.kinds import effective_kind, hours, is_stricter, kind_now
from governance.proposals.line import moved_below
from governance.proposals.lot import ruling_of
from governance.proposals.state import Frozen, Proposal, Stage

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
        unhindered = (
            guards.sponsored(proposal),
            *fresh,
            guards.not_held(proposal),
            guards.unopposed(proposal),
        )
        return Path("accepted", (*unhindered, guards.shown(proposal, rules)), "direct"), lapse
    discussion = (*fresh, *guards.discussion(proposal, rules, kind))
    by_consent = (guards.reviewed(proposal, rules, kind), *discussion)
    if guards.needs_vote(proposal, rules, kind):
        return Path("voting_opened", by_consent), lapse
    if of_kind.mode is Mode.CONSENT or of_kind.call_vote is None:
        return Path("comment_opened", by_consent), lapse
    on_call = (guards.called(proposal, of_kind.call_vote, kind), *discussion)
    return Path("comment_opened", by_consent), Path("voting_opened", on_call), lapse


def _from_comment(state: Commons, proposal: Proposal, rules: Charter) -> tuple[Path, ...]:
    frozen = _frozen(proposal)
    kind = frozen.kind
    over = (_closing("comment", f"class.{kind}.objection", frozen), *guards.closing(proposal))
    moved = Path("returned", (guards.off_its_base(moved_below(state, proposal)),), "base-moved")
    lapse_from = max(proposal.active_at, frozen.ends)
    lapse = Path("lapsed", (_after("lapse", lapse_from, rules.objections.lapse, "objections.lapse"),))
    meaning = says(proposal, rules)
    if meaning is Says.STOP:
        return moved, Path("returned", over, "evidence"), lapse
    unopposed = guards.unopposed(proposal)
    everybody = guards.unanimous(proposal, frozen.roll, kind)
    at_once = Path("accepted", (everybody, unopposed), "unanimous")
    now = kind_now(proposal, rules)
    if is_stricter(now, kind):
        on = Path("escalated", over, now)
    elif unopposed.holds and meaning is Says.GO:
        on = Path("accepted", (*over, unopposed), "consent")
    elif rules.rules(kind).mode is Mode.CONSENT_THEN_VOTE:
        on = Path("voting_opened", over)
    else:
        on = Path("escalated", over, ChangeClass.POLICY)
    return moved, at_once, on, lapse


def _from_voting(_state: Commons, proposal: Proposal, _rules: Charter) -> tuple[Path, ...]:
    frozen = _frozen(proposal)
    if frozen.box is not None:
        over = _after("boxes", frozen.ends, SEALED_OPENING_HOURS, "ballot.visibility")
        return (Path("voting_voided", (over,)),)
    facts = (("approving", proposal.yes), ("voters", len(frozen.roll)))
    everybody = Guard("unanimous", 0 < proposal.yes == len(frozen.roll), f"class.{frozen.kind}.mode", facts)
    over = _closing("voting", f"class.{frozen.kind}.voting", frozen)
    return Path("voting_closed", (everybody,)), Path("voting_closed", (over,))


def _from_accepted(state: Commons, proposal: Proposal, _rules: Charter) -> tuple[Path, ...]:
    return (Path("returned", (guards.off_its_base(moved_below(state, proposal)),), "base-moved"),)


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
    return proposal.accepted_at + hours(rules.rules(effective_kind(proposal, rules)), "challenge") * HOUR


def is_sealed(rules: Charter, proposal: Proposal) -> bool:
    """Whether ballots are sealed: the charter asks for it, and no sealed vote on this content was void."""
    return rules.ballot.visibility is Visibility.SEALED_UNTIL_CLOSE and proposal.round == 1


def _frozen(proposal: Proposal) -> Frozen:
    assert proposal.frozen is not None
    return proposal.frozen


def _closing(code: str, key: str, frozen: Frozen) -> Guard:
    return Guard(code, True, key, (("hours", (frozen.ends - frozen.opened) // HOUR),), frozen.ends)


def _after(code: str, start: int, length: int, key: str) -> Guard:
    return Guard(code, True, key, (("hours", length),), start + length * HOUR)


_PATHS = {
    Stage.REVIEW: _from_review,
    Stage.COMMENT: _from_comment,
    Stage.VOTING: _from_voting,
    Stage.ACCEPTED: _from_accepted,
    Stage.STAYED: _from_stayed,
}
