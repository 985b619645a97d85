"""Coming into force, and being taken back within the time for it. Pure.

What comes into force is what was accepted, to the byte: where main moved below it, the proposal returns to
review instead (`steps.py`). On one policy, those accepted earlier come first.
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import agenda, payloads
from governance.authority import MAIN, refuse_unless
from governance.commons import Commons, WithdrawnRelease
from governance.events import Event
from governance.membership.joining import acting_member, queued_anew, taken_in
from governance.membership.roll import HOUR, can_vote
from governance.proposals.access import ended, open_in, settled_anew
from governance.proposals.amending import unfit_charter
from governance.proposals.evidence import effective_kind
from governance.proposals.state import Proposal, Stage
from governance.proposals.steps import enactable_at, rules_for, standing_content
from governance.record import head_is, released
from governance.rules import rules_of


def first_in_line(state: Commons, proposal: Proposal) -> Proposal:
    """Which of the accepted proposals on the same policies comes into force first: the earliest accepted."""
    slugs = set(proposal.slugs)
    rivals = [
        other
        for other in state.proposals.values()
        if other.stage is Stage.ACCEPTED and other.accepted_at is not None and slugs & set(other.slugs)
    ]
    return min([proposal, *rivals], key=lambda one: (one.accepted_at, one.number))


def enacted(state: Commons, event: Event, said: payloads.Enacted) -> Commons:
    """It comes into force, once the time to challenge it is over."""
    proposal = open_in(state, said.number, Stage.ACCEPTED)
    ready = enactable_at(state, proposal)
    refuse_unless(
        event.at >= ready,
        f"proposal {said.number} may come into force from {ready} on.",
        "Wait: it can be challenged, or was announced for then.",
    )
    first = first_in_line(state, proposal)
    refuse_unless(
        first.number == said.number,
        f"proposal {first.number} was accepted earlier and changes the same policy.",
        "It comes into force first.",
    )
    rules = rules_for(state, proposal)
    kind = effective_kind(proposal, rules)
    undo = rules.rules(kind).undo
    before = tuple((slug, standing_content(state, slug) or "") for slug in proposal.slugs)
    after = _effect(state, event, said, proposal)
    for slug in proposal.slugs:
        after = _superseding(after, slug, said.number)
    after = ended(
        after,
        proposal,
        Stage.ENACTED,
        event.at,
        undo_until=event.at + undo * HOUR if undo and proposal.way != "vote" and proposal.slugs else None,
        before=before,
    )
    return settled_anew(after, event.at)


def undone(state: Commons, event: Event, said: payloads.Undone) -> Commons:
    """A member takes back what came into force without a vote: what stood before is released again."""
    brief = state.ended.get(said.number)
    member = acting_member(state, event)
    refuse_unless(
        brief is not None
        and brief.stage is Stage.ENACTED
        and brief.undo_until is not None
        and event.at < brief.undo_until,
        f"proposal {said.number} cannot be taken back, or not any more (class.*.undo).",
        "Propose to change it.",
    )
    assert brief is not None
    refuse_unless(
        can_vote(member, state.charter_rules.membership, event.at),
        f"{event.actor} may not vote, and so may not take it back.",
        "Ask somebody on the roll.",
    )
    refuse_unless(
        all(content for _, content in brief.before),
        "it brought a new policy, before which there was nothing.",
        "Propose the withdrawal of its release.",
    )
    refuse_unless(
        all(state.enacted_on.get(slug) == said.number for slug in brief.slugs),
        "one of its policies changed again since.",
        "Propose to change it.",
    )
    restored = tuple((release.slug, release.content) for release in said.releases)
    expected = tuple((slug, state.current_content(content)) for slug, content in brief.before)
    refuse_unless(
        restored == expected, "not what stood before is released.", "Release that, with its next number."
    )
    taken_back = state.undone
    for slug in brief.slugs:
        content = standing_content(state, slug)
        assert content is not None
        taken_back = taken_back.set(content, event.seq)
    head_is(event, said.commit)
    policies = released(state, event, said.releases, brief.author)
    over = state.ended.set(said.number, replace(brief, stage=Stage.UNDONE, undo_until=None))
    state = replace(state, policies=policies, ended=over, undone=taken_back)
    return settled_anew(state, event.at)


def _effect(state: Commons, event: Event, said: payloads.Enacted, proposal: Proposal) -> Commons:
    """What stands after it. Raises `RefusedError` where the act brings anything but what was accepted."""
    revision = proposal.revision
    if proposal.withdrawal is not None:
        _brings_nothing(event, said)
        name = f"{proposal.withdrawal.slug}@{proposal.withdrawal.version}"
        gone = WithdrawnRelease(event.at, None, event.seq, proposal.title)
        state = replace(state, withdrawn=state.withdrawn.set(name, gone))
        return agenda.noted(state, agenda.EMERGENCY, name, None)
    if proposal.admission is not None:
        _brings_nothing(event, said)
        applicant = state.people.applicants.get(proposal.admission)
        if applicant is None:
            return state
        return agenda.with_admissions(replace(state, people=taken_in(state.people, applicant, event.at)))
    assert revision is not None
    brought = tuple((release.slug, release.content) for release in said.releases)
    agreed = tuple((change.slug, change.head) for change in revision.changes)
    refuse_unless(brought == agreed, "not what was accepted is released.", "Release that, and nothing else.")
    refuse_unless(said.commit is not None, "an act without its commit.", "Name it.")
    assert said.commit is not None
    head_is(event, said.commit)
    state = replace(state, policies=released(state, event, said.releases, proposal.author))
    if revision.charter is None:
        return state
    reason = unfit_charter(state, revision.charter, event.at)
    refuse_unless(reason is None, f"the charter does not fit any more: {reason}", "Return it to review.")
    return under_charter(state, revision.charter, event.at)


def under_charter(state: Commons, text: payloads.CharterText, at: int) -> Commons:
    """The state under another charter from here on. Open decisions keep the one that they opened under."""
    rules = rules_of(text)
    people = queued_anew(state.people, rules.charter.membership, at)
    return agenda.with_admissions(replace(state, rules=rules, people=people))


def _superseding(state: Commons, slug: str, number: int) -> Commons:
    earlier = state.enacted_on.get(slug)
    over = state.ended
    if earlier is not None and earlier in over:
        over = over.set(earlier, replace(over[earlier], superseded_by=number))
    return replace(state, ended=over, enacted_on=state.enacted_on.set(slug, number))


def _brings_nothing(event: Event, said: payloads.Enacted) -> None:
    refuse_unless(
        not said.releases and said.commit is None and MAIN not in {move.ref for move in event.moves},
        "this changes nothing on main.",
        "Leave main where it is.",
    )
