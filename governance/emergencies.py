"""Withdrawing a release at once because it does harm: for a time, by as many as the charter asks. Pure.

It acts when enough members call it, and ends by itself unless a proposal ratifies it. It can be called once
for a release: a few who called it again and again would decide for good what takes all to decide. Erasing is
another thing, and never comes back by itself (`redactions.py`).
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import agenda, payloads
from governance.authority import refuse_unless
from governance.commons import Commons, WithdrawnRelease
from governance.events import Event
from governance.membership.joining import acting_member
from governance.membership.roll import HOUR, can_act


def emergency_called(state: Commons, event: Event, said: payloads.EmergencyCalled) -> Commons:
    """A member calls; from the last who is needed on, the release is withdrawn."""
    member = acting_member(state, event)
    rules = state.charter_rules
    refuse_unless(
        can_act(member, rules.membership, event.at) or event.actor in state.stewards,
        f"{event.actor} may not vote yet, and so may not call an emergency "
        "(membership.tenure_before_vote_hours).",
        "Ask somebody who may.",
    )
    policy = state.policies.get(said.slug)
    refuse_unless(
        policy is not None and policy.release(said.version) is not None,
        f"{said.slug} {said.version} was never released.",
        "Name a release.",
    )
    name = f"{said.slug}@{said.version}"
    refuse_unless(
        name not in state.came_back,
        f"{name} was withdrawn in an emergency before, and nobody ratified that.",
        "Propose its withdrawal.",
    )
    known = state.withdrawn.get(name)
    refuse_unless(
        known is None or not known.counts(event.at), f"{name} is withdrawn already.", "Nothing to do."
    )
    callers = known.callers if known and known.since is None else ()
    refuse_unless(
        event.actor not in callers, f"{event.actor} has called it already.", "Others have to agree."
    )
    callers = (*callers, event.actor)
    until = event.at + rules.emergency.expires_hours * HOUR
    acts = len(callers) >= rules.emergency.actors
    gone = WithdrawnRelease(event.at if acts else None, until, event.seq, said.reason, callers)
    state = replace(state, withdrawn=state.withdrawn.set(name, gone))
    return agenda.noted(state, agenda.EMERGENCY, name, until)


def emergency_ended(state: Commons, event: Event, said: payloads.EmergencyEnded) -> Commons:
    """Its time is over, or nobody else agreed in that time."""
    name = f"{said.slug}@{said.version}"
    acted = state.withdrawn[name].since is not None
    return replace(
        agenda.noted(state, agenda.EMERGENCY, name, None),
        withdrawn=state.withdrawn.delete(name),
        came_back=state.came_back.set(name, event.seq) if acted else state.came_back,
    )
