"""What must hold after every event of a commons, whatever its members do (the invariants of the design)."""

from __future__ import annotations

from governance import agenda, payloads
from governance.authority import ATTIC, PROPOSALS, head_ref
from governance.ballots.voting import count
from governance.charter.model import ChangeClass, strictest
from governance.commons import Commons, Due
from governance.events import Event, encode_event, event_digest
from governance.membership.joining import admission_due, places_in_window
from governance.membership.roll import belongs, roll_at
from governance.proposals.line import IN_LINE, first_in_line
from governance.proposals.state import Proposal, Stage
from governance.proposals.steps import next_step
from governance.registrar import REGISTRAR
from policies.canonical import canonical_bytes
from tests.support.recount import requirement

ANYBODY = {
    "objection_resolved",
    "proposed",
    "revised",
    "proposal_withdrawn",
    "commented",
    "applied",
    "left",
    "evidence_recorded",
    "run_recorded",
}
"""What people from outside may do."""


def check_event(before: Commons, after: Commons, event: Event) -> None:
    """One step of the log."""
    _the_chain_is_unbroken(before, after, event)
    _nobody_acts_without_authority(before, event)
    _what_is_frozen_stays(before, after, event)
    _what_is_over_stays_over(before, after)
    _what_comes_into_force_was_accepted(before, after, event)
    _a_count_is_right(before, event)
    _an_opening_was_earned(before, after, event)


def check_state(state: Commons) -> None:
    """The state by itself."""
    _the_agenda_is_right(state)
    _everything_is_counted(state)
    _rolls_hold_members(state)
    _the_line_has_a_first(state)
    _nothing_is_unnamed(state)


def _the_chain_is_unbroken(before: Commons, after: Commons, event: Event) -> None:
    assert (event.seq, event.prev, event.charter) == (before.seq + 1, before.prev, before.charter)
    assert after.prev == event_digest(encode_event(event))
    assert after.at == event.at >= before.at


def _nobody_acts_without_authority(before: Commons, event: Event) -> None:
    if event.actor == REGISTRAR:
        assert event.key is None or event.key == (before.registry and before.registry.fingerprint)
        return
    member = before.people.members.get(event.actor)
    if event.type == "ballot_cast":
        assert member is not None
    elif event.type not in ANYBODY:
        assert belongs(member), event.type
    if event.key is not None and before.registry is not None and event.key != before.registry.fingerprint:
        assert member is not None
        assert any(key.fingerprint == event.key and key.until is None for key in member.keys)


def _what_is_frozen_stays(before: Commons, after: Commons, event: Event) -> None:
    """From the opening on: rules, kind, roll and content. Who joins or leaves changes nothing."""
    for number, proposal in before.proposals.items():
        now = after.proposals.get(number)
        if proposal.frozen is None or now is None or now.frozen is None:
            continue
        was, is_ = proposal.frozen, now.frozen
        assert (was.rules, was.kind, was.content, was.roll, was.digest, was.groups, was.since) == (
            is_.rules,
            is_.kind,
            is_.content,
            is_.roll,
            is_.digest,
            is_.groups,
            is_.since,
        )
        assert now.content == is_.content
        if proposal.stage is Stage.VOTING:
            assert set(proposal.ballots) <= set(now.ballots)
            assert set(now.ballots) <= is_.roll
            if now.ballots != proposal.ballots:
                assert event.type == "ballot_cast"
                assert event.at < was.ends
        else:
            assert now.ballots == proposal.ballots or now.stage is Stage.VOTING


def _what_is_over_stays_over(before: Commons, after: Commons) -> None:
    assert set(before.ended) <= set(after.ended)
    assert set(after.ended).isdisjoint(after.proposals)
    for number, brief in before.ended.items():
        now = after.ended[number]
        assert (now.content, now.at, now.way, now.before) == (
            brief.content,
            brief.at,
            brief.way,
            brief.before,
        )
        assert now.stage is brief.stage or (brief.stage, now.stage) == (Stage.ENACTED, Stage.UNDONE)


def _what_comes_into_force_was_accepted(before: Commons, after: Commons, event: Event) -> None:
    said = event.payload
    if not isinstance(said, payloads.Enacted):
        return
    proposal = before.proposals[said.number]
    assert proposal.stage is Stage.ACCEPTED
    assert first_in_line(before, proposal).number == said.number
    changes = proposal.revision.changes if proposal.revision else ()
    for change, release in zip(changes, said.releases, strict=True):
        policy = before.policies.get(change.slug)
        assert (policy.latest.content if policy else None) == change.base
        assert release.content == change.head == after.policies[change.slug].latest.content
    if proposal.revision and proposal.revision.charter:
        assert before.charter == proposal.charter
        assert after.charter == proposal.revision.charter.blob


def _a_count_is_right(before: Commons, event: Event) -> None:
    """Another reading of the quorum, and the same bytes in whatever order the ballots are looked at."""
    said = event.payload
    if not isinstance(said, payloads.VotingClosed):
        return
    proposal = before.proposals[said.number]
    frozen = proposal.frozen
    assert frozen is not None
    first = said.tally.requirements[0]
    quorum, threshold = requirement(frozen.rules.charter, frozen.kind, len(frozen.roll))
    assert first.quorum == quorum
    assert first.threshold == f"{threshold.numerator}/{threshold.denominator}"
    text = proposal.revision.charter if proposal.revision else None
    assert len(said.tally.requirements) <= (2 if text else 1)
    if said.opened:
        choices = {one.member: one.choice for one in said.opened}
    else:
        choices = {who: ballot.choice for who, ballot in proposal.ballots.items()}
    backwards = dict(sorted(choices.items(), reverse=True))
    assert canonical_bytes(payloads.payload_json(count(proposal, backwards))) == canonical_bytes(
        payloads.payload_json(said.tally)
    )


