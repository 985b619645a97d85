"""A challenge to an acceptance pauses it until a panel drawn by lot rules (principle 6). Pure."""

from __future__ import annotations

from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.commons import Commons
from governance.events import Event
from governance.membership.joining import acting_member
from governance.membership.roll import HOUR
from governance.proposals.access import acted_on, changed, ended, open_in, sent_back
from governance.proposals.kinds import effective_kind, hours
from governance.proposals.lot import draw, is_eligible
from governance.proposals.state import Stage
from governance.proposals.steps import rules_for

SEED_DELAY_HOURS = 24
"""How long after the challenge the second seed may come: nobody can prepare an act for it."""


def challenged(state: Commons, event: Event, said: payloads.Challenged) -> Commons:
    """A member challenges an acceptance while there is time; enough of them pause it."""
    proposal = open_in(state, said.number, Stage.ACCEPTED)
    acting_member(state, event)
    rules = rules_for(state, proposal)
    of_kind = rules.rules(effective_kind(proposal, rules))
    needed = of_kind.stay if hours(of_kind, "challenge") else None
    assert proposal.accepted_at is not None
    refuse_unless(
        needed is not None and not proposal.upheld,
        "this acceptance cannot be challenged (class.*.stay), or was already.",
        "Propose to change it back.",
    )
    assert needed is not None
    refuse_unless(
        event.at < proposal.accepted_at + hours(of_kind, "challenge") * HOUR,
        "the time to challenge is over (class.*.challenge).",
        "Propose to change it back.",
    )
    refuse_unless(
        proposal.frozen is not None and event.actor in proposal.frozen.roll,
        f"{event.actor} was not on the roll when the decision on proposal {said.number} opened.",
        "Ask somebody who was.",
    )
    refuse_unless(
        event.actor not in proposal.challengers, f"{event.actor} has challenged it.", "Others have to."
    )
    proposal = replace(proposal, challengers=(*proposal.challengers, event.actor))
    if len(proposal.challengers) < needed:
        return acted_on(state, proposal, event.at)
    proposal = replace(proposal, stage=Stage.STAYED, since=event.at, seeds=())
    state = replace(state, drawing=(*state.drawing, proposal.number))
    return acted_on(state, proposal, event.at)


def with_seeds(state: Commons, event: Event, digest: str) -> Commons:
    """The state after an event that may be one of the two that a panel is drawn from."""
    for number in state.drawing:
        proposal = state.proposals[number]
        if not proposal.seeds:
            # The challenge that has just paused it.
            state = changed(state, replace(proposal, seeds=(digest,)), event.at)
            continue
        rules = rules_for(state, proposal)
        if event.at < proposal.since + SEED_DELAY_HOURS * HOUR or not is_eligible(
            state, proposal, rules, event.actor, event.at
        ):
            continue
        proposal = replace(proposal, seeds=(*proposal.seeds, digest))
        lot = draw(state, proposal, rules, event.at)
        state = replace(state, drawing=tuple(one for one in state.drawing if one != number))
        state = changed(state, replace(proposal, lot=lot), event.at)
    return state


def panel_drawn(state: Commons, _event: Event, said: payloads.PanelDrawn) -> Commons:
    """The registry says who was drawn."""
    proposal = open_in(state, said.number, Stage.STAYED)
    refuse_unless(said.panel == proposal.lot, "the lot fell on others.", f"It is {', '.join(proposal.lot)}.")
    return changed(state, replace(proposal, panel=said.panel), said.due)


def ruled(state: Commons, event: Event, said: payloads.Ruled) -> Commons:
    """A member of the panel rules; their last word before the end counts."""
    proposal = open_in(state, said.number, Stage.STAYED)
    acting_member(state, event)
    refuse_unless(
        event.actor in proposal.panel, f"{event.actor} is not on the panel.", "The panel was drawn by lot."
    )
    rulings = tuple(one for one in proposal.rulings if one[0] != event.actor)
    rulings = (*rulings, (event.actor, said.ruling))
    return acted_on(state, replace(proposal, rulings=rulings), event.at)


def stay_ended(state: Commons, _event: Event, said: payloads.StayEnded) -> Commons:
    """The pause is over: it stands, is void, or goes back to review."""
    proposal = open_in(state, said.number, Stage.STAYED)
    state = replace(state, drawing=tuple(one for one in state.drawing if one != said.number))
    if said.ruling == "void":
        return ended(state, proposal, Stage.VOIDED, said.due)
    if said.ruling == "return":
        return changed(state, sent_back(proposal, "ruling", said.due), said.due)
    proposal = replace(proposal, stage=Stage.ACCEPTED, since=said.due, upheld=True)
    return changed(state, proposal, said.due)
