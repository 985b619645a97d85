"""Coming into force. Pure.

What comes into force is what was accepted, to the byte: where main moved below it, the proposal returns to
review instead (`steps.py`). Whose turn it is, `line.py` says.
"""

from __future__ import annotations

from msgspec.structs import replace

from governance import agenda, payloads
from governance.authority import MAIN, refuse_unless
from governance.commons import Commons, WithdrawnRelease
from governance.events import Event
from governance.membership.joining import queued_anew, taken_in
from governance.membership.roll import HOUR
from governance.proposals.access import ended, open_in, settled_anew
from governance.proposals.amending import unfit_charter
from governance.proposals.kinds import effective_kind, hours
from governance.proposals.line import first_in_line, standing_content
from governance.proposals.state import Ended, Proposal, Stage
from governance.proposals.steps import enactable_at, rules_for
from governance.record import head_is, released
from governance.rules import rules_of
from policies.versions import Change, next_version


def enacted(state: Commons, event: Event, said: payloads.Enacted) -> Commons:
    """It comes into force, once the time to challenge it is over and it is its turn."""
    proposal = open_in(state, said.number, Stage.ACCEPTED)
    ready = enactable_at(state, proposal)
    refuse_unless(
        event.at >= ready,
        f"proposal {said.number} may come into force from {ready} on.",
        "Wait until it cannot be challenged any more.",
    )
    first = first_in_line(state, proposal)
    refuse_unless(
        first.number == said.number,
        f"proposal {first.number} changes the same, and its decision opened earlier.",
        "Wait until that one is over.",
    )
    undo = _undo_hours(state, proposal)
    before = tuple((slug, standing_content(state, slug) or "") for slug in proposal.slugs)
    earlier = tuple((slug, state.enacted_on.get(slug, 0)) for slug in proposal.slugs)
    after = _effect(state, event, said, proposal)
    for slug in proposal.slugs:
        after = _superseding(after, slug, said.number)
    after = ended(
        after,
        proposal,
        Stage.ENACTED,
        event.at,
        undo_until=event.at + undo * HOUR if undo else None,
        before=before,
        earlier=earlier,
    )
    return settled_anew(after, event.at)


def under_charter(state: Commons, text: payloads.CharterText, at: int) -> Commons:
    """The state under another charter from here on. Open decisions keep the one that they opened under."""
    rules = rules_of(text)
    return replace(state, rules=rules, people=queued_anew(state.people, rules.charter.membership, at))


def _superseding(state: Commons, slug: str, number: int) -> Commons:
    """The state with this proposal as the last one that changed a policy."""
    before = state.enacted_on.get(slug)
    earlier: Ended | None = state.ended.get(before) if before is not None else None
    over = state.ended
    if earlier is not None:
        over = over.set(earlier.number, replace(earlier, superseded_by=number))
    return replace(state, ended=over, enacted_on=state.enacted_on.set(slug, number))


def _undo_hours(state: Commons, proposal: Proposal) -> int:
    """How long a member may take it back: only what was decided without a vote, and only policies."""
    if proposal.way == "vote" or proposal.revision is None or proposal.revision.charter is not None:
        return 0
    rules = rules_for(state, proposal)
    return hours(rules.rules(effective_kind(proposal, rules)), "undo")


def _effect(state: Commons, event: Event, said: payloads.Enacted, proposal: Proposal) -> Commons:
    """What stands after it. Raises `RefusedError` where the act brings anything but what was accepted."""
    if proposal.revision is not None:
        return _revision_in_force(state, event, said, proposal, proposal.revision)
    refuse_unless(
        not said.releases and said.commit is None and MAIN not in {move.ref for move in event.moves},
        "this changes nothing on main.",
        "Leave main where it is.",
    )
    if proposal.withdrawal is not None:
        name = f"{proposal.withdrawal.slug}@{proposal.withdrawal.version}"
        gone = WithdrawnRelease(event.at, None, event.seq, proposal.title)
        state = replace(state, withdrawn=state.withdrawn.set(name, gone))
        return agenda.noted(state, agenda.EMERGENCY, name, None)
    assert proposal.admission is not None
    applicant = state.people.applicants.get(proposal.admission)
    if applicant is None or applicant.at > proposal.opened_at:
        # They withdrew, or applied anew as somebody else than people have voted on.
        return state
    return replace(state, people=taken_in(state.people, applicant, event.at))


def _revision_in_force(
    state: Commons,
    event: Event,
    said: payloads.Enacted,
    proposal: Proposal,
    revision: payloads.Revision,
) -> Commons:
    brought = tuple((release.slug, release.content) for release in said.releases)
    agreed = tuple((change.slug, change.head) for change in revision.changes)
    refuse_unless(brought == agreed, "not what was accepted is released.", "Release that, and nothing else.")
    for release, change in zip(said.releases, revision.changes, strict=True):
        _refuse_other_number(state, release, change.declared)
    refuse_unless(said.commit is not None, "an act without its commit.", "Name it.")
    assert said.commit is not None
    refuse_unless(
        all(release.commit == said.commit for release in said.releases),
        "a release stands on another commit than the act.",
        "Release what this act brings.",
    )
    head_is(event, said.commit)
    state = replace(state, policies=released(state, event, said.releases, proposal.author))
    if revision.charter is None:
        return state
    reason = unfit_charter(state, revision.charter, event.at)
    refuse_unless(reason is None, f"the charter does not fit any more: {reason}", "Return it to review.")
    return under_charter(state, revision.charter, event.at)


def _refuse_other_number(state: Commons, release: payloads.Release, declared: str) -> None:
    """The number follows from the last one and from what was declared, and so from what was accepted."""
    policy = state.policies.get(release.slug)
    if policy is None:
        return
    expected = next_version(policy.latest.version, Change(declared))
    refuse_unless(
        release.version == expected,
        f"{release.slug} {release.version} is not the {declared} version after {policy.latest.version}.",
        f"It is {expected}.",
    )
