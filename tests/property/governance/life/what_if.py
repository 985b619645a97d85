"""The same commons lived otherwise: another ballot, somebody who joins, a registry that slept, many years."""

from __future__ import annotations

from copy import copy
from typing import Any

from governance import payloads
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Draft, Event
from governance.proposals.state import Stage
from tests.support.assembly import Assembly
from tests.support.made import HOUR

YEARS = 4 * 365 * 24


def forked(commons: Assembly, state: Commons, at: int) -> Assembly:
    """The commons from another state on, with a log of its own."""
    other = copy(commons)
    other.state, other.at = state, at
    other.events, other.acts, other.states = [], [], []  # type: ignore[attr-defined]
    other._signing = {}
    return other


def check_another_no(commons: Any, index: int) -> None:
    """A No more, just before the close, never makes a vote pass that did not."""
    said = commons.events[index].payload
    before: Commons = commons.states[index - 1]
    proposal = before.proposals[said.number]
    frozen = proposal.frozen
    assert frozen is not None
    if frozen.box is not None or said.tally.outcome == "accepted":
        return
    for voter in sorted(frozen.roll):
        ballot = proposal.ballots.get(voter)
        if ballot is not None and ballot.choice == "no":
            continue
        other = forked(commons, before, max(before.at, min(commons.events[index].at, frozen.ends - 1)))
        if other.at >= frozen.ends:
            return
        try:
            other.act(voter, payloads.BallotCast(number=said.number, content=frozen.content, choice="no"))
        except RefusedError:
            continue
        other.at = max(other.at, frozen.ends)
        other.settle()
        assert other.stage(said.number) in (Stage.REJECTED, Stage.NO_QUORUM)
        return


def check_joining_after_opening(commons: Any, index: int) -> None:
    """Who joins once a decision is open has no part in it: no ballot, no objection, no challenge."""
    said = commons.events[index].payload
    after: Commons = commons.states[index]
    event = commons.events[index]
    other = forked(commons, after, event.at)
    try:
        other.act("newcomer", payloads.Applied())
    except RefusedError:
        return
    number = said.number
    if number not in other.state.proposals:
        return
    for act in (
        payloads.BallotCast(number=number, content=said.content, choice="no"),
        payloads.Objected(number=number, reason=other.sha(), remedy=other.sha()),
        payloads.Held(number=number, reason=other.sha()),
    ):
        try:
            other.act("newcomer", act)
        except RefusedError:
            continue
        raise AssertionError(f"{type(act).__name__} by somebody who joined after the opening")


def check_sleeping(commons: Any) -> None:
    """The same acts with a registry that looks every hour, and with one that wakes when somebody acts."""
    if any(event.type == "ruled" for event in commons.events):
        # A lot is drawn from the digests of the log, in which the second of each record stands.
        return
    awake, asleep = relived(commons, hourly=True), relived(commons, hourly=False)
    assert [_decided(event) for event in awake.events] == [_decided(event) for event in asleep.events]


def relived(commons: Any, *, hourly: bool) -> Assembly:
    """Every act again, at its second."""
    again = Assembly(keyed=True)
    for act in commons.acts:
        while hourly and again.at + HOUR <= act.at:
            again.at += HOUR
            again.settle()
        again.at = act.at
        again.do(act.draft)
    again.at = max(again.at, commons.at)
    again.settle()
    return again


def check_nothing_is_stuck(commons: Any) -> None:
    """In some years, with a host that does its work and members who do nothing, every proposal ends."""
    other = forked(commons, commons.state, commons.at)
    for _ in range(60):
        other.at += YEARS // 60 * HOUR
        other.settle()
        other.do_host_work()
    assert not other.state.proposals, {n: one.stage for n, one in other.state.proposals.items()}
    assert not [due for due in other.state.agenda if due.kind != "admission"]


def _decided(event: Event) -> tuple[str, str, object]:
    """What an event says, without the panel that the lot fell on."""
    said = event.payload
    return event.type, event.actor, said.number if isinstance(said, payloads.PanelDrawn) else said


def drafts(commons: Any) -> list[Draft]:
    """What people did."""
    return [act.draft for act in commons.acts]