def _an_opening_was_earned(before: Commons, after: Commons, event: Event) -> None:
    """Reviews, the strictest kind of a mixed change, and nobody's approval of something else."""
    said = event.payload
    if not isinstance(said, payloads.CommentOpened | payloads.VotingOpened):
        return
    proposal = before.proposals[said.number]
    now = after.proposals[said.number]
    assert now.frozen is not None
    if proposal.frozen is None:
        assert now.frozen.roll == roll_at(before.people, before.charter_rules.membership, said.due)
        assert now.frozen.rules == before.rules
    _strictest_kind(proposal, now.frozen.kind)
    rules = now.frozen.rules.charter.rules(now.frozen.kind)
    called = rules.call_vote is not None and len(proposal.callers) >= rules.call_vote
    approving = {
        review.by
        for review in proposal.reviews
        if review.content == proposal.content and review.verdict == "approve"
    }
    if proposal.frozen is None and not (isinstance(said, payloads.VotingOpened) and called):
        assert len(approving - proposal.authors) >= rules.reviews
    assert proposal.opened_at + rules.review_min * 3600 <= said.due
    assert proposal.sponsor is not None or proposal.frozen is not None


def _strictest_kind(proposal: Proposal, kind: ChangeClass) -> None:
    kinds = [ChangeClass.ROUTINE]
    for change in proposal.revision.changes if proposal.revision else ():
        if not set(change.touches) <= {"cases_added", "metadata", "wording"}:
            kinds.append(ChangeClass.POLICY)
    if proposal.withdrawal:
        kinds.append(ChangeClass.POLICY)
    if proposal.admission:
        kinds.append(ChangeClass.MEMBERSHIP)
    if proposal.revision and proposal.revision.charter:
        kinds.append(ChangeClass.CHARTER)
    if proposal.raised:
        kinds.append(proposal.raised)
    assert strictest((*kinds, kind)) is kind


def _the_agenda_is_right(state: Commons) -> None:
    """It holds exactly what the state calls for, in order: so nothing on it can be stale."""
    expected: list[Due] = []
    for number, proposal in state.proposals.items():
        step = next_step(state, proposal)
        assert proposal.due == (step.due if step else None)
        if step is not None:
            expected.append(Due(step.due, agenda.PROPOSAL, f"{number:09d}"))
    for name, gone in state.withdrawn.items():
        if gone.until is not None:
            expected.append(Due(gone.until, agenda.EMERGENCY, name))
    admissions = [due for due in state.agenda if due.kind == agenda.ADMISSION]
    due = admission_due(state.people, state.charter_rules.membership)
    assert [one.what for one in admissions] == ([state.people.ready[0][1]] if due is not None else [])
    assert all(one.at >= due for one in admissions)
    assert list(state.agenda) == sorted([*expected, *admissions])


def _everything_is_counted(state: Commons) -> None:
    people = state.people
    here = {handle: member for handle, member in people.members.items() if belongs(member)}
    assert (people.count, people.here) == (len(here), here)
    assert dict(people.present) == {handle: member.joined_at for handle, member in here.items()}
    assert set(people.applicants).isdisjoint({h for h, m in people.members.items() if belongs(m)})
    assert {handle for _, handle in people.ready} <= set(people.applicants)
    assert list(people.joins) == sorted(people.joins)
    by_application = len([at for at in people.joins if at > state.at - 30 * 24 * 3600])
    assert by_application <= max(places_in_window(people, state.charter_rules.membership), 40)
    open_by = dict.fromkeys(state.opened, 0)
    for proposal in state.proposals.values():
        open_by[proposal.opener] += 1
    assert dict(state.opened) == open_by
    assert state.proposed == len(state.proposals) + len(state.ended)
    assert set(state.drawing) <= {n for n, one in state.proposals.items() if one.stage is Stage.STAYED}


def _rolls_hold_members(state: Commons) -> None:
    for proposal in state.proposals.values():
        if proposal.frozen is not None:
            assert proposal.frozen.roll <= set(state.people.members)
            assert proposal.yes == sum(one.choice == "yes" for one in proposal.ballots.values())
            assert (proposal.stage in IN_LINE) is True
        else:
            assert not proposal.ballots
        if proposal.panel:
            involved = proposal.makers | set(proposal.challengers)
            assert involved.isdisjoint(proposal.panel)
        if proposal.sponsor is not None:
            assert belongs(state.people.members.get(proposal.sponsor))


def _the_line_has_a_first(state: Commons) -> None:
    waiting = [one for one in state.proposals.values() if one.stage in IN_LINE]
    if waiting:
        assert any(first_in_line(state, one).number == one.number for one in waiting)


def _nothing_is_unnamed(state: Commons) -> None:
    """Each open proposal has its head, and no other has; the attic came with the first end."""
    heads = {ref for ref in state.refs if ref.startswith(PROPOSALS)}
    assert heads == {head_ref(number) for number, one in state.proposals.items() if one.revision}
    if any(one.revisions for one in state.ended.values()):
        assert ATTIC in state.refs
