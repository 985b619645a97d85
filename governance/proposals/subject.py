"""What somebody proposes: what people bind to, what kind of change it is, whether it may be. Pure."""

from __future__ import annotations

from typing import NamedTuple

from governance import payloads
from governance.authority import PROPOSALS, head_ref, refuse_unless
from governance.charter.model import ChangeClass, Join
from governance.commons import Commons
from governance.events import Event
from governance.membership.affiliation import acts_for
from governance.membership.joining import acting_member
from governance.proposals.amending import refuse_unfit_charter
from governance.proposals.kinds import kind_of
from governance.proposals.line import standing_content
from policies.canonical import canonical_digest


class Subject(NamedTuple):
    """The digest that reviews, evidence and ballots bind to, and the kind of change."""

    content: str
    kind: ChangeClass


def subject_of(state: Commons, event: Event, said: payloads.Proposed) -> Subject:
    """What a proposal proposes: one of three. Raises `RefusedError`."""
    stated = (said.revision, said.withdrawal, said.admission)
    refuse_unless(
        sum(one is not None for one in stated) == 1,
        "a proposal proposes one thing.",
        "Propose one at a time.",
    )
    if said.revision is not None:
        return subject_of_revision(state, said.revision, event.at)
    acting_member(state, event)
    if said.withdrawal is not None:
        return _of_withdrawal(state, said.withdrawal)
    assert said.admission is not None
    return _of_admission(state, said.admission)


def subject_of_revision(state: Commons, revision: payloads.Revision, at: int) -> Subject:
    """What a revision would make of main. Raises `RefusedError`."""
    slugs = [change.slug for change in revision.changes]
    refuse_unless(
        bool(slugs) or revision.charter is not None, "the revision changes nothing.", "Change something."
    )
    refuse_unless(slugs == sorted(set(slugs)), "policies are not named once, in order.", "Sort them by name.")
    for change in revision.changes:
        _refuse_change(state, change)
    if revision.charter is not None:
        refuse_unfit_charter(state, revision.charter, at)
    return Subject(content_of(revision), kind_of(state, revision))


def content_of(revision: payloads.Revision) -> str:
    """The digest of what a revision would make of its policies and of the charter."""
    return canonical_digest(
        {
            "policies": {change.slug: change.head for change in revision.changes},
            "charter": revision.charter.blob if revision.charter else None,
        }
    )


def raised_by_history(state: Commons, revision: payloads.Revision | None) -> ChangeClass | None:
    """What a member took back comes again only as a change of policy, in the longer way."""
    changes = revision.changes if revision else ()
    return ChangeClass.POLICY if any(change.head in state.undone for change in changes) else None


def refuse_other_head(
    event: Event, number: int, revision: payloads.Revision | None, *, old: str | None = None
) -> None:
    """Refuses an act whose head does not go to its revision. Reviews and ballots bind to the content."""
    expected = [] if revision is None else [(head_ref(number), old, revision.head)]
    moves = [(move.ref, move.old, move.new) for move in event.moves if move.ref.startswith(PROPOSALS)]
    refuse_unless(
        moves == expected,
        f"the head of proposal {number} does not go to its revision.",
        "Move it there.",
    )


def affiliations_of(state: Commons, handles: frozenset[str], at: int) -> frozenset[str]:
    """The organisations that these members act for, or did lately."""
    members = state.people.members
    return frozenset[str]().union(*(acts_for(members[who], at) for who in handles if who in members))


def _refuse_change(state: Commons, change: payloads.PolicyChange) -> None:
    slug = change.slug
    refuse_unless(change.base != change.head, f"{slug} does not change.", "Leave it out, or change it.")
    refuse_unless(
        change.base == standing_content(state, slug),
        f"{slug} is not what this was made from: it changed on main meanwhile.",
        "Begin from what main holds now.",
    )
    refuse_unless(
        f"{state.name}/{slug}" not in state.children,
        f"the name {slug} is taken by a nested commons.",
        "Policies and nested commons share one set of names; choose another.",
    )
    refuse_unless(bool(change.touches), f"{slug}: nothing is said to differ.", "Say what differs.")
    is_new = change.base is None
    refuse_unless(
        is_new == (change.declared == "first"),
        f"{slug}: a first version is declared `first`, and only that.",
        "Declare what it is.",
    )
    refuse_unless(
        is_new == ("created" in change.touches),
        f"{slug}: a new policy is `created`, and only that.",
        "Say what differs.",
    )


def _of_withdrawal(state: Commons, withdrawal: payloads.Withdrawal) -> Subject:
    slug, version = withdrawal.slug, withdrawal.version
    policy = state.policies.get(slug)
    refuse_unless(
        policy is not None and policy.release(version) is not None,
        f"{slug} {version} was never released.",
        "Name a release.",
    )
    return Subject(canonical_digest({"withdrawal": f"{slug}@{version}"}), ChangeClass.POLICY)


def _of_admission(state: Commons, handle: str) -> Subject:
    join = state.charter_rules.membership.join
    refuse_unless(
        join is Join.BY_VOTE,
        f"people join {join} here (membership.join).",
        "Nobody is voted on: let them apply.",
    )
    refuse_unless(handle in state.people.applicants, f"{handle} has not applied.", "Ask them to apply.")
    return Subject(canonical_digest({"admission": handle}), ChangeClass.MEMBERSHIP)
